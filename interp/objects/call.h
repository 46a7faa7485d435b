/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calling any object, and how C functions read their arguments. Everything is a vectorcall; a
 * tuple and a dict are made only for callees that want them (tp_init, tp_new, METH_VARARGS).
 */
#ifndef MINIPY_OBJECTS_CALL_H
#define MINIPY_OBJECTS_CALL_H

#include "core/object.h"

PyObject *_PyObject_NotCallable(PyObject *callable); /* sets TypeError, returns NULL */

static inline PyObject *PyObject_Vectorcall(PyObject *callable, PyObject *const *args,
					    size_t nargsf, PyObject *kwnames)
{
	vectorcallfunc f = Py_TYPE(callable)->tp_vectorcall;
	return Py_LIKELY(f != NULL) ? f(callable, args, nargsf, kwnames)
				    : _PyObject_NotCallable(callable);
}
PyObject *PyObject_Call(PyObject *callable, PyObject *args, PyObject *kwargs); /* kwargs or NULL */
PyObject *PyObject_CallObject(PyObject *callable, PyObject *args);             /* args or NULL */
/* Keywords in a dict, positional ones in an array. */
PyObject *PyObject_VectorcallDict(PyObject *callable, PyObject *const *args, size_t nargsf,
				  PyObject *kwargs);
/* With self before the other arguments. */
PyObject *_PyObject_VectorcallPrepend(PyObject *callable, PyObject *self, PyObject *const *args,
				      size_t nargsf, PyObject *kwnames);
PyObject *PyObject_CallNoArgs(PyObject *callable);
PyObject *PyObject_CallOneArg(PyObject *callable, PyObject *arg);
PyObject *PyObject_CallFunctionObjArgs(PyObject *callable, ...); /* PyObject *..., NULL */
/* Methods: self is args[0] and counts in nargsf; no bound method is made. */
PyObject *PyObject_VectorcallMethod(PyObject *name, PyObject *const *args, size_t nargsf,
				    PyObject *kwnames);
PyObject *PyObject_CallMethodNoArgs(PyObject *self, PyObject *name);
PyObject *PyObject_CallMethodOneArg(PyObject *self, PyObject *name, PyObject *arg);
PyObject *PyObject_CallMethodObjArgs(PyObject *self, PyObject *name, ...); /* ..., NULL */

/*
 * What a C function takes. names lists every parameter in order, NULL at the end; the first
 * posonly of them cannot be given by keyword (their names are only for the reader).
 * required: how many must be given; max_pos: how many may be given by position.
 *
 *	static const char *const names[] = {"iterable", "key", "reverse", NULL};
 *	static const struct PyArgSpec spec = {"sorted", names, .posonly = 1, .required = 1, .max_pos
 *= 1}; PyObject *a[3]; if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0) return NULL;
 *
 * out gets one borrowed pointer per name, NULL where nothing was given. 0, or -1 with TypeError in
 * CPython's words.
 */
struct PyArgSpec {
	const char *fname;
	const char *const *names;
	int posonly, required, max_pos;
};
int PyArg_Parse(const struct PyArgSpec *spec, PyObject *const *args, Py_ssize_t nargs,
		PyObject *kwnames, PyObject **out);
/* The same for tp_new, tp_init and METH_VARARGS | METH_KEYWORDS; kwargs may be NULL. */
int PyArg_ParseDict(const struct PyArgSpec *spec, PyObject *args, PyObject *kwargs, PyObject **out);

/* FASTCALL functions without keywords: "pow expected at most 3 arguments, got 4". true = fine.
 * The second form copies into out, NULL where nothing was given. */
bool PyArg_CheckPositional(const char *fname, Py_ssize_t nargs, Py_ssize_t min, Py_ssize_t max);
bool PyArg_UnpackFast(const char *fname, PyObject *const *args, Py_ssize_t nargs, Py_ssize_t min,
		      Py_ssize_t max, PyObject **out);
/* The same over a tuple, into PyObject ** arguments. */
int PyArg_UnpackTuple(PyObject *args, const char *fname, Py_ssize_t min, Py_ssize_t max, ...);
/* true, or TypeError "f() takes no keyword arguments". */
bool PyArg_NoKeywords(const char *fname, PyObject *kwargs);
bool PyArg_NoKwnames(const char *fname, PyObject *kwnames);

#endif
