/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

static void test_arguments_reach_their_parameters(void **state)
{
	assert_result("def f(a, b=2, *c, d, e=5, **g): return a, b, c, d, e, g\n"
		      "result = f(1, d=4), f(1, 2, 3, d=4, z=6), f(*[1, 9], **{'d': 0})",
		      "((1, 2, (), 4, 5, {}), (1, 2, (3,), 4, 5, {'z': 6}), (1, 9, (), 0, 5, {}))");
	assert_result("def f(a, /, b, *, c): return a, b, c\nresult = f(1, b=2, c=3)", "(1, 2, 3)");
	assert_result("def f(a, /, **k): return a, k\nresult = f(1, a=2)", "(1, {'a': 2})");
}

static void test_closures_and_super(void **state)
{
	assert_result("def counter():\n"
		      "    n = 0\n"
		      "    def up():\n"
		      "        nonlocal n\n"
		      "        n += 1\n"
		      "        return n\n"
		      "    return up\n"
		      "c = counter()\nc()\n"
		      "class A:\n    def f(self): return 'A'\n"
		      "class B(A):\n    def f(self): return super().f() + 'B'\n"
		      "result = c(), B().f()",
		      "(2, 'AB')");
	assert_program_raises("def f(): super()\nf()", PyExc_RuntimeError, "super(): no arguments");
}

static void test_wrong_arguments(void **state)
{
	static const struct {
		const char *call, *message;
	} cases[] = {
		{"f()", "f() missing 2 required positional arguments: 'a' and 'b'"},
		{"f(1)", "f() missing 1 required positional argument: 'b'"},
		{"f(1, 2, 3, 4)", "f() takes from 2 to 3 positional arguments but 4 were given"},
		{"f(1, 2, x=1)", "f() got an unexpected keyword argument 'x'"},
		{"f(1, a=1)", "f() got multiple values for argument 'a'"},
		{"g(1)", "g() missing 2 required keyword-only arguments: 'k' and 'l'"},
		{"g(1, 2, k=1, l=2)", "g() takes 1 positional argument but 2 positional arguments "
				      "(and 2 keyword-only arguments) were given"},
		{"h(a=1)",
		 "h() got some positional-only arguments passed as keyword arguments: 'a'"},
		{"f(*5)", "__main__.f() argument after * must be an iterable, not int"},
		{"f(**5)", "__main__.f() argument after ** must be a mapping, not int"},
		{"f(**{'a': 1}, **{'a': 2})",
		 "__main__.f() got multiple values for keyword argument 'a'"},
		{"f(**{1: 2})", "keywords must be strings"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char text[512];

		snprintf(text, sizeof(text),
			 "__name__ = '__main__'\n"
			 "def f(a, b, c=0): pass\n"
			 "def g(a, *, k, l): pass\n"
			 "def h(a, /): pass\n"
			 "%s",
			 cases[i].call);
		assert_program_raises(text, PyExc_TypeError, cases[i].message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arguments_reach_their_parameters),
		cmocka_unit_test(test_closures_and_super),
		cmocka_unit_test(test_wrong_arguments),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
