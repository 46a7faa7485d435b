/* SPDX-License-Identifier: BSD-2-Clause */
/* dict: what takes in other mappings, and the calls by C string. */
#include "objects/dict_priv.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/call.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

void _PyErr_SetKeyError(PyObject *key)
{
	PyObject *exc = PyObject_CallOneArg(PyExc_KeyError, key);

	if (exc) {
		PyErr_SetObject(PyExc_KeyError, exc);
		Py_DECREF(exc);
	}
}

PyObject *PyDict_GetItemString(PyObject *o, const char *key)
{
	PyObject *str = PyUnicode_FromString(key), *value;

	if (!str) {
		PyErr_Clear();
		return NULL;
	}
	value = PyDict_GetItem(o, str);
	Py_DECREF(str);
	return value;
}

int PyDict_SetItemString(PyObject *o, const char *key, PyObject *value)
{
	PyObject *str = PyUnicode_InternFromString(key);
	int err;

	if (!str)
		return -1;
	err = PyDict_SetItem(o, str, value);
	Py_DECREF(str);
	return err;
}

int PyDict_DelItemString(PyObject *o, const char *key)
{
	PyObject *str = PyUnicode_FromString(key);
	int err;

	if (!str)
		return -1;
	err = PyDict_DelItem(o, str);
	Py_DECREF(str);
	return err;
}

Py_ssize_t PyDict_Size(PyObject *o)
{
	if (!PyDict_Check(o)) {
		PyErr_BadInternalCall();
		return -1;
	}
	return PyDict_GET_SIZE(o);
}

/* A list of what part says of every item; the dict may change size while the list is made. */
enum part { KEYS, VALUES, ITEMS };

static PyObject *to_list(PyObject *o, enum part part)
{
	Py_ssize_t n, i, pos;
	PyObject *list, *key, *value;

	if (!PyDict_Check(o)) {
		PyErr_BadInternalCall();
		return NULL;
	}
again:
	n = PyDict_GET_SIZE(o);
	list = PyList_New(n);
	if (!list)
		return NULL;
	if (part == ITEMS) /* all allocation first: it may run the collector */
		for (i = 0; i < n; i++) {
			PyObject *pair = PyTuple_New(2);

			if (!pair) {
				Py_DECREF(list);
				return NULL;
			}
			PyList_SET_ITEM(list, i, pair);
		}
	if (n != PyDict_GET_SIZE(o)) {
		Py_DECREF(list);
		goto again;
	}
	for (i = 0, pos = 0; i < n && PyDict_Next(o, &pos, &key, &value); i++) {
		if (part == ITEMS) {
			PyTuple_SET_ITEM(PyList_GET_ITEM(list, i), 0, Py_NewRef(key));
			PyTuple_SET_ITEM(PyList_GET_ITEM(list, i), 1, Py_NewRef(value));
		} else {
			PyList_SET_ITEM(list, i, Py_NewRef(part == KEYS ? key : value));
		}
	}
	return list;
}

PyObject *PyDict_Keys(PyObject *o)
{
	return to_list(o, KEYS);
}

PyObject *PyDict_Values(PyObject *o)
{
	return to_list(o, VALUES);
}

PyObject *PyDict_Items(PyObject *o)
{
	return to_list(o, ITEMS);
}

/* -- Merging ----------------------------------------------------------------------------------- */
enum override { KEEP, REPLACE, RAISE };

static int put(PyObject *o, PyObject *key, PyObject *value, Py_hash_t hash, enum override override)
{
	if (override != REPLACE) {
		PyObject *old = _PyDict_GetItem_KnownHash(o, key, hash);

		if (!old && PyErr_Occurred())
			return -1;
		if (old && override == RAISE) {
			_PyErr_SetKeyError(key);
			return -1;
		}
		if (old)
			return 0;
	}
	return _PyDict_SetItem_KnownHash(o, key, value, hash);
}

