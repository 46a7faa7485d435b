/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * list objects: growing, shrinking, splicing. Whatever may run Python code (comparisons,
 * destructors) can change the list, so sizes are read anew after it and references dropped last.
 */
#include "objects/list_priv.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/tuple.h"
#include "objects/type.h"

enum { FREE_MAX = PY_FREE_MAX(80) };
static PyListObject *free_lists[FREE_MAX + 1];
static int free_count;

int _PyList_Resize(PyListObject *list, Py_ssize_t n)
{
	Py_ssize_t allocated = list->allocated, room;
	PyObject **items;

	if (n <= allocated && n >= allocated / 2) {
		list->ob_size = n;
		return 0;
	}
	if (n == 0) {
		PyMem_Free(list->ob_item);
		list->ob_item = NULL;
		list->ob_size = list->allocated = 0;
		return 0;
	}
	if (n > PY_SSIZE_T_MAX / 16) {
		PyErr_NoMemory();
		return -1;
	}
	/* An eighth more, so that appending is linear in the end; exact when much is asked for. */
	room = (n + (n >> 3) + 6) & ~(Py_ssize_t)3;
	if (n - list->ob_size > room - n)
		room = (n + 3) & ~(Py_ssize_t)3;
	items = PyMem_Realloc(list->ob_item, (size_t)room * sizeof(PyObject *));
	if (!items) {
		PyErr_NoMemory();
		return -1;
	}
	list->ob_item = items;
	list->allocated = room;
	list->ob_size = n;
	return 0;
}

PyObject *PyList_New(Py_ssize_t n)
{
	PyListObject *list;

	if (n < 0) {
		PyErr_BadInternalCall();
		return NULL;
	}
	if (free_count > 0) {
		list = free_lists[--free_count];
		list->ob_type = &PyList_Type;
		_Py_NewReference((PyObject *)list);
	} else {
		list = PyObject_GC_New(PyListObject, &PyList_Type);
		if (!list)
			return NULL;
	}
	list->ob_item = NULL;
	list->ob_size = list->allocated = 0;
	if (n) {
		list->ob_item = PyMem_Calloc((size_t)n, sizeof(PyObject *));
		if (!list->ob_item) {
			PyObject_GC_Del(list);
			return PyErr_NoMemory();
		}
		list->ob_size = list->allocated = n;
	}
	PyObject_GC_Track(list);
	return (PyObject *)list;
}

PyObject *_PyList_FromArraySteal(PyObject *const *items, Py_ssize_t n)
{
	PyObject *list = PyList_New(n);

	if (!list) {
		for (Py_ssize_t i = 0; i < n; i++)
			Py_DECREF(items[i]);
		return NULL;
	}
	if (n)
		memcpy(((PyListObject *)list)->ob_item, items, (size_t)n * sizeof(PyObject *));
	return list;
}

void _PyList_Dealloc(PyObject *o)
{
	PyListObject *list = (PyListObject *)o;

	PyObject_GC_UnTrack(o);
	Py_TRASHCAN_BEGIN(o) for (Py_ssize_t i = list->ob_size; --i >= 0;)
		Py_XDECREF(list->ob_item[i]);
	PyMem_Free(list->ob_item);
	if (PyList_CheckExact(o) && free_count < FREE_MAX)
		free_lists[free_count++] = list;
	else
		Py_TYPE(o)->tp_free(o);
	Py_TRASHCAN_END
}

Py_ssize_t PyList_Size(PyObject *o)
{
	if (!PyList_Check(o)) {
		PyErr_BadInternalCall();
		return -1;
	}
	return Py_SIZE(o);
}

static bool valid_index(Py_ssize_t i, PyObject *o)
{
	return (size_t)i < (size_t)Py_SIZE(o);
}

PyObject *PyList_GetItem(PyObject *o, Py_ssize_t i)
{
	if (!PyList_Check(o)) {
		PyErr_BadInternalCall();
		return NULL;
	}
	if (!valid_index(i, o)) {
		PyErr_SetString(PyExc_IndexError, "list index out of range");
		return NULL;
	}
	return PyList_GET_ITEM(o, i);
}

