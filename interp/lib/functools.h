/* SPDX-License-Identifier: BSD-2-Clause */
/* The types of _functools. */
#ifndef MINIPY_LIB_FUNCTOOLS_H
#define MINIPY_LIB_FUNCTOOLS_H

#include "core/object.h"

extern PyTypeObject _PyPartial_Type, _PyLruCache_Type, _PyLruLink_Type;

#endif
