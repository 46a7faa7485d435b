/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files: a buffer over a descriptor, text (UTF-8) or bytes. sys.stdin, stdout, stderr and open().
 * A file is read or written, never both; the buffer belongs to the one that is done.
 */
#include "lib/lib.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/bytes.h"
#include "objects/call.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_SIZE 8192

typedef struct {
	PyObject_HEAD int fd; /* -1: closed */
	bool readable, writable, text, line_buffered, close_fd, at_end;
	const char *errors; /* of encoding */
	PyObject *name;
	char mode[8];
	char *buffer;      /* allocated at first use */
	size_t start, end; /* the bytes in it: read but not handed out, or not yet written */
} FileObject;

static FileObject *as_file(PyObject *o)
{
	return (FileObject *)o;
}

static int check_open(FileObject *f, bool reading)
{
	if (f->fd < 0)
		PyErr_SetString(PyExc_ValueError, "I/O operation on closed file.");
	else if (reading ? !f->readable : !f->writable)
		PyErr_SetString(PyExc_OSError, reading ? "not readable" : "not writable");
	else
		return 0;
	return -1;
}

static int make_buffer(FileObject *f)
{
	if (!f->buffer) {
		f->buffer = PyMem_Malloc(BUFFER_SIZE);
		f->start = f->end = 0;
	}
	if (f->buffer)
		return 0;
	PyErr_NoMemory();
	return -1;
}

/* -- writing
 * --------------------------------------------------------------------------------------- */
static int write_all(FileObject *f, const char *data, size_t n)
{
	while (n > 0) {
		ssize_t wrote;
		int error;
		int fd = f->fd;

		Py_BEGIN_ALLOW_THREADS wrote = write(fd, data, n);
		error = errno;
		Py_END_ALLOW_THREADS if (wrote < 0 && error == EINTR)
		{
			if (PyErr_CheckSignals() < 0)
				return -1;
			continue;
		}
		if (wrote < 0) {
			errno = error;
			PyErr_SetFromErrno(PyExc_OSError);
			return -1;
		}
		data += wrote;
		n -= (size_t)wrote;
	}
	return 0;
}

static int flush_buffer(FileObject *f)
{
	if (!f->writable || !f->buffer || f->start == f->end)
		return 0;
	size_t n = f->end - f->start;
	const char *data = f->buffer + f->start;

	/* What cannot be written is dropped: it would only fail again. */
	f->start = f->end = 0;
	return write_all(f, data, n);
}

static int put(FileObject *f, const char *data, size_t n)
{
	if (make_buffer(f) < 0)
		return -1;
	if (n > BUFFER_SIZE - f->end && flush_buffer(f) < 0)
		return -1;
	if (n > BUFFER_SIZE)
		return write_all(f, data, n);
	memcpy(f->buffer + f->end, data, n);
	f->end += n;
	if (f->line_buffered && memchr(data, '\n', n))
		return flush_buffer(f);
	return 0;
}

static int put_object(FileObject *f, PyObject *o)
{
	const char *data;
	Py_ssize_t n;

	if (!f->text) {
		if (!_PyBytes_View(o, &data, &n)) {
			PyErr_Format(PyExc_TypeError,
				     "a bytes-like object is required, not '%.100s'",
				     Py_TYPE(o)->tp_name);
			return -1;
		}
		return put(f, data, (size_t)n);
	}
	if (!PyUnicode_Check(o)) {
		PyErr_Format(PyExc_TypeError, "write() argument must be str, not %.100s",
			     Py_TYPE(o)->tp_name);
		return -1;
	}
	if (PyUnicode_IS_ASCII(o))
		return put(f, PyUnicode_DATA(o), (size_t)PyUnicode_GET_LENGTH(o));
	PyObject *bytes = _PyUnicode_EncodeUTF8(o, f->errors);

	if (!bytes)
		return -1;
	int status = put(f, PyBytes_AS_STRING(bytes), (size_t)PyBytes_GET_SIZE(bytes));

	Py_DECREF(bytes);
	return status;
}

