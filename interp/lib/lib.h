/* SPDX-License-Identifier: BSD-2-Clause */
/* The library's own seams: how modules come up, import, printing, files. */
#ifndef MINIPY_LIB_LIB_H
#define MINIPY_LIB_LIB_H

#include "core/object.h"

/* Everything up to the first bytecode: runtime, types, builtins, sys. Called once, by the main
 * thread, on the stack that the program will run on; stack_lo is that stack's lowest usable
 * address. 0, or -1 with a message on stderr. */
int PyInterp_Init(uintptr_t stack_lo);
/* The end (finish.c): waits for threads, runs destructors, writes files out: 0, or -1 when stdout
 * could not be written. Only for the main thread; a second call does nothing. */
int PyInterp_Finish(void);

/* Each makes its module, new reference. */
#define C(name, init) PyObject *init(void);
#define PY(name, source)
#define LIBRARY(name, source)
#include "lib/modules.def"
#undef LIBRARY
#undef C
#undef PY

/* A module by its absolute dotted name, the leaf; new reference. */
PyObject *PyImport_ImportModule(const char *name);
/* The file that `-m NAME` runs: NAME, or NAME.__main__ of a package, whose parents are imported.
 * The path is to be released with PyMem_RawFree; *package, new, is what it lies in. */
char *PyImport_FindMain(const char *name, PyObject **package);
/* sys.modules[name], made empty when it is not there; borrowed. */
PyObject *PyImport_AddModule(const char *name);
PyObject *PyImport_ImportModuleLevel(PyObject *name, PyObject *globals, PyObject *fromlist,
				     int level);

/* sys.NAME: borrowed, NULL without an exception when it is not there. */
PyObject *PySys_GetObject(const char *name);
int PySys_SetObject(const char *name, PyObject *value);
/* sys.argv and sys.path[0]; bytes as the kernel gave them. */
int PySys_SetArgv(int argc, char **argv, const char *path0);

/* How open() opens. NULL for encoding, errors, newline: utf-8, strict, universal newlines;
 * buffering: -1 as usual, 0 none, 1 by lines. */
struct _PyOpenHow {
	const char *mode, *encoding, *errors, *newline;
	int buffering;
	bool close_fd;
};
PyObject *_PyFile_OpenPath(PyObject *file, PyObject *opener, const struct _PyOpenHow *how);
/* The stream over an open descriptor; name is what repr() shows. */
PyObject *_PyFile_OpenDescribed(int fd, PyObject *name, const struct _PyOpenHow *how);
/* The descriptor of a path, or file itself when it is one; opener may be NULL or None. */
int _PyFile_OpenDescriptor(PyObject *file, const char *mode, bool close_fd, PyObject *opener);
/* A path (str, bytes, os.PathLike) as the kernel takes it: bytes without a NUL inside. */
PyObject *_PyFile_EncodePath(PyObject *path);
int PyFile_WriteObject(PyObject *o, PyObject *file, bool raw); /* raw: str(o), else repr(o) */
int PyFile_WriteString(const char *text, PyObject *file);
int _PyFile_Flush(PyObject *file);
/* One line with its newline, "" at the end of the file. */
PyObject *PyFile_GetLine(PyObject *file);

/* The whole file, NUL-terminated, to be released with PyMem_Free; NULL with OSError. */
char *_PyFile_ReadAll(const char *path, Py_ssize_t *len);

/* Prints an exception with its chain and traceback as CPython does, to sys.stderr. */
void PyErr_DisplayException(PyObject *exc);
/* Where in the source a SyntaxError is, as it is printed before the message. */
int _PyErr_WriteSyntaxPlace(PyObject *file, PyObject *exc);
/* The pending exception: SystemExit ends the process, others are printed (sys.excepthook). */
void PyErr_Print(void);
/* Exit status of a pending SystemExit, which is cleared; its message, if any, is printed. */
int _PyErr_SystemExitStatus(void);
/* The text of a line of a source file, without its newline; new reference, NULL without an
 * exception when it is not to be had. */
PyObject *_PySource_Line(PyObject *filename, int line);
/* Remembers a source that has no file ("<string>" of -c, "<stdin>"). */
int _PySource_Remember(PyObject *filename, PyObject *text);

/* repr() of an object that stands for a call: NAME(args, NAME=VALUE). args: a tuple; kwargs: a dict
 * or NULL. Between Py_ReprEnter and Py_ReprLeave. */
PyObject *_PyRepr_Call(const char *name, PyObject *args, PyObject *kwargs);

/* The class statement. */
PyObject *_PyBuiltin_BuildClass(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
				PyObject *kwnames);
/* compile, eval, exec */
extern PyMethodDef _PyBuiltin_CodeMethods[];

#endif
