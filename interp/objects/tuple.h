/* SPDX-License-Identifier: BSD-2-Clause */
/* tuple: the references stand inside the object; the empty tuple is one static-like object. */
#ifndef MINIPY_OBJECTS_TUPLE_H
#define MINIPY_OBJECTS_TUPLE_H

#include "core/object.h"

typedef struct {
	PyObject_VAR_HEAD PyObject *ob_item[];
} PyTupleObject;

extern PyTypeObject PyTuple_Type;
#define PyTuple_Check(o)          PyType_HasFeature(Py_TYPE(o), Py_TPFLAGS_TUPLE_SUBCLASS)
#define PyTuple_CheckExact(o)     Py_IS_TYPE(o, &PyTuple_Type)
#define PyTuple_GET_SIZE(o)       Py_SIZE(o)
#define PyTuple_GET_ITEM(o, i)    (((PyTupleObject *)(o))->ob_item[i])
#define PyTuple_SET_ITEM(o, i, v) ((void)(((PyTupleObject *)(o))->ob_item[i] = (v)))

PyObject *PyTuple_New(Py_ssize_t n);       /* items NULL, to be set before anybody sees the tuple */
PyObject *PyTuple_Pack(Py_ssize_t n, ...); /* borrowed arguments */
Py_ssize_t PyTuple_Size(PyObject *o);
PyObject *PyTuple_GetItem(PyObject *o, Py_ssize_t i); /* borrowed */
int PyTuple_SetItem(PyObject *o, Py_ssize_t i, PyObject *item);
PyObject *PyTuple_GetSlice(PyObject *o, Py_ssize_t low, Py_ssize_t high);
PyObject *_PyTuple_FromArray(PyObject *const *items, Py_ssize_t n);
PyObject *_PyTuple_FromArraySteal(PyObject *const *items, Py_ssize_t n); /* also on error */
/* Of new references that were just made: NULL, and all released, when one of them is NULL. */
PyObject *_PyTuple_FromNew(PyObject *const *items, Py_ssize_t n);
#define _PyTuple_OF(...)                              \
	_PyTuple_FromNew((PyObject *[]){__VA_ARGS__}, \
			 sizeof((PyObject *[]){__VA_ARGS__}) / sizeof(PyObject *))
int _PyTuple_Resize(PyObject **o, Py_ssize_t n); /* only while nobody else holds it */

#endif
