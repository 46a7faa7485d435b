/* SPDX-License-Identifier: BSD-2-Clause */
/* str objects: making, copying, joining two, comparing, hashing. */
#include "objects/unicode_priv.h"

#include "core/errors.h"
#include "core/refs.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/hash.h"

static PyObject *empty;
static PyObject *latin1[256];
PY_OWNS_REFS(empty)
PY_OWNS_REFS(latin1)

static size_t header_size(bool ascii)
{
	return ascii ? sizeof(PyASCIIObject) : sizeof(PyCompactUnicodeObject);
}

static int kind_of(Py_UCS4 maxchar)
{
	return maxchar < 0x100 ? 1 : maxchar < 0x10000 ? 2 : 4;
}

/* Bytes of the whole object, or 0 when that cannot be. */
static size_t object_size(Py_ssize_t length, int kind, bool ascii)
{
	if (length < 0 || length >= PY_SSIZE_T_MAX / kind - 64)
		return 0;
	return header_size(ascii) + ((size_t)length + 1) * (size_t)kind;
}

static void set_header(PyObject *o, Py_ssize_t length, int kind, bool ascii)
{
	PyASCIIObject *u = (PyASCIIObject *)o;

	u->length = length;
	u->hash = -1;
	u->state = (uint32_t)kind << PYUNI_KIND_SHIFT | PYUNI_COMPACT | (ascii ? PYUNI_ASCII : 0);
	u->unused = 0;
	if (!ascii) {
		((PyCompactUnicodeObject *)o)->utf8 = NULL;
		((PyCompactUnicodeObject *)o)->utf8_length = 0;
	}
	PyUnicode_WRITE(kind, PyUnicode_DATA(o), length, 0);
}

PyObject *PyUnicode_New(Py_ssize_t length, Py_UCS4 maxchar)
{
	int kind = kind_of(maxchar);
	bool ascii = maxchar < 0x80;
	size_t size = object_size(length, kind, ascii);
	PyObject *o;

	if (length == 0 && empty)
		return Py_NewRef(empty);
	if (maxchar > UNICODE_MAX_CHAR && maxchar > 0x1fffff) {
		PyErr_SetString(PyExc_SystemError, "invalid maximum character");
		return NULL;
	}
	o = size ? PyObject_Malloc(size) : NULL;
	if (!o)
		return PyErr_NoMemory();
	o->ob_type = &PyUnicode_Type;
	_Py_NewReference(o);
	set_header(o, length, kind, ascii);
	return o;
}

PyObject *_PyUnicode_Empty(void)
{
	if (!empty)
		empty = PyUnicode_New(0, 0);
	return Py_XNewRef(empty);
}

PyObject *_PyUnicode_FromChar(Py_UCS4 ch)
{
	PyObject *o;

	if (ch < 256 && latin1[ch])
		return Py_NewRef(latin1[ch]);
	o = PyUnicode_New(1, ch);
	if (!o)
		return NULL;
	PyUnicode_WRITE(PyUnicode_KIND(o), PyUnicode_DATA(o), 0, ch);
	if (ch < 256) {
		PyUnicode_InternInPlace(&o);
		latin1[ch] = Py_NewRef(o);
	}
	return o;
}

PyObject *PyUnicode_FromOrdinal(int ch)
{
	if (ch < 0 || ch > UNICODE_MAX_CHAR) {
		PyErr_SetString(PyExc_ValueError, "chr() arg not in range(0x110000)");
		return NULL;
	}
	return _PyUnicode_FromChar((Py_UCS4)ch);
}

Py_UCS4 _PyUnicode_SeenChars(int kind, const void *data, Py_ssize_t n)
{
	Py_UCS4 seen = 0;

	if (kind == 1)
		for (Py_ssize_t i = 0; i < n; i++)
			seen |= ((const Py_UCS1 *)data)[i];
	else if (kind == 2)
		for (Py_ssize_t i = 0; i < n; i++)
			seen |= ((const Py_UCS2 *)data)[i];
	else
		for (Py_ssize_t i = 0; i < n; i++)
			seen |= ((const Py_UCS4 *)data)[i];
	return seen;
}

