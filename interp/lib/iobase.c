/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IOBase, RawIOBase, BufferedIOBase, TextIOBase: what a class gets that defines only read, write or
 * readinto; and what all streams of this library share.
 */
#include "lib/io.h"

#include "core/errors.h"
#include "core/refs.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/bytearray.h"
#include "objects/bytes.h"
#include "objects/call.h"
#include "objects/dict.h"
#include "objects/exceptions.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/unicode.h"
#include "objects/weakref.h"

PyObject *_PyIO_UnsupportedOperation;
PY_OWNS_REFS(_PyIO_UnsupportedOperation)

PyObject *_PyIO_Unsupported(const char *what)
{
	PyErr_SetString(_PyIO_UnsupportedOperation, what);
	return NULL;
}

const struct _PyByteStream *_PyIO_Stream(PyObject *o)
{
	PyTypeObject *type = Py_TYPE(o);

	if (type == &_PyBytesIO_Type)
		return &_PyBytesIO_Stream;
	if (type == &_PyBufferedReader_Type || type == &_PyBufferedWriter_Type ||
	    type == &_PyBufferedRandom_Type || type == &_PyFileIO_Type)
		return &_PyBinaryFile_Stream;
	return NULL;
}

int _PyIO_Size(PyObject *const *args, Py_ssize_t nargs, const char *fname, Py_ssize_t *ret)
{
	*ret = -1;
	if (!PyArg_CheckPositional(fname, nargs, 0, 1))
		return -1;
	if (nargs && !Py_IsNone(args[0])) {
		*ret = PyNumber_AsSsize_t(args[0], PyExc_OverflowError);
		if (*ret == -1 && PyErr_Occurred())
			return -1;
		if (*ret < 0)
			*ret = -1;
	}
	return 0;
}

int _PyIO_Seek(PyObject *const *args, Py_ssize_t nargs, long long *offset, int *whence)
{
	if (!PyArg_CheckPositional("seek", nargs, 1, 2))
		return -1;
	*offset = PyNumber_AsSsize_t(args[0], PyExc_OverflowError);
	*whence = nargs > 1 ? _PyLong_AsInt(args[1]) : 0;
	if (PyErr_Occurred())
		return -1;
	if (*whence < 0 || *whence > 2) {
		PyErr_Format(PyExc_ValueError, "invalid whence (%d, should be 0, 1 or 2)", *whence);
		return -1;
	}
	return 0;
}

/* -- Newlines ---------------------------------------------------------------------------------- */
bool _PyIO_NewlineIsValid(const char *newline)
{
	if (!newline || !*newline || strcmp(newline, "\n") == 0 || strcmp(newline, "\r") == 0 ||
	    strcmp(newline, "\r\n") == 0)
		return true;
	PyErr_Format(PyExc_ValueError, "illegal newline value: %s", newline);
	return false;
}

struct _PyNewlines _PyIO_Newlines(const char *newline)
{
	struct _PyNewlines result = {
		.universal = !newline || !*newline,
		.translate = !newline,
		.end = "\n",
	};

	if (newline && newline[0] == '\r') {
		result.end = newline[1] ? "\r\n" : "\r";
		result.out = result.end;
	}
	return result;
}

Py_ssize_t _PyIO_LineEnd(const struct _PyNewlines *newlines, PyObject *text, Py_ssize_t from)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(text);

	for (Py_ssize_t i = from; i < n; i++) {
		Py_UCS4 ch = PyUnicode_READ_CHAR(text, i);
		bool then_newline = i + 1 < n && PyUnicode_READ_CHAR(text, i + 1) == '\n';

		if (newlines->universal) {
			if (ch == '\n')
				return i + 1;
			if (ch == '\r')
				return i + 1 + then_newline;
		} else if (ch == (Py_UCS4)newlines->end[0]) {
			if (!newlines->end[1])
				return i + 1;
			if (then_newline)
				return i + 2;
		}
	}
	return -1;
}

