/* SPDX-License-Identifier: BSD-2-Clause */
/* The memory map: what lies where in the target, in address order. */
#ifndef PYI_TARGET_MAPS_H
#define PYI_TARGET_MAPS_H

#include "base/error.h"

#include <stddef.h>
#include <sys/types.h>

enum pyi_perm { PYI_PERM_R = 1, PYI_PERM_W = 2, PYI_PERM_X = 4, PYI_PERM_SHARED = 8 };

struct pyi_map {
	uint64_t lo, hi; /* [lo, hi) */
	uint64_t offset; /* of lo in the file, bytes */
	uint64_t dev, inode;
	unsigned perm; /* enum pyi_perm bits */
	char *path;    /* "" when anonymous; "[stack]" and the like as the kernel says; without "
			  (deleted)" */
	bool deleted;
};

struct pyi_maps {
	struct pyi_map *maps; /* sorted by lo, not overlapping */
	size_t n;
};

/* Parses the text of a /proc/PID/maps file; a malformed line is PYI_ERR_BAD_DATA. */
struct pyi_error *pyi_maps_parse(const char *text, size_t len,
				 struct pyi_maps *ret) PYI_WARN_UNUSED;
struct pyi_error *pyi_maps_read(pid_t pid, struct pyi_maps *ret) PYI_WARN_UNUSED;
void pyi_maps_deinit(struct pyi_maps *maps);
/* The map that holds addr, or NULL. */
const struct pyi_map *pyi_maps_find(const struct pyi_maps *maps, uint64_t addr);

#endif
