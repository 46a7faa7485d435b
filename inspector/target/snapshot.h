/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Snapshots: a target that was looked at, as a small ELF core.
 *
 *	PT_NOTE  NT_PRSTATUS of every thread, NT_SIGINFO of what ended it, NT_PRPSINFO, NT_AUXV,
 *NT_FILE as in any core; then, with the name "pyinspect", the facts (JSON: see below) and the map
 *(as /proc/PID/maps has it) PT_LOAD  one a run of pages that were read; one without bytes (p_filesz
 *0) a run of pages that could not be
 *
 * The facts: {"version":1,"target":{...},"threads":[...],"warnings":[...],"notes":{...}}: what a
 * dump shows of a live target and its memory does not hold; notes are those of notes.h. A reader
 * ignores what it does not know.
 */
#ifndef PYI_TARGET_SNAPSHOT_H
#define PYI_TARGET_SNAPSHOT_H

#include "target/target.h"

#include <stdio.h>

/* Notes of name PYI_SNAPSHOT_NAME; type 1 is in programs (pyi_layout.h). */
#define PYI_SNAPSHOT_NAME  "pyinspect"
#define PYI_SNAPSHOT_FACTS 2
#define PYI_SNAPSHOT_MAPS  3

/* Of a live target that is to be saved, from before it is looked at. */
struct pyi_snapshot;
/* From now on the target notes what is asked of the system. Without with_env the strings of its
 * environment will be left out. target must outlive it. */
struct pyi_error *pyi_snapshot_create(struct pyi_target *target, bool with_env,
				      struct pyi_snapshot **ret) PYI_WARN_UNUSED;
void pyi_snapshot_destroy(struct pyi_snapshot *snapshot);
/* Writes the target, which was captured and looked at meanwhile. The stream's own errors are the
 * caller's to look at. */
struct pyi_error *pyi_snapshot_write(struct pyi_snapshot *snapshot, FILE *out) PYI_WARN_UNUSED;

/* The target in a snapshot. PYI_ERR_NOT_FOUND: no such file, not a core file, or not a snapshot;
 * PYI_ERR_NOT_PYTHON: it is damaged too much to show anything. */
struct pyi_error *pyi_snapshot_open(const char *path, struct pyi_target **ret) PYI_WARN_UNUSED;
/* The same of an open file; takes fd over in any case. */
struct pyi_error *pyi_snapshot_open_fd(int fd, struct pyi_target **ret) PYI_WARN_UNUSED;

#endif