#define COPY_LOOP(to_type, from_type)      \
	for (Py_ssize_t i = 0; i < n; i++) \
		((to_type *)to)[i] = (to_type)((const from_type *)from)[i];

void _PyUnicode_CopyData(int to_kind, void *to, int from_kind, const void *from, Py_ssize_t n)
{
	switch (to_kind << 4 | from_kind) {
	case 0x12: COPY_LOOP(Py_UCS1, Py_UCS2) break;
	case 0x14: COPY_LOOP(Py_UCS1, Py_UCS4) break;
	case 0x21: COPY_LOOP(Py_UCS2, Py_UCS1) break;
	case 0x24: COPY_LOOP(Py_UCS2, Py_UCS4) break;
	case 0x41: COPY_LOOP(Py_UCS4, Py_UCS1) break;
	case 0x42: COPY_LOOP(Py_UCS4, Py_UCS2) break;
	default: memcpy(to, from, (size_t)n * (size_t)to_kind);
	}
}

PyObject *PyUnicode_FromKindAndData(int kind, const void *data, Py_ssize_t n)
{
	Py_UCS4 seen;
	PyObject *o;

	if (n <= 0)
		return _PyUnicode_Empty();
	if (n == 1)
		return _PyUnicode_FromChar(PyUnicode_READ(kind, data, 0));
	seen = _PyUnicode_SeenChars(kind, data, n);
	o = PyUnicode_New(n, seen);
	if (o)
		_PyUnicode_CopyData(PyUnicode_KIND(o), PyUnicode_DATA(o), kind, data, n);
	return o;
}

PyObject *PyUnicode_FromString(const char *utf8)
{
	return PyUnicode_DecodeUTF8(utf8, (Py_ssize_t)strlen(utf8), NULL);
}

PyObject *PyUnicode_FromStringAndSize(const char *utf8, Py_ssize_t n)
{
	return PyUnicode_DecodeUTF8(utf8, n, NULL);
}

PyObject *_PyUnicode_Exact(PyObject *o)
{
	if (PyUnicode_CheckExact(o))
		return Py_NewRef(o);
	return PyUnicode_FromKindAndData(PyUnicode_KIND(o), PyUnicode_DATA(o),
					 PyUnicode_GET_LENGTH(o));
}

int _PyUnicode_Ensure(PyObject *o)
{
	if (PyUnicode_Check(o))
		return 0;
	PyErr_Format(PyExc_TypeError, "must be str, not %.100s", Py_TYPE(o)->tp_name);
	return -1;
}

PyObject *PyUnicode_FromObject(PyObject *o)
{
	if (PyUnicode_Check(o))
		return _PyUnicode_Exact(o);
	return PyErr_Format(PyExc_TypeError, "Can't convert '%.100s' object to str implicitly",
			    Py_TYPE(o)->tp_name);
}

Py_UCS4 PyUnicode_MAX_CHAR_VALUE(PyObject *o)
{
	if (PyUnicode_IS_ASCII(o))
		return 0x7f;
	switch (PyUnicode_KIND(o)) {
	case 1: return 0xff;
	case 2: return 0xffff;
	default: return UNICODE_MAX_CHAR;
	}
}

Py_ssize_t PyUnicode_GetLength(PyObject *o)
{
	if (!PyUnicode_Check(o)) {
		PyErr_BadArgument();
		return -1;
	}
	return PyUnicode_GET_LENGTH(o);
}

Py_UCS4 PyUnicode_ReadChar(PyObject *o, Py_ssize_t i)
{
	if (!PyUnicode_Check(o)) {
		PyErr_BadArgument();
		return (Py_UCS4)-1;
	}
	if (i < 0 || i >= PyUnicode_GET_LENGTH(o)) {
		PyErr_SetString(PyExc_IndexError, "string index out of range");
		return (Py_UCS4)-1;
	}
	return PyUnicode_READ_CHAR(o, i);
}

