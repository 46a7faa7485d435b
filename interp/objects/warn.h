/* SPDX-License-Identifier: BSD-2-Clause */
/* Warnings from C: module warnings, written in Python, decides what becomes of them. */
#ifndef MINIPY_OBJECTS_WARN_H
#define MINIPY_OBJECTS_WARN_H

#include "core/object.h"

/* 0, or -1 with an exception: a filter may make the warning one. stacklevel 1: the running frame.
 */
int PyErr_WarnEx(PyObject *category, const char *text, Py_ssize_t stacklevel);
int PyErr_WarnFormat(PyObject *category, Py_ssize_t stacklevel, const char *format, ...);
/* Of a place in a source rather than of what runs. message: str. */
int PyErr_WarnExplicitObject(PyObject *category, PyObject *message, PyObject *filename, int lineno);

/* Imports a module by its full name; set by the importer. */
extern PyObject *(*_PyModule_import_hook)(const char *name);

#endif
