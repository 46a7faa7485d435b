/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sets: lookup, adding, removing, going through. As in dict, comparing keys may change the set; a
 * search starts again when the table is not the one it began with.
 */
#include "objects/set_priv.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/dict.h"
#include "objects/long.h"
#include "objects/unicode.h"
#include "objects/weakref.h"

enum { PERTURB_SHIFT = 5 };

static Py_hash_t hash_of(PyObject *key)
{
	if (PyUnicode_CheckExact(key) && PyUnicode_HASH(key) != -1)
		return PyUnicode_HASH(key);
	return PyObject_Hash(key);
}

/* The probe sequence: a slot and up to LINEAR_PROBES behind it (one or two cache lines), then a
 * jump by the hash's higher bits. CPython's order of small ints in a set follows from it, and
 * programs print sets. */
enum { LINEAR_PROBES = 9 };

struct probe {
	size_t mask, perturb, base, i, left;
};

static inline void probe_jump(struct probe *p, size_t i)
{
	p->base = p->i = i;
	p->left = i + LINEAR_PROBES <= p->mask ? LINEAR_PROBES : 0;
}

static inline void probe_start(struct probe *p, size_t mask, Py_hash_t hash)
{
	p->mask = mask;
	p->perturb = (size_t)hash;
	probe_jump(p, (size_t)hash & mask);
}

static inline void probe_next(struct probe *p)
{
	if (p->left) {
		p->left--;
		p->i++;
		return;
	}
	p->perturb >>= PERTURB_SHIFT;
	probe_jump(p, (p->base * 5 + 1 + p->perturb) & p->mask);
}

/* The entry of key, or an unused one when it is not there; NULL on error. */
static setentry *find(PySetObject *so, PyObject *key, Py_hash_t hash)
{
	setentry *table, *e;
	struct probe p;
	int equal;

again:
	table = so->table;
	for (probe_start(&p, (size_t)so->mask, hash);; probe_next(&p)) {
		PyObject *k;

		e = &table[p.i];
		k = e->key;
		if (!k && e->hash == 0)
			return e;
		if (!k || e->hash != hash)
			continue;
		if (k == key)
			return e;
		if (PyUnicode_CheckExact(k) && PyUnicode_CheckExact(key)) {
			if (_PyUnicode_EQ(k, key))
				return e;
			continue;
		}
		Py_INCREF(k);
		equal = PyObject_RichCompareBool(k, key, Py_EQ);
		Py_DECREF(k);
		if (equal < 0)
			return NULL;
		if (so->table != table || (size_t)so->mask != p.mask || e->key != k)
			goto again;
		if (equal)
			return e;
	}
}

/* Puts a key that is not there into a table without deleted entries. */
static void put_clean(setentry *table, size_t mask, PyObject *key, Py_hash_t hash)
{
	struct probe p;

	for (probe_start(&p, mask, hash); table[p.i].key;)
		probe_next(&p);
	table[p.i].key = key;
	table[p.i].hash = hash;
}

static int resize(PySetObject *so, Py_ssize_t want)
{
	setentry *old = so->table, *table, copy[PySet_MINSIZE];
	Py_ssize_t old_mask = so->mask, size = PySet_MINSIZE;
	bool was_small = old == so->smalltable;

	while (size <= want)
		size <<= 1;
	if (size == PySet_MINSIZE) {
		if (was_small) {
			memcpy(copy, old, sizeof(copy));
			old = copy;
		}
		table = so->smalltable;
		memset(table, 0, sizeof(so->smalltable));
	} else {
		table = PyMem_Calloc((size_t)size, sizeof(setentry));
		if (!table) {
			PyErr_NoMemory();
			return -1;
		}
	}
	for (Py_ssize_t i = 0; i <= old_mask; i++)
		if (old[i].key)
			put_clean(table, (size_t)size - 1, old[i].key, old[i].hash);
	so->table = table;
	so->mask = size - 1;
	so->fill = so->used;
	if (!was_small)
		PyMem_Free(old);
	return 0;
}

int _PySet_AddHashed(PySetObject *so, PyObject *key, Py_hash_t hash)
{
	setentry *e;

	/* Beforehand, so that the entry found is the one that is used. */
	if ((so->fill + 1) * 5 >= so->mask * 3 &&
	    resize(so, so->used > 50000 ? so->used * 2 : (so->used + 1) * 4) < 0)
		return -1;
	Py_INCREF(key);
	e = find(so, key, hash);
	if (!e || e->key) {
		Py_DECREF(key);
		return e ? 0 : -1;
	}
	e->key = key;
	e->hash = hash;
	so->fill++;
	so->used++;
	return 0;
}

int _PySet_ContainsHashed(PySetObject *so, PyObject *key, Py_hash_t hash)
{
	setentry *e = find(so, key, hash);

	return e ? e->key != NULL : -1;
}

int _PySet_DiscardHashed(PySetObject *so, PyObject *key, Py_hash_t hash)
{
	setentry *e = find(so, key, hash);
	PyObject *old;

	if (!e)
		return -1;
	if (!e->key)
		return 0;
	old = e->key;
	e->key = NULL;
	e->hash = -1;
	so->used--;
	Py_DECREF(old);
	return 1;
}

