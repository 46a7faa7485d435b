/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dict: entries in the order of insertion, and a hash table of indices into them.
 *
 * keys = header, 2^dk_log2_size indices (1, 2, 4 or 8 bytes each, signed; -1 empty, -2 deleted),
 * then dk_usable + dk_nentries entries. A removed entry has key and value NULL. While all keys are
 * exactly str the entries are pairs {key, value}, the hash being in the key.
 */
#ifndef MINIPY_OBJECTS_DICT_H
#define MINIPY_OBJECTS_DICT_H

#include "core/object.h"

typedef struct {
	Py_hash_t me_hash;
	PyObject *me_key, *me_value;
} PyDictKeyEntry;

typedef struct {
	PyObject *me_key, *me_value;
} PyDictUnicodeEntry;

enum { DICT_KEYS_GENERAL = 0, DICT_KEYS_UNICODE = 1 };

typedef struct _dictkeysobject {
	Py_ssize_t dk_refcnt;
	uint8_t dk_log2_size;
	uint8_t dk_log2_index_bytes; /* log2 of the size of all indices */
	uint8_t dk_kind;             /* DICT_KEYS_* */
	uint8_t dk_unused;
	uint32_t dk_version; /* 0 = none; changes whenever a key comes or goes */
	Py_ssize_t dk_usable;
	Py_ssize_t dk_nentries; /* entries used so far, removed ones too */
	char dk_indices[];
} PyDictKeysObject;

typedef struct {
	PyObject_HEAD Py_ssize_t ma_used;
	uint64_t ma_version; /* unique in the process; another after every change */
	PyDictKeysObject *ma_keys;
	PyObject **ma_values; /* always NULL: keys are never shared */
} PyDictObject;

extern PyTypeObject PyDict_Type, PyDictKeys_Type, PyDictValues_Type, PyDictItems_Type,
	PyDictIterKey_Type, PyDictIterValue_Type, PyDictIterItem_Type, PyDictRevIterKey_Type,
	PyDictRevIterValue_Type, PyDictRevIterItem_Type;
#define PyDict_Check(o)      PyType_HasFeature(Py_TYPE(o), Py_TPFLAGS_DICT_SUBCLASS)
#define PyDict_CheckExact(o) Py_IS_TYPE(o, &PyDict_Type)
#define PyDict_GET_SIZE(o)   (((PyDictObject *)(o))->ma_used)

#define DK_ENTRIES(dk) \
	((PyDictKeyEntry *)((dk)->dk_indices + ((size_t)1 << (dk)->dk_log2_index_bytes)))
#define DK_UNICODE_ENTRIES(dk) \
	((PyDictUnicodeEntry *)((dk)->dk_indices + ((size_t)1 << (dk)->dk_log2_index_bytes)))

PyObject *PyDict_New(void);
PyObject *_PyDict_NewPresized(Py_ssize_t n);
/* Borrowed; NULL without an error when it is not there. GetItem swallows errors. */
PyObject *PyDict_GetItem(PyObject *o, PyObject *key);
PyObject *PyDict_GetItemWithError(PyObject *o, PyObject *key);
PyObject *PyDict_GetItemString(PyObject *o, const char *key);
PyObject *_PyDict_GetItem_KnownHash(PyObject *o, PyObject *key, Py_hash_t hash);
/* key: an exact str with its hash computed (an interned name). Never runs Python code as long as
 * all keys of the dict are str. */
PyObject *_PyDict_GetItemStr(PyObject *o, PyObject *key);
int PyDict_SetItem(PyObject *o, PyObject *key, PyObject *value);
int PyDict_SetItemString(PyObject *o, const char *key, PyObject *value);
int _PyDict_SetItem_KnownHash(PyObject *o, PyObject *key, PyObject *value, Py_hash_t hash);
int PyDict_DelItem(PyObject *o, PyObject *key); /* KeyError when it is not there */
int PyDict_DelItemString(PyObject *o, const char *key);
int PyDict_Contains(PyObject *o, PyObject *key);
/* KeyError(key) pending, also when key is a tuple or None, which PyErr_SetObject takes apart. */
void _PyErr_SetKeyError(PyObject *key);
PyObject *PyDict_SetDefault(PyObject *o, PyObject *key, PyObject *value); /* borrowed */
/* The value, removed from the dict; fallback (may be NULL: KeyError) when it is not there. New. */
PyObject *_PyDict_Pop(PyObject *o, PyObject *key, PyObject *fallback);
PyObject *_PyDict_Pop_KnownHash(PyObject *o, PyObject *key, Py_hash_t hash, PyObject *fallback);
void PyDict_Clear(PyObject *o);
Py_ssize_t PyDict_Size(PyObject *o);
PyObject *PyDict_Copy(PyObject *o);
int PyDict_Update(PyObject *o, PyObject *other);
int PyDict_Merge(PyObject *o, PyObject *other, int override);
/* As Merge of a call's ** mapping: a key that is there already is a KeyError with that key. */
int _PyDict_MergeEx(PyObject *o, PyObject *other, int override);
int PyDict_MergeFromSeq2(PyObject *o, PyObject *pairs, int override);
PyObject *PyDict_Keys(PyObject *o); /* lists */
PyObject *PyDict_Values(PyObject *o);
PyObject *PyDict_Items(PyObject *o);
/* Borrowed; *pos starts at 0; key and value may be NULL. Values may be replaced meanwhile. */
int PyDict_Next(PyObject *o, Py_ssize_t *pos, PyObject **key, PyObject **value);
int _PyDict_Next(PyObject *o, Py_ssize_t *pos, PyObject **key, PyObject **value, Py_hash_t *hash);
PyObject *_PyDictView_New(PyObject *dict, PyTypeObject *type);

/* -- For inline caches --------------------------------------------------------------------------
 * Two guards, both cheap. By hint: the index at which a name stood last time; right as long as
 * the entry there still has that very key (needs no version). By dk_version: no key has come or
 * gone since, so what was not there still is not. */

/* Where key (an exact, hashed str) stands, or -1; the index is good for _PyDict_GetByHint. */
Py_ssize_t _PyDict_LookupHint(PyObject *o, PyObject *key);
/* Gives the keys a version if they have none; 0 when there are no more. */
uint32_t _PyDictKeys_GetVersion(PyDictKeysObject *keys);

/* Borrowed value, or NULL: look it up. */
static inline PyObject *_PyDict_GetByHint(PyObject *o, PyObject *key, Py_ssize_t hint)
{
	PyDictKeysObject *keys = ((PyDictObject *)o)->ma_keys;
	PyDictUnicodeEntry *entry;

	if ((size_t)hint >= (size_t)keys->dk_nentries || keys->dk_kind != DICT_KEYS_UNICODE)
		return NULL;
	entry = &DK_UNICODE_ENTRIES(keys)[hint];
	return entry->me_key == key ? entry->me_value : NULL;
}

/* Replaces the value of key when it stands at hint; false: use PyDict_SetItem. Borrows value. */
bool _PyDict_SetByHint(PyObject *o, PyObject *key, Py_ssize_t hint, PyObject *value);

#endif