int PyUnicode_CopyCharacters(PyObject *to, Py_ssize_t to_start, PyObject *from,
			     Py_ssize_t from_start, Py_ssize_t n)
{
	int kind = PyUnicode_KIND(to), from_kind = PyUnicode_KIND(from);

	_PyUnicode_CopyData(kind, (char *)PyUnicode_DATA(to) + to_start * kind, from_kind,
			    (char *)PyUnicode_DATA(from) + from_start * from_kind, n);
	return 0;
}

PyObject *PyUnicode_Substring(PyObject *o, Py_ssize_t start, Py_ssize_t end)
{
	Py_ssize_t len = PyUnicode_GET_LENGTH(o);
	int kind = PyUnicode_KIND(o);
	PyObject *ret;

	if (start < 0 || end < 0) {
		PyErr_SetString(PyExc_IndexError, "string index out of range");
		return NULL;
	}
	if (end > len)
		end = len;
	if (start >= end)
		return _PyUnicode_Empty();
	if (start == 0 && end == len)
		return _PyUnicode_Exact(o);
	if (!PyUnicode_IS_ASCII(o) || end - start == 1)
		return PyUnicode_FromKindAndData(kind, (char *)PyUnicode_DATA(o) + start * kind,
						 end - start);
	ret = PyUnicode_New(end - start, 0x7f);
	if (ret)
		memcpy(PyUnicode_DATA(ret), PyUnicode_1BYTE_DATA(o) + start, (size_t)(end - start));
	return ret;
}

/* -- Two become one ---------------------------------------------------------------------------- */
PyObject *PyUnicode_Concat(PyObject *a, PyObject *b)
{
	Py_ssize_t n, m, total;
	Py_UCS4 max_a, max_b;
	PyObject *ret;

	if (_PyUnicode_Ensure(a) < 0)
		return NULL;
	if (!PyUnicode_Check(b))
		return PyErr_Format(PyExc_TypeError,
				    "can only concatenate str (not \"%.200s\") to str",
				    Py_TYPE(b)->tp_name);
	n = PyUnicode_GET_LENGTH(a);
	m = PyUnicode_GET_LENGTH(b);
	if (n == 0)
		return _PyUnicode_Exact(b);
	if (m == 0)
		return _PyUnicode_Exact(a);
	if (__builtin_add_overflow(n, m, &total)) {
		PyErr_SetString(PyExc_OverflowError, "strings are too large to concat");
		return NULL;
	}
	max_a = PyUnicode_MAX_CHAR_VALUE(a);
	max_b = PyUnicode_MAX_CHAR_VALUE(b);
	ret = PyUnicode_New(total, max_a > max_b ? max_a : max_b);
	if (!ret)
		return NULL;
	PyUnicode_CopyCharacters(ret, 0, a, 0, n);
	PyUnicode_CopyCharacters(ret, n, b, 0, m);
	return ret;
}

/* May o be changed because nobody else can see it? */
static bool is_private(PyObject *o)
{
	return Py_REFCNT(o) == 1 && PyUnicode_CheckExact(o) && !PyUnicode_CHECK_INTERNED(o);
}

/* Makes a private string longer; the new characters are not set. NULL leaves o as it was. */
static PyObject *grow(PyObject *o, Py_ssize_t length)
{
	bool ascii = PyUnicode_IS_ASCII(o);
	int kind = PyUnicode_KIND(o);
	size_t size = object_size(length, kind, ascii);
	PyObject *bigger;

	if (!ascii)
		PyMem_Free(((PyCompactUnicodeObject *)o)->utf8);
	if (!ascii)
		((PyCompactUnicodeObject *)o)->utf8 = NULL;
	bigger = size ? PyObject_Realloc(o, size) : NULL;
	if (!bigger)
		return PyErr_NoMemory();
	set_header(bigger, length, kind, ascii);
	return bigger;
}

