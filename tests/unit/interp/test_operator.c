/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

static void test_every_operator_has_its_name_in_dunders(void **state)
{
	assert_result(
		"import operator\n"
		"plain = {'attrgetter', 'itemgetter', 'methodcaller', 'countOf', 'indexOf', "
		"'is_', 'is_not', 'length_hint', 'truth'}\n"
		"result = [n for n in operator.__all__ if n not in plain and getattr(operator, "
		"'__' + n.rstrip('_') + '__') is not getattr(operator, n)]",
		"[]");
}

static void test_in_place(void **state)
{
	assert_result("import operator as op\na = [1]\n"
		      "class C:\n    def __getitem__(self, i): pass\n"
		      "    def __iadd__(self, other): return 'in place'\n"
		      "result = op.iadd(a, [2]) is a, op.iconcat(a, [3]) is a, a, op.imul(3, 4), "
		      "op.iconcat(C(), C())",
		      "(True, True, [1, 2, 3], 12, 'in place')");
	assert_program_raises("import operator as op\nop.concat(1, 2)", PyExc_TypeError,
			      "'int' object can't be concatenated");
	assert_program_raises("import operator as op\nop.delitem(1, 2)", PyExc_TypeError,
			      "'int' object does not support item deletion");
}

static void test_arguments_are_counted(void **state)
{
	assert_program_raises("import operator as op\nop.and_(1)", PyExc_TypeError,
			      "and_ expected 2 arguments, got 1");
	assert_program_raises("import operator as op\nop.neg(1, 2)", PyExc_TypeError,
			      "_operator.neg() takes exactly one argument (2 given)");
	assert_program_raises("import operator as op\nop.length_hint([], 'a')", PyExc_TypeError,
			      "'str' object cannot be interpreted as an integer");
}

static void test_digests(void **state)
{
	assert_result("from _operator import _compare_digest as same\n"
		      "result = same('ab', 'ab'), same('ab', 'a'), same(b'', b''), "
		      "same(b'ab', bytearray(b'ac')), same(b'ab', memoryview(b'ab'))",
		      "(True, False, True, False, True)");
	assert_program_raises("import _operator\n_operator._compare_digest('\\xe4', 'a')",
			      PyExc_TypeError,
			      "comparing strings with non-ASCII characters is not supported");
	assert_program_raises("import _operator\n_operator._compare_digest(b'a', 'a')",
			      PyExc_TypeError, "a bytes-like object is required, not 'str'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_operator_has_its_name_in_dunders),
		cmocka_unit_test(test_in_place),
		cmocka_unit_test(test_arguments_are_counted),
		cmocka_unit_test(test_digests),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
