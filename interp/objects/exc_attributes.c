/* SPDX-License-Identifier: BSD-2-Clause */
/* Exceptions with attributes of their own: how they are initialised and what str() says. */
#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bytes.h"
#include "objects/call.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/exceptions.h"
#include "objects/long.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/unicode.h"

#include <errno.h>

#define ARGS(o)   (((PyBaseExceptionObject *)(o))->args)
#define NARGS(a)  PyTuple_GET_SIZE(a)
#define ARG(a, i) PyTuple_GET_ITEM(a, i)
#define OBJECT(name, type, field)                                 \
	{                                                         \
		name, Py_T_OBJECT, offsetof(type, field), 0, NULL \
	}
#define END_MEMBERS                 \
	{                           \
		NULL, 0, 0, 0, NULL \
	}

static void set(PyObject **field, PyObject *value)
{
	Py_XINCREF(value);
	Py_XSETREF(*field, value);
}

/* The positional arguments become args; of the keywords those in names are stored, others are
 * TypeError. fields: where each goes. */
static int init_with_keywords(PyObject *self, PyObject *args, PyObject *kwargs, const char *fname,
			      const char *const *names, PyObject **const *fields)
{
	PyObject *key, *value;
	Py_ssize_t pos = 0;

	if (_PyBaseException_Init(self, args, NULL) < 0)
		return -1;
	for (int i = 0; names[i]; i++)
		set(fields[i], NULL);
	while (kwargs && PyDict_Next(kwargs, &pos, &key, &value)) {
		int i = 0;

		while (names[i] && !_PyUnicode_EqualToASCIIString(key, names[i]))
			i++;
		if (!names[i]) {
			PyErr_Format(PyExc_TypeError,
				     "'%U' is an invalid keyword argument for %s()", key, fname);
			return -1;
		}
		set(fields[i], value);
	}
	return 0;
}

/* -- SystemExit, StopIteration, KeyError ------------------------------------------------------- */
int _PyExc_exit_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
	PyObject *code = NARGS(args) == 0 ? NULL : NARGS(args) == 1 ? ARG(args, 0) : args;

	if (_PyBaseException_Init(self, args, kwargs) < 0)
		return -1;
	if (code)
		set(&((PySystemExitObject *)self)->code, code);
	return 0;
}

PyMemberDef _PyExc_exit_members[] = {OBJECT("code", PySystemExitObject, code), END_MEMBERS};

int _PyExc_stop_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
	if (_PyBaseException_Init(self, args, kwargs) < 0)
		return -1;
	set(&((PyStopIterationObject *)self)->value, NARGS(args) ? ARG(args, 0) : Py_None);
	return 0;
}

PyMemberDef _PyExc_stop_members[] = {OBJECT("value", PyStopIterationObject, value), END_MEMBERS};

/* A key is shown as it is written: KeyError('') would look like no message at all. */
PyObject *_PyExc_key_str(PyObject *self)
{
	if (NARGS(ARGS(self)) == 1)
		return PyObject_Repr(ARG(ARGS(self), 0));
	return _PyBaseException_Str(self);
}

/* -- ImportError, NameError, AttributeError ---------------------------------------------------- */
int _PyExc_import_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
	static const char *const names[] = {"name", "path", NULL};
	PyImportErrorObject *e = (PyImportErrorObject *)self;
	PyObject **const fields[] = {&e->name, &e->path};

	if (init_with_keywords(self, args, kwargs, "ImportError", names, fields) < 0)
		return -1;
	set(&e->msg, NARGS(args) == 1 ? ARG(args, 0) : NULL);
	return 0;
}

PyObject *_PyExc_import_str(PyObject *self)
{
	PyObject *msg = ((PyImportErrorObject *)self)->msg;

	return msg && PyUnicode_CheckExact(msg) ? Py_NewRef(msg) : _PyBaseException_Str(self);
}

PyMemberDef _PyExc_import_members[] = {OBJECT("msg", PyImportErrorObject, msg),
				       OBJECT("name", PyImportErrorObject, name),
				       OBJECT("path", PyImportErrorObject, path), END_MEMBERS};

