/* SPDX-License-Identifier: BSD-2-Clause */
/* complex: arithmetic, repr, complex(). */
#include "objects/complex.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/descr.h"
#include "objects/float_priv.h"
#include "objects/long.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

#include <math.h>

#define CVAL(o) (((PyComplexObject *)(o))->cval)

PyObject *PyComplex_FromCComplex(Py_complex v)
{
	PyComplexObject *c = PyObject_New(PyComplexObject, &PyComplex_Type);

	if (c)
		c->cval = v;
	return (PyObject *)c;
}

PyObject *PyComplex_FromDoubles(double real, double imag)
{
	return PyComplex_FromCComplex((Py_complex){real, imag});
}

double PyComplex_RealAsDouble(PyObject *o)
{
	return PyComplex_Check(o) ? CVAL(o).real : PyFloat_AsDouble(o);
}

double PyComplex_ImagAsDouble(PyObject *o)
{
	return PyComplex_Check(o) ? CVAL(o).imag : 0.0;
}

Py_complex PyComplex_AsCComplex(PyObject *o)
{
	Py_complex ret = {-1.0, 0.0};
	PyObject *method, *c;

	if (PyComplex_Check(o))
		return CVAL(o);
	method = _PyObject_LookupSpecial(o, _Py_ID(__complex__));
	if (method) {
		c = PyObject_CallNoArgs(method);
		Py_DECREF(method);
		if (!c)
			return ret;
		if (PyComplex_Check(c))
			ret = CVAL(c);
		else
			PyErr_Format(PyExc_TypeError,
				     "__complex__ returned non-complex (type %.200s)",
				     Py_TYPE(c)->tp_name);
		Py_DECREF(c);
		return ret;
	}
	if (!PyErr_Occurred())
		ret.real = PyFloat_AsDouble(o);
	return ret;
}

/* 1: *ret; 0: no number that goes with complex; -1. */
static int to_complex(PyObject *o, Py_complex *ret)
{
	ret->imag = 0.0;
	if (PyComplex_Check(o)) {
		*ret = CVAL(o);
		return 1;
	}
	if (!PyFloat_Check(o) && !PyLong_Check(o))
		return 0;
	ret->real = PyFloat_AsDouble(o);
	return ret->real == -1.0 && PyErr_Occurred() ? -1 : 1;
}

#define CONVERT(a, b)                    \
	Py_complex x, y;                 \
	int ok_ = to_complex(a, &x);     \
	if (ok_ > 0)                     \
		ok_ = to_complex(b, &y); \
	if (ok_ < 0)                     \
		return NULL;             \
	if (ok_ == 0)                    \
		Py_RETURN_NOTIMPLEMENTED;

static PyObject *complex_add(PyObject *a, PyObject *b)
{
	CONVERT(a, b)
	return PyComplex_FromDoubles(x.real + y.real, x.imag + y.imag);
}

static PyObject *complex_subtract(PyObject *a, PyObject *b)
{
	CONVERT(a, b)
	return PyComplex_FromDoubles(x.real - y.real, x.imag - y.imag);
}

static Py_complex product(Py_complex x, Py_complex y)
{
	return (Py_complex){x.real * y.real - x.imag * y.imag, x.real * y.imag + x.imag * y.real};
}

static PyObject *complex_multiply(PyObject *a, PyObject *b)
{
	CONVERT(a, b)
	return PyComplex_FromCComplex(product(x, y));
}

/* By the larger part of the divisor, so that nothing overflows on the way (Smith 1962). */
static Py_complex quotient(Py_complex x, Py_complex y)
{
	double ratio, denom;

	if (fabs(y.real) >= fabs(y.imag)) {
		ratio = y.imag / y.real;
		denom = y.real + y.imag * ratio;
		return (Py_complex){(x.real + x.imag * ratio) / denom,
				    (x.imag - x.real * ratio) / denom};
	}
	if (fabs(y.imag) >= fabs(y.real)) {
		ratio = y.real / y.imag;
		denom = y.real * ratio + y.imag;
		return (Py_complex){(x.real * ratio + x.imag) / denom,
				    (x.imag * ratio - x.real) / denom};
	}
	return (Py_complex){NAN, NAN};
}

static PyObject *complex_true_divide(PyObject *a, PyObject *b)
{
	CONVERT(a, b)
	if (y.real == 0.0 && y.imag == 0.0) {
		PyErr_SetString(PyExc_ZeroDivisionError, "complex division by zero");
		return NULL;
	}
	return PyComplex_FromCComplex(quotient(x, y));
}

