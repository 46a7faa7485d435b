/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The math module. C's functions, with Python's errors: a result that is not a number is a
 * ValueError, an infinite one of finite arguments an OverflowError where the function grows
 * without bounds, else a ValueError.
 */
#include "lib/lib.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/float.h"
#include "objects/long.h"
#include "objects/module.h"
#include "objects/names.h"
#include "objects/tuple.h"

#include <float.h>
#include <math.h>

static bool to_double(PyObject *o, double *ret)
{
	*ret = PyFloat_AsDouble(o);
	return *ret != -1.0 || !PyErr_Occurred();
}

static PyObject *domain_error(void)
{
	PyErr_SetString(PyExc_ValueError, "math domain error");
	return NULL;
}

static PyObject *range_error(void)
{
	PyErr_SetString(PyExc_OverflowError, "math range error");
	return NULL;
}

/* -- One argument ------------------------------------------------------------------------------ */
static PyObject *checked(double x, double r, bool grows)
{
	if (isnan(r) && !isnan(x))
		return domain_error();
	if (isinf(r) && isfinite(x))
		return grows ? range_error() : domain_error();
	return PyFloat_FromDouble(r);
}

#define FUNCTION(name, expression, grows)                         \
	static PyObject *math_##name(PyObject *self, PyObject *o) \
	{                                                         \
		double x;                                         \
                                                                  \
		if (!to_double(o, &x))                            \
			return NULL;                              \
		return checked(x, (expression), (grows));         \
	}
FUNCTION(acos, acos(x), false)
FUNCTION(acosh, acosh(x), false)
FUNCTION(asin, asin(x), false)
FUNCTION(asinh, asinh(x), false)
FUNCTION(atan, atan(x), false)
FUNCTION(atanh, atanh(x), false)
FUNCTION(cbrt, cbrt(x), false)
FUNCTION(cos, cos(x), false)
FUNCTION(cosh, cosh(x), true)
FUNCTION(erf, erf(x), false)
FUNCTION(erfc, erfc(x), false)
FUNCTION(exp, exp(x), true)
FUNCTION(exp2, exp2(x), true)
FUNCTION(expm1, expm1(x), true)
FUNCTION(fabs, fabs(x), false)
FUNCTION(log1p, log1p(x), false)
FUNCTION(sin, sin(x), false)
FUNCTION(sinh, sinh(x), true)
FUNCTION(sqrt, sqrt(x), false)
FUNCTION(tan, tan(x), false)
FUNCTION(tanh, tanh(x), false)
FUNCTION(degrees, x *(180.0 / M_PI), true)
FUNCTION(radians, x *(M_PI / 180.0), true)

static PyObject *math_gamma(PyObject *self, PyObject *o)
{
	double x;

	if (!to_double(o, &x))
		return NULL;
	if (isfinite(x) && x == floor(x) && x <= 0.0)
		return domain_error();
	return checked(x, tgamma(x), true);
}

static PyObject *math_lgamma(PyObject *self, PyObject *o)
{
	double x;
	int sign;

	if (!to_double(o, &x))
		return NULL;
	if (isfinite(x) && x == floor(x) && x <= 0.0)
		return domain_error();
	return checked(x, lgamma_r(x, &sign), true);
}

static PyObject *math_isnan(PyObject *self, PyObject *o)
{
	double x;

	return to_double(o, &x) ? PyBool_FromLong(isnan(x)) : NULL;
}

static PyObject *math_isinf(PyObject *self, PyObject *o)
{
	double x;

	return to_double(o, &x) ? PyBool_FromLong(isinf(x)) : NULL;
}

static PyObject *math_isfinite(PyObject *self, PyObject *o)
{
	double x;

	return to_double(o, &x) ? PyBool_FromLong(isfinite(x)) : NULL;
}

