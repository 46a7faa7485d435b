/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the kernel starts for a process that crashes, its core on standard input.
 *
 * The core's notes come first and hold all registers; its memory is read from the process itself,
 * which stands still in the kernel until its core has been taken. A child of ours looks at it,
 * within a limit of time, of memory and of what it may write; whatever becomes of that child, the
 * core is then taken to its end and passed on to the handler that stood there before.
 */
#ifndef PYI_CMD_HANDLER_H
#define PYI_CMD_HANDLER_H

#include "cmd/core_pattern.h"
#include "cmd/crash_dir.h"

struct pyi_handler {
	const char *dir;
	struct pyi_crash_limits limits;
	struct pyi_core_values values; /* names are found by handle */
};

/* Never fails: a line in DIR/log says what went wrong. */
void pyi_handler_handle(struct pyi_handler *handler);

#endif
