/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/utf8.h"

#include <string.h>

/* Bytes of the sequence that lead starts, and the least code point that needs so many. */
static size_t sequence_length(unsigned char lead, uint32_t *least)
{
	if (lead < 0x80) {
		*least = 0;
		return 1;
	}
	if ((lead & 0xe0) == 0xc0) {
		*least = 0x80;
		return 2;
	}
	if ((lead & 0xf0) == 0xe0) {
		*least = 0x800;
		return 3;
	}
	*least = 0x10000;
	return (lead & 0xf8) == 0xf0 ? 4 : 0;
}

uint32_t pyi_utf8_next(const char **p, const char *end)
{
	const unsigned char *s = (const unsigned char *)*p;
	uint32_t least, c;
	size_t n = sequence_length(*s, &least);

	(*p)++;
	if (n == 1)
		return *s;
	if (n == 0 || n > (size_t)(end - (const char *)s))
		return PYI_UTF8_BAD;
	c = *s & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return PYI_UTF8_BAD;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < least || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return PYI_UTF8_BAD;
	*p = (const char *)s + n;
	return c;
}

bool pyi_utf8_valid(const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end)
		if (pyi_utf8_next(&text, end) == PYI_UTF8_BAD)
			return false;
	return true;
}

void pyi_utf8_append(struct pyi_strbuf *sb, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *start = text;

		if (pyi_utf8_next(&text, end) == PYI_UTF8_BAD)
			pyi_strbuf_printf(sb, "\\x%02x", (unsigned char)*start);
		else
			pyi_strbuf_append(sb, start, (size_t)(text - start));
	}
}

char *pyi_utf8_dup(const char *bytes)
{
	struct pyi_strbuf sb = PYI_STRBUF_INIT;

	pyi_utf8_append(&sb, bytes, strlen(bytes));
	return pyi_strbuf_steal(&sb);
}
