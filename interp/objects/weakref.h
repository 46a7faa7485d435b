/* SPDX-License-Identifier: BSD-2-Clause */
/* weakref.ref, weakref.proxy. */
#ifndef MINIPY_OBJECTS_WEAKREF_H
#define MINIPY_OBJECTS_WEAKREF_H

#include "core/object.h"

extern PyTypeObject _PyWeakref_RefType, _PyWeakref_ProxyType, _PyWeakref_CallableProxyType;
#define _PY_WEAKREF_SIZE 56 /* bytes of a reference of any of the three types */
PyObject *PyWeakref_NewRef(PyObject *o, PyObject *callback); /* callback may be NULL */
PyObject *PyWeakref_GetObject(PyObject *ref);                /* borrowed; None when dead */
PyObject *PyWeakref_NewProxy(PyObject *o, PyObject *callback);
/* Of any of the three types; without a callback there is one of each kind. callback may be NULL. */
PyObject *_PyWeakref_Make(PyTypeObject *type, PyObject *o, PyObject *callback);
void _PyWeakref_Dealloc(PyObject *ref);
int _PyWeakref_Traverse(PyObject *ref, visitproc visit, void *arg);
PyObject *_PyWeakref_List(PyObject *o);   /* new list of the living references to o */
void _PyWeakref_Init(void);               /* the collector learns about weak references */
Py_ssize_t _PyWeakref_Count(PyObject *o); /* of living references to o */
/* Called by destructors of types with tp_weaklistoffset, before anything is torn down. */
void PyObject_ClearWeakRefs(PyObject *o);

#endif
