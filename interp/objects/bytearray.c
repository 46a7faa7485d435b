/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bytearray. What is asked of other objects (their bytes, an index) is had before the array is
 * looked at, for it may change meanwhile.
 */
#include "objects/bytes_priv.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/iter.h"
#include "objects/long.h"
#include "objects/slice.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

char _PyByteArray_empty[] = "";

#define BA(o) ((PyByteArrayObject *)(o))

int PyByteArray_Resize(PyObject *o, Py_ssize_t n)
{
	PyByteArrayObject *b = BA(o);
	Py_ssize_t offset = b->ob_bytes ? b->ob_start - b->ob_bytes : 0, room;
	char *bigger;

	if (n == Py_SIZE(b))
		return 0;
	if (b->ob_exports > 0) {
		PyErr_SetString(PyExc_BufferError,
				"Existing exports of data: object cannot be re-sized");
		return -1;
	}
	if (n < 0 || n > PY_SSIZE_T_MAX / 2) {
		PyErr_NoMemory();
		return -1;
	}
	if (n + offset + 1 > b->ob_alloc || n < b->ob_alloc / 4) {
		room = n <= b->ob_alloc ? n + 1 : n + (n >> 3) + (n < 9 ? 3 : 6);
		bigger = PyMem_Malloc((size_t)room + 1);
		if (!bigger) {
			PyErr_NoMemory();
			return -1;
		}
		if (b->ob_start)
			memcpy(bigger, b->ob_start, (size_t)(n < Py_SIZE(b) ? n : Py_SIZE(b)));
		PyMem_Free(b->ob_bytes);
		b->ob_bytes = b->ob_start = bigger;
		b->ob_alloc = room + 1;
	}
	Py_SIZE(b) = n;
	b->ob_start[n] = '\0';
	return 0;
}

PyObject *PyByteArray_FromStringAndSize(const char *data, Py_ssize_t n)
{
	PyByteArrayObject *b = PyObject_New(PyByteArrayObject, &PyByteArray_Type);

	if (!b)
		return NULL;
	b->ob_size = b->ob_alloc = b->ob_exports = 0;
	b->ob_bytes = b->ob_start = NULL;
	if (PyByteArray_Resize((PyObject *)b, n) < 0) {
		Py_DECREF(b);
		return NULL;
	}
	if (data && n)
		memcpy(b->ob_start, data, (size_t)n);
	return (PyObject *)b;
}

PyObject *PyByteArray_FromObject(PyObject *o)
{
	PyObject *a[3] = {o}, *bytes = _PyBytes_FromArgs(a, "bytearray"), *ret;

	if (!bytes)
		return NULL;
	ret = PyByteArray_FromStringAndSize(PyBytes_AS_STRING(bytes), PyBytes_GET_SIZE(bytes));
	Py_DECREF(bytes);
	return ret;
}

char *PyByteArray_AsString(PyObject *o)
{
	return PyByteArray_AS_STRING(o);
}

Py_ssize_t PyByteArray_Size(PyObject *o)
{
	return Py_SIZE(o);
}

static void bytearray_dealloc(PyObject *o)
{
	PyMem_Free(BA(o)->ob_bytes);
	Py_TYPE(o)->tp_free(o);
}

static const char *const init_names[] = {"source", "encoding", "errors", NULL};
static const struct PyArgSpec init_spec = {"bytearray", init_names, .max_pos = 3};

static int bytearray_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
	PyObject *a[3], *bytes;
	int err;

	if (PyArg_ParseDict(&init_spec, args, kwargs, a) < 0)
		return -1;
	bytes = _PyBytes_FromArgs(a, "bytearray");
	if (!bytes)
		return -1;
	err = PyByteArray_Resize(self, PyBytes_GET_SIZE(bytes));
	if (err == 0 && Py_SIZE(self))
		memcpy(BA(self)->ob_start, PyBytes_AS_STRING(bytes), (size_t)Py_SIZE(self));
	Py_DECREF(bytes);
	return err;
}

static PyObject *bytearray_repr(PyObject *o)
{
	PyObject *inner = PyBytes_Repr(o, 1), *ret;

	if (!inner)
		return NULL;
	ret = PyUnicode_FromFormat("%s(%U)", Py_TYPE(o)->tp_name, inner);
	Py_DECREF(inner);
	return ret;
}

