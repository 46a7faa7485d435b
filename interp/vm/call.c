/* SPDX-License-Identifier: BSD-2-Clause */
/* Calling Python functions: arguments into a new frame, then the frame's eval call. */
#include "vm/call.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bytes.h"
#include "objects/call.h"
#include "objects/cell.h"
#include "objects/dict.h"
#include "objects/function.h"
#include "objects/list.h"
#include "objects/super.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/type_impl.h"
#include "objects/unicode.h"
#include "vm/argerrors.h"
#include "vm/generator.h"
#include "vm/traceback.h"

/* Runs the frame and lets go of it. A generator's frame lives on in the generator. */
static PyObject *run_frame(PyFrameObject *f)
{
	PyObject *result = PyEval_EvalFrame(f, 0);

	_PyFrame_Finish(f);
	return result;
}

/* -- binding arguments
 * ----------------------------------------------------------------------------- */
/* The parameter slot that the keyword names: index, -1 none, -2 error. */
static Py_ssize_t find_parameter(PyCodeObject *co, PyObject *keyword)
{
	PyObject *names = co->co_localsplusnames;
	Py_ssize_t n = (Py_ssize_t)co->co_argcount + co->co_kwonlyargcount;

	for (Py_ssize_t i = co->co_posonlyargcount; i < n; i++)
		if (PyTuple_GET_ITEM(names, i) == keyword)
			return i;
	for (Py_ssize_t i = co->co_posonlyargcount; i < n; i++) {
		int same = PyObject_RichCompareBool(keyword, PyTuple_GET_ITEM(names, i), Py_EQ);

		if (same)
			return same < 0 ? -2 : i;
	}
	return -1;
}

/* Keyword arguments into their slots, the unknown ones into kwdict (NULL: they are errors). */
static int bind_keywords(PyFunctionObject *func, PyFrameObject *f, PyObject *const *values,
			 PyObject *kwnames, PyObject *kwdict)
{
	PyCodeObject *co = f->f_code;

	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(kwnames); i++) {
		PyObject *keyword = PyTuple_GET_ITEM(kwnames, i);

		if (!PyUnicode_Check(keyword)) {
			PyErr_Format(PyExc_TypeError, "%U() keywords must be strings",
				     func->func_qualname);
			return -1;
		}
		Py_ssize_t slot = find_parameter(co, keyword);

		if (slot == -2)
			return -1;
		if (slot == -1) {
			if (!kwdict) {
				_PyArg_UnexpectedKeyword(func, keyword, kwnames);
				return -1;
			}
			if (PyDict_SetItem(kwdict, keyword, values[i]) < 0)
				return -1;
			continue;
		}
		if (f->f_localsplus[slot]) {
			PyErr_Format(PyExc_TypeError, "%U() got multiple values for argument '%S'",
				     func->func_qualname, keyword);
			return -1;
		}
		f->f_localsplus[slot] = Py_NewRef(values[i]);
	}
	return 0;
}

/* Defaults for the positional parameters that got nothing. */
static int bind_defaults(PyFunctionObject *func, PyFrameObject *f, Py_ssize_t given)
{
	PyCodeObject *co = f->f_code;
	Py_ssize_t n_defaults = func->func_defaults ? PyTuple_GET_SIZE(func->func_defaults) : 0;
	Py_ssize_t required = co->co_argcount - n_defaults;

	for (Py_ssize_t i = given; i < required; i++)
		if (!f->f_localsplus[i])
			return _PyArg_MissingPositional(func, f, required);
	for (Py_ssize_t i = required < 0 ? -required : 0; i < n_defaults; i++) {
		Py_ssize_t slot = required + i;

		if (!f->f_localsplus[slot])
			f->f_localsplus[slot] = Py_NewRef(PyTuple_GET_ITEM(func->func_defaults, i));
	}
	return 0;
}

static int bind_kwonly_defaults(PyFunctionObject *func, PyFrameObject *f)
{
	PyCodeObject *co = f->f_code;
	bool missing = false;

	for (int i = co->co_argcount; i < co->co_argcount + co->co_kwonlyargcount; i++) {
		if (f->f_localsplus[i])
			continue;
		PyObject *value = NULL;

		if (func->func_kwdefaults) {
			value = PyDict_GetItemWithError(
				func->func_kwdefaults, PyTuple_GET_ITEM(co->co_localsplusnames, i));
			if (!value && PyErr_Occurred())
				return -1;
		}
		if (!value)
			missing = true;
		f->f_localsplus[i] = Py_XNewRef(value);
	}
	return missing ? _PyArg_MissingKeywordOnly(func, f) : 0;
}

static int bind_arguments(PyFunctionObject *func, PyFrameObject *f, PyObject *const *args,
			  Py_ssize_t nargs, PyObject *kwnames)
{
	PyCodeObject *co = f->f_code;
	Py_ssize_t direct = nargs < co->co_argcount ? nargs : co->co_argcount;
	Py_ssize_t extra_slot = (Py_ssize_t)co->co_argcount + co->co_kwonlyargcount;
	PyObject *kwdict = NULL;

	for (Py_ssize_t i = 0; i < direct; i++)
		f->f_localsplus[i] = Py_NewRef(args[i]);
	if (co->co_flags & CO_VARARGS) {
		PyObject *rest = PyTuple_New(nargs - direct);

		if (!rest)
			return -1;
		for (Py_ssize_t i = direct; i < nargs; i++)
			PyTuple_SET_ITEM(rest, i - direct, Py_NewRef(args[i]));
		f->f_localsplus[extra_slot++] = rest;
	}
	if (co->co_flags & CO_VARKEYWORDS) {
		kwdict = PyDict_New();
		if (!kwdict)
			return -1;
		f->f_localsplus[extra_slot] = kwdict;
	}
	if (kwnames && bind_keywords(func, f, args + nargs, kwnames, kwdict) < 0)
		return -1;
	if (nargs > co->co_argcount && !(co->co_flags & CO_VARARGS))
		return _PyArg_TooManyPositional(func, f, nargs);
	if (nargs < co->co_argcount && bind_defaults(func, f, nargs) < 0)
		return -1;
	return co->co_kwonlyargcount ? bind_kwonly_defaults(func, f) : 0;
}

