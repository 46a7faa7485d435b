/* SPDX-License-Identifier: BSD-2-Clause */
/* The type dict: its slots and methods. */
#include "objects/dict_priv.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/long.h"
#include "objects/names.h"
#include "objects/set.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

/* -- Making ------------------------------------------------------------------------------------ */
/* An argument of dict() or update(): a dict, something with keys(), or pairs. */
static int update_from(PyObject *self, PyObject *arg)
{
	PyObject *keys;
	int found;

	if (PyDict_CheckExact(arg))
		return PyDict_Merge(self, arg, 1);
	found = _PyObject_LookupAttr(arg, _Py_ID(keys), &keys);
	if (found < 0)
		return -1;
	Py_XDECREF(keys);
	return found ? PyDict_Merge(self, arg, 1) : PyDict_MergeFromSeq2(self, arg, 1);
}

static int update_kwnames(PyObject *self, PyObject *const *values, PyObject *kwnames)
{
	Py_ssize_t n = kwnames ? PyTuple_GET_SIZE(kwnames) : 0;

	for (Py_ssize_t i = 0; i < n; i++)
		if (PyDict_SetItem(self, PyTuple_GET_ITEM(kwnames, i), values[i]) < 0)
			return -1;
	return 0;
}

static PyObject *dict_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	return _PyDict_TypeNew(type);
}

static int dict_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
	PyObject *arg = NULL;

	if (!PyArg_UnpackTuple(args, "dict", 0, 1, &arg))
		return -1;
	if (arg && update_from(self, arg) < 0)
		return -1;
	return kwargs ? PyDict_Merge(self, kwargs, 1) : 0;
}

static PyObject *dict_construct(PyObject *type, PyObject *const *args, size_t nargsf,
				PyObject *kwnames)
{
	Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
	PyObject *self;

	if (!PyArg_CheckPositional("dict", nargs, 0, 1))
		return NULL;
	if (nargs == 1 && PyDict_CheckExact(args[0]))
		self = PyDict_Copy(args[0]);
	else
		self = PyDict_New();
	if (!self)
		return NULL;
	if ((nargs == 1 && !PyDict_CheckExact(args[0]) && update_from(self, args[0]) < 0) ||
	    update_kwnames(self, args + nargs, kwnames) < 0)
		Py_CLEAR(self);
	return self;
}

static int put_all(PyObject *d, PyObject *it, PyObject *value)
{
	PyObject *key;
	int err = 0;

	while (err == 0 && (key = PyIter_Next(it))) {
		err = PyDict_CheckExact(d) ? PyDict_SetItem(d, key, value)
					   : PyObject_SetItem(d, key, value);
		Py_DECREF(key);
	}
	return err < 0 || PyErr_Occurred() ? -1 : 0;
}

static PyObject *dict_fromkeys(PyObject *cls, PyObject *const *args, Py_ssize_t nargs)
{
	PyObject *d, *it;

	if (!PyArg_CheckPositional("fromkeys", nargs, 1, 2))
		return NULL;
	d = PyObject_CallNoArgs(cls);
	it = d ? PyObject_GetIter(args[0]) : NULL;
	if (!it || put_all(d, it, nargs > 1 ? args[1] : Py_None) < 0)
		Py_CLEAR(d);
	Py_XDECREF(it);
	return d;
}

/* -- Slots ------------------------------------------------------------------------------------- */
static Py_ssize_t dict_length(PyObject *o)
{
	return PyDict_GET_SIZE(o);
}

static PyObject *missing(PyObject *o, PyObject *key)
{
	PyObject *method = _PyObject_LookupSpecial(o, _Py_ID(__missing__)), *ret;

	if (method) {
		ret = PyObject_CallOneArg(method, key);
		Py_DECREF(method);
		return ret;
	}
	if (!PyErr_Occurred())
		_PyErr_SetKeyError(key);
	return NULL;
}

PyObject *_PyDict_Subscript(PyObject *o, PyObject *key)
{
	Py_hash_t hash = _PyDict_KeyHash(key);
	PyObject *value;

	if (hash == -1)
		return NULL;
	if (_PyDict_Lookup((PyDictObject *)o, key, hash, &value) == DKIX_ERROR)
		return NULL;
	if (value)
		return Py_NewRef(value);
	if (!PyDict_CheckExact(o))
		return missing(o, key);
	_PyErr_SetKeyError(key);
	return NULL;
}

static int dict_ass_subscript(PyObject *o, PyObject *key, PyObject *value)
{
	return value ? PyDict_SetItem(o, key, value) : PyDict_DelItem(o, key);
}

static PyObject *dict_iter(PyObject *o)
{
	return _PyDictIter_New((PyDictObject *)o, &PyDictIterKey_Type);
}

static int dict_clear_slot(PyObject *o)
{
	PyDict_Clear(o);
	return 0;
}

