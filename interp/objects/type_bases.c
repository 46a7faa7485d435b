/* SPDX-License-Identifier: BSD-2-Clause */
/* Assignment to a class's __bases__: it and its subclasses are put in order anew, or nothing is. */
#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/list.h"
#include "objects/slots.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/type_impl.h"

static int check_bases(PyTypeObject *type, PyObject *bases)
{
	if (!PyTuple_Check(bases) || !PyTuple_GET_SIZE(bases)) {
		PyErr_Format(PyExc_TypeError,
			     PyTuple_Check(bases)
				     ? "can only assign non-empty tuple to %s.__bases__, not ()"
				     : "can only assign tuple to %s.__bases__, not %s",
			     type->tp_name, Py_TYPE(bases)->tp_name);
		return -1;
	}
	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(bases); i++) {
		PyObject *base = PyTuple_GET_ITEM(bases, i);

		if (!PyType_Check(base)) {
			PyErr_Format(PyExc_TypeError,
				     "%s.__bases__ must be tuple of classes, not '%s'",
				     type->tp_name, Py_TYPE(base)->tp_name);
			return -1;
		}
		if (PyType_IsSubtype((PyTypeObject *)base, type)) {
			PyErr_SetString(PyExc_TypeError,
					"a __bases__ item causes an inheritance cycle");
			return -1;
		}
	}
	return 0;
}

/* New orders for type and all below it; what they were is appended to done as (type, order). */
static int reorder(PyTypeObject *type, PyObject *done)
{
	PyObject *pair = PyTuple_Pack(2, type, type->tp_mro), *subclasses;
	int status = pair ? PyList_Append(done, pair) : -1;

	Py_XDECREF(pair);
	if (status < 0 || _PyType_ComputeMro(type) < 0)
		return -1;
	/* mro() of a metaclass may make and drop classes. */
	subclasses = PyList_New(0);
	if (!subclasses)
		return -1;
	for (Py_ssize_t i = 0; type->tp_subclasses && i < PyList_GET_SIZE(type->tp_subclasses); i++)
		if (PyList_Append(subclasses, (PyObject *)_PyType_Subclass(type, i)) < 0)
			status = -1;
	for (Py_ssize_t i = 0; status == 0 && i < PyList_GET_SIZE(subclasses); i++)
		status = reorder((PyTypeObject *)PyList_GET_ITEM(subclasses, i), done);
	Py_DECREF(subclasses);
	return status;
}

static void restore(PyObject *done)
{
	for (Py_ssize_t i = 0; i < PyList_GET_SIZE(done); i++) {
		PyObject *pair = PyList_GET_ITEM(done, i);
		PyTypeObject *type = (PyTypeObject *)PyTuple_GET_ITEM(pair, 0);

		Py_XSETREF(type->tp_mro, Py_NewRef(PyTuple_GET_ITEM(pair, 1)));
		PyType_Modified(type);
	}
}

static void set_of(PyTypeObject *type, PyObject *bases, PyTypeObject *base)
{
	Py_XSETREF(type->tp_bases, Py_NewRef(bases));
	if (type->tp_base != base)
		Py_XSETREF(type->tp_base, (PyTypeObject *)Py_NewRef(base));
}

/* The classes of done, type first, have their slots from other bases now. */
static void fix_slots(PyObject *done)
{
	for (Py_ssize_t i = 0; i < PyList_GET_SIZE(done); i++) {
		PyTypeObject *type = (PyTypeObject *)PyTuple_GET_ITEM(PyList_GET_ITEM(done, i), 0);

		PyType_Modified(type);
		_PySlots_Fixup(type);
	}
}

static int move_below(PyTypeObject *type, PyObject *old_bases, PyObject *bases)
{
	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(old_bases); i++)
		_PyType_RemoveSubclass((PyTypeObject *)PyTuple_GET_ITEM(old_bases, i), type);
	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(bases); i++)
		if (_PyType_AddSubclass((PyTypeObject *)PyTuple_GET_ITEM(bases, i), type) < 0)
			return -1;
	return 0;
}

int _PyType_SetBases(PyTypeObject *type, PyObject *bases)
{
	PyTypeObject *base = check_bases(type, bases) < 0 ? NULL : _PyType_BestBase(bases);

	if (!base)
		return -1;
	if (!_PyType_SameLayout(base, type->tp_base)) {
		PyErr_Format(PyExc_TypeError, "__bases__ assignment: '%s' %s differs from '%s'",
			     base->tp_name,
			     base->tp_dealloc != type->tp_base->tp_dealloc ? "deallocator"
									   : "object layout",
			     type->tp_base->tp_name);
		return -1;
	}
	PyObject *done = PyList_New(0), *old_bases = Py_NewRef(type->tp_bases);
	PyTypeObject *old_base = (PyTypeObject *)Py_NewRef(type->tp_base);
	int status = -1;

	Py_INCREF(type);
	set_of(type, bases, base);
	if (done && reorder(type, done) == 0) {
		status = move_below(type, old_bases, bases);
		fix_slots(done);
	} else {
		if (done)
			restore(done);
		if (type->tp_bases == bases)
			set_of(type, old_bases, old_base);
		PyType_Modified(type);
	}
	Py_XDECREF(done);
	Py_DECREF(old_bases);
	Py_DECREF(old_base);
	Py_DECREF(type);
	return status;
}
