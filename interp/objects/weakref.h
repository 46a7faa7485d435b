/* SPDX-License-Identifier: BSD-2-Clause */
/* weakref.ref. */
#ifndef MINIPY_OBJECTS_WEAKREF_H
#define MINIPY_OBJECTS_WEAKREF_H

#include "core/object.h"

extern PyTypeObject _PyWeakref_RefType;
PyObject *PyWeakref_NewRef(PyObject *o, PyObject *callback); /* callback may be NULL */
PyObject *PyWeakref_GetObject(PyObject *ref);                /* borrowed; None when dead */
/* Called by destructors of types with tp_weaklistoffset, before anything is torn down. */
void PyObject_ClearWeakRefs(PyObject *o);

#endif
