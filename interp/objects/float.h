/* SPDX-License-Identifier: BSD-2-Clause */
/* float: a C double. Text is the shortest that reads back as the same double. */
#ifndef MINIPY_OBJECTS_FLOAT_H
#define MINIPY_OBJECTS_FLOAT_H

#include "core/object.h"

typedef struct {
	PyObject_HEAD double ob_fval;
} PyFloatObject;

extern PyTypeObject PyFloat_Type;
#define PyFloat_Check(o)      PyObject_TypeCheck(o, &PyFloat_Type)
#define PyFloat_CheckExact(o) Py_IS_TYPE(o, &PyFloat_Type)
#define PyFloat_AS_DOUBLE(o)  (((PyFloatObject *)(o))->ob_fval)

PyObject *PyFloat_FromDouble(double v);
PyObject *PyFloat_FromString(PyObject *o); /* str, bytes or bytearray */
double PyFloat_AsDouble(PyObject *o);      /* -1.0 with the error set; __float__, __index__ */
Py_hash_t _Py_HashDouble(PyObject *inst, double v); /* inst: hashed by address when v is nan */

/* The text of a double, NUL-terminated, to be released with PyMem_Free; NULL with MemoryError.
 * code: 'r' (shortest, precision 0), 'e' 'E' 'f' 'F' 'g' 'G'. */
enum { Py_DTSF_SIGN = 1, Py_DTSF_ADD_DOT_0 = 2, Py_DTSF_ALT = 4, Py_DTSF_NO_NEG_0 = 8 };
char *PyOS_double_to_string(double v, char code, int precision, int flags);
/* Reads a float as float() does, without spaces and underscores; *end gets where it stopped. No
 * number at all: -1.0 with ValueError. overflow is the type to raise, or NULL for inf. */
double PyOS_string_to_double(const char *text, char **end, PyObject *overflow);

/* Python's floor division and modulo; b must not be 0. */
void _PyFloat_DivMod(double a, double b, double *div, double *mod);

#endif
