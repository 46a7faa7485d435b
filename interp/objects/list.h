/* SPDX-License-Identifier: BSD-2-Clause */
/* list: an array of references that grows by an eighth. */
#ifndef MINIPY_OBJECTS_LIST_H
#define MINIPY_OBJECTS_LIST_H

#include "core/object.h"

typedef struct {
	PyObject_VAR_HEAD PyObject **ob_item;
	Py_ssize_t allocated; /* slots at ob_item; -1 while the list is being sorted */
} PyListObject;

extern PyTypeObject PyList_Type;
#define PyList_Check(o)          PyType_HasFeature(Py_TYPE(o), Py_TPFLAGS_LIST_SUBCLASS)
#define PyList_CheckExact(o)     Py_IS_TYPE(o, &PyList_Type)
#define PyList_GET_SIZE(o)       Py_SIZE(o)
#define PyList_GET_ITEM(o, i)    (((PyListObject *)(o))->ob_item[i])
#define PyList_SET_ITEM(o, i, v) ((void)(((PyListObject *)(o))->ob_item[i] = (v)))

PyObject *PyList_New(Py_ssize_t n); /* items NULL, to be set before anybody sees the list */
Py_ssize_t PyList_Size(PyObject *o);
PyObject *PyList_GetItem(PyObject *o, Py_ssize_t i);           /* borrowed */
int PyList_SetItem(PyObject *o, Py_ssize_t i, PyObject *item); /* steals item, also on error */
int PyList_Insert(PyObject *o, Py_ssize_t i, PyObject *item);
int PyList_Append(PyObject *o, PyObject *item);
int _PyList_AppendSteal(PyObject *o, PyObject *item); /* steals item, also on error */
PyObject *PyList_GetSlice(PyObject *o, Py_ssize_t low, Py_ssize_t high);
int PyList_SetSlice(PyObject *o, Py_ssize_t low, Py_ssize_t high, PyObject *items);
int PyList_Sort(PyObject *o);
int PyList_Reverse(PyObject *o);
PyObject *PyList_AsTuple(PyObject *o);
PyObject *_PyList_Extend(PyObject *o, PyObject *iterable);              /* new None or NULL */
PyObject *_PyList_FromArraySteal(PyObject *const *items, Py_ssize_t n); /* takes the items */

#endif
