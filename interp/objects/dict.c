/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dict: lookup, insertion, removal. Comparing keys may run Python code that changes the dict: a
 * lookup then starts again, and no pointer into the keys is used after a comparison.
 */
#include "objects/dict_priv.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/unicode.h"

enum {
	LOG2_MIN = 3,
	KEYS_FREE_MAX = PY_FREE_MAX(64), /* free lists */
	DICT_FREE_MAX = PY_FREE_MAX(64),
	PERTURB_SHIFT = 5,
};

static uint64_t last_version;
static uint32_t last_keys_version;
static PyDictKeysObject *free_keys[KEYS_FREE_MAX + 1]; /* unicode keys of 8 indices */
static int free_keys_count;
static PyDictObject *free_dicts[DICT_FREE_MAX + 1];
static int free_dicts_count;

/* No keys at all: every new dict starts with these, and leaves them at the first insertion. One
 * index, always empty, no room for entries. */
static struct {
	PyDictKeysObject keys;
	int8_t indices[8];
} empty_keys = {
	{.dk_refcnt = 1, .dk_log2_size = 0, .dk_log2_index_bytes = 3, .dk_kind = DICT_KEYS_UNICODE},
	{-1, -1, -1, -1, -1, -1, -1, -1},
};
#define EMPTY_KEYS (&empty_keys.keys)

static inline void touch(PyDictObject *mp)
{
	mp->ma_version = ++last_version;
}

static inline Py_ssize_t usable_of(unsigned log2_size)
{
	return (Py_ssize_t)(((size_t)2 << log2_size) / 3);
}

static inline size_t entry_size(int kind)
{
	return kind == DICT_KEYS_UNICODE ? sizeof(PyDictUnicodeEntry) : sizeof(PyDictKeyEntry);
}

/* -- Indices ----------------------------------------------------------------------------------- */
static inline Py_ssize_t get_index(const PyDictKeysObject *keys, size_t i)
{
	unsigned log2 = keys->dk_log2_size;

	if (log2 < 8)
		return ((const int8_t *)keys->dk_indices)[i];
	if (log2 < 16)
		return ((const int16_t *)keys->dk_indices)[i];
	if (log2 < 32)
		return ((const int32_t *)keys->dk_indices)[i];
	return ((const int64_t *)keys->dk_indices)[i];
}

static inline void set_index(PyDictKeysObject *keys, size_t i, Py_ssize_t ix)
{
	unsigned log2 = keys->dk_log2_size;

	if (log2 < 8)
		((int8_t *)keys->dk_indices)[i] = (int8_t)ix;
	else if (log2 < 16)
		((int16_t *)keys->dk_indices)[i] = (int16_t)ix;
	else if (log2 < 32)
		((int32_t *)keys->dk_indices)[i] = (int32_t)ix;
	else
		((int64_t *)keys->dk_indices)[i] = ix;
}

/* The probe sequence: every slot is reached, all bits of the hash take part. */
#define PROBE_START(hash, mask) \
	size_t mask_ = (mask), perturb_ = (size_t)(hash), i = (size_t)(hash)&mask_
#define PROBE_NEXT()                                \
	do {                                        \
		perturb_ >>= PERTURB_SHIFT;         \
		i = (i * 5 + perturb_ + 1) & mask_; \
	} while (0)
#define KEYS_MASK(keys) (((size_t)1 << (keys)->dk_log2_size) - 1)

