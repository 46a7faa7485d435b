/* SPDX-License-Identifier: BSD-2-Clause */
/* The gc module: the collector's handles. */
#include "core/gc.h"

#include "core/errors.h"
#include "core/refs.h"
#include "core/state.h"
#include "lib/lib.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/module.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

static PyObject *garbage, *callbacks; /* lists */
PY_OWNS_REFS(garbage)
PY_OWNS_REFS(callbacks)

/* -- What the collector calls ------------------------------------------------------------------ */
static void save(PyObject *o)
{
	if (PyList_Append(garbage, o) < 0)
		PyErr_Clear();
}

static int set_count(PyObject *dict, const char *key, Py_ssize_t n)
{
	PyObject *value = PyLong_FromSsize_t(n);
	int r = value ? PyDict_SetItemString(dict, key, value) : -1;

	Py_XDECREF(value);
	return r;
}

/* gc.callbacks: each is called with "start" or "stop" and a dict that says how it went. */
static void call_back(const char *phase, int generation, Py_ssize_t collected,
		      Py_ssize_t uncollectable)
{
	PyObject *name, *info, *functions;

	if (PyList_GET_SIZE(callbacks) == 0)
		return;
	name = PyUnicode_FromString(phase);
	info = PyDict_New();
	functions = PySequence_List(callbacks);
	if (!name || !info || !functions || set_count(info, "generation", generation) < 0 ||
	    set_count(info, "collected", collected) < 0 ||
	    set_count(info, "uncollectable", uncollectable) < 0) {
		PyErr_WriteUnraisable(NULL);
	} else {
		for (Py_ssize_t i = 0; i < PyList_GET_SIZE(functions); i++) {
			PyObject *f = PyList_GET_ITEM(functions, i);
			PyObject *r = PyObject_CallFunctionObjArgs(f, name, info, NULL);

			if (!r)
				PyErr_WriteUnraisable(f);
			Py_XDECREF(r);
		}
	}
	Py_XDECREF(name);
	Py_XDECREF(info);
	Py_XDECREF(functions);
}

/* -- Functions --------------------------------------------------------------------------------- */
static PyObject *gc_collect(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
			    PyObject *kwnames)
{
	static const char *const names[] = {"generation", NULL};
	static const struct PyArgSpec spec = {"collect", names, .max_pos = 1};
	PyObject *a[1];
	int generation = PY_GC_GENERATIONS - 1;

	if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0)
		return NULL;
	if (a[0]) {
		generation = _PyLong_AsInt(a[0]);
		if (generation == -1 && PyErr_Occurred())
			return NULL;
	}
	if (generation < 0 || generation >= PY_GC_GENERATIONS) {
		PyErr_SetString(PyExc_ValueError, "invalid generation");
		return NULL;
	}
	return PyLong_FromSsize_t(_PyGC_Collect(generation));
}

static PyObject *gc_enable(PyObject *self, PyObject *unused)
{
	_PyGC.enabled = true;
	Py_RETURN_NONE;
}

static PyObject *gc_disable(PyObject *self, PyObject *unused)
{
	_PyGC.enabled = false;
	Py_RETURN_NONE;
}

static PyObject *gc_isenabled(PyObject *self, PyObject *unused)
{
	return PyBool_FromLong(_PyGC.enabled);
}

static PyObject *three_ints(int a, int b, int c)
{
	PyObject *items[] = {PyLong_FromLong(a), PyLong_FromLong(b), PyLong_FromLong(c)};

	if (items[0] && items[1] && items[2])
		return _PyTuple_FromArraySteal(items, 3);
	for (int i = 0; i < 3; i++)
		Py_XDECREF(items[i]);
	return NULL;
}

static PyObject *gc_get_count(PyObject *self, PyObject *unused)
{
	struct _PyGCGeneration *g = _PyGC.generations;

	return three_ints(g[0].count, g[1].count, g[2].count);
}

static PyObject *gc_get_threshold(PyObject *self, PyObject *unused)
{
	struct _PyGCGeneration *g = _PyGC.generations;

	return three_ints(g[0].threshold, g[1].threshold, g[2].threshold);
}

