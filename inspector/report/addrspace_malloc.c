/* SPDX-License-Identifier: BSD-2-Clause */
/* The C library's heap outside the part that brk grows: arenas of threads, and large blocks. */
#include "report/addrspace_private.h"

#include <inttypes.h>

/* An arena's struct malloc_state lies in its first heap: a heap whose arena was not found, or does
 * not say the same, was something else. */
static bool arena_known(const struct pyi_evidence *evidence, const struct pyi_heap *heap)
{
	pyi_vec_for_each (first, &evidence->heaps)
		if (first->arena == heap->arena && heap->arena > first->lo &&
		    heap->arena < first->used_hi)
			return true;
	return false;
}

void pyi_addrspace_claim_malloc(struct pyi_survey *survey)
{
	pyi_vec_for_each (block, &survey->evidence.blocks)
		pyi_claims_add(&survey->claims, block->lo, block->hi, PYI_ROLE_HEAP,
			       "a block with a mapping of its own");
	pyi_vec_for_each (heap, &survey->evidence.heaps) {
		if (!arena_known(&survey->evidence, heap))
			continue;
		pyi_claims_add(&survey->claims, heap->lo, heap->used_hi, PYI_ROLE_HEAP,
			       "arena 0x%" PRIx64, heap->arena);
		pyi_claims_add(&survey->claims, heap->used_hi, heap->hi, PYI_ROLE_RESERVED,
			       "for arena 0x%" PRIx64 " to grow", heap->arena);
	}
}
