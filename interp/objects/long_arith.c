/* SPDX-License-Identifier: BSD-2-Clause */
/* int arithmetic: every function takes two ints and has a way for one limb and one for many. */
#include "objects/long_priv.h"

#include "core/errors.h"
#include "objects/float.h"

#include <math.h>

int _PyLong_Compare(PyObject *a, PyObject *b)
{
	Py_ssize_t n = Py_SIZE(a), m = Py_SIZE(b);
	int cmp;

	if (n != m)
		return n < m ? -1 : 1;
	if (n == 0)
		return 0;
	cmp = mpn_cmp(LONG_LIMBS(a), LONG_LIMBS(b), LONG_NLIMBS(a));
	cmp = (cmp > 0) - (cmp < 0);
	return n < 0 ? -cmp : cmp;
}

static PyObject *add_magnitudes(PyObject *a, PyObject *b, bool negative)
{
	Py_ssize_t n = LONG_NLIMBS(a), m = LONG_NLIMBS(b);
	PyLongObject *v;

	if (n < m) {
		PyObject *t = a;
		Py_ssize_t k = n;

		a = b;
		b = t;
		n = m;
		m = k;
	}
	v = _PyLong_Alloc(n + 1);
	if (!v)
		return NULL;
	if (m == 0) {
		memcpy(v->ob_limb, LONG_LIMBS(a), (size_t)n * sizeof(uint64_t));
		v->ob_limb[n] = 0;
	} else {
		v->ob_limb[n] = mpn_add(v->ob_limb, LONG_LIMBS(a), n, LONG_LIMBS(b), m);
	}
	return _PyLong_Finish(v, n + 1, negative);
}

/* |a| - |b|, negated when negative. */
static PyObject *subtract_magnitudes(PyObject *a, PyObject *b, bool negative)
{
	Py_ssize_t n = LONG_NLIMBS(a), m = LONG_NLIMBS(b);
	int cmp = n != m ? (n < m ? -1 : 1) : n ? mpn_cmp(LONG_LIMBS(a), LONG_LIMBS(b), n) : 0;
	PyLongObject *v;

	if (cmp == 0)
		return Py_NewRef(_PyLong_Zero());
	if (cmp < 0) {
		PyObject *t = a;
		Py_ssize_t k = n;

		a = b;
		b = t;
		n = m;
		m = k;
		negative = !negative;
	}
	v = _PyLong_Alloc(n);
	if (!v)
		return NULL;
	if (m == 0)
		memcpy(v->ob_limb, LONG_LIMBS(a), (size_t)n * sizeof(uint64_t));
	else
		mpn_sub(v->ob_limb, LONG_LIMBS(a), n, LONG_LIMBS(b), m);
	return _PyLong_Finish(v, n, negative);
}

PyObject *_PyLong_Add(PyObject *a, PyObject *b)
{
	int64_t x, y, sum;

	if (_PyLong_GetInt64(a, &x) && _PyLong_GetInt64(b, &y) &&
	    !__builtin_add_overflow(x, y, &sum))
		return _PyLong_FromInt64(sum);
	if (LONG_IS_NEG(a) == LONG_IS_NEG(b))
		return add_magnitudes(a, b, LONG_IS_NEG(a));
	return subtract_magnitudes(a, b, LONG_IS_NEG(a));
}

PyObject *_PyLong_Subtract(PyObject *a, PyObject *b)
{
	int64_t x, y, diff;

	if (_PyLong_GetInt64(a, &x) && _PyLong_GetInt64(b, &y) &&
	    !__builtin_sub_overflow(x, y, &diff))
		return _PyLong_FromInt64(diff);
	if (LONG_IS_NEG(a) != LONG_IS_NEG(b))
		return add_magnitudes(a, b, LONG_IS_NEG(a));
	return subtract_magnitudes(a, b, LONG_IS_NEG(a));
}

