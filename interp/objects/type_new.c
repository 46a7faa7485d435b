/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Classes: type(name, bases, dict), and how their instances live and die.
 *
 * An instance is laid out as its base's, then the slots of __slots__, then a weak reference list
 * and a dict pointer where no base has them; before the object where the base varies in size.
 */
#include "core/errors.h"
#include "core/gc.h"
#include "objects/abstract.h"
#include "objects/call.h"
#include "objects/cell.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/function.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/property.h"
#include "objects/slots.h"
#include "objects/super.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/type_impl.h"
#include "objects/unicode.h"
#include "objects/weakref.h"

#define POINTER ((Py_ssize_t)sizeof(PyObject *))

/* -- Instances --------------------------------------------------------------------------------- */
/* Below the nearest base that is not a class made here. */
static PyTypeObject *base_with(PyTypeObject *type, destructor not_this)
{
	while (type->tp_dealloc == not_this)
		type = type->tp_base;
	return type;
}

static void clear_slots(PyTypeObject *type, PyObject *self)
{
	for (PyMemberDef *m = type->tp_members; m && m->name; m++) {
		PyObject **p = (PyObject **)((char *)self + m->offset);

		if (!(m->flags & Py_READONLY))
			Py_CLEAR(*p);
	}
}

void _PyType_SubtypeDealloc(PyObject *self)
{
	PyTypeObject *type = Py_TYPE(self), *base;
	bool gc = PyType_IS_GC(type);

	if (gc)
		PyObject_GC_UnTrack(self);
	Py_TRASHCAN_BEGIN(self) base = base_with(type, _PyType_SubtypeDealloc);
	if (type->tp_finalize && base->tp_finalize != type->tp_finalize) {
		if (gc)
			PyObject_GC_Track(self);
		if (PyObject_CallFinalizerFromDealloc(self))
			goto out;
		if (gc)
			PyObject_GC_UnTrack(self);
	}
	if (type->tp_weaklistoffset && !base->tp_weaklistoffset)
		PyObject_ClearWeakRefs(self);
	/* __del__ or a weak reference's callback may have changed the class. */
	type = Py_TYPE(self);
	for (PyTypeObject *t = type; t != base; t = t->tp_base)
		clear_slots(t, self);
	if (type->tp_dictoffset && !base->tp_dictoffset)
		Py_CLEAR(*_PyObject_GetDictPtr(self));
	if (PyType_IS_GC(base))
		PyObject_GC_Track(self);
	PyThreadState_Get()->trash_current = self;
	base->tp_dealloc(self);
	Py_DECREF(type);
out:
	Py_TRASHCAN_END
}

int _PyType_SubtypeTraverse(PyObject *self, visitproc visit, void *arg)
{
	PyTypeObject *type = Py_TYPE(self), *base = type;

	while (base->tp_traverse == _PyType_SubtypeTraverse)
		base = base->tp_base;
	for (PyTypeObject *t = type; t != base; t = t->tp_base)
		for (PyMemberDef *m = t->tp_members; m && m->name; m++)
			Py_VISIT(*(PyObject **)((char *)self + m->offset));
	if (type->tp_dictoffset && !base->tp_dictoffset)
		Py_VISIT(*_PyObject_GetDictPtr(self));
	Py_VISIT(type);
	return base->tp_traverse ? base->tp_traverse(self, visit, arg) : 0;
}

int _PyType_SubtypeClear(PyObject *self)
{
	PyTypeObject *type = Py_TYPE(self), *base = type;

	while (base->tp_clear == _PyType_SubtypeClear)
		base = base->tp_base;
	for (PyTypeObject *t = type; t != base; t = t->tp_base)
		clear_slots(t, self);
	if (type->tp_dictoffset && !base->tp_dictoffset)
		Py_CLEAR(*_PyObject_GetDictPtr(self));
	return base->tp_clear ? base->tp_clear(self) : 0;
}

static PyObject *get_weakref(PyObject *self, void *closure)
{
	PyObject *list = *(PyObject **)((char *)self + Py_TYPE(self)->tp_weaklistoffset);

	return Py_NewRef(list ? list : Py_None);
}

static PyGetSetDef dict_getset = {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict,
				  "dictionary for instance variables (if defined)", NULL};
static PyGetSetDef weakref_getset = {"__weakref__", get_weakref, NULL,
				     "list of weak references to the object (if defined)", NULL};

