/* SPDX-License-Identifier: BSD-2-Clause */
/* Methods of bytes and bytearray that look at single bytes: letters of ASCII, text, hex. */
#include "objects/bytes_priv.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/unicode_priv.h"

static bool is_space(char c)
{
	return _PyBytes_IsSpace(c);
}

/* -- Letters ----------------------------------------------------------------------------------- */
static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_alpha(char c)
{
	return is_lower(c) || is_upper(c);
}

static bool is_alnum(char c)
{
	return is_alpha(c) || is_digit(c);
}

static bool is_ascii(char c)
{
	return (unsigned char)c < 0x80;
}

static PyObject *all_are(PyObject *self, bool (*is)(char), bool empty)
{
	struct bytes_view v = _PyBytes_ViewOf(self);

	for (Py_ssize_t i = 0; i < v.n; i++)
		if (!is(v.p[i]))
			Py_RETURN_FALSE;
	return PyBool_FromLong(v.n > 0 || empty);
}

#define ALL_ARE(name, is, empty)                                    \
	PyObject *_PyBytes_##name(PyObject *self, PyObject *unused) \
	{                                                           \
		return all_are(self, is, empty);                    \
	}
ALL_ARE(isalnum, is_alnum, false)
ALL_ARE(isalpha, is_alpha, false)
ALL_ARE(isascii, is_ascii, true)
ALL_ARE(isdigit, is_digit, false)
ALL_ARE(isspace, is_space, false)

static PyObject *cased_as(PyObject *self, bool (*is)(char), bool (*is_other)(char))
{
	struct bytes_view v = _PyBytes_ViewOf(self);
	bool cased = false;

	for (Py_ssize_t i = 0; i < v.n; i++) {
		if (is_other(v.p[i]))
			Py_RETURN_FALSE;
		cased = cased || is(v.p[i]);
	}
	return PyBool_FromLong(cased);
}

PyObject *_PyBytes_islower(PyObject *self, PyObject *unused)
{
	return cased_as(self, is_lower, is_upper);
}

PyObject *_PyBytes_isupper(PyObject *self, PyObject *unused)
{
	return cased_as(self, is_upper, is_lower);
}

PyObject *_PyBytes_istitle(PyObject *self, PyObject *unused)
{
	struct bytes_view v = _PyBytes_ViewOf(self);
	bool cased = false, inside = false;

	for (Py_ssize_t i = 0; i < v.n; i++) {
		if ((is_upper(v.p[i]) && inside) || (is_lower(v.p[i]) && !inside))
			Py_RETURN_FALSE;
		inside = is_alpha(v.p[i]);
		cased = cased || inside;
	}
	return PyBool_FromLong(cased);
}

static PyObject *change_case(PyObject *self, int which)
{
	struct bytes_view v = _PyBytes_ViewOf(self);
	PyObject *ret = _PyBytes_Like(self, NULL, v.n);
	bool inside = false;
	char *to;

	if (!ret || v.n == 0)
		return ret;
	to = _PyBytes_Contents(ret);
	for (Py_ssize_t i = 0; i < v.n; i++) {
		char c = v.p[i];
		bool up = which == CASE_UPPER || (which == CASE_SWAP && is_lower(c)) ||
			  (which == CASE_CAPITALIZE && i == 0) || (which == CASE_TITLE && !inside);

		inside = is_alpha(c);
		to[i] = is_lower(c) && up ? c - 32 : is_upper(c) && !up ? c + 32 : c;
	}
	return ret;
}

#define CASE(name, which)                                           \
	PyObject *_PyBytes_##name(PyObject *self, PyObject *unused) \
	{                                                           \
		return change_case(self, which);                    \
	}
CASE(lower, CASE_LOWER)
CASE(upper, CASE_UPPER)
CASE(title, CASE_TITLE)
CASE(capitalize, CASE_CAPITALIZE)
CASE(swapcase, CASE_SWAP)

/* -- Text and hex ------------------------------------------------------------------------------ */
PyObject *_PyBytes_decode(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
			  PyObject *kwnames)
{
	static const char *const names[] = {"encoding", "errors", NULL};
	static const struct PyArgSpec spec = {"decode", names, .max_pos = 2};
	const char *text[2] = {NULL, NULL};
	struct bytes_view v = _PyBytes_ViewOf(self);
	PyObject *a[2];

	if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0)
		return NULL;
	for (int i = 0; i < 2; i++)
		if (a[i]) {
			if (!PyUnicode_Check(a[i]))
				return PyErr_Format(PyExc_TypeError,
						    "decode() argument '%s' must be str, not %.50s",
						    names[i], Py_TYPE(a[i])->tp_name);
			if (!(text[i] = PyUnicode_AsUTF8(a[i])))
				return NULL;
		}
	return PyUnicode_Decode(v.p, v.n, text[0], text[1]);
}

