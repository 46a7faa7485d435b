/* SPDX-License-Identifier: BSD-2-Clause */
/* StringIO: a text stream in memory, as an array of code points. */
#include "lib/io.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/long.h"
#include "objects/unicode.h"

typedef struct {
	_PyIOBaseObject base;
	Py_UCS4 *text;
	Py_ssize_t size, room, pos; /* pos may be behind the end */
	struct _PyNewlines newlines;
} StringIO;

static StringIO *as_io(PyObject *o)
{
	return (StringIO *)o;
}

static int check_open(const StringIO *s)
{
	if (!s->base.closed)
		return 0;
	PyErr_SetString(PyExc_ValueError, "I/O operation on closed file");
	return -1;
}

static int make_room(StringIO *s, Py_ssize_t n)
{
	if (n <= s->room)
		return 0;
	Py_ssize_t room = n > PY_SSIZE_T_MAX / 8 ? n : n + n / 2 + 64;
	Py_UCS4 *more = room > PY_SSIZE_T_MAX / (Py_ssize_t)sizeof(*more)
				? NULL
				: PyMem_Realloc(s->text, (size_t)room * sizeof(*more));

	if (!more) {
		PyErr_NoMemory();
		return -1;
	}
	s->text = more;
	s->room = room;
	return 0;
}

/* Writes text as it is. */
static int put(StringIO *s, PyObject *text)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(text);

	if (n == 0)
		return 0;
	if (n > PY_SSIZE_T_MAX - s->pos) {
		PyErr_SetString(PyExc_OverflowError, "new position too large");
		return -1;
	}
	if (make_room(s, s->pos + n) < 0)
		return -1;
	if (s->pos > s->size)
		memset(s->text + s->size, 0, (size_t)(s->pos - s->size) * sizeof(*s->text));
	for (Py_ssize_t i = 0; i < n; i++)
		s->text[s->pos + i] = PyUnicode_READ_CHAR(text, i);
	s->pos += n;
	if (s->pos > s->size)
		s->size = s->pos;
	return 0;
}

/* With newlines as this stream keeps them: translated on the way in. */
static int write_text(StringIO *s, PyObject *text)
{
	PyObject *in = _PyIO_Translate(&s->newlines, Py_NewRef(text));
	PyObject *out = in ? _PyIO_TranslateOut(&s->newlines, in) : NULL;
	int status = out ? put(s, out) : -1;

	Py_XDECREF(in);
	Py_XDECREF(out);
	return status;
}

static PyObject *slice(const StringIO *s, Py_ssize_t start, Py_ssize_t end)
{
	return PyUnicode_FromKindAndData(4, s->text ? s->text + start : NULL, end - start);
}

static PyObject *stringio_write(PyObject *self, PyObject *text)
{
	if (check_open(as_io(self)) < 0)
		return NULL;
	if (!PyUnicode_Check(text))
		return PyErr_Format(PyExc_TypeError, "string argument expected, got '%s'",
				    Py_TYPE(text)->tp_name);
	if (write_text(as_io(self), text) < 0)
		return NULL;
	return PyLong_FromSsize_t(PyUnicode_GET_LENGTH(text));
}

/* The place where what comes next ends: the end, max, or (line) behind the first line end. */
static Py_ssize_t next_end(const StringIO *s, Py_ssize_t max, bool line)
{
	Py_ssize_t start = s->pos < s->size ? s->pos : s->size, end = s->size;

	if (max >= 0 && max < end - start)
		end = start + max;
	for (Py_ssize_t i = start; line && i < end; i++) {
		bool then_newline = i + 1 < s->size && s->text[i + 1] == '\n';
		const char *wanted = s->newlines.end;

		if (s->newlines.universal && s->text[i] == '\r')
			return i + 1 + then_newline < end ? i + 1 + then_newline : end;
		if (s->newlines.universal ? s->text[i] == '\n'
					  : s->text[i] == (Py_UCS4)wanted[0] && !wanted[1])
			return i + 1;
		if (!s->newlines.universal && wanted[1] && s->text[i] == '\r' && then_newline)
			return i + 2 < end ? i + 2 : end;
	}
	return end;
}

static PyObject *take(StringIO *s, Py_ssize_t max, bool line)
{
	if (check_open(s) < 0)
		return NULL;
	Py_ssize_t end = next_end(s, max, line);
	Py_ssize_t start = s->pos < end ? s->pos : end;
	PyObject *text = slice(s, start, end);

	if (text && end > s->pos)
		s->pos = end;
	return text;
}

static PyObject *stringio_read(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	Py_ssize_t max;

	return _PyIO_Size(args, nargs, "read", &max) < 0 ? NULL : take(as_io(self), max, false);
}

static PyObject *stringio_readline(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	Py_ssize_t max;

	return _PyIO_Size(args, nargs, "readline", &max) < 0 ? NULL : take(as_io(self), max, true);
}

static PyObject *stringio_iternext(PyObject *self)
{
	PyObject *line = take(as_io(self), -1, true);

	if (line && PyUnicode_GET_LENGTH(line) == 0)
		Py_CLEAR(line);
	return line;
}

