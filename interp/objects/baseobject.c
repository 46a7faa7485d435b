/* SPDX-License-Identifier: BSD-2-Clause */
/* object: what every object can do unless its type says otherwise. */
#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/module.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/type_impl.h"
#include "objects/unicode.h"
#include "objects/warn.h"

/* -- Making ------------------------------------------------------------------------------------ */
static bool has_arguments(PyObject *args, PyObject *kwargs)
{
	return PyTuple_GET_SIZE(args) || (kwargs && PyDict_GET_SIZE(kwargs));
}

int _PyType_CheckAbstract(PyTypeObject *type)
{
	PyObject *names, *sorted, *comma, *text = NULL;
	Py_ssize_t n;

	if (!PyType_HasFeature(type, Py_TPFLAGS_IS_ABSTRACT))
		return 0;
	names = PyObject_GetAttr((PyObject *)type, _Py_ID(__abstractmethods__));
	if (!names)
		return -1;
	sorted = PySequence_List(names);
	Py_DECREF(names);
	if (!sorted || PyList_Sort(sorted) < 0) {
		Py_XDECREF(sorted);
		return -1;
	}
	n = PyList_GET_SIZE(sorted);
	comma = PyUnicode_FromString(", ");
	if (comma)
		text = PyUnicode_Join(comma, sorted);
	if (text)
		PyErr_Format(PyExc_TypeError,
			     "Can't instantiate abstract class %s with abstract method%s %U",
			     type->tp_name, n > 1 ? "s" : "", text);
	Py_XDECREF(text);
	Py_XDECREF(comma);
	Py_DECREF(sorted);
	return -1;
}

/* Arguments are refused by the one of __new__ and __init__ that is object's own, unless the other
 * is not: it took them. */
PyObject *_PyObject_New3(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	if (has_arguments(args, kwargs)) {
		if (type->tp_new != _PyObject_New3)
			return PyErr_Format(PyExc_TypeError,
					    "object.__new__() takes exactly one argument "
					    "(the type to instantiate)");
		if (type->tp_init == _PyObject_Init3)
			return PyErr_Format(PyExc_TypeError, "%.200s() takes no arguments",
					    type->tp_name);
	}
	if (_PyType_CheckAbstract(type) < 0)
		return NULL;
	return type->tp_alloc(type, 0);
}

int _PyObject_Init3(PyObject *self, PyObject *args, PyObject *kwargs)
{
	PyTypeObject *type = Py_TYPE(self);

	if (!has_arguments(args, kwargs))
		return 0;
	if (type->tp_init != _PyObject_Init3) {
		PyErr_SetString(PyExc_TypeError, "object.__init__() takes exactly one argument "
						 "(the instance to initialize)");
		return -1;
	}
	if (type->tp_new == _PyObject_New3) {
		PyErr_Format(PyExc_TypeError,
			     "%.200s.__init__() takes exactly one argument "
			     "(the instance to initialize)",
			     type->tp_name);
		return -1;
	}
	return 0;
}

static void object_dealloc(PyObject *self)
{
	Py_TYPE(self)->tp_free(self);
}

/* -- Slots ------------------------------------------------------------------------------------- */
static PyObject *object_repr(PyObject *self)
{
	PyTypeObject *type = Py_TYPE(self);
	PyObject *module = _PyType_Module(type), *name = PyType_GetQualName(type), *r = NULL;

	if (!module)
		PyErr_Clear();
	if (name && module && PyUnicode_Check(module) && !_PyUnicode_EQ(module, _Py_ID(builtins)))
		r = PyUnicode_FromFormat("<%U.%U object at %p>", module, name, self);
	else if (name)
		r = PyUnicode_FromFormat("<%s object at %p>", type->tp_name, self);
	Py_XDECREF(module);
	Py_XDECREF(name);
	return r;
}

static PyObject *object_str(PyObject *self)
{
	reprfunc f = Py_TYPE(self)->tp_repr;

	return f ? f(self) : object_repr(self);
}

static Py_hash_t object_hash(PyObject *self)
{
	return _Py_HashPointer(self);
}

static PyObject *object_richcompare(PyObject *self, PyObject *other, int op)
{
	PyObject *r;
	int truth;

	if (op == Py_EQ && self == other)
		Py_RETURN_TRUE;
	if (op != Py_NE || !Py_TYPE(self)->tp_richcompare)
		Py_RETURN_NOTIMPLEMENTED;
	/* != is the contrary of ==. */
	r = Py_TYPE(self)->tp_richcompare(self, other, Py_EQ);
	if (!r || r == Py_NotImplemented)
		return r;
	truth = PyObject_IsTrue(r);
	Py_DECREF(r);
	return truth < 0 ? NULL : PyBool_FromLong(!truth);
}

