/* SPDX-License-Identifier: BSD-2-Clause */
/* Which processes a command line means. */
#ifndef PYI_CMD_PROCESSES_H
#define PYI_CMD_PROCESSES_H

#include "base/error.h"
#include "base/vec.h"

#include <sys/types.h>

struct pyi_pids {
	PYI_VEC(pid_t) pids; /* each once, in the order found */
};

void pyi_pids_deinit(struct pyi_pids *pids);
struct pyi_error *pyi_pids_add(struct pyi_pids *pids, pid_t pid) PYI_WARN_UNUSED;
/* Adds every process but our own whose command line, joined by spaces, matches the extended
 * regular expression, by pid. */
struct pyi_error *pyi_pids_add_matching(struct pyi_pids *pids, const char *regex) PYI_WARN_UNUSED;
/* Adds the descendants of all that are there. */
struct pyi_error *pyi_pids_add_descendants(struct pyi_pids *pids) PYI_WARN_UNUSED;

#endif
