/* SPDX-License-Identifier: BSD-2-Clause */
/* C functions (builtin_function_or_method) and bound methods. */
#ifndef MINIPY_OBJECTS_METHOD_H
#define MINIPY_OBJECTS_METHOD_H

#include "core/object.h"

typedef struct {
	PyObject_HEAD PyMethodDef *m_ml;
	PyObject *m_self;          /* what is passed as self, or NULL */
	PyObject *m_module;        /* str: __module__, or NULL */
	vectorcallfunc vectorcall; /* by the flags; call it with the object itself */
} PyCFunctionObject;

typedef struct {
	PyObject_HEAD PyObject *im_func;
	PyObject *im_self;
} PyMethodObject;

extern PyTypeObject PyCFunction_Type, PyMethod_Type;
#define PyCFunction_Check(o)        Py_IS_TYPE(o, &PyCFunction_Type)
#define PyCFunction_GET_SELF(o)     (((PyCFunctionObject *)(o))->m_self)
#define PyCFunction_GET_FUNCTION(o) (((PyCFunctionObject *)(o))->m_ml->ml_meth)
#define PyMethod_Check(o)           Py_IS_TYPE(o, &PyMethod_Type)
#define PyMethod_GET_FUNCTION(o)    (((PyMethodObject *)(o))->im_func)
#define PyMethod_GET_SELF(o)        (((PyMethodObject *)(o))->im_self)

/* def must outlive the object; self and module (a str) may be NULL. */
PyObject *PyCFunction_NewEx(PyMethodDef *def, PyObject *self, PyObject *module);
#define PyCFunction_New(def, self) PyCFunction_NewEx((def), (self), NULL)
PyObject *PyMethod_New(PyObject *func, PyObject *self);

#endif
