/* SPDX-License-Identifier: BSD-2-Clause */
/* super(). */
#ifndef MINIPY_OBJECTS_SUPER_H
#define MINIPY_OBJECTS_SUPER_H

#include "core/object.h"

extern PyTypeObject PySuper_Type;
/* What super() without arguments means in the running frame: 0 with both borrowed out pointers set,
 * or -1 with RuntimeError. Set by vm, which knows frames. */
extern int (*_Py_super_args_hook)(PyTypeObject **type, PyObject **obj);

#endif
