/* SPDX-License-Identifier: BSD-2-Clause */
#include "objects/warn.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/call.h"
#include "objects/long.h"
#include "objects/unicode.h"

#include <stdarg.h>

PyObject *(*_PyModule_import_hook)(const char *name); /* NULL: nothing is imported yet */

static PyObject *function_of_warnings(const char *name)
{
	PyObject *module = _PyModule_import_hook("warnings");
	PyObject *function = module ? PyObject_GetAttrString(module, name) : NULL;

	Py_XDECREF(module);
	return function;
}

static int warn(PyObject *category, PyObject *text, Py_ssize_t stacklevel)
{
	PyObject *function = text ? function_of_warnings("warn") : NULL;
	PyObject *level = function ? PyLong_FromSsize_t(stacklevel) : NULL;
	PyObject *result =
		level ? PyObject_CallFunctionObjArgs(function, text, category, level, NULL) : NULL;

	Py_XDECREF(function);
	Py_XDECREF(level);
	Py_XDECREF(result);
	return result ? 0 : -1;
}

int PyErr_WarnFormat(PyObject *category, Py_ssize_t stacklevel, const char *format, ...)
{
	va_list va;

	va_start(va, format);
	PyObject *text = PyUnicode_FromFormatV(format, va);

	va_end(va);
	int status = _PyModule_import_hook ? warn(category, text, stacklevel) : 0;

	Py_XDECREF(text);
	return status;
}

int PyErr_WarnEx(PyObject *category, const char *text, Py_ssize_t stacklevel)
{
	return PyErr_WarnFormat(category, stacklevel, "%s", text);
}

int PyErr_WarnExplicitObject(PyObject *category, PyObject *message, PyObject *filename, int lineno)
{
	if (!_PyModule_import_hook)
		return 0;
	PyObject *function = function_of_warnings("warn_explicit");
	PyObject *line = function ? PyLong_FromLong(lineno) : NULL;
	PyObject *result = line ? PyObject_CallFunctionObjArgs(function, message, category,
							       filename, line, NULL)
				: NULL;

	Py_XDECREF(function);
	Py_XDECREF(line);
	Py_XDECREF(result);
	return result ? 0 : -1;
}
