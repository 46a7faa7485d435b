/* SPDX-License-Identifier: BSD-2-Clause */
/* Iterators over the items of several iterables, or a part of one: chain, islice, pairwise,
 * zip_longest. */
#include "lib/itertools.h"

#include "objects/genericalias.h"
#include "objects/list.h"
#include "objects/dict.h"
#include "objects/unicode.h"

/* -- chain ------------------------------------------------------------------------------------- */
typedef struct {
	PyObject_HEAD PyObject *source; /* iterator over the iterables; NULL at the end */
	PyObject *active;               /* iterator over the one whose turn it is, or NULL */
} ChainObject;

ITER_REFS(chain, ChainObject, active)

static PyObject *chain_make(PyTypeObject *type, PyObject *iterables)
{
	PyObject *source = PyObject_GetIter(iterables);
	ChainObject *c = source ? (ChainObject *)type->tp_alloc(type, 0) : NULL;

	if (!c) {
		Py_XDECREF(source);
		return NULL;
	}
	c->source = source;
	return (PyObject *)c;
}

static PyObject *chain_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	return _PyIter_NoKeywords(type, &_PyChain_Type, kwargs) ? chain_make(type, args) : NULL;
}

static PyObject *chain_from_iterable(PyObject *type, PyObject *iterable)
{
	return chain_make((PyTypeObject *)type, iterable);
}

/* The next iterable's iterator becomes the active one: false at the end, or with an exception. */
static bool chain_turn(ChainObject *c)
{
	PyObject *iterable = _PyIter_StepHeld(c->source);
	PyObject *active = iterable ? PyObject_GetIter(iterable) : NULL;

	Py_XDECREF(iterable);
	if (active)
		Py_XSETREF(c->active, active);
	else
		Py_CLEAR(c->source);
	return active != NULL;
}

static PyObject *chain_next(PyObject *o)
{
	ChainObject *c = (ChainObject *)o;
	PyObject *active, *item;

	while (c->source) {
		if (!c->active && !chain_turn(c))
			return NULL;
		active = c->active;
		if (!active) /* its turn has come and gone, in code that chain_turn ran */
			continue;
		item = _PyIter_StepHeld(active);
		if (item)
			return item;
		if (!_PyIter_Ended())
			return NULL;
		if (c->active == active)
			Py_CLEAR(c->active);
	}
	return NULL;
}

static PyObject *chain_reduce(PyObject *o, PyObject *unused)
{
	ChainObject *c = (ChainObject *)o;

	if (!c->source)
		return _PyIter_Reduce(o, PyTuple_New(0));
	return _PyIter_ReduceWith(o, PyTuple_New(0),
				  c->active
					  ? _PyTuple_OF(Py_NewRef(c->source), Py_NewRef(c->active))
					  : _PyTuple_OF(Py_NewRef(c->source)));
}

static PyObject *chain_setstate(PyObject *o, PyObject *state)
{
	ChainObject *c = (ChainObject *)o;
	PyObject *source, *active = NULL;

	if (!PyTuple_Check(state))
		return PyErr_Format(PyExc_TypeError, "state is not a tuple");
	if (!PyArg_UnpackTuple(state, "function", 1, 2, &source, &active))
		return NULL;
	if (!PyIter_Check(source) || (active && !PyIter_Check(active)))
		return PyErr_Format(PyExc_TypeError, "Arguments must be iterators.");
	Py_INCREF(source);
	Py_XINCREF(active);
	Py_XSETREF(c->source, source);
	Py_XSETREF(c->active, active);
	Py_RETURN_NONE;
}

static PyMethodDef chain_methods[] = {
	{"from_iterable", chain_from_iterable, METH_O | METH_CLASS,
	 "chain.from_iterable(iterable) --> chain of the iterables that it gives"},
	ITER_REDUCE(chain),
	ITER_SETSTATE(chain),
	{"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, "See PEP 585"},
	{0},
};
ITER_TYPE(_PyChain_Type, chain, ChainObject,
	  "chain(*iterables) --> the items of the first, then those of the next, ...")

/* -- islice ------------------------------------------------------------------------------------ */
typedef struct {
	PyObject_HEAD PyObject *it; /* NULL at the end */
	Py_ssize_t taken;           /* items taken from it */
	Py_ssize_t next;            /* the index of the item to give */
	Py_ssize_t stop;            /* -1: none */
	Py_ssize_t step;
} ISliceObject;

ITER_REFS(islice, ISliceObject, it)

/* An index: fallback for None, -1 when it is none. */
static Py_ssize_t slice_index(PyObject *o, Py_ssize_t fallback)
{
	Py_ssize_t i;

	if (!o || Py_IsNone(o))
		return fallback;
	i = PyNumber_AsSsize_t(o, PyExc_OverflowError);
	PyErr_Clear();
	return i < 0 ? -1 : i;
}

static PyObject *islice_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *seq, *first = NULL, *second = NULL, *third = NULL, *it;
	Py_ssize_t start = 0, stop, step;
	ISliceObject *s;

	if (!_PyIter_NoKeywords(type, &_PyISlice_Type, kwargs) ||
	    !PyArg_UnpackTuple(args, "islice", 2, 4, &seq, &first, &second, &third))
		return NULL;
	if (second)
		start = slice_index(first, 0);
	else
		second = first;
	stop = slice_index(second, -1);
	if (stop < 0 && !Py_IsNone(second))
		return PyErr_Format(PyExc_ValueError, "Stop argument for islice() must be None or "
						      "an integer: 0 <= x <= sys.maxsize.");
	if (start < 0)
		return PyErr_Format(PyExc_ValueError, "Indices for islice() must be None or an "
						      "integer: 0 <= x <= sys.maxsize.");
	step = slice_index(third, 1);
	if (step < 1)
		return PyErr_Format(PyExc_ValueError,
				    "Step for islice() must be a positive integer or None.");
	it = PyObject_GetIter(seq);
	s = it ? (ISliceObject *)type->tp_alloc(type, 0) : NULL;
	if (!s) {
		Py_XDECREF(it);
		return NULL;
	}
	s->it = it;
	s->next = start;
	s->stop = stop;
	s->step = step;
	return (PyObject *)s;
}

