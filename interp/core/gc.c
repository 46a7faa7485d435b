/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The cyclic collector: three generations; within one, an object whose references all come from
 * objects of the list, and that no object outside reaches through them, is garbage (the method of
 * CPython's Modules/gcmodule.c). Weak references go first, then finalizers run, then, unless one
 * brought garbage back to life, tp_clear breaks the cycles.
 *
 * While references are counted no Python code runs and nothing is allocated.
 */
#include "core/gc.h"

#include "core/errors.h"
#include "core/heap.h"
#include "core/probe.h"
#include "core/state.h"

/* Builds that look for faults set it to 1: a collection at nearly every safe point. */
#ifndef PY_GC_THRESHOLD
#define PY_GC_THRESHOLD 700
#endif
#define GENERATION(n, limit)                                                      \
	{                                                                         \
		.head = {&_PyGC.generations[n].head, &_PyGC.generations[n].head}, \
		.threshold = limit,                                               \
	}
struct _PyGCState _PyGC = {
	.generations = {GENERATION(0, PY_GC_THRESHOLD), GENERATION(1, 10), GENERATION(2, 10)},
	.frozen = {&_PyGC.frozen, &_PyGC.frozen},
	.enabled = true,
};

void (*_PyGC_weakref_hook)(PyObject *o, PyObject **todo);
void (*_PyGC_weakref_callbacks_hook)(PyObject *todo);
void (*_PyGC_phase_hook)(const char *phase, int generation, Py_ssize_t collected,
			 Py_ssize_t uncollectable);
void (*_PyGC_save_hook)(PyObject *o);

/* In `next`, of objects that seem to be unreachable until something is found to reach them. */
#define UNREACHABLE ((uintptr_t)1)
#define REFS_SHIFT  2

/* -- Lists ------------------------------------------------------------------------------------- */
static void list_init(PyGC_Head *list)
{
	list->next = list->prev = list;
}

static bool list_is_empty(const PyGC_Head *list)
{
	return list->next == list;
}

static void list_append(PyGC_Head *g, PyGC_Head *list)
{
	PyGC_Head *last = list->prev;

	last->next = g;
	_PyGC_SetPrev(g, last);
	g->next = list;
	list->prev = g;
}

static void list_remove(PyGC_Head *g)
{
	PyGC_Head *prev = _PyGC_Prev(g);

	prev->next = g->next;
	_PyGC_SetPrev(g->next, prev);
}

/* All of from behind what is in to. */
static void list_merge(PyGC_Head *from, PyGC_Head *to)
{
	PyGC_Head *last = to->prev;

	if (list_is_empty(from))
		return;
	last->next = from->next;
	_PyGC_SetPrev(from->next, last);
	from->prev->next = to;
	to->prev = from->prev;
	list_init(from);
}

static Py_ssize_t list_size(const PyGC_Head *list)
{
	Py_ssize_t n = 0;

	for (const PyGC_Head *g = list->next; g != list; g = g->next)
		n++;
	return n;
}

static void clear_flag(PyGC_Head *g, unsigned flag)
{
	g->prev = (PyGC_Head *)((uintptr_t)g->prev & ~(uintptr_t)flag);
}

/* -- Finding garbage --------------------------------------------------------------------------- */
static Py_ssize_t refs(const PyGC_Head *g)
{
	return (Py_ssize_t)((uintptr_t)g->prev >> REFS_SHIFT);
}

static void set_refs(PyGC_Head *g, Py_ssize_t n)
{
	g->prev = (PyGC_Head *)((uintptr_t)n << REFS_SHIFT |
				((uintptr_t)g->prev & PY_GC_FINALIZED) | PY_GC_COLLECTING);
}

/* Called for each reference that an object of the list has. *arg becomes an object that has more
 * of them than it counts. */
static int subtract(PyObject *o, void *arg)
{
	if (!PyObject_IS_GC(o))
		return 0;
	PyGC_Head *g = _Py_AS_GC(o);

	if (!g->next || !_PyGC_HasFlag(g, PY_GC_COLLECTING))
		return 0;
	if (refs(g) > 0)
		set_refs(g, refs(g) - 1);
	else if (arg)
		*(PyObject **)arg = o;
	return 0;
}

/* Every object's `prev` becomes its count of references from outside the list. */
static void count_outside(PyGC_Head *list, PyObject **inconsistent)
{
	PyGC_Head *g;

	for (g = list->next; g != list; g = g->next)
		set_refs(g, Py_REFCNT(_Py_FROM_GC(g)));
	for (g = list->next; g != list; g = g->next) {
		PyObject *o = _Py_FROM_GC(g);

		if (Py_TYPE(o)->tp_traverse)
			Py_TYPE(o)->tp_traverse(o, subtract, inconsistent);
	}
}

/* A reachable object has a reference to o, which is reachable then. */
static int reach(PyObject *o, void *arg)
{
	PyGC_Head *list = arg;

	if (!PyObject_IS_GC(o))
		return 0;
	PyGC_Head *g = _Py_AS_GC(o);

	if (!g->next || !_PyGC_HasFlag(g, PY_GC_COLLECTING))
		return 0;
	if ((uintptr_t)g->next & UNREACHABLE) {
		/* Back to the end of the list, where its own references will be looked at. */
		PyGC_Head *prev = _PyGC_Prev(g);
		PyGC_Head *next = (PyGC_Head *)((uintptr_t)g->next & ~UNREACHABLE);

		prev->next = (PyGC_Head *)((uintptr_t)next | ((uintptr_t)prev->next & UNREACHABLE));
		_PyGC_SetPrev(next, prev);
		list_append(g, list);
		set_refs(g, 1);
	} else if (refs(g) == 0) {
		set_refs(g, 1);
	}
	return 0;
}

/* Moves what nothing from outside reaches to unreachable; the rest is an ordinary list again. */
static void split(PyGC_Head *list, PyGC_Head *unreachable)
{
	PyGC_Head *prev = list;
	PyGC_Head *g = list->next;

	while (g != list) {
		if (refs(g) > 0) {
			PyObject *o = _Py_FROM_GC(g);

			if (Py_TYPE(o)->tp_traverse)
				Py_TYPE(o)->tp_traverse(o, reach, list);
			clear_flag(g, PY_GC_COLLECTING);
			g->prev = (PyGC_Head *)((uintptr_t)prev |
						((uintptr_t)g->prev & PY_GC_FINALIZED));
			prev = g;
		} else {
			PyGC_Head *last = unreachable->prev;

			prev->next = g->next;
			last->next = (PyGC_Head *)((uintptr_t)g |
						   (last == unreachable ? 0 : UNREACHABLE));
			_PyGC_SetPrev(g, last);
			g->next = (PyGC_Head *)((uintptr_t)unreachable | UNREACHABLE);
			unreachable->prev = g;
		}
		g = prev->next;
	}
	list->prev = prev;
	for (g = unreachable->next; g != unreachable; g = g->next)
		g->next = (PyGC_Head *)((uintptr_t)g->next & ~UNREACHABLE);
}

static void find_unreachable(PyGC_Head *list, PyGC_Head *unreachable)
{
	list_init(unreachable);
	count_outside(list, NULL);
	split(list, unreachable);
}

/* -- Getting rid of it ------------------------------------------------------------------------- */
static void clear_weakrefs(PyGC_Head *unreachable)
{
	PyObject *todo = NULL;

	if (!_PyGC_weakref_hook)
		return;
	for (PyGC_Head *g = unreachable->next; g != unreachable; g = g->next)
		if (Py_TYPE(_Py_FROM_GC(g))->tp_weaklistoffset)
			_PyGC_weakref_hook(_Py_FROM_GC(g), &todo);
	if (todo)
		_PyGC_weakref_callbacks_hook(todo);
}

void PyObject_CallFinalizer(PyObject *o)
{
	destructor finalize = Py_TYPE(o)->tp_finalize;

	if (!finalize)
		return;
	if (PyObject_IS_GC(o)) {
		PyGC_Head *g = _Py_AS_GC(o);

		if (_PyGC_HasFlag(g, PY_GC_FINALIZED))
			return;
		g->prev = (PyGC_Head *)((uintptr_t)g->prev | PY_GC_FINALIZED);
	}
	finalize(o);
}

bool PyObject_CallFinalizerFromDealloc(PyObject *o)
{
	_Py_NewReference(o);
	PyObject_CallFinalizer(o);
	_Py_COUNT_REFS(-1);
	return --o->ob_refcnt > 0;
}

/* Finalizers may run anything, also free objects of the list. */
static void run_finalizers(PyGC_Head *unreachable)
{
	PyGC_Head done;

	list_init(&done);
	while (!list_is_empty(unreachable)) {
		PyGC_Head *g = unreachable->next;
		PyObject *o = _Py_FROM_GC(g);

		list_remove(g);
		list_append(g, &done);
		if (Py_TYPE(o)->tp_finalize) {
			Py_INCREF(o);
			PyObject_CallFinalizer(o);
			Py_DECREF(o);
		}
	}
	list_merge(&done, unreachable);
}

/* Breaks the cycles; what is still there afterwards goes to old. */
static void delete_garbage(PyGC_Head *garbage, PyGC_Head *old)
{
	while (!list_is_empty(garbage)) {
		PyGC_Head *g = garbage->next;
		PyObject *o = _Py_FROM_GC(g);

		Py_INCREF(o);
		if (Py_TYPE(o)->tp_clear)
			Py_TYPE(o)->tp_clear(o);
		if (g == garbage->next) {
			clear_flag(g, PY_GC_COLLECTING);
			list_remove(g);
			list_append(g, old);
		}
		Py_DECREF(o);
	}
}

/* -- Collecting -------------------------------------------------------------------------------- */
static Py_ssize_t collect_into(PyGC_Head *young, PyGC_Head *old, Py_ssize_t *survivors)
{
	PyGC_Head unreachable, garbage;
	Py_ssize_t n;

	find_unreachable(young, &unreachable);
	*survivors = 0;
	if (young != old) {
		if (old == &_PyGC.generations[PY_GC_GENERATIONS - 1].head)
			*survivors = list_size(young);
		list_merge(young, old);
	}
	if (list_is_empty(&unreachable))
		return 0;
	clear_weakrefs(&unreachable);
	run_finalizers(&unreachable);
	/* What finalizers have made reachable again lives on. */
	find_unreachable(&unreachable, &garbage);
	list_merge(&unreachable, old);
	n = list_size(&garbage);
	delete_garbage(&garbage, old);
	return n;
}

/* With DEBUG_SAVEALL nothing is freed: the unreachable goes to gc.garbage. */
static Py_ssize_t save_all(PyGC_Head *young, PyGC_Head *old, Py_ssize_t *survivors)
{
	PyGC_Head unreachable;
	Py_ssize_t n;

	*survivors = 0;
	find_unreachable(young, &unreachable);
	if (young != old)
		list_merge(young, old);
	n = list_size(&unreachable);
	for (PyGC_Head *g = unreachable.next; g != &unreachable; g = g->next)
		clear_flag(g, PY_GC_COLLECTING);
	for (PyGC_Head *g = unreachable.next; g != &unreachable; g = g->next)
		_PyGC_save_hook(_Py_FROM_GC(g));
	list_merge(&unreachable, old);
	return n;
}

static void phase(const char *name, int generation, Py_ssize_t collected)
{
	if (_PyGC_phase_hook)
		_PyGC_phase_hook(name, generation, collected, 0);
}

Py_ssize_t _PyGC_Collect(int generation)
{
	PyInterpreterState *interp = PyThreadState_Get()->interp;
	struct _PyGCGeneration *gens = _PyGC.generations;
	int older = generation + 1 < PY_GC_GENERATIONS ? generation + 1 : generation;
	PyObject *pending;
	Py_ssize_t n, survivors;

	if (interp->gc_collecting)
		return 0;
	pending = PyErr_GetRaisedException();
	__atomic_store_n(&interp->gc_collecting, 1, __ATOMIC_RELEASE);
	PROBE1("gc__start", (uint64_t)generation);
	phase("start", generation, 0);
	if (older > generation)
		gens[older].count++;
	for (int i = 0; i <= generation; i++)
		gens[i].count = 0;
	for (int i = 0; i < generation; i++)
		list_merge(&gens[i].head, &gens[generation].head);
	n = (_PyGC.debug & PY_GC_DEBUG_SAVEALL && _PyGC_save_hook ? save_all : collect_into)(
		&gens[generation].head, &gens[older].head, &survivors);
	if (generation == PY_GC_GENERATIONS - 1) {
		_PyGC.long_lived_pending = 0;
		_PyGC.long_lived_total = list_size(&gens[generation].head);
		_PyHeap_Trim();
	} else {
		_PyGC.long_lived_pending += survivors;
	}
	gens[generation].collections++;
	gens[generation].collected += n;
	phase("stop", generation, n);
	PROBE2("gc__done", (uint64_t)generation, (uint64_t)n);
	__atomic_store_n(&interp->gc_collecting, 0, __ATOMIC_RELEASE);
	PyErr_SetRaisedException(pending);
	return n;
}

void _PyGC_CollectDue(void)
{
	struct _PyGCGeneration *gens = _PyGC.generations;

	__atomic_fetch_and(&_Py_eval_breaker, ~PY_BREAK_GC, __ATOMIC_ACQ_REL);
	if (!_PyGC.enabled || !gens[0].threshold || PyThreadState_Get()->interp->gc_collecting)
		return;
	for (int i = PY_GC_GENERATIONS - 1; i >= 0; i--) {
		if (gens[i].count <= gens[i].threshold)
			continue;
		/* All is gone through again only once much has been added to it. */
		if (i == PY_GC_GENERATIONS - 1 &&
		    _PyGC.long_lived_pending < _PyGC.long_lived_total / 4)
			continue;
		_PyGC_Collect(i);
		return;
	}
}

void _PyGC_Freeze(void)
{
	for (int i = 0; i < PY_GC_GENERATIONS; i++) {
		list_merge(&_PyGC.generations[i].head, &_PyGC.frozen);
		_PyGC.generations[i].count = 0;
	}
}

void _PyGC_Unfreeze(void)
{
	list_merge(&_PyGC.frozen, &_PyGC.generations[PY_GC_GENERATIONS - 1].head);
}

/* -- For tests --------------------------------------------------------------------------------- */
PyObject *_PyGC_FindInconsistent(void)
{
	PyObject *found = NULL;

	for (int i = 0; i < PY_GC_GENERATIONS - 1; i++)
		list_merge(&_PyGC.generations[i].head,
			   &_PyGC.generations[PY_GC_GENERATIONS - 1].head);
	PyGC_Head *list = &_PyGC.generations[PY_GC_GENERATIONS - 1].head;
	PyGC_Head *prev = list;

	count_outside(list, &found);
	for (PyGC_Head *g = list->next; g != list; g = g->next) {
		g->prev = (PyGC_Head *)((uintptr_t)prev | ((uintptr_t)g->prev & PY_GC_FINALIZED));
		prev = g;
	}
	list->prev = prev;
	return found;
}