PyObject *_PyLong_Multiply(PyObject *a, PyObject *b)
{
	int64_t x, y, product;
	Py_ssize_t n, m;
	PyLongObject *v;
	bool negative = LONG_IS_NEG(a) != LONG_IS_NEG(b);

	if (_PyLong_GetInt64(a, &x) && _PyLong_GetInt64(b, &y) &&
	    !__builtin_mul_overflow(x, y, &product))
		return _PyLong_FromInt64(product);
	n = LONG_NLIMBS(a);
	m = LONG_NLIMBS(b);
	if (n == 0 || m == 0)
		return Py_NewRef(_PyLong_Zero());
	if (_PyLong_CheckScratch(n + m) < 0)
		return NULL;
	v = _PyLong_Alloc(n + m);
	if (!v)
		return NULL;
	if (a == b)
		mpn_sqr(v->ob_limb, LONG_LIMBS(a), n);
	else if (n >= m)
		mpn_mul(v->ob_limb, LONG_LIMBS(a), n, LONG_LIMBS(b), m);
	else
		mpn_mul(v->ob_limb, LONG_LIMBS(b), m, LONG_LIMBS(a), n);
	return _PyLong_Finish(v, n + m, negative);
}

/* Truncating division of many limbs; |a| >= |b| in limbs, b != 0. */
static int divide_limbs(PyObject *a, PyObject *b, PyObject **quot, PyObject **rem)
{
	Py_ssize_t n = LONG_NLIMBS(a), m = LONG_NLIMBS(b);
	bool q_negative = LONG_IS_NEG(a) != LONG_IS_NEG(b);
	PyLongObject *q, *r;

	if (_PyLong_CheckScratch(n + m) < 0)
		return -1;
	q = _PyLong_Alloc(n - m + 1);
	if (!q)
		return -1;
	r = _PyLong_Alloc(m);
	if (!r) {
		Py_DECREF(q);
		return -1;
	}
	mpn_tdiv_qr(q->ob_limb, r->ob_limb, 0, LONG_LIMBS(a), n, LONG_LIMBS(b), m);
	*quot = _PyLong_Finish(q, n - m + 1, q_negative);
	*rem = _PyLong_Finish(r, m, LONG_IS_NEG(a));
	return 0;
}

/* Rounds a truncated quotient and remainder down. */
static int floor_fix(PyObject *b, PyObject **quot, PyObject **rem)
{
	PyObject *q, *r;

	if (Py_SIZE(*rem) == 0 || LONG_IS_NEG(*rem) == LONG_IS_NEG(b))
		return 0;
	q = _PyLong_Subtract(*quot, _PyLong_One());
	r = q ? _PyLong_Add(*rem, b) : NULL;
	Py_DECREF(*quot);
	Py_DECREF(*rem);
	*quot = q;
	*rem = r;
	if (!r) {
		Py_CLEAR(*quot);
		return -1;
	}
	return 0;
}

int _PyLong_DivMod(PyObject *a, PyObject *b, PyObject **quot, PyObject **rem)
{
	int64_t x, y;

	if (Py_SIZE(b) == 0) {
		PyErr_SetString(PyExc_ZeroDivisionError, "integer division or modulo by zero");
		return -1;
	}
	if (_PyLong_GetInt64(a, &x) && _PyLong_GetInt64(b, &y)) {
		int64_t q = x / y, r = x % y;

		if (r && (r ^ y) < 0) {
			q--;
			r += y;
		}
		*quot = _PyLong_FromInt64(q);
		*rem = *quot ? _PyLong_FromInt64(r) : NULL;
		if (!*rem) {
			Py_CLEAR(*quot);
			return -1;
		}
		return 0;
	}
	if (LONG_NLIMBS(a) < LONG_NLIMBS(b)) {
		*quot = Py_NewRef(_PyLong_Zero());
		*rem = _PyLong_New(a, &PyLong_Type);
	} else if (divide_limbs(a, b, quot, rem) < 0) {
		return -1;
	}
	return floor_fix(b, quot, rem);
}

int _PyLong_DivModNear(PyObject *a, PyObject *b, PyObject **quot, PyObject **rem)
{
	PyObject *q, *r, *twice;
	int cmp;

	if (_PyLong_DivMod(a, b, &q, &r) < 0)
		return -1;
	/* Floor division: 0 <= |r| < |b|, r with b's sign; up when 2|r| > |b| or a tie with q odd.
	 */
	twice = _PyLong_Add(r, r);
	if (!twice)
		goto fail;
	cmp = _PyLong_Compare(twice, b);
	if (LONG_IS_NEG(b))
		cmp = -cmp;
	Py_DECREF(twice);
	if (cmp > 0 || (cmp == 0 && (LONG_LIMBS(q)[0] & 1))) {
		Py_SETREF(q, _PyLong_Add(q, _PyLong_One()));
		if (!q)
			goto fail;
		Py_SETREF(r, _PyLong_Subtract(r, b));
		if (!r)
			goto fail;
	}
	*quot = q;
	*rem = r;
	return 0;
fail:
	Py_XDECREF(q);
	Py_XDECREF(r);
	return -1;
}

