/* SPDX-License-Identifier: BSD-2-Clause */
/* C functions and bound methods. */
#include "objects/method.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/dict.h"
#include "objects/module.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/unicode.h"
#include "objects/vectorcall.h"

/* -- Calling ----------------------------------------------------------------------------------- */
/* "type.name()" or "module.name()", as messages show a callable; borrowed words, new str. */
static PyObject *function_text(PyObject *callable)
{
	PyObject *qualname, *module, *r = NULL;

	if (_PyObject_LookupAttr(callable, _Py_ID(__qualname__), &qualname) <= 0) {
		PyErr_Clear();
		return PyObject_Str(callable);
	}
	if (_PyObject_LookupAttr(callable, _Py_ID(__module__), &module) < 0)
		PyErr_Clear();
	if (module && PyUnicode_Check(module) && !_PyUnicode_EQ(module, _Py_ID(builtins)))
		r = PyUnicode_FromFormat("%S.%S()", module, qualname);
	else
		r = PyUnicode_FromFormat("%S()", qualname);
	Py_XDECREF(module);
	Py_DECREF(qualname);
	return r;
}

static Py_NOINLINE PyObject *wrong_count(PyObject *callable, const char *what, Py_ssize_t given)
{
	PyObject *text = function_text(callable);

	if (text)
		PyErr_Format(PyExc_TypeError, "%U takes %s (%zd given)", text, what, given);
	Py_XDECREF(text);
	return NULL;
}

static Py_NOINLINE PyObject *no_keywords(PyObject *callable)
{
	PyObject *text = function_text(callable);

	if (text)
		PyErr_Format(PyExc_TypeError, "%U takes no keyword arguments", text);
	Py_XDECREF(text);
	return NULL;
}

static PyObject *call_with_tuple(const PyMethodDef *def, PyObject *self, PyObject *const *args,
				 Py_ssize_t nargs, PyObject *kwnames)
{
	PyObject *tuple = _PyTuple_FromArray(args, nargs), *dict = NULL, *r = NULL;

	if (!tuple)
		return NULL;
	if (kwnames && PyTuple_GET_SIZE(kwnames)) {
		dict = PyDict_New();
		for (Py_ssize_t i = 0; dict && i < PyTuple_GET_SIZE(kwnames); i++)
			if (PyDict_SetItem(dict, PyTuple_GET_ITEM(kwnames, i), args[nargs + i]) < 0)
				Py_CLEAR(dict);
		if (!dict)
			goto out;
	}
	if (def->ml_flags & METH_KEYWORDS)
		r = ((PyCFunctionWithKeywords)(void *)def->ml_meth)(self, tuple, dict);
	else
		r = def->ml_meth(self, tuple);
out:
	Py_DECREF(tuple);
	Py_XDECREF(dict);
	return r;
}

PyObject *_PyMethodDef_Call(const PyMethodDef *def, PyObject *self, PyObject *const *args,
			    Py_ssize_t nargs, PyObject *kwnames, PyObject *callable)
{
	PyThreadState *ts = PyThreadState_Get();
	PyObject *r;

	if (kwnames && !(def->ml_flags & METH_KEYWORDS) && PyTuple_GET_SIZE(kwnames))
		return no_keywords(callable);
	if (_Py_EnterRecursive(ts, " while calling a Python object") < 0)
		return NULL;
	switch (def->ml_flags &
		(METH_VARARGS | METH_KEYWORDS | METH_NOARGS | METH_O | METH_FASTCALL)) {
	case METH_NOARGS:
		r = nargs == 0 ? def->ml_meth(self, NULL)
			       : wrong_count(callable, "no arguments", nargs);
		break;
	case METH_O:
		r = nargs == 1 ? def->ml_meth(self, args[0])
			       : wrong_count(callable, "exactly one argument", nargs);
		break;
	case METH_FASTCALL: r = ((_PyCFunctionFast)(void *)def->ml_meth)(self, args, nargs); break;
	case METH_FASTCALL | METH_KEYWORDS:
		r = ((_PyCFunctionFastWithKeywords)(void *)def->ml_meth)(self, args, nargs,
									 kwnames);
		break;
	default: r = call_with_tuple(def, self, args, nargs, kwnames);
	}
	_Py_LeaveRecursive(ts);
	return r;
}

static PyObject *cfunction_vectorcall(PyObject *o, PyObject *const *args, size_t nargsf,
				      PyObject *kwnames)
{
	PyCFunctionObject *f = (PyCFunctionObject *)o;

	return _PyMethodDef_Call(f->m_ml, f->m_self, args, PyVectorcall_NARGS(nargsf), kwnames, o);
}

/* -- builtin_function_or_method ---------------------------------------------------------------- */
PyObject *PyCFunction_NewEx(PyMethodDef *def, PyObject *self, PyObject *module)
{
	PyCFunctionObject *f = PyObject_GC_New(PyCFunctionObject, &PyCFunction_Type);

	if (!f)
		return NULL;
	f->m_ml = def;
	f->m_self = Py_XNewRef(self);
	f->m_module = Py_XNewRef(module);
	f->vectorcall = cfunction_vectorcall;
	PyObject_GC_Track(f);
	return (PyObject *)f;
}

