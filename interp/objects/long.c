/* SPDX-License-Identifier: BSD-2-Clause */
/* int objects: how they are made, and how they become C numbers. */
#include "objects/long_priv.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"

#include <float.h>
#include <limits.h>
#include <math.h>

int _PyLong_max_str_digits = _PY_LONG_DEFAULT_MAX_STR_DIGITS;

/* One-limb objects waiting to be used again, linked through ob_type. */
static PyLongObject *free_list;
static int free_count;
enum { FREE_MAX = PY_FREE_MAX(256) };

static struct small_int {
	PyObject_VAR_HEAD uint64_t limb;
} small_ints[LONG_SMALL_MAX - LONG_SMALL_MIN + 1];

/* Before main, so that no order of initialisation can matter. */
__attribute__((constructor)) static void fill_small_ints(void)
{
	for (int v = LONG_SMALL_MIN; v <= LONG_SMALL_MAX; v++) {
		struct small_int *s = &small_ints[v - LONG_SMALL_MIN];

		s->ob_refcnt = Py_STATIC_REFCNT;
		s->ob_type = &PyLong_Type;
		s->ob_size = (v > 0) - (v < 0);
		s->limb = (uint64_t)(v < 0 ? -v : v);
	}
}

static PyObject *small_int(int64_t v)
{
	return Py_NewRef(&small_ints[v - LONG_SMALL_MIN]);
}

PyObject *_PyLong_Zero(void)
{
	return (PyObject *)&small_ints[-LONG_SMALL_MIN];
}

PyObject *_PyLong_One(void)
{
	return (PyObject *)&small_ints[1 - LONG_SMALL_MIN];
}

PyLongObject *_PyLong_Alloc(Py_ssize_t n)
{
	PyLongObject *v;

	if (n <= 1 && free_list) {
		v = free_list;
		free_list = (PyLongObject *)v->ob_type;
		free_count--;
	} else {
		if (n > (PY_SSIZE_T_MAX >> 6)) {
			PyErr_SetString(PyExc_OverflowError, "too many digits in integer");
			return NULL;
		}
		v = PyObject_Malloc(sizeof(PyLongObject) + (size_t)(n ? n : 1) * sizeof(uint64_t));
		if (!v) {
			PyErr_NoMemory();
			return NULL;
		}
	}
	v->ob_type = &PyLong_Type;
	_Py_NewReference((PyObject *)v);
	v->ob_size = n;
	if (n == 0)
		v->ob_limb[0] = 0;
	return v;
}

void _PyLong_Dealloc(PyObject *o)
{
	if (PyLong_CheckExact(o) && LONG_NLIMBS(o) <= 1 && free_count < FREE_MAX) {
		o->ob_type = (PyTypeObject *)free_list;
		free_list = (PyLongObject *)o;
		free_count++;
		return;
	}
	Py_TYPE(o)->tp_free(o);
}

PyObject *_PyLong_Finish(PyLongObject *v, Py_ssize_t n, bool negative)
{
	while (n > 0 && v->ob_limb[n - 1] == 0)
		n--;
	if (n <= 1) {
		uint64_t limb = n ? v->ob_limb[0] : 0;

		if (limb <= (negative ? (uint64_t)-LONG_SMALL_MIN : (uint64_t)LONG_SMALL_MAX)) {
			/* What was allocated larger must not enter the list of one-limb objects: it
			 * may, being no smaller. */
			v->ob_size = n;
			Py_DECREF(v);
			return small_int(negative ? -(int64_t)limb : (int64_t)limb);
		}
	}
	v->ob_size = negative ? -n : n;
	return (PyObject *)v;
}

PyObject *_PyLong_FromUint64(uint64_t limb, bool negative)
{
	PyLongObject *v;

	if (limb <= (negative ? (uint64_t)-LONG_SMALL_MIN : (uint64_t)LONG_SMALL_MAX))
		return small_int(negative ? -(int64_t)limb : (int64_t)limb);
	v = _PyLong_Alloc(1);
	if (!v)
		return NULL;
	v->ob_limb[0] = limb;
	v->ob_size = negative ? -1 : 1;
	return (PyObject *)v;
}

PyObject *_PyLong_FromInt64(int64_t v)
{
	if (v >= LONG_SMALL_MIN && v <= LONG_SMALL_MAX)
		return small_int(v);
	return _PyLong_FromUint64(v < 0 ? -(uint64_t)v : (uint64_t)v, v < 0);
}

PyObject *PyLong_FromLong(long v)
{
	return _PyLong_FromInt64(v);
}

PyObject *PyLong_FromLongLong(long long v)
{
	return _PyLong_FromInt64(v);
}