static Py_complex power_int(Py_complex x, long n)
{
	Py_complex r = {1.0, 0.0}, p = x;

	for (unsigned long e = n < 0 ? -(unsigned long)n : (unsigned long)n; e; e >>= 1) {
		if (e & 1)
			r = product(r, p);
		p = product(p, p);
	}
	return n < 0 ? quotient((Py_complex){1.0, 0.0}, r) : r;
}

static Py_complex power(Py_complex x, Py_complex y)
{
	double len, at, phase;

	if (y.real == 0.0 && y.imag == 0.0)
		return (Py_complex){1.0, 0.0};
	if (x.real == 0.0 && x.imag == 0.0)
		return (Py_complex){0.0, 0.0};
	len = pow(hypot(x.real, x.imag), y.real);
	at = atan2(x.imag, x.real);
	phase = at * y.real;
	if (y.imag != 0.0) {
		len *= exp(-at * y.imag);
		phase += y.imag * log(hypot(x.real, x.imag));
	}
	return (Py_complex){len * cos(phase), len * sin(phase)};
}

static PyObject *complex_power(PyObject *a, PyObject *b, PyObject *mod)
{
	Py_complex r;

	CONVERT(a, b)
	if (mod && mod != Py_None) {
		PyErr_SetString(PyExc_ValueError, "complex modulo");
		return NULL;
	}
	if (x.real == 0.0 && x.imag == 0.0 && (y.imag != 0.0 || y.real < 0.0)) {
		PyErr_SetString(PyExc_ZeroDivisionError, "0.0 to a negative or complex power");
		return NULL;
	}
	if (y.imag == 0.0 && y.real == floor(y.real) && fabs(y.real) <= 100.0)
		r = power_int(x, (long)y.real);
	else
		r = power(x, y);
	if ((isinf(r.real) || isinf(r.imag)) && isfinite(x.real) && isfinite(x.imag)) {
		PyErr_SetString(PyExc_OverflowError, "complex exponentiation");
		return NULL;
	}
	return PyComplex_FromCComplex(r);
}

static PyObject *complex_negative(PyObject *o)
{
	return PyComplex_FromDoubles(-CVAL(o).real, -CVAL(o).imag);
}

static PyObject *complex_positive(PyObject *o)
{
	return PyComplex_CheckExact(o) ? Py_NewRef(o) : PyComplex_FromCComplex(CVAL(o));
}

static PyObject *complex_absolute(PyObject *o)
{
	double r = hypot(CVAL(o).real, CVAL(o).imag);

	if (isinf(r) && isfinite(CVAL(o).real) && isfinite(CVAL(o).imag)) {
		PyErr_SetString(PyExc_OverflowError, "absolute value too large");
		return NULL;
	}
	return PyFloat_FromDouble(r);
}

static int complex_bool(PyObject *o)
{
	return CVAL(o).real != 0.0 || CVAL(o).imag != 0.0;
}

static PyObject *complex_richcompare(PyObject *a, PyObject *b, int op)
{
	int equal;

	if (op != Py_EQ && op != Py_NE)
		Py_RETURN_NOTIMPLEMENTED;
	if (PyComplex_Check(b)) {
		equal = CVAL(a).real == CVAL(b).real && CVAL(a).imag == CVAL(b).imag;
	} else if (PyFloat_Check(b) || PyLong_Check(b)) {
		PyObject *real = PyFloat_FromDouble(CVAL(a).real);

		equal = CVAL(a).imag == 0.0;
		if (real && equal)
			equal = PyObject_RichCompareBool(real, b, Py_EQ);
		Py_XDECREF(real);
		if (!real || equal < 0)
			return NULL;
	} else {
		Py_RETURN_NOTIMPLEMENTED;
	}
	return PyBool_FromLong(equal == (op == Py_EQ));
}

static Py_hash_t complex_hash(PyObject *o)
{
	uint64_t h = (uint64_t)_Py_HashDouble(o, CVAL(o).real) +
		     1000003u * (uint64_t)_Py_HashDouble(o, CVAL(o).imag);

	return h == (uint64_t)-1 ? -2 : (Py_hash_t)h;
}

