/* SPDX-License-Identifier: BSD-2-Clause */
/* Interned strings that C code uses, made once at start: _Py_ID(__init__) is a borrowed str. */
#ifndef MINIPY_OBJECTS_NAMES_H
#define MINIPY_OBJECTS_NAMES_H

#include "core/object.h"

struct _Py_names {
#define NAME(n) PyObject *id_##n;
#include "objects/names.def"
#undef NAME
	PyObject *empty; /* "" */
};
extern struct _Py_names _Py_names;
#define _Py_ID(n) (_Py_names.id_##n)

#endif
