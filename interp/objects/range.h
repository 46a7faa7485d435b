/* SPDX-License-Identifier: BSD-2-Clause */
/* range: four ints, so that it has no limits; iteration over what fits int64 needs no objects. */
#ifndef MINIPY_OBJECTS_RANGE_H
#define MINIPY_OBJECTS_RANGE_H

#include "core/object.h"

typedef struct {
	PyObject_HEAD PyObject *start, *stop, *step, *length; /* ints */
} PyRangeObject;

/* The next value is start; len values are left. */
typedef struct {
	PyObject_HEAD int64_t start, step, len;
} _PyRangeIterObject;

extern PyTypeObject PyRange_Type, PyRangeIter_Type, PyLongRangeIter_Type;
#define PyRange_Check(o) Py_IS_TYPE(o, &PyRange_Type)

#endif
