/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * int: sign and magnitude in 64-bit limbs, least significant first.
 *
 * Invariants: ob_size is the signed count of limbs, its sign the number's; the top limb is never 0;
 * zero has ob_size 0, and its first limb exists and is 0, so that ob_limb[0] may always be read.
 */
#ifndef MINIPY_OBJECTS_LONG_H
#define MINIPY_OBJECTS_LONG_H

#include "core/object.h"

typedef struct _longobject {
	PyObject_VAR_HEAD uint64_t ob_limb[];
} PyLongObject;

extern PyTypeObject PyLong_Type;
#define PyLong_Check(o)      PyType_HasFeature(Py_TYPE(o), Py_TPFLAGS_LONG_SUBCLASS)
#define PyLong_CheckExact(o) Py_IS_TYPE(o, &PyLong_Type)

/* The value when |value| < 2^63: the fast path of eval. */
static inline bool _PyLong_GetInt64(PyObject *o, int64_t *ret)
{
	Py_ssize_t n = Py_SIZE(o);
	uint64_t limb = ((PyLongObject *)o)->ob_limb[0];

	if ((size_t)(n + 1) > 2 || limb >> 63)
		return false;
	*ret = n * (int64_t)limb;
	return true;
}

/* The numbers that are never made anew. */
#define _PyLong_SMALL_MIN (-5)
#define _PyLong_SMALL_MAX 1023
#define _PyLong_IS_SMALL(v) \
	((uint64_t)(v)-_PyLong_SMALL_MIN <= _PyLong_SMALL_MAX - _PyLong_SMALL_MIN)

/* New references. */
PyObject *PyLong_FromLong(long v);
PyObject *PyLong_FromLongLong(long long v);
PyObject *PyLong_FromUnsignedLong(unsigned long v);
PyObject *PyLong_FromUnsignedLongLong(unsigned long long v);
PyObject *PyLong_FromSsize_t(Py_ssize_t v);
PyObject *PyLong_FromSize_t(size_t v);
PyObject *PyLong_FromVoidPtr(const void *p);
PyObject *PyLong_FromDouble(double v); /* truncates; OverflowError, ValueError for inf and nan */
/* Text in a base of 2 to 36, or 0 = by prefix. NUL-terminated; *end (may be NULL) gets where the
 * number stopped; with NULL the whole text must be the number. */
PyObject *PyLong_FromString(const char *text, char **end, int base);
PyObject *PyLong_FromUnicodeObject(PyObject *str, int base);
PyObject *_PyLong_FromBytes(const char *data, Py_ssize_t n, int base); /* data[n] is NUL */
PyObject *_PyLong_FromByteArray(const unsigned char *bytes, size_t n, bool little_endian,
				bool is_signed);
/* -1 with OverflowError when it does not fit. */
int _PyLong_AsByteArray(PyObject *v, unsigned char *bytes, size_t n, bool little_endian,
			bool is_signed);

/* -1 with the error set when o is no int or does not fit; __index__ is honoured. */
long PyLong_AsLong(PyObject *o);
long long PyLong_AsLongLong(PyObject *o);
long PyLong_AsLongAndOverflow(PyObject *o, int *overflow);
long long PyLong_AsLongLongAndOverflow(PyObject *o, int *overflow);
int _PyLong_AsInt(PyObject *o);
Py_ssize_t PyLong_AsSsize_t(PyObject *o);
size_t PyLong_AsSize_t(PyObject *o);
unsigned long PyLong_AsUnsignedLong(PyObject *o);
unsigned long long PyLong_AsUnsignedLongLong(PyObject *o);
unsigned long PyLong_AsUnsignedLongMask(PyObject *o);
unsigned long long PyLong_AsUnsignedLongLongMask(PyObject *o);
void *PyLong_AsVoidPtr(PyObject *o);
double PyLong_AsDouble(PyObject *o);
/* 0.5 <= |result| < 1 (or 0) and *e so that v = result * 2**e, rounded half to even. */
double _PyLong_Frexp(PyObject *v, Py_ssize_t *e);

int _PyLong_Sign(PyObject *v);
size_t _PyLong_NumBits(PyObject *v); /* bit_length() of any int */
int _PyLong_Compare(PyObject *a, PyObject *b);
/* Digits with sign and, when alternate, prefix; base 2 to 36. */
PyObject *_PyLong_Format(PyObject *v, int base);
PyObject *_PyLong_FormatPlain(PyObject *v, int base, bool prefix);
PyObject *_PyLong_Add(PyObject *a, PyObject *b); /* both ints; new int */
PyObject *_PyLong_Subtract(PyObject *a, PyObject *b);
PyObject *_PyLong_Multiply(PyObject *a, PyObject *b);
int _PyLong_DivMod(PyObject *a, PyObject *b, PyObject **quot, PyObject **rem); /* floor */
PyObject *_PyLong_GCD(PyObject *a, PyObject *b);
PyObject *_PyLong_Isqrt(PyObject *v); /* of an int that is not negative, rounded down */
/* round(v, -ndigits) and friends: *quot = a/b rounded half to even; rem = a - quot*b. */
int _PyLong_DivModNear(PyObject *a, PyObject *b, PyObject **quot, PyObject **rem);
PyObject *_PyLong_New(PyObject *copy_of, PyTypeObject *type);
PyObject *_PyLong_One(void);  /* borrowed */
PyObject *_PyLong_Zero(void); /* borrowed */

/* sys.set_int_max_str_digits(); 0 = no limit. */
extern int _PyLong_max_str_digits;
#define _PY_LONG_DEFAULT_MAX_STR_DIGITS   4300
#define _PY_LONG_MAX_STR_DIGITS_THRESHOLD 640

#endif
