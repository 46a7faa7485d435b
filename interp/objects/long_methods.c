/* SPDX-License-Identifier: BSD-2-Clause */
/* The type int: its slots and methods. */
#include "objects/long_priv.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/bytes.h"
#include "objects/bytearray.h"
#include "objects/call.h"
#include "objects/float.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

#define CHECK_BINOP(a, b)                                 \
	do {                                              \
		if (!PyLong_Check(a) || !PyLong_Check(b)) \
			Py_RETURN_NOTIMPLEMENTED;         \
	} while (0)

static PyObject *long_add(PyObject *a, PyObject *b)
{
	CHECK_BINOP(a, b);
	return _PyLong_Add(a, b);
}

static PyObject *long_subtract(PyObject *a, PyObject *b)
{
	CHECK_BINOP(a, b);
	return _PyLong_Subtract(a, b);
}

static PyObject *long_multiply(PyObject *a, PyObject *b)
{
	CHECK_BINOP(a, b);
	return _PyLong_Multiply(a, b);
}

static PyObject *long_floor_divide(PyObject *a, PyObject *b)
{
	PyObject *q, *r;
	int64_t x, y;

	CHECK_BINOP(a, b);
	if (_PyLong_GetInt64(a, &x) && _PyLong_GetInt64(b, &y) && y != 0) {
		int64_t quot = x / y;

		return _PyLong_FromInt64(quot - (quot * y != x && (x ^ y) < 0));
	}
	if (_PyLong_DivMod(a, b, &q, &r) < 0)
		return NULL;
	Py_DECREF(r);
	return q;
}

static PyObject *long_remainder(PyObject *a, PyObject *b)
{
	PyObject *q, *r;
	int64_t x, y;

	CHECK_BINOP(a, b);
	if (Py_SIZE(b) == 0) {
		PyErr_SetString(PyExc_ZeroDivisionError, "integer modulo by zero");
		return NULL;
	}
	if (_PyLong_GetInt64(a, &x) && _PyLong_GetInt64(b, &y)) {
		int64_t rem = x % y;

		return _PyLong_FromInt64(rem && (rem ^ y) < 0 ? rem + y : rem);
	}
	if (_PyLong_DivMod(a, b, &q, &r) < 0)
		return NULL;
	Py_DECREF(q);
	return r;
}

static PyObject *long_divmod(PyObject *a, PyObject *b)
{
	PyObject *q, *r, *ret;

	CHECK_BINOP(a, b);
	if (_PyLong_DivMod(a, b, &q, &r) < 0)
		return NULL;
	ret = PyTuple_Pack(2, q, r);
	Py_DECREF(q);
	Py_DECREF(r);
	return ret;
}

static PyObject *long_true_divide(PyObject *a, PyObject *b)
{
	CHECK_BINOP(a, b);
	return _PyLong_TrueDivide(a, b);
}

static PyObject *long_power(PyObject *a, PyObject *b, PyObject *mod)
{
	CHECK_BINOP(a, b);
	if (mod && mod != Py_None && !PyLong_Check(mod))
		Py_RETURN_NOTIMPLEMENTED;
	if (mod == Py_None)
		mod = NULL;
	if (LONG_IS_NEG(b) && !mod) {
		PyObject *x = PyFloat_FromDouble(PyLong_AsDouble(a)), *y, *ret = NULL;

		if (!x || PyErr_Occurred()) {
			Py_XDECREF(x);
			return NULL;
		}
		y = PyFloat_FromDouble(PyLong_AsDouble(b));
		if (y && !PyErr_Occurred())
			ret = PyFloat_Type.nb_power(x, y, Py_None);
		Py_DECREF(x);
		Py_XDECREF(y);
		return ret;
	}
	return _PyLong_Power(a, b, mod);
}

