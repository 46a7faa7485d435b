/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Doubles as text and back. Digits come from the C library's correctly rounded conversions; the
 * shortest form is the first precision that reads back as the same double.
 */
#include "objects/float.h"

#include "core/errors.h"
#include "objects/unicode.h"

#include <float.h>
#include <limits.h>
#include <math.h>

/* Significant digits without a point, and where it would be: 0.d1d2... * 10^point. */
struct decimal {
	char *digits;
	int n, point;
};

enum { SHORT_TEXT = 40 };

/* Takes "d.ddde[+-]xx" apart, in place. */
static void take_apart(char *text, struct decimal *d)
{
	char *e = strchr(text, 'e');
	int n = (int)(e - text);

	d->point = atoi(e + 1) + 1;
	if (n > 1) { /* close the gap of the point */
		memmove(text + 1, text + 2, (size_t)(n - 2));
		n--;
	}
	text[n] = '\0';
	d->digits = text;
	d->n = n;
}

static void strip_zeros(struct decimal *d)
{
	while (d->n > 1 && d->digits[d->n - 1] == '0')
		d->digits[--d->n] = '\0';
}

/* The 16 digits next above: what lies between a power of two and its wider neighbour above may be
 * nearer to it than to anything, yet not be the nearest decimal. */
static bool next_up_reads_back(char *text, double v)
{
	char *p = strchr(text, 'e') - 1;

	while (p >= text && (*p == '9' || *p == '.')) {
		if (*p == '9')
			*p = '0';
		p--;
	}
	if (p < text)
		return false;
	++*p;
	return strtod(text, NULL) == v;
}

/* v > 0 and finite; text has room for SHORT_TEXT. */
static void shortest(double v, char *text, struct decimal *d)
{
	int first = v < DBL_MIN ? 1 : 15, precision, exp;

	/* 15 digits survive a round trip through a double, so that a shorter form that reads back
	 * is the 15-digit one without its zeros; not so for subnormals. */
	for (precision = first; precision < 17; precision++) {
		snprintf(text, SHORT_TEXT, "%.*e", precision - 1, v);
		if (strtod(text, NULL) == v)
			break;
		if (precision == 16 && frexp(v, &exp) == 0.5 && next_up_reads_back(text, v))
			break;
	}
	if (precision == 17)
		snprintf(text, SHORT_TEXT, "%.16e", v);
	take_apart(text, d);
	strip_zeros(d);
}

/* Lays the digits out; keep: digits shown at least (after zeros were stripped: 0). */
static char *lay_out(const struct decimal *d, bool negative, bool use_exp, char exp_char, int flags,
		     int keep)
{
	int n = d->n > keep ? d->n : keep, point = use_exp ? 1 : d->point;
	size_t room = (size_t)n + (size_t)abs(point) + 24;
	char *text = PyMem_Malloc(room), *p = text;

	if (!text) {
		PyErr_NoMemory();
		return NULL;
	}
	if (negative)
		*p++ = '-';
	else if (flags & Py_DTSF_SIGN)
		*p++ = '+';
	if (point <= 0) {
		*p++ = '0';
		*p++ = '.';
		for (int i = point; i < 0; i++)
			*p++ = '0';
		for (int i = 0; i < n; i++)
			*p++ = i < d->n ? d->digits[i] : '0';
	} else {
		for (int i = 0; i < point || i < n; i++) {
			if (i == point)
				*p++ = '.';
			*p++ = i < d->n ? d->digits[i] : '0';
		}
		if (n <= point) {
			if (flags & Py_DTSF_ADD_DOT_0 && !use_exp) {
				*p++ = '.';
				*p++ = '0';
			} else if (flags & Py_DTSF_ALT) {
				*p++ = '.';
			}
		}
	}
	*p = '\0';
	if (use_exp)
		snprintf(p, room - (size_t)(p - text), "%c%+.2d", exp_char, d->point - 1);
	return text;
}

static char *special(double v, bool upper, int flags)
{
	const char *sign = isnan(v) ? "" : v < 0 ? "-" : flags & Py_DTSF_SIGN ? "+" : "";
	char *text = PyMem_Malloc(8);

	if (!text) {
		PyErr_NoMemory();
		return NULL;
	}
	if (isnan(v) && flags & Py_DTSF_SIGN)
		sign = "+";
	snprintf(text, 8, "%s%s", sign,
		 isnan(v) ? (upper ? "NAN" : "nan") : (upper ? "INF" : "inf"));
	return text;
}

