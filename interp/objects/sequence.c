/* SPDX-License-Identifier: BSD-2-Clause */
/* The sequence, mapping and iterator protocols. */
#include "core/errors.h"
#include "objects/genericalias.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/dict.h"
#include "objects/iter.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/unicode.h"

static PyObject *type_error(const char *format, PyObject *o)
{
	return PyErr_Format(PyExc_TypeError, format, Py_TYPE(o)->tp_name);
}

/* -- Size -------------------------------------------------------------------------------------- */
Py_ssize_t PyObject_Size(PyObject *o)
{
	PyTypeObject *t = Py_TYPE(o);

	if (t->sq_length)
		return t->sq_length(o);
	if (t->mp_length)
		return t->mp_length(o);
	type_error("object of type '%.200s' has no len()", o);
	return -1;
}

Py_ssize_t PySequence_Size(PyObject *o)
{
	return PyObject_Size(o);
}

Py_ssize_t PyMapping_Size(PyObject *o)
{
	return PyObject_Size(o);
}

Py_ssize_t PyObject_LengthHint(PyObject *o, Py_ssize_t fallback)
{
	PyObject *f, *r;
	Py_ssize_t n;

	if (Py_TYPE(o)->sq_length || Py_TYPE(o)->mp_length) {
		n = PyObject_Size(o);
		if (n >= 0)
			return n;
		if (!PyErr_ExceptionMatches(PyExc_TypeError))
			return -1;
		PyErr_Clear();
	}
	f = _PyObject_LookupSpecial(o, _Py_ID(__length_hint__));
	if (!f)
		return PyErr_Occurred() ? -1 : fallback;
	r = PyObject_CallNoArgs(f);
	Py_DECREF(f);
	if (!r) {
		if (!PyErr_ExceptionMatches(PyExc_TypeError))
			return -1;
		PyErr_Clear();
		return fallback;
	}
	if (r == Py_NotImplemented) {
		n = fallback;
	} else if (!PyLong_Check(r)) {
		PyErr_Format(PyExc_TypeError, "__length_hint__ must be an integer, not %.100s",
			     Py_TYPE(r)->tp_name);
		n = -1;
	} else {
		n = PyLong_AsSsize_t(r);
		if (n < 0 && !PyErr_Occurred())
			PyErr_SetString(PyExc_ValueError, "__length_hint__() should return >= 0");
		n = n < 0 ? -1 : n;
	}
	Py_DECREF(r);
	return n;
}

/* -- Items ------------------------------------------------------------------------------------- */
static PyObject *class_getitem(PyObject *cls, PyObject *key)
{
	PyObject *f, *r;

	if (cls ==
	    (PyObject *)&PyType_Type) /* type[int], though no other class of classes is one */
		return Py_GenericAlias(cls, key);
	if (_PyObject_LookupAttr(cls, _Py_ID(__class_getitem__), &f) < 0)
		return NULL;
	if (!f)
		return PyErr_Format(PyExc_TypeError, "type '%.200s' is not subscriptable",
				    ((PyTypeObject *)cls)->tp_name);
	r = PyObject_CallOneArg(f, key);
	Py_DECREF(f);
	return r;
}

PyObject *PyObject_GetItem(PyObject *o, PyObject *key)
{
	PyTypeObject *t = Py_TYPE(o);
	Py_ssize_t i;

	if (t->mp_subscript)
		return t->mp_subscript(o, key);
	if (t->sq_item) {
		if (!PyIndex_Check(key))
			return type_error("sequence index must be integer, not '%.200s'", key);
		i = PyNumber_AsSsize_t(key, PyExc_IndexError);
		if (i == -1 && PyErr_Occurred())
			return NULL;
		return PySequence_GetItem(o, i);
	}
	if (PyType_Check(o))
		return class_getitem(o, key);
	return type_error("'%.200s' object is not subscriptable", o);
}

static int set_item(PyObject *o, PyObject *key, PyObject *value, const char *what)
{
	PyTypeObject *t = Py_TYPE(o);
	bool is_sequence = t->sq_length || t->sq_item || t->sq_concat || t->sq_contains;
	Py_ssize_t i;

	if (t->mp_ass_subscript)
		return t->mp_ass_subscript(o, key, value);
	if (t->sq_ass_item && PyIndex_Check(key)) {
		i = PyNumber_AsSsize_t(key, PyExc_IndexError);
		if (i == -1 && PyErr_Occurred())
			return -1;
		return PySequence_SetItem(o, i, value);
	}
	if (t->sq_ass_item)
		type_error("sequence index must be integer, not '%.200s'", key);
	else
		PyErr_Format(PyExc_TypeError, "'%.200s' object does%s support item %s", t->tp_name,
			     !value && is_sequence && PyIndex_Check(key) ? "n't" : " not", what);
	return -1;
}

