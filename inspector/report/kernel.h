/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel frames of a blocked thread. */
#ifndef PYI_REPORT_KERNEL_H
#define PYI_REPORT_KERNEL_H

#include "report/report.h"

#include <stddef.h>

/* Parses the text of /proc/PID/task/TID/stack; entry code is marked as plumbing. *ret is the
 * caller's. */
struct pyi_error *pyi_kernel_parse(const char *text, struct pyi_report_frame **ret,
				   size_t *n) PYI_WARN_UNUSED;
/* The kernel stack of a thread that is still blocked where its registers say; *blocked tells
 * whether it is. None (*n = 0) when it is not, or when it may not be read (that takes
 * CAP_SYS_ADMIN). Of a snapshot: what was seen when it was made. */
struct pyi_error *pyi_kernel_read(struct pyi_target *target, const struct pyi_thread *thread,
				  bool *blocked, struct pyi_report_frame **ret,
				  size_t *n) PYI_WARN_UNUSED;

#endif
