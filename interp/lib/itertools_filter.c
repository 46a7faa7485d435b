/* SPDX-License-Identifier: BSD-2-Clause */
/* Iterators that choose from one other iterator, or change its items: dropwhile, takewhile,
 * filterfalse, starmap, compress, accumulate. */
#include "lib/itertools.h"

/* -- A function and an iterator ---------------------------------------------------------------- */
typedef struct {
	PyObject_HEAD PyObject *func;
	PyObject *it;
	bool flag; /* dropwhile: it drops no more; takewhile: it has ended */
} FuncIterObject;

#define F(o) ((FuncIterObject *)(o))

static PyObject *func_iter_make(PyTypeObject *type, PyTypeObject *base, PyObject *args,
				PyObject *kwargs)
{
	PyObject *func, *iterable, *it;
	FuncIterObject *f;

	if (!_PyIter_NoKeywords(type, base, kwargs) ||
	    !PyArg_UnpackTuple(args, strrchr(base->tp_name, '.') + 1, 2, 2, &func, &iterable))
		return NULL;
	it = PyObject_GetIter(iterable);
	f = it ? (FuncIterObject *)type->tp_alloc(type, 0) : NULL;
	if (!f) {
		Py_XDECREF(it);
		return NULL;
	}
	f->func = Py_NewRef(func);
	f->it = it;
	return (PyObject *)f;
}

static PyObject *func_iter_args(PyObject *o)
{
	return _PyTuple_OF(Py_XNewRef(F(o)->func), Py_XNewRef(F(o)->it));
}

static PyObject *func_iter_reduce(PyObject *o, PyObject *unused)
{
	return _PyIter_Reduce(o, func_iter_args(o));
}

static PyObject *func_iter_reduce_flag(PyObject *o, PyObject *unused)
{
	return _PyIter_ReduceWith(o, func_iter_args(o), PyLong_FromLong(F(o)->flag));
}

static PyObject *func_iter_setstate(PyObject *o, PyObject *state)
{
	int flag = PyObject_IsTrue(state);

	if (flag < 0)
		return NULL;
	F(o)->flag = flag;
	Py_RETURN_NONE;
}

ITER_REFS(func_iter, FuncIterObject, it)

static PyMethodDef plain_methods[] = {ITER_REDUCE(func_iter), {0}};
static PyMethodDef flag_methods[] = {
	{"__reduce__", func_iter_reduce_flag, METH_NOARGS, "Helper for pickle."},
	ITER_SETSTATE(func_iter),
	{0},
};

#define FUNC_ITER_TYPE(Type, name, methods, doc)                                          \
	static PyObject *name##_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) \
	{                                                                                 \
		return func_iter_make(type, &Type, args, kwargs);                         \
	}                                                                                 \
	ITER_TYPE_OF(Type, name, FuncIterObject, Py_TPFLAGS_BASETYPE, func_iter, methods, doc)

static PyObject *dropwhile_next(PyObject *o)
{
	PyObject *item;

	while (F(o)->it && (item = _PyIter_Step(F(o)->it))) {
		int drop = F(o)->flag ? 0 : _PyPredicate_Holds(F(o)->func, item, false);

		if (drop == 0) {
			F(o)->flag = true;
			return item;
		}
		Py_DECREF(item);
		if (drop < 0)
			return NULL;
	}
	return NULL;
}
FUNC_ITER_TYPE(_PyDropWhile_Type, dropwhile, flag_methods,
	       "dropwhile(predicate, iterable) --> the items from the first that fails on")

static PyObject *takewhile_next(PyObject *o)
{
	PyObject *item = F(o)->flag || !F(o)->it ? NULL : _PyIter_Step(F(o)->it);
	int take = item ? _PyPredicate_Holds(F(o)->func, item, false) : 0;

	if (take > 0)
		return item;
	if (item && take == 0)
		F(o)->flag = true;
	Py_XDECREF(item);
	return NULL;
}
FUNC_ITER_TYPE(_PyTakeWhile_Type, takewhile, flag_methods,
	       "takewhile(predicate, iterable) --> the items before the first that fails")

