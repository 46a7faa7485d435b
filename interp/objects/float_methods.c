/* SPDX-License-Identifier: BSD-2-Clause */
/* The type float: its slots and methods. */
#include "objects/float_priv.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/long.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

#include <float.h>
#include <math.h>

#define D(o) PyFloat_AS_DOUBLE(o)

static PyObject *float_repr(PyObject *o)
{
	char *text = PyOS_double_to_string(D(o), 'r', 0, Py_DTSF_ADD_DOT_0);
	PyObject *ret;

	if (!text)
		return NULL;
	ret = PyUnicode_FromStringAndSize(text, (Py_ssize_t)strlen(text));
	PyMem_Free(text);
	return ret;
}

static Py_hash_t float_hash(PyObject *o)
{
	return _Py_HashDouble(o, D(o));
}

static PyObject *float_negative(PyObject *o)
{
	return PyFloat_FromDouble(-D(o));
}

static PyObject *float_absolute(PyObject *o)
{
	return PyFloat_FromDouble(fabs(D(o)));
}

static int float_bool(PyObject *o)
{
	return D(o) != 0.0;
}

static PyObject *float_int(PyObject *o)
{
	return PyLong_FromDouble(D(o));
}

static PyObject *float_float(PyObject *o)
{
	return PyFloat_CheckExact(o) ? Py_NewRef(o) : PyFloat_FromDouble(D(o));
}

/* -- Making ------------------------------------------------------------------------------------ */
static PyObject *make(PyObject *x)
{
	if (!x)
		return PyFloat_FromDouble(0.0);
	if (PyFloat_CheckExact(x))
		return Py_NewRef(x);
	return PyNumber_Float(x);
}

static PyObject *float_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *x = NULL, *v, *ret;

	if ((type == &PyFloat_Type && !PyArg_NoKeywords("float", kwargs)) ||
	    !PyArg_UnpackTuple(args, "float", 0, 1, &x))
		return NULL;
	v = make(x);
	if (!v || type == &PyFloat_Type)
		return v;
	ret = type->tp_alloc(type, 0);
	if (ret)
		D(ret) = D(v);
	Py_DECREF(v);
	return ret;
}

static PyObject *float_construct(PyObject *type, PyObject *const *args, size_t nargsf,
				 PyObject *kwnames)
{
	Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);

	if (!PyArg_NoKwnames("float", kwnames) || !PyArg_CheckPositional("float", nargs, 0, 1))
		return NULL;
	return make(nargs ? args[0] : NULL);
}

/* -- Methods ----------------------------------------------------------------------------------- */
static PyObject *float_is_integer(PyObject *o, PyObject *unused)
{
	return PyBool_FromLong(isfinite(D(o)) && floor(D(o)) == D(o));
}

static PyObject *float_trunc(PyObject *o, PyObject *unused)
{
	return PyLong_FromDouble(D(o));
}

static PyObject *float_floor(PyObject *o, PyObject *unused)
{
	return PyLong_FromDouble(floor(D(o)));
}

static PyObject *float_ceil(PyObject *o, PyObject *unused)
{
	return PyLong_FromDouble(ceil(D(o)));
}

static PyObject *float_conjugate(PyObject *o, PyObject *unused)
{
	return float_float(o);
}

static PyObject *float_round(PyObject *o, PyObject *const *args, Py_ssize_t nargs)
{
	PyObject *ndigits;

	if (!PyArg_UnpackFast("__round__", args, nargs, 0, 1, &ndigits))
		return NULL;
	return _PyFloat_Round(D(o), ndigits);
}

