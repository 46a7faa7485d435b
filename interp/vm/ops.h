/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The slow halves of instructions, out of eval's way so that its C frame stays small.
 * Unless said otherwise arguments are borrowed, results new, and NULL or -1 means an error is
 * pending.
 */
#ifndef MINIPY_VM_OPS_H
#define MINIPY_VM_OPS_H

#include "vm/frame.h"

extern PyObject *(*const _PyOp_Binary[])(PyObject *, PyObject *); /* by BINARY_OP's argument */

/* value is about to be replaced by a longer one that the next unit stores: where that is the
 * variable that holds value, the variable lets go of it, so that the string can grow in place. */
void _PyOp_LetGo(PyFrameObject *f, PyObject *value, const uint8_t *next);
PyObject *_PyOp_LoadName(PyFrameObject *f, PyObject *name);
PyObject *_PyOp_LoadGlobal(PyObject *globals, PyObject *builtins, PyObject *name);
PyObject *_PyOp_LoadClassDeref(PyFrameObject *f, int slot);
void _PyOp_UnboundSlot(PyFrameObject *f, int slot); /* raises UnboundLocalError or NameError */
void _PyOp_NameError(PyObject *name);
/* Stores the items so that item 0 ends on top: sp[-1] after sp += before (+ 1 + after). -1 on
 * error with nothing stored. after < 0: exactly `before` items. */
int _PyOp_Unpack(PyObject *iterable, int before, int after, PyObject **sp);
PyObject *_PyOp_Format(PyObject *value, PyObject *spec, int conversion);
PyObject *_PyOp_BuildString(PyObject **items, int n);
PyObject *_PyOp_CallEx(PyObject *callable, PyObject *args, PyObject *kwargs);
int _PyOp_ListExtend(PyObject *list, PyObject *iterable);
int _PyOp_DictMerge(PyObject *dict, PyObject *more, PyObject *callable);
int _PyOp_DictUpdate(PyObject *dict, PyObject *more);
PyObject *_PyOp_MakeFunction(PyFrameObject *f, PyObject *code, PyObject **sp, int flags);
/* Sets the pending exception for `raise exc from cause`; either may be NULL. 1: `raise` alone put
 * back the exception being handled (its traceback stays as it is), 0: a new raise. */
int _PyOp_Raise(PyObject *exc, PyObject *cause);
int _PyOp_ExcMatches(PyObject *exc, PyObject *type);
/* *rest and *match get new references (None where empty). */
int _PyOp_GroupMatch(PyObject *exc, PyObject *type, PyObject **rest, PyObject **match);
PyObject *_PyOp_PrepReraiseStar(PyObject *orig, PyObject *raised);
/* *exit and *result get new references. */
int _PyOp_EnterWith(PyObject *manager, bool async, PyObject **exit, PyObject **result);
PyObject *_PyOp_ExitWith(PyObject *exit, PyObject *exc);
/* Calls builtins.__import__. */
PyObject *_PyOp_ImportName(PyFrameObject *f, PyObject *name, PyObject *fromlist, PyObject *level);
PyObject *_PyOp_ImportFrom(PyObject *module, PyObject *name);
int _PyOp_ImportStar(PyFrameObject *f, PyObject *module);
int _PyOp_SetupAnnotations(PyFrameObject *f);
int _PyOp_DeleteName(PyFrameObject *f, PyObject *name);
void _PyOp_Reraise(PyFrameObject *f, PyObject *exc, PyObject *lasti);
int _PyOp_PrintExpr(PyObject *value);
PyObject *_PyOp_Awaitable(PyObject *o, int where);
PyObject *_PyOp_YieldFromIter(PyFrameObject *f, PyObject *o);
PyObject *_PyOp_AnextAwaitable(PyObject *aiter);
PyObject *_PyOp_Aiter(PyObject *o);
PyObject *_PyOp_MatchKeys(PyObject *subject, PyObject *keys);
PyObject *_PyOp_MatchClass(PyObject *subject, PyObject *type, PyObject *names, int positional);
int _PyOp_IsMapping(PyObject *o);  /* match's idea of a mapping */
int _PyOp_IsSequence(PyObject *o); /* likewise */

#endif
