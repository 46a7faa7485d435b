/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Types as objects: their attributes, version tags, the cache of method lookups, and type itself.
 *
 * A type with a version tag has bases with version tags, and no tag is ever used twice: an entry
 * of the cache that carries a type's present tag is right.
 */
#include "objects/genericalias.h"
#include "objects/type.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/names.h"
#include "objects/slots.h"
#include "objects/tuple.h"
#include "objects/type_impl.h"
#include "objects/unicode.h"
#include "objects/weakref.h"

#define CACHE_BITS 12

/* name is owned; value is borrowed from the type that has the version. */
static struct {
	uint64_t version;
	PyObject *name, *value;
} cache[1 << CACHE_BITS];

static uint64_t last_version;
PyObject *(*_Py_globals_hook)(void);

/* -- Relations --------------------------------------------------------------------------------- */
int PyType_IsSubtype(PyTypeObject *a, PyTypeObject *b)
{
	PyObject *mro = a->tp_mro;

	if (a == b)
		return 1;
	if (mro) {
		for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(mro); i++)
			if (PyTuple_GET_ITEM(mro, i) == (PyObject *)b)
				return 1;
		return 0;
	}
	/* Not ready yet. */
	for (; a; a = a->tp_base)
		if (a == b)
			return 1;
	return b == &PyBaseObject_Type;
}

PyTypeObject *_PyType_Subclass(PyTypeObject *type, Py_ssize_t i)
{
	return (PyTypeObject *)PyList_GET_ITEM(type->tp_subclasses, i);
}

int _PyType_AddSubclass(PyTypeObject *base, PyTypeObject *type)
{
	if (!base->tp_subclasses) {
		base->tp_subclasses = PyList_New(0);
		if (!base->tp_subclasses)
			return -1;
		/* Its items are borrowed: nobody else may see it. */
		PyObject_GC_UnTrack(base->tp_subclasses);
	}
	if (PyList_Append(base->tp_subclasses, (PyObject *)type) < 0)
		return -1;
	Py_DECREF(type);
	return 0;
}

void _PyType_RemoveSubclass(PyTypeObject *base, PyTypeObject *type)
{
	PyListObject *list = (PyListObject *)base->tp_subclasses;
	Py_ssize_t n = list ? Py_SIZE(list) : 0, i = 0;

	while (i < n && list->ob_item[i] != (PyObject *)type)
		i++;
	if (i == n)
		return;
	memmove(&list->ob_item[i], &list->ob_item[i + 1], (size_t)(n - i - 1) * sizeof(PyObject *));
	Py_SIZE(list)--;
}

/* -- Versions and lookup ----------------------------------------------------------------------- */
void PyType_Modified(PyTypeObject *type)
{
	if (!type->tp_version_tag)
		return;
	type->tp_version_tag = 0;
	for (Py_ssize_t i = 0; type->tp_subclasses && i < PyList_GET_SIZE(type->tp_subclasses); i++)
		PyType_Modified(_PyType_Subclass(type, i));
}

uint64_t _PyType_VersionTag(PyTypeObject *type)
{
	PyObject *bases = type->tp_bases;

	if (type->tp_version_tag)
		return type->tp_version_tag;
	if (!PyType_HasFeature(type, Py_TPFLAGS_READY) ||
	    PyType_HasFeature(type, Py_TPFLAGS_CUSTOM_MRO))
		return 0;
	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(bases); i++)
		if (!_PyType_VersionTag((PyTypeObject *)PyTuple_GET_ITEM(bases, i)))
			return 0;
	return type->tp_version_tag = ++last_version;
}

PyObject *_PyType_DictGet(PyObject *dict, PyObject *name)
{
	PyObject *pending, *value;

	if (PyUnicode_CheckExact(name) && PyUnicode_HASH(name) != -1)
		return _PyDict_GetItemStr(dict, name);
	pending = PyErr_GetRaisedException();
	value = PyDict_GetItem(dict, name);
	PyErr_SetRaisedException(pending);
	return value;
}

static PyObject *find_in_mro(PyTypeObject *type, PyObject *name)
{
	PyObject *mro = type->tp_mro;

	if (!mro)
		return type->tp_dict ? _PyType_DictGet(type->tp_dict, name) : NULL;
	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(mro); i++) {
		PyTypeObject *t = (PyTypeObject *)PyTuple_GET_ITEM(mro, i);
		PyObject *value = t->tp_dict ? _PyType_DictGet(t->tp_dict, name) : NULL;

		if (value)
			return value;
	}
	return NULL;
}

