/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TextIOWrapper: text over a binary stream.
 *
 * Bytes are fetched up to a newline or so many at a time and decoded at once, so nothing is read
 * ahead beyond a line: `pending` holds what was decoded and not handed out (newlines as they came),
 * which is seldom anything. In the encodings where that can be done a byte '\n' is always a
 * newline; a file in another one is decoded as a whole.
 */
#include "lib/io.h"

#include "core/errors.h"
#include "lib/lib.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/bytes.h"
#include "objects/call.h"
#include "objects/long.h"
#include "objects/names.h"
#include "objects/unicode.h"

typedef struct {
	_PyIOBaseObject base;
	PyObject *buffer;
	const struct _PyByteStream *stream; /* of the buffer; NULL: by its methods */
	PyObject *encoding, *errors;        /* str */
	struct _PyNewlines newlines;
	bool utf8, whole; /* characters of several bytes; only decoded as a whole */
	bool readable, writable, line_buffering;
	PyObject *pending; /* str, or NULL */
} TextFile;

static TextFile *as_text(PyObject *o)
{
	return (TextFile *)o;
}

static const char *errors_of(const TextFile *t)
{
	return PyUnicode_AsUTF8(t->errors);
}

static bool is_closed(TextFile *t)
{
	if (t->stream)
		return ((_PyIOBaseObject *)t->buffer)->closed;
	PyObject *closed = PyObject_GetAttrString(t->buffer, "closed");
	int is = closed ? PyObject_IsTrue(closed) : -1;

	Py_XDECREF(closed);
	if (is < 0)
		PyErr_Clear();
	return is > 0;
}

static int check(TextFile *t)
{
	if (!t->buffer) {
		PyErr_SetString(PyExc_ValueError, "underlying buffer has been detached");
		return -1;
	}
	if (is_closed(t)) {
		PyErr_SetString(PyExc_ValueError, "I/O operation on closed file.");
		return -1;
	}
	return 0;
}

/* buffer.NAME(arg): new reference. */
static PyObject *ask(TextFile *t, const char *name, PyObject *arg)
{
	PyObject *method = PyObject_GetAttrString(t->buffer, name);
	PyObject *result = !method ? NULL
			   : arg   ? PyObject_CallOneArg(method, arg)
				   : PyObject_CallNoArgs(method);

	Py_XDECREF(method);
	return result;
}

/* -- Reading ----------------------------------------------------------------------------------- */
static PyObject *get_bytes(TextFile *t, Py_ssize_t max, bool line)
{
	PyObject *size, *bytes;

	if (t->stream)
		return t->stream->read(t->buffer, max, line);
	size = PyLong_FromSsize_t(max);
	bytes = size ? ask(t, line ? "readline" : "read", size) : NULL;
	Py_XDECREF(size);
	if (bytes && !PyBytes_Check(bytes)) {
		PyErr_Format(PyExc_TypeError,
			     "underlying read() should have returned a bytes-like object, not "
			     "'%.200s'",
			     Py_TYPE(bytes)->tp_name);
		Py_CLEAR(bytes);
	}
	return bytes;
}

static PyObject *decode(TextFile *t, PyObject *bytes)
{
	const char *encoding = PyUnicode_AsUTF8(t->encoding);
	PyObject *text = NULL;

	if (bytes && t->utf8)
		text = PyUnicode_DecodeUTF8(PyBytes_AS_STRING(bytes), PyBytes_GET_SIZE(bytes),
					    errors_of(t));
	else if (bytes && encoding)
		text = PyUnicode_Decode(PyBytes_AS_STRING(bytes), PyBytes_GET_SIZE(bytes), encoding,
					errors_of(t));
	Py_XDECREF(bytes);
	return text;
}

