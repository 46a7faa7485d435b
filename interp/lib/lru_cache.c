/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * functools._lru_cache_wrapper: a function that remembers its results.
 *
 * Without a limit a dict holds key -> result. With one it holds key -> link, and the links stand in
 * a ring by their last use. Looking up, adding and removing run __eq__ of the keys, and the
 * function runs between them: each may come back here, or clear the cache. So a link holds a
 * reference to itself for being in the ring, which is what its `next` tells; a link that is in the
 * dict but not in the ring is only found, until it is cleared away or replaced.
 */
#include "lib/functools.h"

#include "core/errors.h"
#include "core/state.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/dict.h"
#include "objects/long.h"
#include "objects/method.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/unicode.h"
#include "objects/weakref.h"

struct ring {
	struct ring *prev, *next; /* NULL when it is in none */
};

typedef struct {
	PyObject_HEAD PyObject *key;
	PyObject *result;
	struct ring ring;
	Py_hash_t hash;
} LinkObject;

#define LINK_OF(r) ((LinkObject *)((char *)(r)-offsetof(LinkObject, ring)))

typedef struct LruCacheObject {
	PyObject_HEAD PyObject *func;
	PyObject *cache; /* dict; NULL only while the collector takes a cycle apart */
	PyObject *info_type;
	PyObject *dict, *weaklist;
	struct ring ring;   /* its next is the link used the longest ago */
	Py_ssize_t maxsize; /* -1: no limit */
	Py_ssize_t hits, misses;
	bool typed;
} LruCacheObject;

#define L(o) ((LruCacheObject *)(o))

/* -- Links ------------------------------------------------------------------------------------- */
static void link_dealloc(PyObject *o)
{
	PyObject_GC_UnTrack(o);
	Py_TRASHCAN_BEGIN(o) Py_XDECREF(((LinkObject *)o)->key);
	Py_XDECREF(((LinkObject *)o)->result);
	PyObject_GC_Del(o);
	Py_TRASHCAN_END
}

static int link_traverse(PyObject *o, visitproc visit, void *arg)
{
	Py_VISIT(((LinkObject *)o)->key);
	Py_VISIT(((LinkObject *)o)->result);
	return 0;
}

PyTypeObject _PyLruLink_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "functools._lru_list_elem",
	.tp_basicsize = sizeof(LinkObject),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
	.tp_dealloc = link_dealloc,
	.tp_free = PyObject_GC_Del,
	.tp_traverse = link_traverse,
};

static void ring_init(struct ring *head)
{
	head->prev = head->next = head;
}

static void ring_append(struct ring *head, struct ring *r)
{
	r->next = head;
	r->prev = head->prev;
	head->prev->next = r;
	head->prev = r;
}

static void ring_remove(struct ring *r)
{
	r->prev->next = r->next;
	r->next->prev = r->prev;
	r->prev = r->next = NULL;
}

/* Out of the ring, if it is in one; the reference for that goes. */
static void link_leave(LinkObject *link)
{
	if (!link->ring.next)
		return;
	ring_remove(&link->ring);
	Py_DECREF(link);
}

static void empty(LruCacheObject *c)
{
	while (c->ring.next != &c->ring)
		link_leave(LINK_OF(c->ring.next));
}

/* -- Keys -------------------------------------------------------------------------------------- */
/* Stands between the positional arguments and the keywords, so that no two calls mix up. */
static PyObject *mark(void)
{
	return (PyObject *)&_PyLruLink_Type;
}

