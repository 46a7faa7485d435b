/* SPDX-License-Identifier: BSD-2-Clause */
/* One thread's part of a report. */
#ifndef PYI_REPORT_THREAD_H
#define PYI_REPORT_THREAD_H

#include "native/symbolize.h"
#include "native/unwind.h"
#include "python/seen.h"
#include "report/places.h"
#include "report/walk.h"

/* What the threads of one report share. */
struct pyi_thread_context {
	struct pyi_target *target;
	const struct pyi_collect_options *options;
	struct pyi_walk *walk; /* what is taken over from it is gone there */
	struct pyi_unwinder *unwinder;
	struct pyi_symbolizer *symbolizer; /* NULL with native frames off */
	struct pyi_code_cache *codes[PYI_RUNTIMES_MAX];
	struct pyi_sources *sources;
	struct pyi_places *places;
	struct pyi_seen values; /* decoded so far, with options->values_once */
	size_t value_bytes;     /* of the values' texts so far */
	bool incomplete;        /* out: something that was asked for is missing */
};

/* number: the thread's index in the target. The owners of walk->states are known. */
struct pyi_error *pyi_thread_collect(struct pyi_thread_context *ctx, size_t number,
				     struct pyi_report_thread *to) PYI_WARN_UNUSED;

#endif