PyObject *PyLong_FromSsize_t(Py_ssize_t v)
{
	return _PyLong_FromInt64(v);
}

PyObject *PyLong_FromUnsignedLong(unsigned long v)
{
	return _PyLong_FromUint64(v, false);
}

PyObject *PyLong_FromUnsignedLongLong(unsigned long long v)
{
	return _PyLong_FromUint64(v, false);
}

PyObject *PyLong_FromSize_t(size_t v)
{
	return _PyLong_FromUint64(v, false);
}

PyObject *PyLong_FromVoidPtr(const void *p)
{
	return _PyLong_FromUint64((uintptr_t)p, false);
}

PyObject *_PyLong_FromMpz(const mpz_t z)
{
	size_t n = mpz_size(z);
	PyLongObject *v = _PyLong_Alloc((Py_ssize_t)n);

	if (!v)
		return NULL;
	memcpy(v->ob_limb, mpz_limbs_read(z), n * sizeof(uint64_t));
	return _PyLong_Finish(v, (Py_ssize_t)n, mpz_sgn(z) < 0);
}

PyObject *PyLong_FromDouble(double d)
{
	PyLongObject *v;
	double mantissa;
	int exp;
	uint64_t bits;
	Py_ssize_t n;

	if (isinf(d)) {
		PyErr_SetString(PyExc_OverflowError, "cannot convert float infinity to integer");
		return NULL;
	}
	if (isnan(d)) {
		PyErr_SetString(PyExc_ValueError, "cannot convert float NaN to integer");
		return NULL;
	}
	if (fabs(d) < 9.2e18)
		return _PyLong_FromInt64((int64_t)d);
	mantissa = frexp(fabs(d), &exp); /* exp > 62 */
	bits = (uint64_t)ldexp(mantissa, 64);
	n = (exp + 63) / 64;
	v = _PyLong_Alloc(n);
	if (!v)
		return NULL;
	memset(v->ob_limb, 0, (size_t)n * sizeof(uint64_t));
	if (exp < 64) {
		v->ob_limb[0] = bits >> (64 - exp);
	} else {
		Py_ssize_t limb = (exp - 64) / 64;
		int shift = (exp - 64) % 64;

		v->ob_limb[limb] = bits << shift;
		if (shift)
			v->ob_limb[limb + 1] = bits >> (64 - shift);
	}
	return _PyLong_Finish(v, n, d < 0);
}

PyObject *_PyLong_New(PyObject *from, PyTypeObject *type)
{
	Py_ssize_t n = LONG_NLIMBS(from);
	PyLongObject *v;

	if (type == &PyLong_Type && PyLong_CheckExact(from))
		return Py_NewRef(from);
	if (type == &PyLong_Type && n <= 1)
		return _PyLong_FromUint64(LONG_LIMBS(from)[0], LONG_IS_NEG(from));
	v = type == &PyLong_Type ? _PyLong_Alloc(n) : (PyLongObject *)type->tp_alloc(type, n);
	if (!v)
		return NULL;
	v->ob_size = Py_SIZE(from);
	memcpy(v->ob_limb, LONG_LIMBS(from), (size_t)(n ? n : 1) * sizeof(uint64_t));
	return (PyObject *)v;
}

int _PyLong_CheckScratch(Py_ssize_t limbs)
{
	void *p;

	if (limbs < 4096)
		return 0;
	if (limbs > PY_SSIZE_T_MAX / 64 || !(p = PyMem_Malloc((size_t)limbs * 32))) {
		PyErr_NoMemory();
		return -1;
	}
	PyMem_Free(p);
	return 0;
}

/* -- To C numbers ------------------------------------------------------------------------------ */

/* A new reference to the int that o is or stands for. */
static PyObject *as_long(PyObject *o)
{
	if (!o) {
		PyErr_BadInternalCall();
		return NULL;
	}
	return PyLong_Check(o) ? Py_NewRef(o) : PyNumber_Index(o);
}

/* 0 and *ret, or -1 / 1 for below / above the range of int64. */
static int to_int64(PyObject *v, int64_t *ret)
{
	uint64_t limb = LONG_LIMBS(v)[0];

	if (_PyLong_GetInt64(v, ret))
		return 0;
	if (Py_SIZE(v) == -1 && limb == (uint64_t)1 << 63) {
		*ret = INT64_MIN;
		return 0;
	}
	return LONG_IS_NEG(v) ? -1 : 1;
}

