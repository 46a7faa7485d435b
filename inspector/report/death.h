/* SPDX-License-Identifier: BSD-2-Clause */
/* What ended a target: the signal, where it struck, and the machine's state there. */
#ifndef PYI_REPORT_DEATH_H
#define PYI_REPORT_DEATH_H

#include "report/report.h"

/* Fills report->signal from target->death. */
struct pyi_error *pyi_death_describe(const struct pyi_target *target,
				     struct pyi_report *report) PYI_WARN_UNUSED;
/* One line about an address that could not be used: "a null pointer", "in the guard page below
 * thread 12's stack", "not mapped: 4096 bytes above the end of libc.so.6". Caller frees. */
char *pyi_death_place(const struct pyi_target *target, uint64_t addr);
/* Registers, and the code around pc of the thread that crashed. */
struct pyi_error *pyi_death_registers(const struct pyi_target *target,
				      const struct pyi_thread *from,
				      struct pyi_report_thread *to) PYI_WARN_UNUSED;

#endif
