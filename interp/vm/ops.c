/* SPDX-License-Identifier: BSD-2-Clause */
/* The slow halves of instructions: names, unpacking, calls, exceptions, with. See also ops_match.c.
 */
#include "vm/ops.h"

#include "core/errors.h"
#include "core/probe.h"
#include "objects/abstract.h"
#include "objects/bytes.h"
#include "objects/call.h"
#include "objects/cell.h"
#include "objects/dict.h"
#include "objects/exceptions.h"
#include "objects/function.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/module.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "objects/unicode.h"
#include "vm/call.h"
#include "vm/generator.h"
#include "vm/opcode.h"

/* -- operators -----------------------------------------------------------------------------------
 */
static PyObject *power(PyObject *v, PyObject *w)
{
	return PyNumber_Power(v, w, Py_None);
}

static PyObject *inplace_power(PyObject *v, PyObject *w)
{
	return PyNumber_InPlacePower(v, w, Py_None);
}

/* Order: opcode.h's NB_*. */
PyObject *(*const _PyOp_Binary[])(PyObject *, PyObject *) = {
	PyNumber_Add,
	PyNumber_And,
	PyNumber_FloorDivide,
	PyNumber_Lshift,
	PyNumber_MatrixMultiply,
	PyNumber_Multiply,
	PyNumber_Remainder,
	PyNumber_Or,
	power,
	PyNumber_Rshift,
	PyNumber_Subtract,
	PyNumber_TrueDivide,
	PyNumber_Xor,
	PyNumber_InPlaceAdd,
	PyNumber_InPlaceAnd,
	PyNumber_InPlaceFloorDivide,
	PyNumber_InPlaceLshift,
	PyNumber_InPlaceMatrixMultiply,
	PyNumber_InPlaceMultiply,
	PyNumber_InPlaceRemainder,
	PyNumber_InPlaceOr,
	inplace_power,
	PyNumber_InPlaceRshift,
	PyNumber_InPlaceSubtract,
	PyNumber_InPlaceTrueDivide,
	PyNumber_InPlaceXor,
};

void _PyOp_LetGo(PyFrameObject *f, PyObject *value, const uint8_t *next)
{
	PyObject **slot = &f->f_localsplus[next[1]];

	if (next[0] == OP_STORE_FAST) {
		if (*slot == value)
			Py_CLEAR(*slot);
	} else if (next[0] == OP_STORE_DEREF) {
		if (PyCell_GET(*slot) == value) {
			PyCell_SET(*slot, NULL);
			Py_DECREF(value);
		}
	} else if (next[0] == OP_STORE_NAME && f->f_locals && PyDict_CheckExact(f->f_locals)) {
		PyObject *name = PyTuple_GET_ITEM(f->f_code->co_names, next[1]);

		/* None keeps the name's place in the dict's order. */
		if (PyDict_GetItem(f->f_locals, name) == value &&
		    PyDict_SetItem(f->f_locals, name, Py_None) < 0)
			PyErr_Clear();
	}
}

/* -- names ---------------------------------------------------------------------------------------
 */
void _PyOp_NameError(PyObject *name)
{
	PyErr_Format(PyExc_NameError, "name '%U' is not defined", name);
	PyObject *exc = PyErr_GetRaisedException();

	if (exc && PyErr_GivenExceptionMatches(exc, PyExc_NameError))
		Py_XSETREF(((PyNameErrorObject *)exc)->name, Py_NewRef(name));
	PyErr_SetRaisedException(exc);
}

PyObject *_PyOp_LoadGlobal(PyObject *globals, PyObject *builtins, PyObject *name)
{
	PyObject *value = PyDict_GetItemWithError(globals, name);

	if (!value && !PyErr_Occurred())
		value = PyDict_GetItemWithError(builtins, name);
	if (!value && !PyErr_Occurred())
		_PyOp_NameError(name);
	return Py_XNewRef(value);
}

/* locals[name] of a module or class body: new reference, NULL without error when it is not there.
 */
static PyObject *lookup_local(PyFrameObject *f, PyObject *name)
{
	if (!f->f_locals)
		return NULL;
	if (PyDict_CheckExact(f->f_locals))
		return Py_XNewRef(PyDict_GetItemWithError(f->f_locals, name));
	PyObject *value = PyObject_GetItem(f->f_locals, name);

	if (!value && PyErr_ExceptionMatches(PyExc_KeyError))
		PyErr_Clear();
	return value;
}

