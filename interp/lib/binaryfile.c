/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Binary files over a descriptor: FileIO (no buffer), BufferedReader, BufferedWriter,
 * BufferedRandom.
 *
 * The buffer holds either bytes that were read ahead or bytes that are yet to be written (dirty),
 * never both. The GIL is let go around system calls, and other threads may use the file meanwhile:
 * so data goes in and out of the buffer by a copy, and nothing is kept across a call.
 */
#include "lib/io.h"

#include "core/errors.h"
#include "lib/lib.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/bytearray.h"
#include "objects/bytes.h"
#include "objects/call.h"
#include "objects/long.h"
#include "objects/unicode.h"

#include <errno.h>
#include <unistd.h>

#define BUFFER_SIZE 8192

typedef struct {
	_PyIOBaseObject base;
	int fd; /* -1: closed */
	bool readable, writable, dirty, close_fd;
	PyObject *name; /* what was opened: a path or a descriptor */
	char mode[8];
	char *buffer;            /* allocated at first use */
	size_t start, end, size; /* the bytes in it; size allocated */
} BinaryFile;

static BinaryFile *as_file(PyObject *o)
{
	return (BinaryFile *)o;
}

static bool is_raw(const BinaryFile *f)
{
	return Py_IS_TYPE(f, &_PyFileIO_Type);
}

static int check(BinaryFile *f, bool reading)
{
	if (_PyIO_CheckOpen(&f->base) < 0)
		return -1;
	if (reading ? f->readable : f->writable)
		return 0;
	if (is_raw(f))
		_PyIO_Unsupported(reading ? "File not open for reading"
					  : "File not open for writing");
	else
		_PyIO_Unsupported(reading ? "read" : "write");
	return -1;
}

int _PyBinaryFile_Descriptor(PyObject *self)
{
	return as_file(self)->fd;
}

/* Room for n more bytes behind those in the buffer. */
static int make_room(BinaryFile *f, size_t n)
{
	if (f->start == f->end)
		f->start = f->end = 0;
	if (f->size - f->end >= n)
		return 0;
	size_t size = f->end + n > BUFFER_SIZE ? f->end + n : BUFFER_SIZE;
	char *more = PyMem_Realloc(f->buffer, size);

	if (!more) {
		PyErr_NoMemory();
		return -1;
	}
	f->buffer = more;
	f->size = size;
	return 0;
}

/* -- System calls ------------------------------------------------------------------------------ */
/* After a failed one: 1 = again, -1 with an exception. */
static int after_error(int error)
{
	if (error == EINTR)
		return PyErr_CheckSignals() < 0 ? -1 : 1;
	errno = error;
	PyErr_SetFromErrno(PyExc_OSError);
	return -1;
}

static int write_all(int fd, const char *data, size_t n)
{
	while (n > 0) {
		ssize_t wrote;
		int error;

		Py_BEGIN_ALLOW_THREADS wrote = write(fd, data, n);
		error = errno;
		Py_END_ALLOW_THREADS if (wrote < 0)
		{
			if (after_error(error) < 0)
				return -1;
			continue;
		}
		data += wrote;
		n -= (size_t)wrote;
	}
	return 0;
}

/* At most n bytes: how many, 0 at the end of the file, -1. */
static ssize_t read_some(int fd, char *data, size_t n)
{
	for (;;) {
		ssize_t got;
		int error;

		Py_BEGIN_ALLOW_THREADS got = read(fd, data, n);
		error = errno;
		Py_END_ALLOW_THREADS if (got >= 0) return got;
		if (after_error(error) < 0)
			return -1;
	}
}

/* -- Writing ----------------------------------------------------------------------------------- */
static int flush(BinaryFile *f)
{
	char data[BUFFER_SIZE];

	if (!f->dirty)
		return 0;
	size_t n = f->end - f->start;

	/* What cannot be written is dropped: it would only fail again. */
	memcpy(data, f->buffer + f->start, n);
	f->start = f->end = 0;
	f->dirty = false;
	return write_all(f->fd, data, n);
}

/* What was read ahead is given back, so that the descriptor stands where the program thinks. */
static int drop_read_ahead(BinaryFile *f)
{
	size_t ahead = f->dirty ? 0 : f->end - f->start;

	if (ahead == 0)
		return 0;
	f->start = f->end = 0;
	if (lseek(f->fd, -(off_t)ahead, SEEK_CUR) < 0 && errno != ESPIPE) {
		PyErr_SetFromErrno(PyExc_OSError);
		return -1;
	}
	return 0;
}