static PyObject *math_ulp(PyObject *self, PyObject *o)
{
	double x, next;

	if (!to_double(o, &x))
		return NULL;
	x = fabs(x);
	if (!isfinite(x))
		return PyFloat_FromDouble(x);
	next = nextafter(x, INFINITY);
	return PyFloat_FromDouble(isinf(next) ? x - nextafter(x, -INFINITY) : next - x);
}

/* -- To ints ----------------------------------------------------------------------------------- */
/* The object's own method, else the float's rounded value. */
static PyObject *to_int(PyObject *o, PyObject *method, double (*rounded)(double))
{
	PyObject *f = NULL, *r;
	double x;

	if (!PyFloat_CheckExact(o)) {
		f = _PyObject_LookupSpecial(o, method);
		if (!f && PyErr_Occurred())
			return NULL;
	}
	if (f) {
		r = PyObject_CallNoArgs(f);
		Py_DECREF(f);
		return r;
	}
	if (!rounded)
		return PyErr_Format(PyExc_TypeError, "type %.100s doesn't define %U method",
				    Py_TYPE(o)->tp_name, method);
	return to_double(o, &x) ? PyLong_FromDouble(rounded(x)) : NULL;
}

static PyObject *math_ceil(PyObject *self, PyObject *o)
{
	return to_int(o, _Py_ID(__ceil__), ceil);
}

static PyObject *math_floor(PyObject *self, PyObject *o)
{
	return to_int(o, _Py_ID(__floor__), floor);
}

static PyObject *math_trunc(PyObject *self, PyObject *o)
{
	return to_int(o, _Py_ID(__trunc__), PyFloat_CheckExact(o) ? trunc : NULL);
}

/* -- Logarithms -------------------------------------------------------------------------------- */
/* The logarithm of an int of any size or of a float. */
static PyObject *logarithm(PyObject *o, double (*log_of)(double))
{
	double x;

	if (PyLong_Check(o)) {
		Py_ssize_t exponent;

		if (_PyLong_Sign(o) <= 0)
			return domain_error();
		x = PyLong_AsDouble(o);
		if (x != -1.0)
			return PyFloat_FromDouble(log_of(x));
		if (!PyErr_ExceptionMatches(PyExc_OverflowError))
			return NULL;
		PyErr_Clear();
		x = _PyLong_Frexp(o, &exponent);
		return PyFloat_FromDouble(log_of(x) + log_of(2.0) * (double)exponent);
	}
	if (!to_double(o, &x))
		return NULL;
	if (x <= 0.0)
		return domain_error();
	return PyFloat_FromDouble(log_of(x));
}

static PyObject *math_log(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	PyObject *number, *base, *r;

	if (!PyArg_CheckPositional("log", nargs, 1, 2))
		return NULL;
	number = logarithm(args[0], log);
	if (!number || nargs == 1)
		return number;
	base = logarithm(args[1], log);
	r = base ? PyNumber_TrueDivide(number, base) : NULL;
	Py_XDECREF(base);
	Py_DECREF(number);
	return r;
}

static PyObject *math_log2(PyObject *self, PyObject *o)
{
	return logarithm(o, log2);
}

static PyObject *math_log10(PyObject *self, PyObject *o)
{
	return logarithm(o, log10);
}

/* -- Two arguments ----------------------------------------------------------------------------- */
static bool two_doubles(const char *name, PyObject *const *args, Py_ssize_t nargs, double *x,
			double *y)
{
	return PyArg_CheckPositional(name, nargs, 2, 2) && to_double(args[0], x) &&
	       to_double(args[1], y);
}