/* The bytes that the last character in bytes still lacks; a wrong one lacks none. */
static Py_ssize_t lacking(PyObject *bytes)
{
	const unsigned char *data = (const unsigned char *)PyBytes_AS_STRING(bytes);
	Py_ssize_t n = PyBytes_GET_SIZE(bytes);

	for (Py_ssize_t back = 1; back <= 4 && back <= n; back++) {
		unsigned char lead = data[n - back];
		Py_ssize_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;

		if ((lead & 0xc0) != 0x80)
			return length > back ? length - back : 0;
	}
	return 0;
}

/* Text that comes next: at most about n characters (-1: all), or (line) to the next '\n'; "" at the
 * end of the file. */
static PyObject *more_text(TextFile *t, Py_ssize_t n, bool line)
{
	if (t->whole)
		return decode(t, get_bytes(t, -1, false));
	PyObject *bytes = get_bytes(t, n, line);

	if (bytes && t->utf8 && n > 0) {
		Py_ssize_t missing = lacking(bytes);
		PyObject *rest = missing ? get_bytes(t, missing, false) : NULL;

		if (rest) {
			PyBytes_Concat(&bytes, rest);
			Py_DECREF(rest);
		} else if (missing) {
			Py_CLEAR(bytes);
		}
	}
	return decode(t, bytes);
}

static PyObject *take_pending(TextFile *t)
{
	PyObject *text = t->pending;

	t->pending = NULL;
	return text ? text : Py_NewRef(_Py_names.empty);
}

/* text[:n] is handed out, the rest kept; takes text over. */
static PyObject *keep_behind(TextFile *t, PyObject *text, Py_ssize_t n)
{
	Py_ssize_t length = PyUnicode_GET_LENGTH(text);
	PyObject *rest, *head;

	if (n >= length)
		return text;
	rest = PyUnicode_Substring(text, n, length);
	head = rest ? PyUnicode_Substring(text, 0, n) : NULL;
	Py_DECREF(text);
	if (!head) {
		Py_XDECREF(rest);
		return NULL;
	}
	Py_XSETREF(t->pending, rest);
	return head;
}

static PyObject *read_line(TextFile *t, Py_ssize_t max)
{
	PyObject *text = take_pending(t);
	Py_ssize_t from = 0, end;

	while ((end = _PyIO_LineEnd(&t->newlines, text, from)) < 0 &&
	       (max < 0 || PyUnicode_GET_LENGTH(text) < max)) {
		PyObject *more = more_text(t, -1, true);

		if (!more || PyUnicode_GET_LENGTH(more) == 0) {
			Py_XDECREF(more);
			if (!more)
				Py_CLEAR(text);
			break;
		}
		/* A \r may be the first half of a line end. */
		from = PyUnicode_GET_LENGTH(text) > 0 ? PyUnicode_GET_LENGTH(text) - 1 : 0;
		PyUnicode_AppendAndDel(&text, more);
		if (!text)
			break;
	}
	if (!text)
		return NULL;
	if (end < 0)
		end = PyUnicode_GET_LENGTH(text);
	return _PyIO_Translate(&t->newlines,
			       keep_behind(t, text, max >= 0 && max < end ? max : end));
}

/* Raw text of at least n characters, less at the end of the file. */
static PyObject *raw_text(TextFile *t, PyObject *text, Py_ssize_t n)
{
	while (text && PyUnicode_GET_LENGTH(text) < n) {
		PyObject *more = more_text(t, n - PyUnicode_GET_LENGTH(text), false);

		if (!more || PyUnicode_GET_LENGTH(more) == 0) {
			Py_XDECREF(more);
			if (!more)
				Py_CLEAR(text);
			break;
		}
		PyUnicode_AppendAndDel(&text, more);
	}
	return text;
}

/* How many characters of text, as it came, make n translated ones; more than there are: not enough
 * yet. */
static Py_ssize_t raw_length(const TextFile *t, PyObject *text, Py_ssize_t n)
{
	Py_ssize_t length = PyUnicode_GET_LENGTH(text), i = 0;

	if (!t->newlines.translate)
		return n;
	for (; i < length && n > 0; i++, n--)
		if (PyUnicode_READ_CHAR(text, i) == '\r' && i + 1 < length &&
		    PyUnicode_READ_CHAR(text, i + 1) == '\n')
			i++;
	/* A \r at the end may have its \n to come. */
	if (i == length && i > 0 && PyUnicode_READ_CHAR(text, i - 1) == '\r')
		n++;
	return i + n;
}

