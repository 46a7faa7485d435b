/* SPDX-License-Identifier: BSD-2-Clause */
/* Identifiers with characters beyond ASCII: PEP 3131. */
#ifndef MINIPY_COMPILER_IDENTIFIER_H
#define MINIPY_COMPILER_IDENTIFIER_H

#include "compiler/arena.h"

/* The code point at *p of well-formed UTF-8; *p moves past it. */
uint32_t utf8_decode(const char **p);
/* The first character of [start, end) that cannot stand where it does, or NULL. */
const char *identifier_check(const char *start, const char *end);
bool identifier_is_printable(uint32_t c);
/* At least four hexadecimal digits; valid until the next call of this thread. */
const char *identifier_code_point(uint32_t c);
/* The identifier's interned str in normal form NFKC, owned by the arena; NULL with the error. */
PyObject *identifier_new(struct arena *a, const char *start, const char *end);

#endif
