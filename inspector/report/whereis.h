/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is at one address. In JSON: {"address", "role", "module", "module_offset", "symbol",
 * "symbol_offset", "thread": {"tid", "below_top"}, "frame", "block": {"start", "size"}}; what does
 * not apply is null.
 */
#ifndef PYI_REPORT_WHEREIS_H
#define PYI_REPORT_WHEREIS_H

#include "report/addrspace.h"

struct pyi_whereis {
	uint64_t addr;
	const struct pyi_range *range; /* of the address space; NULL: nothing is mapped there */
	bool kernel;                   /* the kernel's half */
	uint64_t free_lo, free_hi;     /* with range NULL: the gap that it lies in */
	char *module;                  /* file name */
	uint64_t module_offset;        /* from where the module begins */
	char *symbol;
	uint64_t symbol_offset;
	bool in_use;         /* stacks: not below the stack pointer */
	uint64_t below_top;  /* stacks: bytes to the stack's end */
	char *frame;         /* stacks: the native function whose frame it is */
	uint64_t block_lo;   /* Python arenas: the block of obmalloc; 0 unknown */
	uint32_t block_size; /* bytes */
};

/* target is the one that space was made of; both outlive the answer. */
struct pyi_error *pyi_whereis(struct pyi_target *target, const struct pyi_addrspace *space,
			      uint64_t addr, struct pyi_whereis *ret) PYI_WARN_UNUSED;
void pyi_whereis_deinit(struct pyi_whereis *where);

#endif
