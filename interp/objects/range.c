/* SPDX-License-Identifier: BSD-2-Clause */
/* range objects. Where all four numbers fit int64 no int objects are made on the way. */
#include "objects/range.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/descr.h"
#include "objects/long.h"
#include "objects/slice.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

#define R(o) ((PyRangeObject *)(o))

/* How many numbers start, start + step ... before stop are; new reference. */
static PyObject *compute_length(PyObject *start, PyObject *stop, PyObject *step)
{
	PyObject *low = start, *high = stop, *width, *by, *quot = NULL, *rem = NULL, *ret = NULL;
	int64_t a, b, s;

	if (_PyLong_GetInt64(start, &a) && _PyLong_GetInt64(stop, &b) &&
	    _PyLong_GetInt64(step, &s)) {
		uint64_t n = 0;

		if (s > 0 && a < b)
			n = ((uint64_t)b - (uint64_t)a - 1) / (uint64_t)s + 1;
		else if (s < 0 && a > b)
			n = ((uint64_t)a - (uint64_t)b - 1) / -(uint64_t)s + 1;
		return PyLong_FromUnsignedLongLong(n);
	}
	if (_PyLong_Sign(step) < 0) {
		low = stop;
		high = start;
		by = PyNumber_Negative(step);
	} else {
		by = Py_NewRef(step);
	}
	if (!by)
		return NULL;
	if (_PyLong_Compare(low, high) >= 0) {
		Py_DECREF(by);
		return PyLong_FromLong(0);
	}
	width = _PyLong_Subtract(high, low);
	if (width)
		Py_SETREF(width, _PyLong_Subtract(width, _PyLong_One()));
	if (width && _PyLong_DivMod(width, by, &quot, &rem) == 0) {
		ret = _PyLong_Add(quot, _PyLong_One());
		Py_DECREF(quot);
		Py_DECREF(rem);
	}
	Py_XDECREF(width);
	Py_DECREF(by);
	return ret;
}

/* Steals the three ints (any may be NULL: error). */
static PyObject *make(PyObject *start, PyObject *stop, PyObject *step)
{
	PyRangeObject *r = NULL;
	PyObject *length = NULL;

	if (start && stop && step)
		length = compute_length(start, stop, step);
	if (length)
		r = PyObject_New(PyRangeObject, &PyRange_Type);
	if (!r) {
		Py_XDECREF(start);
		Py_XDECREF(stop);
		Py_XDECREF(step);
		Py_XDECREF(length);
		return NULL;
	}
	r->start = start;
	r->stop = stop;
	r->step = step;
	r->length = length;
	return (PyObject *)r;
}

static PyObject *range_of(PyObject *const *args, Py_ssize_t nargs)
{
	PyObject *start, *stop, *step;

	if (nargs == 0) {
		PyErr_SetString(PyExc_TypeError, "range expected at least 1 argument, got 0");
		return NULL;
	}
	if (!PyArg_CheckPositional("range", nargs, 1, 3))
		return NULL;
	start = nargs == 1 ? PyLong_FromLong(0) : PyNumber_Index(args[0]);
	stop = start ? PyNumber_Index(args[nargs == 1 ? 0 : 1]) : NULL;
	step = !stop ? NULL : nargs == 3 ? PyNumber_Index(args[2]) : PyLong_FromLong(1);
	if (step && _PyLong_Sign(step) == 0) {
		PyErr_SetString(PyExc_ValueError, "range() arg 3 must not be zero");
		Py_CLEAR(step);
	}
	return make(start, stop, step);
}

static PyObject *range_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	if (!PyArg_NoKeywords("range", kwargs))
		return NULL;
	return range_of(((PyTupleObject *)args)->ob_item, PyTuple_GET_SIZE(args));
}

static PyObject *range_construct(PyObject *type, PyObject *const *args, size_t nargsf,
				 PyObject *kwnames)
{
	if (!PyArg_NoKwnames("range", kwnames))
		return NULL;
	return range_of(args, PyVectorcall_NARGS(nargsf));
}

static void range_dealloc(PyObject *o)
{
	Py_DECREF(R(o)->start);
	Py_DECREF(R(o)->stop);
	Py_DECREF(R(o)->step);
	Py_DECREF(R(o)->length);
	PyObject_Free(o);
}

/* -- Items ------------------------------------------------------------------------------------- */
/* start + i * step; new reference. */
static PyObject *item_at(PyRangeObject *r, PyObject *i)
{
	PyObject *offset = _PyLong_Multiply(i, r->step), *ret;

	if (!offset)
		return NULL;
	ret = _PyLong_Add(r->start, offset);
	Py_DECREF(offset);
	return ret;
}

