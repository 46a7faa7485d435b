/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Source text as the lexer wants it: UTF-8 without BOM, lines that end in \n, NUL-terminated; and
 * the SyntaxErrors that point into it.
 */
#ifndef MINIPY_COMPILER_SOURCE_H
#define MINIPY_COMPILER_SOURCE_H

#include "compiler/arena.h"

#include <stdarg.h>

struct source {
	struct arena *arena;
	PyObject *filename; /* borrowed */
	char *text;         /* in the arena */
	size_t size;        /* without the NUL */
	const char **lines; /* where each line starts, in the arena */
	int nlines;
};

/* A place: lines from 1, columns in UTF-8 bytes from 0. */
struct location {
	int line, end_line, col, end_col;
};

/* cookie: honour a coding declaration (bytes from a file; a str has none). 0 or -1. */
int source_init(struct source *s, struct arena *a, const char *bytes, Py_ssize_t n,
		PyObject *filename, bool cookie);

/* Line number `line` without its \n; "" past the end. */
const char *source_line(const struct source *s, int line, size_t *length);
/* Characters in the first `bytes` bytes. */
int utf8_count(const char *text, size_t bytes);

/* Sets type(msg, (filename, line, offset, text, end_line, end_offset)). Offsets are taken as they
 * are (1-based characters, -1 or 0 where CPython says so); text NULL: None. */
void syntax_error_raw(PyObject *type, PyObject *filename, int line, int offset, PyObject *text,
		      int end_line, int end_offset, const char *format, va_list va);
void syntax_error_form(PyObject *type, PyObject *filename, int line, int offset, PyObject *text,
		       int end_line, int end_offset, const char *format, ...);
/* The parser's form: columns in bytes from 0. col -1: offset 0; end_col -1 and -2: end offset -1
 * and 0, as CPython has them where it knows no end. */
void source_error(const struct source *s, PyObject *type, int line, int col, int end_line,
		  int end_col, const char *format, ...);
/* The compiler's form: the text is read again from the file, None when there is none. */
void location_error(PyObject *filename, struct location at, const char *format, ...);
/* Puts filename, lineno, offset and text onto the pending SyntaxError (args stay as they are).
 * Offsets 1-based characters. */
void location_attach(PyObject *filename, int line, int offset, int end_line, int end_offset);

#endif
