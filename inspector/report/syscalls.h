/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of x86-64's system calls. */
#ifndef PYI_REPORT_SYSCALLS_H
#define PYI_REPORT_SYSCALLS_H

/* NULL when the number is unknown (a newer kernel's); *n_args is 6 then. */
const char *pyi_syscall_name(long nr, int *n_args);

#endif