static PyObject *read_chars(TextFile *t, Py_ssize_t n)
{
	PyObject *text = raw_text(t, take_pending(t), n);

	while (text) {
		Py_ssize_t have = PyUnicode_GET_LENGTH(text);
		Py_ssize_t want = raw_length(t, text, n);

		if (want <= have)
			return _PyIO_Translate(&t->newlines, keep_behind(t, text, want));
		text = raw_text(t, text, want);
		if (text && PyUnicode_GET_LENGTH(text) == have)
			return _PyIO_Translate(&t->newlines, text);
	}
	return NULL;
}

static PyObject *read_all(TextFile *t)
{
	PyObject *text = take_pending(t);
	PyObject *rest = decode(t, get_bytes(t, -1, false));

	if (!rest) {
		Py_DECREF(text);
		return NULL;
	}
	PyUnicode_AppendAndDel(&text, rest);
	return _PyIO_Translate(&t->newlines, text);
}

/* As check(), and that the stream can do it. */
static int check_can(TextFile *t, bool can, const char *cannot)
{
	if (check(t) < 0)
		return -1;
	if (!can)
		_PyIO_Unsupported(cannot);
	return can ? 0 : -1;
}

static int check_read(TextFile *t)
{
	return check_can(t, t->readable, "not readable");
}

static PyObject *text_read(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	Py_ssize_t max;

	if (_PyIO_Size(args, nargs, "read", &max) < 0 || check_read(as_text(self)) < 0)
		return NULL;
	return max < 0 ? read_all(as_text(self)) : read_chars(as_text(self), max);
}

static PyObject *text_readline(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	Py_ssize_t max;

	if (_PyIO_Size(args, nargs, "readline", &max) < 0 || check_read(as_text(self)) < 0)
		return NULL;
	return read_line(as_text(self), max);
}

static PyObject *text_iternext(PyObject *self)
{
	PyObject *line = check_read(as_text(self)) < 0 ? NULL : read_line(as_text(self), -1);

	if (line && PyUnicode_GET_LENGTH(line) == 0)
		Py_CLEAR(line);
	return line;
}

/* -- Writing ----------------------------------------------------------------------------------- */
static int flush(TextFile *t)
{
	if (t->stream)
		return t->stream->flush(t->buffer);
	PyObject *result = ask(t, "flush", NULL);

	Py_XDECREF(result);
	return result ? 0 : -1;
}

static int put_bytes(TextFile *t, const char *data, size_t n)
{
	if (t->stream)
		return t->stream->write(t->buffer, data, n);
	PyObject *bytes = PyBytes_FromStringAndSize(data, (Py_ssize_t)n);
	PyObject *result = bytes ? ask(t, "write", bytes) : NULL;

	Py_XDECREF(bytes);
	Py_XDECREF(result);
	return result ? 0 : -1;
}

/* The stream's position is before what was decoded and not handed out. */
static int give_back_pending(TextFile *t)
{
	if (!t->pending)
		return 0;
	PyObject *text = take_pending(t);
	PyObject *bytes =
		PyUnicode_AsEncodedString(text, PyUnicode_AsUTF8(t->encoding), errors_of(t));
	PyObject *back = bytes ? PyLong_FromSsize_t(-PyBytes_GET_SIZE(bytes)) : NULL;
	PyObject *current = PyLong_FromLong(SEEK_CUR);
	PyObject *seek = PyObject_GetAttrString(t->buffer, "seek");
	PyObject *at = back && current && seek
			       ? PyObject_CallFunctionObjArgs(seek, back, current, NULL)
			       : NULL;

	Py_XDECREF(seek);
	Py_XDECREF(current);
	Py_XDECREF(back);
	Py_XDECREF(bytes);
	Py_DECREF(text);
	Py_XDECREF(at);
	return at ? 0 : -1;
}

