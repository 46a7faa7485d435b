/* SPDX-License-Identifier: BSD-2-Clause */
/* Function objects. How they are called is vm/call.c's. */
#include "objects/function.h"

#include "core/errors.h"
#include "core/state.h"
#include "objects/abstract.h"
#include "objects/call.h"
#include "objects/cell.h"
#include "objects/code.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/method.h"
#include "objects/module.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "objects/unicode.h"
#include "objects/weakref.h"

#define F(o) ((PyFunctionObject *)(o))

static uint64_t last_version;

PyObject *_PyEval_BuiltinsFromGlobals(PyObject *globals)
{
	PyObject *b = PyDict_GetItemWithError(globals, _Py_ID(__builtins__));

	if (b && PyModule_Check(b))
		return PyModule_GetDict(b);
	if (b)
		return b;
	return PyErr_Occurred() ? NULL : PyThreadState_Get()->interp->builtins;
}

PyObject *PyFunction_NewWithQualName(PyObject *code, PyObject *globals, PyObject *qualname)
{
	PyCodeObject *co = (PyCodeObject *)code;
	PyObject *builtins = _PyEval_BuiltinsFromGlobals(globals), *consts = co->co_consts, *module;
	PyFunctionObject *f;

	if (!builtins && PyErr_Occurred())
		return NULL;
	module = PyDict_GetItemWithError(globals, _Py_ID(__name__));
	if (!module && PyErr_Occurred())
		return NULL;
	f = PyObject_GC_New(PyFunctionObject, &PyFunction_Type);
	if (!f)
		return NULL;
	memset((char *)f + sizeof(PyObject), 0, sizeof(*f) - sizeof(PyObject));
	f->func_code = Py_NewRef(code);
	f->func_globals = Py_NewRef(globals);
	f->func_builtins = Py_XNewRef(builtins);
	f->func_name = Py_NewRef(co->co_name);
	f->func_qualname = Py_NewRef(qualname ? qualname : co->co_qualname);
	f->func_module = Py_XNewRef(module);
	f->func_doc =
		Py_NewRef(PyTuple_GET_SIZE(consts) && PyUnicode_Check(PyTuple_GET_ITEM(consts, 0))
				  ? PyTuple_GET_ITEM(consts, 0)
				  : Py_None);
	f->func_version = ++last_version;
	PyObject_GC_Track(f);
	return (PyObject *)f;
}

PyObject *PyFunction_New(PyObject *code, PyObject *globals)
{
	return PyFunction_NewWithQualName(code, globals, NULL);
}

static int func_traverse(PyObject *o, visitproc visit, void *arg)
{
	PyFunctionObject *f = F(o);

	Py_VISIT(f->func_code);
	Py_VISIT(f->func_globals);
	Py_VISIT(f->func_builtins);
	Py_VISIT(f->func_defaults);
	Py_VISIT(f->func_kwdefaults);
	Py_VISIT(f->func_closure);
	Py_VISIT(f->func_annotations);
	Py_VISIT(f->func_doc);
	Py_VISIT(f->func_dict);
	Py_VISIT(f->func_module);
	return 0;
}

/* What may be part of a cycle; the code must stay for as long as somebody may call it. */
static int func_clear(PyObject *o)
{
	PyFunctionObject *f = F(o);

	f->func_version = ++last_version;
	Py_CLEAR(f->func_defaults);
	Py_CLEAR(f->func_kwdefaults);
	Py_CLEAR(f->func_closure);
	Py_CLEAR(f->func_annotations);
	Py_CLEAR(f->func_dict);
	Py_CLEAR(f->func_module);
	Py_CLEAR(f->func_doc);
	return 0;
}

static void func_dealloc(PyObject *o)
{
	PyFunctionObject *f = F(o);

	PyObject_GC_UnTrack(o);
	Py_TRASHCAN_BEGIN(o) if (f->func_weakreflist) PyObject_ClearWeakRefs(o);
	func_clear(o);
	Py_XDECREF(f->func_builtins);
	Py_DECREF(f->func_globals);
	Py_DECREF(f->func_name);
	Py_DECREF(f->func_qualname);
	Py_DECREF(f->func_code);
	PyObject_GC_Del(o);
	Py_TRASHCAN_END
}