int PyObject_SetItem(PyObject *o, PyObject *key, PyObject *value)
{
	return set_item(o, key, value, "assignment");
}

int PyObject_DelItem(PyObject *o, PyObject *key)
{
	return set_item(o, key, NULL, "deletion");
}

/* Counts a negative index from the end: false with an exception. */
static bool from_end(PyObject *o, Py_ssize_t *i)
{
	Py_ssize_t n;

	if (*i >= 0 || !Py_TYPE(o)->sq_length)
		return true;
	n = Py_TYPE(o)->sq_length(o);
	*i += n;
	return n >= 0;
}

PyObject *PySequence_GetItem(PyObject *o, Py_ssize_t i)
{
	if (Py_TYPE(o)->sq_item)
		return from_end(o, &i) ? Py_TYPE(o)->sq_item(o, i) : NULL;
	return type_error(Py_TYPE(o)->mp_subscript ? "%.200s is not a sequence"
						   : "'%.200s' object does not support indexing",
			  o);
}

int PySequence_SetItem(PyObject *o, Py_ssize_t i, PyObject *value)
{
	if (Py_TYPE(o)->sq_ass_item)
		return from_end(o, &i) ? Py_TYPE(o)->sq_ass_item(o, i, value) : -1;
	type_error("'%.200s' object does not support item assignment", o);
	return -1;
}

int PySequence_DelItem(PyObject *o, Py_ssize_t i)
{
	return PySequence_SetItem(o, i, NULL);
}

/* -- Sequences --------------------------------------------------------------------------------- */
int PySequence_Check(PyObject *o)
{
	return !PyDict_Check(o) && Py_TYPE(o)->sq_item;
}

PyObject *PySequence_Concat(PyObject *v, PyObject *w)
{
	if (Py_TYPE(v)->sq_concat)
		return Py_TYPE(v)->sq_concat(v, w);
	if (PySequence_Check(v) && PySequence_Check(w))
		return PyNumber_Add(v, w);
	return type_error("'%.200s' object can't be concatenated", v);
}

PyObject *PySequence_InPlaceConcat(PyObject *v, PyObject *w)
{
	if (Py_TYPE(v)->sq_inplace_concat)
		return Py_TYPE(v)->sq_inplace_concat(v, w);
	if (!Py_TYPE(v)->sq_concat && PySequence_Check(v) && PySequence_Check(w))
		return PyNumber_InPlaceAdd(v, w);
	return PySequence_Concat(v, w);
}

PyObject *PySequence_Repeat(PyObject *o, Py_ssize_t n)
{
	PyObject *count, *r;

	if (Py_TYPE(o)->sq_repeat)
		return Py_TYPE(o)->sq_repeat(o, n);
	if (!PySequence_Check(o))
		return type_error("'%.200s' object can't be repeated", o);
	count = PyLong_FromSsize_t(n);
	if (!count)
		return NULL;
	r = PyNumber_Multiply(o, count);
	Py_DECREF(count);
	return r;
}

PyObject *PySequence_InPlaceRepeat(PyObject *o, Py_ssize_t n)
{
	if (Py_TYPE(o)->sq_inplace_repeat)
		return Py_TYPE(o)->sq_inplace_repeat(o, n);
	return PySequence_Repeat(o, n);
}

PyObject *PySequence_Fast(PyObject *o, const char *msg)
{
	PyObject *it, *list;

	if (PyList_CheckExact(o) || PyTuple_CheckExact(o))
		return Py_NewRef(o);
	it = PyObject_GetIter(o);
	if (!it) {
		if (PyErr_ExceptionMatches(PyExc_TypeError))
			PyErr_SetString(PyExc_TypeError, msg);
		return NULL;
	}
	list = PySequence_List(it);
	Py_DECREF(it);
	return list;
}

/* What to do with an item that is equal. */
enum search { SEARCH_COUNT, SEARCH_INDEX, SEARCH_CONTAINS };