/* -- Changing ---------------------------------------------------------------------------------- */
/* Replaces [low, high) by n bytes that are not the array's own. */
static int splice(PyObject *o, Py_ssize_t low, Py_ssize_t high, const char *data, Py_ssize_t n)
{
	Py_ssize_t size = Py_SIZE(o), rest = size - high, grown = n - (high - low);

	if (n == 0 && low == 0 && high < size && BA(o)->ob_exports == 0) {
		BA(o)->ob_start += high; /* from the front: nothing is moved */
		Py_SIZE(o) = rest;
		return 0;
	}
	if (grown < 0 && BA(o)->ob_exports == 0)
		memmove(BA(o)->ob_start + low + n, BA(o)->ob_start + high, (size_t)rest);
	if (grown && PyByteArray_Resize(o, size + grown) < 0)
		return -1;
	if (grown > 0)
		memmove(BA(o)->ob_start + low + n, BA(o)->ob_start + high, (size_t)rest);
	if (n)
		memcpy(BA(o)->ob_start + low, data, (size_t)n);
	return 0;
}

static int assign_steps(PyObject *o, Py_ssize_t start, Py_ssize_t step, Py_ssize_t count,
			const char *data, Py_ssize_t n)
{
	char *p = BA(o)->ob_start;
	Py_ssize_t size = Py_SIZE(o), to, k = 0;

	if (n == 0) {
		if (count == 0)
			return 0;
		if (step < 0) {
			start += step * (count - 1);
			step = -step;
		}
		for (Py_ssize_t i = to = start; i < size; i++) {
			if (k < count && i == start + k * step)
				k++;
			else
				p[to++] = p[i];
		}
		return PyByteArray_Resize(o, size - count);
	}
	if (n != count) {
		PyErr_Format(PyExc_ValueError,
			     "attempt to assign bytes of size %zd to extended slice of size %zd", n,
			     count);
		return -1;
	}
	for (Py_ssize_t i = 0; i < count; i++, start += step)
		p[start] = data[i];
	return 0;
}

static int assign_slice(PyObject *o, PyObject *slice, PyObject *value)
{
	Py_ssize_t start, stop, step, count;
	PyObject *bytes = NULL;
	const char *data = NULL;
	Py_ssize_t n = 0;
	int err;

	if (PySlice_Unpack(slice, &start, &stop, &step) < 0)
		return -1;
	if (value) {
		if (PyIndex_Check(value) || PyUnicode_Check(value)) {
			PyErr_SetString(PyExc_TypeError,
					"can assign only bytes, buffers, or iterables of ints in "
					"range(0, 256)");
			return -1;
		}
		bytes = PyBytes_FromObject(value);
		if (!bytes)
			return -1;
		data = PyBytes_AS_STRING(bytes);
		n = PyBytes_GET_SIZE(bytes);
	}
	count = PySlice_AdjustIndices(Py_SIZE(o), &start, &stop, step);
	if (step == 1)
		err = splice(o, start, stop < start ? start : stop, data, n);
	else
		err = assign_steps(o, start, step, count, data, n);
	Py_XDECREF(bytes);
	return err;
}

static int bytearray_ass_item(PyObject *o, Py_ssize_t i, PyObject *value)
{
	unsigned char byte = 0;

	if (i < 0 || i >= Py_SIZE(o)) {
		PyErr_SetString(PyExc_IndexError, "bytearray index out of range");
		return -1;
	}
	if (!value)
		return splice(o, i, i + 1, NULL, 0);
	if (!_PyBytes_GetByte(value, &byte))
		return -1;
	if (i >= Py_SIZE(o)) { /* __index__ has changed it */
		PyErr_SetString(PyExc_IndexError, "bytearray index out of range");
		return -1;
	}
	BA(o)->ob_start[i] = (char)byte;
	return 0;
}

