/* SPDX-License-Identifier: BSD-2-Clause */
/* slice objects, and how a slice is fitted to a length. */
#include "objects/slice.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/descr.h"
#include "objects/long.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

PyObject *PySlice_New(PyObject *start, PyObject *stop, PyObject *step)
{
	PySliceObject *s = PyObject_GC_New(PySliceObject, &PySlice_Type);

	if (!s)
		return NULL;
	s->start = Py_NewRef(start ? start : Py_None);
	s->stop = Py_NewRef(stop ? stop : Py_None);
	s->step = Py_NewRef(step ? step : Py_None);
	PyObject_GC_Track(s);
	return (PyObject *)s;
}

int _PyEval_SliceIndex(PyObject *v, Py_ssize_t *ret)
{
	Py_ssize_t x;

	if (v == Py_None || !v)
		return 1;
	if (!PyIndex_Check(v)) {
		PyErr_SetString(PyExc_TypeError, "slice indices must be integers or None or have "
						 "an __index__ method");
		return 0;
	}
	x = PyNumber_AsSsize_t(v, NULL);
	if (x == -1 && PyErr_Occurred())
		return 0;
	*ret = x;
	return 1;
}

int PySlice_Unpack(PyObject *o, Py_ssize_t *start, Py_ssize_t *stop, Py_ssize_t *step)
{
	PySliceObject *s = (PySliceObject *)o;

	*step = 1;
	if (!_PyEval_SliceIndex(s->step, step))
		return -1;
	if (*step == 0) {
		PyErr_SetString(PyExc_ValueError, "slice step cannot be zero");
		return -1;
	}
	if (*step < -PY_SSIZE_T_MAX) /* so that -step can be had */
		*step = -PY_SSIZE_T_MAX;
	*start = *step < 0 ? PY_SSIZE_T_MAX : 0;
	*stop = *step < 0 ? PTRDIFF_MIN : PY_SSIZE_T_MAX;
	if (!_PyEval_SliceIndex(s->start, start) || !_PyEval_SliceIndex(s->stop, stop))
		return -1;
	return 0;
}

/* An index counted from the end when negative, kept within what a step of that sign can use. */
static Py_ssize_t clip(Py_ssize_t i, Py_ssize_t length, Py_ssize_t step)
{
	if (i < 0) {
		i += length;
		return i < 0 ? (step < 0 ? -1 : 0) : i;
	}
	return i >= length ? (step < 0 ? length - 1 : length) : i;
}

Py_ssize_t PySlice_AdjustIndices(Py_ssize_t length, Py_ssize_t *start, Py_ssize_t *stop,
				 Py_ssize_t step)
{
	*start = clip(*start, length, step);
	*stop = clip(*stop, length, step);
	if (step < 0)
		return *stop < *start ? (*start - *stop - 1) / -step + 1 : 0;
	return *start < *stop ? (*stop - *start - 1) / step + 1 : 0;
}

int PySlice_GetIndicesEx(PyObject *slice, Py_ssize_t length, Py_ssize_t *start, Py_ssize_t *stop,
			 Py_ssize_t *step, Py_ssize_t *slicelength)
{
	if (PySlice_Unpack(slice, start, stop, step) < 0)
		return -1;
	*slicelength = PySlice_AdjustIndices(length, start, stop, *step);
	return 0;
}

static PyObject *slice_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *start = NULL, *stop = NULL, *step = NULL;

	if (!PyArg_NoKeywords("slice", kwargs) ||
	    !PyArg_UnpackTuple(args, "slice", 1, 3, &start, &stop, &step))
		return NULL;
	return stop ? PySlice_New(start, stop, step) : PySlice_New(NULL, start, NULL);
}

static void slice_dealloc(PyObject *o)
{
	PySliceObject *s = (PySliceObject *)o;

	PyObject_GC_UnTrack(o);
	Py_DECREF(s->start);
	Py_DECREF(s->stop);
	Py_DECREF(s->step);
	PyObject_GC_Del(o);
}

static int slice_traverse(PyObject *o, visitproc visit, void *arg)
{
	PySliceObject *s = (PySliceObject *)o;

	Py_VISIT(s->start);
	Py_VISIT(s->stop);
	Py_VISIT(s->step);
	return 0;
}

static PyObject *slice_repr(PyObject *o)
{
	PySliceObject *s = (PySliceObject *)o;

	return PyUnicode_FromFormat("slice(%R, %R, %R)", s->start, s->stop, s->step);
}

static PyObject *as_tuple(PyObject *o)
{
	PySliceObject *s = (PySliceObject *)o;

	return PyTuple_Pack(3, s->start, s->stop, s->step);
}