/* A shift count: 0, or -1 with the error set; too large ones are clipped. */
static int shift_count(PyObject *b, size_t *ret)
{
	if (LONG_IS_NEG(b)) {
		PyErr_SetString(PyExc_ValueError, "negative shift count");
		return -1;
	}
	*ret = Py_SIZE(b) > 1 ? SIZE_MAX : LONG_LIMBS(b)[0];
	return 0;
}

static PyObject *long_lshift(PyObject *a, PyObject *b)
{
	size_t bits;

	CHECK_BINOP(a, b);
	if (shift_count(b, &bits) < 0)
		return NULL;
	if (bits >= (size_t)PY_SSIZE_T_MAX && Py_SIZE(a) != 0) {
		PyErr_SetString(PyExc_OverflowError, "too many digits in integer");
		return NULL;
	}
	return _PyLong_Lshift(a, bits);
}

static PyObject *long_rshift(PyObject *a, PyObject *b)
{
	size_t bits;

	CHECK_BINOP(a, b);
	if (shift_count(b, &bits) < 0)
		return NULL;
	return _PyLong_Rshift(a, bits);
}

static PyObject *long_and(PyObject *a, PyObject *b)
{
	CHECK_BINOP(a, b);
	return _PyLong_Bitwise(a, LONG_AND, b);
}

static PyObject *long_or(PyObject *a, PyObject *b)
{
	CHECK_BINOP(a, b);
	return _PyLong_Bitwise(a, LONG_OR, b);
}

static PyObject *long_xor(PyObject *a, PyObject *b)
{
	CHECK_BINOP(a, b);
	return _PyLong_Bitwise(a, LONG_XOR, b);
}

/* The value as an exact int. */
static PyObject *long_long(PyObject *v)
{
	return _PyLong_New(v, &PyLong_Type);
}

static PyObject *long_long_noargs(PyObject *v, PyObject *unused)
{
	return long_long(v);
}

static PyObject *long_absolute(PyObject *v)
{
	return LONG_IS_NEG(v) ? _PyLong_Negate(v) : long_long(v);
}

static PyObject *long_invert(PyObject *v)
{
	PyObject *sum = _PyLong_Add(v, _PyLong_One());

	if (sum)
		Py_SETREF(sum, _PyLong_Negate(sum));
	return sum;
}

static int long_bool(PyObject *v)
{
	return Py_SIZE(v) != 0;
}

static PyObject *long_float(PyObject *v)
{
	double d = PyLong_AsDouble(v);

	return d == -1.0 && PyErr_Occurred() ? NULL : PyFloat_FromDouble(d);
}

static PyObject *long_richcompare(PyObject *a, PyObject *b, int op)
{
	int64_t x, y;

	CHECK_BINOP(a, b);
	if (_PyLong_GetInt64(a, &x) && _PyLong_GetInt64(b, &y))
		Py_RETURN_RICHCOMPARE(x, y, op);
	return PyBool_FromLong(_Py_CompareHolds(_PyLong_Compare(a, b), op));
}

/* The value modulo 2^61 - 1, with the number's sign: equal numbers of other types hash alike. */
Py_hash_t _PyLong_Hash(PyObject *o)
{
	const uint64_t p = ((uint64_t)1 << 61) - 1;
	uint64_t h = 0;
	Py_hash_t ret;

	for (Py_ssize_t i = LONG_NLIMBS(o); --i >= 0;) {
		unsigned __int128 t = ((unsigned __int128)h << 64) | LONG_LIMBS(o)[i];

		h = (uint64_t)(t % p);
	}
	ret = LONG_IS_NEG(o) ? -(Py_hash_t)h : (Py_hash_t)h;
	return ret == -1 ? -2 : ret;
}

static Py_hash_t long_hash(PyObject *o)
{
	int64_t v;

	if (_PyLong_GetInt64(o, &v) && v < ((int64_t)1 << 60) && v > -((int64_t)1 << 60))
		return v == -1 ? -2 : v;
	return _PyLong_Hash(o);
}

