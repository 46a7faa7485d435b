/* SPDX-License-Identifier: BSD-2-Clause */
/* enumerate and reversed. */
#include "objects/enumerate.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/call.h"
#include "objects/iter.h"
#include "objects/long.h"
#include "objects/names.h"
#include "objects/tuple.h"

/* -- enumerate --------------------------------------------------------------------------------- */
typedef struct {
	PyObject_HEAD PyObject *it;
	PyObject *count; /* an int */
	PyObject *pair;  /* given out again when nobody else has it */
} EnumObject;

static PyObject *enum_make(PyTypeObject *type, PyObject *iterable, PyObject *start)
{
	EnumObject *e = (EnumObject *)type->tp_alloc(type, 0);

	if (!e)
		return NULL;
	e->count = start ? PyNumber_Index(start) : PyLong_FromLong(0);
	if (e->count)
		e->it = PyObject_GetIter(iterable);
	if (e->it)
		e->pair = PyTuple_Pack(2, Py_None, Py_None);
	if (!e->pair)
		Py_CLEAR(e);
	return (PyObject *)e;
}

static const char *const enum_names[] = {"iterable", "start", NULL};
static const struct PyArgSpec enum_spec = {"enumerate", enum_names, .required = 1, .max_pos = 2};

static PyObject *enum_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *a[2];

	if (PyArg_ParseDict(&enum_spec, args, kwargs, a) < 0)
		return NULL;
	return enum_make(type, a[0], a[1]);
}

static PyObject *enum_construct(PyObject *type, PyObject *const *args, size_t nargsf,
				PyObject *kwnames)
{
	PyObject *a[2];

	if (PyVectorcall_NARGS(nargsf) == 0 && !kwnames) {
		PyErr_SetString(PyExc_TypeError,
				"enumerate() missing required argument 'iterable'");
		return NULL;
	}
	if (PyArg_Parse(&enum_spec, args, PyVectorcall_NARGS(nargsf), kwnames, a) < 0)
		return NULL;
	return enum_make((PyTypeObject *)type, a[0], a[1]);
}

static void enum_dealloc(PyObject *o)
{
	EnumObject *e = (EnumObject *)o;

	PyObject_GC_UnTrack(o);
	Py_XDECREF(e->it);
	Py_XDECREF(e->count);
	Py_XDECREF(e->pair);
	Py_TYPE(o)->tp_free(o);
}

static int enum_traverse(PyObject *o, visitproc visit, void *arg)
{
	EnumObject *e = (EnumObject *)o;

	Py_VISIT(e->it);
	Py_VISIT(e->pair);
	return 0;
}

static PyObject *enum_next(PyObject *o)
{
	EnumObject *e = (EnumObject *)o;
	PyObject *item = _PyIter_Step(e->it), *next, *pair = e->pair;
	PyObject *old_count, *old_item;

	if (!item)
		return NULL;
	next = _PyLong_Add(e->count, _PyLong_One());
	if (!next) {
		Py_DECREF(item);
		return NULL;
	}
	if (Py_REFCNT(pair) == 1) {
		old_count = PyTuple_GET_ITEM(pair, 0);
		old_item = PyTuple_GET_ITEM(pair, 1);
		PyTuple_SET_ITEM(pair, 0, e->count);
		PyTuple_SET_ITEM(pair, 1, item);
		e->count = next;
		Py_INCREF(pair);
		Py_DECREF(old_count);
		Py_DECREF(old_item);
		return pair;
	}
	pair = PyTuple_New(2);
	if (!pair) {
		Py_DECREF(item);
		Py_DECREF(next);
		return NULL;
	}
	PyTuple_SET_ITEM(pair, 0, e->count);
	PyTuple_SET_ITEM(pair, 1, item);
	e->count = next;
	return pair;
}

static PyObject *enum_reduce(PyObject *o, PyObject *unused)
{
	EnumObject *e = (EnumObject *)o;

	return _PyTuple_OF(Py_NewRef(Py_TYPE(o)),
			   _PyTuple_OF(Py_NewRef(e->it), Py_NewRef(e->count)));
}

static PyMethodDef enum_methods[] = {
	{"__reduce__", enum_reduce, METH_NOARGS, NULL},
	{NULL, NULL, 0, NULL},
};

PyTypeObject PyEnum_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "enumerate",
	.tp_basicsize = sizeof(EnumObject),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,
	.tp_doc = "Return an enumerate object.\n\n  iterable\n    an object supporting iteration",
	.tp_dealloc = enum_dealloc,
	.tp_free = PyObject_GC_Del,
	.tp_traverse = enum_traverse,
	.tp_iter = PyObject_SelfIter,
	.tp_iternext = enum_next,
	.tp_new = enum_new,
	.tp_construct = enum_construct,
	.tp_methods = enum_methods,
};

/* -- reversed ---------------------------------------------------------------------------------- */
typedef struct {
	PyObject_HEAD Py_ssize_t index;
	PyObject *seq; /* NULL when exhausted */
} ReversedObject;

