/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

static void test_stack_size(void **state)
{
	assert_result("import _thread\n"
		      "result = [_thread.stack_size(), _thread.stack_size(1 << 20), "
		      "_thread.stack_size(0), _thread.stack_size()]\n"
		      "for wrong in -1, 5, 1 << 50, 1 << 70:\n"
		      "    try: _thread.stack_size(wrong)\n"
		      "    except Exception as e: result.append(type(e).__name__)",
		      "[0, 0, 1048576, 0, 'ValueError', 'ValueError', 'ValueError', "
		      "'OverflowError']");
}

/* However small a stack was asked for, a call that goes too deep is an exception. */
static void test_recursion_on_a_small_stack(void **state)
{
	assert_result("import _thread\n"
		      "_thread.stack_size(32768)\n"
		      "done = _thread.allocate_lock()\ndone.acquire()\n"
		      "def deeper(): deeper()\n"
		      "def work():\n"
		      "    global result\n"
		      "    try: deeper()\n"
		      "    except RecursionError as e: result = type(e).__name__\n"
		      "    done.release()\n"
		      "_thread.start_new_thread(work, ())\n"
		      "done.acquire()\n"
		      "_thread.stack_size(0)",
		      "'RecursionError'");
}

static void test_exit(void **state)
{
	assert_result("import _thread\n"
		      "try: _thread.exit()\n"
		      "except SystemExit as e: result = e.args",
		      "()");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stack_size),
		cmocka_unit_test(test_recursion_on_a_small_stack),
		cmocka_unit_test(test_exit),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
