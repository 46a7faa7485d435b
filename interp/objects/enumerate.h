/* SPDX-License-Identifier: BSD-2-Clause */
/* enumerate, reversed, zip, map, filter: the iterators of the builtins module. */
#ifndef MINIPY_OBJECTS_ENUMERATE_H
#define MINIPY_OBJECTS_ENUMERATE_H

#include "core/object.h"

extern PyTypeObject PyEnum_Type, PyReversed_Type, PyZip_Type, PyMap_Type, PyFilter_Type;

#endif
