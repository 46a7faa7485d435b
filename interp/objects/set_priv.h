/* SPDX-License-Identifier: BSD-2-Clause */
/* What set's files share. */
#ifndef MINIPY_OBJECTS_SET_PRIV_H
#define MINIPY_OBJECTS_SET_PRIV_H

#include "objects/set.h"

PyObject *_PySet_Make(PyTypeObject *type, PyObject *iterable);
int _PySet_AddHashed(PySetObject *so, PyObject *key, Py_hash_t hash);
/* 1, 0 or -1. */
int _PySet_ContainsHashed(PySetObject *so, PyObject *key, Py_hash_t hash);
int _PySet_DiscardHashed(PySetObject *so, PyObject *key, Py_hash_t hash);
void _PySet_ClearAll(PySetObject *so);
/* Exchanges the contents of two sets. */
void _PySet_Swap(PySetObject *a, PySetObject *b);
void _PySet_Dealloc(PyObject *o);
int _PySet_Traverse(PyObject *o, visitproc visit, void *arg);
PyObject *_PySet_Iter(PyObject *o);

#endif
