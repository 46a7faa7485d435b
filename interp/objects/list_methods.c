/* SPDX-License-Identifier: BSD-2-Clause */
/* The type list: its slots and methods. */
#include "objects/list_priv.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/iter.h"
#include "objects/long.h"
#include "objects/slice.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

static Py_ssize_t list_length(PyObject *o)
{
	return Py_SIZE(o);
}

static PyObject *list_repr(PyObject *o)
{
	_PyUnicodeWriter w;
	int entered, err;

	if (Py_SIZE(o) == 0)
		return PyUnicode_FromString("[]");
	entered = Py_ReprEnter(o);
	if (entered)
		return entered > 0 ? PyUnicode_FromString("[...]") : NULL;
	_PyUnicodeWriter_Init(&w);
	err = _PyUnicodeWriter_WriteChar(&w, '[');
	for (Py_ssize_t i = 0; err == 0 && i < Py_SIZE(o); i++) {
		PyObject *item = Py_NewRef(PyList_GET_ITEM(o, i)), *s = PyObject_Repr(item);

		if (!s || (i && _PyUnicodeWriter_WriteASCIIString(&w, ", ", 2) < 0) ||
		    _PyUnicodeWriter_WriteStr(&w, s) < 0)
			err = -1;
		Py_XDECREF(s);
		Py_DECREF(item);
	}
	if (err == 0)
		err = _PyUnicodeWriter_WriteChar(&w, ']');
	Py_ReprLeave(o);
	if (err < 0) {
		_PyUnicodeWriter_Dealloc(&w);
		return NULL;
	}
	return _PyUnicodeWriter_Finish(&w);
}

/* Compares item i with another object, both held meanwhile: the list may change. */
static int item_equals(PyObject *o, Py_ssize_t i, PyObject *other)
{
	PyObject *item = PyList_GET_ITEM(o, i);
	int equal;

	if (item == other)
		return 1;
	Py_INCREF(item);
	equal = PyObject_RichCompareBool(item, other, Py_EQ);
	Py_DECREF(item);
	return equal;
}

static int list_contains(PyObject *o, PyObject *item)
{
	int equal = 0;

	for (Py_ssize_t i = 0; equal == 0 && i < Py_SIZE(o); i++)
		equal = item_equals(o, i, item);
	return equal;
}

static PyObject *list_richcompare(PyObject *a, PyObject *b, int op)
{
	PyObject *x, *y, *ret;
	Py_ssize_t i;
	int equal = 1;

	if (!PyList_Check(a) || !PyList_Check(b))
		Py_RETURN_NOTIMPLEMENTED;
	if (Py_SIZE(a) != Py_SIZE(b) && (op == Py_EQ || op == Py_NE))
		return PyBool_FromLong(op == Py_NE);
	for (i = 0; i < Py_SIZE(a) && i < Py_SIZE(b); i++) {
		PyObject *other = Py_NewRef(PyList_GET_ITEM(b, i));

		equal = item_equals(a, i, other);
		Py_DECREF(other);
		if (equal < 0)
			return NULL;
		if (!equal)
			break;
	}
	if (i >= Py_SIZE(a) || i >= Py_SIZE(b))
		Py_RETURN_RICHCOMPARE(Py_SIZE(a), Py_SIZE(b), op);
	if (op == Py_EQ || op == Py_NE)
		return PyBool_FromLong(op == Py_NE);
	x = Py_NewRef(PyList_GET_ITEM(a, i));
	y = Py_NewRef(PyList_GET_ITEM(b, i));
	ret = PyObject_RichCompare(x, y, op);
	Py_DECREF(x);
	Py_DECREF(y);
	return ret;
}

static PyObject *list_item(PyObject *o, Py_ssize_t i)
{
	return Py_XNewRef(PyList_GetItem(o, i));
}

static int list_ass_item(PyObject *o, Py_ssize_t i, PyObject *value)
{
	if (i < 0 || i >= Py_SIZE(o)) {
		PyErr_SetString(PyExc_IndexError, "list assignment index out of range");
		return -1;
	}
	if (!value)
		return PyList_SetSlice(o, i, i + 1, NULL);
	return PyList_SetItem(o, i, Py_NewRef(value));
}

