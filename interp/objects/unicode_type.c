/* SPDX-License-Identifier: BSD-2-Clause */
/* The type str: its slots, repr, and str(). */
#include "objects/unicode_priv.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/bytes.h"
#include "objects/call.h"
#include "objects/iter.h"
#include "objects/slice.h"
#include "objects/type.h"

void _PyUnicode_Dealloc(PyObject *o)
{
	if (PyUnicode_CHECK_INTERNED(o))
		_PyUnicode_ForgetInterned(o);
	if (!PyUnicode_IS_ASCII(o))
		PyMem_Free(((PyCompactUnicodeObject *)o)->utf8);
	Py_TYPE(o)->tp_free(o);
}

/* -- repr -------------------------------------------------------------------------------------- */
static int write_escaped(_PyUnicodeWriter *w, Py_UCS4 ch, Py_UCS4 quote)
{
	static const char hex[] = "0123456789abcdef";
	int width;

	if (ch == quote || ch == '\\')
		return _PyUnicodeWriter_WriteChar(w, '\\') < 0 ? -1
							       : _PyUnicodeWriter_WriteChar(w, ch);
	switch (ch) {
	case '\n': return _PyUnicodeWriter_WriteASCIIString(w, "\\n", 2);
	case '\r': return _PyUnicodeWriter_WriteASCIIString(w, "\\r", 2);
	case '\t': return _PyUnicodeWriter_WriteASCIIString(w, "\\t", 2);
	}
	if (_PyUnicode_IsPrintable(ch))
		return _PyUnicodeWriter_WriteChar(w, ch);
	width = ch < 0x100 ? 2 : ch < 0x10000 ? 4 : 8;
	if (_PyUnicodeWriter_WriteASCIIString(w,
					      width == 2   ? "\\x"
					      : width == 4 ? "\\u"
							   : "\\U",
					      2) < 0)
		return -1;
	for (int shift = (width - 1) * 4; shift >= 0; shift -= 4)
		if (_PyUnicodeWriter_WriteChar(w, (Py_UCS4)hex[ch >> shift & 0xf]) < 0)
			return -1;
	return 0;
}

PyObject *_PyUnicode_Repr(PyObject *o)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(o);
	int kind = PyUnicode_KIND(o);
	const void *data = PyUnicode_DATA(o);
	Py_UCS4 quote = '\'';
	_PyUnicodeWriter w;

	if (PyUnicode_FindChar(o, '\'', 0, n, 1) >= 0 && PyUnicode_FindChar(o, '"', 0, n, 1) < 0)
		quote = '"';
	_PyUnicodeWriter_Init(&w);
	if ((n <= PY_SSIZE_T_MAX - 2 && _PyUnicodeWriter_Prepare(&w, n + 2, 0x7f) < 0) ||
	    _PyUnicodeWriter_WriteChar(&w, quote) < 0)
		goto fail;
	for (Py_ssize_t i = 0; i < n; i++)
		if (write_escaped(&w, PyUnicode_READ(kind, data, i), quote) < 0)
			goto fail;
	if (_PyUnicodeWriter_WriteChar(&w, quote) < 0)
		goto fail;
	return _PyUnicodeWriter_Finish(&w);
fail:
	_PyUnicodeWriter_Dealloc(&w);
	return NULL;
}

/* -- Slots ------------------------------------------------------------------------------------- */
static PyObject *unicode_str(PyObject *o)
{
	return _PyUnicode_Exact(o);
}

static PyObject *unicode_richcompare(PyObject *a, PyObject *b, int op)
{
	if (!PyUnicode_Check(a) || !PyUnicode_Check(b))
		Py_RETURN_NOTIMPLEMENTED;
	if (op == Py_EQ || op == Py_NE)
		return PyBool_FromLong((a == b || _PyUnicode_EQ(a, b)) == (op == Py_EQ));
	return PyBool_FromLong(_Py_CompareHolds(PyUnicode_Compare(a, b), op));
}

static Py_ssize_t unicode_length(PyObject *o)
{
	return PyUnicode_GET_LENGTH(o);
}

static PyObject *unicode_item(PyObject *o, Py_ssize_t i)
{
	if (i < 0 || i >= PyUnicode_GET_LENGTH(o)) {
		PyErr_SetString(PyExc_IndexError, "string index out of range");
		return NULL;
	}
	return _PyUnicode_FromChar(PyUnicode_READ_CHAR(o, i));
}

static PyObject *unicode_repeat(PyObject *o, Py_ssize_t times)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(o), total;
	size_t bytes;
	char *data;
	PyObject *ret;
	int kind;

	if (times < 1 || n == 0)
		return _PyUnicode_Empty();
	if (times == 1)
		return _PyUnicode_Exact(o);
	if (__builtin_mul_overflow(n, times, &total)) {
		PyErr_SetString(PyExc_OverflowError, "repeated string is too long");
		return NULL;
	}
	ret = PyUnicode_New(total, PyUnicode_MAX_CHAR_VALUE(o));
	if (!ret)
		return NULL;
	kind = PyUnicode_KIND(ret);
	data = PyUnicode_DATA(ret);
	bytes = (size_t)n * (size_t)kind;
	if (bytes == 1) {
		memset(data, PyUnicode_1BYTE_DATA(o)[0], (size_t)total);
		return ret;
	}
	/* Doubles what is there. */
	memcpy(data, PyUnicode_DATA(o), bytes);
	for (size_t done = bytes, all = (size_t)total * (size_t)kind; done < all;) {
		size_t more = done < all - done ? done : all - done;

		memcpy(data + done, data, more);
		done += more;
	}
	return ret;
}

