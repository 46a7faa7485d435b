/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The exception that a thread is raising (set, and on its way to a handler) or handling (what
 * sys.exc_info() says there), with those that led to it, as a traceback would name them.
 */
#ifndef PYI_PYTHON_EXCEPTION_H
#define PYI_PYTHON_EXCEPTION_H

#include "base/vec.h"
#include "python/runtime.h"

enum pyi_exception_state { PYI_EXCEPTION_NONE, PYI_EXCEPTION_RAISED, PYI_EXCEPTION_HANDLED };

struct pyi_exception_item {
	char *type;
	char *message;    /* what str() gives; NULL where that takes code of the target's own */
	char *args;       /* repr of its arguments; NULL: not an instance yet, or unreadable */
	bool truncated;   /* message is a true prefix */
	const char *link; /* "cause" or "context": what it is to the one before; NULL: the first */
	char *file;       /* where it was raised: the last entry of its traceback; NULL unknown */
	int line;         /* 0 unknown */
};

struct pyi_exception {
	enum pyi_exception_state state;
	PYI_VEC(struct pyi_exception_item) items; /* it first, then what led to it; empty: NONE */
	bool cut;                                 /* there are more than are here */
	uint64_t damaged; /* where the next one should be and something else is; 0: nowhere */
};

/* Never fails: what cannot be read is missing in ret, which the caller deinits. Reads little when
 * the thread has none. */
void pyi_exception_read(struct pyi_target *target, const struct pyi_runtime *rt,
			const struct pyi_tstate *ts, struct pyi_exception *ret);
void pyi_exception_deinit(struct pyi_exception *exception);

#endif
