/* SPDX-License-Identifier: BSD-2-Clause */
/* The Python frames of one thread state, innermost first, as they stand in memory. */
#ifndef PYI_PYTHON_FRAMES_H
#define PYI_PYTHON_FRAMES_H

#include "native/unwind.h" /* enum pyi_end */
#include "python/runtime.h"

struct pyi_py_frame {
	uint64_t addr;        /* of the frame record */
	uint64_t code;        /* code object; 0 for a shim */
	uint64_t lasti_units; /* code unit that runs; UINT64_MAX: not started */
	bool entry;           /* the last (outermost) one that its C eval call runs */
	bool shim;            /* no Python frame: only a mark on the C stack */
	bool generator;       /* owned by a generator or coroutine */
	bool incomplete; /* pushed, but has not reached its first line (CPython hides it too) */
	uint64_t mark; /* an address on the C stack inside this frame's eval call; 0 = none here */
};

struct pyi_py_stack {
	PYI_VEC(struct pyi_py_frame) frames; /* innermost first, shims included */
	enum pyi_end end;
	uint64_t end_address;
};

/* At most max frames; a broken chain is a result (ret->end), not an error. */
struct pyi_error *pyi_py_frames_read(struct pyi_target *target, const struct pyi_runtime *rt,
				     const struct pyi_tstate *ts, size_t max,
				     struct pyi_py_stack *ret) PYI_WARN_UNUSED;
void pyi_py_stack_deinit(struct pyi_py_stack *stack);

#endif