static PyObject *long_repr(PyObject *v)
{
	return _PyLong_FormatPlain(v, 10, false);
}

/* -- Making ------------------------------------------------------------------------------------ */
static PyObject *with_base(PyObject *x, PyObject *base_object)
{
	const char *data;
	Py_ssize_t n, base = PyNumber_AsSsize_t(base_object, NULL);

	if (base == -1 && PyErr_Occurred())
		return NULL;
	if (base != 0 && (base < 2 || base > 36)) {
		PyErr_SetString(PyExc_ValueError, "int() base must be >= 2 and <= 36, or 0");
		return NULL;
	}
	if (PyUnicode_Check(x))
		return PyLong_FromUnicodeObject(x, (int)base);
	if (_PyBytes_View(x, &data, &n))
		return _PyLong_FromBytes(data, n, (int)base);
	PyErr_SetString(PyExc_TypeError, "int() can't convert non-string with explicit base");
	return NULL;
}

static const char *const new_names[] = {"", "base", NULL};
static const struct PyArgSpec new_spec = {"int", new_names, .posonly = 1, .max_pos = 2};

static PyObject *make(PyObject *x, PyObject *base)
{
	if (!x) {
		if (base) {
			PyErr_SetString(PyExc_TypeError, "int() missing string argument");
			return NULL;
		}
		return PyLong_FromLong(0);
	}
	return base ? with_base(x, base) : PyNumber_Long(x);
}

static PyObject *long_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *a[2], *v;

	if (PyArg_ParseDict(&new_spec, args, kwargs, a) < 0)
		return NULL;
	v = make(a[0], a[1]);
	if (v && (type != &PyLong_Type || !PyLong_CheckExact(v)))
		Py_SETREF(v, _PyLong_New(v, type));
	return v;
}

static PyObject *long_construct(PyObject *type, PyObject *const *args, size_t nargsf,
				PyObject *kwnames)
{
	PyObject *a[2], *v;

	if (PyArg_Parse(&new_spec, args, PyVectorcall_NARGS(nargsf), kwnames, a) < 0)
		return NULL;
	v = make(a[0], a[1]);
	if (v && !PyLong_CheckExact(v))
		Py_SETREF(v, _PyLong_New(v, &PyLong_Type));
	return v;
}

/* -- Methods ----------------------------------------------------------------------------------- */
static PyObject *long_bit_length(PyObject *v, PyObject *unused)
{
	return PyLong_FromSize_t(_PyLong_NumBits(v));
}

static PyObject *long_bit_count(PyObject *v, PyObject *unused)
{
	Py_ssize_t n = LONG_NLIMBS(v);

	return PyLong_FromSize_t(n ? mpn_popcount(LONG_LIMBS(v), n) : 0);
}

static PyObject *long_as_integer_ratio(PyObject *v, PyObject *unused)
{
	PyObject *self = long_long(v), *ret;

	if (!self)
		return NULL;
	ret = PyTuple_Pack(2, self, _PyLong_One());
	Py_DECREF(self);
	return ret;
}

/* 'little' or 'big' of a str argument (NULL: big). */
static int byte_order(PyObject *arg, bool *little)
{
	*little = false;
	if (!arg)
		return 0;
	if (!PyUnicode_Check(arg)) {
		PyErr_Format(PyExc_TypeError, "'byteorder' must be str, not %.100s",
			     Py_TYPE(arg)->tp_name);
		return -1;
	}
	*little = _PyUnicode_EqualToASCIIString(arg, "little");
	if (*little || _PyUnicode_EqualToASCIIString(arg, "big"))
		return 0;
	PyErr_SetString(PyExc_ValueError, "byteorder must be either 'little' or 'big'");
	return -1;
}