static PyObject *file_write(PyObject *self, PyObject *o)
{
	FileObject *f = as_file(self);

	if (check_open(f, false) < 0 || put_object(f, o) < 0)
		return NULL;
	return PyLong_FromSsize_t(PyObject_Size(o));
}

static PyObject *file_writelines(PyObject *self, PyObject *lines)
{
	PyObject *it = PyObject_GetIter(lines);
	PyObject *line;
	int status = it ? check_open(as_file(self), false) : -1;

	while (status == 0 && (line = PyIter_Next(it)) != NULL) {
		status = put_object(as_file(self), line);
		Py_DECREF(line);
	}
	Py_XDECREF(it);
	if (PyErr_Occurred())
		return NULL;
	Py_RETURN_NONE;
}

static PyObject *file_flush(PyObject *self, PyObject *unused)
{
	if (as_file(self)->fd < 0) {
		PyErr_SetString(PyExc_ValueError, "I/O operation on closed file.");
		return NULL;
	}
	if (flush_buffer(as_file(self)) < 0)
		return NULL;
	Py_RETURN_NONE;
}

/* -- reading
 * --------------------------------------------------------------------------------------- */
/* More bytes into the empty buffer: 1, 0 at the end of the file, -1. */
static int fill(FileObject *f)
{
	if (f->at_end)
		return 0;
	if (make_buffer(f) < 0)
		return -1;
	for (;;) {
		ssize_t got;
		int error;
		int fd = f->fd;
		char *buffer = f->buffer;

		Py_BEGIN_ALLOW_THREADS got = read(fd, buffer, BUFFER_SIZE);
		error = errno;
		Py_END_ALLOW_THREADS if (got >= 0)
		{
			f->start = 0;
			f->end = (size_t)got;
			f->at_end = got == 0 && !isatty(fd);
			return got > 0;
		}
		if (error != EINTR) {
			errno = error;
			PyErr_SetFromErrno(PyExc_OSError);
			return -1;
		}
		if (PyErr_CheckSignals() < 0)
			return -1;
	}
}

