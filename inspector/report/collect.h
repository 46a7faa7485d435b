/* SPDX-License-Identifier: BSD-2-Clause */
/* From an open target to a report. */
#ifndef PYI_REPORT_COLLECT_H
#define PYI_REPORT_COLLECT_H

#include "report/report.h"
#include "target/target.h"

struct pyi_collect_options {
	enum pyi_native_mode native;
	bool kernel; /* kernel frames where they may be read */
	bool locals;
	bool values_once; /* a value that was decoded before is left out: for snapshots, which need
			     what is read, not the report */
	size_t max_value_bytes;   /* of one repr; 0 = 1000 */
	uint64_t value_budget_ns; /* for copying values inside the pause; 0 = 5 ms */
	bool no_stop;
	const struct pyi_stop *held; /* as in struct pyi_capture_options */
	pid_t tid;                   /* this thread only; 0 = all */
	size_t limit;                /* frames a thread, counted as text shows them; 0 = all */
};

/* Stops and looks at the target as DESIGN idea 3 says. What is wrong with single threads, frames
 * or values is part of the report (incomplete, end, note, warnings), not an error. */
struct pyi_error *pyi_collect(struct pyi_target *target, const struct pyi_collect_options *options,
			      struct pyi_report **ret) PYI_WARN_UNUSED;

#endif
