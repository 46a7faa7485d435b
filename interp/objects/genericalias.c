/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * types.GenericAlias: a class with type arguments. It behaves as its class (calls, attributes) but
 * for a few attributes of its own; type variables among the arguments can be filled in later.
 */
#include "objects/genericalias.h"

#include "core/errors.h"
#include "core/gc.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/none.h"
#include "objects/names.h"
#include "objects/slots.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/unicode.h"
#include "objects/weakref.h"

typedef struct {
	PyObject_HEAD PyObject *origin, *args;
	PyObject *parameters; /* made when first asked for */
	PyObject *weakreflist;
	bool starred; /* *tuple[int] */
} Alias;

static int extend(PyObject *list, PyObject *items)
{
	PyObject *none = _PyList_Extend(list, items);

	Py_XDECREF(none);
	return none ? 0 : -1;
}

/* -- type variables -------------------------------------------------------------------------- */
/* Not of classes: their attribute of that name, if any, speaks of instances. */
static int lookup_of_instance(PyObject *o, const char *name, PyObject **ret)
{
	*ret = NULL;
	if (PyType_Check(o))
		return 0;
	PyObject *id = PyUnicode_FromString(name);
	int found = id ? _PyObject_LookupAttr(o, id, ret) : -1;

	Py_XDECREF(id);
	return found;
}

static int add_once(PyObject *list, PyObject *item)
{
	for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++)
		if (PyList_GET_ITEM(list, i) == item)
			return 0;
	return PyList_Append(list, item);
}

static int add_parameters(PyObject *list, PyObject *arg)
{
	PyObject *subst, *inner;
	int found = lookup_of_instance(arg, "__typing_subst__", &subst);

	Py_XDECREF(subst);
	if (found != 0)
		return found < 0 ? -1 : add_once(list, arg);
	found = lookup_of_instance(arg, "__parameters__", &inner);
	if (found < 0)
		return -1;
	for (Py_ssize_t i = 0; found && PyTuple_Check(inner) && i < PyTuple_GET_SIZE(inner); i++) {
		if (add_once(list, PyTuple_GET_ITEM(inner, i)) < 0) {
			Py_DECREF(inner);
			return -1;
		}
	}
	Py_XDECREF(inner);
	return 0;
}

PyObject *_Py_TypeParameters(PyObject *args)
{
	PyObject *list = PyList_New(0), *tuple = NULL;

	for (Py_ssize_t i = 0; list && i < PyTuple_GET_SIZE(args); i++)
		if (add_parameters(list, PyTuple_GET_ITEM(args, i)) < 0)
			Py_CLEAR(list);
	if (list)
		tuple = PySequence_Tuple(list);
	Py_XDECREF(list);
	return tuple;
}

static Py_ssize_t index_in(PyObject *tuple, PyObject *item)
{
	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(tuple); i++)
		if (PyTuple_GET_ITEM(tuple, i) == item)
			return i;
	return -1;
}

/* The arguments with *tuple[...] among them taken apart; new tuple. */
static PyObject *flatten(PyObject *item)
{
	PyObject *list = PyList_New(0), *tuple = NULL;
	Py_ssize_t n = PyTuple_Check(item) ? PyTuple_GET_SIZE(item) : 1;

	for (Py_ssize_t i = 0; list && i < n; i++) {
		PyObject *arg = PyTuple_Check(item) ? PyTuple_GET_ITEM(item, i) : item, *inner;
		int found = lookup_of_instance(arg, "__typing_unpacked_tuple_args__", &inner);
		bool open_end = found > 0 && PyTuple_Check(inner) && PyTuple_GET_SIZE(inner) &&
				PyTuple_GET_ITEM(inner, PyTuple_GET_SIZE(inner) - 1) == Py_Ellipsis;
		int status = found < 0 ? -1
			     : found && PyTuple_Check(inner) && !open_end
				     ? extend(list, inner)
				     : PyList_Append(list, arg);

		Py_XDECREF(inner);
		if (status < 0)
			Py_CLEAR(list);
	}
	if (list)
		tuple = PySequence_Tuple(list);
	Py_XDECREF(list);
	return tuple;
}

