/* SPDX-License-Identifier: BSD-2-Clause */
/* Functions made by def and lambda. */
#ifndef MINIPY_OBJECTS_FUNCTION_H
#define MINIPY_OBJECTS_FUNCTION_H

#include "core/object.h"

typedef struct {
	PyObject_HEAD PyObject *func_code;
	PyObject *func_globals;
	PyObject *func_builtins; /* dict */
	PyObject *func_name, *func_qualname;
	PyObject *func_defaults;    /* tuple or NULL */
	PyObject *func_kwdefaults;  /* dict or NULL */
	PyObject *func_closure;     /* tuple of cells or NULL */
	PyObject *func_annotations; /* dict or NULL */
	PyObject *func_doc;
	PyObject *func_dict; /* or NULL */
	PyObject *func_module;
	PyObject *func_weakreflist; /* or NULL */
	/* Changes when code, defaults or kwdefaults change; never 0, never reused. */
	uint64_t func_version;
} PyFunctionObject;

extern PyTypeObject PyFunction_Type;
#define PyFunction_Check(o)        Py_IS_TYPE(o, &PyFunction_Type)
#define PyFunction_GET_CODE(o)     (((PyFunctionObject *)(o))->func_code)
#define PyFunction_GET_GLOBALS(o)  (((PyFunctionObject *)(o))->func_globals)
#define PyFunction_GET_DEFAULTS(o) (((PyFunctionObject *)(o))->func_defaults)
#define PyFunction_GET_CLOSURE(o)  (((PyFunctionObject *)(o))->func_closure)

PyObject *PyFunction_New(PyObject *code, PyObject *globals);
PyObject *PyFunction_NewWithQualName(PyObject *code, PyObject *globals, PyObject *qualname);
/* globals["__builtins__"] as a dict (a module's dict where it is a module), else the
 * interpreter's; borrowed. NULL with an exception. */
PyObject *_PyEval_BuiltinsFromGlobals(PyObject *globals);

/* vm/call.c: binds arguments, makes the frame, runs it. */
PyObject *_PyFunction_Vectorcall(PyObject *func, PyObject *const *args, size_t nargsf,
				 PyObject *kwnames);

#endif
