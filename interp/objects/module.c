/* SPDX-License-Identifier: BSD-2-Clause */
/* Modules. */
#include "objects/module.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/call.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/method.h"
#include "objects/names.h"
#include "objects/type.h"
#include "objects/unicode.h"
#include "objects/weakref.h"

#define M(o) ((PyModuleObject *)(o))

static int fill_dict(PyObject *module, PyObject *name, PyObject *doc)
{
	PyObject *d = M(module)->md_dict;

	if (!d && !(d = M(module)->md_dict = PyDict_New()))
		return -1;
	if (PyDict_SetItem(d, _Py_ID(__name__), name) < 0 ||
	    PyDict_SetItem(d, _Py_ID(__doc__), doc) < 0 ||
	    PyDict_SetItem(d, _Py_ID(__package__), Py_None) < 0 ||
	    PyDict_SetItem(d, _Py_ID(__loader__), Py_None) < 0 ||
	    PyDict_SetItem(d, _Py_ID(__spec__), Py_None) < 0)
		return -1;
	Py_INCREF(name);
	Py_XSETREF(M(module)->md_name, name);
	return 0;
}

PyObject *PyModule_NewObject(PyObject *name)
{
	PyObject *m = PyType_GenericAlloc(&PyModule_Type, 0);

	if (m && fill_dict(m, name, Py_None) < 0)
		Py_CLEAR(m);
	return m;
}

PyObject *PyModule_New(const char *name)
{
	PyObject *s = PyUnicode_InternFromString(name), *m;

	if (!s)
		return NULL;
	m = PyModule_NewObject(s);
	Py_DECREF(s);
	return m;
}

PyObject *PyModule_GetDict(PyObject *module)
{
	return M(module)->md_dict;
}

PyObject *PyModule_GetNameObject(PyObject *module)
{
	PyObject *d = M(module)->md_dict, *name = d ? PyDict_GetItem(d, _Py_ID(__name__)) : NULL;

	if (!name || !PyUnicode_Check(name)) {
		PyErr_SetString(PyExc_SystemError, "nameless module");
		return NULL;
	}
	return Py_NewRef(name);
}

int PyModule_AddObjectRef(PyObject *module, const char *name, PyObject *value)
{
	PyObject *key;
	int r;

	if (!value)
		return -1;
	key = PyUnicode_InternFromString(name);
	if (!key)
		return -1;
	r = PyDict_SetItem(M(module)->md_dict, key, value);
	Py_DECREF(key);
	return r;
}

int PyModule_Add(PyObject *module, const char *name, PyObject *value)
{
	int r = PyModule_AddObjectRef(module, name, value);

	Py_XDECREF(value);
	return r;
}

int PyModule_AddIntConstant(PyObject *module, const char *name, long value)
{
	return PyModule_Add(module, name, PyLong_FromLong(value));
}

int PyModule_AddIntConstants(PyObject *module, const PyIntConstant *constants)
{
	for (; constants->name; constants++)
		if (PyModule_AddIntConstant(module, constants->name, constants->value) < 0)
			return -1;
	return 0;
}

int PyModule_AddStringConstant(PyObject *module, const char *name, const char *value)
{
	return PyModule_Add(module, name, PyUnicode_FromString(value));
}

int PyModule_AddFunctions(PyObject *module, PyMethodDef *functions)
{
	for (PyMethodDef *def = functions; def->ml_name; def++) {
		PyObject *f = PyCFunction_NewEx(def, module, M(module)->md_name);

		if (PyModule_Add(module, def->ml_name, f) < 0)
			return -1;
	}
	return 0;
}

int PyModule_AddType(PyObject *module, PyTypeObject *type)
{
	const char *dot = strrchr(type->tp_name, '.');

	if (PyType_Ready(type) < 0)
		return -1;
	return PyModule_AddObjectRef(module, dot ? dot + 1 : type->tp_name, (PyObject *)type);
}

