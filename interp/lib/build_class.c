/* SPDX-License-Identifier: BSD-2-Clause */
/* The class statement: bases, metaclass, namespace, body, class. */
#include "lib/lib.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/call.h"
#include "objects/cell.h"
#include "objects/dict.h"
#include "objects/function.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/unicode.h"
#include "vm/call.h"

/* Replaces bases that are no classes by what their __mro_entries__ says; new tuple. */
static PyObject *resolve_bases(PyObject *bases)
{
	PyObject *out = PyList_New(0);

	for (Py_ssize_t i = 0; out && i < PyTuple_GET_SIZE(bases); i++) {
		PyObject *base = PyTuple_GET_ITEM(bases, i);
		PyObject *entries = NULL;
		PyObject *resolved;

		if (!PyType_Check(base) &&
		    _PyObject_LookupAttr(base, _Py_ID(__mro_entries__), &entries) < 0) {
			Py_CLEAR(out);
			break;
		}
		if (!entries) {
			if (PyList_Append(out, base) < 0)
				Py_CLEAR(out);
			continue;
		}
		resolved = PyObject_CallOneArg(entries, bases);
		Py_DECREF(entries);
		if (resolved && !PyTuple_Check(resolved))
			PyErr_SetString(PyExc_TypeError, "__mro_entries__ must return a tuple");
		PyObject *done =
			resolved && PyTuple_Check(resolved) ? _PyList_Extend(out, resolved) : NULL;

		if (!done)
			Py_CLEAR(out);
		Py_XDECREF(done);
		Py_XDECREF(resolved);
	}
	PyObject *tuple = out ? PyList_AsTuple(out) : NULL;

	Py_XDECREF(out);
	return tuple;
}

static PyObject *keywords_dict(PyObject *const *values, PyObject *kwnames)
{
	PyObject *dict = PyDict_New();

	for (Py_ssize_t i = 0; dict && kwnames && i < PyTuple_GET_SIZE(kwnames); i++)
		if (PyDict_SetItem(dict, PyTuple_GET_ITEM(kwnames, i), values[i]) < 0)
			Py_CLEAR(dict);
	return dict;
}

/* The metaclass: keyword, else the first base's type; then the most derived one. New reference. */
static PyObject *choose_metaclass(PyObject *kwargs, PyObject *bases)
{
	PyObject *meta = PyDict_GetItemWithError(kwargs, _Py_ID(metaclass));

	if (!meta && PyErr_Occurred())
		return NULL;
	if (meta) {
		Py_INCREF(meta);
		if (PyDict_DelItem(kwargs, _Py_ID(metaclass)) < 0) {
			Py_DECREF(meta);
			return NULL;
		}
	} else {
		meta = PyTuple_GET_SIZE(bases) ? (PyObject *)Py_TYPE(PyTuple_GET_ITEM(bases, 0))
					       : (PyObject *)&PyType_Type;
		Py_INCREF(meta);
	}
	if (PyType_Check(meta)) {
		PyTypeObject *winner = _PyType_CalculateMetaclass((PyTypeObject *)meta, bases);

		Py_SETREF(meta, Py_XNewRef(winner));
	}
	return meta;
}

static PyObject *prepare_namespace(PyObject *meta, PyObject *name, PyObject *bases,
				   PyObject *kwargs)
{
	PyObject *prepare = NULL;
	PyObject *ns;

	if (_PyObject_LookupAttr(meta, _Py_ID(__prepare__), &prepare) < 0)
		return NULL;
	if (!prepare)
		return PyDict_New();
	PyObject *args[3] = {NULL, name, bases};

	ns = PyObject_VectorcallDict(prepare, args + 1, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, kwargs);
	Py_DECREF(prepare);
	if (ns && !PyMapping_Check(ns)) {
		PyErr_Format(PyExc_TypeError,
			     "%.200s.__prepare__() must return a mapping, not %.200s",
			     PyType_Check(meta) ? ((PyTypeObject *)meta)->tp_name : "<metaclass>",
			     Py_TYPE(ns)->tp_name);
		Py_CLEAR(ns);
	}
	return ns;
}

/* The body returned its __class__ cell (or None): type.__new__ must have filled it. */
static int check_class_cell(PyObject *cell, PyObject *class, PyObject *name)
{
	if (!PyCell_Check(cell))
		return 0;
	PyObject *content = PyCell_GET(cell);

	if (content == class)
		return 0;
	if (!content)
		PyErr_Format(PyExc_RuntimeError,
			     "__class__ not set defining %R as %R. Was __classcell__ propagated to "
			     "type.__new__?",
			     name, class);
	else
		PyErr_Format(PyExc_TypeError, "__class__ set to %R defining %R as %R", content,
			     name, class);
	return -1;
}

PyObject *_PyBuiltin_BuildClass(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
				PyObject *kwnames)
{
	PyObject *meta = NULL;
	PyObject *ns = NULL;
	PyObject *cell = NULL;
	PyObject *class = NULL;

	if (nargs < 2) {
		PyErr_SetString(PyExc_TypeError, "__build_class__: not enough arguments");
		return NULL;
	}
	PyObject *func = args[0];
	PyObject *name = args[1];

	if (!PyFunction_Check(func)) {
		PyErr_SetString(PyExc_TypeError, "__build_class__: func must be a function");
		return NULL;
	}
	PyObject *given = _PyTuple_FromArray(args + 2, nargs - 2);
	PyObject *bases = given ? resolve_bases(given) : NULL;
	PyObject *kwargs = bases ? keywords_dict(args + nargs, kwnames) : NULL;

	if (!kwargs)
		goto out;
	meta = choose_metaclass(kwargs, bases);
	ns = meta ? prepare_namespace(meta, name, bases, kwargs) : NULL;
	cell = ns ? _PyEval_ClassBody(func, ns) : NULL;
	if (!cell)
		goto out;
	if (PyObject_RichCompareBool(given, bases, Py_NE) == 1 &&
	    PyObject_SetItem(ns, _Py_ID(__orig_bases__), given) < 0)
		goto out;
	PyObject *class_args[4] = {NULL, name, bases, ns};

	class = PyObject_VectorcallDict(meta, class_args + 1, 3 | PY_VECTORCALL_ARGUMENTS_OFFSET,
					kwargs);
	if (class && check_class_cell(cell, class, name) < 0)
		Py_CLEAR(class);
out:
	Py_XDECREF(cell);
	Py_XDECREF(ns);
	Py_XDECREF(meta);
	Py_XDECREF(kwargs);
	Py_XDECREF(bases);
	Py_XDECREF(given);
	return class;
}
