/* SPDX-License-Identifier: BSD-2-Clause */
/* complex: two doubles. */
#ifndef MINIPY_OBJECTS_COMPLEX_H
#define MINIPY_OBJECTS_COMPLEX_H

#include "core/object.h"

typedef struct {
	double real, imag;
} Py_complex;

typedef struct {
	PyObject_HEAD Py_complex cval;
} PyComplexObject;

extern PyTypeObject PyComplex_Type;
#define PyComplex_Check(o)      PyObject_TypeCheck(o, &PyComplex_Type)
#define PyComplex_CheckExact(o) Py_IS_TYPE(o, &PyComplex_Type)

PyObject *PyComplex_FromDoubles(double real, double imag);
PyObject *PyComplex_FromCComplex(Py_complex v);
double PyComplex_RealAsDouble(PyObject *o);
double PyComplex_ImagAsDouble(PyObject *o);
Py_complex PyComplex_AsCComplex(PyObject *o); /* real -1.0 with the error set */

#endif
