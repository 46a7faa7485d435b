/* SPDX-License-Identifier: BSD-2-Clause */
/* What a code object says of itself, decoded once and cached by address. */
#ifndef PYI_PYTHON_CODE_H
#define PYI_PYTHON_CODE_H

#include "python/linetable.h"
#include "python/runtime.h"

struct pyi_code_local {
	char *name;    /* UTF-8 */
	uint8_t kind;  /* PYI_KIND_* bits */
	bool argument; /* a parameter */
};

struct pyi_code {
	uint64_t addr;
	char *name;     /* UTF-8; NULL: it cannot be read, as all pointers here */
	char *qualname; /* name where the version has none */
	char *file;     /* UTF-8 for showing */
	char *file_raw; /* bytes for opening (surrogateescape undone) */
	char *damage;   /* what was the first that could not be read; NULL: it is whole */
	int firstlineno;
	uint32_t flags;
	uint8_t *linetable;
	size_t linetable_len;
	struct pyi_code_local *locals; /* one per fast slot, in order */
	size_t n_locals;
	uint64_t units; /* address of the code units; 0 when lasti is an index */
};

struct pyi_code_cache;
struct pyi_error *pyi_code_cache_create(struct pyi_target *target, const struct pyi_runtime *rt,
					struct pyi_code_cache **ret) PYI_WARN_UNUSED;
void pyi_code_cache_destroy(struct pyi_code_cache *cache);
/* The code object at addr; owned by the cache. PYI_ERR_BAD_DATA when it is none. One that is
 * damaged has what can be read of it, at least its name or its file. */
struct pyi_error *pyi_code_get(struct pyi_code_cache *cache, uint64_t addr,
			       const struct pyi_code **ret) PYI_WARN_UNUSED;

#endif