int _PyExc_name_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
	static const char *const names[] = {"name", NULL};
	PyObject **const fields[] = {&((PyNameErrorObject *)self)->name};

	return init_with_keywords(self, args, kwargs, "NameError", names, fields);
}

PyMemberDef _PyExc_name_members[] = {OBJECT("name", PyNameErrorObject, name), END_MEMBERS};

int _PyExc_attribute_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
	static const char *const names[] = {"name", "obj", NULL};
	PyAttributeErrorObject *e = (PyAttributeErrorObject *)self;
	PyObject **const fields[] = {&e->name, &e->obj};

	return init_with_keywords(self, args, kwargs, "AttributeError", names, fields);
}

PyMemberDef _PyExc_attribute_members[] = {OBJECT("name", PyAttributeErrorObject, name),
					  OBJECT("obj", PyAttributeErrorObject, obj), END_MEMBERS};

/* -- OSError ----------------------------------------------------------------------------------- */
/* Which subclass OSError(errno, ...) makes. */
static PyObject *class_of_errno(long code)
{
	static const struct {
		int code;
		PyObject *const *type;
	} map[] = {
		{EAGAIN, &PyExc_BlockingIOError},
		{EALREADY, &PyExc_BlockingIOError},
		{EINPROGRESS, &PyExc_BlockingIOError},
		{EPIPE, &PyExc_BrokenPipeError},
		{ESHUTDOWN, &PyExc_BrokenPipeError},
		{ECHILD, &PyExc_ChildProcessError},
		{ECONNABORTED, &PyExc_ConnectionAbortedError},
		{ECONNREFUSED, &PyExc_ConnectionRefusedError},
		{ECONNRESET, &PyExc_ConnectionResetError},
		{EEXIST, &PyExc_FileExistsError},
		{ENOENT, &PyExc_FileNotFoundError},
		{EISDIR, &PyExc_IsADirectoryError},
		{ENOTDIR, &PyExc_NotADirectoryError},
		{EINTR, &PyExc_InterruptedError},
		{EACCES, &PyExc_PermissionError},
		{EPERM, &PyExc_PermissionError},
		{ESRCH, &PyExc_ProcessLookupError},
		{ETIMEDOUT, &PyExc_TimeoutError},
	};

	for (size_t i = 0; i < sizeof(map) / sizeof(*map); i++)
		if (map[i].code == code)
			return *map[i].type;
	return NULL;
}

/* Classes with an __init__ but no __new__ of their own get their arguments there. */
static bool uses_init(PyTypeObject *type)
{
	return type->tp_init != _PyExc_os_init && type->tp_new == _PyExc_os_new;
}

/* (errno, strerror[, filename[, winerror[, filename2]]]); args keeps the first two then. */
static int fill_os(PyOSErrorObject *e, PyObject *args)
{
	Py_ssize_t n = NARGS(args);
	PyObject *kept = Py_NewRef(args);

	if (n >= 2 && n <= 5) {
		set(&e->myerrno, ARG(args, 0));
		set(&e->strerror, ARG(args, 1));
		if (n >= 3 && !Py_IsNone(ARG(args, 2))) {
			set(&e->filename, ARG(args, 2));
			if (n == 5 && !Py_IsNone(ARG(args, 4)))
				set(&e->filename2, ARG(args, 4));
			Py_DECREF(kept);
			kept = PyTuple_GetSlice(args, 0, 2);
			if (!kept)
				return -1;
		}
	}
	Py_XSETREF(e->args, kept);
	return 0;
}

PyObject *_PyExc_os_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *self, *cls;

	if (!uses_init(type)) {
		if (!PyArg_NoKeywords(type->tp_name, kwargs))
			return NULL;
		if (type == (PyTypeObject *)PyExc_OSError && NARGS(args) >= 2 && NARGS(args) <= 5 &&
		    PyLong_Check(ARG(args, 0))) {
			int overflow;

			cls = class_of_errno(PyLong_AsLongAndOverflow(ARG(args, 0), &overflow));
			if (cls)
				type = (PyTypeObject *)cls;
		}
	}
	self = type->tp_alloc(type, 0);
	if (!self)
		return NULL;
	if (uses_init(type)) {
		ARGS(self) = PyTuple_New(0);
		if (!ARGS(self))
			Py_CLEAR(self);
	} else if (fill_os((PyOSErrorObject *)self, args) < 0) {
		Py_CLEAR(self);
	}
	return self;
}