static int bytearray_ass_subscript(PyObject *o, PyObject *key, PyObject *value)
{
	unsigned char byte = 0;
	Py_ssize_t i;

	if (!PyIndex_Check(key)) {
		if (PySlice_Check(key))
			return assign_slice(o, key, value);
		PyErr_Format(PyExc_TypeError,
			     "bytearray indices must be integers or slices, not %.200s",
			     Py_TYPE(key)->tp_name);
		return -1;
	}
	i = PyNumber_AsSsize_t(key, PyExc_IndexError);
	if ((i == -1 && PyErr_Occurred()) || (value && !_PyBytes_GetByte(value, &byte)))
		return -1;
	i = i < 0 ? i + Py_SIZE(o) : i;
	if (i < 0 || i >= Py_SIZE(o)) {
		PyErr_SetString(PyExc_IndexError, "bytearray index out of range");
		return -1;
	}
	if (!value)
		return splice(o, i, i + 1, NULL, 0);
	BA(o)->ob_start[i] = (char)byte;
	return 0;
}

/* -- Reading slots ----------------------------------------------------------------------------- */
static Py_ssize_t bytearray_length(PyObject *o)
{
	return Py_SIZE(o);
}

static PyObject *bytearray_item(PyObject *o, Py_ssize_t i)
{
	if (i < 0 || i >= Py_SIZE(o)) {
		PyErr_SetString(PyExc_IndexError, "bytearray index out of range");
		return NULL;
	}
	return PyLong_FromLong((unsigned char)BA(o)->ob_start[i]);
}

static PyObject *bytearray_subscript(PyObject *o, PyObject *key)
{
	Py_ssize_t i;

	if (PyIndex_Check(key)) {
		i = PyNumber_AsSsize_t(key, PyExc_IndexError);
		if (i == -1 && PyErr_Occurred())
			return NULL;
		return bytearray_item(o, i < 0 ? i + Py_SIZE(o) : i);
	}
	if (PySlice_Check(key))
		return _PyBytes_Slice(o, PyByteArray_AS_STRING(o), Py_SIZE(o), key);
	return PyErr_Format(PyExc_TypeError,
			    "bytearray indices must be integers or slices, not %.200s",
			    Py_TYPE(key)->tp_name);
}

static PyObject *bytearray_concat(PyObject *a, PyObject *b)
{
	const char *x, *y;
	Py_ssize_t n, m, total;
	PyObject *ret;

	if (!_PyBytes_View(a, &x, &n) || !_PyBytes_View(b, &y, &m))
		return PyErr_Format(PyExc_TypeError, "can't concat %.100s to %.100s",
				    Py_TYPE(b)->tp_name, Py_TYPE(a)->tp_name);
	if (__builtin_add_overflow(n, m, &total))
		return PyErr_NoMemory();
	ret = PyByteArray_FromStringAndSize(NULL, total);
	if (ret && total) {
		memcpy(BA(ret)->ob_start, x, (size_t)n);
		memcpy(BA(ret)->ob_start + n, y, (size_t)m);
	}
	return ret;
}

static PyObject *bytearray_repeat(PyObject *o, Py_ssize_t times)
{
	Py_ssize_t n = Py_SIZE(o), total;
	PyObject *ret;

	times = times < 0 ? 0 : times;
	if (__builtin_mul_overflow(n, times, &total))
		return PyErr_NoMemory();
	ret = PyByteArray_FromStringAndSize(NULL, total);
	for (Py_ssize_t i = 0; ret && i < total; i += n)
		memcpy(BA(ret)->ob_start + i, BA(o)->ob_start, (size_t)n);
	return ret;
}

/* Appends a bytes-like that may be the array itself. */
static int append_bytes(PyObject *self, PyObject *other)
{
	Py_ssize_t n = Py_SIZE(self), m = Py_SIZE(other);

	if (m > PY_SSIZE_T_MAX - n) {
		PyErr_NoMemory();
		return -1;
	}
	if (m == 0)
		return 0;
	if (PyByteArray_Resize(self, n + m) < 0)
		return -1;
	memcpy(BA(self)->ob_start + n,
	       PyBytes_Check(other) ? PyBytes_AS_STRING(other) : BA(other)->ob_start, (size_t)m);
	return 0;
}

