/* SPDX-License-Identifier: BSD-2-Clause */
/* What dict's files share. */
#ifndef MINIPY_OBJECTS_DICT_PRIV_H
#define MINIPY_OBJECTS_DICT_PRIV_H

#include "objects/dict.h"

/* A view or an iterator's owner. */
typedef struct {
	PyObject_HEAD PyDictObject *dict;
} PyDictViewObject;

/* The entry at index ix of any kind of keys; false when it was removed. Borrowed. */
static inline bool _PyDict_EntryAt(PyDictKeysObject *keys, Py_ssize_t ix, PyObject **key,
				   PyObject **value, Py_hash_t *hash)
{
	if (keys->dk_kind == DICT_KEYS_UNICODE) {
		PyDictUnicodeEntry *e = &DK_UNICODE_ENTRIES(keys)[ix];

		*key = e->me_key;
		*value = e->me_value;
		*hash = -1; /* in the key */
	} else {
		PyDictKeyEntry *e = &DK_ENTRIES(keys)[ix];

		*key = e->me_key;
		*value = e->me_value;
		*hash = e->me_hash;
	}
	return *value != NULL;
}

/* Index of the entry of key, DKIX_EMPTY, or DKIX_ERROR with an exception; *value borrowed. */
enum { DKIX_EMPTY = -1, DKIX_DUMMY = -2, DKIX_ERROR = -3 };
Py_ssize_t _PyDict_Lookup(PyDictObject *mp, PyObject *key, Py_hash_t hash, PyObject **value);
/* -1 with the error set. */
Py_hash_t _PyDict_KeyHash(PyObject *key);
PyObject *_PyDict_TypeNew(PyTypeObject *type);
void _PyDict_Dealloc(PyObject *o);
int _PyDict_Traverse(PyObject *o, visitproc visit, void *arg);
Py_ssize_t _PyDict_SizeOf(PyObject *o);
/* The last item, removed; new references. false when the dict is empty. */
bool _PyDict_PopLast(PyDictObject *mp, PyObject **key, PyObject **value);
/* The dict's own __missing__ or KeyError. */
PyObject *_PyDict_Subscript(PyObject *o, PyObject *key);
extern PyMethodDef _PyDict_methods[];
PyObject *_PyDict_RichCompare(PyObject *v, PyObject *w, int op);
PyObject *_PyDictIter_New(PyDictObject *dict, PyTypeObject *type);

#endif
