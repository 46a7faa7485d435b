/* SPDX-License-Identifier: BSD-2-Clause */
/* format % args. */
#include "objects/unicode_priv.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bytearray.h"
#include "objects/bytes.h"
#include "objects/call.h"
#include "objects/dict.h"
#include "objects/float.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/names.h"
#include "objects/tuple.h"

#include <limits.h>

struct formatter {
	PyObject *format;
	Py_ssize_t pos, n;
	PyObject *args;      /* what stands right of the % */
	bool is_tuple;       /* args are taken one by one */
	Py_ssize_t next_arg; /* -1: the single argument has been used by name or altogether */
	PyObject *mapping;   /* what %(name) looks into, or NULL */
	bool bytes;          /* bytes % args: text stands for bytes, a character for a byte */
	_PyUnicodeWriter w;
};

struct directive {
	bool left, plus, blank, alt, zero;
	Py_ssize_t width, precision; /* -1: none */
	Py_UCS4 conversion;
	PyObject *value; /* by name: owned; else NULL */
};

/* New reference. */
static PyObject *next_arg(struct formatter *f)
{
	if (f->is_tuple && f->next_arg < PyTuple_GET_SIZE(f->args))
		return Py_NewRef(PyTuple_GET_ITEM(f->args, f->next_arg++));
	if (!f->is_tuple && f->next_arg == 0) {
		f->next_arg = -1;
		return Py_NewRef(f->args);
	}
	PyErr_SetString(PyExc_TypeError, "not enough arguments for format string");
	return NULL;
}

static Py_UCS4 peek(struct formatter *f)
{
	return f->pos < f->n ? PyUnicode_READ_CHAR(f->format, f->pos) : 0;
}

/* (name): pos is behind the opening parenthesis. */
static int parse_key(struct formatter *f, struct directive *d)
{
	Py_ssize_t start = f->pos, depth = 1;
	PyObject *key;

	if (!f->mapping) {
		PyErr_SetString(PyExc_TypeError, "format requires a mapping");
		return -1;
	}
	for (; f->pos < f->n; f->pos++) {
		Py_UCS4 ch = peek(f);

		depth += (ch == '(') - (ch == ')');
		if (depth == 0)
			break;
	}
	if (depth > 0) {
		PyErr_SetString(PyExc_ValueError, "incomplete format key");
		return -1;
	}
	key = PyUnicode_Substring(f->format, start, f->pos++);
	if (key && f->bytes)
		Py_SETREF(key, _PyUnicode_EncodeLatin1(key, NULL));
	if (!key)
		return -1;
	d->value = PyObject_GetItem(f->mapping, key);
	Py_DECREF(key);
	f->next_arg = -1;
	return d->value ? 0 : -1;
}

/* A number (0) or * (1) into *ret, which stays when there is neither; -1 on error. */
static int parse_count(struct formatter *f, Py_ssize_t *ret, const char *what, Py_ssize_t most)
{
	PyObject *arg;
	Py_UCS4 ch = peek(f);

	if (ch == '*') {
		f->pos++;
		arg = next_arg(f);
		if (!arg)
			return -1;
		if (!PyLong_Check(arg)) {
			Py_DECREF(arg);
			PyErr_SetString(PyExc_TypeError, "* wants int");
			return -1;
		}
		*ret = PyLong_AsSsize_t(arg);
		Py_DECREF(arg);
		return *ret == -1 && PyErr_Occurred() ? -1 : 1;
	}
	if (ch < '0' || ch > '9')
		return 0;
	*ret = 0;
	for (; (ch = peek(f)) >= '0' && ch <= '9'; f->pos++) {
		if (*ret > (most - (Py_ssize_t)(ch - '0')) / 10) {
			PyErr_Format(PyExc_ValueError, "%s too big", what);
			return -1;
		}
		*ret = *ret * 10 + (Py_ssize_t)(ch - '0');
	}
	return 0;
}

