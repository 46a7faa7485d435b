/* SPDX-License-Identifier: BSD-2-Clause */
/* BytesIO: a binary stream in memory. */
#include "lib/io.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/bytearray.h"
#include "objects/bytes.h"
#include "objects/call.h"
#include "objects/long.h"

typedef struct {
	_PyIOBaseObject base;
	PyObject *data; /* bytearray; NULL once closed */
	Py_ssize_t pos; /* may be behind the end */
} BytesIO;

static BytesIO *as_io(PyObject *o)
{
	return (BytesIO *)o;
}

static Py_ssize_t size_of(const BytesIO *b)
{
	return PyByteArray_GET_SIZE(b->data);
}

static int put(PyObject *self, const char *data, size_t size)
{
	BytesIO *b = as_io(self);
	Py_ssize_t n = (Py_ssize_t)size, old, end;

	if (_PyIO_CheckOpen(&b->base) < 0)
		return -1;
	if (n == 0)
		return 0;
	if (n > PY_SSIZE_T_MAX - b->pos) {
		PyErr_SetString(PyExc_OverflowError, "new buffer size too large");
		return -1;
	}
	old = size_of(b);
	end = b->pos + n;
	if (end > old && PyByteArray_Resize(b->data, end) < 0)
		return -1;
	if (b->pos > old)
		memset(PyByteArray_AS_STRING(b->data) + old, 0, (size_t)(b->pos - old));
	memmove(PyByteArray_AS_STRING(b->data) + b->pos, data, size);
	b->pos = end;
	return 0;
}

static PyObject *take(PyObject *self, Py_ssize_t max, bool line)
{
	BytesIO *b = as_io(self);

	if (_PyIO_CheckOpen(&b->base) < 0)
		return NULL;
	Py_ssize_t n = b->pos < size_of(b) ? size_of(b) - b->pos : 0;

	if (max >= 0 && n > max)
		n = max;
	if (n == 0)
		return PyBytes_FromStringAndSize(NULL, 0);
	const char *from = PyByteArray_AS_STRING(b->data) + b->pos;
	const char *newline = line ? memchr(from, '\n', (size_t)n) : NULL;

	if (newline)
		n = newline - from + 1;
	b->pos += n;
	return PyBytes_FromStringAndSize(from, n);
}

static int flush(PyObject *self)
{
	return _PyIO_CheckOpen(&as_io(self)->base);
}

const struct _PyByteStream _PyBytesIO_Stream = {take, put, flush};

static PyObject *bytesio_write(PyObject *self, PyObject *o)
{
	const char *data;
	Py_ssize_t n;

	if (!_PyBytes_View(o, &data, &n))
		return PyErr_Format(PyExc_TypeError,
				    "a bytes-like object is required, not '%.200s'",
				    Py_TYPE(o)->tp_name);
	return put(self, data, (size_t)n) < 0 ? NULL : PyLong_FromSsize_t(n);
}

static PyObject *bytesio_read(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	Py_ssize_t max;

	return _PyIO_Size(args, nargs, "read", &max) < 0 ? NULL : take(self, max, false);
}

static PyObject *bytesio_readline(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	Py_ssize_t max;

	return _PyIO_Size(args, nargs, "readline", &max) < 0 ? NULL : take(self, max, true);
}

static PyObject *bytesio_readinto(PyObject *self, PyObject *room)
{
	if (!PyByteArray_Check(room))
		return PyErr_Format(PyExc_TypeError,
				    "readinto() argument must be read-write bytes-like object, "
				    "not %.100s",
				    Py_TYPE(room)->tp_name);
	PyObject *got = take(self, PyByteArray_GET_SIZE(room), false);

	if (!got)
		return NULL;
	Py_ssize_t n = PyBytes_GET_SIZE(got);

	memcpy(PyByteArray_AS_STRING(room), PyBytes_AS_STRING(got), (size_t)n);
	Py_DECREF(got);
	return PyLong_FromSsize_t(n);
}

static PyObject *bytesio_seek(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	BytesIO *b = as_io(self);
	long long offset;
	int whence;

	if (_PyIO_Seek(args, nargs, &offset, &whence) < 0 || _PyIO_CheckOpen(&b->base) < 0)
		return NULL;
	if (whence == 0 && offset < 0)
		return PyErr_Format(PyExc_ValueError, "negative seek value %lld", offset);
	Py_ssize_t from = whence == 0 ? 0 : whence == 1 ? b->pos : size_of(b);

	if (offset > PY_SSIZE_T_MAX - from)
		return PyErr_Format(PyExc_OverflowError, "new position too large");
	b->pos = from + offset < 0 ? 0 : from + (Py_ssize_t)offset;
	return PyLong_FromSsize_t(b->pos);
}

