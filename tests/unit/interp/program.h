/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests that run Python text: a started interpreter, globals of their own, results by name. */
#ifndef MINIPY_TESTS_PROGRAM_H
#define MINIPY_TESTS_PROGRAM_H

#include "world.h"

#include "compiler/compiler.h"
#include "lib/lib.h"
#include "vm/call.h"

static inline int program_setup(void **state)
{
	char here;

	if (PyInterp_Init((uintptr_t)&here - ((uintptr_t)6 << 20)) < 0)
		return -1;
	return 0;
}

/* Runs the text as a module; its globals (new dict), NULL with the exception pending. */
static inline PyObject *program_try(const char *text)
{
	PyObject *globals = PyDict_New();
	PyObject *filename = PyUnicode_FromString("<test>");
	PyObject *code = (PyObject *)PyCompile_Source(text, (Py_ssize_t)strlen(text), filename,
						      PY_MODE_EXEC, 0);
	PyObject *result;

	PyDict_SetItemString(globals, "__builtins__", PyThreadState_Get()->interp->builtins);
	result = code ? PyEval_EvalCode(code, globals, globals) : NULL;
	Py_XDECREF(code);
	Py_DECREF(filename);
	if (!result)
		Py_CLEAR(globals);
	Py_XDECREF(result);
	return globals;
}

static inline PyObject *program_run(const char *text)
{
	PyObject *globals = program_try(text);

	if (!globals)
		PyErr_DisplayException(PyThreadState_Get()->current_exception);
	assert_non_null(globals);
	return globals;
}

/* Runs the text; repr(result) of its global `result` must be the one given. */
static inline void assert_result(const char *text, const char *expected)
{
	PyObject *globals = program_run(text);
	PyObject *result = PyDict_GetItemString(globals, "result");

	assert_non_null(result);
	assert_repr(Py_NewRef(result), expected);
	Py_DECREF(globals);
}

/* Runs the text, which must raise. */
static inline void assert_program_raises(const char *text, PyObject *type, const char *message)
{
	PyObject *globals = program_try(text);

	assert_null(globals);
	assert_raised(type, message);
}

#endif