static int parse_directive(struct formatter *f, struct directive *d)
{
	int star;

	*d = (struct directive){.width = -1, .precision = -1};
	if (peek(f) == '(') {
		f->pos++;
		if (parse_key(f, d) < 0)
			return -1;
	}
	for (;; f->pos++) {
		switch (peek(f)) {
		case '-': d->left = true; continue;
		case '+': d->plus = true; continue;
		case ' ': d->blank = true; continue;
		case '#': d->alt = true; continue;
		case '0': d->zero = true; continue;
		}
		break;
	}
	star = parse_count(f, &d->width, "width", PY_SSIZE_T_MAX);
	if (star < 0)
		return -1;
	if (star && d->width < 0) {
		d->left = true;
		d->width = d->width < -PY_SSIZE_T_MAX ? PY_SSIZE_T_MAX : -d->width;
	}
	if (peek(f) == '.') {
		f->pos++;
		d->precision = 0;
		if (parse_count(f, &d->precision, "precision", INT_MAX) < 0)
			return -1;
		if (d->precision < 0)
			d->precision = 0;
	}
	if (peek(f) == 'h' || peek(f) == 'l' || peek(f) == 'L')
		f->pos++;
	if (f->pos >= f->n) {
		PyErr_SetString(PyExc_ValueError, "incomplete format");
		return -1;
	}
	d->conversion = PyUnicode_READ_CHAR(f->format, f->pos++);
	return 0;
}

/* -- Writing ----------------------------------------------------------------------------------- */
static int write_text(struct formatter *f, const struct directive *d, PyObject *s)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(s), missing;

	if (d->precision >= 0 && d->precision < n)
		n = d->precision;
	missing = d->width > n ? d->width - n : 0;
	if ((!d->left && _PyUnicodeWriter_WriteFill(&f->w, ' ', missing) < 0) ||
	    _PyUnicodeWriter_WriteSubstring(&f->w, s, 0, n) < 0 ||
	    (d->left && _PyUnicodeWriter_WriteFill(&f->w, ' ', missing) < 0))
		return -1;
	return 0;
}

/* text is [-]digits, prefix stands between sign and digits; zeros: put in front of the digits. */
static int write_number(struct formatter *f, const struct directive *d, const char *text,
			Py_ssize_t n, const char *prefix, Py_ssize_t zeros, bool can_zero)
{
	char sign = '\0';
	Py_ssize_t nprefix = (Py_ssize_t)strlen(prefix), total, missing;

	if (*text == '-') {
		sign = *text++;
		n--;
	} else if (d->plus || d->blank) {
		sign = d->plus ? '+' : ' ';
	}
	total = n + zeros + nprefix + (sign != 0);
	missing = d->width > total ? d->width - total : 0;
	if (d->zero && !d->left && can_zero) {
		zeros += missing;
		missing = 0;
	}
	if ((!d->left && _PyUnicodeWriter_WriteFill(&f->w, ' ', missing) < 0) ||
	    _PyUnicodeWriter_WriteASCIIString(&f->w, &sign, sign != 0) < 0 ||
	    _PyUnicodeWriter_WriteASCIIString(&f->w, prefix, nprefix) < 0 ||
	    _PyUnicodeWriter_WriteFill(&f->w, '0', zeros) < 0 ||
	    _PyUnicodeWriter_WriteASCIIString(&f->w, text, n) < 0 ||
	    (d->left && _PyUnicodeWriter_WriteFill(&f->w, ' ', missing) < 0))
		return -1;
	return 0;
}

/* The int that %d and its like print; NULL with TypeError. */
static PyObject *as_int(const struct directive *d, PyObject *v)
{
	bool whole = d->conversion == 'x' || d->conversion == 'X' || d->conversion == 'o';
	PyObject *i = NULL;

	if (PyLong_Check(v))
		return Py_NewRef(v);
	if (PyNumber_Check(v)) {
		i = whole ? PyNumber_Index(v) : PyNumber_Long(v);
		if (i)
			return i;
		if (!PyErr_ExceptionMatches(PyExc_TypeError))
			return NULL;
		PyErr_Clear();
	}
	return PyErr_Format(PyExc_TypeError,
			    whole ? "%%%c format: an integer is required, not %.200s"
				  : "%%%c format: a real number is required, not %.200s",
			    (int)d->conversion, Py_TYPE(v)->tp_name);
}

