/* SPDX-License-Identifier: BSD-2-Clause */
/* The order in which a class's bases are searched (C3), and which of them decides the layout. */
#include "core/errors.h"
#include "objects/call.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/abstract.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/type_impl.h"
#include "objects/unicode.h"

/* The sequences still to be merged: tuples, each with the place of its head. */
struct merge {
	Py_ssize_t n;
	PyObject **sequences;
	Py_ssize_t *heads;
};

static bool is_in_tail(const struct merge *m, PyObject *candidate)
{
	for (Py_ssize_t i = 0; i < m->n; i++)
		for (Py_ssize_t j = m->heads[i] + 1; j < PyTuple_GET_SIZE(m->sequences[i]); j++)
			if (PyTuple_GET_ITEM(m->sequences[i], j) == candidate)
				return true;
	return false;
}

static PyObject *head(const struct merge *m, Py_ssize_t i)
{
	return m->heads[i] < PyTuple_GET_SIZE(m->sequences[i])
		       ? PyTuple_GET_ITEM(m->sequences[i], m->heads[i])
		       : NULL;
}

static void no_order(const struct merge *m)
{
	PyObject *names = PyList_New(0), *comma = PyUnicode_FromString(", "), *text = NULL;

	for (Py_ssize_t i = 0; names && i < m->n; i++) {
		PyObject *h = head(m, i), *name = h ? _PyType_Name((PyTypeObject *)h) : NULL;

		if (name && !PySequence_Contains(names, name) && PyList_Append(names, name) < 0)
			Py_CLEAR(names);
		Py_XDECREF(name);
	}
	if (names && comma)
		text = PyUnicode_Join(comma, names);
	if (text)
		PyErr_Format(PyExc_TypeError,
			     "Cannot create a consistent method resolution\n"
			     "order (MRO) for bases %U",
			     text);
	Py_XDECREF(names);
	Py_XDECREF(comma);
	Py_XDECREF(text);
}

static int merge(struct merge *m, PyObject *result)
{
	for (;;) {
		PyObject *next = NULL;
		bool empty = true;

		for (Py_ssize_t i = 0; i < m->n && !next; i++) {
			PyObject *h = head(m, i);

			empty = empty && !h;
			if (h && !is_in_tail(m, h))
				next = h;
		}
		if (empty)
			return 0;
		if (!next) {
			no_order(m);
			return -1;
		}
		if (PyList_Append(result, next) < 0)
			return -1;
		for (Py_ssize_t i = 0; i < m->n; i++)
			if (head(m, i) == next)
				m->heads[i]++;
	}
}

static int check_duplicates(PyObject *bases)
{
	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(bases); i++)
		for (Py_ssize_t j = i + 1; j < PyTuple_GET_SIZE(bases); j++) {
			PyObject *name;

			if (PyTuple_GET_ITEM(bases, i) != PyTuple_GET_ITEM(bases, j))
				continue;
			name = _PyType_Name((PyTypeObject *)PyTuple_GET_ITEM(bases, i));
			if (name)
				PyErr_Format(PyExc_TypeError, "duplicate base class %U", name);
			Py_XDECREF(name);
			return -1;
		}
	return 0;
}

/* A new list: type, then its bases' orders merged. */
static PyObject *linearize(PyTypeObject *type)
{
	PyObject *bases = type->tp_bases, *result = PyList_New(0);
	Py_ssize_t n = PyTuple_GET_SIZE(bases);
	struct merge m = {.n = n + 1};

	m.sequences = PyMem_Calloc((size_t)n + 1, sizeof(*m.sequences));
	m.heads = PyMem_Calloc((size_t)n + 1, sizeof(*m.heads));
	if (!result || !m.sequences || !m.heads) {
		PyErr_NoMemory();
		goto fail;
	}
	if (check_duplicates(bases) < 0 || PyList_Append(result, (PyObject *)type) < 0)
		goto fail;
	for (Py_ssize_t i = 0; i < n; i++) {
		PyTypeObject *base = (PyTypeObject *)PyTuple_GET_ITEM(bases, i);

		if (!base->tp_mro) {
			PyErr_Format(PyExc_TypeError, "Cannot extend an incomplete type '%.100s'",
				     base->tp_name);
			goto fail;
		}
		m.sequences[i] = base->tp_mro;
	}
	m.sequences[n] = bases;
	if (merge(&m, result) < 0)
		goto fail;
	goto done;
fail:
	Py_CLEAR(result);
done:
	PyMem_Free(m.sequences);
	PyMem_Free(m.heads);
	return result;
}