PyObject *_PyLong_TrueDivide(PyObject *a, PyObject *b)
{
	const int64_t exact = (int64_t)1 << 53;
	int64_t x, y, shift, exp;
	PyObject *scaled, *q, *r;
	bool sticky, below, negative = LONG_IS_NEG(a) != LONG_IS_NEG(b);
	uint64_t top;
	double d;

	if (Py_SIZE(b) == 0) {
		PyErr_SetString(PyExc_ZeroDivisionError, "division by zero");
		return NULL;
	}
	if (_PyLong_GetInt64(a, &x) && _PyLong_GetInt64(b, &y) && x <= exact && x >= -exact &&
	    y <= exact && y >= -exact)
		return PyFloat_FromDouble((double)x / (double)y);
	if (Py_SIZE(a) == 0)
		return PyFloat_FromDouble(negative ? -0.0 : 0.0);
	/* Scale a so that the quotient has 66 or 67 bits: rounding needs 54 and "anything below".
	 */
	shift = (int64_t)_PyLong_NumBits(a) - (int64_t)_PyLong_NumBits(b) - 66;
	if (shift > 1100) {
		PyErr_SetString(PyExc_OverflowError,
				"integer division result too large for a float");
		return NULL;
	}
	if (shift < -1300)
		return PyFloat_FromDouble(negative ? -0.0 : 0.0);
	sticky = false;
	if (shift > 0) {
		/* Right shift of the magnitude. */
		PyObject *mag = LONG_IS_NEG(a) ? _PyLong_Negate(a) : Py_NewRef(a);

		if (!mag)
			return NULL;
		sticky = mpn_scan1(LONG_LIMBS(mag), 0) < (mp_bitcnt_t)shift;
		scaled = _PyLong_Rshift(mag, (size_t)shift);
		Py_DECREF(mag);
	} else {
		scaled = _PyLong_Lshift(a, (size_t)-shift);
		if (scaled && LONG_IS_NEG(scaled))
			Py_SETREF(scaled, _PyLong_Negate(scaled));
	}
	if (!scaled)
		return NULL;
	if (LONG_IS_NEG(b)) {
		PyObject *mag = _PyLong_Negate(b);
		int err = mag ? _PyLong_DivMod(scaled, mag, &q, &r) : -1;

		Py_XDECREF(mag);
		Py_DECREF(scaled);
		if (err < 0)
			return NULL;
	} else {
		int err = _PyLong_DivMod(scaled, b, &q, &r);

		Py_DECREF(scaled);
		if (err < 0)
			return NULL;
	}
	sticky = sticky || Py_SIZE(r) != 0;
	top = _PyLong_Top64(q, &below, &exp);
	Py_DECREF(q);
	Py_DECREF(r);
	d = _PyLong_RoundToDouble(top, sticky || below, exp + shift);
	if (isinf(d)) {
		PyErr_SetString(PyExc_OverflowError,
				"integer division result too large for a float");
		return NULL;
	}
	return PyFloat_FromDouble(negative ? -d : d);
}

PyObject *_PyLong_Negate(PyObject *a)
{
	Py_ssize_t n = LONG_NLIMBS(a);
	PyLongObject *v;

	if (n <= 1)
		return _PyLong_FromUint64(LONG_LIMBS(a)[0], n && !LONG_IS_NEG(a));
	v = _PyLong_Alloc(n);
	if (!v)
		return NULL;
	memcpy(v->ob_limb, LONG_LIMBS(a), (size_t)n * sizeof(uint64_t));
	v->ob_size = -Py_SIZE(a);
	return (PyObject *)v;
}