#define FUNCTION2(name, expression)                                                         \
	static PyObject *math_##name(PyObject *self, PyObject *const *args, Py_ssize_t n)   \
	{                                                                                   \
		double x, y;                                                                \
                                                                                            \
		return two_doubles(#name, args, n, &x, &y) ? PyFloat_FromDouble(expression) \
							   : NULL;                          \
	}
FUNCTION2(atan2, atan2(x, y))
FUNCTION2(copysign, copysign(x, y))
FUNCTION2(nextafter, nextafter(x, y))

static PyObject *checked2(double x, double y, double r)
{
	if (isnan(r) && !isnan(x) && !isnan(y))
		return domain_error();
	if (isinf(r) && isfinite(x) && isfinite(y))
		return range_error();
	return PyFloat_FromDouble(r);
}

static PyObject *math_fmod(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	double x, y;

	return two_doubles("fmod", args, nargs, &x, &y) ? checked2(x, y, fmod(x, y)) : NULL;
}

static PyObject *math_remainder(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	double x, y;

	return two_doubles("remainder", args, nargs, &x, &y) ? checked2(x, y, remainder(x, y))
							     : NULL;
}

static PyObject *math_pow(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	double x, y;

	if (!two_doubles("pow", args, nargs, &x, &y))
		return NULL;
	if (x == 0.0 && y < 0.0 && isfinite(y))
		return domain_error();
	return checked2(x, y, pow(x, y));
}

static PyObject *math_ldexp(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	double x, r;
	int overflow;
	long exponent;

	if (!PyArg_CheckPositional("ldexp", nargs, 2, 2) || !to_double(args[0], &x))
		return NULL;
	if (!PyLong_Check(args[1]))
		return PyErr_Format(PyExc_TypeError,
				    "Expected an int as second argument to ldexp.");
	exponent = PyLong_AsLongAndOverflow(args[1], &overflow);
	if (overflow)
		exponent = overflow < 0 ? -INT32_MAX : INT32_MAX;
	if (x == 0.0 || !isfinite(x))
		return PyFloat_FromDouble(x);
	if (exponent > INT32_MAX)
		exponent = INT32_MAX;
	r = exponent < -INT32_MAX ? copysign(0.0, x) : ldexp(x, (int)exponent);
	return isinf(r) ? range_error() : PyFloat_FromDouble(r);
}

static PyObject *pair(PyObject *a, PyObject *b)
{
	PyObject *r = a && b ? PyTuple_Pack(2, a, b) : NULL;

	Py_XDECREF(a);
	Py_XDECREF(b);
	return r;
}

static PyObject *math_frexp(PyObject *self, PyObject *o)
{
	double x;
	int exponent = 0;

	if (!to_double(o, &x))
		return NULL;
	if (isfinite(x))
		x = frexp(x, &exponent);
	return pair(PyFloat_FromDouble(x), PyLong_FromLong(exponent));
}

static PyObject *math_modf(PyObject *self, PyObject *o)
{
	double x, whole;

	if (!to_double(o, &x))
		return NULL;
	x = modf(x, &whole);
	return pair(PyFloat_FromDouble(x), PyFloat_FromDouble(whole));
}

static PyObject *math_isclose(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
			      PyObject *kwnames)
{
	static const char *const names[] = {"a", "b", "rel_tol", "abs_tol", NULL};
	static const struct PyArgSpec spec = {"isclose", names, .required = 2, .max_pos = 2};
	PyObject *o[4];
	double a, b, rel = 1e-9, abs = 0.0, difference;

	if (PyArg_Parse(&spec, args, nargs, kwnames, o) < 0 || !to_double(o[0], &a) ||
	    !to_double(o[1], &b) || (o[2] && !to_double(o[2], &rel)) ||
	    (o[3] && !to_double(o[3], &abs)))
		return NULL;
	if (rel < 0.0 || abs < 0.0) {
		PyErr_SetString(PyExc_ValueError, "tolerances must be non-negative");
		return NULL;
	}
	if (a == b)
		Py_RETURN_TRUE;
	if (isinf(a) || isinf(b))
		Py_RETURN_FALSE;
	difference = fabs(b - a);
	return PyBool_FromLong(difference <= fabs(rel * b) || difference <= fabs(rel * a) ||
			       difference <= abs);
}

/* -- Sums -------------------------------------------------------------------------------------- */
static PyObject *math_hypot(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	double r = 0.0, x;

	for (Py_ssize_t i = 0; i < nargs; i++) {
		if (!to_double(args[i], &x))
			return NULL;
		r = hypot(r, x);
	}
	return PyFloat_FromDouble(r);
}

static PyObject *math_dist(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	PyObject *p, *q = NULL, *result = NULL;
	double r = 0.0, x, y;

	if (!PyArg_CheckPositional("dist", nargs, 2, 2))
		return NULL;
	p = PySequence_Tuple(args[0]);
	q = p ? PySequence_Tuple(args[1]) : NULL;
	if (!q)
		goto out;
	if (PyTuple_GET_SIZE(p) != PyTuple_GET_SIZE(q)) {
		PyErr_SetString(PyExc_ValueError,
				"both points must have the same number of dimensions");
		goto out;
	}
	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(p); i++) {
		if (!to_double(PyTuple_GET_ITEM(p, i), &x) ||
		    !to_double(PyTuple_GET_ITEM(q, i), &y))
			goto out;
		r = hypot(r, x - y);
	}
	result = PyFloat_FromDouble(r);
out:
	Py_XDECREF(p);
	Py_XDECREF(q);
	return result;
}