static PyObject *float_as_integer_ratio(PyObject *o, PyObject *unused)
{
	PyObject *num, *den, *power, *ret = NULL;
	double m;
	int e, i;

	if (isinf(D(o))) {
		PyErr_SetString(PyExc_OverflowError, "cannot convert Infinity to integer ratio");
		return NULL;
	}
	if (isnan(D(o))) {
		PyErr_SetString(PyExc_ValueError, "cannot convert NaN to integer ratio");
		return NULL;
	}
	m = frexp(D(o), &e);
	for (i = 0; i < 300 && m != floor(m); i++) {
		m *= 2.0;
		e--;
	}
	num = PyLong_FromDouble(m);
	den = PyLong_FromLong(1);
	power = PyLong_FromLong(abs(e));
	if (num && den && power) {
		PyObject **scaled = e > 0 ? &num : &den;

		Py_SETREF(*scaled, PyNumber_Lshift(*scaled, power));
		if (*scaled)
			ret = PyTuple_Pack(2, num, den);
	}
	Py_XDECREF(num);
	Py_XDECREF(den);
	Py_XDECREF(power);
	return ret;
}

static PyObject *float_hex(PyObject *o, PyObject *unused)
{
	double v = D(o), m;
	char text[32], *p = text;
	int e, shift;

	if (!isfinite(v))
		return float_repr(o);
	if (signbit(v))
		*p++ = '-';
	if (v == 0)
		return PyUnicode_FromFormat("%s0x0.0p+0", signbit(v) ? "-" : "");
	m = frexp(fabs(v), &e);
	shift = 1 - (DBL_MIN_EXP - e > 0 ? DBL_MIN_EXP - e : 0);
	m = ldexp(m, shift);
	e -= shift;
	p += sprintf(p, "0x%d.", (int)m);
	m -= (int)m;
	for (int i = 0; i < (DBL_MANT_DIG - 1) / 4; i++) {
		m *= 16.0;
		*p++ = "0123456789abcdef"[(int)m];
		m -= (int)m;
	}
	*p = '\0';
	return PyUnicode_FromFormat("%sp%s%d", text, e < 0 ? "-" : "+", abs(e));
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* [sign][0x]hex digits[.hex digits][p[sign]digits] or a word; its end, or NULL. Sets *prefix to
 * whether 0x is missing. */
static const char *check_hex(const char *p, bool *missing_prefix, bool *word)
{
	int digits = 0;

	*word = false;
	*missing_prefix = false;
	if (*p == '+' || *p == '-')
		p++;
	if (strncasecmp(p, "inf", 3) == 0 || strncasecmp(p, "nan", 3) == 0) {
		*word = true;
		return p + (strncasecmp(p, "infinity", 8) == 0 ? 8 : 3);
	}
	if (p[0] == '0' && (p[1] | 0x20) == 'x')
		p += 2;
	else
		*missing_prefix = true;
	for (; is_hex(*p); p++)
		digits++;
	if (*p == '.')
		for (p++; is_hex(*p); p++)
			digits++;
	if (!digits)
		return NULL;
	if ((*p | 0x20) == 'p') {
		p++;
		if (*p == '+' || *p == '-')
			p++;
		if (*p < '0' || *p > '9')
			return NULL;
		while (*p >= '0' && *p <= '9')
			p++;
	}
	return p;
}

static PyObject *bad_hex(void)
{
	PyErr_SetString(PyExc_ValueError, "invalid hexadecimal floating-point string");
	return NULL;
}

static PyObject *float_fromhex(PyObject *type, PyObject *arg)
{
	const char *text, *end, *start;
	bool missing_prefix, word;
	char *full;
	double v;
	PyObject *ret;

	if (!PyUnicode_Check(arg))
		return PyErr_Format(PyExc_TypeError, "bad argument type for built-in operation");
	text = PyUnicode_AsUTF8(arg);
	if (!text)
		return NULL;
	while (*text == ' ' || (*text >= '\t' && *text <= '\r'))
		text++;
	start = text;
	end = check_hex(start, &missing_prefix, &word);
	if (!end)
		return bad_hex();
	for (text = end; *text == ' ' || (*text >= '\t' && *text <= '\r');)
		text++;
	if (*text || (Py_ssize_t)strlen(PyUnicode_AsUTF8(arg)) != PyUnicode_GET_LENGTH(arg))
		return bad_hex();
	full = PyMem_Malloc((size_t)(end - start) + 4);
	if (!full)
		return PyErr_NoMemory();
	if (word || !missing_prefix) {
		memcpy(full, start, (size_t)(end - start));
		full[end - start] = '\0';
	} else {
		size_t sign = *start == '+' || *start == '-';

		memcpy(full, start, sign);
		memcpy(full + sign, "0x", 2);
		memcpy(full + sign + 2, start + sign, (size_t)(end - start) - sign);
		full[end - start + 2] = '\0';
	}
	v = strtod(full, NULL);
	PyMem_Free(full);
	if (isinf(v) && !word) {
		PyErr_SetString(PyExc_OverflowError,
				"hexadecimal value too large to represent as a float");
		return NULL;
	}
	ret = PyFloat_FromDouble(v);
	if (ret && type != (PyObject *)&PyFloat_Type)
		Py_SETREF(ret, PyObject_CallOneArg(type, ret));
	return ret;
}

static PyObject *float_format(PyObject *o, PyObject *spec)
{
	if (!PyUnicode_Check(spec))
		return PyErr_Format(PyExc_TypeError, "__format__() argument must be str, not %.50s",
				    Py_TYPE(spec)->tp_name);
	return _PyFloat_FormatSpec(o, spec);
}

static PyObject *float_getnewargs(PyObject *o, PyObject *unused)
{
	PyObject *v = float_float(o), *ret = v ? PyTuple_Pack(1, v) : NULL;

	Py_XDECREF(v);
	return ret;
}

#define FAST(f) ((PyCFunction)(void (*)(void))(f))
static PyMethodDef float_methods[] = {
	{"as_integer_ratio", float_as_integer_ratio, METH_NOARGS, NULL},
	{"conjugate", float_conjugate, METH_NOARGS, NULL},
	{"fromhex", float_fromhex, METH_O | METH_CLASS, NULL},
	{"hex", float_hex, METH_NOARGS, NULL},
	{"is_integer", float_is_integer, METH_NOARGS, NULL},
	{"__trunc__", float_trunc, METH_NOARGS, NULL},
	{"__floor__", float_floor, METH_NOARGS, NULL},
	{"__ceil__", float_ceil, METH_NOARGS, NULL},
	{"__round__", FAST(float_round), METH_FASTCALL, NULL},
	{"__format__", float_format, METH_O, NULL},
	{"__getnewargs__", float_getnewargs, METH_NOARGS, NULL},
	{NULL, NULL, 0, NULL},
};

static PyObject *get_real(PyObject *o, void *unused)
{
	return float_float(o);
}

static PyObject *get_imag(PyObject *o, void *unused)
{
	return PyFloat_FromDouble(0.0);
}

static PyGetSetDef float_getset[] = {
	{"real", get_real, NULL, NULL, NULL},
	{"imag", get_imag, NULL, NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL},
};

PyTypeObject PyFloat_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "float",
	.tp_basicsize = sizeof(PyFloatObject),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
	.tp_doc = "Convert a string or number to a floating point number, if possible.",
	.tp_dealloc = _PyFloat_Dealloc,
	.tp_free = PyObject_Free,
	.tp_repr = float_repr,
	.tp_hash = float_hash,
	.tp_richcompare = _PyFloat_RichCompare,
	.tp_new = float_new,
	.tp_construct = float_construct,
	.tp_methods = float_methods,
	.tp_getset = float_getset,
	.nb_add = _PyFloat_Add,
	.nb_subtract = _PyFloat_Subtract,
	.nb_multiply = _PyFloat_Multiply,
	.nb_remainder = _PyFloat_Remainder,
	.nb_divmod = _PyFloat_Divmod,
	.nb_power = _PyFloat_Power,
	.nb_negative = float_negative,
	.nb_positive = float_float,
	.nb_absolute = float_absolute,
	.nb_bool = float_bool,
	.nb_int = float_int,
	.nb_float = float_float,
	.nb_floor_divide = _PyFloat_FloorDivide,
	.nb_true_divide = _PyFloat_TrueDivide,
};