static Py_ssize_t search(PyObject *seq, PyObject *item, enum search what)
{
	PyObject *it = PyObject_GetIter(seq), *x;
	Py_ssize_t n = 0, i = 0;

	if (!it) {
		if (PyErr_ExceptionMatches(PyExc_TypeError))
			type_error("argument of type '%.200s' is not iterable", seq);
		return -1;
	}
	while ((x = PyIter_Next(it))) {
		int equal = PyObject_RichCompareBool(x, item, Py_EQ);

		Py_DECREF(x);
		if (equal < 0)
			goto fail;
		if (equal && what != SEARCH_COUNT) {
			Py_DECREF(it);
			return what == SEARCH_INDEX ? i : 1;
		}
		n += equal;
		i++;
	}
	if (PyErr_Occurred())
		goto fail;
	Py_DECREF(it);
	if (what != SEARCH_INDEX)
		return n;
	PyErr_SetString(PyExc_ValueError, "sequence.index(x): x not in sequence");
	return -1;
fail:
	Py_DECREF(it);
	return -1;
}

int PySequence_Contains(PyObject *seq, PyObject *item)
{
	if (Py_TYPE(seq)->sq_contains)
		return Py_TYPE(seq)->sq_contains(seq, item);
	return (int)search(seq, item, SEARCH_CONTAINS);
}

Py_ssize_t PySequence_Count(PyObject *seq, PyObject *item)
{
	return search(seq, item, SEARCH_COUNT);
}

Py_ssize_t PySequence_Index(PyObject *seq, PyObject *item)
{
	return search(seq, item, SEARCH_INDEX);
}

/* -- Mappings ---------------------------------------------------------------------------------- */
int PyMapping_Check(PyObject *o)
{
	return o && Py_TYPE(o)->mp_subscript;
}

PyObject *PyMapping_GetItemString(PyObject *o, const char *key)
{
	PyObject *k = PyUnicode_FromString(key), *r;

	if (!k)
		return NULL;
	r = PyObject_GetItem(o, k);
	Py_DECREF(k);
	return r;
}

int PyMapping_SetItemString(PyObject *o, const char *key, PyObject *value)
{
	PyObject *k = PyUnicode_FromString(key);
	int r;

	if (!k)
		return -1;
	r = PyObject_SetItem(o, k, value);
	Py_DECREF(k);
	return r;
}

int PyMapping_HasKey(PyObject *o, PyObject *key)
{
	PyObject *v = PyObject_GetItem(o, key);

	if (!v)
		PyErr_Clear();
	Py_XDECREF(v);
	return v != NULL;
}

static PyObject *method_as_list(PyObject *o, PyObject *name)
{
	PyObject *r = PyObject_CallMethodNoArgs(o, name), *it, *list;

	if (!r || PyList_CheckExact(r))
		return r;
	it = PyObject_GetIter(r);
	if (!it) {
		if (PyErr_ExceptionMatches(PyExc_TypeError))
			PyErr_Format(PyExc_TypeError,
				     "%.200s.%U() returned a non-iterable (type %.200s)",
				     Py_TYPE(o)->tp_name, name, Py_TYPE(r)->tp_name);
		Py_DECREF(r);
		return NULL;
	}
	Py_DECREF(r);
	list = PySequence_List(it);
	Py_DECREF(it);
	return list;
}

PyObject *PyMapping_Keys(PyObject *o)
{
	return PyDict_CheckExact(o) ? PyDict_Keys(o) : method_as_list(o, _Py_ID(keys));
}

PyObject *PyMapping_Values(PyObject *o)
{
	return PyDict_CheckExact(o) ? PyDict_Values(o) : method_as_list(o, _Py_ID(values));
}

PyObject *PyMapping_Items(PyObject *o)
{
	return PyDict_CheckExact(o) ? PyDict_Items(o) : method_as_list(o, _Py_ID(items));
}

/* -- Iterators --------------------------------------------------------------------------------- */
int PyIter_Check(PyObject *o)
{
	return Py_TYPE(o)->tp_iternext != NULL;
}

PyObject *PyObject_GetIter(PyObject *o)
{
	PyObject *it;

	if (!Py_TYPE(o)->tp_iter) {
		if (PySequence_Check(o))
			return PySeqIter_New(o);
		return type_error("'%.200s' object is not iterable", o);
	}
	it = Py_TYPE(o)->tp_iter(o);
	if (it && !PyIter_Check(it)) {
		type_error("iter() returned non-iterator of type '%.100s'", it);
		Py_CLEAR(it);
	}
	return it;
}

PyObject *PyIter_Next(PyObject *it)
{
	PyObject *r = Py_TYPE(it)->tp_iternext(it);

	if (!r && PyErr_Occurred() && PyErr_ExceptionMatches(PyExc_StopIteration))
		PyErr_Clear();
	return r;
}