PyObject *_PyType_Lookup(PyTypeObject *type, PyObject *name)
{
	uint64_t version = type->tp_version_tag;
	size_t i = (version * 31 + ((uintptr_t)name >> 5)) & (((size_t)1 << CACHE_BITS) - 1);
	PyObject *value;

	if (Py_LIKELY(version && cache[i].version == version && cache[i].name == name))
		return cache[i].value;
	if (PyUnicode_CheckExact(name) && PyUnicode_HASH(name) == -1)
		(void)_PyUnicode_Hash(name);
	value = find_in_mro(type, name);
	if (!PyUnicode_CheckExact(name))
		return value;
	version = _PyType_VersionTag(type);
	if (!version)
		return value;
	i = (version * 31 + ((uintptr_t)name >> 5)) & (((size_t)1 << CACHE_BITS) - 1);
	cache[i].version = version;
	cache[i].value = value;
	Py_INCREF(name);
	Py_XSETREF(cache[i].name, name);
	return value;
}

/* -- Attributes of types ----------------------------------------------------------------------- */
static PyObject *type_getattro(PyObject *o, PyObject *name)
{
	PyTypeObject *type = (PyTypeObject *)o, *meta = Py_TYPE(o);
	PyObject *meta_attr, *attr, *r = NULL;
	descrgetfunc meta_get = NULL, get;

	if (!PyUnicode_Check(name))
		return PyErr_Format(PyExc_TypeError, "attribute name must be string, not '%.200s'",
				    Py_TYPE(name)->tp_name);
	meta_attr = Py_XNewRef(_PyType_Lookup(meta, name));
	if (meta_attr) {
		meta_get = Py_TYPE(meta_attr)->tp_descr_get;
		if (meta_get && PyDescr_IsData(meta_attr)) {
			r = meta_get(meta_attr, o, (PyObject *)meta);
			goto out;
		}
	}
	attr = Py_XNewRef(_PyType_Lookup(type, name));
	if (attr) {
		get = Py_TYPE(attr)->tp_descr_get;
		r = get ? get(attr, NULL, o) : Py_NewRef(attr);
		Py_DECREF(attr);
	} else if (meta_get) {
		r = meta_get(meta_attr, o, (PyObject *)meta);
	} else if (meta_attr) {
		r = Py_NewRef(meta_attr);
	} else {
		_PyObject_NoAttribute(o, name, "type object '%.100s' has no attribute '%U'",
				      type->tp_name, name);
	}
out:
	Py_XDECREF(meta_attr);
	return r;
}

static bool is_dunder(PyObject *name)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(name);
	const Py_UCS1 *p = PyUnicode_1BYTE_DATA(name);

	return PyUnicode_IS_ASCII(name) && n > 4 && p[0] == '_' && p[1] == '_' && p[n - 1] == '_' &&
	       p[n - 2] == '_';
}

static int type_setattro(PyObject *o, PyObject *name, PyObject *value)
{
	PyTypeObject *type = (PyTypeObject *)o;
	int r;

	if (!PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE)) {
		PyErr_Format(PyExc_TypeError, "cannot set %R attribute of immutable type '%s'",
			     name, type->tp_name);
		return -1;
	}
	if (!PyUnicode_Check(name)) {
		PyErr_Format(PyExc_TypeError, "attribute name must be string, not '%.200s'",
			     Py_TYPE(name)->tp_name);
		return -1;
	}
	name = PyUnicode_FromObject(name);
	if (!name)
		return -1;
	PyUnicode_InternInPlace(&name);
	r = _PyObject_GenericSetAttrWithDict(o, name, value, type->tp_dict);
	PyType_Modified(type);
	if (r == 0 && is_dunder(name))
		_PySlots_Update(type, name);
	Py_DECREF(name);
	return r;
}

/* -- Names ------------------------------------------------------------------------------------- */
PyObject *_PyType_Name(PyTypeObject *type)
{
	const char *dot;

	if (type->ht_name)
		return Py_NewRef(type->ht_name);
	dot = strrchr(type->tp_name, '.');
	return PyUnicode_FromString(dot ? dot + 1 : type->tp_name);
}

