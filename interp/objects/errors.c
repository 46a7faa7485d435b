/* SPDX-License-Identifier: BSD-2-Clause */
/* The pending exception: set, chained to the one being handled, tested, taken out. */
#include "core/errors.h"

#include "objects/abstract.h"
#include "objects/call.h"
#include "objects/exceptions.h"
#include "objects/long.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/unicode.h"

#include <errno.h>
#include <unistd.h>

void (*_PyErr_display_hook)(PyObject *exc);

#define E(o) ((PyBaseExceptionObject *)(o))

/* -- Taking and putting ------------------------------------------------------------------------ */
PyObject *PyErr_GetRaisedException(void)
{
	PyThreadState *ts = PyThreadState_Get();
	PyObject *exc = ts->current_exception;

	ts->current_exception = NULL;
	return exc;
}

void PyErr_SetRaisedException(PyObject *exc)
{
	PyThreadState *ts = PyThreadState_Get();
	PyObject *old = ts->current_exception;

	ts->current_exception = exc;
	Py_XDECREF(old);
}

void PyErr_Clear(void)
{
	PyErr_SetRaisedException(NULL);
}

PyObject *_PyErr_HandledException(void)
{
	for (_PyErr_StackItem *i = PyThreadState_Get()->exc_info; i; i = i->previous_item)
		if (i->exc_value && !Py_IsNone(i->exc_value))
			return i->exc_value;
	return NULL;
}

PyObject *PyErr_GetHandledException(void)
{
	return Py_XNewRef(_PyErr_HandledException());
}

/* -- Setting ----------------------------------------------------------------------------------- */
/* An instance of type made of value: NULL and None no arguments, a tuple its items. */
static PyObject *make_instance(PyObject *type, PyObject *value)
{
	PyObject *exc;

	if (!value || Py_IsNone(value))
		exc = PyObject_CallNoArgs(type);
	else if (PyTuple_Check(value))
		exc = PyObject_Call(type, value, NULL);
	else
		exc = PyObject_CallOneArg(type, value);
	if (exc && !PyExceptionInstance_Check(exc)) {
		PyErr_Format(PyExc_TypeError,
			     "calling %R should have returned an instance of BaseException, not %s",
			     type, Py_TYPE(exc)->tp_name);
		Py_CLEAR(exc);
	}
	return exc;
}

/* context becomes exc's __context__, unless that closed a ring: then the ring is cut before exc. */
static void set_context(PyObject *exc, PyObject *context)
{
	PyObject *o = context, *slow = context;
	bool move_slow = false;

	if (context == exc)
		return;
	while (E(o)->context) {
		if (E(o)->context == exc) {
			Py_CLEAR(E(o)->context);
			break;
		}
		o = E(o)->context;
		/* A ring that does not hold exc is left alone. */
		if (o == slow)
			break;
		if (move_slow)
			slow = E(slow)->context;
		move_slow = !move_slow;
	}
	PyException_SetContext(exc, Py_NewRef(context));
}

void PyErr_SetObject(PyObject *type, PyObject *value)
{
	PyObject *exc, *context;

	if (!PyExceptionClass_Check(type)) {
		PyErr_Format(PyExc_SystemError, "exception %R is not a BaseException subclass",
			     type);
		return;
	}
	if (value && PyExceptionInstance_Check(value) &&
	    PyType_IsSubtype(Py_TYPE(value), (PyTypeObject *)type)) {
		exc = Py_NewRef(value);
	} else {
		Py_XINCREF(value);
		PyErr_Clear();
		exc = make_instance(type, value);
		Py_XDECREF(value);
		if (!exc)
			return;
	}
	context = _PyErr_HandledException();
	if (context)
		set_context(exc, context);
	PyErr_SetRaisedException(exc);
}

void PyErr_SetNone(PyObject *type)
{
	PyErr_SetObject(type, NULL);
}

void PyErr_SetString(PyObject *type, const char *utf8)
{
	PyObject *text = PyUnicode_FromString(utf8);

	if (!text)
		return;
	PyErr_SetObject(type, text);
	Py_DECREF(text);
}

PyObject *PyErr_FormatV(PyObject *type, const char *format, va_list va)
{
	PyObject *text;

	/* The formatting calls repr(), which must not see an old exception. */
	PyErr_Clear();
	text = PyUnicode_FromFormatV(format, va);
	if (text) {
		PyErr_SetObject(type, text);
		Py_DECREF(text);
	}
	return NULL;
}

PyObject *PyErr_Format(PyObject *type, const char *format, ...)
{
	va_list va;

	va_start(va, format);
	PyErr_FormatV(type, format, va);
	va_end(va);
	return NULL;
}

