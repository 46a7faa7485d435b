/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * list.sort(): a stable merge sort that starts from the runs it finds, as timsort does, and merges
 * them by the balance of their powers (Munro and Wild, "Nearly-Optimal Mergesorts", 2018).
 *
 * The list is empty while it is sorted, so that key functions and comparisons cannot touch what is
 * being moved; if they put something in, that is a ValueError.
 */
#include "objects/list_priv.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/call.h"
#include "objects/float.h"
#include "objects/long.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

struct sorter {
	PyObject **keys;   /* what is compared */
	PyObject **values; /* moved along; NULL when the keys are the values */
	PyObject **tmp_keys, **tmp_values;
	int (*less)(PyObject *a, PyObject *b); /* 1, 0, -1 */
};

/* -- Comparing --------------------------------------------------------------------------------- */
static int less_any(PyObject *a, PyObject *b)
{
	return PyObject_RichCompareBool(a, b, Py_LT);
}

static int less_same_type(PyObject *a, PyObject *b)
{
	PyObject *ret = Py_TYPE(a)->tp_richcompare(a, b, Py_LT);
	int less;

	if (!ret)
		return -1;
	if (ret == Py_NotImplemented) {
		Py_DECREF(ret);
		return less_any(a, b);
	}
	less = PyObject_IsTrue(ret);
	Py_DECREF(ret);
	return less;
}

static int less_long(PyObject *a, PyObject *b)
{
	int64_t x, y;

	if (_PyLong_GetInt64(a, &x) && _PyLong_GetInt64(b, &y))
		return x < y;
	return _PyLong_Compare(a, b) < 0;
}

static int less_float(PyObject *a, PyObject *b)
{
	return PyFloat_AS_DOUBLE(a) < PyFloat_AS_DOUBLE(b);
}

static int less_unicode(PyObject *a, PyObject *b)
{
	return PyUnicode_Compare(a, b) < 0;
}

static int less_tuple(PyObject *a, PyObject *b)
{
	Py_ssize_t n = PyTuple_GET_SIZE(a), m = PyTuple_GET_SIZE(b);

	for (Py_ssize_t i = 0; i < n && i < m; i++) {
		PyObject *x = PyTuple_GET_ITEM(a, i), *y = PyTuple_GET_ITEM(b, i);
		int equal = PyObject_RichCompareBool(x, y, Py_EQ);

		if (equal <= 0)
			return equal < 0 ? -1 : PyObject_RichCompareBool(x, y, Py_LT);
	}
	return n < m;
}

/* The cheapest comparison that is right for all keys. */
static int (*choose_less(PyObject **keys, Py_ssize_t n))(PyObject *, PyObject *)
{
	PyTypeObject *type = Py_TYPE(keys[0]);

	for (Py_ssize_t i = 1; i < n; i++)
		if (Py_TYPE(keys[i]) != type)
			return less_any;
	if (type == &PyLong_Type)
		return less_long;
	if (type == &PyFloat_Type)
		return less_float;
	if (type == &PyUnicode_Type)
		return less_unicode;
	if (type == &PyTuple_Type)
		return less_tuple;
	/* A class's comparison may change while it runs; a static type's cannot. */
	if (type->tp_richcompare && !PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE))
		return less_same_type;
	return less_any;
}

/* -- Runs -------------------------------------------------------------------------------------- */
static void reverse_range(PyObject **a, Py_ssize_t low, Py_ssize_t high)
{
	for (high--; low < high; low++, high--) {
		PyObject *t = a[low];

		a[low] = a[high];
		a[high] = t;
	}
}

static void reverse_both(struct sorter *s, Py_ssize_t low, Py_ssize_t high)
{
	reverse_range(s->keys, low, high);
	if (s->values)
		reverse_range(s->values, low, high);
}

/* Moves item i down to its place in the sorted [low, i), by halves. */
static int insert_one(struct sorter *s, Py_ssize_t low, Py_ssize_t i)
{
	Py_ssize_t left = low, right = i;
	PyObject *key = s->keys[i], *value = s->values ? s->values[i] : NULL;

	while (left < right) {
		Py_ssize_t mid = left + (right - left) / 2;
		int less = s->less(key, s->keys[mid]);

		if (less < 0)
			return -1;
		if (less)
			right = mid;
		else
			left = mid + 1;
	}
	memmove(s->keys + left + 1, s->keys + left, (size_t)(i - left) * sizeof(PyObject *));
	s->keys[left] = key;
	if (s->values) {
		memmove(s->values + left + 1, s->values + left,
			(size_t)(i - left) * sizeof(PyObject *));
		s->values[left] = value;
	}
	return 0;
}

enum { MIN_RUN = 32 };