PyObject *_PyOp_LoadName(PyFrameObject *f, PyObject *name)
{
	PyObject *value = lookup_local(f, name);

	if (value || PyErr_Occurred())
		return value;
	return _PyOp_LoadGlobal(f->f_globals, f->f_builtins, name);
}

PyObject *_PyOp_LoadClassDeref(PyFrameObject *f, int slot)
{
	PyObject *value = lookup_local(f, PyTuple_GET_ITEM(f->f_code->co_localsplusnames, slot));

	if (value || PyErr_Occurred())
		return value;
	value = PyCell_GET(f->f_localsplus[slot]);
	if (!value)
		_PyOp_UnboundSlot(f, slot);
	return Py_XNewRef(value);
}

void _PyOp_UnboundSlot(PyFrameObject *f, int slot)
{
	PyObject *name = PyTuple_GET_ITEM(f->f_code->co_localsplusnames, slot);
	uint8_t kind = (uint8_t)PyBytes_AS_STRING(f->f_code->co_localspluskinds)[slot];

	if (kind & CO_FAST_FREE)
		PyErr_Format(PyExc_NameError,
			     "cannot access free variable '%U' where it is not associated with a "
			     "value in enclosing scope",
			     name);
	else
		PyErr_Format(
			PyExc_UnboundLocalError,
			"cannot access local variable '%U' where it is not associated with a value",
			name);
}

/* -- unpacking and building
 * ------------------------------------------------------------------------ */
static void drop_items(PyObject **items, int n)
{
	while (n > 0)
		Py_CLEAR(items[--n]); /* what runs meanwhile sees no dead item */
}

static int not_enough(int expected, int got, bool at_least)
{
	PyErr_Format(PyExc_ValueError, "not enough values to unpack (expected %s%d, got %d)",
		     at_least ? "at least " : "", expected, got);
	return -1;
}

static int unpack_not_iterable(PyObject *o)
{
	if (PyErr_ExceptionMatches(PyExc_TypeError) && !Py_TYPE(o)->tp_iter && !PySequence_Check(o))
		PyErr_Format(PyExc_TypeError, "cannot unpack non-iterable %.200s object",
			     Py_TYPE(o)->tp_name);
	return -1;
}

/* The rest of the iterator into a list; the last `after` items go back out of it, below the list.
 */
static int unpack_rest(PyObject *it, int before, int after, PyObject **top)
{
	PyObject *list = PySequence_List(it);

	if (!list)
		return -1;
	Py_ssize_t n = PyList_GET_SIZE(list);

	if (n < after) {
		Py_DECREF(list);
		return not_enough(before + after, before + (int)n, true);
	}
	*--top = list;
	for (int i = 0; i < after; i++)
		*--top = Py_NewRef(PyList_GET_ITEM(list, n - after + i));
	if (after && PyList_SetSlice(list, n - after, n, NULL) < 0) {
		drop_items(top, after + 1);
		return -1;
	}
	return 0;
}

int _PyOp_Unpack(PyObject *iterable, int before, int after, PyObject **sp)
{
	PyObject **end = sp + before + (after < 0 ? 0 : after + 1);
	PyObject **top = end;
	PyObject *it = PyObject_GetIter(iterable);

	if (!it)
		return unpack_not_iterable(iterable);
	/* sp[0] is the iterable itself, which the caller holds: written last, so nothing is lost.
	 */
	int got = 0;

	while (got < before) {
		PyObject *item = PyIter_Next(it);

		if (!item) {
			if (!PyErr_Occurred())
				not_enough(after < 0 ? before : before + after, got, after >= 0);
			goto fail;
		}
		*--top = item;
		got++;
	}
	if (after >= 0) {
		if (unpack_rest(it, before, after, top) < 0)
			goto fail;
	} else {
		PyObject *more = PyIter_Next(it);

		if (more) {
			Py_DECREF(more);
			PyErr_Format(PyExc_ValueError, "too many values to unpack (expected %d)",
				     before);
			goto fail;
		}
		if (PyErr_Occurred())
			goto fail;
	}
	Py_DECREF(it);
	return 0;
fail:
	Py_DECREF(it);
	drop_items(top, got);
	return -1;
}

