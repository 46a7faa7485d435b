/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

static void test_write_past_the_end_fills_with_zeros(void **state)
{
	assert_result("import io\nb = io.BytesIO(b'ab')\nb.seek(4)\nn = b.write(b'xy')\n"
		      "result = n, b.getvalue(), b.tell()",
		      "(2, b'ab\\x00\\x00xy', 6)");
}

static void test_reads_and_lines(void **state)
{
	assert_result(
		"import io\nb = io.BytesIO(b'one\\ntwo')\n"
		"result = b.read(2), b.readline(), b.readline(), b.readline(), b.seek(0), list(b)",
		"(b'on', b'e\\n', b'two', b'', 0, [b'one\\n', b'two'])");
}

static void test_truncate(void **state)
{
	assert_result("import io\nb = io.BytesIO(b'abcdef')\nb.seek(2)\n"
		      "result = b.truncate(), b.getvalue(), b.tell()",
		      "(2, b'ab', 2)");
}

static void test_closed(void **state)
{
	assert_program_raises("import io\nb = io.BytesIO()\nb.close()\nb.read()", PyExc_ValueError,
			      "I/O operation on closed file.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_write_past_the_end_fills_with_zeros),
		cmocka_unit_test(test_reads_and_lines),
		cmocka_unit_test(test_truncate),
		cmocka_unit_test(test_closed),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
