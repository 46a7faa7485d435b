/* SPDX-License-Identifier: BSD-2-Clause */
/* bytearray: bytes that change; ob_start moves forward when bytes are removed in front. */
#ifndef MINIPY_OBJECTS_BYTEARRAY_H
#define MINIPY_OBJECTS_BYTEARRAY_H

#include "core/object.h"

typedef struct {
	PyObject_VAR_HEAD Py_ssize_t ob_alloc; /* bytes at ob_bytes */
	char *ob_bytes;                        /* the allocation, or NULL */
	char *ob_start;                        /* first byte in use */
	Py_ssize_t ob_exports;                 /* > 0: must not be resized */
} PyByteArrayObject;

extern PyTypeObject PyByteArray_Type, PyByteArrayIter_Type;
#define PyByteArray_Check(o)      PyObject_TypeCheck(o, &PyByteArray_Type)
#define PyByteArray_CheckExact(o) Py_IS_TYPE(o, &PyByteArray_Type)
extern char _PyByteArray_empty[];
#define PyByteArray_AS_STRING(o) \
	(Py_SIZE(o) ? ((PyByteArrayObject *)(o))->ob_start : _PyByteArray_empty)
#define PyByteArray_GET_SIZE(o) Py_SIZE(o)

PyObject *PyByteArray_FromStringAndSize(const char *data, Py_ssize_t n);
PyObject *PyByteArray_FromObject(PyObject *o);
char *PyByteArray_AsString(PyObject *o);
Py_ssize_t PyByteArray_Size(PyObject *o);
int PyByteArray_Resize(PyObject *o, Py_ssize_t n);

#endif