int PyList_SetItem(PyObject *o, Py_ssize_t i, PyObject *item)
{
	if (!PyList_Check(o)) {
		Py_XDECREF(item);
		PyErr_BadInternalCall();
		return -1;
	}
	if (!valid_index(i, o)) {
		Py_XDECREF(item);
		PyErr_SetString(PyExc_IndexError, "list assignment index out of range");
		return -1;
	}
	Py_XSETREF(PyList_GET_ITEM(o, i), item);
	return 0;
}

int _PyList_AppendSteal(PyObject *o, PyObject *item)
{
	PyListObject *list = (PyListObject *)o;
	Py_ssize_t n = list->ob_size;

	if (n < list->allocated) {
		list->ob_item[n] = item;
		list->ob_size = n + 1;
		return 0;
	}
	if (_PyList_Resize(list, n + 1) < 0) {
		Py_DECREF(item);
		return -1;
	}
	list->ob_item[n] = item;
	return 0;
}

int PyList_Append(PyObject *o, PyObject *item)
{
	if (!PyList_Check(o) || !item) {
		PyErr_BadInternalCall();
		return -1;
	}
	return _PyList_AppendSteal(o, Py_NewRef(item));
}

int PyList_Insert(PyObject *o, Py_ssize_t i, PyObject *item)
{
	PyListObject *list = (PyListObject *)o;
	Py_ssize_t n = list->ob_size;

	if (!PyList_Check(o) || !item) {
		PyErr_BadInternalCall();
		return -1;
	}
	if (_PyList_Resize(list, n + 1) < 0)
		return -1;
	if (i < 0)
		i = i + n < 0 ? 0 : i + n;
	if (i > n)
		i = n;
	memmove(list->ob_item + i + 1, list->ob_item + i, (size_t)(n - i) * sizeof(PyObject *));
	list->ob_item[i] = Py_NewRef(item);
	return 0;
}

PyObject *PyList_GetSlice(PyObject *o, Py_ssize_t low, Py_ssize_t high)
{
	Py_ssize_t n = Py_SIZE(o);
	PyObject *ret;

	low = low < 0 ? 0 : low > n ? n : low;
	high = high > n ? n : high < low ? low : high;
	ret = PyList_New(high - low);
	if (ret)
		for (Py_ssize_t i = 0; i < high - low; i++)
			PyList_SET_ITEM(ret, i, Py_NewRef(PyList_GET_ITEM(o, low + i)));
	return ret;
}

PyObject *PyList_AsTuple(PyObject *o)
{
	if (!PyList_Check(o)) {
		PyErr_BadInternalCall();
		return NULL;
	}
	return _PyTuple_FromArray(((PyListObject *)o)->ob_item, Py_SIZE(o));
}

void _PyList_Clear(PyListObject *list)
{
	PyObject **items = list->ob_item;
	Py_ssize_t n = list->ob_size;

	if (!items)
		return;
	list->ob_item = NULL;
	list->ob_size = list->allocated = 0;
	while (--n >= 0)
		Py_XDECREF(items[n]);
	PyMem_Free(items);
}

/* Replaces [low, high) by n items of an array that is not the list's own. */
static int splice(PyListObject *list, Py_ssize_t low, Py_ssize_t high, PyObject **items,
		  Py_ssize_t n)
{
	Py_ssize_t removed, size = list->ob_size;
	PyObject *few[8], **old = few;

	low = low < 0 ? 0 : low > size ? size : low;
	high = high > size ? size : high < low ? low : high;
	removed = high - low;
	if (size - removed + n == 0) {
		_PyList_Clear(list);
		return 0;
	}
	if (removed > 8) {
		old = PyMem_Malloc((size_t)removed * sizeof(PyObject *));
		if (!old) {
			PyErr_NoMemory();
			return -1;
		}
	}
	if (removed)
		memcpy(old, list->ob_item + low, (size_t)removed * sizeof(PyObject *));
	if (n > removed && _PyList_Resize(list, size + n - removed) < 0) {
		if (old != few)
			PyMem_Free(old);
		return -1;
	}
	memmove(list->ob_item + low + n, list->ob_item + high,
		(size_t)(size - high) * sizeof(PyObject *));
	for (Py_ssize_t i = 0; i < n; i++)
		list->ob_item[low + i] = Py_NewRef(items[i]);
	if (n < removed)
		_PyList_Resize(list, size + n - removed); /* shrinking keeps what it has */
	for (Py_ssize_t i = removed; --i >= 0;)
		Py_XDECREF(old[i]);
	if (old != few)
		PyMem_Free(old);
	return 0;
}