PyObject *_PyOp_Format(PyObject *value, PyObject *spec, int conversion)
{
	static PyObject *(*const convert[])(PyObject *) = {NULL, PyObject_Str, PyObject_Repr,
							   PyObject_ASCII};
	PyObject *text;

	if (!conversion)
		return PyUnicode_CheckExact(value) && !spec ? Py_NewRef(value)
							    : PyObject_Format(value, spec);
	text = convert[conversion](value);
	if (!text || !spec)
		return text;
	PyObject *result = PyObject_Format(text, spec);

	Py_DECREF(text);
	return result;
}

PyObject *_PyOp_BuildString(PyObject **items, int n)
{
	return _PyUnicode_JoinArray(_Py_names.empty, items, n);
}

int _PyOp_ListExtend(PyObject *list, PyObject *iterable)
{
	PyObject *result = _PyList_Extend(list, iterable);

	if (!result) {
		if (PyErr_ExceptionMatches(PyExc_TypeError) && !Py_TYPE(iterable)->tp_iter &&
		    !PySequence_Check(iterable))
			PyErr_Format(PyExc_TypeError,
				     "Value after * must be an iterable, not %.200s",
				     Py_TYPE(iterable)->tp_name);
		return -1;
	}
	Py_DECREF(result);
	return 0;
}

int _PyOp_DictUpdate(PyObject *dict, PyObject *more)
{
	if (PyDict_Update(dict, more) == 0)
		return 0;
	if (PyErr_ExceptionMatches(PyExc_AttributeError))
		PyErr_Format(PyExc_TypeError, "'%.200s' object is not a mapping",
			     Py_TYPE(more)->tp_name);
	return -1;
}

/* "module.qualname()" for messages about a call; new reference. */
static PyObject *callable_text(PyObject *callable)
{
	PyObject *qualname = NULL;
	PyObject *module = NULL;
	PyObject *text = NULL;

	if (_PyObject_LookupAttr(callable, _Py_ID(__qualname__), &qualname) < 0)
		return NULL;
	if (!qualname)
		return PyObject_Str(callable);
	if (_PyObject_LookupAttr(callable, _Py_ID(__module__), &module) < 0)
		goto out;
	if (module && PyUnicode_Check(module) && PyUnicode_Check(qualname) &&
	    !_PyUnicode_EqualToASCIIString(module, "builtins"))
		text = PyUnicode_FromFormat("%U.%U()", module, qualname);
	else
		text = PyUnicode_FromFormat("%S()", qualname);
out:
	Py_XDECREF(qualname);
	Py_XDECREF(module);
	return text;
}

/* A failed ** merge, said in the terms of the call. */
static void kwargs_error(PyObject *callable, PyObject *kwargs)
{
	PyObject *exc = PyErr_GetRaisedException();
	PyObject *text = callable_text(callable);

	if (!text) {
		Py_XDECREF(exc);
		return;
	}
	if (PyErr_GivenExceptionMatches(exc, PyExc_AttributeError)) {
		PyErr_Format(PyExc_TypeError, "%U argument after ** must be a mapping, not %.200s",
			     text, Py_TYPE(kwargs)->tp_name);
		Py_CLEAR(exc);
	} else if (PyErr_GivenExceptionMatches(exc, PyExc_KeyError)) {
		PyObject *args = ((PyBaseExceptionObject *)exc)->args;

		if (args && PyTuple_GET_SIZE(args) == 1) {
			PyObject *key = PyTuple_GET_ITEM(args, 0);

			if (PyUnicode_Check(key))
				PyErr_Format(PyExc_TypeError,
					     "%U got multiple values for keyword argument '%S'",
					     text, key);
			else
				PyErr_Format(PyExc_TypeError, "%U keywords must be strings", text);
			Py_CLEAR(exc);
		}
	}
	if (exc)
		PyErr_SetRaisedException(exc);
	Py_DECREF(text);
}

int _PyOp_DictMerge(PyObject *dict, PyObject *more, PyObject *callable)
{
	if (_PyDict_MergeEx(dict, more, 2) == 0)
		return 0;
	kwargs_error(callable, more);
	return -1;
}

