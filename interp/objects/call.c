/* SPDX-License-Identifier: BSD-2-Clause */
/* Calling any object: every form ends in a vectorcall. */
#include "objects/call.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/dict.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

#include <stdarg.h>

/* Calls with no more values than this use an array on the C stack. */
#define SMALL 8

PyObject *_PyObject_NotCallable(PyObject *callable)
{
	return PyErr_Format(PyExc_TypeError, "'%.200s' object is not callable",
			    Py_TYPE(callable)->tp_name);
}

PyObject *PyObject_VectorcallDict(PyObject *callable, PyObject *const *args, size_t nargsf,
				  PyObject *kwargs)
{
	Py_ssize_t nargs = PyVectorcall_NARGS(nargsf), n = kwargs ? PyDict_GET_SIZE(kwargs) : 0;
	PyObject *small[SMALL + 1], **all = small, *names, *key, *value, *r = NULL;
	Py_ssize_t pos = 0, i = 0;

	if (n == 0)
		return PyObject_Vectorcall(callable, args, nargsf, NULL);
	if (nargs + n > SMALL) {
		all = PyMem_Malloc((size_t)(nargs + n + 1) * sizeof(*all));
		if (!all)
			return PyErr_NoMemory();
	}
	names = PyTuple_New(n);
	if (!names)
		goto out;
	for (Py_ssize_t j = 0; j < nargs; j++)
		all[j + 1] = args[j];
	/* The callee may change the dict while it runs: the values are held here. */
	while (PyDict_Next(kwargs, &pos, &key, &value) && i < n) {
		if (!PyUnicode_Check(key)) {
			PyErr_SetString(PyExc_TypeError, "keywords must be strings");
			goto release;
		}
		PyTuple_SET_ITEM(names, i, Py_NewRef(key));
		all[nargs + 1 + i++] = Py_NewRef(value);
	}
	r = PyObject_Vectorcall(callable, all + 1, (size_t)nargs | PY_VECTORCALL_ARGUMENTS_OFFSET,
				names);
release:
	while (i-- > 0)
		Py_DECREF(all[nargs + 1 + i]);
	Py_DECREF(names);
out:
	if (all != small)
		PyMem_Free(all);
	return r;
}

PyObject *PyObject_Call(PyObject *callable, PyObject *args, PyObject *kwargs)
{
	return PyObject_VectorcallDict(callable, ((PyTupleObject *)args)->ob_item,
				       (size_t)PyTuple_GET_SIZE(args), kwargs);
}

PyObject *PyObject_CallObject(PyObject *callable, PyObject *args)
{
	return args ? PyObject_Call(callable, args, NULL) : PyObject_CallNoArgs(callable);
}

PyObject *_PyObject_VectorcallPrepend(PyObject *callable, PyObject *self, PyObject *const *args,
				      size_t nargsf, PyObject *kwnames)
{
	Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
	Py_ssize_t total = nargs + (kwnames ? PyTuple_GET_SIZE(kwnames) : 0);
	PyObject *small[SMALL + 1], **all = small, *r;

	if (nargsf & PY_VECTORCALL_ARGUMENTS_OFFSET) {
		PyObject **before = (PyObject **)args - 1, *saved = *before;

		*before = self;
		r = PyObject_Vectorcall(callable, before, (size_t)nargs + 1, kwnames);
		*before = saved;
		return r;
	}
	if (total > SMALL) {
		all = PyMem_Malloc((size_t)(total + 1) * sizeof(*all));
		if (!all)
			return PyErr_NoMemory();
	}
	all[0] = self;
	for (Py_ssize_t i = 0; i < total; i++)
		all[i + 1] = args[i];
	r = PyObject_Vectorcall(callable, all, (size_t)nargs + 1, kwnames);
	if (all != small)
		PyMem_Free(all);
	return r;
}

PyObject *PyObject_CallNoArgs(PyObject *callable)
{
	PyObject *args[1] = {NULL};

	return PyObject_Vectorcall(callable, args + 1, PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
}

PyObject *PyObject_CallOneArg(PyObject *callable, PyObject *arg)
{
	PyObject *args[2] = {NULL, arg};

	return PyObject_Vectorcall(callable, args + 1, 1 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
}

/* With va's objects, up to NULL, after first (may be NULL); one slot is left before them. */
static PyObject *call_va(PyObject *callable, PyObject *first, va_list va)
{
	PyObject *small[SMALL + 1] = {NULL}, **all = small, *r, *o;
	size_t n = first != NULL, i = 1;
	va_list count;

	va_copy(count, va);
	while (va_arg(count, PyObject *))
		n++;
	va_end(count);
	if (n > SMALL) {
		all = PyMem_Calloc(n + 1, sizeof(*all));
		if (!all)
			return PyErr_NoMemory();
	}
	if (first)
		all[i++] = first;
	while ((o = va_arg(va, PyObject *)))
		all[i++] = o;
	r = PyObject_Vectorcall(callable, all + 1, n | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
	if (all != small)
		PyMem_Free(all);
	return r;
}

PyObject *PyObject_CallFunctionObjArgs(PyObject *callable, ...)
{
	PyObject *r;
	va_list va;

	va_start(va, callable);
	r = call_va(callable, NULL, va);
	va_end(va);
	return r;
}

PyObject *PyObject_CallMethodObjArgs(PyObject *self, PyObject *name, ...)
{
	PyObject *f, *r;
	int unbound = _PyObject_GetMethod(self, name, &f);
	va_list va;

	if (!f)
		return NULL;
	va_start(va, name);
	r = call_va(f, unbound ? self : NULL, va);
	va_end(va);
	Py_DECREF(f);
	return r;
}

PyObject *PyObject_VectorcallMethod(PyObject *name, PyObject *const *args, size_t nargsf,
				    PyObject *kwnames)
{
	PyObject *f, *r;
	int unbound = _PyObject_GetMethod(args[0], name, &f);

	if (!f)
		return NULL;
	if (unbound) /* args[-1] may not be used: it may be the caller's */
		r = PyObject_Vectorcall(f, args, nargsf & ~PY_VECTORCALL_ARGUMENTS_OFFSET, kwnames);
	else
		r = PyObject_Vectorcall(f, args + 1, (size_t)PyVectorcall_NARGS(nargsf) - 1,
					kwnames);
	Py_DECREF(f);
	return r;
}

PyObject *PyObject_CallMethodNoArgs(PyObject *self, PyObject *name)
{
	return PyObject_VectorcallMethod(name, &self, 1, NULL);
}

PyObject *PyObject_CallMethodOneArg(PyObject *self, PyObject *name, PyObject *arg)
{
	PyObject *args[] = {self, arg};

	return PyObject_VectorcallMethod(name, args, 2, NULL);
}