/* Of a call: itself when it is the only argument and an int or a str, else a tuple of all. */
static PyObject *key_of(LruCacheObject *c, PyObject *const *args, Py_ssize_t nargs,
			PyObject *kwnames)
{
	Py_ssize_t nkw = kwnames ? PyTuple_GET_SIZE(kwnames) : 0, n = 0;
	PyObject *key;

	if (!c->typed && nargs == 1 && nkw == 0 &&
	    (PyUnicode_CheckExact(args[0]) || PyLong_CheckExact(args[0])))
		return Py_NewRef(args[0]);
	key = PyTuple_New(nargs + (nkw ? 1 + 2 * nkw : 0) + (c->typed ? nargs + nkw : 0));
	if (!key)
		return NULL;
#define PUT(o) PyTuple_SET_ITEM(key, n++, Py_NewRef(o))
	for (Py_ssize_t i = 0; i < nargs; i++)
		PUT(args[i]);
	if (nkw)
		PUT(mark());
	for (Py_ssize_t i = 0; i < nkw; i++) {
		PUT(PyTuple_GET_ITEM(kwnames, i));
		PUT(args[nargs + i]);
	}
	for (Py_ssize_t i = 0; c->typed && i < nargs + nkw; i++)
		PUT(Py_TYPE(args[i]));
#undef PUT
	return key;
}

/* -- Calling ----------------------------------------------------------------------------------- */
struct call {
	PyObject *const *args;
	size_t nargsf;
	PyObject *kwnames;
};

static PyObject *call_func(LruCacheObject *c, const struct call *call)
{
	PyObject *func, *ret;

	c->misses++;
	if (!c->func || _Py_CheckStack() < 0)
		return c->func ? NULL
			       : PyErr_Format(PyExc_ValueError,
					      "cache was cleared by the collector");
	func = Py_NewRef(c->func);
	ret = PyObject_Vectorcall(func, call->args, call->nargsf, call->kwnames);
	Py_DECREF(func);
	return ret;
}

static PyObject *call_unlimited(LruCacheObject *c, PyObject *cache, PyObject *key, Py_hash_t hash,
				const struct call *call)
{
	PyObject *result = _PyDict_GetItem_KnownHash(cache, key, hash);

	if (result) {
		c->hits++;
		return Py_NewRef(result);
	}
	if (PyErr_Occurred())
		return NULL;
	result = call_func(c, call);
	if (result && _PyDict_SetItem_KnownHash(cache, key, result, hash) < 0)
		Py_CLEAR(result);
	return result;
}

/* Makes room for one more: 0, or -1. */
static int drop_oldest(LruCacheObject *c, PyObject *cache)
{
	LinkObject *oldest = LINK_OF(c->ring.next);
	PyObject *popped;

	if (&oldest->ring == &c->ring) { /* none of those in the dict is in the ring */
		PyDict_Clear(cache);
		return 0;
	}
	Py_INCREF(oldest);
	link_leave(oldest);
	popped = _PyDict_Pop_KnownHash(cache, oldest->key, oldest->hash, Py_None);
	if (popped && Py_IS_TYPE(popped, &_PyLruLink_Type))
		link_leave((LinkObject *)popped); /* another one with that key */
	Py_DECREF(oldest);
	Py_XDECREF(popped);
	return popped ? 0 : -1;
}

static int remember(LruCacheObject *c, PyObject *cache, PyObject *key, Py_hash_t hash,
		    PyObject *result)
{
	LinkObject *link;
	int status;

	if (PyDict_GET_SIZE(cache) >= c->maxsize && drop_oldest(c, cache) < 0)
		return -1;
	link = PyObject_GC_New(LinkObject, &_PyLruLink_Type);
	if (!link)
		return -1;
	link->key = Py_NewRef(key);
	link->result = Py_NewRef(result);
	link->hash = hash;
	ring_append(&c->ring, &link->ring);
	Py_INCREF(link);
	PyObject_GC_Track(link);
	status = _PyDict_SetItem_KnownHash(cache, key, (PyObject *)link, hash);
	if (status < 0)
		link_leave(link);
	Py_DECREF(link);
	return status;
}