/* A parameter may reshape the arguments first (TypeVarTuple collects, ParamSpec wraps). */
static PyObject *prepare(PyObject *self, PyObject *parameters, PyObject *items)
{
	for (Py_ssize_t i = 0; items && i < PyTuple_GET_SIZE(parameters); i++) {
		PyObject *hook;
		int found = lookup_of_instance(PyTuple_GET_ITEM(parameters, i),
					       "__typing_prepare_subst__", &hook);

		if (found < 0) {
			Py_CLEAR(items);
		} else if (found && !Py_IsNone(hook)) {
			PyObject *made = PyObject_CallFunctionObjArgs(hook, self, items, NULL);

			Py_SETREF(items, made ? PySequence_Tuple(made) : NULL);
			Py_XDECREF(made);
		}
		Py_XDECREF(hook);
	}
	return items;
}

/* arg[...] with the items for its own parameters. */
static PyObject *substitute_inner(PyObject *arg, PyObject *inner, PyObject *parameters,
				  PyObject *items)
{
	PyObject *list = PyList_New(0), *tuple, *result;

	for (Py_ssize_t i = 0; list && i < PyTuple_GET_SIZE(inner); i++) {
		PyObject *parameter = PyTuple_GET_ITEM(inner, i);
		Py_ssize_t at = index_in(parameters, parameter);
		PyObject *value = at < 0 ? parameter : PyTuple_GET_ITEM(items, at);
		bool spread =
			at >= 0 && PyTuple_Check(value) &&
			PyObject_HasAttrString(parameter, "__typing_is_unpacked_typevartuple__");

		if ((spread ? extend(list, value) : PyList_Append(list, value)) < 0)
			Py_CLEAR(list);
	}
	tuple = list ? PySequence_Tuple(list) : NULL;
	result = tuple ? PyObject_GetItem(arg, tuple) : NULL;
	Py_XDECREF(list);
	Py_XDECREF(tuple);
	return result;
}

/* Appends what stands for arg to list. */
static int substitute_one(PyObject *list, PyObject *arg, PyObject *parameters, PyObject *items)
{
	PyObject *subst, *inner = NULL, *spreads, *value = NULL;
	int spread = lookup_of_instance(arg, "__typing_is_unpacked_typevartuple__", &spreads);

	if (spread > 0)
		spread = PyObject_IsTrue(spreads);
	Py_XDECREF(spreads);
	int found = spread < 0 ? -1 : lookup_of_instance(arg, "__typing_subst__", &subst);

	if (found < 0)
		return -1;
	Py_ssize_t at = found ? index_in(parameters, arg) : -1;

	if (at >= 0) {
		value = PyObject_CallOneArg(subst, PyTuple_GET_ITEM(items, at));
	} else if (!found && (found = lookup_of_instance(arg, "__parameters__", &inner)) < 0) {
		value = NULL;
	} else if (inner && PyTuple_Check(inner) && PyTuple_GET_SIZE(inner)) {
		value = substitute_inner(arg, inner, parameters, items);
	} else {
		value = Py_NewRef(arg);
	}
	int status = !value                           ? -1
		     : spread && PyTuple_Check(value) ? extend(list, value)
						      : PyList_Append(list, value);

	Py_XDECREF(subst);
	Py_XDECREF(inner);
	Py_XDECREF(value);
	return status;
}

PyObject *_Py_SubstituteParameters(PyObject *self, PyObject *args, PyObject *parameters,
				   PyObject *item)
{
	Py_ssize_t expected = PyTuple_GET_SIZE(parameters);

	if (expected == 0)
		return PyErr_Format(PyExc_TypeError, "%R is not a generic class", self);
	PyObject *items = prepare(self, parameters, flatten(item));

	if (!items)
		return NULL;
	if (PyTuple_GET_SIZE(items) != expected) {
		PyErr_Format(PyExc_TypeError, "Too %s arguments for %R; actual %zd, expected %zd",
			     PyTuple_GET_SIZE(items) > expected ? "many" : "few", self,
			     PyTuple_GET_SIZE(items), expected);
		Py_DECREF(items);
		return NULL;
	}
	PyObject *list = PyList_New(0), *tuple = NULL;

	for (Py_ssize_t i = 0; list && i < PyTuple_GET_SIZE(args); i++)
		if (substitute_one(list, PyTuple_GET_ITEM(args, i), parameters, items) < 0)
			Py_CLEAR(list);
	if (list)
		tuple = PySequence_Tuple(list);
	Py_XDECREF(list);
	Py_DECREF(items);
	return tuple;
}

