/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * weakref.ref. The references to an object stand in a list at its type's tp_weaklistoffset,
 * newest first; the one without a callback is shared.
 */
#include "objects/weakref.h"

#include "core/errors.h"
#include "core/gc.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/unicode.h"

typedef struct _weakref {
	PyObject_HEAD PyObject *referent; /* borrowed; NULL: dead */
	PyObject *callback;               /* or NULL */
	Py_hash_t hash;                   /* -1 = not yet computed */
	struct _weakref *prev, *next;
} PyWeakReference;

_Static_assert(sizeof(PyWeakReference) == _PY_WEAKREF_SIZE, "proxies are as large");

#define R(o) ((PyWeakReference *)(o))

static PyWeakReference **list_of(PyObject *o)
{
	return (PyWeakReference **)((char *)o + Py_TYPE(o)->tp_weaklistoffset);
}

static void unlink_ref(PyWeakReference *r)
{
	if (!r->referent)
		return;
	if (r->prev)
		r->prev->next = r->next;
	else
		*list_of(r->referent) = r->next;
	if (r->next)
		r->next->prev = r->prev;
	r->prev = r->next = NULL;
	r->referent = NULL;
}

PyObject *_PyWeakref_Make(PyTypeObject *type, PyObject *o, PyObject *callback)
{
	PyWeakReference *r;

	if (callback && Py_IsNone(callback))
		callback = NULL;
	if (!Py_TYPE(o)->tp_weaklistoffset)
		return PyErr_Format(PyExc_TypeError, "cannot create weak reference to '%s' object",
				    Py_TYPE(o)->tp_name);
	if (!callback && !PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE))
		for (r = *list_of(o); r; r = r->next)
			if (!r->callback && Py_IS_TYPE(r, type) && Py_REFCNT(r) > 0)
				return Py_NewRef(r);
	r = (PyWeakReference *)type->tp_alloc(type, 0);
	if (!r)
		return NULL;
	r->referent = o;
	r->callback = Py_XNewRef(callback);
	r->hash = -1;
	r->next = *list_of(o);
	if (r->next)
		r->next->prev = r;
	*list_of(o) = r;
	return (PyObject *)r;
}

PyObject *PyWeakref_NewRef(PyObject *o, PyObject *callback)
{
	return _PyWeakref_Make(&_PyWeakref_RefType, o, callback);
}

PyObject *PyWeakref_GetObject(PyObject *ref)
{
	PyObject *o = R(ref)->referent;

	return o && Py_REFCNT(o) > 0 ? o : Py_None;
}

Py_ssize_t _PyWeakref_Count(PyObject *o)
{
	Py_ssize_t n = 0;

	if (Py_TYPE(o)->tp_weaklistoffset)
		for (PyWeakReference *r = *list_of(o); r; r = r->next)
			n++;
	return n;
}

PyObject *_PyWeakref_List(PyObject *o)
{
	PyObject *list = PyList_New(0);

	if (Py_TYPE(o)->tp_weaklistoffset)
		for (PyWeakReference *r = *list_of(o); list && r; r = r->next)
			if (PyList_Append(list, (PyObject *)r) < 0)
				Py_CLEAR(list);
	return list;
}

static void call_back(PyWeakReference *r, PyObject *callback)
{
	PyObject *result = PyObject_CallOneArg(callback, (PyObject *)r);

	if (!result)
		PyErr_WriteUnraisable(callback);
	Py_XDECREF(result);
}

/* The callbacks of todo: pairs (reference, callback). Steals todo, which may be NULL. */
static void call_all(PyObject *todo)
{
	for (Py_ssize_t i = 0; todo && i < PyList_GET_SIZE(todo); i++) {
		PyObject *pair = PyList_GET_ITEM(todo, i);

		call_back(R(PyTuple_GET_ITEM(pair, 0)), PyTuple_GET_ITEM(pair, 1));
	}
	Py_XDECREF(todo);
}

/* All references to o die; the callbacks are remembered in *todo, a list or NULL. */
static void kill_refs(PyObject *o, bool collecting, PyObject **todo)
{
	PyWeakReference *r;

	while ((r = *list_of(o))) {
		PyObject *callback = r->callback;

		unlink_ref(r);
		/* A reference that is garbage itself calls nobody. */
		if (!callback || (collecting && _PyGC_IsDoomed((PyObject *)r)))
			continue;
		r->callback = NULL;
		if (Py_REFCNT(r) > 0) {
			PyObject *pair = PyTuple_Pack(2, (PyObject *)r, callback);

			if (!*todo)
				*todo = PyList_New(0);
			if (!pair || !*todo || PyList_Append(*todo, pair) < 0)
				PyErr_Clear();
			Py_XDECREF(pair);
		}
		Py_DECREF(callback);
	}
}