static PyObject *list_concat(PyObject *a, PyObject *b)
{
	Py_ssize_t n = Py_SIZE(a), m;
	PyObject *ret;

	if (!PyList_Check(b))
		return PyErr_Format(PyExc_TypeError,
				    "can only concatenate list (not \"%.200s\") to list",
				    Py_TYPE(b)->tp_name);
	m = Py_SIZE(b);
	if (m > PY_SSIZE_T_MAX - n)
		return PyErr_NoMemory();
	ret = PyList_New(n + m);
	if (!ret)
		return NULL;
	for (Py_ssize_t i = 0; i < n; i++)
		PyList_SET_ITEM(ret, i, Py_NewRef(PyList_GET_ITEM(a, i)));
	for (Py_ssize_t i = 0; i < m; i++)
		PyList_SET_ITEM(ret, n + i, Py_NewRef(PyList_GET_ITEM(b, i)));
	return ret;
}

static PyObject *list_repeat(PyObject *o, Py_ssize_t times)
{
	Py_ssize_t n = Py_SIZE(o), total;
	PyObject *ret;

	if (n == 0 || times <= 0)
		return PyList_New(0);
	if (__builtin_mul_overflow(n, times, &total) || total > PY_SSIZE_T_MAX / 8)
		return PyErr_NoMemory();
	ret = PyList_New(total);
	if (!ret)
		return NULL;
	for (Py_ssize_t i = 0; i < n; i++) {
		PyObject *item = PyList_GET_ITEM(o, i);

		item->ob_refcnt += times;
		_Py_COUNT_REFS(times);
		for (Py_ssize_t j = i; j < total; j += n)
			PyList_SET_ITEM(ret, j, item);
	}
	return ret;
}

static PyObject *list_inplace_concat(PyObject *o, PyObject *other)
{
	PyObject *none = _PyList_Extend(o, other);

	if (!none)
		return NULL;
	Py_DECREF(none);
	return Py_NewRef(o);
}

static PyObject *list_inplace_repeat(PyObject *o, Py_ssize_t times)
{
	Py_ssize_t n = Py_SIZE(o), total;

	if (n == 0 || times == 1)
		return Py_NewRef(o);
	if (times <= 0) {
		_PyList_Clear((PyListObject *)o);
		return Py_NewRef(o);
	}
	if (__builtin_mul_overflow(n, times, &total))
		return PyErr_NoMemory();
	if (_PyList_Resize((PyListObject *)o, total) < 0)
		return NULL;
	for (Py_ssize_t i = n; i < total; i++)
		PyList_SET_ITEM(o, i, Py_NewRef(PyList_GET_ITEM(o, i - n)));
	return Py_NewRef(o);
}

/* -- Subscripts -------------------------------------------------------------------------------- */
static PyObject *bad_index(PyObject *key)
{
	return PyErr_Format(PyExc_TypeError, "list indices must be integers or slices, not %.200s",
			    Py_TYPE(key)->tp_name);
}

static PyObject *list_subscript(PyObject *o, PyObject *key)
{
	Py_ssize_t i, start, stop, step, n;
	PyObject *ret;

	if (PyIndex_Check(key)) {
		i = PyNumber_AsSsize_t(key, PyExc_IndexError);
		if (i == -1 && PyErr_Occurred())
			return NULL;
		return list_item(o, i < 0 ? i + Py_SIZE(o) : i);
	}
	if (!PySlice_Check(key))
		return bad_index(key);
	if (PySlice_Unpack(key, &start, &stop, &step) < 0)
		return NULL;
	n = PySlice_AdjustIndices(Py_SIZE(o), &start, &stop, step);
	if (step == 1)
		return PyList_GetSlice(o, start, start + n);
	ret = PyList_New(n);
	if (!ret)
		return NULL;
	for (i = 0; i < n; i++, start += step)
		PyList_SET_ITEM(ret, i, Py_NewRef(PyList_GET_ITEM(o, start)));
	return ret;
}