static PyObject *islice_next(PyObject *o)
{
	ISliceObject *s = (ISliceObject *)o;
	PyObject *item;

	while (s->it) {
		bool wanted = s->taken >= s->next;

		if (wanted && s->stop >= 0 && s->taken >= s->stop)
			break;
		item = _PyIter_StepHeld(s->it);
		if (!item)
			break;
		s->taken++;
		if (wanted) {
			if (__builtin_add_overflow(s->next, s->step, &s->next))
				s->next = PY_SSIZE_T_MAX;
			if (s->stop >= 0 && s->next > s->stop)
				s->next = s->stop;
			return item;
		}
		Py_DECREF(item);
	}
	Py_CLEAR(s->it);
	return NULL;
}

static PyObject *islice_reduce(PyObject *o, PyObject *unused)
{
	ISliceObject *s = (ISliceObject *)o;

	if (!s->it) {
		PyObject *empty = PyList_New(0), *it = empty ? PyObject_GetIter(empty) : NULL;

		Py_XDECREF(empty);
		return _PyIter_ReduceWith(o, _PyTuple_OF(it, PyLong_FromLong(0)),
					  PyLong_FromLong(0));
	}
	return _PyIter_ReduceWith(
		o,
		_PyTuple_OF(Py_NewRef(s->it), PyLong_FromSsize_t(s->next),
			    s->stop < 0 ? Py_NewRef(Py_None) : PyLong_FromSsize_t(s->stop),
			    PyLong_FromSsize_t(s->step)),
		PyLong_FromSsize_t(s->taken));
}

static PyObject *islice_setstate(PyObject *o, PyObject *state)
{
	Py_ssize_t taken = PyLong_AsSsize_t(state);

	if (taken == -1 && PyErr_Occurred())
		return NULL;
	((ISliceObject *)o)->taken = taken;
	Py_RETURN_NONE;
}

static PyMethodDef islice_methods[] = {ITER_REDUCE(islice), ITER_SETSTATE(islice), {0}};
ITER_TYPE(_PyISlice_Type, islice, ISliceObject,
	  "islice(iterable, stop) or islice(iterable, start, stop[, step]) --> what slicing gives")

/* -- pairwise ---------------------------------------------------------------------------------- */
typedef struct {
	PyObject_HEAD PyObject *it; /* NULL at the end */
	PyObject *last;             /* the item before, or NULL */
} PairwiseObject;

ITER_REFS(pairwise, PairwiseObject, last)

static PyObject *pairwise_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *iterable, *it;
	PairwiseObject *p;

	if (!_PyIter_NoKeywords(type, &_PyPairwise_Type, kwargs) ||
	    !PyArg_UnpackTuple(args, "pairwise", 1, 1, &iterable))
		return NULL;
	it = PyObject_GetIter(iterable);
	p = it ? (PairwiseObject *)type->tp_alloc(type, 0) : NULL;
	if (!p) {
		Py_XDECREF(it);
		return NULL;
	}
	p->it = it;
	return (PyObject *)p;
}

static PyObject *pairwise_next(PyObject *o)
{
	PairwiseObject *p = (PairwiseObject *)o;
	PyObject *before, *item;

	if (p->it && !p->last) {
		item = _PyIter_StepHeld(p->it);
		Py_XSETREF(p->last, item);
	}
	before = Py_XNewRef(p->last); /* what it runs may come back here */
	item = p->it && before ? _PyIter_StepHeld(p->it) : NULL;
	if (!item) {
		Py_XDECREF(before);
		Py_CLEAR(p->it);
		Py_CLEAR(p->last);
		return NULL;
	}
	Py_INCREF(item);
	Py_XSETREF(p->last, item);
	return _PyTuple_FromArraySteal((PyObject *[]){before, item}, 2);
}

static PyMethodDef pairwise_methods[] = {{0}};
ITER_TYPE(_PyPairwise_Type, pairwise, PairwiseObject,
	  "pairwise(iterable) --> (first, second), (second, third), ...")

