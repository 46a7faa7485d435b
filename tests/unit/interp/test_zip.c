/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

static void test_shortest_ends_it(void **state)
{
	assert_result("i = iter('abc')\nresult = list(zip(i, [1])), next(i)", "([('a', 1)], 'c')");
	assert_result("result = list(zip())", "[]");
}

/* The tuple is used again only while nobody else has it. */
static void test_tuples_are_kept_apart(void **state)
{
	assert_result("z = zip('ab', 'cd')\na = next(z)\nb = next(z)\nresult = a, b",
		      "(('a', 'c'), ('b', 'd'))");
}

static void test_strict(void **state)
{
	assert_program_raises("list(zip('ab', 'a', strict=True))", PyExc_ValueError,
			      "zip() argument 2 is shorter than argument 1");
	assert_program_raises("list(zip('a', 'a', 'ab', strict=True))", PyExc_ValueError,
			      "zip() argument 3 is longer than arguments 1-2");
	assert_result("result = list(zip('a', 'b', strict=True))", "[('a', 'b')]");
}

static void test_map_and_filter(void **state)
{
	assert_result("result = list(map(lambda *a: a, *['xy'] * 8))[1]",
		      "('y', 'y', 'y', 'y', 'y', 'y', 'y', 'y')");
	assert_result(
		"result = list(filter(None, [0, 1, '', 'a'])), list(filter(str.isdigit, 'a1'))",
		"([1, 'a'], ['1'])");
	assert_program_raises("map(len)", PyExc_TypeError,
			      "map() must have at least two arguments.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shortest_ends_it),
		cmocka_unit_test(test_tuples_are_kept_apart),
		cmocka_unit_test(test_strict),
		cmocka_unit_test(test_map_and_filter),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