long long PyLong_AsLongLongAndOverflow(PyObject *o, int *overflow)
{
	PyObject *v;
	int64_t ret = 0;

	*overflow = 0;
	if (PyLong_Check(o) && _PyLong_GetInt64(o, &ret))
		return ret;
	v = as_long(o);
	if (!v)
		return -1;
	*overflow = to_int64(v, &ret);
	Py_DECREF(v);
	return *overflow ? -1 : ret;
}

long PyLong_AsLongAndOverflow(PyObject *o, int *overflow)
{
	return (long)PyLong_AsLongLongAndOverflow(o, overflow);
}

static int64_t as_int64(PyObject *o, const char *c_type)
{
	int overflow;
	int64_t v = PyLong_AsLongLongAndOverflow(o, &overflow);

	if (overflow)
		PyErr_Format(PyExc_OverflowError, "Python int too large to convert to C %s",
			     c_type);
	return v;
}

long PyLong_AsLong(PyObject *o)
{
	return as_int64(o, "long");
}

long long PyLong_AsLongLong(PyObject *o)
{
	return as_int64(o, "long long");
}

int _PyLong_AsInt(PyObject *o)
{
	int overflow;
	int64_t v = PyLong_AsLongLongAndOverflow(o, &overflow);

	if (overflow || v > INT_MAX || v < INT_MIN) {
		PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C int");
		return -1;
	}
	return (int)v;
}

Py_ssize_t PyLong_AsSsize_t(PyObject *o)
{
	if (!o) {
		PyErr_BadInternalCall();
		return -1;
	}
	if (!PyLong_Check(o)) {
		PyErr_SetString(PyExc_TypeError, "an integer is required");
		return -1;
	}
	return as_int64(o, "ssize_t");
}

static uint64_t as_uint64(PyObject *o, const char *c_type)
{
	if (!o) {
		PyErr_BadInternalCall();
		return UINT64_MAX;
	}
	if (!PyLong_Check(o)) {
		PyErr_SetString(PyExc_TypeError, "an integer is required");
		return UINT64_MAX;
	}
	if (LONG_IS_NEG(o)) {
		PyErr_Format(PyExc_OverflowError, "can't convert negative value to %s",
			     strcmp(c_type, "size_t") ? "unsigned int" : "size_t");
		return UINT64_MAX;
	}
	if (Py_SIZE(o) > 1) {
		PyErr_Format(PyExc_OverflowError, "Python int too large to convert to C %s",
			     c_type);
		return UINT64_MAX;
	}
	return LONG_LIMBS(o)[0];
}

size_t PyLong_AsSize_t(PyObject *o)
{
	return as_uint64(o, "size_t");
}

unsigned long PyLong_AsUnsignedLong(PyObject *o)
{
	return as_uint64(o, "unsigned long");
}

unsigned long long PyLong_AsUnsignedLongLong(PyObject *o)
{
	return as_uint64(o, "unsigned long long");
}

unsigned long long PyLong_AsUnsignedLongLongMask(PyObject *o)
{
	PyObject *v = as_long(o);
	uint64_t ret;

	if (!v)
		return UINT64_MAX;
	ret = LONG_LIMBS(v)[0];
	if (LONG_IS_NEG(v))
		ret = -ret;
	Py_DECREF(v);
	return ret;
}

unsigned long PyLong_AsUnsignedLongMask(PyObject *o)
{
	return PyLong_AsUnsignedLongLongMask(o);
}

void *PyLong_AsVoidPtr(PyObject *o)
{
	if (PyLong_Check(o) && LONG_IS_NEG(o))
		return (void *)(intptr_t)PyLong_AsLong(o);
	return (void *)(uintptr_t)as_uint64(o, "unsigned long");
}

int _PyLong_Sign(PyObject *v)
{
	return (Py_SIZE(v) > 0) - (Py_SIZE(v) < 0);
}

size_t _PyLong_NumBits(PyObject *v)
{
	Py_ssize_t n = LONG_NLIMBS(v);

	if (n == 0)
		return 0;
	return (size_t)n * 64 - (size_t)__builtin_clzll(LONG_LIMBS(v)[n - 1]);
}

uint64_t _PyLong_Top64(PyObject *v, bool *sticky, int64_t *exp)
{
	const uint64_t *limbs = LONG_LIMBS(v);
	Py_ssize_t n = LONG_NLIMBS(v);
	int shift = __builtin_clzll(limbs[n - 1]);
	uint64_t top = limbs[n - 1] << shift;

	*exp = (int64_t)(n - 1) * 64 - shift;
	*sticky = false;
	if (n > 1 && shift) {
		top |= limbs[n - 2] >> (64 - shift);
		*sticky = limbs[n - 2] << shift != 0;
	} else if (n > 1) {
		*sticky = limbs[n - 2] != 0;
	}
	for (Py_ssize_t i = 0; i < n - 2 && !*sticky; i++)
		*sticky = limbs[i] != 0;
	return top;
}

