/* SPDX-License-Identifier: BSD-2-Clause */
/* float objects: making, arithmetic, comparison with ints, rounding. */
#include "objects/float_priv.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/bytes.h"
#include "objects/complex.h"
#include "objects/long.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

#include <errno.h>
#include <float.h>
#include <math.h>

/* Dead floats, linked through ob_type. */
static PyFloatObject *free_list;
static int free_count;
enum { FREE_MAX = PY_FREE_MAX(256) };

PyObject *PyFloat_FromDouble(double v)
{
	PyFloatObject *f = free_list;

	if (f) {
		free_list = (PyFloatObject *)f->ob_type;
		free_count--;
	} else {
		f = PyObject_Malloc(sizeof(*f));
		if (!f)
			return PyErr_NoMemory();
	}
	f->ob_type = &PyFloat_Type;
	_Py_NewReference((PyObject *)f);
	f->ob_fval = v;
	return (PyObject *)f;
}

void _PyFloat_Dealloc(PyObject *o)
{
	if (PyFloat_CheckExact(o) && free_count < FREE_MAX) {
		o->ob_type = (PyTypeObject *)free_list;
		free_list = (PyFloatObject *)o;
		free_count++;
	} else {
		Py_TYPE(o)->tp_free(o);
	}
}

double PyFloat_AsDouble(PyObject *o)
{
	PyObject *f;
	double v;

	if (PyFloat_Check(o))
		return PyFloat_AS_DOUBLE(o);
	if (Py_TYPE(o)->nb_float) {
		f = Py_TYPE(o)->nb_float(o);
		if (!f)
			return -1.0;
		if (!PyFloat_Check(f)) {
			PyErr_Format(PyExc_TypeError,
				     "%.50s.__float__ returned non-float (type %.50s)",
				     Py_TYPE(o)->tp_name, Py_TYPE(f)->tp_name);
			Py_DECREF(f);
			return -1.0;
		}
		v = PyFloat_AS_DOUBLE(f);
		Py_DECREF(f);
		return v;
	}
	if (PyIndex_Check(o)) {
		PyObject *i = PyNumber_Index(o);

		if (!i)
			return -1.0;
		v = PyLong_AsDouble(i);
		Py_DECREF(i);
		return v;
	}
	PyErr_Format(PyExc_TypeError, "must be real number, not %.50s", Py_TYPE(o)->tp_name);
	return -1.0;
}

/* -- From text --------------------------------------------------------------------------------- */
static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* text without the underscores that stand between digits, or NULL when some stand elsewhere (no
 * exception) or memory is out (exception). */
static char *without_underscores(const char *text, Py_ssize_t n)
{
	char *copy = PyMem_Malloc((size_t)n + 1), *to = copy;
	char previous = '\0';

	if (!copy) {
		PyErr_NoMemory();
		return NULL;
	}
	for (Py_ssize_t i = 0; i < n; i++) {
		bool digit = text[i] >= '0' && text[i] <= '9';

		if ((text[i] == '_' && !(previous >= '0' && previous <= '9')) ||
		    (previous == '_' && !digit)) {
			PyMem_Free(copy);
			return NULL;
		}
		if (text[i] != '_')
			*to++ = text[i];
		previous = text[i];
	}
	if (previous == '_') {
		PyMem_Free(copy);
		return NULL;
	}
	*to = '\0';
	return copy;
}

/* The number that is all of text[0, n), NUL-terminated; false without an exception when it is none.
 */
bool _PyFloat_Parse(const char *text, Py_ssize_t n, double *ret)
{
	char *copy, *end;
	bool ok;

	while (n > 0 && is_space(text[0])) {
		text++;
		n--;
	}
	while (n > 0 && is_space(text[n - 1]))
		n--;
	if (n == 0)
		return false;
	copy = without_underscores(text, n);
	if (!copy)
		return false;
	*ret = PyOS_string_to_double(copy, &end, NULL);
	ok = *end == '\0' && end != copy && (Py_ssize_t)strlen(copy) == end - copy;
	if (PyErr_Occurred())
		PyErr_Clear();
	/* A NUL inside ends the text too early. */
	ok = ok && memchr(text, '\0', (size_t)n) == NULL;
	PyMem_Free(copy);
	return ok;
}

PyObject *PyFloat_FromString(PyObject *o)
{
	PyObject *ascii = NULL;
	const char *data;
	Py_ssize_t n;
	double v;
	bool ok;

	if (PyUnicode_Check(o)) {
		ascii = _PyUnicode_TransformDecimalAndSpaceToASCII(o);
		if (!ascii)
			return NULL;
		data = PyUnicode_DATA(ascii);
		n = PyUnicode_GET_LENGTH(ascii);
	} else if (!_PyBytes_View(o, &data, &n)) {
		return PyErr_Format(
			PyExc_TypeError,
			"float() argument must be a string or a real number, not '%.200s'",
			Py_TYPE(o)->tp_name);
	}
	ok = _PyFloat_Parse(data, n, &v);
	Py_XDECREF(ascii);
	if (ok)
		return PyFloat_FromDouble(v);
	if (!PyErr_Occurred())
		PyErr_Format(PyExc_ValueError, "could not convert string to float: %R", o);
	return NULL;
}

