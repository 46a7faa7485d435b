/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * import: sys.modules, the modules that are part of minipy (modules.def), then sys.path: a folder
 * with __init__.py or a .py file. Packages have __path__; their modules are searched there.
 */
#include "lib/lib.h"

#include "compiler/compiler.h"
#include "core/errors.h"
#include "lib/loader.h"
#include "objects/abstract.h"
#include "objects/call.h"
#include "objects/dict.h"
#include "objects/exceptions.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "objects/unicode.h"
#include "vm/call.h"

/* The embedded sources: one pair of symbols each. */
#define EMBED(name)                                                         \
	__asm__(".pushsection .rodata\n"                                    \
		"embedded_" #name ": .incbin \"interp/lib/" #name ".py\"\n" \
		"embedded_" #name "_end: .byte 0\n"                         \
		".popsection\n");                                           \
	extern const char embedded_##name[], embedded_##name##_end[];
#define C(name, init)
#define PY(name, source)      EMBED(source)
#define LIBRARY(name, source) EMBED(source)
#include "lib/modules.def"
#undef C
#undef PY
#undef LIBRARY

static const struct builtin_module {
	const char *name;
	PyObject *(*init)(void);
	const char *source, *source_end;
	bool gives_way; /* to a file beside the program */
} builtin_modules[] = {
#define C(name, init)         {#name, init, NULL, NULL, false},
#define PY(name, source)      {#name, NULL, embedded_##source, embedded_##source##_end, false},
#define LIBRARY(name, source) {#name, NULL, embedded_##source, embedded_##source##_end, true},
#include "lib/modules.def"
#undef C
#undef PY
#undef LIBRARY
};

static PyObject *modules(void)
{
	return PyThreadState_Get()->interp->modules;
}

PyObject *PyImport_AddModule(const char *name)
{
	PyObject *module = PyDict_GetItemString(modules(), name);

	if (module)
		return module;
	module = PyModule_New(name);
	if (!module || PyDict_SetItemString(modules(), name, module) < 0) {
		Py_XDECREF(module);
		return NULL;
	}
	Py_DECREF(module);
	return module;
}

/* Runs code as the body of a new module; new reference. sys.modules forgets it when it fails. */
static PyObject *run_module(PyObject *name, PyObject *file, PyObject *package, PyObject *path,
			    PyObject *code)
{
	PyObject *module = PyModule_NewObject(name);
	PyObject *dict = module ? PyModule_GetDict(module) : NULL;

	if (!dict || (file && PyDict_SetItem(dict, _Py_ID(__file__), file) < 0) ||
	    PyDict_SetItem(dict, _Py_ID(__package__), package) < 0 ||
	    (path && PyDict_SetItem(dict, _Py_ID(__path__), path) < 0) ||
	    PyDict_SetItem(dict, _Py_ID(__builtins__), PyThreadState_Get()->interp->builtins) < 0 ||
	    PyDict_SetItem(modules(), name, module) < 0) {
		Py_XDECREF(module);
		return NULL;
	}
	PyObject *result = PyEval_EvalCode(code, dict, dict);

	Py_DECREF(module);
	if (!result) {
		PyObject *exc = PyErr_GetRaisedException();

		if (PyDict_DelItem(modules(), name) < 0)
			PyErr_Clear();
		PyErr_SetRaisedException(exc);
		return NULL;
	}
	Py_DECREF(result);
	/* The body may have put something else in its place. */
	module = PyDict_GetItemWithError(modules(), name);
	if (!module && !PyErr_Occurred())
		PyErr_Format(PyExc_KeyError, "%R not in sys.modules as expected", name);
	return Py_XNewRef(module);
}

static PyObject *load_source(PyObject *name, const char *text, Py_ssize_t len, PyObject *file,
			     PyObject *package, PyObject *path)
{
	PyObject *code = (PyObject *)PyCompile_Source(text, len, file, PY_MODE_EXEC, 0);
	PyObject *module = code ? run_module(name, file, package, path, code) : NULL;

	Py_XDECREF(code);
	return module;
}

static PyObject *load_embedded(PyObject *name, const struct builtin_module *m)
{
	PyObject *file = PyUnicode_FromFormat("<frozen %s>", m->name);
	PyObject *text = PyUnicode_FromStringAndSize(m->source, m->source_end - m->source);
	PyObject *module = NULL;

	if (file && text && _PySource_Remember(file, text) == 0)
		module = load_source(name, m->source, m->source_end - m->source, file,
				     _Py_names.empty, NULL);
	Py_XDECREF(text);
	Py_XDECREF(file);
	return module;
}

