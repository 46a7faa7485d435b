/* SPDX-License-Identifier: BSD-2-Clause */
/* tuple. A tuple's items never change once others can see it, so they need no extra references. */
#include "objects/tuple.h"

#include "core/errors.h"
#include "core/refs.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/iter.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/slice.h"
#include "objects/type.h"
#include "objects/unicode.h"

enum { FREE_SIZES = 20, FREE_MAX = PY_FREE_MAX(200) };

/* Dead tuples of 1 to FREE_SIZES items, linked through their first item. */
static PyTupleObject *free_lists[FREE_SIZES + 1];
static int free_counts[FREE_SIZES + 1];
static PyObject *empty;
PY_OWNS_REFS(empty)

static PyTupleObject *alloc(Py_ssize_t n)
{
	PyTupleObject *t;

	if (n > 0 && n <= FREE_SIZES && free_lists[n]) {
		t = free_lists[n];
		free_lists[n] = (PyTupleObject *)t->ob_item[0];
		free_counts[n]--;
		t->ob_type = &PyTuple_Type;
		_Py_NewReference((PyObject *)t);
		return t;
	}
	if (n > (PY_SSIZE_T_MAX - (Py_ssize_t)sizeof(PyTupleObject)) / 8 - 8)
		return (PyTupleObject *)PyErr_NoMemory();
	return PyObject_GC_NewVar(PyTupleObject, &PyTuple_Type, n);
}

PyObject *PyTuple_New(Py_ssize_t n)
{
	PyTupleObject *t;

	if (n == 0 && empty)
		return Py_NewRef(empty);
	if (n < 0) {
		PyErr_BadInternalCall();
		return NULL;
	}
	t = alloc(n);
	if (!t)
		return NULL;
	memset(t->ob_item, 0, (size_t)n * sizeof(PyObject *));
	if (n == 0) {
		empty = Py_NewRef(t);
		return (PyObject *)t;
	}
	PyObject_GC_Track(t);
	return (PyObject *)t;
}

PyObject *_PyTuple_FromArray(PyObject *const *items, Py_ssize_t n)
{
	PyTupleObject *t;

	if (n == 0)
		return PyTuple_New(0);
	t = alloc(n);
	if (!t)
		return NULL;
	for (Py_ssize_t i = 0; i < n; i++)
		t->ob_item[i] = Py_NewRef(items[i]);
	PyObject_GC_Track(t);
	return (PyObject *)t;
}

PyObject *_PyTuple_FromArraySteal(PyObject *const *items, Py_ssize_t n)
{
	PyTupleObject *t;

	if (n == 0)
		return PyTuple_New(0);
	t = alloc(n);
	if (!t) {
		for (Py_ssize_t i = 0; i < n; i++)
			Py_DECREF(items[i]);
		return NULL;
	}
	memcpy(t->ob_item, items, (size_t)n * sizeof(PyObject *));
	PyObject_GC_Track(t);
	return (PyObject *)t;
}

PyObject *_PyTuple_FromNew(PyObject *const *items, Py_ssize_t n)
{
	for (Py_ssize_t i = 0; i < n; i++)
		if (!items[i]) {
			for (i = 0; i < n; i++)
				Py_XDECREF(items[i]);
			return NULL;
		}
	return _PyTuple_FromArraySteal(items, n);
}

PyObject *PyTuple_Pack(Py_ssize_t n, ...)
{
	PyObject *t = PyTuple_New(n);
	va_list va;

	if (!t)
		return NULL;
	va_start(va, n);
	for (Py_ssize_t i = 0; i < n; i++)
		PyTuple_SET_ITEM(t, i, Py_NewRef(va_arg(va, PyObject *)));
	va_end(va);
	return t;
}

static void tuple_dealloc(PyObject *o)
{
	PyTupleObject *t = (PyTupleObject *)o;
	Py_ssize_t n = Py_SIZE(t);

	PyObject_GC_UnTrack(o);
	Py_TRASHCAN_BEGIN(o) for (Py_ssize_t i = n; --i >= 0;) Py_XDECREF(t->ob_item[i]);
	if (PyTuple_CheckExact(o) && n > 0 && n <= FREE_SIZES && free_counts[n] < FREE_MAX) {
		t->ob_item[0] = (PyObject *)free_lists[n];
		free_lists[n] = t;
		free_counts[n]++;
	} else {
		Py_TYPE(o)->tp_free(o);
	}
	Py_TRASHCAN_END
}

static int tuple_traverse(PyObject *o, visitproc visit, void *arg)
{
	for (Py_ssize_t i = Py_SIZE(o); --i >= 0;)
		Py_VISIT(PyTuple_GET_ITEM(o, i));
	return 0;
}

