/* SPDX-License-Identifier: BSD-2-Clause */
/* PyType_Ready: a type's dict is filled from its tables, its slots from its bases. */
#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/method.h"
#include "objects/names.h"
#include "objects/property.h"
#include "objects/slots.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/type_impl.h"
#include "objects/unicode.h"

#define SUBCLASS_FLAGS                                                                        \
	(Py_TPFLAGS_LONG_SUBCLASS | Py_TPFLAGS_LIST_SUBCLASS | Py_TPFLAGS_TUPLE_SUBCLASS |    \
	 Py_TPFLAGS_BYTES_SUBCLASS | Py_TPFLAGS_UNICODE_SUBCLASS | Py_TPFLAGS_DICT_SUBCLASS | \
	 Py_TPFLAGS_BASE_EXC_SUBCLASS | Py_TPFLAGS_TYPE_SUBCLASS)

/* -- The dict ---------------------------------------------------------------------------------- */
/* Adds a new reference (NULL: error) under name unless the name is there. */
static int add(PyTypeObject *type, const char *name, PyObject *descr)
{
	PyObject *key = descr ? PyUnicode_InternFromString(name) : NULL;
	int r = -1;

	if (key)
		r = PyDict_SetDefault(type->tp_dict, key, descr) ? 0 : -1;
	Py_XDECREF(key);
	Py_XDECREF(descr);
	return r;
}

static PyObject *static_method(PyMethodDef *def, PyTypeObject *type)
{
	PyObject *f = PyCFunction_NewEx(def, (PyObject *)type, NULL), *r;

	if (!f)
		return NULL;
	r = PyStaticMethod_New(f);
	Py_DECREF(f);
	return r;
}

static int add_tables(PyTypeObject *type)
{
	/* A class's own member table is that of its __slots__. */
	for (PyMethodDef *m = type->tp_methods; m && m->ml_name; m++) {
		PyObject *descr = m->ml_flags & METH_CLASS    ? PyDescr_NewClassMethod(type, m)
				  : m->ml_flags & METH_STATIC ? static_method(m, type)
							      : PyDescr_NewMethod(type, m);

		if (add(type, m->ml_name, descr) < 0)
			return -1;
	}
	for (PyMemberDef *m = type->tp_members; m && m->name; m++)
		if (add(type, m->name, PyDescr_NewMember(type, m)) < 0)
			return -1;
	for (PyGetSetDef *g = type->tp_getset; g && g->name; g++)
		if (add(type, g->name, PyDescr_NewGetSet(type, g)) < 0)
			return -1;
	return 0;
}

static int add_doc(PyTypeObject *type)
{
	PyObject *doc = type->tp_doc ? PyUnicode_FromString(type->tp_doc) : Py_NewRef(Py_None);

	return add(type, "__doc__", doc);
}

/* -- Inheritance ------------------------------------------------------------------------------- */
static void inherit_layout(PyTypeObject *type, PyTypeObject *base)
{
	if (!PyType_HasFeature(type, Py_TPFLAGS_HAVE_GC) &&
	    PyType_HasFeature(base, Py_TPFLAGS_HAVE_GC) && !type->tp_traverse && !type->tp_clear) {
		type->tp_flags |= Py_TPFLAGS_HAVE_GC;
		type->tp_traverse = base->tp_traverse;
		type->tp_clear = base->tp_clear;
	}
	if (!type->tp_basicsize)
		type->tp_basicsize = base->tp_basicsize;
	if (!type->tp_itemsize)
		type->tp_itemsize = base->tp_itemsize;
	if (!type->tp_dictoffset)
		type->tp_dictoffset = base->tp_dictoffset;
	if (!type->tp_weaklistoffset)
		type->tp_weaklistoffset = base->tp_weaklistoffset;
	if (!type->tp_prefixsize)
		type->tp_prefixsize = base->tp_prefixsize;
	type->tp_flags |= base->tp_flags & SUBCLASS_FLAGS;
}

/* Slots with rules of their own: see inherit_slots and type_new. */
static bool is_special(size_t offset)
{
	switch (offset) {
	case offsetof(PyTypeObject, tp_alloc):
	case offsetof(PyTypeObject, tp_free):
	case offsetof(PyTypeObject, tp_traverse):
	case offsetof(PyTypeObject, tp_clear):
	case offsetof(PyTypeObject, tp_new):
	case offsetof(PyTypeObject, tp_hash):
	case offsetof(PyTypeObject, tp_richcompare): return true;
	default: return false;
	}
}