static char *fixed(double v, int precision, int flags)
{
	const char *format = flags & Py_DTSF_SIGN  ? (flags & Py_DTSF_ALT ? "%+#.*f" : "%+.*f")
			     : flags & Py_DTSF_ALT ? "%#.*f"
						   : "%.*f";
	int n = snprintf(NULL, 0, format, precision, v);
	char *text = n < 0 ? NULL : PyMem_Malloc((size_t)n + 1);

	if (!text) {
		PyErr_NoMemory();
		return NULL;
	}
	snprintf(text, (size_t)n + 1, format, precision, v);
	return text;
}

/* e and g with that many digits after the first one. */
static char *by_digits(double v, int after, bool is_g, char exp_char, int flags)
{
	size_t room = (size_t)after + 32;
	char *text = PyMem_Malloc(room), *ret;
	struct decimal d;
	bool use_exp = true;

	if (!text) {
		PyErr_NoMemory();
		return NULL;
	}
	snprintf(text, room, "%.*e", after, fabs(v));
	take_apart(text, &d);
	if (is_g) {
		int precision = after + 1;

		use_exp =
			d.point <= -4 || d.point > precision - (flags & Py_DTSF_ADD_DOT_0 ? 1 : 0);
		if (!(flags & Py_DTSF_ALT))
			strip_zeros(&d);
	}
	ret = lay_out(&d, signbit(v), use_exp, exp_char, flags, is_g ? 0 : after + 1);
	PyMem_Free(text);
	return ret;
}

static bool all_zero(const char *text)
{
	for (; *text && *text != 'e' && *text != 'E'; text++)
		if (*text >= '1' && *text <= '9')
			return false;
	return true;
}

char *PyOS_double_to_string(double v, char code, int precision, int flags)
{
	bool upper = code == 'E' || code == 'F' || code == 'G';
	char lower = upper ? (char)(code + 32) : code, exp_char = upper ? 'E' : 'e', *ret;
	char text[SHORT_TEXT];
	struct decimal d;

	if (!isfinite(v))
		return special(v, upper, flags);
	if (precision > INT_MAX - 64) {
		PyErr_SetString(PyExc_ValueError, "precision too big");
		return NULL;
	}
	switch (lower) {
	case 'r':
		if (v == 0) {
			d = (struct decimal){strcpy(text, "0"), 1, 1};
		} else {
			shortest(fabs(v), text, &d);
		}
		return lay_out(&d, signbit(v), d.point > 16 || d.point < -3, exp_char, flags, 0);
	case 'e': ret = by_digits(v, precision, false, exp_char, flags); break;
	case 'g': ret = by_digits(v, precision ? precision - 1 : 0, true, exp_char, flags); break;
	case 'f': ret = fixed(v, precision, flags); break;
	default: PyErr_BadInternalCall(); return NULL;
	}
	if (ret && flags & Py_DTSF_NO_NEG_0 && ret[0] == '-' && all_zero(ret))
		memmove(ret, ret + 1, strlen(ret));
	return ret;
}

/* -- Reading ----------------------------------------------------------------------------------- */
static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* inf, infinity, nan in any case, or NULL; strtod would also take hex and nan(...). */
static const char *skip_word(const char *p, const char *word)
{
	while (*word) {
		if ((*p | 0x20) != *word)
			return NULL;
		p++;
		word++;
	}
	return p;
}

/* Where a decimal float that starts at p ends; p itself when there is none. */
static const char *skip_number(const char *start)
{
	const char *p = start, *end;
	int digits = 0;

	if (*p == '+' || *p == '-')
		p++;
	if ((end = skip_word(p, "infinity")) || (end = skip_word(p, "inf")) ||
	    (end = skip_word(p, "nan")))
		return end;
	for (; is_digit(*p); p++)
		digits++;
	if (*p == '.')
		for (p++; is_digit(*p); p++)
			digits++;
	if (!digits)
		return start;
	if (*p == 'e' || *p == 'E') {
		const char *e = p + 1;

		if (*e == '+' || *e == '-')
			e++;
		if (is_digit(*e)) {
			while (is_digit(*e))
				e++;
			p = e;
		}
	}
	return p;
}

double PyOS_string_to_double(const char *text, char **end, PyObject *overflow)
{
	const char *stop = skip_number(text);
	double v;

	if (end)
		*end = (char *)stop;
	if (stop == text || (!end && *stop)) {
		PyErr_Format(PyExc_ValueError, "could not convert string to float: '%.200s'", text);
		return -1.0;
	}
	v = strtod(text, NULL);
	if (overflow && fabs(v) == HUGE_VAL && !strpbrk(text, "nN")) {
		PyErr_Format(overflow, "value too large to convert to float: '%.200s'", text);
		return -1.0;
	}
	return v;
}
