/* SPDX-License-Identifier: BSD-2-Clause */
/* The eval function's table of opcode handlers, and where a handler's code leads. */
#ifndef PYI_TRACE_HANDLERS_H
#define PYI_TRACE_HANDLERS_H

#include "target/target.h"
#include "trace/insns.h"

struct pyi_handlers {
	uint64_t at[256]; /* by opcode */
};

/* The table is 256 pointers to code in a row, most of them into the function, of which many differ.
 * Adds to insns the pieces that only the table leads to. False when there is none. */
bool pyi_handlers_find(struct pyi_target *target, const struct pyi_image *image,
		       struct pyi_insns *insns, struct pyi_handlers *ret);
/* Marks in reached, one for each instruction of insns, what is reached from start straight on and
 * by direct jumps. False when memory is out. */
bool pyi_handlers_reach(const struct pyi_insns *insns, uint64_t start, bool *reached);

#endif
