/* SPDX-License-Identifier: BSD-2-Clause */
/* Fields of C structs as attributes. */
#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/descr.h"
#include "objects/float.h"
#include "objects/long.h"
#include "objects/unicode.h"

PyObject *PyMember_GetOne(const char *base, PyMemberDef *def)
{
	const void *p = base + def->offset;
	PyObject *o;

	switch (def->type) {
	case Py_T_INT: return PyLong_FromLong(*(const int *)p);
	case Py_T_UINT: return PyLong_FromUnsignedLong(*(const unsigned *)p);
	case Py_T_LONG: return PyLong_FromLong(*(const long *)p);
	case Py_T_PYSSIZET: return PyLong_FromSsize_t(*(const Py_ssize_t *)p);
	case Py_T_BOOL: return PyBool_FromLong(*(const char *)p);
	case Py_T_BYTE: return PyLong_FromLong(*(const signed char *)p);
	case Py_T_DOUBLE: return PyFloat_FromDouble(*(const double *)p);
	case Py_T_STRING:
		return *(const char *const *)p ? PyUnicode_FromString(*(const char *const *)p)
					       : Py_NewRef(Py_None);
	case Py_T_OBJECT: o = *(PyObject *const *)p; return Py_NewRef(o ? o : Py_None);
	case Py_T_OBJECT_EX:
		o = *(PyObject *const *)p;
		if (o)
			return Py_NewRef(o);
		return PyErr_Format(PyExc_AttributeError, "'%.200s' object has no attribute '%s'",
				    Py_TYPE(base)->tp_name, def->name);
	default: return PyErr_Format(PyExc_SystemError, "bad memberdescr type for %s", def->name);
	}
}

static int set_object(PyObject **p, PyMemberDef *def, PyObject *value)
{
	if (!value && def->type == Py_T_OBJECT_EX && !*p) {
		PyErr_SetString(PyExc_AttributeError, def->name);
		return -1;
	}
	Py_XINCREF(value);
	Py_XSETREF(*p, value);
	return 0;
}

int PyMember_SetOne(char *base, PyMemberDef *def, PyObject *value)
{
	void *p = base + def->offset;
	long n;

	if (def->flags & Py_READONLY) {
		PyErr_SetString(PyExc_AttributeError, "readonly attribute");
		return -1;
	}
	if (def->type == Py_T_OBJECT || def->type == Py_T_OBJECT_EX)
		return set_object(p, def, value);
	if (!value) {
		PyErr_SetString(PyExc_TypeError, "can't delete numeric/char attribute");
		return -1;
	}
	if (def->type == Py_T_BOOL) {
		if (!PyBool_Check(value)) {
			PyErr_SetString(PyExc_TypeError, "attribute value type must be bool");
			return -1;
		}
		*(char *)p = value == Py_True;
		return 0;
	}
	if (def->type == Py_T_DOUBLE) {
		double d = PyFloat_AsDouble(value);

		if (d == -1.0 && PyErr_Occurred())
			return -1;
		*(double *)p = d;
		return 0;
	}
	n = PyLong_AsLong(value);
	if (n == -1 && PyErr_Occurred())
		return -1;
	switch (def->type) {
	case Py_T_INT: *(int *)p = (int)n; return 0;
	case Py_T_UINT: *(unsigned *)p = (unsigned)n; return 0;
	case Py_T_LONG: *(long *)p = n; return 0;
	case Py_T_PYSSIZET: *(Py_ssize_t *)p = n; return 0;
	case Py_T_BYTE: *(signed char *)p = (signed char)n; return 0;
	default: PyErr_SetString(PyExc_TypeError, "readonly attribute"); return -1;
	}
}
