/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's arithmetic, compiled natively: bpf/calls.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <string.h>

#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif
#include "../../../bpf/calls.h"

static struct calls calls;
static struct pyi_function_stats stats[8];

static int reset(void **state)
{
	memset(&calls, 0, sizeof(calls));
	memset(stats, 0, sizeof(stats));
	return 0;
}

static bool leave(uint32_t depth, uint64_t now)
{
	struct ended ended;

	if (!calls_leave(&calls, depth, now, &ended))
		return false;
	stats_add(&stats[ended.function], &ended);
	return true;
}

static void test_self_is_what_callees_leave(void **state)
{
	calls_enter(&calls, 1, 1, 100);
	calls_enter(&calls, 2, 2, 120);
	assert_true(leave(2, 150));
	calls_enter(&calls, 2, 3, 160);
	assert_true(leave(2, 165));
	assert_true(leave(1, 200));
	assert_int_equal(stats[1].total_ns, 100);
	assert_int_equal(stats[1].self_ns, 65);
	assert_int_equal(stats[2].total_ns, 30);
	assert_int_equal(stats[3].max_ns, 5);
}

static void test_recursion_counts_once(void **state)
{
	/* 1 calls 2 calls 1 calls 1 */
	calls_enter(&calls, 1, 1, 0);
	calls_enter(&calls, 2, 2, 10);
	assert_true(calls_enter(&calls, 3, 1, 20)->again);
	assert_true(calls_enter(&calls, 4, 1, 30)->again);
	for (uint32_t depth = 4; depth; depth--)
		assert_true(leave(depth, 40 + 10 * (4 - depth)));
	assert_int_equal(stats[1].timed, 3);
	assert_int_equal(stats[1].total_ns, 70);
	assert_int_equal(stats[1].each_ns, 70 + 30 + 10);
	assert_int_equal(stats[1].min_ns_1, 11);
	/* Nothing is open any more. */
	assert_false(calls_enter(&calls, 1, 1, 100)->again);
}

static void test_functions_of_one_slot(void **state)
{
	calls_enter(&calls, 1, 5, 0);
	assert_false(calls_enter(&calls, 2, 5 + LAST, 1)->again);
	assert_true(calls_enter(&calls, 3, 5, 2)->again);
	assert_true(calls_enter(&calls, 4, 5 + LAST, 3)->again);
}

static void test_exit_without_entry(void **state)
{
	struct ended ended;

	assert_false(calls_leave(&calls, 7, 50, &ended));
	calls_enter(&calls, 7, 1, 60);
	assert_false(calls_leave(&calls, 8, 70, &ended));
	assert_true(calls_leave(&calls, 7, 70, &ended));
	assert_false(calls_leave(&calls, 7, 80, &ended));
}

static void test_deeper_than_the_stack_is_long(void **state)
{
	struct ended ended;

	for (uint32_t depth = 1; depth <= CALLS + 10; depth++)
		calls_enter(&calls, depth, 1, depth);
	for (uint32_t depth = CALLS + 10; depth > 10; depth--)
		assert_true(calls_leave(&calls, depth, 5000, &ended));
	assert_false(calls_leave(&calls, 10, 5000, &ended));
}

static void test_buckets(void **state)
{
	assert_int_equal(log2_of(0), 0);
	assert_int_equal(log2_of(1), 0);
	assert_int_equal(log2_of(1023), 9);
	assert_int_equal(log2_of(1ull << 63), 63);
	assert_int_equal(bucket_of(1024), 10 * PYI_BUCKETS_A_POWER);
	assert_int_equal(bucket_of(1024 + 256), 10 * PYI_BUCKETS_A_POWER + 1);
	assert_int_equal(bucket_of(2047), 10 * PYI_BUCKETS_A_POWER + 3);
	assert_int_equal(bucket_of(UINT64_MAX), PYI_BUCKETS - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_self_is_what_callees_leave, reset),
		cmocka_unit_test_setup(test_recursion_counts_once, reset),
		cmocka_unit_test_setup(test_functions_of_one_slot, reset),
		cmocka_unit_test_setup(test_exit_without_entry, reset),
		cmocka_unit_test_setup(test_deeper_than_the_stack_is_long, reset),
		cmocka_unit_test_setup(test_buckets, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