static int put_text(TextFile *t, PyObject *text)
{
	int status;

	if (give_back_pending(t) < 0)
		return -1;
	if (PyUnicode_IS_ASCII(text) && !t->whole) {
		status = put_bytes(t, PyUnicode_DATA(text), (size_t)PyUnicode_GET_LENGTH(text));
	} else {
		PyObject *bytes = PyUnicode_AsEncodedString(text, PyUnicode_AsUTF8(t->encoding),
							    errors_of(t));

		status = bytes ? put_bytes(t, PyBytes_AS_STRING(bytes),
					   (size_t)PyBytes_GET_SIZE(bytes))
			       : -1;
		Py_XDECREF(bytes);
	}
	if (status == 0 && t->line_buffering &&
	    PyUnicode_FindChar(text, '\n', 0, PyUnicode_GET_LENGTH(text), 1) >= 0)
		status = flush(t);
	return status;
}

static int write_text(TextFile *t, PyObject *text)
{
	if (check_can(t, t->writable, "not writable") < 0)
		return -1;
	PyObject *out = _PyIO_TranslateOut(&t->newlines, text);
	int status = out ? put_text(t, out) : -1;

	Py_XDECREF(out);
	return status;
}

static PyObject *text_write(PyObject *self, PyObject *text)
{
	if (!PyUnicode_Check(text))
		return PyErr_Format(PyExc_TypeError, "write() argument must be str, not %.100s",
				    Py_TYPE(text)->tp_name);
	if (write_text(as_text(self), text) < 0)
		return NULL;
	return PyLong_FromSsize_t(PyUnicode_GET_LENGTH(text));
}

static PyObject *text_flush(PyObject *self, PyObject *unused)
{
	if (check(as_text(self)) < 0 || flush(as_text(self)) < 0)
		return NULL;
	Py_RETURN_NONE;
}

/* -- Position ---------------------------------------------------------------------------------- */
static PyObject *text_tell(PyObject *self, PyObject *unused)
{
	TextFile *t = as_text(self);

	return check(t) < 0 || give_back_pending(t) < 0 ? NULL : ask(t, "tell", NULL);
}

static PyObject *text_seek(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	TextFile *t = as_text(self);
	long long offset;
	int whence;

	if (_PyIO_Seek(args, nargs, &offset, &whence) < 0 || check(t) < 0)
		return NULL;
	if (whence == SEEK_CUR && offset != 0)
		return _PyIO_Unsupported("can't do nonzero cur-relative seeks");
	if (whence == SEEK_END && offset != 0)
		return _PyIO_Unsupported("can't do nonzero end-relative seeks");
	if (whence == SEEK_SET && offset < 0)
		return PyErr_Format(PyExc_ValueError, "negative seek position %lld", offset);
	if (whence == SEEK_CUR)
		return text_tell(self, NULL);
	PyObject *seek = PyObject_GetAttrString(t->buffer, "seek");
	PyObject *at =
		seek && flush(t) == 0 ? PyObject_Vectorcall(seek, args, (size_t)nargs, NULL) : NULL;

	Py_XDECREF(seek);
	if (at)
		Py_CLEAR(t->pending);
	return at;
}

static PyObject *text_truncate(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	TextFile *t = as_text(self);
	PyObject *truncate = check(t) < 0 || give_back_pending(t) < 0 || flush(t) < 0
				     ? NULL
				     : PyObject_GetAttrString(t->buffer, "truncate");
	PyObject *result =
		truncate ? PyObject_Vectorcall(truncate, args, (size_t)nargs, NULL) : NULL;

	Py_XDECREF(truncate);
	return result;
}

/* -- The rest ---------------------------------------------------------------------------------- */
static PyObject *text_close(PyObject *self, PyObject *unused)
{
	TextFile *t = as_text(self);

	if (!t->buffer || is_closed(t))
		Py_RETURN_NONE;
	return ask(t, "close", NULL);
}

