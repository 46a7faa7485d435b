/* SPDX-License-Identifier: BSD-2-Clause */
/* What memory looks like: pools, blocks of malloc, arenas, struct pthread. */
#include "fake_space.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void test_pool(void **state)
{
	uint8_t h[PYI_POOL_HEADER] = {0};
	struct pyi_pool pool = {0};

	(void)state;
	put_pool(h, 16384, 7, 3, 10);
	assert_true(pyi_pool_parse(h, 0x10000, 16384, &pool));
	assert_int_equal(pool.addr, 0x10000);
	assert_int_equal(pool.arena, 7);
	assert_int_equal(pool.block_size, 64);
	assert_int_equal(pool.used, 10);
	assert_false(pyi_pool_parse(h, 0x10000, 4096, &pool)); /* of the other kind */
	put_u64(h, 8, 0x10030);
	assert_true(pyi_pool_parse(h, 0x10000, 16384, &pool));
	put_u64(h, 8, 0x14000); /* a free block of somebody else */
	assert_false(pyi_pool_parse(h, 0x10000, 16384, &pool));
	/* 2.7: blocks of 8, 16, 24, ... bytes. */
	memset(h, 0, sizeof(h));
	put_u32(h, 36, 2);
	put_u32(h, 40, 48 + 24);
	put_u32(h, 44, 4096 - 24);
	assert_true(pyi_pool_parse(h, 0x10000, 4096, &pool));
	assert_int_equal(pool.block_size, 24);
	assert_int_equal(pool.used, 0);
}

static void test_no_pool(void **state)
{
	static const struct {
		size_t at;
		uint32_t value;
	} spoil[] = {
		{0, 11},                /* more blocks in use than were handed out */
		{32, 1u << 31},         /* no arena has such an index */
		{36, 4},                /* another size than maxnextoffset says */
		{36, 0xffff},           /* no size at all: a large block */
		{40, 47},               /* inside the header */
		{40, 48 + 10 * 64 + 8}, /* not at a block */
		{40, 16384 + 64},       /* behind the pool */
		{44, 16384},            /* likewise */
		{44, 0},
	};
	struct pyi_pool pool;

	(void)state;
	for (size_t i = 0; i < sizeof(spoil) / sizeof(spoil[0]); i++) {
		uint8_t h[PYI_POOL_HEADER] = {0};

		put_pool(h, 16384, 7, 3, 10);
		assert_true(pyi_pool_parse(h, 0x10000, 16384, &pool));
		put_u32(h, spoil[i].at, spoil[i].value);
		assert_false(pyi_pool_parse(h, 0x10000, 16384, &pool));
	}
}

static void put_pthread(uint8_t *b, uint64_t addr, uint64_t lo, uint64_t size, uint64_t guard,
			uint32_t tid)
{
	put_u64(b, 0, addr);
	put_u64(b, 16, addr);
	put_u32(b, 0x2d0, tid);
	put_u64(b, 0x690, lo);
	put_u64(b, 0x698, size);
	put_u64(b, 0x6a0, guard);
}

static void test_pthread(void **state)
{
	uint8_t b[2560] = {0};
	const uint64_t addr = 0x7000ff6c0;
	struct pyi_pthread pthread;

	(void)state;
	put_pthread(b, addr, 0x700000000, 0x100000, 0x1000, 42);
	assert_true(pyi_pthread_parse(b, sizeof(b), addr, &pthread));
	assert_int_equal(pthread.stack_lo, 0x700000000);
	assert_int_equal(pthread.guard_hi, 0x700001000);
	assert_int_equal(pthread.stack_hi, 0x700100000);
	assert_int_equal(pthread.tid, 42);
	assert_false(pyi_pthread_parse(b, sizeof(b), addr + 64, &pthread)); /* points elsewhere */
	assert_false(pyi_pthread_parse(b, 0x690, addr, &pthread));          /* cut */
	put_u64(b, 0x698, 0x80000); /* a stack that does not hold it */
	assert_false(pyi_pthread_parse(b, sizeof(b), addr, &pthread));
	put_u64(b, 0x698, 0x900000); /* one that goes on far behind it */
	assert_false(pyi_pthread_parse(b, sizeof(b), addr, &pthread));
	put_u64(b, 0x698, UINT64_MAX - 0xfff);
	assert_false(pyi_pthread_parse(b, sizeof(b), addr, &pthread));
}