/* -- Keys -------------------------------------------------------------------------------------- */
static PyDictKeysObject *keys_new(unsigned log2_size, int kind)
{
	unsigned width = log2_size < 8 ? 0 : log2_size < 16 ? 1 : log2_size < 32 ? 2 : 3;
	unsigned log2_bytes = log2_size + width;
	Py_ssize_t usable = usable_of(log2_size);
	PyDictKeysObject *keys;

	if (log2_size == LOG2_MIN && kind == DICT_KEYS_UNICODE && free_keys_count > 0) {
		keys = free_keys[--free_keys_count];
	} else {
		if (log2_size > 40) {
			PyErr_NoMemory();
			return NULL;
		}
		keys = PyMem_Malloc(sizeof(*keys) + ((size_t)1 << log2_bytes) +
				    (size_t)usable * entry_size(kind));
		if (!keys) {
			PyErr_NoMemory();
			return NULL;
		}
	}
	keys->dk_refcnt = 1;
	keys->dk_log2_size = (uint8_t)log2_size;
	keys->dk_log2_index_bytes = (uint8_t)log2_bytes;
	keys->dk_kind = (uint8_t)kind;
	keys->dk_unused = 0;
	keys->dk_version = 0;
	keys->dk_usable = usable;
	keys->dk_nentries = 0;
	memset(keys->dk_indices, 0xff, (size_t)1 << log2_bytes);
	return keys;
}

/* Releases the memory only, not what the entries hold. */
static void keys_free(PyDictKeysObject *keys)
{
	if (keys == EMPTY_KEYS)
		return;
	if (keys->dk_log2_size == LOG2_MIN && keys->dk_kind == DICT_KEYS_UNICODE &&
	    free_keys_count < KEYS_FREE_MAX)
		free_keys[free_keys_count++] = keys;
	else
		PyMem_Free(keys);
}

static void keys_release(PyDictKeysObject *keys)
{
	Py_ssize_t n = keys->dk_nentries;

	if (keys->dk_kind == DICT_KEYS_UNICODE) {
		PyDictUnicodeEntry *e = DK_UNICODE_ENTRIES(keys);

		for (Py_ssize_t i = 0; i < n; i++) {
			Py_XDECREF(e[i].me_key);
			Py_XDECREF(e[i].me_value);
		}
	} else {
		PyDictKeyEntry *e = DK_ENTRIES(keys);

		for (Py_ssize_t i = 0; i < n; i++) {
			Py_XDECREF(e[i].me_key);
			Py_XDECREF(e[i].me_value);
		}
	}
	keys_free(keys);
}

uint32_t _PyDictKeys_GetVersion(PyDictKeysObject *keys)
{
	if (keys->dk_version == 0 && last_keys_version != UINT32_MAX && keys != EMPTY_KEYS)
		keys->dk_version = ++last_keys_version;
	return keys->dk_version;
}

/* -- Lookup ------------------------------------------------------------------------------------ */
Py_hash_t _PyDict_KeyHash(PyObject *key)
{
	if (PyUnicode_CheckExact(key) && PyUnicode_HASH(key) != -1)
		return PyUnicode_HASH(key);
	return PyObject_Hash(key);
}

/* Both str; never runs Python code. */
static inline Py_ssize_t lookup_unicode(PyDictKeysObject *keys, PyObject *key, Py_hash_t hash)
{
	PyDictUnicodeEntry *entries = DK_UNICODE_ENTRIES(keys);

	PROBE_START(hash, KEYS_MASK(keys));
	for (;;) {
		Py_ssize_t ix = get_index(keys, i);

		if (ix >= 0) {
			PyObject *k = entries[ix].me_key;

			if (k == key || (PyUnicode_HASH(k) == hash && _PyUnicode_EQ(k, key)))
				return ix;
		} else if (ix == DKIX_EMPTY) {
			return DKIX_EMPTY;
		}
		PROBE_NEXT();
	}
}

enum { LOOKUP_AGAIN = -4 };

/* Does slot i still lead to the entry ix, and is k its key? */
static bool holds(PyDictKeysObject *keys, size_t i, Py_ssize_t ix, PyObject *k)
{
	PyObject *key, *value;
	Py_hash_t hash;

	if (get_index(keys, i) != ix || ix >= keys->dk_nentries)
		return false;
	_PyDict_EntryAt(keys, ix, &key, &value, &hash);
	return key == k;
}