/* Calls step with each item; 0 at the end, or -1. */
static int for_each(PyObject *iterable, int (*step)(PyObject *item, void *state), void *state)
{
	PyObject *it = PyObject_GetIter(iterable), *item;
	int r = it ? 0 : -1;

	while (r == 0 && (item = PyIter_Next(it))) {
		r = step(item, state);
		Py_DECREF(item);
	}
	Py_XDECREF(it);
	return r == 0 && PyErr_Occurred() ? -1 : r;
}

/* Partial sums that do not overlap, smallest first: their sum is exact (Shewchuk). */
struct exact_sum {
	double partials[64]; /* 2,098 bits of 53 each need fewer */
	int n;
	double special; /* sum of the infinities and nans */
	bool has_special;
};

static int add_exactly(PyObject *item, void *state)
{
	struct exact_sum *s = state;
	double x;
	int kept = 0;

	if (!to_double(item, &x))
		return -1;
	if (!isfinite(x)) {
		s->special += x;
		s->has_special = true;
		return 0;
	}
	for (int i = 0; i < s->n; i++) {
		double y = s->partials[i], high, low;

		if (fabs(x) < fabs(y)) {
			double t = x;

			x = y;
			y = t;
		}
		high = x + y;
		low = y - (high - x);
		if (low != 0.0)
			s->partials[kept++] = low;
		x = high;
	}
	if (!isfinite(x) || kept == 64) {
		PyErr_SetString(PyExc_OverflowError, "intermediate overflow in fsum");
		return -1;
	}
	s->partials[kept++] = x;
	s->n = kept;
	return 0;
}

static PyObject *math_fsum(PyObject *self, PyObject *iterable)
{
	struct exact_sum s = {.n = 0};
	double high = 0.0, low = 0.0;
	int i;

	if (for_each(iterable, add_exactly, &s) < 0)
		return NULL;
	if (s.has_special) {
		if (isnan(s.special)) {
			PyErr_SetString(PyExc_ValueError, "-inf + inf in fsum");
			return NULL;
		}
		return PyFloat_FromDouble(s.special);
	}
	for (i = s.n - 1; i >= 0 && low == 0.0; i--) {
		double x = high;

		high = x + s.partials[i];
		low = s.partials[i] - (high - x);
	}
	/* Half to even: what is left below decides a tie. */
	if (i >= 0 && ((low < 0.0 && s.partials[i] < 0.0) || (low > 0.0 && s.partials[i] > 0.0))) {
		double twice = low * 2.0, x = high + twice;

		if (twice == x - high)
			high = x;
	}
	return PyFloat_FromDouble(high);
}

static int multiply(PyObject *item, void *state)
{
	PyObject **product = state, *r = PyNumber_Multiply(*product, item);

	if (!r)
		return -1;
	Py_SETREF(*product, r);
	return 0;
}

