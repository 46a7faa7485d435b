/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Type objects: how static ones are made ready, how classes are made, where attributes of types
 * are found. tp_dict changes only through this file's functions, or with PyType_Modified after.
 */
#ifndef MINIPY_OBJECTS_TYPE_H
#define MINIPY_OBJECTS_TYPE_H

#include "core/object.h"

#define PyType_Check(o)      PyType_HasFeature(Py_TYPE(o), Py_TPFLAGS_TYPE_SUBCLASS)
#define PyType_CheckExact(o) Py_IS_TYPE(o, &PyType_Type)
#define PyType_IS_GC(t)      PyType_HasFeature(t, Py_TPFLAGS_HAVE_GC)

/* Fills the slots and tp_dict of a static type from its tables and its bases. */
int PyType_Ready(PyTypeObject *type);
/* Gives the type and its subclasses new version tags (lazily). */
void PyType_Modified(PyTypeObject *type);
/* Makes sure that the type has a version tag; the tag. */
uint64_t _PyType_VersionTag(PyTypeObject *type);
/* The attribute found along the MRO, borrowed, NULL without exception when there is none. */
PyObject *_PyType_Lookup(PyTypeObject *type, PyObject *name);
PyObject *PyType_GenericAlloc(PyTypeObject *type, Py_ssize_t nitems); /* zeroed, tracked */
PyObject *PyType_GenericNew(PyTypeObject *type, PyObject *args, PyObject *kwargs);
/* type(name, bases, dict) with a metaclass; what __build_class__ calls goes through the metaclass
 * itself. The most derived metaclass of bases, borrowed, or NULL with TypeError. */
PyTypeObject *_PyType_CalculateMetaclass(PyTypeObject *metatype, PyObject *bases);
PyObject *_PyType_Name(PyTypeObject *type);       /* new str: __name__ */
PyObject *PyType_GetQualName(PyTypeObject *type); /* new */
PyObject *_PyType_Module(PyTypeObject *type);     /* new: __module__ */
PyObject *PyType_GetDict(PyTypeObject *type);     /* new reference to tp_dict */
/* Debug build: types that are no classes let go of all they have, at the very end. */
void _PyType_DropStatic(void);

/* types.SimpleNamespace */
extern PyTypeObject _PyNamespace_Type;
PyObject *_PyNamespace_New(PyObject *kwargs); /* dict or NULL */

#endif