/* One attempt, any kinds; LOOKUP_AGAIN when the dict changed during a comparison. */
static Py_ssize_t lookup_general(PyDictObject *mp, PyObject *key, Py_hash_t hash)
{
	PyDictKeysObject *keys = mp->ma_keys;

	PROBE_START(hash, KEYS_MASK(keys));
	for (;;) {
		Py_ssize_t ix = get_index(keys, i);

		if (ix == DKIX_EMPTY)
			return DKIX_EMPTY;
		if (ix >= 0) {
			PyObject *k, *value;
			Py_hash_t h;
			int equal;

			_PyDict_EntryAt(keys, ix, &k, &value, &h);
			if (k == key)
				return ix;
			if (keys->dk_kind == DICT_KEYS_UNICODE)
				h = PyUnicode_HASH(k);
			if (h == hash) {
				unsigned log2_size = keys->dk_log2_size, kind = keys->dk_kind;

				if (PyUnicode_CheckExact(k) && PyUnicode_CheckExact(key)) {
					if (_PyUnicode_EQ(k, key))
						return ix;
					PROBE_NEXT();
					continue;
				}
				Py_INCREF(k);
				equal = PyObject_RichCompareBool(k, key, Py_EQ);
				Py_DECREF(k);
				if (equal < 0)
					return DKIX_ERROR;
				/* Still the same table with the same key there? Memory may
				 * have been freed and be in use again. */
				if (mp->ma_keys != keys || keys->dk_log2_size != log2_size ||
				    keys->dk_kind != kind || !holds(keys, i, ix, k))
					return LOOKUP_AGAIN;
				if (equal)
					return ix;
			}
		}
		PROBE_NEXT();
	}
}

Py_ssize_t _PyDict_Lookup(PyDictObject *mp, PyObject *key, Py_hash_t hash, PyObject **value)
{
	PyDictKeysObject *keys = mp->ma_keys;
	Py_ssize_t ix;

	if (keys->dk_kind == DICT_KEYS_UNICODE && PyUnicode_CheckExact(key)) {
		ix = lookup_unicode(keys, key, hash);
		*value = ix >= 0 ? DK_UNICODE_ENTRIES(keys)[ix].me_value : NULL;
		return ix;
	}
	do
		ix = lookup_general(mp, key, hash);
	while (ix == LOOKUP_AGAIN);
	*value = NULL;
	if (ix >= 0) {
		PyObject *k;
		Py_hash_t h;

		_PyDict_EntryAt(mp->ma_keys, ix, &k, value, &h);
	}
	return ix;
}

/* -- Growing ----------------------------------------------------------------------------------- */
static void fill_indices(PyDictKeysObject *keys, Py_hash_t hash, Py_ssize_t ix)
{
	PROBE_START(hash, KEYS_MASK(keys));
	while (get_index(keys, i) != DKIX_EMPTY)
		PROBE_NEXT();
	set_index(keys, i, ix);
}

/* Moves everything into new keys of that size and kind, without the removed entries. */
static int resize(PyDictObject *mp, unsigned log2_size, int kind)
{
	PyDictKeysObject *old = mp->ma_keys, *keys = keys_new(log2_size, kind);
	Py_ssize_t n = 0;

	if (!keys)
		return -1;
	for (Py_ssize_t ix = 0; ix < old->dk_nentries; ix++) {
		PyObject *key, *value;
		Py_hash_t hash;

		if (!_PyDict_EntryAt(old, ix, &key, &value, &hash))
			continue;
		if (old->dk_kind == DICT_KEYS_UNICODE)
			hash = PyUnicode_HASH(key);
		if (kind == DICT_KEYS_UNICODE)
			DK_UNICODE_ENTRIES(keys)[n] = (PyDictUnicodeEntry){key, value};
		else
			DK_ENTRIES(keys)[n] = (PyDictKeyEntry){hash, key, value};
		fill_indices(keys, hash, n++);
	}
	keys->dk_nentries = n;
	keys->dk_usable -= n;
	mp->ma_keys = keys;
	keys_free(old);
	return 0;
}