Py_ssize_t PyTuple_Size(PyObject *o)
{
	if (!PyTuple_Check(o)) {
		PyErr_BadInternalCall();
		return -1;
	}
	return Py_SIZE(o);
}

PyObject *PyTuple_GetItem(PyObject *o, Py_ssize_t i)
{
	if (!PyTuple_Check(o)) {
		PyErr_BadInternalCall();
		return NULL;
	}
	if (i < 0 || i >= Py_SIZE(o)) {
		PyErr_SetString(PyExc_IndexError, "tuple index out of range");
		return NULL;
	}
	return PyTuple_GET_ITEM(o, i);
}

int PyTuple_SetItem(PyObject *o, Py_ssize_t i, PyObject *item)
{
	if (!PyTuple_Check(o) || Py_REFCNT(o) != 1) {
		Py_XDECREF(item);
		PyErr_BadInternalCall();
		return -1;
	}
	if (i < 0 || i >= Py_SIZE(o)) {
		Py_XDECREF(item);
		PyErr_SetString(PyExc_IndexError, "tuple assignment index out of range");
		return -1;
	}
	Py_XSETREF(PyTuple_GET_ITEM(o, i), item);
	return 0;
}

PyObject *PyTuple_GetSlice(PyObject *o, Py_ssize_t low, Py_ssize_t high)
{
	Py_ssize_t n = Py_SIZE(o);

	low = low < 0 ? 0 : low;
	high = high > n ? n : high;
	if (high < low)
		high = low;
	if (low == 0 && high == n && PyTuple_CheckExact(o))
		return Py_NewRef(o);
	return _PyTuple_FromArray(((PyTupleObject *)o)->ob_item + low, high - low);
}

int _PyTuple_Resize(PyObject **o, Py_ssize_t n)
{
	PyObject *old = *o, *t;
	Py_ssize_t m = Py_SIZE(old), common = n < m ? n : m;

	if (n == m)
		return 0;
	t = PyTuple_New(n);
	if (!t) {
		Py_CLEAR(*o);
		return -1;
	}
	for (Py_ssize_t i = 0; i < common; i++) {
		PyTuple_SET_ITEM(t, i, PyTuple_GET_ITEM(old, i));
		if (Py_REFCNT(old) == 1)
			PyTuple_SET_ITEM(old, i, NULL);
		else
			Py_XINCREF(PyTuple_GET_ITEM(t, i));
	}
	*o = t;
	Py_DECREF(old);
	return 0;
}

/* -- Slots ------------------------------------------------------------------------------------- */
/* xxHash's round over the items' hashes (its 64-bit primes): order and every bit count. */
static Py_hash_t tuple_hash(PyObject *o)
{
	const uint64_t p1 = 11400714785074694791u, p2 = 14029467366897019727u,
		       p5 = 2870177450012600261u;
	uint64_t acc = p5;
	Py_ssize_t n = Py_SIZE(o);

	if (Py_EnterRecursiveCall(" while hashing a tuple"))
		return -1;
	for (Py_ssize_t i = 0; i < n; i++) {
		Py_hash_t h = PyObject_Hash(PyTuple_GET_ITEM(o, i));

		if (h == -1) {
			Py_LeaveRecursiveCall();
			return -1;
		}
		acc += (uint64_t)h * p2;
		acc = (acc << 31 | acc >> 33) * p1;
	}
	Py_LeaveRecursiveCall();
	acc += (uint64_t)n ^ (p5 ^ 3527539u);
	return acc == (uint64_t)-1 ? 1546275796 : (Py_hash_t)acc;
}

static PyObject *tuple_richcompare(PyObject *a, PyObject *b, int op)
{
	Py_ssize_t n, m, i;
	int equal = 1;

	if (!PyTuple_Check(a) || !PyTuple_Check(b))
		Py_RETURN_NOTIMPLEMENTED;
	n = Py_SIZE(a);
	m = Py_SIZE(b);
	for (i = 0; i < n && i < m; i++) {
		equal = PyObject_RichCompareBool(PyTuple_GET_ITEM(a, i), PyTuple_GET_ITEM(b, i),
						 Py_EQ);
		if (equal < 0)
			return NULL;
		if (!equal)
			break;
	}
	if (i >= n || i >= m)
		Py_RETURN_RICHCOMPARE(n, m, op);
	if (op == Py_EQ || op == Py_NE)
		return PyBool_FromLong(op == Py_NE);
	return PyObject_RichCompare(PyTuple_GET_ITEM(a, i), PyTuple_GET_ITEM(b, i), op);
}