void PyUnicode_Append(PyObject **left, PyObject *right)
{
	PyObject *a = *left, *ret;
	Py_ssize_t n, m;

	if (!a || !right || !PyUnicode_Check(a) || !PyUnicode_Check(right) || !is_private(a) ||
	    a == right || PyUnicode_KIND(right) > PyUnicode_KIND(a) ||
	    (PyUnicode_IS_ASCII(a) && !PyUnicode_IS_ASCII(right))) {
		ret = a && right ? PyUnicode_Concat(a, right) : NULL;
		Py_XSETREF(*left, ret);
		return;
	}
	n = PyUnicode_GET_LENGTH(a);
	m = PyUnicode_GET_LENGTH(right);
	if (m == 0)
		return;
	if (m > PY_SSIZE_T_MAX - n) {
		PyErr_SetString(PyExc_OverflowError, "strings are too large to concat");
		Py_CLEAR(*left);
		return;
	}
	ret = grow(a, n + m);
	if (!ret) {
		Py_CLEAR(*left);
		return;
	}
	PyUnicode_CopyCharacters(ret, n, right, 0, m);
	*left = ret;
}

void PyUnicode_AppendAndDel(PyObject **left, PyObject *right)
{
	PyUnicode_Append(left, right);
	Py_XDECREF(right);
}

/* -- Comparing --------------------------------------------------------------------------------- */
int _PyUnicode_EQ(PyObject *a, PyObject *b)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(a);
	int kind = PyUnicode_KIND(a);

	return n == PyUnicode_GET_LENGTH(b) && kind == PyUnicode_KIND(b) &&
	       memcmp(PyUnicode_DATA(a), PyUnicode_DATA(b), (size_t)n * (size_t)kind) == 0;
}

static int compare(PyObject *a, PyObject *b)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(a), m = PyUnicode_GET_LENGTH(b);
	Py_ssize_t shorter = n < m ? n : m;
	int ka = PyUnicode_KIND(a), kb = PyUnicode_KIND(b);
	const void *da = PyUnicode_DATA(a), *db = PyUnicode_DATA(b);

	if (ka == 1 && kb == 1) {
		int cmp = memcmp(da, db, (size_t)shorter);

		if (cmp)
			return cmp < 0 ? -1 : 1;
	} else {
		for (Py_ssize_t i = 0; i < shorter; i++) {
			Py_UCS4 x = PyUnicode_READ(ka, da, i), y = PyUnicode_READ(kb, db, i);

			if (x != y)
				return x < y ? -1 : 1;
		}
	}
	return n < m ? -1 : n > m;
}

int PyUnicode_Compare(PyObject *a, PyObject *b)
{
	if (!PyUnicode_Check(a) || !PyUnicode_Check(b)) {
		PyErr_Format(PyExc_TypeError, "Can't compare %.100s and %.100s",
			     Py_TYPE(a)->tp_name, Py_TYPE(b)->tp_name);
		return -1;
	}
	return a == b ? 0 : compare(a, b);
}

int PyUnicode_CompareWithASCIIString(PyObject *a, const char *b)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(a), m = (Py_ssize_t)strlen(b);
	int kind = PyUnicode_KIND(a);
	const void *data = PyUnicode_DATA(a);

	for (Py_ssize_t i = 0; i < n && i < m; i++) {
		Py_UCS4 x = PyUnicode_READ(kind, data, i), y = (unsigned char)b[i];

		if (x != y)
			return x < y ? -1 : 1;
	}
	return n < m ? -1 : n > m;
}

int _PyUnicode_EqualToASCIIString(PyObject *a, const char *b)
{
	size_t n = (size_t)PyUnicode_GET_LENGTH(a);

	return PyUnicode_IS_ASCII(a) && strlen(b) == n && memcmp(PyUnicode_DATA(a), b, n) == 0;
}

Py_hash_t _PyUnicode_Hash(PyObject *o)
{
	PyASCIIObject *u = (PyASCIIObject *)o;

	if (u->hash == -1)
		u->hash = _Py_HashBytes(PyUnicode_DATA(o),
					(size_t)u->length * (size_t)PyUnicode_KIND(o));
	return u->hash;
}