static PyObject *long_to_bytes(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
			       PyObject *kwnames)
{
	static const char *const names[] = {"length", "byteorder", "signed", NULL};
	static const struct PyArgSpec spec = {"to_bytes", names, .max_pos = 2};
	PyObject *a[3], *ret;
	Py_ssize_t length = 1;
	int is_signed;
	bool little;

	if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0 || byte_order(a[1], &little) < 0)
		return NULL;
	is_signed = a[2] ? PyObject_IsTrue(a[2]) : 0;
	if (is_signed < 0)
		return NULL;
	if (a[0]) {
		length = PyNumber_AsSsize_t(a[0], PyExc_OverflowError);
		if (length == -1 && PyErr_Occurred())
			return NULL;
	}
	if (length < 0) {
		PyErr_SetString(PyExc_ValueError, "length argument must be non-negative");
		return NULL;
	}
	ret = PyBytes_FromStringAndSize(NULL, length);
	if (ret && _PyLong_AsByteArray(self, (unsigned char *)PyBytes_AS_STRING(ret),
				       (size_t)length, little, is_signed) < 0)
		Py_CLEAR(ret);
	return ret;
}

static PyObject *long_from_bytes(PyObject *type, PyObject *const *args, Py_ssize_t nargs,
				 PyObject *kwnames)
{
	static const char *const names[] = {"bytes", "byteorder", "signed", NULL};
	static const struct PyArgSpec spec = {"from_bytes", names, .required = 1, .max_pos = 2};
	PyObject *a[3], *bytes, *v;
	int is_signed;
	bool little;

	if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0 || byte_order(a[1], &little) < 0)
		return NULL;
	is_signed = a[2] ? PyObject_IsTrue(a[2]) : 0;
	if (is_signed < 0)
		return NULL;
	bytes = PyObject_Bytes(a[0]);
	if (!bytes)
		return NULL;
	v = _PyLong_FromByteArray((unsigned char *)PyBytes_AS_STRING(bytes),
				  (size_t)PyBytes_GET_SIZE(bytes), little, is_signed);
	Py_DECREF(bytes);
	if (v && type != (PyObject *)&PyLong_Type)
		Py_SETREF(v, PyObject_CallOneArg(type, v));
	return v;
}

/* round(v, -n): the nearest multiple of 10^n, half to even. */
PyObject *_PyLong_Round(PyObject *self, PyObject *ndigits)
{
	PyObject *n, *ten, *power, *quot, *rem, *ret;

	if (!ndigits)
		return long_long(self);
	n = PyNumber_Index(ndigits);
	if (!n)
		return NULL;
	if (!LONG_IS_NEG(n)) {
		Py_DECREF(n);
		return long_long(self);
	}
	Py_SETREF(n, _PyLong_Negate(n));
	if (!n)
		return NULL;
	/* 10^n > 2|self| rounds to 0 and need not be made. */
	if (Py_SIZE(n) > 1 || LONG_LIMBS(n)[0] > _PyLong_NumBits(self) / 3 + 2) {
		Py_DECREF(n);
		return PyLong_FromLong(0);
	}
	ten = PyLong_FromLong(10);
	power = ten ? _PyLong_Power(ten, n, NULL) : NULL;
	Py_XDECREF(ten);
	Py_DECREF(n);
	if (!power)
		return NULL;
	ret = NULL;
	if (_PyLong_DivModNear(self, power, &quot, &rem) == 0) {
		Py_DECREF(quot);
		ret = _PyLong_Subtract(self, rem);
		Py_DECREF(rem);
	}
	Py_DECREF(power);
	return ret;
}

static PyObject *long_round(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	PyObject *ndigits;

	if (!PyArg_UnpackFast("__round__", args, nargs, 0, 1, &ndigits))
		return NULL;
	return _PyLong_Round(self, ndigits);
}

static PyObject *long_format(PyObject *self, PyObject *spec)
{
	if (!PyUnicode_Check(spec))
		return PyErr_Format(PyExc_TypeError, "__format__() argument must be str, not %.50s",
				    Py_TYPE(spec)->tp_name);
	return _PyLong_FormatSpec(self, spec);
}