static PyObject *slice_richcompare(PyObject *a, PyObject *b, int op)
{
	PyObject *x, *y, *ret;

	if (!PySlice_Check(a) || !PySlice_Check(b))
		Py_RETURN_NOTIMPLEMENTED;
	x = as_tuple(a);
	y = x ? as_tuple(b) : NULL;
	ret = y ? PyObject_RichCompare(x, y, op) : NULL;
	Py_XDECREF(x);
	Py_XDECREF(y);
	return ret;
}

/* -- indices() on ints of any size ------------------------------------------------------------- */
static PyObject *index_or_null(PyObject *v)
{
	if (!PyIndex_Check(v)) {
		PyErr_SetString(PyExc_TypeError, "slice indices must be integers or None or have "
						 "an __index__ method");
		return NULL;
	}
	return PyNumber_Index(v);
}

/* clip() for big ints: lower and upper are what a negative step leaves. New reference. */
static PyObject *clip_big(PyObject *v, PyObject *length, PyObject *lower, PyObject *upper,
			  PyObject *fallback)
{
	PyObject *i;

	if (v == Py_None)
		return Py_NewRef(fallback);
	i = index_or_null(v);
	if (!i)
		return NULL;
	if (_PyLong_Sign(i) < 0) {
		Py_SETREF(i, _PyLong_Add(i, length));
		if (i && _PyLong_Compare(i, lower) < 0)
			Py_SETREF(i, Py_NewRef(lower));
	} else if (_PyLong_Compare(i, upper) > 0) {
		Py_SETREF(i, Py_NewRef(upper));
	}
	return i;
}

static PyObject *indices_of(PySliceObject *s, PyObject *length, PyObject *step)
{
	bool down = _PyLong_Sign(step) < 0;
	PyObject *lower = PyLong_FromLong(down ? -1 : 0), *upper, *start, *stop, *ret = NULL;

	if (!lower)
		return NULL;
	upper = down ? _PyLong_Subtract(length, _PyLong_One()) : Py_NewRef(length);
	start = upper ? clip_big(s->start, length, lower, upper, down ? upper : lower) : NULL;
	stop = start ? clip_big(s->stop, length, lower, upper, down ? lower : upper) : NULL;
	if (stop)
		ret = PyTuple_Pack(3, start, stop, step);
	Py_DECREF(lower);
	Py_XDECREF(upper);
	Py_XDECREF(start);
	Py_XDECREF(stop);
	return ret;
}

static PyObject *slice_indices(PyObject *self, PyObject *arg)
{
	PySliceObject *s = (PySliceObject *)self;
	PyObject *length = PyNumber_Index(arg), *step, *ret = NULL;

	if (!length)
		return NULL;
	if (_PyLong_Sign(length) < 0) {
		PyErr_SetString(PyExc_ValueError, "length should not be negative");
		Py_DECREF(length);
		return NULL;
	}
	step = s->step == Py_None ? PyLong_FromLong(1) : index_or_null(s->step);
	if (step && _PyLong_Sign(step) == 0)
		PyErr_SetString(PyExc_ValueError, "slice step cannot be zero");
	else if (step)
		ret = indices_of(s, length, step);
	Py_DECREF(length);
	Py_XDECREF(step);
	return ret;
}

static PyObject *slice_reduce(PyObject *self, PyObject *unused)
{
	PyObject *args = as_tuple(self), *ret;

	if (!args)
		return NULL;
	ret = PyTuple_Pack(2, (PyObject *)&PySlice_Type, args);
	Py_DECREF(args);
	return ret;
}

static PyMethodDef slice_methods[] = {
	{"indices", slice_indices, METH_O, NULL},
	{"__reduce__", slice_reduce, METH_NOARGS, NULL},
	{NULL, NULL, 0, NULL},
};

static PyMemberDef slice_members[] = {
	{"start", Py_T_OBJECT, offsetof(PySliceObject, start), Py_READONLY, NULL},
	{"stop", Py_T_OBJECT, offsetof(PySliceObject, stop), Py_READONLY, NULL},
	{"step", Py_T_OBJECT, offsetof(PySliceObject, step), Py_READONLY, NULL},
	{NULL, 0, 0, 0, NULL},
};

PyTypeObject PySlice_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "slice",
	.tp_basicsize = sizeof(PySliceObject),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
	.tp_doc = "slice(stop)\nslice(start, stop[, step])",
	.tp_dealloc = slice_dealloc,
	.tp_free = PyObject_GC_Del,
	.tp_traverse = slice_traverse,
	.tp_repr = slice_repr,
	.tp_hash = PyObject_HashNotImplemented,
	.tp_richcompare = slice_richcompare,
	.tp_new = slice_new,
	.tp_methods = slice_methods,
	.tp_members = slice_members,
};