int _PyExc_os_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
	if (!uses_init(Py_TYPE(self)))
		return 0;
	if (!PyArg_NoKeywords(Py_TYPE(self)->tp_name, kwargs))
		return -1;
	return fill_os((PyOSErrorObject *)self, args);
}

PyObject *_PyExc_os_str(PyObject *self)
{
	PyOSErrorObject *e = (PyOSErrorObject *)self;
	PyObject *number = e->myerrno ? e->myerrno : Py_None;
	PyObject *text = e->strerror ? e->strerror : Py_None;

	if (e->filename && e->filename2)
		return PyUnicode_FromFormat("[Errno %S] %S: %R -> %R", number, text, e->filename,
					    e->filename2);
	if (e->filename)
		return PyUnicode_FromFormat("[Errno %S] %S: %R", number, text, e->filename);
	if (e->myerrno && e->strerror)
		return PyUnicode_FromFormat("[Errno %S] %S", number, text);
	return _PyBaseException_Str(self);
}

PyMemberDef _PyExc_os_members[] = {OBJECT("errno", PyOSErrorObject, myerrno),
				   OBJECT("strerror", PyOSErrorObject, strerror),
				   OBJECT("filename", PyOSErrorObject, filename),
				   OBJECT("filename2", PyOSErrorObject, filename2), END_MEMBERS};

/* -- SyntaxError ------------------------------------------------------------------------------- */
int _PyExc_syntax_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
	PySyntaxErrorObject *e = (PySyntaxErrorObject *)self;
	PyObject **const fields[] = {&e->filename, &e->lineno,     &e->offset,
				     &e->text,     &e->end_lineno, &e->end_offset};
	PyObject *info;
	Py_ssize_t n;

	if (_PyBaseException_Init(self, args, kwargs) < 0)
		return -1;
	if (NARGS(args) >= 1)
		set(&e->msg, ARG(args, 0));
	if (NARGS(args) != 2)
		return 0;
	info = PySequence_Tuple(ARG(args, 1));
	if (!info)
		return -1;
	n = PyTuple_GET_SIZE(info);
	if (n != 4 && n != 6) {
		Py_DECREF(info);
		if (n == 5)
			PyErr_SetString(PyExc_TypeError, "end_offset must be provided when "
							 "end_lineno is provided");
		else
			PyErr_Format(PyExc_TypeError, "function %s %d argument%s (%zd given)",
				     n < 4 ? "takes at least" : "takes at most", n < 4 ? 4 : 6, "s",
				     n);
		return -1;
	}
	for (Py_ssize_t i = 0; i < 6; i++)
		set(fields[i], i < n ? PyTuple_GET_ITEM(info, i) : NULL);
	Py_DECREF(info);
	return 0;
}

/* The part of a path after the last slash; new. */
static PyObject *basename_of(PyObject *path)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(path);
	Py_ssize_t slash = PyUnicode_FindChar(path, '/', 0, n, -1);

	return PyUnicode_Substring(path, slash + 1, n);
}

PyObject *_PyExc_syntax_str(PyObject *self)
{
	PySyntaxErrorObject *e = (PySyntaxErrorObject *)self;
	PyObject *msg = e->msg ? e->msg : Py_None, *name = NULL, *r;
	bool line = e->lineno && PyLong_CheckExact(e->lineno);

	if (e->filename && PyUnicode_Check(e->filename) && !(name = basename_of(e->filename)))
		return NULL;
	if (name && line)
		r = PyUnicode_FromFormat("%S (%U, line %S)", msg, name, e->lineno);
	else if (name)
		r = PyUnicode_FromFormat("%S (%U)", msg, name);
	else if (line)
		r = PyUnicode_FromFormat("%S (line %S)", msg, e->lineno);
	else
		r = PyObject_Str(msg);
	Py_XDECREF(name);
	return r;
}

