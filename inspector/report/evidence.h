/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What lies in anonymous memory, by what it looks like. One pass over the pages that are present
 * finds candidates; nothing is believed here that does not prove itself by several fields that must
 * agree. Who uses them decides what they mean.
 *
 * Sources: CPython Objects/obmalloc.c (struct pool_header, v2.7 to v3.9: pools of 4 KiB; from
 * v3.10 Include/internal/pycore_obmalloc.h: 16 KiB); glibc malloc/malloc.c (struct malloc_chunk)
 * and malloc/arena.c (struct _heap_info); glibc nptl/descr.h (struct pthread).
 */
#ifndef PYI_REPORT_EVIDENCE_H
#define PYI_REPORT_EVIDENCE_H

#include "report/residency.h"
#include "target/target.h"

/* A pool of obmalloc: blocks of one size. */
struct pyi_pool {
	uint64_t addr;
	uint32_t arena;      /* index of its arena */
	uint32_t block_size; /* bytes */
	uint32_t used;       /* blocks; 0: a free pool */
};

/* A block of malloc with a mapping of its own. */
struct pyi_block {
	uint64_t lo, hi;
};

/* A struct pthread, at the top of the stack that the C library made for the thread. */
struct pyi_pthread {
	uint64_t addr;               /* what pthread_self() is there */
	uint64_t stack_lo, stack_hi; /* the whole block, guard included */
	uint64_t guard_hi;           /* where its guard ends */
	pid_t tid;                   /* as it stands there; 0 or less: the thread has ended */
};

/* Part of a malloc arena that is not the main one. */
struct pyi_heap {
	uint64_t lo;      /* 64 MiB aligned */
	uint64_t used_hi; /* up to here it has access */
	uint64_t hi;      /* all addresses it has taken */
	uint64_t arena;   /* of the struct malloc_state */
};

struct pyi_evidence {
	PYI_VEC(struct pyi_pool) pools; /* all by address */
	PYI_VEC(struct pyi_block) blocks;
	PYI_VEC(struct pyi_pthread) pthreads;
	PYI_VEC(struct pyi_heap) heaps;
	bool cut; /* too much memory: not all of it was looked at */
};

/* pool_size: 4096 or 16384; 0: no obmalloc here. */
struct pyi_error *pyi_evidence_collect(struct pyi_target *target,
				       const struct pyi_residency *residency, uint32_t pool_size,
				       struct pyi_evidence *ret) PYI_WARN_UNUSED;
void pyi_evidence_deinit(struct pyi_evidence *evidence);

/* Memory without a file of its own, which may hold anything. */
bool pyi_map_is_anonymous(const struct pyi_map *map);

/* The pieces, for tests. */
bool pyi_pool_parse(const void *header, uint64_t addr, uint32_t pool_size, struct pyi_pool *ret);
/* bytes: the first `size` bytes of what could be a struct pthread at addr. */
bool pyi_pthread_parse(const void *bytes, size_t size, uint64_t addr, struct pyi_pthread *ret);

#define PYI_POOL_HEADER 48u /* bytes */

#endif
