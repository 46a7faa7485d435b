/* SPDX-License-Identifier: BSD-2-Clause */
/* property. */
#include "objects/property.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/descr.h"
#include "objects/names.h"
#include "objects/type.h"
#include "objects/unicode.h"

typedef struct {
	PyObject_HEAD PyObject *get, *set, *del, *doc, *name;
	char getter_doc; /* doc is the getter's */
} PyPropertyObject;

#define P(o) ((PyPropertyObject *)(o))

static int property_traverse(PyObject *o, visitproc visit, void *arg)
{
	Py_VISIT(P(o)->get);
	Py_VISIT(P(o)->set);
	Py_VISIT(P(o)->del);
	Py_VISIT(P(o)->doc);
	Py_VISIT(P(o)->name);
	return 0;
}

static int property_clear(PyObject *o)
{
	Py_CLEAR(P(o)->get);
	Py_CLEAR(P(o)->set);
	Py_CLEAR(P(o)->del);
	Py_CLEAR(P(o)->doc);
	Py_CLEAR(P(o)->name);
	return 0;
}

static void property_dealloc(PyObject *o)
{
	PyObject_GC_UnTrack(o);
	property_clear(o);
	Py_TYPE(o)->tp_free(o);
}

PyObject *_PyProperty_Getter(PyObject *property)
{
	return P(property)->get;
}

static PyObject *none_to_null(PyObject *o)
{
	return o && !Py_IsNone(o) ? Py_NewRef(o) : NULL;
}

static int property_init(PyObject *o, PyObject *args, PyObject *kwargs)
{
	static const char *const names[] = {"fget", "fset", "fdel", "doc", NULL};
	static const struct PyArgSpec spec = {"property", names, .max_pos = 4};
	PyObject *a[4], *doc;

	if (PyArg_ParseDict(&spec, args, kwargs, a) < 0)
		return -1;
	Py_XSETREF(P(o)->get, none_to_null(a[0]));
	Py_XSETREF(P(o)->set, none_to_null(a[1]));
	Py_XSETREF(P(o)->del, none_to_null(a[2]));
	Py_XSETREF(P(o)->doc, Py_XNewRef(a[3]));
	P(o)->getter_doc = 0;
	if ((a[3] && !Py_IsNone(a[3])) || !P(o)->get)
		return 0;
	if (_PyObject_LookupAttr(P(o)->get, _Py_ID(__doc__), &doc) < 0)
		return -1;
	if (doc) {
		Py_XSETREF(P(o)->doc, doc);
		P(o)->getter_doc = 1;
	}
	return 0;
}

/* "property 'x' of 'C' object has no getter" */
static void no_accessor(PyObject *o, PyObject *obj, const char *what)
{
	PyObject *type = PyType_GetQualName(Py_TYPE(obj));

	if (type && P(o)->name)
		PyErr_Format(PyExc_AttributeError, "property %R of %R object has no %s", P(o)->name,
			     type, what);
	else if (type)
		PyErr_Format(PyExc_AttributeError, "property of %R object has no %s", type, what);
	Py_XDECREF(type);
}

static PyObject *property_get(PyObject *o, PyObject *obj, PyObject *type)
{
	if (!obj || Py_IsNone(obj))
		return Py_NewRef(o);
	if (P(o)->get)
		return PyObject_CallOneArg(P(o)->get, obj);
	no_accessor(o, obj, "getter");
	return NULL;
}

static int property_set(PyObject *o, PyObject *obj, PyObject *value)
{
	PyObject *f = value ? P(o)->set : P(o)->del, *r;

	if (!f) {
		no_accessor(o, obj, value ? "setter" : "deleter");
		return -1;
	}
	r = PyObject_CallFunctionObjArgs(f, obj, value, NULL);
	Py_XDECREF(r);
	return r ? 0 : -1;
}