static PyObject *filterfalse_next(PyObject *o)
{
	PyObject *item;

	while (F(o)->it && (item = _PyIter_Step(F(o)->it))) {
		int chosen = _PyPredicate_Holds(F(o)->func, item, true);

		if (chosen == 0)
			return item;
		Py_DECREF(item);
		if (chosen < 0)
			return NULL;
	}
	return NULL;
}
FUNC_ITER_TYPE(_PyFilterFalse_Type, filterfalse, plain_methods,
	       "filterfalse(function or None, iterable) --> the items for which it is false")

static PyObject *starmap_next(PyObject *o)
{
	PyObject *args = F(o)->it ? _PyIter_Step(F(o)->it) : NULL, *ret;

	if (args && !PyTuple_CheckExact(args))
		Py_SETREF(args, PySequence_Tuple(args));
	if (!args)
		return NULL;
	ret = PyObject_Vectorcall(F(o)->func, ((PyTupleObject *)args)->ob_item,
				  (size_t)PyTuple_GET_SIZE(args), NULL);
	Py_DECREF(args);
	return ret;
}
FUNC_ITER_TYPE(_PyStarMap_Type, starmap, plain_methods,
	       "starmap(function, iterable) --> function(*item) of each item")

/* -- compress ---------------------------------------------------------------------------------- */
typedef struct {
	PyObject_HEAD PyObject *data;
	PyObject *selectors;
} CompressObject;

ITER_REFS(compress, CompressObject, selectors)

static PyObject *compress_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	static const char *const names[] = {"data", "selectors", NULL};
	static const struct PyArgSpec spec = {"compress", names, .required = 2, .max_pos = 2};
	PyObject *a[2], *data, *selectors;
	CompressObject *c;

	if (PyArg_ParseDict(&spec, args, kwargs, a) < 0)
		return NULL;
	data = PyObject_GetIter(a[0]);
	selectors = data ? PyObject_GetIter(a[1]) : NULL;
	c = selectors ? (CompressObject *)type->tp_alloc(type, 0) : NULL;
	if (!c) {
		Py_XDECREF(data);
		Py_XDECREF(selectors);
		return NULL;
	}
	c->data = data;
	c->selectors = selectors;
	return (PyObject *)c;
}

static PyObject *compress_next(PyObject *o)
{
	CompressObject *c = (CompressObject *)o;

	while (c->data && c->selectors) {
		PyObject *item = _PyIter_Step(c->data), *selector;
		int wanted;

		if (!item)
			return NULL;
		selector = _PyIter_Step(c->selectors);
		wanted = selector ? PyObject_IsTrue(selector) : -1;
		Py_XDECREF(selector);
		if (wanted > 0)
			return item;
		Py_DECREF(item);
		if (wanted < 0)
			return NULL;
	}
	return NULL;
}

static PyObject *compress_reduce(PyObject *o, PyObject *unused)
{
	CompressObject *c = (CompressObject *)o;

	return _PyIter_Reduce(o, _PyTuple_OF(Py_XNewRef(c->data), Py_XNewRef(c->selectors)));
}

static PyMethodDef compress_methods[] = {ITER_REDUCE(compress), {0}};
ITER_TYPE(_PyCompress_Type, compress, CompressObject,
	  "compress(data, selectors) --> the items of data whose selector is true")

/* -- accumulate -------------------------------------------------------------------------------- */
typedef struct {
	PyObject_HEAD PyObject *it;
	PyObject *func;    /* NULL: + */
	PyObject *total;   /* the value given last; NULL before the first */
	PyObject *initial; /* NULL once given */
} AccumulateObject;

ITER_REFS(accumulate, AccumulateObject, initial)