PyObject *_PyErr_FormatFromCause(PyObject *type, const char *format, ...)
{
	PyObject *cause = PyErr_GetRaisedException(), *exc;
	va_list va;

	va_start(va, format);
	PyErr_FormatV(type, format, va);
	va_end(va);
	exc = PyErr_GetRaisedException();
	if (exc && cause) {
		PyException_SetCause(exc, Py_NewRef(cause));
		PyException_SetContext(exc, cause);
	} else {
		Py_XDECREF(cause);
	}
	PyErr_SetRaisedException(exc);
	return NULL;
}

void _PyErr_ChainExceptions1(PyObject *exc)
{
	PyObject *now;

	if (!exc)
		return;
	now = PyErr_GetRaisedException();
	if (!now) {
		PyErr_SetRaisedException(exc);
		return;
	}
	set_context(now, exc);
	Py_DECREF(exc);
	PyErr_SetRaisedException(now);
}

/* -- Testing ----------------------------------------------------------------------------------- */
int PyErr_GivenExceptionMatches(PyObject *given, PyObject *type)
{
	if (!given || !type)
		return 0;
	if (PyTuple_Check(type)) {
		for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(type); i++)
			if (PyErr_GivenExceptionMatches(given, PyTuple_GET_ITEM(type, i)))
				return 1;
		return 0;
	}
	if (PyExceptionInstance_Check(given))
		given = (PyObject *)Py_TYPE(given);
	if (PyExceptionClass_Check(given) && PyExceptionClass_Check(type))
		return PyType_IsSubtype((PyTypeObject *)given, (PyTypeObject *)type);
	return given == type;
}

int PyErr_ExceptionMatches(PyObject *type)
{
	return PyErr_GivenExceptionMatches(PyErr_Occurred(), type);
}

/* -- Frequent ones ----------------------------------------------------------------------------- */
int PyErr_BadArgument(void)
{
	PyErr_SetString(PyExc_TypeError, "bad argument type for built-in operation");
	return 0;
}

void PyErr_BadInternalCall(void)
{
	PyErr_SetString(PyExc_SystemError, "bad argument to internal function");
}

PyObject *PyErr_SetFromErrnoWithFilenameObject(PyObject *type, PyObject *filename)
{
	int code = errno;
	PyObject *args;
	PyObject *number, *text;

	/* A handler that raises goes before the call that it interrupted. */
	if (code == EINTR && PyErr_CheckSignals() < 0)
		return NULL;
	number = PyLong_FromLong(code);
	text = PyUnicode_FromString(code ? strerror(code) : "Error");
	args = number && text ? filename ? PyTuple_Pack(3, number, text, filename)
					 : PyTuple_Pack(2, number, text)
			      : NULL;
	Py_XDECREF(number);
	Py_XDECREF(text);
	if (args) {
		PyErr_SetObject(type, args);
		Py_DECREF(args);
	}
	return NULL;
}

PyObject *PyErr_SetFromErrno(PyObject *type)
{
	return PyErr_SetFromErrnoWithFilenameObject(type, NULL);
}

PyObject *PyErr_SetFromErrnoWithFilename(PyObject *type, const char *filename)
{
	int code = errno;
	PyObject *name = filename ? PyUnicode_DecodeFSDefault(filename) : NULL;

	if (filename && !name)
		return NULL;
	errno = code;
	PyErr_SetFromErrnoWithFilenameObject(type, name);
	Py_XDECREF(name);
	return NULL;
}

PyObject *PyErr_SetImportError(PyObject *msg, PyObject *name, PyObject *path)
{
	PyObject *exc = PyObject_CallOneArg(PyExc_ImportError, msg);
	PyImportErrorObject *e = (PyImportErrorObject *)exc;

	if (!exc)
		return NULL;
	Py_XSETREF(e->name, Py_XNewRef(name));
	Py_XSETREF(e->path, Py_XNewRef(path));
	PyErr_SetObject(PyExc_ImportError, exc);
	Py_DECREF(exc);
	return NULL;
}

/* -- The last resort --------------------------------------------------------------------------- */
static void say(const char *text)
{
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		return;
}

static void say_object(PyObject *o, PyObject *(*convert)(PyObject *), const char *fallback)
{
	PyObject *text = o ? convert(o) : NULL;
	const char *utf8 = text ? PyUnicode_AsUTF8(text) : NULL;

	say(utf8 ? utf8 : fallback);
	Py_XDECREF(text);
	PyErr_Clear();
}

void PyErr_WriteUnraisable(PyObject *where)
{
	PyObject *exc = PyErr_GetRaisedException();

	say("Exception ignored in: ");
	say_object(where, PyObject_Repr, "<object repr() failed>");
	say("\n");
	if (exc && _PyErr_display_hook) {
		_PyErr_display_hook(exc);
		PyErr_Clear();
	} else if (exc) {
		say(Py_TYPE(exc)->tp_name);
		say(": ");
		say_object(exc, PyObject_Str, "<exception str() failed>");
		say("\n");
	}
	Py_XDECREF(exc);
}
