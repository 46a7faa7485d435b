/* SPDX-License-Identifier: BSD-2-Clause */
/* PyUnicode_FromFormat: printf's syntax, with objects. */
#include "objects/unicode_priv.h"

#include "core/errors.h"
#include "objects/abstract.h"

#include <ctype.h>
#include <limits.h>

struct directive {
	bool left, zero;
	Py_ssize_t width, precision; /* -1: none */
	char size;                   /* l, L (ll), z, j, t or 0 */
};

static Py_ssize_t read_number(const char **p)
{
	Py_ssize_t n = 0;

	while (isdigit((unsigned char)**p)) {
		n = n > INT_MAX / 10 - 1 ? INT_MAX : n * 10 + (**p - '0');
		++*p;
	}
	return n;
}

/* From behind the % to the conversion letter. */
static const char *parse(const char *p, struct directive *d)
{
	*d = (struct directive){.width = -1, .precision = -1};
	for (;; p++) {
		if (*p == '-')
			d->left = true;
		else if (*p == '0')
			d->zero = true;
		else
			break;
	}
	if (isdigit((unsigned char)*p))
		d->width = read_number(&p);
	if (*p == '.') {
		p++;
		d->precision = read_number(&p);
	}
	if (p[0] == 'l' && p[1] == 'l') {
		d->size = 'L';
		p += 2;
	} else if (*p && strchr("lzjt", *p)) {
		d->size = *p++;
	}
	return p;
}

static int write_padded(_PyUnicodeWriter *w, PyObject *s, const struct directive *d)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(s), missing;

	if (d->precision >= 0 && d->precision < n)
		n = d->precision;
	missing = d->width > n ? d->width - n : 0;
	if ((!d->left && _PyUnicodeWriter_WriteFill(w, ' ', missing) < 0) ||
	    _PyUnicodeWriter_WriteSubstring(w, s, 0, n) < 0 ||
	    (d->left && _PyUnicodeWriter_WriteFill(w, ' ', missing) < 0))
		return -1;
	return 0;
}

static int write_owned(_PyUnicodeWriter *w, PyObject *s, const struct directive *d)
{
	int err;

	if (!s)
		return -1;
	err = write_padded(w, s, d);
	Py_DECREF(s);
	return err;
}

/* UTF-8 text; precision counts bytes, so that it need not be terminated. */
static int write_c_string(_PyUnicodeWriter *w, const char *s, const struct directive *d)
{
	size_t n = d->precision >= 0 ? strnlen(s, (size_t)d->precision) : strlen(s);
	struct directive without = *d;

	without.precision = -1;
	return write_owned(w, PyUnicode_DecodeUTF8(s, (Py_ssize_t)n, "replace"), &without);
}

static int write_integer(_PyUnicodeWriter *w, const struct directive *d, char conversion,
			 bool negative, uint64_t v)
{
	char digits[72], *p = digits + sizeof(digits);
	unsigned base = conversion == 'x' || conversion == 'X' ? 16 : conversion == 'o' ? 8 : 10;
	const char *letters = conversion == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
	Py_ssize_t n, total, zeros = 0;

	do {
		*--p = letters[v % base];
		v /= base;
	} while (v);
	n = digits + sizeof(digits) - p;
	if (d->precision > n)
		zeros = d->precision - n;
	total = n + zeros + negative;
	if (d->zero && !d->left && d->precision < 0 && d->width > total) {
		zeros += d->width - total;
		total = d->width;
	}
	if ((!d->left && _PyUnicodeWriter_WriteFill(w, ' ', d->width - total) < 0) ||
	    _PyUnicodeWriter_WriteASCIIString(w, "-", negative) < 0 ||
	    _PyUnicodeWriter_WriteFill(w, '0', zeros) < 0 ||
	    _PyUnicodeWriter_WriteASCIIString(w, p, n) < 0 ||
	    (d->left && _PyUnicodeWriter_WriteFill(w, ' ', d->width - total) < 0))
		return -1;
	return 0;
}