/* -- Shifts and bits --------------------------------------------------------------------------- */
PyObject *_PyLong_Lshift(PyObject *a, size_t bits)
{
	Py_ssize_t n = LONG_NLIMBS(a), words = (Py_ssize_t)(bits / 64);
	unsigned shift = bits % 64;
	PyLongObject *v;
	int64_t x;

	if (n == 0)
		return Py_NewRef(_PyLong_Zero());
	if (bits < 62 && _PyLong_GetInt64(a, &x) && x < (int64_t)1 << (62 - bits) &&
	    x > -((int64_t)1 << (62 - bits)))
		return _PyLong_FromInt64(x * ((int64_t)1 << bits));
	v = _PyLong_Alloc(n + words + 1);
	if (!v)
		return NULL;
	memset(v->ob_limb, 0, (size_t)words * sizeof(uint64_t));
	if (shift) {
		v->ob_limb[n + words] = mpn_lshift(v->ob_limb + words, LONG_LIMBS(a), n, shift);
	} else {
		memcpy(v->ob_limb + words, LONG_LIMBS(a), (size_t)n * sizeof(uint64_t));
		v->ob_limb[n + words] = 0;
	}
	return _PyLong_Finish(v, n + words + 1, LONG_IS_NEG(a));
}

PyObject *_PyLong_Rshift(PyObject *a, size_t bits)
{
	Py_ssize_t n = LONG_NLIMBS(a), words;
	unsigned shift = bits % 64;
	PyLongObject *v;
	PyObject *ret;
	bool lost;
	int64_t x;

	if (_PyLong_GetInt64(a, &x))
		return _PyLong_FromInt64(bits > 63 ? (x < 0 ? -1 : 0) : x >> bits);
	if (bits / 64 >= (size_t)n)
		return PyLong_FromLong(LONG_IS_NEG(a) ? -1 : 0);
	words = (Py_ssize_t)(bits / 64);
	lost = LONG_IS_NEG(a) && mpn_scan1(LONG_LIMBS(a), 0) < bits;
	v = _PyLong_Alloc(n - words);
	if (!v)
		return NULL;
	if (shift)
		mpn_rshift(v->ob_limb, LONG_LIMBS(a) + words, n - words, shift);
	else
		memcpy(v->ob_limb, LONG_LIMBS(a) + words, (size_t)(n - words) * sizeof(uint64_t));
	ret = _PyLong_Finish(v, n - words, LONG_IS_NEG(a));
	if (ret && lost) /* towards minus infinity */
		Py_SETREF(ret, _PyLong_Subtract(ret, _PyLong_One()));
	return ret;
}

/* Two's complement of v in n limbs, n > its own count. */
static void twos_complement(uint64_t *to, PyObject *v, Py_ssize_t n)
{
	Py_ssize_t own = LONG_NLIMBS(v);

	memcpy(to, LONG_LIMBS(v), (size_t)own * sizeof(uint64_t));
	memset(to + own, 0, (size_t)(n - own) * sizeof(uint64_t));
	if (LONG_IS_NEG(v))
		mpn_neg(to, to, n);
}

PyObject *_PyLong_Bitwise(PyObject *a, enum long_bitop op, PyObject *b)
{
	int64_t x, y;
	Py_ssize_t n;
	PyLongObject *v, *w;
	bool negative;

	if (_PyLong_GetInt64(a, &x) && _PyLong_GetInt64(b, &y))
		return _PyLong_FromInt64(op == LONG_AND ? x & y : op == LONG_OR ? x | y : x ^ y);
	n = (LONG_NLIMBS(a) > LONG_NLIMBS(b) ? LONG_NLIMBS(a) : LONG_NLIMBS(b)) + 1;
	v = _PyLong_Alloc(n);
	w = v ? _PyLong_Alloc(n) : NULL;
	if (!w) {
		Py_XDECREF(v);
		return NULL;
	}
	twos_complement(v->ob_limb, a, n);
	twos_complement(w->ob_limb, b, n);
	switch (op) {
	case LONG_AND: mpn_and_n(v->ob_limb, v->ob_limb, w->ob_limb, n); break;
	case LONG_OR: mpn_ior_n(v->ob_limb, v->ob_limb, w->ob_limb, n); break;
	case LONG_XOR: mpn_xor_n(v->ob_limb, v->ob_limb, w->ob_limb, n); break;
	}
	Py_DECREF(w);
	negative = v->ob_limb[n - 1] >> 63;
	if (negative)
		mpn_neg(v->ob_limb, v->ob_limb, n);
	return _PyLong_Finish(v, n, negative);
}

