/* SPDX-License-Identifier: BSD-2-Clause */
/* open(): from a path and a mode to the stream that the mode asks for. */
#include "lib/lib.h"

#include "core/errors.h"
#include "lib/io.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/bytes.h"
#include "objects/call.h"
#include "objects/long.h"
#include "objects/unicode.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
	char letter;
	int flags;
} kinds[] = {
	{'r', 0},
	{'w', O_CREAT | O_TRUNC},
	{'a', O_CREAT | O_APPEND},
	{'x', O_CREAT | O_EXCL},
};

/* The open(2) flags of a mode, -1 with ValueError. */
static int open_flags(const char *mode)
{
	int flags = -1, seen = 0;
	char kind = 0;

	for (const char *p = mode; *p; p++) {
		static const char letters[] = "rwaxbt+";
		const char *letter = strchr(letters, *p);

		if (!letter || (seen & 1 << (letter - letters))) {
			PyErr_Format(PyExc_ValueError, "invalid mode: '%s'", mode);
			return -1;
		}
		seen |= 1 << (letter - letters);
		for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
			if (kinds[i].letter == *p) {
				flags = kind ? -1 : kinds[i].flags;
				kind = *p;
			}
		if (kind && flags == -1)
			break;
	}
	if (strchr(mode, 'b') && strchr(mode, 't')) {
		PyErr_SetString(PyExc_ValueError, "can't have text and binary mode at once");
		return -1;
	}
	if (flags == -1) {
		PyErr_SetString(PyExc_ValueError,
				kind ? "must have exactly one of create/read/write/append mode"
				     : "Must have exactly one of create/read/write/append mode and "
				       "at most one plus");
		return -1;
	}
	flags |= strchr(mode, '+') ? O_RDWR : kind == 'r' ? O_RDONLY : O_WRONLY;
	return flags | O_CLOEXEC;
}

/* What can be opened as bytes: a str, bytes or what __fspath__ gives; new reference. */
PyObject *_PyFile_EncodePath(PyObject *path)
{
	PyObject *plain = Py_NewRef(path), *raw = NULL;

	if (!PyUnicode_Check(path) && !PyBytes_Check(path)) {
		PyObject *fspath = PyObject_GetAttrString((PyObject *)Py_TYPE(path), "__fspath__");

		Py_CLEAR(plain);
		if (fspath)
			plain = PyObject_CallOneArg(fspath, path);
		else
			PyErr_Format(PyExc_TypeError,
				     "expected str, bytes or os.PathLike object, not %.200s",
				     Py_TYPE(path)->tp_name);
		Py_XDECREF(fspath);
	}
	if (plain && PyUnicode_Check(plain))
		raw = PyUnicode_EncodeFSDefault(plain);
	else if (plain && PyBytes_Check(plain))
		raw = Py_NewRef(plain);
	else if (plain)
		PyErr_Format(PyExc_TypeError,
			     "expected %.200s.__fspath__() to return str or bytes, not %.200s",
			     Py_TYPE(path)->tp_name, Py_TYPE(plain)->tp_name);
	Py_XDECREF(plain);
	if (raw && strlen(PyBytes_AS_STRING(raw)) != (size_t)PyBytes_GET_SIZE(raw)) {
		PyErr_SetString(PyExc_ValueError, "embedded null byte");
		Py_CLEAR(raw);
	}
	return raw;
}

static int call_opener(PyObject *opener, PyObject *path, int flags)
{
	PyObject *how = PyLong_FromLong(flags);
	PyObject *result = how ? PyObject_CallFunctionObjArgs(opener, path, how, NULL) : NULL;
	int fd = result ? _PyLong_AsInt(result) : -1;

	Py_XDECREF(how);
	Py_XDECREF(result);
	if (fd < 0 && !PyErr_Occurred())
		PyErr_Format(PyExc_ValueError, "opener returned %d", fd);
	return fd;
}

