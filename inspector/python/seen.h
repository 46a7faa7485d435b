/* SPDX-License-Identifier: BSD-2-Clause */
/* A set of addresses: has a walk been here before? */
#ifndef PYI_PYTHON_SEEN_H
#define PYI_PYTHON_SEEN_H

#include <stddef.h>
#include <stdint.h>

struct pyi_seen {
	uint64_t *slots; /* open addressing, 0 = free; cap is 0 or a power of two */
	size_t len, cap;
};

enum pyi_seen_result { PYI_SEEN_NEW, PYI_SEEN_OLD, PYI_SEEN_NO_MEMORY };

/* addr is not 0. */
enum pyi_seen_result pyi_seen_add(struct pyi_seen *seen, uint64_t addr);
void pyi_seen_deinit(struct pyi_seen *seen);

#endif
