/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

#include "vm/frame.h"

static void test_attributes(void **state)
{
	assert_result(
		"import sys\n"
		"def f(a, b=2):\n"
		"    c = lambda: a\n"
		"    return sys._getframe()\n"
		"fr = f(1)\n"
		"result = fr.f_lineno, sorted(fr.f_locals), fr.f_locals['a'], fr.f_lasti > 0, "
		"fr.f_globals is globals(), fr.f_back.f_code.co_name",
		"(4, ['a', 'b', 'c'], 1, True, True, '<module>')");
}

static void test_kept_frame_keeps_its_values(void **state)
{
	assert_result("import sys\n"
		      "def f(n):\n"
		      "    data = [n]\n"
		      "    return sys._getframe()\n"
		      "frames = [f(i) for i in range(5)]\n"
		      "for i in range(100): f(i)\n"
		      "result = [fr.f_locals['data'] for fr in frames]\n"
		      "frames[0].clear()\n"
		      "result.append(frames[0].f_locals)",
		      "[[0], [1], [2], [3], [4], {}]");
}

static void test_running_frame_cannot_be_cleared(void **state)
{
	assert_program_raises("import sys\nsys._getframe().clear()", PyExc_RuntimeError,
			      "cannot clear an executing frame");
}

/* A recycled frame starts clean. */
static void test_new_frame(void **state)
{
	PyObject *globals = program_run("def f(a):\n    b = a\n    return b\nf('x')\n");
	PyObject *f = PyDict_GetItemString(globals, "f");
	PyObject *code = PyObject_GetAttrString(f, "__code__");
	PyFrameObject *frame = PyFrame_New((PyCodeObject *)code, globals, globals, NULL);

	assert_non_null(frame);
	assert_null(frame->f_localsplus[0]);
	assert_null(frame->f_localsplus[1]);
	assert_null(frame->f_back);
	assert_int_equal(frame->f_lasti, -1);
	assert_int_equal(PyFrame_GetLineNumber(frame), 1);
	assert_ptr_equal(frame->f_stacktop, frame->f_localsplus + 2);
	Py_DECREF(frame);
	Py_DECREF(code);
	Py_DECREF(globals);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_kept_frame_keeps_its_values),
		cmocka_unit_test(test_running_frame_cannot_be_cleared),
		cmocka_unit_test(test_new_frame),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