/* -- Arithmetic -------------------------------------------------------------------------------- */
/* 1: *ret is the double of a float or int; 0: another type; -1: too large. */
static int to_double(PyObject *o, double *ret)
{
	if (PyFloat_Check(o)) {
		*ret = PyFloat_AS_DOUBLE(o);
		return 1;
	}
	if (!PyLong_Check(o))
		return 0;
	*ret = PyLong_AsDouble(o);
	return *ret == -1.0 && PyErr_Occurred() ? -1 : 1;
}

/* Declares x and y, or returns from the slot. */
#define CONVERT_TO_DOUBLE(a, b)         \
	double x, y;                    \
	int ok_ = to_double(a, &x);     \
	if (ok_ > 0)                    \
		ok_ = to_double(b, &y); \
	if (ok_ < 0)                    \
		return NULL;            \
	if (ok_ == 0)                   \
		Py_RETURN_NOTIMPLEMENTED;

static PyObject *zero_division(const char *what)
{
	PyErr_SetString(PyExc_ZeroDivisionError, what);
	return NULL;
}

PyObject *_PyFloat_Add(PyObject *a, PyObject *b)
{
	CONVERT_TO_DOUBLE(a, b)
	return PyFloat_FromDouble(x + y);
}

PyObject *_PyFloat_Subtract(PyObject *a, PyObject *b)
{
	CONVERT_TO_DOUBLE(a, b)
	return PyFloat_FromDouble(x - y);
}

PyObject *_PyFloat_Multiply(PyObject *a, PyObject *b)
{
	CONVERT_TO_DOUBLE(a, b)
	return PyFloat_FromDouble(x * y);
}

PyObject *_PyFloat_TrueDivide(PyObject *a, PyObject *b)
{
	CONVERT_TO_DOUBLE(a, b)
	return y == 0.0 ? zero_division("float division by zero") : PyFloat_FromDouble(x / y);
}

void _PyFloat_DivMod(double a, double b, double *div, double *mod)
{
	double m = fmod(a, b), d = (a - m) / b;

	if (m) {
		if ((b < 0) != (m < 0)) { /* the remainder has b's sign */
			m += b;
			d -= 1.0;
		}
	} else {
		m = copysign(0.0, b);
	}
	if (d) {
		double f = floor(d);

		*div = d - f > 0.5 ? f + 1.0 : f; /* d is within rounding of a whole number */
	} else {
		*div = copysign(0.0, a / b);
	}
	*mod = m;
}

PyObject *_PyFloat_Remainder(PyObject *a, PyObject *b)
{
	double div, mod;

	CONVERT_TO_DOUBLE(a, b)
	if (y == 0.0)
		return zero_division("float modulo");
	_PyFloat_DivMod(x, y, &div, &mod);
	return PyFloat_FromDouble(mod);
}

PyObject *_PyFloat_FloorDivide(PyObject *a, PyObject *b)
{
	double div, mod;

	CONVERT_TO_DOUBLE(a, b)
	if (y == 0.0)
		return zero_division("float floor division by zero");
	_PyFloat_DivMod(x, y, &div, &mod);
	return PyFloat_FromDouble(div);
}

PyObject *_PyFloat_Divmod(PyObject *a, PyObject *b)
{
	double div, mod;
	PyObject *q, *r, *ret = NULL;

	CONVERT_TO_DOUBLE(a, b)
	if (y == 0.0)
		return zero_division("float divmod()");
	_PyFloat_DivMod(x, y, &div, &mod);
	q = PyFloat_FromDouble(div);
	r = q ? PyFloat_FromDouble(mod) : NULL;
	if (r)
		ret = PyTuple_Pack(2, q, r);
	Py_XDECREF(q);
	Py_XDECREF(r);
	return ret;
}

PyObject *_PyFloat_Power(PyObject *a, PyObject *b, PyObject *mod)
{
	double r;

	CONVERT_TO_DOUBLE(a, b)
	if (mod && mod != Py_None) {
		PyErr_SetString(PyExc_TypeError, "pow() 3rd argument not allowed unless all "
						 "arguments are integers");
		return NULL;
	}
	if (x == 0.0 && y < 0.0 && isfinite(y))
		return zero_division("0.0 cannot be raised to a negative power");
	if (x < 0 && isfinite(x) && isfinite(y) && y != floor(y))
		return PyComplex_Type.nb_power(a, b, Py_None);
	r = pow(x, y);
	if (isinf(r) && isfinite(x) && isfinite(y)) {
		errno = ERANGE;
		return PyErr_SetFromErrno(PyExc_OverflowError);
	}
	return PyFloat_FromDouble(r);
}

