/* SPDX-License-Identifier: BSD-2-Clause */
/* The types set and frozenset: slots and methods. */
#include "objects/set_priv.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

#define SET(o) ((PySetObject *)(o))

/* The type that an operation on o gives: plain set or frozenset. */
static PyTypeObject *result_type(PyObject *o)
{
	return PySet_Check(o) ? &PySet_Type : &PyFrozenSet_Type;
}

static PyObject *copy_of(PyObject *o)
{
	return _PySet_Make(result_type(o), o);
}

/* Runs visit on every item of a set, dict or iterable with its hash; stops at non-zero: that. */
static int for_each(PyObject *iterable, int (*visit)(PyObject *key, Py_hash_t hash, void *arg),
		    void *arg)
{
	PyObject *it, *key, *value;
	Py_ssize_t pos = 0;
	Py_hash_t hash;
	int ret = 0;

	if (PyAnySet_Check(iterable)) {
		while (ret == 0 && _PySet_NextEntry(iterable, &pos, &key, &hash)) {
			Py_INCREF(key);
			ret = visit(key, hash, arg);
			Py_DECREF(key);
		}
		return ret;
	}
	if (PyDict_CheckExact(iterable)) {
		while (ret == 0 && _PyDict_Next(iterable, &pos, &key, &value, &hash)) {
			Py_INCREF(key);
			ret = visit(key, hash, arg);
			Py_DECREF(key);
		}
		return ret;
	}
	it = PyObject_GetIter(iterable);
	if (!it)
		return -1;
	while (ret == 0 && (key = PyIter_Next(it))) {
		hash = PyObject_Hash(key);
		ret = hash == -1 ? -1 : visit(key, hash, arg);
		Py_DECREF(key);
	}
	Py_DECREF(it);
	return ret == 0 && PyErr_Occurred() ? -1 : ret;
}

static int discard_each(PyObject *key, Py_hash_t hash, void *arg)
{
	return _PySet_DiscardHashed(arg, key, hash) < 0 ? -1 : 0;
}

static int difference_update(PyObject *self, PyObject *other)
{
	if (self == other) {
		_PySet_ClearAll(SET(self));
		return 0;
	}
	return for_each(other, discard_each, self);
}

struct pair {
	PySetObject *from, *to;
};

static int add_if_in(PyObject *key, Py_hash_t hash, void *arg)
{
	struct pair *p = arg;
	int in = _PySet_ContainsHashed(p->from, key, hash);

	return in > 0 ? _PySet_AddHashed(p->to, key, hash) : in;
}

static PyObject *intersection(PyObject *self, PyObject *other)
{
	PyObject *ret;
	struct pair p;

	if (self == other)
		return copy_of(self);
	ret = _PySet_Make(result_type(self), NULL);
	if (!ret)
		return NULL;
	if (PyAnySet_Check(other) && PySet_GET_SIZE(other) > PySet_GET_SIZE(self)) {
		PyObject *t = self;

		self = other;
		other = t;
	}
	p = (struct pair){SET(self), SET(ret)};
	if (for_each(other, add_if_in, &p) < 0)
		Py_CLEAR(ret);
	return ret;
}

static PyObject *difference(PyObject *self, PyObject *other)
{
	PyObject *ret = copy_of(self);

	if (ret && (self == other ? (_PySet_ClearAll(SET(ret)), 0)
				  : for_each(other, discard_each, ret)) < 0)
		Py_CLEAR(ret);
	return ret;
}

static int toggle(PyObject *key, Py_hash_t hash, void *arg)
{
	int found = _PySet_DiscardHashed(arg, key, hash);

	return found < 0 ? -1 : found ? 0 : _PySet_AddHashed(arg, key, hash);
}

static int symmetric_difference_update(PyObject *self, PyObject *other)
{
	PyObject *set;
	int err;

	if (self == other) {
		_PySet_ClearAll(SET(self));
		return 0;
	}
	if (PyAnySet_Check(other) || PyDict_CheckExact(other))
		return for_each(other, toggle, self);
	set = PySet_New(other); /* each item once */
	if (!set)
		return -1;
	err = for_each(set, toggle, self);
	Py_DECREF(set);
	return err;
}

