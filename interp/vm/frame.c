/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frame objects: made for each call, recycled by size. A recycled frame is off every list and has
 * reference count 0; the inspector only follows the chain from a thread state, so it never sees
 * one.
 */
#include "vm/frame.h"

#include "core/errors.h"
#include "objects/cell.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/function.h"
#include "objects/long.h"
#include "objects/tuple.h"
#include "objects/bytes.h"
#include "objects/unicode.h"

/* Free frames by slots rounded up to a class: most calls find one that fits. */
#define CLASS_SLOTS 8
#define CLASSES     16
#define CLASS_MAX   PY_FREE_MAX(64)

static PyFrameObject *free_frames[CLASSES];
static int free_count[CLASSES];

static int size_class(Py_ssize_t slots)
{
	return (int)((slots + CLASS_SLOTS - 1) / CLASS_SLOTS);
}

/* Everything set but the slots and what is borrowed or owned by kind of frame. */
static inline PyFrameObject *frame_alloc(PyCodeObject *code)
{
	Py_ssize_t slots = (Py_ssize_t)code->co_nlocalsplus + code->co_stacksize;
	int class = size_class(slots);
	PyFrameObject *f;

	if (Py_LIKELY(class < CLASSES && free_frames[class])) {
		f = free_frames[class];
		free_frames[class] = f->f_back;
		free_count[class]--;
		_Py_NewReference((PyObject *)f);
	} else {
		if (class < CLASSES)
			slots = (Py_ssize_t) class * CLASS_SLOTS;
		f = PyObject_GC_NewVar(PyFrameObject, &PyFrame_Type, slots);
		if (!f)
			return NULL;
		f->f_is_entry = 1;
	}
	f->f_back = NULL;
	f->f_code = (PyCodeObject *)Py_NewRef(code);
	f->f_gen = NULL;
	f->f_stacktop = f->f_localsplus + code->co_nlocalsplus;
	f->f_lasti = -1;
	f->f_state = PY_FRAME_CREATED;
	f->f_owner = 0;
	f->f_trace_lines = true;
	f->f_trace_opcodes = false;
	f->f_trace = NULL;
	return f;
}

PyFrameObject *PyFrame_New(PyCodeObject *code, PyObject *globals, PyObject *builtins,
			   PyObject *locals)
{
	PyFrameObject *f = frame_alloc(code);

	if (!f)
		return NULL;
	f->f_globals = Py_NewRef(globals);
	f->f_builtins = Py_NewRef(builtins);
	f->f_locals = Py_XNewRef(locals);
	f->f_func = NULL;
	for (int i = 0; i < code->co_nlocalsplus; i++)
		f->f_localsplus[i] = NULL;
	return f;
}

/* func's reference is taken over. */
static inline PyFrameObject *function_frame(PyFunctionObject *func, PyObject *locals)
{
	PyFrameObject *f = frame_alloc((PyCodeObject *)func->func_code);

	if (!f)
		return NULL;
	f->f_globals = func->func_globals;
	f->f_builtins = func->func_builtins;
	f->f_locals = locals;
	f->f_func = (PyObject *)func;
	return f;
}

PyFrameObject *_PyFrame_OfFunction(PyObject *func, PyObject *locals)
{
	PyFrameObject *f = function_frame((PyFunctionObject *)func, Py_XNewRef(locals));

	if (!f) {
		Py_XDECREF(locals);
		return NULL;
	}
	Py_INCREF(func);
	for (int i = 0; i < f->f_code->co_nlocalsplus; i++)
		f->f_localsplus[i] = NULL;
	return f;
}

PyFrameObject *_PyFrame_ForCall(PyObject *func, PyObject **values, Py_ssize_t n)
{
	PyFrameObject *f = function_frame((PyFunctionObject *)func, NULL);

	if (!f)
		return NULL;
	Py_ssize_t i = 0;

	for (; i < n; i++)
		f->f_localsplus[i] = values[i];
	for (n = f->f_code->co_nlocalsplus; i < n; i++)
		f->f_localsplus[i] = NULL;
	return f;
}

