/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptors that PyType_Ready makes of the tables of C types, and mappingproxy. */
#ifndef MINIPY_OBJECTS_DESCR_H
#define MINIPY_OBJECTS_DESCR_H

#include "core/object.h"

/* PyMemberDef.type */
enum {
	Py_T_INT,
	Py_T_UINT,
	Py_T_LONG,
	Py_T_PYSSIZET,
	Py_T_BOOL,   /* char */
	Py_T_BYTE,   /* signed char */
	Py_T_STRING, /* const char *, read only */
	Py_T_DOUBLE,
	Py_T_OBJECT,    /* NULL reads as None */
	Py_T_OBJECT_EX, /* NULL reads as AttributeError */
};
#define Py_READONLY 1

typedef struct {
	PyObject_HEAD PyTypeObject *d_type;
	PyObject *d_name;
} PyDescrObject;
typedef struct {
	PyDescrObject d;
	PyMethodDef *d_method;
	vectorcallfunc vectorcall; /* by the method's flags */
} PyMethodDescrObject;
typedef struct {
	PyDescrObject d;
	PyMemberDef *d_member;
} PyMemberDescrObject;
typedef struct {
	PyDescrObject d;
	PyGetSetDef *d_getset;
} PyGetSetDescrObject;

extern PyTypeObject PyMethodDescr_Type, PyClassMethodDescr_Type, PyMemberDescr_Type,
	PyGetSetDescr_Type, PyWrapperDescr_Type, PyMethodWrapper_Type, PyDictProxy_Type;

PyObject *PyDescr_NewMethod(PyTypeObject *type, PyMethodDef *def);
PyObject *PyDescr_NewClassMethod(PyTypeObject *type, PyMethodDef *def);
PyObject *PyDescr_NewMember(PyTypeObject *type, PyMemberDef *def);
PyObject *PyDescr_NewGetSet(PyTypeObject *type, PyGetSetDef *def);
PyObject *PyDictProxy_New(PyObject *mapping);

/* One member of a C struct, as member descriptors read and write it. */
PyObject *PyMember_GetOne(const char *base, PyMemberDef *def);
int PyMember_SetOne(char *base, PyMemberDef *def, PyObject *value);

/* Data descriptors win over the instance's dict. */
#define PyDescr_IsData(o) (Py_TYPE(o)->tp_descr_set != NULL)

#endif
