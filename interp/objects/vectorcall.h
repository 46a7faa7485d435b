/* SPDX-License-Identifier: BSD-2-Clause */
/* How a C function of each METH_* kind is called. */
#ifndef MINIPY_OBJECTS_VECTORCALL_H
#define MINIPY_OBJECTS_VECTORCALL_H

#include "core/object.h"

/* Calls def's function with self. name_of is asked for "f()" only when something is wrong. */
PyObject *_PyMethodDef_Call(const PyMethodDef *def, PyObject *self, PyObject *const *args,
			    Py_ssize_t nargs, PyObject *kwnames, PyObject *callable);

#endif
