/* SPDX-License-Identifier: BSD-2-Clause */
/* bytes objects and the type bytes; methods that bytearray has too are in byte_methods.c. */
#include "objects/memoryview.h"
#include "objects/bytes_priv.h"

#include "core/errors.h"
#include "core/refs.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/hash.h"
#include "objects/iter.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/names.h"
#include "objects/slice.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

#include <stdarg.h>

static PyObject *empty;
static PyObject *singles[256];
PY_OWNS_REFS(empty)
PY_OWNS_REFS(singles)

PyObject *PyBytes_FromStringAndSize(const char *data, Py_ssize_t n)
{
	PyBytesObject *b;

	if (n < 0) {
		PyErr_SetString(PyExc_SystemError,
				"Negative size passed to PyBytes_FromStringAndSize");
		return NULL;
	}
	if (n == 0 && empty)
		return Py_NewRef(empty);
	if (n == 1 && data && singles[(unsigned char)*data])
		return Py_NewRef(singles[(unsigned char)*data]);
	if (n > PY_SSIZE_T_MAX - 64) {
		PyErr_SetString(PyExc_OverflowError, "byte string is too large");
		return NULL;
	}
	b = PyObject_Malloc(sizeof(PyBytesObject) + (size_t)n + 1);
	if (!b)
		return PyErr_NoMemory();
	b->ob_type = &PyBytes_Type;
	_Py_NewReference((PyObject *)b);
	b->ob_size = n;
	b->ob_shash = -1;
	if (data && n)
		memcpy(b->ob_sval, data, (size_t)n);
	b->ob_sval[n] = '\0';
	if (n == 0)
		empty = Py_NewRef(b);
	else if (n == 1 && data)
		singles[(unsigned char)*data] = Py_NewRef(b);
	return (PyObject *)b;
}

PyObject *PyBytes_FromString(const char *text)
{
	return PyBytes_FromStringAndSize(text, (Py_ssize_t)strlen(text));
}

PyObject *PyBytes_FromFormat(const char *format, ...)
{
	PyObject *str, *ret;
	va_list va;

	va_start(va, format);
	str = PyUnicode_FromFormatV(format, va);
	va_end(va);
	ret = str ? PyUnicode_AsUTF8String(str) : NULL;
	Py_XDECREF(str);
	return ret;
}

static void bytes_dealloc(PyObject *o)
{
	Py_TYPE(o)->tp_free(o);
}

bool _PyBytes_View(PyObject *o, const char **data, Py_ssize_t *n)
{
	if (PyBytes_Check(o))
		*data = PyBytes_AS_STRING(o);
	else if (PyByteArray_Check(o))
		*data = PyByteArray_AS_STRING(o);
	else
		return PyMemoryView_Check(o) && _PyMemoryView_View(o, data, n);
	*n = Py_SIZE(o);
	return true;
}

int PyBytes_AsStringAndSize(PyObject *o, char **data, Py_ssize_t *n)
{
	if (!PyBytes_Check(o)) {
		PyErr_Format(PyExc_TypeError, "expected bytes, %.200s found", Py_TYPE(o)->tp_name);
		return -1;
	}
	*data = PyBytes_AS_STRING(o);
	if (n) {
		*n = Py_SIZE(o);
	} else if (strlen(*data) != (size_t)Py_SIZE(o)) {
		PyErr_SetString(PyExc_ValueError, "embedded null byte");
		return -1;
	}
	return 0;
}

char *PyBytes_AsString(PyObject *o)
{
	char *data;
	Py_ssize_t n;

	return PyBytes_AsStringAndSize(o, &data, &n) < 0 ? NULL : data;
}

Py_ssize_t PyBytes_Size(PyObject *o)
{
	char *data;
	Py_ssize_t n;

	return PyBytes_AsStringAndSize(o, &data, &n) < 0 ? -1 : n;
}

static PyObject *bytes_concat(PyObject *a, PyObject *b)
{
	const char *x, *y;
	Py_ssize_t n, m, total;
	PyObject *ret;

	if (!_PyBytes_View(a, &x, &n) || !_PyBytes_View(b, &y, &m))
		return PyErr_Format(PyExc_TypeError, "can't concat %.100s to %.100s",
				    Py_TYPE(b)->tp_name, Py_TYPE(a)->tp_name);
	if (n == 0 && PyBytes_CheckExact(b))
		return Py_NewRef(b);
	if (m == 0 && PyBytes_CheckExact(a))
		return Py_NewRef(a);
	if (__builtin_add_overflow(n, m, &total))
		return PyErr_NoMemory();
	ret = PyBytes_FromStringAndSize(NULL, total);
	if (ret && total) {
		memcpy(PyBytes_AS_STRING(ret), x, (size_t)n);
		memcpy(PyBytes_AS_STRING(ret) + n, y, (size_t)m);
	}
	return ret;
}

