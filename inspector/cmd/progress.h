/* SPDX-License-Identifier: BSD-2-Clause */
/* How far something long has come, in a line on standard error that goes away again. */
#ifndef PYI_CMD_PROGRESS_H
#define PYI_CMD_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct pyi_progress {
	int64_t begin_ns, last_ns; /* 0: not yet */
	bool shown;
};

/* For pyinspect_options.progress; arg is a zeroed struct pyi_progress. Shows nothing within the
 * first second, or when standard error is no terminal. */
void pyi_progress_tell(void *arg, uint64_t done, uint64_t all);
/* Takes the line away. */
void pyi_progress_end(struct pyi_progress *progress);

#endif
