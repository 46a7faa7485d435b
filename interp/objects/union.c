/* SPDX-License-Identifier: BSD-2-Clause */
/* types.UnionType: int | str. Its members are each there once; a union of one is that one. */
#include "objects/genericalias.h"

#include "core/errors.h"
#include "core/gc.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/descr.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/none.h"
#include "objects/set.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/unicode.h"

typedef struct {
	PyObject_HEAD PyObject *args;
	PyObject *parameters; /* made when first asked for */
} Union;

#define is_union(o) Py_IS_TYPE(o, &_PyUnion_Type)

static bool can_join(PyObject *o)
{
	return Py_IsNone(o) || PyType_Check(o) || _PyGenericAlias_Check(o) || is_union(o);
}

static int add_member(PyObject *list, PyObject *o)
{
	if (is_union(o)) {
		PyObject *args = ((Union *)o)->args;

		/* The first one's members differ already. */
		if (PyList_GET_SIZE(list) == 0)
			return PyList_SetSlice(list, 0, 0, args);
		for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(args); i++)
			if (add_member(list, PyTuple_GET_ITEM(args, i)) < 0)
				return -1;
		return 0;
	}
	if (Py_IsNone(o))
		o = (PyObject *)Py_TYPE(Py_None);
	for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
		PyObject *other = PyList_GET_ITEM(list, i);
		bool aliases = _PyGenericAlias_Check(o) && _PyGenericAlias_Check(other);
		int same = aliases ? PyObject_RichCompareBool(o, other, Py_EQ) : o == other;

		if (same != 0)
			return same < 0 ? -1 : 0;
	}
	return PyList_Append(list, o);
}

/* Steals args, a tuple or NULL. */
static PyObject *union_of(PyObject *args)
{
	if (!args || PyTuple_GET_SIZE(args) == 1) {
		PyObject *only = args ? Py_NewRef(PyTuple_GET_ITEM(args, 0)) : NULL;

		Py_XDECREF(args);
		return only;
	}
	Union *u = PyObject_GC_New(Union, &_PyUnion_Type);

	if (!u) {
		Py_DECREF(args);
		return NULL;
	}
	u->args = args;
	u->parameters = NULL;
	PyObject_GC_Track(u);
	return (PyObject *)u;
}

PyObject *_Py_union_type_or(PyObject *a, PyObject *b)
{
	if (!can_join(a) || !can_join(b))
		Py_RETURN_NOTIMPLEMENTED;
	PyObject *list = PyList_New(0), *args = NULL;

	if (list && add_member(list, a) == 0 && add_member(list, b) == 0)
		args = PySequence_Tuple(list);
	Py_XDECREF(list);
	return union_of(args);
}

static PyObject *union_repr(PyObject *self)
{
	PyObject *args = ((Union *)self)->args, *text = PyUnicode_FromString("");

	for (Py_ssize_t i = 0; text && i < PyTuple_GET_SIZE(args); i++) {
		PyObject *arg = PyTuple_GET_ITEM(args, i);
		PyObject *item = arg == (PyObject *)Py_TYPE(Py_None) ? PyUnicode_FromString("None")
								     : _Py_TypeArgumentRepr(arg);

		Py_SETREF(text, !item ? NULL
				      : PyUnicode_FromFormat("%U%s%U", text, i ? " | " : "", item));
		Py_XDECREF(item);
	}
	return text;
}

static Py_hash_t union_hash(PyObject *self)
{
	PyObject *set = PyFrozenSet_New(((Union *)self)->args);
	Py_hash_t hash = set ? PyObject_Hash(set) : -1;

	Py_XDECREF(set);
	return hash;
}

static PyObject *union_richcompare(PyObject *v, PyObject *w, int op)
{
	if (!is_union(v) || !is_union(w) || (op != Py_EQ && op != Py_NE))
		Py_RETURN_NOTIMPLEMENTED;
	PyObject *a = PySet_New(((Union *)v)->args);
	PyObject *b = a ? PySet_New(((Union *)w)->args) : NULL;
	PyObject *result = b ? PyObject_RichCompare(a, b, op) : NULL;

	Py_XDECREF(a);
	Py_XDECREF(b);
	return result;
}