/* What a metaclass's own mro() says. */
static PyObject *custom_mro(PyTypeObject *type)
{
	PyObject *r = PyObject_CallMethodNoArgs((PyObject *)type, _Py_ID(mro)), *mro;

	if (!r)
		return NULL;
	mro = PySequence_Tuple(r);
	Py_DECREF(r);
	for (Py_ssize_t i = 0; mro && i < PyTuple_GET_SIZE(mro); i++)
		if (!PyType_Check(PyTuple_GET_ITEM(mro, i))) {
			PyErr_Format(PyExc_TypeError, "mro() returned a non-class ('%.500s')",
				     Py_TYPE(PyTuple_GET_ITEM(mro, i))->tp_name);
			Py_CLEAR(mro);
		}
	return mro;
}

int _PyType_ComputeMro(PyTypeObject *type)
{
	PyObject *list = linearize(type), *mro;

	if (!list)
		return -1;
	mro = PyList_AsTuple(list);
	Py_DECREF(list);
	if (!mro)
		return -1;
	Py_XSETREF(type->tp_mro, mro);
	if (!Py_IS_TYPE(type, &PyType_Type) && _PyType_Lookup(Py_TYPE(type), _Py_ID(mro)) !=
						       _PyType_Lookup(&PyType_Type, _Py_ID(mro))) {
		mro = custom_mro(type);
		if (!mro)
			return -1;
		Py_XSETREF(type->tp_mro, mro);
		type->tp_flags |= Py_TPFLAGS_CUSTOM_MRO;
	}
	return 0;
}

/* -- Layout ------------------------------------------------------------------------------------ */
/* Whether type's instances have more than base's, the dict and weak reference pointers aside. */
static bool extends_layout(PyTypeObject *type, PyTypeObject *base)
{
	Py_ssize_t size = type->tp_basicsize;

	if (type->tp_itemsize != base->tp_itemsize)
		return true;
	if (PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE)) {
		if (type->tp_weaklistoffset > 0 && base->tp_weaklistoffset == 0)
			size -= (Py_ssize_t)sizeof(PyObject *);
		if (type->tp_dictoffset > 0 && base->tp_dictoffset == 0)
			size -= (Py_ssize_t)sizeof(PyObject *);
	}
	return size != base->tp_basicsize;
}

static PyTypeObject *solid_base(PyTypeObject *type)
{
	PyTypeObject *base = type->tp_base ? solid_base(type->tp_base) : &PyBaseObject_Type;

	return extends_layout(type, base) ? type : base;
}

PyTypeObject *_PyType_BestBase(PyObject *bases)
{
	PyTypeObject *best = NULL, *winner = NULL;

	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(bases); i++) {
		PyTypeObject *base = (PyTypeObject *)PyTuple_GET_ITEM(bases, i), *candidate;

		if (!PyType_Check(base)) {
			PyErr_SetString(PyExc_TypeError, "bases must be types");
			return NULL;
		}
		if (!PyType_HasFeature(base, Py_TPFLAGS_READY) && PyType_Ready(base) < 0)
			return NULL;
		if (!PyType_HasFeature(base, Py_TPFLAGS_BASETYPE)) {
			PyErr_Format(PyExc_TypeError,
				     "type '%.100s' is not an acceptable base type", base->tp_name);
			return NULL;
		}
		candidate = solid_base(base);
		if (!winner || (winner != candidate && PyType_IsSubtype(candidate, winner))) {
			winner = candidate;
			best = base;
		} else if (!PyType_IsSubtype(winner, candidate)) {
			PyErr_SetString(PyExc_TypeError,
					"multiple bases have instance lay-out conflict");
			return NULL;
		}
	}
	return best;
}