static unsigned log2_for(Py_ssize_t n)
{
	unsigned log2 = LOG2_MIN;

	while (log2 < 62 && usable_of(log2) < n)
		log2++;
	return log2;
}

/* Room for one more key, which is a str or not. */
static int make_room(PyDictObject *mp, bool key_is_str)
{
	PyDictKeysObject *keys = mp->ma_keys;
	int kind = keys->dk_kind == DICT_KEYS_UNICODE && key_is_str ? DICT_KEYS_UNICODE
								    : DICT_KEYS_GENERAL;

	if (keys->dk_usable > 0 && kind == keys->dk_kind)
		return 0;
	if (keys->dk_usable > 0 || mp->ma_used == 0)
		return resize(mp, log2_for(mp->ma_used + 1), kind);
	return resize(mp, log2_for(mp->ma_used * 2), kind);
}

/* key is not in mp. References are taken. */
static int insert_new(PyDictObject *mp, PyObject *key, Py_hash_t hash, PyObject *value)
{
	PyDictKeysObject *keys;
	Py_ssize_t ix;

	if (make_room(mp, PyUnicode_CheckExact(key)) < 0)
		return -1;
	keys = mp->ma_keys;
	ix = keys->dk_nentries;
	Py_INCREF(key);
	Py_INCREF(value);
	{
		/* A deleted slot may be used again: lookups pass over it as over a used one. */
		PROBE_START(hash, KEYS_MASK(keys));
		while (get_index(keys, i) >= 0)
			PROBE_NEXT();
		set_index(keys, i, ix);
	}
	if (keys->dk_kind == DICT_KEYS_UNICODE)
		DK_UNICODE_ENTRIES(keys)[ix] = (PyDictUnicodeEntry){key, value};
	else
		DK_ENTRIES(keys)[ix] = (PyDictKeyEntry){hash, key, value};
	keys->dk_nentries++;
	keys->dk_usable--;
	keys->dk_version = 0;
	mp->ma_used++;
	touch(mp);
	return 0;
}

static void set_value(PyDictObject *mp, Py_ssize_t ix, PyObject *value)
{
	PyDictKeysObject *keys = mp->ma_keys;
	PyObject **slot = keys->dk_kind == DICT_KEYS_UNICODE
				  ? &DK_UNICODE_ENTRIES(keys)[ix].me_value
				  : &DK_ENTRIES(keys)[ix].me_value;
	PyObject *old = *slot;

	*slot = Py_NewRef(value);
	touch(mp);
	Py_DECREF(old); /* last: it may run anything */
}

int _PyDict_SetItem_KnownHash(PyObject *o, PyObject *key, PyObject *value, Py_hash_t hash)
{
	PyDictObject *mp = (PyDictObject *)o;
	PyObject *old;
	Py_ssize_t ix = _PyDict_Lookup(mp, key, hash, &old);

	if (ix == DKIX_ERROR)
		return -1;
	if (ix >= 0) {
		set_value(mp, ix, value);
		return 0;
	}
	return insert_new(mp, key, hash, value);
}

int PyDict_SetItem(PyObject *o, PyObject *key, PyObject *value)
{
	Py_hash_t hash;

	if (!PyDict_Check(o)) {
		PyErr_BadInternalCall();
		return -1;
	}
	hash = _PyDict_KeyHash(key);
	return hash == -1 ? -1 : _PyDict_SetItem_KnownHash(o, key, value, hash);
}

bool _PyDict_SetByHint(PyObject *o, PyObject *key, Py_ssize_t hint, PyObject *value)
{
	if (!_PyDict_GetByHint(o, key, hint))
		return false;
	set_value((PyDictObject *)o, hint, value);
	return true;
}

Py_ssize_t _PyDict_LookupHint(PyObject *o, PyObject *key)
{
	PyDictKeysObject *keys = ((PyDictObject *)o)->ma_keys;

	if (keys->dk_kind != DICT_KEYS_UNICODE)
		return -1;
	return lookup_unicode(keys, key, PyUnicode_HASH(key));
}