/* -- The type ---------------------------------------------------------------------------------- */
static int module_init(PyObject *o, PyObject *args, PyObject *kwargs)
{
	static const char *const names[] = {"name", "doc", NULL};
	static const struct PyArgSpec spec = {"module", names, .required = 1, .max_pos = 2};
	PyObject *a[2];

	if (PyArg_ParseDict(&spec, args, kwargs, a) < 0)
		return -1;
	if (!PyUnicode_Check(a[0])) {
		PyErr_Format(PyExc_TypeError, "module() argument 'name' must be str, not %.50s",
			     Py_TYPE(a[0])->tp_name);
		return -1;
	}
	return fill_dict(o, a[0], a[1] ? a[1] : Py_None);
}

static void module_dealloc(PyObject *o)
{
	PyObject_GC_UnTrack(o);
	Py_TRASHCAN_BEGIN(o) if (M(o)->md_weaklist) PyObject_ClearWeakRefs(o);
	Py_XDECREF(M(o)->md_dict);
	Py_XDECREF(M(o)->md_name);
	Py_TYPE(o)->tp_free(o);
	Py_TRASHCAN_END
}

static int module_traverse(PyObject *o, visitproc visit, void *arg)
{
	Py_VISIT(M(o)->md_dict);
	return 0;
}

static int module_clear(PyObject *o)
{
	Py_CLEAR(M(o)->md_dict);
	return 0;
}

static PyObject *module_repr(PyObject *o)
{
	PyObject *d = M(o)->md_dict;
	PyObject *name = d ? PyDict_GetItem(d, _Py_ID(__name__)) : NULL;
	PyObject *file = d ? PyDict_GetItem(d, _Py_ID(__file__)) : NULL;

	if (!name)
		return PyUnicode_FromString("<module '?'>");
	if (file)
		return PyUnicode_FromFormat("<module %R from %R>", name, file);
	return PyUnicode_FromFormat("<module %R (built-in)>", name);
}

static PyObject *module_getattro(PyObject *o, PyObject *name)
{
	PyObject *r = _PyObject_GenericGetAttrWithDict(o, name, NULL, 1), *d = M(o)->md_dict, *f;

	if (r || PyErr_Occurred())
		return r;
	f = d ? PyDict_GetItemWithError(d, _Py_ID(__getattr__)) : NULL;
	if (f)
		return PyObject_CallOneArg(f, name);
	if (PyErr_Occurred())
		return NULL;
	f = d ? PyDict_GetItem(d, _Py_ID(__name__)) : NULL;
	if (f && PyUnicode_Check(f))
		return _PyObject_NoAttribute(o, name, "module '%U' has no attribute '%U'", f, name);
	return _PyObject_NoAttribute(o, name, "module has no attribute '%U'", name);
}

static PyObject *module_dir(PyObject *o, PyObject *unused)
{
	PyObject *d = PyObject_GetAttr(o, _Py_ID(__dict__)), *f, *r = NULL;

	if (!d)
		return NULL;
	if (!PyDict_Check(d)) {
		PyErr_Format(PyExc_TypeError, "<module>.__dict__ is not a dictionary");
	} else {
		f = PyDict_GetItemWithError(d, _Py_ID(__dir__));
		if (f)
			r = PyObject_CallNoArgs(f);
		else if (!PyErr_Occurred())
			r = PyDict_Keys(d);
	}
	Py_DECREF(d);
	return r;
}

static PyMethodDef module_methods[] = {
	{"__dir__", module_dir, METH_NOARGS, "__dir__() -> list\nspecialized dir() implementation"},
	{NULL, NULL, 0, NULL},
};

static PyMemberDef module_members[] = {
	{"__dict__", Py_T_OBJECT, offsetof(PyModuleObject, md_dict), Py_READONLY, NULL},
	{NULL, 0, 0, 0, NULL},
};

PyTypeObject PyModule_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "module",
	.tp_basicsize = sizeof(PyModuleObject),
	.tp_flags = Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
	.tp_dictoffset = offsetof(PyModuleObject, md_dict),
	.tp_weaklistoffset = offsetof(PyModuleObject, md_weaklist),
	.tp_doc = "Create a module object.",
	.tp_dealloc = module_dealloc,
	.tp_traverse = module_traverse,
	.tp_clear = module_clear,
	.tp_repr = module_repr,
	.tp_getattro = module_getattro,
	.tp_init = module_init,
	.tp_new = PyType_GenericNew,
	.tp_methods = module_methods,
	.tp_members = module_members,
};
