/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a command's result goes: standard output, or a file that appears whole or not at all. A
 * signal that ends the program takes the unfinished file with it.
 */
#ifndef PYI_CMD_OUTPUT_H
#define PYI_CMD_OUTPUT_H

#include "base/error.h"

#include <stdio.h>

struct pyi_output {
	FILE *stream; /* writes to fd; NULL before open */
	int fd;
	int failed;      /* errno of the first write that failed, else 0 */
	char *path;      /* NULL: standard output */
	char *temporary; /* what becomes path; NULL when path is written directly (a device, a pipe)
			  */
};

/* SIGINT and SIGTERM end the program with 130 and 143. */
void pyi_output_catch_signals(void);
/* As they were before: for a program that is about to become another. */
void pyi_output_restore_signals(void);
/* path NULL: standard output. output must stay where it is until deinit, which is due in any case.
 */
struct pyi_error *pyi_output_init(struct pyi_output *output, const char *path) PYI_WARN_UNUSED;
/* From now on what is written is worth keeping when a signal comes (--watch). */
void pyi_output_keep(struct pyi_output *output);
/* Flushes. A reader that has gone away (EPIPE) is no error: *gone says so. */
struct pyi_error *pyi_output_flush(struct pyi_output *output, bool *gone) PYI_WARN_UNUSED;
/* Flushes and puts the file in its place. */
struct pyi_error *pyi_output_finish(struct pyi_output *output) PYI_WARN_UNUSED;
/* Removes what is not finished; nothing after finish. */
void pyi_output_deinit(struct pyi_output *output);

#endif