/* -- Powers, gcd ---------------------------------------------------------------------------------
 */
static mpz_srcptr borrow(mpz_ptr z, PyObject *v)
{
	return mpz_roinit_n(z, LONG_LIMBS(v), Py_SIZE(v));
}

static PyObject *power_mod(PyObject *a, PyObject *b, PyObject *mod)
{
	mpz_t x, e, m, inverse, ret;
	PyObject *v = NULL;

	if (Py_SIZE(mod) == 0) {
		PyErr_SetString(PyExc_ValueError, "pow() 3rd argument cannot be 0");
		return NULL;
	}
	if (_PyLong_CheckScratch(4 * LONG_NLIMBS(mod) + LONG_NLIMBS(a)) < 0)
		return NULL;
	mpz_init(ret);
	mpz_init(inverse);
	if (LONG_IS_NEG(b)) {
		if (!mpz_invert(inverse, borrow(x, a), borrow(m, mod))) {
			PyErr_SetString(PyExc_ValueError,
					"base is not invertible for the given modulus");
			goto out;
		}
		mpz_powm(ret, inverse, mpz_roinit_n(e, LONG_LIMBS(b), LONG_NLIMBS(b)),
			 borrow(m, mod));
	} else {
		mpz_powm(ret, borrow(x, a), borrow(e, b), borrow(m, mod));
	}
	if (LONG_IS_NEG(mod) && mpz_sgn(ret) != 0)
		mpz_add(ret, ret, borrow(m, mod));
	v = _PyLong_FromMpz(ret);
out:
	mpz_clear(inverse);
	mpz_clear(ret);
	return v;
}

/* a ** b for b >= 0 that fits what memory could ever hold. */
static PyObject *power_plain(PyObject *a, PyObject *b)
{
	size_t bits = _PyLong_NumBits(a), total;
	uint64_t e = LONG_LIMBS(b)[0];
	mpz_t x, ret;
	PyObject *v;

	if (Py_SIZE(b) == 0)
		return PyLong_FromLong(1);
	if (bits <= 1) /* 0, 1, -1 */
		return PyLong_FromLong(Py_SIZE(a) == 0 ? 0 : LONG_IS_NEG(a) && (e & 1) ? -1 : 1);
	if (Py_SIZE(b) > 1 || __builtin_mul_overflow(bits, e, &total) || total > (size_t)1 << 40)
		return PyErr_NoMemory();
	if (total < 63) {
		int64_t base =
			LONG_IS_NEG(a) ? -(int64_t)LONG_LIMBS(a)[0] : (int64_t)LONG_LIMBS(a)[0];
		int64_t r = 1;

		for (; e; e >>= 1) {
			if (e & 1)
				r *= base;
			if (e > 1)
				base *= base;
		}
		return _PyLong_FromInt64(r);
	}
	if (_PyLong_CheckScratch((Py_ssize_t)(total / 64) * 2) < 0)
		return NULL;
	mpz_init(ret);
	mpz_pow_ui(ret, borrow(x, a), e);
	v = _PyLong_FromMpz(ret);
	mpz_clear(ret);
	return v;
}

PyObject *_PyLong_Power(PyObject *a, PyObject *b, PyObject *mod)
{
	return mod ? power_mod(a, b, mod) : power_plain(a, b);
}

PyObject *_PyLong_GCD(PyObject *a, PyObject *b)
{
	mpz_t x, y, ret;
	PyObject *v;

	if (_PyLong_CheckScratch(2 * (LONG_NLIMBS(a) + LONG_NLIMBS(b))) < 0)
		return NULL;
	mpz_init(ret);
	mpz_gcd(ret, borrow(x, a), borrow(y, b));
	v = _PyLong_FromMpz(ret);
	mpz_clear(ret);
	return v;
}

PyObject *_PyLong_Isqrt(PyObject *v)
{
	mpz_t x, ret;
	PyObject *r;

	if (_PyLong_CheckScratch(2 * LONG_NLIMBS(v)) < 0)
		return NULL;
	mpz_init(ret);
	mpz_sqrt(ret, borrow(x, v));
	r = _PyLong_FromMpz(ret);
	mpz_clear(ret);
	return r;
}