/* The link of a key, new, which becomes the one used last; NULL without an exception: none. */
static LinkObject *find_link(LruCacheObject *c, PyObject *cache, PyObject *key, Py_hash_t hash)
{
	PyObject *found = _PyDict_GetItem_KnownHash(cache, key, hash);
	LinkObject *link = (LinkObject *)Py_XNewRef(found);

	if (link && link->ring.next) {
		ring_remove(&link->ring);
		ring_append(&c->ring, &link->ring);
	}
	return link;
}

static PyObject *call_limited(LruCacheObject *c, PyObject *cache, PyObject *key, Py_hash_t hash,
			      const struct call *call)
{
	LinkObject *link = find_link(c, cache, key, hash);
	PyObject *result;

	if (link) {
		c->hits++;
		result = Py_NewRef(link->result);
		Py_DECREF(link);
		return result;
	}
	if (PyErr_Occurred() || !(result = call_func(c, call)))
		return NULL;
	link = find_link(c, cache, key, hash); /* the function may have been here for the same */
	if (link ? false : PyErr_Occurred() || remember(c, cache, key, hash, result) < 0)
		Py_CLEAR(result);
	Py_XDECREF(link);
	return result;
}

static PyObject *lru_cache_call(PyObject *self, PyObject *const *args, size_t nargsf,
				PyObject *kwnames)
{
	LruCacheObject *c = L(self);
	/* args[-1] is the caller's: the function runs while the arguments are a key. */
	struct call call = {args, (size_t)PyVectorcall_NARGS(nargsf), kwnames};
	PyObject *cache = c->cache, *key, *result = NULL;
	Py_hash_t hash;

	if (c->maxsize == 0 || !cache)
		return call_func(c, &call);
	key = key_of(c, args, PyVectorcall_NARGS(nargsf), kwnames);
	if (!key)
		return NULL;
	hash = PyObject_Hash(key);
	if (hash != -1) {
		Py_INCREF(cache);
		result = (c->maxsize < 0 ? call_unlimited : call_limited)(c, cache, key, hash,
									  &call);
		Py_DECREF(cache);
	}
	Py_DECREF(key);
	return result;
}

/* -- The type ---------------------------------------------------------------------------------- */
/* maxsize as it is kept: -2 with an exception. */
static Py_ssize_t limit_of(PyObject *maxsize)
{
	Py_ssize_t limit;

	if (Py_IsNone(maxsize))
		return -1;
	if (!PyIndex_Check(maxsize)) {
		PyErr_SetString(PyExc_TypeError, "maxsize should be integer or None");
		return -2;
	}
	limit = PyNumber_AsSsize_t(maxsize, PyExc_OverflowError);
	if (limit == -1 && PyErr_Occurred())
		return -2;
	return limit < 0 ? 0 : limit;
}

static PyObject *lru_cache_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	static const char *const names[] = {"user_function", "maxsize", "typed", "cache_info_type",
					    NULL};
	static const struct PyArgSpec spec = {"lru_cache", names, .required = 4, .max_pos = 4};
	PyObject *a[4];
	Py_ssize_t maxsize;
	LruCacheObject *c;
	int typed;

	if (PyArg_ParseDict(&spec, args, kwargs, a) < 0)
		return NULL;
	if (!PyCallable_Check(a[0]))
		return PyErr_Format(PyExc_TypeError, "the first argument must be callable");
	maxsize = limit_of(a[1]);
	typed = maxsize < -1 ? -1 : PyObject_IsTrue(a[2]);
	if (typed < 0)
		return NULL;
	c = (LruCacheObject *)type->tp_alloc(type, 0);
	if (!c)
		return NULL;
	ring_init(&c->ring);
	c->func = Py_NewRef(a[0]);
	c->info_type = Py_NewRef(a[3]);
	c->maxsize = maxsize;
	c->typed = typed;
	c->cache = PyDict_New();
	if (!c->cache)
		Py_CLEAR(c);
	return (PyObject *)c;
}

static int lru_cache_clear_slot(PyObject *o)
{
	empty(L(o));
	Py_CLEAR(L(o)->func);
	Py_CLEAR(L(o)->cache);
	Py_CLEAR(L(o)->info_type);
	Py_CLEAR(L(o)->dict);
	return 0;
}

