/* SPDX-License-Identifier: BSD-2-Clause */
/* Line tables as pure functions of bytes: safe on any input. */
#ifndef PYI_PYTHON_LINETABLE_H
#define PYI_PYTHON_LINETABLE_H

#include "pyi_layout.h"

#include <stddef.h>

struct pyi_position {
	int line;       /* 0: the table says none */
	int end_line;   /* 0: unknown */
	int column;     /* 1-based, UTF-8 bytes; 0: unknown */
	int end_column; /* 1-based, of the first byte after; 0: unknown */
};

/*
 * lasti is a code-unit index (2 bytes a unit; for PYI_LINES_LNOTAB_UNSIGNED, whose instructions
 * have 1 or 3 bytes, a byte index); UINT64_MAX, not started, gives firstlineno. how is as in the
 * layout. A table that is cut or malformed gives what is known before the fault, else line 0.
 */
struct pyi_position pyi_linetable_lookup(enum pyi_how_lines how, const uint8_t *table, size_t len,
					 int firstlineno, uint64_t lasti_units);

#endif