static PyObject *tuple_repr(PyObject *o)
{
	Py_ssize_t n = Py_SIZE(o);
	_PyUnicodeWriter w;
	int entered, err;

	if (n == 0)
		return PyUnicode_FromString("()");
	entered = Py_ReprEnter(o);
	if (entered)
		return entered > 0 ? PyUnicode_FromString("(...)") : NULL;
	_PyUnicodeWriter_Init(&w);
	err = _PyUnicodeWriter_WriteChar(&w, '(');
	for (Py_ssize_t i = 0; i < n && err == 0; i++) {
		PyObject *s = PyObject_Repr(PyTuple_GET_ITEM(o, i));

		if (!s || (i && _PyUnicodeWriter_WriteASCIIString(&w, ", ", 2) < 0) ||
		    _PyUnicodeWriter_WriteStr(&w, s) < 0)
			err = -1;
		Py_XDECREF(s);
	}
	if (err == 0)
		err = _PyUnicodeWriter_WriteASCIIString(&w, n == 1 ? ",)" : ")", -1);
	Py_ReprLeave(o);
	if (err < 0) {
		_PyUnicodeWriter_Dealloc(&w);
		return NULL;
	}
	return _PyUnicodeWriter_Finish(&w);
}

static Py_ssize_t tuple_length(PyObject *o)
{
	return Py_SIZE(o);
}

static int tuple_contains(PyObject *o, PyObject *item)
{
	int equal = 0;

	for (Py_ssize_t i = 0; equal == 0 && i < Py_SIZE(o); i++)
		equal = PyObject_RichCompareBool(PyTuple_GET_ITEM(o, i), item, Py_EQ);
	return equal;
}

static PyObject *tuple_item(PyObject *o, Py_ssize_t i)
{
	return Py_XNewRef(PyTuple_GetItem(o, i));
}

static PyObject *tuple_concat(PyObject *a, PyObject *b)
{
	Py_ssize_t n = Py_SIZE(a), m;
	PyObject *t;

	if (!PyTuple_Check(b))
		return PyErr_Format(PyExc_TypeError,
				    "can only concatenate tuple (not \"%.200s\") to tuple",
				    Py_TYPE(b)->tp_name);
	m = Py_SIZE(b);
	if (n == 0 && PyTuple_CheckExact(b))
		return Py_NewRef(b);
	if (m == 0 && PyTuple_CheckExact(a))
		return Py_NewRef(a);
	if (m > PY_SSIZE_T_MAX - n)
		return PyErr_NoMemory();
	t = PyTuple_New(n + m);
	if (!t)
		return NULL;
	for (Py_ssize_t i = 0; i < n; i++)
		PyTuple_SET_ITEM(t, i, Py_NewRef(PyTuple_GET_ITEM(a, i)));
	for (Py_ssize_t i = 0; i < m; i++)
		PyTuple_SET_ITEM(t, n + i, Py_NewRef(PyTuple_GET_ITEM(b, i)));
	return t;
}

static PyObject *tuple_repeat(PyObject *o, Py_ssize_t times)
{
	Py_ssize_t n = Py_SIZE(o), total;
	PyObject *t;

	if ((n == 0 || times == 1) && PyTuple_CheckExact(o))
		return Py_NewRef(o);
	if (n == 0 || times <= 0)
		return PyTuple_New(0);
	if (__builtin_mul_overflow(n, times, &total))
		return PyErr_NoMemory();
	t = PyTuple_New(total);
	if (!t)
		return NULL;
	for (Py_ssize_t i = 0; i < total; i++)
		PyTuple_SET_ITEM(t, i, Py_NewRef(PyTuple_GET_ITEM(o, i % n)));
	return t;
}

static PyObject *tuple_subscript(PyObject *o, PyObject *key)
{
	Py_ssize_t i, start, stop, step, n;
	PyObject *t;

	if (PyIndex_Check(key)) {
		i = PyNumber_AsSsize_t(key, PyExc_IndexError);
		if (i == -1 && PyErr_Occurred())
			return NULL;
		return tuple_item(o, i < 0 ? i + Py_SIZE(o) : i);
	}
	if (!PySlice_Check(key))
		return PyErr_Format(PyExc_TypeError,
				    "tuple indices must be integers or slices, not %.200s",
				    Py_TYPE(key)->tp_name);
	if (PySlice_Unpack(key, &start, &stop, &step) < 0)
		return NULL;
	n = PySlice_AdjustIndices(Py_SIZE(o), &start, &stop, step);
	if (n <= 0)
		return PyTuple_New(0);
	if (step == 1)
		return PyTuple_GetSlice(o, start, start + n);
	t = PyTuple_New(n);
	if (!t)
		return NULL;
	for (i = 0; i < n; i++, start += step)
		PyTuple_SET_ITEM(t, i, Py_NewRef(PyTuple_GET_ITEM(o, start)));
	return t;
}

