/* SPDX-License-Identifier: BSD-2-Clause */
/* slice: start, stop, step as given (None where left out). */
#ifndef MINIPY_OBJECTS_SLICE_H
#define MINIPY_OBJECTS_SLICE_H

#include "core/object.h"

typedef struct {
	PyObject_HEAD PyObject *start, *stop, *step;
} PySliceObject;

extern PyTypeObject PySlice_Type;
#define PySlice_Check(o) Py_IS_TYPE(o, &PySlice_Type)

PyObject *PySlice_New(PyObject *start, PyObject *stop, PyObject *step); /* NULL = None */
/* Clipped to Py_ssize_t; -1 with the error set (step 0: ValueError). */
int PySlice_Unpack(PyObject *slice, Py_ssize_t *start, Py_ssize_t *stop, Py_ssize_t *step);
/* Fits start and stop to a sequence of that length: how many items the slice has. */
Py_ssize_t PySlice_AdjustIndices(Py_ssize_t length, Py_ssize_t *start, Py_ssize_t *stop,
				 Py_ssize_t step);
int PySlice_GetIndicesEx(PyObject *slice, Py_ssize_t length, Py_ssize_t *start, Py_ssize_t *stop,
			 Py_ssize_t *step, Py_ssize_t *slicelength);
/* An index or None as Py_ssize_t, clipped; None leaves *ret alone. 0 with the error set. */
int _PyEval_SliceIndex(PyObject *v, Py_ssize_t *ret);

#endif
