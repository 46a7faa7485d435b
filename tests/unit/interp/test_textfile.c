/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

#include "lib/io.h"

static void test_newlines_of_every_mode(void **state)
{
	assert_result("import io\n"
		      "def lines(newline): return list(io.TextIOWrapper(io.BytesIO("
		      "b'a\\nb\\r\\nc\\rd'), newline=newline))\n"
		      "result = [lines(n) for n in (None, '', '\\n', '\\r', '\\r\\n')]",
		      "[['a\\n', 'b\\n', 'c\\n', 'd'], ['a\\n', 'b\\r\\n', 'c\\r', 'd'], "
		      "['a\\n', 'b\\r\\n', 'c\\rd'], ['a\\nb\\r', '\\nc\\r', 'd'], "
		      "['a\\nb\\r\\n', 'c\\rd']]");
}

static void test_characters_are_never_cut(void **state)
{
	assert_result(
		"import io\n"
		"t = "
		"io.TextIOWrapper(io.BytesIO('a\xc3\xa9\xe2\x82\xac\xf0\x9d\x92\xb3z'.encode()))\n"
		"result = [ascii(t.read(1)) for _ in range(6)]",
		"[\"'a'\", \"'\\\\xe9'\", \"'\\\\u20ac'\", \"'\\\\U0001d4b3'\", \"'z'\", "
		"\"''\"]");
}

static void test_half_a_line_end_waits_for_the_rest(void **state)
{
	assert_result("import io\n"
		      "t = io.TextIOWrapper(io.BytesIO(b'ab\\r\\ncd'))\n"
		      "result = t.read(3), t.read(1), t.tell(), t.read()",
		      "('ab\\n', 'c', 5, 'd')");
}

static void test_a_stream_of_ones_own(void **state)
{
	assert_result("import io\n"
		      "class Raw(io.RawIOBase):\n"
		      "    data = b'one\\ntwo'\n"
		      "    def readable(self): return True\n"
		      "    def read(self, n=-1):\n"
		      "        n = len(self.data) if n < 0 else n\n"
		      "        got, self.data = self.data[:n], self.data[n:]\n"
		      "        return got\n"
		      "result = list(io.TextIOWrapper(Raw()))",
		      "['one\\n', 'two']");
}

static void test_closed_detached_wrong(void **state)
{
	assert_program_raises("import io\nt = io.TextIOWrapper(io.BytesIO())\nt.detach()\nt.read()",
			      PyExc_ValueError, "underlying buffer has been detached");
	assert_program_raises("import io\nio.TextIOWrapper(io.BytesIO(), newline='x')",
			      PyExc_ValueError, "illegal newline value: x");
	assert_program_raises("import io\nio.TextIOWrapper(io.BytesIO(), encoding='none such')",
			      PyExc_LookupError, "unknown encoding: none such");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_newlines_of_every_mode),
		cmocka_unit_test(test_characters_are_never_cut),
		cmocka_unit_test(test_half_a_line_end_waits_for_the_rest),
		cmocka_unit_test(test_a_stream_of_ones_own),
		cmocka_unit_test(test_closed_detached_wrong),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
