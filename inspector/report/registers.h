/* SPDX-License-Identifier: BSD-2-Clause */
/* The registers that a report shows, in the order it shows them. */
#ifndef PYI_REPORT_REGISTERS_H
#define PYI_REPORT_REGISTERS_H

#include <stddef.h>

/* Ends with a row whose name is NULL. */
extern const struct pyi_register {
	const char *name;
	size_t offset; /* in struct user_regs_struct; 8 bytes */
} pyi_registers[];

#endif