/* The item at an index that may be negative; IndexError. */
static PyObject *item(PyRangeObject *r, PyObject *index)
{
	PyObject *i, *ret = NULL;

	i = _PyLong_Sign(index) < 0 ? _PyLong_Add(index, r->length) : Py_NewRef(index);
	if (!i)
		return NULL;
	if (_PyLong_Sign(i) < 0 || _PyLong_Compare(i, r->length) >= 0)
		PyErr_SetString(PyExc_IndexError, "range object index out of range");
	else
		ret = item_at(r, i);
	Py_DECREF(i);
	return ret;
}

static PyObject *range_item(PyObject *o, Py_ssize_t i)
{
	PyObject *index = PyLong_FromSsize_t(i), *ret;

	if (!index)
		return NULL;
	ret = i < 0 ? NULL : item(R(o), index);
	if (i < 0)
		PyErr_SetString(PyExc_IndexError, "range object index out of range");
	Py_DECREF(index);
	return ret;
}

static PyObject *slice_of(PyRangeObject *r, PyObject *slice)
{
	PyObject *method = PyObject_GetAttrString(slice, "indices"), *bounds;
	PyObject *start = NULL, *stop = NULL, *step = NULL;

	bounds = method ? PyObject_CallOneArg(method, r->length) : NULL;
	Py_XDECREF(method);
	if (!bounds)
		return NULL;
	start = item_at(r, PyTuple_GET_ITEM(bounds, 0));
	stop = start ? item_at(r, PyTuple_GET_ITEM(bounds, 1)) : NULL;
	step = stop ? _PyLong_Multiply(PyTuple_GET_ITEM(bounds, 2), r->step) : NULL;
	Py_DECREF(bounds);
	return make(start, stop, step);
}

static PyObject *range_subscript(PyObject *o, PyObject *key)
{
	if (PyIndex_Check(key)) {
		PyObject *i = PyNumber_Index(key), *ret;

		if (!i)
			return NULL;
		ret = item(R(o), i);
		Py_DECREF(i);
		return ret;
	}
	if (PySlice_Check(key))
		return slice_of(R(o), key);
	return PyErr_Format(PyExc_TypeError, "range indices must be integers or slices, not %.200s",
			    Py_TYPE(key)->tp_name);
}

static Py_ssize_t range_length(PyObject *o)
{
	return PyLong_AsSsize_t(R(o)->length);
}

static int range_bool(PyObject *o)
{
	return _PyLong_Sign(R(o)->length) != 0;
}

/* The index of an int in the range: 1 and *index (new), 0 when it is not there, -1. */
static int find(PyRangeObject *r, PyObject *v, PyObject **index)
{
	PyObject *diff = _PyLong_Subtract(v, r->start), *quot, *rem;
	int err, in;

	if (!diff)
		return -1;
	err = _PyLong_DivMod(diff, r->step, &quot, &rem);
	Py_DECREF(diff);
	if (err < 0)
		return -1;
	in = _PyLong_Sign(rem) == 0 && _PyLong_Sign(quot) >= 0 &&
	     _PyLong_Compare(quot, r->length) < 0;
	Py_DECREF(rem);
	if (in)
		*index = quot;
	else
		Py_DECREF(quot);
	return in;
}

static int range_contains(PyObject *o, PyObject *v)
{
	PyObject *index, *it, *x;
	int in;

	if (PyLong_CheckExact(v) || PyBool_Check(v)) {
		in = find(R(o), v, &index);
		if (in > 0)
			Py_DECREF(index);
		return in;
	}
	it = PyObject_GetIter(o);
	if (!it)
		return -1;
	in = 0;
	while (in == 0 && (x = PyIter_Next(it))) {
		in = PyObject_RichCompareBool(x, v, Py_EQ);
		Py_DECREF(x);
	}
	Py_DECREF(it);
	return PyErr_Occurred() ? -1 : in;
}

static PyObject *range_index(PyObject *o, PyObject *v)
{
	PyObject *index;
	int in;

	if (!PyLong_CheckExact(v) && !PyBool_Check(v)) {
		Py_ssize_t i = PySequence_Index(o, v);

		return i < 0 ? NULL : PyLong_FromSsize_t(i);
	}
	in = find(R(o), v, &index);
	if (in < 0)
		return NULL;
	return in ? index : PyErr_Format(PyExc_ValueError, "%R is not in range", v);
}

