/* SPDX-License-Identifier: BSD-2-Clause */
/* functools.partial: a callable with its first arguments. */
#include "lib/functools.h"

#include "core/errors.h"
#include "lib/lib.h"
#include "objects/abstract.h"
#include "objects/call.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/genericalias.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/unicode.h"
#include "objects/weakref.h"

/* None of func, args and kwargs is NULL, but while the collector takes a cycle apart. */
typedef struct {
	PyObject_HEAD PyObject *func;
	PyObject *args;   /* exactly a tuple */
	PyObject *kwargs; /* exactly a dict */
	PyObject *dict, *weaklist;
} PartialObject;

#define P(o) ((PartialObject *)(o))

static PyObject *partial_call(PyObject *self, PyObject *const *args, size_t nargsf,
			      PyObject *kwnames);

/* Whether o is called as partials are and keeps nothing else: it can be taken apart. */
static bool is_plain(PyObject *o)
{
	return Py_TYPE(o)->tp_vectorcall == partial_call && !P(o)->dict && P(o)->func;
}

/* The two of them, a new tuple; NULL is for none. */
static PyObject *both(PyObject *const *a, Py_ssize_t na, PyObject *const *b, Py_ssize_t nb)
{
	PyObject *t = PyTuple_New(na + nb);

	for (Py_ssize_t i = 0; t && a && i < na; i++)
		PyTuple_SET_ITEM(t, i, Py_NewRef(a[i]));
	for (Py_ssize_t i = 0; t && b && i < nb; i++)
		PyTuple_SET_ITEM(t, na + i, Py_NewRef(b[i]));
	return t;
}

static PyObject *partial_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject **items = ((PyTupleObject *)args)->ob_item, *func, *inner = NULL;
	Py_ssize_t n = PyTuple_GET_SIZE(args);
	PartialObject *p;

	if (n < 1)
		return PyErr_Format(PyExc_TypeError, "type 'partial' takes at least one argument");
	func = items[0];
	if (!PyCallable_Check(func))
		return PyErr_Format(PyExc_TypeError, "the first argument must be callable");
	if (is_plain(func)) {
		inner = func;
		func = P(inner)->func;
	}
	p = (PartialObject *)type->tp_alloc(type, 0);
	if (!p)
		return NULL;
	p->func = Py_NewRef(func);
	p->args = inner ? both(((PyTupleObject *)P(inner)->args)->ob_item,
			       PyTuple_GET_SIZE(P(inner)->args), items + 1, n - 1)
			: both(NULL, 0, items + 1, n - 1);
	p->kwargs = inner ? PyDict_Copy(P(inner)->kwargs) : PyDict_New();
	if (!p->args || !p->kwargs || (kwargs && PyDict_Merge(p->kwargs, kwargs, 1) < 0))
		Py_CLEAR(p);
	return (PyObject *)p;
}

static void partial_dealloc(PyObject *o)
{
	PyObject_GC_UnTrack(o);
	Py_TRASHCAN_BEGIN(o) if (P(o)->weaklist) PyObject_ClearWeakRefs(o);
	Py_XDECREF(P(o)->func);
	Py_XDECREF(P(o)->args);
	Py_XDECREF(P(o)->kwargs);
	Py_XDECREF(P(o)->dict);
	Py_TYPE(o)->tp_free(o);
	Py_TRASHCAN_END
}

static int partial_traverse(PyObject *o, visitproc visit, void *arg)
{
	Py_VISIT(P(o)->func);
	Py_VISIT(P(o)->args);
	Py_VISIT(P(o)->kwargs);
	Py_VISIT(P(o)->dict);
	return 0;
}

static int partial_clear(PyObject *o)
{
	Py_CLEAR(P(o)->func);
	Py_CLEAR(P(o)->args);
	Py_CLEAR(P(o)->kwargs);
	Py_CLEAR(P(o)->dict);
	return 0;
}