/* del o[start::step] of n items. */
static int delete_steps(PyListObject *list, Py_ssize_t start, Py_ssize_t step, Py_ssize_t n)
{
	PyObject **garbage, **items;
	Py_ssize_t to, size = list->ob_size;

	if (n <= 0)
		return 0;
	if (step < 0) {
		start += step * (n - 1);
		step = -step;
	}
	garbage = PyMem_Malloc((size_t)n * sizeof(PyObject *));
	if (!garbage) {
		PyErr_NoMemory();
		return -1;
	}
	items = list->ob_item;
	to = start;
	for (Py_ssize_t i = start, k = 0; i < size; i++) {
		if (k < n && i == start + k * step)
			garbage[k++] = items[i];
		else
			items[to++] = items[i];
	}
	_PyList_Resize(list, size - n);
	for (Py_ssize_t i = 0; i < n; i++)
		Py_DECREF(garbage[i]);
	PyMem_Free(garbage);
	return 0;
}

static int assign_steps(PyObject *o, Py_ssize_t start, Py_ssize_t step, Py_ssize_t n,
			PyObject *value)
{
	PyObject *fast = value == o
				 ? PyList_GetSlice(o, 0, Py_SIZE(o))
				 : PySequence_Fast(value, "must assign iterable to extended slice");
	PyObject **garbage;

	if (!fast)
		return -1;
	if (PySequence_Fast_GET_SIZE(fast) != n) {
		PyErr_Format(PyExc_ValueError,
			     "attempt to assign sequence of size %zd to extended slice of size %zd",
			     PySequence_Fast_GET_SIZE(fast), n);
		Py_DECREF(fast);
		return -1;
	}
	garbage = n ? PyMem_Malloc((size_t)n * sizeof(PyObject *)) : NULL;
	if (n && !garbage) {
		Py_DECREF(fast);
		PyErr_NoMemory();
		return -1;
	}
	for (Py_ssize_t i = 0; i < n; i++, start += step) {
		garbage[i] = PyList_GET_ITEM(o, start);
		PyList_SET_ITEM(o, start, Py_NewRef(PySequence_Fast_GET_ITEM(fast, i)));
	}
	for (Py_ssize_t i = 0; i < n; i++)
		Py_DECREF(garbage[i]);
	PyMem_Free(garbage);
	Py_DECREF(fast);
	return 0;
}

static int list_ass_subscript(PyObject *o, PyObject *key, PyObject *value)
{
	Py_ssize_t i, start, stop, step, n;

	if (PyIndex_Check(key)) {
		i = PyNumber_AsSsize_t(key, PyExc_IndexError);
		if (i == -1 && PyErr_Occurred())
			return -1;
		return list_ass_item(o, i < 0 ? i + Py_SIZE(o) : i, value);
	}
	if (!PySlice_Check(key)) {
		bad_index(key);
		return -1;
	}
	if (PySlice_Unpack(key, &start, &stop, &step) < 0)
		return -1;
	n = PySlice_AdjustIndices(Py_SIZE(o), &start, &stop, step);
	if (step == 1) {
		if (stop < start)
			stop = start;
		return PyList_SetSlice(o, start, stop, value);
	}
	return value ? assign_steps(o, start, step, n, value)
		     : delete_steps((PyListObject *)o, start, step, n);
}

static PyObject *list_iter(PyObject *o)
{
	return _PySeqIter_NewOf(&PyListIter_Type, o, 0);
}

static int list_traverse(PyObject *o, visitproc visit, void *arg)
{
	for (Py_ssize_t i = Py_SIZE(o); --i >= 0;)
		Py_VISIT(PyList_GET_ITEM(o, i));
	return 0;
}

static int list_clear_slot(PyObject *o)
{
	_PyList_Clear((PyListObject *)o);
	return 0;
}

/* -- Methods ----------------------------------------------------------------------------------- */
static PyObject *list_append(PyObject *self, PyObject *item)
{
	if (_PyList_AppendSteal(self, Py_NewRef(item)) < 0)
		return NULL;
	Py_RETURN_NONE;
}