PyObject *_PyIO_Translate(const struct _PyNewlines *newlines, PyObject *text)
{
	if (!text || !newlines->translate ||
	    PyUnicode_FindChar(text, '\r', 0, PyUnicode_GET_LENGTH(text), 1) < 0)
		return text;
	_PyUnicodeWriter w;
	Py_ssize_t n = PyUnicode_GET_LENGTH(text);
	int status = 0;

	_PyUnicodeWriter_Init(&w);
	for (Py_ssize_t i = 0; status == 0 && i < n; i++) {
		Py_UCS4 ch = PyUnicode_READ_CHAR(text, i);

		if (ch == '\r' && i + 1 < n && PyUnicode_READ_CHAR(text, i + 1) == '\n')
			i++;
		status = _PyUnicodeWriter_WriteChar(&w, ch == '\r' ? '\n' : ch);
	}
	Py_DECREF(text);
	if (status < 0) {
		_PyUnicodeWriter_Dealloc(&w);
		return NULL;
	}
	return _PyUnicodeWriter_Finish(&w);
}

PyObject *_PyIO_TranslateOut(const struct _PyNewlines *newlines, PyObject *text)
{
	if (!newlines->out || PyUnicode_FindChar(text, '\n', 0, PyUnicode_GET_LENGTH(text), 1) < 0)
		return Py_NewRef(text);
	PyObject *from = PyUnicode_FromString("\n"), *to = PyUnicode_FromString(newlines->out);
	PyObject *result = from && to ? PyUnicode_Replace(text, from, to, -1) : NULL;

	Py_XDECREF(from);
	Py_XDECREF(to);
	return result;
}

/* -- IOBase ------------------------------------------------------------------------------------ */
int _PyIO_CheckOpen(const _PyIOBaseObject *base)
{
	if (!base->closed)
		return 0;
	PyErr_SetString(PyExc_ValueError, "I/O operation on closed file.");
	return -1;
}

static PyObject *base_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	return type->tp_alloc(type, 0);
}

void _PyIOBase_Dealloc(PyObject *self)
{
	PyObject_GC_UnTrack(self);
	if (((_PyIOBaseObject *)self)->weakrefs)
		PyObject_ClearWeakRefs(self);
	Py_CLEAR(((_PyIOBaseObject *)self)->dict);
	PyObject_GC_Del(self);
}

int _PyIOBase_Traverse(PyObject *self, visitproc visit, void *arg)
{
	Py_VISIT(((_PyIOBaseObject *)self)->dict);
	return 0;
}

int _PyIOBase_Clear(PyObject *self)
{
	Py_CLEAR(((_PyIOBaseObject *)self)->dict);
	return 0;
}

/* self.NAME(), as subclasses define it; new reference. */
static PyObject *call(PyObject *self, const char *name, PyObject *arg)
{
	PyObject *method = PyObject_GetAttrString(self, name);
	PyObject *result = !method ? NULL
			   : arg   ? PyObject_CallOneArg(method, arg)
				   : PyObject_CallNoArgs(method);

	Py_XDECREF(method);
	return result;
}

static int check_open(PyObject *self)
{
	PyObject *closed = PyObject_GetAttrString(self, "closed");
	int is = closed ? PyObject_IsTrue(closed) : -1;

	Py_XDECREF(closed);
	if (is > 0)
		PyErr_SetString(PyExc_ValueError, "I/O operation on closed file.");
	return is ? -1 : 0;
}

static PyObject *base_enter(PyObject *self, PyObject *unused)
{
	return check_open(self) < 0 ? NULL : Py_NewRef(self);
}

static PyObject *base_exit(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	return call(self, "close", NULL);
}

static PyObject *base_close(PyObject *self, PyObject *unused)
{
	_PyIOBaseObject *base = (_PyIOBaseObject *)self;

	if (!base->closed) {
		PyObject *flushed = call(self, "flush", NULL);

		base->closed = true;
		if (!flushed)
			return NULL;
		Py_DECREF(flushed);
	}
	Py_RETURN_NONE;
}

