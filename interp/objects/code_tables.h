/* SPDX-License-Identifier: BSD-2-Clause */
/* Walking a code object's location table. */
#ifndef MINIPY_OBJECTS_CODE_TABLES_H
#define MINIPY_OBJECTS_CODE_TABLES_H

#include "objects/code.h"

/* The entry that the walk stands at: units [start, end). -1 where the table says none. */
struct _PyCodeLocation {
	int start, end;
	int line, end_line, column, end_column;
	/* the walk's own */
	const uint8_t *next, *limit;
	int nunits, last_line;
};

void _PyCodeLocation_Start(const PyCodeObject *code, struct _PyCodeLocation *l);
bool _PyCodeLocation_Next(struct _PyCodeLocation *l); /* false at the end */

#endif