static PyObject *range_count(PyObject *o, PyObject *v)
{
	int in;

	if (!PyLong_CheckExact(v) && !PyBool_Check(v)) {
		Py_ssize_t n = PySequence_Count(o, v);

		return n < 0 ? NULL : PyLong_FromSsize_t(n);
	}
	in = range_contains(o, v);
	return in < 0 ? NULL : PyLong_FromLong(in);
}

static PyObject *range_repr(PyObject *o)
{
	int64_t step;

	if (_PyLong_GetInt64(R(o)->step, &step) && step == 1)
		return PyUnicode_FromFormat("range(%R, %R)", R(o)->start, R(o)->stop);
	return PyUnicode_FromFormat("range(%R, %R, %R)", R(o)->start, R(o)->stop, R(o)->step);
}

static bool same_sequence(PyRangeObject *a, PyRangeObject *b)
{
	if (_PyLong_Compare(a->length, b->length))
		return false;
	if (_PyLong_Sign(a->length) == 0)
		return true;
	if (_PyLong_Compare(a->start, b->start))
		return false;
	return _PyLong_Compare(a->length, _PyLong_One()) == 0 ||
	       _PyLong_Compare(a->step, b->step) == 0;
}

static PyObject *range_richcompare(PyObject *a, PyObject *b, int op)
{
	if (!PyRange_Check(b) || (op != Py_EQ && op != Py_NE))
		Py_RETURN_NOTIMPLEMENTED;
	return PyBool_FromLong(same_sequence(R(a), R(b)) == (op == Py_EQ));
}

static Py_hash_t range_hash(PyObject *o)
{
	PyRangeObject *r = R(o);
	bool none = _PyLong_Sign(r->length) == 0;
	bool one = _PyLong_Compare(r->length, _PyLong_One()) == 0;
	PyObject *t = PyTuple_Pack(3, r->length, none ? Py_None : r->start,
				   none || one ? Py_None : r->step);
	Py_hash_t h;

	if (!t)
		return -1;
	h = PyObject_Hash(t);
	Py_DECREF(t);
	return h;
}

/* -- Iterators --------------------------------------------------------------------------------- */
/* The same over numbers of any size: next = start + index * step. */
typedef struct {
	PyObject_HEAD PyObject *start, *step, *length, *index;
} LongIterObject;

static PyObject *new_iter(PyObject *start, PyObject *step, PyObject *length)
{
	int64_t a, s, n, last;
	_PyRangeIterObject *it;
	LongIterObject *big;

	if (_PyLong_GetInt64(start, &a) && _PyLong_GetInt64(step, &s) &&
	    _PyLong_GetInt64(length, &n) && !__builtin_mul_overflow(n, s, &last) &&
	    !__builtin_add_overflow(last, a, &last)) {
		it = PyObject_New(_PyRangeIterObject, &PyRangeIter_Type);
		if (!it)
			return NULL;
		it->start = a;
		it->step = s;
		it->len = n;
		return (PyObject *)it;
	}
	big = PyObject_New(LongIterObject, &PyLongRangeIter_Type);
	if (!big)
		return NULL;
	big->start = Py_NewRef(start);
	big->step = Py_NewRef(step);
	big->length = Py_NewRef(length);
	big->index = PyLong_FromLong(0);
	return (PyObject *)big;
}

static PyObject *range_iter(PyObject *o)
{
	return new_iter(R(o)->start, R(o)->step, R(o)->length);
}

static PyObject *range_reversed(PyObject *o, PyObject *unused)
{
	PyRangeObject *r = R(o);
	PyObject *last, *start, *step, *ret = NULL;

	last = _PyLong_Subtract(r->length, _PyLong_One());
	start = last ? item_at(r, last) : NULL;
	step = start ? PyNumber_Negative(r->step) : NULL;
	if (step)
		ret = new_iter(start, step, r->length);
	Py_XDECREF(last);
	Py_XDECREF(start);
	Py_XDECREF(step);
	return ret;
}

static void iter_dealloc(PyObject *o)
{
	PyObject_Free(o);
}

static PyObject *iter_next(PyObject *o)
{
	_PyRangeIterObject *it = (_PyRangeIterObject *)o;
	int64_t v = it->start;

	if (it->len <= 0)
		return NULL;
	it->start = v + it->step;
	it->len--;
	return PyLong_FromLongLong(v);
}