static PyObject *base_closed(PyObject *self, void *closure)
{
	return PyBool_FromLong(((_PyIOBaseObject *)self)->closed);
}

static PyObject *base_flush(PyObject *self, PyObject *unused)
{
	if (check_open(self) < 0)
		return NULL;
	Py_RETURN_NONE;
}

static PyObject *base_false(PyObject *self, PyObject *unused)
{
	if (check_open(self) < 0)
		return NULL;
	return Py_NewRef(Py_False);
}

#define UNSUPPORTED(name)                                                                 \
	static PyObject *base_##name(PyObject *self, PyObject *const *args, Py_ssize_t n) \
	{                                                                                 \
		return _PyIO_Unsupported(#name);                                          \
	}
UNSUPPORTED(fileno)
UNSUPPORTED(seek)
UNSUPPORTED(truncate)
UNSUPPORTED(read)
UNSUPPORTED(write)
UNSUPPORTED(detach)

static PyObject *base_tell(PyObject *self, PyObject *unused)
{
	PyObject *seek = PyObject_GetAttrString(self, "seek");
	PyObject *zero = PyLong_FromLong(0), *one = PyLong_FromLong(1);
	PyObject *result =
		seek && zero && one ? PyObject_CallFunctionObjArgs(seek, zero, one, NULL) : NULL;

	Py_XDECREF(seek);
	Py_XDECREF(zero);
	Py_XDECREF(one);
	return result;
}

/* Byte after byte, by read(1). */
static PyObject *base_readline(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	Py_ssize_t max;
	PyObject *line, *one;

	if (_PyIO_Size(args, nargs, "readline", &max) < 0)
		return NULL;
	line = PyByteArray_FromStringAndSize(NULL, 0);
	one = PyLong_FromLong(1);
	while (line && one && (max < 0 || PyByteArray_GET_SIZE(line) < max)) {
		PyObject *got = call(self, "read", one);
		const char *data;
		Py_ssize_t n, old = PyByteArray_GET_SIZE(line);

		if (got && !_PyBytes_View(got, &data, &n)) {
			PyErr_Format(PyExc_OSError,
				     "read() should have returned a bytes object, not "
				     "'%.200s'",
				     Py_TYPE(got)->tp_name);
			Py_CLEAR(got);
		}
		if (!got || (n > 0 && PyByteArray_Resize(line, old + n) < 0)) {
			Py_XDECREF(got);
			Py_CLEAR(line);
			break;
		}
		if (n > 0)
			memcpy(PyByteArray_AS_STRING(line) + old, data, (size_t)n);
		bool done = n == 0 || data[n - 1] == '\n';

		Py_DECREF(got);
		if (done)
			break;
	}
	PyObject *result = line && one ? PyBytes_FromObject(line) : NULL;

	Py_XDECREF(one);
	Py_XDECREF(line);
	return result;
}

static PyObject *base_iter(PyObject *self)
{
	return check_open(self) < 0 ? NULL : Py_NewRef(self);
}

static PyObject *base_iternext(PyObject *self)
{
	PyObject *line = call(self, "readline", NULL);

	if (line && PyObject_Size(line) <= 0)
		Py_CLEAR(line);
	return line;
}

static PyObject *base_readlines(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	Py_ssize_t max, total = 0;
	PyObject *lines, *it, *line;

	if (_PyIO_Size(args, nargs, "readlines", &max) < 0)
		return NULL;
	lines = PyList_New(0);
	it = lines ? PyObject_GetIter(self) : NULL;
	while (it && (max <= 0 || total < max) && (line = PyIter_Next(it)) != NULL) {
		total += PyObject_Size(line);
		int status = PyList_Append(lines, line);

		Py_DECREF(line);
		if (status < 0)
			break;
	}
	if (!it || PyErr_Occurred())
		Py_CLEAR(lines);
	Py_XDECREF(it);
	return lines;
}

static PyObject *base_writelines(PyObject *self, PyObject *lines)
{
	PyObject *it = check_open(self) < 0 ? NULL : PyObject_GetIter(lines);
	PyObject *line;

	while (it && (line = PyIter_Next(it)) != NULL) {
		PyObject *result = PyObject_CallMethodOneArg(self, _Py_ID(write), line);

		Py_DECREF(line);
		if (!result)
			break;
		Py_DECREF(result);
	}
	Py_XDECREF(it);
	if (PyErr_Occurred())
		return NULL;
	Py_RETURN_NONE;
}

/* -- RawIOBase: read() by readinto() ----------------------------------------------------------- */
static PyObject *raw_readall(PyObject *self, PyObject *unused)
{
	PyObject *all = PyBytes_FromStringAndSize(NULL, 0), *size = PyLong_FromLong(8192);

	while (all && size) {
		PyObject *some = call(self, "read", size);

		if (some && PyBytes_Check(some) && PyBytes_GET_SIZE(some) > 0) {
			PyBytes_Concat(&all, some);
			Py_DECREF(some);
			continue;
		}
		if (!some)
			Py_CLEAR(all);
		Py_XDECREF(some);
		break;
	}
	Py_XDECREF(size);
	return all;
}

static PyObject *raw_read(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	Py_ssize_t max;

	if (_PyIO_Size(args, nargs, "read", &max) < 0)
		return NULL;
	if (max < 0)
		return call(self, "readall", NULL);
	PyObject *room = PyByteArray_FromStringAndSize(NULL, 0);

	if (room && PyByteArray_Resize(room, max) < 0)
		Py_CLEAR(room);
	if (room && max > 0)
		memset(PyByteArray_AS_STRING(room), 0, (size_t)max);
	PyObject *got = room ? call(self, "readinto", room) : NULL;
	PyObject *result = NULL;

	if (got && Py_IsNone(got)) {
		result = Py_NewRef(Py_None);
	} else if (got) {
		Py_ssize_t n = PyNumber_AsSsize_t(got, PyExc_ValueError);

		if (n >= 0 && n <= PyByteArray_GET_SIZE(room))
			result = PyBytes_FromStringAndSize(PyByteArray_AS_STRING(room), n);
		else if (!PyErr_Occurred())
			PyErr_SetString(PyExc_ValueError, "readinto() returned a wrong size");
	}
	Py_XDECREF(got);
	Py_XDECREF(room);
	return result;
}

#define FAST(f) ((PyCFunction)(void (*)(void))(f))

static PyMethodDef base_methods[] = {
	{"__enter__", base_enter, METH_NOARGS, NULL},
	{"__exit__", FAST(base_exit), METH_FASTCALL, NULL},
	{"close", base_close, METH_NOARGS, "Flush and close."},
	{"flush", base_flush, METH_NOARGS, "Write what is buffered."},
	{"isatty", base_false, METH_NOARGS, "Whether it is a terminal."},
	{"readable", base_false, METH_NOARGS, "Whether it can be read."},
	{"writable", base_false, METH_NOARGS, "Whether it can be written."},
	{"seekable", base_false, METH_NOARGS, "Whether it has a position."},
	{"fileno", FAST(base_fileno), METH_FASTCALL, "The file descriptor."},
	{"seek", FAST(base_seek), METH_FASTCALL, "Change the position."},
	{"truncate", FAST(base_truncate), METH_FASTCALL, "Change the size."},
	{"tell", base_tell, METH_NOARGS, "The position."},
	{"readline", FAST(base_readline), METH_FASTCALL, "Up to and with the next newline."},
	{"readlines", FAST(base_readlines), METH_FASTCALL, "The lines that are left."},
	{"writelines", base_writelines, METH_O, "Write a list of lines."},
	{0},
};

static PyMethodDef raw_methods[] = {
	{"read", FAST(raw_read), METH_FASTCALL, "Read by readinto()."},
	{"readall", raw_readall, METH_NOARGS, "Read to the end."},
	{0},
};

static PyMethodDef buffered_methods[] = {
	{"read", FAST(base_read), METH_FASTCALL, NULL},
	{"read1", FAST(base_read), METH_FASTCALL, NULL},
	{"write", FAST(base_write), METH_FASTCALL, NULL},
	{"detach", FAST(base_detach), METH_FASTCALL, NULL},
	{0},
};

static PyMethodDef text_methods[] = {
	{"read", FAST(base_read), METH_FASTCALL, NULL},
	{"readline", FAST(base_read), METH_FASTCALL, NULL},
	{"write", FAST(base_write), METH_FASTCALL, NULL},
	{"detach", FAST(base_detach), METH_FASTCALL, NULL},
	{0},
};

static PyGetSetDef base_getset[] = {
	{"closed", base_closed, NULL, NULL, NULL},
	{0},
};

PyTypeObject _PyIOBase_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "_io._IOBase",
	.tp_basicsize = sizeof(_PyIOBaseObject),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
	.tp_dictoffset = offsetof(_PyIOBaseObject, dict),
	.tp_weaklistoffset = offsetof(_PyIOBaseObject, weakrefs),
	.tp_new = base_new,
	.tp_dealloc = _PyIOBase_Dealloc,
	.tp_traverse = _PyIOBase_Traverse,
	.tp_clear = _PyIOBase_Clear,
	.tp_iter = base_iter,
	.tp_iternext = base_iternext,
	.tp_methods = base_methods,
	.tp_getset = base_getset,
};

