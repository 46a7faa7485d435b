/* SPDX-License-Identifier: BSD-2-Clause */
/* compile, eval, exec: source text at run time. */
#include "lib/lib.h"

#include "compiler/compiler.h"
#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bytes.h"
#include "objects/call.h"
#include "objects/code.h"
#include "objects/dict.h"
#include "objects/long.h"
#include "objects/names.h"
#include "objects/unicode.h"
#include "vm/call.h"

/* The text of a str or bytes-like; borrowed from it. NULL with TypeError or ValueError. */
static const char *source_text(PyObject *source, const char *fname, const char *what,
			       Py_ssize_t *len)
{
	const char *text;

	if (PyUnicode_Check(source))
		text = PyUnicode_AsUTF8AndSize(source, len);
	else if (!_PyBytes_View(source, &text, len)) {
		PyErr_Format(PyExc_TypeError, "%s() arg 1 must be a %s", fname, what);
		return NULL;
	}
	if (text && memchr(text, 0, (size_t)*len)) {
		PyErr_SetString(PyExc_SyntaxError, "source code string cannot contain null bytes");
		return NULL;
	}
	return text;
}

/* Flags that the running code's __future__ imports hand on. */
static int inherited_flags(void)
{
	PyFrameObject *f = PyThreadState_Get()->frame;

	return f ? f->f_code->co_flags & CO_FUTURE_ANNOTATIONS : 0;
}

static int compile_mode(PyObject *mode)
{
	static const struct {
		const char *name;
		int mode;
	} modes[] = {{"exec", PY_MODE_EXEC}, {"eval", PY_MODE_EVAL}, {"single", PY_MODE_SINGLE}};

	if (!PyUnicode_Check(mode)) {
		PyErr_Format(PyExc_TypeError, "compile() argument 'mode' must be str, not %.200s",
			     Py_TYPE(mode)->tp_name);
		return -1;
	}
	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++)
		if (_PyUnicode_EqualToASCIIString(mode, modes[i].name))
			return modes[i].mode;
	PyErr_SetString(PyExc_ValueError, "compile() mode must be 'exec', 'eval' or 'single'");
	return -1;
}

static PyObject *filename_object(PyObject *filename)
{
	const char *data;
	Py_ssize_t n;

	if (PyUnicode_Check(filename))
		return Py_NewRef(filename);
	if (_PyBytes_View(filename, &data, &n))
		return PyUnicode_DecodeFSDefaultAndSize(data, n);
	return PyErr_Format(PyExc_TypeError,
			    "expected str, bytes or os.PathLike object, not %.200s",
			    Py_TYPE(filename)->tp_name);
}

static PyObject *builtin_compile(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
				 PyObject *kwnames)
{
	static const char *const names[] = {"source",       "filename", "mode", "flags",
					    "dont_inherit", "optimize", NULL};
	static const struct PyArgSpec spec = {"compile", names, 0, 3, 6};
	PyObject *a[6];
	Py_ssize_t len;
	int flags = 0;

	if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0)
		return NULL;
	int mode = compile_mode(a[2]);

	if (mode < 0)
		return NULL;
	if (a[3]) {
		flags = _PyLong_AsInt(a[3]);
		if (flags == -1 && PyErr_Occurred())
			return NULL;
	}
	int alone = a[4] ? PyObject_IsTrue(a[4]) : 0;

	if (alone < 0)
		return NULL;
	if (!alone)
		flags |= inherited_flags();
	const char *text = source_text(a[0], "compile", "string, bytes or AST object", &len);
	PyObject *filename = text ? filename_object(a[1]) : NULL;

	if (!filename)
		return NULL;
	PyObject *code = (PyObject *)PyCompile_Source(text, len, filename, mode, flags);

	Py_DECREF(filename);
	return code;
}

/* globals and locals as eval() and exec() take them; borrowed, except *locals_new to be released.
 */