#define HEAP UINT64_C(0x7f0004000000)

/* All kinds in one process. */
static void test_collect(void **state)
{
	static uint8_t mapped[0x44000], heap[0x21000], stack[0x4000];
	const uint64_t lo = 0x7e0000000000, top = 0x7e1000004000, self = top - 0x940;
	struct pyi_residency all = {.how = PYI_RESIDENCY_MAPPINGS};
	struct fake_space f;
	struct pyi_evidence *e;

	(void)state;
	fake_space_init(&f, "7e0000000000-7e0000020000 rw-p 00000000 00:00 0\n"
			    "7e0000020000-7e0000044000 rw-p 00000000 00:00 0\n"
			    "7e1000000000-7e1000004000 rw-p 00000000 00:00 0\n"
			    "7f0004000000-7f0004021000 rw-p 00000000 00:00 0\n"
			    "7f0009000000-7f0009001000 r--p 00000000 00:00 0\n");
	e = &f.survey.evidence;
	put_u64(mapped, 8, 0x21000 | 2);          /* a block over both mappings */
	put_u64(mapped, 0x1000 + 8, 0x21000 | 2); /* what is in a block is not looked at */
	put_pool(mapped + 0x24000, 16384, 3, 0, 5);
	put_u64(mapped, 0x22000 + 8, 0x23000 | 2); /* goes beyond the mapping */
	put_u64(mapped, 0x23000 + 8, 0x20ff0 | 2); /* as glibc 2.43 counts */
	put_u64(heap, 0, HEAP + 0x30);
	put_u64(heap, 16, 0x21000);
	put_u64(heap, 24, 0x21000);
	put_pthread(stack + (self - (top - 0x4000)), self, top - 0x4000, 0x4000, 0x1000, 77);
	fake_space_put(&f, lo, mapped, sizeof(mapped));
	fake_space_put(&f, top - 0x4000, stack, sizeof(stack));
	fake_space_put(&f, HEAP, heap, sizeof(heap));
	assert_null(pyi_evidence_collect(&f.target, &all, 16384, e));
	assert_false(e->cut);
	assert_int_equal(e->blocks.len, 2);
	assert_int_equal(e->blocks.data[0].lo, lo);
	assert_int_equal(e->blocks.data[0].hi, lo + 0x21000);
	assert_int_equal(e->blocks.data[1].lo, lo + 0x23000);
	assert_int_equal(e->blocks.data[1].hi, lo + 0x44000);
	assert_int_equal(e->pools.len, 1);
	assert_int_equal(e->pools.data[0].addr, lo + 0x24000);
	assert_int_equal(e->heaps.len, 1);
	assert_int_equal(e->heaps.data[0].used_hi, HEAP + 0x21000);
	assert_int_equal(e->pthreads.len, 1);
	assert_int_equal(e->pthreads.data[0].tid, 77);
	fake_space_deinit(&f);
}

/* Only what is in memory is read: everything else would be brought in by looking. */
static void test_present_only(void **state)
{
	static uint8_t mapped[0x8000];
	struct pyi_residency some = {.how = PYI_RESIDENCY_PAGES};
	const uint64_t entries[] = {0, 0, 0, 0, UINT64_C(1) << 63, 0, 0, 0};
	struct fake_space f;

	(void)state;
	fake_space_init(&f, "10000-18000 rw-p 00000000 00:00 0\n");
	put_pool(mapped, 16384, 1, 0, 1);
	put_pool(mapped + 0x4000, 16384, 2, 0, 1);
	fake_space_put(&f, 0x10000, mapped, sizeof(mapped));
	assert_null(pyi_residency_add(&some, 0x10000, entries, 8));
	assert_null(pyi_evidence_collect(&f.target, &some, 16384, &f.survey.evidence));
	assert_int_equal(f.survey.evidence.pools.len, 1);
	assert_int_equal(f.survey.evidence.pools.data[0].arena, 2);
	pyi_residency_deinit(&some);
	fake_space_deinit(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pool),         cmocka_unit_test(test_no_pool),
		cmocka_unit_test(test_pthread),      cmocka_unit_test(test_collect),
		cmocka_unit_test(test_present_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