/* -- Comparing --------------------------------------------------------------------------------- */
/* x and an int exactly: -1, 0, 1; x is no nan. -2 on error. */
static int compare_with_long(double x, PyObject *o)
{
	PyObject *whole;
	double f = floor(x);
	int cmp;

	if (isinf(x))
		return x < 0 ? -1 : 1;
	whole = PyLong_FromDouble(f);
	if (!whole)
		return -2;
	cmp = _PyLong_Compare(whole, o);
	Py_DECREF(whole);
	return cmp == 0 && x > f ? 1 : cmp;
}

PyObject *_PyFloat_RichCompare(PyObject *a, PyObject *b, int op)
{
	double x = PyFloat_AS_DOUBLE(a), y;
	int64_t small;
	int cmp;

	if (PyFloat_Check(b)) {
		y = PyFloat_AS_DOUBLE(b);
	} else if (!PyLong_Check(b)) {
		Py_RETURN_NOTIMPLEMENTED;
	} else if (_PyLong_GetInt64(b, &small) && small <= ((int64_t)1 << 53) &&
		   small >= -((int64_t)1 << 53)) {
		y = (double)small;
	} else if (isnan(x)) {
		y = 0.0;
	} else {
		cmp = compare_with_long(x, b);
		return cmp == -2 ? NULL : PyBool_FromLong(_Py_CompareHolds(cmp, op));
	}
	switch (op) {
	case Py_LT: return PyBool_FromLong(x < y);
	case Py_LE: return PyBool_FromLong(x <= y);
	case Py_EQ: return PyBool_FromLong(x == y);
	case Py_NE: return PyBool_FromLong(x != y);
	case Py_GT: return PyBool_FromLong(x > y);
	default: return PyBool_FromLong(x >= y);
	}
}

/* As the int hash: the value modulo 2^61 - 1, in which 2 has the order 61. */
Py_hash_t _Py_HashDouble(PyObject *inst, double v)
{
	const uint64_t p = ((uint64_t)1 << 61) - 1;
	uint64_t x = 0;
	int e, sign = 1;
	double m;
	Py_hash_t ret;

	if (isinf(v))
		return v > 0 ? 314159 : -314159;
	if (isnan(v))
		return _Py_HashPointer(inst);
	m = frexp(v, &e);
	if (m < 0) {
		sign = -1;
		m = -m;
	}
	while (m) { /* 28 bits at a time */
		uint64_t y;

		x = (x << 28 & p) | x >> (61 - 28);
		m *= 268435456.0;
		e -= 28;
		y = (uint64_t)m;
		m -= (double)y;
		x += y;
		if (x >= p)
			x -= p;
	}
	e = e >= 0 ? e % 61 : 60 - (-1 - e) % 61;
	x = (x << e & p) | x >> (61 - e);
	ret = sign * (Py_hash_t)x;
	return ret == -1 ? -2 : ret;
}

/* -- Rounding ---------------------------------------------------------------------------------- */
/* Rounds to ndigits after the point by way of the correctly rounded decimal text. */
static PyObject *round_decimal(double v, int ndigits)
{
	char *text = PyMem_Malloc(512), *end;
	double r;

	if (!text)
		return PyErr_NoMemory();
	if (ndigits >= 0) {
		snprintf(text, 512, "%.*f", ndigits, v);
	} else {
		/* Digits before the point: as many significant ones as are left. */
		int exp = v == 0 ? 0 : (int)floor(log10(fabs(v))), keep;

		snprintf(text, 512, "%.17e", v);
		end = strchr(text, 'e');
		exp = atoi(end + 1);
		keep = exp + ndigits;
		if (keep < -1) {
			PyMem_Free(text);
			return PyFloat_FromDouble(copysign(0.0, v));
		}
		if (keep == -1) { /* one digit too few: up or down to nothing */
			double unit = pow(10.0, -ndigits);

			PyMem_Free(text);
			return PyFloat_FromDouble(copysign(fabs(v) > unit / 2 ? unit : 0.0, v));
		}
		snprintf(text, 512, "%.*e", keep, v);
	}
	r = strtod(text, NULL);
	PyMem_Free(text);
	if (isinf(r)) {
		PyErr_SetString(PyExc_OverflowError, "rounded value too large to represent");
		return NULL;
	}
	return PyFloat_FromDouble(r);
}

PyObject *_PyFloat_Round(double v, PyObject *ndigits)
{
	Py_ssize_t n;

	if (!ndigits || ndigits == Py_None) {
		double r = round(v);

		if (fabs(v - r) == 0.5) /* a tie goes to the even one */
			r = 2.0 * round(v / 2.0);
		return PyLong_FromDouble(r);
	}
	n = PyNumber_AsSsize_t(ndigits, NULL);
	if (n == -1 && PyErr_Occurred())
		return NULL;
	if (!isfinite(v))
		return PyFloat_FromDouble(v);
	/* Beyond these nothing is rounded, or everything is. */
	if (n > (DBL_MANT_DIG - DBL_MIN_EXP) * 30103 / 100000 + 1)
		return PyFloat_FromDouble(v);
	if (n < -((DBL_MAX_EXP + 1) * 30103 / 100000))
		return PyFloat_FromDouble(0.0 * v);
	return round_decimal(v, (int)n);
}
