/* SPDX-License-Identifier: BSD-2-Clause */
/* weakref.ref. */
#ifndef MINIPY_OBJECTS_WEAKREF_H
#define MINIPY_OBJECTS_WEAKREF_H

#include "core/object.h"

extern PyTypeObject _PyWeakref_RefType;
PyObject *PyWeakref_NewRef(PyObject *o, PyObject *callback); /* callback may be NULL */
PyObject *PyWeakref_GetObject(PyObject *ref);                /* borrowed; None when dead */
void _PyWeakref_Init(void);               /* the collector learns about weak references */
Py_ssize_t _PyWeakref_Count(PyObject *o); /* of living references to o */
/* Called by destructors of types with tp_weaklistoffset, before anything is torn down. */
void PyObject_ClearWeakRefs(PyObject *o);

#endif