PyObject *PyType_GetQualName(PyTypeObject *type)
{
	return type->ht_qualname ? Py_NewRef(type->ht_qualname) : _PyType_Name(type);
}

PyObject *_PyType_Module(PyTypeObject *type)
{
	const char *dot;
	PyObject *module;

	if (PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE)) {
		module = _PyType_DictGet(type->tp_dict, _Py_ID(__module__));
		if (module)
			return Py_NewRef(module);
		PyErr_SetObject(PyExc_AttributeError, _Py_ID(__module__));
		return NULL;
	}
	dot = strrchr(type->tp_name, '.');
	if (dot)
		return PyUnicode_FromStringAndSize(type->tp_name, dot - type->tp_name);
	return Py_NewRef(_Py_ID(builtins));
}

PyObject *PyType_GetDict(PyTypeObject *type)
{
	return Py_XNewRef(type->tp_dict);
}

static PyObject *type_repr(PyObject *o)
{
	PyTypeObject *type = (PyTypeObject *)o;
	PyObject *module = _PyType_Module(type), *name = PyType_GetQualName(type), *r = NULL;

	if (!module || !PyUnicode_Check(module))
		PyErr_Clear();
	if (name) {
		if (module && PyUnicode_Check(module) && !_PyUnicode_EQ(module, _Py_ID(builtins)))
			r = PyUnicode_FromFormat("<class '%U.%U'>", module, name);
		else
			r = PyUnicode_FromFormat("<class '%U'>", name);
	}
	Py_XDECREF(module);
	Py_XDECREF(name);
	return r;
}

/* -- Getters and setters ----------------------------------------------------------------------- */
static int check_settable(PyTypeObject *type, PyObject *value, const char *name)
{
	if (!PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE)) {
		PyErr_Format(PyExc_TypeError, "cannot set '%s' attribute of immutable type '%s'",
			     name, type->tp_name);
		return -1;
	}
	if (!value) {
		PyErr_Format(PyExc_TypeError, "cannot delete '%s' attribute of immutable type '%s'",
			     name, type->tp_name);
		return -1;
	}
	return 0;
}

static PyObject *get_name(PyObject *o, void *closure)
{
	return _PyType_Name((PyTypeObject *)o);
}

static int set_name(PyObject *o, PyObject *value, void *closure)
{
	PyTypeObject *type = (PyTypeObject *)o;
	const char *utf8;

	if (check_settable(type, value, "__name__") < 0)
		return -1;
	if (!PyUnicode_Check(value)) {
		PyErr_Format(PyExc_TypeError, "can only assign string to %s.__name__, not '%s'",
			     type->tp_name, Py_TYPE(value)->tp_name);
		return -1;
	}
	utf8 = PyUnicode_AsUTF8(value);
	if (!utf8)
		return -1;
	type->tp_name = utf8;
	Py_INCREF(value);
	Py_XSETREF(type->ht_name, value);
	return 0;
}

static PyObject *get_qualname(PyObject *o, void *closure)
{
	return PyType_GetQualName((PyTypeObject *)o);
}

static int set_qualname(PyObject *o, PyObject *value, void *closure)
{
	PyTypeObject *type = (PyTypeObject *)o;

	if (check_settable(type, value, "__qualname__") < 0)
		return -1;
	if (!PyUnicode_Check(value)) {
		PyErr_Format(PyExc_TypeError, "can only assign string to %s.__qualname__, not '%s'",
			     type->tp_name, Py_TYPE(value)->tp_name);
		return -1;
	}
	Py_INCREF(value);
	Py_XSETREF(type->ht_qualname, value);
	return 0;
}

static PyObject *get_module(PyObject *o, void *closure)
{
	return _PyType_Module((PyTypeObject *)o);
}

/* closure: the name of an attribute that is kept in the type's own dict. */
static int set_in_dict(PyObject *o, PyObject *value, PyObject *name)
{
	PyTypeObject *type = (PyTypeObject *)o;

	PyType_Modified(type);
	return value ? PyDict_SetItem(type->tp_dict, name, value)
		     : PyDict_DelItem(type->tp_dict, name);
}

static int set_module(PyObject *o, PyObject *value, void *closure)
{
	if (check_settable((PyTypeObject *)o, value, "__module__") < 0)
		return -1;
	return set_in_dict(o, value, _Py_ID(__module__));
}

static PyObject *get_bases(PyObject *o, void *closure)
{
	return Py_NewRef(((PyTypeObject *)o)->tp_bases);
}