static PyObject *stringio_seek(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	StringIO *s = as_io(self);
	long long offset;
	int whence;

	if (_PyIO_Seek(args, nargs, &offset, &whence) < 0 || check_open(s) < 0)
		return NULL;
	if (whence == 0 && offset < 0)
		return PyErr_Format(PyExc_ValueError, "Negative seek position %lld", offset);
	if (whence != 0 && offset != 0)
		return PyErr_Format(PyExc_OSError, "Can't do nonzero cur-relative seeks");
	s->pos = whence == 0 ? (Py_ssize_t)offset : whence == 1 ? s->pos : s->size;
	return PyLong_FromSsize_t(s->pos);
}

static PyObject *stringio_tell(PyObject *self, PyObject *unused)
{
	return check_open(as_io(self)) < 0 ? NULL : PyLong_FromSsize_t(as_io(self)->pos);
}

static PyObject *stringio_truncate(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	StringIO *s = as_io(self);

	if (check_open(s) < 0 || !PyArg_CheckPositional("truncate", nargs, 0, 1))
		return NULL;
	Py_ssize_t size = nargs && !Py_IsNone(args[0])
				  ? PyNumber_AsSsize_t(args[0], PyExc_OverflowError)
				  : s->pos;

	if (size == -1 && PyErr_Occurred())
		return NULL;
	if (size < 0)
		return PyErr_Format(PyExc_ValueError, "Negative size value %zd", size);
	if (size < s->size)
		s->size = size;
	return PyLong_FromSsize_t(size);
}

static PyObject *stringio_getvalue(PyObject *self, PyObject *unused)
{
	return check_open(as_io(self)) < 0 ? NULL : slice(as_io(self), 0, as_io(self)->size);
}

static PyObject *stringio_close(PyObject *self, PyObject *unused)
{
	StringIO *s = as_io(self);

	s->base.closed = true;
	PyMem_Free(s->text);
	s->text = NULL;
	s->size = s->room = s->pos = 0;
	Py_RETURN_NONE;
}

static PyObject *stringio_true(PyObject *self, PyObject *unused)
{
	return check_open(as_io(self)) < 0 ? NULL : Py_NewRef(Py_True);
}

static PyObject *get_none(PyObject *self, void *closure)
{
	Py_RETURN_NONE;
}

static PyObject *get_false(PyObject *self, void *closure)
{
	return Py_NewRef(Py_False);
}

static void stringio_dealloc(PyObject *self)
{
	PyMem_Free(as_io(self)->text);
	_PyIOBase_Dealloc(self);
}

static PyObject *stringio_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	StringIO *s = as_io(type->tp_alloc(type, 0));

	if (s)
		s->newlines = _PyIO_Newlines("\n");
	return (PyObject *)s;
}

static int stringio_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
	static const char *const names[] = {"initial_value", "newline", NULL};
	static const struct PyArgSpec spec = {"StringIO", names, 0, 0, 2};
	StringIO *s = as_io(self);
	PyObject *a[2];
	const char *newline = "\n";

	if (PyArg_ParseDict(&spec, args, kwargs, a) < 0)
		return -1;
	if (a[1])
		newline = Py_IsNone(a[1]) ? NULL : PyUnicode_AsUTF8(a[1]);
	if (PyErr_Occurred() || !_PyIO_NewlineIsValid(newline))
		return -1;
	if (a[0] && !Py_IsNone(a[0]) && !PyUnicode_Check(a[0])) {
		PyErr_Format(PyExc_TypeError, "initial_value must be str or None, not %.200s",
			     Py_TYPE(a[0])->tp_name);
		return -1;
	}
	s->newlines = _PyIO_Newlines(newline);
	s->size = s->pos = 0;
	s->base.closed = false;
	if (a[0] && !Py_IsNone(a[0]) && write_text(s, a[0]) < 0)
		return -1;
	s->pos = 0;
	return 0;
}

#define FAST(f) ((PyCFunction)(void (*)(void))(f))

static PyMethodDef stringio_methods[] = {
	{"write", stringio_write, METH_O, "Write a string; the number of characters written."},
	{"read", FAST(stringio_read), METH_FASTCALL, "At most n characters, or to the end."},
	{"readline", FAST(stringio_readline), METH_FASTCALL, "Up to and with the next newline."},
	{"seek", FAST(stringio_seek), METH_FASTCALL, "Change the position."},
	{"tell", stringio_tell, METH_NOARGS, "The position."},
	{"truncate", FAST(stringio_truncate), METH_FASTCALL, "Make it shorter."},
	{"getvalue", stringio_getvalue, METH_NOARGS, "All of it, as one string."},
	{"close", stringio_close, METH_NOARGS, "Release the memory."},
	{"readable", stringio_true, METH_NOARGS, NULL},
	{"writable", stringio_true, METH_NOARGS, NULL},
	{"seekable", stringio_true, METH_NOARGS, NULL},
	{0},
};

static PyGetSetDef stringio_getset[] = {
	{"encoding", get_none, NULL, NULL, NULL},
	{"errors", get_none, NULL, NULL, NULL},
	{"newlines", get_none, NULL, NULL, NULL},
	{"line_buffering", get_false, NULL, NULL, NULL},
	{0},
};

PyTypeObject _PyStringIO_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "_io.StringIO",
	.tp_basicsize = sizeof(StringIO),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
	.tp_base = &_PyTextIOBase_Type,
	.tp_dealloc = stringio_dealloc,
	.tp_traverse = _PyIOBase_Traverse,
	.tp_clear = _PyIOBase_Clear,
	.tp_iternext = stringio_iternext,
	.tp_new = stringio_new,
	.tp_init = stringio_init,
	.tp_methods = stringio_methods,
	.tp_getset = stringio_getset,
};
