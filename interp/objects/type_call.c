/* SPDX-License-Identifier: BSD-2-Clause */
/* Calling a type: make an instance, then initialise it. */
#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/call.h"
#include "objects/dict.h"
#include "objects/method.h"
#include "objects/names.h"
#include "objects/slots.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/type_impl.h"
#include "objects/unicode.h"

/* -- __new__ of C types ------------------------------------------------------------------------ */
/* The nearest C type that type's instances are laid out by. */
static PyTypeObject *static_base(PyTypeObject *type)
{
	while (type && PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE))
		type = type->tp_base;
	return type;
}

/* self is the C type, args[0] the class that an instance is wanted of. */
static PyObject *new_wrapper(PyObject *self, PyObject *args, PyObject *kwargs)
{
	PyTypeObject *type = (PyTypeObject *)self, *sub;
	PyObject *rest, *r;

	if (PyTuple_GET_SIZE(args) < 1)
		return PyErr_Format(PyExc_TypeError, "%s.__new__(): not enough arguments",
				    type->tp_name);
	sub = (PyTypeObject *)PyTuple_GET_ITEM(args, 0);
	if (!PyType_Check(sub))
		return PyErr_Format(PyExc_TypeError, "%s.__new__(X): X is not a type object (%s)",
				    type->tp_name, Py_TYPE(sub)->tp_name);
	if (!PyType_IsSubtype(sub, type))
		return PyErr_Format(PyExc_TypeError, "%s.__new__(%s): %s is not a subtype of %s",
				    type->tp_name, sub->tp_name, sub->tp_name, type->tp_name);
	if (static_base(sub)->tp_new != type->tp_new)
		return PyErr_Format(PyExc_TypeError, "%s.__new__(%s) is not safe, use %s.__new__()",
				    type->tp_name, sub->tp_name, static_base(sub)->tp_name);
	rest = PyTuple_GetSlice(args, 1, PyTuple_GET_SIZE(args));
	if (!rest)
		return NULL;
	r = type->tp_new(sub, rest, kwargs);
	Py_DECREF(rest);
	return r;
}

static PyMethodDef new_def = {
	"__new__", (PyCFunction)(void *)new_wrapper, METH_VARARGS | METH_KEYWORDS,
	"Create and return a new object.  See help(type) for accurate signature."};

int _PyType_AddNew(PyTypeObject *type)
{
	PyObject *f;
	int r;

	if (_PyType_DictGet(type->tp_dict, _Py_ID(__new__)))
		return 0;
	f = PyCFunction_NewEx(&new_def, (PyObject *)type, NULL);
	if (!f)
		return -1;
	r = PyDict_SetItem(type->tp_dict, _Py_ID(__new__), f);
	Py_DECREF(f);
	return r;
}

PyTypeObject *_PyType_NewOrigin(PyObject *function)
{
	PyCFunctionObject *f = (PyCFunctionObject *)function;

	return f->m_ml == &new_def ? (PyTypeObject *)f->m_self : NULL;
}

/* -- type.__call__ ----------------------------------------------------------------------------- */
/* The arguments of a call, as a tuple and a dict once somebody wants them so. */
struct arguments {
	PyObject *const *args;
	size_t nargsf;
	PyObject *kwnames;
	PyObject *tuple, *dict;
};

static bool pack(struct arguments *a)
{
	Py_ssize_t nargs = PyVectorcall_NARGS(a->nargsf);

	if (a->tuple)
		return true;
	a->tuple = _PyTuple_FromArray(a->args, nargs);
	if (!a->tuple)
		return false;
	if (!a->kwnames || PyTuple_GET_SIZE(a->kwnames) == 0)
		return true;
	a->dict = PyDict_New();
	for (Py_ssize_t i = 0; a->dict && i < PyTuple_GET_SIZE(a->kwnames); i++)
		if (PyDict_SetItem(a->dict, PyTuple_GET_ITEM(a->kwnames, i), a->args[nargs + i]) <
		    0)
			Py_CLEAR(a->dict);
	return a->dict != NULL;
}

static PyObject *make(PyTypeObject *type, struct arguments *a)
{
	if (type->tp_new == _PyObject_New3 && type->tp_init != _PyObject_Init3 &&
	    !PyType_HasFeature(type, Py_TPFLAGS_IS_ABSTRACT))
		return type->tp_alloc(type, 0);
	if (type->tp_new == _PySlot_New) {
		PyObject *f = PyObject_GetAttr((PyObject *)type, _Py_ID(__new__)), *r;

		if (!f)
			return NULL;
		r = _PyObject_VectorcallPrepend(f, (PyObject *)type, a->args, a->nargsf,
						a->kwnames);
		Py_DECREF(f);
		return r;
	}
	return pack(a) ? type->tp_new(type, a->tuple, a->dict) : NULL;
}

static int initialise(PyObject *o, struct arguments *a)
{
	PyTypeObject *type = Py_TYPE(o);
	PyObject *f, *r;
	int unbound;

	if (!type->tp_init)
		return 0;
	if (type->tp_init != _PySlot_Init)
		return pack(a) ? type->tp_init(o, a->tuple, a->dict) : -1;
	unbound = _PyObject_LookupSpecialMethod(o, _Py_ID(__init__), &f);
	if (!f) {
		if (!PyErr_Occurred())
			PyErr_SetObject(PyExc_AttributeError, _Py_ID(__init__));
		return -1;
	}
	r = unbound ? _PyObject_VectorcallPrepend(f, o, a->args, a->nargsf, a->kwnames)
		    : PyObject_Vectorcall(f, a->args, a->nargsf, a->kwnames);
	Py_DECREF(f);
	return _PySlot_CheckInitResult(r);
}

PyObject *_PyType_Vectorcall(PyObject *callable, PyObject *const *args, size_t nargsf,
			     PyObject *kwnames)
{
	PyTypeObject *type = (PyTypeObject *)callable;
	Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
	struct arguments a = {args, nargsf, kwnames, NULL, NULL};
	PyObject *o;

	if (type->tp_construct)
		return type->tp_construct(callable, args, nargsf, kwnames);
	if (type == &PyType_Type) {
		if (nargs == 1 && !kwnames)
			return Py_NewRef(Py_TYPE(args[0]));
		if (nargs != 3)
			return PyErr_Format(PyExc_TypeError, "type() takes 1 or 3 arguments");
	}
	if (!type->tp_new)
		return PyErr_Format(PyExc_TypeError, "cannot create '%s' instances", type->tp_name);
	o = make(type, &a);
	if (o && PyObject_TypeCheck(o, type) && initialise(o, &a) < 0)
		Py_CLEAR(o);
	Py_XDECREF(a.tuple);
	Py_XDECREF(a.dict);
	return o;
}
