/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

static void test_entries(void **state)
{
	assert_result("def f():\n"
		      "    1 / 0\n"
		      "try:\n"
		      "    f()\n"
		      "except ZeroDivisionError as e:\n"
		      "    tb = e.__traceback__\n"
		      "result = []\n"
		      "while tb:\n"
		      "    result.append((tb.tb_frame.f_code.co_name, tb.tb_lineno))\n"
		      "    tb = tb.tb_next",
		      "[('<module>', 4), ('f', 2)]");
}

static void test_raise_again_keeps_the_place(void **state)
{
	assert_result("def f():\n"
		      "    try: 1 / 0\n"
		      "    except ZeroDivisionError:\n"
		      "        raise\n"
		      "try: f()\n"
		      "except ZeroDivisionError as e: tb = e.__traceback__\n"
		      "result = tb.tb_next.tb_lineno, tb.tb_next.tb_next",
		      "(2, None)");
}

static void test_loops_are_refused(void **state)
{
	assert_program_raises("try: 1 / 0\n"
			      "except ZeroDivisionError as e: tb = e.__traceback__\n"
			      "tb.tb_next = tb",
			      PyExc_ValueError, "traceback loop detected");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_raise_again_keeps_the_place),
		cmocka_unit_test(test_loops_are_refused),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
