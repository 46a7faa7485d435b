/* SPDX-License-Identifier: BSD-2-Clause */
/* Which part of a source line a traceback underlines. */
#ifndef MINIPY_LIB_ANCHORS_H
#define MINIPY_LIB_ANCHORS_H

#include "objects/code.h"

/* Columns in characters of the line, [start, end). The anchor (an operator, a subscript) is drawn
 * with ^ and the rest with ~; anchor_start < 0: none, all ^. */
struct PyCarets {
	Py_ssize_t start, end, anchor_start, anchor_end;
};

/* For the unit of the code, on that line whose text is given; false: nothing to underline. */
bool _PyCarets_Find(PyCodeObject *co, int unit, int lineno, PyObject *line, struct PyCarets *ret);

#endif