static PyObject *load_from_path(PyObject *name, PyObject *leaf, PyObject *path);

/* From the folder that sys.path begins with: new, or NULL without an exception. */
static PyObject *load_beside_program(PyObject *name)
{
	PyObject *path = PySys_GetObject("path");
	PyObject *first = path && PyList_Check(path) ? PyList_GetSlice(path, 0, 1) : NULL;
	PyObject *module = first ? load_from_path(name, name, first) : NULL;

	Py_XDECREF(first);
	return module;
}

/* A module that is part of minipy: new, or NULL without an exception when there is none. */
static PyObject *load_builtin(PyObject *name)
{
	for (size_t i = 0; i < sizeof(builtin_modules) / sizeof(*builtin_modules); i++) {
		const struct builtin_module *m = &builtin_modules[i];
		PyObject *module = NULL;

		if (!_PyUnicode_EqualToASCIIString(name, m->name))
			continue;
		if (m->gives_way)
			module = load_beside_program(name);
		if (module || PyErr_Occurred())
			return module;
		if (m->source)
			return load_embedded(name, m);
		module = m->init();

		if (module && PyDict_SetItem(modules(), name, module) < 0)
			Py_CLEAR(module);
		return module;
	}
	return NULL;
}

/* "a.b" of "a.b.c", "" of "a"; new reference. */
static PyObject *parent_of(PyObject *name)
{
	Py_ssize_t dot = PyUnicode_FindChar(name, '.', 0, PyUnicode_GET_LENGTH(name), -1);

	return dot < -1 ? NULL : PyUnicode_Substring(name, 0, dot < 0 ? 0 : dot);
}

/* A package that is nothing but folders. */
static PyObject *load_folders(PyObject *name, PyObject *folders)
{
	PyObject *module = PyModule_NewObject(name);
	PyObject *dict = module ? PyModule_GetDict(module) : NULL;

	if (!dict || PyDict_SetItem(dict, _Py_ID(__path__), folders) < 0 ||
	    PyDict_SetItem(dict, _Py_ID(__package__), name) < 0 ||
	    PyDict_SetItem(modules(), name, module) < 0)
		Py_CLEAR(module);
	return module;
}

static PyObject *load_file(PyObject *name, const struct module_file *found)
{
	PyObject *file = PyUnicode_DecodeFSDefault(found->path);
	PyObject *package = found->packages ? Py_NewRef(name) : parent_of(name);
	PyObject *code = file && package ? loader_code(found->path, file) : NULL;
	PyObject *module = code ? run_module(name, file, package, found->packages, code) : NULL;

	Py_XDECREF(code);
	Py_XDECREF(package);
	Py_XDECREF(file);
	return module;
}

/* Searches the folders of a path: new module, NULL without an exception when it is not there. */
static PyObject *load_from_path(PyObject *name, PyObject *leaf, PyObject *path)
{
	struct module_file found;
	PyObject *module;

	if (loader_find(leaf, path, &found) <= 0)
		return NULL;
	module = found.path ? load_file(name, &found) : load_folders(name, found.packages);
	loader_release(&found);
	return module;
}

static void not_found(PyObject *name, PyObject *parent_name)
{
	PyObject *msg = parent_name
				? PyUnicode_FromFormat("No module named %R; %R is not a package",
						       name, parent_name)
				: PyUnicode_FromFormat("No module named %R", name);
	PyObject *exc = msg ? PyObject_CallOneArg(PyExc_ModuleNotFoundError, msg) : NULL;

	if (exc) {
		Py_XSETREF(((PyImportErrorObject *)exc)->name, Py_NewRef(name));
		PyErr_SetObject(PyExc_ModuleNotFoundError, exc);
	}
	Py_XDECREF(exc);
	Py_XDECREF(msg);
}

/* One part of a dotted name, its parent imported: new reference. */
static PyObject *import_part(PyObject *full, PyObject *leaf, PyObject *parent,
			     PyObject *parent_name)
{
	PyObject *module = PyDict_GetItemWithError(modules(), full);

	if (module || PyErr_Occurred()) {
		if (module && Py_IsNone(module)) {
			PyErr_Format(PyExc_ModuleNotFoundError,
				     "import of %U halted; None in sys.modules", full);
			return NULL;
		}
		return Py_XNewRef(module);
	}
	if (parent) {
		PyObject *path = NULL;

		if (_PyObject_LookupAttr(parent, _Py_ID(__path__), &path) < 0)
			return NULL;
		if (!path) {
			not_found(full, parent_name);
			return NULL;
		}
		module = load_from_path(full, leaf, path);
		Py_DECREF(path);
		if (module && PyObject_SetAttr(parent, leaf, module) < 0)
			Py_CLEAR(module);
	} else {
		module = load_builtin(full);
		PyObject *path = PySys_GetObject("path");

		if (!module && !PyErr_Occurred() && path)
			module = load_from_path(full, leaf, path);
	}
	if (!module && !PyErr_Occurred())
		not_found(full, NULL);
	return module;
}

