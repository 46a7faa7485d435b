/* SPDX-License-Identifier: BSD-2-Clause */
/* What is equal in a report: threads with one stack, runs of frames in a recursion. */
#ifndef PYI_REPORT_GROUPS_H
#define PYI_REPORT_GROUPS_H

#include "report/render.h"

/* The frames of a thread that a native mode shows, in the order they are printed in. */
struct pyi_view {
	const struct pyi_report_frame **frames;
	size_t n;
	size_t folded; /* the interpreter's frames left out */
};

struct pyi_error *pyi_view_init(struct pyi_view *view, const struct pyi_report_thread *thread,
				const struct pyi_render_options *options) PYI_WARN_UNUSED;
void pyi_view_deinit(struct pyi_view *view);

/* Same call: kind, function, place. values: also the same locals. */
bool pyi_frame_equal(const struct pyi_report_frame *a, const struct pyi_report_frame *b,
		     bool values);
/* Same frames; values: also the same locals. */
bool pyi_view_equal(const struct pyi_view *a, const struct pyi_view *b, bool values);

/* At frames[at] a run of `period` frames begins that comes `times` times in all; times is 1 where
 * nothing worth folding begins. */
struct pyi_run {
	size_t period, times;
};
struct pyi_run pyi_view_run(const struct pyi_view *view, size_t at);

#endif
