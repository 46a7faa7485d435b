/* SPDX-License-Identifier: BSD-2-Clause */
/* Modules: a name and a dict. */
#ifndef MINIPY_OBJECTS_MODULE_H
#define MINIPY_OBJECTS_MODULE_H

#include "core/object.h"

typedef struct {
	PyObject_HEAD PyObject *md_dict;
	PyObject *md_name; /* as given at first; __name__ is in the dict */
	PyObject *md_weaklist;
} PyModuleObject;

extern PyTypeObject PyModule_Type;
#define PyModule_Check(o) PyObject_TypeCheck(o, &PyModule_Type)

PyObject *PyModule_New(const char *name);
PyObject *PyModule_NewObject(PyObject *name);
PyObject *PyModule_GetDict(PyObject *module); /* borrowed */
PyObject *PyModule_GetNameObject(PyObject *module);
int PyModule_AddObjectRef(PyObject *module, const char *name, PyObject *value);
/* The value is released, also on failure; NULL fails. */
int PyModule_Add(PyObject *module, const char *name, PyObject *value);
int PyModule_AddIntConstant(PyObject *module, const char *name, long value);
int PyModule_AddStringConstant(PyObject *module, const char *name, const char *value);
typedef struct {
	const char *name; /* NULL ends a table */
	long value;
} PyIntConstant;
int PyModule_AddIntConstants(PyObject *module, const PyIntConstant *constants);
/* Functions of a table that a NULL name ends; self of each is the module. */
int PyModule_AddFunctions(PyObject *module, PyMethodDef *functions);
/* Readies the type and adds it under the last part of its name. */
int PyModule_AddType(PyObject *module, PyTypeObject *type);

#endif