/* -- Calling ----------------------------------------------------------------------------------- */
/* The partial's keywords, then those of the call, which win; a new dict. */
static PyObject *merged_keywords(PyObject *own, PyObject *const *values, PyObject *kwnames)
{
	PyObject *merged = PyDict_Copy(own);

	for (Py_ssize_t i = 0; merged && kwnames && i < PyTuple_GET_SIZE(kwnames); i++)
		if (PyDict_SetItem(merged, PyTuple_GET_ITEM(kwnames, i), values[i]) < 0)
			Py_CLEAR(merged);
	return merged;
}

/* all: room for n arguments and the keywords' values. */
static PyObject *call_with(PyObject *func, PyObject *own_args, PyObject *own_kwargs,
			   PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames,
			   PyObject **all)
{
	Py_ssize_t nown = PyTuple_GET_SIZE(own_args);
	Py_ssize_t nkw = kwnames ? PyTuple_GET_SIZE(kwnames) : 0;
	PyObject *merged, *ret;

	memcpy(all, ((PyTupleObject *)own_args)->ob_item, (size_t)nown * sizeof(*all));
	if (PyDict_GET_SIZE(own_kwargs) == 0) {
		memcpy(all + nown, args, (size_t)(nargs + nkw) * sizeof(*all));
		return PyObject_Vectorcall(func, all, (size_t)(nown + nargs), kwnames);
	}
	memcpy(all + nown, args, (size_t)nargs * sizeof(*all));
	merged = merged_keywords(own_kwargs, args + nargs, kwnames);
	if (!merged)
		return NULL;
	ret = PyObject_VectorcallDict(func, all, (size_t)(nown + nargs), merged);
	Py_DECREF(merged);
	return ret;
}

enum { FEW = 8 };

static PyObject *partial_call(PyObject *self, PyObject *const *args, size_t nargsf,
			      PyObject *kwnames)
{
	PartialObject *p = P(self);
	Py_ssize_t nargs = PyVectorcall_NARGS(nargsf), n;
	PyObject *few[FEW], **all = few, *func = p->func, *own_args = p->args, *ret = NULL;
	PyObject *own_kwargs = p->kwargs;
	bool nested;

	if (!func || !own_args || !own_kwargs)
		return PyErr_Format(PyExc_ValueError, "partial was cleared by the collector");
	n = PyTuple_GET_SIZE(own_args) + nargs + (kwnames ? PyTuple_GET_SIZE(kwnames) : 0);
	if (n > FEW && !(all = PyMem_Malloc((size_t)n * sizeof(*all))))
		return PyErr_NoMemory();
	Py_INCREF(func); /* __setstate__ may take them away meanwhile */
	Py_INCREF(own_args);
	Py_INCREF(own_kwargs);
	/* Partials of partials that could not be made one, which a state can tie into a ring, pass
	 * on ever more arguments: the recursion limit counts them. */
	nested = Py_TYPE(func)->tp_vectorcall == partial_call;
	if ((nested ? Py_EnterRecursiveCall(" while calling a Python object") : _Py_CheckStack()) ==
	    0) {
		ret = call_with(func, own_args, own_kwargs, args, nargs, kwnames, all);
		if (nested)
			Py_LeaveRecursiveCall();
	}
	Py_DECREF(func);
	Py_DECREF(own_args);
	Py_DECREF(own_kwargs);
	if (all != few)
		PyMem_Free(all);
	return ret;
}

/* -- Text and state ---------------------------------------------------------------------------- */
static PyObject *partial_repr(PyObject *o)
{
	const char *name = Py_TYPE(o)->tp_name;
	PyObject *all, *kwargs = P(o)->kwargs, *ret = NULL;
	int inside = Py_ReprEnter(o);

	if (inside != 0)
		return inside < 0 ? NULL : PyUnicode_FromString("...");
	all = P(o)->args ? both(&P(o)->func, 1, ((PyTupleObject *)P(o)->args)->ob_item,
				PyTuple_GET_SIZE(P(o)->args))
			 : PyTuple_New(0);
	Py_XINCREF(kwargs);
	if (all)
		ret = _PyRepr_Call(name, all, kwargs);
	Py_XDECREF(all);
	Py_XDECREF(kwargs);
	Py_ReprLeave(o);
	return ret;
}