/* -- __slots__ --------------------------------------------------------------------------------- */
/* What is being made. */
struct class
{
	PyTypeObject *type, *base;
	PyObject *name, *bases, *dict;
	PyObject *slots; /* tuple of str, or NULL: no __slots__ */
	bool add_dict, add_weak;
};

/* Private names of a class body are mangled: __x becomes _Class__x. New reference. */
static PyObject *mangle(PyObject *cls, PyObject *name)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(name), i = 0, len = PyUnicode_GET_LENGTH(cls);
	PyObject *bare, *r;

	if (n < 3 || PyUnicode_READ_CHAR(name, 0) != '_' || PyUnicode_READ_CHAR(name, 1) != '_' ||
	    (PyUnicode_READ_CHAR(name, n - 1) == '_' && PyUnicode_READ_CHAR(name, n - 2) == '_'))
		return Py_NewRef(name);
	while (i < len && PyUnicode_READ_CHAR(cls, i) == '_')
		i++;
	if (i == len)
		return Py_NewRef(name);
	bare = PyUnicode_Substring(cls, i, len);
	if (!bare)
		return NULL;
	r = PyUnicode_FromFormat("_%U%U", bare, name);
	Py_DECREF(bare);
	return r;
}

/* One name of __slots__: dict and weak reference set a flag, others are appended to names. */
static int add_slot(struct class *c, PyObject *slot, PyObject *names)
{
	PyObject *mangled;
	int r;

	if (!PyUnicode_Check(slot)) {
		PyErr_Format(PyExc_TypeError, "__slots__ items must be strings, not '%.200s'",
			     Py_TYPE(slot)->tp_name);
		return -1;
	}
	if (!PyUnicode_IsIdentifier(slot)) {
		PyErr_SetString(PyExc_TypeError, "__slots__ must be identifiers");
		return -1;
	}
	if (_PyUnicode_EQ(slot, _Py_ID(__dict__))) {
		if (c->base->tp_dictoffset || c->add_dict) {
			PyErr_SetString(PyExc_TypeError,
					"__dict__ slot disallowed: we already got one");
			return -1;
		}
		c->add_dict = true;
		return 0;
	}
	if (_PyUnicode_EQ(slot, _Py_ID(__weakref__))) {
		if (c->base->tp_weaklistoffset || c->add_weak) {
			PyErr_SetString(PyExc_TypeError,
					"__weakref__ slot disallowed: we already got one");
			return -1;
		}
		c->add_weak = true;
		return 0;
	}
	mangled = mangle(c->name, slot);
	if (!mangled)
		return -1;
	r = PyDict_Contains(c->dict, mangled);
	if (r > 0 && !_PyUnicode_EQ(slot, _Py_ID(__qualname__)) &&
	    !_PyUnicode_EQ(slot, _Py_ID(__classcell__))) {
		PyErr_Format(PyExc_ValueError, "%R in __slots__ conflicts with class variable",
			     slot);
		r = -1;
	} else if (r >= 0) {
		r = PyList_Append(names, mangled);
	}
	Py_DECREF(mangled);
	return r;
}

static int read_slots(struct class *c, PyObject *value)
{
	PyObject *items, *names = NULL;
	int r = -1;

	items = PyUnicode_Check(value) ? PyTuple_Pack(1, value) : PySequence_Tuple(value);
	if (!items)
		return -1;
	if (PyTuple_GET_SIZE(items) && c->base->tp_itemsize) {
		PyErr_Format(PyExc_TypeError,
			     "nonempty __slots__ not supported for subtype of '%s'",
			     c->base->tp_name);
		goto out;
	}
	names = PyList_New(0);
	if (!names)
		goto out;
	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(items); i++)
		if (add_slot(c, PyTuple_GET_ITEM(items, i), names) < 0)
			goto out;
	if (PyList_Sort(names) < 0)
		goto out;
	c->slots = PyList_AsTuple(names);
	r = c->slots ? 0 : -1;
out:
	Py_DECREF(items);
	Py_XDECREF(names);
	return r;
}