static int merge_dict(PyObject *o, PyObject *other, enum override override)
{
	Py_ssize_t pos = 0, used = PyDict_GET_SIZE(other);
	PyObject *key, *value;
	Py_hash_t hash;

	if (o == other)
		return 0;
	while (_PyDict_Next(other, &pos, &key, &value, &hash)) {
		int err;

		Py_INCREF(key);
		Py_INCREF(value);
		err = put(o, key, value, hash, override);
		Py_DECREF(key);
		Py_DECREF(value);
		if (err < 0)
			return -1;
		if (PyDict_GET_SIZE(other) != used) {
			PyErr_SetString(PyExc_RuntimeError, "dict mutated during update");
			return -1;
		}
	}
	return 0;
}

/* By keys() and __getitem__. */
static int merge_mapping(PyObject *o, PyObject *other, enum override override)
{
	PyObject *keys = PyMapping_Keys(other), *it, *key;
	int err = 0;

	if (!keys)
		return -1;
	it = PyObject_GetIter(keys);
	Py_DECREF(keys);
	if (!it)
		return -1;
	while (err == 0 && (key = PyIter_Next(it))) {
		PyObject *value = PyObject_GetItem(other, key);
		Py_hash_t hash = value ? _PyDict_KeyHash(key) : -1;

		err = hash == -1 ? -1 : put(o, key, value, hash, override);
		Py_XDECREF(value);
		Py_DECREF(key);
	}
	Py_DECREF(it);
	return err < 0 || PyErr_Occurred() ? -1 : 0;
}

static int merge(PyObject *o, PyObject *other, enum override override)
{
	if (!PyDict_Check(o) || !other) {
		PyErr_BadInternalCall();
		return -1;
	}
	if (PyDict_Check(other) && Py_TYPE(other)->tp_iter == PyDict_Type.tp_iter)
		return merge_dict(o, other, override);
	return merge_mapping(o, other, override);
}

int PyDict_Merge(PyObject *o, PyObject *other, int override)
{
	return merge(o, other, override ? REPLACE : KEEP);
}

int _PyDict_MergeEx(PyObject *o, PyObject *other, int override)
{
	return merge(o, other, (enum override) override);
}

int PyDict_Update(PyObject *o, PyObject *other)
{
	return merge(o, other, REPLACE);
}

static int put_pair(PyObject *o, PyObject *item, Py_ssize_t i, int override)
{
	PyObject *fast = PySequence_Fast(item, ""), *key, *value;
	Py_ssize_t n;
	int err;

	if (!fast) {
		if (PyErr_ExceptionMatches(PyExc_TypeError))
			PyErr_Format(PyExc_TypeError,
				     "cannot convert dictionary update sequence element #%zd to a "
				     "sequence",
				     i);
		return -1;
	}
	n = PySequence_Fast_GET_SIZE(fast);
	if (n != 2) {
		PyErr_Format(PyExc_ValueError,
			     "dictionary update sequence element #%zd has length %zd; 2 is "
			     "required",
			     i, n);
		Py_DECREF(fast);
		return -1;
	}
	key = Py_NewRef(PySequence_Fast_GET_ITEM(fast, 0));
	value = Py_NewRef(PySequence_Fast_GET_ITEM(fast, 1));
	err = override ? PyDict_SetItem(o, key, value) : PyDict_SetDefault(o, key, value) ? 0 : -1;
	Py_DECREF(key);
	Py_DECREF(value);
	Py_DECREF(fast);
	return err;
}

int PyDict_MergeFromSeq2(PyObject *o, PyObject *pairs, int override)
{
	PyObject *it = PyObject_GetIter(pairs), *item;
	int err = 0;

	if (!it)
		return -1;
	for (Py_ssize_t i = 0; err == 0 && (item = PyIter_Next(it)); i++) {
		err = put_pair(o, item, i, override);
		Py_DECREF(item);
	}
	Py_DECREF(it);
	return err < 0 || PyErr_Occurred() ? -1 : 0;
}