static int put(PyObject *self, const char *data, size_t n)
{
	BinaryFile *f = as_file(self);

	if (check(f, false) < 0 || drop_read_ahead(f) < 0)
		return -1;
	if (is_raw(f))
		return write_all(f->fd, data, n);
	if (f->end + n > BUFFER_SIZE && flush(f) < 0)
		return -1;
	if (n > BUFFER_SIZE)
		return write_all(f->fd, data, n);
	if (make_room(f, n) < 0)
		return -1;
	memcpy(f->buffer + f->end, data, n);
	f->end += n;
	f->dirty = f->end > f->start;
	return 0;
}

static PyObject *file_write(PyObject *self, PyObject *o)
{
	const char *data;
	Py_ssize_t n;

	if (check(as_file(self), false) < 0)
		return NULL;
	if (!_PyBytes_View(o, &data, &n))
		return PyErr_Format(PyExc_TypeError,
				    "a bytes-like object is required, not '%.100s'",
				    Py_TYPE(o)->tp_name);
	return put(self, data, (size_t)n) < 0 ? NULL : PyLong_FromSsize_t(n);
}

static int file_flush_c(PyObject *self)
{
	if (_PyIO_CheckOpen(&as_file(self)->base) < 0)
		return -1;
	return flush(as_file(self));
}

static PyObject *file_flush(PyObject *self, PyObject *unused)
{
	if (file_flush_c(self) < 0)
		return NULL;
	Py_RETURN_NONE;
}

/* -- Reading ----------------------------------------------------------------------------------- */
/* More bytes behind those in the buffer: how many, 0 at the end of the file, -1. */
static ssize_t fill(BinaryFile *f)
{
	char data[BUFFER_SIZE];
	ssize_t got = read_some(f->fd, data, sizeof(data));

	if (got <= 0)
		return got;
	if (flush(f) < 0 || make_room(f, (size_t)got) < 0)
		return -1;
	memcpy(f->buffer + f->end, data, (size_t)got);
	f->end += (size_t)got;
	return got;
}

static PyObject *append(PyObject *out, const char *data, size_t n)
{
	Py_ssize_t old = PyBytes_GET_SIZE(out);

	if (_PyBytes_Resize(&out, old + (Py_ssize_t)n) < 0)
		return NULL;
	memcpy(PyBytes_AS_STRING(out) + old, data, n);
	return out;
}

/* Bytes up to the end, max, or (line) the first newline: new bytes object. */
static PyObject *take(PyObject *self, Py_ssize_t max, bool line)
{
	BinaryFile *f = as_file(self);

	if (check(f, true) < 0 || flush(f) < 0)
		return NULL;
	PyObject *out = PyBytes_FromStringAndSize(NULL, 0);
	bool done = false;

	while (out && !done && (max < 0 || PyBytes_GET_SIZE(out) < max)) {
		if (f->start == f->end) {
			ssize_t more = fill(f);

			if (more < 0)
				Py_CLEAR(out);
			if (more <= 0)
				break;
		}
		size_t n = f->end - f->start;
		const char *from = f->buffer + f->start;
		const char *newline = line ? memchr(from, '\n', n) : NULL;

		if (newline) {
			n = (size_t)(newline - from) + 1;
			done = true;
		}
		if (max >= 0 && n > (size_t)(max - PyBytes_GET_SIZE(out))) {
			n = (size_t)(max - PyBytes_GET_SIZE(out));
			done = true;
		}
		f->start += n;
		out = append(out, from, n);
	}
	return out;
}

/* One system call's worth of bytes at most. */
static PyObject *take_once(BinaryFile *f, Py_ssize_t max)
{
	if (check(f, true) < 0 || flush(f) < 0)
		return NULL;
	if (f->start == f->end && max != 0 && fill(f) < 0)
		return NULL;
	size_t n = f->end - f->start;

	if (max >= 0 && n > (size_t)max)
		n = (size_t)max;
	PyObject *out = PyBytes_FromStringAndSize(f->buffer + f->start, (Py_ssize_t)n);

	f->start += n;
	return out;
}