static void inherit_slots(PyTypeObject *type, PyTypeObject *base)
{
#define OFFSET(field, ctype) offsetof(PyTypeObject, field),
	static const size_t slots[] = {PY_TYPE_SLOTS(OFFSET)};
#undef OFFSET

	for (size_t i = 0; i < sizeof(slots) / sizeof(*slots); i++)
		if (!is_special(slots[i]) && !_PyType_SLOT(type, slots[i]))
			_PyType_SLOT(type, slots[i]) = _PyType_SLOT(base, slots[i]);
	/* A type that compares in its own way must not hash in its base's. */
	if (!type->tp_richcompare && !type->tp_hash &&
	    !_PyType_DictGet(type->tp_dict, _Py_ID(__eq__)) &&
	    !_PyType_DictGet(type->tp_dict, _Py_ID(__hash__))) {
		type->tp_richcompare = base->tp_richcompare;
		type->tp_hash = base->tp_hash;
	}
}

static int finish_hash(PyTypeObject *type)
{
	if (type->tp_hash || _PyType_DictGet(type->tp_dict, _Py_ID(__hash__)))
		return 0;
	type->tp_hash = PyObject_HashNotImplemented;
	return PyDict_SetItem(type->tp_dict, _Py_ID(__hash__), Py_None);
}

static int ready_base(PyTypeObject *type)
{
	if (!type->tp_base && type != &PyBaseObject_Type)
		type->tp_base = &PyBaseObject_Type;
	if (type->tp_base && !PyType_HasFeature(type->tp_base, Py_TPFLAGS_READY) &&
	    PyType_Ready(type->tp_base) < 0)
		return -1;
	if (!Py_TYPE(type))
		type->ob_type = type->tp_base ? Py_TYPE(type->tp_base) : &PyType_Type;
	if (!type->tp_bases)
		type->tp_bases =
			type->tp_base ? PyTuple_Pack(1, (PyObject *)type->tp_base) : PyTuple_New(0);
	if (!type->tp_dict)
		type->tp_dict = PyDict_New();
	return type->tp_bases && type->tp_dict ? 0 : -1;
}

int PyType_Ready(PyTypeObject *type)
{
	bool heap = PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE);
	bool own_new = type->tp_new != NULL;

	if (PyType_HasFeature(type, Py_TPFLAGS_READY))
		return 0;
	if (ready_base(type) < 0)
		return -1;
	if (!heap && _PySlots_AddWrappers(type) < 0)
		return -1;
	if (add_tables(type) < 0 || _PyType_ComputeMro(type) < 0)
		return -1;
	if (type->tp_base)
		inherit_layout(type, type->tp_base);
	for (Py_ssize_t i = 1; i < PyTuple_GET_SIZE(type->tp_mro); i++)
		inherit_slots(type, (PyTypeObject *)PyTuple_GET_ITEM(type->tp_mro, i));
	if (finish_hash(type) < 0 || add_doc(type) < 0)
		return -1;
	/* object's own constructor is for classes: a C type without one cannot be called. */
	if (!own_new && type->tp_base && (heap || type->tp_base != &PyBaseObject_Type))
		type->tp_new = type->tp_base->tp_new;
	if (own_new && !heap && _PyType_AddNew(type) < 0)
		return -1;
	if (!type->tp_alloc)
		type->tp_alloc = PyType_GenericAlloc;
	if (!type->tp_free)
		type->tp_free = PyType_IS_GC(type) ? PyObject_GC_Del : PyObject_Free;
	type->tp_flags |= Py_TPFLAGS_READY;
	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(type->tp_bases); i++)
		if (_PyType_AddSubclass((PyTypeObject *)PyTuple_GET_ITEM(type->tp_bases, i), type) <
		    0)
			return -1;
	return 0;
}

PyObject *PyType_GenericAlloc(PyTypeObject *type, Py_ssize_t nitems)
{
	size_t size = (size_t)type->tp_basicsize, items;
	PyObject *o;

	if (__builtin_mul_overflow((size_t)nitems, (size_t)type->tp_itemsize, &items))
		return PyErr_NoMemory();
	if (type->tp_itemsize) {
		o = PyType_IS_GC(type) ? (PyObject *)_PyObject_GC_NewVar(type, nitems)
				       : (PyObject *)_PyObject_NewVar(type, nitems);
		size += items;
	} else {
		o = PyType_IS_GC(type) ? _PyObject_GC_New(type) : _PyObject_New(type);
	}
	if (!o)
		return NULL;
	memset((char *)o + sizeof(PyObject), 0, size - sizeof(PyObject));
	if (type->tp_itemsize)
		Py_SIZE(o) = nitems;
	if (PyType_IS_GC(type))
		PyObject_GC_Track(o);
	return o;
}

PyObject *PyType_GenericNew(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	return type->tp_alloc(type, 0);
}
