/* SPDX-License-Identifier: BSD-2-Clause */
/* What a text report has more of when the target died: parts of render_text.c. */
#ifndef PYI_REPORT_RENDER_DEATH_H
#define PYI_REPORT_RENDER_DEATH_H

#include "report/line.h"
#include "report/report.h"

/* The signal, where it struck, who sent it, whose process it was and when. */
void pyi_render_signal(struct pyi_line *line, const struct pyi_report *report);
/* The exception that a thread raises or handles; nothing when there is none. */
void pyi_render_exception(struct pyi_line *line, const struct pyi_exception *exception);
/* Registers and code of a thread that crashed. */
void pyi_render_registers(struct pyi_line *line, const struct pyi_report_thread *thread);
void pyi_render_modules(struct pyi_line *line, const struct pyi_report *report);

#endif
