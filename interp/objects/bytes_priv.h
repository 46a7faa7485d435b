/* SPDX-License-Identifier: BSD-2-Clause */
/* What bytes and bytearray share: every method that only reads. */
#ifndef MINIPY_OBJECTS_BYTES_PRIV_H
#define MINIPY_OBJECTS_BYTES_PRIV_H

#include "objects/bytearray.h"
#include "objects/bytes.h"

struct bytes_view {
	const char *p;
	Py_ssize_t n;
};

static inline struct bytes_view _PyBytes_ViewOf(PyObject *self)
{
	struct bytes_view v = {"", 0};

	_PyBytes_View(self, &v.p, &v.n);
	return v;
}

static inline bool _PyBytes_IsSpace(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The writable bytes of a fresh object of _PyBytes_Like. */
static inline char *_PyBytes_Contents(PyObject *o)
{
	return PyByteArray_Check(o) ? PyByteArray_AS_STRING(o) : PyBytes_AS_STRING(o);
}

/* Methods in byte_letters.c. METHOD(name): without arguments. */
#define BYTES_LETTER_METHODS(METHOD) \
	METHOD(capitalize)           \
	METHOD(isalnum)              \
	METHOD(isalpha)              \
	METHOD(isascii)              \
	METHOD(isdigit)              \
	METHOD(islower)              \
	METHOD(isspace)              \
	METHOD(istitle)              \
	METHOD(isupper)              \
	METHOD(lower)                \
	METHOD(swapcase)             \
	METHOD(title)                \
	METHOD(upper)
#define BYTES_DECLARE(name) PyObject *_PyBytes_##name(PyObject *self, PyObject *unused);
BYTES_LETTER_METHODS(BYTES_DECLARE)
#undef BYTES_DECLARE
PyObject *_PyBytes_decode(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
			  PyObject *kwnames);
PyObject *_PyBytes_hex(PyObject *self, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames);
PyObject *_PyBytes_fromhex(PyObject *type, PyObject *arg);

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