static PyObject *text_detach(PyObject *self, PyObject *unused)
{
	TextFile *t = as_text(self);

	if (check(t) < 0 || give_back_pending(t) < 0 || flush(t) < 0)
		return NULL;
	PyObject *buffer = t->buffer;

	t->buffer = NULL;
	t->stream = NULL;
	return buffer;
}

#define ASK_BUFFER(name)                                               \
	static PyObject *text_##name(PyObject *self, PyObject *unused) \
	{                                                              \
		TextFile *t = as_text(self);                           \
		return check(t) < 0 ? NULL : ask(t, #name, NULL);      \
	}
ASK_BUFFER(fileno)
ASK_BUFFER(isatty)
ASK_BUFFER(readable)
ASK_BUFFER(writable)
ASK_BUFFER(seekable)

/* reconfigure(*, encoding, errors, newline, line_buffering, write_through) */
static PyObject *text_reconfigure(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
				  PyObject *kwnames)
{
	static const char *const names[] = {"encoding",       "errors",        "newline",
					    "line_buffering", "write_through", NULL};
	static const struct PyArgSpec spec = {"reconfigure", names, 0, 0, 0};
	TextFile *t = as_text(self);
	PyObject *a[5];

	if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0 || check(t) < 0 || flush(t) < 0)
		return NULL;
	if (a[1] && PyUnicode_Check(a[1]))
		Py_SETREF(t->errors, Py_NewRef(a[1]));
	if (a[3] && !Py_IsNone(a[3])) {
		int on = PyObject_IsTrue(a[3]);

		if (on < 0)
			return NULL;
		t->line_buffering = on;
	}
	Py_RETURN_NONE;
}

static PyObject *text_repr(PyObject *self)
{
	TextFile *t = as_text(self);
	PyObject *name = t->buffer ? PyObject_GetAttrString(t->buffer, "name") : NULL;
	PyObject *mode = PyObject_GetAttrString(self, "mode"), *repr;

	PyErr_Clear();
	PyObject *name_part = name ? PyUnicode_FromFormat(" name=%R", name) : NULL;
	PyObject *mode_part = mode ? PyUnicode_FromFormat(" mode=%R", mode) : NULL;

	repr = PyUnicode_FromFormat("<_io.TextIOWrapper%V%V encoding=%R>", name_part, "", mode_part,
				    "", t->encoding);
	Py_XDECREF(name_part);
	Py_XDECREF(mode_part);
	Py_XDECREF(name);
	Py_XDECREF(mode);
	return repr;
}

static void text_dealloc(PyObject *self)
{
	TextFile *t = as_text(self);

	PyObject_GC_UnTrack(self);
	Py_CLEAR(t->buffer);
	Py_CLEAR(t->encoding);
	Py_CLEAR(t->errors);
	Py_CLEAR(t->pending);
	_PyIOBase_Dealloc(self);
}

static int text_traverse(PyObject *self, visitproc visit, void *arg)
{
	Py_VISIT(as_text(self)->buffer);
	return _PyIOBase_Traverse(self, visit, arg);
}

static PyObject *get_closed(PyObject *self, void *closure)
{
	return PyBool_FromLong(!as_text(self)->buffer || is_closed(as_text(self)));
}

static PyObject *get_buffer(PyObject *self, void *closure)
{
	return Py_NewRef(as_text(self)->buffer ? as_text(self)->buffer : Py_None);
}

static PyObject *get_name(PyObject *self, void *closure)
{
	return check(as_text(self)) < 0 ? NULL
					: PyObject_GetAttrString(as_text(self)->buffer, "name");
}

static PyObject *get_encoding(PyObject *self, void *closure)
{
	return Py_NewRef(as_text(self)->encoding);
}

static PyObject *get_errors(PyObject *self, void *closure)
{
	return Py_NewRef(as_text(self)->errors);
}