void _PySet_ClearAll(PySetObject *so)
{
	setentry *table = so->table, copy[PySet_MINSIZE];
	Py_ssize_t mask = so->mask;

	if (so->fill == 0)
		return;
	if (table == so->smalltable) {
		memcpy(copy, table, sizeof(copy));
		table = copy;
	}
	memset(so->smalltable, 0, sizeof(so->smalltable));
	so->table = so->smalltable;
	so->mask = PySet_MINSIZE - 1;
	so->fill = so->used = 0;
	so->hash = -1;
	for (Py_ssize_t i = 0; i <= mask; i++)
		Py_XDECREF(table[i].key);
	if (table != copy)
		PyMem_Free(table);
}

void _PySet_Swap(PySetObject *a, PySetObject *b)
{
	PySetObject t = *a;

#define SWAP_FIELD(f)        \
	do {                 \
		a->f = b->f; \
		b->f = t.f;  \
	} while (0)
	SWAP_FIELD(fill);
	SWAP_FIELD(used);
	SWAP_FIELD(mask);
	SWAP_FIELD(table);
#undef SWAP_FIELD
	memcpy(a->smalltable, b->smalltable, sizeof(t.smalltable));
	memcpy(b->smalltable, t.smalltable, sizeof(t.smalltable));
	if (a->table == b->smalltable)
		a->table = a->smalltable;
	if (b->table == a->smalltable && t.table == a->smalltable)
		b->table = b->smalltable;
	a->hash = b->hash = -1;
}

PyObject *_PySet_Make(PyTypeObject *type, PyObject *iterable)
{
	PySetObject *so = (PySetObject *)type->tp_alloc(type, 0);

	if (!so)
		return NULL;
	so->mask = PySet_MINSIZE - 1;
	so->table = so->smalltable;
	so->hash = -1;
	if (iterable && _PySet_Update((PyObject *)so, iterable) < 0)
		Py_CLEAR(so);
	return (PyObject *)so;
}

PyObject *PySet_New(PyObject *iterable)
{
	return _PySet_Make(&PySet_Type, iterable);
}

PyObject *PyFrozenSet_New(PyObject *iterable)
{
	if (iterable && PyFrozenSet_CheckExact(iterable))
		return Py_NewRef(iterable);
	return _PySet_Make(&PyFrozenSet_Type, iterable);
}

void _PySet_Dealloc(PyObject *o)
{
	PySetObject *so = (PySetObject *)o;
	Py_ssize_t left = so->used;

	PyObject_GC_UnTrack(o);
	Py_TRASHCAN_BEGIN(o) if (so->weakreflist) PyObject_ClearWeakRefs(o);
	for (setentry *e = so->table; left > 0; e++)
		if (e->key) {
			left--;
			Py_DECREF(e->key);
		}
	if (so->table != so->smalltable)
		PyMem_Free(so->table);
	Py_TYPE(o)->tp_free(o);
	Py_TRASHCAN_END
}

int _PySet_Traverse(PyObject *o, visitproc visit, void *arg)
{
	PySetObject *so = (PySetObject *)o;

	if (so->table)
		for (Py_ssize_t i = 0; i <= so->mask; i++)
			Py_VISIT(so->table[i].key);
	return 0;
}

int _PySet_NextEntry(PyObject *o, Py_ssize_t *pos, PyObject **key, Py_hash_t *hash)
{
	PySetObject *so = (PySetObject *)o;
	Py_ssize_t i = *pos;

	while (i <= so->mask && !so->table[i].key)
		i++;
	*pos = i + 1;
	if (i > so->mask)
		return 0;
	*key = so->table[i].key;
	*hash = so->table[i].hash;
	return 1;
}

static int update_from_set(PySetObject *so, PyObject *other)
{
	Py_ssize_t pos = 0;
	PyObject *key;
	Py_hash_t hash;

	if ((PyObject *)so == other)
		return 0;
	if ((so->fill + PySet_GET_SIZE(other)) * 5 >= so->mask * 3 &&
	    resize(so, (so->used + PySet_GET_SIZE(other)) * 2) < 0)
		return -1;
	while (_PySet_NextEntry(other, &pos, &key, &hash)) {
		int err;

		Py_INCREF(key);
		err = _PySet_AddHashed(so, key, hash);
		Py_DECREF(key);
		if (err < 0)
			return -1;
	}
	return 0;
}

static int update_from_dict(PySetObject *so, PyObject *dict)
{
	Py_ssize_t pos = 0;
	PyObject *key, *value;
	Py_hash_t hash;

	while (_PyDict_Next(dict, &pos, &key, &value, &hash)) {
		int err;

		Py_INCREF(key);
		err = _PySet_AddHashed(so, key, hash);
		Py_DECREF(key);
		if (err < 0)
			return -1;
	}
	return 0;
}