void PyObject_ClearWeakRefs(PyObject *o)
{
	PyObject *pending, *todo = NULL;

	if (!*list_of(o))
		return;
	pending = PyErr_GetRaisedException();
	/* All are dead before the first callback runs. */
	kill_refs(o, false, &todo);
	call_all(todo);
	PyErr_SetRaisedException(pending);
}

static void kill_refs_of_garbage(PyObject *o, PyObject **todo)
{
	kill_refs(o, true, todo);
}

void _PyWeakref_Init(void)
{
	_PyGC_weakref_hook = kill_refs_of_garbage;
	_PyGC_weakref_callbacks_hook = call_all;
}

/* -- The type ---------------------------------------------------------------------------------- */
static PyObject *ref_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *o, *callback = NULL;

	if (type == &_PyWeakref_RefType && !PyArg_NoKeywords("ref", kwargs))
		return NULL;
	if (!PyArg_UnpackTuple(args, "__new__", 1, 2, &o, &callback))
		return NULL;
	return _PyWeakref_Make(type, o, callback);
}

static int ref_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
	PyObject *o, *callback;

	return PyArg_UnpackTuple(args, "__init__", 1, 2, &o, &callback) ? 0 : -1;
}

void _PyWeakref_Dealloc(PyObject *o)
{
	PyObject_GC_UnTrack(o);
	unlink_ref(R(o));
	Py_XDECREF(R(o)->callback);
	Py_TYPE(o)->tp_free(o);
}

int _PyWeakref_Traverse(PyObject *o, visitproc visit, void *arg)
{
	Py_VISIT(R(o)->callback);
	return 0;
}

static PyObject *ref_vectorcall(PyObject *o, PyObject *const *args, size_t nargsf,
				PyObject *kwnames)
{
	if (!PyArg_NoKwnames("weakref", kwnames) ||
	    !PyArg_CheckPositional("weakref", PyVectorcall_NARGS(nargsf), 0, 0))
		return NULL;
	return Py_NewRef(PyWeakref_GetObject(o));
}

static PyObject *ref_repr(PyObject *o)
{
	PyObject *target = PyWeakref_GetObject(o), *name, *r;

	if (Py_IsNone(target))
		return PyUnicode_FromFormat("<weakref at %p; dead>", o);
	Py_INCREF(target);
	if (_PyObject_LookupAttr(target, _Py_ID(__name__), &name) < 0)
		PyErr_Clear();
	if (name && PyUnicode_Check(name))
		r = PyUnicode_FromFormat("<weakref at %p; to '%s' at %p (%U)>", o,
					 Py_TYPE(target)->tp_name, target, name);
	else
		r = PyUnicode_FromFormat("<weakref at %p; to '%s' at %p>", o,
					 Py_TYPE(target)->tp_name, target);
	Py_XDECREF(name);
	Py_DECREF(target);
	return r;
}

static Py_hash_t ref_hash(PyObject *o)
{
	PyObject *target;

	if (R(o)->hash != -1)
		return R(o)->hash;
	target = PyWeakref_GetObject(o);
	if (Py_IsNone(target)) {
		PyErr_SetString(PyExc_TypeError, "weak object has gone away");
		return -1;
	}
	Py_INCREF(target);
	R(o)->hash = PyObject_Hash(target);
	Py_DECREF(target);
	return R(o)->hash;
}

static PyObject *ref_richcompare(PyObject *a, PyObject *b, int op)
{
	PyObject *x, *y, *r;

	if ((op != Py_EQ && op != Py_NE) || !PyObject_TypeCheck(a, &_PyWeakref_RefType) ||
	    !PyObject_TypeCheck(b, &_PyWeakref_RefType))
		Py_RETURN_NOTIMPLEMENTED;
	x = PyWeakref_GetObject(a);
	y = PyWeakref_GetObject(b);
	if (Py_IsNone(x) || Py_IsNone(y))
		return PyBool_FromLong((a == b) == (op == Py_EQ));
	Py_INCREF(x);
	Py_INCREF(y);
	r = PyObject_RichCompare(x, y, op);
	Py_DECREF(x);
	Py_DECREF(y);
	return r;
}

static PyMemberDef ref_members[] = {
	{"__callback__", Py_T_OBJECT, offsetof(PyWeakReference, callback), Py_READONLY, NULL},
	{NULL, 0, 0, 0, NULL},
};

PyTypeObject _PyWeakref_RefType = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "weakref.ReferenceType",
	.tp_basicsize = sizeof(PyWeakReference),
	.tp_flags = Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
	.tp_dealloc = _PyWeakref_Dealloc,
	.tp_traverse = _PyWeakref_Traverse,
	.tp_repr = ref_repr,
	.tp_hash = ref_hash,
	.tp_richcompare = ref_richcompare,
	.tp_vectorcall = ref_vectorcall,
	.tp_init = ref_init,
	.tp_new = ref_new,
	.tp_members = ref_members,
};
