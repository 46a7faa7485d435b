/* SPDX-License-Identifier: BSD-2-Clause */
/* The callables of operator that remember what to get: operator_getters.c. */
#ifndef MINIPY_LIB_OPERATOR_H
#define MINIPY_LIB_OPERATOR_H

#include "core/object.h"

extern PyTypeObject _PyItemGetter_Type, _PyAttrGetter_Type, _PyMethodCaller_Type;

#endif
