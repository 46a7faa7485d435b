/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The iterators of itertools: what their types share.
 *
 * An iterator's references come first in its struct, one after the other, NULL when there is
 * nothing (any more): visiting, clearing and releasing them is a loop. The collector may clear an
 * iterator that is asked for an item afterwards, so every next() takes a NULL for the end.
 */
#ifndef MINIPY_LIB_ITERTOOLS_H
#define MINIPY_LIB_ITERTOOLS_H

#include "core/errors.h"
#include "core/object.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/iter.h"
#include "objects/long.h"
#include "objects/tuple.h"
#include "objects/type.h"

extern PyTypeObject _PyCount_Type, _PyCycle_Type, _PyRepeat_Type;
extern PyTypeObject _PyAccumulate_Type, _PyCompress_Type, _PyDropWhile_Type, _PyTakeWhile_Type,
	_PyFilterFalse_Type, _PyStarMap_Type;
extern PyTypeObject _PyChain_Type, _PyISlice_Type, _PyPairwise_Type, _PyZipLongest_Type;
extern PyTypeObject _PyGroupBy_Type, _PyGrouper_Type;
extern PyTypeObject _PyTee_Type, _PyTeeData_Type;
extern PyTypeObject _PyProduct_Type, _PyPermutations_Type, _PyCombinations_Type,
	_PyCombinationsWR_Type;
PyObject *_PyTee_Make(PyObject *module, PyObject *const *args, Py_ssize_t nargs); /* tee() */

/* Over an object's first n references. */
void _PyRefs_Dealloc(PyObject *o, size_t n);
int _PyRefs_Traverse(PyObject *o, size_t n, visitproc visit, void *arg);
int _PyRefs_Clear(PyObject *o, size_t n);

/* Defines name_dealloc, name_traverse and name_clear; last is the struct's last reference. */
#define ITER_REFS(name, Struct, last)                                                             \
	enum { name##_nrefs = (offsetof(Struct, last) - sizeof(PyObject)) / sizeof(void *) + 1 }; \
	static void name##_dealloc(PyObject *o)                                                   \
	{                                                                                         \
		_PyRefs_Dealloc(o, name##_nrefs);                                                 \
	}                                                                                         \
	static int name##_traverse(PyObject *o, visitproc visit, void *arg)                       \
	{                                                                                         \
		return _PyRefs_Traverse(o, name##_nrefs, visit, arg);                             \
	}                                                                                         \
	static int name##_clear(PyObject *o)                                                      \
	{                                                                                         \
		return _PyRefs_Clear(o, name##_nrefs);                                            \
	}

/* Defines the type of name_new, name_next, name_methods and what ITER_REFS made; further slots
 * may follow. The second form: with flags (subclasses are allowed or not), and with the references'
 * functions and the methods of other names. */
#define ITER_TYPE(Type, name, Struct, doc, ...)                                          \
	ITER_TYPE_OF(Type, name, Struct, Py_TPFLAGS_BASETYPE, name, name##_methods, doc, \
		     __VA_ARGS__)
#define ITER_TYPE_OF(Type, name, Struct, flags, refs, methods, doc, ...)                    \
	PyTypeObject Type = {PyVarObject_HEAD_INIT(&PyType_Type, 0),                        \
			     .tp_name = "itertools." #name,                                 \
			     .tp_basicsize = sizeof(Struct),                                \
			     .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | (flags), \
			     .tp_doc = doc,                                                 \
			     .tp_dealloc = refs##_dealloc,                                  \
			     .tp_free = PyObject_GC_Del,                                    \
			     .tp_traverse = refs##_traverse,                                \
			     .tp_clear = refs##_clear,                                      \
			     .tp_iter = PyObject_SelfIter,                                  \
			     .tp_iternext = name##_next,                                    \
			     .tp_new = name##_new,                                          \
			     .tp_methods = methods,                                         \
			     __VA_ARGS__};

#define ITER_REDUCE(name)                                                      \
	{                                                                      \
		"__reduce__", name##_reduce, METH_NOARGS, "Helper for pickle." \
	}
#define ITER_SETSTATE(name)                                                                      \
	{                                                                                        \
		"__setstate__", name##_setstate, METH_O, "Set state information for unpickling." \
	}

/* A count that a caller gives, as an int or by __index__; -1 also with an exception. */
Py_ssize_t _PyIter_Count(PyObject *o);
/* What __reduce__ gives; state NULL: none. args and state are released, args NULL fails. */
PyObject *_PyIter_Reduce(PyObject *o, PyObject *args);
PyObject *_PyIter_ReduceWith(PyObject *o, PyObject *args, PyObject *state);

#endif
