/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is copied while the target stands still: thread states, their frames, and the pages that
 * decoding code objects and values will need.
 */
#ifndef PYI_REPORT_WALK_H
#define PYI_REPORT_WALK_H

#include "python/code.h"
#include "python/exception.h"
#include "python/frames.h"
#include "python/runtime.h"
#include "report/collect.h"

#define PYI_WALK_MAX_FRAMES 1000000u

/* An interpreter and its table of threads' names. */
struct pyi_walk_interp {
	uint64_t interp, table;
};

/* What belongs to one runtime. */
struct pyi_walk_part {
	PYI_VEC(struct pyi_walk_interp) interps; /* found by pyi_walk_prepare */
	struct pyi_tstates tstates;
	struct pyi_code_cache *seen_codes; /* only to tell which code objects are already copied */
};

/* One thread state with its frames. */
struct pyi_walk_state {
	const struct pyi_runtime *rt;
	const struct pyi_tstate *ts; /* in the part of that runtime */
	struct pyi_py_stack stack;
	struct pyi_exception exception;
	size_t owner; /* index of the thread that runs it: see owners.h */
};

struct pyi_walk {
	const struct pyi_runtimes *runtimes;
	const struct pyi_collect_options *options;
	bool rehearsed;
	struct pyi_walk_part parts[PYI_RUNTIMES_MAX]; /* one a runtime */
	PYI_VEC(struct pyi_walk_state) states;        /* of all, runtime by runtime */
	PYI_VEC(struct pyi_py_stack) spare;           /* memory of an earlier run, for the next */
	struct pyi_thread_names names;                /* since the last run */
	struct pyi_error *err;                        /* of the last run; owned */
};

/* What need not be read in the pause, before anything else; with runtimes and options set. */
void pyi_walk_prepare(struct pyi_walk *walk, struct pyi_target *target);
/* As pyi_thread_name; NULL also in an interpreter that was made after the preparation. */
char *pyi_walk_thread_name(struct pyi_walk *walk, struct pyi_target *target,
			   const struct pyi_walk_state *state);
/* As pyi_capture_options.walk; arg is a struct pyi_walk with runtimes and options set. The last
 * run's result stays. */
void pyi_walk_run(void *arg, struct pyi_target *target);
void pyi_walk_deinit(struct pyi_walk *walk);

#endif