/* A copy with one accessor replaced. */
static PyObject *copy_with(PyObject *o, PyObject *get, PyObject *set, PyObject *del)
{
	PyPropertyObject *p = P(o);
	PyObject *doc, *r;

	get = get && !Py_IsNone(get) ? get : p->get ? p->get : Py_None;
	set = set && !Py_IsNone(set) ? set : p->set ? p->set : Py_None;
	del = del && !Py_IsNone(del) ? del : p->del ? p->del : Py_None;
	doc = p->doc && !(p->getter_doc && !Py_IsNone(get)) ? p->doc : Py_None;
	r = PyObject_CallFunctionObjArgs((PyObject *)Py_TYPE(o), get, set, del, doc, NULL);
	if (r && PyObject_TypeCheck(r, &PyProperty_Type))
		Py_XSETREF(P(r)->name, Py_XNewRef(p->name));
	return r;
}

static PyObject *property_getter(PyObject *o, PyObject *f)
{
	return copy_with(o, f, NULL, NULL);
}

static PyObject *property_setter(PyObject *o, PyObject *f)
{
	return copy_with(o, NULL, f, NULL);
}

static PyObject *property_deleter(PyObject *o, PyObject *f)
{
	return copy_with(o, NULL, NULL, f);
}

static PyObject *property_set_name(PyObject *o, PyObject *const *args, Py_ssize_t nargs)
{
	if (nargs != 2)
		return PyErr_Format(
			PyExc_TypeError,
			"__set_name__() takes 2 positional arguments but %zd were given", nargs);
	Py_XSETREF(P(o)->name, Py_NewRef(args[1]));
	Py_RETURN_NONE;
}

static PyObject *property_isabstract(PyObject *o, void *closure)
{
	PyObject *const accessors[] = {P(o)->get, P(o)->set, P(o)->del};

	for (int i = 0; i < 3; i++) {
		PyObject *flag;
		int r = accessors[i] ? _PyObject_LookupAttr(accessors[i],
							    _Py_ID(__isabstractmethod__), &flag)
				     : 0;

		if (r > 0) {
			r = PyObject_IsTrue(flag);
			Py_DECREF(flag);
		}
		if (r < 0)
			return NULL;
		if (r)
			Py_RETURN_TRUE;
	}
	Py_RETURN_FALSE;
}

static PyMethodDef property_methods[] = {
	{"getter", property_getter, METH_O,
	 "Descriptor to obtain a copy of the property with a "
	 "different getter."},
	{"setter", property_setter, METH_O,
	 "Descriptor to obtain a copy of the property with a "
	 "different setter."},
	{"deleter", property_deleter, METH_O,
	 "Descriptor to obtain a copy of the property with a "
	 "different deleter."},
	{"__set_name__", (PyCFunction)(void *)property_set_name, METH_FASTCALL,
	 "Method to set name of a property."},
	{NULL, NULL, 0, NULL},
};

#define MEMBER(name, field, flags)                                                \
	{                                                                         \
		name, Py_T_OBJECT, offsetof(PyPropertyObject, field), flags, NULL \
	}
static PyMemberDef property_members[] = {
	MEMBER("fget", get, Py_READONLY),
	MEMBER("fset", set, Py_READONLY),
	MEMBER("fdel", del, Py_READONLY),
	MEMBER("__doc__", doc, 0),
	{NULL, 0, 0, 0, NULL},
};

static PyGetSetDef property_getset[] = {
	{"__isabstractmethod__", property_isabstract, NULL, NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL},
};

PyTypeObject PyProperty_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "property",
	.tp_basicsize = sizeof(PyPropertyObject),
	.tp_flags = Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
	.tp_doc = "Property attribute.",
	.tp_dealloc = property_dealloc,
	.tp_traverse = property_traverse,
	.tp_clear = property_clear,
	.tp_descr_get = property_get,
	.tp_descr_set = property_set,
	.tp_init = property_init,
	.tp_new = PyType_GenericNew,
	.tp_methods = property_methods,
	.tp_members = property_members,
	.tp_getset = property_getset,
};
