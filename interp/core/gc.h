/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The cyclic collector.
 *
 * Tracked containers stand in circular lists, one a generation; going along `next` works at any
 * instant that the GIL is held. Two bits of `prev` are flags; the rest is the pointer or, while a
 * collection counts, the number of references from outside the list.
 */
#ifndef MINIPY_CORE_GC_H
#define MINIPY_CORE_GC_H

#include "core/object.h"

#define PY_GC_GENERATIONS 3
#define PY_GC_FINALIZED   1u /* tp_finalize has run; kept while the object lives */
#define PY_GC_COLLECTING  2u /* the object is in the list that is being collected */
#define PY_GC_FLAGS       (PY_GC_FINALIZED | PY_GC_COLLECTING)

struct _PyGCGeneration {
	PyGC_Head head; /* its own next when empty */
	int threshold;
	int count; /* 0: containers made less those freed; others: collections of the younger one */
	Py_ssize_t collections, collected, uncollectable;
};

struct _PyGCState {
	struct _PyGCGeneration generations[PY_GC_GENERATIONS];
	PyGC_Head frozen; /* gc.freeze() put these away */
	bool enabled;
	int debug; /* gc.DEBUG_* */
	Py_ssize_t long_lived_total, long_lived_pending;
};
extern struct _PyGCState _PyGC;
extern Py_ssize_t _PyGC_tracked; /* objects in all lists */

enum { PY_GC_DEBUG_SAVEALL = 32 };

static inline PyGC_Head *_PyGC_Prev(const PyGC_Head *g)
{
	return (PyGC_Head *)((uintptr_t)g->prev & ~(uintptr_t)PY_GC_FLAGS);
}
static inline void _PyGC_SetPrev(PyGC_Head *g, PyGC_Head *prev)
{
	g->prev = (PyGC_Head *)((uintptr_t)prev | ((uintptr_t)g->prev & PY_GC_FLAGS));
}
static inline bool _PyGC_HasFlag(const PyGC_Head *g, unsigned flag)
{
	return ((uintptr_t)g->prev & flag) != 0;
}

/* Collects the generation and the younger ones, unless a collection runs: objects freed. Any
 * pending exception stays as it is; errors of finalizers are written to stderr. */
Py_ssize_t _PyGC_Collect(int generation);
/* At a safe point, when an allocation has set PY_BREAK_GC. */
void _PyGC_CollectDue(void);
/* gc.freeze(): all tracked objects out of the generations, and back into the oldest. */
void _PyGC_Freeze(void);
void _PyGC_Unfreeze(void);
/* tp_finalize, at most once in an object's life. o's reference count must be above 0. */
void PyObject_CallFinalizer(PyObject *o);
/* The same from a destructor, where the count is 0: true when the object lives on. */
bool PyObject_CallFinalizerFromDealloc(PyObject *o);
/* An object that has more references from tracked objects than it counts, or NULL: a tp_traverse
 * or a reference count is wrong. For tests. */
PyObject *_PyGC_FindInconsistent(void);

/* What higher rooms do for the collector. Weak references to o die; those with a callback, whose
 * reference object will live on, are remembered in *todo. */
extern void (*_PyGC_weakref_hook)(PyObject *o, PyObject **todo);
/* Calls the remembered callbacks; steals todo. */
extern void (*_PyGC_weakref_callbacks_hook)(PyObject *todo);
extern void (*_PyGC_phase_hook)(const char *phase, int generation, Py_ssize_t collected,
				Py_ssize_t uncollectable);
/* Puts an unreachable object into gc.garbage (DEBUG_SAVEALL). */
extern void (*_PyGC_save_hook)(PyObject *o);
/* Whether o, which a weak reference's callback belongs to, is going to be freed with the rest. */
static inline bool _PyGC_IsDoomed(PyObject *o)
{
	return PyObject_IS_GC(o) && _Py_AS_GC(o)->next &&
	       _PyGC_HasFlag(_Py_AS_GC(o), PY_GC_COLLECTING);
}

#endif