/* -- zip_longest ------------------------------------------------------------------------------- */
typedef struct {
	PyObject_HEAD PyObject *iters; /* tuple; None in place of one that has ended */
	PyObject *fillvalue;
	PyObject *result; /* given out again when nobody else has it */
	Py_ssize_t active;
} ZipLongestObject;

ITER_REFS(zip_longest, ZipLongestObject, result)

static PyObject *tuple_of(PyObject *item, Py_ssize_t n)
{
	PyObject *t = PyTuple_New(n);

	for (Py_ssize_t i = 0; t && i < n; i++)
		PyTuple_SET_ITEM(t, i, Py_NewRef(item));
	return t;
}

static PyObject *iterators_over(PyObject *args)
{
	PyObject *iters = tuple_of(Py_None, PyTuple_GET_SIZE(args));

	for (Py_ssize_t i = 0; iters && i < PyTuple_GET_SIZE(args); i++) {
		PyObject *it = PyObject_GetIter(PyTuple_GET_ITEM(args, i));

		if (it)
			Py_SETREF(PyTuple_GET_ITEM(iters, i), it);
		else
			Py_CLEAR(iters);
	}
	return iters;
}

static PyObject *zip_longest_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *fillvalue = Py_None, *iters, *result;
	ZipLongestObject *z;

	if (kwargs && PyDict_GET_SIZE(kwargs) > 0) {
		PyObject *given = PyDict_GetItemString(kwargs, "fillvalue");

		if (given)
			fillvalue = given;
		if (!given || PyDict_GET_SIZE(kwargs) > 1)
			return PyErr_Format(PyExc_TypeError,
					    "zip_longest() got an unexpected keyword argument");
	}
	iters = iterators_over(args);
	result = iters ? tuple_of(Py_None, PyTuple_GET_SIZE(args)) : NULL;
	z = result ? (ZipLongestObject *)type->tp_alloc(type, 0) : NULL;
	if (!z) {
		Py_XDECREF(iters);
		Py_XDECREF(result);
		return NULL;
	}
	z->iters = iters;
	z->result = result;
	z->fillvalue = Py_NewRef(fillvalue);
	z->active = PyTuple_GET_SIZE(args);
	return (PyObject *)z;
}

/* The iterator at i has given NULL: the fill value, or NULL at the end of all or with an
 * exception, which also ends all. */
static PyObject *zip_longest_fill(ZipLongestObject *z, Py_ssize_t i, PyObject *it)
{
	if (!_PyIter_Ended()) {
		z->active = 0;
		return NULL;
	}
	if (PyTuple_GET_ITEM(z->iters, i) == it) {
		Py_SETREF(PyTuple_GET_ITEM(z->iters, i), Py_NewRef(Py_None));
		z->active -= z->active > 0;
	}
	return z->active ? Py_NewRef(z->fillvalue) : NULL;
}

static PyObject *zip_longest_next(PyObject *o)
{
	ZipLongestObject *z = (ZipLongestObject *)o;
	PyObject *result = z->result;

	if (z->active == 0 || !z->iters || !result || !z->fillvalue)
		return NULL;
	if (Py_REFCNT(result) == 1)
		Py_INCREF(result);
	else
		result = tuple_of(Py_None, PyTuple_GET_SIZE(z->iters));
	for (Py_ssize_t i = 0; result && i < PyTuple_GET_SIZE(z->iters); i++) {
		PyObject *it = Py_NewRef(PyTuple_GET_ITEM(z->iters, i)), *item;

		if (Py_IsNone(it))
			item = Py_NewRef(z->fillvalue);
		else if (!(item = _PyIter_Step(it)))
			item = zip_longest_fill(z, i, it);
		Py_DECREF(it);
		if (item)
			Py_SETREF(PyTuple_GET_ITEM(result, i), item);
		else
			Py_CLEAR(result);
	}
	return result;
}

static PyObject *zip_longest_reduce(PyObject *o, PyObject *unused)
{
	ZipLongestObject *z = (ZipLongestObject *)o;
	Py_ssize_t n = z->iters ? PyTuple_GET_SIZE(z->iters) : 0;
	PyObject *args = PyTuple_New(n);

	for (Py_ssize_t i = 0; args && i < n; i++) {
		PyObject *it = PyTuple_GET_ITEM(z->iters, i);

		PyTuple_SET_ITEM(args, i, Py_IsNone(it) ? PyTuple_New(0) : Py_NewRef(it));
	}
	return _PyIter_ReduceWith(o, args, Py_XNewRef(z->fillvalue));
}

static PyObject *zip_longest_setstate(PyObject *o, PyObject *state)
{
	Py_INCREF(state);
	Py_XSETREF(((ZipLongestObject *)o)->fillvalue, state);
	Py_RETURN_NONE;
}

static PyMethodDef zip_longest_methods[] = {
	ITER_REDUCE(zip_longest), ITER_SETSTATE(zip_longest), {0}};
ITER_TYPE(_PyZipLongest_Type, zip_longest, ZipLongestObject,
	  "zip_longest(*iterables, fillvalue=None) --> tuples until the longest has ended")
