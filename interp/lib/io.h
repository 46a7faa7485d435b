/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The io classes, all in C: bases (iobase.c), binary files over a descriptor (binaryfile.c), text
 * over any binary stream (textfile.c), streams in memory (bytesio.c, stringio.c).
 */
#ifndef MINIPY_LIB_IO_H
#define MINIPY_LIB_IO_H

#include "core/object.h"

/* What every stream begins with. The bases' destructor ends those of the others. */
typedef struct {
	PyObject_HEAD PyObject *dict, *weakrefs;
	bool closed;
} _PyIOBaseObject;
void _PyIOBase_Dealloc(PyObject *self);
int _PyIOBase_Traverse(PyObject *self, visitproc visit, void *arg);
int _PyIOBase_Clear(PyObject *self);
/* 0, or -1 with ValueError when it is closed. */
int _PyIO_CheckOpen(const _PyIOBaseObject *base);

extern PyTypeObject _PyIOBase_Type, _PyRawIOBase_Type, _PyBufferedIOBase_Type, _PyTextIOBase_Type;
extern PyTypeObject _PyFileIO_Type, _PyBufferedReader_Type, _PyBufferedWriter_Type,
	_PyBufferedRandom_Type, _PyBytesIO_Type, _PyTextIOWrapper_Type, _PyStringIO_Type;
extern PyObject *_PyIO_UnsupportedOperation; /* made by _PyIO_Start */

/* What a text file does with the bytes below it when they are one of the C types. */
struct _PyByteStream {
	/* Up to max bytes (-1: all that is left), with line only up to a newline; new bytes. */
	PyObject *(*read)(PyObject *self, Py_ssize_t max, bool line);
	int (*write)(PyObject *self, const char *data, size_t n);
	int (*flush)(PyObject *self);
};
/* NULL when o is of another type (a subclass may do anything). */
const struct _PyByteStream *_PyIO_Stream(PyObject *o);
extern const struct _PyByteStream _PyBinaryFile_Stream, _PyBytesIO_Stream;

/* The types and UnsupportedOperation; 0 or -1. */
int _PyIO_Start(void);
PyObject *_PyIO_Unsupported(const char *what); /* raises it; NULL */

/* An argument that is a size: nothing, None or a negative number are -1. -1 with an exception. */
int _PyIO_Size(PyObject *const *args, Py_ssize_t nargs, const char *fname, Py_ssize_t *ret);
/* An argument of seek(): 0, or -1 with an exception. */
int _PyIO_Seek(PyObject *const *args, Py_ssize_t nargs, long long *offset, int *whence);

/* A binary file; type is one of those that binaryfile.c defines, mode as open() takes it, name what
 * was opened. The descriptor is taken over, also when this fails. */
PyObject *_PyBinaryFile_New(PyTypeObject *type, int fd, PyObject *name, const char *mode,
			    bool close_fd);
int _PyBinaryFile_Descriptor(PyObject *self); /* -1: closed */

/* Text over a binary stream. encoding, errors, newline: C strings or NULL for utf-8, strict and
 * universal newlines. */
PyObject *_PyTextIOWrapper_New(PyObject *buffer, const char *encoding, const char *errors,
			       const char *newline, bool line_buffering);
/* False with ValueError when newline is none of None, '', '\n', '\r' and '\r\n'. */
bool _PyIO_NewlineIsValid(const char *newline);

/* What text streams share: where lines end and what becomes of the ends. */
struct _PyNewlines {
	bool universal;  /* \r and \r\n end a line too */
	bool translate;  /* and are handed out as \n */
	const char *end; /* else this ends a line */
	const char *out; /* what \n is written as; NULL: as it is */
};
struct _PyNewlines _PyIO_Newlines(const char *newline);
/* The place behind the first line end in text at or after from; -1 when there is none. */
Py_ssize_t _PyIO_LineEnd(const struct _PyNewlines *newlines, PyObject *text, Py_ssize_t from);
/* \r\n and \r become \n where that is wanted; takes text over. */
PyObject *_PyIO_Translate(const struct _PyNewlines *newlines, PyObject *text);
/* \n becomes what is written in its place; new reference. */
PyObject *_PyIO_TranslateOut(const struct _PyNewlines *newlines, PyObject *text);

#endif
