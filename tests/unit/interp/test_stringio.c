/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

static void test_positions_are_characters(void **state)
{
	assert_result("import io\ns = io.StringIO('a\\xe9\\U0001f600z')\ns.seek(2)\n"
		      "result = s.read(1) == '\\U0001f600', s.tell(), s.read()",
		      "(True, 3, 'z')");
}

static void test_overwrite_and_widen(void **state)
{
	assert_result("import io\ns = io.StringIO('abcd')\ns.seek(1)\nn = s.write('\\u20ac')\n"
		      "result = n, ascii(s.getvalue())",
		      "(1, \"'a\\\\u20accd'\")");
}

static void test_lines(void **state)
{
	assert_result("import io\ns = io.StringIO('one\\ntwo')\nresult = s.readline(), list(s)",
		      "('one\\n', ['two'])");
}

static void test_refused(void **state)
{
	assert_program_raises("import io\nio.StringIO().write(b'x')", PyExc_TypeError,
			      "string argument expected, got 'bytes'");
	assert_program_raises("import io\nio.StringIO(3)", PyExc_TypeError,
			      "initial_value must be str or None, not int");
	assert_program_raises("import io\nio.StringIO().seek(-1)", PyExc_ValueError,
			      "Negative seek position -1");
	assert_program_raises("import io\ns = io.StringIO()\ns.close()\ns.getvalue()",
			      PyExc_ValueError, "I/O operation on closed file");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_positions_are_characters),
		cmocka_unit_test(test_overwrite_and_widen),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
