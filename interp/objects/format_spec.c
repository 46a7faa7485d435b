/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The format specification mini-language: [[fill]align][sign][z][#][0][width][grouping]
 * [.precision][type], for str, int, float and complex.
 */
#include "objects/unicode_priv.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/complex.h"
#include "objects/float.h"
#include "objects/long.h"

#include <limits.h>

struct spec {
	Py_UCS4 fill, align, sign, type; /* 0 = not given, but for fill */
	bool alternate, no_neg_0;
	Py_ssize_t width;     /* -1 */
	Py_UCS4 grouping;     /* ',' '_' or 0 */
	Py_ssize_t precision; /* -1 */
	bool has_fill, has_align;
};

static bool is_align(Py_UCS4 ch)
{
	return ch == '<' || ch == '>' || ch == '=' || ch == '^';
}

/* -1 when there is no number at *pos; -2 with ValueError. */
static Py_ssize_t number(PyObject *s, Py_ssize_t *pos)
{
	Py_ssize_t n = -1;

	for (; *pos < PyUnicode_GET_LENGTH(s); ++*pos) {
		int digit = _PyUnicode_ToDecimalDigit(PyUnicode_READ_CHAR(s, *pos));

		if (digit < 0)
			break;
		n = n < 0 ? 0 : n;
		if (n > (PY_SSIZE_T_MAX - digit) / 10) {
			PyErr_SetString(PyExc_ValueError,
					"Too many decimal digits in format string");
			return -2;
		}
		n = n * 10 + digit;
	}
	return n;
}

static int cannot_group(Py_UCS4 sep, Py_UCS4 type)
{
	if (type > 32 && type < 128)
		PyErr_Format(PyExc_ValueError, "Cannot specify '%c' with '%c'.", (int)sep,
			     (int)type);
	else
		PyErr_Format(PyExc_ValueError, "Cannot specify '%c' with '\\x%x'.", (int)sep,
			     (unsigned)type);
	return -1;
}

static int parse_grouping(struct spec *f, PyObject *s, Py_ssize_t *pos)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(s);

#define PEEK(ch) (*pos < n && PyUnicode_READ_CHAR(s, *pos) == (ch))
	if (PEEK(',')) {
		f->grouping = ',';
		++*pos;
	}
	if (PEEK('_')) {
		if (f->grouping)
			goto both;
		f->grouping = '_';
		++*pos;
	}
	if (PEEK(',') && f->grouping == '_')
		goto both;
	return 0;
both:
	PyErr_SetString(PyExc_ValueError, "Cannot specify both ',' and '_'.");
	return -1;
}

static int check_grouping(const struct spec *f)
{
	if (!f->grouping)
		return 0;
	switch (f->type) {
	case 'd':
	case 'e':
	case 'f':
	case 'g':
	case 'E':
	case 'G':
	case '%':
	case 'F':
	case '\0': return 0;
	case 'b':
	case 'o':
	case 'x':
	case 'X':
		if (f->grouping == '_')
			return 0;
	}
	return cannot_group(f->grouping, f->type);
}

