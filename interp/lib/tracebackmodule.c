/* SPDX-License-Identifier: BSD-2-Clause */
/* The _traceback module: what traceback.py takes from the printer of uncaught exceptions, so that
 * both say the same. */
#include "lib/lib.h"

#include "core/errors.h"
#include "lib/anchors.h"
#include "objects/abstract.h"
#include "objects/call.h"
#include "objects/code.h"
#include "objects/long.h"
#include "objects/module.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

/* source_line(filename, line): the text without its newline, or None */
static PyObject *source_line(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	if (!PyArg_CheckPositional("source_line", nargs, 2, 2))
		return NULL;
	int line = _PyLong_AsInt(args[1]);

	if (line == -1 && PyErr_Occurred())
		return NULL;
	PyObject *text =
		PyUnicode_Check(args[0]) && line > 0 ? _PySource_Line(args[0], line) : NULL;

	if (!text && PyErr_Occurred())
		return NULL;
	return text ? text : Py_NewRef(Py_None);
}

/* carets(code, lasti, line, text): (start, end, anchor start, anchor end) in characters, or None */
static PyObject *carets(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	struct PyCarets c;

	if (!PyArg_CheckPositional("carets", nargs, 4, 4))
		return NULL;
	if (!PyCode_Check(args[0]) || !PyUnicode_Check(args[3]))
		return PyErr_Format(PyExc_TypeError, "carets() needs a code object and a str");
	int lasti = _PyLong_AsInt(args[1]), line = _PyLong_AsInt(args[2]);

	if (PyErr_Occurred())
		return NULL;
	if (lasti < 0 || lasti / 2 >= ((PyCodeObject *)args[0])->co_nunits ||
	    !_PyCarets_Find((PyCodeObject *)args[0], lasti / 2, line, args[3], &c))
		Py_RETURN_NONE;
	return _PyTuple_OF(PyLong_FromSsize_t(c.start), PyLong_FromSsize_t(c.end),
			   PyLong_FromSsize_t(c.anchor_start), PyLong_FromSsize_t(c.anchor_end));
}

/* write_syntax_place(file, exc): the lines of a SyntaxError before its message */
static PyObject *write_syntax_place(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	if (!PyArg_CheckPositional("write_syntax_place", nargs, 2, 2))
		return NULL;
	if (!PyErr_GivenExceptionMatches(args[1], PyExc_SyntaxError))
		return PyErr_Format(PyExc_TypeError, "not a SyntaxError");
	if (_PyErr_WriteSyntaxPlace(args[0], args[1]) < 0)
		return NULL;
	Py_RETURN_NONE;
}

/* remember(filename, text): a source that has no file */
static PyObject *remember(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	if (!PyArg_CheckPositional("remember", nargs, 2, 2))
		return NULL;
	if (_PySource_Remember(args[0], args[1]) < 0)
		return NULL;
	Py_RETURN_NONE;
}

#define FAST(f) ((PyCFunction)(void (*)(void))(f))

static PyMethodDef traceback_methods[] = {
	{"source_line", FAST(source_line), METH_FASTCALL, NULL},
	{"carets", FAST(carets), METH_FASTCALL, NULL},
	{"write_syntax_place", FAST(write_syntax_place), METH_FASTCALL, NULL},
	{"remember", FAST(remember), METH_FASTCALL, NULL},
	{0},
};

PyObject *_PyTracebackModule_Init(void)
{
	PyObject *module = PyModule_New("_traceback");

	if (module && PyModule_AddFunctions(module, traceback_methods) < 0)
		Py_CLEAR(module);
	return module;
}
