/* SPDX-License-Identifier: BSD-2-Clause */
/* One line of text output: escaped, coloured, and on a terminal cut to its width. */
#ifndef PYI_REPORT_LINE_H
#define PYI_REPORT_LINE_H

#include "base/strbuf.h"

#include <stdio.h>

enum pyi_style {
	PYI_STYLE_PLAIN,
	PYI_STYLE_HEAD,   /* headlines */
	PYI_STYLE_PYTHON, /* a Python function */
	PYI_STYLE_PLACE,  /* where it is */
	PYI_STYLE_LOCAL,  /* name of a variable */
	PYI_STYLE_DIM,
	PYI_STYLE_WARN,
};

struct pyi_line {
	FILE *out;
	bool color;
	size_t width;   /* columns to cut at; 0 = never */
	size_t columns; /* so far */
	bool cut;       /* the rest of this line is dropped */
	struct pyi_strbuf sb;
};

void pyi_line_deinit(struct pyi_line *line);
/* All text is escaped. */
void pyi_line_put(struct pyi_line *line, enum pyi_style style, const char *text);
void pyi_line_printf(struct pyi_line *line, enum pyi_style style, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Text whose end matters (a path with its line number): where it does not fit, its start goes. */
void pyi_line_put_tail(struct pyi_line *line, enum pyi_style style, const char *text);
/* Spaces up to a column; at least `least` of them. */
void pyi_line_pad(struct pyi_line *line, size_t column, size_t least);
/* Writes the line out and begins the next. */
void pyi_line_end(struct pyi_line *line);

#endif
