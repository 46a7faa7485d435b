/* SPDX-License-Identifier: BSD-2-Clause */
/* From a module's name to its file and code. */
#ifndef MINIPY_LIB_LOADER_H
#define MINIPY_LIB_LOADER_H

#include "objects/code.h"

struct module_file {
	char *path;         /* of the source; NULL: a package without __init__.py */
	PyObject *packages; /* list: the package's __path__; NULL: a plain module */
};

/* Looks for NAME/__init__.py, NAME.py and folders NAME in the folders of a path (any iterable): 1,
 * 0 when there is none, -1 with an exception. */
int loader_find(PyObject *name, PyObject *path, struct module_file *ret);
void loader_release(struct module_file *file);

/* The code of a source file, from the cache if it is there; new reference. */
PyObject *loader_code(const char *path, PyObject *filename);

#endif
