/* SPDX-License-Identifier: BSD-2-Clause */
/* memoryview: a window, of one dimension, on the bytes of a bytes or bytearray object. */
#ifndef MINIPY_OBJECTS_MEMORYVIEW_H
#define MINIPY_OBJECTS_MEMORYVIEW_H

#include "core/object.h"

extern PyTypeObject PyMemoryView_Type;
#define PyMemoryView_Check(o) Py_IS_TYPE(o, &PyMemoryView_Type)

PyObject *PyMemoryView_FromObject(PyObject *o); /* TypeError when o is not bytes-like */
/* The bytes seen when they stand in a row; false, without an error, when not, or once released. */
bool _PyMemoryView_View(PyObject *o, const char **data, Py_ssize_t *n);

#endif
