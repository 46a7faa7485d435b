/* SPDX-License-Identifier: BSD-2-Clause */
/* Traceback objects. How they are printed is lib/print_exception.c's business. */
#include "vm/traceback.h"

#include "core/errors.h"
#include "objects/descr.h"
#include "objects/exceptions.h"
#include "objects/long.h"

void PyTraceBack_Here(PyFrameObject *f)
{
	PyThreadState *ts = PyThreadState_Get();
	PyBaseExceptionObject *exc = (PyBaseExceptionObject *)ts->current_exception;
	PyTracebackObject *tb = PyObject_GC_New(PyTracebackObject, &PyTraceBack_Type);

	if (!tb)
		return;
	tb->tb_next = (PyTracebackObject *)exc->traceback;
	tb->tb_frame = (PyFrameObject *)Py_NewRef(f);
	tb->tb_lasti = f->f_lasti;
	tb->tb_lineno = PyFrame_GetLineNumber(f);
	exc->traceback = (PyObject *)tb;
	PyObject_GC_Track(tb);
}

static void tb_dealloc(PyObject *self)
{
	PyTracebackObject *tb = (PyTracebackObject *)self;

	PyObject_GC_UnTrack(self);
	Py_TRASHCAN_BEGIN(self) Py_CLEAR(tb->tb_next);
	Py_CLEAR(tb->tb_frame);
	PyObject_GC_Del(self);
	Py_TRASHCAN_END
}

static int tb_traverse(PyObject *self, visitproc visit, void *arg)
{
	Py_VISIT(((PyTracebackObject *)self)->tb_next);
	Py_VISIT(((PyTracebackObject *)self)->tb_frame);
	return 0;
}

static PyObject *get_next(PyObject *self, void *closure)
{
	PyTracebackObject *next = ((PyTracebackObject *)self)->tb_next;

	return Py_NewRef(next ? (PyObject *)next : Py_None);
}

static int set_next(PyObject *self, PyObject *value, void *closure)
{
	PyTracebackObject *tb = (PyTracebackObject *)self;

	if (!value || (!Py_IsNone(value) && !PyTraceBack_Check(value))) {
		PyErr_SetString(PyExc_TypeError, "expected traceback object");
		return -1;
	}
	PyTracebackObject *next = Py_IsNone(value) ? NULL : (PyTracebackObject *)value;

	for (PyTracebackObject *t = next; t; t = t->tb_next)
		if (t == tb) {
			PyErr_SetString(PyExc_ValueError, "traceback loop detected");
			return -1;
		}
	Py_XSETREF(tb->tb_next, (PyTracebackObject *)Py_XNewRef(next));
	return 0;
}

static PyObject *get_frame(PyObject *self, void *closure)
{
	return Py_NewRef(((PyTracebackObject *)self)->tb_frame);
}

static PyObject *get_lasti(PyObject *self, void *closure)
{
	return PyLong_FromLong(((PyTracebackObject *)self)->tb_lasti * 2);
}

static PyGetSetDef tb_getset[] = {
	{"tb_next", get_next, set_next, NULL, NULL},
	{"tb_frame", get_frame, NULL, NULL, NULL},
	{"tb_lasti", get_lasti, NULL, NULL, NULL},
	{0},
};

static PyMemberDef tb_members[] = {
	{"tb_lineno", Py_T_INT, offsetof(PyTracebackObject, tb_lineno), Py_READONLY, NULL},
	{0},
};

PyTypeObject PyTraceBack_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "traceback",
	.tp_basicsize = sizeof(PyTracebackObject),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
	.tp_dealloc = tb_dealloc,
	.tp_traverse = tb_traverse,
	.tp_getset = tb_getset,
	.tp_members = tb_members,
};
