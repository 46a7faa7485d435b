/* SPDX-License-Identifier: BSD-2-Clause */
/* The front end's door: source text in, code object out. */
#ifndef MINIPY_COMPILER_COMPILER_H
#define MINIPY_COMPILER_COMPILER_H

#include "objects/code.h"

enum { PY_MODE_EXEC, PY_MODE_SINGLE, PY_MODE_EVAL }; /* = enum module_kind */

/* Flags, besides CO_FUTURE_ANNOTATIONS which is on as if the text had imported it. */
#define PyCF_IGNORE_COOKIE 0x0100 /* the text is UTF-8 (was a str): no coding declaration */

/* A new reference; NULL with SyntaxError, RecursionError, MemoryError ... filename: str. */
PyCodeObject *PyCompile_Source(const char *source, Py_ssize_t len, PyObject *filename, int mode,
			       int flags);
/* The same for what a user has typed so far, mode PY_MODE_SINGLE. *incomplete: more lines are
 * needed; then NULL, with or without an exception (which the caller clears). */
PyCodeObject *PyCompile_Interactive(const char *source, Py_ssize_t len, PyObject *filename,
				    int flags, bool *incomplete);

#endif