/* Makes a sorted run that starts at low; its end, or -1. */
static Py_ssize_t make_run(struct sorter *s, Py_ssize_t low, Py_ssize_t n)
{
	Py_ssize_t end = low + 1, want;
	int less;

	if (end == n)
		return n;
	less = s->less(s->keys[end], s->keys[low]);
	if (less < 0)
		return -1;
	if (less) { /* strictly descending, or stability would be lost */
		for (end++; end < n; end++) {
			less = s->less(s->keys[end], s->keys[end - 1]);
			if (less < 0)
				return -1;
			if (!less)
				break;
		}
		reverse_both(s, low, end);
	} else {
		for (end++; end < n; end++) {
			less = s->less(s->keys[end], s->keys[end - 1]);
			if (less < 0)
				return -1;
			if (less)
				break;
		}
	}
	want = n - low < MIN_RUN ? n : low + MIN_RUN;
	for (; end < want; end++)
		if (insert_one(s, low, end) < 0)
			return -1;
	return end;
}

/* The first place in the sorted a[low, high) whose item is greater than key (right) or not less
 * than it (left); -1 on error. Doubling steps from the low end, then by halves. */
static Py_ssize_t gallop(struct sorter *s, PyObject *key, Py_ssize_t low, Py_ssize_t high,
			 bool right)
{
	Py_ssize_t step = 1, from = low, to;
	int go;

#define GOES_BEFORE(i) (right ? s->less(key, s->keys[i]) : s->less(s->keys[i], key))
	for (;;) {
		to = high - from > step ? from + step : high;
		if (to >= high)
			break;
		go = GOES_BEFORE(to - 1);
		if (go < 0)
			return -1;
		if (right ? go : !go)
			break;
		from = to;
		step *= 2;
	}
	while (from < to) {
		Py_ssize_t mid = from + (to - from) / 2;

		go = GOES_BEFORE(mid);
		if (go < 0)
			return -1;
		if (right ? go : !go)
			to = mid;
		else
			from = mid + 1;
	}
#undef GOES_BEFORE
	return from;
}

/* Copies [low, low + n) to the temporary arrays, or the rest of them back to low. */
static void save(struct sorter *s, Py_ssize_t low, Py_ssize_t n)
{
	memcpy(s->tmp_keys, s->keys + low, (size_t)n * sizeof(PyObject *));
	if (s->values)
		memcpy(s->tmp_values, s->values + low, (size_t)n * sizeof(PyObject *));
}

static void restore(struct sorter *s, Py_ssize_t low, Py_ssize_t tmp, Py_ssize_t n)
{
	memcpy(s->keys + low, s->tmp_keys + tmp, (size_t)n * sizeof(PyObject *));
	if (s->values)
		memcpy(s->values + low, s->tmp_values + tmp, (size_t)n * sizeof(PyObject *));
}

static inline void take(struct sorter *s, Py_ssize_t to, Py_ssize_t from)
{
	s->keys[to] = s->keys[from];
	if (s->values)
		s->values[to] = s->values[from];
}

static inline void take_tmp(struct sorter *s, Py_ssize_t to, Py_ssize_t from)
{
	s->keys[to] = s->tmp_keys[from];
	if (s->values)
		s->values[to] = s->tmp_values[from];
}

/* The left run is the shorter one: merge upwards. Also on error every item is there once. */
static int merge_up(struct sorter *s, Py_ssize_t low, Py_ssize_t mid, Py_ssize_t high)
{
	Py_ssize_t n = mid - low, i = 0, j = mid, to = low;
	int less = 0;

	save(s, low, n);
	while (i < n && j < high) {
		less = s->less(s->keys[j], s->tmp_keys[i]);
		if (less < 0)
			break;
		if (less)
			take(s, to++, j++);
		else
			take_tmp(s, to++, i++);
	}
	restore(s, to, i, n - i);
	return less < 0 ? -1 : 0;
}

static int merge_down(struct sorter *s, Py_ssize_t low, Py_ssize_t mid, Py_ssize_t high)
{
	Py_ssize_t n = high - mid, i = mid - 1, j = n - 1, to = high - 1;
	int less = 0;

	save(s, mid, n);
	while (j >= 0 && i >= low) {
		less = s->less(s->tmp_keys[j], s->keys[i]);
		if (less < 0)
			break;
		if (less)
			take(s, to--, i--);
		else
			take_tmp(s, to--, j--);
	}
	restore(s, to - j, 0, j + 1);
	return less < 0 ? -1 : 0;
}