PyObject *_PyOp_CallEx(PyObject *callable, PyObject *args, PyObject *kwargs)
{
	PyObject *tuple;

	if (PyTuple_CheckExact(args)) {
		tuple = Py_NewRef(args);
	} else {
		if (!Py_TYPE(args)->tp_iter && !PySequence_Check(args)) {
			PyObject *text = callable_text(callable);

			if (text)
				PyErr_Format(PyExc_TypeError,
					     "%U argument after * must be an iterable, not %.200s",
					     text, Py_TYPE(args)->tp_name);
			Py_XDECREF(text);
			return NULL;
		}
		tuple = PySequence_Tuple(args);
	}
	if (!tuple)
		return NULL;
	PyObject *result = PyObject_Call(callable, tuple, kwargs);

	Py_DECREF(tuple);
	return result;
}

PyObject *_PyOp_MakeFunction(PyFrameObject *f, PyObject *code, PyObject **sp, int flags)
{
	PyFunctionObject *func = (PyFunctionObject *)PyFunction_New(code, f->f_globals);

	if (!func)
		return NULL;
	if (flags & 8)
		func->func_closure = Py_NewRef(*--sp);
	if (flags & 4)
		func->func_annotations = Py_NewRef(*--sp);
	if (flags & 2)
		func->func_kwdefaults = Py_NewRef(*--sp);
	if (flags & 1)
		func->func_defaults = Py_NewRef(*--sp);
	return (PyObject *)func;
}

/* -- exceptions ----------------------------------------------------------------------------------
 */
/* RERAISE of exc, which is stolen, at a unit that stands on the stack as an int (or NULL). Code
 * from a cache may have put anything there. */
void _PyOp_Reraise(PyFrameObject *f, PyObject *exc, PyObject *lasti)
{
	int64_t unit;

	if (lasti && PyLong_Check(lasti) && _PyLong_GetInt64(lasti, &unit) && unit >= 0 &&
	    unit < f->f_code->co_nunits)
		f->f_lasti = (int)unit;
	if (PyExceptionInstance_Check(exc)) {
		PyErr_SetRaisedException(exc);
		return;
	}
	Py_DECREF(exc);
	PyErr_BadInternalCall();
}

/* An instance of what stands behind `raise` or `from`; new reference, NULL with TypeError. */
static PyObject *exception_instance(PyObject *exc, const char *message)
{
	if (PyExceptionClass_Check(exc)) {
		PyObject *value = PyObject_CallNoArgs(exc);

		if (value && !PyExceptionInstance_Check(value)) {
			PyErr_Format(PyExc_TypeError,
				     "calling %R should have returned an instance of "
				     "BaseException, not %R",
				     exc, Py_TYPE(value));
			Py_CLEAR(value);
		}
		return value;
	}
	if (PyExceptionInstance_Check(exc))
		return Py_NewRef(exc);
	PyErr_SetString(PyExc_TypeError, message);
	return NULL;
}

int _PyOp_Raise(PyObject *exc, PyObject *cause)
{
	if (!exc) {
		PyObject *handled = PyErr_GetHandledException();

		if (!handled) {
			PyErr_SetString(PyExc_RuntimeError, "No active exception to reraise");
			return 0;
		}
		PyErr_SetRaisedException(handled);
		return 1;
	}
	PyObject *value = exception_instance(exc, "exceptions must derive from BaseException");

	if (!value)
		return 0;
	if (cause) {
		PyObject *because =
			Py_IsNone(cause)
				? NULL
				: exception_instance(
					  cause, "exception causes must derive from BaseException");

		if (!because && !Py_IsNone(cause)) {
			Py_DECREF(value);
			return 0;
		}
		PyException_SetCause(value, because);
	}
	PyErr_SetObject((PyObject *)Py_TYPE(value), value);
	Py_DECREF(value);
	return 0;
}

static bool catchable(PyObject *type)
{
	if (PyExceptionClass_Check(type))
		return true;
	if (!PyTuple_Check(type))
		return false;
	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(type); i++)
		if (!PyExceptionClass_Check(PyTuple_GET_ITEM(type, i)))
			return false;
	return true;
}

int _PyOp_ExcMatches(PyObject *exc, PyObject *type)
{
	if (!catchable(type)) {
		PyErr_SetString(
			PyExc_TypeError,
			"catching classes that do not inherit from BaseException is not allowed");
		return -1;
	}
	return PyErr_GivenExceptionMatches(exc, type);
}