static int set_bases(PyObject *o, PyObject *value, void *closure)
{
	if (check_settable((PyTypeObject *)o, value, "__bases__") < 0)
		return -1;
	return _PyType_SetBases((PyTypeObject *)o, value);
}

static PyObject *get_dict(PyObject *o, void *closure)
{
	return PyDictProxy_New(((PyTypeObject *)o)->tp_dict);
}

static PyObject *get_doc(PyObject *o, void *closure)
{
	PyTypeObject *type = (PyTypeObject *)o;
	PyObject *doc;
	descrgetfunc get;

	if (!PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE) && type->tp_doc)
		return PyUnicode_FromString(type->tp_doc);
	doc = _PyType_DictGet(type->tp_dict, _Py_ID(__doc__));
	if (!doc)
		Py_RETURN_NONE;
	get = Py_TYPE(doc)->tp_descr_get;
	return get ? get(doc, NULL, o) : Py_NewRef(doc);
}

static int set_doc(PyObject *o, PyObject *value, void *closure)
{
	if (check_settable((PyTypeObject *)o, value, "__doc__") < 0)
		return -1;
	return set_in_dict(o, value, _Py_ID(__doc__));
}

static PyObject *get_abstractmethods(PyObject *o, void *closure)
{
	PyObject *value = NULL;

	/* type itself has none: its descriptor here would answer for it. */
	if (o != (PyObject *)&PyType_Type)
		value = _PyType_DictGet(((PyTypeObject *)o)->tp_dict, _Py_ID(__abstractmethods__));
	if (!value)
		PyErr_SetObject(PyExc_AttributeError, _Py_ID(__abstractmethods__));
	return Py_XNewRef(value);
}

static int set_abstractmethods(PyObject *o, PyObject *value, void *closure)
{
	PyTypeObject *type = (PyTypeObject *)o;
	int abstract = value ? PyObject_IsTrue(value) : 0;

	if (abstract < 0)
		return -1;
	if (!value && !_PyType_DictGet(type->tp_dict, _Py_ID(__abstractmethods__))) {
		PyErr_SetObject(PyExc_AttributeError, _Py_ID(__abstractmethods__));
		return -1;
	}
	if (set_in_dict(o, value, _Py_ID(__abstractmethods__)) < 0)
		return -1;
	if (abstract)
		type->tp_flags |= Py_TPFLAGS_IS_ABSTRACT;
	else
		type->tp_flags &= ~Py_TPFLAGS_IS_ABSTRACT;
	return 0;
}

static PyObject *get_annotations(PyObject *o, void *closure)
{
	PyTypeObject *type = (PyTypeObject *)o;
	PyObject *value;

	if (!PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE))
		return _PyObject_NoAttribute(o, _Py_ID(__annotations__),
					     "type object '%s' has no attribute '__annotations__'",
					     type->tp_name);
	value = _PyType_DictGet(type->tp_dict, _Py_ID(__annotations__));
	if (value) {
		descrgetfunc get = Py_TYPE(value)->tp_descr_get;

		return get ? get(value, NULL, o) : Py_NewRef(value);
	}
	value = PyDict_New();
	if (value && set_in_dict(o, value, _Py_ID(__annotations__)) < 0)
		Py_CLEAR(value);
	return value;
}

static int set_annotations(PyObject *o, PyObject *value, void *closure)
{
	PyTypeObject *type = (PyTypeObject *)o;

	if (!PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE))
		return check_settable(type, value, "__annotations__");
	if (!value && !_PyType_DictGet(type->tp_dict, _Py_ID(__annotations__))) {
		PyErr_SetObject(PyExc_AttributeError, _Py_ID(__annotations__));
		return -1;
	}
	return set_in_dict(o, value, _Py_ID(__annotations__));
}

static PyObject *get_flags(PyObject *o, void *closure)
{
	return PyLong_FromUnsignedLong(((PyTypeObject *)o)->tp_flags);
}