void _PyFrame_ClearSlots(PyFrameObject *f)
{
	PyObject **top = f->f_stacktop;

	f->f_stacktop = f->f_localsplus + f->f_code->co_nlocalsplus;
	while (top > f->f_stacktop) {
		PyObject *o = *--top;

		Py_XDECREF(o);
	}
	for (int i = 0; i < f->f_code->co_nlocalsplus; i++)
		Py_CLEAR(f->f_localsplus[i]);
}

/* The count is 0 and the frame untracked: nobody can see it any more. */
static void frame_release(PyFrameObject *f)
{
	for (PyObject **p = f->f_localsplus; p < f->f_stacktop; p++)
		Py_XDECREF(*p);
	Py_XDECREF(f->f_locals);
	Py_XDECREF(f->f_trace);
	if (f->f_func) {
		Py_DECREF(f->f_func);
	} else {
		Py_DECREF(f->f_globals);
		Py_DECREF(f->f_builtins);
	}
	Py_DECREF(f->f_code);
	f->f_code = NULL;
	int class = size_class(f->ob_size);

	if (Py_LIKELY(class < CLASSES && free_count[class] < CLASS_MAX)) {
		f->f_back = free_frames[class];
		free_frames[class] = f;
		free_count[class]++;
	} else {
		PyObject_GC_Del(f);
	}
}

void _PyFrame_Finish(PyFrameObject *f)
{
	if (Py_LIKELY(Py_REFCNT(f) == 1)) {
		_Py_COUNT_REFS(-1);
		f->ob_refcnt = 0;
		frame_release(f);
		return;
	}
	if (f->f_state != PY_FRAME_SUSPENDED)
		PyObject_GC_Track(f);
	Py_DECREF(f);
}

static void frame_dealloc(PyObject *self)
{
	PyFrameObject *f = (PyFrameObject *)self;

	PyObject_GC_UnTrack(f);
	Py_TRASHCAN_BEGIN(f) f->f_state = PY_FRAME_CLEARED;
	Py_CLEAR(f->f_back);
	frame_release(f);
	Py_TRASHCAN_END
}

static int frame_traverse(PyObject *self, visitproc visit, void *arg)
{
	PyFrameObject *f = (PyFrameObject *)self;

	if (f->f_state != PY_FRAME_EXECUTING)
		Py_VISIT(f->f_back);
	Py_VISIT(f->f_code);
	if (f->f_func) {
		Py_VISIT(f->f_func);
	} else {
		Py_VISIT(f->f_globals);
		Py_VISIT(f->f_builtins);
	}
	Py_VISIT(f->f_locals);
	Py_VISIT(f->f_trace);
	for (PyObject **p = f->f_localsplus; p < f->f_stacktop; p++)
		Py_VISIT(*p);
	return 0;
}

/* A generator's frame is cleared together with the generator. */
static int frame_tp_clear(PyObject *self)
{
	PyFrameObject *f = (PyFrameObject *)self;

	if (f->f_state != PY_FRAME_EXECUTING && !f->f_gen)
		_PyFrame_ClearSlots(f);
	return 0;
}

int PyFrame_GetLineNumber(PyFrameObject *f)
{
	if (f->f_lasti < 0)
		return f->f_code->co_firstlineno;
	int line = PyCode_Addr2Line(f->f_code, f->f_lasti);

	return line < 0 ? 0 : line;
}

/* The value of a slot as a Python program sees it: a cell's content, or NULL when unbound. */
static PyObject *slot_value(PyFrameObject *f, int slot)
{
	uint8_t kind = (uint8_t)PyBytes_AS_STRING(f->f_code->co_localspluskinds)[slot];
	PyObject *value = f->f_localsplus[slot];

	if (value && (kind & (CO_FAST_CELL | CO_FAST_FREE)) && PyCell_Check(value))
		return PyCell_GET(value);
	return value;
}

PyObject *PyFrame_GetLocals(PyFrameObject *f)
{
	PyCodeObject *co = f->f_code;

	if (!(co->co_flags & CO_OPTIMIZED))
		return Py_NewRef(f->f_locals ? f->f_locals : f->f_globals);
	PyObject *locals = PyDict_New();

	if (!locals)
		return NULL;
	for (int i = 0; i < co->co_nlocalsplus; i++) {
		PyObject *value = slot_value(f, i);

		if (value && PyDict_SetItem(locals, PyTuple_GET_ITEM(co->co_localsplusnames, i),
					    value) < 0) {
			Py_DECREF(locals);
			return NULL;
		}
	}
	return locals;
}

