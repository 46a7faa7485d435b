/* SPDX-License-Identifier: BSD-2-Clause */
/* The _weakref module. */
#include "objects/weakref.h"

#include "core/errors.h"
#include "lib/lib.h"
#include "objects/call.h"
#include "objects/long.h"
#include "objects/module.h"

static PyObject *get_count(PyObject *self, PyObject *o)
{
	return PyLong_FromSsize_t(_PyWeakref_Count(o));
}

static PyObject *get_refs(PyObject *self, PyObject *o)
{
	return _PyWeakref_List(o);
}

static PyObject *new_proxy(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	if (!PyArg_CheckPositional("proxy", nargs, 1, 2))
		return NULL;
	return PyWeakref_NewProxy(args[0], nargs > 1 ? args[1] : NULL);
}

static PyMethodDef weakref_methods[] = {
	{"getweakrefs", get_refs, METH_O, "The weak references to the object, as a list."},
	{"proxy", (PyCFunction)(void (*)(void))new_proxy, METH_FASTCALL,
	 "proxy(object[, callback]): a weak reference that stands for the object."},
	{"getweakrefcount", get_count, METH_O, "How many weak references to the object there are."},
	{0},
};

PyObject *_PyWeakrefModule_Init(void)
{
	PyObject *module = PyModule_New("_weakref");

	if (module &&
	    (PyModule_AddFunctions(module, weakref_methods) < 0 ||
	     PyModule_AddObjectRef(module, "ref", (PyObject *)&_PyWeakref_RefType) < 0 ||
	     PyModule_AddObjectRef(module, "ReferenceType", (PyObject *)&_PyWeakref_RefType) < 0 ||
	     PyModule_AddObjectRef(module, "ProxyType", (PyObject *)&_PyWeakref_ProxyType) < 0 ||
	     PyModule_AddObjectRef(module, "CallableProxyType",
				   (PyObject *)&_PyWeakref_CallableProxyType) < 0))
		Py_CLEAR(module);
	return module;
}