/* -- Reading ----------------------------------------------------------------------------------- */
PyObject *_PyDict_GetItem_KnownHash(PyObject *o, PyObject *key, Py_hash_t hash)
{
	PyObject *value;

	_PyDict_Lookup((PyDictObject *)o, key, hash, &value);
	return value;
}

PyObject *_PyDict_GetItemStr(PyObject *o, PyObject *key)
{
	PyDictKeysObject *keys = ((PyDictObject *)o)->ma_keys;
	Py_ssize_t ix;

	if (keys->dk_kind != DICT_KEYS_UNICODE)
		return _PyDict_GetItem_KnownHash(o, key, PyUnicode_HASH(key));
	ix = lookup_unicode(keys, key, PyUnicode_HASH(key));
	return ix >= 0 ? DK_UNICODE_ENTRIES(keys)[ix].me_value : NULL;
}

PyObject *PyDict_GetItemWithError(PyObject *o, PyObject *key)
{
	Py_hash_t hash;

	if (!PyDict_Check(o)) {
		PyErr_BadInternalCall();
		return NULL;
	}
	hash = _PyDict_KeyHash(key);
	return hash == -1 ? NULL : _PyDict_GetItem_KnownHash(o, key, hash);
}

PyObject *PyDict_GetItem(PyObject *o, PyObject *key)
{
	PyObject *pending = PyErr_GetRaisedException(), *value;

	value = PyDict_Check(o) ? PyDict_GetItemWithError(o, key) : NULL;
	PyErr_SetRaisedException(pending);
	return value;
}

int PyDict_Contains(PyObject *o, PyObject *key)
{
	Py_hash_t hash = _PyDict_KeyHash(key);
	PyObject *value;
	Py_ssize_t ix;

	if (hash == -1)
		return -1;
	ix = _PyDict_Lookup((PyDictObject *)o, key, hash, &value);
	return ix == DKIX_ERROR ? -1 : ix >= 0;
}

/* -- Removing ---------------------------------------------------------------------------------- */
/* Takes the entry out and hands over its references. */
static void remove_entry(PyDictObject *mp, Py_ssize_t ix, Py_hash_t hash, PyObject **key,
			 PyObject **value)
{
	PyDictKeysObject *keys = mp->ma_keys;
	Py_hash_t unused;

	_PyDict_EntryAt(keys, ix, key, value, &unused);
	{
		PROBE_START(hash, KEYS_MASK(keys));
		while (get_index(keys, i) != ix)
			PROBE_NEXT();
		set_index(keys, i, DKIX_DUMMY);
	}
	if (keys->dk_kind == DICT_KEYS_UNICODE)
		DK_UNICODE_ENTRIES(keys)[ix] = (PyDictUnicodeEntry){NULL, NULL};
	else
		DK_ENTRIES(keys)[ix] = (PyDictKeyEntry){0, NULL, NULL};
	keys->dk_version = 0;
	mp->ma_used--;
	touch(mp);
}

PyObject *_PyDict_Pop_KnownHash(PyObject *o, PyObject *key, Py_hash_t hash, PyObject *fallback)
{
	PyDictObject *mp = (PyDictObject *)o;
	PyObject *value, *old_key;
	Py_ssize_t ix = mp->ma_used > 0 ? _PyDict_Lookup(mp, key, hash, &value) : DKIX_EMPTY;

	if (ix == DKIX_ERROR)
		return NULL;
	if (ix < 0) {
		if (!fallback)
			_PyErr_SetKeyError(key);
		return Py_XNewRef(fallback);
	}
	remove_entry(mp, ix, hash, &old_key, &value);
	Py_DECREF(old_key);
	return value;
}

PyObject *_PyDict_Pop(PyObject *o, PyObject *key, PyObject *fallback)
{
	Py_hash_t hash;

	if (((PyDictObject *)o)->ma_used == 0 && fallback)
		return Py_NewRef(fallback);
	hash = _PyDict_KeyHash(key);
	return hash == -1 ? NULL : _PyDict_Pop_KnownHash(o, key, hash, fallback);
}