static PyObject *tuple_iter(PyObject *o)
{
	return _PySeqIter_NewOf(&PyTupleIter_Type, o, 0);
}

/* -- Making and methods ------------------------------------------------------------------------ */
static PyObject *tuple_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *iterable = NULL, *items, *t;

	if ((type == &PyTuple_Type && !PyArg_NoKeywords("tuple", kwargs)) ||
	    !PyArg_UnpackTuple(args, "tuple", 0, 1, &iterable))
		return NULL;
	items = iterable ? PySequence_Tuple(iterable) : PyTuple_New(0);
	if (!items || type == &PyTuple_Type)
		return items;
	t = type->tp_alloc(type, Py_SIZE(items));
	if (t)
		for (Py_ssize_t i = 0; i < Py_SIZE(items); i++)
			PyTuple_SET_ITEM(t, i, Py_NewRef(PyTuple_GET_ITEM(items, i)));
	Py_DECREF(items);
	return t;
}

static PyObject *tuple_construct(PyObject *type, PyObject *const *args, size_t nargsf,
				 PyObject *kwnames)
{
	Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);

	if (!PyArg_NoKwnames("tuple", kwnames) || !PyArg_CheckPositional("tuple", nargs, 0, 1))
		return NULL;
	return nargs ? PySequence_Tuple(args[0]) : PyTuple_New(0);
}

static PyObject *tuple_count(PyObject *self, PyObject *item)
{
	Py_ssize_t count = 0;

	for (Py_ssize_t i = 0; i < Py_SIZE(self); i++) {
		int equal = PyObject_RichCompareBool(PyTuple_GET_ITEM(self, i), item, Py_EQ);

		if (equal < 0)
			return NULL;
		count += equal;
	}
	return PyLong_FromSsize_t(count);
}

static PyObject *tuple_index(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	Py_ssize_t start = 0, stop = PY_SSIZE_T_MAX, n = Py_SIZE(self);

	if (!PyArg_CheckPositional("index", nargs, 1, 3) ||
	    (nargs > 1 && !_PyEval_SliceIndex(args[1], &start)) ||
	    (nargs > 2 && !_PyEval_SliceIndex(args[2], &stop)))
		return NULL;
	start = start < 0 ? (start + n < 0 ? 0 : start + n) : start;
	stop = stop < 0 ? stop + n : stop;
	for (Py_ssize_t i = start; i < stop && i < n; i++) {
		int equal = PyObject_RichCompareBool(PyTuple_GET_ITEM(self, i), args[0], Py_EQ);

		if (equal < 0)
			return NULL;
		if (equal)
			return PyLong_FromSsize_t(i);
	}
	PyErr_SetString(PyExc_ValueError, "tuple.index(x): x not in tuple");
	return NULL;
}

static PyObject *tuple_getnewargs(PyObject *self, PyObject *unused)
{
	PyObject *plain = _PyTuple_FromArray(((PyTupleObject *)self)->ob_item, Py_SIZE(self));
	PyObject *ret = plain ? PyTuple_Pack(1, plain) : NULL;

	Py_XDECREF(plain);
	return ret;
}

static PyMethodDef tuple_methods[] = {
	{"__getnewargs__", tuple_getnewargs, METH_NOARGS, NULL},
	{"count", tuple_count, METH_O, NULL},
	{"index", (PyCFunction)(void (*)(void))tuple_index, METH_FASTCALL, NULL},
	{NULL, NULL, 0, NULL},
};

PyTypeObject PyTuple_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "tuple",
	.tp_basicsize = sizeof(PyTupleObject),
	.tp_itemsize = sizeof(PyObject *),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE |
		    Py_TPFLAGS_TUPLE_SUBCLASS,
	.tp_doc =
		"Built-in immutable sequence.\n\nIf no argument is given, the constructor returns "
		"an empty tuple.\nIf iterable is specified the tuple is initialized from "
		"iterable's items.\n\nIf the argument is a tuple, the return value is the same "
		"object.",
	.tp_dealloc = tuple_dealloc,
	.tp_free = PyObject_GC_Del,
	.tp_traverse = tuple_traverse,
	.tp_repr = tuple_repr,
	.tp_hash = tuple_hash,
	.tp_richcompare = tuple_richcompare,
	.tp_iter = tuple_iter,
	.tp_new = tuple_new,
	.tp_construct = tuple_construct,
	.tp_methods = tuple_methods,
	.sq_length = tuple_length,
	.sq_concat = tuple_concat,
	.sq_repeat = tuple_repeat,
	.sq_item = tuple_item,
	.sq_contains = tuple_contains,
	.mp_length = tuple_length,
	.mp_subscript = tuple_subscript,
};
