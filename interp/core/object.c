/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory of objects: where they come from, the list of tracked containers, and deallocation that
 * does not use up the C stack.
 */
#include "core/object.h"

#include "core/errors.h"
#include "core/gc.h"
#include "core/state.h"

/* Nested deallocations before the next one is put off. */
#define TRASH_DEPTH_MAX 50

Py_ssize_t _PyGC_tracked;

/* Bytes of an object with n items, or 0 on overflow. */
static size_t var_size(PyTypeObject *type, Py_ssize_t n)
{
	size_t size;

	if (n < 0 || __builtin_mul_overflow((size_t)n, (size_t)type->tp_itemsize, &size) ||
	    __builtin_add_overflow(size, (size_t)type->tp_basicsize, &size) ||
	    size > PY_SSIZE_T_MAX / 2)
		return 0;
	return size;
}

static void *init_head(void *memory, PyTypeObject *type)
{
	PyObject *o = memory;

	o->ob_type = type;
	_Py_NewReference(o);
	if (PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE))
		Py_INCREF(type);
	return o;
}

static void *allocate(PyTypeObject *type, size_t size, bool gc)
{
	size_t before = gc ? sizeof(PyGC_Head) + (size_t)type->tp_prefixsize : 0;
	char *memory = size ? PyMem_Malloc(before + size) : NULL;

	if (!memory)
		return PyErr_NoMemory();
	memset(memory, 0, before);
	return init_head(memory + before, type);
}

PyObject *_PyObject_New(PyTypeObject *type)
{
	return allocate(type, (size_t)type->tp_basicsize, false);
}

PyObject *_PyObject_GC_New(PyTypeObject *type)
{
	return allocate(type, (size_t)type->tp_basicsize, true);
}

PyVarObject *_PyObject_NewVar(PyTypeObject *type, Py_ssize_t n)
{
	PyVarObject *o = allocate(type, var_size(type, n), false);

	if (o)
		o->ob_size = n;
	return o;
}

PyVarObject *_PyObject_GC_NewVar(PyTypeObject *type, Py_ssize_t n)
{
	PyVarObject *o = allocate(type, var_size(type, n), true);

	if (o)
		o->ob_size = n;
	return o;
}

void PyObject_GC_Del(void *o)
{
	if (!o)
		return;
	PyObject_GC_UnTrack(o);
	_Py_COUNT_REFS(-Py_REFCNT(o)); /* not 0 when its making failed */
	PyMem_Free((char *)_Py_AS_GC(o) - Py_TYPE(o)->tp_prefixsize);
}

static Py_NOINLINE void collection_is_due(void)
{
	if (_PyGC.enabled && _PyGC.generations[0].threshold && !(_Py_eval_breaker & PY_BREAK_GC))
		__atomic_fetch_or(&_Py_eval_breaker, PY_BREAK_GC, __ATOMIC_RELEASE);
}

void PyObject_GC_Track(void *o)
{
	PyGC_Head *g = _Py_AS_GC(o), *list = &_PyGC.generations[0].head, *last = list->prev;

	if (g->next)
		return;
	_PyGC_SetPrev(g, last);
	g->next = list;
	last->next = g;
	list->prev = g;
	_PyGC_tracked++;
	if (Py_UNLIKELY(++_PyGC.generations[0].count > _PyGC.generations[0].threshold))
		collection_is_due();
}

void PyObject_GC_UnTrack(void *o)
{
	PyGC_Head *g = _Py_AS_GC(o);

	if (!g->next)
		return;
	PyGC_Head *prev = _PyGC_Prev(g);

	prev->next = g->next;
	_PyGC_SetPrev(g->next, prev);
	g->next = NULL;
	g->prev = (PyGC_Head *)((uintptr_t)g->prev & PY_GC_FINALIZED);
	_PyGC_tracked--;
	if (_PyGC.generations[0].count > 0)
		_PyGC.generations[0].count--;
}

bool PyObject_GC_IsTracked(PyObject *o)
{
	return PyObject_IS_GC(o) && _Py_AS_GC(o)->next;
}

void _Py_Dealloc(PyObject *o)
{
	Py_TYPE(o)->tp_dealloc(o);
}

/* The objects put off are linked through their reference counts, which are 0 by then. */
bool _PyTrash_Begin(PyObject *o)
{
	PyThreadState *ts = PyThreadState_Get();

	/* A class's destructor has begun o already and now calls its base's. */
	if (ts->trash_current != o && ts->trash_depth >= TRASH_DEPTH_MAX) {
		o->ob_refcnt = (Py_ssize_t)(uintptr_t)ts->trash_later;
		ts->trash_later = o;
		return true;
	}
	ts->trash_current = NULL;
	ts->trash_depth++;
	return false;
}

void _PyTrash_End(void)
{
	PyThreadState *ts = PyThreadState_Get();

	if (ts->trash_depth > 1) {
		ts->trash_depth--;
		return;
	}
	while (ts->trash_later) {
		PyObject *o = ts->trash_later;

		ts->trash_later = (PyObject *)(uintptr_t)o->ob_refcnt;
		o->ob_refcnt = 0;
		_Py_Dealloc(o);
	}
	ts->trash_depth--;
}
