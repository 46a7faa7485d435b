/* SPDX-License-Identifier: BSD-2-Clause */
/* zip, map and filter: iterators over other iterators. */
#include "objects/enumerate.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/iter.h"
#include "objects/tuple.h"

/* One struct for the three of them. */
typedef struct {
	PyObject_HEAD PyObject *func; /* map, filter */
	PyObject *iters;              /* zip, map: a tuple; filter: the iterator */
	PyObject *result;             /* zip: given out again when nobody else has it */
	int strict;
} ZipObject;

#define Z(o) ((ZipObject *)(o))

static void zip_dealloc(PyObject *o)
{
	PyObject_GC_UnTrack(o);
	Py_TRASHCAN_BEGIN(o) Py_XDECREF(Z(o)->func);
	Py_XDECREF(Z(o)->iters);
	Py_XDECREF(Z(o)->result);
	Py_TYPE(o)->tp_free(o);
	Py_TRASHCAN_END
}

static int zip_traverse(PyObject *o, visitproc visit, void *arg)
{
	Py_VISIT(Z(o)->func);
	Py_VISIT(Z(o)->iters);
	Py_VISIT(Z(o)->result);
	return 0;
}

/* A tuple of iterators over the arguments. */
static PyObject *iters_of(PyObject *const *args, Py_ssize_t n)
{
	PyObject *iters = PyTuple_New(n);

	for (Py_ssize_t i = 0; iters && i < n; i++) {
		PyObject *it = PyObject_GetIter(args[i]);

		if (!it)
			Py_CLEAR(iters);
		else
			PyTuple_SET_ITEM(iters, i, it);
	}
	return iters;
}

/* -- zip --------------------------------------------------------------------------------------- */
static PyObject *zip_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	static const char *const names[] = {"strict", NULL};
	static const struct PyArgSpec spec = {"zip", names, .max_pos = 0};
	PyObject *strict = NULL, *none = NULL, *iters;
	Py_ssize_t n = PyTuple_GET_SIZE(args);
	int is_strict = 0;
	ZipObject *z;

	if (kwargs) {
		none = PyTuple_New(0);
		if (!none || PyArg_ParseDict(&spec, none, kwargs, &strict) < 0) {
			Py_XDECREF(none);
			return NULL;
		}
		Py_DECREF(none);
		is_strict = strict ? PyObject_IsTrue(strict) : 0;
		if (is_strict < 0)
			return NULL;
	}
	iters = iters_of(((PyTupleObject *)args)->ob_item, n);
	z = iters ? (ZipObject *)type->tp_alloc(type, 0) : NULL;
	if (!z) {
		Py_XDECREF(iters);
		return NULL;
	}
	z->iters = iters;
	z->strict = is_strict;
	z->result = PyTuple_New(n);
	for (Py_ssize_t i = 0; z->result && i < n; i++)
		PyTuple_SET_ITEM(z->result, i, Py_NewRef(Py_None));
	if (!z->result)
		Py_CLEAR(z);
	return (PyObject *)z;
}

/* The iterator at i is exhausted, those before it were not: is that an error? */
static PyObject *zip_stop(ZipObject *z, Py_ssize_t i)
{
	Py_ssize_t n = PyTuple_GET_SIZE(z->iters);

	if (!z->strict)
		return NULL;
	if (PyErr_Occurred()) {
		if (!PyErr_ExceptionMatches(PyExc_StopIteration))
			return NULL;
		PyErr_Clear();
	}
	if (i > 0)
		return PyErr_Format(PyExc_ValueError,
				    "zip() argument %zd is shorter than argument%s%zd", i + 1,
				    i == 1 ? " " : "s 1-", i);
	for (i = 1; i < n; i++) {
		PyObject *it = PyTuple_GET_ITEM(z->iters, i);
		PyObject *item = _PyIter_Step(it);

		if (item) {
			Py_DECREF(item);
			return PyErr_Format(PyExc_ValueError,
					    "zip() argument %zd is longer than argument%s%zd",
					    i + 1, i == 1 ? " " : "s 1-", i);
		}
		if (PyErr_Occurred()) {
			if (!PyErr_ExceptionMatches(PyExc_StopIteration))
				return NULL;
			PyErr_Clear();
		}
	}
	return NULL;
}

