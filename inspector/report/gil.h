/* SPDX-License-Identifier: BSD-2-Clause */
/* Which GIL a thread holds, or waits for and from whom. */
#ifndef PYI_REPORT_GIL_H
#define PYI_REPORT_GIL_H

#include "report/report.h"
#include "report/walk.h"

/* The Python thread states that one OS thread runs. */
struct pyi_thread_states {
	struct pyi_walk_state **list;
	size_t n;
};

/* Fills gil; where it waits for one, also wait_kind, wait_text and wait_owner. The owners of
 * walk->states are known. */
struct pyi_error *pyi_gil_describe(struct pyi_target *target, const struct pyi_walk *walk,
				   const struct pyi_thread *from,
				   const struct pyi_thread_states *states,
				   struct pyi_report_thread *to) PYI_WARN_UNUSED;

#endif