/* -- what it looks like ---------------------------------------------------------------------- */
static PyObject *qualified_name(PyObject *module, PyObject *qualname)
{
	if (!PyUnicode_Check(module) || _PyUnicode_EQ(module, _Py_ID(builtins)))
		return PyObject_Str(qualname);
	return PyUnicode_FromFormat("%S.%S", module, qualname);
}

PyObject *_Py_TypeArgumentRepr(PyObject *arg)
{
	PyObject *origin = NULL, *args = NULL, *qualname = NULL, *module = NULL, *text = NULL;

	if (arg == Py_Ellipsis)
		return PyUnicode_FromString("...");
	if (_PyGenericAlias_Check(arg))
		return PyObject_Repr(arg);
	if (lookup_of_instance(arg, "__origin__", &origin) < 0 ||
	    lookup_of_instance(arg, "__args__", &args) < 0)
		goto out;
	if (!origin || !args) {
		if (_PyObject_LookupAttr(arg, _Py_ID(__qualname__), &qualname) < 0 ||
		    (qualname && _PyObject_LookupAttr(arg, _Py_ID(__module__), &module) < 0))
			goto out;
	}
	text = qualname && module && !Py_IsNone(module) ? qualified_name(module, qualname)
							: PyObject_Repr(arg);
out:
	Py_XDECREF(origin);
	Py_XDECREF(args);
	Py_XDECREF(qualname);
	Py_XDECREF(module);
	return text;
}

static PyObject *alias_repr(PyObject *self)
{
	Alias *a = (Alias *)self;
	PyObject *text = _Py_TypeArgumentRepr(a->origin);
	Py_ssize_t n = PyTuple_GET_SIZE(a->args);

	if (text)
		Py_SETREF(text, PyUnicode_FromFormat("%s%U[%s", a->starred ? "*" : "", text,
						     n ? "" : "()"));
	for (Py_ssize_t i = 0; text && i < n; i++) {
		PyObject *item = _Py_TypeArgumentRepr(PyTuple_GET_ITEM(a->args, i));

		Py_SETREF(text,
			  !item ? NULL : PyUnicode_FromFormat("%U%s%U", text, i ? ", " : "", item));
		Py_XDECREF(item);
	}
	if (text)
		Py_SETREF(text, PyUnicode_FromFormat("%U]", text));
	return text;
}

static Py_hash_t alias_hash(PyObject *self)
{
	Py_hash_t origin = PyObject_Hash(((Alias *)self)->origin);
	Py_hash_t args = origin == -1 ? -1 : PyObject_Hash(((Alias *)self)->args);

	if (args == -1)
		return -1;
	Py_hash_t hash = origin ^ args;

	return hash == -1 ? -2 : hash;
}

static PyObject *alias_richcompare(PyObject *v, PyObject *w, int op)
{
	Alias *a = (Alias *)v, *b = (Alias *)w;

	if (!_PyGenericAlias_Check(v) || !_PyGenericAlias_Check(w) || (op != Py_EQ && op != Py_NE))
		Py_RETURN_NOTIMPLEMENTED;
	int equal = a->starred == b->starred;

	if (equal)
		equal = PyObject_RichCompareBool(a->origin, b->origin, Py_EQ);
	if (equal > 0)
		equal = PyObject_RichCompareBool(a->args, b->args, Py_EQ);
	return equal < 0 ? NULL : PyBool_FromLong(op == Py_EQ ? equal : !equal);
}

/* -- what it does ---------------------------------------------------------------------------- */
static PyObject *alias_getattro(PyObject *self, PyObject *name)
{
	static const char *const own[] = {
		"__class__",       "__bases__",
		"__origin__",      "__args__",
		"__unpacked__",    "__parameters__",
		"__mro_entries__", "__typing_unpacked_tuple_args__",
		"__reduce_ex__",   "__reduce__",
		"__copy__",        "__deepcopy__",
	};

	if (PyUnicode_Check(name)) {
		for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
			if (_PyUnicode_EqualToASCIIString(name, own[i]))
				return PyObject_GenericGetAttr(self, name);
		return PyObject_GetAttr(((Alias *)self)->origin, name);
	}
	return PyObject_GenericGetAttr(self, name);
}