static void cfunction_dealloc(PyObject *o)
{
	PyCFunctionObject *f = (PyCFunctionObject *)o;

	PyObject_GC_UnTrack(o);
	Py_TRASHCAN_BEGIN(o) Py_XDECREF(f->m_self);
	Py_XDECREF(f->m_module);
	PyObject_GC_Del(o);
	Py_TRASHCAN_END
}

static int cfunction_traverse(PyObject *o, visitproc visit, void *arg)
{
	Py_VISIT(((PyCFunctionObject *)o)->m_self);
	Py_VISIT(((PyCFunctionObject *)o)->m_module);
	return 0;
}

static PyObject *cfunction_repr(PyObject *o)
{
	PyCFunctionObject *f = (PyCFunctionObject *)o;

	if (!f->m_self || PyModule_Check(f->m_self))
		return PyUnicode_FromFormat("<built-in function %s>", f->m_ml->ml_name);
	return PyUnicode_FromFormat("<built-in method %s of %s object at %p>", f->m_ml->ml_name,
				    Py_TYPE(f->m_self)->tp_name, f->m_self);
}

static Py_hash_t cfunction_hash(PyObject *o)
{
	PyCFunctionObject *f = (PyCFunctionObject *)o;
	Py_hash_t h = _Py_HashPointer(f->m_self) ^ _Py_HashPointer((void *)f->m_ml->ml_meth);

	return h == -1 ? -2 : h;
}

static PyObject *cfunction_richcompare(PyObject *a, PyObject *b, int op)
{
	PyCFunctionObject *x = (PyCFunctionObject *)a, *y = (PyCFunctionObject *)b;
	bool same;

	if ((op != Py_EQ && op != Py_NE) || !PyCFunction_Check(a) || !PyCFunction_Check(b))
		Py_RETURN_NOTIMPLEMENTED;
	same = x->m_self == y->m_self && x->m_ml->ml_meth == y->m_ml->ml_meth;
	return PyBool_FromLong(same == (op == Py_EQ));
}

static PyObject *cfunction_get_name(PyObject *o, void *closure)
{
	return PyUnicode_FromString(((PyCFunctionObject *)o)->m_ml->ml_name);
}

static PyObject *cfunction_get_qualname(PyObject *o, void *closure)
{
	PyCFunctionObject *f = (PyCFunctionObject *)o;
	PyObject *type, *r;

	if (!f->m_self || PyModule_Check(f->m_self))
		return cfunction_get_name(o, NULL);
	type = PyType_GetQualName(PyType_Check(f->m_self) ? (PyTypeObject *)f->m_self
							  : Py_TYPE(f->m_self));
	if (!type)
		return NULL;
	r = PyUnicode_FromFormat("%U.%s", type, f->m_ml->ml_name);
	Py_DECREF(type);
	return r;
}

static PyObject *cfunction_get_doc(PyObject *o, void *closure)
{
	const char *doc = ((PyCFunctionObject *)o)->m_ml->ml_doc;

	return doc ? PyUnicode_FromString(doc) : Py_NewRef(Py_None);
}

static PyObject *cfunction_get_self(PyObject *o, void *closure)
{
	PyObject *self = ((PyCFunctionObject *)o)->m_self;

	return Py_NewRef(self ? self : Py_None);
}

static PyObject *cfunction_get_module(PyObject *o, void *closure)
{
	PyObject *module = ((PyCFunctionObject *)o)->m_module;

	return Py_NewRef(module ? module : Py_None);
}

static PyGetSetDef cfunction_getset[] = {
	{"__name__", cfunction_get_name, NULL, NULL, NULL},
	{"__qualname__", cfunction_get_qualname, NULL, NULL, NULL},
	{"__doc__", cfunction_get_doc, NULL, NULL, NULL},
	{"__self__", cfunction_get_self, NULL, NULL, NULL},
	{"__module__", cfunction_get_module, NULL, NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL},
};

PyTypeObject PyCFunction_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "builtin_function_or_method",
	.tp_basicsize = sizeof(PyCFunctionObject),
	.tp_flags = Py_TPFLAGS_HAVE_GC,
	.tp_dealloc = cfunction_dealloc,
	.tp_traverse = cfunction_traverse,
	.tp_repr = cfunction_repr,
	.tp_hash = cfunction_hash,
	.tp_richcompare = cfunction_richcompare,
	.tp_vectorcall = cfunction_vectorcall,
	.tp_getset = cfunction_getset,
};

/* -- method ------------------------------------------------------------------------------------ */
PyObject *PyMethod_New(PyObject *func, PyObject *self)
{
	PyMethodObject *m = PyObject_GC_New(PyMethodObject, &PyMethod_Type);

	if (!m)
		return NULL;
	m->im_func = Py_NewRef(func);
	m->im_self = Py_NewRef(self);
	PyObject_GC_Track(m);
	return (PyObject *)m;
}