int PyDict_DelItem(PyObject *o, PyObject *key)
{
	PyObject *value = _PyDict_Pop(o, key, NULL);

	if (!value)
		return -1;
	Py_DECREF(value);
	return 0;
}

void PyDict_Clear(PyObject *o)
{
	PyDictObject *mp = (PyDictObject *)o;
	PyDictKeysObject *keys = mp->ma_keys;

	if (!PyDict_Check(o) || keys == EMPTY_KEYS)
		return;
	mp->ma_keys = EMPTY_KEYS;
	mp->ma_used = 0;
	touch(mp);
	keys_release(keys);
}

/* -- Making ------------------------------------------------------------------------------------ */
PyObject *PyDict_New(void)
{
	PyDictObject *mp;

	if (free_dicts_count > 0) {
		mp = free_dicts[--free_dicts_count];
		mp->ob_type = &PyDict_Type;
		_Py_NewReference((PyObject *)mp);
	} else {
		mp = PyObject_GC_New(PyDictObject, &PyDict_Type);
		if (!mp)
			return NULL;
	}
	mp->ma_used = 0;
	mp->ma_keys = EMPTY_KEYS;
	mp->ma_values = NULL;
	touch(mp);
	PyObject_GC_Track(mp);
	return (PyObject *)mp;
}

PyObject *_PyDict_NewPresized(Py_ssize_t n)
{
	PyObject *o = PyDict_New();

	if (o && n > usable_of(LOG2_MIN) &&
	    resize((PyDictObject *)o, log2_for(n), DICT_KEYS_UNICODE) < 0)
		Py_CLEAR(o);
	return o;
}

/* tp_new: tp_alloc gives zeroed, tracked memory. */
PyObject *_PyDict_TypeNew(PyTypeObject *type)
{
	PyDictObject *mp;

	if (type == &PyDict_Type)
		return PyDict_New();
	mp = (PyDictObject *)type->tp_alloc(type, 0);
	if (!mp)
		return NULL;
	mp->ma_keys = EMPTY_KEYS;
	touch(mp);
	return (PyObject *)mp;
}

void _PyDict_Dealloc(PyObject *o)
{
	PyDictObject *mp = (PyDictObject *)o;
	PyDictKeysObject *keys = mp->ma_keys;

	PyObject_GC_UnTrack(o);
	Py_TRASHCAN_BEGIN(o) mp->ma_keys = EMPTY_KEYS;
	if (keys && keys != EMPTY_KEYS)
		keys_release(keys);
	if (PyDict_CheckExact(o) && free_dicts_count < DICT_FREE_MAX)
		free_dicts[free_dicts_count++] = mp;
	else
		Py_TYPE(o)->tp_free(o);
	Py_TRASHCAN_END
}

/* Copies keys that have no removed entries as one block; NULL with the error set. */
static PyDictKeysObject *clone_keys(PyDictKeysObject *from)
{
	PyDictKeysObject *keys = keys_new(from->dk_log2_size, from->dk_kind);

	if (!keys)
		return NULL;
	memcpy(keys->dk_indices, from->dk_indices, (size_t)1 << from->dk_log2_index_bytes);
	memcpy(DK_ENTRIES(keys), DK_ENTRIES(from),
	       (size_t)from->dk_nentries * entry_size(from->dk_kind));
	keys->dk_nentries = from->dk_nentries;
	keys->dk_usable = from->dk_usable;
	for (Py_ssize_t ix = 0; ix < keys->dk_nentries; ix++) {
		PyObject *key, *value;
		Py_hash_t hash;

		_PyDict_EntryAt(keys, ix, &key, &value, &hash);
		Py_INCREF(key);
		Py_INCREF(value);
	}
	return keys;
}

