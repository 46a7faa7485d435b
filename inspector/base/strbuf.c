/* SPDX-License-Identifier: BSD-2-Clause */
/* The growing byte string; capacity doubles, one byte more than len is always there for the NUL. */
#include "base/strbuf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void pyi_strbuf_deinit(struct pyi_strbuf *sb)
{
	free(sb->data);
	*sb = (struct pyi_strbuf)PYI_STRBUF_INIT;
}

/* Room for extra bytes and the NUL. */
static bool reserve(struct pyi_strbuf *sb, size_t extra)
{
	size_t cap = sb->cap ? sb->cap : 32;
	char *grown;

	if (sb->failed)
		return false;
	if (extra >= SIZE_MAX / 2 - sb->len) {
		sb->failed = true;
		return false;
	}
	if (sb->len + extra < sb->cap)
		return true;
	while (cap <= sb->len + extra)
		cap *= 2;
	grown = realloc(sb->data, cap);
	if (!grown) {
		sb->failed = true;
		return false;
	}
	sb->data = grown;
	sb->cap = cap;
	return true;
}

void pyi_strbuf_append(struct pyi_strbuf *sb, const void *data, size_t len)
{
	if (!reserve(sb, len))
		return;
	if (len)
		memcpy(sb->data + sb->len, data, len);
	sb->len += len;
	sb->data[sb->len] = '\0';
}

void pyi_strbuf_puts(struct pyi_strbuf *sb, const char *s)
{
	pyi_strbuf_append(sb, s, strlen(s));
}

void pyi_strbuf_putc(struct pyi_strbuf *sb, char c)
{
	pyi_strbuf_append(sb, &c, 1);
}

void pyi_strbuf_printf(struct pyi_strbuf *sb, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		sb->failed = true;
	if (n < 0 || !reserve(sb, (size_t)n))
		return;
	va_start(ap, fmt);
	vsnprintf(sb->data + sb->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	sb->len += (size_t)n;
}

void pyi_strbuf_put_utf8(struct pyi_strbuf *sb, uint32_t c)
{
	char utf8[4];
	size_t n = 0;

	if (c > 0x10ffff) {
		pyi_strbuf_printf(sb, "\\U%08x", c);
		return;
	}
	if (c >= 0xd800 && c <= 0xdfff) {
		pyi_strbuf_printf(sb, "\\u%04x", c);
		return;
	}
	if (c < 0x80) {
		utf8[n++] = (char)c;
	} else if (c < 0x800) {
		utf8[n++] = (char)(0xc0 | c >> 6);
		utf8[n++] = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		utf8[n++] = (char)(0xe0 | c >> 12);
		utf8[n++] = (char)(0x80 | (c >> 6 & 0x3f));
		utf8[n++] = (char)(0x80 | (c & 0x3f));
	} else {
		utf8[n++] = (char)(0xf0 | c >> 18);
		utf8[n++] = (char)(0x80 | (c >> 12 & 0x3f));
		utf8[n++] = (char)(0x80 | (c >> 6 & 0x3f));
		utf8[n++] = (char)(0x80 | (c & 0x3f));
	}
	pyi_strbuf_append(sb, utf8, n);
}

void pyi_strbuf_truncate(struct pyi_strbuf *sb, size_t len)
{
	if (len >= sb->len)
		return;
	sb->len = len;
	sb->data[len] = '\0';
}

char *pyi_strbuf_steal(struct pyi_strbuf *sb)
{
	char *ret = NULL;

	pyi_strbuf_append(sb, "", 0);
	if (!sb->failed) {
		ret = sb->data;
		sb->data = NULL;
	}
	pyi_strbuf_deinit(sb);
	return ret;
}
