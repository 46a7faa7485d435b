/* SPDX-License-Identifier: BSD-2-Clause */
/* classmethod and staticmethod: a callable, and how it is bound. */
#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/method.h"
#include "objects/names.h"
#include "objects/property.h"
#include "objects/type.h"
#include "objects/unicode.h"

typedef struct {
	PyObject_HEAD PyObject *callable, *dict;
} WrapperObject;

#define W(o) ((WrapperObject *)(o))

static void wrapper_dealloc(PyObject *o)
{
	PyObject_GC_UnTrack(o);
	Py_XDECREF(W(o)->callable);
	Py_XDECREF(W(o)->dict);
	Py_TYPE(o)->tp_free(o);
}

static int wrapper_traverse(PyObject *o, visitproc visit, void *arg)
{
	Py_VISIT(W(o)->callable);
	Py_VISIT(W(o)->dict);
	return 0;
}

static int wrapper_clear(PyObject *o)
{
	Py_CLEAR(W(o)->callable);
	Py_CLEAR(W(o)->dict);
	return 0;
}

/* The wrapper looks like the function: name, doc and the like are copied. */
static int copy_attributes(PyObject *o, PyObject *callable)
{
	PyObject *const names[] = {_Py_ID(__module__), _Py_ID(__name__), _Py_ID(__qualname__),
				   _Py_ID(__doc__), _Py_ID(__annotations__)};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		PyObject *value;
		int r = _PyObject_LookupAttr(callable, names[i], &value);

		if (r > 0) {
			r = PyObject_SetAttr(o, names[i], value);
			Py_DECREF(value);
		}
		if (r < 0)
			return -1;
	}
	return 0;
}

static int wrapper_init(PyObject *o, PyObject *args, PyObject *kwargs)
{
	const char *name = Py_IS_TYPE(o, &PyClassMethod_Type) ? "classmethod" : "staticmethod";
	PyObject *callable;

	if (!PyArg_NoKeywords(name, kwargs) || !PyArg_UnpackTuple(args, name, 1, 1, &callable))
		return -1;
	Py_INCREF(callable);
	Py_XSETREF(W(o)->callable, callable);
	return copy_attributes(o, callable);
}

static PyObject *make(PyTypeObject *type, PyObject *callable)
{
	PyObject *o = PyType_GenericAlloc(type, 0);

	if (!o)
		return NULL;
	W(o)->callable = Py_NewRef(callable);
	if (copy_attributes(o, callable) < 0)
		Py_CLEAR(o);
	return o;
}

PyObject *PyClassMethod_New(PyObject *callable)
{
	return make(&PyClassMethod_Type, callable);
}

PyObject *PyStaticMethod_New(PyObject *callable)
{
	return make(&PyStaticMethod_Type, callable);
}

static PyObject *classmethod_get(PyObject *o, PyObject *obj, PyObject *type)
{
	PyObject *f = W(o)->callable;
	descrgetfunc get;

	if (!f)
		return PyErr_Format(PyExc_RuntimeError, "uninitialized classmethod object");
	if (!type)
		type = (PyObject *)Py_TYPE(obj);
	get = Py_TYPE(f)->tp_descr_get;
	return get ? get(f, type, type) : PyMethod_New(f, type);
}

static PyObject *staticmethod_get(PyObject *o, PyObject *obj, PyObject *type)
{
	if (!W(o)->callable)
		return PyErr_Format(PyExc_RuntimeError, "uninitialized staticmethod object");
	return Py_NewRef(W(o)->callable);
}

static PyObject *staticmethod_vectorcall(PyObject *o, PyObject *const *args, size_t nargsf,
					 PyObject *kwnames)
{
	if (!W(o)->callable)
		return _PyObject_NotCallable(o);
	return PyObject_Vectorcall(W(o)->callable, args, nargsf, kwnames);
}

static PyObject *classmethod_repr(PyObject *o)
{
	return PyUnicode_FromFormat("<classmethod(%R)>", W(o)->callable);
}

static PyObject *staticmethod_repr(PyObject *o)
{
	return PyUnicode_FromFormat("<staticmethod(%R)>", W(o)->callable);
}

static PyObject *wrapper_isabstract(PyObject *o, void *closure)
{
	PyObject *flag;
	int r = W(o)->callable
			? _PyObject_LookupAttr(W(o)->callable, _Py_ID(__isabstractmethod__), &flag)
			: 0;

	if (r > 0) {
		r = PyObject_IsTrue(flag);
		Py_DECREF(flag);
	}
	return r < 0 ? NULL : PyBool_FromLong(r);
}

static PyMemberDef wrapper_members[] = {
	{"__func__", Py_T_OBJECT, offsetof(WrapperObject, callable), Py_READONLY, NULL},
	{"__wrapped__", Py_T_OBJECT, offsetof(WrapperObject, callable), Py_READONLY, NULL},
	{NULL, 0, 0, 0, NULL},
};

static PyGetSetDef wrapper_getset[] = {
	{"__isabstractmethod__", wrapper_isabstract, NULL, NULL, NULL},
	{"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL},
};

#define WRAPPER_TYPE                                                                         \
	.tp_basicsize = sizeof(WrapperObject),                                               \
	.tp_flags = Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,                                \
	.tp_dictoffset = offsetof(WrapperObject, dict), .tp_dealloc = wrapper_dealloc,       \
	.tp_traverse = wrapper_traverse, .tp_clear = wrapper_clear, .tp_init = wrapper_init, \
	.tp_new = PyType_GenericNew, .tp_members = wrapper_members, .tp_getset = wrapper_getset

PyTypeObject PyClassMethod_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "classmethod",
	WRAPPER_TYPE,
	.tp_doc = "classmethod(function) -> method\n\nConvert a function to be a class method.",
	.tp_repr = classmethod_repr,
	.tp_descr_get = classmethod_get,
};

PyTypeObject PyStaticMethod_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "staticmethod",
	WRAPPER_TYPE,
	.tp_doc = "staticmethod(function) -> method\n\nConvert a function to be a static method.",
	.tp_repr = staticmethod_repr,
	.tp_vectorcall = staticmethod_vectorcall,
	.tp_descr_get = staticmethod_get,
};