/* An instance remembers what made it, where its class lets it. */
static PyObject *alias_call(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
	PyObject *made = PyObject_Vectorcall(((Alias *)self)->origin, args, nargsf, kwnames);

	if (made && PyObject_SetAttrString(made, "__orig_class__", self) < 0) {
		if (!PyErr_ExceptionMatches(PyExc_AttributeError) &&
		    !PyErr_ExceptionMatches(PyExc_TypeError)) {
			Py_DECREF(made);
			return NULL;
		}
		PyErr_Clear();
	}
	return made;
}

static PyObject *parameters_of(Alias *a)
{
	if (!a->parameters)
		a->parameters = _Py_TypeParameters(a->args);
	return a->parameters;
}

static PyObject *alias_subscript(PyObject *self, PyObject *item)
{
	Alias *a = (Alias *)self;
	PyObject *parameters = parameters_of(a), *args, *result;

	if (!parameters)
		return NULL;
	args = _Py_SubstituteParameters(self, a->args, parameters, item);
	result = args ? Py_GenericAlias(a->origin, args) : NULL;
	if (result)
		((Alias *)result)->starred = a->starred;
	Py_XDECREF(args);
	return result;
}

static PyObject *starred_of(Alias *a)
{
	PyObject *starred = Py_GenericAlias(a->origin, a->args);

	if (starred)
		((Alias *)starred)->starred = true;
	return starred;
}

static PyObject *alias_iter(PyObject *self)
{
	PyObject *starred = starred_of((Alias *)self);
	PyObject *tuple = starred ? PyTuple_Pack(1, starred) : NULL;
	PyObject *it = tuple ? PyObject_GetIter(tuple) : NULL;

	Py_XDECREF(starred);
	Py_XDECREF(tuple);
	return it;
}

static PyObject *alias_mro_entries(PyObject *self, PyObject *bases)
{
	return PyTuple_Pack(1, ((Alias *)self)->origin);
}

static PyObject *alias_instancecheck(PyObject *self, PyObject *unused)
{
	return PyErr_Format(PyExc_TypeError,
			    "isinstance() argument 2 cannot be a parameterized generic");
}

static PyObject *alias_subclasscheck(PyObject *self, PyObject *unused)
{
	return PyErr_Format(PyExc_TypeError,
			    "issubclass() argument 2 cannot be a parameterized generic");
}

static PyObject *alias_reduce(PyObject *self, PyObject *unused)
{
	Alias *a = (Alias *)self;
	PyObject *how = PyTuple_Pack(2, a->origin, a->args);
	PyObject *result = how ? PyTuple_Pack(2, &Py_GenericAliasType, how) : NULL;

	Py_XDECREF(how);
	return result;
}

static PyObject *alias_dir(PyObject *self, PyObject *unused)
{
	static const char *const own[] = {"__origin__",     "__args__",
					  "__parameters__", "__mro_entries__",
					  "__reduce_ex__",  "__reduce__",
					  "__copy__",       "__deepcopy__",
					  "__unpacked__",   "__typing_unpacked_tuple_args__"};
	PyObject *dir = PyObject_Dir(((Alias *)self)->origin);

	for (size_t i = 0; dir && i < sizeof(own) / sizeof(*own); i++) {
		PyObject *name = PyUnicode_FromString(own[i]);
		int status = name ? PySequence_Contains(dir, name) : -1;

		if (status == 0)
			status = PyList_Append(dir, name);
		Py_XDECREF(name);
		if (status < 0)
			Py_CLEAR(dir);
	}
	return dir;
}

static PyObject *get_parameters(PyObject *self, void *closure)
{
	return Py_XNewRef(parameters_of((Alias *)self));
}

static PyObject *get_unpacked_args(PyObject *self, void *closure)
{
	Alias *a = (Alias *)self;

	return Py_NewRef(a->starred && a->origin == (PyObject *)&PyTuple_Type ? a->args : Py_None);
}

static PyMethodDef alias_methods[] = {
	{"__mro_entries__", alias_mro_entries, METH_O, NULL},
	{"__instancecheck__", alias_instancecheck, METH_O, NULL},
	{"__subclasscheck__", alias_subclasscheck, METH_O, NULL},
	{"__reduce__", alias_reduce, METH_NOARGS, NULL},
	{"__dir__", alias_dir, METH_NOARGS, NULL},
	{0},
};