static PyObject *list_insert(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	Py_ssize_t i;

	if (!PyArg_CheckPositional("insert", nargs, 2, 2))
		return NULL;
	i = PyNumber_AsSsize_t(args[0], PyExc_OverflowError);
	if ((i == -1 && PyErr_Occurred()) || PyList_Insert(self, i, args[1]) < 0)
		return NULL;
	Py_RETURN_NONE;
}

static PyObject *list_clear(PyObject *self, PyObject *unused)
{
	_PyList_Clear((PyListObject *)self);
	Py_RETURN_NONE;
}

static PyObject *list_copy(PyObject *self, PyObject *unused)
{
	return PyList_GetSlice(self, 0, Py_SIZE(self));
}

static PyObject *list_pop(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	PyListObject *list = (PyListObject *)self;
	Py_ssize_t i = -1, n = Py_SIZE(self);
	PyObject *item;

	if (!PyArg_CheckPositional("pop", nargs, 0, 1))
		return NULL;
	if (nargs) {
		i = PyNumber_AsSsize_t(args[0], PyExc_IndexError);
		if (i == -1 && PyErr_Occurred())
			return NULL;
		n = Py_SIZE(self);
	}
	if (n == 0) {
		PyErr_SetString(PyExc_IndexError, "pop from empty list");
		return NULL;
	}
	i = i < 0 ? i + n : i;
	if (i < 0 || i >= n) {
		PyErr_SetString(PyExc_IndexError, "pop index out of range");
		return NULL;
	}
	item = list->ob_item[i];
	memmove(list->ob_item + i, list->ob_item + i + 1, (size_t)(n - 1 - i) * sizeof(PyObject *));
	_PyList_Resize(list, n - 1);
	return item;
}

static PyObject *list_remove(PyObject *self, PyObject *item)
{
	for (Py_ssize_t i = 0; i < Py_SIZE(self); i++) {
		int equal = item_equals(self, i, item);

		if (equal < 0)
			return NULL;
		if (equal) {
			if (PyList_SetSlice(self, i, i + 1, NULL) < 0)
				return NULL;
			Py_RETURN_NONE;
		}
	}
	PyErr_SetString(PyExc_ValueError, "list.remove(x): x not in list");
	return NULL;
}

static PyObject *list_count(PyObject *self, PyObject *item)
{
	Py_ssize_t count = 0;

	for (Py_ssize_t i = 0; i < Py_SIZE(self); i++) {
		int equal = item_equals(self, i, item);

		if (equal < 0)
			return NULL;
		count += equal;
	}
	return PyLong_FromSsize_t(count);
}

static PyObject *list_index(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	Py_ssize_t start = 0, stop = PY_SSIZE_T_MAX, n;

	if (!PyArg_CheckPositional("index", nargs, 1, 3) ||
	    (nargs > 1 && !_PyEval_SliceIndex(args[1], &start)) ||
	    (nargs > 2 && !_PyEval_SliceIndex(args[2], &stop)))
		return NULL;
	n = Py_SIZE(self);
	start = start < 0 ? (start + n < 0 ? 0 : start + n) : start;
	stop = stop < 0 ? stop + n : stop;
	for (Py_ssize_t i = start; i < stop && i < Py_SIZE(self); i++) {
		int equal = item_equals(self, i, args[0]);

		if (equal < 0)
			return NULL;
		if (equal)
			return PyLong_FromSsize_t(i);
	}
	return PyErr_Format(PyExc_ValueError, "%R is not in list", args[0]);
}

static PyObject *list_reverse(PyObject *self, PyObject *unused)
{
	PyList_Reverse(self);
	Py_RETURN_NONE;
}

static PyObject *list_sort(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
			   PyObject *kwnames)
{
	static const char *const names[] = {"key", "reverse", NULL};
	static const struct PyArgSpec spec = {"sort", names, .max_pos = 0};
	PyObject *a[2];
	Py_ssize_t reverse = 0;

	if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0)
		return NULL;
	if (a[1]) {
		reverse = _PyLong_AsInt(a[1]);
		if (reverse == -1 && PyErr_Occurred())
			return NULL;
	}
	if (_PyList_SortBy((PyListObject *)self, a[0], reverse != 0) < 0)
		return NULL;
	Py_RETURN_NONE;
}