int _PyOp_GroupMatch(PyObject *exc, PyObject *type, PyObject **rest, PyObject **match)
{
	if (!catchable(type)) {
		PyErr_SetString(
			PyExc_TypeError,
			"catching classes that do not inherit from BaseException is not allowed");
		return -1;
	}
	if (!PyExceptionInstance_Check(exc) && !Py_IsNone(exc)) {
		PyErr_BadInternalCall();
		return -1;
	}
	return _PyExc_SplitGroup(exc, type, match, rest);
}

PyObject *_PyOp_PrepReraiseStar(PyObject *orig, PyObject *raised)
{
	bool ok = PyExceptionInstance_Check(orig);

	for (Py_ssize_t i = 0; ok && i < PyList_GET_SIZE(raised); i++) {
		PyObject *exc = PyList_GET_ITEM(raised, i);

		ok = PyExceptionInstance_Check(exc) || Py_IsNone(exc);
	}
	if (ok)
		return _PyExc_PrepReraiseStar(orig, raised);
	PyErr_BadInternalCall();
	return NULL;
}

int _PyOp_EnterWith(PyObject *manager, bool async, PyObject **exit, PyObject **result)
{
	PyObject *enter_name = async ? _Py_ID(__aenter__) : _Py_ID(__enter__);
	PyObject *exit_name = async ? _Py_ID(__aexit__) : _Py_ID(__exit__);
	const char *protocol = async ? "asynchronous context manager" : "context manager";
	PyObject *enter = _PyObject_LookupSpecial(manager, enter_name);

	if (!enter) {
		if (!PyErr_Occurred())
			PyErr_Format(PyExc_TypeError,
				     "'%.200s' object does not support the %s protocol",
				     Py_TYPE(manager)->tp_name, protocol);
		return -1;
	}
	*exit = _PyObject_LookupSpecial(manager, exit_name);
	if (!*exit) {
		if (!PyErr_Occurred())
			PyErr_Format(PyExc_TypeError,
				     "'%.200s' object does not support the %s protocol (missed %U "
				     "method)",
				     Py_TYPE(manager)->tp_name, protocol, exit_name);
		Py_DECREF(enter);
		return -1;
	}
	*result = PyObject_CallNoArgs(enter);
	Py_DECREF(enter);
	if (!*result)
		Py_CLEAR(*exit);
	return *result ? 0 : -1;
}

PyObject *_PyOp_ExitWith(PyObject *exit, PyObject *exc)
{
	if (!PyExceptionInstance_Check(exc)) {
		PyErr_BadInternalCall();
		return NULL;
	}
	PyObject *tb = PyException_GetTraceback(exc);
	PyObject *args[4] = {NULL, (PyObject *)Py_TYPE(exc), exc, tb ? tb : Py_None};
	PyObject *result =
		PyObject_Vectorcall(exit, args + 1, 3 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);

	Py_XDECREF(tb);
	return result;
}

/* -- imports, annotations, the REPL
 * ----------------------------------------------------------------- */
PyObject *_PyOp_ImportName(PyFrameObject *f, PyObject *name, PyObject *fromlist, PyObject *level)
{
	PyObject *import = PyDict_GetItemWithError(f->f_builtins, _Py_ID(__import__));

	if (!import) {
		if (!PyErr_Occurred())
			PyErr_SetString(PyExc_ImportError, "__import__ not found");
		return NULL;
	}
	PROBE1("import", name);
	PyObject *args[6] = {
		NULL, name, f->f_globals, f->f_locals ? f->f_locals : Py_None, fromlist, level,
	};

	Py_INCREF(import);
	PyObject *module =
		PyObject_Vectorcall(import, args + 1, 5 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);

	Py_DECREF(import);
	return module;
}

PyObject *_PyOp_ImportFrom(PyObject *module, PyObject *name)
{
	PyObject *value = NULL;
	PyObject *package = NULL;

	if (_PyObject_LookupAttr(module, name, &value) != 0)
		return value;
	/* A submodule that is still being imported is not yet an attribute of its package. */
	if (_PyObject_LookupAttr(module, _Py_ID(__name__), &package) < 0)
		return NULL;
	if (package && PyUnicode_Check(package)) {
		PyObject *full = PyUnicode_FromFormat("%U.%U", package, name);

		if (full)
			value = Py_XNewRef(PyDict_GetItemWithError(
				PyThreadState_Get()->interp->modules, full));
		Py_XDECREF(full);
	}
	if (!value && !PyErr_Occurred()) {
		PyObject *file = NULL;

		if (_PyObject_LookupAttr(module, _Py_ID(__file__), &file) < 0)
			PyErr_Clear();
		PyObject *where = file ? Py_NewRef(file) : PyUnicode_FromString("unknown location");
		PyObject *msg =
			where ? PyUnicode_FromFormat("cannot import name %R from %R (%S)", name,
						     package ? package : Py_None, where)
			      : NULL;

		if (msg)
			PyErr_SetImportError(msg, package, file);
		Py_XDECREF(msg);
		Py_XDECREF(where);
		Py_XDECREF(file);
	}
	Py_XDECREF(package);
	return value;
}

