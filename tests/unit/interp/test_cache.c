/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

/* Each runs its line often enough to be cached, then changes what the entry relied on. */
#define WARM(call) "for i in range(50): " call "\n"

static void test_global_and_builtin(void **state)
{
	assert_result("x = 1\ndef f(): return x\n" WARM("f()") "x = 2\nresult = f()", "2");
	assert_result("def f(): return len('abc')\n" WARM("f()") "def len(o): return 'mine'\n"
								 "a = f()\ndel len\n"
								 "result = a, f()",
		      "('mine', 3)");
}

static void test_attribute_moves(void **state)
{
	assert_result(
		"class A: y = 'class'\n"
		"def f(o): return o.y\n"
		"a = A()\n" WARM("f(a)") "a.y = 'own'\nx = f(a)\nA.y = property(lambda s: 'p')\n"
					 "result = x, f(a)",
		"('own', 'p')");
}

static void test_method_is_shadowed_and_replaced(void **state)
{
	assert_result("class A:\n    def m(s): return 1\n"
		      "class B(A): pass\n"
		      "def f(o): return o.m()\n"
		      "b = B()\n" WARM("f(b)") "A.m = lambda s: 2\nx = f(b)\nb.m = lambda: 3\n"
					       "result = x, f(b), f(B())",
		      "(2, 3, 2)");
}

static void test_init_is_replaced(void **state)
{
	assert_result(
		"class A:\n    def __init__(s, v): s.v = v\n"
		"def f(): return A(1).v\n" WARM("f()") "def g(s, v): s.v = -v\n"
						       "A.__init__.__code__ = g.__code__\n"
						       "x = f()\nA.__init__ = lambda s, v: None\n"
						       "A.v = 'none'\nresult = x, f()",
		"(-1, 'none')");
}

static void test_slot_and_other_types(void **state)
{
	assert_result("class A: __slots__ = 'v'\n"
		      "class B: pass\n"
		      "def put(o, v): o.v = v\n"
		      "a, b = A(), B()\n" WARM("put(a, i)") "put(b, 'b')\nput(a, 'a')\n"
							    "result = a.v, b.v, b.__dict__",
		      "('a', 'b', {'v': 'b'})");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_global_and_builtin),
		cmocka_unit_test(test_attribute_moves),
		cmocka_unit_test(test_method_is_shadowed_and_replaced),
		cmocka_unit_test(test_init_is_replaced),
		cmocka_unit_test(test_slot_and_other_types),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
