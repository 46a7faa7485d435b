/* SPDX-License-Identifier: BSD-2-Clause */
/* What int's files share. Arithmetic is GMP's mpn layer over the limbs. */
#ifndef MINIPY_OBJECTS_LONG_PRIV_H
#define MINIPY_OBJECTS_LONG_PRIV_H

#include "objects/long.h"

#include <gmp.h>

_Static_assert(sizeof(mp_limb_t) == 8 && GMP_NAIL_BITS == 0, "limbs are whole 64-bit words");

#define LONG_LIMBS(o)  (((PyLongObject *)(o))->ob_limb)
#define LONG_NLIMBS(o) (Py_SIZE(o) < 0 ? -Py_SIZE(o) : Py_SIZE(o))
#define LONG_IS_NEG(o) (Py_SIZE(o) < 0)

enum { LONG_SMALL_MIN = _PyLong_SMALL_MIN, LONG_SMALL_MAX = _PyLong_SMALL_MAX };

/* Limbs not set, except that limb 0 of n == 0 is 0; ob_size n. */
PyLongObject *_PyLong_Alloc(Py_ssize_t n);
/* Strips leading zero limbs of the n at v, gives it its sign; small values become the cached
 * objects. Steals v, which is exclusively ours. */
PyObject *_PyLong_Finish(PyLongObject *v, Py_ssize_t n, bool negative);
void _PyLong_Dealloc(PyObject *o);
PyObject *_PyLong_FromInt64(int64_t v);
PyObject *_PyLong_FromUint64(uint64_t v, bool negative);
PyObject *_PyLong_FromMpz(const mpz_t z);
/* GMP aborts when its scratch memory cannot be had: asks for as much first. */
int _PyLong_CheckScratch(Py_ssize_t limbs);
/* mantissa (top bit set, or 0) * 2^exp, sticky = anything lost below; half to even. Infinite on
 * overflow. */
double _PyLong_RoundToDouble(uint64_t mantissa, bool sticky, int64_t exp);
/* The top 64 bits of v's magnitude; *exp so that v ~ result * 2^exp. v != 0. */
uint64_t _PyLong_Top64(PyObject *v, bool *sticky, int64_t *exp);

PyObject *_PyLong_Lshift(PyObject *a, size_t bits);
PyObject *_PyLong_Rshift(PyObject *a, size_t bits);
PyObject *_PyLong_Power(PyObject *a, PyObject *b, PyObject *mod);
PyObject *_PyLong_TrueDivide(PyObject *a, PyObject *b);
enum long_bitop { LONG_AND, LONG_OR, LONG_XOR };
PyObject *_PyLong_Bitwise(PyObject *a, enum long_bitop op, PyObject *b);
PyObject *_PyLong_Negate(PyObject *a);
Py_hash_t _PyLong_Hash(PyObject *o);
PyObject *_PyLong_Round(PyObject *self, PyObject *ndigits);

#endif
