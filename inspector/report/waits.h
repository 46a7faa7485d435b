/* SPDX-License-Identifier: BSD-2-Clause */
/* What a blocked thread waits for, as far as its system call's arguments tell. */
#ifndef PYI_REPORT_WAITS_H
#define PYI_REPORT_WAITS_H

#include "report/report.h"
#include "target/target.h"

/* Fills syscall, in_syscall, syscall_nr, syscall_args, syscall_n_args, wait_kind and wait_text. */
struct pyi_error *pyi_waits_describe(struct pyi_target *target, const struct pyi_thread *from,
				     struct pyi_report_thread *to) PYI_WARN_UNUSED;

#endif
