/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dict views and dict iterators. A view holds its dict; an iterator holds it until it is
 * exhausted and notices when keys have come or gone.
 */
#include "objects/dict_priv.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/descr.h"
#include "objects/iter.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/set.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

/* -- Iterators --------------------------------------------------------------------------------- */
typedef struct {
	PyObject_HEAD PyDictObject *dict; /* NULL when exhausted */
	Py_ssize_t used;                  /* the dict's at the start; -1: it has changed */
	Py_ssize_t pos;                   /* of the next entry */
	Py_ssize_t left;
	PyObject *pair; /* items: given out again when nobody else has it */
} IterObject;

static bool is_reverse(PyTypeObject *type)
{
	return type == &PyDictRevIterKey_Type || type == &PyDictRevIterValue_Type ||
	       type == &PyDictRevIterItem_Type;
}

static bool is_items(PyTypeObject *type)
{
	return type == &PyDictIterItem_Type || type == &PyDictRevIterItem_Type;
}

PyObject *_PyDictIter_New(PyDictObject *dict, PyTypeObject *type)
{
	IterObject *it = PyObject_GC_New(IterObject, type);

	if (!it)
		return NULL;
	it->dict = (PyDictObject *)Py_NewRef(dict);
	it->used = it->left = dict->ma_used;
	it->pos = is_reverse(type) ? dict->ma_keys->dk_nentries - 1 : 0;
	it->pair = is_items(type) ? PyTuple_Pack(2, Py_None, Py_None) : NULL;
	PyObject_GC_Track(it);
	if (is_items(type) && !it->pair)
		Py_CLEAR(it);
	return (PyObject *)it;
}

static void iter_dealloc(PyObject *o)
{
	IterObject *it = (IterObject *)o;

	PyObject_GC_UnTrack(o);
	Py_XDECREF(it->dict);
	Py_XDECREF(it->pair);
	PyObject_GC_Del(o);
}

static int iter_traverse(PyObject *o, visitproc visit, void *arg)
{
	Py_VISIT(((IterObject *)o)->dict);
	Py_VISIT(((IterObject *)o)->pair);
	return 0;
}

/* The next entry, borrowed; false: exhausted, or RuntimeError. */
static bool advance(IterObject *it, int step, PyObject **key, PyObject **value)
{
	PyDictKeysObject *keys;
	Py_hash_t hash;

	if (!it->dict)
		return false;
	if (it->used != it->dict->ma_used) {
		PyErr_SetString(PyExc_RuntimeError, "dictionary changed size during iteration");
		it->used = -1;
		return false;
	}
	keys = it->dict->ma_keys;
	for (; it->pos >= 0 && it->pos < keys->dk_nentries; it->pos += step)
		if (_PyDict_EntryAt(keys, it->pos, key, value, &hash)) {
			if (it->left == 0) {
				PyErr_SetString(PyExc_RuntimeError,
						"dictionary keys changed during iteration");
				break;
			}
			it->pos += step;
			it->left--;
			return true;
		}
	Py_CLEAR(it->dict);
	return false;
}

static PyObject *pair_of(IterObject *it, PyObject *key, PyObject *value)
{
	PyObject *pair = it->pair, *old_key, *old_value;

	Py_INCREF(key);
	Py_INCREF(value);
	if (Py_REFCNT(pair) == 1) {
		old_key = PyTuple_GET_ITEM(pair, 0);
		old_value = PyTuple_GET_ITEM(pair, 1);
		PyTuple_SET_ITEM(pair, 0, key);
		PyTuple_SET_ITEM(pair, 1, value);
		Py_INCREF(pair);
		Py_DECREF(old_key);
		Py_DECREF(old_value);
		return pair;
	}
	pair = PyTuple_New(2);
	if (!pair) {
		Py_DECREF(key);
		Py_DECREF(value);
		return NULL;
	}
	PyTuple_SET_ITEM(pair, 0, key);
	PyTuple_SET_ITEM(pair, 1, value);
	return pair;
}

