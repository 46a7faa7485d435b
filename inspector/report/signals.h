/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of signals and of what the kernel says about them. */
#ifndef PYI_REPORT_SIGNALS_H
#define PYI_REPORT_SIGNALS_H

#include <stdbool.h>

/* "SIGSEGV", "SIGRTMIN+3" is "SIG37"; never NULL. Static or per number. */
const char *pyi_signal_name(int number);
/* "SEGV_MAPERR"; NULL unknown. */
const char *pyi_signal_code_name(int number, int code);
/* Whether si_addr means something. */
bool pyi_signal_has_address(int number, int code);
/* Whether si_pid and si_uid mean something. */
bool pyi_signal_has_sender(int code);

#endif