PyMemberDef _PyExc_syntax_members[] = {
	OBJECT("msg", PySyntaxErrorObject, msg),
	OBJECT("filename", PySyntaxErrorObject, filename),
	OBJECT("lineno", PySyntaxErrorObject, lineno),
	OBJECT("offset", PySyntaxErrorObject, offset),
	OBJECT("text", PySyntaxErrorObject, text),
	OBJECT("end_lineno", PySyntaxErrorObject, end_lineno),
	OBJECT("end_offset", PySyntaxErrorObject, end_offset),
	OBJECT("print_file_and_line", PySyntaxErrorObject, print_file_and_line),
	END_MEMBERS,
};

/* -- UnicodeError ------------------------------------------------------------------------------ */
/* (encoding, object, start, end, reason), or without the encoding for translate. */
static int init_unicode(PyObject *self, PyObject *args, PyObject *kwargs, bool encoding, bool bytes)
{
	PyUnicodeErrorObject *e = (PyUnicodeErrorObject *)self;
	Py_ssize_t i = encoding, start, end;
	PyObject *object = NULL;

	if (_PyBaseException_Init(self, args, kwargs) < 0)
		return -1;
	if (NARGS(args) != 4 + i) {
		PyErr_Format(PyExc_TypeError, "function takes exactly %zd arguments (%zd given)",
			     4 + i, NARGS(args));
		return -1;
	}
	start = PyNumber_AsSsize_t(ARG(args, i + 1), PyExc_OverflowError);
	if (start == -1 && PyErr_Occurred())
		return -1;
	end = PyNumber_AsSsize_t(ARG(args, i + 2), PyExc_OverflowError);
	if (end == -1 && PyErr_Occurred())
		return -1;
	if ((encoding && !PyUnicode_Check(ARG(args, 0))) || !PyUnicode_Check(ARG(args, i + 3)) ||
	    (!bytes && !PyUnicode_Check(ARG(args, i)))) {
		PyErr_Format(PyExc_TypeError, "argument must be str");
		return -1;
	}
	object = bytes && !PyBytes_Check(ARG(args, i)) ? PyBytes_FromObject(ARG(args, i))
						       : Py_NewRef(ARG(args, i));
	if (!object)
		return -1;
	if (encoding)
		set(&e->encoding, ARG(args, 0));
	Py_XSETREF(e->object, object);
	e->start = start;
	e->end = end;
	set(&e->reason, ARG(args, i + 3));
	return 0;
}

int _PyExc_decode_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
	return init_unicode(self, args, kwargs, true, true);
}

int _PyExc_encode_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
	return init_unicode(self, args, kwargs, true, false);
}

int _PyExc_translate_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
	return init_unicode(self, args, kwargs, false, false);
}

/* A program may have put anything into the attributes: nothing is taken for what it should be. */
static PyObject *or_none(PyObject *o)
{
	return o ? o : Py_None;
}

static Py_ssize_t last_place(const PyUnicodeErrorObject *e)
{
	return e->end > PTRDIFF_MIN ? e->end - 1 : e->end;
}

PyObject *_PyExc_decode_str(PyObject *self)
{
	PyUnicodeErrorObject *e = (PyUnicodeErrorObject *)self;

	if (!e->object)
		return Py_NewRef(_Py_names.empty);
	if (PyBytes_Check(e->object) && e->start >= 0 && e->start < PyBytes_GET_SIZE(e->object) &&
	    last_place(e) == e->start)
		return PyUnicode_FromFormat(
			"'%S' codec can't decode byte 0x%02x in position %zd: %S",
			or_none(e->encoding), (unsigned char)PyBytes_AS_STRING(e->object)[e->start],
			e->start, or_none(e->reason));
	return PyUnicode_FromFormat("'%S' codec can't decode bytes in position %zd-%zd: %S",
				    or_none(e->encoding), e->start, last_place(e),
				    or_none(e->reason));
}

