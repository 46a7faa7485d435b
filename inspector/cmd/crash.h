/* SPDX-License-Identifier: BSD-2-Clause */
/* What is kept of a crash: a report as text and JSON, and a snapshot. */
#ifndef PYI_CMD_CRASH_H
#define PYI_CMD_CRASH_H

#include "report/report.h"
#include "target/stop.h"
#include "target/target.h"

/* Where the handler keeps what it writes unless it is told otherwise. A crash is three files:
 * TIME-PID.txt, .json and .core (a snapshot), TIME as 20260102T030405Z: the newest sorts last. */
#define PYI_CRASH_DIR "/var/lib/pyinspect/crashes"
/* What a file is called until it is complete. */
#define PYI_CRASH_PART ".part"

/* A process that has got its death and still has its memory. */
struct pyi_crash {
	pid_t pid;
	struct pyi_death death;
	const struct pyi_stop *threads; /* all of it, standing */
};

struct pyi_crash_report {
	struct pyi_target *target;
	struct pyi_snapshot *snapshot;
	struct pyi_report *report;
};

/* Looks at the process. PYI_ERR_NOT_PYTHON: nothing for us. */
struct pyi_error *pyi_crash_collect(const struct pyi_crash *crash,
				    struct pyi_crash_report *ret) PYI_WARN_UNUSED;
void pyi_crash_report_deinit(struct pyi_crash_report *report);
/* Writes the three files into a directory, each appearing whole or not at all; readable by their
 * owner only. *name is TIME-PID, the caller's. */
struct pyi_error *pyi_crash_keep(const struct pyi_crash_report *report, int dir,
				 char **name) PYI_WARN_UNUSED;

#endif
