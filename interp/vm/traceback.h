/* SPDX-License-Identifier: BSD-2-Clause */
/* Traceback objects: where an exception has passed, outermost frame first. */
#ifndef MINIPY_VM_TRACEBACK_H
#define MINIPY_VM_TRACEBACK_H

#include "vm/frame.h"

typedef struct _traceback {
	PyObject_HEAD struct _traceback *tb_next;
	PyFrameObject *tb_frame;
	int tb_lasti; /* unit */
	int tb_lineno;
} PyTracebackObject;

extern PyTypeObject PyTraceBack_Type;
#define PyTraceBack_Check(o) Py_IS_TYPE(o, &PyTraceBack_Type)

/* The pending exception passes through f. Without memory for it the exception goes on alone. */
void PyTraceBack_Here(PyFrameObject *f);

#endif
