/* SPDX-License-Identifier: BSD-2-Clause */
/* Cells. */
#include "objects/cell.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/unicode.h"

PyObject *PyCell_New(PyObject *content)
{
	PyCellObject *c = PyObject_GC_New(PyCellObject, &PyCell_Type);

	if (!c)
		return NULL;
	c->ob_ref = Py_XNewRef(content);
	PyObject_GC_Track(c);
	return (PyObject *)c;
}

PyObject *PyCell_Get(PyObject *cell)
{
	return Py_XNewRef(PyCell_GET(cell));
}

int PyCell_Set(PyObject *cell, PyObject *content)
{
	PyCellObject *c = (PyCellObject *)cell;

	Py_XINCREF(content);
	Py_XSETREF(c->ob_ref, content);
	return 0;
}

static PyObject *cell_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *content = NULL;

	if (!PyArg_NoKeywords("cell", kwargs) || !PyArg_UnpackTuple(args, "cell", 0, 1, &content))
		return NULL;
	return PyCell_New(content);
}

static void cell_dealloc(PyObject *o)
{
	PyObject_GC_UnTrack(o);
	Py_TRASHCAN_BEGIN(o) Py_XDECREF(PyCell_GET(o));
	PyObject_GC_Del(o);
	Py_TRASHCAN_END
}

static int cell_traverse(PyObject *o, visitproc visit, void *arg)
{
	Py_VISIT(PyCell_GET(o));
	return 0;
}

static int cell_clear(PyObject *o)
{
	Py_CLEAR(PyCell_GET(o));
	return 0;
}

static PyObject *cell_repr(PyObject *o)
{
	PyObject *c = PyCell_GET(o);

	if (!c)
		return PyUnicode_FromFormat("<cell at %p: empty>", o);
	return PyUnicode_FromFormat("<cell at %p: %.80s object at %p>", o, Py_TYPE(c)->tp_name, c);
}

static PyObject *cell_richcompare(PyObject *a, PyObject *b, int op)
{
	if (!PyCell_Check(a) || !PyCell_Check(b))
		Py_RETURN_NOTIMPLEMENTED;
	a = PyCell_GET(a);
	b = PyCell_GET(b);
	if (a && b)
		return PyObject_RichCompare(a, b, op);
	Py_RETURN_RICHCOMPARE(a != NULL, b != NULL, op);
}

static PyObject *cell_get_contents(PyObject *o, void *closure)
{
	if (!PyCell_GET(o))
		PyErr_SetString(PyExc_ValueError, "Cell is empty");
	return Py_XNewRef(PyCell_GET(o));
}

static int cell_set_contents(PyObject *o, PyObject *value, void *closure)
{
	return PyCell_Set(o, value);
}

static PyGetSetDef cell_getset[] = {
	{"cell_contents", cell_get_contents, cell_set_contents, NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL},
};

PyTypeObject PyCell_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "cell",
	.tp_basicsize = sizeof(PyCellObject),
	.tp_flags = Py_TPFLAGS_HAVE_GC,
	.tp_dealloc = cell_dealloc,
	.tp_traverse = cell_traverse,
	.tp_clear = cell_clear,
	.tp_repr = cell_repr,
	.tp_richcompare = cell_richcompare,
	.tp_getset = cell_getset,
	.tp_new = cell_new,
};