static PyObject *long_getnewargs(PyObject *self, PyObject *unused)
{
	PyObject *v = long_long(self), *ret;

	if (!v)
		return NULL;
	ret = PyTuple_Pack(1, v);
	Py_DECREF(v);
	return ret;
}

static PyObject *long_sizeof(PyObject *self, PyObject *unused)
{
	Py_ssize_t n = LONG_NLIMBS(self);

	return PyLong_FromSsize_t((Py_ssize_t)sizeof(PyLongObject) + (n ? n : 1) * 8);
}

static PyMethodDef long_methods[] = {
	{"as_integer_ratio", long_as_integer_ratio, METH_NOARGS, NULL},
	{"bit_count", long_bit_count, METH_NOARGS, NULL},
	{"bit_length", long_bit_length, METH_NOARGS, NULL},
	{"conjugate", long_long_noargs, METH_NOARGS, NULL},
	{"from_bytes", (PyCFunction)(void (*)(void))long_from_bytes,
	 METH_FASTCALL | METH_KEYWORDS | METH_CLASS, NULL},
	{"to_bytes", (PyCFunction)(void (*)(void))long_to_bytes, METH_FASTCALL | METH_KEYWORDS,
	 NULL},
	{"__trunc__", long_long_noargs, METH_NOARGS, NULL},
	{"__floor__", long_long_noargs, METH_NOARGS, NULL},
	{"__ceil__", long_long_noargs, METH_NOARGS, NULL},
	{"__round__", (PyCFunction)(void (*)(void))long_round, METH_FASTCALL, NULL},
	{"__format__", long_format, METH_O, NULL},
	{"__getnewargs__", long_getnewargs, METH_NOARGS, NULL},
	{"__sizeof__", long_sizeof, METH_NOARGS, NULL},
	{NULL, NULL, 0, NULL},
};

static PyObject *get_self(PyObject *v, void *unused)
{
	return long_long(v);
}

static PyObject *get_small(PyObject *v, void *value)
{
	return PyLong_FromLong((long)(intptr_t)value);
}

static PyGetSetDef long_getset[] = {
	{"real", get_self, NULL, NULL, NULL},
	{"imag", get_small, NULL, NULL, (void *)0},
	{"numerator", get_self, NULL, NULL, NULL},
	{"denominator", get_small, NULL, NULL, (void *)1},
	{NULL, NULL, NULL, NULL, NULL},
};

PyTypeObject PyLong_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "int",
	/* With room for the limb of zero, so that what subclasses put behind never meets it. */
	.tp_basicsize = sizeof(PyLongObject) + sizeof(uint64_t),
	.tp_itemsize = sizeof(uint64_t),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_LONG_SUBCLASS,
	.tp_doc = "int([x]) -> integer\nint(x, base=10) -> integer",
	.tp_dealloc = _PyLong_Dealloc,
	.tp_free = PyObject_Free,
	.tp_repr = long_repr,
	.tp_hash = long_hash,
	.tp_richcompare = long_richcompare,
	.tp_new = long_new,
	.tp_construct = long_construct,
	.tp_methods = long_methods,
	.tp_getset = long_getset,
	.nb_add = long_add,
	.nb_subtract = long_subtract,
	.nb_multiply = long_multiply,
	.nb_remainder = long_remainder,
	.nb_divmod = long_divmod,
	.nb_power = long_power,
	.nb_negative = _PyLong_Negate,
	.nb_positive = long_long,
	.nb_absolute = long_absolute,
	.nb_bool = long_bool,
	.nb_invert = long_invert,
	.nb_lshift = long_lshift,
	.nb_rshift = long_rshift,
	.nb_and = long_and,
	.nb_xor = long_xor,
	.nb_or = long_or,
	.nb_int = long_long,
	.nb_float = long_float,
	.nb_floor_divide = long_floor_divide,
	.nb_true_divide = long_true_divide,
	.nb_index = long_long,
};