/* align_default: '<' for text, '>' for numbers. 0 or -1. */
static int parse(struct spec *f, PyObject *s, Py_UCS4 type_default, Py_UCS4 align_default,
		 PyObject *value)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(s), i = 0, *pos = &i;

	*f = (struct spec){.fill = ' ',
			   .align = align_default,
			   .type = type_default,
			   .width = -1,
			   .precision = -1};
	if (n >= 2 && is_align(PyUnicode_READ_CHAR(s, 1))) {
		f->align = PyUnicode_READ_CHAR(s, 1);
		f->fill = PyUnicode_READ_CHAR(s, 0);
		f->has_fill = f->has_align = true;
		i = 2;
	} else if (n >= 1 && is_align(PyUnicode_READ_CHAR(s, 0))) {
		f->align = PyUnicode_READ_CHAR(s, 0);
		f->has_align = true;
		i = 1;
	}
	if (PEEK('+') || PEEK('-') || PEEK(' '))
		f->sign = PyUnicode_READ_CHAR(s, i++);
	if (PEEK('z')) {
		f->no_neg_0 = true;
		i++;
	}
	if (PEEK('#')) {
		f->alternate = true;
		i++;
	}
	if (!f->has_fill && PEEK('0')) {
		f->fill = '0';
		if (!f->has_align && align_default == '>')
			f->align = '=';
		i++;
	}
	f->width = number(s, pos);
	if (f->width == -2 || parse_grouping(f, s, pos) < 0)
		return -1;
	if (PEEK('.')) {
		i++;
		f->precision = number(s, pos);
		if (f->precision == -1)
			PyErr_SetString(PyExc_ValueError, "Format specifier missing precision");
		if (f->precision < 0)
			return -1;
	}
	if (n - i > 1) {
		PyErr_Format(PyExc_ValueError,
			     "Invalid format specifier '%U' for object of type '%.200s'", s,
			     Py_TYPE(value)->tp_name);
		return -1;
	}
	if (n - i == 1)
		f->type = PyUnicode_READ_CHAR(s, i);
	return check_grouping(f);
}
#undef PEEK

static PyObject *unknown_type(const struct spec *f, PyObject *value)
{
	const char *name = Py_TYPE(value)->tp_name;

	if (f->type > 32 && f->type < 128)
		return PyErr_Format(PyExc_ValueError,
				    "Unknown format code '%c' for object of type '%.200s'",
				    (int)f->type, name);
	return PyErr_Format(PyExc_ValueError,
			    "Unknown format code '\\x%x' for object of type '%.200s'",
			    (unsigned)f->type, name);
}

static PyObject *value_error(const char *text)
{
	PyErr_SetString(PyExc_ValueError, text);
	return NULL;
}

/* How the missing characters are shared out. */
static void share(const struct spec *f, Py_ssize_t length, Py_ssize_t *left, Py_ssize_t *right)
{
	Py_ssize_t missing = f->width > length ? f->width - length : 0;

	*left = f->align == '>' ? missing : f->align == '^' ? missing / 2 : 0;
	*right = missing - *left;
}

static PyObject *finish(_PyUnicodeWriter *w, int err)
{
	if (err == 0)
		return _PyUnicodeWriter_Finish(w);
	_PyUnicodeWriter_Dealloc(w);
	return NULL;
}

/* -- str --------------------------------------------------------------------------------------- */
PyObject *_PyUnicode_FormatSpec(PyObject *value, PyObject *spec)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(value), left, right;
	_PyUnicodeWriter w;
	struct spec f;
	int err;

	if (PyUnicode_GET_LENGTH(spec) == 0)
		return PyUnicode_CheckExact(value) ? Py_NewRef(value) : PyObject_Str(value);
	if (parse(&f, spec, 's', '<', value) < 0)
		return NULL;
	if (f.type != 's')
		return unknown_type(&f, value);
	if (f.sign == ' ')
		return value_error("Space not allowed in string format specifier");
	if (f.sign)
		return value_error("Sign not allowed in string format specifier");
	if (f.no_neg_0)
		return value_error("Negative zero coercion (z) not allowed in string format "
				   "specifier");
	if (f.alternate)
		return value_error("Alternate form (#) not allowed in string format specifier");
	if (f.align == '=')
		return value_error("'=' alignment not allowed in string format specifier");
	if (f.precision >= 0 && f.precision < n)
		n = f.precision;
	share(&f, n, &left, &right);
	_PyUnicodeWriter_Init(&w);
	err = _PyUnicodeWriter_WriteFill(&w, f.fill, left);
	if (err == 0)
		err = _PyUnicodeWriter_WriteSubstring(&w, value, 0, n);
	if (err == 0)
		err = _PyUnicodeWriter_WriteFill(&w, f.fill, right);
	return finish(&w, err);
}

/* -- Numbers ----------------------------------------------------------------------------------- */
/* The parts of a number's text. */
struct parts {
	char sign;          /* '-' or 0 */
	const char *prefix; /* "0x" or "" */
	const char *digits; /* before the point */
	Py_ssize_t ndigits;
	const char *rest; /* point, fraction, exponent, % */
	Py_ssize_t nrest;
};