static PyObject *raw_read(BinaryFile *f, Py_ssize_t max)
{
	if (check(f, true) < 0)
		return NULL;
	PyObject *out = PyBytes_FromStringAndSize(NULL, max);
	ssize_t got = out ? read_some(f->fd, PyBytes_AS_STRING(out), (size_t)max) : -1;

	if (got < 0)
		Py_CLEAR(out);
	else if (_PyBytes_Resize(&out, got) < 0)
		return NULL;
	return out;
}

static PyObject *file_read(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	Py_ssize_t max;

	if (_PyIO_Size(args, nargs, "read", &max) < 0)
		return NULL;
	return is_raw(as_file(self)) && max >= 0 ? raw_read(as_file(self), max)
						 : take(self, max, false);
}

static PyObject *file_read1(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	Py_ssize_t max;

	return _PyIO_Size(args, nargs, "read1", &max) < 0 ? NULL : take_once(as_file(self), max);
}

static PyObject *file_peek(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	BinaryFile *f = as_file(self);
	PyObject *out = take_once(f, -1);

	if (out)
		f->start -= (size_t)PyBytes_GET_SIZE(out);
	return out;
}

static PyObject *file_readall(PyObject *self, PyObject *unused)
{
	return take(self, -1, false);
}

static PyObject *file_readline(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	Py_ssize_t max;

	return _PyIO_Size(args, nargs, "readline", &max) < 0 ? NULL : take(self, max, true);
}

static PyObject *file_readinto(PyObject *self, PyObject *room)
{
	if (!PyByteArray_Check(room))
		return PyErr_Format(PyExc_TypeError,
				    "readinto() argument must be read-write bytes-like object, "
				    "not %.100s",
				    Py_TYPE(room)->tp_name);
	PyObject *got = is_raw(as_file(self)) ? raw_read(as_file(self), PyByteArray_GET_SIZE(room))
					      : take(self, PyByteArray_GET_SIZE(room), false);

	if (!got)
		return NULL;
	Py_ssize_t n = PyBytes_GET_SIZE(got);

	/* Another thread may have shrunk it. */
	if (n > PyByteArray_GET_SIZE(room))
		n = PyByteArray_GET_SIZE(room);
	memcpy(PyByteArray_AS_STRING(room), PyBytes_AS_STRING(got), (size_t)n);
	Py_DECREF(got);
	return PyLong_FromSsize_t(n);
}

/* -- Position ---------------------------------------------------------------------------------- */
static PyObject *seek_to(BinaryFile *f, off_t offset, int whence)
{
	if (_PyIO_CheckOpen(&f->base) < 0 || flush(f) < 0 || drop_read_ahead(f) < 0)
		return NULL;
	off_t at = lseek(f->fd, offset, whence);

	return at < 0 ? PyErr_SetFromErrno(PyExc_OSError) : PyLong_FromLongLong(at);
}

static PyObject *file_seek(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	long long offset;
	int whence;

	if (_PyIO_Seek(args, nargs, &offset, &whence) < 0)
		return NULL;
	return seek_to(as_file(self), offset, whence);
}

static PyObject *file_tell(PyObject *self, PyObject *unused)
{
	BinaryFile *f = as_file(self);

	if (_PyIO_CheckOpen(&f->base) < 0)
		return NULL;
	off_t at = lseek(f->fd, 0, SEEK_CUR);
	off_t held = (off_t)(f->end - f->start);

	return at < 0 ? PyErr_SetFromErrno(PyExc_OSError)
		      : PyLong_FromLongLong(f->dirty ? at + held : at - held);
}

static PyObject *file_truncate(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	BinaryFile *f = as_file(self);
	Py_ssize_t size;

	if (_PyIO_Size(args, nargs, "truncate", &size) < 0 || check(f, false) < 0 || flush(f) < 0 ||
	    drop_read_ahead(f) < 0)
		return NULL;
	off_t to = nargs && !Py_IsNone(args[0]) ? size : lseek(f->fd, 0, SEEK_CUR);

	if (to < 0 || ftruncate(f->fd, to) < 0)
		return PyErr_SetFromErrno(PyExc_OSError);
	return PyLong_FromLongLong(to);
}

/* -- The rest ---------------------------------------------------------------------------------- */
static PyObject *file_close(PyObject *self, PyObject *unused)
{
	BinaryFile *f = as_file(self);
	int fd = f->fd;

	if (fd >= 0) {
		int status = flush(f);

		f->fd = -1;
		f->base.closed = true;
		if (f->close_fd)
			close(fd);
		if (status < 0)
			return NULL;
	}
	Py_RETURN_NONE;
}