/* Imports every part of an absolute name. *top (may be NULL) gets the first, the result is the
 * last. */
static PyObject *import_dotted(PyObject *name, PyObject **top)
{
	Py_ssize_t len = PyUnicode_GET_LENGTH(name);
	Py_ssize_t start = 0;
	PyObject *parent = NULL;
	PyObject *parent_name = NULL;

	while (start <= len) {
		Py_ssize_t dot = PyUnicode_FindChar(name, '.', start, len, 1);
		Py_ssize_t end = dot < 0 ? len : dot;
		PyObject *full = PyUnicode_Substring(name, 0, end);
		PyObject *leaf = full ? PyUnicode_Substring(name, start, end) : NULL;
		PyObject *module = leaf ? import_part(full, leaf, parent, parent_name) : NULL;

		Py_XDECREF(leaf);
		Py_XDECREF(parent);
		Py_XDECREF(parent_name);
		parent = module;
		parent_name = full;
		if (!module)
			break;
		if (top && start == 0)
			*top = Py_NewRef(module);
		start = end + 1;
	}
	Py_XDECREF(parent_name);
	return parent;
}

/* `from package import submodule`: names that are no attributes yet are imported. */
static int import_fromlist(PyObject *module, PyObject *name, PyObject *fromlist)
{
	PyObject *path = NULL;

	if (_PyObject_LookupAttr(module, _Py_ID(__path__), &path) <= 0)
		return PyErr_Occurred() ? -1 : 0;
	Py_DECREF(path);
	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(fromlist); i++) {
		PyObject *item = PyTuple_GET_ITEM(fromlist, i);
		PyObject *have = NULL;

		if (!PyUnicode_Check(item) || _PyUnicode_EqualToASCIIString(item, "*"))
			continue;
		int found = _PyObject_LookupAttr(module, item, &have);

		Py_XDECREF(have);
		if (found < 0)
			return -1;
		if (found)
			continue;
		PyObject *full = PyUnicode_FromFormat("%U.%U", name, item);
		PyObject *sub = full ? import_part(full, item, module, name) : NULL;

		Py_XDECREF(full);
		if (!sub) {
			if (!PyErr_ExceptionMatches(PyExc_ModuleNotFoundError))
				return -1;
			PyErr_Clear();
		}
		Py_XDECREF(sub);
	}
	return 0;
}

/* The package that a relative import starts from, `level` up; new reference. */
static PyObject *relative_base(PyObject *globals, int level)
{
	PyObject *package = NULL;

	if (globals && PyDict_Check(globals)) {
		package = PyDict_GetItemWithError(globals, _Py_ID(__package__));
		if (!package || !PyUnicode_Check(package)) {
			PyObject *name = PyDict_GetItemWithError(globals, _Py_ID(__name__));
			bool is_package =
				PyDict_GetItemWithError(globals, _Py_ID(__path__)) != NULL;

			package = NULL;
			if (name && PyUnicode_Check(name)) {
				Py_ssize_t len = PyUnicode_GET_LENGTH(name);
				Py_ssize_t dot = PyUnicode_FindChar(name, '.', 0, len, -1);

				package = is_package
						  ? Py_NewRef(name)
						  : PyUnicode_Substring(name, 0, dot < 0 ? 0 : dot);
			}
		} else {
			Py_INCREF(package);
		}
	}
	if (!package || PyUnicode_GET_LENGTH(package) == 0) {
		Py_XDECREF(package);
		PyErr_SetString(PyExc_ImportError,
				"attempted relative import with no known parent package");
		return NULL;
	}
	while (--level > 0) {
		Py_ssize_t dot =
			PyUnicode_FindChar(package, '.', 0, PyUnicode_GET_LENGTH(package), -1);

		if (dot < 0) {
			Py_DECREF(package);
			PyErr_SetString(PyExc_ImportError,
					"attempted relative import beyond top-level package");
			return NULL;
		}
		Py_SETREF(package, PyUnicode_Substring(package, 0, dot));
	}
	return package;
}