static PyObject *iter_length_hint(PyObject *o, PyObject *unused)
{
	return PyLong_FromLongLong(((_PyRangeIterObject *)o)->len);
}

static void longiter_dealloc(PyObject *o)
{
	LongIterObject *it = (LongIterObject *)o;

	Py_DECREF(it->start);
	Py_DECREF(it->step);
	Py_DECREF(it->length);
	Py_DECREF(it->index);
	PyObject_Free(o);
}

static PyObject *longiter_next(PyObject *o)
{
	LongIterObject *it = (LongIterObject *)o;
	PyObject *offset, *ret, *next;

	if (_PyLong_Compare(it->index, it->length) >= 0)
		return NULL;
	next = _PyLong_Add(it->index, _PyLong_One());
	offset = next ? _PyLong_Multiply(it->index, it->step) : NULL;
	ret = offset ? _PyLong_Add(it->start, offset) : NULL;
	Py_XDECREF(offset);
	if (!ret) {
		Py_XDECREF(next);
		return NULL;
	}
	Py_SETREF(it->index, next);
	return ret;
}

static PyObject *longiter_length_hint(PyObject *o, PyObject *unused)
{
	LongIterObject *it = (LongIterObject *)o;

	return _PyLong_Subtract(it->length, it->index);
}

static PyMethodDef iter_methods[] = {
	{"__length_hint__", iter_length_hint, METH_NOARGS, NULL},
	{NULL, NULL, 0, NULL},
};

static PyMethodDef longiter_methods[] = {
	{"__length_hint__", longiter_length_hint, METH_NOARGS, NULL},
	{NULL, NULL, 0, NULL},
};

PyTypeObject PyRangeIter_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "range_iterator",
	.tp_basicsize = sizeof(_PyRangeIterObject),
	.tp_flags = Py_TPFLAGS_DEFAULT,
	.tp_dealloc = iter_dealloc,
	.tp_free = PyObject_Free,
	.tp_iter = PyObject_SelfIter,
	.tp_iternext = iter_next,
	.tp_methods = iter_methods,
};

PyTypeObject PyLongRangeIter_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0), .tp_name = "longrange_iterator",
	.tp_basicsize = sizeof(LongIterObject), .tp_flags = Py_TPFLAGS_DEFAULT,
	.tp_dealloc = longiter_dealloc,         .tp_free = PyObject_Free,
	.tp_iter = PyObject_SelfIter,           .tp_iternext = longiter_next,
	.tp_methods = longiter_methods,
};

static PyObject *range_reduce(PyObject *o, PyObject *unused)
{
	PyObject *args = PyTuple_Pack(3, R(o)->start, R(o)->stop, R(o)->step), *ret;

	if (!args)
		return NULL;
	ret = PyTuple_Pack(2, (PyObject *)&PyRange_Type, args);
	Py_DECREF(args);
	return ret;
}

static PyMethodDef range_methods[] = {
	{"__reversed__", range_reversed, METH_NOARGS, NULL},
	{"__reduce__", range_reduce, METH_NOARGS, NULL},
	{"count", range_count, METH_O, NULL},
	{"index", range_index, METH_O, NULL},
	{NULL, NULL, 0, NULL},
};

static PyMemberDef range_members[] = {
	{"start", Py_T_OBJECT_EX, offsetof(PyRangeObject, start), Py_READONLY, NULL},
	{"stop", Py_T_OBJECT_EX, offsetof(PyRangeObject, stop), Py_READONLY, NULL},
	{"step", Py_T_OBJECT_EX, offsetof(PyRangeObject, step), Py_READONLY, NULL},
	{NULL, 0, 0, 0, NULL},
};

PyTypeObject PyRange_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "range",
	.tp_basicsize = sizeof(PyRangeObject),
	.tp_flags = Py_TPFLAGS_DEFAULT,
	.tp_doc = "range(stop) -> range object\nrange(start, stop[, step]) -> range object",
	.tp_dealloc = range_dealloc,
	.tp_free = PyObject_Free,
	.tp_repr = range_repr,
	.tp_hash = range_hash,
	.tp_richcompare = range_richcompare,
	.tp_iter = range_iter,
	.tp_new = range_new,
	.tp_construct = range_construct,
	.tp_methods = range_methods,
	.tp_members = range_members,
	.nb_bool = range_bool,
	.sq_length = range_length,
	.sq_item = range_item,
	.sq_contains = range_contains,
	.mp_length = range_length,
	.mp_subscript = range_subscript,
};
