/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptors of C types: methods, class methods, getters. Members are in member.c. */
#include "objects/descr.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/call.h"
#include "objects/method.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/unicode.h"
#include "objects/vectorcall.h"

#define D(o) ((PyDescrObject *)(o))

/* -- What all have ----------------------------------------------------------------------------- */
static void *new_descr(PyTypeObject *kind, PyTypeObject *type, const char *name)
{
	PyDescrObject *d = (PyDescrObject *)_PyObject_GC_New(kind);

	if (!d)
		return NULL;
	d->d_type = (PyTypeObject *)Py_NewRef(type);
	d->d_name = PyUnicode_InternFromString(name);
	PyObject_GC_Track(d);
	if (!d->d_name)
		Py_CLEAR(d);
	return d;
}

static void descr_dealloc(PyObject *o)
{
	PyObject_GC_UnTrack(o);
	Py_XDECREF(D(o)->d_type);
	Py_XDECREF(D(o)->d_name);
	PyObject_GC_Del(o);
}

static int descr_traverse(PyObject *o, visitproc visit, void *arg)
{
	Py_VISIT(D(o)->d_type);
	return 0;
}

static bool applies(PyObject *descr, PyObject *obj)
{
	if (PyObject_TypeCheck(obj, D(descr)->d_type))
		return true;
	PyErr_Format(PyExc_TypeError,
		     "descriptor '%U' for '%.100s' objects doesn't apply to a '%.100s' object",
		     D(descr)->d_name, D(descr)->d_type->tp_name, Py_TYPE(obj)->tp_name);
	return false;
}

static PyObject *get_name(PyObject *o, void *closure)
{
	return Py_NewRef(D(o)->d_name);
}

static PyObject *get_qualname(PyObject *o, void *closure)
{
	PyObject *type = PyType_GetQualName(D(o)->d_type), *r;

	if (!type)
		return NULL;
	r = PyUnicode_FromFormat("%U.%U", type, D(o)->d_name);
	Py_DECREF(type);
	return r;
}

static PyObject *get_objclass(PyObject *o, void *closure)
{
	return Py_NewRef(D(o)->d_type);
}

static PyObject *text_or_none(const char *doc)
{
	return doc ? PyUnicode_FromString(doc) : Py_NewRef(Py_None);
}

static PyObject *method_get_doc(PyObject *o, void *closure)
{
	return text_or_none(((PyMethodDescrObject *)o)->d_method->ml_doc);
}

static PyObject *getset_get_doc(PyObject *o, void *closure)
{
	return text_or_none(((PyGetSetDescrObject *)o)->d_getset->doc);
}

static PyObject *member_get_doc(PyObject *o, void *closure)
{
	return text_or_none(((PyMemberDescrObject *)o)->d_member->doc);
}

#define DESCR_GETSET(kind)                                        \
	static PyGetSetDef kind##_getset[] = {                    \
		{"__doc__", kind##_get_doc, NULL, NULL, NULL},    \
		{"__name__", get_name, NULL, NULL, NULL},         \
		{"__qualname__", get_qualname, NULL, NULL, NULL}, \
		{"__objclass__", get_objclass, NULL, NULL, NULL}, \
		{NULL, NULL, NULL, NULL, NULL},                   \
	};
DESCR_GETSET(method)
DESCR_GETSET(getset)
DESCR_GETSET(member)

#define DESCR_TYPE \
	.tp_flags = Py_TPFLAGS_HAVE_GC, .tp_dealloc = descr_dealloc, .tp_traverse = descr_traverse

/* -- Methods ----------------------------------------------------------------------------------- */
static PyObject *method_vectorcall(PyObject *o, PyObject *const *args, size_t nargsf,
				   PyObject *kwnames)
{
	PyMethodDescrObject *d = (PyMethodDescrObject *)o;
	Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);

	if (nargs < 1) {
		PyObject *text = get_qualname(o, NULL);

		if (text)
			PyErr_Format(PyExc_TypeError, "unbound method %U() needs an argument",
				     text);
		Py_XDECREF(text);
		return NULL;
	}
	if (!PyObject_TypeCheck(args[0], d->d.d_type))
		return PyErr_Format(PyExc_TypeError,
				    "descriptor '%U' for '%.100s' objects doesn't apply to a "
				    "'%.100s' object",
				    d->d.d_name, d->d.d_type->tp_name, Py_TYPE(args[0])->tp_name);
	return _PyMethodDef_Call(d->d_method, args[0], args + 1, nargs - 1, kwnames, o);
}

PyObject *PyDescr_NewMethod(PyTypeObject *type, PyMethodDef *def)
{
	PyMethodDescrObject *d = new_descr(&PyMethodDescr_Type, type, def->ml_name);

	if (d) {
		d->d_method = def;
		d->vectorcall = method_vectorcall;
	}
	return (PyObject *)d;
}

static PyObject *method_get(PyObject *o, PyObject *obj, PyObject *type)
{
	if (!obj)
		return Py_NewRef(o);
	return applies(o, obj) ? PyCFunction_New(((PyMethodDescrObject *)o)->d_method, obj) : NULL;
}

static PyObject *method_repr(PyObject *o)
{
	return PyUnicode_FromFormat("<method '%U' of '%s' objects>", D(o)->d_name,
				    D(o)->d_type->tp_name);
}

PyTypeObject PyMethodDescr_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "method_descriptor",
	.tp_basicsize = sizeof(PyMethodDescrObject),
	.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_METHOD_DESCRIPTOR,
	.tp_dealloc = descr_dealloc,
	.tp_traverse = descr_traverse,
	.tp_repr = method_repr,
	.tp_vectorcall = method_vectorcall,
	.tp_descr_get = method_get,
	.tp_getset = method_getset,
};

