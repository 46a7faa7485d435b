/* SPDX-License-Identifier: BSD-2-Clause */
/* None, NotImplemented, Ellipsis. */
#include "objects/none.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/dict.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

PyObject _Py_NoneStruct = {PyObject_HEAD_INIT(&_PyNone_Type)};
PyObject _Py_NotImplementedStruct = {PyObject_HEAD_INIT(&_PyNotImplemented_Type)};
PyObject _Py_EllipsisStruct = {PyObject_HEAD_INIT(&PyEllipsis_Type)};

/* Somebody has released one more reference than was taken: a bug, but no reason to free it. */
static void singleton_dealloc(PyObject *o)
{
	o->ob_refcnt = Py_STATIC_REFCNT;
}

static bool takes_nothing(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	if (!PyTuple_GET_SIZE(args) && (!kwargs || !PyDict_GET_SIZE(kwargs)))
		return true;
	PyErr_Format(PyExc_TypeError, "%s takes no arguments", type->tp_name);
	return false;
}

#define SINGLETON(prefix, object, text)                                                     \
	static PyObject *prefix##_repr(PyObject *o)                                         \
	{                                                                                   \
		return PyUnicode_FromString(text);                                          \
	}                                                                                   \
	static PyObject *prefix##_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) \
	{                                                                                   \
		return takes_nothing(type, args, kwargs) ? Py_NewRef(object) : NULL;        \
	}
SINGLETON(none, Py_None, "None")
SINGLETON(notimplemented, Py_NotImplemented, "NotImplemented")
SINGLETON(ellipsis, Py_Ellipsis, "Ellipsis")

static int none_bool(PyObject *o)
{
	return 0;
}

PyTypeObject _PyNone_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "NoneType",
	.tp_basicsize = sizeof(PyObject),
	.tp_dealloc = singleton_dealloc,
	.tp_repr = none_repr,
	.tp_new = none_new,
	.nb_bool = none_bool,
};

PyTypeObject _PyNotImplemented_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0), .tp_name = "NotImplementedType",
	.tp_basicsize = sizeof(PyObject),       .tp_dealloc = singleton_dealloc,
	.tp_repr = notimplemented_repr,         .tp_new = notimplemented_new,
};

PyTypeObject PyEllipsis_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "ellipsis",
	.tp_basicsize = sizeof(PyObject),
	.tp_dealloc = singleton_dealloc,
	.tp_repr = ellipsis_repr,
	.tp_new = ellipsis_new,
};