static int write_ascii(_PyUnicodeWriter *w, const char *s, Py_ssize_t n)
{
	return _PyUnicodeWriter_WriteASCIIString(w, s, n);
}

/* The digits with separators, zeros in front up to width; a separator never comes first. The
 * caller releases the text. */
static char *group(const struct parts *p, char sep, int size, Py_ssize_t width, Py_ssize_t *len)
{
	Py_ssize_t most = p->ndigits > width ? p->ndigits : width, at, left = p->ndigits;
	char *text = most < PY_SSIZE_T_MAX / 4 ? PyMem_Malloc((size_t)most * 2 + 4) : NULL;
	int in_group = 0;

	if (!text) {
		PyErr_NoMemory();
		return NULL;
	}
	at = most * 2 + 4;
	*len = 0;
	while (left > 0 || *len < width) {
		if (sep && in_group == size) {
			text[--at] = sep;
			++*len;
			in_group = 0;
		}
		text[--at] = left > 0 ? p->digits[--left] : '0';
		in_group++;
		++*len;
	}
	memmove(text, text + at, (size_t)*len);
	return text;
}

/* Signs, pads and groups. upper: letters of digits and prefix become capitals. */
static int write_number(_PyUnicodeWriter *w, const struct spec *f, const struct parts *p,
			int group_size, bool upper)
{
	char sign = p->sign ? p->sign : f->sign == '+' || f->sign == ' ' ? (char)f->sign : '\0';
	Py_ssize_t nprefix = (Py_ssize_t)strlen(p->prefix), nsign = sign != 0, len, left, right;
	Py_ssize_t others = nsign + nprefix + p->nrest, inner = 0;
	char *text, prefix[4];
	int err = 0;

	if (f->fill == '0' && f->align == '=' && f->width > others)
		inner = f->width - others;
	/* inf and nan have no digits to group. */
	text = group(p, p->ndigits ? (char)f->grouping : '\0', group_size, inner, &len);
	if (!text)
		return -1;
	if (upper)
		for (Py_ssize_t i = 0; i < len; i++)
			text[i] = text[i] >= 'a' && text[i] <= 'z' ? text[i] - 32 : text[i];
	snprintf(prefix, sizeof(prefix), "%s", p->prefix);
	if (upper && nprefix)
		prefix[1] = (char)(prefix[1] - 32);
	share(f, others + len, &left, &right);
	if (f->align == '=') {
		left = 0; /* between sign and digits instead */
		inner = right;
		right = 0;
	} else {
		inner = 0;
	}
	if (_PyUnicodeWriter_WriteFill(w, f->fill, left) < 0 || write_ascii(w, &sign, nsign) < 0 ||
	    write_ascii(w, prefix, nprefix) < 0 ||
	    _PyUnicodeWriter_WriteFill(w, f->fill, inner) < 0 || write_ascii(w, text, len) < 0 ||
	    write_ascii(w, p->rest, p->nrest) < 0 ||
	    _PyUnicodeWriter_WriteFill(w, f->fill, right) < 0)
		err = -1;
	PyMem_Free(text);
	return err;
}

static PyObject *format_char(PyObject *value, struct spec *f)
{
	long ch = PyLong_AsLong(value);
	_PyUnicodeWriter w;
	Py_ssize_t left, right;
	int err;

	if (f->sign)
		return value_error("Sign not allowed with integer format specifier 'c'");
	if (f->alternate)
		return value_error("Alternate form (#) not allowed with integer format specifier "
				   "'c'");
	if (ch == -1 && PyErr_Occurred())
		return NULL;
	if (ch < 0 || ch > UNICODE_MAX_CHAR) {
		PyErr_SetString(PyExc_OverflowError, "%c arg not in range(0x110000)");
		return NULL;
	}
	if (f->align == '=')
		f->align = '>';
	share(f, 1, &left, &right);
	_PyUnicodeWriter_Init(&w);
	err = _PyUnicodeWriter_WriteFill(&w, f->fill, left);
	if (err == 0)
		err = _PyUnicodeWriter_WriteChar(&w, (Py_UCS4)ch);
	if (err == 0)
		err = _PyUnicodeWriter_WriteFill(&w, f->fill, right);
	return finish(&w, err);
}