static PyObject *func_repr(PyObject *o)
{
	return PyUnicode_FromFormat("<function %U at %p>", F(o)->func_qualname, o);
}

static PyObject *func_descr_get(PyObject *o, PyObject *obj, PyObject *type)
{
	return obj ? PyMethod_New(o, obj) : Py_NewRef(o);
}

/* -- Attributes -------------------------------------------------------------------------------- */
static PyObject *get_code(PyObject *o, void *closure)
{
	return Py_NewRef(F(o)->func_code);
}

static int set_code(PyObject *o, PyObject *value, void *closure)
{
	PyObject *cells = F(o)->func_closure;
	Py_ssize_t n = cells ? PyTuple_GET_SIZE(cells) : 0;

	if (!value || !PyCode_Check(value)) {
		PyErr_SetString(PyExc_TypeError, "__code__ must be set to a code object");
		return -1;
	}
	if (((PyCodeObject *)value)->co_nfreevars != n) {
		PyErr_Format(PyExc_ValueError,
			     "%U() requires a code object with %zd free vars, not %d",
			     F(o)->func_name, n, ((PyCodeObject *)value)->co_nfreevars);
		return -1;
	}
	F(o)->func_version = ++last_version;
	Py_INCREF(value);
	Py_SETREF(F(o)->func_code, value);
	return 0;
}

static int set_str(PyObject **field, PyObject *value, const char *name)
{
	if (!value || !PyUnicode_Check(value)) {
		PyErr_Format(PyExc_TypeError, "%s must be set to a string object", name);
		return -1;
	}
	Py_INCREF(value);
	Py_SETREF(*field, value);
	return 0;
}

static PyObject *get_name(PyObject *o, void *closure)
{
	return Py_NewRef(F(o)->func_name);
}

static int set_name(PyObject *o, PyObject *value, void *closure)
{
	return set_str(&F(o)->func_name, value, "__name__");
}

static PyObject *get_qualname(PyObject *o, void *closure)
{
	return Py_NewRef(F(o)->func_qualname);
}

static int set_qualname(PyObject *o, PyObject *value, void *closure)
{
	return set_str(&F(o)->func_qualname, value, "__qualname__");
}

static PyObject *or_none(PyObject *o)
{
	return Py_NewRef(o ? o : Py_None);
}

static PyObject *get_defaults(PyObject *o, void *closure)
{
	return or_none(F(o)->func_defaults);
}

static int set_optional(PyObject **field, PyObject *value, bool fits, const char *message)
{
	if (value && Py_IsNone(value))
		value = NULL;
	if (value && !fits) {
		PyErr_SetString(PyExc_TypeError, message);
		return -1;
	}
	Py_XINCREF(value);
	Py_XSETREF(*field, value);
	return 0;
}

static int set_defaults(PyObject *o, PyObject *value, void *closure)
{
	F(o)->func_version = ++last_version;
	return set_optional(&F(o)->func_defaults, value, value && PyTuple_Check(value),
			    "__defaults__ must be set to a tuple object");
}

static PyObject *get_kwdefaults(PyObject *o, void *closure)
{
	return or_none(F(o)->func_kwdefaults);
}

static int set_kwdefaults(PyObject *o, PyObject *value, void *closure)
{
	F(o)->func_version = ++last_version;
	return set_optional(&F(o)->func_kwdefaults, value, value && PyDict_Check(value),
			    "__kwdefaults__ must be set to a dict object");
}

static PyObject *get_annotations(PyObject *o, void *closure)
{
	if (!F(o)->func_annotations)
		F(o)->func_annotations = PyDict_New();
	return Py_XNewRef(F(o)->func_annotations);
}

static int set_annotations(PyObject *o, PyObject *value, void *closure)
{
	return set_optional(&F(o)->func_annotations, value, value && PyDict_Check(value),
			    "__annotations__ must be set to a dict object");
}

