/* SPDX-License-Identifier: BSD-2-Clause */
/* Iterators by index over one sequence, and iter(callable, sentinel). */
#include "objects/iter.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bytes.h"
#include "objects/bytearray.h"
#include "objects/call.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

bool _PyIter_ClearStop(void)
{
	if (!PyErr_ExceptionMatches(PyExc_StopIteration))
		return false;
	PyErr_Clear();
	return true;
}

bool _PyIter_NoKeywords(PyTypeObject *type, PyTypeObject *base, PyObject *kwargs)
{
	if (type->tp_init != base->tp_init)
		return true;
	const char *dot = strrchr(base->tp_name, '.');

	return PyArg_NoKeywords(dot ? dot + 1 : base->tp_name, kwargs);
}

PyObject *_PySeqIter_NewOf(PyTypeObject *type, PyObject *seq, Py_ssize_t index)
{
	_PySeqIterObject *it = PyObject_GC_New(_PySeqIterObject, type);

	if (!it)
		return NULL;
	it->it_index = index;
	it->it_seq = Py_NewRef(seq);
	PyObject_GC_Track(it);
	return (PyObject *)it;
}

PyObject *PySeqIter_New(PyObject *seq)
{
	if (!PySequence_Check(seq)) {
		PyErr_BadInternalCall();
		return NULL;
	}
	return _PySeqIter_NewOf(&PySeqIter_Type, seq, 0);
}

static void iter_dealloc(PyObject *o)
{
	PyObject_GC_UnTrack(o);
	Py_TRASHCAN_BEGIN(o) Py_XDECREF(((_PySeqIterObject *)o)->it_seq);
	PyObject_GC_Del(o);
	Py_TRASHCAN_END
}

static int iter_traverse(PyObject *o, visitproc visit, void *arg)
{
	Py_VISIT(((_PySeqIterObject *)o)->it_seq);
	return 0;
}

/* next() of a type whose items are at hand: size and item are expressions over seq and i. */
#define NEXT(name, size, item)                                \
	static PyObject *name(PyObject *o)                    \
	{                                                     \
		_PySeqIterObject *it = (_PySeqIterObject *)o; \
		PyObject *seq = it->it_seq;                   \
		Py_ssize_t i = it->it_index;                  \
                                                              \
		if (!seq)                                     \
			return NULL;                          \
		if (i < (size)) {                             \
			it->it_index = i + 1;                 \
			return item;                          \
		}                                             \
		it->it_seq = NULL;                            \
		Py_DECREF(seq);                               \
		return NULL;                                  \
	}
NEXT(list_next, PyList_GET_SIZE(seq), Py_NewRef(PyList_GET_ITEM(seq, i)))
NEXT(tuple_next, PyTuple_GET_SIZE(seq), Py_NewRef(PyTuple_GET_ITEM(seq, i)))
NEXT(unicode_next, PyUnicode_GET_LENGTH(seq), _PyUnicode_FromChar(PyUnicode_READ_CHAR(seq, i)))
NEXT(bytes_next, PyBytes_GET_SIZE(seq), PyLong_FromLong((unsigned char)PyBytes_AS_STRING(seq)[i]))
NEXT(bytearray_next, PyByteArray_GET_SIZE(seq),
     PyLong_FromLong((unsigned char)PyByteArray_AS_STRING(seq)[i]))

static PyObject *list_previous(PyObject *o)
{
	_PySeqIterObject *it = (_PySeqIterObject *)o;
	PyObject *seq = it->it_seq;
	Py_ssize_t i = it->it_index;

	if (!seq)
		return NULL;
	if (i >= 0 && i < PyList_GET_SIZE(seq)) {
		it->it_index--;
		return Py_NewRef(PyList_GET_ITEM(seq, i));
	}
	it->it_index = -1;
	it->it_seq = NULL;
	Py_DECREF(seq);
	return NULL;
}