#define ITER_NEXT(name, step, result)                                   \
	static PyObject *name(PyObject *o)                              \
	{                                                               \
		IterObject *it = (IterObject *)o;                       \
		PyObject *key, *value;                                  \
                                                                        \
		return advance(it, step, &key, &value) ? result : NULL; \
	}
ITER_NEXT(next_key, 1, Py_NewRef(key))
ITER_NEXT(next_value, 1, Py_NewRef(value))
ITER_NEXT(next_item, 1, pair_of(it, key, value))
ITER_NEXT(previous_key, -1, Py_NewRef(key))
ITER_NEXT(previous_value, -1, Py_NewRef(value))
ITER_NEXT(previous_item, -1, pair_of(it, key, value))

static PyObject *iter_length_hint(PyObject *o, PyObject *unused)
{
	IterObject *it = (IterObject *)o;

	return PyLong_FromSsize_t(it->dict && it->used == it->dict->ma_used ? it->left : 0);
}

static PyMethodDef iter_methods[] = {
	{"__length_hint__", iter_length_hint, METH_NOARGS, NULL},
	{NULL, NULL, 0, NULL},
};

_PY_ITER_TYPE(PyDictIterKey_Type, IterObject, "dict_keyiterator", next_key)
_PY_ITER_TYPE(PyDictIterValue_Type, IterObject, "dict_valueiterator", next_value)
_PY_ITER_TYPE(PyDictIterItem_Type, IterObject, "dict_itemiterator", next_item)
_PY_ITER_TYPE(PyDictRevIterKey_Type, IterObject, "dict_reversekeyiterator", previous_key)
_PY_ITER_TYPE(PyDictRevIterValue_Type, IterObject, "dict_reversevalueiterator", previous_value)
_PY_ITER_TYPE(PyDictRevIterItem_Type, IterObject, "dict_reverseitemiterator", previous_item)

/* -- Views ------------------------------------------------------------------------------------- */
#define VIEW_DICT(o)   (((PyDictViewObject *)(o))->dict)
#define IS_KEYS(o)     Py_IS_TYPE(o, &PyDictKeys_Type)
#define IS_ITEMS(o)    Py_IS_TYPE(o, &PyDictItems_Type)
#define IS_SET_LIKE(o) (PyAnySet_Check(o) || IS_KEYS(o) || IS_ITEMS(o))

PyObject *_PyDictView_New(PyObject *dict, PyTypeObject *type)
{
	PyDictViewObject *v = PyObject_GC_New(PyDictViewObject, type);

	if (!v)
		return NULL;
	v->dict = (PyDictObject *)Py_NewRef(dict);
	PyObject_GC_Track(v);
	return (PyObject *)v;
}

static void view_dealloc(PyObject *o)
{
	PyObject_GC_UnTrack(o);
	Py_XDECREF(VIEW_DICT(o));
	PyObject_GC_Del(o);
}

static int view_traverse(PyObject *o, visitproc visit, void *arg)
{
	Py_VISIT(VIEW_DICT(o));
	return 0;
}

static Py_ssize_t view_length(PyObject *o)
{
	return VIEW_DICT(o)->ma_used;
}

static PyObject *view_repr(PyObject *o)
{
	int entered = Py_ReprEnter(o);
	PyObject *list, *ret = NULL;

	if (entered)
		return entered > 0 ? PyUnicode_FromString("...") : NULL;
	list = PySequence_List(o);
	if (list) {
		ret = PyUnicode_FromFormat("%s(%R)", Py_TYPE(o)->tp_name, list);
		Py_DECREF(list);
	}
	Py_ReprLeave(o);
	return ret;
}

static PyObject *keys_iter(PyObject *o)
{
	return _PyDictIter_New(VIEW_DICT(o), &PyDictIterKey_Type);
}

