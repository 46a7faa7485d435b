/* SPDX-License-Identifier: BSD-2-Clause */
/* The TypeErrors of calls whose arguments do not fit; each sets the exception and returns -1. */
#ifndef MINIPY_VM_ARGERRORS_H
#define MINIPY_VM_ARGERRORS_H

#include "objects/function.h"
#include "vm/frame.h"

int _PyArg_TooManyPositional(PyFunctionObject *func, PyFrameObject *f, Py_ssize_t given);
/* required: the positional parameters before this one have no default. */
int _PyArg_MissingPositional(PyFunctionObject *func, PyFrameObject *f, Py_ssize_t required);
int _PyArg_MissingKeywordOnly(PyFunctionObject *func, PyFrameObject *f);
int _PyArg_UnexpectedKeyword(PyFunctionObject *func, PyObject *keyword, PyObject *kwnames);

#endif
