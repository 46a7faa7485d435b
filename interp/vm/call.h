/* SPDX-License-Identifier: BSD-2-Clause */
/* Running Python code: functions, class bodies, modules, and the frame that asks. */
#ifndef MINIPY_VM_CALL_H
#define MINIPY_VM_CALL_H

#include "vm/frame.h"

/* Runs a code object without arguments; locals NULL means globals. New reference. */
PyObject *PyEval_EvalCode(PyObject *code, PyObject *globals, PyObject *locals);
/* Runs a class body: a function without parameters whose locals are the given mapping. */
PyObject *_PyEval_ClassBody(PyObject *func, PyObject *locals);
/* Of the running frame; borrowed, NULL when none runs. */
PyObject *PyEval_GetGlobals(void);
PyObject *PyEval_GetBuiltins(void);
/* New reference. */
PyObject *PyEval_GetLocals(void);
/* Readies the types of this room and installs what lower rooms ask of it (super()): 0 or -1. */
int _PyVM_Init(void);

#endif