static int open_path(PyObject *path, int flags)
{
	PyObject *raw = _PyFile_EncodePath(path);
	int fd, error;

	if (!raw)
		return -1;
	do {
		Py_BEGIN_ALLOW_THREADS fd = open(PyBytes_AS_STRING(raw), flags, 0666);
		error = errno;
		Py_END_ALLOW_THREADS
	} while (fd < 0 && error == EINTR && PyErr_CheckSignals() == 0);
	Py_DECREF(raw);
	if (fd < 0 && !PyErr_Occurred()) {
		errno = error;
		PyErr_SetFromErrnoWithFilenameObject(PyExc_OSError, path);
	}
	return fd;
}

int _PyFile_OpenDescriptor(PyObject *file, const char *mode, bool close_fd, PyObject *opener)
{
	int flags = open_flags(mode), fd;
	struct stat st;

	if (flags < 0)
		return -1;
	if (PyLong_Check(file)) {
		fd = _PyLong_AsInt(file);
		if (fd < 0 && !PyErr_Occurred())
			PyErr_SetString(PyExc_ValueError, "negative file descriptor");
		if (fd >= 0 && fstat(fd, &st) < 0) {
			PyErr_SetFromErrno(PyExc_OSError);
			fd = -1;
		}
		return fd;
	}
	if (!close_fd) {
		PyErr_SetString(PyExc_ValueError, "Cannot use closefd=False with file name");
		return -1;
	}
	fd = opener && !Py_IsNone(opener) ? call_opener(opener, file, flags)
					  : open_path(file, flags);
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		fd = -1;
		errno = EISDIR;
		PyErr_SetFromErrnoWithFilenameObject(PyExc_OSError, file);
	}
	if (fd >= 0 && (flags & O_APPEND))
		lseek(fd, 0, SEEK_END);
	return fd;
}

static PyTypeObject *binary_type(const char *mode, int buffering)
{
	return buffering == 0      ? &_PyFileIO_Type
	       : strchr(mode, '+') ? &_PyBufferedRandom_Type
	       : strchr(mode, 'r') ? &_PyBufferedReader_Type
				   : &_PyBufferedWriter_Type;
}

/* The text file over a binary one, which it takes over. */
static PyObject *wrap(PyObject *binary, const struct _PyOpenHow *how)
{
	int fd = binary ? _PyBinaryFile_Descriptor(binary) : -1;
	PyObject *text = binary ? _PyTextIOWrapper_New(
					  binary, how->encoding, how->errors, how->newline,
					  how->buffering == 1 || (how->buffering < 0 && isatty(fd)))
				: NULL;
	PyObject *mode = text ? PyUnicode_FromString(how->mode) : NULL;

	if (!mode || PyObject_SetAttrString(text, "mode", mode) < 0)
		Py_CLEAR(text);
	Py_XDECREF(mode);
	Py_XDECREF(binary);
	return text;
}

PyObject *_PyFile_OpenDescribed(int fd, PyObject *name, const struct _PyOpenHow *how)
{
	PyObject *binary = _PyBinaryFile_New(binary_type(how->mode, how->buffering), fd, name,
					     how->mode, how->close_fd);

	return strchr(how->mode, 'b') ? binary : wrap(binary, how);
}

PyObject *_PyFile_OpenPath(PyObject *file, PyObject *opener, const struct _PyOpenHow *how)
{
	bool binary = strchr(how->mode, 'b') != NULL;
	const char *wrong = binary && how->encoding
				    ? "binary mode doesn't take an encoding argument"
			    : binary && how->errors  ? "binary mode doesn't take an errors argument"
			    : binary && how->newline ? "binary mode doesn't take a newline argument"
			    : !binary && how->buffering == 0 ? "can't have unbuffered text I/O"
							     : NULL;

	if (open_flags(how->mode) < 0 || !_PyIO_NewlineIsValid(how->newline))
		return NULL;
	if (wrong) {
		PyErr_SetString(PyExc_ValueError, wrong);
		return NULL;
	}
	int fd = _PyFile_OpenDescriptor(file, how->mode, how->close_fd, opener);
	PyObject *stream = fd < 0 ? NULL : _PyFile_OpenDescribed(fd, file, how);

	return stream;
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