static PyObject *method_vectorcall(PyObject *o, PyObject *const *args, size_t nargsf,
				   PyObject *kwnames)
{
	PyMethodObject *m = (PyMethodObject *)o;

	return _PyObject_VectorcallPrepend(m->im_func, m->im_self, args, nargsf, kwnames);
}

static PyObject *method_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *func, *self;

	if (!PyArg_NoKeywords("method", kwargs) ||
	    !PyArg_UnpackTuple(args, "method", 2, 2, &func, &self))
		return NULL;
	if (!PyCallable_Check(func))
		return PyErr_Format(PyExc_TypeError, "first argument must be callable");
	if (Py_IsNone(self))
		return PyErr_Format(PyExc_TypeError, "self must not be None");
	return PyMethod_New(func, self);
}

static void method_dealloc(PyObject *o)
{
	PyMethodObject *m = (PyMethodObject *)o;

	PyObject_GC_UnTrack(o);
	Py_TRASHCAN_BEGIN(o) Py_DECREF(m->im_func);
	Py_DECREF(m->im_self);
	PyObject_GC_Del(o);
	Py_TRASHCAN_END
}

static int method_traverse(PyObject *o, visitproc visit, void *arg)
{
	Py_VISIT(((PyMethodObject *)o)->im_func);
	Py_VISIT(((PyMethodObject *)o)->im_self);
	return 0;
}

/* The method's own attributes first, then the function's. */
static PyObject *method_getattro(PyObject *o, PyObject *name)
{
	PyObject *descr = _PyType_Lookup(&PyMethod_Type, name);
	descrgetfunc get;

	if (!descr)
		return PyObject_GetAttr(((PyMethodObject *)o)->im_func, name);
	get = Py_TYPE(descr)->tp_descr_get;
	return get ? get(descr, o, (PyObject *)&PyMethod_Type) : Py_NewRef(descr);
}

static PyObject *method_repr(PyObject *o)
{
	PyMethodObject *m = (PyMethodObject *)o;
	PyObject *name, *r;

	if (_PyObject_LookupAttr(m->im_func, _Py_ID(__qualname__), &name) < 0 ||
	    (!name && _PyObject_LookupAttr(m->im_func, _Py_ID(__name__), &name) < 0))
		return NULL;
	r = name && PyUnicode_Check(name)
		    ? PyUnicode_FromFormat("<bound method %U of %R>", name, m->im_self)
		    : PyUnicode_FromFormat("<bound method ? of %R>", m->im_self);
	Py_XDECREF(name);
	return r;
}

static Py_hash_t method_hash(PyObject *o)
{
	PyMethodObject *m = (PyMethodObject *)o;
	Py_hash_t h = PyObject_Hash(m->im_func);

	if (h == -1)
		return -1;
	h ^= _Py_HashPointer(m->im_self);
	return h == -1 ? -2 : h;
}

static PyObject *method_richcompare(PyObject *a, PyObject *b, int op)
{
	PyMethodObject *x = (PyMethodObject *)a, *y = (PyMethodObject *)b;
	int same;

	if ((op != Py_EQ && op != Py_NE) || !PyMethod_Check(a) || !PyMethod_Check(b))
		Py_RETURN_NOTIMPLEMENTED;
	same = PyObject_RichCompareBool(x->im_func, y->im_func, Py_EQ);
	if (same < 0)
		return NULL;
	same = same && x->im_self == y->im_self;
	return PyBool_FromLong(same == (op == Py_EQ));
}

static PyObject *method_descr_get(PyObject *o, PyObject *obj, PyObject *type)
{
	return Py_NewRef(o);
}

static PyObject *method_get_func(PyObject *o, void *closure)
{
	return Py_NewRef(((PyMethodObject *)o)->im_func);
}

static PyObject *method_get_self(PyObject *o, void *closure)
{
	return Py_NewRef(((PyMethodObject *)o)->im_self);
}

static PyObject *method_get_doc(PyObject *o, void *closure)
{
	return PyObject_GetAttr(((PyMethodObject *)o)->im_func, _Py_ID(__doc__));
}

static PyGetSetDef method_getset[] = {
	{"__func__", method_get_func, NULL, "the function (or other callable)", NULL},
	{"__self__", method_get_self, NULL, "the instance to which a method is bound", NULL},
	{"__doc__", method_get_doc, NULL, NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL},
};

PyTypeObject PyMethod_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "method",
	.tp_basicsize = sizeof(PyMethodObject),
	.tp_flags = Py_TPFLAGS_HAVE_GC,
	.tp_doc = "Create a bound instance method object.",
	.tp_dealloc = method_dealloc,
	.tp_traverse = method_traverse,
	.tp_repr = method_repr,
	.tp_hash = method_hash,
	.tp_richcompare = method_richcompare,
	.tp_vectorcall = method_vectorcall,
	.tp_getattro = method_getattro,
	.tp_descr_get = method_descr_get,
	.tp_new = method_new,
	.tp_getset = method_getset,
};
