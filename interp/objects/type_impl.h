/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files that make up types share among themselves. */
#ifndef MINIPY_OBJECTS_TYPE_IMPL_H
#define MINIPY_OBJECTS_TYPE_IMPL_H

#include "core/object.h"

/* type.c */
PyTypeObject *_PyType_Subclass(PyTypeObject *type, Py_ssize_t i); /* borrowed */
int _PyType_AddSubclass(PyTypeObject *base, PyTypeObject *type);
void _PyType_RemoveSubclass(PyTypeObject *base, PyTypeObject *type);
PyObject *_PyType_DictGet(PyObject *dict, PyObject *name); /* borrowed, no exception */
/* The global namespace that runs now, borrowed, or NULL; set by vm. */
extern PyObject *(*_Py_globals_hook)(void);

/* type_mro.c */
int _PyType_ComputeMro(PyTypeObject *type); /* fills tp_mro from tp_bases */
/* The base whose instances' layout type extends; borrowed, NULL with TypeError. */
PyTypeObject *_PyType_BestBase(PyObject *bases);

/* type_new.c */
PyObject *_PyType_New(PyTypeObject *metatype, PyObject *args, PyObject *kwargs);
void _PyType_SubtypeDealloc(PyObject *self);
int _PyType_SubtypeTraverse(PyObject *self, visitproc visit, void *arg);
int _PyType_SubtypeClear(PyObject *self);

/* type_bases.c: what an assignment to __bases__ does; 0 or -1 */
int _PyType_SetBases(PyTypeObject *type, PyObject *bases);

/* type_call.c */
PyObject *_PyType_Vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
			     PyObject *kwnames);
int _PyType_AddNew(PyTypeObject *type); /* __new__ of a C type */
PyTypeObject *_PyType_NewOrigin(
	PyObject *function); /* the type that such a __new__ is of, or NULL */

/* baseobject.c */
PyObject *_PyObject_New3(PyTypeObject *type, PyObject *args, PyObject *kwargs);
int _PyObject_Init3(PyObject *self, PyObject *args, PyObject *kwargs);
/* Whether an instance of one can become one of the other. */
bool _PyType_SameLayout(PyTypeObject *a, PyTypeObject *b);
int _PyType_CheckAbstract(PyTypeObject *type); /* -1 with TypeError */

#endif