static PyObject *zip_next(PyObject *o)
{
	ZipObject *z = Z(o);
	Py_ssize_t n = PyTuple_GET_SIZE(z->iters);
	PyObject *result = z->result;
	bool again = Py_REFCNT(result) == 1;

	if (n == 0)
		return NULL;
	if (again)
		Py_INCREF(result);
	else if (!(result = PyTuple_New(n)))
		return NULL;
	for (Py_ssize_t i = 0; i < n; i++) {
		PyObject *it = PyTuple_GET_ITEM(z->iters, i);
		PyObject *item = _PyIter_Step(it);

		if (!item) {
			Py_DECREF(result);
			return zip_stop(z, i);
		}
		Py_XSETREF(PyTuple_GET_ITEM(result, i), item);
	}
	return result;
}

static PyObject *zip_reduce(PyObject *o, PyObject *unused)
{
	if (Z(o)->strict)
		return _PyTuple_OF(Py_NewRef(Py_TYPE(o)), Py_NewRef(Z(o)->iters),
				   Py_NewRef(Py_True));
	return _PyTuple_OF(Py_NewRef(Py_TYPE(o)), Py_NewRef(Z(o)->iters));
}

static PyObject *zip_setstate(PyObject *o, PyObject *state)
{
	int strict = PyObject_IsTrue(state);

	if (strict < 0)
		return NULL;
	Z(o)->strict = strict;
	Py_RETURN_NONE;
}

static PyMethodDef zip_methods[] = {
	{"__reduce__", zip_reduce, METH_NOARGS, NULL},
	{"__setstate__", zip_setstate, METH_O, NULL},
	{NULL, NULL, 0, NULL},
};

PyTypeObject PyZip_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "zip",
	.tp_basicsize = sizeof(ZipObject),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,
	.tp_doc = "zip(*iterables, strict=False) --> Yield tuples until an input is exhausted.",
	.tp_dealloc = zip_dealloc,
	.tp_free = PyObject_GC_Del,
	.tp_traverse = zip_traverse,
	.tp_iter = PyObject_SelfIter,
	.tp_iternext = zip_next,
	.tp_new = zip_new,
	.tp_methods = zip_methods,
};

/* -- map --------------------------------------------------------------------------------------- */
static PyObject *map_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject **items = ((PyTupleObject *)args)->ob_item, *iters;
	Py_ssize_t n = PyTuple_GET_SIZE(args);
	ZipObject *m;

	if (!_PyIter_NoKeywords(type, &PyMap_Type, kwargs))
		return NULL;
	if (n < 2) {
		PyErr_SetString(PyExc_TypeError, "map() must have at least two arguments.");
		return NULL;
	}
	iters = iters_of(items + 1, n - 1);
	m = iters ? (ZipObject *)type->tp_alloc(type, 0) : NULL;
	if (!m) {
		Py_XDECREF(iters);
		return NULL;
	}
	m->iters = iters;
	m->func = Py_NewRef(items[0]);
	return (PyObject *)m;
}

enum { FEW = 6 };

static PyObject *map_next(PyObject *o)
{
	PyObject *few[FEW], **args = few, *ret = NULL, *iters = Z(o)->iters;
	Py_ssize_t n = PyTuple_GET_SIZE(iters), i;

	if (n > FEW) {
		args = PyMem_Malloc((size_t)n * sizeof(PyObject *));
		if (!args)
			return PyErr_NoMemory();
	}
	for (i = 0; i < n; i++) {
		PyObject *it = PyTuple_GET_ITEM(iters, i);

		args[i] = _PyIter_Step(it);
		if (!args[i])
			break;
	}
	if (i == n)
		ret = PyObject_Vectorcall(Z(o)->func, args, (size_t)n, NULL);
	while (--i >= 0)
		Py_DECREF(args[i]);
	if (args != few)
		PyMem_Free(args);
	return ret;
}

