/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

static void test_count_is_the_limit(void **state)
{
	PyThreadState *ts = PyThreadState_Get();
	int limit = ts->interp->recursion_limit, depth = ts->recursion_depth, n = 0;

	ts->interp->recursion_limit = depth + 10;
	while (Py_EnterRecursiveCall(" while testing") == 0)
		n++;
	for (int i = 0; i < n; i++)
		Py_LeaveRecursiveCall();
	ts->interp->recursion_limit = limit;
	assert_raised(PyExc_RecursionError, "maximum recursion depth exceeded while testing");
	assert_int_equal(n, 10);
	assert_int_equal(ts->recursion_depth, depth);
}

/* Whatever the count may be: the stack's end is an end. */
static void test_stack_is_a_limit(void **state)
{
	PyThreadState *ts = PyThreadState_Get();
	uintptr_t end = ts->c_stack_limit;
	int depth = ts->recursion_depth;

	ts->c_stack_limit = (uintptr_t)__builtin_frame_address(0) + 4096;
	int status = Py_EnterRecursiveCall("");

	ts->c_stack_limit = end;
	assert_int_equal(status, -1);
	assert_raised(PyExc_RecursionError, "maximum recursion depth exceeded");
	assert_int_equal(ts->recursion_depth, depth);
}

static void test_no_limit_a_program_sets(void **state)
{
	assert_result("import sys\nold = sys.getrecursionlimit()\nsys.setrecursionlimit(10**9)\n"
		      "l = []\nfor i in range(200000): l = [l]\n"
		      "try: repr(l)\nexcept RecursionError: result = 'ended'\n"
		      "sys.setrecursionlimit(old)",
		      "'ended'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_count_is_the_limit),
		cmocka_unit_test(test_stack_is_a_limit),
		cmocka_unit_test(test_no_limit_a_program_sets),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
