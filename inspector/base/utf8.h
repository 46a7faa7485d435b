/* SPDX-License-Identifier: BSD-2-Clause */
/* UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef PYI_BASE_UTF8_H
#define PYI_BASE_UTF8_H

#include "base/strbuf.h"

#define PYI_UTF8_BAD UINT32_MAX

/* The code point at *p, which moves behind it. A byte that starts none gives PYI_UTF8_BAD and
 * *p moves by that one byte. Needs *p < end. */
uint32_t pyi_utf8_next(const char **p, const char *end);
bool pyi_utf8_valid(const char *text, size_t len);
/* Appends text with every bad byte as \xNN: the result is valid UTF-8. */
void pyi_utf8_append(struct pyi_strbuf *sb, const char *text, size_t len);
/* A copy of the bytes as valid UTF-8; NULL when memory is out. Caller frees. */
char *pyi_utf8_dup(const char *bytes);

#endif
