/* SPDX-License-Identifier: BSD-2-Clause */
/* What list's files share. */
#ifndef MINIPY_OBJECTS_LIST_PRIV_H
#define MINIPY_OBJECTS_LIST_PRIV_H

#include "objects/list.h"

/* Makes ob_size n and sees to room; items beyond the old size are not set. */
int _PyList_Resize(PyListObject *list, Py_ssize_t n);
/* Empties the list; destructors run after it is consistent. */
void _PyList_Clear(PyListObject *list);
void _PyList_Dealloc(PyObject *o);
/* list.sort(): key and reverse as given by the user (key may be None or NULL). */
int _PyList_SortBy(PyListObject *list, PyObject *key, int reverse);

#endif