/* -- Class methods ----------------------------------------------------------------------------- */
PyObject *PyDescr_NewClassMethod(PyTypeObject *type, PyMethodDef *def)
{
	PyMethodDescrObject *d = new_descr(&PyClassMethodDescr_Type, type, def->ml_name);

	if (d) {
		d->d_method = def;
		d->vectorcall = NULL;
	}
	return (PyObject *)d;
}

static PyObject *classmethod_get(PyObject *o, PyObject *obj, PyObject *type)
{
	if (!type && obj)
		type = (PyObject *)Py_TYPE(obj);
	if (!type || !PyType_Check(type))
		return PyErr_Format(PyExc_TypeError,
				    "descriptor '%U' for type '%.100s' needs a type as arg 2",
				    D(o)->d_name, D(o)->d_type->tp_name);
	if (!PyType_IsSubtype((PyTypeObject *)type, D(o)->d_type))
		return PyErr_Format(
			PyExc_TypeError,
			"descriptor '%U' requires a subtype of '%.100s' but received '%.100s'",
			D(o)->d_name, D(o)->d_type->tp_name, ((PyTypeObject *)type)->tp_name);
	return PyCFunction_New(((PyMethodDescrObject *)o)->d_method, type);
}

static PyObject *classmethod_vectorcall(PyObject *o, PyObject *const *args, size_t nargsf,
					PyObject *kwnames)
{
	Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
	PyObject *bound, *r;

	if (nargs < 1)
		return PyErr_Format(PyExc_TypeError,
				    "descriptor '%U' of '%.100s' object needs an argument",
				    D(o)->d_name, D(o)->d_type->tp_name);
	bound = classmethod_get(o, NULL, args[0]);
	if (!bound)
		return NULL;
	r = PyObject_Vectorcall(bound, args + 1, (size_t)nargs - 1, kwnames);
	Py_DECREF(bound);
	return r;
}

PyTypeObject PyClassMethodDescr_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "classmethod_descriptor",
	.tp_basicsize = sizeof(PyMethodDescrObject),
	DESCR_TYPE,
	.tp_repr = method_repr,
	.tp_vectorcall = classmethod_vectorcall,
	.tp_descr_get = classmethod_get,
	.tp_getset = method_getset,
};

/* -- Getters and setters ----------------------------------------------------------------------- */
PyObject *PyDescr_NewGetSet(PyTypeObject *type, PyGetSetDef *def)
{
	PyGetSetDescrObject *d = new_descr(&PyGetSetDescr_Type, type, def->name);

	if (d)
		d->d_getset = def;
	return (PyObject *)d;
}

static PyObject *not_accessible(PyObject *o, const char *how)
{
	return PyErr_Format(PyExc_AttributeError, "attribute '%U' of '%.100s' objects is not %s",
			    D(o)->d_name, D(o)->d_type->tp_name, how);
}

static PyObject *getset_get(PyObject *o, PyObject *obj, PyObject *type)
{
	PyGetSetDef *def = ((PyGetSetDescrObject *)o)->d_getset;

	if (!obj)
		return Py_NewRef(o);
	if (!applies(o, obj))
		return NULL;
	return def->get ? def->get(obj, def->closure) : not_accessible(o, "readable");
}

static int getset_set(PyObject *o, PyObject *obj, PyObject *value)
{
	PyGetSetDef *def = ((PyGetSetDescrObject *)o)->d_getset;

	if (!applies(o, obj))
		return -1;
	if (def->set)
		return def->set(obj, value, def->closure);
	not_accessible(o, "writable");
	return -1;
}

static PyObject *getset_repr(PyObject *o)
{
	return PyUnicode_FromFormat("<attribute '%U' of '%s' objects>", D(o)->d_name,
				    D(o)->d_type->tp_name);
}

PyTypeObject PyGetSetDescr_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "getset_descriptor",
	.tp_basicsize = sizeof(PyGetSetDescrObject),
	DESCR_TYPE,
	.tp_repr = getset_repr,
	.tp_descr_get = getset_get,
	.tp_descr_set = getset_set,
	.tp_getset = getset_getset,
};

/* -- Members ----------------------------------------------------------------------------------- */
PyObject *PyDescr_NewMember(PyTypeObject *type, PyMemberDef *def)
{
	PyMemberDescrObject *d = new_descr(&PyMemberDescr_Type, type, def->name);

	if (d)
		d->d_member = def;
	return (PyObject *)d;
}

static PyObject *member_get(PyObject *o, PyObject *obj, PyObject *type)
{
	if (!obj)
		return Py_NewRef(o);
	return applies(o, obj)
		       ? PyMember_GetOne((const char *)obj, ((PyMemberDescrObject *)o)->d_member)
		       : NULL;
}

static int member_set(PyObject *o, PyObject *obj, PyObject *value)
{
	return applies(o, obj)
		       ? PyMember_SetOne((char *)obj, ((PyMemberDescrObject *)o)->d_member, value)
		       : -1;
}

static PyObject *member_repr(PyObject *o)
{
	return PyUnicode_FromFormat("<member '%U' of '%s' objects>", D(o)->d_name,
				    D(o)->d_type->tp_name);
}

PyTypeObject PyMemberDescr_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "member_descriptor",
	.tp_basicsize = sizeof(PyMemberDescrObject),
	DESCR_TYPE,
	.tp_repr = member_repr,
	.tp_descr_get = member_get,
	.tp_descr_set = member_set,
	.tp_getset = member_getset,
};
