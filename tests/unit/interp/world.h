/* SPDX-License-Identifier: BSD-2-Clause */
/* What every test of objects starts with: the runtime and all types, once a program. */
#ifndef MINIPY_TESTS_WORLD_H
#define MINIPY_TESTS_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/errors.h"
#include "core/state.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/dict.h"
#include "objects/exceptions.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/names.h"
#include "objects/objects.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/unicode.h"

static inline int world_setup(void **state)
{
	return _PyRuntime_Init() < 0 || _PyObjects_Init() < 0 ? -1 : 0;
}

/* The pending exception must be of the type, its text the one given (NULL: any); it is cleared. */
static inline void assert_raised(PyObject *type, const char *text)
{
	PyObject *exc = PyErr_GetRaisedException(), *s;

	assert_non_null(exc);
	assert_string_equal(Py_TYPE(exc)->tp_name, ((PyTypeObject *)type)->tp_name);
	s = PyObject_Str(exc);
	assert_non_null(s);
	if (text)
		assert_string_equal(PyUnicode_AsUTF8(s), text);
	Py_DECREF(s);
	Py_DECREF(exc);
}

/* o (stolen) must be a str or repr() as the text. */
static inline void assert_repr(PyObject *o, const char *text)
{
	PyObject *r;

	if (!o && PyErr_Occurred())
		assert_raised((PyObject *)&PyBaseObject_Type, NULL);
	assert_non_null(o);
	r = PyObject_Repr(o);
	assert_non_null(r);
	assert_string_equal(PyUnicode_AsUTF8(r), text);
	Py_DECREF(r);
	Py_DECREF(o);
}

/* type(name, (base,), {}) */
static inline PyObject *new_class(const char *name, PyObject *base)
{
	PyObject *args = PyTuple_New(3), *cls;

	PyTuple_SET_ITEM(args, 0, PyUnicode_FromString(name));
	PyTuple_SET_ITEM(args, 1, PyTuple_Pack(1, base));
	PyTuple_SET_ITEM(args, 2, PyDict_New());
	assert_int_equal(
		PyDict_SetItem(PyTuple_GET_ITEM(args, 2), _Py_ID(__module__), _Py_ID(__main__)), 0);
	cls = PyObject_Call((PyObject *)&PyType_Type, args, NULL);
	Py_DECREF(args);
	assert_non_null(cls);
	return cls;
}

#endif
