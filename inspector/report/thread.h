/* SPDX-License-Identifier: BSD-2-Clause */
/* One thread's part of a report. */
#ifndef PYI_REPORT_THREAD_H
#define PYI_REPORT_THREAD_H

#include "native/symbolize.h"
#include "native/unwind.h"
#include "python/seen.h"
#include "report/source.h"
#include "report/walk.h"

/* What the threads of one report share. */
struct pyi_thread_context {
	struct pyi_target *target;
	const struct pyi_runtime *rt;
	const struct pyi_collect_options *options;
	const struct pyi_walk *walk;
	struct pyi_unwinder *unwinder;
	struct pyi_symbolizer *symbolizer; /* NULL with native frames off */
	struct pyi_code_cache *codes;
	struct pyi_sources *sources;
	struct pyi_seen values; /* decoded so far, with options->values_once */
	size_t value_bytes;     /* of the values' texts so far */
	bool incomplete;        /* out: something that was asked for is missing */
};

/* states: indices into walk->tstates of the thread states that run on this thread. */
struct pyi_error *pyi_thread_collect(struct pyi_thread_context *ctx, const struct pyi_thread *from,
				     const size_t *states, size_t n_states,
				     struct pyi_report_thread *to) PYI_WARN_UNUSED;

#endif