static int choose_layout(struct class *c)
{
	PyObject *value = _PyType_DictGet(c->dict, _Py_ID(__slots__));

	if (!value) {
		/* A class's own dict is tp_dict: those of a metaclass need no other. */
		c->add_dict = c->base->tp_dictoffset == 0 &&
			      !PyType_HasFeature(c->base, Py_TPFLAGS_TYPE_SUBCLASS);
		c->add_weak = c->base->tp_weaklistoffset == 0;
		return 0;
	}
	if (read_slots(c, value) < 0)
		return -1;
	/* Another base's instances may have a dict. */
	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(c->bases); i++) {
		PyTypeObject *b = (PyTypeObject *)PyTuple_GET_ITEM(c->bases, i);

		if (b->tp_dictoffset && !c->base->tp_dictoffset)
			c->add_dict = true;
		if (b->tp_weaklistoffset && !c->base->tp_weaklistoffset)
			c->add_weak = true;
	}
	return 0;
}

static int make_members(struct class *c)
{
	Py_ssize_t n = c->slots ? PyTuple_GET_SIZE(c->slots) : 0;
	PyMemberDef *members;

	if (!n)
		return 0;
	members = PyMem_Calloc((size_t)n + 1, sizeof(*members));
	if (!members) {
		PyErr_NoMemory();
		return -1;
	}
	c->type->tp_members = members;
	for (Py_ssize_t i = 0; i < n; i++) {
		const char *utf8 = PyUnicode_AsUTF8(PyTuple_GET_ITEM(c->slots, i));

		if (!utf8)
			return -1;
		members[i].name = strdup(utf8);
		if (!members[i].name) {
			PyErr_NoMemory();
			return -1;
		}
		members[i].type = Py_T_OBJECT_EX;
		members[i].offset = c->type->tp_basicsize;
		c->type->tp_basicsize += POINTER;
	}
	return 0;
}

static bool varies_in_size(PyTypeObject *base)
{
	return base->tp_itemsize || PyType_HasFeature(base, Py_TPFLAGS_UNICODE_SUBCLASS);
}

/* Sizes and offsets of the instances. */
static int lay_out(struct class *c)
{
	PyTypeObject *t = c->type, *base = c->base;

	t->tp_basicsize = base->tp_basicsize;
	t->tp_itemsize = base->tp_itemsize;
	t->tp_dictoffset = base->tp_dictoffset;
	t->tp_weaklistoffset = base->tp_weaklistoffset;
	t->tp_prefixsize = base->tp_prefixsize;
	if (make_members(c) < 0)
		return -1;
	if (varies_in_size(base)) {
		/* Two pointers keep the alignment. */
		if (c->add_dict || c->add_weak)
			t->tp_prefixsize = 2 * POINTER;
		if (c->add_dict)
			t->tp_dictoffset = -(Py_ssize_t)sizeof(PyGC_Head) - POINTER;
		if (c->add_weak)
			t->tp_weaklistoffset = -(Py_ssize_t)sizeof(PyGC_Head) - 2 * POINTER;
		return 0;
	}
	if (c->add_dict) {
		t->tp_dictoffset = t->tp_basicsize;
		t->tp_basicsize += POINTER;
	}
	if (c->add_weak) {
		t->tp_weaklistoffset = t->tp_basicsize;
		t->tp_basicsize += POINTER;
	}
	return 0;
}

/* -- The dict ---------------------------------------------------------------------------------- */
static int wrap_function(PyObject *dict, PyObject *name, PyObject *(*wrap)(PyObject *))
{
	PyObject *f = _PyType_DictGet(dict, name), *wrapped;
	int r;

	if (!f || !PyFunction_Check(f))
		return 0;
	wrapped = wrap(f);
	if (!wrapped)
		return -1;
	r = PyDict_SetItem(dict, name, wrapped);
	Py_DECREF(wrapped);
	return r;
}

static int set_module(PyObject *dict)
{
	PyObject *globals, *module;

	if (_PyType_DictGet(dict, _Py_ID(__module__)))
		return 0;
	globals = _Py_globals_hook ? _Py_globals_hook() : NULL;
	module = globals ? _PyType_DictGet(globals, _Py_ID(__name__)) : NULL;
	return module ? PyDict_SetItem(dict, _Py_ID(__module__), module) : 0;
}

static int set_names_of_type(struct class *c)
{
	PyTypeObject *t = c->type;
	PyObject *qualname = _PyType_DictGet(c->dict, _Py_ID(__qualname__));

	t->ht_name = Py_NewRef(c->name);
	t->tp_name = PyUnicode_AsUTF8(c->name);
	if (!t->tp_name)
		return -1;
	if (strlen(t->tp_name) != (size_t)PyUnicode_GET_LENGTH(c->name) &&
	    PyUnicode_FindChar(c->name, 0, 0, PyUnicode_GET_LENGTH(c->name), 1) >= 0) {
		PyErr_SetString(PyExc_ValueError, "type name must not contain null characters");
		return -1;
	}
	if (qualname && !PyUnicode_Check(qualname)) {
		PyErr_Format(PyExc_TypeError, "type __qualname__ must be a str, not %s",
			     Py_TYPE(qualname)->tp_name);
		return -1;
	}
	t->ht_qualname = Py_NewRef(qualname ? qualname : c->name);
	return qualname ? PyDict_DelItem(c->dict, _Py_ID(__qualname__)) : 0;
}

