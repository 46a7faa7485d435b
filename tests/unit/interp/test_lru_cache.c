/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

#define PRELUDE                                                \
	"from functools import lru_cache, cache\ncalls = []\n" \
	"def note(*a, **k):\n    calls.append((*a, *k.values()))\n    return len(calls)\n"

static void test_forgets_what_was_used_the_longest_ago(void **state)
{
	assert_result(PRELUDE "f = lru_cache(2)(note)\nfor x in (1, 2, 1, 3, 1, 2): f(x)\n"
			      "result = calls, f.cache_info()",
		      "([(1,), (2,), (3,), (2,)], CacheInfo(hits=2, misses=4, maxsize=2, "
		      "currsize=2))");
	assert_result(PRELUDE
		      "f = cache(note)\nfor x in (1, 2, 1, 3, 1, 2): f(x)\nf.cache_clear()\n"
		      "f(1)\nresult = calls, f.cache_info()",
		      "([(1,), (2,), (3,), (1,)], CacheInfo(hits=0, misses=1, maxsize=None, "
		      "currsize=1))");
	assert_result(PRELUDE "f = lru_cache(0)(note)\nf(1)\nf(1)\nresult = len(calls)", "2");
}

static void test_keys(void **state)
{
	assert_result(PRELUDE "f = lru_cache(None)(note)\nf(1)\nf(1.0)\nf('1')\nf(a=1)\nf(b=1)\n"
			      "f(1, a=1)\nf((1, 'a', 1))\nf(True)\nresult = len(calls)",
		      "7");
	assert_result(PRELUDE "f = lru_cache(None, typed=True)(note)\nf(1)\nf(1.0)\nf(True)\n"
			      "f(a=1)\nf(a=1.0)\nf(1)\nresult = len(calls)",
		      "5");
	assert_program_raises(PRELUDE "cache(note)([])", PyExc_TypeError,
			      "unhashable type: 'list'");
}

static void test_errors_are_not_remembered(void **state)
{
	assert_result(PRELUDE "@lru_cache(3)\ndef f(x):\n    calls.append(x)\n    return 1 // x\n"
			      "for _ in range(2):\n    try: f(0)\n"
			      "    except ZeroDivisionError: pass\n"
			      "result = calls, f.cache_info().currsize",
		      "([0, 0], 0)");
}

static void test_function_comes_back(void **state)
{
	assert_result(PRELUDE "@lru_cache(1)\ndef f(n): return n and f(n - 1) + 1\n"
			      "result = f(50), f.cache_info().currsize",
		      "(50, 1)");
	/* For the same key: what is remembered first stays. */
	assert_result(PRELUDE "@lru_cache(4)\ndef f(x):\n    calls.append(x)\n"
			      "    if len(calls) == 1: f(x)\n    return len(calls)\n"
			      "result = f(1), f(1), f.cache_info().currsize",
		      "(2, 2, 1)");
	assert_result(PRELUDE "@lru_cache(4)\ndef f(x):\n    f.cache_clear()\n    return x\n"
			      "result = f(1), f(2), f.cache_info()",
		      "(1, 2, CacheInfo(hits=0, misses=0, maxsize=4, currsize=1))");
}

/* Comparing keys clears the cache, or fills it. */
static void test_keys_come_back(void **state)
{
	assert_result(PRELUDE "class Key:\n    def __hash__(self): return 1\n"
			      "    def __eq__(self, other):\n        f.cache_clear()\n"
			      "        return False\n"
			      "f = lru_cache(2)(note)\nfor i in range(50): f(Key())\n"
			      "result = len(calls), f.cache_info().currsize <= 2",
		      "(50, True)");
	assert_result(PRELUDE "left = 20\nclass Key:\n    def __hash__(self): return 1\n"
			      "    def __eq__(self, other):\n        global left\n"
			      "        if left:\n            left -= 1\n            f(Key())\n"
			      "        return False\n"
			      "f = lru_cache(3)(note)\nfor i in range(6): f(Key())\n"
			      "full = f.cache_info().currsize\nf.cache_clear()\n"
			      "result = full >= 3, f.cache_info().currsize",
		      "(True, 0)");
	assert_result(PRELUDE "class Key:\n    bad = False\n    def __hash__(self): return 1\n"
			      "    def __eq__(self, other):\n        if Key.bad: raise KeyError\n"
			      "        return self is other\n"
			      "f = lru_cache(1)(note)\nf(Key())\nKey.bad = True\nn = 0\n"
			      "for i in range(3):\n    try: f(Key())\n    except KeyError: n += 1\n"
			      "Key.bad = False\nf(1)\nf(2)\nresult = n, f.cache_info().currsize",
		      "(3, 1)");
}

static void test_methods_and_copies(void **state)
{
	assert_result(PRELUDE "class C:\n    @lru_cache()\n    def m(self, x): return x\n"
			      "c = C()\nresult = c.m(1), c.m(1), C.m(c, 1), C.m.cache_info().hits, "
			      "C.m.__copy__() is C.m, C.m.__reduce__()",
		      "(1, 1, 1, 2, True, 'C.m')");
}

static void test_cycles_are_collected(void **state)
{
	assert_result(PRELUDE "import gc, weakref\n@lru_cache(5)\ndef f(x): return x\n"
			      "f(f)\nf(1)\nf((f, 2))\nr = weakref.ref(f)\ndel f\ngc.collect()\n"
			      "result = r()",
		      "None");
}

static void test_as_deep_as_the_stack(void **state)
{
	assert_result(PRELUDE "f = len\nfor _ in range(100000): f = lru_cache(3)(f)\n"
			      "try: f('')\nexcept RecursionError: pass\ndel f\nresult = 'ended'",
		      "'ended'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forgets_what_was_used_the_longest_ago),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_errors_are_not_remembered),
		cmocka_unit_test(test_function_comes_back),
		cmocka_unit_test(test_keys_come_back),
		cmocka_unit_test(test_methods_and_copies),
		cmocka_unit_test(test_cycles_are_collected),
		cmocka_unit_test(test_as_deep_as_the_stack),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