static PyObject *check(PyObject *self, PyObject *o, const char *what,
		       int (*test)(PyObject *, PyObject *))
{
	PyObject *args = ((Union *)self)->args;

	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(args); i++)
		if (_PyGenericAlias_Check(PyTuple_GET_ITEM(args, i)))
			return PyErr_Format(PyExc_TypeError,
					    "%s() argument 2 cannot be a parameterized generic",
					    what);
	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(args); i++) {
		PyObject *arg = PyTuple_GET_ITEM(args, i);

		if (!PyType_Check(arg))
			continue;
		int holds = test(o, arg);

		if (holds != 0)
			return holds < 0 ? NULL : Py_NewRef(Py_True);
	}
	Py_RETURN_FALSE;
}

static PyObject *union_instancecheck(PyObject *self, PyObject *o)
{
	return check(self, o, "isinstance", PyObject_IsInstance);
}

static PyObject *union_subclasscheck(PyObject *self, PyObject *o)
{
	if (!PyType_Check(o))
		return PyErr_Format(PyExc_TypeError, "issubclass() arg 1 must be a class");
	return check(self, o, "issubclass", PyObject_IsSubclass);
}

static PyObject *parameters_of(Union *u)
{
	if (!u->parameters)
		u->parameters = _Py_TypeParameters(u->args);
	return u->parameters;
}

static PyObject *union_subscript(PyObject *self, PyObject *item)
{
	Union *u = (Union *)self;
	PyObject *parameters = parameters_of(u);
	PyObject *args =
		parameters ? _Py_SubstituteParameters(self, u->args, parameters, item) : NULL;
	PyObject *result = args ? Py_NewRef(PyTuple_GET_ITEM(args, 0)) : NULL;

	for (Py_ssize_t i = 1; result && i < PyTuple_GET_SIZE(args); i++)
		Py_SETREF(result, PyNumber_Or(result, PyTuple_GET_ITEM(args, i)));
	Py_XDECREF(args);
	return result;
}

static PyObject *get_parameters(PyObject *self, void *closure)
{
	return Py_XNewRef(parameters_of((Union *)self));
}

static void union_dealloc(PyObject *self)
{
	PyObject_GC_UnTrack(self);
	Py_TRASHCAN_BEGIN(self) Py_DECREF(((Union *)self)->args);
	Py_XDECREF(((Union *)self)->parameters);
	PyObject_GC_Del(self);
	Py_TRASHCAN_END
}

static int union_traverse(PyObject *self, visitproc visit, void *arg)
{
	Py_VISIT(((Union *)self)->args);
	Py_VISIT(((Union *)self)->parameters);
	return 0;
}

static PyMethodDef union_methods[] = {
	{"__instancecheck__", union_instancecheck, METH_O, NULL},
	{"__subclasscheck__", union_subclasscheck, METH_O, NULL},
	{0},
};

static PyMemberDef union_members[] = {
	{"__args__", Py_T_OBJECT, offsetof(Union, args), Py_READONLY, NULL},
	{0},
};

static PyGetSetDef union_getset[] = {
	{"__parameters__", get_parameters, NULL, "Type variables in the types.UnionType.", NULL},
	{0},
};

PyTypeObject _PyUnion_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "types.UnionType",
	.tp_basicsize = sizeof(Union),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
	.tp_doc = "Represent a PEP 604 union type\n\nE.g. for int | str",
	.tp_dealloc = union_dealloc,
	.tp_traverse = union_traverse,
	.tp_repr = union_repr,
	.tp_hash = union_hash,
	.tp_richcompare = union_richcompare,
	.nb_or = _Py_union_type_or,
	.mp_subscript = union_subscript,
	.tp_methods = union_methods,
	.tp_members = union_members,
	.tp_getset = union_getset,
};