/* Bytes up to the end, max, or (line) the first newline: new bytes object. */
static PyObject *take(FileObject *f, Py_ssize_t max, bool line)
{
	PyObject *out = PyBytes_FromStringAndSize(NULL, 0);
	bool done = false;

	while (out && !done && (max < 0 || PyBytes_GET_SIZE(out) < max)) {
		if (f->start == f->end) {
			int more = fill(f);

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
		Py_ssize_t old = PyBytes_GET_SIZE(out);

		if (_PyBytes_Resize(&out, old + (Py_ssize_t)n) < 0)
			return NULL;
		memcpy(PyBytes_AS_STRING(out) + old, from, n);
		f->start += n;
	}
	return out;
}

/* Decoded, with \r\n and \r as \n, in a text file. */
static PyObject *handed_out(FileObject *f, PyObject *bytes)
{
	if (!bytes || !f->text)
		return bytes;
	char *data = PyBytes_AS_STRING(bytes);
	Py_ssize_t n = PyBytes_GET_SIZE(bytes);
	Py_ssize_t out = 0;

	for (Py_ssize_t i = 0; i < n; i++) {
		if (data[i] == '\r') {
			data[out++] = '\n';
			if (i + 1 < n && data[i + 1] == '\n')
				i++;
		} else {
			data[out++] = data[i];
		}
	}
	PyObject *text = PyUnicode_DecodeUTF8(data, out, "strict");

	Py_DECREF(bytes);
	return text;
}

static int read_limit(PyObject *const *args, Py_ssize_t nargs, const char *fname, Py_ssize_t *ret)
{
	*ret = -1;
	if (!PyArg_CheckPositional(fname, nargs, 0, 1))
		return -1;
	if (nargs && !Py_IsNone(args[0])) {
		*ret = PyNumber_AsSsize_t(args[0], PyExc_OverflowError);
		if (*ret == -1 && PyErr_Occurred())
			return -1;
	}
	return 0;
}

static PyObject *file_read(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	FileObject *f = as_file(self);
	Py_ssize_t max;

	if (read_limit(args, nargs, "read", &max) < 0 || check_open(f, true) < 0)
		return NULL;
	return handed_out(f, take(f, max, false));
}

static PyObject *file_readline(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	FileObject *f = as_file(self);
	Py_ssize_t max;

	if (read_limit(args, nargs, "readline", &max) < 0 || check_open(f, true) < 0)
		return NULL;
	return handed_out(f, take(f, max, true));
}

static PyObject *file_iternext(PyObject *self)
{
	PyObject *line = file_readline(self, NULL, 0);

	if (line && PyObject_Size(line) == 0)
		Py_CLEAR(line);
	return line;
}

static PyObject *file_readlines(PyObject *self, PyObject *unused)
{
	return check_open(as_file(self), true) < 0 ? NULL : PySequence_List(self);
}

/* -- the rest
 * ---------------------------------------------------------------------------------------- */
static PyObject *file_close(PyObject *self, PyObject *unused)
{
	FileObject *f = as_file(self);

	if (f->fd >= 0) {
		int status = flush_buffer(f);

		if (f->close_fd)
			close(f->fd);
		f->fd = -1;
		if (status < 0)
			return NULL;
	}
	Py_RETURN_NONE;
}

static PyObject *file_fileno(PyObject *self, PyObject *unused)
{
	if (as_file(self)->fd < 0) {
		PyErr_SetString(PyExc_ValueError, "I/O operation on closed file");
		return NULL;
	}
	return PyLong_FromLong(as_file(self)->fd);
}

static PyObject *file_isatty(PyObject *self, PyObject *unused)
{
	return PyBool_FromLong(as_file(self)->fd >= 0 && isatty(as_file(self)->fd));
}

static PyObject *file_readable(PyObject *self, PyObject *unused)
{
	return PyBool_FromLong(as_file(self)->readable);
}

static PyObject *file_writable(PyObject *self, PyObject *unused)
{
	return PyBool_FromLong(as_file(self)->writable);
}

static PyObject *file_enter(PyObject *self, PyObject *unused)
{
	return Py_NewRef(self);
}

static PyObject *file_exit(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	return file_close(self, NULL);
}

static PyObject *file_repr(PyObject *self)
{
	FileObject *f = as_file(self);

	if (!f->text)
		return PyUnicode_FromFormat(
			"<%s name=%R>", f->readable ? "_io.BufferedReader" : "_io.BufferedWriter",
			f->name);
	return PyUnicode_FromFormat("<_io.TextIOWrapper name=%R mode='%s' encoding='utf-8'>",
				    f->name, f->mode);
}

static void file_dealloc(PyObject *self)
{
	FileObject *f = as_file(self);
	PyObject *pending = PyErr_GetRaisedException();

	if (f->fd >= 0 && flush_buffer(f) < 0)
		PyErr_Clear();
	if (f->fd >= 0 && f->close_fd)
		close(f->fd);
	PyErr_SetRaisedException(pending);
	PyMem_Free(f->buffer);
	Py_XDECREF(f->name);
	PyObject_Free(self);
}

static PyObject *get_closed(PyObject *self, void *closure)
{
	return PyBool_FromLong(as_file(self)->fd < 0);
}

static PyObject *get_name(PyObject *self, void *closure)
{
	return Py_NewRef(as_file(self)->name);
}

static PyObject *get_mode(PyObject *self, void *closure)
{
	return PyUnicode_FromString(as_file(self)->mode);
}

static PyObject *get_encoding(PyObject *self, void *closure)
{
	return PyUnicode_FromString("utf-8");
}

static PyObject *get_errors(PyObject *self, void *closure)
{
	return PyUnicode_FromString(as_file(self)->errors);
}

#define FAST(f) ((PyCFunction)(void (*)(void))(f))

static PyMethodDef file_methods[] = {
	{"write", file_write, METH_O, "Write a string; the number of characters written."},
	{"writelines", file_writelines, METH_O, "Write a list of lines."},
	{"flush", file_flush, METH_NOARGS, "Write what is buffered."},
	{"read", FAST(file_read), METH_FASTCALL, "Read at most n bytes, or to the end."},
	{"readline", FAST(file_readline), METH_FASTCALL, "Read up to and with the next newline."},
	{"readlines", file_readlines, METH_NOARGS, "The lines that are left."},
	{"close", file_close, METH_NOARGS, "Flush and close."},
	{"fileno", file_fileno, METH_NOARGS, "The file descriptor."},
	{"isatty", file_isatty, METH_NOARGS, "Whether it is a terminal."},
	{"readable", file_readable, METH_NOARGS, "Whether it can be read."},
	{"writable", file_writable, METH_NOARGS, "Whether it can be written."},
	{"__enter__", file_enter, METH_NOARGS, NULL},
	{"__exit__", FAST(file_exit), METH_FASTCALL, NULL},
	{0},
};

static PyGetSetDef file_getset[] = {
	{"closed", get_closed, NULL, NULL, NULL}, {"name", get_name, NULL, NULL, NULL},
	{"mode", get_mode, NULL, NULL, NULL},     {"encoding", get_encoding, NULL, NULL, NULL},
	{"errors", get_errors, NULL, NULL, NULL}, {0},
};

PyTypeObject PyTextFile_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "_io.TextIOWrapper",
	.tp_basicsize = sizeof(FileObject),
	.tp_dealloc = file_dealloc,
	.tp_repr = file_repr,
	.tp_iter = PyObject_SelfIter,
	.tp_iternext = file_iternext,
	.tp_methods = file_methods,
	.tp_getset = file_getset,
};

