/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tee: several iterators over the items of one.
 *
 * The items stand in a chain of blocks. Each branch holds the block that it reads from; only the
 * last block asks the iterator, and a block goes when no branch is before or in it.
 */
#include "lib/itertools.h"

#include "objects/list.h"
#include "objects/names.h"
#include "objects/unicode.h"
#include "objects/weakref.h"

enum { BLOCK = 57 }; /* as many as CPython's, whose pickles are lists of that length */

typedef struct {
	PyObject_HEAD PyObject *it;
	PyObject *next; /* the block behind this one, or NULL */
	PyObject *items[BLOCK];
	int count;       /* of items */
	bool is_running; /* the iterator is being asked for the next one */
} TeeDataObject;

typedef struct {
	PyObject_HEAD PyObject *data; /* the block */
	PyObject *weaklist;           /* not one of the references */
	int index;                    /* in it, of the next item */
} TeeObject;

ITER_REFS(data, TeeDataObject, items[BLOCK - 1])

/* -- Blocks ------------------------------------------------------------------------------------ */
static TeeDataObject *data_make(PyObject *it)
{
	TeeDataObject *d = (TeeDataObject *)PyType_GenericAlloc(&_PyTeeData_Type, 0);

	if (d)
		d->it = Py_NewRef(it);
	return d;
}

/* Releases a chain without recursion: as far as nobody else holds it. */
static void chain_drop(PyObject *block)
{
	while (block && Py_REFCNT(block) == 1) {
		PyObject *next = ((TeeDataObject *)block)->next;

		((TeeDataObject *)block)->next = NULL;
		Py_DECREF(block);
		block = next;
	}
	Py_XDECREF(block);
}

static void tee_data_dealloc(PyObject *o)
{
	PyObject *next = ((TeeDataObject *)o)->next;

	((TeeDataObject *)o)->next = NULL;
	data_dealloc(o);
	chain_drop(next);
}

static int tee_data_clear(PyObject *o)
{
	PyObject *next = ((TeeDataObject *)o)->next;

	((TeeDataObject *)o)->next = NULL;
	chain_drop(next);
	((TeeDataObject *)o)->count = 0;
	return data_clear(o);
}

/* Item i, which is at most one behind the last: new, or NULL as from next(). */
static PyObject *data_item(TeeDataObject *d, int i)
{
	PyObject *item;

	if (i < d->count)
		return Py_NewRef(d->items[i]);
	if (d->is_running)
		return PyErr_Format(PyExc_RuntimeError, "cannot re-enter the tee iterator");
	if (!d->it)
		return NULL;
	d->is_running = true;
	item = _PyIter_StepHeld(d->it);
	d->is_running = false;
	if (!item)
		return NULL;
	d->items[d->count++] = Py_NewRef(item);
	return item;
}

/* The block behind; borrowed. */
static PyObject *data_next(TeeDataObject *d)
{
	if (!d->next && d->it)
		d->next = (PyObject *)data_make(d->it);
	return d->next;
}

static PyObject *data_reduce(PyObject *o, PyObject *unused)
{
	TeeDataObject *d = (TeeDataObject *)o;
	PyObject *items = PyList_New(d->count);

	for (int i = 0; items && i < d->count; i++)
		PyList_SET_ITEM(items, i, Py_NewRef(d->items[i]));
	return _PyIter_Reduce(
		o, _PyTuple_OF(Py_XNewRef(d->it), items, Py_NewRef(d->next ? d->next : Py_None)));
}

static PyObject *data_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *it, *items, *next;
	TeeDataObject *d;

	if (!PyArg_NoKeywords("teedataobject", kwargs) ||
	    !PyArg_UnpackTuple(args, "teedataobject", 3, 3, &it, &items, &next))
		return NULL;
	if (!PyList_Check(items))
		return PyErr_Format(PyExc_TypeError,
				    "teedataobject() argument 2 must be list, not %.50s",
				    Py_TYPE(items)->tp_name);
	if (PyList_GET_SIZE(items) > BLOCK ||
	    (!Py_IsNone(next) &&
	     (PyList_GET_SIZE(items) < BLOCK || !Py_IS_TYPE(next, &_PyTeeData_Type))))
		return PyErr_Format(PyExc_ValueError, "Invalid arguments");
	if (!PyIter_Check(it))
		return PyErr_Format(PyExc_TypeError, "'%.200s' object is not an iterator",
				    Py_TYPE(it)->tp_name);
	d = data_make(it);
	if (!d)
		return NULL;
	for (; d->count < PyList_GET_SIZE(items); d->count++)
		d->items[d->count] = Py_NewRef(PyList_GET_ITEM(items, d->count));
	d->next = Py_IsNone(next) ? NULL : Py_NewRef(next);
	return (PyObject *)d;
}

static PyMethodDef data_methods[] = {ITER_REDUCE(data), {0}};

PyTypeObject _PyTeeData_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "itertools._tee_dataobject",
	.tp_basicsize = sizeof(TeeDataObject),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
	.tp_doc = "A block of items that tee's branches share.",
	.tp_dealloc = tee_data_dealloc,
	.tp_free = PyObject_GC_Del,
	.tp_traverse = data_traverse,
	.tp_clear = tee_data_clear,
	.tp_new = data_new,
	.tp_methods = data_methods,
};

/* -- Branches ---------------------------------------------------------------------------------- */
ITER_REFS(tee_refs, TeeObject, data)

static void _tee_dealloc(PyObject *o)
{
	if (((TeeObject *)o)->weaklist)
		PyObject_ClearWeakRefs(o);
	tee_refs_dealloc(o);
}
#define _tee_traverse tee_refs_traverse
#define _tee_clear    tee_refs_clear