/* Is every item of a in b? Both sets. */
static int missing_in(PyObject *key, Py_hash_t hash, void *arg)
{
	int in = _PySet_ContainsHashed(arg, key, hash);

	return in < 0 ? -1 : !in;
}

static int subset(PyObject *a, PyObject *b)
{
	int ret;

	if (PySet_GET_SIZE(a) > PySet_GET_SIZE(b))
		return 0;
	ret = for_each(a, missing_in, b);
	return ret < 0 ? -1 : !ret;
}

/* -- Slots ------------------------------------------------------------------------------------- */
static Py_ssize_t set_length(PyObject *o)
{
	return PySet_GET_SIZE(o);
}

static PyObject *set_repr(PyObject *o)
{
	int entered = Py_ReprEnter(o);
	PyObject *list, *repr = NULL, *inner, *ret = NULL;
	const char *name = Py_TYPE(o)->tp_name;

	if (entered)
		return entered > 0 ? PyUnicode_FromFormat("%s(...)", name) : NULL;
	if (PySet_GET_SIZE(o) == 0) {
		ret = PyUnicode_FromFormat("%s()", name);
	} else if ((list = PySequence_List(o))) {
		repr = PyObject_Repr(list);
		Py_DECREF(list);
		inner = repr ? PyUnicode_Substring(repr, 1, PyUnicode_GET_LENGTH(repr) - 1) : NULL;
		if (inner)
			ret = PySet_CheckExact(o) ? PyUnicode_FromFormat("{%U}", inner)
						  : PyUnicode_FromFormat("%s({%U})", name, inner);
		Py_XDECREF(inner);
		Py_XDECREF(repr);
	}
	Py_ReprLeave(o);
	return ret;
}

/* Independent of order: each item's hash is spread first, so that xor loses little. */
static Py_hash_t frozenset_hash(PyObject *o)
{
	PySetObject *so = SET(o);
	uint64_t h = 0;
	Py_ssize_t pos = 0;
	PyObject *key;
	Py_hash_t kh;

	if (so->hash != -1)
		return so->hash;
	while (_PySet_NextEntry(o, &pos, &key, &kh))
		h ^= ((uint64_t)kh ^ 89869747u ^ ((uint64_t)kh << 16)) * 3644798167u;
	h ^= ((uint64_t)so->used + 1) * 1927868237u;
	h ^= (h >> 11) ^ (h >> 25);
	h = h * 69069u + 907133923u;
	so->hash = h == (uint64_t)-1 ? 590923713 : (Py_hash_t)h;
	return so->hash;
}

static PyObject *set_richcompare(PyObject *a, PyObject *b, int op)
{
	Py_ssize_t n, m;
	int ok = 0;

	if (!PyAnySet_Check(b))
		Py_RETURN_NOTIMPLEMENTED;
	n = PySet_GET_SIZE(a);
	m = PySet_GET_SIZE(b);
	switch (op) {
	case Py_EQ:
	case Py_NE: ok = n == m ? subset(a, b) : 0; break;
	case Py_LE: ok = subset(a, b); break;
	case Py_LT: ok = n < m ? subset(a, b) : 0; break;
	case Py_GE: ok = subset(b, a); break;
	case Py_GT: ok = n > m ? subset(b, a) : 0; break;
	}
	if (ok < 0)
		return NULL;
	return PyBool_FromLong(op == Py_NE ? !ok : ok);
}

/* A set as a key is looked up as the frozenset of its items. 1: *ret is that; 0; -1. */
static int as_frozen(PyObject *key, PyObject **ret)
{
	if (!PySet_Check(key) || !PyErr_ExceptionMatches(PyExc_TypeError))
		return -1;
	PyErr_Clear();
	*ret = _PySet_Make(&PyFrozenSet_Type, key);
	return *ret ? 0 : -1;
}

static int set_contains(PyObject *o, PyObject *key)
{
	int ret = PySet_Contains(o, key);
	PyObject *frozen;

	if (ret >= 0 || as_frozen(key, &frozen) < 0)
		return ret;
	ret = PySet_Contains(o, frozen);
	Py_DECREF(frozen);
	return ret;
}