#define BASE(type_name, methods)                                                                   \
	{                                                                                          \
		PyVarObject_HEAD_INIT(&PyType_Type, 0),                                            \
			.tp_name = type_name, .tp_basicsize = sizeof(_PyIOBaseObject),             \
			.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC, \
			.tp_base = &_PyIOBase_Type, .tp_methods = methods                          \
	}
PyTypeObject _PyRawIOBase_Type = BASE("_io._RawIOBase", raw_methods);
PyTypeObject _PyBufferedIOBase_Type = BASE("_io._BufferedIOBase", buffered_methods);
PyTypeObject _PyTextIOBase_Type = BASE("_io._TextIOBase", text_methods);

/* class UnsupportedOperation(OSError, ValueError) */
static PyObject *make_unsupported(void)
{
	PyObject *bases = PyTuple_Pack(2, PyExc_OSError, PyExc_ValueError);
	PyObject *dict = PyDict_New(), *module = PyUnicode_FromString("io");
	PyObject *name = PyUnicode_FromString("UnsupportedOperation"), *class = NULL;

	if (bases && dict && module && name &&
	    PyDict_SetItem(dict, _Py_ID(__module__), module) == 0)
		class = PyObject_CallFunctionObjArgs((PyObject *)&PyType_Type, name, bases, dict,
						     NULL);
	Py_XDECREF(name);
	Py_XDECREF(module);
	Py_XDECREF(dict);
	Py_XDECREF(bases);
	return class;
}

int _PyIO_Start(void)
{
	PyTypeObject *const types[] = {
		&_PyIOBase_Type,         &_PyRawIOBase_Type,      &_PyBufferedIOBase_Type,
		&_PyTextIOBase_Type,     &_PyFileIO_Type,         &_PyBufferedReader_Type,
		&_PyBufferedWriter_Type, &_PyBufferedRandom_Type, &_PyBytesIO_Type,
		&_PyTextIOWrapper_Type,  &_PyStringIO_Type,
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (PyType_Ready(types[i]) < 0)
			return -1;
	_PyIO_UnsupportedOperation = make_unsupported();
	return _PyIO_UnsupportedOperation ? 0 : -1;
}
