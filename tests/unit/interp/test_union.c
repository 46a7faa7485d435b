/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

static void test_members_are_flat_and_unique(void **state)
{
	assert_result("result = int | str | int | (str | None)", "int | str | None");
	assert_result("result = (int | str).__args__", "(<class 'int'>, <class 'str'>)");
	assert_result("result = int | int", "<class 'int'>");
}

static void test_order_does_not_matter(void **state)
{
	assert_result("a, b = int | str, str | int\nresult = a == b, hash(a) == hash(b), a == int",
		      "(True, True, False)");
}

static void test_instances_and_subclasses(void **state)
{
	assert_result("u = int | str\n"
		      "result = isinstance(1, u), isinstance(1.5, u), issubclass(bool, u)",
		      "(True, False, True)");
	assert_program_raises("isinstance(1, int | list[int])", PyExc_TypeError,
			      "isinstance() argument 2 cannot be a parameterized generic");
}

static void test_other_operands_are_refused(void **state)
{
	assert_program_raises("int | 3", PyExc_TypeError,
			      "unsupported operand type(s) for |: 'type' and 'int'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_members_are_flat_and_unique),
		cmocka_unit_test(test_order_does_not_matter),
		cmocka_unit_test(test_instances_and_subclasses),
		cmocka_unit_test(test_other_operands_are_refused),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
