/* SPDX-License-Identifier: BSD-2-Clause */
/* The _weakref module. */
#include "objects/weakref.h"

#include "core/errors.h"
#include "lib/lib.h"
#include "objects/long.h"
#include "objects/module.h"

static PyObject *get_count(PyObject *self, PyObject *o)
{
	return PyLong_FromSsize_t(_PyWeakref_Count(o));
}

static PyMethodDef weakref_methods[] = {
	{"getweakrefcount", get_count, METH_O, "How many weak references to the object there are."},
	{0},
};

PyObject *_PyWeakrefModule_Init(void)
{
	PyObject *module = PyModule_New("_weakref");

	if (module &&
	    (PyModule_AddFunctions(module, weakref_methods) < 0 ||
	     PyModule_AddObjectRef(module, "ref", (PyObject *)&_PyWeakref_RefType) < 0 ||
	     PyModule_AddObjectRef(module, "ReferenceType", (PyObject *)&_PyWeakref_RefType) < 0))
		Py_CLEAR(module);
	return module;
}