static PyObject *reversed_make(PyTypeObject *type, PyObject *seq)
{
	PyObject *method = _PyObject_LookupSpecial(seq, _Py_ID(__reversed__)), *ret;
	ReversedObject *r;
	Py_ssize_t n;

	if (method == Py_None) {
		Py_DECREF(method);
		return PyErr_Format(PyExc_TypeError, "'%.200s' object is not reversible",
				    Py_TYPE(seq)->tp_name);
	}
	if (method) {
		ret = PyObject_CallNoArgs(method);
		Py_DECREF(method);
		return ret;
	}
	if (PyErr_Occurred())
		return NULL;
	if (!PySequence_Check(seq))
		return PyErr_Format(PyExc_TypeError, "'%.200s' object is not reversible",
				    Py_TYPE(seq)->tp_name);
	n = PySequence_Size(seq);
	if (n < 0)
		return NULL;
	r = (ReversedObject *)type->tp_alloc(type, 0);
	if (!r)
		return NULL;
	r->index = n - 1;
	r->seq = Py_NewRef(seq);
	return (PyObject *)r;
}

static PyObject *reversed_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *seq;

	if (!_PyIter_NoKeywords(type, &PyReversed_Type, kwargs) ||
	    !PyArg_UnpackTuple(args, "reversed", 1, 1, &seq))
		return NULL;
	return reversed_make(type, seq);
}

static PyObject *reversed_construct(PyObject *type, PyObject *const *args, size_t nargsf,
				    PyObject *kwnames)
{
	if (!PyArg_NoKwnames("reversed", kwnames) ||
	    !PyArg_CheckPositional("reversed", PyVectorcall_NARGS(nargsf), 1, 1))
		return NULL;
	return reversed_make((PyTypeObject *)type, args[0]);
}

static void reversed_dealloc(PyObject *o)
{
	PyObject_GC_UnTrack(o);
	Py_XDECREF(((ReversedObject *)o)->seq);
	Py_TYPE(o)->tp_free(o);
}

static int reversed_traverse(PyObject *o, visitproc visit, void *arg)
{
	Py_VISIT(((ReversedObject *)o)->seq);
	return 0;
}

static PyObject *reversed_next(PyObject *o)
{
	ReversedObject *r = (ReversedObject *)o;
	PyObject *item;

	if (r->index >= 0 && r->seq) {
		item = PySequence_GetItem(r->seq, r->index);
		if (item) {
			r->index--;
			return item;
		}
		if (PyErr_ExceptionMatches(PyExc_IndexError) ||
		    PyErr_ExceptionMatches(PyExc_StopIteration))
			PyErr_Clear();
	}
	r->index = -1;
	Py_CLEAR(r->seq);
	return NULL;
}

static PyObject *reversed_length_hint(PyObject *o, PyObject *unused)
{
	ReversedObject *r = (ReversedObject *)o;
	Py_ssize_t n;

	if (!r->seq)
		return PyLong_FromLong(0);
	n = PySequence_Size(r->seq);
	if (n < 0)
		return NULL;
	return PyLong_FromSsize_t(n < r->index + 1 ? 0 : r->index + 1);
}

static PyObject *reversed_reduce(PyObject *o, PyObject *unused)
{
	ReversedObject *r = (ReversedObject *)o;

	if (!r->seq)
		return _PyTuple_OF(Py_NewRef(Py_TYPE(o)), _PyTuple_OF(PyTuple_New(0)));
	return _PyTuple_OF(Py_NewRef(Py_TYPE(o)), _PyTuple_OF(Py_NewRef(r->seq)),
			   PyLong_FromSsize_t(r->index));
}

static PyObject *reversed_setstate(PyObject *o, PyObject *state)
{
	ReversedObject *r = (ReversedObject *)o;
	Py_ssize_t index = PyLong_AsSsize_t(state), n;

	if (index == -1 && PyErr_Occurred())
		return NULL;
	n = r->seq ? PySequence_Size(r->seq) : 0;
	if (n < 0)
		return NULL;
	r->index = index < -1 ? -1 : index > n - 1 ? n - 1 : index;
	Py_RETURN_NONE;
}

static PyMethodDef reversed_methods[] = {
	{"__reduce__", reversed_reduce, METH_NOARGS, NULL},
	{"__setstate__", reversed_setstate, METH_O, NULL},
	{"__length_hint__", reversed_length_hint, METH_NOARGS, NULL},
	{NULL, NULL, 0, NULL},
};

PyTypeObject PyReversed_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "reversed",
	.tp_basicsize = sizeof(ReversedObject),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,
	.tp_doc = "Return a reverse iterator over the values of the given sequence.",
	.tp_dealloc = reversed_dealloc,
	.tp_free = PyObject_GC_Del,
	.tp_traverse = reversed_traverse,
	.tp_iter = PyObject_SelfIter,
	.tp_iternext = reversed_next,
	.tp_new = reversed_new,
	.tp_construct = reversed_construct,
	.tp_methods = reversed_methods,
};