static PyGetSetDef type_getset[] = {
	{"__name__", get_name, set_name, NULL, NULL},
	{"__qualname__", get_qualname, set_qualname, NULL, NULL},
	{"__module__", get_module, set_module, NULL, NULL},
	{"__bases__", get_bases, set_bases, NULL, NULL},
	{"__dict__", get_dict, NULL, NULL, NULL},
	{"__doc__", get_doc, set_doc, NULL, NULL},
	{"__abstractmethods__", get_abstractmethods, set_abstractmethods, NULL, NULL},
	{"__annotations__", get_annotations, set_annotations, NULL, NULL},
	{"__flags__", get_flags, NULL, NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef type_members[] = {
	{"__base__", Py_T_OBJECT, offsetof(PyTypeObject, tp_base), Py_READONLY, NULL},
	{"__mro__", Py_T_OBJECT, offsetof(PyTypeObject, tp_mro), Py_READONLY, NULL},
	{"__basicsize__", Py_T_PYSSIZET, offsetof(PyTypeObject, tp_basicsize), Py_READONLY, NULL},
	{"__itemsize__", Py_T_PYSSIZET, offsetof(PyTypeObject, tp_itemsize), Py_READONLY, NULL},
	{"__dictoffset__", Py_T_PYSSIZET, offsetof(PyTypeObject, tp_dictoffset), Py_READONLY, NULL},
	{"__weakrefoffset__", Py_T_PYSSIZET, offsetof(PyTypeObject, tp_weaklistoffset), Py_READONLY,
	 NULL},
	{NULL, 0, 0, 0, NULL},
};

/* -- Methods ----------------------------------------------------------------------------------- */
static PyObject *type_mro(PyObject *o, PyObject *unused)
{
	return PySequence_List(((PyTypeObject *)o)->tp_mro);
}

static PyObject *type_subclasses(PyObject *o, PyObject *unused)
{
	PyTypeObject *type = (PyTypeObject *)o;
	PyObject *list = PyList_New(0);

	for (Py_ssize_t i = 0;
	     list && type->tp_subclasses && i < PyList_GET_SIZE(type->tp_subclasses); i++)
		if (PyList_Append(list, (PyObject *)_PyType_Subclass(type, i)) < 0)
			Py_CLEAR(list);
	return list;
}

static PyObject *type_prepare(PyObject *o, PyObject *const *args, Py_ssize_t nargs,
			      PyObject *kwnames)
{
	return PyDict_New();
}

static PyObject *type_instancecheck(PyObject *o, PyObject *instance)
{
	int r = _PyObject_RealIsInstance(instance, o);

	return r < 0 ? NULL : PyBool_FromLong(r);
}

static PyObject *type_subclasscheck(PyObject *o, PyObject *sub)
{
	int r = _PyObject_RealIsSubclass(sub, o);

	return r < 0 ? NULL : PyBool_FromLong(r);
}

/* The names of a class and its bases, as dir() shows them. */
static int merge_names(PyObject *names, PyTypeObject *type)
{
	PyObject *mro = type->tp_mro;

	for (Py_ssize_t i = PyTuple_GET_SIZE(mro); i-- > 0;)
		if (PyDict_Update(names, ((PyTypeObject *)PyTuple_GET_ITEM(mro, i))->tp_dict) < 0)
			return -1;
	return 0;
}

static PyObject *type_dir(PyObject *o, PyObject *unused)
{
	PyObject *names = PyDict_New(), *r = NULL;

	if (names && merge_names(names, (PyTypeObject *)o) == 0)
		r = PyDict_Keys(names);
	Py_XDECREF(names);
	return r;
}

static PyObject *type_sizeof(PyObject *o, PyObject *unused)
{
	return PyLong_FromSsize_t((Py_ssize_t)sizeof(PyTypeObject));
}

static PyMethodDef type_methods[] = {
	{"mro", type_mro, METH_NOARGS, "Return a type's method resolution order."},
	{"__subclasses__", type_subclasses, METH_NOARGS, "Return a list of immediate subclasses."},
	{"__prepare__", (PyCFunction)(void *)type_prepare,
	 METH_FASTCALL | METH_KEYWORDS | METH_CLASS,
	 "__prepare__() -> dict\nused to create the namespace of a class"},
	{"__instancecheck__", type_instancecheck, METH_O, "Check if an object is an instance."},
	{"__subclasscheck__", type_subclasscheck, METH_O, "Check if a class is a subclass."},
	{"__dir__", type_dir, METH_NOARGS, "Specialized __dir__ implementation for types."},
	{"__sizeof__", type_sizeof, METH_NOARGS, "Return memory consumption of the type."},
	{NULL, NULL, 0, NULL},
};

static int type_init(PyObject *o, PyObject *args, PyObject *kwargs)
{
	Py_ssize_t n = PyTuple_GET_SIZE(args);

	if (n == 1 && kwargs && PyDict_GET_SIZE(kwargs)) {
		PyErr_SetString(PyExc_TypeError, "type.__init__() takes no keyword arguments");
		return -1;
	}
	if (n != 1 && n != 3) {
		PyErr_SetString(PyExc_TypeError, "type.__init__() takes 1 or 3 arguments");
		return -1;
	}
	return 0;
}

static int type_traverse(PyObject *o, visitproc visit, void *arg)
{
	PyTypeObject *type = (PyTypeObject *)o;

	if (!PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE))
		return 0;
	Py_VISIT(type->tp_dict);
	Py_VISIT(type->tp_bases);
	Py_VISIT(type->tp_base);
	Py_VISIT(type->tp_mro);
	return 0;
}

static int type_clear(PyObject *o)
{
	PyTypeObject *type = (PyTypeObject *)o;

	PyType_Modified(type);
	if (type->tp_dict)
		PyDict_Clear(type->tp_dict);
	Py_CLEAR(type->tp_mro);
	return 0;
}

static void type_dealloc(PyObject *o)
{
	PyTypeObject *type = (PyTypeObject *)o;
	PyObject *bases = type->tp_bases;

	PyObject_GC_UnTrack(o);
	if (type->tp_weaklist)
		PyObject_ClearWeakRefs(o);
	PyType_Modified(type);
	for (Py_ssize_t i = 0; bases && i < PyTuple_GET_SIZE(bases); i++)
		_PyType_RemoveSubclass((PyTypeObject *)PyTuple_GET_ITEM(bases, i), type);
	Py_XDECREF(type->tp_base);
	Py_XDECREF(type->tp_bases);
	Py_XDECREF(type->tp_mro);
	Py_XDECREF(type->tp_dict);
	Py_XDECREF(type->tp_subclasses);
	Py_XDECREF(type->ht_name);
	Py_XDECREF(type->ht_qualname);
	for (PyMemberDef *m = type->tp_members; m && m->name; m++)
		PyMem_Free((char *)m->name);
	PyMem_Free(type->tp_members);
	Py_TYPE(o)->tp_free(o);
}

#ifdef PY_DEBUG_REFS
/* Classes made by programs are gone: what is left of them was leaked. */
static void drop_static(PyTypeObject *type)
{
	PyObject *subclasses = type->tp_subclasses;

	type->tp_subclasses = NULL;
	for (Py_ssize_t i = 0; subclasses && i < PyList_GET_SIZE(subclasses); i++) {
		PyTypeObject *sub = (PyTypeObject *)PyList_GET_ITEM(subclasses, i);

		if (PyType_HasFeature(sub, Py_TPFLAGS_HEAPTYPE))
			fprintf(stderr, "minipy: class %s leaked\n", sub->tp_name);
		else if (sub->tp_dict)
			drop_static(sub);
	}
	if (subclasses)
		Py_SIZE(subclasses) = 0;
	Py_XDECREF(subclasses);
	Py_CLEAR(type->tp_dict);
	Py_CLEAR(type->tp_mro);
	Py_CLEAR(type->tp_bases);
}

void _PyType_DropStatic(void)
{
	for (size_t i = 0; i < sizeof(cache) / sizeof(*cache); i++)
		Py_CLEAR(cache[i].name);
	drop_static(&PyBaseObject_Type);
	_PySlots_Drop();
}
#endif

PyTypeObject PyType_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "type",
	.tp_basicsize = sizeof(PyTypeObject),
	.tp_flags = Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_TYPE_SUBCLASS,
	.tp_weaklistoffset = offsetof(PyTypeObject, tp_weaklist),
	.tp_doc = "type(object) -> the object's type\n"
		  "type(name, bases, dict, **kwds) -> a new type",
	.tp_dealloc = type_dealloc,
	.tp_traverse = type_traverse,
	.tp_clear = type_clear,
	.tp_repr = type_repr,
	.tp_vectorcall = _PyType_Vectorcall,
	.tp_getattro = type_getattro,
	.tp_setattro = type_setattro,
	.tp_init = type_init,
	.tp_new = _PyType_New,
	.nb_or = _Py_union_type_or,
	.tp_methods = type_methods,
	.tp_getset = type_getset,
	.tp_members = type_members,
};