static PyObject *absolute_name(PyObject *name, PyObject *globals, int level)
{
	if (!PyUnicode_Check(name))
		return PyErr_Format(PyExc_TypeError, "module name must be a string");
	if (level < 0)
		return PyErr_Format(PyExc_ValueError, "level must be >= 0");
	if (level == 0) {
		if (PyUnicode_GET_LENGTH(name) == 0)
			return PyErr_Format(PyExc_ValueError, "Empty module name");
		return Py_NewRef(name);
	}
	PyObject *base = relative_base(globals, level);

	if (!base || PyUnicode_GET_LENGTH(name) == 0)
		return base;
	PyObject *full = PyUnicode_FromFormat("%U.%U", base, name);

	Py_DECREF(base);
	return full;
}

PyObject *PyImport_ImportModuleLevel(PyObject *name, PyObject *globals, PyObject *fromlist,
				     int level)
{
	PyObject *full = absolute_name(name, globals, level);
	PyObject *top = NULL;
	PyObject *leaf = full ? import_dotted(full, &top) : NULL;
	PyObject *result = NULL;

	if (!leaf)
		goto out;
	if (fromlist && PyTuple_Check(fromlist) && PyTuple_GET_SIZE(fromlist)) {
		if (import_fromlist(leaf, full, fromlist) == 0)
			result = Py_NewRef(leaf);
	} else if (level == 0) {
		result = Py_NewRef(top);
	} else if (PyUnicode_GET_LENGTH(name) == 0) {
		result = Py_NewRef(leaf);
	} else {
		/* `import .a.b` as a call: the module that the first part of the name stands for.
		 */
		Py_ssize_t dot = PyUnicode_FindChar(name, '.', 0, PyUnicode_GET_LENGTH(name), 1);
		Py_ssize_t cut = dot < 0 ? 0 : PyUnicode_GET_LENGTH(name) - dot;
		PyObject *first = PyUnicode_Substring(full, 0, PyUnicode_GET_LENGTH(full) - cut);

		result = first ? Py_XNewRef(PyDict_GetItemWithError(modules(), first)) : NULL;
		Py_XDECREF(first);
	}
out:
	Py_XDECREF(leaf);
	Py_XDECREF(top);
	Py_XDECREF(full);
	return result;
}

PyObject *PyImport_ImportModule(const char *name)
{
	PyObject *o = PyUnicode_FromString(name);
	PyObject *module = o ? import_dotted(o, NULL) : NULL;

	Py_XDECREF(o);
	return module;
}

/* -- -m ---------------------------------------------------------------------------------------- */
/* What `parent.leaf` is to be searched in: new reference. */
static PyObject *search_path(PyObject *parent_name)
{
	PyObject *path = NULL, *parent;

	if (PyUnicode_GET_LENGTH(parent_name) == 0)
		return Py_XNewRef(PySys_GetObject("path"));
	parent = import_dotted(parent_name, NULL);
	if (parent && _PyObject_LookupAttr(parent, _Py_ID(__path__), &path) == 0)
		PyErr_Format(PyExc_ModuleNotFoundError, "%R is not a package", parent_name);
	Py_XDECREF(parent);
	return path;
}

static int find_module(PyObject *name, struct module_file *ret)
{
	PyObject *parent = parent_of(name), *path = parent ? search_path(parent) : NULL;
	Py_ssize_t skip = parent ? PyUnicode_GET_LENGTH(parent) : 0;
	PyObject *leaf =
		path ? PyUnicode_Substring(name, skip + (skip > 0), PyUnicode_GET_LENGTH(name))
		     : NULL;
	int status = leaf ? loader_find(leaf, path, ret) : -1;

	if (status == 0)
		not_found(name, NULL);
	Py_XDECREF(leaf);
	Py_XDECREF(path);
	Py_XDECREF(parent);
	return status > 0 ? 0 : -1;
}

char *PyImport_FindMain(const char *text, PyObject **package)
{
	PyObject *name = PyUnicode_FromString(text);
	struct module_file found = {0};
	char *ret = NULL;

	if (!name || find_module(name, &found) < 0)
		goto out;
	if (found.packages) {
		loader_release(&found);
		Py_SETREF(name, PyUnicode_FromFormat("%U.__main__", name));
		if (!name || find_module(name, &found) < 0)
			goto out;
	}
	*package = parent_of(name);
	if (*package && found.path) {
		ret = found.path;
		found.path = NULL;
	} else if (*package) {
		Py_CLEAR(*package);
		not_found(name, NULL);
	}
out:
	loader_release(&found);
	Py_XDECREF(name);
	return ret;
}