static int discard(PyObject *o, PyObject *key)
{
	int ret = PySet_Discard(o, key);
	PyObject *frozen;

	if (ret >= 0 || as_frozen(key, &frozen) < 0)
		return ret;
	ret = PySet_Discard(o, frozen);
	Py_DECREF(frozen);
	return ret;
}

#define CHECK_BOTH(a, b)                                      \
	do {                                                  \
		if (!PyAnySet_Check(a) || !PyAnySet_Check(b)) \
			Py_RETURN_NOTIMPLEMENTED;             \
	} while (0)

static PyObject *set_or(PyObject *a, PyObject *b)
{
	PyObject *ret;

	CHECK_BOTH(a, b);
	ret = copy_of(a);
	if (ret && _PySet_Update(ret, b) < 0)
		Py_CLEAR(ret);
	return ret;
}

static PyObject *set_and(PyObject *a, PyObject *b)
{
	CHECK_BOTH(a, b);
	return intersection(a, b);
}

static PyObject *set_subtract(PyObject *a, PyObject *b)
{
	CHECK_BOTH(a, b);
	return difference(a, b);
}

static PyObject *set_xor(PyObject *a, PyObject *b)
{
	PyObject *ret;

	CHECK_BOTH(a, b);
	ret = copy_of(a);
	if (ret && symmetric_difference_update(ret, b) < 0)
		Py_CLEAR(ret);
	return ret;
}

static int intersection_update(PyObject *self, PyObject *other)
{
	PyObject *common = intersection(self, other);

	if (!common)
		return -1;
	_PySet_Swap(SET(self), SET(common));
	Py_DECREF(common);
	return 0;
}

#define INPLACE(name, call)                                    \
	static PyObject *name(PyObject *self, PyObject *other) \
	{                                                      \
		if (!PyAnySet_Check(other))                    \
			Py_RETURN_NOTIMPLEMENTED;              \
		return (call) < 0 ? NULL : Py_NewRef(self);    \
	}
INPLACE(set_ior, _PySet_Update(self, other))
INPLACE(set_iand, intersection_update(self, other))
INPLACE(set_isub, difference_update(self, other))
INPLACE(set_ixor, symmetric_difference_update(self, other))

/* -- Methods ----------------------------------------------------------------------------------- */
static PyObject *none_or_null(int err)
{
	if (err < 0)
		return NULL;
	Py_RETURN_NONE;
}

static PyObject *set_add(PyObject *self, PyObject *key)
{
	return none_or_null(PySet_Add(self, key));
}

static PyObject *set_clear(PyObject *self, PyObject *unused)
{
	_PySet_ClearAll(SET(self));
	Py_RETURN_NONE;
}

static PyObject *set_copy(PyObject *self, PyObject *unused)
{
	if (PyFrozenSet_CheckExact(self))
		return Py_NewRef(self);
	return copy_of(self);
}

static PyObject *set_pop(PyObject *self, PyObject *unused)
{
	return PySet_Pop(self);
}

static PyObject *set_discard(PyObject *self, PyObject *key)
{
	return none_or_null(discard(self, key));
}

static PyObject *set_remove(PyObject *self, PyObject *key)
{
	int found = discard(self, key);

	if (found == 0)
		_PyErr_SetKeyError(key);
	return none_or_null(found == 0 ? -1 : found);
}

static PyObject *set_union(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	PyObject *ret = copy_of(self);

	for (Py_ssize_t i = 0; ret && i < nargs; i++)
		if (_PySet_Update(ret, args[i]) < 0)
			Py_CLEAR(ret);
	return ret;
}

static PyObject *set_update(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	for (Py_ssize_t i = 0; i < nargs; i++)
		if (_PySet_Update(self, args[i]) < 0)
			return NULL;
	Py_RETURN_NONE;
}

static PyObject *set_intersection(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	PyObject *ret = nargs ? Py_NewRef(self) : copy_of(self);

	for (Py_ssize_t i = 0; ret && i < nargs; i++)
		Py_SETREF(ret, intersection(ret, args[i]));
	return ret;
}

