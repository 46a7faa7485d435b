/* SPDX-License-Identifier: BSD-2-Clause */
/* What float's files share. */
#ifndef MINIPY_OBJECTS_FLOAT_PRIV_H
#define MINIPY_OBJECTS_FLOAT_PRIV_H

#include "objects/float.h"

void _PyFloat_Dealloc(PyObject *o);
/* The number that is all of text[0, n) but for spaces; false without an exception when it is none.
 */
bool _PyFloat_Parse(const char *text, Py_ssize_t n, double *ret);
/* Slots; an int is taken too. */
PyObject *_PyFloat_Add(PyObject *a, PyObject *b);
PyObject *_PyFloat_Subtract(PyObject *a, PyObject *b);
PyObject *_PyFloat_Multiply(PyObject *a, PyObject *b);
PyObject *_PyFloat_TrueDivide(PyObject *a, PyObject *b);
PyObject *_PyFloat_FloorDivide(PyObject *a, PyObject *b);
PyObject *_PyFloat_Remainder(PyObject *a, PyObject *b);
PyObject *_PyFloat_Divmod(PyObject *a, PyObject *b);
PyObject *_PyFloat_Power(PyObject *a, PyObject *b, PyObject *mod);
PyObject *_PyFloat_RichCompare(PyObject *a, PyObject *b, int op);
PyObject *_PyFloat_Round(double v, PyObject *ndigits); /* ndigits NULL: an int */

#endif
