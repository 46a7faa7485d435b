/* SPDX-License-Identifier: BSD-2-Clause */
/* bool: the ints 1 and 0 with a name; two static objects. */
#ifndef MINIPY_OBJECTS_BOOL_H
#define MINIPY_OBJECTS_BOOL_H

#include "objects/long.h"

extern PyTypeObject PyBool_Type;
extern PyLongObject _Py_FalseStruct, _Py_TrueStruct;
#define Py_False        ((PyObject *)&_Py_FalseStruct)
#define Py_True         ((PyObject *)&_Py_TrueStruct)
#define PyBool_Check(o) Py_IS_TYPE(o, &PyBool_Type)
#define Py_IsTrue(o)    ((o) == Py_True)
#define Py_IsFalse(o)   ((o) == Py_False)
#define Py_RETURN_TRUE  return Py_NewRef(Py_True)
#define Py_RETURN_FALSE return Py_NewRef(Py_False)
static inline PyObject *PyBool_FromLong(long v)
{
	return Py_NewRef(v ? Py_True : Py_False);
}

#endif
