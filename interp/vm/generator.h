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
} PyGenObject;

extern PyTypeObject PyGen_Type, PyCoro_Type, _PyCoroWrapper_Type;
#define PyGen_CheckExact(o)  Py_IS_TYPE(o, &PyGen_Type)
#define PyCoro_CheckExact(o) Py_IS_TYPE(o, &PyCoro_Type)

/* Made of the running frame of a generator function or coroutine; new reference. */
PyObject *_PyGen_New(PyFrameObject *f);
PyObject *_PyAsyncGen_Wrap(PyObject *value);

#endif