static PyObject *seq_next(PyObject *o)
{
	_PySeqIterObject *it = (_PySeqIterObject *)o;
	PyObject *seq = it->it_seq, *item;

	if (!seq)
		return NULL;
	if (it->it_index == PY_SSIZE_T_MAX) {
		PyErr_SetString(PyExc_OverflowError, "iter index too large");
		return NULL;
	}
	item = PySequence_GetItem(seq, it->it_index);
	if (item) {
		it->it_index++;
		return item;
	}
	if (PyErr_ExceptionMatches(PyExc_IndexError) ||
	    PyErr_ExceptionMatches(PyExc_StopIteration)) {
		PyErr_Clear();
		Py_CLEAR(it->it_seq);
	}
	return NULL;
}

static PyObject *length_hint(PyObject *o, PyObject *unused)
{
	_PySeqIterObject *it = (_PySeqIterObject *)o;
	Py_ssize_t n, left;

	if (!it->it_seq)
		return PyLong_FromLong(0);
	n = PyObject_Size(it->it_seq);
	if (n < 0)
		return NULL;
	if (Py_IS_TYPE(o, &PyListRevIter_Type))
		left = it->it_index + 1 <= n ? it->it_index + 1 : 0;
	else
		left = n - it->it_index;
	return PyLong_FromSsize_t(left > 0 ? left : 0);
}

static PyObject *set_state(PyObject *o, PyObject *state)
{
	_PySeqIterObject *it = (_PySeqIterObject *)o;
	Py_ssize_t i = PyLong_AsSsize_t(state),
		   lowest = Py_IS_TYPE(o, &PyListRevIter_Type) ? -1 : 0;

	if (i == -1 && PyErr_Occurred())
		return NULL;
	if (it->it_seq)
		it->it_index = i < lowest ? lowest : i;
	Py_RETURN_NONE;
}

PyObject *_PyIter_Builtin(const char *name)
{
	PyObject *f = PyDict_GetItemString(PyThreadState_Get()->interp->builtins, name);

	if (!f)
		PyErr_SetString(PyExc_AttributeError, name);
	return Py_XNewRef(f);
}

/* What the iterator of an exhausted iterator's kind may go over; new. */
static PyObject *empty_like(PyObject *o)
{
	if (Py_IS_TYPE(o, &PyListIter_Type) || Py_IS_TYPE(o, &PyListRevIter_Type))
		return PyList_New(0);
	return Py_IS_TYPE(o, &PyUnicodeIter_Type) ? PyUnicode_FromString("") : PyTuple_New(0);
}

/* (iter, (seq,), index), at the end an iterator over something empty. Looking the builtin up may
 * run code that exhausts this iterator: it comes first. */
static PyObject *reduce(PyObject *o, PyObject *unused)
{
	_PySeqIterObject *it = (_PySeqIterObject *)o;
	PyObject *iter = _PyIter_Builtin("iter"), *reversed = _PyIter_Builtin("reversed"), *ret;

	if (!iter || !reversed)
		ret = NULL;
	else if (it->it_seq)
		ret = _PyTuple_OF(Py_NewRef(Py_IS_TYPE(o, &PyListRevIter_Type) ? reversed : iter),
				  _PyTuple_OF(Py_NewRef(it->it_seq)),
				  PyLong_FromSsize_t(it->it_index));
	else
		ret = _PyTuple_OF(Py_NewRef(iter), _PyTuple_OF(empty_like(o)));
	Py_XDECREF(iter);
	Py_XDECREF(reversed);
	return ret;
}

static PyMethodDef iter_methods[] = {
	{"__length_hint__", length_hint, METH_NOARGS, NULL},
	{"__reduce__", reduce, METH_NOARGS, NULL},
	{"__setstate__", set_state, METH_O, NULL},
	{NULL, NULL, 0, NULL},
};