static PyObject *math_prod(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
			   PyObject *kwnames)
{
	static const char *const names[] = {"iterable", "start", NULL};
	static const struct PyArgSpec spec = {"prod", names, .posonly = 1, .required = 1,
					      .max_pos = 1};
	PyObject *a[2], *r;

	if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0)
		return NULL;
	r = a[1] ? Py_NewRef(a[1]) : PyLong_FromLong(1);
	if (r && for_each(a[0], multiply, &r) < 0)
		Py_CLEAR(r);
	return r;
}

/* -- Whole numbers ----------------------------------------------------------------------------- */
static PyObject *math_gcd(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	PyObject *r = PyLong_FromLong(0);

	for (Py_ssize_t i = 0; r && i < nargs; i++) {
		PyObject *x = PyNumber_Index(args[i]);

		Py_SETREF(r, x ? _PyLong_GCD(r, x) : NULL);
		Py_XDECREF(x);
	}
	return r;
}

static PyObject *math_lcm(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	PyObject *r = PyLong_FromLong(1);

	for (Py_ssize_t i = 0; r && i < nargs; i++) {
		PyObject *x = PyNumber_Index(args[i]);
		PyObject *gcd = x ? _PyLong_GCD(r, x) : NULL, *part = NULL, *product = NULL;

		if (gcd && _PyLong_Sign(gcd) != 0) {
			part = PyNumber_FloorDivide(r, gcd);
			product = part ? PyNumber_Multiply(part, x) : NULL;
			Py_SETREF(r, product ? PyNumber_Absolute(product) : NULL);
		} else {
			Py_SETREF(r, gcd ? PyLong_FromLong(0) : NULL);
		}
		Py_XDECREF(product);
		Py_XDECREF(part);
		Py_XDECREF(gcd);
		Py_XDECREF(x);
	}
	return r;
}

/* low * (low + 1) * ... * high, by halves: the factors stay of one size. */
static PyObject *product_of_range(long low, long high)
{
	PyObject *a, *b, *r;

	if (low > high)
		return PyLong_FromLong(1);
	if (high - low < 2) {
		a = PyLong_FromLong(low);
		if (!a || high == low)
			return a;
		b = PyLong_FromLong(high);
	} else {
		a = product_of_range(low, low + (high - low) / 2);
		b = a ? product_of_range(low + (high - low) / 2 + 1, high) : NULL;
	}
	r = a && b ? PyNumber_Multiply(a, b) : NULL;
	Py_XDECREF(a);
	Py_XDECREF(b);
	return r;
}

/* A count that is not negative; too_large says what to do about one beyond C's long. */
static bool to_count(PyObject *o, const char *negative, const char *too_large, long *ret)
{
	PyObject *index = PyNumber_Index(o);
	int overflow, sign;

	if (!index)
		return false;
	sign = _PyLong_Sign(index);
	*ret = PyLong_AsLongAndOverflow(index, &overflow);
	Py_DECREF(index);
	if (sign < 0)
		PyErr_SetString(PyExc_ValueError, negative);
	else if (overflow)
		PyErr_SetString(PyExc_OverflowError, too_large);
	return sign >= 0 && !overflow;
}

static PyObject *math_factorial(PyObject *self, PyObject *o)
{
	long n;

	if (!to_count(o, "factorial() not defined for negative values",
		      "factorial() argument should not exceed 9223372036854775807", &n))
		return NULL;
	return product_of_range(1, n);
}

static bool two_counts(const char *name, PyObject *const *args, Py_ssize_t nargs, long *n, long *k)
{
	return PyArg_CheckPositional(name, nargs, 2, 2) &&
	       to_count(args[0], "n must be a non-negative integer",
			"n must not exceed 9223372036854775807", n) &&
	       to_count(args[1], "k must be a non-negative integer",
			"min(n - k, k) must not exceed 9223372036854775807", k);
}

