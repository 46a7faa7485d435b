/* SPDX-License-Identifier: BSD-2-Clause */
/* The slow halves of match statements and of await. */
#include "vm/ops.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bytearray.h"
#include "objects/bytes.h"
#include "objects/call.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/float.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/names.h"
#include "objects/range.h"
#include "objects/set.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/unicode.h"
#include "vm/generator.h"

/* What collections.abc says of its classes, and of those that it knows: attribute __abc_tpflags__.
 * The numbers are CPython's Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING (Include/object.h). */
#define ABC_SEQUENCE (1 << 5)
#define ABC_MAPPING  (1 << 6)

static bool is_declared(PyObject *o, int kind)
{
	PyTypeObject *type = Py_TYPE(o);
	PyObject *flags = PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE)
				  ? _PyType_Lookup(type, _Py_ID(__abc_tpflags__))
				  : NULL;

	return flags && PyLong_CheckExact(flags) && PyLong_AsLong(flags) == kind;
}

int _PyOp_IsMapping(PyObject *o)
{
	return PyDict_Check(o) || Py_IS_TYPE(o, &PyDictProxy_Type) || is_declared(o, ABC_MAPPING);
}

int _PyOp_IsSequence(PyObject *o)
{
	return PyList_Check(o) || PyTuple_Check(o) || Py_IS_TYPE(o, &PyRange_Type) ||
	       is_declared(o, ABC_SEQUENCE);
}