static PyObject *complex_repr(PyObject *o)
{
	bool only_imag = CVAL(o).real == 0.0 && !signbit(CVAL(o).real);
	char *real = only_imag ? NULL : PyOS_double_to_string(CVAL(o).real, 'r', 0, 0);
	char *imag = PyOS_double_to_string(CVAL(o).imag, 'r', 0, only_imag ? 0 : Py_DTSF_SIGN);
	PyObject *ret = NULL;

	if (imag && (only_imag || real))
		ret = only_imag ? PyUnicode_FromFormat("%sj", imag)
				: PyUnicode_FromFormat("(%s%sj)", real, imag);
	PyMem_Free(real);
	PyMem_Free(imag);
	return ret;
}

/* -- complex() --------------------------------------------------------------------------------- */
static PyObject *malformed(void)
{
	PyErr_SetString(PyExc_ValueError, "complex() arg is a malformed string");
	return NULL;
}

/* Where the float at p ends by Python's rules, p when there is none. */
static const char *skip_float(const char *p)
{
	char *end;
	PyObject *pending;

	PyOS_string_to_double(p, &end, NULL);
	pending = PyErr_GetRaisedException();
	Py_XDECREF(pending);
	return end;
}

/* real, imag j, real+imag j; p is stripped, NUL-terminated, without underscores. */
static bool parse(const char *p, Py_complex *ret)
{
	const char *end = skip_float(p);
	double first = end != p ? strtod(p, NULL) : 0.0;

	*ret = (Py_complex){0.0, 0.0};
	if (end != p && *end == '\0') {
		ret->real = first;
		return true;
	}
	if (end != p && (*end == '+' || *end == '-')) {
		const char *second = end;

		ret->real = first;
		end = skip_float(second);
		if (end == second) { /* just +j */
			ret->imag = *second == '-' ? -1.0 : 1.0;
			end++;
		} else {
			ret->imag = strtod(second, NULL);
		}
	} else if (end != p) {
		ret->imag = first;
	} else {
		ret->imag = *p == '-' ? -1.0 : 1.0;
		end += *p == '+' || *p == '-';
	}
	return (*end == 'j' || *end == 'J') && end[1] == '\0';
}

static PyObject *from_text(PyObject *text)
{
	PyObject *ascii = _PyUnicode_TransformDecimalAndSpaceToASCII(text), *ret = NULL;
	char *copy, *p, *to, previous = '\0';
	const char *data;
	Py_ssize_t n;
	Py_complex v;
	bool ok = true;

	if (!ascii)
		return NULL;
	data = PyUnicode_DATA(ascii);
	n = PyUnicode_GET_LENGTH(ascii);
	copy = PyMem_Malloc((size_t)n + 1);
	if (!copy) {
		Py_DECREF(ascii);
		return PyErr_NoMemory();
	}
	to = copy;
	for (Py_ssize_t i = 0; i < n; i++) {
		bool digit = data[i] >= '0' && data[i] <= '9';

		if ((data[i] == '_' && !(previous >= '0' && previous <= '9')) ||
		    (previous == '_' && !digit) || data[i] == '\0')
			ok = false;
		if (data[i] != '_')
			*to++ = data[i];
		previous = data[i];
	}
	ok = ok && previous != '_';
	while (to > copy && (to[-1] == ' ' || (to[-1] >= '\t' && to[-1] <= '\r')))
		to--;
	*to = '\0';
	p = copy + strspn(copy, " \t\n\v\f\r");
	if (*p == '(' && to > p && to[-1] == ')') {
		to[-1] = '\0';
		p += 1 + strspn(p + 1, " \t\n\v\f\r");
		for (to = p + strlen(p);
		     to > p && (to[-1] == ' ' || (to[-1] >= '\t' && to[-1] <= '\r'));)
			*--to = '\0';
	}
	ret = ok && *p && parse(p, &v) ? PyComplex_FromCComplex(v) : malformed();
	PyMem_Free(copy);
	Py_DECREF(ascii);
	return ret;
}

static bool is_number(PyObject *o)
{
	return PyComplex_Check(o) || Py_TYPE(o)->nb_float || PyIndex_Check(o);
}

