/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The cache of compiled modules: __pycache__/NAME.TAG.pyc beside NAME.py, good for just this build
 * of minipy and this source. Whatever is wrong with a cache file, it is as if it were not there.
 */
#ifndef MINIPY_COMPILER_PYC_H
#define MINIPY_COMPILER_PYC_H

#include "objects/code.h"

#include <sys/stat.h>

#define PYC_TAG "minipy-01"

/* A source file as it was before it was read. */
struct pyc_source {
	const char *path; /* ends in .py */
	struct stat st;
	const char *text; /* NULL: not read yet */
	size_t length;
};

/* The cache file's name, to be released with PyMem_Free; NULL when the path has no room for one. */
char *pyc_path(const char *source);
/* The cached code, or NULL without an exception. Without its text, a source is the same when it
 * has the size and the time of change that it had; with it, when it has the same bytes. */
PyCodeObject *pyc_load(const struct pyc_source *source, PyObject *filename);
/* Writes a file of another name and renames it. Says nothing when it cannot. */
void pyc_store(const struct pyc_source *source, PyCodeObject *code);

/* The pieces, for tests: of the bytes of a cache file. */
PyCodeObject *pyc_parse(const void *bytes, size_t n, const struct pyc_source *source,
			PyObject *filename);

#endif