static PyObject *gc_set_threshold(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	int values[PY_GC_GENERATIONS];

	if (!PyArg_CheckPositional("set_threshold", nargs, 1, PY_GC_GENERATIONS))
		return NULL;
	for (Py_ssize_t i = 0; i < nargs; i++) {
		values[i] = _PyLong_AsInt(args[i]);
		if (values[i] == -1 && PyErr_Occurred())
			return NULL;
	}
	for (Py_ssize_t i = 0; i < nargs; i++)
		_PyGC.generations[i].threshold = values[i];
	Py_RETURN_NONE;
}

static PyObject *gc_get_debug(PyObject *self, PyObject *unused)
{
	return PyLong_FromLong(_PyGC.debug);
}

static PyObject *gc_set_debug(PyObject *self, PyObject *flags)
{
	int debug = _PyLong_AsInt(flags);

	if (debug == -1 && PyErr_Occurred())
		return NULL;
	_PyGC.debug = debug;
	Py_RETURN_NONE;
}

static PyObject *gc_is_tracked(PyObject *self, PyObject *o)
{
	return PyBool_FromLong(PyObject_GC_IsTracked(o));
}

static PyObject *gc_is_finalized(PyObject *self, PyObject *o)
{
	return PyBool_FromLong(PyObject_IS_GC(o) && _PyGC_HasFlag(_Py_AS_GC(o), PY_GC_FINALIZED));
}

/* Appends the objects of a list of the collector; the result list itself is not in it. */
static int append_all(PyObject *result, PyGC_Head *list)
{
	for (PyGC_Head *g = list->next; g != list; g = g->next)
		if (_Py_FROM_GC(g) != result && PyList_Append(result, _Py_FROM_GC(g)) < 0)
			return -1;
	return 0;
}

static PyObject *gc_get_objects(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
				PyObject *kwnames)
{
	static const char *const names[] = {"generation", NULL};
	static const struct PyArgSpec spec = {"get_objects", names, .max_pos = 1};
	PyObject *a[1], *result;
	int only = -1;

	if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0)
		return NULL;
	if (a[0] && !Py_IsNone(a[0])) {
		only = _PyLong_AsInt(a[0]);
		if (only == -1 && PyErr_Occurred())
			return NULL;
		if (only < -1 || only >= PY_GC_GENERATIONS)
			return PyErr_Format(
				PyExc_ValueError,
				only < 0 ? "generation parameter cannot be negative"
					 : "generation parameter must be less than the number of "
					   "available generations (3)");
	}
	result = PyList_New(0);
	for (int i = 0; result && i < PY_GC_GENERATIONS; i++)
		if ((only < 0 || i == only) && append_all(result, &_PyGC.generations[i].head) < 0)
			Py_CLEAR(result);
	return result;
}

static int append_referent(PyObject *o, void *list)
{
	return PyList_Append(list, o) < 0;
}

static PyObject *gc_get_referents(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	PyObject *result = PyList_New(0);

	for (Py_ssize_t i = 0; result && i < nargs; i++)
		if (PyObject_IS_GC(args[i]) && Py_TYPE(args[i])->tp_traverse &&
		    Py_TYPE(args[i])->tp_traverse(args[i], append_referent, result))
			Py_CLEAR(result);
	return result;
}

struct wanted {
	PyObject *const *objects;
	Py_ssize_t n;
};

static int is_wanted(PyObject *o, void *arg)
{
	const struct wanted *w = arg;

	for (Py_ssize_t i = 0; i < w->n; i++)
		if (w->objects[i] == o)
			return 1;
	return 0;
}

static PyObject *gc_get_referrers(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	struct wanted wanted = {args, nargs};
	PyObject *result = PyList_New(0);

	for (int i = 0; result && i < PY_GC_GENERATIONS; i++) {
		PyGC_Head *list = &_PyGC.generations[i].head;

		for (PyGC_Head *g = list->next; result && g != list; g = g->next) {
			PyObject *o = _Py_FROM_GC(g);

			if (o != result && Py_TYPE(o)->tp_traverse &&
			    Py_TYPE(o)->tp_traverse(o, is_wanted, &wanted) &&
			    PyList_Append(result, o) < 0)
				Py_CLEAR(result);
		}
	}
	return result;
}

