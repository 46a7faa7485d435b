/* SPDX-License-Identifier: BSD-2-Clause */
/* How a trace is shown: a view gets every wanted event as it comes. One view a file. */
#ifndef PYI_TRACE_VIEW_H
#define PYI_TRACE_VIEW_H

#include "trace/calltree.h"

#include <stdio.h>

/* What is known when all is over. */
struct pyi_trace_end {
	uint64_t events, lost, faults;
	size_t sites;
	uint64_t cost_ns; /* of one event, to the target; 0 when not measured */
	const char *why;  /* why it ended: "the process has ended", "interrupted" */
};

struct pyi_view {
	const struct pyi_view_ops *ops;
	FILE *out;
	bool color;
	const char *runtime; /* "CPython 3.12.1" */
	pid_t pid;
	struct pyi_functions *functions;
	uint64_t begun_ns;           /* of the first event */
	struct pyi_trace_event held; /* tree: a call that is not printed yet */
	bool holds;
	pid_t tid;  /* tree: of the last line */
	bool comma; /* chrome: something stands before */
};

/* Any may be NULL. */
struct pyi_view_ops {
	void (*begin)(struct pyi_view *view);
	void (*event)(struct pyi_view *view, const struct pyi_trace_event *event);
	/* Nothing more is there for now: what is held back should be shown. */
	void (*idle)(struct pyi_view *view);
	void (*end)(struct pyi_view *view, const struct pyi_trace_end *end);
};

extern const struct pyi_view_ops pyi_view_tree, pyi_view_flat, pyi_view_json, pyi_view_chrome,
	pyi_view_summary, pyi_view_summary_json, pyi_view_count, pyi_view_histogram,
	pyi_view_nothing;

/* "call", "resume", ... */
const char *pyi_trace_event_name(enum pyi_frame_event event);
/* "1.234 us", at most 10 columns, into buf. */
void pyi_trace_duration(uint64_t ns, char buf[16]);

#endif