static PyObject *values_iter(PyObject *o)
{
	return _PyDictIter_New(VIEW_DICT(o), &PyDictIterValue_Type);
}

static PyObject *items_iter(PyObject *o)
{
	return _PyDictIter_New(VIEW_DICT(o), &PyDictIterItem_Type);
}

static PyObject *keys_reversed(PyObject *o, PyObject *unused)
{
	return _PyDictIter_New(VIEW_DICT(o), &PyDictRevIterKey_Type);
}

static PyObject *values_reversed(PyObject *o, PyObject *unused)
{
	return _PyDictIter_New(VIEW_DICT(o), &PyDictRevIterValue_Type);
}

static PyObject *items_reversed(PyObject *o, PyObject *unused)
{
	return _PyDictIter_New(VIEW_DICT(o), &PyDictRevIterItem_Type);
}

static int keys_contains(PyObject *o, PyObject *key)
{
	return PyDict_Contains((PyObject *)VIEW_DICT(o), key);
}

static int items_contains(PyObject *o, PyObject *item)
{
	PyObject *found;
	int cmp;

	if (!PyTuple_Check(item) || PyTuple_GET_SIZE(item) != 2)
		return 0;
	found = PyDict_GetItemWithError((PyObject *)VIEW_DICT(o), PyTuple_GET_ITEM(item, 0));
	if (!found)
		return PyErr_Occurred() ? -1 : 0;
	Py_INCREF(found);
	cmp = PyObject_RichCompareBool(found, PyTuple_GET_ITEM(item, 1), Py_EQ);
	Py_DECREF(found);
	return cmp;
}

/* Is everything in a also in b? */
static int all_in(PyObject *a, PyObject *b)
{
	PyObject *it = PyObject_GetIter(a), *item;
	int in = 1;

	if (!it)
		return -1;
	while (in == 1 && (item = PyIter_Next(it))) {
		in = PySequence_Contains(b, item);
		Py_DECREF(item);
	}
	Py_DECREF(it);
	return PyErr_Occurred() ? -1 : in;
}

static PyObject *view_richcompare(PyObject *a, PyObject *b, int op)
{
	Py_ssize_t n, m;
	int ok = 0;

	if (!IS_SET_LIKE(b))
		Py_RETURN_NOTIMPLEMENTED;
	n = PyObject_Size(a);
	m = n < 0 ? -1 : PyObject_Size(b);
	if (m < 0)
		return NULL;
	switch (op) {
	case Py_EQ:
	case Py_NE: ok = n == m ? all_in(a, b) : 0; break;
	case Py_LT: ok = n < m ? all_in(a, b) : 0; break;
	case Py_LE: ok = n <= m ? all_in(a, b) : 0; break;
	case Py_GT: ok = n > m ? all_in(b, a) : 0; break;
	case Py_GE: ok = n >= m ? all_in(b, a) : 0; break;
	}
	if (ok < 0)
		return NULL;
	return PyBool_FromLong(op == Py_NE ? !ok : ok);
}

/* A set of a - b when in is 0, of the common items when it is 1. */
static PyObject *filter(PyObject *a, PyObject *b, int in)
{
	PyObject *ret = PySet_New(NULL), *it = ret ? PyObject_GetIter(a) : NULL, *item;
	int err = it ? 0 : -1, found;

	while (err == 0 && (item = PyIter_Next(it))) {
		found = PySequence_Contains(b, item);
		if (found < 0 || (found == in && PySet_Add(ret, item) < 0))
			err = -1;
		Py_DECREF(item);
	}
	Py_XDECREF(it);
	if (err < 0 || PyErr_Occurred())
		Py_CLEAR(ret);
	return ret;
}