static PyObject *unicode_subscript(PyObject *o, PyObject *key)
{
	Py_ssize_t i, start, stop, step, n;
	_PyUnicodeWriter w;

	if (PyIndex_Check(key)) {
		i = PyNumber_AsSsize_t(key, PyExc_IndexError);
		if (i == -1 && PyErr_Occurred())
			return NULL;
		return unicode_item(o, i < 0 ? i + PyUnicode_GET_LENGTH(o) : i);
	}
	if (!PySlice_Check(key))
		return PyErr_Format(PyExc_TypeError,
				    "string indices must be integers, not '%.200s'",
				    Py_TYPE(key)->tp_name);
	if (PySlice_Unpack(key, &start, &stop, &step) < 0)
		return NULL;
	n = PySlice_AdjustIndices(PyUnicode_GET_LENGTH(o), &start, &stop, step);
	if (n <= 0)
		return _PyUnicode_Empty();
	if (step == 1)
		return PyUnicode_Substring(o, start, start + n);
	_PyUnicodeWriter_Init(&w);
	for (i = 0; i < n; i++, start += step)
		if (_PyUnicodeWriter_WriteChar(&w, PyUnicode_READ_CHAR(o, start)) < 0) {
			_PyUnicodeWriter_Dealloc(&w);
			return NULL;
		}
	return _PyUnicodeWriter_Finish(&w);
}

static PyObject *unicode_remainder(PyObject *format, PyObject *args)
{
	if (!PyUnicode_Check(format))
		Py_RETURN_NOTIMPLEMENTED;
	return PyUnicode_Format(format, args);
}

static PyObject *unicode_iter(PyObject *o)
{
	return _PySeqIter_NewOf(&PyUnicodeIter_Type, o, 0);
}

/* -- str() ------------------------------------------------------------------------------------- */
static const char *const new_names[] = {"object", "encoding", "errors", NULL};
static const struct PyArgSpec new_spec = {"str", new_names, .max_pos = 3};

/* A str argument as UTF-8, NULL when it was not given; false with TypeError. */
static bool text_arg(PyObject *arg, const char *name, const char **ret)
{
	*ret = NULL;
	if (!arg)
		return true;
	if (!PyUnicode_Check(arg)) {
		PyErr_Format(PyExc_TypeError, "str() argument '%s' must be str, not %.50s", name,
			     Py_TYPE(arg)->tp_name);
		return false;
	}
	return (*ret = PyUnicode_AsUTF8(arg)) != NULL;
}

static PyObject *make(PyObject *const *a)
{
	const char *encoding, *errors;

	if (!a[0])
		return _PyUnicode_Empty();
	if (!a[1] && !a[2])
		return PyObject_Str(a[0]);
	if (!text_arg(a[1], "encoding", &encoding) || !text_arg(a[2], "errors", &errors))
		return NULL;
	return PyUnicode_FromEncodedObject(a[0], encoding, errors);
}

/* An instance of a subclass with the same characters. */
static PyObject *subtype_from(PyTypeObject *type, PyObject *from)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(from);
	PyObject *o = type->tp_alloc(type, n);

	if (!o)
		return NULL;
	((PyASCIIObject *)o)->length = n;
	((PyASCIIObject *)o)->hash = PyUnicode_HASH(from);
	PyUnicode_STATE(o) = PyUnicode_STATE(from) & ~PYUNI_INTERNED_MASK;
	memcpy(PyUnicode_DATA(o), PyUnicode_DATA(from), (size_t)((n + 1) * PyUnicode_KIND(from)));
	return o;
}

static PyObject *unicode_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *a[3], *o;

	if (PyArg_ParseDict(&new_spec, args, kwargs, a) < 0)
		return NULL;
	o = make(a);
	if (o && type != &PyUnicode_Type)
		Py_SETREF(o, subtype_from(type, o));
	return o;
}

static PyObject *unicode_construct(PyObject *type, PyObject *const *args, size_t nargsf,
				   PyObject *kwnames)
{
	PyObject *a[3];

	if (!kwnames && PyVectorcall_NARGS(nargsf) == 1)
		return PyObject_Str(args[0]);
	if (PyArg_Parse(&new_spec, args, PyVectorcall_NARGS(nargsf), kwnames, a) < 0)
		return NULL;
	return make(a);
}

PyTypeObject PyUnicode_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "str",
	/* Instances of str itself have the size they need. Those of subclasses have room for the
	 * widest characters, so that what the subclass adds stands where the length alone says:
	 * length is where variable-size objects have ob_size. */
	.tp_basicsize = sizeof(PyCompactUnicodeObject) + sizeof(Py_UCS4) * 2,
	.tp_itemsize = sizeof(Py_UCS4),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_UNICODE_SUBCLASS,
	.tp_doc = "str(object='') -> str\nstr(bytes_or_buffer[, encoding[, errors]]) -> str",
	.tp_dealloc = _PyUnicode_Dealloc,
	.tp_free = PyObject_Free,
	.tp_repr = _PyUnicode_Repr,
	.tp_str = unicode_str,
	.tp_hash = _PyUnicode_Hash,
	.tp_richcompare = unicode_richcompare,
	.tp_iter = unicode_iter,
	.tp_new = unicode_new,
	.tp_construct = unicode_construct,
	.tp_methods = _PyUnicode_methods,
	.nb_remainder = unicode_remainder,
	.sq_length = unicode_length,
	.sq_concat = PyUnicode_Concat,
	.sq_repeat = unicode_repeat,
	.sq_item = unicode_item,
	.sq_contains = PyUnicode_Contains,
	.mp_length = unicode_length,
	.mp_subscript = unicode_subscript,
};