static PyObject *bytesio_tell(PyObject *self, PyObject *unused)
{
	return _PyIO_CheckOpen(&as_io(self)->base) < 0 ? NULL
						       : PyLong_FromSsize_t(as_io(self)->pos);
}

static PyObject *bytesio_truncate(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	BytesIO *b = as_io(self);
	Py_ssize_t size;

	if (_PyIO_CheckOpen(&b->base) < 0 || !PyArg_CheckPositional("truncate", nargs, 0, 1))
		return NULL;
	size = nargs && !Py_IsNone(args[0]) ? PyNumber_AsSsize_t(args[0], PyExc_OverflowError)
					    : b->pos;
	if (size == -1 && PyErr_Occurred())
		return NULL;
	if (size < 0)
		return PyErr_Format(PyExc_ValueError, "negative size value %zd", size);
	if (size < size_of(b) && PyByteArray_Resize(b->data, size) < 0)
		return NULL;
	return PyLong_FromSsize_t(size);
}

static PyObject *bytesio_getvalue(PyObject *self, PyObject *unused)
{
	if (_PyIO_CheckOpen(&as_io(self)->base) < 0)
		return NULL;
	return PyBytes_FromStringAndSize(PyByteArray_AS_STRING(as_io(self)->data),
					 size_of(as_io(self)));
}

static PyObject *bytesio_close(PyObject *self, PyObject *unused)
{
	as_io(self)->base.closed = true;
	Py_CLEAR(as_io(self)->data);
	Py_RETURN_NONE;
}

static PyObject *bytesio_true(PyObject *self, PyObject *unused)
{
	return _PyIO_CheckOpen(&as_io(self)->base) < 0 ? NULL : Py_NewRef(Py_True);
}

static void bytesio_dealloc(PyObject *self)
{
	PyObject_GC_UnTrack(self);
	Py_CLEAR(as_io(self)->data);
	_PyIOBase_Dealloc(self);
}

static PyObject *bytesio_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	BytesIO *b = as_io(type->tp_alloc(type, 0));

	if (b && !(b->data = PyByteArray_FromStringAndSize(NULL, 0)))
		Py_CLEAR(b);
	return (PyObject *)b;
}

static int bytesio_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
	static const char *const names[] = {"initial_bytes", NULL};
	static const struct PyArgSpec spec = {"BytesIO", names, 0, 0, 1};
	BytesIO *b = as_io(self);
	PyObject *a[1], *data;

	if (PyArg_ParseDict(&spec, args, kwargs, a) < 0)
		return -1;
	data = a[0] && !Py_IsNone(a[0]) ? PyByteArray_FromObject(a[0])
					: PyByteArray_FromStringAndSize(NULL, 0);
	if (!data)
		return -1;
	Py_XSETREF(b->data, data);
	b->pos = 0;
	b->base.closed = false;
	return 0;
}

#define FAST(f) ((PyCFunction)(void (*)(void))(f))

static PyMethodDef bytesio_methods[] = {
	{"write", bytesio_write, METH_O, "Write bytes; their number."},
	{"read", FAST(bytesio_read), METH_FASTCALL, "Read at most n bytes, or to the end."},
	{"read1", FAST(bytesio_read), METH_FASTCALL, "Read at most n bytes, or to the end."},
	{"readline", FAST(bytesio_readline), METH_FASTCALL, "Up to and with the next newline."},
	{"readinto", bytesio_readinto, METH_O, "Read into a bytearray; the number of bytes."},
	{"seek", FAST(bytesio_seek), METH_FASTCALL, "Change the position."},
	{"tell", bytesio_tell, METH_NOARGS, "The position."},
	{"truncate", FAST(bytesio_truncate), METH_FASTCALL, "Make it shorter."},
	{"getvalue", bytesio_getvalue, METH_NOARGS, "All of it, as bytes."},
	{"close", bytesio_close, METH_NOARGS, "Release the memory."},
	{"readable", bytesio_true, METH_NOARGS, NULL},
	{"writable", bytesio_true, METH_NOARGS, NULL},
	{"seekable", bytesio_true, METH_NOARGS, NULL},
	{0},
};

PyTypeObject _PyBytesIO_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "_io.BytesIO",
	.tp_basicsize = sizeof(BytesIO),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
	.tp_base = &_PyBufferedIOBase_Type,
	.tp_dealloc = bytesio_dealloc,
	.tp_traverse = _PyIOBase_Traverse,
	.tp_clear = _PyIOBase_Clear,
	.tp_new = bytesio_new,
	.tp_init = bytesio_init,
	.tp_methods = bytesio_methods,
};