/* Fills the empty exact dict mp with the items of other. */
static int copy_into(PyDictObject *mp, PyDictObject *other)
{
	PyDictKeysObject *from = other->ma_keys, *keys;

	if (other->ma_used == 0)
		return 0;
	if (other->ma_used != from->dk_nentries)
		return PyDict_Merge((PyObject *)mp, (PyObject *)other, 1);
	keys = clone_keys(from);
	if (!keys)
		return -1;
	keys_free(mp->ma_keys); /* empty */
	mp->ma_keys = keys;
	mp->ma_used = other->ma_used;
	touch(mp);
	return 0;
}

PyObject *PyDict_Copy(PyObject *o)
{
	PyObject *copy = PyDict_New();

	if (copy && copy_into((PyDictObject *)copy, (PyDictObject *)o) < 0)
		Py_CLEAR(copy);
	return copy;
}

/* -- Going through ----------------------------------------------------------------------------- */
int _PyDict_Next(PyObject *o, Py_ssize_t *pos, PyObject **key, PyObject **value, Py_hash_t *hash)
{
	PyDictKeysObject *keys = ((PyDictObject *)o)->ma_keys;
	PyObject *k, *v;
	Py_hash_t h;

	while (*pos >= 0 && *pos < keys->dk_nentries) {
		if (!_PyDict_EntryAt(keys, (*pos)++, &k, &v, &h))
			continue;
		if (key)
			*key = k;
		if (value)
			*value = v;
		if (hash)
			*hash = keys->dk_kind == DICT_KEYS_UNICODE ? PyUnicode_HASH(k) : h;
		return 1;
	}
	return 0;
}

int PyDict_Next(PyObject *o, Py_ssize_t *pos, PyObject **key, PyObject **value)
{
	return PyDict_Check(o) ? _PyDict_Next(o, pos, key, value, NULL) : 0;
}

PyObject *PyDict_SetDefault(PyObject *o, PyObject *key, PyObject *value)
{
	Py_hash_t hash = _PyDict_KeyHash(key);
	PyObject *old;
	Py_ssize_t ix;

	if (hash == -1)
		return NULL;
	ix = _PyDict_Lookup((PyDictObject *)o, key, hash, &old);
	if (ix == DKIX_ERROR)
		return NULL;
	if (ix >= 0)
		return old;
	return insert_new((PyDictObject *)o, key, hash, value) < 0 ? NULL : value;
}

int _PyDict_Traverse(PyObject *o, visitproc visit, void *arg)
{
	PyDictKeysObject *keys = ((PyDictObject *)o)->ma_keys;

	if (!keys)
		return 0;
	for (Py_ssize_t ix = 0; ix < keys->dk_nentries; ix++) {
		PyObject *key, *value;
		Py_hash_t hash;

		if (_PyDict_EntryAt(keys, ix, &key, &value, &hash)) {
			Py_VISIT(key);
			Py_VISIT(value);
		}
	}
	return 0;
}

Py_ssize_t _PyDict_SizeOf(PyObject *o)
{
	PyDictObject *mp = (PyDictObject *)o;
	PyDictKeysObject *keys = mp->ma_keys;
	size_t size = (size_t)Py_TYPE(o)->tp_basicsize;

	if (keys != EMPTY_KEYS)
		size += sizeof(*keys) + ((size_t)1 << keys->dk_log2_index_bytes) +
			(size_t)usable_of(keys->dk_log2_size) * entry_size(keys->dk_kind);
	return (Py_ssize_t)size;
}

bool _PyDict_PopLast(PyDictObject *mp, PyObject **key, PyObject **value)
{
	PyDictKeysObject *keys = mp->ma_keys;
	Py_ssize_t ix = keys->dk_nentries - 1;
	Py_hash_t hash;

	while (ix >= 0 && !_PyDict_EntryAt(keys, ix, key, value, &hash))
		ix--;
	if (ix < 0)
		return false;
	remove_entry(mp, ix, keys->dk_kind == DICT_KEYS_UNICODE ? PyUnicode_HASH(*key) : hash, key,
		     value);
	/* Its entry, and removed ones behind it, are free again: popping all stays O(n). */
	keys->dk_nentries = ix;
	return true;
}
