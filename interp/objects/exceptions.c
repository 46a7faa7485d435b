/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * BaseException, the whole hierarchy as a table, and the MemoryError that is always at hand.
 * What single exceptions have beyond this is in exc_attributes.c and exc_group.c.
 */
#include "objects/exceptions.h"

#include "core/errors.h"
#include "core/refs.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/unicode.h"

#include <unistd.h>

#define E(o) ((PyBaseExceptionObject *)(o))

/* -- Life -------------------------------------------------------------------------------------- */
/* The object fields after the common part. */
static PyObject **fields(PyObject *self, size_t *n)
{
	PyTypeObject *type = Py_TYPE(self);
	size_t bytes;

	while (PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE))
		type = type->tp_base;
	bytes = (size_t)type->tp_basicsize - sizeof(PyBaseExceptionObject);
	if (PyType_IsSubtype(type, (PyTypeObject *)PyExc_UnicodeError) && bytes)
		bytes -= 2 * sizeof(Py_ssize_t);
	*n = bytes / sizeof(PyObject *);
	return (PyObject **)(E(self) + 1);
}

PyObject *_PyBaseException_New(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *self = type->tp_alloc(type, 0);

	if (self)
		E(self)->args = Py_NewRef(args);
	return self;
}

int _PyBaseException_Init(PyObject *self, PyObject *args, PyObject *kwargs)
{
	if (!PyArg_NoKeywords(Py_TYPE(self)->tp_name, kwargs))
		return -1;
	Py_INCREF(args);
	Py_XSETREF(E(self)->args, args);
	return 0;
}

static int base_clear(PyObject *self)
{
	size_t n;
	PyObject **f = fields(self, &n);

	Py_CLEAR(E(self)->dict);
	Py_CLEAR(E(self)->args);
	Py_CLEAR(E(self)->traceback);
	Py_CLEAR(E(self)->cause);
	Py_CLEAR(E(self)->context);
	while (n-- > 0)
		Py_CLEAR(f[n]);
	return 0;
}

static void base_dealloc(PyObject *self)
{
	PyObject_GC_UnTrack(self);
	Py_TRASHCAN_BEGIN(self) base_clear(self);
	Py_TYPE(self)->tp_free(self);
	Py_TRASHCAN_END
}

static int base_traverse(PyObject *self, visitproc visit, void *arg)
{
	size_t n;
	PyObject **f = fields(self, &n);

	Py_VISIT(E(self)->dict);
	Py_VISIT(E(self)->args);
	Py_VISIT(E(self)->traceback);
	Py_VISIT(E(self)->cause);
	Py_VISIT(E(self)->context);
	while (n-- > 0)
		Py_VISIT(f[n]);
	return 0;
}

/* -- Text -------------------------------------------------------------------------------------- */
PyObject *_PyBaseException_Str(PyObject *self)
{
	PyObject *args = E(self)->args;

	switch (PyTuple_GET_SIZE(args)) {
	case 0: return Py_NewRef(_Py_names.empty);
	case 1: return PyObject_Str(PyTuple_GET_ITEM(args, 0));
	default: return PyObject_Str(args);
	}
}

static PyObject *base_repr(PyObject *self)
{
	PyObject *name = _PyType_Name(Py_TYPE(self)), *args = E(self)->args, *r;

	if (!name)
		return NULL;
	if (PyTuple_GET_SIZE(args) == 1)
		r = PyUnicode_FromFormat("%U(%R)", name, PyTuple_GET_ITEM(args, 0));
	else
		r = PyUnicode_FromFormat("%U%R", name, args);
	Py_DECREF(name);
	return r;
}

/* -- Attributes -------------------------------------------------------------------------------- */
PyObject *PyException_GetTraceback(PyObject *exc)
{
	return Py_XNewRef(E(exc)->traceback);
}

int PyException_SetTraceback(PyObject *exc, PyObject *tb)
{
	if (!Py_IsNone(tb) && !Py_IS_TYPE(tb, &PyTraceBack_Type)) {
		PyErr_SetString(PyExc_TypeError, "__traceback__ must be a traceback or None");
		return -1;
	}
	Py_XSETREF(E(exc)->traceback, Py_IsNone(tb) ? NULL : Py_NewRef(tb));
	return 0;
}

PyObject *PyException_GetContext(PyObject *exc)
{
	return Py_XNewRef(E(exc)->context);
}

