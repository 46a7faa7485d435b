/* SPDX-License-Identifier: BSD-2-Clause */
/* The Python frames of one thread state, innermost first, as they stand in memory. */
#ifndef PYI_PYTHON_FRAMES_H
#define PYI_PYTHON_FRAMES_H

#include "native/unwind.h" /* enum pyi_end */
#include "python/runtime.h"

/*
 * A C eval call runs a batch of frames; the batch ends with the record that has entry. Where shims
 * are (3.12+) the shim is that record, elsewhere a Python frame; its mark is on the C stack inside
 * that eval call. A mark of 0: this version has none (minipy, up to 3.9), or it does not fit.
 */
struct pyi_py_frame {
	uint64_t addr;        /* of the frame record */
	uint64_t code;        /* code object; 0 for a shim */
	uint64_t lasti_units; /* as pyi_linetable_lookup wants it; UINT64_MAX: not started */
	bool entry;           /* the last (outermost) one of its batch */
	bool shim;            /* no Python frame: only a mark on the C stack */
	bool generator;       /* owned by a generator or coroutine */
	bool incomplete; /* pushed, but not yet at its first line, or a helper of the interpreter
			    itself (around __init__, 3.12+): CPython hides both */
	uint64_t mark;   /* the same for all frames of an eval call; 3.12+: only its shim has it */
};

struct pyi_py_stack {
	PYI_VEC(struct pyi_py_frame) frames; /* innermost first, shims included */
	enum pyi_end end;
	uint64_t end_address;
};

/* At most max frames; a broken chain is a result (ret->end), not an error. ret is zeroed or an
 * earlier result, whose memory is used again; it is zeroed where this fails. */
struct pyi_error *pyi_py_frames_read(struct pyi_target *target, const struct pyi_runtime *rt,
				     const struct pyi_tstate *ts, size_t max,
				     struct pyi_py_stack *ret) PYI_WARN_UNUSED;
void pyi_py_stack_deinit(struct pyi_py_stack *stack);

#endif