static PyObject *bytearray_iconcat(PyObject *self, PyObject *other)
{
	const char *data;
	Py_ssize_t n;

	if (!_PyBytes_View(other, &data, &n))
		return PyErr_Format(PyExc_TypeError, "can't concat %.100s to %.100s",
				    Py_TYPE(other)->tp_name, Py_TYPE(self)->tp_name);
	return append_bytes(self, other) < 0 ? NULL : Py_NewRef(self);
}

static PyObject *bytearray_irepeat(PyObject *self, Py_ssize_t times)
{
	Py_ssize_t n = Py_SIZE(self), total;

	times = times < 0 ? 0 : times;
	if (__builtin_mul_overflow(n, times, &total))
		return PyErr_NoMemory();
	if (PyByteArray_Resize(self, total) < 0)
		return NULL;
	for (Py_ssize_t i = n; n && i < total; i += n)
		memcpy(BA(self)->ob_start + i, BA(self)->ob_start, (size_t)n);
	return Py_NewRef(self);
}

static PyObject *bytearray_iter(PyObject *o)
{
	return _PySeqIter_NewOf(&PyByteArrayIter_Type, o, 0);
}

/* -- Methods ----------------------------------------------------------------------------------- */
static PyObject *bytearray_append(PyObject *self, PyObject *arg)
{
	unsigned char byte;

	if (!_PyBytes_GetByte(arg, &byte) || PyByteArray_Resize(self, Py_SIZE(self) + 1) < 0)
		return NULL;
	BA(self)->ob_start[Py_SIZE(self) - 1] = (char)byte;
	Py_RETURN_NONE;
}

static PyObject *bytearray_extend(PyObject *self, PyObject *iterable)
{
	PyObject *bytes, *a[3] = {NULL};
	int err;

	if (PyBytes_Check(iterable) || PyByteArray_Check(iterable)) {
		err = append_bytes(self, iterable);
	} else {
		bytes = PyObject_GetIter(iterable);
		if (!bytes)
			return PyErr_Format(PyExc_TypeError, "can't extend bytearray with %.100s",
					    Py_TYPE(iterable)->tp_name);
		a[0] = bytes;
		Py_SETREF(bytes, _PyBytes_FromArgs(a, "bytearray"));
		if (!bytes)
			return NULL;
		err = append_bytes(self, bytes);
		Py_DECREF(bytes);
	}
	if (err < 0)
		return NULL;
	Py_RETURN_NONE;
}

static PyObject *bytearray_insert(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	unsigned char byte;
	Py_ssize_t i, n;

	if (!PyArg_CheckPositional("insert", nargs, 2, 2))
		return NULL;
	i = PyNumber_AsSsize_t(args[0], PyExc_OverflowError);
	if ((i == -1 && PyErr_Occurred()) || !_PyBytes_GetByte(args[1], &byte))
		return NULL;
	n = Py_SIZE(self);
	i = i < 0 ? (i + n < 0 ? 0 : i + n) : i > n ? n : i;
	if (splice(self, i, i, (char *)&byte, 1) < 0)
		return NULL;
	Py_RETURN_NONE;
}

static PyObject *bytearray_pop(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	Py_ssize_t i = -1, n;
	unsigned char byte;

	if (!PyArg_CheckPositional("pop", nargs, 0, 1))
		return NULL;
	if (nargs) {
		i = PyNumber_AsSsize_t(args[0], PyExc_IndexError);
		if (i == -1 && PyErr_Occurred())
			return NULL;
	}
	n = Py_SIZE(self);
	if (n == 0) {
		PyErr_SetString(PyExc_IndexError, "pop from empty bytearray");
		return NULL;
	}
	i = i < 0 ? i + n : i;
	if (i < 0 || i >= n) {
		PyErr_SetString(PyExc_IndexError, "pop index out of range");
		return NULL;
	}
	byte = (unsigned char)BA(self)->ob_start[i];
	return splice(self, i, i + 1, NULL, 0) < 0 ? NULL : PyLong_FromLong(byte);
}