static int import_all_name(PyFrameObject *f, PyObject *module, PyObject *name)
{
	PyObject *value = PyObject_GetAttr(module, name);
	int status;

	if (!value)
		return -1;
	status = PyDict_CheckExact(f->f_locals) ? PyDict_SetItem(f->f_locals, name, value)
						: PyObject_SetItem(f->f_locals, name, value);
	Py_DECREF(value);
	return status;
}

int _PyOp_ImportStar(PyFrameObject *f, PyObject *module)
{
	PyObject *all = NULL;
	PyObject *names;
	int status = 0;
	bool skip_private = false;

	if (!f->f_locals) {
		PyErr_SetString(PyExc_SystemError, "no locals found during 'import *'");
		return -1;
	}
	if (_PyObject_LookupAttr(module, _Py_ID(__all__), &all) < 0)
		return -1;
	if (!all) {
		PyObject *dict = NULL;

		if (_PyObject_LookupAttr(module, _Py_ID(__dict__), &dict) < 0)
			return -1;
		if (!dict) {
			PyErr_SetString(PyExc_ImportError,
					"from-import-* object has no __dict__ and no __all__");
			return -1;
		}
		all = PyMapping_Keys(dict);
		Py_DECREF(dict);
		skip_private = true;
	}
	names = all ? PySequence_List(all) : NULL;
	Py_XDECREF(all);
	if (!names)
		return -1;
	for (Py_ssize_t i = 0; status == 0 && i < PyList_GET_SIZE(names); i++) {
		PyObject *name = PyList_GET_ITEM(names, i);

		if (!PyUnicode_Check(name)) {
			PyErr_Format(PyExc_TypeError, "Item in __all__ must be str, not %.100s",
				     Py_TYPE(name)->tp_name);
			status = -1;
		} else if (!skip_private || PyUnicode_GET_LENGTH(name) == 0 ||
			   PyUnicode_READ_CHAR(name, 0) != '_') {
			status = import_all_name(f, module, name);
		}
	}
	Py_DECREF(names);
	return status;
}

int _PyOp_DeleteName(PyFrameObject *f, PyObject *name)
{
	if (!f->f_locals) {
		PyErr_Format(PyExc_SystemError, "no locals found when deleting %R", name);
		return -1;
	}
	if (PyObject_DelItem(f->f_locals, name) == 0)
		return 0;
	if (PyErr_ExceptionMatches(PyExc_KeyError)) {
		PyErr_Clear();
		_PyOp_NameError(name);
	}
	return -1;
}

int _PyOp_SetupAnnotations(PyFrameObject *f)
{
	if (!f->f_locals) {
		PyErr_SetString(PyExc_SystemError, "no locals found when setting up annotations");
		return -1;
	}
	PyObject *have = PyObject_GetItem(f->f_locals, _Py_ID(__annotations__));

	if (have) {
		Py_DECREF(have);
		return 0;
	}
	if (!PyErr_ExceptionMatches(PyExc_KeyError))
		return -1;
	PyErr_Clear();
	PyObject *dict = PyDict_New();
	int status = dict ? PyObject_SetItem(f->f_locals, _Py_ID(__annotations__), dict) : -1;

	Py_XDECREF(dict);
	return status;
}

int _PyOp_PrintExpr(PyObject *value)
{
	PyObject *hook = PyDict_GetItemString(PyThreadState_Get()->interp->sysdict, "displayhook");

	if (!hook) {
		PyErr_SetString(PyExc_RuntimeError, "lost sys.displayhook");
		return -1;
	}
	Py_INCREF(hook);
	PyObject *result = PyObject_CallOneArg(hook, value);

	Py_DECREF(hook);
	Py_XDECREF(result);
	return result ? 0 : -1;
}
