/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The end of a program. What it leaves is taken apart in the order of CPython's Py_FinalizeEx
 * (3.11), so that destructors run and files are written out: modules are forgotten, what only they
 * kept goes, cycles go, and a module that is still there loses its values. sys and builtins are
 * there to the last.
 */
#include "lib/lib.h"

#include "core/errors.h"
#include "core/gc.h"
#include "core/refs.h"
#include "core/state.h"
#include "objects/abstract.h"
#include "objects/call.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/names.h"
#include "objects/type.h"
#include "objects/unicode.h"
#include "objects/weakref.h"

/* Calls module.name() if there is such a module. */
static void call_at_end(const char *module_name, const char *name)
{
	PyObject *module = PyDict_GetItemString(PyThreadState_Get()->interp->modules, module_name);
	PyObject *func = module ? PyObject_GetAttrString(module, name) : NULL;
	PyObject *done = func ? PyObject_CallNoArgs(func) : NULL;

	if (func && !done)
		PyErr_WriteUnraisable(func);
	PyErr_Clear();
	Py_XDECREF(done);
	Py_XDECREF(func);
}

static int flush_standard_files(void)
{
	PyObject *out = PySys_GetObject("stdout");
	PyObject *err = PySys_GetObject("stderr");
	int status = 0;

	if (out && !Py_IsNone(out) && _PyFile_Flush(out) < 0) {
		PyErr_WriteUnraisable(out);
		status = -1;
	}
	if (err && !Py_IsNone(err) && _PyFile_Flush(err) < 0)
		PyErr_Clear();
	return status;
}

/* What destructors print goes where the program's output went at first. */
static void restore_standard_files(void)
{
	static const char *const names[][2] = {
		{"stdin", "__stdin__"}, {"stdout", "__stdout__"}, {"stderr", "__stderr__"}};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		PyObject *first = PySys_GetObject(names[i][1]);

		if (PySys_SetObject(names[i][0], first ? first : Py_None) < 0)
			PyErr_Clear();
	}
}

/* New list: a weak reference to each module, in their order; sys.modules is empty then. */
static PyObject *forget_modules(PyObject *modules)
{
	PyObject *refs = PyList_New(0), *key, *module;
	Py_ssize_t pos = 0;

	while (refs && PyDict_Next(modules, &pos, &key, &module)) {
		PyObject *ref = PyModule_Check(module) ? PyWeakref_NewRef(module, NULL) : NULL;

		if (ref)
			PyList_Append(refs, ref);
		Py_XDECREF(ref);
		PyErr_Clear();
	}
	PyDict_Clear(modules);
	return refs;
}

/* The values go, the names stay: a destructor meets None. Private names (_x) first. */
static void clear_namespace(PyObject *dict)
{
	for (int all = 0; all < 2; all++) {
		PyObject *key, *value;
		Py_ssize_t pos = 0;

		while (PyDict_Next(dict, &pos, &key, &value)) {
			if (Py_IsNone(value) || !PyUnicode_Check(key) ||
			    _PyUnicode_EqualToASCIIString(key, "__builtins__") ||
			    (!all && (PyUnicode_READ_CHAR(key, 0) != '_' ||
				      PyUnicode_READ_CHAR(key, 1) == '_')))
				continue;
			Py_INCREF(key);
			if (PyDict_SetItem(dict, key, Py_None) < 0)
				PyErr_Clear();
			Py_DECREF(key);
		}
	}
}

/* Last come, first gone. */
static void clear_modules(PyObject *refs)
{
	PyObject *builtins = PyThreadState_Get()->interp->builtins;
	PyObject *sys = PyThreadState_Get()->interp->sysdict;

	for (Py_ssize_t i = PyList_GET_SIZE(refs); --i >= 0;) {
		PyObject *module = PyWeakref_GetObject(PyList_GET_ITEM(refs, i));
		PyObject *dict = Py_IsNone(module) ? NULL : PyModule_GetDict(module);

		if (!dict || dict == builtins || dict == sys)
			continue;
		Py_INCREF(dict);
		clear_namespace(dict);
		Py_DECREF(dict);
	}
}

#ifdef PY_DEBUG_REFS
/* Lets go of all that the interpreter itself keeps. With other threads about there is no telling
 * what they still hold. */
static void check_references(void)
{
	PyThreadState *ts = PyThreadState_Get();

	if (ts->next || ts->prev)
		return;
	_PyGC_phase_hook = NULL;
	Py_CLEAR(ts->interp->modules);
	Py_CLEAR(ts->interp->sysdict);
	Py_CLEAR(ts->interp->builtins);
	PyThreadState_Clear(ts);
	_PyGC_Collect(PY_GC_GENERATIONS - 1);
	_PyRefs_DropStatic();
	_PyGC_Collect(PY_GC_GENERATIONS - 1);
	_PyType_DropStatic();
	if (_Py_ref_total == 0 && _PyGC_tracked == 0)
		return;
	fprintf(stderr, "minipy: leaked: %zd references, %zd containers\n", _Py_ref_total,
		_PyGC_tracked);
	abort();
}
#endif

int PyInterp_Finish(void)
{
	PyObject *modules = PyThreadState_Get()->interp->modules, *refs;
	int status;

	if (_PyRuntime.finalizing)
		return 0;
	call_at_end("threading", "_shutdown");
	call_at_end("atexit", "_run_exitfuncs");
	_PyRuntime_BeginEnd();
	status = flush_standard_files();
	restore_standard_files();
	refs = forget_modules(modules);
	_PyGC_Collect(PY_GC_GENERATIONS - 1);
	if (refs)
		clear_modules(refs);
	Py_XDECREF(refs);
	_PyGC_Collect(PY_GC_GENERATIONS - 1);
	if (flush_standard_files() < 0)
		status = -1;
#ifdef PY_DEBUG_REFS
	check_references();
#endif
	return status;
}