static PyMemberDef alias_members[] = {
	{"__origin__", Py_T_OBJECT, offsetof(Alias, origin), Py_READONLY, NULL},
	{"__args__", Py_T_OBJECT, offsetof(Alias, args), Py_READONLY, NULL},
	{"__unpacked__", Py_T_BOOL, offsetof(Alias, starred), Py_READONLY, NULL},
	{0},
};

static PyGetSetDef alias_getset[] = {
	{"__parameters__", get_parameters, NULL, "Type variables in the GenericAlias.", NULL},
	{"__typing_unpacked_tuple_args__", get_unpacked_args, NULL, NULL, NULL},
	{0},
};

static PyObject *alias_make(PyTypeObject *type, PyObject *origin, PyObject *args)
{
	Alias *a = (Alias *)type->tp_alloc(type, 0);

	if (!a)
		return NULL;
	a->origin = Py_NewRef(origin);
	a->args = PyTuple_Check(args) ? Py_NewRef(args) : PyTuple_Pack(1, args);
	if (!a->args)
		Py_CLEAR(a);
	return (PyObject *)a;
}

PyObject *Py_GenericAlias(PyObject *origin, PyObject *args)
{
	return alias_make(&Py_GenericAliasType, origin, args);
}

static PyObject *alias_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *origin, *arguments;

	if (!PyArg_NoKeywords("GenericAlias", kwargs) ||
	    !PyArg_UnpackTuple(args, "GenericAlias", 2, 2, &origin, &arguments))
		return NULL;
	return alias_make(type, origin, arguments);
}

static void alias_dealloc(PyObject *self)
{
	Alias *a = (Alias *)self;

	PyObject_GC_UnTrack(self);
	if (a->weakreflist)
		PyObject_ClearWeakRefs(self);
	Py_TRASHCAN_BEGIN(self) Py_XDECREF(a->origin);
	Py_XDECREF(a->args);
	Py_XDECREF(a->parameters);
	Py_TYPE(self)->tp_free(self);
	Py_TRASHCAN_END
}

static int alias_traverse(PyObject *self, visitproc visit, void *arg)
{
	Py_VISIT(((Alias *)self)->origin);
	Py_VISIT(((Alias *)self)->args);
	Py_VISIT(((Alias *)self)->parameters);
	return 0;
}

PyTypeObject Py_GenericAliasType = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "types.GenericAlias",
	.tp_basicsize = sizeof(Alias),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,
	.tp_doc =
		"Represent a PEP 585 generic type\n\nE.g. for t = list[int], t.__origin__ is list "
		"and t.__args__ is (int,).",
	.tp_weaklistoffset = offsetof(Alias, weakreflist),
	.tp_dealloc = alias_dealloc,
	.tp_traverse = alias_traverse,
	.tp_repr = alias_repr,
	.tp_hash = alias_hash,
	.tp_richcompare = alias_richcompare,
	.tp_getattro = alias_getattro,
	.tp_vectorcall = alias_call,
	.tp_iter = alias_iter,
	.tp_new = alias_new,
	.nb_or = _Py_union_type_or,
	.mp_subscript = alias_subscript,
	.tp_methods = alias_methods,
	.tp_members = alias_members,
	.tp_getset = alias_getset,
};

static PyMethodDef class_getitem = {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS,
				    "See PEP 585"};

/* Types that take arguments in brackets. */
#define TYPE(t) extern PyTypeObject t;
#define GENERIC_TYPES      \
	TYPE(PyTuple_Type) \
	TYPE(PyList_Type)  \
	TYPE(PyDict_Type)  \
	TYPE(PySet_Type)   \
	TYPE(PyFrozenSet_Type) TYPE(PyEnum_Type) TYPE(_PyWeakref_RefType) TYPE(PyDictProxy_Type)
GENERIC_TYPES
#undef TYPE

int _PyGenericAlias_Init(void)
{
#define TYPE(t) &t,
	static PyTypeObject *const types[] = {GENERIC_TYPES};
#undef TYPE

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		PyObject *method = PyDescr_NewClassMethod(types[i], &class_getitem);
		int status = !method ? -1
				     : PyDict_SetItem(types[i]->tp_dict, _Py_ID(__class_getitem__),
						      method);

		Py_XDECREF(method);
		if (status < 0)
			return -1;
		PyType_Modified(types[i]);
	}
	return 0;
}
