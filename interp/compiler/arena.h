/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that lives as long as one compilation: syntax tree, scopes, instructions, and the objects
 * they point to. Freed as a whole.
 */
#ifndef MINIPY_COMPILER_ARENA_H
#define MINIPY_COMPILER_ARENA_H

#include "core/object.h"

struct arena_chunk;

struct arena {
	struct arena_chunk *chunks; /* newest first */
	char *next, *end;           /* free part of the newest */
	PyObject **objects;         /* owned references */
	size_t nobjects;
};

void arena_init(struct arena *a);
void arena_deinit(struct arena *a);
/* Zeroed, aligned to 8; NULL with MemoryError. */
void *arena_alloc(struct arena *a, size_t size);
/* Takes over a new reference; returns it as borrowed from the arena. NULL stays NULL, and on
 * failure the reference is dropped. */
PyObject *arena_own(struct arena *a, PyObject *object);

/* A growing list of pointers in the arena. Its capacity is the power of two not below n. */
struct seq {
	int n;
	void **v;
};
bool seq_push(struct arena *a, struct seq *s, void *item);

#endif