/* -- __class__ --------------------------------------------------------------------------------- */
static PyObject *get_class(PyObject *self, void *closure)
{
	return Py_NewRef(Py_TYPE(self));
}

static bool same_layout(PyTypeObject *a, PyTypeObject *b)
{
	return a->tp_basicsize == b->tp_basicsize && a->tp_itemsize == b->tp_itemsize &&
	       a->tp_dictoffset == b->tp_dictoffset &&
	       a->tp_weaklistoffset == b->tp_weaklistoffset &&
	       a->tp_prefixsize == b->tp_prefixsize && a->tp_dealloc == b->tp_dealloc &&
	       PyType_IS_GC(a) == PyType_IS_GC(b);
}

static PyTypeObject *first_static(PyTypeObject *type)
{
	while (PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE))
		type = type->tp_base;
	return type;
}

bool _PyType_SameLayout(PyTypeObject *a, PyTypeObject *b)
{
	return same_layout(a, b) && first_static(a) == first_static(b);
}

static int set_class(PyObject *self, PyObject *value, void *closure)
{
	PyTypeObject *old = Py_TYPE(self), *new_ = (PyTypeObject *)value;
	bool modules;

	if (!value) {
		PyErr_SetString(PyExc_TypeError, "can't delete __class__ attribute");
		return -1;
	}
	if (!PyType_Check(value)) {
		PyErr_Format(PyExc_TypeError, "__class__ must be set to a class, not '%s' object",
			     Py_TYPE(value)->tp_name);
		return -1;
	}
	modules = PyType_IsSubtype(new_, &PyModule_Type) && PyType_IsSubtype(old, &PyModule_Type);
	if (!modules && !(PyType_HasFeature(new_, Py_TPFLAGS_HEAPTYPE) &&
			  PyType_HasFeature(old, Py_TPFLAGS_HEAPTYPE))) {
		PyErr_SetString(PyExc_TypeError,
				"__class__ assignment only supported for mutable types or "
				"ModuleType subclasses");
		return -1;
	}
	if (!_PyType_SameLayout(old, new_)) {
		PyErr_Format(PyExc_TypeError,
			     "__class__ assignment: '%s' object layout differs from '%s'",
			     new_->tp_name, old->tp_name);
		return -1;
	}
	if (PyType_HasFeature(new_, Py_TPFLAGS_HEAPTYPE))
		Py_INCREF(new_);
	self->ob_type = new_;
	if (PyType_HasFeature(old, Py_TPFLAGS_HEAPTYPE))
		Py_DECREF(old);
	return 0;
}

static PyGetSetDef object_getset[] = {
	{"__class__", get_class, set_class, "the object's class", NULL},
	{NULL, NULL, NULL, NULL, NULL},
};

/* -- Methods ----------------------------------------------------------------------------------- */
static PyObject *object_format(PyObject *self, PyObject *spec)
{
	if (!PyUnicode_Check(spec))
		return PyErr_Format(PyExc_TypeError, "__format__() argument must be str, not %s",
				    Py_TYPE(spec)->tp_name);
	if (PyUnicode_GET_LENGTH(spec) > 0)
		return PyErr_Format(PyExc_TypeError,
				    "unsupported format string passed to %.200s.__format__",
				    Py_TYPE(self)->tp_name);
	return PyObject_Str(self);
}

static PyObject *object_sizeof(PyObject *self, PyObject *unused)
{
	PyTypeObject *type = Py_TYPE(self);
	Py_ssize_t n = type->tp_itemsize ? Py_SIZE(self) : 0;

	return PyLong_FromSsize_t(type->tp_basicsize + (n < 0 ? -n : n) * type->tp_itemsize);
}

static PyObject *object_dir(PyObject *self, PyObject *unused)
{
	PyObject *dict, *cls = NULL, *names = PyDict_New(), *class_names = NULL, *r = NULL;

	if (!names || _PyObject_LookupAttr(self, _Py_ID(__dict__), &dict) < 0)
		goto out;
	if (dict && PyDict_Check(dict) && PyDict_Update(names, dict) < 0)
		goto out_dict;
	if (_PyObject_LookupAttr(self, _Py_ID(__class__), &cls) < 0)
		goto out_dict;
	if (cls && PyType_Check(cls)) {
		PyObject *mro = ((PyTypeObject *)cls)->tp_mro;

		for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(mro); i++)
			if (PyDict_Update(names,
					  ((PyTypeObject *)PyTuple_GET_ITEM(mro, i))->tp_dict) < 0)
				goto out_dict;
	}
	r = PyDict_Keys(names);