/* subject.get(key, missing), so that a defaultdict does not grow: new reference. */
static PyObject *mapping_get(PyObject *get, PyObject *key, PyObject *missing)
{
	PyObject *args[3] = {NULL, key, missing};

	return PyObject_Vectorcall(get, args + 1, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
}

PyObject *_PyOp_MatchKeys(PyObject *subject, PyObject *keys)
{
	Py_ssize_t n = PyTuple_GET_SIZE(keys);
	PyObject *get = PyObject_GetAttrString(subject, "get");
	PyObject *values = get ? PyTuple_New(n) : NULL;
	PyObject *seen = values ? PySet_New(NULL) : NULL;
	PyObject *missing = seen ? _PyObject_New(&PyBaseObject_Type) : NULL;
	PyObject *result = NULL;

	if (!missing)
		goto out;
	for (Py_ssize_t i = 0; i < n; i++) {
		PyObject *key = PyTuple_GET_ITEM(keys, i);
		int twice = PySet_Contains(seen, key);

		if (twice > 0)
			PyErr_Format(PyExc_ValueError, "mapping pattern checks duplicate key (%R)",
				     key);
		if (twice || PySet_Add(seen, key) < 0)
			goto out;
		PyObject *value = mapping_get(get, key, missing);

		if (!value)
			goto out;
		if (value == missing) {
			Py_DECREF(value);
			result = Py_NewRef(Py_None);
			goto out;
		}
		PyTuple_SET_ITEM(values, i, value);
	}
	result = Py_NewRef(values);
out:
	Py_XDECREF(missing);
	Py_XDECREF(seen);
	Py_XDECREF(values);
	Py_XDECREF(get);
	return result;
}

/* Classes whose one positional pattern matches the subject itself. */
static bool matches_self(PyTypeObject *type)
{
	static PyTypeObject *const types[] = {
		&PyByteArray_Type, &PyBytes_Type, &PyDict_Type,    &PyFloat_Type, &PyFrozenSet_Type,
		&PyLong_Type,      &PyList_Type,  &PyUnicode_Type, &PySet_Type,   &PyTuple_Type,
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (PyType_IsSubtype(type, types[i]))
			return true;
	return false;
}

/* subject.name: 1 with *ret, 0 when it has none, -1 on error or when the name was matched before.
 */
static int match_attribute(PyObject *subject, PyTypeObject *type, PyObject *name, PyObject *seen,
			   PyObject **ret)
{
	int twice = PySet_Contains(seen, name);

	if (twice > 0)
		PyErr_Format(PyExc_TypeError, "%s() got multiple sub-patterns for attribute %R",
			     type->tp_name, name);
	if (twice || PySet_Add(seen, name) < 0)
		return -1;
	return _PyObject_LookupAttr(subject, name, ret);
}

/* __match_args__ of the class, a tuple; NULL without an error when it has none. */
static PyObject *match_args(PyTypeObject *type)
{
	PyObject *args = NULL;

	if (_PyObject_LookupAttr((PyObject *)type, _Py_ID(__match_args__), &args) < 0 || !args)
		return NULL;
	if (!PyTuple_CheckExact(args)) {
		PyErr_Format(PyExc_TypeError, "%s.__match_args__ must be a tuple (got %s)",
			     type->tp_name, Py_TYPE(args)->tp_name);
		Py_CLEAR(args);
	}
	return args;
}

/* The positional patterns' attributes into list: 1, 0 no match, -1 error. */
static int match_positional(PyObject *subject, PyTypeObject *type, int n, PyObject *seen,
			    PyObject *list)
{
	PyObject *names = match_args(type);
	int allowed = 0;
	int found = 1;

	if (PyErr_Occurred())
		return -1;
	if (names)
		allowed = (int)PyTuple_GET_SIZE(names);
	else if (matches_self(type))
		allowed = 1;
	if (n > allowed) {
		PyErr_Format(PyExc_TypeError, "%s() accepts %d positional sub-pattern%s (%d given)",
			     type->tp_name, allowed, allowed == 1 ? "" : "s", n);
		found = -1;
	} else if (!names) {
		found = n && PyList_Append(list, subject) < 0 ? -1 : 1;
	}
	for (int i = 0; names && found == 1 && i < n; i++) {
		PyObject *name = PyTuple_GET_ITEM(names, i);
		PyObject *value = NULL;

		if (!PyUnicode_CheckExact(name)) {
			PyErr_Format(PyExc_TypeError,
				     "__match_args__ elements must be strings (got %s)",
				     Py_TYPE(name)->tp_name);
			found = -1;
			break;
		}
		found = match_attribute(subject, type, name, seen, &value);
		if (found == 1 && PyList_Append(list, value) < 0)
			found = -1;
		Py_XDECREF(value);
	}
	Py_XDECREF(names);
	return found;
}

PyObject *_PyOp_MatchClass(PyObject *subject, PyObject *type, PyObject *names, int positional)
{
	if (!PyType_Check(type)) {
		PyErr_SetString(PyExc_TypeError, "called match pattern must be a class");
		return NULL;
	}
	int found = PyObject_IsInstance(subject, type);

	if (found <= 0)
		return found < 0 ? NULL : Py_NewRef(Py_None);
	PyObject *seen = PySet_New(NULL);
	PyObject *list = seen ? PyList_New(0) : NULL;

	if (!list) {
		Py_XDECREF(seen);
		return NULL;
	}
	found = positional ? match_positional(subject, (PyTypeObject *)type, positional, seen, list)
			   : 1;
	for (Py_ssize_t i = 0; found == 1 && i < PyTuple_GET_SIZE(names); i++) {
		PyObject *value = NULL;

		found = match_attribute(subject, (PyTypeObject *)type, PyTuple_GET_ITEM(names, i),
					seen, &value);
		if (found == 1 && PyList_Append(list, value) < 0)
			found = -1;
		Py_XDECREF(value);
	}
	PyObject *result = found == 1   ? PyList_AsTuple(list)
			   : found == 0 ? Py_NewRef(Py_None)
					: NULL;

	Py_DECREF(list);
	Py_DECREF(seen);
	return result;
}

/* -- await and yield from
 * ----------------------------------------------------------------------------- */
static bool is_awaitable_generator(PyObject *o)
{
	if (!PyGen_CheckExact(o))
		return false;
	PyFrameObject *f = ((PyGenObject *)o)->gi_frame;

	return f && (f->f_code->co_flags & CO_ITERABLE_COROUTINE);
}

PyObject *_PyOp_Awaitable(PyObject *o, int where)
{
	if (PyCoro_CheckExact(o) || is_awaitable_generator(o))
		return Py_NewRef(o);
	unaryfunc await = Py_TYPE(o)->am_await;

	if (!await) {
		PyErr_Format(PyExc_TypeError,
			     where == 1   ? "'async with' received an object from __aenter__ that "
					    "does not implement __await__: %.100s"
			     : where == 2 ? "'async with' received an object from __aexit__ that "
					    "does not implement __await__: %.100s"
					  : "object %.100s can't be used in 'await' expression",
			     Py_TYPE(o)->tp_name);
		return NULL;
	}
	PyObject *it = await(o);

	if (it && !PyIter_Check(it)) {
		PyErr_Format(PyExc_TypeError, "__await__() returned non-iterator of type '%.100s'",
			     Py_TYPE(it)->tp_name);
		Py_CLEAR(it);
	}
	return it;
}

PyObject *_PyOp_YieldFromIter(PyFrameObject *f, PyObject *o)
{
	if (PyCoro_CheckExact(o)) {
		if (f->f_code->co_flags & (CO_COROUTINE | CO_ITERABLE_COROUTINE))
			return Py_NewRef(o);
		PyErr_SetString(
			PyExc_TypeError,
			"cannot 'yield from' a coroutine object in a non-coroutine generator");
		return NULL;
	}
	return PyGen_CheckExact(o) ? Py_NewRef(o) : PyObject_GetIter(o);
}

PyObject *_PyOp_Aiter(PyObject *o)
{
	unaryfunc aiter = Py_TYPE(o)->am_aiter;

	if (!aiter) {
		PyErr_Format(PyExc_TypeError,
			     "'async for' requires an object with __aiter__ method, got %.100s",
			     Py_TYPE(o)->tp_name);
		return NULL;
	}
	PyObject *it = aiter(o);

	if (it && !Py_TYPE(it)->am_anext) {
		PyErr_Format(PyExc_TypeError,
			     "'async for' received an object from __aiter__ that does not "
			     "implement __anext__: %.100s",
			     Py_TYPE(it)->tp_name);
		Py_CLEAR(it);
	}
	return it;
}

PyObject *_PyOp_AnextAwaitable(PyObject *aiter)
{
	unaryfunc anext = Py_TYPE(aiter)->am_anext;

	if (!anext) {
		PyErr_Format(PyExc_TypeError,
			     "'async for' requires an iterator with __anext__ method, got %.100s",
			     Py_TYPE(aiter)->tp_name);
		return NULL;
	}
	PyObject *next = anext(aiter);
	PyObject *awaitable = next ? _PyOp_Awaitable(next, 0) : NULL;

	Py_XDECREF(next);
	return awaitable;
}
