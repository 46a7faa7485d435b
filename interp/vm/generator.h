/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Generators and coroutines: a frame that is run piece by piece. The generator owns its frame;
 * while it runs the frame is linked to the caller as any other, between runs its f_back is NULL.
 */
#ifndef MINIPY_VM_GENERATOR_H
#define MINIPY_VM_GENERATOR_H

#include "vm/frame.h"

typedef struct {
	PyObject_HEAD PyFrameObject *gi_frame; /* NULL once it has ended */
	PyObject *gi_code;
	PyObject *gi_name, *gi_qualname;
	_PyErr_StackItem gi_exc_state; /* what its own except blocks are handling */
	PyObject *gi_weakreflist;
	/* Of asynchronous generators. */
	PyObject *ag_finalizer; /* the event loop's hook, NULL before the first iteration or for
				   none */
	bool ag_hooks_inited, ag_closed, ag_running_async;
} PyGenObject;

extern PyTypeObject PyGen_Type, PyCoro_Type, _PyCoroWrapper_Type;
extern PyTypeObject PyAsyncGen_Type, _PyAsyncGenASend_Type, _PyAsyncGenAThrow_Type,
	_PyAsyncGenWrappedValue_Type, _PyAnextAwaitable_Type;
#define PyGen_CheckExact(o)      Py_IS_TYPE(o, &PyGen_Type)
#define PyCoro_CheckExact(o)     Py_IS_TYPE(o, &PyCoro_Type)
#define PyAsyncGen_CheckExact(o) Py_IS_TYPE(o, &PyAsyncGen_Type)

/* Made of the running frame of a generator function or coroutine; new reference. */
PyObject *_PyGen_New(PyFrameObject *f);
/* What the methods of generators do, for those that are made of them. send: NULL with
 * StopIteration at the end (StopAsyncIteration of an asynchronous one). throw: (type or instance,
 * value, traceback); with keep_delegate GeneratorExit is thrown into what is being awaited, which
 * else is closed. */
PyObject *_PyGen_Send(PyObject *gen, PyObject *value);
PyObject *_PyGen_Throw(PyObject *gen, PyObject *const *args, Py_ssize_t nargs, bool keep_delegate);
PyObject *_PyGen_YieldFrom(PyObject *gen); /* borrowed or NULL: what it waits for */

/* What an asynchronous generator's frame yields to its user, told from what it awaits. */
PyObject *_PyAsyncGen_Wrap(PyObject *value);
PyObject *_PyAsyncGen_Anext(PyObject *self);
extern PyMethodDef _PyAsyncGen_methods[];
/* Calls the event loop's hook for a generator that is dropped half-way: whether there is one. */
bool _PyAsyncGen_CallFinalizer(PyGenObject *gen);
/* anext(it, default): an awaitable around what __anext__ gave. */
PyObject *_PyAnextAwaitable_New(PyObject *awaitable, PyObject *fallback);

#endif