static PyObject *file_fileno(PyObject *self, PyObject *unused)
{
	if (_PyIO_CheckOpen(&as_file(self)->base) < 0)
		return NULL;
	return PyLong_FromLong(as_file(self)->fd);
}

static PyObject *file_isatty(PyObject *self, PyObject *unused)
{
	if (_PyIO_CheckOpen(&as_file(self)->base) < 0)
		return NULL;
	return PyBool_FromLong(isatty(as_file(self)->fd));
}

static PyObject *file_seekable(PyObject *self, PyObject *unused)
{
	if (_PyIO_CheckOpen(&as_file(self)->base) < 0)
		return NULL;
	return PyBool_FromLong(lseek(as_file(self)->fd, 0, SEEK_CUR) >= 0);
}

static PyObject *file_readable(PyObject *self, PyObject *unused)
{
	return PyBool_FromLong(as_file(self)->readable);
}

static PyObject *file_writable(PyObject *self, PyObject *unused)
{
	return PyBool_FromLong(as_file(self)->writable);
}

static PyObject *file_repr(PyObject *self)
{
	BinaryFile *f = as_file(self);

	if (!is_raw(f))
		return PyUnicode_FromFormat("<%s name=%R>", Py_TYPE(self)->tp_name, f->name);
	if (f->fd < 0)
		return PyUnicode_FromString("<_io.FileIO [closed]>");
	return PyUnicode_FromFormat("<_io.FileIO name=%R mode='%s' closefd=%s>", f->name, f->mode,
				    f->close_fd ? "True" : "False");
}

static void file_dealloc(PyObject *self)
{
	BinaryFile *f = as_file(self);
	PyObject *pending = PyErr_GetRaisedException();

	if (f->fd >= 0 && flush(f) < 0)
		PyErr_Clear();
	if (f->fd >= 0 && f->close_fd)
		close(f->fd);
	PyErr_SetRaisedException(pending);
	PyMem_Free(f->buffer);
	Py_XDECREF(f->name);
	_PyIOBase_Dealloc(self);
}

static PyObject *get_name(PyObject *self, void *closure)
{
	return Py_NewRef(as_file(self)->name);
}

static PyObject *get_mode(PyObject *self, void *closure)
{
	return PyUnicode_FromString(as_file(self)->mode);
}

static PyObject *get_closefd(PyObject *self, void *closure)
{
	return PyBool_FromLong(as_file(self)->close_fd);
}

/* The file itself stands for its raw part too: it has one descriptor. */
static PyObject *get_raw(PyObject *self, void *closure)
{
	return Py_NewRef(self);
}

#define FAST(f) ((PyCFunction)(void (*)(void))(f))

static PyMethodDef file_methods[] = {
	{"write", file_write, METH_O, "Write bytes; their number."},
	{"flush", file_flush, METH_NOARGS, "Write what is buffered."},
	{"read", FAST(file_read), METH_FASTCALL, "Read at most n bytes, or to the end."},
	{"read1", FAST(file_read1), METH_FASTCALL, "Read with at most one system call."},
	{"peek", FAST(file_peek), METH_FASTCALL, "The bytes that come next."},
	{"readall", file_readall, METH_NOARGS, "Read to the end."},
	{"readline", FAST(file_readline), METH_FASTCALL, "Read up to and with the next newline."},
	{"readinto", file_readinto, METH_O, "Read into a bytearray; the number of bytes."},
	{"readinto1", file_readinto, METH_O, "Read into a bytearray; the number of bytes."},
	{"seek", FAST(file_seek), METH_FASTCALL, "Change the position."},
	{"tell", file_tell, METH_NOARGS, "The position."},
	{"truncate", FAST(file_truncate), METH_FASTCALL, "Change the size."},
	{"close", file_close, METH_NOARGS, "Flush and close."},
	{"fileno", file_fileno, METH_NOARGS, "The file descriptor."},
	{"isatty", file_isatty, METH_NOARGS, "Whether it is a terminal."},
	{"seekable", file_seekable, METH_NOARGS, "Whether it has a position."},
	{"readable", file_readable, METH_NOARGS, "Whether it can be read."},
	{"writable", file_writable, METH_NOARGS, "Whether it can be written."},
	{0},
};