void PyException_SetContext(PyObject *exc, PyObject *context)
{
	Py_XSETREF(E(exc)->context, context);
}

PyObject *PyException_GetCause(PyObject *exc)
{
	return Py_XNewRef(E(exc)->cause);
}

void PyException_SetCause(PyObject *exc, PyObject *cause)
{
	E(exc)->suppress_context = 1;
	Py_XSETREF(E(exc)->cause, cause);
}

static PyObject *or_none(PyObject *o)
{
	return Py_NewRef(o ? o : Py_None);
}

static PyObject *get_args(PyObject *self, void *closure)
{
	return or_none(E(self)->args);
}

static int set_args(PyObject *self, PyObject *value, void *closure)
{
	PyObject *args;

	if (!value) {
		PyErr_SetString(PyExc_TypeError, "args may not be deleted");
		return -1;
	}
	args = PySequence_Tuple(value);
	if (!args)
		return -1;
	Py_XSETREF(E(self)->args, args);
	return 0;
}

static PyObject *get_traceback(PyObject *self, void *closure)
{
	return or_none(E(self)->traceback);
}

static int set_traceback(PyObject *self, PyObject *value, void *closure)
{
	if (value)
		return PyException_SetTraceback(self, value);
	PyErr_SetString(PyExc_TypeError, "__traceback__ may not be deleted");
	return -1;
}

/* An exception or None for a chain field: 0 with *ret new or NULL, or -1. */
static int chain_value(PyObject *value, const char *name, PyObject **ret)
{
	if (!value) {
		PyErr_Format(PyExc_TypeError, "%s may not be deleted", name);
		return -1;
	}
	if (!Py_IsNone(value) && !PyExceptionInstance_Check(value)) {
		PyErr_Format(PyExc_TypeError,
			     "exception %s must be None or derive from BaseException",
			     name[2] == 'c' && name[3] == 'a' ? "cause" : "context");
		return -1;
	}
	*ret = Py_IsNone(value) ? NULL : Py_NewRef(value);
	return 0;
}

static PyObject *get_context(PyObject *self, void *closure)
{
	return or_none(E(self)->context);
}

static int set_context(PyObject *self, PyObject *value, void *closure)
{
	PyObject *context;

	if (chain_value(value, "__context__", &context) < 0)
		return -1;
	PyException_SetContext(self, context);
	return 0;
}

static PyObject *get_cause(PyObject *self, void *closure)
{
	return or_none(E(self)->cause);
}

static int set_cause(PyObject *self, PyObject *value, void *closure)
{
	PyObject *cause;

	if (chain_value(value, "__cause__", &cause) < 0)
		return -1;
	PyException_SetCause(self, cause);
	return 0;
}

