/* SPDX-License-Identifier: BSD-2-Clause */
/* groupby, and the iterators over one group that it gives. */
#include "lib/itertools.h"

#include "objects/names.h"

typedef struct {
	PyObject_HEAD PyObject *it;
	PyObject *keyfunc; /* None: the item is its own key */
	PyObject *target;  /* the key of the group given last, or NULL */
	PyObject *key;     /* of the item taken last, or NULL */
	PyObject *item;    /* the item taken last, NULL once a group has given it */
	/* The group given last, which alone may go on; only compared, it may be gone. */
	const void *group;
} GroupByObject;

typedef struct {
	PyObject_HEAD PyObject *parent;
	PyObject *target; /* the group's key */
} GrouperObject;

ITER_REFS(groupby, GroupByObject, item)
ITER_REFS(_grouper, GrouperObject, target)

static PyObject *groupby_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	static const char *const names[] = {"iterable", "key", NULL};
	static const struct PyArgSpec spec = {"groupby", names, .required = 1, .max_pos = 2};
	PyObject *a[2], *it;
	GroupByObject *g;

	if (PyArg_ParseDict(&spec, args, kwargs, a) < 0)
		return NULL;
	it = PyObject_GetIter(a[0]);
	g = it ? (GroupByObject *)type->tp_alloc(type, 0) : NULL;
	if (!g) {
		Py_XDECREF(it);
		return NULL;
	}
	g->it = it;
	g->keyfunc = Py_NewRef(a[1] ? a[1] : Py_None);
	return (PyObject *)g;
}

/* Takes the next item and its key: false at the end, or with an exception. */
static bool groupby_step(GroupByObject *g)
{
	PyObject *item = g->it ? _PyIter_Step(g->it) : NULL, *key;

	if (!item)
		return false;
	key = Py_IsNone(g->keyfunc) ? Py_NewRef(item) : PyObject_CallOneArg(g->keyfunc, item);
	if (!key) {
		Py_DECREF(item);
		return false;
	}
	Py_XSETREF(g->item, item);
	Py_XSETREF(g->key, key);
	return true;
}

/* Whether the item taken last belongs to that group: 1, 0, -1. The comparison may come back here.
 */
static int is_in_group(GroupByObject *g, PyObject *target)
{
	PyObject *key = Py_NewRef(g->key);
	int same;

	Py_INCREF(target);
	same = PyObject_RichCompareBool(target, key, Py_EQ);
	Py_DECREF(target);
	Py_DECREF(key);
	return same;
}

static PyObject *grouper_make(GroupByObject *parent, PyObject *target)
{
	GrouperObject *group = PyObject_GC_New(GrouperObject, &_PyGrouper_Type);

	if (!group)
		return NULL;
	group->parent = Py_NewRef(parent);
	group->target = Py_NewRef(target);
	parent->group = group;
	PyObject_GC_Track(group);
	return (PyObject *)group;
}

static PyObject *groupby_next(PyObject *o)
{
	GroupByObject *g = (GroupByObject *)o;
	PyObject *key, *group;

	g->group = NULL;
	for (;;) { /* to the first item after the group given last */
		int same = !g->key ? 1 : !g->target ? 0 : is_in_group(g, g->target);

		if (same < 0)
			return NULL;
		if (!same)
			break;
		if (!groupby_step(g))
			return NULL;
	}
	if (!g->key)
		return NULL;
	key = Py_NewRef(g->key);
	Py_INCREF(key);
	Py_XSETREF(g->target, key);
	group = grouper_make(g, key);
	return _PyTuple_OF(key, group);
}

static PyObject *groupby_reduce(PyObject *o, PyObject *unused)
{
	GroupByObject *g = (GroupByObject *)o;
	PyObject *args = _PyTuple_OF(Py_XNewRef(g->it), Py_XNewRef(g->keyfunc));

	if (!g->target || !g->key || !g->item)
		return _PyIter_Reduce(o, args);
	return _PyIter_ReduceWith(
		o, args, _PyTuple_OF(Py_NewRef(g->key), Py_NewRef(g->item), Py_NewRef(g->target)));
}

static PyObject *groupby_setstate(PyObject *o, PyObject *state)
{
	GroupByObject *g = (GroupByObject *)o;
	PyObject *key, *item, *target;

	if (!PyTuple_Check(state))
		return PyErr_Format(PyExc_TypeError, "state is not a tuple");
	if (!PyArg_UnpackTuple(state, "function", 3, 3, &key, &item, &target))
		return NULL;
	Py_INCREF(key);
	Py_INCREF(item);
	Py_INCREF(target);
	Py_XSETREF(g->key, key);
	Py_XSETREF(g->item, item);
	Py_XSETREF(g->target, target);
	Py_RETURN_NONE;
}

static PyMethodDef groupby_methods[] = {ITER_REDUCE(groupby), ITER_SETSTATE(groupby), {0}};
ITER_TYPE(_PyGroupBy_Type, groupby, GroupByObject,
	  "groupby(iterable, key=None) --> (key, iterator over the items that have it), ...")

/* -- One group --------------------------------------------------------------------------------- */
static PyObject *_grouper_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *parent, *target;

	if (!_PyIter_NoKeywords(type, &_PyGrouper_Type, kwargs) ||
	    !PyArg_UnpackTuple(args, "_grouper", 2, 2, &parent, &target))
		return NULL;
	if (!PyObject_TypeCheck(parent, &_PyGroupBy_Type))
		return PyErr_Format(PyExc_TypeError,
				    "_grouper() argument 1 must be itertools.groupby, not %.50s",
				    Py_TYPE(parent)->tp_name);
	return grouper_make((GroupByObject *)parent, target);
}

static PyObject *_grouper_next(PyObject *o)
{
	GrouperObject *group = (GrouperObject *)o;
	GroupByObject *g = (GroupByObject *)group->parent;
	PyObject *item;

	if (!g || g->group != group || (!g->item && !groupby_step(g)))
		return NULL;
	if (!g->key || !group->target || is_in_group(g, group->target) <= 0)
		return NULL;
	item = g->item;
	g->item = NULL;
	return item;
}

static PyObject *_grouper_reduce(PyObject *o, PyObject *unused)
{
	GrouperObject *group = (GrouperObject *)o;

	if (group->parent && ((GroupByObject *)group->parent)->group != group) {
		PyObject *empty = PyTuple_New(0), *it = empty ? PyObject_GetIter(empty) : NULL;
		PyObject *ret = it ? PyObject_CallMethodNoArgs(it, _Py_ID(__reduce__)) : NULL;

		Py_XDECREF(empty);
		Py_XDECREF(it);
		return ret;
	}
	return _PyIter_Reduce(o, _PyTuple_OF(Py_XNewRef(group->parent), Py_XNewRef(group->target)));
}

static PyMethodDef _grouper_methods[] = {ITER_REDUCE(_grouper), {0}};
ITER_TYPE_OF(_PyGrouper_Type, _grouper, GrouperObject, 0, _grouper, _grouper_methods, NULL)
