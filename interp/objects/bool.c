/* SPDX-License-Identifier: BSD-2-Clause */
/* bool: what differs from int is the text, the making, and that & | ^ of bools stay bools. */
#include "objects/bool.h"

#include "objects/abstract.h"
#include "objects/call.h"
#include "objects/unicode.h"

PyLongObject _Py_FalseStruct = {PyVarObject_HEAD_INIT(&PyBool_Type, 0), {0}};
PyLongObject _Py_TrueStruct = {PyVarObject_HEAD_INIT(&PyBool_Type, 1), {1}};

static PyObject *bool_repr(PyObject *o)
{
	return PyUnicode_InternFromString(o == Py_True ? "True" : "False");
}

static PyObject *make(PyObject *x)
{
	int truth = x ? PyObject_IsTrue(x) : 0;

	return truth < 0 ? NULL : PyBool_FromLong(truth);
}

static PyObject *bool_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *x = NULL;

	if (!PyArg_NoKeywords("bool", kwargs) || !PyArg_UnpackTuple(args, "bool", 0, 1, &x))
		return NULL;
	return make(x);
}

static PyObject *bool_construct(PyObject *type, PyObject *const *args, size_t nargsf,
				PyObject *kwnames)
{
	Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);

	if (!PyArg_NoKwnames("bool", kwnames) || !PyArg_CheckPositional("bool", nargs, 0, 1))
		return NULL;
	return make(nargs ? args[0] : NULL);
}

static PyObject *bool_and(PyObject *a, PyObject *b)
{
	if (!PyBool_Check(a) || !PyBool_Check(b))
		return PyLong_Type.nb_and(a, b);
	return PyBool_FromLong((a == Py_True) & (b == Py_True));
}

static PyObject *bool_or(PyObject *a, PyObject *b)
{
	if (!PyBool_Check(a) || !PyBool_Check(b))
		return PyLong_Type.nb_or(a, b);
	return PyBool_FromLong((a == Py_True) | (b == Py_True));
}

static PyObject *bool_xor(PyObject *a, PyObject *b)
{
	if (!PyBool_Check(a) || !PyBool_Check(b))
		return PyLong_Type.nb_xor(a, b);
	return PyBool_FromLong((a == Py_True) ^ (b == Py_True));
}

PyTypeObject PyBool_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "bool",
	.tp_basicsize = sizeof(PyLongObject) + sizeof(uint64_t),
	.tp_itemsize = sizeof(uint64_t),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_LONG_SUBCLASS,
	.tp_doc = "bool(x) -> bool\n\nReturns True when the argument x is true, False otherwise.",
	.tp_base = &PyLong_Type,
	.tp_repr = bool_repr,
	.tp_new = bool_new,
	.tp_construct = bool_construct,
	.nb_and = bool_and,
	.nb_or = bool_or,
	.nb_xor = bool_xor,
};
