/* SPDX-License-Identifier: BSD-2-Clause */
/* What bytes and bytearray share: every method that only reads. */
#ifndef MINIPY_OBJECTS_BYTES_PRIV_H
#define MINIPY_OBJECTS_BYTES_PRIV_H

#include "objects/bytearray.h"
#include "objects/bytes.h"

/* The bytes of a bytes or bytearray; a type that is neither: TypeError, false. */
bool _PyBytes_Need(PyObject *o, const char **data, Py_ssize_t *n);
/* A new object of self's kind: bytearray, else bytes. */
PyObject *_PyBytes_Like(PyObject *self, const char *data, Py_ssize_t n);
/* An int in range(256) as a byte; false with the error. */
bool _PyBytes_GetByte(PyObject *o, unsigned char *ret);
/* bytes(x), bytearray(x): source, encoding, errors (each may be NULL) as a new bytes object. */
PyObject *_PyBytes_FromArgs(PyObject *const *a, const char *fname);
/* o[start:stop:step] of n bytes at data, in self's kind. */
PyObject *_PyBytes_Slice(PyObject *self, const char *data, Py_ssize_t n, PyObject *slice);

PyObject *_PyBytes_RichCompare(PyObject *a, PyObject *b, int op);
int _PyBytes_Contains(PyObject *o, PyObject *arg);
PyObject *_PyBytes_Remainder(PyObject *format, PyObject *args);
/* -1: none. */
Py_ssize_t _PyBytes_Find(const char *data, Py_ssize_t n, const char *sub, Py_ssize_t m,
			 int direction);

/* Rows of the method tables of both types. */
enum { BYTES_METHOD_COUNT = 42 };

/* All of them and those of own, which ends with NULL; lives for ever. */
void _PyBytes_FillMethods(PyMethodDef *to, const PyMethodDef *own);

#endif
