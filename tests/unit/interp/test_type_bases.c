/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

#define CLASSES                                \
	"class A:\n    def f(s): return 'A'\n" \
	"class B:\n    def f(s): return 'B'\n" \
	"class C(A): pass\nclass D(C): pass\n"

static void test_methods_change_with_the_bases(void **state)
{
	assert_result(CLASSES "d = D()\nbefore = d.f()\nC.__bases__ = B,\n"
			      "result = before, d.f(), [k.__name__ for k in D.__mro__]",
		      "('A', 'B', ['D', 'C', 'B', 'object'])");
	assert_result(CLASSES
		      "C.__bases__ = B,\nresult = A.__subclasses__(), len(B.__subclasses__())",
		      "([], 1)");
}

static void test_refused_leaves_all_as_it_was(void **state)
{
	assert_result(CLASSES "try: A.__bases__ = D,\n"
			      "except TypeError as e: result = str(e), D.__mro__[2] is A",
		      "('a __bases__ item causes an inheritance cycle', True)");
	assert_program_raises(CLASSES "C.__bases__ = ()", PyExc_TypeError,
			      "can only assign non-empty tuple to C.__bases__, not ()");
	assert_program_raises(CLASSES "C.__bases__ = [B]", PyExc_TypeError,
			      "can only assign tuple to C.__bases__, not list");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_methods_change_with_the_bases),
		cmocka_unit_test(test_refused_leaves_all_as_it_was),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
