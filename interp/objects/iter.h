/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Iterators over sequences. it_seq becomes NULL when the iterator is exhausted, and stays so.
 * The fields of the list and tuple iterators are open for eval's FOR_ITER.
 */
#ifndef MINIPY_OBJECTS_ITER_H
#define MINIPY_OBJECTS_ITER_H

#include "core/object.h"
#include "core/state.h"

/* One struct for all: list, tuple, str, bytes, bytearray, reversed list, sequence iterators. */
typedef struct {
	PyObject_HEAD Py_ssize_t it_index; /* of the next item */
	PyObject *it_seq;                  /* or NULL */
} _PySeqIterObject;

extern PyTypeObject PySeqIter_Type, PyCallIter_Type, PyListIter_Type, PyListRevIter_Type,
	PyTupleIter_Type, PyUnicodeIter_Type, PyBytesIter_Type;

PyObject *PySeqIter_New(PyObject *seq);                           /* by __getitem__(0), (1), ... */
PyObject *PyCallIter_New(PyObject *callable, PyObject *sentinel); /* iter(callable, sentinel) */
/* An iterator of that type over seq, starting at index. */
PyObject *_PySeqIter_NewOf(PyTypeObject *type, PyObject *seq, Py_ssize_t index);

bool _PyIter_ClearStop(void); /* clears a pending StopIteration; false: another one is */
/* The next item of an iterator, for iterators over iterators: they nest as deep as a program
 * likes, so the C stack is checked. As tp_iternext: at the end NULL, with or without StopIteration.
 */
static inline PyObject *_PyIter_Step(PyObject *it)
{
	return _Py_CheckStack() < 0 ? NULL : Py_TYPE(it)->tp_iternext(it);
}
/* The same of an iterator whose owner may let go of it meanwhile: its code may reach the owner. */
static inline PyObject *_PyIter_StepHeld(PyObject *it)
{
	Py_INCREF(it);
	PyObject *item = _PyIter_Step(it);
	Py_DECREF(it);
	return item;
}
/* After a step that gave NULL: true at the end, when no exception is pending any more. */
static inline bool _PyIter_Ended(void)
{
	PyObject *exc = PyThreadState_Get()->current_exception;
	return !exc || _PyIter_ClearStop();
}

/* The builtin of that name, for __reduce__; new reference. */
PyObject *_PyIter_Builtin(const char *name);
/* For tp_new of a type without keywords, base: only a subclass with an __init__ of its own may get
 * some. true, or TypeError "base() takes no keyword arguments". */
bool _PyIter_NoKeywords(PyTypeObject *type, PyTypeObject *base, PyObject *kwargs);

/* Defines an iterator type over a struct; the file has iter_dealloc, iter_traverse, iter_methods.
 */
#define _PY_ITER_TYPE(type, Struct, name, next)                      \
	PyTypeObject type = {                                        \
		PyVarObject_HEAD_INIT(&PyType_Type, 0),              \
		.tp_name = name,                                     \
		.tp_basicsize = sizeof(Struct),                      \
		.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, \
		.tp_dealloc = iter_dealloc,                          \
		.tp_free = PyObject_GC_Del,                          \
		.tp_traverse = iter_traverse,                        \
		.tp_iter = PyObject_SelfIter,                        \
		.tp_iternext = next,                                 \
		.tp_methods = iter_methods,                          \
	};
/* What filter() asks of an item: the truth of func(item), or of the item itself when func is bool,
 * or None where that may be: 1, 0, -1 with an exception. */
int _PyPredicate_Holds(PyObject *func, PyObject *item, bool may_be_none);

#endif
