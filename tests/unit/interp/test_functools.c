/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

static void test_reduce(void **state)
{
	assert_result("from functools import reduce\n"
		      "result = reduce(lambda a, b: a + [b], 'xy', []), reduce(max, [3]), "
		      "reduce(max, [], 5)",
		      "(['x', 'y'], 3, 5)");
	assert_program_raises("import functools\nfunctools.reduce(max, [])", PyExc_TypeError,
			      "reduce() of empty iterable with no initial value");
	assert_program_raises("import functools\nfunctools.reduce(max, 1)", PyExc_TypeError,
			      "reduce() arg 2 must support iteration");
	assert_program_raises("import functools\nfunctools.reduce(lambda a, b: 1 // 0, 'ab')",
			      PyExc_ZeroDivisionError, NULL);
}

static void test_keys_compare_by_the_function(void **state)
{
	assert_result(
		"from functools import cmp_to_key\n"
		"K = cmp_to_key(lambda a, b: len(a) - len(b))\n"
		"result = sorted(['ccc', 'a', 'bb'], key=K), K('a') == K(obj='b'), K('a').obj",
		"(['a', 'bb', 'ccc'], True, 'a')");
	assert_program_raises("from functools import cmp_to_key\ncmp_to_key(max)(1) < 1",
			      PyExc_TypeError, "other argument must be K instance");
	assert_program_raises("from functools import cmp_to_key\n"
			      "cmp_to_key(max) < cmp_to_key(max)",
			      PyExc_AttributeError, "object");
	assert_program_raises("from functools import cmp_to_key\nhash(cmp_to_key(max)(1))",
			      PyExc_TypeError, "unhashable type: 'functools.KeyWrapper'");
}

static void test_keys_in_cycles_are_collected(void **state)
{
	assert_result("import gc, functools\ngc.collect()\nk = functools.cmp_to_key(max)(1)\n"
		      "k.obj = k\ndel k\nresult = gc.collect()",
		      "1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reduce),
		cmocka_unit_test(test_keys_compare_by_the_function),
		cmocka_unit_test(test_keys_in_cycles_are_collected),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