static int fill_dict(struct class *c)
{
	PyObject *dict = c->dict;

	if (set_module(dict) < 0 || wrap_function(dict, _Py_ID(__new__), PyStaticMethod_New) < 0 ||
	    wrap_function(dict, _Py_ID(__init_subclass__), PyClassMethod_New) < 0 ||
	    wrap_function(dict, _Py_ID(__class_getitem__), PyClassMethod_New) < 0)
		return -1;
	c->type->tp_dict = Py_NewRef(dict);
	return 0;
}

static int add_descriptor(PyTypeObject *type, PyGetSetDef *def, PyObject *name)
{
	PyObject *descr = PyDescr_NewGetSet(type, def);
	int r;

	if (!descr)
		return -1;
	r = PyDict_SetDefault(type->tp_dict, name, descr) ? 0 : -1;
	Py_DECREF(descr);
	return r;
}

static int set_classcell(struct class *c)
{
	PyObject *cell = _PyType_DictGet(c->dict, _Py_ID(__classcell__));

	if (!cell)
		return 0;
	if (!PyCell_Check(cell)) {
		PyErr_Format(PyExc_TypeError,
			     "__classcell__ must be a nonlocal cell, not <class '%.200s'>",
			     Py_TYPE(cell)->tp_name);
		return -1;
	}
	if (PyCell_Set(cell, (PyObject *)c->type) < 0)
		return -1;
	return PyDict_DelItem(c->dict, _Py_ID(__classcell__));
}

/* -- Hooks ------------------------------------------------------------------------------------- */
static int call_set_name(PyTypeObject *type, PyObject *key, PyObject *value)
{
	PyObject *f = _PyObject_LookupSpecial(value, _Py_ID(__set_name__)), *r;

	if (!f)
		return PyErr_Occurred() ? -1 : 0;
	r = PyObject_CallFunctionObjArgs(f, (PyObject *)type, key, NULL);
	Py_DECREF(f);
	if (!r) {
		_PyErr_FormatFromCause(PyExc_RuntimeError,
				       "Error calling __set_name__ on '%.100s' instance %R "
				       "in '%.100s'",
				       Py_TYPE(value)->tp_name, key, type->tp_name);
		return -1;
	}
	Py_DECREF(r);
	return 0;
}

static int call_set_names(PyTypeObject *type)
{
	PyObject *names = PyDict_Copy(type->tp_dict), *key, *value;
	Py_ssize_t pos = 0;
	int r = names ? 0 : -1;

	while (r == 0 && PyDict_Next(names, &pos, &key, &value))
		r = call_set_name(type, key, value);
	Py_XDECREF(names);
	return r;
}

/* super(type, type).__init_subclass__(**kwargs) */
static int call_init_subclass(PyTypeObject *type, PyObject *kwargs)
{
	PyObject *self = (PyObject *)type, *f, *r;
	PyObject *super = PyObject_CallFunctionObjArgs((PyObject *)&PySuper_Type, self, self, NULL);

	if (!super)
		return -1;
	f = PyObject_GetAttr(super, _Py_ID(__init_subclass__));
	Py_DECREF(super);
	if (!f)
		return -1;
	r = PyObject_VectorcallDict(f, NULL, 0, kwargs);
	Py_DECREF(f);
	Py_XDECREF(r);
	return r ? 0 : -1;
}

/* -- Making ------------------------------------------------------------------------------------ */
PyTypeObject *_PyType_CalculateMetaclass(PyTypeObject *metatype, PyObject *bases)
{
	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(bases); i++) {
		PyTypeObject *t = Py_TYPE(PyTuple_GET_ITEM(bases, i));

		if (PyType_IsSubtype(metatype, t))
			continue;
		if (PyType_IsSubtype(t, metatype)) {
			metatype = t;
			continue;
		}
		PyErr_SetString(PyExc_TypeError,
				"metaclass conflict: the metaclass of a derived class must be a "
				"(non-strict) subclass of the metaclasses of all its bases");
		return NULL;
	}
	return metatype;
}