void PyBytes_Concat(PyObject **left, PyObject *right)
{
	if (!*left)
		return;
	Py_SETREF(*left, right ? bytes_concat(*left, right) : NULL);
}

int _PyBytes_Resize(PyObject **o, Py_ssize_t n)
{
	PyObject *old = *o, *b;

	if (Py_SIZE(old) == n)
		return 0;
	if (Py_SIZE(old) == 0 || n == 0 || Py_REFCNT(old) != 1) {
		Py_ssize_t common = n < Py_SIZE(old) ? n : Py_SIZE(old);

		b = PyBytes_FromStringAndSize(NULL, n);
		if (b && common)
			memcpy(PyBytes_AS_STRING(b), PyBytes_AS_STRING(old), (size_t)common);
		Py_DECREF(old);
	} else {
		b = n > PY_SSIZE_T_MAX - 64
			    ? NULL
			    : PyObject_Realloc(old, sizeof(PyBytesObject) + (size_t)n + 1);
		if (b) {
			Py_SIZE(b) = n;
			PyBytes_AS_STRING(b)[n] = '\0';
			((PyBytesObject *)b)->ob_shash = -1;
		} else {
			Py_DECREF(old);
			PyErr_NoMemory();
		}
	}
	*o = b;
	return b ? 0 : -1;
}

PyObject *PyBytes_Repr(PyObject *o, int smart_quotes)
{
	const char *data = "";
	_PyUnicodeWriter w;
	Py_ssize_t n = 0;
	char quote = '\'', text[8];
	int err;

	_PyBytes_View(o, &data, &n);
	if (smart_quotes && n && memchr(data, '\'', (size_t)n) && !memchr(data, '"', (size_t)n))
		quote = '"';
	_PyUnicodeWriter_Init(&w);
	snprintf(text, sizeof(text), "b%c", quote);
	err = _PyUnicodeWriter_WriteASCIIString(&w, text, 2);
	for (Py_ssize_t i = 0; i < n && err == 0; i++) {
		unsigned char c = (unsigned char)data[i];

		if (c == (unsigned char)quote || c == '\\' || (c == '\'' && PyByteArray_Check(o)))
			snprintf(text, sizeof(text), "\\%c", c);
		else if (c == '\t' || c == '\n' || c == '\r')
			snprintf(text, sizeof(text), "\\%c",
				 c == '\t'   ? 't'
				 : c == '\n' ? 'n'
					     : 'r');
		else if (c < ' ' || c >= 0x7f)
			snprintf(text, sizeof(text), "\\x%02x", c);
		else
			snprintf(text, sizeof(text), "%c", c);
		err = _PyUnicodeWriter_WriteASCIIString(&w, text, -1);
	}
	if (err == 0)
		err = _PyUnicodeWriter_WriteChar(&w, (Py_UCS4)quote);
	if (err == 0)
		return _PyUnicodeWriter_Finish(&w);
	_PyUnicodeWriter_Dealloc(&w);
	return NULL;
}

/* -- Making ------------------------------------------------------------------------------------ */
bool _PyBytes_GetByte(PyObject *o, unsigned char *ret)
{
	Py_ssize_t v = PyNumber_AsSsize_t(o, NULL);

	if (v == -1 && PyErr_Occurred())
		return false;
	if (v < 0 || v > 255) {
		PyErr_SetString(PyExc_ValueError, "byte must be in range(0, 256)");
		return false;
	}
	*ret = (unsigned char)v;
	return true;
}

static PyObject *from_iterable(PyObject *iterable, bool for_array)
{
	PyObject *it = PyObject_GetIter(iterable), *ret, *item;
	Py_ssize_t n = 0, room = 64;

	if (!it)
		return NULL;
	ret = PyBytes_FromStringAndSize(NULL, room);
	while (ret && (item = PyIter_Next(it))) {
		Py_ssize_t v = PyNumber_AsSsize_t(item, NULL);

		Py_DECREF(item);
		if (v < 0 || v > 255) {
			if (v != -1 || !PyErr_Occurred())
				PyErr_Format(PyExc_ValueError, "%s must be in range(0, 256)",
					     for_array ? "byte" : "bytes");
			Py_CLEAR(ret);
			break;
		}
		if (n == room && _PyBytes_Resize(&ret, room *= 2) < 0)
			break;
		PyBytes_AS_STRING(ret)[n++] = (char)v;
	}
	Py_DECREF(it);
	if (PyErr_Occurred())
		Py_CLEAR(ret);
	if (ret)
		_PyBytes_Resize(&ret, n);
	return ret;
}

