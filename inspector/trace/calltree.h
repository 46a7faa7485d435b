/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One stack of calls for each thread, kept from frame records: what a return needs to know of its
 * call. Records say their depth, so the stack is right again at the first one after a loss; only
 * the durations of what was open then are unknown.
 */
#ifndef PYI_TRACE_CALLTREE_H
#define PYI_TRACE_CALLTREE_H

#include "trace/function.h"

#include <sys/types.h>

struct pyi_trace_event {
	uint64_t t_ns;
	pid_t tid;
	enum pyi_frame_event event;
	struct pyi_function *function;
	uint32_t depth;
	bool timed; /* an exit whose entry was seen */
	uint64_t duration_ns;
	uint64_t lost; /* records of this thread that are missing just before it */
};

struct pyi_calltree;

struct pyi_error *pyi_calltree_create(struct pyi_functions *functions,
				      struct pyi_calltree **ret) PYI_WARN_UNUSED;
void pyi_calltree_destroy(struct pyi_calltree *tree);
/* The record as an event; an exit is also added to its function's sums. */
struct pyi_error *pyi_calltree_add(struct pyi_calltree *tree, const struct pyi_frame_record *record,
				   struct pyi_trace_event *ret) PYI_WARN_UNUSED;
/* Threads that lost records, and how many: calls fn for each. */
void pyi_calltree_losses(struct pyi_calltree *tree, void (*fn)(void *arg, pid_t tid, uint64_t lost),
			 void *arg);

#endif
