/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A frame: one call of a Python function, on the heap, linked to its caller by f_back.
 *
 * Always walkable from outside: a frame is complete before tstate->frame points to it, and
 * tstate->frame is moved back before any field of a finished frame is cleared.
 */
#ifndef MINIPY_VM_FRAME_H
#define MINIPY_VM_FRAME_H

#include "core/object.h"
#include "core/state.h"
#include "objects/code.h"

enum PyFrameState {
	PY_FRAME_CREATED = -2,
	PY_FRAME_SUSPENDED = -1,
	PY_FRAME_EXECUTING = 0,
	PY_FRAME_RETURNED = 1,
	PY_FRAME_CLEARED = 4,
};

typedef struct PyFrameObject {
	/* NULL at the bottom; borrowed while the frame runs (its caller runs too), then strong. */
	PyObject_VAR_HEAD struct PyFrameObject *f_back;
	PyCodeObject *f_code;
	PyObject *f_globals;  /* dict; with f_func it is the function's, borrowed */
	PyObject *f_builtins; /* dict; likewise */
	PyObject *f_locals;   /* mapping of module and class bodies; NULL in functions */
	PyObject *f_func;     /* the function; NULL for code that is run without one */
	PyObject *f_gen;      /* borrowed: the generator that owns the frame, or NULL */
	PyObject *
		*f_stacktop; /* next free slot of the value stack; exact whenever eval calls out */
	int f_lasti;         /* unit that runs; -1 before the first */
	int8_t f_state;      /* enum PyFrameState */
	uint8_t f_is_entry;  /* this frame has a C eval call of its own: always 1 for now */
	uint8_t f_owner;     /* 0 thread, 1 generator */
	bool f_trace_lines, f_trace_opcodes; /* which events f_trace gets besides */
	PyObject *f_trace;                   /* sys.settrace's local function, or NULL */
	PyObject *f_localsplus[]; /* co_nlocalsplus slots, then co_stacksize of value stack */
} PyFrameObject;

extern PyTypeObject PyFrame_Type;
#define PyFrame_Check(o) Py_IS_TYPE(o, &PyFrame_Type)

/* A new frame, not yet linked; slots NULL. All references borrowed; locals may be NULL. */
PyFrameObject *PyFrame_New(PyCodeObject *code, PyObject *globals, PyObject *builtins,
			   PyObject *locals);
/* The frame of a call whose values are exactly the code's parameters, in order (co_plain_args):
 * takes over the references to func and to the n values unless it fails. */
PyFrameObject *_PyFrame_ForCall(PyObject *func, PyObject **values, Py_ssize_t n);
/* The frame of a function that is going to be called; slots NULL; references borrowed. */
PyFrameObject *_PyFrame_OfFunction(PyObject *func, PyObject *locals);
/* Lets go of a frame whose eval call is over: most are recycled at once. */
void _PyFrame_Finish(PyFrameObject *f);
/* Drops the value stack and all slots. */
void _PyFrame_ClearSlots(PyFrameObject *f);
int PyFrame_GetLineNumber(PyFrameObject *f); /* 0 when the table says none */
/* A dict of the frame's locals as locals() and f_locals show them; new reference. */
PyObject *PyFrame_GetLocals(PyFrameObject *f);

/* Runs a frame to its return, yield or error: the one eval call of that frame. throw: an
 * exception is pending and is raised at the frame's current instruction. */
PyObject *PyEval_EvalFrame(PyFrameObject *f, int throw);

#endif
