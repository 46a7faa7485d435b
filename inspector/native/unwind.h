/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The native stack of one thread: libunwind with accessors of our own over struct pyi_mem.
 * Needs registers and stack bytes only: works on a running, a dead and a copied process alike.
 */
#ifndef PYI_NATIVE_UNWIND_H
#define PYI_NATIVE_UNWIND_H

#include "base/error.h"
#include "base/vec.h"
#include "target/target.h"

enum pyi_end { /* why a walk ended; also of Python walks. Names as in JSON "end" */
	       PYI_END_COMPLETE,
	       PYI_END_LIMIT,
	       PYI_END_CYCLE,
	       PYI_END_UNREADABLE,
	       PYI_END_TRUNCATED,
	       PYI_END_RUNNING, /* the thread could not be stopped and was not blocked */
	       PYI_END_INCONSISTENT,
};

struct pyi_native_frame {
	uint64_t pc;    /* as in the register or return address */
	uint64_t sp;    /* stack pointer inside this frame */
	uint64_t cfa;   /* the caller's sp; 0 when unknown (last frame) */
	uint64_t start; /* start of the function's unwind entry; 0 when unknown */
	bool exact_pc;  /* innermost or interrupted by a signal: pc is the instruction itself */
	bool signal;    /* this is a signal trampoline frame */
};

struct pyi_native_stack {
	PYI_VEC(struct pyi_native_frame) frames; /* innermost first */
	enum pyi_end end;
	uint64_t end_address; /* what could not be read, or 0 */
};

struct pyi_unwinder;
struct pyi_error *pyi_unwinder_create(struct pyi_target *target,
				      struct pyi_unwinder **ret) PYI_WARN_UNUSED;
void pyi_unwinder_destroy(struct pyi_unwinder *uw);
/* At most max frames. A broken stack is a result (ret->end), not an error. */
struct pyi_error *pyi_unwind(struct pyi_unwinder *uw, const struct pyi_thread *thread, size_t max,
			     struct pyi_native_stack *ret) PYI_WARN_UNUSED;
void pyi_native_stack_deinit(struct pyi_native_stack *stack);

#endif