static PyObject *list_reversed(PyObject *self, PyObject *unused)
{
	return _PySeqIter_NewOf(&PyListRevIter_Type, self, Py_SIZE(self) - 1);
}

static PyObject *list_sizeof(PyObject *self, PyObject *unused)
{
	return PyLong_FromSsize_t(Py_TYPE(self)->tp_basicsize +
				  ((PyListObject *)self)->allocated * 8);
}

static int list_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
	PyObject *iterable = NULL, *none;

	if ((Py_TYPE(self)->tp_new == PyList_Type.tp_new && !PyArg_NoKeywords("list", kwargs)) ||
	    !PyArg_UnpackTuple(args, "list", 0, 1, &iterable))
		return -1;
	_PyList_Clear((PyListObject *)self);
	none = iterable ? _PyList_Extend(self, iterable) : Py_NewRef(Py_None);
	Py_XDECREF(none);
	return none ? 0 : -1;
}

static PyObject *list_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	return type == &PyList_Type ? PyList_New(0) : type->tp_alloc(type, 0);
}

static PyObject *list_construct(PyObject *type, PyObject *const *args, size_t nargsf,
				PyObject *kwnames)
{
	Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);

	if (!PyArg_NoKwnames("list", kwnames) || !PyArg_CheckPositional("list", nargs, 0, 1))
		return NULL;
	return nargs ? PySequence_List(args[0]) : PyList_New(0);
}

#define FAST(f) ((PyCFunction)(void (*)(void))(f))
static PyMethodDef list_methods[] = {
	{"__getitem__", list_subscript, METH_O, NULL},
	{"__reversed__", list_reversed, METH_NOARGS, NULL},
	{"__sizeof__", list_sizeof, METH_NOARGS, NULL},
	{"append", list_append, METH_O, NULL},
	{"clear", list_clear, METH_NOARGS, NULL},
	{"copy", list_copy, METH_NOARGS, NULL},
	{"count", list_count, METH_O, NULL},
	{"extend", _PyList_Extend, METH_O, NULL},
	{"index", FAST(list_index), METH_FASTCALL, NULL},
	{"insert", FAST(list_insert), METH_FASTCALL, NULL},
	{"pop", FAST(list_pop), METH_FASTCALL, NULL},
	{"remove", list_remove, METH_O, NULL},
	{"reverse", list_reverse, METH_NOARGS, NULL},
	{"sort", FAST(list_sort), METH_FASTCALL | METH_KEYWORDS, NULL},
	{NULL, NULL, 0, NULL},
};

PyTypeObject PyList_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "list",
	.tp_basicsize = sizeof(PyListObject),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE |
		    Py_TPFLAGS_LIST_SUBCLASS,
	.tp_doc =
		"Built-in mutable sequence.\n\nIf no argument is given, the constructor creates a "
		"new empty list.\nThe argument must be an iterable if specified.",
	.tp_dealloc = _PyList_Dealloc,
	.tp_free = PyObject_GC_Del,
	.tp_traverse = list_traverse,
	.tp_clear = list_clear_slot,
	.tp_repr = list_repr,
	.tp_hash = PyObject_HashNotImplemented,
	.tp_richcompare = list_richcompare,
	.tp_iter = list_iter,
	.tp_new = list_new,
	.tp_init = list_init,
	.tp_construct = list_construct,
	.tp_methods = list_methods,
	.sq_length = list_length,
	.sq_concat = list_concat,
	.sq_repeat = list_repeat,
	.sq_item = list_item,
	.sq_ass_item = list_ass_item,
	.sq_contains = list_contains,
	.sq_inplace_concat = list_inplace_concat,
	.sq_inplace_repeat = list_inplace_repeat,
	.mp_length = list_length,
	.mp_subscript = list_subscript,
	.mp_ass_subscript = list_ass_subscript,
};
