/* SPDX-License-Identifier: BSD-2-Clause */
/* A map from addresses (tree nodes, interned names) to pointers, in an arena. */
#ifndef MINIPY_COMPILER_PTRMAP_H
#define MINIPY_COMPILER_PTRMAP_H

#include "compiler/arena.h"

struct ptrmap {
	struct ptrmap_slot {
		const void *key;
		void *value;
	} * slots;
	size_t used, capacity; /* capacity: 0 or a power of two */
};

void *ptrmap_get(const struct ptrmap *m, const void *key); /* NULL: not there */
bool ptrmap_put(struct arena *a, struct ptrmap *m, const void *key, void *value); /* a new key */

#endif
