/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

static void stop_iteration_carries_any_value(void **state)
{
	PyObject *const values[] = {Py_None, PyTuple_Pack(2, Py_True, Py_False),
				    PyObject_CallNoArgs(PyExc_ValueError), PyLong_FromLong(5)};

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		PyObject *got;

		_PyGen_SetStopIterationValue(values[i]);
		assert_true(PyErr_ExceptionMatches(PyExc_StopIteration));
		assert_int_equal(_PyGen_FetchStopIterationValue(&got), 0);
		assert_ptr_equal(got, values[i]);
		assert_null(PyErr_Occurred());
		Py_DECREF(got);
		Py_DECREF(values[i]);
	}
	PyErr_SetNone(PyExc_KeyError);
	assert_int_equal(_PyGen_FetchStopIterationValue(&(PyObject *){NULL}), -1);
	assert_raised(PyExc_KeyError, "");
}

static void groups_are_split(void **state)
{
	PyObject *a = PyObject_CallNoArgs(PyExc_ValueError);
	PyObject *b = PyObject_CallNoArgs(PyExc_TypeError), *list = PyTuple_Pack(2, a, b);
	PyObject *text = PyUnicode_FromString("m"), *match, *rest, *raised, *group;

	group = PyObject_CallFunctionObjArgs(PyExc_ExceptionGroup, text, list, NULL);
	assert_non_null(group);
	assert_int_equal(_PyExc_SplitGroup(group, PyExc_ValueError, &match, &rest), 0);
	raised = PyList_New(0);
	assert_int_equal(PyList_Append(raised, rest), 0);
	assert_repr(_PyExc_PrepReraiseStar(group, raised), "ExceptionGroup('m', [TypeError()])");
	Py_DECREF(raised);
	assert_repr(match, "ExceptionGroup('m', [ValueError()])");
	assert_repr(rest, "ExceptionGroup('m', [TypeError()])");
	assert_int_equal(_PyExc_SplitGroup(a, PyExc_ValueError, &match, &rest), 0);
	assert_true(Py_IsNone(rest));
	assert_repr(match, "ExceptionGroup('', (ValueError(),))");
	Py_DECREF(rest);
	Py_DECREF(a);
	Py_DECREF(b);
	Py_DECREF(list);
	Py_DECREF(text);
	Py_DECREF(group);
}

static void unicode_errors_say_where(void **state)
{
	PyObject *e = PyUnicodeDecodeError_Create("utf-8", "a\xff", 2, 1, 2, "invalid start byte");
	PyObject *s = PyObject_Str(e);

	assert_string_equal(PyUnicode_AsUTF8(s), "'utf-8' codec can't decode byte 0xff in position "
						 "1: invalid start byte");
	Py_DECREF(s);
	Py_DECREF(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stop_iteration_carries_any_value),
		cmocka_unit_test(groups_are_split),
		cmocka_unit_test(unicode_errors_say_where),
	};

	return cmocka_run_group_tests(tests, world_setup, NULL);
}
