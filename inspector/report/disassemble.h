/* SPDX-License-Identifier: BSD-2-Clause */
/* The instructions around an address. Without capstone: their bytes. */
#ifndef PYI_REPORT_DISASSEMBLE_H
#define PYI_REPORT_DISASSEMBLE_H

#include "report/report.h"

/* Fills to->code with the instruction at pc and a few that follow it: what stands before it cannot
 * be told from its middle. Nothing when no code is there. */
struct pyi_error *pyi_disassemble(struct pyi_mem *mem, uint64_t pc,
				  struct pyi_report_thread *to) PYI_WARN_UNUSED;

#endif
