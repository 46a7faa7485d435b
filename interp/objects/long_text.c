/* SPDX-License-Identifier: BSD-2-Clause */
/* int to text and back, in any base from 2 to 36. */
#include "objects/long_priv.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bytes.h"
#include "objects/unicode.h"

static const char digits36[] = "0123456789abcdefghijklmnopqrstuvwxyz";

/* Decimal digits of 2^64 - 1, sign included. */
enum { SMALL_TEXT = 24 };

static int check_digits_out(size_t ndigits)
{
	if (_PyLong_max_str_digits > 0 && ndigits > (size_t)_PyLong_max_str_digits) {
		PyErr_Format(PyExc_ValueError,
			     "Exceeds the limit (%d digits) for integer string conversion; "
			     "use sys.set_int_max_str_digits() to increase the limit",
			     _PyLong_max_str_digits);
		return -1;
	}
	return 0;
}

static bool is_power_of_2(int base)
{
	return (base & (base - 1)) == 0;
}

static const char *prefix_of(int base)
{
	return base == 2 ? "0b" : base == 8 ? "0o" : base == 16 ? "0x" : "";
}

/* One limb, the common case: the digits grow downwards from the end of a small buffer. */
static PyObject *format_limb(uint64_t limb, bool negative, int base, const char *prefix)
{
	char text[72], *p = text + sizeof(text);
	size_t n = strlen(prefix);

	do {
		*--p = digits36[limb % (unsigned)base];
		limb /= (unsigned)base;
	} while (limb);
	p -= n;
	memcpy(p, prefix, n);
	if (negative)
		*--p = '-';
	return PyUnicode_FromStringAndSize(p, text + sizeof(text) - p);
}

PyObject *_PyLong_FormatPlain(PyObject *v, int base, bool prefix)
{
	Py_ssize_t n = LONG_NLIMBS(v);
	const char *pre = prefix ? prefix_of(base) : "";
	size_t pre_len = strlen(pre), len, skip = 0, room;
	uint64_t *copy = NULL;
	unsigned char *digits;
	PyObject *ret = NULL;
	char *to;

	if (n <= 1)
		return format_limb(LONG_LIMBS(v)[0], LONG_IS_NEG(v), base, pre);
	room = mpn_sizeinbase(LONG_LIMBS(v), n, base) + 2;
	/* sizeinbase may say one too many: certain excess needs no conversion. */
	if (!is_power_of_2(base) && check_digits_out(room > 3 ? room - 3 : 0) < 0)
		return NULL;
	if (_PyLong_CheckScratch(n) < 0)
		return NULL;
	digits = PyMem_Malloc(room);
	copy = PyMem_Malloc((size_t)(n + 1) * sizeof(uint64_t));
	if (!digits || !copy) {
		PyErr_NoMemory();
		goto out;
	}
	memcpy(copy, LONG_LIMBS(v), (size_t)n * sizeof(uint64_t)); /* get_str destroys its input */
	len = mpn_get_str(digits, base, copy, n);
	while (skip + 1 < len && digits[skip] == 0)
		skip++;
	len -= skip;
	if (!is_power_of_2(base) && check_digits_out(len) < 0)
		goto out;
	ret = PyUnicode_New((Py_ssize_t)(len + pre_len + LONG_IS_NEG(v)), 127);
	if (!ret)
		goto out;
	to = PyUnicode_DATA(ret);
	if (LONG_IS_NEG(v))
		*to++ = '-';
	memcpy(to, pre, pre_len);
	to += pre_len;
	for (size_t i = 0; i < len; i++)
		to[i] = digits36[digits[skip + i]];
out:
	PyMem_Free(copy);
	PyMem_Free(digits);
	return ret;
}

PyObject *_PyLong_Format(PyObject *v, int base)
{
	return _PyLong_FormatPlain(v, base, true);
}

/* -- Parsing ----------------------------------------------------------------------------------- */
static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'Z')
		return c - 'A' + 10;
	return 99;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Skips a prefix that goes with base and settles base 0. */
static const char *skip_prefix(const char *p, int *base, bool *zero_only)
{
	int by_prefix = 0;

	*zero_only = false;
	if (p[0] == '0')
		switch (p[1] | 0x20) {
		case 'x': by_prefix = 16; break;
		case 'o': by_prefix = 8; break;
		case 'b': by_prefix = 2; break;
		}
	if (*base == 0) {
		*base = by_prefix ? by_prefix : 10;
		*zero_only = !by_prefix && p[0] == '0'; /* "00" is a number, "01" is not */
	}
	if (by_prefix && by_prefix == *base) {
		p += 2;
		if (*p == '_')
			p++;
	}
	return p;
}

/* Digits and single underscores between them; their values into a new array (NULL when there are
 * none, or with MemoryError set). *end where they stop. */
