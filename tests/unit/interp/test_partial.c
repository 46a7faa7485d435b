/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

#define PRELUDE "from functools import partial\ndef f(*a, **k): return a, k\n"

static void test_arguments_add_up(void **state)
{
	assert_result(PRELUDE "p = partial(f, 1, k=2)\nresult = p(3, j=4), p(k=5), p()",
		      "(((1, 3), {'k': 2, 'j': 4}), ((1,), {'k': 5}), ((1,), {'k': 2}))");
	assert_result(PRELUDE "p = partial(f, *range(9))\nresult = len(p(*range(9))[0])", "18");
	assert_program_raises(PRELUDE "partial()", PyExc_TypeError,
			      "type 'partial' takes at least one argument");
	assert_program_raises(PRELUDE "partial(1)", PyExc_TypeError,
			      "the first argument must be callable");
}

/* One of one is one, unless it keeps attributes or calls in its own way. */
static void test_nests_flat(void **state)
{
	assert_result(PRELUDE "p = partial(partial(f, 1, a=1), 2, b=2)\n"
			      "result = p.func is f, p.args, p.keywords",
		      "(True, (1, 2), {'a': 1, 'b': 2})");
	assert_result(PRELUDE "p = partial(f, 1)\np.note = 1\nresult = partial(p, 2).func is p",
		      "True");
	assert_result(PRELUDE "class P(partial):\n    def __call__(self): return 'own'\n"
			      "result = partial(P(f))()",
		      "'own'");
}

static void test_state(void **state)
{
	assert_result(PRELUDE "p = partial(f)\np.__setstate__((max, (1, 2), None, {'x': 3}))\n"
			      "result = p(), p.x, p",
		      "(2, 3, functools.partial(<built-in function max>, 1, 2))");
	assert_program_raises(PRELUDE "partial(f).__setstate__((f, [], {}, {}))", PyExc_TypeError,
			      "invalid partial state");
	assert_program_raises(PRELUDE "partial(f).__setstate__((f, (), {}, []))", PyExc_TypeError,
			      "invalid partial state");
}

static void test_rings_end(void **state)
{
	assert_program_raises(PRELUDE
			      "p = partial(f)\np.__setstate__((p, (1,), {}, {}))\ntry: p()\n"
			      "finally: p.__setstate__((f, (), {}, {}))",
			      PyExc_RecursionError,
			      "maximum recursion depth exceeded while calling a Python object");
	assert_result(PRELUDE "p = partial(f)\np.__setstate__((f, (p,), {'k': p}, {}))\n"
			      "result = repr(p)[-12:]\np.__setstate__((f, (), {}, {}))",
		      "' ..., k=...)'");
	assert_result(PRELUDE "import gc\ngc.collect()\np = partial(f)\n"
			      "p.__setstate__((p, (), {}, None))\ndel p\nresult = gc.collect() > 0",
		      "True");
}

/* The call takes away what it was made of. */
static void test_changed_while_called(void **state)
{
	assert_result(PRELUDE "def swap(*a):\n    p.__setstate__((f, (), {}, None))\n    return a\n"
			      "p = partial(swap, [1], [2])\nresult = p([3]), p(4)",
		      "(([1], [2], [3]), ((4,), {}))");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arguments_add_up),
		cmocka_unit_test(test_nests_flat),
		cmocka_unit_test(test_state),
		cmocka_unit_test(test_rings_end),
		cmocka_unit_test(test_changed_while_called),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