static PyObject *get_line_buffering(PyObject *self, void *closure)
{
	return PyBool_FromLong(as_text(self)->line_buffering);
}

static PyObject *get_newlines(PyObject *self, void *closure)
{
	Py_RETURN_NONE;
}

#define FAST(f) ((PyCFunction)(void (*)(void))(f))

static PyMethodDef text_methods[] = {
	{"write", text_write, METH_O, "Write a string; the number of characters written."},
	{"flush", text_flush, METH_NOARGS, "Write what is buffered."},
	{"read", FAST(text_read), METH_FASTCALL, "Read at most n characters, or to the end."},
	{"readline", FAST(text_readline), METH_FASTCALL, "Read up to and with the next newline."},
	{"seek", FAST(text_seek), METH_FASTCALL, "Change the position."},
	{"tell", text_tell, METH_NOARGS, "The position."},
	{"truncate", FAST(text_truncate), METH_FASTCALL, "Change the size."},
	{"close", text_close, METH_NOARGS, "Flush and close."},
	{"detach", text_detach, METH_NOARGS, "Give the binary stream back."},
	{"fileno", text_fileno, METH_NOARGS, "The file descriptor."},
	{"isatty", text_isatty, METH_NOARGS, "Whether it is a terminal."},
	{"readable", text_readable, METH_NOARGS, "Whether it can be read."},
	{"writable", text_writable, METH_NOARGS, "Whether it can be written."},
	{"seekable", text_seekable, METH_NOARGS, "Whether it has a position."},
	{"reconfigure", FAST(text_reconfigure), METH_FASTCALL | METH_KEYWORDS, NULL},
	{0},
};

static PyGetSetDef text_getset[] = {
	{"closed", get_closed, NULL, NULL, NULL},
	{"buffer", get_buffer, NULL, NULL, NULL},
	{"name", get_name, NULL, NULL, NULL},
	{"encoding", get_encoding, NULL, NULL, NULL},
	{"errors", get_errors, NULL, NULL, NULL},
	{"newlines", get_newlines, NULL, NULL, NULL},
	{"line_buffering", get_line_buffering, NULL, NULL, NULL},
	{0},
};

/* The encodings whose newline is a byte of its own; the empty name ends them. */
static const char *const bytewise[] = {"utf-8",  "utf8",       "ascii",     "us-ascii", "latin-1",
				       "latin1", "iso-8859-1", "iso8859-1", NULL};

static int ask_truth(TextFile *t, const char *name, bool *ret)
{
	PyObject *result = ask(t, name, NULL);
	int is = result ? PyObject_IsTrue(result) : -1;

	Py_XDECREF(result);
	*ret = is > 0;
	return is < 0 ? -1 : 0;
}

static int set_up(TextFile *t, PyObject *buffer, const char *encoding, const char *errors,
		  const char *newline)
{
	char lower[16];
	size_t n = 0;

	for (; encoding[n] && n + 1 < sizeof(lower); n++)
		lower[n] = encoding[n] == '_'                         ? '-'
			   : encoding[n] >= 'A' && encoding[n] <= 'Z' ? (char)(encoding[n] | 0x20)
								      : encoding[n];
	lower[n] = 0;
	t->whole = true;
	for (int i = 0; bytewise[i]; i++)
		t->whole &= strcmp(lower, bytewise[i]) != 0;
	t->utf8 = strncmp(lower, "utf", 3) == 0 && !t->whole;
	t->newlines = _PyIO_Newlines(newline);
	/* An unknown one is found out now, not at the first character. */
	PyObject *probe = PyUnicode_Decode("", 0, encoding, errors);

	Py_XDECREF(probe);
	t->encoding = probe ? PyUnicode_FromString(encoding) : NULL;
	t->errors = t->encoding ? PyUnicode_FromString(errors) : NULL;
	if (!t->errors)
		return -1;
	t->buffer = Py_NewRef(buffer);
	t->stream = _PyIO_Stream(buffer);
	return ask_truth(t, "readable", &t->readable) < 0 ||
			       ask_truth(t, "writable", &t->writable) < 0
		       ? -1
		       : 0;
}