static int write_int(struct formatter *f, const struct directive *d, PyObject *v)
{
	PyObject *i = as_int(d, v), *digits;
	int base = 10, err;
	const char *prefix = "";
	Py_ssize_t n, count, zeros;
	char *text;

	if (!i)
		return -1;
	switch (d->conversion) {
	case 'o':
		base = 8;
		prefix = d->alt ? "0o" : "";
		break;
	case 'x':
		base = 16;
		prefix = d->alt ? "0x" : "";
		break;
	case 'X':
		base = 16;
		prefix = d->alt ? "0X" : "";
		break;
	}
	digits = _PyLong_FormatPlain(i, base, false);
	Py_DECREF(i);
	if (!digits)
		return -1;
	text = PyUnicode_DATA(digits);
	n = PyUnicode_GET_LENGTH(digits);
	count = n - (*text == '-');
	zeros = d->precision > count ? d->precision - count : 0;
	if (d->conversion == 'X') { /* capitals: the text may be shared */
		PyObject *upper = _PyUnicode_CaseMethod(digits, CASE_UPPER);

		Py_DECREF(digits);
		digits = upper;
		if (!digits)
			return -1;
		text = PyUnicode_DATA(digits);
	}
	err = write_number(f, d, text, n, prefix, zeros, true);
	Py_DECREF(digits);
	return err;
}

static int write_float(struct formatter *f, const struct directive *d, PyObject *v)
{
	double x = PyFloat_AsDouble(v);
	Py_ssize_t precision = d->precision < 0 ? 6 : d->precision;
	char *text;
	int err;

	if (x == -1.0 && PyErr_Occurred())
		return -1;
	text = PyOS_double_to_string(x, (char)d->conversion, (int)precision,
				     d->alt ? Py_DTSF_ALT : 0);
	if (!text)
		return -1;
	err = write_number(f, d, text, (Py_ssize_t)strlen(text), "", 0, true);
	PyMem_Free(text);
	return err;
}

static int write_char(struct formatter *f, const struct directive *d, PyObject *v)
{
	struct directive plain = *d;
	PyObject *s, *i;
	long ch;
	int err;

	plain.precision = -1;
	if (PyUnicode_Check(v)) {
		if (PyUnicode_GET_LENGTH(v) != 1) {
			PyErr_SetString(PyExc_TypeError, "%c requires int or char");
			return -1;
		}
		return write_text(f, &plain, v);
	}
	i = PyIndex_Check(v) ? PyNumber_Index(v) : NULL;
	if (!i) {
		PyErr_Clear();
		PyErr_SetString(PyExc_TypeError, "%c requires int or char");
		return -1;
	}
	ch = PyLong_AsLong(i);
	Py_DECREF(i);
	if ((ch == -1 && PyErr_Occurred()) || ch < 0 || ch > UNICODE_MAX_CHAR) {
		PyErr_Clear();
		PyErr_SetString(PyExc_OverflowError, "%c arg not in range(0x110000)");
		return -1;
	}
	s = _PyUnicode_FromChar((Py_UCS4)ch);
	err = s ? write_text(f, &plain, s) : -1;
	Py_XDECREF(s);
	return err;
}

/* %s and %b of bytes: the bytes as Latin-1 text; new reference. */
static PyObject *bytes_text(PyObject *v)
{
	PyObject *method, *bytes, *s;
	const char *data;
	Py_ssize_t n;

	if (_PyBytes_View(v, &data, &n))
		return PyUnicode_DecodeLatin1(data, n, NULL);
	method = _PyObject_LookupSpecial(v, _Py_ID(__bytes__));
	if (!method) {
		if (!PyErr_Occurred())
			PyErr_Format(PyExc_TypeError,
				     "%%b requires a bytes-like object, or an object that "
				     "implements __bytes__, not '%.100s'",
				     Py_TYPE(v)->tp_name);
		return NULL;
	}
	bytes = PyObject_CallNoArgs(method);
	Py_DECREF(method);
	if (!bytes)
		return NULL;
	s = _PyBytes_View(bytes, &data, &n)
		    ? PyUnicode_DecodeLatin1(data, n, NULL)
		    : PyErr_Format(PyExc_TypeError, "__bytes__ returned non-bytes (type %.200s)",
				   Py_TYPE(bytes)->tp_name);
	Py_DECREF(bytes);
	return s;
}

static int write_byte(struct formatter *f, const struct directive *d, PyObject *v)
{
	struct directive plain = *d;
	const char *data;
	Py_ssize_t n;
	PyObject *s;
	long ch = -1;
	int err;

	plain.precision = -1;
	if (_PyBytes_View(v, &data, &n)) {
		if (n == 1)
			ch = (unsigned char)data[0];
	} else if (PyLong_Check(v)) {
		int overflow;

		ch = PyLong_AsLongAndOverflow(v, &overflow);
		if (ch < 0 || ch > 255) {
			PyErr_SetString(PyExc_OverflowError, "%c arg not in range(256)");
			return -1;
		}
	}
	if (ch < 0) {
		PyErr_SetString(PyExc_TypeError,
				"%c requires an integer in range(256) or a single byte");
		return -1;
	}
	s = _PyUnicode_FromChar((Py_UCS4)ch);
	err = s ? write_text(f, &plain, s) : -1;
	Py_XDECREF(s);
	return err;
}