static int write_item(_PyUnicodeWriter *w, PyObject *key, PyObject *value, bool first)
{
	PyObject *k = PyObject_Repr(key), *v = k ? PyObject_Repr(value) : NULL;
	int err = v ? 0 : -1;

	if (err == 0 && ((!first && _PyUnicodeWriter_WriteASCIIString(w, ", ", 2) < 0) ||
			 _PyUnicodeWriter_WriteStr(w, k) < 0 ||
			 _PyUnicodeWriter_WriteASCIIString(w, ": ", 2) < 0 ||
			 _PyUnicodeWriter_WriteStr(w, v) < 0))
		err = -1;
	Py_XDECREF(k);
	Py_XDECREF(v);
	return err;
}

static PyObject *dict_repr(PyObject *o)
{
	PyObject *key, *value;
	_PyUnicodeWriter w;
	Py_ssize_t pos = 0;
	bool first = true;
	int entered = Py_ReprEnter(o), err = 0;

	if (entered)
		return entered > 0 ? PyUnicode_FromString("{...}") : NULL;
	_PyUnicodeWriter_Init(&w);
	err = _PyUnicodeWriter_WriteChar(&w, '{');
	while (err == 0 && PyDict_Next(o, &pos, &key, &value)) {
		Py_INCREF(key);
		Py_INCREF(value);
		err = write_item(&w, key, value, first);
		first = false;
		Py_DECREF(key);
		Py_DECREF(value);
	}
	if (err == 0)
		err = _PyUnicodeWriter_WriteChar(&w, '}');
	Py_ReprLeave(o);
	if (err < 0) {
		_PyUnicodeWriter_Dealloc(&w);
		return NULL;
	}
	return _PyUnicodeWriter_Finish(&w);
}

/* 1, 0, or -1; b is looked up by a's hashes. */
static int dict_equal(PyObject *a, PyObject *b)
{
	PyObject *key, *value, *other;
	Py_ssize_t pos = 0;
	Py_hash_t hash;
	int cmp = 1;

	if (PyDict_GET_SIZE(a) != PyDict_GET_SIZE(b))
		return 0;
	while (cmp == 1 && _PyDict_Next(a, &pos, &key, &value, &hash)) {
		Py_INCREF(key);
		Py_INCREF(value);
		other = _PyDict_GetItem_KnownHash(b, key, hash);
		if (!other) {
			cmp = PyErr_Occurred() ? -1 : 0;
		} else {
			Py_INCREF(other);
			cmp = PyObject_RichCompareBool(value, other, Py_EQ);
			Py_DECREF(other);
		}
		Py_DECREF(key);
		Py_DECREF(value);
	}
	return cmp;
}

PyObject *_PyDict_RichCompare(PyObject *v, PyObject *w, int op)
{
	int cmp;

	if (!PyDict_Check(v) || !PyDict_Check(w) || (op != Py_EQ && op != Py_NE))
		Py_RETURN_NOTIMPLEMENTED;
	cmp = dict_equal(v, w);
	return cmp < 0 ? NULL : PyBool_FromLong(cmp == (op == Py_EQ));
}

static PyObject *dict_or(PyObject *a, PyObject *b)
{
	PyObject *ret;

	if (!PyDict_Check(a) || !PyDict_Check(b))
		Py_RETURN_NOTIMPLEMENTED;
	ret = PyDict_Copy(a);
	if (ret && PyDict_Update(ret, b) < 0)
		Py_CLEAR(ret);
	return ret;
}

static PyObject *dict_inplace_or(PyObject *self, PyObject *other)
{
	return update_from(self, other) < 0 ? NULL : Py_NewRef(self);
}

/* -- Methods ----------------------------------------------------------------------------------- */
static PyObject *dict_get(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	Py_hash_t hash;
	PyObject *value;

	if (!PyArg_CheckPositional("get", nargs, 1, 2))
		return NULL;
	hash = _PyDict_KeyHash(args[0]);
	if (hash == -1 || _PyDict_Lookup((PyDictObject *)self, args[0], hash, &value) == DKIX_ERROR)
		return NULL;
	return Py_NewRef(value ? value : nargs > 1 ? args[1] : Py_None);
}

static PyObject *dict_setdefault(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	if (!PyArg_CheckPositional("setdefault", nargs, 1, 2))
		return NULL;
	return Py_XNewRef(PyDict_SetDefault(self, args[0], nargs > 1 ? args[1] : Py_None));
}

static PyObject *dict_pop(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	if (!PyArg_CheckPositional("pop", nargs, 1, 2))
		return NULL;
	return _PyDict_Pop(self, args[0], nargs > 1 ? args[1] : NULL);
}