static PyObject *partial_reduce(PyObject *o, PyObject *unused)
{
	PartialObject *p = P(o);

	return _PyTuple_OF(Py_NewRef(Py_TYPE(o)), _PyTuple_OF(Py_XNewRef(p->func)),
			   _PyTuple_OF(Py_XNewRef(p->func), Py_XNewRef(p->args),
				       Py_XNewRef(p->kwargs),
				       Py_NewRef(p->dict ? p->dict : Py_None)));
}

/* (func, args, kwargs or None, dict or None) */
static bool is_state(PyObject *state)
{
	PyObject **s = ((PyTupleObject *)state)->ob_item;

	return PyTuple_Check(state) && PyTuple_GET_SIZE(state) == 4 && PyCallable_Check(s[0]) &&
	       PyTuple_Check(s[1]) && (Py_IsNone(s[2]) || PyDict_Check(s[2])) &&
	       (Py_IsNone(s[3]) || PyDict_Check(s[3]));
}

static PyObject *partial_setstate(PyObject *o, PyObject *state)
{
	PartialObject *p = P(o);
	PyObject **s = ((PyTupleObject *)state)->ob_item, *args, *kwargs;

	if (!is_state(state))
		return PyErr_Format(PyExc_TypeError, "invalid partial state");
	args = PyTuple_CheckExact(s[1])
		       ? Py_NewRef(s[1])
		       : both(((PyTupleObject *)s[1])->ob_item, PyTuple_GET_SIZE(s[1]), NULL, 0);
	kwargs = Py_IsNone(s[2])           ? PyDict_New()
		 : PyDict_CheckExact(s[2]) ? Py_NewRef(s[2])
					   : PyDict_Copy(s[2]);
	if (!args || !kwargs) {
		Py_XDECREF(args);
		Py_XDECREF(kwargs);
		return NULL;
	}
	Py_INCREF(s[0]);
	Py_XSETREF(p->func, s[0]);
	Py_XSETREF(p->args, args);
	Py_XSETREF(p->kwargs, kwargs);
	PyObject *dict = Py_IsNone(s[3]) ? NULL : Py_NewRef(s[3]);

	Py_XSETREF(p->dict, dict);
	Py_RETURN_NONE;
}

static PyMemberDef partial_members[] = {
	{"func", Py_T_OBJECT, offsetof(PartialObject, func), Py_READONLY,
	 "function object to use in future partial calls"},
	{"args", Py_T_OBJECT, offsetof(PartialObject, args), Py_READONLY,
	 "tuple of arguments to future partial calls"},
	{"keywords", Py_T_OBJECT, offsetof(PartialObject, kwargs), Py_READONLY,
	 "dictionary of keyword arguments to future partial calls"},
	{0},
};

static PyGetSetDef partial_getset[] = {
	{"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL},
	{0},
};

static PyMethodDef partial_methods[] = {
	{"__reduce__", partial_reduce, METH_NOARGS, "Helper for pickle."},
	{"__setstate__", partial_setstate, METH_O, "Set state information for unpickling."},
	{"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, "See PEP 585"},
	{0},
};

PyTypeObject _PyPartial_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "functools.partial",
	.tp_basicsize = sizeof(PartialObject),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,
	.tp_doc = "partial(func, *args, **keywords) - new function with partial application\n    "
		  "of the given arguments and keywords.\n",
	.tp_dictoffset = offsetof(PartialObject, dict),
	.tp_weaklistoffset = offsetof(PartialObject, weaklist),
	.tp_dealloc = partial_dealloc,
	.tp_free = PyObject_GC_Del,
	.tp_traverse = partial_traverse,
	.tp_clear = partial_clear,
	.tp_repr = partial_repr,
	.tp_vectorcall = partial_call,
	.tp_new = partial_new,
	.tp_methods = partial_methods,
	.tp_members = partial_members,
	.tp_getset = partial_getset,
};
