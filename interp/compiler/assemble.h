/* SPDX-License-Identifier: BSD-2-Clause */
/* The location table's writer. */
#ifndef MINIPY_COMPILER_ASSEMBLE_H
#define MINIPY_COMPILER_ASSEMBLE_H

#include "compiler/source.h"

/* Writes CPython 3.11's location table (Objects/locations.md). */
struct line_writer {
	struct arena *arena;
	uint8_t *bytes;
	int n, capacity;
	int line; /* of the entry before */
};
bool line_writer_add(struct line_writer *w, struct location at, int units);

#endif
