/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

static void test_origin_and_arguments(void **state)
{
	assert_result("result = dict[str, list[int]]", "dict[str, list[int]]");
	assert_result("a = dict[str, int]\nresult = a.__origin__, a.__args__",
		      "(<class 'dict'>, (<class 'str'>, <class 'int'>))");
	assert_result("result = list[int] == list[int], list[int] == list[str],"
		      " hash(list[int]) == hash(list[int])",
		      "(True, False, True)");
}

static void test_call_makes_the_origin(void **state)
{
	assert_result("result = list[int]('ab')", "['a', 'b']");
	assert_result("class C(list[int]): pass\nresult = C.__bases__, C.__orig_bases__",
		      "((<class 'list'>,), (list[int],))");
}

static void test_star_is_unpacked(void **state)
{
	assert_result("a, = tuple[int, str]\nresult = a, a.__unpacked__",
		      "(*tuple[int, str], True)");
}

static void test_not_for_checks(void **state)
{
	assert_program_raises("isinstance([], list[int])", PyExc_TypeError,
			      "isinstance() argument 2 cannot be a parameterized generic");
	assert_program_raises("list[int][str]", PyExc_TypeError,
			      "list[int] is not a generic class");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_origin_and_arguments),
		cmocka_unit_test(test_call_makes_the_origin),
		cmocka_unit_test(test_star_is_unpacked),
		cmocka_unit_test(test_not_for_checks),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
