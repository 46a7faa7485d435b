/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

#include "objects/range.h"

static PyObject *range(const char *start, const char *stop, const char *step)
{
	PyObject *a = PyLong_FromString(start, NULL, 10), *b = PyLong_FromString(stop, NULL, 10);
	PyObject *c = PyLong_FromString(step, NULL, 10);
	PyObject *r = PyObject_CallFunctionObjArgs((PyObject *)&PyRange_Type, a, b, c, NULL);

	Py_DECREF(a);
	Py_DECREF(b);
	Py_DECREF(c);
	return r;
}

static void edges_of_int64(void **state)
{
	PyObject *r = range("-9223372036854775807", "9223372036854775807", "1"), *it;

	assert_repr(Py_NewRef(((PyRangeObject *)r)->length), "18446744073709551614");
	assert_int_equal(PyObject_Size(r), -1);
	assert_raised(PyExc_OverflowError, NULL);
	Py_DECREF(r);
	r = range("9223372036854775806", "9223372036854775809", "1");
	it = PyObject_GetIter(r);
	assert_ptr_equal(Py_TYPE(it), &PyLongRangeIter_Type);
	Py_DECREF(it);
	assert_repr(PySequence_List(r),
		    "[9223372036854775806, 9223372036854775807, 9223372036854775808]");
	Py_DECREF(r);
	r = range("5", "0", "-2");
	it = PyObject_GetIter(r);
	assert_ptr_equal(Py_TYPE(it), &PyRangeIter_Type);
	Py_DECREF(it);
	assert_repr(PySequence_List(r), "[5, 3, 1]");
	Py_DECREF(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(edges_of_int64),
	};

	return cmocka_run_group_tests(tests, world_setup, NULL);
}
