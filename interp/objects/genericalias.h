/* SPDX-License-Identifier: BSD-2-Clause */
/* list[int] and int | str. */
#ifndef MINIPY_OBJECTS_GENERICALIAS_H
#define MINIPY_OBJECTS_GENERICALIAS_H

#include "core/object.h"

extern PyTypeObject Py_GenericAliasType, _PyUnion_Type;

#define _PyGenericAlias_Check(o) PyObject_TypeCheck(o, &Py_GenericAliasType)

PyObject *Py_GenericAlias(PyObject *origin,
			  PyObject *args); /* args: a tuple, or the one argument */
/* Gives the built-in containers their __class_getitem__. 0 or -1. */
int _PyGenericAlias_Init(void);
/* The | of types: the union, or NotImplemented when one of them cannot be in one. */
PyObject *_Py_union_type_or(PyObject *a, PyObject *b);

/* The type variables among args, a tuple; in order, each once. */
PyObject *_Py_TypeParameters(PyObject *args);
/* args with parameters replaced by item's; all tuples but item. NULL with TypeError. */
PyObject *_Py_SubstituteParameters(PyObject *self, PyObject *args, PyObject *parameters,
				   PyObject *item);
/* An argument as it stands in list[...] or a | b. */
PyObject *_Py_TypeArgumentRepr(PyObject *arg);

#endif