static PyObject *set_intersection_update(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	PyObject *common = set_intersection(self, args, nargs);

	if (!common)
		return NULL;
	_PySet_Swap(SET(self), SET(common));
	Py_DECREF(common);
	Py_RETURN_NONE;
}

static PyObject *set_difference(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	PyObject *ret = copy_of(self);

	for (Py_ssize_t i = 0; ret && i < nargs; i++)
		if (for_each(args[i], discard_each, ret) < 0)
			Py_CLEAR(ret);
	return ret;
}

static PyObject *set_difference_update(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	for (Py_ssize_t i = 0; i < nargs; i++)
		if (difference_update(self, args[i]) < 0)
			return NULL;
	Py_RETURN_NONE;
}

static PyObject *set_symmetric_difference(PyObject *self, PyObject *other)
{
	PyObject *ret = copy_of(self);

	if (ret && symmetric_difference_update(ret, other) < 0)
		Py_CLEAR(ret);
	return ret;
}

static PyObject *set_symmetric_difference_update(PyObject *self, PyObject *other)
{
	return none_or_null(symmetric_difference_update(self, other));
}

static int found_in(PyObject *key, Py_hash_t hash, void *arg)
{
	return _PySet_ContainsHashed(arg, key, hash);
}

static PyObject *set_isdisjoint(PyObject *self, PyObject *other)
{
	int found;

	if (self == other)
		return PyBool_FromLong(PySet_GET_SIZE(self) == 0);
	found = for_each(other, found_in, self);
	return found < 0 ? NULL : PyBool_FromLong(!found);
}

static PyObject *as_set(PyObject *o)
{
	return PyAnySet_Check(o) ? Py_NewRef(o) : PySet_New(o);
}

static PyObject *set_issubset(PyObject *self, PyObject *other)
{
	PyObject *set = as_set(other);
	int ok;

	if (!set)
		return NULL;
	ok = subset(self, set);
	Py_DECREF(set);
	return ok < 0 ? NULL : PyBool_FromLong(ok);
}

static PyObject *set_issuperset(PyObject *self, PyObject *other)
{
	int missing = for_each(other, missing_in, self);

	return missing < 0 ? NULL : PyBool_FromLong(!missing);
}

static PyObject *set_contains_method(PyObject *self, PyObject *key)
{
	int found = set_contains(self, key);

	return found < 0 ? NULL : PyBool_FromLong(found);
}

static PyObject *set_sizeof(PyObject *self, PyObject *unused)
{
	Py_ssize_t size = Py_TYPE(self)->tp_basicsize;

	if (SET(self)->table != SET(self)->smalltable)
		size += (SET(self)->mask + 1) * (Py_ssize_t)sizeof(setentry);
	return PyLong_FromSsize_t(size);
}

#define FAST(f) ((PyCFunction)(void (*)(void))(f))
#define COMMON_METHODS                                                            \
	{"__contains__", set_contains_method, METH_O, NULL},                      \
		{"__sizeof__", set_sizeof, METH_NOARGS, NULL},                    \
		{"copy", set_copy, METH_NOARGS, NULL},                            \
		{"difference", FAST(set_difference), METH_FASTCALL, NULL},        \
		{"intersection", FAST(set_intersection), METH_FASTCALL, NULL},    \
		{"isdisjoint", set_isdisjoint, METH_O, NULL},                     \
		{"issubset", set_issubset, METH_O, NULL},                         \
		{"issuperset", set_issuperset, METH_O, NULL},                     \
		{"symmetric_difference", set_symmetric_difference, METH_O, NULL}, \
	{                                                                         \
		"union", FAST(set_union), METH_FASTCALL, NULL                     \
	}

static PyMethodDef set_methods[] = {
	COMMON_METHODS,
	{"add", set_add, METH_O, NULL},
	{"clear", set_clear, METH_NOARGS, NULL},
	{"difference_update", FAST(set_difference_update), METH_FASTCALL, NULL},
	{"discard", set_discard, METH_O, NULL},
	{"intersection_update", FAST(set_intersection_update), METH_FASTCALL, NULL},
	{"pop", set_pop, METH_NOARGS, NULL},
	{"remove", set_remove, METH_O, NULL},
	{"symmetric_difference_update", set_symmetric_difference_update, METH_O, NULL},
	{"update", FAST(set_update), METH_FASTCALL, NULL},
	{NULL, NULL, 0, NULL},
};

