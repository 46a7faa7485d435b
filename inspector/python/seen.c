/* SPDX-License-Identifier: BSD-2-Clause */
#include "python/seen.h"

#include <stdlib.h>

/* The slot that holds addr, or the free one where it belongs. */
static uint64_t *find(const struct pyi_seen *seen, uint64_t addr)
{
	size_t i = (size_t)(addr * 0x9e3779b97f4a7c15u >> 20);

	for (;; i++) {
		uint64_t *slot = &seen->slots[i & (seen->cap - 1)];

		if (*slot == 0 || *slot == addr)
			return slot;
	}
}

static int grow(struct pyi_seen *seen)
{
	struct pyi_seen larger = {.len = seen->len, .cap = seen->cap ? seen->cap * 2 : 64};

	larger.slots = calloc(larger.cap, sizeof(*larger.slots));
	if (!larger.slots)
		return -1;
	for (size_t i = 0; i < seen->cap; i++) {
		if (seen->slots[i])
			*find(&larger, seen->slots[i]) = seen->slots[i];
	}
	free(seen->slots);
	*seen = larger;
	return 0;
}

enum pyi_seen_result pyi_seen_add(struct pyi_seen *seen, uint64_t addr)
{
	uint64_t *slot;

	if (seen->len * 2 >= seen->cap && grow(seen) < 0)
		return PYI_SEEN_NO_MEMORY;
	slot = find(seen, addr);
	if (*slot)
		return PYI_SEEN_OLD;
	*slot = addr;
	seen->len++;
	return PYI_SEEN_NEW;
}

void pyi_seen_deinit(struct pyi_seen *seen)
{
	free(seen->slots);
	*seen = (struct pyi_seen){0};
}