static PyObject *format_int(PyObject *value, struct spec *f)
{
	struct parts p = {.prefix = "", .rest = ""};
	int base = 10, err;
	PyObject *digits;
	_PyUnicodeWriter w;

	if (f->precision >= 0)
		return value_error("Precision not allowed in integer format specifier");
	if (f->no_neg_0)
		return value_error("Negative zero coercion (z) not allowed in integer format "
				   "specifier");
	switch (f->type) {
	case 'c': return format_char(value, f);
	case 'b':
		base = 2;
		p.prefix = f->alternate ? "0b" : "";
		break;
	case 'o':
		base = 8;
		p.prefix = f->alternate ? "0o" : "";
		break;
	case 'x':
	case 'X':
		base = 16;
		p.prefix = f->alternate ? "0x" : "";
		break;
	}
	digits = _PyLong_FormatPlain(value, base, false);
	if (!digits)
		return NULL;
	p.digits = PyUnicode_DATA(digits);
	p.ndigits = PyUnicode_GET_LENGTH(digits);
	if (p.digits[0] == '-') {
		p.sign = '-';
		p.digits++;
		p.ndigits--;
	}
	_PyUnicodeWriter_Init(&w);
	err = write_number(&w, f, &p, base == 10 ? 3 : 4, f->type == 'X');
	Py_DECREF(digits);
	return finish(&w, err);
}

/* The text of v under f's type and precision, taken apart; p points into the result, which the
 * caller releases. */
static char *float_parts(double v, const struct spec *f, Py_UCS4 type, Py_ssize_t precision,
			 int flags, struct parts *p)
{
	bool percent = type == '%';
	const char *s;
	char *text;

	if (precision > INT_MAX - 64) {
		value_error("precision too big");
		return NULL;
	}
	if (f->alternate)
		flags |= Py_DTSF_ALT;
	if (f->no_neg_0)
		flags |= Py_DTSF_NO_NEG_0;
	if (type == 'n')
		type = 'g';
	text = PyOS_double_to_string(percent ? v * 100 : v, percent ? 'f' : (char)type,
				     (int)precision, flags);
	if (!text)
		return NULL;
	if (percent) {
		size_t n = strlen(text);
		char *longer = PyMem_Realloc(text, n + 2);

		if (!longer) {
			PyMem_Free(text);
			PyErr_NoMemory();
			return NULL;
		}
		text = longer;
		strcpy(text + n, "%");
	}
	*p = (struct parts){.prefix = ""};
	s = text;
	if (*s == '-') {
		p->sign = '-';
		s++;
	}
	p->digits = s;
	while (*s >= '0' && *s <= '9')
		s++;
	p->ndigits = s - p->digits;
	p->rest = s;
	p->nrest = (Py_ssize_t)strlen(s);
	return text;
}

static PyObject *format_double(double v, struct spec *f)
{
	Py_ssize_t precision = f->precision;
	Py_UCS4 type = f->type;
	struct parts p;
	_PyUnicodeWriter w;
	char *text;
	int flags = 0, err;

	if (type == '\0') {
		flags = Py_DTSF_ADD_DOT_0;
		type = precision < 0 ? 'r' : 'g';
		precision = precision < 0 ? 0 : precision;
	}
	text = float_parts(v, f, type, precision < 0 ? 6 : precision, flags, &p);
	if (!text)
		return NULL;
	_PyUnicodeWriter_Init(&w);
	err = write_number(&w, f, &p, 3, false);
	PyMem_Free(text);
	return finish(&w, err);
}

static bool is_float_type(Py_UCS4 type)
{
	return type && type < 128 && strchr("eEfFgGn%", (int)type) != NULL;
}

