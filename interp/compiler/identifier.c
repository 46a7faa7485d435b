/* SPDX-License-Identifier: BSD-2-Clause */
#include "compiler/identifier.h"

#include "compiler/object_api.h"

#ifdef HAVE_UTF8PROC
#include <utf8proc.h>
#endif

uint32_t utf8_decode(const char **p)
{
	const unsigned char *s = (const unsigned char *)*p;
	int n = s[0] < 0x80 ? 1 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	uint32_t c = n == 1 ? s[0] : s[0] & (0xffu >> (n + 1));

	for (int i = 1; i < n; i++)
		c = c << 6 | (s[i] & 0x3f);
	*p += n;
	return c;
}

#ifdef HAVE_UTF8PROC
/* XID_Start and XID_Continue of UAX #31, by general category; the handful of Other_ID_*
 * characters is named. */
static bool can_start(uint32_t c)
{
	switch (utf8proc_category((utf8proc_int32_t)c)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_NL: return true;
	default: return c == '_' || c == 0x1885 || c == 0x1886 || c == 0x2118 || c == 0x212e;
	}
}

static bool can_continue(uint32_t c)
{
	switch (utf8proc_category((utf8proc_int32_t)c)) {
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_PC: return true;
	default:
		return can_start(c) || c == 0xb7 || c == 0x387 || (c >= 0x1369 && c <= 0x1371) ||
		       c == 0x19da;
	}
}

bool identifier_is_printable(uint32_t c)
{
	switch (utf8proc_category((utf8proc_int32_t)c)) {
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_CO:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
	case UTF8PROC_CATEGORY_ZS: return c == ' ';
	default: return true;
	}
}
#else
/* Without Unicode's tables every character beyond Latin-1's signs may stand in a name. */
static bool can_start(uint32_t c)
{
	return c == '_' || (c < 0x80 ? (c | 0x20) >= 'a' && (c | 0x20) <= 'z'
				     : c == 0xaa || c == 0xb5 || c == 0xba || c >= 0xc0);
}

static bool can_continue(uint32_t c)
{
	return can_start(c) || (c >= '0' && c <= '9') || c == 0xb7;
}

bool identifier_is_printable(uint32_t c)
{
	return c >= 0x20 && c != 0x7f && !(c >= 0x80 && c <= 0xa0) && c != 0xad;
}
#endif

const char *identifier_check(const char *start, const char *end)
{
	for (const char *p = start; p < end;) {
		const char *at = p;
		uint32_t c = utf8_decode(&p);

		if (!(at == start ? can_start(c) : can_continue(c)))
			return at;
	}
	return NULL;
}

const char *identifier_code_point(uint32_t c)
{
	static _Thread_local char text[12];

	snprintf(text, sizeof(text), "%04X", c);
	return text;
}

/* NFKC of text that is not all ASCII. */
static PyObject *normalised(const char *start, Py_ssize_t n)
{
#ifdef HAVE_UTF8PROC
	utf8proc_uint8_t *form = NULL;
	utf8proc_ssize_t size = utf8proc_map((const utf8proc_uint8_t *)start, n, &form,
					     UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
	PyObject *ret;

	if (size < 0)
		return PyUnicode_FromStringAndSize(start, n);
	ret = PyUnicode_FromStringAndSize((const char *)form, size);
	free(form);
	return ret;
#else
	return PyUnicode_FromStringAndSize(start, n);
#endif
}

PyObject *identifier_new(struct arena *a, const char *start, const char *end)
{
	bool ascii = true;
	PyObject *name;

	for (const char *p = start; p < end; p++)
		ascii = ascii && !(*p & 0x80);
	name = ascii ? PyUnicode_FromStringAndSize(start, end - start)
		     : normalised(start, end - start);
	if (name)
		PyUnicode_InternInPlace(&name);
	return arena_own(a, name);
}