static int scopes(const char *fname, PyObject **globals, PyObject **locals, PyObject **locals_new)
{
	*locals_new = NULL;
	if (*globals && Py_IsNone(*globals))
		*globals = NULL;
	if (*locals && Py_IsNone(*locals))
		*locals = NULL;
	if (*globals && !PyDict_Check(*globals)) {
		PyErr_Format(PyExc_TypeError, "%s() globals must be a dict, not %.100s", fname,
			     Py_TYPE(*globals)->tp_name);
		return -1;
	}
	if (*locals && !PyMapping_Check(*locals)) {
		PyErr_Format(PyExc_TypeError, "%s() locals must be a mapping%s%.100s", fname,
			     strcmp(fname, "eval") == 0 ? "" : " or None, not ",
			     strcmp(fname, "eval") == 0 ? "" : Py_TYPE(*locals)->tp_name);
		return -1;
	}
	if (!*globals) {
		*globals = PyEval_GetGlobals();
		if (!*locals)
			*locals = *locals_new = PyEval_GetLocals();
		if (!*globals || !*locals)
			return -1;
	} else if (!*locals) {
		*locals = *globals;
	}
	if (!PyDict_GetItemWithError(*globals, _Py_ID(__builtins__)) &&
	    (PyErr_Occurred() ||
	     PyDict_SetItem(*globals, _Py_ID(__builtins__), PyEval_GetBuiltins()) < 0)) {
		Py_CLEAR(*locals_new);
		return -1;
	}
	return 0;
}

static PyObject *run_source(const char *fname, PyObject *source, PyObject *globals,
			    PyObject *locals)
{
	bool eval = strcmp(fname, "eval") == 0;
	Py_ssize_t len;

	if (PyCode_Check(source))
		return PyEval_EvalCode(source, globals, locals);
	const char *text = source_text(source, fname, "string, bytes or code object", &len);

	if (!text)
		return NULL;
	while (eval && len > 0 && (*text == ' ' || *text == '\t')) {
		text++;
		len--;
	}
	PyObject *filename = PyUnicode_FromString("<string>");
	PyObject *code = filename ? (PyObject *)PyCompile_Source(text, len, filename,
								 eval ? PY_MODE_EVAL : PY_MODE_EXEC,
								 inherited_flags())
				  : NULL;
	PyObject *result = code ? PyEval_EvalCode(code, globals, locals) : NULL;

	Py_XDECREF(code);
	Py_XDECREF(filename);
	return result;
}

static PyObject *builtin_eval(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	if (!PyArg_CheckPositional("eval", nargs, 1, 3))
		return NULL;
	PyObject *globals = nargs > 1 ? args[1] : NULL;
	PyObject *locals = nargs > 2 ? args[2] : NULL;
	PyObject *locals_new;

	if (scopes("eval", &globals, &locals, &locals_new) < 0)
		return NULL;
	PyObject *result = run_source("eval", args[0], globals, locals);

	Py_XDECREF(locals_new);
	return result;
}

static PyObject *builtin_exec(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
			      PyObject *kwnames)
{
	static const char *const names[] = {"source", "globals", "locals", "closure", NULL};
	static const struct PyArgSpec spec = {"exec", names, 3, 1, 3};
	PyObject *a[4];
	PyObject *locals_new;

	if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0 ||
	    scopes("exec", &a[1], &a[2], &locals_new) < 0)
		return NULL;
	PyObject *result = run_source("exec", a[0], a[1], a[2]);

	Py_XDECREF(locals_new);
	if (!result)
		return NULL;
	Py_DECREF(result);
	Py_RETURN_NONE;
}

PyMethodDef _PyBuiltin_CodeMethods[] = {
	{"compile", (PyCFunction)(void (*)(void))builtin_compile, METH_FASTCALL | METH_KEYWORDS,
	 "Compile source into a code object."},
	{"eval", (PyCFunction)(void (*)(void))builtin_eval, METH_FASTCALL,
	 "Evaluate the given source in the context of globals and locals."},
	{"exec", (PyCFunction)(void (*)(void))builtin_exec, METH_FASTCALL | METH_KEYWORDS,
	 "Execute the given source in the context of globals and locals."},
	{0},
};
