/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

#include "vm/eval.h"
#include "vm/frame.h"

static void test_expressions(void **state)
{
	assert_result("result = (1 + 2 * 3, 7 // 2, 7 % 3, 2 ** 10, 7 / 2, ~5, -3, not 0)",
		      "(7, 3, 1, 1024, 3.5, -6, -3, True)");
	assert_result("x = [1, 2, 3]\nx[1:] = [9]\nx += [4]\nresult = x", "[1, 9, 4]");
	assert_result("a, (b, *c), d = 1, (2, 3, 4), 5\nresult = a, b, c, d", "(1, 2, [3, 4], 5)");
	assert_result("result = 1 < 2 < 3, 1 in [1], 2 not in (1,), None is None, 3 is not 4",
		      "(True, True, True, True, True)");
	assert_result("result = f'{1:>3}{\"x\"!r}', {'a': 1, **{'b': 2}}, {*[1], 2}",
		      "(\"  1'x'\", {'a': 1, 'b': 2}, {1, 2})");
}

static void test_loops_and_jumps(void **state)
{
	assert_result("result = []\n"
		      "for i in range(10):\n"
		      "    if i == 2: continue\n"
		      "    if i == 5: break\n"
		      "    result.append(i)\n"
		      "else:\n"
		      "    result.append('else')\n",
		      "[0, 1, 3, 4]");
	assert_result("n = 0\nwhile n < 3: n += 1\nelse: n = -n\nresult = n", "-3");
}

static void test_exceptions_and_with(void **state)
{
	assert_result("log = []\n"
		      "class M:\n"
		      "    def __enter__(self): log.append('in'); return 1\n"
		      "    def __exit__(self, t, v, tb): log.append(t.__name__); return True\n"
		      "with M() as m: 1 / 0\n"
		      "try:\n"
		      "    try: raise KeyError('k')\n"
		      "    finally: log.append('finally')\n"
		      "except LookupError as e: log.append(repr(e))\n"
		      "result = log, m, 'e' in globals()",
		      "(['in', 'ZeroDivisionError', 'finally', \"KeyError('k')\"], 1, False)");
	assert_program_raises(
		"def f():\n  print(x)\n  x = 1\nf()", PyExc_UnboundLocalError,
		"cannot access local variable 'x' where it is not associated with a value");
	assert_program_raises("nothing", PyExc_NameError, "name 'nothing' is not defined");
	assert_program_raises("a, b = 1, 2, 3", PyExc_ValueError,
			      "too many values to unpack (expected 2)");
	assert_program_raises("a, *b, c = [1]", PyExc_ValueError,
			      "not enough values to unpack (expected at least 2, got 1)");
	assert_program_raises("raise 5", PyExc_TypeError,
			      "exceptions must derive from BaseException");
}

static void test_recursion_ends(void **state)
{
	assert_program_raises("def f(): f()\nf()", PyExc_RecursionError,
			      "maximum recursion depth exceeded");
	/* Whatever the limit, the C stack decides. */
	assert_result("import sys\n"
		      "sys.setrecursionlimit(10 ** 9)\n"
		      "def f(): f()\n"
		      "try: f()\n"
		      "except RecursionError as e: result = str(e)\n"
		      "sys.setrecursionlimit(1000)\n",
		      "'maximum recursion depth exceeded'");
}

static void test_frames_are_linked_while_they_run(void **state)
{
	assert_result("import sys\n"
		      "def inner(): return sys._getframe()\n"
		      "def outer(): return inner()\n"
		      "f = outer()\n"
		      "result = f.f_code.co_name, f.f_back.f_code.co_name, f.f_back.f_lineno\n",
		      "('inner', 'outer', 3)");
	assert_null(PyThreadState_Get()->frame);
	assert_int_equal(PyThreadState_Get()->recursion_depth, 0);
}

/* The slot is where the layout says: at a fixed distance from the CFA of every eval call. */
static void test_slot_is_measured(void **state)
{
	ptrdiff_t slot = _PyEval_MeasureSlot();

	assert_true(slot > 0 && slot < 4096);
	assert_int_equal(_PyEval_MeasureSlot(), slot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_expressions),
		cmocka_unit_test(test_loops_and_jumps),
		cmocka_unit_test(test_exceptions_and_with),
		cmocka_unit_test(test_recursion_ends),
		cmocka_unit_test(test_frames_are_linked_while_they_run),
		cmocka_unit_test(test_slot_is_measured),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