static PyObject *map_reduce(PyObject *o, PyObject *unused)
{
	Py_ssize_t n = PyTuple_GET_SIZE(Z(o)->iters);
	PyObject *args = PyTuple_New(n + 1);

	if (!args)
		return NULL;
	PyTuple_SET_ITEM(args, 0, Py_NewRef(Z(o)->func));
	for (Py_ssize_t i = 0; i < n; i++)
		PyTuple_SET_ITEM(args, i + 1, Py_NewRef(PyTuple_GET_ITEM(Z(o)->iters, i)));
	return _PyTuple_OF(Py_NewRef(Py_TYPE(o)), args);
}

static PyMethodDef map_methods[] = {
	{"__reduce__", map_reduce, METH_NOARGS, NULL},
	{NULL, NULL, 0, NULL},
};

PyTypeObject PyMap_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "map",
	.tp_basicsize = sizeof(ZipObject),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,
	.tp_doc = "map(func, *iterables) --> map object",
	.tp_dealloc = zip_dealloc,
	.tp_free = PyObject_GC_Del,
	.tp_traverse = zip_traverse,
	.tp_iter = PyObject_SelfIter,
	.tp_iternext = map_next,
	.tp_new = map_new,
	.tp_methods = map_methods,
};

/* -- filter ------------------------------------------------------------------------------------ */
static PyObject *filter_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *func, *iterable, *it;
	ZipObject *f;

	if (!_PyIter_NoKeywords(type, &PyFilter_Type, kwargs) ||
	    !PyArg_UnpackTuple(args, "filter", 2, 2, &func, &iterable))
		return NULL;
	it = PyObject_GetIter(iterable);
	f = it ? (ZipObject *)type->tp_alloc(type, 0) : NULL;
	if (!f) {
		Py_XDECREF(it);
		return NULL;
	}
	f->iters = it;
	f->func = Py_NewRef(func);
	return (PyObject *)f;
}

int _PyPredicate_Holds(PyObject *func, PyObject *item, bool may_be_none)
{
	PyObject *good;
	int ok;

	if (func == (PyObject *)&PyBool_Type || (may_be_none && Py_IsNone(func)))
		return PyObject_IsTrue(item);
	good = PyObject_CallOneArg(func, item);
	if (!good)
		return -1;
	ok = PyObject_IsTrue(good);
	Py_DECREF(good);
	return ok;
}

static PyObject *filter_next(PyObject *o)
{
	PyObject *it = Z(o)->iters, *item;

	while ((item = _PyIter_Step(it))) {
		int ok = _PyPredicate_Holds(Z(o)->func, item, true);

		if (ok > 0)
			return item;
		Py_DECREF(item);
		if (ok < 0)
			return NULL;
	}
	return NULL;
}

static PyObject *filter_reduce(PyObject *o, PyObject *unused)
{
	return _PyTuple_OF(Py_NewRef(Py_TYPE(o)),
			   _PyTuple_OF(Py_NewRef(Z(o)->func), Py_NewRef(Z(o)->iters)));
}

static PyMethodDef filter_methods[] = {
	{"__reduce__", filter_reduce, METH_NOARGS, NULL},
	{NULL, NULL, 0, NULL},
};

PyTypeObject PyFilter_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "filter",
	.tp_basicsize = sizeof(ZipObject),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,
	.tp_doc = "filter(function or None, iterable) --> filter object",
	.tp_dealloc = zip_dealloc,
	.tp_free = PyObject_GC_Del,
	.tp_traverse = zip_traverse,
	.tp_iter = PyObject_SelfIter,
	.tp_iternext = filter_next,
	.tp_new = filter_new,
	.tp_methods = filter_methods,
};