static PyObject *bytearray_remove(PyObject *self, PyObject *arg)
{
	unsigned char byte;
	char *hit;

	if (!_PyBytes_GetByte(arg, &byte))
		return NULL;
	hit = Py_SIZE(self) ? memchr(BA(self)->ob_start, byte, (size_t)Py_SIZE(self)) : NULL;
	if (!hit) {
		PyErr_SetString(PyExc_ValueError, "value not found in bytearray");
		return NULL;
	}
	if (splice(self, hit - BA(self)->ob_start, hit - BA(self)->ob_start + 1, NULL, 0) < 0)
		return NULL;
	Py_RETURN_NONE;
}

static PyObject *bytearray_reverse(PyObject *self, PyObject *unused)
{
	char *p = BA(self)->ob_start;

	for (Py_ssize_t i = 0, j = Py_SIZE(self) - 1; i < j; i++, j--) {
		char t = p[i];

		p[i] = p[j];
		p[j] = t;
	}
	Py_RETURN_NONE;
}

static PyObject *bytearray_clear(PyObject *self, PyObject *unused)
{
	if (PyByteArray_Resize(self, 0) < 0)
		return NULL;
	Py_RETURN_NONE;
}

static PyObject *bytearray_copy(PyObject *self, PyObject *unused)
{
	return PyByteArray_FromStringAndSize(PyByteArray_AS_STRING(self), Py_SIZE(self));
}

static PyObject *bytearray_sizeof(PyObject *self, PyObject *unused)
{
	return PyLong_FromSsize_t(Py_TYPE(self)->tp_basicsize + BA(self)->ob_alloc);
}

#define FAST(f) ((PyCFunction)(void (*)(void))(f))
static const PyMethodDef own_methods[] = {
	{"__sizeof__", bytearray_sizeof, METH_NOARGS, NULL},
	{"append", bytearray_append, METH_O, NULL},
	{"clear", bytearray_clear, METH_NOARGS, NULL},
	{"copy", bytearray_copy, METH_NOARGS, NULL},
	{"extend", bytearray_extend, METH_O, NULL},
	{"insert", FAST(bytearray_insert), METH_FASTCALL, NULL},
	{"pop", FAST(bytearray_pop), METH_FASTCALL, NULL},
	{"remove", bytearray_remove, METH_O, NULL},
	{"reverse", bytearray_reverse, METH_NOARGS, NULL},
	{NULL, NULL, 0, NULL},
};
static PyMethodDef
	bytearray_methods[BYTES_METHOD_COUNT + sizeof(own_methods) / sizeof(*own_methods)];

__attribute__((constructor)) static void fill_methods(void)
{
	_PyBytes_FillMethods(bytearray_methods, own_methods);
}

static PyObject *bytearray_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	return type->tp_alloc(type, 0);
}

PyTypeObject PyByteArray_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "bytearray",
	.tp_basicsize = sizeof(PyByteArrayObject),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
	.tp_doc = "bytearray(iterable_of_ints) -> bytearray\n"
		  "bytearray(string, encoding[, errors]) -> bytearray\n"
		  "bytearray(bytes_or_buffer) -> mutable copy of bytes_or_buffer\n"
		  "bytearray(int) -> bytes array of size given by the parameter initialized with "
		  "null bytes\nbytearray() -> empty bytes array",
	.tp_dealloc = bytearray_dealloc,
	.tp_free = PyObject_Free,
	.tp_repr = bytearray_repr,
	.tp_str = bytearray_repr,
	.tp_hash = PyObject_HashNotImplemented,
	.tp_richcompare = _PyBytes_RichCompare,
	.tp_iter = bytearray_iter,
	.tp_new = bytearray_new,
	.tp_init = bytearray_init,
	.tp_methods = bytearray_methods,
	.nb_remainder = _PyBytes_Remainder,
	.sq_length = bytearray_length,
	.sq_concat = bytearray_concat,
	.sq_repeat = bytearray_repeat,
	.sq_item = bytearray_item,
	.sq_ass_item = bytearray_ass_item,
	.sq_contains = _PyBytes_Contains,
	.sq_inplace_concat = bytearray_iconcat,
	.sq_inplace_repeat = bytearray_irepeat,
	.mp_length = bytearray_length,
	.mp_subscript = bytearray_subscript,
	.mp_ass_subscript = bytearray_ass_subscript,
};