static PyObject *view_subtract(PyObject *a, PyObject *b)
{
	PyObject *ret = PySet_New(a), *it = ret ? PyObject_GetIter(b) : NULL, *item;
	int err = it ? 0 : -1;

	while (err == 0 && (item = PyIter_Next(it))) {
		err = PySet_Discard(ret, item) < 0 ? -1 : 0;
		Py_DECREF(item);
	}
	Py_XDECREF(it);
	if (err < 0 || PyErr_Occurred())
		Py_CLEAR(ret);
	return ret;
}

static PyObject *view_and(PyObject *a, PyObject *b)
{
	if (!IS_KEYS(a) && !IS_ITEMS(a)) {
		PyObject *t = a;

		a = b;
		b = t;
	}
	return filter(b, a, 1);
}

static PyObject *view_or(PyObject *a, PyObject *b)
{
	PyObject *ret = PySet_New(a);

	if (ret && _PySet_Update(ret, b) < 0)
		Py_CLEAR(ret);
	return ret;
}

static PyObject *view_xor(PyObject *a, PyObject *b)
{
	PyObject *x = PySet_New(a), *y = x ? PySet_New(b) : NULL, *ret = NULL;

	if (y)
		ret = PyNumber_Xor(x, y);
	Py_XDECREF(x);
	Py_XDECREF(y);
	return ret;
}

static PyObject *view_isdisjoint(PyObject *self, PyObject *other)
{
	PyObject *it = PyObject_GetIter(other), *item;
	int found = 0;

	if (!it)
		return NULL;
	while (found == 0 && (item = PyIter_Next(it))) {
		found = PySequence_Contains(self, item);
		Py_DECREF(item);
	}
	Py_DECREF(it);
	return PyErr_Occurred() ? NULL : PyBool_FromLong(!found);
}

static PyObject *view_mapping(PyObject *o, void *unused)
{
	return PyDictProxy_New((PyObject *)VIEW_DICT(o));
}

static PyGetSetDef view_getset[] = {
	{"mapping", view_mapping, NULL, NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL},
};

#define SET_LIKE_METHODS {"isdisjoint", view_isdisjoint, METH_O, NULL},
static PyMethodDef keys_methods[] = {
	SET_LIKE_METHODS{"__reversed__", keys_reversed, METH_NOARGS, NULL},
	{NULL, NULL, 0, NULL},
};
static PyMethodDef items_methods[] = {
	SET_LIKE_METHODS{"__reversed__", items_reversed, METH_NOARGS, NULL},
	{NULL, NULL, 0, NULL},
};
static PyMethodDef values_methods[] = {
	{"__reversed__", values_reversed, METH_NOARGS, NULL},
	{NULL, NULL, 0, NULL},
};

#define VIEW_HEAD(name, iter, methods)                                                           \
	PyVarObject_HEAD_INIT(&PyType_Type, 0),                                                  \
		.tp_name = name, .tp_basicsize = sizeof(PyDictViewObject),                       \
		.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, .tp_dealloc = view_dealloc, \
		.tp_free = PyObject_GC_Del, .tp_traverse = view_traverse, .tp_repr = view_repr,  \
		.tp_iter = iter, .tp_methods = methods, .tp_getset = view_getset,                \
		.sq_length = view_length
#define VIEW_SET_SLOTS                                                              \
	.tp_richcompare = view_richcompare, .tp_hash = PyObject_HashNotImplemented, \
	.nb_subtract = view_subtract, .nb_and = view_and, .nb_or = view_or, .nb_xor = view_xor

PyTypeObject PyDictKeys_Type = {
	VIEW_HEAD("dict_keys", keys_iter, keys_methods),
	VIEW_SET_SLOTS,
	.sq_contains = keys_contains,
};
PyTypeObject PyDictItems_Type = {
	VIEW_HEAD("dict_items", items_iter, items_methods),
	VIEW_SET_SLOTS,
	.sq_contains = items_contains,
};
PyTypeObject PyDictValues_Type = {
	VIEW_HEAD("dict_values", values_iter, values_methods),
};
