/* SPDX-License-Identifier: BSD-2-Clause */
/* property, classmethod, staticmethod. */
#ifndef MINIPY_OBJECTS_PROPERTY_H
#define MINIPY_OBJECTS_PROPERTY_H

#include "core/object.h"

extern PyTypeObject PyProperty_Type, PyClassMethod_Type, PyStaticMethod_Type;
/* The function behind reading it: borrowed, NULL when there is none. */
PyObject *_PyProperty_Getter(PyObject *property);
PyObject *PyClassMethod_New(PyObject *callable);
PyObject *PyStaticMethod_New(PyObject *callable);

#endif