PyObject *_PyFunction_Vectorcall(PyObject *callable, PyObject *const *args, size_t nargsf,
				 PyObject *kwnames)
{
	PyFunctionObject *func = (PyFunctionObject *)callable;
	PyCodeObject *co = (PyCodeObject *)func->func_code;
	Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
	PyFrameObject *f = _PyFrame_OfFunction(callable, NULL);

	if (!f)
		return NULL;
	if (nargs == co->co_plain_args && !kwnames) {
		for (Py_ssize_t i = 0; i < nargs; i++)
			f->f_localsplus[i] = Py_NewRef(args[i]);
	} else if (bind_arguments(func, f, args, nargs, kwnames) < 0) {
		Py_DECREF(f);
		return NULL;
	}
	if (!(co->co_flags & CO_NEWLOCALS)) {
		/* A function made of a module's or class body's code object. */
		f->f_locals = Py_NewRef(func->func_globals);
	}
	return run_frame(f);
}

/* -- code without arguments
 * -------------------------------------------------------------------------- */
PyObject *PyEval_EvalCode(PyObject *code, PyObject *globals, PyObject *locals)
{
	PyCodeObject *co = (PyCodeObject *)code;
	PyObject *builtins = _PyEval_BuiltinsFromGlobals(globals);

	if (!builtins)
		return NULL;
	if (co->co_nfreevars) {
		PyErr_SetString(PyExc_TypeError,
				"code object passed to exec() may not contain free variables");
		return NULL;
	}
	PyFrameObject *f = PyFrame_New(co, globals, builtins,
				       co->co_flags & CO_NEWLOCALS ? NULL
				       : locals                    ? locals
								   : globals);

	return f ? run_frame(f) : NULL;
}

PyObject *_PyEval_ClassBody(PyObject *func, PyObject *locals)
{
	PyFrameObject *f = _PyFrame_OfFunction(func, locals);

	return f ? run_frame(f) : NULL;
}

/* -- the frame that asks
 * -------------------------------------------------------------------------------- */
PyObject *PyEval_GetGlobals(void)
{
	PyFrameObject *f = PyThreadState_Get()->frame;

	return f ? f->f_globals : NULL;
}

PyObject *PyEval_GetBuiltins(void)
{
	PyFrameObject *f = PyThreadState_Get()->frame;

	return f ? f->f_builtins : PyThreadState_Get()->interp->builtins;
}

PyObject *PyEval_GetLocals(void)
{
	PyFrameObject *f = PyThreadState_Get()->frame;

	if (!f) {
		PyErr_SetString(PyExc_SystemError, "frame does not exist");
		return NULL;
	}
	return PyFrame_GetLocals(f);
}

/* super(): the running method's first argument and its __class__ cell. */
static int super_arguments(PyTypeObject **type, PyObject **obj)
{
	PyFrameObject *f = PyThreadState_Get()->frame;

	if (!f || !f->f_code->co_argcount) {
		PyErr_SetString(PyExc_RuntimeError,
				f ? "super(): no arguments" : "super(): no current frame");
		return -1;
	}
	PyCodeObject *co = f->f_code;
	const char *kinds = PyBytes_AS_STRING(co->co_localspluskinds);
	PyObject *first = f->f_localsplus[0];

	if (first && (kinds[0] & CO_FAST_CELL) && PyCell_Check(first))
		first = PyCell_GET(first);
	if (!first) {
		PyErr_SetString(PyExc_RuntimeError, "super(): arg[0] deleted");
		return -1;
	}
	for (int i = co->co_nlocalsplus - co->co_nfreevars; i < co->co_nlocalsplus; i++) {
		if (!_PyUnicode_EqualToASCIIString(PyTuple_GET_ITEM(co->co_localsplusnames, i),
						   "__class__"))
			continue;
		PyObject *class = f->f_localsplus[i] ? PyCell_GET(f->f_localsplus[i]) : NULL;

		if (!class || !PyType_Check(class)) {
			PyErr_SetString(PyExc_RuntimeError, "super(): empty __class__ cell");
			return -1;
		}
		*type = (PyTypeObject *)class;
		*obj = first;
		return 0;
	}
	PyErr_SetString(PyExc_RuntimeError, "super(): __class__ cell not found");
	return -1;
}

int _PyVM_Init(void)
{
	static PyTypeObject *const types[] = {
		&PyFrame_Type,          &PyTraceBack_Type,       &PyGen_Type,
		&PyCoro_Type,           &_PyCoroWrapper_Type,    &PyAsyncGen_Type,
		&_PyAsyncGenASend_Type, &_PyAsyncGenAThrow_Type, &_PyAsyncGenWrappedValue_Type,
		&_PyAnextAwaitable_Type};

	_Py_super_args_hook = super_arguments;
	_Py_globals_hook = PyEval_GetGlobals;
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (PyType_Ready(types[i]) < 0)
			return -1;
	return 0;
}