static PyGetSetDef file_getset[] = {
	{"name", get_name, NULL, NULL, NULL},
	{"mode", get_mode, NULL, NULL, NULL},
	{"raw", get_raw, NULL, NULL, NULL},
	{"closefd", get_closefd, NULL, NULL, NULL},
	{0},
};

const struct _PyByteStream _PyBinaryFile_Stream = {take, put, file_flush_c};

PyObject *_PyBinaryFile_New(PyTypeObject *type, int fd, PyObject *name, const char *mode,
			    bool close_fd)
{
	BinaryFile *f = (BinaryFile *)type->tp_alloc(type, 0);

	if (!f) {
		if (close_fd)
			close(fd);
		return NULL;
	}
	bool both = strchr(mode, '+') != NULL;

	f->fd = fd;
	f->readable = both || strchr(mode, 'r');
	f->writable = both || !strchr(mode, 'r');
	f->close_fd = close_fd;
	f->name = Py_NewRef(name);
	if (strchr(mode, 'r') || strchr(mode, 'w')) /* as the system has them: rb, wb, rb+, ... */
		snprintf(f->mode, sizeof(f->mode), "%s", both ? "rb+" : f->readable ? "rb" : "wb");
	else
		snprintf(f->mode, sizeof(f->mode), "%cb%s", mode[0], both ? "+" : "");
	return (PyObject *)f;
}

/* FileIO(file, mode="r", closefd=True); the buffered ones take a FileIO over and close it. */
static PyObject *fileio_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	static const char *const names[] = {"file", "mode", "closefd", "opener", NULL};
	static const struct PyArgSpec spec = {"FileIO", names, 0, 1, 4};
	PyObject *a[4];

	if (PyArg_ParseDict(&spec, args, kwargs, a) < 0)
		return NULL;
	const char *mode = a[1] ? PyUnicode_AsUTF8(a[1]) : "r";
	int close_fd = a[2] ? PyObject_IsTrue(a[2]) : 1;

	if (!mode || close_fd < 0)
		return NULL;
	int fd = _PyFile_OpenDescriptor(a[0], mode, close_fd, a[3]);

	return fd < 0 ? NULL : _PyBinaryFile_New(type, fd, a[0], mode, close_fd);
}

static PyObject *buffered_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	static const char *const names[] = {"raw", "buffer_size", NULL};
	static const struct PyArgSpec spec = {"BufferedReader", names, 0, 1, 2};
	PyObject *a[2];

	if (PyArg_ParseDict(&spec, args, kwargs, a) < 0)
		return NULL;
	if (!PyObject_TypeCheck(a[0], &_PyFileIO_Type))
		return PyErr_Format(PyExc_TypeError, "%s() needs a FileIO, not %.100s",
				    type->tp_name, Py_TYPE(a[0])->tp_name);
	BinaryFile *raw = as_file(a[0]);

	if (_PyIO_CheckOpen(&raw->base) < 0)
		return NULL;
	BinaryFile *f =
		as_file(_PyBinaryFile_New(type, raw->fd, raw->name, raw->mode, raw->close_fd));

	if (f) {
		/* One owner of the descriptor. */
		raw->close_fd = false;
		f->readable = raw->readable;
		f->writable = raw->writable;
	}
	return (PyObject *)f;
}

#define FILE_TYPE(type_name, base_type, new_function)                                              \
	{                                                                                          \
		PyVarObject_HEAD_INIT(&PyType_Type, 0),                                            \
			.tp_name = type_name, .tp_basicsize = sizeof(BinaryFile),                  \
			.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC, \
			.tp_base = &base_type, .tp_dealloc = file_dealloc,                         \
			.tp_traverse = _PyIOBase_Traverse, .tp_clear = _PyIOBase_Clear,            \
			.tp_repr = file_repr, .tp_new = new_function, .tp_methods = file_methods,  \
			.tp_getset = file_getset                                                   \
	}
PyTypeObject _PyFileIO_Type = FILE_TYPE("_io.FileIO", _PyRawIOBase_Type, fileio_new);
PyTypeObject _PyBufferedReader_Type =
	FILE_TYPE("_io.BufferedReader", _PyBufferedIOBase_Type, buffered_new);
PyTypeObject _PyBufferedWriter_Type =
	FILE_TYPE("_io.BufferedWriter", _PyBufferedIOBase_Type, buffered_new);
PyTypeObject _PyBufferedRandom_Type =
	FILE_TYPE("_io.BufferedRandom", _PyBufferedIOBase_Type, buffered_new);