static PyGetSetDef base_getset[] = {
	{"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL},
	{"args", get_args, set_args, NULL, NULL},
	{"__traceback__", get_traceback, set_traceback, NULL, NULL},
	{"__context__", get_context, set_context, "exception context", NULL},
	{"__cause__", get_cause, set_cause, "exception cause", NULL},
	{NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef base_members[] = {
	{"__suppress_context__", Py_T_BOOL, offsetof(PyBaseExceptionObject, suppress_context), 0,
	 NULL},
	{NULL, 0, 0, 0, NULL},
};

static PyObject *with_traceback(PyObject *self, PyObject *tb)
{
	return PyException_SetTraceback(self, tb) < 0 ? NULL : Py_NewRef(self);
}

static PyObject *add_note(PyObject *self, PyObject *note)
{
	PyObject *notes;
	int r;

	if (!PyUnicode_Check(note))
		return PyErr_Format(PyExc_TypeError, "note must be a str, not '%s'",
				    Py_TYPE(note)->tp_name);
	if (_PyObject_LookupAttr(self, _Py_ID(__notes__), &notes) < 0)
		return NULL;
	if (!notes) {
		notes = PyList_New(0);
		if (!notes || PyObject_SetAttr(self, _Py_ID(__notes__), notes) < 0) {
			Py_XDECREF(notes);
			return NULL;
		}
	} else if (!PyList_Check(notes)) {
		Py_DECREF(notes);
		return PyErr_Format(PyExc_TypeError, "Cannot add note: __notes__ is not a list");
	}
	r = PyList_Append(notes, note);
	Py_DECREF(notes);
	return r < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *base_setstate(PyObject *self, PyObject *state)
{
	PyObject *key, *value;
	Py_ssize_t pos = 0;

	if (Py_IsNone(state))
		Py_RETURN_NONE;
	if (!PyDict_Check(state))
		return PyErr_Format(PyExc_TypeError, "state is not a dictionary");
	while (PyDict_Next(state, &pos, &key, &value)) {
		int r;

		Py_INCREF(key);
		Py_INCREF(value);
		r = PyObject_SetAttr(self, key, value);
		Py_DECREF(key);
		Py_DECREF(value);
		if (r < 0)
			return NULL;
	}
	Py_RETURN_NONE;
}

static PyMethodDef base_methods[] = {
	{"with_traceback", with_traceback, METH_O,
	 "Exception.with_traceback(tb) --\n    set self.__traceback__ to tb and return self."},
	{"add_note", add_note, METH_O,
	 "Exception.add_note(note) --\n    add a note to the exception"},
	{"__setstate__", base_setstate, METH_O, NULL},
	{NULL, NULL, 0, NULL},
};

/* -- The hierarchy ----------------------------------------------------------------------------- */
#define SLOTS(type_struct, new_, init_, str_) \
	.tp_basicsize = sizeof(type_struct), .tp_new = new_, .tp_init = init_, .tp_str = str_

#define GROUP_base                                                                \
	SLOTS(PyBaseExceptionObject, _PyBaseException_New, _PyBaseException_Init, \
	      _PyBaseException_Str)
#define GROUP_key \
	SLOTS(PyBaseExceptionObject, _PyBaseException_New, _PyBaseException_Init, _PyExc_key_str)
#define GROUP_exit SLOTS(PySystemExitObject, _PyBaseException_New, _PyExc_exit_init, NULL)
#define GROUP_stop SLOTS(PyStopIterationObject, _PyBaseException_New, _PyExc_stop_init, NULL)
#define GROUP_import \
	SLOTS(PyImportErrorObject, _PyBaseException_New, _PyExc_import_init, _PyExc_import_str)
#define GROUP_name SLOTS(PyNameErrorObject, _PyBaseException_New, _PyExc_name_init, NULL)
#define GROUP_attribute \
	SLOTS(PyAttributeErrorObject, _PyBaseException_New, _PyExc_attribute_init, NULL)
#define GROUP_os SLOTS(PyOSErrorObject, _PyExc_os_new, _PyExc_os_init, _PyExc_os_str)
#define GROUP_syntax \
	SLOTS(PySyntaxErrorObject, _PyBaseException_New, _PyExc_syntax_init, _PyExc_syntax_str)
#define GROUP_decode \
	SLOTS(PyUnicodeErrorObject, _PyBaseException_New, _PyExc_decode_init, _PyExc_decode_str)
#define GROUP_encode \
	SLOTS(PyUnicodeErrorObject, _PyBaseException_New, _PyExc_encode_init, _PyExc_encode_str)
#define GROUP_translate                                                          \
	SLOTS(PyUnicodeErrorObject, _PyBaseException_New, _PyExc_translate_init, \
	      _PyExc_translate_str)
#define GROUP_group \
	SLOTS(PyBaseExceptionGroupObject, _PyExc_group_new, _PyBaseException_Init, _PyExc_group_str)

#define _PyExc__                   PyBaseObject_Type
#define DECLARE(name, base, group) static PyTypeObject _PyExc_##name;
PY_EXCEPTIONS(DECLARE)
#define DEFINE(name, base, group)                                                                \
	static PyTypeObject _PyExc_##name = {                                                    \
		PyVarObject_HEAD_INIT(&PyType_Type, 0),                                          \
		.tp_name = #name,                                                                \
		.tp_base = &_PyExc_##base,                                                       \
		.tp_flags =                                                                      \
			Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASE_EXC_SUBCLASS, \
		.tp_dictoffset = offsetof(PyBaseExceptionObject, dict),                          \
		.tp_dealloc = base_dealloc,                                                      \
		.tp_traverse = base_traverse,                                                    \
		.tp_clear = base_clear,                                                          \
		GROUP_##group,                                                                   \
	};                                                                                       \
	PyObject *const PyExc_##name = (PyObject *)&_PyExc_##name;
PY_EXCEPTIONS(DEFINE)
PyObject *PyExc_ExceptionGroup;
PY_OWNS_REFS(PyExc_ExceptionGroup)

#define ENTRY(name, base, group) &_PyExc_##name,
static PyTypeObject *const types[] = {PY_EXCEPTIONS(ENTRY)};

/* The first of each group shows its attributes; the others inherit them. */
static void give_tables(void)
{
	_PyExc_BaseException.tp_repr = base_repr;
	_PyExc_BaseException.tp_getset = base_getset;
	_PyExc_BaseException.tp_members = base_members;
	_PyExc_BaseException.tp_methods = base_methods;
	_PyExc_SystemExit.tp_members = _PyExc_exit_members;
	_PyExc_StopIteration.tp_members = _PyExc_stop_members;
	_PyExc_ImportError.tp_members = _PyExc_import_members;
	_PyExc_NameError.tp_members = _PyExc_name_members;
	_PyExc_AttributeError.tp_members = _PyExc_attribute_members;
	_PyExc_OSError.tp_members = _PyExc_os_members;
	_PyExc_SyntaxError.tp_members = _PyExc_syntax_members;
	_PyExc_UnicodeDecodeError.tp_members = _PyExc_decode_members;
	_PyExc_UnicodeEncodeError.tp_members = _PyExc_encode_members;
	_PyExc_UnicodeTranslateError.tp_members = _PyExc_translate_members;
	_PyExc_BaseExceptionGroup.tp_members = _PyExc_group_members;
	_PyExc_BaseExceptionGroup.tp_methods = _PyExc_group_methods;
}

/* -- MemoryError ------------------------------------------------------------------------------- */
/* Making one could fail just when it is needed. While it is in use it is raised again as it is. */
static PyObject *memory_error;
PY_OWNS_REFS(memory_error)

PyObject *PyErr_NoMemory(void)
{
	static const char text[] = "minipy: out of memory before the first exception was made\n";

	if (!memory_error) {
		if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
			_exit(1);
		_exit(1);
	}
	PyErr_SetRaisedException(Py_NewRef(memory_error));
	return NULL;
}

static int make_exception_group(void)
{
	PyObject *bases = PyTuple_Pack(2, PyExc_BaseExceptionGroup, PyExc_Exception);
	PyObject *dict = PyDict_New(), *name = PyUnicode_InternFromString("ExceptionGroup");

	if (bases && dict && name &&
	    PyDict_SetItem(dict, _Py_ID(__module__), _Py_ID(builtins)) == 0)
		PyExc_ExceptionGroup = PyObject_CallFunctionObjArgs((PyObject *)&PyType_Type, name,
								    bases, dict, NULL);
	Py_XDECREF(bases);
	Py_XDECREF(dict);
	Py_XDECREF(name);
	return PyExc_ExceptionGroup ? 0 : -1;
}

int _PyExc_Init(void)
{
	give_tables();
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (PyType_Ready(types[i]) < 0)
			return -1;
	memory_error = PyObject_CallNoArgs(PyExc_MemoryError);
	return memory_error ? make_exception_group() : -1;
}

int _PyExc_AddBuiltins(PyObject *dict)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (PyDict_SetItemString(dict, types[i]->tp_name, (PyObject *)types[i]) < 0)
			return -1;
	if (PyDict_SetItemString(dict, "ExceptionGroup", PyExc_ExceptionGroup) < 0 ||
	    PyDict_SetItemString(dict, "IOError", PyExc_OSError) < 0)
		return -1;
	return PyDict_SetItemString(dict, "EnvironmentError", PyExc_OSError);
}

/* -- StopIteration ----------------------------------------------------------------------------- */
void _PyGen_SetStopIterationValue(PyObject *value)
{
	PyObject *exc;

	/* A tuple or an exception would be taken apart by SetObject. */
	if (!PyTuple_Check(value) && !PyExceptionInstance_Check(value)) {
		PyErr_SetObject(PyExc_StopIteration, value);
		return;
	}
	exc = PyObject_CallOneArg(PyExc_StopIteration, value);
	if (!exc)
		return;
	PyErr_SetObject(PyExc_StopIteration, exc);
	Py_DECREF(exc);
}

int _PyGen_FetchStopIterationValue(PyObject **value)
{
	PyObject *exc, *v;

	*value = NULL;
	if (!PyErr_Occurred()) {
		*value = Py_NewRef(Py_None);
		return 0;
	}
	if (!PyErr_ExceptionMatches(PyExc_StopIteration))
		return -1;
	exc = PyErr_GetRaisedException();
	v = ((PyStopIterationObject *)exc)->value;
	*value = Py_NewRef(v ? v : Py_None);
	Py_DECREF(exc);
	return 0;
}