/* -- opening
 * -------------------------------------------------------------------------------------------- */
static FileObject *file_new(int fd, PyObject *name, const char *mode)
{
	FileObject *f = PyObject_New(FileObject, &PyTextFile_Type);

	if (!f)
		return NULL;
	f->fd = fd;
	f->readable = strchr(mode, 'r') != NULL;
	f->writable = !f->readable;
	f->text = strchr(mode, 'b') == NULL;
	f->line_buffered = f->at_end = false;
	f->close_fd = true;
	f->errors = "strict";
	f->name = Py_NewRef(name);
	snprintf(f->mode, sizeof(f->mode), "%s", mode);
	f->buffer = NULL;
	f->start = f->end = 0;
	return f;
}

PyObject *_PyFile_Open(int fd, const char *name, const char *mode, bool line_buffered,
		       bool close_fd)
{
	PyObject *name_object = PyUnicode_FromString(name);
	FileObject *f = name_object ? file_new(fd, name_object, mode) : NULL;

	Py_XDECREF(name_object);
	if (f) {
		f->line_buffered = line_buffered;
		f->close_fd = close_fd;
		if (fd == STDERR_FILENO)
			f->errors = "backslashreplace";
	}
	return (PyObject *)f;
}

/* The open(2) flags of a mode, -1 with ValueError. */
static int open_flags(const char *mode)
{
	static const struct {
		char letter;
		int flags;
	} kinds[] = {
		{'r', O_RDONLY},
		{'w', O_WRONLY | O_CREAT | O_TRUNC},
		{'a', O_WRONLY | O_CREAT | O_APPEND},
		{'x', O_WRONLY | O_CREAT | O_EXCL},
	};
	int flags = -1;

	for (const char *p = mode; *p; p++) {
		bool known = *p == 'b' || *p == 't';

		for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
			if (kinds[i].letter == *p && flags == -1) {
				flags = kinds[i].flags;
				known = true;
			}
		if (!known || strlen(mode) > 3) {
			PyErr_Format(PyExc_ValueError, "invalid mode: '%s'", mode);
			return -1;
		}
	}
	if (flags == -1)
		PyErr_SetString(PyExc_ValueError,
				"Must have exactly one of create/read/write/append mode and at "
				"most one plus");
	return flags == -1 ? -1 : flags | O_CLOEXEC;
}