_PY_ITER_TYPE(PySeqIter_Type, _PySeqIterObject, "iterator", seq_next)
_PY_ITER_TYPE(PyListIter_Type, _PySeqIterObject, "list_iterator", list_next)
_PY_ITER_TYPE(PyListRevIter_Type, _PySeqIterObject, "list_reverseiterator", list_previous)
_PY_ITER_TYPE(PyTupleIter_Type, _PySeqIterObject, "tuple_iterator", tuple_next)
_PY_ITER_TYPE(PyUnicodeIter_Type, _PySeqIterObject, "str_iterator", unicode_next)
_PY_ITER_TYPE(PyBytesIter_Type, _PySeqIterObject, "bytes_iterator", bytes_next)
_PY_ITER_TYPE(PyByteArrayIter_Type, _PySeqIterObject, "bytearray_iterator", bytearray_next)

/* -- iter(callable, sentinel) ------------------------------------------------------------------ */
typedef struct {
	PyObject_HEAD PyObject *callable; /* NULL when exhausted */
	PyObject *sentinel;
} CallIterObject;

PyObject *PyCallIter_New(PyObject *callable, PyObject *sentinel)
{
	CallIterObject *it = PyObject_GC_New(CallIterObject, &PyCallIter_Type);

	if (!it)
		return NULL;
	it->callable = Py_NewRef(callable);
	it->sentinel = Py_NewRef(sentinel);
	PyObject_GC_Track(it);
	return (PyObject *)it;
}

static void calliter_dealloc(PyObject *o)
{
	PyObject_GC_UnTrack(o);
	Py_XDECREF(((CallIterObject *)o)->callable);
	Py_XDECREF(((CallIterObject *)o)->sentinel);
	PyObject_GC_Del(o);
}

static int calliter_traverse(PyObject *o, visitproc visit, void *arg)
{
	Py_VISIT(((CallIterObject *)o)->callable);
	Py_VISIT(((CallIterObject *)o)->sentinel);
	return 0;
}

static PyObject *calliter_next(PyObject *o)
{
	CallIterObject *it = (CallIterObject *)o;
	PyObject *value, *callable = it->callable, *sentinel;
	int equal;

	if (!callable)
		return NULL;
	Py_INCREF(callable);
	value = PyObject_CallNoArgs(callable);
	Py_DECREF(callable);
	if (value && it->sentinel) {
		sentinel = Py_NewRef(it->sentinel);
		equal = PyObject_RichCompareBool(sentinel, value, Py_EQ);
		Py_DECREF(sentinel);
		if (equal == 0)
			return value;
		Py_DECREF(value);
		if (equal < 0)
			return NULL;
	} else if (value) {
		Py_DECREF(value);
	} else if (!PyErr_ExceptionMatches(PyExc_StopIteration)) {
		return NULL;
	} else {
		PyErr_Clear();
	}
	Py_CLEAR(it->callable);
	Py_CLEAR(it->sentinel);
	return NULL;
}

static PyObject *calliter_reduce(PyObject *o, PyObject *unused)
{
	CallIterObject *it = (CallIterObject *)o;
	PyObject *iter = _PyIter_Builtin("iter"), *args; /* first: see reduce() */

	if (!iter)
		return NULL;
	args = it->callable && it->sentinel
		       ? _PyTuple_OF(Py_NewRef(it->callable), Py_NewRef(it->sentinel))
		       : _PyTuple_OF(PyTuple_New(0));
	return _PyTuple_OF(iter, args);
}

static PyMethodDef calliter_methods[] = {
	{"__reduce__", calliter_reduce, METH_NOARGS, NULL},
	{NULL, NULL, 0, NULL},
};

PyTypeObject PyCallIter_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0), .tp_name = "callable_iterator",
	.tp_basicsize = sizeof(CallIterObject), .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
	.tp_dealloc = calliter_dealloc,         .tp_free = PyObject_GC_Del,
	.tp_traverse = calliter_traverse,       .tp_iter = PyObject_SelfIter,
	.tp_iternext = calliter_next,           .tp_methods = calliter_methods,
};