/* fname: "bytes", or "bytearray" for what is to become one. */
static PyObject *from_object(PyObject *o, const char *fname)
{
	const char *data;
	Py_ssize_t n;

	if (PyBytes_CheckExact(o))
		return Py_NewRef(o);
	if (_PyBytes_View(o, &data, &n))
		return PyBytes_FromStringAndSize(data, n);
	if (!PyUnicode_Check(o)) {
		if (PyList_CheckExact(o) || PyTuple_CheckExact(o) || Py_TYPE(o)->tp_iter ||
		    PySequence_Check(o))
			return from_iterable(o, strcmp(fname, "bytes") != 0);
	}
	return PyErr_Format(PyExc_TypeError, "cannot convert '%.200s' object to %s",
			    Py_TYPE(o)->tp_name, fname);
}

PyObject *PyBytes_FromObject(PyObject *o)
{
	return from_object(o, "bytes");
}

static PyObject *encoded(PyObject *const *a, const char *fname)
{
	const char *encoding = NULL, *errors = NULL;

	if (!a[0] || !PyUnicode_Check(a[0])) {
		PyErr_SetString(PyExc_TypeError, a[1] ? "encoding without a string argument"
						      : "errors without a string argument");
		return NULL;
	}
	if (!a[1]) {
		PyErr_SetString(PyExc_TypeError, "string argument without an encoding");
		return NULL;
	}
	for (int i = 1; i < 3; i++)
		if (a[i] && !PyUnicode_Check(a[i]))
			return PyErr_Format(PyExc_TypeError,
					    "%s() argument '%s' must be str, not %.50s", fname,
					    i == 1 ? "encoding" : "errors", Py_TYPE(a[i])->tp_name);
	if (!(encoding = PyUnicode_AsUTF8(a[1])) || (a[2] && !(errors = PyUnicode_AsUTF8(a[2]))))
		return NULL;
	return PyUnicode_AsEncodedString(a[0], encoding, errors);
}

PyObject *_PyBytes_FromArgs(PyObject *const *a, const char *fname)
{
	PyObject *method, *ret;

	if (a[1] || a[2])
		return encoded(a, fname);
	if (!a[0])
		return PyBytes_FromStringAndSize(NULL, 0);
	if (PyUnicode_Check(a[0])) {
		PyErr_SetString(PyExc_TypeError, "string argument without an encoding");
		return NULL;
	}
	method = _PyObject_LookupSpecial(a[0], _Py_ID(__bytes__));
	if (method) {
		ret = PyObject_CallNoArgs(method);
		Py_DECREF(method);
		if (ret && !PyBytes_Check(ret)) {
			PyErr_Format(PyExc_TypeError, "__bytes__ returned non-bytes (type %.200s)",
				     Py_TYPE(ret)->tp_name);
			Py_CLEAR(ret);
		}
		return ret;
	}
	if (PyErr_Occurred())
		return NULL;
	if (PyIndex_Check(a[0])) {
		Py_ssize_t n = PyNumber_AsSsize_t(a[0], PyExc_OverflowError);

		if (n == -1 && PyErr_Occurred())
			return NULL;
		if (n < 0) {
			PyErr_SetString(PyExc_ValueError, "negative count");
			return NULL;
		}
		ret = PyBytes_FromStringAndSize(NULL, n);
		if (ret && n)
			memset(PyBytes_AS_STRING(ret), 0, (size_t)n);
		return ret;
	}
	return from_object(a[0], fname);
}

static const char *const new_names[] = {"source", "encoding", "errors", NULL};
static const struct PyArgSpec new_spec = {"bytes", new_names, .max_pos = 3};

static PyObject *bytes_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *a[3], *v, *ret;

	if (PyArg_ParseDict(&new_spec, args, kwargs, a) < 0)
		return NULL;
	v = _PyBytes_FromArgs(a, "bytes");
	if (!v || type == &PyBytes_Type)
		return v;
	ret = type->tp_alloc(type, Py_SIZE(v));
	if (ret) {
		((PyBytesObject *)ret)->ob_shash = -1;
		memcpy(PyBytes_AS_STRING(ret), PyBytes_AS_STRING(v), (size_t)Py_SIZE(v) + 1);
	}
	Py_DECREF(v);
	return ret;
}

static PyObject *bytes_construct(PyObject *type, PyObject *const *args, size_t nargsf,
				 PyObject *kwnames)
{
	PyObject *a[3];

	if (PyArg_Parse(&new_spec, args, PyVectorcall_NARGS(nargsf), kwnames, a) < 0)
		return NULL;
	return _PyBytes_FromArgs(a, "bytes");
}

/* -- Slots ------------------------------------------------------------------------------------- */
static PyObject *bytes_repr(PyObject *o)
{
	return PyBytes_Repr(o, 1);
}

static Py_hash_t bytes_hash(PyObject *o)
{
	PyBytesObject *b = (PyBytesObject *)o;

	if (b->ob_shash == -1)
		b->ob_shash = _Py_HashBytes(b->ob_sval, (size_t)Py_SIZE(b));
	return b->ob_shash;
}