static PyObject *accumulate_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	static const char *const names[] = {"iterable", "func", "initial", NULL};
	static const struct PyArgSpec spec = {"accumulate", names, .required = 1, .max_pos = 2};
	PyObject *a[3], *it;
	AccumulateObject *acc;

	if (PyArg_ParseDict(&spec, args, kwargs, a) < 0)
		return NULL;
	it = PyObject_GetIter(a[0]);
	acc = it ? (AccumulateObject *)type->tp_alloc(type, 0) : NULL;
	if (!acc) {
		Py_XDECREF(it);
		return NULL;
	}
	acc->it = it;
	acc->func = a[1] && !Py_IsNone(a[1]) ? Py_NewRef(a[1]) : NULL;
	acc->initial = a[2] && !Py_IsNone(a[2]) ? Py_NewRef(a[2]) : NULL;
	return (PyObject *)acc;
}

static PyObject *accumulate_next(PyObject *o)
{
	AccumulateObject *acc = (AccumulateObject *)o;
	PyObject *item = acc->initial, *total = acc->total, *next;

	if (item) {
		acc->initial = NULL;
		acc->total = Py_NewRef(item);
		Py_XDECREF(total);
		return item;
	}
	item = acc->it ? _PyIter_Step(acc->it) : NULL;
	if (!item)
		return NULL;
	total = Py_XNewRef(acc->total); /* the function may come back here */
	if (!total)
		next = Py_NewRef(item);
	else if (acc->func)
		next = PyObject_Vectorcall(acc->func, (PyObject *[]){total, item}, 2, NULL);
	else
		next = PyNumber_Add(total, item);
	Py_XDECREF(total);
	Py_DECREF(item);
	if (!next)
		return NULL;
	Py_INCREF(next);
	Py_XSETREF(acc->total, next);
	return next;
}

/* An iterator that gives first (stolen; NULL fails), then what acc has left. */
static PyObject *with_first(AccumulateObject *acc, PyObject *first)
{
	PyObject *head = _PyTuple_OF(first), *ret = NULL;

	if (head && acc->it)
		ret = PyObject_CallFunctionObjArgs((PyObject *)&_PyChain_Type, head, acc->it, NULL);
	Py_XDECREF(head);
	return ret;
}

static PyObject *func_or_none(AccumulateObject *acc)
{
	return Py_NewRef(acc->func ? acc->func : Py_None);
}

/* None as the total cannot be told from no total: an iterator that starts with that None, of
 * which the first value is skipped. */
static PyObject *reduce_none(AccumulateObject *acc)
{
	PyObject *it = with_first(acc, Py_NewRef(Py_None)), *func = func_or_none(acc), *inner;

	inner = it ? PyObject_CallFunctionObjArgs((PyObject *)&_PyAccumulate_Type, it, func, NULL)
		   : NULL;
	Py_XDECREF(it);
	Py_DECREF(func);
	return _PyTuple_OF(Py_NewRef(&_PyISlice_Type),
			   _PyTuple_OF(inner, PyLong_FromLong(1), Py_NewRef(Py_None)));
}

static PyObject *accumulate_reduce(PyObject *o, PyObject *unused)
{
	AccumulateObject *acc = (AccumulateObject *)o;

	if (acc->initial)
		return _PyIter_ReduceWith(
			o, _PyTuple_OF(with_first(acc, Py_NewRef(acc->initial)), func_or_none(acc)),
			Py_NewRef(Py_None));
	if (acc->total == Py_None)
		return reduce_none(acc);
	return _PyIter_ReduceWith(o, _PyTuple_OF(Py_XNewRef(acc->it), func_or_none(acc)),
				  Py_NewRef(acc->total ? acc->total : Py_None));
}

static PyObject *accumulate_setstate(PyObject *o, PyObject *state)
{
	Py_INCREF(state);
	Py_XSETREF(((AccumulateObject *)o)->total, state);
	Py_RETURN_NONE;
}

static PyMethodDef accumulate_methods[] = {ITER_REDUCE(accumulate), ITER_SETSTATE(accumulate), {0}};
ITER_TYPE(_PyAccumulate_Type, accumulate, AccumulateObject,
	  "accumulate(iterable, func=None, *, initial=None) --> running totals")
