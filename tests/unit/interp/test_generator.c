/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

#include "vm/generator.h"

static void test_send_throw_close(void **state)
{
	assert_result("log = []\n"
		      "def g():\n"
		      "    try:\n"
		      "        while True:\n"
		      "            try: log.append((yield len(log)))\n"
		      "            except KeyError: log.append('key')\n"
		      "    finally: log.append('end')\n"
		      "i = g()\nnext(i)\ni.send('a')\ni.throw(KeyError)\ni.close()\nresult = log",
		      "['a', 'key', 'end']");
	assert_result("def inner():\n"
		      "    try: x = yield 1\n"
		      "    except ValueError: x = 'thrown'\n"
		      "    return x\n"
		      "def outer(): result.append((yield from inner()))\n"
		      "result = []\n"
		      "for how in 'send', 'throw':\n"
		      "    g = outer()\n    next(g)\n"
		      "    try: g.send('sent') if how == 'send' else g.throw(ValueError)\n"
		      "    except StopIteration: pass",
		      "['sent', 'thrown']");
}

static void test_ends_and_errors(void **state)
{
	assert_result("def g():\n    yield 1\n    return 2\n"
		      "i = g()\nnext(i)\n"
		      "try: next(i)\nexcept StopIteration as e: result = e.value, list(i)",
		      "(2, [])");
	assert_program_raises("def g():\n    yield\n    raise StopIteration\nlist(g())",
			      PyExc_RuntimeError, "generator raised StopIteration");
	assert_program_raises("def g():\n    yield\ng().send(1)", PyExc_TypeError,
			      "can't send non-None value to a just-started generator");
	assert_program_raises("def g():\n    next(me)\n    yield\nme = g()\nnext(me)",
			      PyExc_ValueError, "generator already executing");
	assert_program_raises("def g():\n"
			      "    try: yield\n"
			      "    except GeneratorExit: yield\n"
			      "i = g()\nnext(i)\ni.close()",
			      PyExc_RuntimeError, "generator ignored GeneratorExit");
}

static void test_dropped_one_runs_its_finally(void **state)
{
	assert_result("result = []\n"
		      "def g():\n"
		      "    try: yield\n"
		      "    finally: result.append('closed')\n"
		      "i = g()\nnext(i)\ndel i",
		      "['closed']");
}

static void test_handled_exception_is_its_own(void **state)
{
	assert_result("import sys\n"
		      "def g():\n"
		      "    try: raise KeyError\n"
		      "    except KeyError:\n"
		      "        yield type(sys.exception()).__name__\n"
		      "i = g()\n"
		      "inside = next(i)\n"
		      "result = inside, sys.exception()",
		      "('KeyError', None)");
}

static void test_suspended_frame_has_no_caller(void **state)
{
	PyObject *globals = program_run("def g():\n    x = 5\n    yield\ni = g()\nnext(i)");
	PyGenObject *gen = (PyGenObject *)PyDict_GetItemString(globals, "i");

	assert_true(PyGen_CheckExact(gen));
	assert_null(gen->gi_frame->f_back);
	assert_int_equal(gen->gi_frame->f_state, PY_FRAME_SUSPENDED);
	assert_int_equal(gen->gi_frame->f_owner, 1);
	Py_DECREF(globals);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_send_throw_close),
		cmocka_unit_test(test_ends_and_errors),
		cmocka_unit_test(test_dropped_one_runs_its_finally),
		cmocka_unit_test(test_handled_exception_is_its_own),
		cmocka_unit_test(test_suspended_frame_has_no_caller),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