static PyObject *tee_make(PyObject *data, int index)
{
	TeeObject *t = (TeeObject *)PyType_GenericAlloc(&_PyTee_Type, 0);

	if (!t)
		return NULL;
	t->data = Py_NewRef(data);
	t->index = index;
	return (PyObject *)t;
}

static PyObject *tee_copy(PyObject *o, PyObject *unused)
{
	TeeObject *t = (TeeObject *)o;

	if (!t->data)
		return PyErr_Format(PyExc_ValueError, "tee was cleared by the collector");
	return tee_make(t->data, t->index);
}

/* A branch at the start of an iterable, which may itself be one: then at its place. */
static PyObject *tee_over(PyObject *iterable)
{
	PyObject *it = PyObject_GetIter(iterable), *ret;
	TeeDataObject *data;

	if (!it)
		return NULL;
	if (Py_IS_TYPE(it, &_PyTee_Type)) {
		ret = tee_copy(it, NULL);
		Py_DECREF(it);
		return ret;
	}
	data = data_make(it);
	ret = data ? tee_make((PyObject *)data, 0) : NULL;
	Py_XDECREF(data);
	Py_DECREF(it);
	return ret;
}

static PyObject *_tee_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *iterable;

	if (!PyArg_NoKeywords("_tee", kwargs) || !PyArg_UnpackTuple(args, "_tee", 1, 1, &iterable))
		return NULL;
	return tee_over(iterable);
}

static PyObject *_tee_next(PyObject *o)
{
	TeeObject *t = (TeeObject *)o;
	PyObject *data, *item;
	int index;

	if (!t->data)
		return NULL;
	if (t->index >= BLOCK) {
		data = data_next((TeeDataObject *)t->data);
		if (!data)
			return NULL;
		Py_INCREF(data);
		t->index = 0;
		Py_SETREF(t->data, data);
	}
	data = Py_NewRef(t->data); /* the iterator may give this branch another state */
	index = t->index;
	item = data_item((TeeDataObject *)data, index);
	if (item && t->data == data)
		t->index = index + 1;
	Py_DECREF(data);
	return item;
}

static PyObject *_tee_reduce(PyObject *o, PyObject *unused)
{
	TeeObject *t = (TeeObject *)o;

	return _PyIter_ReduceWith(o, _PyTuple_OF(PyTuple_New(0)),
				  _PyTuple_OF(Py_XNewRef(t->data), PyLong_FromLong(t->index)));
}

static PyObject *_tee_setstate(PyObject *o, PyObject *state)
{
	TeeObject *t = (TeeObject *)o;
	PyObject *data, *place;
	int index;

	if (!PyTuple_Check(state))
		return PyErr_Format(PyExc_TypeError, "state is not a tuple");
	if (!PyArg_UnpackTuple(state, "function", 2, 2, &data, &place))
		return NULL;
	if (!Py_IS_TYPE(data, &_PyTeeData_Type))
		return PyErr_Format(PyExc_TypeError,
				    "argument 1 must be itertools._tee_dataobject, not %.50s",
				    Py_TYPE(data)->tp_name);
	index = _PyLong_AsInt(place);
	if (index == -1 && PyErr_Occurred())
		return NULL;
	/* Beyond the items that are there only the end of a full block is a place. */
	if (index < 0 || index > ((TeeDataObject *)data)->count)
		return PyErr_Format(PyExc_ValueError, "Index out of range");
	Py_INCREF(data);
	t->index = index;
	Py_XSETREF(t->data, data);
	Py_RETURN_NONE;
}

static PyMethodDef _tee_methods[] = {
	{"__copy__", tee_copy, METH_NOARGS, "An independent iterator from the same place on."},
	ITER_REDUCE(_tee),
	ITER_SETSTATE(_tee),
	{0},
};
ITER_TYPE_OF(_PyTee_Type, _tee, TeeObject, 0, _tee, _tee_methods, "An iterator that can be copied.",
	     .tp_weaklistoffset = offsetof(TeeObject, weaklist))

/* -- tee() ------------------------------------------------------------------------------------- */
/* The first branch over it: the iterator itself when it can be copied; *copy is its method. */
static PyObject *first_branch(PyObject *it, PyObject **copy)
{
	PyObject *branch = it;
	int found = _PyObject_LookupAttr(it, _Py_ID(__copy__), copy);

	if (found < 0)
		return NULL;
	if (found)
		return Py_NewRef(it);
	branch = tee_over(it);
	*copy = branch ? PyObject_GetAttr(branch, _Py_ID(__copy__)) : NULL;
	if (!*copy)
		Py_CLEAR(branch);
	return branch;
}

PyObject *_PyTee_Make(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
	PyObject *branches, *it, *copy = NULL;
	Py_ssize_t n = 2;

	if (!PyArg_CheckPositional("tee", nargs, 1, 2))
		return NULL;
	if (nargs > 1)
		n = _PyIter_Count(args[1]);
	if (n == -1 && PyErr_Occurred())
		return NULL;
	if (n < 0)
		return PyErr_Format(PyExc_ValueError, "n must be >= 0");
	branches = PyTuple_New(n);
	if (!branches || n == 0)
		return branches;
	it = PyObject_GetIter(args[0]);
	PyObject *branch = it ? first_branch(it, &copy) : NULL;

	Py_XDECREF(it);
	for (Py_ssize_t i = 0; branch; branch = PyObject_CallNoArgs(copy)) {
		PyTuple_SET_ITEM(branches, i, branch);
		if (++i == n)
			break;
	}
	if (!branch)
		Py_CLEAR(branches);
	Py_XDECREF(copy);
	return branches;
}