static int write_signed(_PyUnicodeWriter *w, const struct directive *d, va_list *va)
{
	int64_t v = d->size == 'l'   ? va_arg(*va, long)
		    : d->size == 'L' ? va_arg(*va, long long)
		    : d->size == 'z' ? va_arg(*va, Py_ssize_t)
		    : d->size == 'j' ? va_arg(*va, intmax_t)
		    : d->size == 't' ? va_arg(*va, ptrdiff_t)
				     : va_arg(*va, int);

	return write_integer(w, d, 'd', v < 0, v < 0 ? -(uint64_t)v : (uint64_t)v);
}

static int write_unsigned(_PyUnicodeWriter *w, const struct directive *d, char conversion,
			  va_list *va)
{
	uint64_t v = d->size == 'l'   ? va_arg(*va, unsigned long)
		     : d->size == 'L' ? va_arg(*va, unsigned long long)
		     : d->size == 'z' ? va_arg(*va, size_t)
		     : d->size == 'j' ? va_arg(*va, uintmax_t)
		     : d->size == 't' ? (uint64_t)va_arg(*va, ptrdiff_t)
				      : va_arg(*va, unsigned);

	return write_integer(w, d, conversion, false, v);
}

static int write_conversion(_PyUnicodeWriter *w, const struct directive *d, char conversion,
			    va_list *va)
{
	char text[32];
	PyObject *o;
	int ch;

	switch (conversion) {
	case 'd':
	case 'i': return write_signed(w, d, va);
	case 'u':
	case 'x':
	case 'X':
	case 'o': return write_unsigned(w, d, conversion, va);
	case 'c':
		ch = va_arg(*va, int);
		if (ch < 0 || ch > UNICODE_MAX_CHAR) {
			PyErr_SetString(PyExc_OverflowError,
					"character argument not in range(0x110000)");
			return -1;
		}
		return _PyUnicodeWriter_WriteChar(w, (Py_UCS4)ch);
	case 'p':
		snprintf(text, sizeof(text), "%p", va_arg(*va, void *));
		return _PyUnicodeWriter_WriteASCIIString(w, strcmp(text, "(nil)") ? text : "0x0",
							 -1);
	case 's': return write_c_string(w, va_arg(*va, const char *), d);
	case 'U': return write_padded(w, va_arg(*va, PyObject *), d);
	case 'V': {
		const char *s;

		o = va_arg(*va, PyObject *);
		s = va_arg(*va, const char *);
		return o ? write_padded(w, o, d) : write_c_string(w, s, d);
	}
	case 'S': return write_owned(w, PyObject_Str(va_arg(*va, PyObject *)), d);
	case 'R': return write_owned(w, PyObject_Repr(va_arg(*va, PyObject *)), d);
	case 'A': return write_owned(w, PyObject_ASCII(va_arg(*va, PyObject *)), d);
	case '%': return _PyUnicodeWriter_WriteChar(w, '%');
	default:
		PyErr_Format(PyExc_SystemError, "invalid format string: %%%c", conversion);
		return -1;
	}
}

PyObject *PyUnicode_FromFormatV(const char *format, va_list args)
{
	_PyUnicodeWriter w;
	const char *p = format;
	va_list va;
	int err = 0;

	va_copy(va, args);
	_PyUnicodeWriter_Init(&w);
	while (*p && err == 0) {
		size_t plain = strcspn(p, "%");
		struct directive d;

		err = _PyUnicodeWriter_WriteASCIIString(&w, p, (Py_ssize_t)plain);
		p += plain;
		if (*p != '%' || err < 0)
			continue;
		p = parse(p + 1, &d);
		err = *p ? write_conversion(&w, &d, *p, &va) : 0;
		p += *p != '\0';
	}
	va_end(va);
	if (err == 0)
		return _PyUnicodeWriter_Finish(&w);
	_PyUnicodeWriter_Dealloc(&w);
	return NULL;
}

PyObject *PyUnicode_FromFormat(const char *format, ...)
{
	PyObject *ret;
	va_list va;

	va_start(va, format);
	ret = PyUnicode_FromFormatV(format, va);
	va_end(va);
	return ret;
}
