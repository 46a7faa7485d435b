/* SPDX-License-Identifier: BSD-2-Clause */
/* Cells: a variable that functions share. */
#ifndef MINIPY_OBJECTS_CELL_H
#define MINIPY_OBJECTS_CELL_H

#include "core/object.h"

typedef struct {
	PyObject_HEAD PyObject *ob_ref; /* NULL: empty */
} PyCellObject;

extern PyTypeObject PyCell_Type;
#define PyCell_Check(o)  Py_IS_TYPE(o, &PyCell_Type)
#define PyCell_GET(c)    (((PyCellObject *)(c))->ob_ref)
#define PyCell_SET(c, v) ((void)(((PyCellObject *)(c))->ob_ref = (v)))

PyObject *PyCell_New(PyObject *content); /* may be NULL */
PyObject *PyCell_Get(PyObject *cell);    /* new reference or NULL, no exception when empty */
int PyCell_Set(PyObject *cell, PyObject *content);

#endif