static int unsupported(struct formatter *f, const struct directive *d)
{
	PyErr_Format(PyExc_ValueError, "unsupported format character '%c' (0x%x) at index %zd",
		     d->conversion >= 32 && d->conversion < 127 ? (int)d->conversion : '?',
		     (unsigned)d->conversion, f->pos - 1);
	return -1;
}

static int write_value(struct formatter *f, const struct directive *d, PyObject *v)
{
	Py_UCS4 conversion = d->conversion;
	PyObject *s;
	int err;

	if (f->bytes) {
		if (conversion == 'c')
			return write_byte(f, d, v);
		if (conversion == 'r')
			conversion = 'a';
		else if (conversion == 's' || conversion == 'b')
			conversion = 'B';
	}
	switch (conversion) {
	case 'B': s = f->bytes ? bytes_text(v) : NULL; break;
	case 's': s = PyObject_Str(v); break;
	case 'r': s = PyObject_Repr(v); break;
	case 'a': s = PyObject_ASCII(v); break;
	case 'd':
	case 'i':
	case 'u':
	case 'o':
	case 'x':
	case 'X': return write_int(f, d, v);
	case 'e':
	case 'E':
	case 'f':
	case 'F':
	case 'g':
	case 'G': return write_float(f, d, v);
	case 'c': return write_char(f, d, v);
	default: return unsupported(f, d);
	}
	if (!s)
		return f->bytes || conversion != 'B' ? -1 : unsupported(f, d);
	err = write_text(f, d, s);
	Py_DECREF(s);
	return err;
}

/* pos is behind the %. */
static int format_one(struct formatter *f)
{
	struct directive d;
	int err;

	if (peek(f) == '%') {
		f->pos++;
		return _PyUnicodeWriter_WriteChar(&f->w, '%');
	}
	err = parse_directive(f, &d);
	if (err == 0 && !d.value) {
		d.value = next_arg(f);
		err = d.value ? 0 : -1;
	}
	if (err == 0)
		err = write_value(f, &d, d.value);
	Py_XDECREF(d.value);
	return err;
}

static PyObject *format_all(PyObject *format, PyObject *args, bool bytes)
{
	struct formatter f = {.format = format, .args = args, .bytes = bytes};
	int err = 0;

	f.n = PyUnicode_GET_LENGTH(format);
	f.is_tuple = PyTuple_Check(args);
	if (PyMapping_Check(args) && !f.is_tuple &&
	    !(bytes ? PyBytes_Check(args) || PyByteArray_Check(args) : PyUnicode_Check(args)))
		f.mapping = args;
	_PyUnicodeWriter_Init(&f.w);
	while (f.pos < f.n && err == 0) {
		Py_ssize_t at = PyUnicode_FindChar(format, '%', f.pos, f.n, 1);

		if (at < 0)
			at = f.n;
		err = _PyUnicodeWriter_WriteSubstring(&f.w, format, f.pos, at);
		f.pos = at + 1;
		if (err == 0 && at < f.n)
			err = format_one(&f);
	}
	if (err == 0 && !f.mapping &&
	    (f.is_tuple ? f.next_arg >= 0 && f.next_arg < PyTuple_GET_SIZE(args)
			: f.next_arg == 0)) {
		PyErr_SetString(PyExc_TypeError,
				bytes ? "not all arguments converted during bytes formatting"
				      : "not all arguments converted during string formatting");
		err = -1;
	}
	if (err == 0)
		return _PyUnicodeWriter_Finish(&f.w);
	_PyUnicodeWriter_Dealloc(&f.w);
	return NULL;
}

PyObject *PyUnicode_Format(PyObject *format, PyObject *args)
{
	return _PyUnicode_Ensure(format) < 0 ? NULL : format_all(format, args, false);
}

PyObject *_PyUnicode_FormatBytes(PyObject *format, PyObject *args)
{
	return format_all(format, args, true);
}
