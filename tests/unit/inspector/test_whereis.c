/* SPDX-License-Identifier: BSD-2-Clause */
/* What is at an address: of our own code, of a made-up arena, of nothing. */
#include "report/whereis.h"

#include "fake_space.h"
#include "self_target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

__attribute__((noinline, used)) void a_function_of_this_test(void);
void a_function_of_this_test(void)
{
	__asm__ volatile("nop; nop; nop; nop");
}

static void test_symbol(void **state)
{
	uint64_t addr = (uint64_t)(uintptr_t)a_function_of_this_test;
	struct pyi_target target;
	struct pyi_range range = {.lo = addr & ~UINT64_C(4095),
				  .hi = (addr & ~UINT64_C(4095)) + 4096,
				  .perm = PYI_PERM_R | PYI_PERM_X,
				  .role = PYI_ROLE_LIB_TEXT,
				  .module = (char *)"test_whereis"};
	struct pyi_addrspace space = {.pid = 1};
	struct pyi_whereis where;

	(void)state;
	space.ranges.data = &range;
	space.ranges.len = 1;
	self_target_init(&target);
	assert_null(pyi_whereis(&target, &space, addr + 1, &where));
	assert_ptr_equal(where.range, &range);
	assert_string_equal(where.symbol, "a_function_of_this_test");
	assert_int_equal(where.symbol_offset, 1);
	assert_string_equal(where.module, "test_whereis");
	assert_true(where.module_offset > 0 && where.module_offset < 1 << 24);
	assert_int_equal(where.below_top, 0);
	pyi_whereis_deinit(&where);
	self_target_deinit(&target);
}

static void test_nowhere(void **state)
{
	struct fake_space f;
	struct pyi_whereis where;

	(void)state;
	fake_space_init(&f, "10000-20000 rw-p 00000000 00:00 0\n"
			    "40000-50000 rw-p 00000000 00:00 0\n");
	fake_space_apply(&f);
	assert_null(pyi_whereis(&f.target, &f.space, 0x20000, &where));
	assert_null(where.range);
	assert_int_equal(where.free_lo, 0x20000);
	assert_int_equal(where.free_hi, 0x40000);
	assert_null(pyi_whereis(&f.target, &f.space, 5, &where));
	assert_int_equal(where.free_lo, 0);
	assert_int_equal(where.free_hi, 0x10000);
	assert_null(pyi_whereis(&f.target, &f.space, 0x7fffffff0000, &where));
	assert_int_equal(where.free_lo, 0x50000);
	assert_int_equal(where.free_hi, UINT64_C(1) << 63);
	assert_false(where.kernel);
	assert_null(pyi_whereis(&f.target, &f.space, UINT64_MAX, &where));
	assert_true(where.kernel);
	fake_space_deinit(&f);
}

/* Both sizes of pools; in the header there is no block. */
static void test_block(void **state)
{
	static uint8_t memory[0x5000];
	struct fake_space f;
	struct pyi_whereis where;

	(void)state;
	fake_space_init(&f, "10000-15000 rw-p 00000000 00:00 0\n");
	put_pool(memory, 16384, 0, 3, 10);
	put_pool(memory + 0x4000, 4096, 0, 0, 10);
	fake_space_put(&f, 0x10000, memory, sizeof(memory));
	pyi_claims_add(&f.survey.claims, 0x10000, 0x15000, PYI_ROLE_ARENA, NULL);
	fake_space_apply(&f);
	assert_null(pyi_whereis(&f.target, &f.space, 0x12345, &where));
	assert_int_equal(where.block_size, 64);
	assert_int_equal(where.block_lo, 0x10030 + (0x2345 - 0x30) / 64 * 64);
	assert_null(pyi_whereis(&f.target, &f.space, 0x14031, &where));
	assert_int_equal(where.block_size, 16);
	assert_int_equal(where.block_lo, 0x14030);
	assert_null(pyi_whereis(&f.target, &f.space, 0x1002f, &where));
	assert_int_equal(where.block_lo, 0);
	fake_space_deinit(&f);
}

static void test_stack(void **state)
{
	struct pyi_thread thread = {.tid = 9, .have_pc_sp = true};
	struct fake_space f;
	struct pyi_whereis where;
	struct pyi_claim *claim;

	(void)state;
	fake_space_init(&f, "10000-20000 rw-p 00000000 00:00 0\n");
	claim = pyi_claims_add(&f.survey.claims, 0x10000, 0x20000, PYI_ROLE_THREAD_STACK, NULL);
	claim->tid = 9;
	thread.regs.rsp = 0x1f000;
	f.target.threads = &thread;
	f.target.n_threads = 1;
	fake_space_apply(&f);
	assert_null(pyi_whereis(&f.target, &f.space, 0x1f800, &where));
	assert_true(where.in_use);
	assert_int_equal(where.below_top, 0x800);
	assert_null(where.frame);
	assert_null(pyi_whereis(&f.target, &f.space, 0x1e800, &where));
	assert_false(where.in_use);
	thread.have_pc_sp = false;
	assert_null(pyi_whereis(&f.target, &f.space, 0x1f800, &where));
	assert_false(where.in_use);
	fake_space_deinit(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_symbol),
		cmocka_unit_test(test_nowhere),
		cmocka_unit_test(test_block),
		cmocka_unit_test(test_stack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
