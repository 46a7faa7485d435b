/* SPDX-License-Identifier: BSD-2-Clause */
/* Mappings split by what is claimed of them. */
#include "fake_space.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void expect(const struct fake_space *f, size_t i, uint64_t lo, uint64_t hi,
		   enum pyi_role role)
{
	assert_true(i < f->space.ranges.len);
	assert_int_equal(f->space.ranges.data[i].lo, lo);
	assert_int_equal(f->space.ranges.data[i].hi, hi);
	assert_int_equal(f->space.ranges.data[i].role, role);
}

static void test_no_claims(void **state)
{
	struct fake_space f;

	(void)state;
	fake_space_init(&f, "10000-20000 rw-p 00000000 00:00 0\n"
			    "20000-30000 ---p 00000000 00:00 0\n"
			    "40000-50000 r-xp 00000000 00:00 0\n"
			    "50000-51000 r--s 00003000 08:01 7 /srv/d\\012ata.bin (deleted)\n"
			    "60000-61000 rw-p 00000000 00:00 0 [heap]\n"
			    "70000-71000 rw-p 00000000 00:00 0 [stack]\n"
			    "80000-81000 r--p 00000000 00:00 0 [vvar_vclock]\n"
			    "90000-91000 r-xp 00000000 00:00 0 [vdso]\n"
			    "a0000-a1000 rw-p 00000000 00:00 0 [anon: glibc: malloc arena]\n"
			    "b0000-b1000 rw-p 00000000 00:00 0 [anon:mine]\n"
			    "c0000-c1000 --xp 00000000 00:00 0 [vsyscall]\n");
	fake_space_apply(&f);
	assert_int_equal(f.space.ranges.len, 11);
	expect(&f, 0, 0x10000, 0x20000, PYI_ROLE_ANONYMOUS);
	expect(&f, 1, 0x20000, 0x30000, PYI_ROLE_RESERVED);
	expect(&f, 2, 0x40000, 0x50000, PYI_ROLE_JIT);
	expect(&f, 3, 0x50000, 0x51000, PYI_ROLE_FILE);
	expect(&f, 4, 0x60000, 0x61000, PYI_ROLE_HEAP);
	expect(&f, 5, 0x70000, 0x71000, PYI_ROLE_STACK);
	expect(&f, 6, 0x80000, 0x81000, PYI_ROLE_VVAR);
	expect(&f, 7, 0x90000, 0x91000, PYI_ROLE_VDSO);
	expect(&f, 8, 0xa0000, 0xa1000, PYI_ROLE_HEAP);
	expect(&f, 9, 0xb0000, 0xb1000, PYI_ROLE_ANONYMOUS);
	expect(&f, 10, 0xc0000, 0xc1000, PYI_ROLE_VSYSCALL);
	assert_null(f.space.ranges.data[0].path);
	assert_int_equal(f.space.ranges.data[3].offset, 0x3000);
	assert_int_equal(f.space.ranges.data[3].perm, PYI_PERM_R | PYI_PERM_SHARED);
	assert_string_equal(f.space.ranges.data[3].path, "/srv/d\nata.bin");
	assert_string_equal(f.space.ranges.data[3].detail, "d\nata.bin");
	assert_string_equal(f.space.ranges.data[9].detail, "[anon:mine]");
	fake_space_deinit(&f);
}

static void test_split(void **state)
{
	struct fake_space f;

	(void)state;
	fake_space_init(&f, "10000-20000 rw-p 00005000 08:01 7 /f\n"
			    "20000-30000 rw-p 00000000 00:00 0\n");
	pyi_claims_add(&f.survey.claims, 0x12001, 0x12fff, PYI_ROLE_HEAP, "n %d", 1);
	pyi_claims_add(&f.survey.claims, 0x1f000, 0x22000, PYI_ROLE_ARENA, NULL);
	fake_space_apply(&f);
	assert_int_equal(f.space.ranges.len, 6);
	expect(&f, 0, 0x10000, 0x12000, PYI_ROLE_FILE);
	expect(&f, 1, 0x12000, 0x13000, PYI_ROLE_HEAP);
	expect(&f, 2, 0x13000, 0x1f000, PYI_ROLE_FILE);
	expect(&f, 3, 0x1f000, 0x20000, PYI_ROLE_ARENA);
	expect(&f, 4, 0x20000, 0x22000, PYI_ROLE_ARENA);
	expect(&f, 5, 0x22000, 0x30000, PYI_ROLE_ANONYMOUS);
	assert_string_equal(f.space.ranges.data[1].detail, "n 1");
	assert_int_equal(f.space.ranges.data[2].offset, 0x8000);
	assert_int_equal(f.space.ranges.data[4].offset, 0);
	fake_space_deinit(&f);
}

/* The one made last holds, wherever it begins. */
static void test_overlap(void **state)
{
	struct fake_space f;

	(void)state;
	fake_space_init(&f, "10000-20000 rw-p 00000000 00:00 0\n");
	pyi_claims_add(&f.survey.claims, 0x14000, 0x18000, PYI_ROLE_HEAP, NULL);
	pyi_claims_add(&f.survey.claims, 0x10000, 0x20000, PYI_ROLE_STACK, NULL);
	pyi_claims_add(&f.survey.claims, 0x15000, 0x16000, PYI_ROLE_GUARD, NULL);
	pyi_claims_add(&f.survey.claims, 0x15000, 0x15000, PYI_ROLE_JIT, NULL); /* empty */
	fake_space_apply(&f);
	assert_int_equal(f.space.ranges.len, 3);
	expect(&f, 0, 0x10000, 0x15000, PYI_ROLE_STACK);
	expect(&f, 1, 0x15000, 0x16000, PYI_ROLE_GUARD);
	expect(&f, 2, 0x16000, 0x20000, PYI_ROLE_STACK);
	fake_space_deinit(&f);
}

/* Claims about memory that is not mapped change nothing; many random ones neither lose nor double a
 * page. */
static void test_always_covers(void **state)
{
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 200; round++) {
		struct fake_space f;
		uint64_t at = 0x10000;

		fake_space_init(&f, "10000-20000 rw-p 00000000 00:00 0\n"
				    "20000-28000 r--p 00000000 00:00 0\n");
		for (int i = 0; i < 12; i++) {
			uint64_t lo = 0x8000 + (uint64_t)rand_r(&seed) % 0x28000;

			pyi_claims_add(&f.survey.claims, lo, lo + (uint64_t)rand_r(&seed) % 0x9000,
				       (enum pyi_role)((unsigned)i % PYI_ROLE_COUNT), NULL);
		}
		fake_space_apply(&f);
		pyi_vec_for_each (range, &f.space.ranges) {
			uint64_t page = range->lo;
			enum pyi_role want = PYI_ROLE_ANONYMOUS;
			size_t order = 0;

			pyi_vec_for_each (claim, &f.survey.claims.claims)
				if (claim->lo <= page && page < claim->hi && claim->order > order) {
					want = claim->role;
					order = claim->order;
				}
			assert_int_equal(range->lo, at);
			assert_true(range->lo < range->hi);
			assert_int_equal(range->role, want);
			at = range->hi;
		}
		assert_int_equal(at, 0x28000);
		fake_space_deinit(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_claims),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_overlap),
		cmocka_unit_test(test_always_covers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
