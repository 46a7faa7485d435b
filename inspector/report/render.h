/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing a report out. A format is one file and one row of pyi_renderers. */
#ifndef PYI_REPORT_RENDER_H
#define PYI_REPORT_RENDER_H

#include "report/report.h"

#include <stdio.h>

struct pyi_render_options {
	enum pyi_native_mode native;
	bool traceback; /* text: latest call last, as Python's tracebacks do */
	bool color;     /* text: ANSI colours */
	size_t width;   /* text: columns to cut lines at; 0 = never cut */
};

struct pyi_renderer {
	const char *name;
	/* Fails only when memory is out; the stream's own errors are the caller's to look at. */
	struct pyi_error *(*render)(const struct pyi_report *report,
				    const struct pyi_render_options *options, FILE *out);
};

extern const struct pyi_renderer pyi_render_text, pyi_render_json;
/* NULL-terminated. */
extern const struct pyi_renderer *const pyi_renderers[];
/* NULL when there is none of that name. */
const struct pyi_renderer *pyi_renderer_find(const char *name);

#endif
