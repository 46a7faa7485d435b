/* SPDX-License-Identifier: BSD-2-Clause */
/* The TypeErrors of calls whose arguments do not fit. */
#include "vm/argerrors.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/list.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

/* 'a', 'b', and 'c'; new reference. */
static PyObject *name_list(PyObject *names)
{
	Py_ssize_t n = PyList_GET_SIZE(names);
	PyObject *text = PyUnicode_FromString("");

	for (Py_ssize_t i = 0; text && i < n; i++) {
		const char *joint = i == 0 ? "" : i < n - 1 ? ", " : n == 2 ? " and " : ", and ";
		PyObject *next =
			PyUnicode_FromFormat("%U%s%R", text, joint, PyList_GET_ITEM(names, i));

		Py_SETREF(text, next);
	}
	return text;
}

/* The names of the empty parameter slots in [from, to); new list. */
static PyObject *empty_parameters(PyFrameObject *f, Py_ssize_t from, Py_ssize_t to)
{
	PyObject *names = PyList_New(0);

	for (Py_ssize_t i = from; names && i < to; i++)
		if (!f->f_localsplus[i] &&
		    PyList_Append(names, PyTuple_GET_ITEM(f->f_code->co_localsplusnames, i)) < 0)
			Py_CLEAR(names);
	return names;
}

static int missing(PyFunctionObject *func, PyFrameObject *f, Py_ssize_t from, Py_ssize_t to,
		   const char *kind)
{
	PyObject *names = empty_parameters(f, from, to);
	PyObject *text = names ? name_list(names) : NULL;

	if (text) {
		Py_ssize_t n = PyList_GET_SIZE(names);

		PyErr_Format(PyExc_TypeError, "%U() missing %zd required %s argument%s: %U",
			     func->func_qualname, n, kind, n == 1 ? "" : "s", text);
	}
	Py_XDECREF(text);
	Py_XDECREF(names);
	return -1;
}

int _PyArg_MissingPositional(PyFunctionObject *func, PyFrameObject *f, Py_ssize_t required)
{
	return missing(func, f, 0, required, "positional");
}

int _PyArg_MissingKeywordOnly(PyFunctionObject *func, PyFrameObject *f)
{
	PyCodeObject *co = f->f_code;

	return missing(func, f, co->co_argcount, co->co_argcount + co->co_kwonlyargcount,
		       "keyword-only");
}

int _PyArg_TooManyPositional(PyFunctionObject *func, PyFrameObject *f, Py_ssize_t given)
{
	PyCodeObject *co = f->f_code;
	Py_ssize_t n_defaults = func->func_defaults ? PyTuple_GET_SIZE(func->func_defaults) : 0;
	Py_ssize_t most = co->co_argcount;
	int keyword_only = 0;
	char takes[64];
	char also[64] = "";

	for (int i = co->co_argcount; i < co->co_argcount + co->co_kwonlyargcount; i++)
		keyword_only += f->f_localsplus[i] != NULL;
	if (n_defaults)
		snprintf(takes, sizeof(takes), "from %zd to %zd", most - n_defaults, most);
	else
		snprintf(takes, sizeof(takes), "%zd", most);
	if (keyword_only)
		snprintf(also, sizeof(also),
			 " positional argument%s (and %d keyword-only argument%s)",
			 given == 1 ? "" : "s", keyword_only, keyword_only == 1 ? "" : "s");
	PyErr_Format(PyExc_TypeError, "%U() takes %s positional argument%s but %zd%s %s given",
		     func->func_qualname, takes, most == 1 && !n_defaults ? "" : "s", given, also,
		     given == 1 && !keyword_only ? "was" : "were");
	return -1;
}

/* The positional-only parameters among the keywords: ", "-joined, new reference; "" when none. */
static PyObject *posonly_among(PyCodeObject *co, PyObject *kwnames)
{
	PyObject *text = PyUnicode_FromString("");

	for (int i = 0; text && i < co->co_posonlyargcount; i++) {
		PyObject *name = PyTuple_GET_ITEM(co->co_localsplusnames, i);

		if (PySequence_Contains(kwnames, name) == 1)
			Py_SETREF(text, PyUnicode_FromFormat("%U%s%U", text,
							     PyUnicode_GET_LENGTH(text) ? ", " : "",
							     name));
	}
	return text;
}

int _PyArg_UnexpectedKeyword(PyFunctionObject *func, PyObject *keyword, PyObject *kwnames)
{
	PyObject *posonly = posonly_among((PyCodeObject *)func->func_code, kwnames);

	if (posonly && PyUnicode_GET_LENGTH(posonly))
		PyErr_Format(
			PyExc_TypeError,
			"%U() got some positional-only arguments passed as keyword arguments: '%U'",
			func->func_qualname, posonly);
	else if (posonly)
		PyErr_Format(PyExc_TypeError, "%U() got an unexpected keyword argument '%S'",
			     func->func_qualname, keyword);
	Py_XDECREF(posonly);
	return -1;
}