static PyGetSetDef func_getset[] = {
	{"__code__", get_code, set_code, NULL, NULL},
	{"__name__", get_name, set_name, NULL, NULL},
	{"__qualname__", get_qualname, set_qualname, NULL, NULL},
	{"__defaults__", get_defaults, set_defaults, NULL, NULL},
	{"__kwdefaults__", get_kwdefaults, set_kwdefaults, NULL, NULL},
	{"__annotations__", get_annotations, set_annotations, NULL, NULL},
	{"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL},
};

#define MEMBER(name, field, flags)                                                \
	{                                                                         \
		name, Py_T_OBJECT, offsetof(PyFunctionObject, field), flags, NULL \
	}
static PyMemberDef func_members[] = {
	MEMBER("__closure__", func_closure, Py_READONLY),   MEMBER("__doc__", func_doc, 0),
	MEMBER("__globals__", func_globals, Py_READONLY),   MEMBER("__module__", func_module, 0),
	MEMBER("__builtins__", func_builtins, Py_READONLY), {NULL, 0, 0, 0, NULL},
};

/* FunctionType(code, globals, name=None, argdefs=None, closure=None) */
static PyObject *func_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	static const char *const names[] = {"code", "globals", "name", "argdefs", "closure", NULL};
	static const struct PyArgSpec spec = {"function", names, .required = 2, .max_pos = 5};
	PyObject *a[5], *f;
	Py_ssize_t nfree, ncells;

	if (PyArg_ParseDict(&spec, args, kwargs, a) < 0)
		return NULL;
	if (!PyCode_Check(a[0]) || !PyDict_Check(a[1]))
		return PyErr_Format(PyExc_TypeError,
				    "function() argument '%s' must be %s, not %.50s",
				    PyCode_Check(a[0]) ? "globals" : "code",
				    PyCode_Check(a[0]) ? "dict" : "code",
				    Py_TYPE(PyCode_Check(a[0]) ? a[1] : a[0])->tp_name);
	if (a[2] && !Py_IsNone(a[2]) && !PyUnicode_Check(a[2]))
		return PyErr_Format(PyExc_TypeError, "arg 3 (name) must be None or string");
	if (a[3] && !Py_IsNone(a[3]) && !PyTuple_Check(a[3]))
		return PyErr_Format(PyExc_TypeError, "arg 4 (defaults) must be None or tuple");
	nfree = ((PyCodeObject *)a[0])->co_nfreevars;
	if (a[4] && !Py_IsNone(a[4]) && !PyTuple_Check(a[4]))
		return PyErr_Format(PyExc_TypeError, "arg 5 (closure) must be None or tuple");
	ncells = a[4] && !Py_IsNone(a[4]) ? PyTuple_GET_SIZE(a[4]) : 0;
	if (ncells != nfree)
		return PyErr_Format(PyExc_ValueError, "%U requires closure of length %zd, not %zd",
				    ((PyCodeObject *)a[0])->co_name, nfree, ncells);
	for (Py_ssize_t i = 0; i < ncells; i++)
		if (!PyCell_Check(PyTuple_GET_ITEM(a[4], i)))
			return PyErr_Format(PyExc_TypeError,
					    "arg 5 (closure) expected cell, found %s",
					    Py_TYPE(PyTuple_GET_ITEM(a[4], i))->tp_name);
	f = PyFunction_New(a[0], a[1]);
	if (!f)
		return NULL;
	if (a[2] && !Py_IsNone(a[2]))
		Py_SETREF(F(f)->func_name, Py_NewRef(a[2]));
	if (a[3] && !Py_IsNone(a[3]))
		F(f)->func_defaults = Py_NewRef(a[3]);
	if (ncells)
		F(f)->func_closure = Py_NewRef(a[4]);
	return f;
}

PyTypeObject PyFunction_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "function",
	.tp_basicsize = sizeof(PyFunctionObject),
	.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_METHOD_DESCRIPTOR,
	.tp_dictoffset = offsetof(PyFunctionObject, func_dict),
	.tp_weaklistoffset = offsetof(PyFunctionObject, func_weakreflist),
	.tp_doc = "Create a function object.",
	.tp_dealloc = func_dealloc,
	.tp_traverse = func_traverse,
	.tp_clear = func_clear,
	.tp_repr = func_repr,
	.tp_vectorcall = _PyFunction_Vectorcall,
	.tp_descr_get = func_descr_get,
	.tp_new = func_new,
	.tp_getset = func_getset,
	.tp_members = func_members,
};