int _PySet_Update(PyObject *o, PyObject *iterable)
{
	PyObject *it, *key;
	int err = 0;

	if (PyAnySet_Check(iterable))
		return update_from_set((PySetObject *)o, iterable);
	if (PyDict_CheckExact(iterable))
		return update_from_dict((PySetObject *)o, iterable);
	it = PyObject_GetIter(iterable);
	if (!it)
		return -1;
	while (err == 0 && (key = PyIter_Next(it))) {
		Py_hash_t hash = hash_of(key);

		err = hash == -1 ? -1 : _PySet_AddHashed((PySetObject *)o, key, hash);
		Py_DECREF(key);
	}
	Py_DECREF(it);
	return err < 0 || PyErr_Occurred() ? -1 : 0;
}

/* -- The calls by name ------------------------------------------------------------------------- */
static int check(PyObject *o, bool ok)
{
	if (ok)
		return 0;
	PyErr_BadInternalCall();
	return -1;
}

Py_ssize_t PySet_Size(PyObject *o)
{
	return check(o, PyAnySet_Check(o)) < 0 ? -1 : PySet_GET_SIZE(o);
}

int PySet_Contains(PyObject *o, PyObject *key)
{
	Py_hash_t hash;

	if (check(o, PyAnySet_Check(o)) < 0)
		return -1;
	hash = hash_of(key);
	return hash == -1 ? -1 : _PySet_ContainsHashed((PySetObject *)o, key, hash);
}

int PySet_Add(PyObject *o, PyObject *key)
{
	Py_hash_t hash;

	if (check(o, PySet_Check(o) || (PyFrozenSet_Check(o) && Py_REFCNT(o) == 1)) < 0)
		return -1;
	hash = hash_of(key);
	return hash == -1 ? -1 : _PySet_AddHashed((PySetObject *)o, key, hash);
}

int PySet_Discard(PyObject *o, PyObject *key)
{
	Py_hash_t hash;

	if (check(o, PySet_Check(o)) < 0)
		return -1;
	hash = hash_of(key);
	return hash == -1 ? -1 : _PySet_DiscardHashed((PySetObject *)o, key, hash);
}

PyObject *PySet_Pop(PyObject *o)
{
	PySetObject *so = (PySetObject *)o;
	Py_ssize_t i;
	PyObject *key;

	if (check(o, PySet_Check(o)) < 0)
		return NULL;
	if (so->used == 0) {
		PyErr_SetString(PyExc_KeyError, "pop from an empty set");
		return NULL;
	}
	i = so->finger & so->mask;
	while (!so->table[i].key)
		i = i < so->mask ? i + 1 : 0;
	key = so->table[i].key;
	so->table[i].key = NULL;
	so->table[i].hash = -1;
	so->used--;
	so->finger = i + 1;
	return key;
}

int PySet_Clear(PyObject *o)
{
	if (check(o, PySet_Check(o)) < 0)
		return -1;
	_PySet_ClearAll((PySetObject *)o);
	return 0;
}

/* -- Iterator ---------------------------------------------------------------------------------- */
typedef struct {
	PyObject_HEAD PySetObject *set; /* NULL when exhausted */
	Py_ssize_t used, pos, left;
} IterObject;

PyObject *_PySet_Iter(PyObject *o)
{
	IterObject *it = PyObject_GC_New(IterObject, &PySetIter_Type);

	if (!it)
		return NULL;
	it->set = (PySetObject *)Py_NewRef(o);
	it->used = it->left = it->set->used;
	it->pos = 0;
	PyObject_GC_Track(it);
	return (PyObject *)it;
}

static void iter_dealloc(PyObject *o)
{
	PyObject_GC_UnTrack(o);
	Py_XDECREF(((IterObject *)o)->set);
	PyObject_GC_Del(o);
}

static int iter_traverse(PyObject *o, visitproc visit, void *arg)
{
	Py_VISIT(((IterObject *)o)->set);
	return 0;
}

static PyObject *iter_next(PyObject *o)
{
	IterObject *it = (IterObject *)o;
	PyObject *key;
	Py_hash_t hash;

	if (!it->set)
		return NULL;
	if (it->used != it->set->used) {
		PyErr_SetString(PyExc_RuntimeError, "Set changed size during iteration");
		it->used = -1;
		return NULL;
	}
	if (_PySet_NextEntry((PyObject *)it->set, &it->pos, &key, &hash)) {
		it->left--;
		return Py_NewRef(key);
	}
	Py_CLEAR(it->set);
	return NULL;
}

static PyObject *iter_length_hint(PyObject *o, PyObject *unused)
{
	IterObject *it = (IterObject *)o;

	return PyLong_FromSsize_t(it->set && it->used == it->set->used ? it->left : 0);
}

static PyMethodDef iter_methods[] = {
	{"__length_hint__", iter_length_hint, METH_NOARGS, NULL},
	{NULL, NULL, 0, NULL},
};

PyTypeObject PySetIter_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "set_iterator",
	.tp_basicsize = sizeof(IterObject),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
	.tp_dealloc = iter_dealloc,
	.tp_free = PyObject_GC_Del,
	.tp_traverse = iter_traverse,
	.tp_iter = PyObject_SelfIter,
	.tp_iternext = iter_next,
	.tp_methods = iter_methods,
};