static PyObject *make(PyTypeObject *type, PyObject *buffer, const char *encoding,
		      const char *errors, const char *newline, bool line_buffering)
{
	TextFile *t;

	if (!_PyIO_NewlineIsValid(newline))
		return NULL;
	t = as_text(type->tp_alloc(type, 0));
	if (!t)
		return NULL;
	t->line_buffering = line_buffering;
	if (set_up(t, buffer, encoding ? encoding : "UTF-8", errors ? errors : "strict", newline) <
	    0)
		Py_CLEAR(t);
	return (PyObject *)t;
}

PyObject *_PyTextIOWrapper_New(PyObject *buffer, const char *encoding, const char *errors,
			       const char *newline, bool line_buffering)
{
	return make(&_PyTextIOWrapper_Type, buffer, encoding, errors, newline, line_buffering);
}

static PyObject *text_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	static const char *const names[] = {"buffer",         "encoding",      "errors", "newline",
					    "line_buffering", "write_through", NULL};
	static const struct PyArgSpec spec = {"TextIOWrapper", names, 0, 1, 6};
	PyObject *a[6];
	const char *text[3] = {NULL, NULL, NULL};

	if (PyArg_ParseDict(&spec, args, kwargs, a) < 0)
		return NULL;
	for (int i = 0; i < 3; i++)
		if (a[i + 1] && !Py_IsNone(a[i + 1]) && !(text[i] = PyUnicode_AsUTF8(a[i + 1])))
			return NULL;
	int line_buffering = a[4] ? PyObject_IsTrue(a[4]) : 0;

	return line_buffering < 0 ? NULL
				  : make(type, a[0], text[0], text[1], text[2], line_buffering > 0);
}

PyTypeObject _PyTextIOWrapper_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "_io.TextIOWrapper",
	.tp_basicsize = sizeof(TextFile),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
	.tp_base = &_PyTextIOBase_Type,
	.tp_dealloc = text_dealloc,
	.tp_traverse = text_traverse,
	.tp_clear = _PyIOBase_Clear,
	.tp_repr = text_repr,
	.tp_iternext = text_iternext,
	.tp_new = text_new,
	.tp_methods = text_methods,
	.tp_getset = text_getset,
};

/* -- For C code -------------------------------------------------------------------------------- */
int PyFile_WriteObject(PyObject *o, PyObject *file, bool raw)
{
	PyObject *text = !raw                      ? PyObject_Repr(o)
			 : PyUnicode_CheckExact(o) ? Py_NewRef(o)
						   : PyObject_Str(o);
	int status;

	if (!text)
		return -1;
	if (Py_IS_TYPE(file, &_PyTextIOWrapper_Type)) {
		status = write_text(as_text(file), text);
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
	PyObject *o = PyUnicode_FromString(text);
	int status = o ? PyFile_WriteObject(o, file, true) : -1;

	Py_XDECREF(o);
	return status;
}

int _PyFile_Flush(PyObject *file)
{
	if (Py_IS_TYPE(file, &_PyTextIOWrapper_Type)) {
		TextFile *t = as_text(file);

		return !t->buffer || is_closed(t) ? 0 : flush(t);
	}
	PyObject *result = PyObject_CallMethodNoArgs(file, _Py_ID(flush));

	Py_XDECREF(result);
	return result ? 0 : -1;
}

PyObject *PyFile_GetLine(PyObject *file)
{
	if (Py_IS_TYPE(file, &_PyTextIOWrapper_Type))
		return text_readline(file, NULL, 0);
	PyObject *readline = PyObject_GetAttrString(file, "readline");
	PyObject *line = readline ? PyObject_CallNoArgs(readline) : NULL;

	Py_XDECREF(readline);
	if (line && !PyUnicode_Check(line)) {
		PyErr_SetString(PyExc_TypeError, "object.readline() returned non-string");
		Py_CLEAR(line);
	}
	return line;
}