static PyObject *make(PyObject *r, PyObject *i)
{
	Py_complex x = {0.0, 0.0}, y = {0.0, 0.0};
	PyObject *method;

	if (r && PyUnicode_Check(r)) {
		if (i) {
			PyErr_SetString(PyExc_TypeError, "complex() can't take second arg if first "
							 "is a string");
			return NULL;
		}
		return from_text(r);
	}
	if (i && PyUnicode_Check(i)) {
		PyErr_SetString(PyExc_TypeError, "complex() second arg can't be a string");
		return NULL;
	}
	if (r && !is_number(r)) {
		method = _PyObject_LookupSpecial(r, _Py_ID(__complex__));
		Py_XDECREF(method);
		if (!method)
			return PyErr_Format(PyExc_TypeError,
					    "complex() first argument must be a string or a "
					    "number, not '%.200s'",
					    Py_TYPE(r)->tp_name);
	}
	if (i && !is_number(i))
		return PyErr_Format(PyExc_TypeError,
				    "complex() second argument must be a number, not '%.200s'",
				    Py_TYPE(i)->tp_name);
	if (r)
		x = PyComplex_AsCComplex(r);
	if (r && x.real == -1.0 && PyErr_Occurred())
		return NULL;
	if (i)
		y = PyComplex_AsCComplex(i);
	if (i && y.real == -1.0 && PyErr_Occurred())
		return NULL;
	/* r + i*1j, parts that are not complex leave signs of zeros alone. */
	if (i && PyComplex_Check(i))
		x.real -= y.imag;
	if (r && PyComplex_Check(r))
		y.real += x.imag;
	return PyComplex_FromDoubles(x.real, i || (r && PyComplex_Check(r)) ? y.real : x.imag);
}

static PyObject *complex_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	static const char *const names[] = {"real", "imag", NULL};
	static const struct PyArgSpec spec = {"complex", names, .max_pos = 2};
	PyObject *a[2], *v, *ret;

	if (PyArg_ParseDict(&spec, args, kwargs, a) < 0)
		return NULL;
	if (type == &PyComplex_Type && a[0] && !a[1] && PyComplex_CheckExact(a[0]))
		return Py_NewRef(a[0]);
	v = make(a[0], a[1]);
	if (!v || type == &PyComplex_Type)
		return v;
	ret = type->tp_alloc(type, 0);
	if (ret)
		CVAL(ret) = CVAL(v);
	Py_DECREF(v);
	return ret;
}

/* -- Methods ----------------------------------------------------------------------------------- */
static PyObject *complex_conjugate(PyObject *o, PyObject *unused)
{
	return PyComplex_FromDoubles(CVAL(o).real, -CVAL(o).imag);
}

static PyObject *complex_format(PyObject *o, PyObject *spec)
{
	if (!PyUnicode_Check(spec))
		return PyErr_Format(PyExc_TypeError, "__format__() argument must be str, not %.50s",
				    Py_TYPE(spec)->tp_name);
	return _PyComplex_FormatSpec(o, spec);
}

static PyObject *complex_complex(PyObject *o, PyObject *unused)
{
	return complex_positive(o);
}

static PyObject *complex_getnewargs(PyObject *o, PyObject *unused)
{
	PyObject *r = PyFloat_FromDouble(CVAL(o).real),
		 *i = r ? PyFloat_FromDouble(CVAL(o).imag) : NULL;
	PyObject *ret = i ? PyTuple_Pack(2, r, i) : NULL;

	Py_XDECREF(r);
	Py_XDECREF(i);
	return ret;
}

static PyMethodDef complex_methods[] = {
	{"conjugate", complex_conjugate, METH_NOARGS, NULL},
	{"__complex__", complex_complex, METH_NOARGS, NULL},
	{"__format__", complex_format, METH_O, NULL},
	{"__getnewargs__", complex_getnewargs, METH_NOARGS, NULL},
	{NULL, NULL, 0, NULL},
};

static PyMemberDef complex_members[] = {
	{"real", Py_T_DOUBLE, offsetof(PyComplexObject, cval.real), Py_READONLY, NULL},
	{"imag", Py_T_DOUBLE, offsetof(PyComplexObject, cval.imag), Py_READONLY, NULL},
	{NULL, 0, 0, 0, NULL},
};

PyTypeObject PyComplex_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "complex",
	.tp_basicsize = sizeof(PyComplexObject),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
	.tp_doc = "Create a complex number from a real part and an optional imaginary part.",
	.tp_free = PyObject_Free,
	.tp_repr = complex_repr,
	.tp_hash = complex_hash,
	.tp_richcompare = complex_richcompare,
	.tp_new = complex_new,
	.tp_methods = complex_methods,
	.tp_members = complex_members,
	.nb_add = complex_add,
	.nb_subtract = complex_subtract,
	.nb_multiply = complex_multiply,
	.nb_power = complex_power,
	.nb_negative = complex_negative,
	.nb_positive = complex_positive,
	.nb_absolute = complex_absolute,
	.nb_bool = complex_bool,
	.nb_true_divide = complex_true_divide,
};
