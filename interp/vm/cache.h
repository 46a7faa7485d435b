/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inline caches: what a unit found last time, beside the code, never in it. There is one entry a
 * unit once the code is warm (co_cache).
 *
 * An entry is right as long as its guard holds: versions of types and of dict keys are never used
 * twice, and a place in an instance's dict (hint) is checked against the key that stands there.
 * Values are borrowed from the type whose version guards them.
 */
#ifndef MINIPY_VM_CACHE_H
#define MINIPY_VM_CACHE_H

#include "objects/code.h"
#include "objects/dict.h"
#include "objects/function.h"
#include "objects/unicode.h"

enum {
	CACHE_EMPTY,
	CACHE_GLOBAL,   /* globals' keys have the version; place is the value's in them */
	CACHE_BUILTIN,  /* likewise, and builtins' keys have version2; place in these */
	CACHE_DICT,     /* type has the version; the attribute stands in the dict near hint */
	CACHE_SLOT,     /* type has the version; the value stands in the object at place */
	CACHE_TYPE,     /* type has the version; value, unless the object's dict has the name */
	CACHE_METHOD,   /* the same, and value is a function to be called with the object first */
	CACHE_PROPERTY, /* type has the version; value is a property that has a getter in Python */
	CACHE_INIT,     /* the called class has the version; value is its __init__, in Python */
	CACHE_CLASS,    /* the object is a class that has the version; value is its attribute */
};

struct _PyUnitCache {
	union {
		uint64_t version; /* of a type */
		struct {
			uint32_t version1, version2; /* of dict keys */
		};
	};
	PyObject *value;
	int32_t place;  /* bytes: of the value in the keys or in the object, or of the dict */
	uint16_t hint;  /* entry of the instance's dict */
	uint8_t kind;   /* CACHE_* */
	uint8_t misses; /* wraps around */
};

/* Runs before code gets its cache. Builds that look for faults set it to 1. */
#ifndef PY_CODE_WARM
#define PY_CODE_WARM 8
#endif
/* Allocates the cache; NULL (no exception) when memory is out. */
struct _PyUnitCache *_PyCache_New(PyCodeObject *co);

/* After many misses in a row an entry is filled only now and then. */
static inline bool _PyCache_WorthFilling(struct _PyUnitCache *e)
{
	return ++e->misses < 32 || e->misses % 64 == 0;
}

static inline PyObject *_PyCache_KeysValue(PyDictKeysObject *keys, const struct _PyUnitCache *e)
{
	return *(PyObject **)((char *)keys + e->place);
}

/* Borrowed, or NULL: not in the cache. */
static inline PyObject *_PyCache_Global(const struct _PyUnitCache *e, PyObject *globals,
					PyObject *builtins)
{
	PyDictKeysObject *keys = ((PyDictObject *)globals)->ma_keys;

	if (e->kind == CACHE_GLOBAL && keys->dk_version == e->version1)
		return _PyCache_KeysValue(keys, e);
	if (e->kind == CACHE_BUILTIN && keys->dk_version == e->version1 &&
	    PyDict_CheckExact(builtins)) {
		keys = ((PyDictObject *)builtins)->ma_keys;
		if (keys->dk_version == e->version2)
			return _PyCache_KeysValue(keys, e);
	}
	return NULL;
}

/* Borrowed, or NULL: ask _PyCache_LoadAttr. */
static inline PyObject *_PyCache_Attr(const struct _PyUnitCache *e, PyObject *o, PyObject *name)
{
	if (Py_TYPE(o)->tp_version_tag != e->version)
		return NULL;
	if (e->kind == CACHE_DICT) {
		PyObject *dict = *(PyObject **)((char *)o + e->place);

		return dict ? _PyDict_GetByHint(dict, name, e->hint) : NULL;
	}
	return e->kind == CACHE_SLOT ? *(PyObject **)((char *)o + e->place) : NULL;
}

/* Surely not in the object's dict, which stands at place (0: it has none)? */
static inline bool _PyCache_NotInDict(const struct _PyUnitCache *e, PyObject *o, PyObject *name)
{
	PyObject *dict;

	if (!e->place || !(dict = *(PyObject **)((char *)o + e->place)))
		return true;
	PyDictKeysObject *keys = ((PyDictObject *)dict)->ma_keys;

	if (keys->dk_kind != DICT_KEYS_UNICODE)
		return false;
	if (keys->dk_log2_size < 8) {
		size_t mask = ((size_t)1 << keys->dk_log2_size) - 1;

		if (((int8_t *)keys->dk_indices)[(size_t)PyUnicode_HASH(name) & mask] == -1)
			return true;
	}
	return !_PyDict_GetItemStr(dict, name);
}

/* The function (borrowed) to call with o first, or NULL: ask _PyCache_LoadMethod. */
static inline PyObject *_PyCache_Method(const struct _PyUnitCache *e, PyObject *o, PyObject *name)
{
	if (Py_TYPE(o)->tp_version_tag != e->version || e->kind != CACHE_METHOD ||
	    !_PyCache_NotInDict(e, o, name))
		return NULL;
	return e->value;
}

/* The function (borrowed) that initialises a new, plain object of class, whose n values are just
 * what it takes; NULL: call class as any other object. */
PyObject *_PyCache_FindInit(struct _PyUnitCache *e, PyTypeObject *class, Py_ssize_t n);
static inline PyObject *_PyCache_Init(struct _PyUnitCache *e, PyObject *class, Py_ssize_t n)
{
	/* A function's code may be exchanged without the class's knowledge. */
	if (Py_LIKELY(((PyTypeObject *)class)->tp_version_tag == e->version &&
		      e->kind == CACHE_INIT &&
		      ((PyCodeObject *)PyFunction_GET_CODE(e->value))->co_plain_args == n + 1))
		return e->value;
	return _PyCache_WorthFilling(e) ? _PyCache_FindInit(e, (PyTypeObject *)class, n) : NULL;
}

/* The whole way, then the entry filled. New references, as the uncached functions give them. */
PyObject *_PyCache_LoadGlobal(struct _PyUnitCache *e, PyObject *globals, PyObject *builtins,
			      PyObject *name);
PyObject *_PyCache_LoadAttr(struct _PyUnitCache *e, PyObject *o, PyObject *name);
int _PyCache_LoadMethod(struct _PyUnitCache *e, PyObject *o, PyObject *name, PyObject **ret);
int _PyCache_StoreAttr(struct _PyUnitCache *e, PyObject *o, PyObject *name, PyObject *value);

#endif