double _PyLong_RoundToDouble(uint64_t mantissa, bool sticky, int64_t exp)
{
	int64_t drop = 64 - DBL_MANT_DIG; /* bits that a double has no room for */
	uint64_t kept, half, rest;

	if (mantissa == 0)
		return 0.0;
	if (exp + drop < DBL_MIN_EXP - DBL_MANT_DIG)
		drop = DBL_MIN_EXP - DBL_MANT_DIG - exp; /* subnormal */
	if (exp > DBL_MAX_EXP)
		return INFINITY;
	if (drop > 64)
		return 0.0;
	half = (uint64_t)1 << (drop - 1);
	kept = drop == 64 ? 0 : mantissa >> drop;
	rest = drop == 64 ? mantissa : mantissa & ((half << 1) - 1);
	if (rest > half || (rest == half && (sticky || (kept & 1))))
		kept++;
	return ldexp((double)kept, (int)(exp + drop));
}

double PyLong_AsDouble(PyObject *o)
{
	int64_t small, exp;
	bool sticky;
	uint64_t top;
	double d;

	if (!o) {
		PyErr_BadInternalCall();
		return -1.0;
	}
	if (!PyLong_Check(o)) {
		PyErr_SetString(PyExc_TypeError, "an integer is required");
		return -1.0;
	}
	if (_PyLong_GetInt64(o, &small))
		return (double)small;
	top = _PyLong_Top64(o, &sticky, &exp);
	d = _PyLong_RoundToDouble(top, sticky, exp);
	if (isinf(d)) {
		PyErr_SetString(PyExc_OverflowError, "int too large to convert to float");
		return -1.0;
	}
	return LONG_IS_NEG(o) ? -d : d;
}

double _PyLong_Frexp(PyObject *v, Py_ssize_t *e)
{
	int64_t exp;
	uint64_t top;
	bool sticky;
	double d;
	int de;

	*e = 0;
	if (Py_SIZE(v) == 0)
		return 0.0;
	top = _PyLong_Top64(v, &sticky, &exp);
	d = _PyLong_RoundToDouble(top, sticky, -64);
	d = frexp(d, &de);
	*e = exp + 64 + de;
	return LONG_IS_NEG(v) ? -d : d;
}

/* -- Bytes ------------------------------------------------------------------------------------- */
PyObject *_PyLong_FromByteArray(const unsigned char *bytes, size_t n, bool little_endian,
				bool is_signed)
{
	Py_ssize_t limbs = (Py_ssize_t)(n / 8 + (n % 8 != 0));
	bool negative = n && is_signed && bytes[little_endian ? n - 1 : 0] & 0x80;
	PyLongObject *v = _PyLong_Alloc(limbs);

	if (!v)
		return NULL;
	memset(v->ob_limb, negative ? 0xff : 0, (size_t)(limbs ? limbs : 1) * 8);
	for (size_t i = 0; i < n; i++) {
		unsigned char byte = bytes[little_endian ? i : n - 1 - i];

		((unsigned char *)v->ob_limb)[i] = byte;
	}
	if (negative)
		mpn_neg(v->ob_limb, v->ob_limb, limbs);
	return _PyLong_Finish(v, limbs, negative);
}

int _PyLong_AsByteArray(PyObject *v, unsigned char *bytes, size_t n, bool little_endian,
			bool is_signed)
{
	Py_ssize_t limbs = LONG_NLIMBS(v);
	const uint64_t *limb = LONG_LIMBS(v);
	size_t bits = _PyLong_NumBits(v);
	bool negative = LONG_IS_NEG(v), fits;
	unsigned carry = 1;

	if (negative && !is_signed) {
		PyErr_SetString(PyExc_OverflowError, "can't convert negative int to unsigned");
		return -1;
	}
	if (negative && bits == 8 * n && n && mpn_scan1(limb, 0) == bits - 1)
		fits = true; /* -2^(8n-1) */
	else
		fits = bits + is_signed <= 8 * n || bits == 0;
	if (!fits) {
		PyErr_SetString(PyExc_OverflowError, "int too big to convert");
		return -1;
	}
	for (size_t i = 0; i < n; i++) {
		unsigned byte =
			(Py_ssize_t)(i / 8) < limbs ? (limb[i / 8] >> (i % 8 * 8)) & 0xff : 0;

		if (negative) {
			byte = (~byte & 0xff) + carry;
			carry = byte >> 8;
		}
		bytes[little_endian ? i : n - 1 - i] = (unsigned char)byte;
	}
	return 0;
}