static PyObject *frame_repr(PyObject *self)
{
	PyFrameObject *f = (PyFrameObject *)self;

	return PyUnicode_FromFormat("<frame at %p, file %R, line %d, code %S>", f,
				    f->f_code->co_filename, PyFrame_GetLineNumber(f),
				    f->f_code->co_name);
}

static PyObject *get_back(PyObject *self, void *closure)
{
	PyFrameObject *f = (PyFrameObject *)self;

	return Py_NewRef(f->f_back ? (PyObject *)f->f_back : Py_None);
}

static PyObject *get_code(PyObject *self, void *closure)
{
	return Py_NewRef(((PyFrameObject *)self)->f_code);
}

static PyObject *get_globals(PyObject *self, void *closure)
{
	return Py_NewRef(((PyFrameObject *)self)->f_globals);
}

static PyObject *get_builtins(PyObject *self, void *closure)
{
	return Py_NewRef(((PyFrameObject *)self)->f_builtins);
}

static PyObject *get_locals(PyObject *self, void *closure)
{
	return PyFrame_GetLocals((PyFrameObject *)self);
}

static PyObject *get_lineno(PyObject *self, void *closure)
{
	int line = PyFrame_GetLineNumber((PyFrameObject *)self);

	return line ? PyLong_FromLong(line) : Py_NewRef(Py_None);
}

static PyObject *get_lasti(PyObject *self, void *closure)
{
	int lasti = ((PyFrameObject *)self)->f_lasti;

	return PyLong_FromLong(lasti < 0 ? -1 : lasti * 2);
}

static PyObject *frame_clear(PyObject *self, PyObject *unused)
{
	PyFrameObject *f = (PyFrameObject *)self;

	if (f->f_state == PY_FRAME_EXECUTING) {
		PyErr_SetString(PyExc_RuntimeError, "cannot clear an executing frame");
		return NULL;
	}
	if (f->f_state != PY_FRAME_SUSPENDED && f->f_state != PY_FRAME_CREATED)
		_PyFrame_ClearSlots(f);
	Py_RETURN_NONE;
}

static PyObject *get_trace(PyObject *self, void *closure)
{
	PyObject *func = ((PyFrameObject *)self)->f_trace;

	return Py_NewRef(func ? func : Py_None);
}

static int set_trace(PyObject *self, PyObject *value, void *closure)
{
	Py_XSETREF(((PyFrameObject *)self)->f_trace,
		   value && !Py_IsNone(value) ? Py_NewRef(value) : NULL);
	return 0;
}

static PyMemberDef frame_members[] = {
	{"f_trace_lines", Py_T_BOOL, offsetof(PyFrameObject, f_trace_lines), 0, NULL},
	{"f_trace_opcodes", Py_T_BOOL, offsetof(PyFrameObject, f_trace_opcodes), 0, NULL},
	{0},
};

static PyMethodDef frame_methods[] = {
	{"clear", frame_clear, METH_NOARGS, "Clear all references held by the frame."},
	{0},
};

static PyGetSetDef frame_getset[] = {
	{"f_back", get_back, NULL, NULL, NULL},
	{"f_code", get_code, NULL, NULL, NULL},
	{"f_globals", get_globals, NULL, NULL, NULL},
	{"f_builtins", get_builtins, NULL, NULL, NULL},
	{"f_locals", get_locals, NULL, NULL, NULL},
	{"f_lineno", get_lineno, NULL, NULL, NULL},
	{"f_lasti", get_lasti, NULL, NULL, NULL},
	{"f_trace", get_trace, set_trace, NULL, NULL},
	{0},
};

PyTypeObject PyFrame_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "frame",
	.tp_basicsize = sizeof(PyFrameObject),
	.tp_itemsize = sizeof(PyObject *),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
	.tp_dealloc = frame_dealloc,
	.tp_repr = frame_repr,
	.tp_traverse = frame_traverse,
	.tp_clear = frame_tp_clear,
	.tp_methods = frame_methods,
	.tp_getset = frame_getset,
	.tp_members = frame_members,
};