static PyObject *math_perm(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	long n, k;

	if (!PyArg_CheckPositional("perm", nargs, 1, 2))
		return NULL;
	if (nargs == 1 || Py_IsNone(args[1]))
		return math_factorial(self, args[0]);
	if (!two_counts("perm", args, nargs, &n, &k))
		return NULL;
	return k > n ? PyLong_FromLong(0) : product_of_range(n - k + 1, n);
}

static PyObject *math_comb(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	PyObject *above, *below, *r;
	long n, k;

	if (!two_counts("comb", args, nargs, &n, &k))
		return NULL;
	if (k > n)
		return PyLong_FromLong(0);
	if (k > n - k)
		k = n - k;
	above = product_of_range(n - k + 1, n);
	below = above ? product_of_range(1, k) : NULL;
	r = below ? PyNumber_FloorDivide(above, below) : NULL;
	Py_XDECREF(above);
	Py_XDECREF(below);
	return r;
}

static PyObject *math_isqrt(PyObject *self, PyObject *o)
{
	PyObject *n = PyNumber_Index(o), *r = NULL;

	if (!n)
		return NULL;
	if (_PyLong_Sign(n) < 0)
		PyErr_SetString(PyExc_ValueError, "isqrt() argument must be nonnegative");
	else
		r = _PyLong_Isqrt(n);
	Py_DECREF(n);
	return r;
}

/* -- The module -------------------------------------------------------------------------------- */
#define FAST(f) ((PyCFunction)(void (*)(void))(f))
#define ONE(name)                                \
	{                                        \
#name, math_##name, METH_O, NULL \
	}
#define MANY(name)                                            \
	{                                                     \
#name, FAST(math_##name), METH_FASTCALL, NULL \
	}
#define KEYWORDS(name)                                                        \
	{                                                                     \
#name, FAST(math_##name), METH_FASTCALL | METH_KEYWORDS, NULL \
	}
static PyMethodDef math_methods[] = {
	ONE(acos),   ONE(acosh),     ONE(asin),       ONE(asinh),        ONE(atan),
	ONE(atanh),  ONE(cbrt),      ONE(cos),        ONE(cosh),         ONE(erf),
	ONE(erfc),   ONE(exp),       ONE(exp2),       ONE(expm1),        ONE(fabs),
	ONE(log1p),  ONE(sin),       ONE(sinh),       ONE(sqrt),         ONE(tan),
	ONE(tanh),   ONE(degrees),   ONE(radians),    ONE(gamma),        ONE(lgamma),
	ONE(isnan),  ONE(isinf),     ONE(isfinite),   ONE(ulp),          ONE(ceil),
	ONE(floor),  ONE(trunc),     ONE(log2),       ONE(log10),        ONE(frexp),
	ONE(modf),   ONE(fsum),      ONE(factorial),  ONE(isqrt),        MANY(log),
	MANY(atan2), MANY(copysign), MANY(nextafter), MANY(fmod),        MANY(remainder),
	MANY(pow),   MANY(ldexp),    MANY(hypot),     MANY(dist),        MANY(gcd),
	MANY(lcm),   MANY(perm),     MANY(comb),      KEYWORDS(isclose), KEYWORDS(prod),
	{0},
};

PyObject *_PyMath_Init(void)
{
	PyObject *module = PyModule_New("math");

	if (module && (PyModule_AddFunctions(module, math_methods) < 0 ||
		       PyModule_Add(module, "pi", PyFloat_FromDouble(M_PI)) < 0 ||
		       PyModule_Add(module, "e", PyFloat_FromDouble(M_E)) < 0 ||
		       PyModule_Add(module, "tau", PyFloat_FromDouble(2 * M_PI)) < 0 ||
		       PyModule_Add(module, "inf", PyFloat_FromDouble(INFINITY)) < 0 ||
		       PyModule_Add(module, "nan", PyFloat_FromDouble(NAN)) < 0))
		Py_CLEAR(module);
	return module;
}