/* "character '\x80' in position 3: reason", or "characters in position 3-5: reason" */
static PyObject *character_text(PyUnicodeErrorObject *e)
{
	Py_UCS4 ch;

	if (!PyUnicode_Check(e->object) || e->start < 0 ||
	    e->start >= PyUnicode_GET_LENGTH(e->object) || last_place(e) != e->start)
		return PyUnicode_FromFormat("characters in position %zd-%zd: %S", e->start,
					    last_place(e), or_none(e->reason));
	ch = PyUnicode_READ_CHAR(e->object, e->start);
	return PyUnicode_FromFormat(ch <= 0xff     ? "character '\\x%02x' in position %zd: %S"
				    : ch <= 0xffff ? "character '\\u%04x' in position %zd: %S"
						   : "character '\\U%08x' in position %zd: %S",
				    (unsigned)ch, e->start, or_none(e->reason));
}

PyObject *_PyExc_encode_str(PyObject *self)
{
	PyUnicodeErrorObject *e = (PyUnicodeErrorObject *)self;
	PyObject *what, *r;

	if (!e->object)
		return Py_NewRef(_Py_names.empty);
	what = character_text(e);
	if (!what)
		return NULL;
	r = PyUnicode_FromFormat("'%S' codec can't encode %U", or_none(e->encoding), what);
	Py_DECREF(what);
	return r;
}

PyObject *_PyExc_translate_str(PyObject *self)
{
	PyUnicodeErrorObject *e = (PyUnicodeErrorObject *)self;
	PyObject *what, *r;

	if (!e->object)
		return Py_NewRef(_Py_names.empty);
	what = character_text(e);
	if (!what)
		return NULL;
	r = PyUnicode_FromFormat("can't translate %U", what);
	Py_DECREF(what);
	return r;
}

#define UNICODE_MEMBERS                                                                   \
	OBJECT("encoding", PyUnicodeErrorObject, encoding),                               \
		OBJECT("object", PyUnicodeErrorObject, object),                           \
		{"start", Py_T_PYSSIZET, offsetof(PyUnicodeErrorObject, start), 0, NULL}, \
		{"end", Py_T_PYSSIZET, offsetof(PyUnicodeErrorObject, end), 0, NULL},     \
		OBJECT("reason", PyUnicodeErrorObject, reason), END_MEMBERS
PyMemberDef _PyExc_decode_members[] = {UNICODE_MEMBERS};
PyMemberDef _PyExc_encode_members[] = {UNICODE_MEMBERS};
PyMemberDef _PyExc_translate_members[] = {UNICODE_MEMBERS};

/* encoding, object (stolen; NULL: error) and the rest as an instance of type. */
static PyObject *create(PyObject *type, const char *encoding, PyObject *object, Py_ssize_t start,
			Py_ssize_t end, const char *reason)
{
	PyObject *const parts[] = {PyUnicode_FromString(encoding), object,
				   PyLong_FromSsize_t(start), PyLong_FromSsize_t(end),
				   PyUnicode_FromString(reason)};
	PyObject *r = NULL;

	if (parts[0] && parts[1] && parts[2] && parts[3] && parts[4])
		r = PyObject_Vectorcall(type, parts, 5, NULL);
	for (int i = 0; i < 5; i++)
		Py_XDECREF(parts[i]);
	return r;
}

PyObject *PyUnicodeDecodeError_Create(const char *encoding, const char *object, Py_ssize_t length,
				      Py_ssize_t start, Py_ssize_t end, const char *reason)
{
	return create(PyExc_UnicodeDecodeError, encoding, PyBytes_FromStringAndSize(object, length),
		      start, end, reason);
}

PyObject *PyUnicodeEncodeError_Create(const char *encoding, PyObject *object, Py_ssize_t start,
				      Py_ssize_t end, const char *reason)
{
	return create(PyExc_UnicodeEncodeError, encoding, Py_NewRef(object), start, end, reason);
}
