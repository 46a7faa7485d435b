/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

static void test_lines_and_carets(void **state)
{
	assert_result("import _traceback\n"
		      "_traceback.remember('<made up>', 'a = 1\\nb = a[0] + 1\\n')\n"
		      "code = compile('a = 1\\nb = a[0] + 1\\n', '<made up>', 'exec')\n"
		      "try: exec(code)\n"
		      "except TypeError as e: tb = e.__traceback__.tb_next\n"
		      "line = _traceback.source_line('<made up>', tb.tb_lineno)\n"
		      "result = line, _traceback.carets(code, tb.tb_lasti, tb.tb_lineno, line), "
		      "_traceback.source_line('<made up>', 3)",
		      "('b = a[0] + 1', (4, 8, 5, 8), None)");
}

static void test_wrong_arguments(void **state)
{
	assert_program_raises("import _traceback\n_traceback.carets(1, 2, 3, 4)", PyExc_TypeError,
			      "carets() needs a code object and a str");
	assert_program_raises(
		"import _traceback\n_traceback.write_syntax_place(None, ValueError())",
		PyExc_TypeError, "not a SyntaxError");
	assert_result("import _traceback\n"
		      "code = compile('1', 'x', 'eval')\n"
		      "result = [_traceback.carets(code, at, 1, 'x') for at in (-1, 10 ** 6)]",
		      "[None, None]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_and_carets),
		cmocka_unit_test(test_wrong_arguments),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