static PyMethodDef frozenset_methods[] = {
	COMMON_METHODS,
	{NULL, NULL, 0, NULL},
};

/* -- Making ------------------------------------------------------------------------------------ */
static PyObject *set_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	return _PySet_Make(type, NULL);
}

static int set_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
	PyObject *iterable = NULL;

	if ((Py_TYPE(self)->tp_new == set_new && !PyArg_NoKeywords("set", kwargs)) ||
	    !PyArg_UnpackTuple(args, "set", 0, 1, &iterable))
		return -1;
	_PySet_ClearAll(SET(self));
	SET(self)->hash = -1;
	return iterable ? _PySet_Update(self, iterable) : 0;
}

static PyObject *set_construct(PyObject *type, PyObject *const *args, size_t nargsf,
			       PyObject *kwnames)
{
	Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);

	if (!PyArg_NoKwnames("set", kwnames) || !PyArg_CheckPositional("set", nargs, 0, 1))
		return NULL;
	return PySet_New(nargs ? args[0] : NULL);
}

static PyObject *frozenset_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *iterable = NULL;

	if ((type == &PyFrozenSet_Type && !PyArg_NoKeywords("frozenset", kwargs)) ||
	    !PyArg_UnpackTuple(args, type->tp_name, 0, 1, &iterable))
		return NULL;
	if (type != &PyFrozenSet_Type)
		return _PySet_Make(type, iterable);
	return PyFrozenSet_New(iterable);
}

static PyObject *frozenset_construct(PyObject *type, PyObject *const *args, size_t nargsf,
				     PyObject *kwnames)
{
	Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);

	if (!PyArg_NoKwnames("frozenset", kwnames) ||
	    !PyArg_CheckPositional("frozenset", nargs, 0, 1))
		return NULL;
	return PyFrozenSet_New(nargs ? args[0] : NULL);
}

static int set_clear_slot(PyObject *o)
{
	_PySet_ClearAll(SET(o));
	return 0;
}

#define SET_HEAD(name)                                                                           \
	PyVarObject_HEAD_INIT(&PyType_Type, 0),                                                  \
		.tp_name = name, .tp_basicsize = sizeof(PySetObject),                            \
		.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,       \
		.tp_weaklistoffset = offsetof(PySetObject, weakreflist),                         \
		.tp_dealloc = _PySet_Dealloc, .tp_free = PyObject_GC_Del,                        \
		.tp_traverse = _PySet_Traverse, .tp_clear = set_clear_slot, .tp_repr = set_repr, \
		.tp_richcompare = set_richcompare, .tp_iter = _PySet_Iter,                       \
		.nb_subtract = set_subtract, .nb_and = set_and, .nb_xor = set_xor,               \
		.nb_or = set_or, .sq_length = set_length, .sq_contains = set_contains

PyTypeObject PySet_Type = {
	SET_HEAD("set"),
	.tp_doc = "set() -> new empty set object\nset(iterable) -> new set object\n\n"
		  "Build an unordered collection of unique elements.",
	.tp_hash = PyObject_HashNotImplemented,
	.tp_new = set_new,
	.tp_init = set_init,
	.tp_construct = set_construct,
	.tp_methods = set_methods,
	.nb_inplace_subtract = set_isub,
	.nb_inplace_and = set_iand,
	.nb_inplace_xor = set_ixor,
	.nb_inplace_or = set_ior,
};

PyTypeObject PyFrozenSet_Type = {
	SET_HEAD("frozenset"),
	.tp_doc = "frozenset() -> empty frozenset object\n"
		  "frozenset(iterable) -> frozenset object\n\n"
		  "Build an immutable unordered collection of unique elements.",
	.tp_hash = frozenset_hash,
	.tp_new = frozenset_new,
	.tp_construct = frozenset_construct,
	.tp_methods = frozenset_methods,
};