static void lru_cache_dealloc(PyObject *o)
{
	PyObject_GC_UnTrack(o);
	Py_TRASHCAN_BEGIN(o) if (L(o)->weaklist) PyObject_ClearWeakRefs(o);
	lru_cache_clear_slot(o);
	Py_TYPE(o)->tp_free(o);
	Py_TRASHCAN_END
}

static int lru_cache_traverse(PyObject *o, visitproc visit, void *arg)
{
	LruCacheObject *c = L(o);

	for (struct ring *r = c->ring.next; r && r != &c->ring; r = r->next)
		Py_VISIT(LINK_OF(r));
	Py_VISIT(c->func);
	Py_VISIT(c->cache);
	Py_VISIT(c->info_type);
	Py_VISIT(c->dict);
	return 0;
}

static PyObject *lru_cache_get(PyObject *self, PyObject *o, PyObject *type)
{
	return !o || Py_IsNone(o) ? Py_NewRef(self) : PyMethod_New(self, o);
}

static PyObject *cache_info(PyObject *o, PyObject *unused)
{
	LruCacheObject *c = L(o);
	PyObject *numbers, *info = NULL;

	if (!c->cache || !c->info_type)
		return PyErr_Format(PyExc_ValueError, "cache was cleared by the collector");
	numbers = _PyTuple_OF(PyLong_FromSsize_t(c->hits), PyLong_FromSsize_t(c->misses),
			      c->maxsize < 0 ? Py_NewRef(Py_None) : PyLong_FromSsize_t(c->maxsize),
			      PyLong_FromSsize_t(PyDict_GET_SIZE(c->cache)));
	if (numbers)
		info = PyObject_CallObject(c->info_type, numbers);
	Py_XDECREF(numbers);
	return info;
}

static PyObject *cache_clear(PyObject *o, PyObject *unused)
{
	LruCacheObject *c = L(o);

	c->hits = c->misses = 0;
	if (c->cache)
		PyDict_Clear(c->cache);
	empty(c);
	Py_RETURN_NONE;
}

/* A function's name is what pickle wants; a copy is the function itself. */
static PyObject *lru_cache_reduce(PyObject *o, PyObject *unused)
{
	return PyObject_GetAttrString(o, "__qualname__");
}

static PyObject *lru_cache_copy(PyObject *o, PyObject *unused)
{
	return Py_NewRef(o);
}

static PyMethodDef lru_cache_methods[] = {
	{"cache_info", cache_info, METH_NOARGS, "Report cache statistics"},
	{"cache_clear", cache_clear, METH_NOARGS, "Clear the cache and cache statistics"},
	{"__reduce__", lru_cache_reduce, METH_NOARGS, NULL},
	{"__copy__", lru_cache_copy, METH_NOARGS, NULL},
	{"__deepcopy__", lru_cache_copy, METH_O, NULL},
	{0},
};

static PyGetSetDef lru_cache_getset[] = {
	{"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL},
	{0},
};

PyTypeObject _PyLruCache_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "functools._lru_cache_wrapper",
	.tp_basicsize = sizeof(LruCacheObject),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE |
		    Py_TPFLAGS_METHOD_DESCRIPTOR,
	.tp_doc = "Create a cached callable that wraps another function.",
	.tp_dictoffset = offsetof(LruCacheObject, dict),
	.tp_weaklistoffset = offsetof(LruCacheObject, weaklist),
	.tp_dealloc = lru_cache_dealloc,
	.tp_free = PyObject_GC_Del,
	.tp_traverse = lru_cache_traverse,
	.tp_clear = lru_cache_clear_slot,
	.tp_vectorcall = lru_cache_call,
	.tp_descr_get = lru_cache_get,
	.tp_new = lru_cache_new,
	.tp_methods = lru_cache_methods,
	.tp_getset = lru_cache_getset,
};