PyObject *_PyLong_FormatSpec(PyObject *value, PyObject *spec)
{
	struct spec f;
	double v;

	if (PyUnicode_GET_LENGTH(spec) == 0)
		return PyLong_CheckExact(value) ? _PyLong_FormatPlain(value, 10, false)
						: PyObject_Str(value);
	if (parse(&f, spec, 'd', '>', value) < 0)
		return NULL;
	if (f.type == 'n' || (f.type < 128 && strchr("bcdoxX", (int)f.type)))
		return format_int(value, &f);
	if (!is_float_type(f.type))
		return unknown_type(&f, value);
	v = PyLong_AsDouble(value);
	return v == -1.0 && PyErr_Occurred() ? NULL : format_double(v, &f);
}

PyObject *_PyFloat_FormatSpec(PyObject *value, PyObject *spec)
{
	struct spec f;

	if (PyUnicode_GET_LENGTH(spec) == 0)
		return PyObject_Str(value);
	if (parse(&f, spec, '\0', '>', value) < 0)
		return NULL;
	if (f.type != '\0' && !is_float_type(f.type))
		return unknown_type(&f, value);
	return format_double(PyFloat_AS_DOUBLE(value), &f);
}

/* -- complex ----------------------------------------------------------------------------------- */
/* The two numbers, the second always signed, then j; without a type as repr has it. */
static PyObject *format_complex(Py_complex v, const struct spec *f)
{
	struct spec part = *f, second;
	Py_ssize_t precision = f->precision;
	Py_UCS4 type = f->type;
	bool plain = type == '\0', skip_real;
	struct parts p;
	_PyUnicodeWriter w;
	char *text;
	int err = 0;

	if (plain) {
		type = precision < 0 ? 'r' : 'g';
		precision = precision < 0 ? 0 : precision;
	}
	part.width = -1;
	part.fill = ' ';
	part.align = '>';
	second = part;
	skip_real = plain && v.real == 0.0 && __builtin_copysign(1.0, v.real) == 1.0;
	if (!skip_real)
		second.sign = '+';
	_PyUnicodeWriter_Init(&w);
	if (plain && !skip_real)
		err = _PyUnicodeWriter_WriteChar(&w, '(');
	for (int i = skip_real; i < 2 && err == 0; i++) {
		const struct spec *s = i ? &second : &part;

		text = float_parts(i ? v.imag : v.real, s, type, precision < 0 ? 6 : precision, 0,
				   &p);
		err = text ? write_number(&w, s, &p, 3, false) : -1;
		PyMem_Free(text);
	}
	if (err == 0)
		err = write_ascii(&w, plain && !skip_real ? "j)" : "j", -1);
	return finish(&w, err);
}

PyObject *_PyComplex_FormatSpec(PyObject *value, PyObject *spec)
{
	PyObject *text, *ret;
	_PyUnicodeWriter w;
	Py_ssize_t left, right;
	struct spec f;
	int err;

	if (PyUnicode_GET_LENGTH(spec) == 0)
		return PyObject_Str(value);
	if (parse(&f, spec, '\0', '>', value) < 0)
		return NULL;
	if (f.type == '%' || (f.type != '\0' && !is_float_type(f.type)))
		return unknown_type(&f, value);
	if (f.fill == '0')
		return value_error("Zero padding is not allowed in complex format specifier");
	if (f.align == '=')
		return value_error("'=' alignment flag is not allowed in complex format specifier");
	text = format_complex(((PyComplexObject *)value)->cval, &f);
	if (!text)
		return NULL;
	share(&f, PyUnicode_GET_LENGTH(text), &left, &right);
	_PyUnicodeWriter_Init(&w);
	err = _PyUnicodeWriter_WriteFill(&w, f.fill, left);
	if (err == 0)
		err = _PyUnicodeWriter_WriteStr(&w, text);
	if (err == 0)
		err = _PyUnicodeWriter_WriteFill(&w, f.fill, right);
	ret = finish(&w, err);
	Py_DECREF(text);
	return ret;
}
