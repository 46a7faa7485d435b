/* SPDX-License-Identifier: BSD-2-Clause */
/* int(), float(), list() and tuple() of any object. */
#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bytes.h"
#include "objects/call.h"
#include "objects/float.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/unicode.h"

PyObject *PySequence_List(PyObject *o)
{
	PyObject *list = PyList_New(0);
	PyObject *done = list ? _PyList_Extend(list, o) : NULL;

	if (!done)
		Py_CLEAR(list);
	Py_XDECREF(done);
	return list;
}

PyObject *PySequence_Tuple(PyObject *o)
{
	if (PyTuple_CheckExact(o))
		return Py_NewRef(o);
	PyObject *list = PyList_CheckExact(o) ? Py_NewRef(o) : PySequence_List(o);
	PyObject *tuple = list ? PyList_AsTuple(list) : NULL;

	Py_XDECREF(list);
	return tuple;
}

/* What a conversion method gave must be exactly the type (a subclass's value is taken over). */
static PyObject *checked_int(PyObject *value, const char *method)
{
	if (!value || PyLong_CheckExact(value))
		return value;
	PyObject *plain = NULL;

	if (PyLong_Check(value))
		plain = _PyLong_New(value, &PyLong_Type);
	else
		PyErr_Format(PyExc_TypeError, "%s returned non-int (type %.200s)", method,
			     Py_TYPE(value)->tp_name);
	Py_DECREF(value);
	return plain;
}

static PyObject *int_of_trunc(PyObject *method)
{
	PyObject *value = PyObject_CallNoArgs(method);

	if (value && !PyLong_Check(value)) {
		if (PyIndex_Check(value)) {
			Py_SETREF(value, PyNumber_Index(value));
			return value;
		}
		PyErr_Format(PyExc_TypeError, "__trunc__ returned non-Integral (type %.200s)",
			     Py_TYPE(value)->tp_name);
		Py_CLEAR(value);
	}
	return checked_int(value, "__trunc__");
}

/* int(b"12"): the digits of a bytes-like. */
static PyObject *int_of_bytes(PyObject *o, const char *data, Py_ssize_t n)
{
	char *end = NULL;
	PyObject *value = PyLong_FromString(data, &end, 10);

	if (value && end == data + n)
		return value;
	Py_XDECREF(value);
	PyErr_Format(PyExc_ValueError, "invalid literal for int() with base 10: %.200R", o);
	return NULL;
}

PyObject *PyNumber_Long(PyObject *o)
{
	PyObject *trunc;
	const char *data;
	Py_ssize_t n;

	if (PyLong_CheckExact(o))
		return Py_NewRef(o);
	if (Py_TYPE(o)->nb_int)
		return checked_int(Py_TYPE(o)->nb_int(o), "__int__");
	if (Py_TYPE(o)->nb_index)
		return checked_int(PyNumber_Index(o), "__index__");
	trunc = _PyObject_LookupSpecial(o, _Py_ID(__trunc__));
	if (trunc) {
		PyObject *value = int_of_trunc(trunc);

		Py_DECREF(trunc);
		return value;
	}
	if (PyErr_Occurred())
		return NULL;
	if (PyUnicode_Check(o))
		return PyLong_FromUnicodeObject(o, 10);
	if (_PyBytes_View(o, &data, &n))
		return int_of_bytes(o, data, n);
	return PyErr_Format(PyExc_TypeError,
			    "int() argument must be a string, a bytes-like object or a real "
			    "number, not '%.200s'",
			    Py_TYPE(o)->tp_name);
}

PyObject *PyNumber_Float(PyObject *o)
{
	if (PyFloat_CheckExact(o))
		return Py_NewRef(o);
	if (Py_TYPE(o)->nb_float) {
		PyObject *value = Py_TYPE(o)->nb_float(o);

		if (!value || PyFloat_CheckExact(value))
			return value;
		PyObject *plain = NULL;

		if (PyFloat_Check(value))
			plain = PyFloat_FromDouble(PyFloat_AS_DOUBLE(value));
		else
			PyErr_Format(PyExc_TypeError,
				     "%.50s.__float__ returned non-float (type %.50s)",
				     Py_TYPE(o)->tp_name, Py_TYPE(value)->tp_name);
		Py_DECREF(value);
		return plain;
	}
	if (Py_TYPE(o)->nb_index) {
		PyObject *index = PyNumber_Index(o);
		double v = index ? PyLong_AsDouble(index) : -1.0;

		Py_XDECREF(index);
		return v == -1.0 && PyErr_Occurred() ? NULL : PyFloat_FromDouble(v);
	}
	return PyFloat_FromString(o);
}
