/* SPDX-License-Identifier: BSD-2-Clause */
/* How C functions read their arguments, with CPython's words for what is wrong. */
#include "core/errors.h"
#include "objects/call.h"
#include "objects/dict.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

#include <stdarg.h>

static const char *plural(Py_ssize_t n)
{
	return n == 1 ? "" : "s";
}

bool PyArg_CheckPositional(const char *fname, Py_ssize_t nargs, Py_ssize_t min, Py_ssize_t max)
{
	Py_ssize_t limit = nargs < min ? min : max;

	if (nargs >= min && nargs <= max)
		return true;
	PyErr_Format(PyExc_TypeError, "%.200s expected %s%zd argument%s, got %zd", fname,
		     min == max    ? ""
		     : nargs < min ? "at least "
				   : "at most ",
		     limit, plural(limit), nargs);
	return false;
}

bool PyArg_UnpackFast(const char *fname, PyObject *const *args, Py_ssize_t nargs, Py_ssize_t min,
		      Py_ssize_t max, PyObject **out)
{
	if (!PyArg_CheckPositional(fname, nargs, min, max))
		return false;
	for (Py_ssize_t i = 0; i < max; i++)
		out[i] = i < nargs ? args[i] : NULL;
	return true;
}

int PyArg_UnpackTuple(PyObject *args, const char *fname, Py_ssize_t min, Py_ssize_t max, ...)
{
	Py_ssize_t n = PyTuple_GET_SIZE(args);
	va_list va;

	if (!PyArg_CheckPositional(fname, n, min, max))
		return 0;
	va_start(va, max);
	for (Py_ssize_t i = 0; i < n; i++)
		*va_arg(va, PyObject **) = PyTuple_GET_ITEM(args, i);
	va_end(va);
	return 1;
}

bool PyArg_NoKeywords(const char *fname, PyObject *kwargs)
{
	if (!kwargs || PyDict_GET_SIZE(kwargs) == 0)
		return true;
	PyErr_Format(PyExc_TypeError, "%.200s() takes no keyword arguments", fname);
	return false;
}

bool PyArg_NoKwnames(const char *fname, PyObject *kwnames)
{
	if (!kwnames || PyTuple_GET_SIZE(kwnames) == 0)
		return true;
	PyErr_Format(PyExc_TypeError, "%.200s() takes no keyword arguments", fname);
	return false;
}

static int count_names(const struct PyArgSpec *spec)
{
	int n = 0;

	while (spec->names[n])
		n++;
	return n;
}

/* More arguments than there are names, else more by position than may be. */
static int too_many(const struct PyArgSpec *spec, int n, Py_ssize_t nargs, Py_ssize_t nkeywords)
{
	bool in_all = nargs + nkeywords > n, fixed = spec->posonly == n || !in_all;
	Py_ssize_t given = in_all ? nargs + nkeywords : nargs;
	int limit = in_all ? n : spec->max_pos;
	const char *kind = !in_all                           ? "positional "
			   : nargs == 0 && spec->posonly < n ? "keyword "
							     : "";

	if (n == 0)
		PyErr_Format(PyExc_TypeError, "%.200s() takes no arguments (%zd given)",
			     spec->fname, given);
	else if (limit == 0)
		PyErr_Format(PyExc_TypeError, "%.200s() takes no positional arguments",
			     spec->fname);
	else
		PyErr_Format(PyExc_TypeError, "%.200s() takes %s %d %sargument%s (%zd given)",
			     spec->fname, fixed && spec->required >= limit ? "exactly" : "at most",
			     limit, kind, plural(limit), given);
	return -1;
}

/* Where a keyword goes, -1 when nowhere, -2 with TypeError. */
static int place(const struct PyArgSpec *spec, int n, PyObject *key)
{
	if (!PyUnicode_Check(key)) {
		PyErr_SetString(PyExc_TypeError, "keywords must be strings");
		return -2;
	}
	for (int i = spec->posonly; i < n; i++)
		if (_PyUnicode_EqualToASCIIString(key, spec->names[i]))
			return i;
	return -1;
}

static int missing(const struct PyArgSpec *spec, int i, Py_ssize_t nargs)
{
	if (i < spec->posonly)
		PyErr_Format(PyExc_TypeError,
			     "%.200s() takes %s %d positional argument%s (%zd given)", spec->fname,
			     spec->required == spec->max_pos ? "exactly" : "at least",
			     spec->required, plural(spec->required), nargs);
	else
		PyErr_Format(PyExc_TypeError, "%.200s() missing required argument '%s' (pos %d)",
			     spec->fname, spec->names[i], i + 1);
	return -1;
}

/* Stores one keyword's value; the first that is none of the names is remembered. */
static int take(const struct PyArgSpec *spec, int n, PyObject *key, PyObject *value, PyObject **out,
		PyObject **unknown)
{
	int i = place(spec, n, key);

	if (i == -1 && !*unknown)
		*unknown = key;
	if (i < 0)
		return i + 1;
	if (out[i]) {
		PyErr_Format(PyExc_TypeError,
			     "argument for %.200s() given by name ('%s') and position (%d)",
			     spec->fname, spec->names[i], i + 1);
		return -1;
	}
	out[i] = value;
	return 0;
}

static int begin(const struct PyArgSpec *spec, int n, PyObject *const *args, Py_ssize_t nargs,
		 Py_ssize_t nkeywords, PyObject **out)
{
	if (nargs > spec->max_pos || nargs + nkeywords > n)
		return too_many(spec, n, nargs, nkeywords);
	for (int i = 0; i < n; i++)
		out[i] = i < nargs ? args[i] : NULL;
	return 0;
}

static int finish(const struct PyArgSpec *spec, Py_ssize_t nargs, PyObject **out, PyObject *unknown)
{
	for (int i = 0; i < spec->required; i++)
		if (!out[i])
			return missing(spec, i, nargs);
	if (!unknown)
		return 0;
	PyErr_Format(PyExc_TypeError, "'%U' is an invalid keyword argument for %.200s()", unknown,
		     spec->fname);
	return -1;
}

int PyArg_Parse(const struct PyArgSpec *spec, PyObject *const *args, Py_ssize_t nargs,
		PyObject *kwnames, PyObject **out)
{
	Py_ssize_t nkeywords = kwnames ? PyTuple_GET_SIZE(kwnames) : 0;
	int n = count_names(spec);
	PyObject *unknown = NULL;

	if (begin(spec, n, args, nargs, nkeywords, out) < 0)
		return -1;
	for (Py_ssize_t i = 0; i < nkeywords; i++)
		if (take(spec, n, PyTuple_GET_ITEM(kwnames, i), args[nargs + i], out, &unknown) < 0)
			return -1;
	return finish(spec, nargs, out, unknown);
}

int PyArg_ParseDict(const struct PyArgSpec *spec, PyObject *args, PyObject *kwargs, PyObject **out)
{
	Py_ssize_t nargs = PyTuple_GET_SIZE(args), pos = 0;
	int n = count_names(spec);
	PyObject *key, *value, *unknown = NULL;

	if (begin(spec, n, ((PyTupleObject *)args)->ob_item, nargs,
		  kwargs ? PyDict_GET_SIZE(kwargs) : 0, out) < 0)
		return -1;
	while (kwargs && PyDict_Next(kwargs, &pos, &key, &value))
		if (take(spec, n, key, value, out, &unknown) < 0)
			return -1;
	return finish(spec, nargs, out, unknown);
}