static PyObject *make_class(PyTypeObject *metatype, struct class *c)
{
	PyTypeObject *t;

	if (choose_layout(c) < 0)
		return NULL;
	t = c->type = (PyTypeObject *)metatype->tp_alloc(metatype, 0);
	if (!t)
		return NULL;
	t->tp_flags = Py_TPFLAGS_HEAPTYPE | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC;
	t->tp_base = (PyTypeObject *)Py_NewRef(c->base);
	t->tp_bases = Py_NewRef(c->bases);
	t->tp_dealloc = _PyType_SubtypeDealloc;
	t->tp_traverse = _PyType_SubtypeTraverse;
	t->tp_clear = _PyType_SubtypeClear;
	t->tp_alloc = PyType_GenericAlloc;
	t->tp_free = PyObject_GC_Del;
	if (set_names_of_type(c) < 0 || fill_dict(c) < 0 || lay_out(c) < 0 ||
	    (c->add_dict && add_descriptor(t, &dict_getset, _Py_ID(__dict__)) < 0) ||
	    (c->add_weak && add_descriptor(t, &weakref_getset, _Py_ID(__weakref__)) < 0) ||
	    set_classcell(c) < 0 || PyType_Ready(t) < 0) {
		Py_DECREF(t);
		return NULL;
	}
	_PySlots_Fixup(t);
	return (PyObject *)t;
}

/* Checks (name, bases, dict): 0 or -1. */
static int check_arguments(PyObject *args)
{
	static const char *const wanted[] = {"str", "tuple", "dict"};

	if (PyTuple_GET_SIZE(args) != 3) {
		PyErr_Format(PyExc_TypeError,
			     "type.__new__() takes exactly 3 arguments (%zd given)",
			     PyTuple_GET_SIZE(args));
		return -1;
	}
	for (int i = 0; i < 3; i++) {
		PyObject *a = PyTuple_GET_ITEM(args, i);

		if (i == 0 ? PyUnicode_Check(a) : i == 1 ? PyTuple_Check(a) : PyDict_Check(a))
			continue;
		PyErr_Format(PyExc_TypeError, "type.__new__() argument %d must be %s, not %.50s",
			     i + 1, wanted[i], Py_TYPE(a)->tp_name);
		return -1;
	}
	return 0;
}

static int check_bases(PyObject *bases)
{
	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(bases); i++) {
		PyObject *b = PyTuple_GET_ITEM(bases, i), *entries;

		if (PyType_Check(b))
			continue;
		if (_PyObject_LookupAttr(b, _Py_ID(__mro_entries__), &entries) < 0)
			return -1;
		if (entries) {
			Py_DECREF(entries);
			PyErr_SetString(PyExc_TypeError,
					"type() doesn't support MRO entry resolution; "
					"use types.new_class()");
			return -1;
		}
	}
	return 0;
}

PyObject *_PyType_New(PyTypeObject *metatype, PyObject *args, PyObject *kwargs)
{
	struct class c = {0};
	PyTypeObject *winner;
	PyObject *r = NULL;

	if (check_arguments(args) < 0 || check_bases(PyTuple_GET_ITEM(args, 1)) < 0)
		return NULL;
	winner = _PyType_CalculateMetaclass(metatype, PyTuple_GET_ITEM(args, 1));
	if (!winner)
		return NULL;
	if (winner != metatype && winner->tp_new != _PyType_New)
		return winner->tp_new(winner, args, kwargs);
	c.name = PyTuple_GET_ITEM(args, 0);
	c.bases = PyTuple_GET_SIZE(PyTuple_GET_ITEM(args, 1))
			  ? Py_NewRef(PyTuple_GET_ITEM(args, 1))
			  : PyTuple_Pack(1, (PyObject *)&PyBaseObject_Type);
	c.base = c.bases ? _PyType_BestBase(c.bases) : NULL;
	c.dict = c.base ? PyDict_Copy(PyTuple_GET_ITEM(args, 2)) : NULL;
	if (c.dict)
		r = make_class(winner, &c);
	Py_XDECREF(c.bases);
	Py_XDECREF(c.dict);
	Py_XDECREF(c.slots);
	if (r && (call_set_names(c.type) < 0 || call_init_subclass(c.type, kwargs) < 0))
		Py_CLEAR(r);
	return r;
}