static int merge(struct sorter *s, Py_ssize_t low, Py_ssize_t mid, Py_ssize_t high)
{
	Py_ssize_t k;

	/* What is in place already at both ends takes no part. */
	k = gallop(s, s->keys[mid], low, mid, true);
	if (k < 0)
		return -1;
	low = k;
	if (low == mid)
		return 0;
	k = gallop(s, s->keys[mid - 1], mid, high, false);
	if (k < 0)
		return -1;
	high = k;
	return mid - low <= high - mid ? merge_up(s, low, mid, high)
				       : merge_down(s, low, mid, high);
}

/* The power of the boundary between runs [a, b) and [b, c) of n: how deep the node of a perfectly
 * balanced tree is that separates their middles. */
static int node_power(Py_ssize_t a, Py_ssize_t b, Py_ssize_t c, Py_ssize_t n)
{
	unsigned __int128 left = (unsigned __int128)(size_t)(a + b) << 62;
	unsigned __int128 right = (unsigned __int128)(size_t)(b + c) << 62;
	uint64_t x = (uint64_t)(left / (2 * (size_t)n)), y = (uint64_t)(right / (2 * (size_t)n));

	return __builtin_clzll((x ^ y) | 1);
}

static int sort_array(struct sorter *s, Py_ssize_t n)
{
	struct {
		Py_ssize_t start;
		int power;
	} stack[66]; /* powers grow from bottom to top */
	int depth = 0;
	Py_ssize_t start = 0, end = make_run(s, 0, n);

	while (end >= 0 && end < n) {
		Py_ssize_t next = make_run(s, end, n);
		int power;

		if (next < 0)
			return -1;
		power = node_power(start, end, next, n);
		while (depth > 0 && stack[depth - 1].power > power) {
			depth--;
			if (merge(s, stack[depth].start, start, end) < 0)
				return -1;
			start = stack[depth].start;
		}
		stack[depth].start = start;
		stack[depth++].power = power;
		start = end;
		end = next;
	}
	if (end < 0)
		return -1;
	while (depth > 0) {
		depth--;
		if (merge(s, stack[depth].start, start, n) < 0)
			return -1;
		start = stack[depth].start;
	}
	return 0;
}

/* -- The list ---------------------------------------------------------------------------------- */
static PyObject **make_keys(PyObject *key, PyObject **items, Py_ssize_t n)
{
	PyObject **keys = PyMem_Malloc((size_t)n * sizeof(PyObject *));

	if (!keys) {
		PyErr_NoMemory();
		return NULL;
	}
	for (Py_ssize_t i = 0; i < n; i++) {
		keys[i] = PyObject_CallOneArg(key, items[i]);
		if (!keys[i]) {
			while (--i >= 0)
				Py_DECREF(keys[i]);
			PyMem_Free(keys);
			return NULL;
		}
	}
	return keys;
}

static int sort_items(PyObject **items, Py_ssize_t n, PyObject *key, int reverse)
{
	struct sorter s = {.keys = items};
	Py_ssize_t half = n / 2 + 1;
	int err = -1;

	if (key) {
		s.values = items;
		s.keys = make_keys(key, items, n);
		if (!s.keys)
			return -1;
	}
	s.tmp_keys = PyMem_Malloc((size_t)half * (key ? 2 : 1) * sizeof(PyObject *));
	if (!s.tmp_keys) {
		PyErr_NoMemory();
	} else {
		s.tmp_values = s.tmp_keys + half;
		s.less = choose_less(s.keys, n);
		/* Reversed twice, equal items keep their order. */
		if (reverse)
			reverse_both(&s, 0, n);
		err = sort_array(&s, n);
		if (reverse)
			reverse_both(&s, 0, n);
	}
	PyMem_Free(s.tmp_keys);
	if (key) {
		for (Py_ssize_t i = 0; i < n; i++)
			Py_DECREF(s.keys[i]);
		PyMem_Free(s.keys);
	}
	return err;
}

int _PyList_SortBy(PyListObject *list, PyObject *key, int reverse)
{
	PyObject **items = list->ob_item, **intruders;
	Py_ssize_t n = list->ob_size, allocated = list->allocated, extra;
	bool changed;
	int err = 0;

	if (key == Py_None)
		key = NULL;
	list->ob_size = 0;
	list->ob_item = NULL;
	list->allocated = -1; /* any change of the list makes it something else */
	if (n > 1 || (n && key))
		err = sort_items(items, n, key, reverse);
	changed = list->allocated != -1;
	intruders = list->ob_item;
	extra = list->ob_size;
	list->ob_item = items;
	list->ob_size = n;
	list->allocated = allocated;
	while (--extra >= 0)
		Py_DECREF(intruders[extra]);
	PyMem_Free(intruders);
	if (err == 0 && changed) {
		PyErr_SetString(PyExc_ValueError, "list modified during sort");
		return -1;
	}
	return err;
}