static Py_ssize_t bytes_length(PyObject *o)
{
	return Py_SIZE(o);
}

static PyObject *bytes_item(PyObject *o, Py_ssize_t i)
{
	if (i < 0 || i >= Py_SIZE(o)) {
		PyErr_SetString(PyExc_IndexError, "index out of range");
		return NULL;
	}
	return PyLong_FromLong((unsigned char)PyBytes_AS_STRING(o)[i]);
}

static PyObject *bytes_subscript(PyObject *o, PyObject *key)
{
	Py_ssize_t i;

	if (PyIndex_Check(key)) {
		i = PyNumber_AsSsize_t(key, PyExc_IndexError);
		if (i == -1 && PyErr_Occurred())
			return NULL;
		return bytes_item(o, i < 0 ? i + Py_SIZE(o) : i);
	}
	if (PySlice_Check(key))
		return _PyBytes_Slice(o, PyBytes_AS_STRING(o), Py_SIZE(o), key);
	return PyErr_Format(PyExc_TypeError, "byte indices must be integers or slices, not %.200s",
			    Py_TYPE(key)->tp_name);
}

static PyObject *bytes_repeat(PyObject *o, Py_ssize_t times)
{
	Py_ssize_t n = Py_SIZE(o), total;
	PyObject *ret;

	times = times < 0 ? 0 : times;
	if (__builtin_mul_overflow(n, times, &total)) {
		PyErr_SetString(PyExc_OverflowError, "repeated bytes are too long");
		return NULL;
	}
	if (total == n && PyBytes_CheckExact(o))
		return Py_NewRef(o);
	ret = PyBytes_FromStringAndSize(NULL, total);
	for (Py_ssize_t i = 0; ret && i < total; i += n)
		memcpy(PyBytes_AS_STRING(ret) + i, PyBytes_AS_STRING(o), (size_t)n);
	return ret;
}

static PyObject *bytes_iter(PyObject *o)
{
	return _PySeqIter_NewOf(&PyBytesIter_Type, o, 0);
}

static PyObject *bytes_getnewargs(PyObject *self, PyObject *unused)
{
	PyObject *plain = PyBytes_FromStringAndSize(PyBytes_AS_STRING(self), Py_SIZE(self));
	PyObject *ret = plain ? PyTuple_Pack(1, plain) : NULL;

	Py_XDECREF(plain);
	return ret;
}

static PyObject *bytes_bytes(PyObject *self, PyObject *unused)
{
	if (PyBytes_CheckExact(self))
		return Py_NewRef(self);
	return PyBytes_FromStringAndSize(PyBytes_AS_STRING(self), Py_SIZE(self));
}

static PyObject *bytes_sizeof(PyObject *self, PyObject *unused)
{
	return PyLong_FromSsize_t((Py_ssize_t)sizeof(PyBytesObject) + Py_SIZE(self) + 1);
}

static const PyMethodDef own_methods[] = {
	{"__bytes__", bytes_bytes, METH_NOARGS, NULL},
	{"__getnewargs__", bytes_getnewargs, METH_NOARGS, NULL},
	{"__sizeof__", bytes_sizeof, METH_NOARGS, NULL},
	{NULL, NULL, 0, NULL},
};
static PyMethodDef bytes_methods[BYTES_METHOD_COUNT + sizeof(own_methods) / sizeof(*own_methods)];

__attribute__((constructor)) static void fill_methods(void)
{
	_PyBytes_FillMethods(bytes_methods, own_methods);
}

PyTypeObject PyBytes_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "bytes",
	.tp_basicsize = sizeof(PyBytesObject) + 1,
	.tp_itemsize = 1,
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_BYTES_SUBCLASS,
	.tp_doc = "bytes(iterable_of_ints) -> bytes\nbytes(string, encoding[, errors]) -> bytes\n"
		  "bytes(bytes_or_buffer) -> immutable copy of bytes_or_buffer\n"
		  "bytes(int) -> bytes object of size given by the parameter initialized with null "
		  "bytes\nbytes() -> empty bytes object",
	.tp_dealloc = bytes_dealloc,
	.tp_free = PyObject_Free,
	.tp_repr = bytes_repr,
	.tp_str = bytes_repr,
	.tp_hash = bytes_hash,
	.tp_richcompare = _PyBytes_RichCompare,
	.tp_iter = bytes_iter,
	.tp_new = bytes_new,
	.tp_construct = bytes_construct,
	.tp_methods = bytes_methods,
	.nb_remainder = _PyBytes_Remainder,
	.sq_length = bytes_length,
	.sq_concat = bytes_concat,
	.sq_repeat = bytes_repeat,
	.sq_item = bytes_item,
	.sq_contains = _PyBytes_Contains,
	.mp_length = bytes_length,
	.mp_subscript = bytes_subscript,
};
