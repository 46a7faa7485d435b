/* SPDX-License-Identifier: BSD-2-Clause */
/* A frame's variables as text. */
#ifndef PYI_REPORT_LOCALS_H
#define PYI_REPORT_LOCALS_H

#include "report/thread.h"

/* Sets has_locals, locals, n_locals; a value that cannot be read makes the report incomplete. */
struct pyi_error *pyi_report_locals(struct pyi_thread_context *ctx, const struct pyi_runtime *rt,
				    const struct pyi_py_frame *from,
				    struct pyi_report_frame *to) PYI_WARN_UNUSED;

#endif