out_dict:
	Py_XDECREF(dict);
out:
	Py_XDECREF(cls);
	Py_XDECREF(class_names);
	Py_XDECREF(names);
	return r;
}

static PyObject *object_init_subclass(PyObject *cls, PyObject *const *args, Py_ssize_t nargs,
				      PyObject *kwnames)
{
	PyObject *name;

	if (nargs || (kwnames && PyTuple_GET_SIZE(kwnames))) {
		name = PyType_GetQualName((PyTypeObject *)cls);
		if (name && nargs)
			PyErr_Format(PyExc_TypeError,
				     "%U.__init_subclass__() takes no arguments (%zd given)", name,
				     nargs);
		else if (name)
			PyErr_Format(PyExc_TypeError,
				     "%U.__init_subclass__() takes no keyword arguments", name);
		Py_XDECREF(name);
		return NULL;
	}
	Py_RETURN_NONE;
}

static PyObject *object_subclasshook(PyObject *cls, PyObject *args)
{
	Py_RETURN_NOTIMPLEMENTED;
}

/* copyreg, written in Python, takes objects apart. */
static PyObject *call_copyreg(const char *name, PyObject *self, PyObject *arg)
{
	PyObject *module = _PyModule_import_hook("copyreg");
	PyObject *function = module ? PyObject_GetAttrString(module, name) : NULL;
	PyObject *result =
		function ? PyObject_CallFunctionObjArgs(function, self, arg, NULL) : NULL;

	Py_XDECREF(module);
	Py_XDECREF(function);
	return result;
}

static PyObject *object_getstate(PyObject *self, PyObject *unused)
{
	return call_copyreg("_default_state", self, NULL);
}

static PyObject *object_reduce(PyObject *self, PyObject *unused)
{
	PyObject *zero = PyLong_FromLong(0);
	PyObject *result = zero ? call_copyreg("_object_reduce", self, zero) : NULL;

	Py_XDECREF(zero);
	return result;
}

/* A class's own __reduce__ goes before the protocol. */
static PyObject *object_reduce_ex(PyObject *self, PyObject *protocol)
{
	PyObject *own = NULL, *ours = NULL, *result = NULL;

	if (!PyLong_Check(protocol))
		return PyErr_Format(PyExc_TypeError,
				    "'%.200s' object cannot be interpreted as an integer",
				    Py_TYPE(protocol)->tp_name);
	own = PyObject_GetAttrString((PyObject *)Py_TYPE(self), "__reduce__");
	ours = own ? PyObject_GetAttrString((PyObject *)&PyBaseObject_Type, "__reduce__") : NULL;
	if (ours)
		result = own != ours ? PyObject_CallOneArg(own, self)
				     : call_copyreg("_object_reduce", self, protocol);
	Py_XDECREF(own);
	Py_XDECREF(ours);
	return result;
}

static PyMethodDef object_methods[] = {
	{"__getstate__", object_getstate, METH_NOARGS, "Helper for pickle."},
	{"__reduce__", object_reduce, METH_NOARGS, "Helper for pickle."},
	{"__reduce_ex__", object_reduce_ex, METH_O, "Helper for pickle."},
	{"__format__", object_format, METH_O, "Default object formatter."},
	{"__sizeof__", object_sizeof, METH_NOARGS, "Size of object in memory, in bytes."},
	{"__dir__", object_dir, METH_NOARGS, "Default dir() implementation."},
	{"__init_subclass__", (PyCFunction)(void *)object_init_subclass,
	 METH_FASTCALL | METH_KEYWORDS | METH_CLASS,
	 "This method is called when a class is subclassed."},
	{"__subclasshook__", object_subclasshook, METH_VARARGS | METH_CLASS,
	 "Abstract classes can override this to customize issubclass()."},
	{NULL, NULL, 0, NULL},
};

PyTypeObject PyBaseObject_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "object",
	.tp_basicsize = sizeof(PyObject),
	.tp_flags = Py_TPFLAGS_BASETYPE,
	.tp_doc = "The base class of the class hierarchy.\n\n"
		  "When called, it accepts no arguments and returns a new featureless\n"
		  "instance that has no instance attributes and cannot be given any.\n",
	.tp_dealloc = object_dealloc,
	.tp_repr = object_repr,
	.tp_str = object_str,
	.tp_hash = object_hash,
	.tp_richcompare = object_richcompare,
	.tp_getattro = PyObject_GenericGetAttr,
	.tp_setattro = PyObject_GenericSetAttr,
	.tp_init = _PyObject_Init3,
	.tp_new = _PyObject_New3,
	.tp_free = PyObject_Free,
	.tp_methods = object_methods,
	.tp_getset = object_getset,
};
