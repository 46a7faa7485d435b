/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys.settrace and sys.setprofile, and the USDT probe "line".
 *
 * The eval loop is compiled twice: as it is, and (eval_traced.c) with a call of _PyTrace_Unit at
 * every instruction. A frame runs in the second one when somebody listens as it is entered or
 * resumed; a frame that runs already changes over at its next backward jump. Events, their order
 * and their arguments are those of CPython 3.11.
 */
#ifndef MINIPY_VM_TRACE_H
#define MINIPY_VM_TRACE_H

#include "core/state.h"
#include "vm/frame.h"

/* Counted up by tracers that have attached to the probe "line" (USDT's semaphore). */
extern volatile uint16_t minipy_line_semaphore;

/* Whether frames of ts are to run in the loop that has events. */
static inline bool _PyTrace_Wanted(const PyThreadState *ts)
{
	return ts->use_tracing || minipy_line_semaphore;
}

enum _PyTraceHook { PY_HOOK_TRACE, PY_HOOK_PROFILE };
/* sys.settrace, sys.setprofile, of the calling thread; func is borrowed, NULL for none. */
void _PyTrace_Set(enum _PyTraceHook hook, PyObject *func);
PyObject *_PyTrace_Get(enum _PyTraceHook hook); /* borrowed, NULL: none */

/* The frame's life with events: entry by throw(), the loop, the exit. Like the plain loop. */
PyObject *_PyTrace_EvalFrame(PyThreadState *ts, PyFrameObject *f, int throw);

/* For the loop with events (f_stacktop exact): before the instruction f_lasti, where prev is the
 * one that ran before it; after a new raise; around the call of something that is no Python
 * function. -1 with an exception. */
int _PyTrace_Unit(PyThreadState *ts, PyFrameObject *f, int prev);
int _PyTrace_Raise(PyThreadState *ts, PyFrameObject *f);
PyObject *_PyTrace_Call(PyThreadState *ts, PyFrameObject *f, PyObject *callable,
			PyObject *const *args, size_t nargsf, PyObject *kwnames);

/* eval_traced.c */
PyObject *_PyEval_LoopWithEvents(PyThreadState *ts, PyFrameObject *f, int throw);

#endif
