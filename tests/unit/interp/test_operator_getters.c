/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

static void test_items(void **state)
{
	assert_result("from operator import itemgetter as g\n"
		      "result = g(1)((1, 2)), g(1)([1, 2]), g(-1)((1, 2)), g(0, 2)('abc'), "
		      "g('k')({'k': 5}), g(slice(1))('ab'), g(True)((1, 2))",
		      "(2, 2, 2, ('a', 'c'), 5, 'a', 2)");
	assert_program_raises("from operator import itemgetter\nitemgetter(2)((1, 2))",
			      PyExc_IndexError, "tuple index out of range");
	assert_program_raises("from operator import itemgetter\nitemgetter(2)(1, 2)",
			      PyExc_TypeError, "itemgetter expected 1 argument, got 2");
	assert_program_raises("from operator import itemgetter\nitemgetter(2)('a', x=2)",
			      PyExc_TypeError, "itemgetter() takes no keyword arguments");
}

static void test_attributes(void **state)
{
	assert_result("from operator import attrgetter as g\n"
		      "result = g('real.imag')(1), g('real', 'imag')(2), g('real.real', 'a.b')",
		      "(0, (2, 0), operator.attrgetter('real.real', 'a.b'))");
	assert_program_raises("from operator import attrgetter\nattrgetter('a', 1)",
			      PyExc_TypeError, "attribute name must be a string");
	assert_program_raises("from operator import attrgetter\nattrgetter('a..b')(1)",
			      PyExc_AttributeError, "'int' object has no attribute 'a'");
}

static void test_methods(void **state)
{
	assert_result("from operator import methodcaller as m\nclass C:\n"
		      "    def f(self, *a, **k): return a, k\n"
		      "result = m('f')(C()), m('f', *range(9))(C())[0][8], m('f', 1, k=2)(C()), "
		      "m('f', 1, k=2), m('split', 'b')('abc')",
		      "(((), {}), 8, ((1,), {'k': 2}), operator.methodcaller('f', 1, k=2), "
		      "['a', 'c'])");
	assert_program_raises("from operator import methodcaller\nmethodcaller()", PyExc_TypeError,
			      "methodcaller needs at least one argument, the method name");
}

static void test_states(void **state)
{
	assert_result("from operator import *\n"
		      "def again(g):\n    f, args = g.__reduce__()\n    return f(*args)\n"
		      "result = again(itemgetter(1, [2])), again(attrgetter('a.b')), "
		      "again(methodcaller('f', 1, k=2))",
		      "(operator.itemgetter(1, [2]), operator.attrgetter('a.b'), "
		      "operator.methodcaller('f', 1, k=2))");
	assert_result("import operator\nclass R:\n    def __repr__(self): return repr(g)\n"
		      "g = operator.itemgetter(R())\nresult = g",
		      "operator.itemgetter(operator.itemgetter(...))");
}

static void test_cycles_are_collected(void **state)
{
	assert_result("import gc, operator\ngc.collect()\nd = {}\n"
		      "d['g'] = operator.methodcaller('f', k=d)\ndel d\nresult = gc.collect() > 1",
		      "True");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_items),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_methods),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_cycles_are_collected),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