PyObject *_PyFile_OpenPath(PyObject *path, const char *mode)
{
	int flags = open_flags(mode);
	int fd;
	struct stat st;

	if (flags < 0)
		return NULL;
	if (PyLong_Check(path)) {
		fd = _PyLong_AsInt(path);
		return fd == -1 && PyErr_Occurred() ? NULL : (PyObject *)file_new(fd, path, mode);
	}
	if (!PyUnicode_Check(path))
		return PyErr_Format(PyExc_TypeError,
				    "expected str, bytes or os.PathLike object, not %.200s",
				    Py_TYPE(path)->tp_name);
	PyObject *raw = PyUnicode_EncodeFSDefault(path);

	if (!raw)
		return NULL;
	Py_BEGIN_ALLOW_THREADS fd = open(PyBytes_AS_STRING(raw), flags, 0666);
	Py_END_ALLOW_THREADS Py_DECREF(raw);
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		fd = -1;
		errno = EISDIR;
	}
	if (fd < 0)
		return PyErr_SetFromErrnoWithFilenameObject(PyExc_OSError, path);
	PyObject *f = (PyObject *)file_new(fd, path, mode);

	if (!f)
		close(fd);
	return f;
}

/* -- for C code
 * --------------------------------------------------------------------------------------- */
int PyFile_WriteObject(PyObject *o, PyObject *file, bool raw)
{
	PyObject *text = !raw                      ? PyObject_Repr(o)
			 : PyUnicode_CheckExact(o) ? Py_NewRef(o)
						   : PyObject_Str(o);
	int status;

	if (!text)
		return -1;
	if (Py_IS_TYPE(file, &PyTextFile_Type)) {
		status =
			check_open(as_file(file), false) < 0 ? -1 : put_object(as_file(file), text);
	} else {
		PyObject *result = PyObject_CallMethodOneArg(file, _Py_ID(write), text);

		status = result ? 0 : -1;
		Py_XDECREF(result);
	}
	Py_DECREF(text);
	return status;
}

int PyFile_WriteString(const char *text, PyObject *file)
{
	if (Py_IS_TYPE(file, &PyTextFile_Type) && as_file(file)->text)
		return check_open(as_file(file), false) < 0
			       ? -1
			       : put(as_file(file), text, strlen(text));
	PyObject *o = PyUnicode_FromString(text);
	int status = o ? PyFile_WriteObject(o, file, true) : -1;

	Py_XDECREF(o);
	return status;
}

int _PyFile_Flush(PyObject *file)
{
	if (Py_IS_TYPE(file, &PyTextFile_Type))
		return as_file(file)->fd < 0 ? 0 : flush_buffer(as_file(file));
	PyObject *result = PyObject_CallMethodNoArgs(file, _Py_ID(flush));

	Py_XDECREF(result);
	return result ? 0 : -1;
}

PyObject *PyFile_GetLine(PyObject *file)
{
	if (Py_IS_TYPE(file, &PyTextFile_Type))
		return file_readline(file, NULL, 0);
	PyObject *readline = PyObject_GetAttrString(file, "readline");
	PyObject *line = readline ? PyObject_CallNoArgs(readline) : NULL;

	Py_XDECREF(readline);
	if (line && !PyUnicode_Check(line)) {
		PyErr_SetString(PyExc_TypeError, "object.readline() returned non-string");
		Py_CLEAR(line);
	}
	return line;
}

char *_PyFile_ReadAll(const char *path, Py_ssize_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *data = NULL;
	size_t size = 0;
	size_t got = 0;

	if (fd < 0 || fstat(fd, &st) < 0)
		goto fail;
	if (S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		goto fail;
	}
	for (;;) {
		if (got + 1 >= size) {
			char *more = PyMem_Realloc(data, size = size * 2 + 65536);

			if (!more)
				goto fail;
			data = more;
		}
		ssize_t n = read(fd, data + got, size - got - 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			goto fail;
		if (n == 0)
			break;
		got += (size_t)n;
	}
	close(fd);
	data[got] = 0;
	*len = (Py_ssize_t)got;
	return data;
fail:
	PyErr_SetFromErrnoWithFilename(PyExc_OSError, path);
	if (fd >= 0)
		close(fd);
	PyMem_Free(data);
	return NULL;
}
