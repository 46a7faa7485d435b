/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A growing byte string. An allocation failure is sticky: later appends do nothing and
 * pyi_strbuf_steal returns NULL, so that call chains need one check at their end.
 */
#ifndef PYI_BASE_STRBUF_H
#define PYI_BASE_STRBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pyi_strbuf {
	char *data;      /* NUL-terminated once anything was appended, else NULL */
	size_t len, cap; /* bytes, without the NUL */
	bool failed;     /* out of memory */
};

#define PYI_STRBUF_INIT \
	{               \
		0       \
	}

void pyi_strbuf_deinit(struct pyi_strbuf *sb);
void pyi_strbuf_append(struct pyi_strbuf *sb, const void *data, size_t len);
void pyi_strbuf_puts(struct pyi_strbuf *sb, const char *s);
void pyi_strbuf_putc(struct pyi_strbuf *sb, char c);
void pyi_strbuf_printf(struct pyi_strbuf *sb, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Appends the code point as UTF-8. Surrogates and values above 0x10ffff, which UTF-8 cannot
 * hold, are written as \udcXX or \UXXXXXXXX escapes: the result is always valid UTF-8. */
void pyi_strbuf_put_utf8(struct pyi_strbuf *sb, uint32_t code_point);
void pyi_strbuf_truncate(struct pyi_strbuf *sb, size_t len);
/* The string (never NULL unless failed; "" when empty), owned by the caller; sb is empty after. */
char *pyi_strbuf_steal(struct pyi_strbuf *sb);

#define pyi_autostrbuf __attribute__((cleanup(pyi_strbuf_deinit))) struct pyi_strbuf

#endif
