/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * set and frozenset: open addressing over {key, hash}. An unused entry has key NULL and hash 0, a
 * deleted one key NULL and hash -1, which no object hashes to.
 */
#ifndef MINIPY_OBJECTS_SET_H
#define MINIPY_OBJECTS_SET_H

#include "core/object.h"

typedef struct {
	PyObject *key;
	Py_hash_t hash;
} setentry;

#define PySet_MINSIZE 8

typedef struct {
	PyObject_HEAD Py_ssize_t fill; /* used + deleted entries */
	Py_ssize_t used;
	Py_ssize_t mask;   /* entries - 1 */
	setentry *table;   /* smalltable or an allocation */
	Py_hash_t hash;    /* frozenset's; -1 = not yet computed */
	Py_ssize_t finger; /* where pop() goes on */
	setentry smalltable[PySet_MINSIZE];
	PyObject *weakreflist;
} PySetObject;

extern PyTypeObject PySet_Type, PyFrozenSet_Type, PySetIter_Type;
#define PySet_Check(o)            PyObject_TypeCheck(o, &PySet_Type)
#define PySet_CheckExact(o)       Py_IS_TYPE(o, &PySet_Type)
#define PyFrozenSet_Check(o)      PyObject_TypeCheck(o, &PyFrozenSet_Type)
#define PyFrozenSet_CheckExact(o) Py_IS_TYPE(o, &PyFrozenSet_Type)
#define PyAnySet_CheckExact(o)    (PySet_CheckExact(o) || PyFrozenSet_CheckExact(o))
#define PyAnySet_Check(o)         (PySet_Check(o) || PyFrozenSet_Check(o))
#define PySet_GET_SIZE(o)         (((PySetObject *)(o))->used)

PyObject *PySet_New(PyObject *iterable); /* iterable may be NULL */
PyObject *PyFrozenSet_New(PyObject *iterable);
Py_ssize_t PySet_Size(PyObject *o);
int PySet_Contains(PyObject *o, PyObject *key);
int PySet_Add(PyObject *o, PyObject *key);
int PySet_Discard(PyObject *o, PyObject *key); /* 1 removed, 0 was not there */
PyObject *PySet_Pop(PyObject *o);
int PySet_Clear(PyObject *o);
int _PySet_Update(PyObject *o, PyObject *iterable);
/* Borrowed key and its hash of the next entry; *pos starts at 0. The set must not change. */
int _PySet_NextEntry(PyObject *o, Py_ssize_t *pos, PyObject **key, Py_hash_t *hash);

#endif