static unsigned char *collect_digits(const char *p, int base, size_t *n, const char **end)
{
	const char *q = p;
	size_t count = 0;
	unsigned char *values;
	char previous = '_';

	while (*q == '_' || digit_value(*q) < base) {
		if (*q == '_' && previous == '_')
			break;
		count += *q != '_';
		previous = *q++;
	}
	*end = q;
	*n = 0;
	if (count == 0 || previous == '_')
		return NULL;
	values = PyMem_Malloc(count);
	if (!values) {
		PyErr_NoMemory();
		return NULL;
	}
	for (; p < q; p++)
		if (*p != '_')
			values[(*n)++] = (unsigned char)digit_value(*p);
	return values;
}

static PyObject *from_digits(const unsigned char *digits, size_t n, int base, bool negative)
{
	PyLongObject *v;
	Py_ssize_t limbs;

	while (n > 1 && digits[0] == 0) {
		digits++;
		n--;
	}
	if (n <= 12) { /* 36^12 < 2^64 */
		uint64_t limb = 0;

		for (size_t i = 0; i < n; i++)
			limb = limb * (unsigned)base + digits[i];
		return _PyLong_FromUint64(limb, negative);
	}
	limbs = (Py_ssize_t)(n / 10) + 2; /* a limb holds 12 digits of any base */
	if (_PyLong_CheckScratch(limbs) < 0)
		return NULL;
	v = _PyLong_Alloc(limbs);
	if (!v)
		return NULL;
	return _PyLong_Finish(v, mpn_set_str(v->ob_limb, digits, n, base), negative);
}

/* The number at text, whose last character must be followed by spaces only; NULL without an
 * exception when it is none. */
static PyObject *parse(const char *text, int base, const char **end)
{
	const char *p = text, *stop;
	unsigned char *digits;
	bool negative = false, zero_only;
	PyObject *v = NULL;
	size_t n;

	*end = text;
	while (is_space(*p))
		p++;
	if (*p == '+' || *p == '-')
		negative = *p++ == '-';
	p = skip_prefix(p, &base, &zero_only);
	digits = collect_digits(p, base, &n, &stop);
	if (!digits)
		return NULL;
	if (!is_power_of_2(base) && _PyLong_max_str_digits > 0 &&
	    n > (size_t)_PyLong_max_str_digits) {
		PyErr_Format(PyExc_ValueError,
			     "Exceeds the limit (%d digits) for integer string conversion: value "
			     "has %zd digits; use sys.set_int_max_str_digits() to increase the "
			     "limit",
			     _PyLong_max_str_digits, (Py_ssize_t)n);
		goto out;
	}
	v = from_digits(digits, n, base, negative);
	if (v && zero_only && Py_SIZE(v) != 0) {
		Py_CLEAR(v);
		goto out;
	}
	while (is_space(*stop))
		stop++;
	*end = stop;
out:
	PyMem_Free(digits);
	return v;
}

static PyObject *invalid_literal(PyObject *shown, int base)
{
	return PyErr_Format(PyExc_ValueError, "invalid literal for int() with base %d: %.200R",
			    base, shown);
}

static int check_base(int base)
{
	if (base != 0 && (base < 2 || base > 36)) {
		PyErr_SetString(PyExc_ValueError, "int() base must be >= 2 and <= 36, or 0");
		return -1;
	}
	return 0;
}

PyObject *PyLong_FromString(const char *text, char **end, int base)
{
	const char *stop;
	PyObject *v, *shown;

	if (check_base(base) < 0)
		return NULL;
	v = parse(text, base, &stop);
	if (v && (end || *stop == '\0')) {
		if (end)
			*end = (char *)stop;
		return v;
	}
	Py_CLEAR(v);
	if (end)
		*end = (char *)text;
	if (PyErr_Occurred())
		return NULL;
	shown = PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "replace");
	if (shown) {
		invalid_literal(shown, base);
		Py_DECREF(shown);
	}
	return NULL;
}

PyObject *_PyLong_FromBytes(const char *data, Py_ssize_t n, int base)
{
	const char *stop;
	PyObject *v, *shown;

	if (check_base(base) < 0)
		return NULL;
	v = parse(data, base, &stop);
	if (v && stop == data + n)
		return v;
	Py_CLEAR(v);
	if (PyErr_Occurred())
		return NULL;
	shown = PyBytes_FromStringAndSize(data, n);
	if (shown) {
		invalid_literal(shown, base);
		Py_DECREF(shown);
	}
	return NULL;
}

PyObject *PyLong_FromUnicodeObject(PyObject *str, int base)
{
	PyObject *ascii, *v = NULL;
	const char *data, *stop;

	if (check_base(base) < 0)
		return NULL;
	ascii = _PyUnicode_TransformDecimalAndSpaceToASCII(str);
	if (!ascii)
		return NULL;
	data = PyUnicode_DATA(ascii);
	v = parse(data, base, &stop);
	if (v && stop != data + PyUnicode_GET_LENGTH(ascii))
		Py_CLEAR(v);
	if (!v && !PyErr_Occurred())
		invalid_literal(str, base);
	Py_DECREF(ascii);
	return v;
}