static PyObject *dict_popitem(PyObject *self, PyObject *unused)
{
	PyObject *pair = PyTuple_New(2), *key, *value;

	if (!pair)
		return NULL;
	if (!_PyDict_PopLast((PyDictObject *)self, &key, &value)) {
		Py_DECREF(pair);
		PyErr_SetString(PyExc_KeyError, "popitem(): dictionary is empty");
		return NULL;
	}
	PyTuple_SET_ITEM(pair, 0, key);
	PyTuple_SET_ITEM(pair, 1, value);
	return pair;
}

static PyObject *dict_update(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
			     PyObject *kwnames)
{
	if (!PyArg_CheckPositional("update", nargs, 0, 1))
		return NULL;
	if ((nargs && update_from(self, args[0]) < 0) ||
	    update_kwnames(self, args + nargs, kwnames) < 0)
		return NULL;
	Py_RETURN_NONE;
}

static PyObject *dict_clear(PyObject *self, PyObject *unused)
{
	PyDict_Clear(self);
	Py_RETURN_NONE;
}

static PyObject *dict_copy(PyObject *self, PyObject *unused)
{
	return PyDict_Copy(self);
}

static PyObject *dict_contains_method(PyObject *self, PyObject *key)
{
	int found = PyDict_Contains(self, key);

	return found < 0 ? NULL : PyBool_FromLong(found);
}

static PyObject *dict_keys(PyObject *self, PyObject *unused)
{
	return _PyDictView_New(self, &PyDictKeys_Type);
}

static PyObject *dict_values(PyObject *self, PyObject *unused)
{
	return _PyDictView_New(self, &PyDictValues_Type);
}

static PyObject *dict_items(PyObject *self, PyObject *unused)
{
	return _PyDictView_New(self, &PyDictItems_Type);
}

static PyObject *dict_reversed(PyObject *self, PyObject *unused)
{
	return _PyDictIter_New((PyDictObject *)self, &PyDictRevIterKey_Type);
}

static PyObject *dict_sizeof(PyObject *self, PyObject *unused)
{
	return PyLong_FromSsize_t(_PyDict_SizeOf(self));
}

#define FAST(f) ((PyCFunction)(void (*)(void))(f))
static PyMethodDef dict_methods[] = {
	{"__contains__", dict_contains_method, METH_O, NULL},
	{"__getitem__", _PyDict_Subscript, METH_O, NULL},
	{"__reversed__", dict_reversed, METH_NOARGS, NULL},
	{"__sizeof__", dict_sizeof, METH_NOARGS, NULL},
	{"clear", dict_clear, METH_NOARGS, NULL},
	{"copy", dict_copy, METH_NOARGS, NULL},
	{"fromkeys", FAST(dict_fromkeys), METH_FASTCALL | METH_CLASS, NULL},
	{"get", FAST(dict_get), METH_FASTCALL, NULL},
	{"items", dict_items, METH_NOARGS, NULL},
	{"keys", dict_keys, METH_NOARGS, NULL},
	{"pop", FAST(dict_pop), METH_FASTCALL, NULL},
	{"popitem", dict_popitem, METH_NOARGS, NULL},
	{"setdefault", FAST(dict_setdefault), METH_FASTCALL, NULL},
	{"update", FAST(dict_update), METH_FASTCALL | METH_KEYWORDS, NULL},
	{"values", dict_values, METH_NOARGS, NULL},
	{NULL, NULL, 0, NULL},
};

PyTypeObject PyDict_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "dict",
	.tp_basicsize = sizeof(PyDictObject),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE |
		    Py_TPFLAGS_DICT_SUBCLASS,
	.tp_doc = "dict() -> new empty dictionary\n"
		  "dict(mapping) -> new dictionary initialized from a mapping object's\n"
		  "    (key, value) pairs\n"
		  "dict(iterable) -> new dictionary initialized as if via:\n"
		  "    d = {}\n"
		  "    for k, v in iterable:\n"
		  "        d[k] = v\n"
		  "dict(**kwargs) -> new dictionary initialized with the name=value pairs\n"
		  "    in the keyword argument list.  For example:  dict(one=1, two=2)",
	.tp_dealloc = _PyDict_Dealloc,
	.tp_free = PyObject_GC_Del,
	.tp_traverse = _PyDict_Traverse,
	.tp_clear = dict_clear_slot,
	.tp_repr = dict_repr,
	.tp_hash = PyObject_HashNotImplemented,
	.tp_richcompare = _PyDict_RichCompare,
	.tp_iter = dict_iter,
	.tp_new = dict_new,
	.tp_init = dict_init,
	.tp_construct = dict_construct,
	.tp_methods = dict_methods,
	.nb_or = dict_or,
	.nb_inplace_or = dict_inplace_or,
	.sq_contains = PyDict_Contains,
	.mp_length = dict_length,
	.mp_subscript = _PyDict_Subscript,
	.mp_ass_subscript = dict_ass_subscript,
};
