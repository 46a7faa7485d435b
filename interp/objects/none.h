/* SPDX-License-Identifier: BSD-2-Clause */
/* None, NotImplemented, Ellipsis: the objects are in core/object.h, these are their types. */
#ifndef MINIPY_OBJECTS_NONE_H
#define MINIPY_OBJECTS_NONE_H

#include "core/object.h"

extern PyTypeObject _PyNone_Type, _PyNotImplemented_Type, PyEllipsis_Type;

#endif
