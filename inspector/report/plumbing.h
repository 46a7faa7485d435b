/* SPDX-License-Identifier: BSD-2-Clause */
/* Which native frames are only the interpreter's way of making a Python call. */
#ifndef PYI_REPORT_PLUMBING_H
#define PYI_REPORT_PLUMBING_H

#include "report/report.h"

/* Sets plumbing in the frames of a merged stack (innermost first): call machinery by name,
 * unnamed frames of the interpreter's module beside it, and what starts a program or a thread
 * below the outermost Python frame, and the unnamed functions of the C library that one of its
 * functions called on the way into the kernel. Never touches a stack without Python frames. */
void pyi_plumbing_mark(struct pyi_report_frame *frames, size_t n);

#endif