/* sep between groups of that many bytes, counted from the right; negative: from the left. */
static PyObject *to_hex(struct bytes_view v, Py_UCS4 sep, Py_ssize_t group)
{
	_PyUnicodeWriter w;
	char text[3];

	_PyUnicodeWriter_Init(&w);
	for (Py_ssize_t i = 0; i < v.n; i++) {
		bool boundary =
			sep && i && group && (group > 0 ? (v.n - i) % group == 0 : i % -group == 0);

		snprintf(text, sizeof(text), "%02x", (unsigned char)v.p[i]);
		if ((boundary && _PyUnicodeWriter_WriteChar(&w, sep) < 0) ||
		    _PyUnicodeWriter_WriteASCIIString(&w, text, 2) < 0) {
			_PyUnicodeWriter_Dealloc(&w);
			return NULL;
		}
	}
	return _PyUnicodeWriter_Finish(&w);
}

PyObject *_PyBytes_hex(PyObject *self, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
	static const char *const names[] = {"sep", "bytes_per_sep", NULL};
	static const struct PyArgSpec spec = {"hex", names, .max_pos = 2};
	Py_UCS4 sep = 0;
	Py_ssize_t group = 1;
	PyObject *a[2];
	struct bytes_view s;

	if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0)
		return NULL;
	if (a[0]) {
		Py_ssize_t len;

		if (PyUnicode_Check(a[0])) {
			len = PyUnicode_GET_LENGTH(a[0]);
			sep = len == 1 ? PyUnicode_READ_CHAR(a[0], 0) : 0;
		} else if (_PyBytes_View(a[0], &s.p, &s.n)) {
			len = s.n;
			sep = len == 1 ? (unsigned char)s.p[0] : 0;
		} else {
			PyErr_SetString(PyExc_TypeError, "sep must be str or bytes.");
			return NULL;
		}
		if (len != 1 || sep > 127) {
			PyErr_SetString(PyExc_ValueError,
					len != 1 ? "sep must be length 1." : "sep must be ASCII.");
			return NULL;
		}
	}
	if (a[1]) {
		group = PyNumber_AsSsize_t(a[1], PyExc_OverflowError);
		if (group == -1 && PyErr_Occurred())
			return NULL;
	}
	return to_hex(_PyBytes_ViewOf(self), sep,
		      group < -PY_SSIZE_T_MAX ? -PY_SSIZE_T_MAX : group);
}

static int hex_digit(Py_UCS4 ch)
{
	if (ch >= '0' && ch <= '9')
		return (int)(ch - '0');
	ch |= 0x20;
	return ch >= 'a' && ch <= 'f' ? (int)(ch - 'a' + 10) : -1;
}

PyObject *_PyBytes_fromhex(PyObject *type, PyObject *arg)
{
	Py_ssize_t n, count = 0;
	PyObject *ret;

	if (!PyUnicode_Check(arg))
		return PyErr_Format(PyExc_TypeError, "fromhex() argument must be str, not %.50s",
				    Py_TYPE(arg)->tp_name);
	n = PyUnicode_GET_LENGTH(arg);
	ret = PyBytes_FromStringAndSize(NULL, n / 2);
	for (Py_ssize_t i = 0; ret && i < n; i++) {
		Py_UCS4 ch = PyUnicode_READ_CHAR(arg, i);
		int high = hex_digit(ch), low;

		if (ch < 128 && is_space((char)ch))
			continue;
		low = high >= 0 && i + 1 < n ? hex_digit(PyUnicode_READ_CHAR(arg, i + 1)) : -1;
		if (low < 0) {
			PyErr_Format(PyExc_ValueError,
				     "non-hexadecimal number found in fromhex() arg at position "
				     "%zd",
				     high >= 0 ? i + 1 : i);
			Py_CLEAR(ret);
			break;
		}
		PyBytes_AS_STRING(ret)[count++] = (char)(high << 4 | low);
		i++;
	}
	if (ret)
		_PyBytes_Resize(&ret, count);
	if (ret && type != (PyObject *)&PyBytes_Type)
		Py_SETREF(ret, PyObject_CallOneArg(type, ret));
	return ret;
}