static PyObject *gc_get_stats(PyObject *self, PyObject *unused)
{
	PyObject *result = PyList_New(0);

	for (int i = 0; result && i < PY_GC_GENERATIONS; i++) {
		struct _PyGCGeneration *g = &_PyGC.generations[i];
		PyObject *dict = PyDict_New();

		if (!dict || set_count(dict, "collections", g->collections) < 0 ||
		    set_count(dict, "collected", g->collected) < 0 ||
		    set_count(dict, "uncollectable", g->uncollectable) < 0 ||
		    PyList_Append(result, dict) < 0)
			Py_CLEAR(result);
		Py_XDECREF(dict);
	}
	return result;
}

static PyObject *gc_freeze(PyObject *self, PyObject *unused)
{
	_PyGC_Freeze();
	Py_RETURN_NONE;
}

static PyObject *gc_unfreeze(PyObject *self, PyObject *unused)
{
	_PyGC_Unfreeze();
	Py_RETURN_NONE;
}

static PyObject *gc_get_freeze_count(PyObject *self, PyObject *unused)
{
	Py_ssize_t n = 0;

	for (PyGC_Head *g = _PyGC.frozen.next; g != &_PyGC.frozen; g = g->next)
		n++;
	return PyLong_FromSsize_t(n);
}

#define FAST(f) ((PyCFunction)(void (*)(void))(f))
static PyMethodDef gc_methods[] = {
	{"collect", FAST(gc_collect), METH_FASTCALL | METH_KEYWORDS, "Run the garbage collector."},
	{"enable", gc_enable, METH_NOARGS, "Enable automatic garbage collection."},
	{"disable", gc_disable, METH_NOARGS, "Disable automatic garbage collection."},
	{"isenabled", gc_isenabled, METH_NOARGS, "True if automatic collection is enabled."},
	{"get_count", gc_get_count, METH_NOARGS, "Return the current collection counts."},
	{"get_threshold", gc_get_threshold, METH_NOARGS, "Return the collection thresholds."},
	{"set_threshold", FAST(gc_set_threshold), METH_FASTCALL, "Set the collection thresholds."},
	{"get_debug", gc_get_debug, METH_NOARGS, "Get the debugging flags."},
	{"set_debug", gc_set_debug, METH_O, "Set the debugging flags; only DEBUG_SAVEALL acts."},
	{"is_tracked", gc_is_tracked, METH_O, "True if the object is tracked by the collector."},
	{"is_finalized", gc_is_finalized, METH_O, "True if the object's finalizer has run."},
	{"get_objects", FAST(gc_get_objects), METH_FASTCALL | METH_KEYWORDS,
	 "List the tracked objects."},
	{"get_referents", FAST(gc_get_referents), METH_FASTCALL,
	 "List what the objects refer to directly."},
	{"get_referrers", FAST(gc_get_referrers), METH_FASTCALL,
	 "List what refers to the objects directly."},
	{"get_stats", gc_get_stats, METH_NOARGS, "One dict of statistics for each generation."},
	{"freeze", gc_freeze, METH_NOARGS, "Keep all present objects out of later collections."},
	{"unfreeze", gc_unfreeze, METH_NOARGS, "Let them be collected again."},
	{"get_freeze_count", gc_get_freeze_count, METH_NOARGS, "How many objects are frozen."},
	{0},
};

static const PyIntConstant constants[] = {
	{"DEBUG_STATS", 1},
	{"DEBUG_COLLECTABLE", 2},
	{"DEBUG_UNCOLLECTABLE", 4},
	{"DEBUG_SAVEALL", PY_GC_DEBUG_SAVEALL},
	{"DEBUG_LEAK", 2 | 4 | PY_GC_DEBUG_SAVEALL},
	{0},
};

PyObject *_PyGC_Init(void)
{
	PyObject *module = PyModule_New("gc");

	if (!module)
		return NULL;
	if (!garbage)
		garbage = PyList_New(0);
	if (!callbacks)
		callbacks = PyList_New(0);
	if (!garbage || !callbacks || PyModule_AddObjectRef(module, "garbage", garbage) < 0 ||
	    PyModule_AddObjectRef(module, "callbacks", callbacks) < 0 ||
	    PyModule_AddFunctions(module, gc_methods) < 0 ||
	    PyModule_AddIntConstants(module, constants) < 0) {
		Py_DECREF(module);
		return NULL;
	}
	_PyGC_save_hook = save;
	_PyGC_phase_hook = call_back;
	return module;
}
