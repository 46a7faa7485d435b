/* SPDX-License-Identifier: BSD-2-Clause */
/* bytes: immutable, a NUL stands behind the last byte. */
#ifndef MINIPY_OBJECTS_BYTES_H
#define MINIPY_OBJECTS_BYTES_H

#include "core/object.h"

typedef struct {
	PyObject_VAR_HEAD Py_hash_t ob_shash; /* -1 = not yet computed */
	char ob_sval[];
} PyBytesObject;

extern PyTypeObject PyBytes_Type;
#define PyBytes_Check(o)      PyType_HasFeature(Py_TYPE(o), Py_TPFLAGS_BYTES_SUBCLASS)
#define PyBytes_CheckExact(o) Py_IS_TYPE(o, &PyBytes_Type)
#define PyBytes_AS_STRING(o)  (((PyBytesObject *)(o))->ob_sval)
#define PyBytes_GET_SIZE(o)   Py_SIZE(o)

PyObject *PyBytes_FromStringAndSize(const char *data, Py_ssize_t n); /* NULL data: not set */
PyObject *PyBytes_FromString(const char *text);
PyObject *PyBytes_FromFormat(const char *format, ...);
PyObject *PyBytes_FromObject(PyObject *o); /* bytes(o) of a bytes-like or an iterable of ints */
char *PyBytes_AsString(PyObject *o);
int PyBytes_AsStringAndSize(PyObject *o, char **data, Py_ssize_t *n);
Py_ssize_t PyBytes_Size(PyObject *o);
void PyBytes_Concat(PyObject **left, PyObject *right); /* *left is replaced; NULL on error */
int _PyBytes_Resize(PyObject **o, Py_ssize_t n);       /* only while nobody else holds it */
PyObject *PyBytes_Repr(PyObject *o, int smart_quotes);
PyObject *PyBytes_Join(PyObject *sep, PyObject *iterable);

/* The bytes of a bytes or bytearray object, valid while it is not changed. false: another type,
 * no error set. */
bool _PyBytes_View(PyObject *o, const char **data, Py_ssize_t *n);

#endif