int PyList_SetSlice(PyObject *o, Py_ssize_t low, Py_ssize_t high, PyObject *items)
{
	PyObject *fast, **array;
	int err;

	if (!items)
		return splice((PyListObject *)o, low, high, NULL, 0);
	fast = items == o ? PyList_GetSlice(o, 0, Py_SIZE(o))
			  : PySequence_Fast(items, "can only assign an iterable");
	if (!fast)
		return -1;
	array = PySequence_Fast_ITEMS(fast);
	err = splice((PyListObject *)o, low, high, array, PySequence_Fast_GET_SIZE(fast));
	Py_DECREF(fast);
	return err;
}

int PyList_Reverse(PyObject *o)
{
	PyObject **items = ((PyListObject *)o)->ob_item, *t;

	for (Py_ssize_t i = 0, j = Py_SIZE(o) - 1; i < j; i++, j--) {
		t = items[i];
		items[i] = items[j];
		items[j] = t;
	}
	return 0;
}

int PyList_Sort(PyObject *o)
{
	if (!PyList_Check(o)) {
		PyErr_BadInternalCall();
		return -1;
	}
	return _PyList_SortBy((PyListObject *)o, NULL, 0);
}

static int extend_array(PyListObject *list, PyObject *seq)
{
	Py_ssize_t n = PySequence_Fast_GET_SIZE(seq), size = list->ob_size;
	PyObject **items;

	if (n == 0)
		return 0;
	if (_PyList_Resize(list, size + n) < 0)
		return -1;
	items = PySequence_Fast_ITEMS(seq); /* after the resize: seq may be the list itself */
	for (Py_ssize_t i = 0; i < n; i++)
		list->ob_item[size + i] = Py_NewRef(items[i]);
	return 0;
}

static int extend_iter(PyObject *o, PyObject *iterable)
{
	PyObject *it = PyObject_GetIter(iterable), *item;
	iternextfunc next;
	Py_ssize_t hint;
	int err = 0;

	if (!it)
		return -1;
	hint = PyObject_LengthHint(iterable, 8);
	if (hint < 0) {
		Py_DECREF(it);
		return -1;
	}
	/* Room at once, as far as the hint can be believed. */
	if (hint < PY_SSIZE_T_MAX / 32 - Py_SIZE(o) && Py_SIZE(o) == 0 && hint > 8) {
		Py_ssize_t size = Py_SIZE(o);

		if (_PyList_Resize((PyListObject *)o, size + hint) < 0) {
			Py_DECREF(it);
			return -1;
		}
		((PyListObject *)o)->ob_size = size;
	}
	next = Py_TYPE(it)->tp_iternext;
	while (err == 0 && (item = next(it)))
		err = _PyList_AppendSteal(o, item);
	Py_DECREF(it);
	if (err == 0 && PyErr_Occurred()) {
		if (!PyErr_ExceptionMatches(PyExc_StopIteration))
			return -1;
		PyErr_Clear();
	}
	return err;
}

PyObject *_PyList_Extend(PyObject *o, PyObject *iterable)
{
	int err;

	if (PyList_CheckExact(iterable) || PyTuple_CheckExact(iterable) || iterable == o)
		err = extend_array((PyListObject *)o, iterable);
	else
		err = extend_iter(o, iterable);
	if (err < 0)
		return NULL;
	Py_RETURN_NONE;
}
