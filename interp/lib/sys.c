/* SPDX-License-Identifier: BSD-2-Clause */
/* The sys module. */
#include "lib/lib.h"

#include "core/errors.h"
#include "core/heap.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/dict.h"
#include "objects/exceptions.h"
#include "objects/float.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/module.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/unicode.h"
#include "vm/frame.h"
#include "vm/trace.h"
#include "vm/traceback.h"

#include <float.h>
#include <unistd.h>

PyObject *PySys_GetObject(const char *name)
{
	PyObject *dict = PyThreadState_Get()->interp->sysdict;

	return dict ? PyDict_GetItemString(dict, name) : NULL;
}

int PySys_SetObject(const char *name, PyObject *value)
{
	return PyDict_SetItemString(PyThreadState_Get()->interp->sysdict, name, value);
}

static PyObject *sys_exit(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	if (!PyArg_CheckPositional("exit", nargs, 0, 1))
		return NULL;
	PyErr_SetObject(PyExc_SystemExit, nargs ? args[0] : NULL);
	return NULL;
}

static PyObject *sys_getrecursionlimit(PyObject *self, PyObject *unused)
{
	return PyLong_FromLong(PyThreadState_Get()->interp->recursion_limit);
}

static PyObject *sys_setrecursionlimit(PyObject *self, PyObject *o)
{
	PyThreadState *ts = PyThreadState_Get();
	int limit = _PyLong_AsInt(o);

	if (limit == -1 && PyErr_Occurred())
		return NULL;
	if (limit < 1) {
		PyErr_SetString(PyExc_ValueError,
				"recursion limit must be greater or equal than 1");
		return NULL;
	}
	if (ts->recursion_depth >= limit)
		return PyErr_Format(PyExc_RecursionError,
				    "cannot set the recursion limit to %i at the recursion depth "
				    "%i: the limit is too low",
				    limit, ts->recursion_depth);
	ts->interp->recursion_limit = limit;
	Py_RETURN_NONE;
}

static PyObject *sys_getframe(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	PyFrameObject *f = PyThreadState_Get()->frame;
	int depth = 0;

	if (!PyArg_CheckPositional("_getframe", nargs, 0, 1))
		return NULL;
	if (nargs) {
		depth = _PyLong_AsInt(args[0]);
		if (depth == -1 && PyErr_Occurred())
			return NULL;
	}
	while (f && depth-- > 0)
		f = f->f_back;
	if (!f) {
		PyErr_SetString(PyExc_ValueError, "call stack is not deep enough");
		return NULL;
	}
	return Py_NewRef(f);
}

static PyObject *sys_current_frames(PyObject *self, PyObject *unused)
{
	PyObject *dict = PyDict_New();

	for (PyThreadState *ts = PyThreadState_Get()->interp->threads_head; dict && ts;
	     ts = ts->next) {
		if (!ts->frame)
			continue;
		PyObject *id = PyLong_FromUnsignedLong(ts->thread_id);

		if (!id || PyDict_SetItem(dict, id, (PyObject *)ts->frame) < 0)
			Py_CLEAR(dict);
		Py_XDECREF(id);
	}
	return dict;
}

static PyObject *sys_exception(PyObject *self, PyObject *unused)
{
	PyObject *exc = PyErr_GetHandledException();

	return exc ? exc : Py_NewRef(Py_None);
}

/* (type, value, traceback) of an exception, of Nones for NULL or None; new reference. */
static PyObject *info_of(PyObject *exc)
{
	if (!exc || Py_IsNone(exc))
		return PyTuple_Pack(3, Py_None, Py_None, Py_None);
	PyObject *tb = PyException_GetTraceback(exc);
	PyObject *info = PyTuple_Pack(3, (PyObject *)Py_TYPE(exc), exc, tb ? tb : Py_None);

	Py_XDECREF(tb);
	return info;
}

static PyObject *sys_exc_info(PyObject *self, PyObject *unused)
{
	PyObject *exc = PyErr_GetHandledException();
	PyObject *info = info_of(exc);

	Py_XDECREF(exc);
	return info;
}

static PyObject *sys_current_exceptions(PyObject *self, PyObject *unused)
{
	PyObject *dict = PyDict_New();

	for (PyThreadState *ts = PyThreadState_Get()->interp->threads_head; dict && ts;
	     ts = ts->next) {
		_PyErr_StackItem *handled = ts->exc_info;

		while (handled->previous_item &&
		       (!handled->exc_value || Py_IsNone(handled->exc_value)))
			handled = handled->previous_item;
		PyObject *id = PyLong_FromUnsignedLong(ts->thread_id);
		PyObject *info = id ? info_of(handled->exc_value) : NULL;

		if (!info || PyDict_SetItem(dict, id, info) < 0)
			Py_CLEAR(dict);
		Py_XDECREF(id);
		Py_XDECREF(info);
	}
	return dict;
}

static PyObject *sys_excepthook(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	if (!PyArg_CheckPositional("excepthook", nargs, 3, 3))
		return NULL;
	if (PyExceptionInstance_Check(args[1])) {
		if (PyTraceBack_Check(args[2]) && PyException_SetTraceback(args[1], args[2]) < 0)
			return NULL;
		PyErr_DisplayException(args[1]);
	}
	Py_RETURN_NONE;
}

static PyObject *sys_displayhook(PyObject *self, PyObject *o)
{
	PyObject *out = PySys_GetObject("stdout");
	PyObject *builtins = PyThreadState_Get()->interp->builtins;

	if (Py_IsNone(o))
		Py_RETURN_NONE;
	if (!out)
		return PyErr_Format(PyExc_RuntimeError, "lost sys.stdout");
	if (PyDict_SetItemString(builtins, "_", Py_None) < 0 ||
	    PyFile_WriteObject(o, out, false) < 0 || PyFile_WriteString("\n", out) < 0 ||
	    PyDict_SetItemString(builtins, "_", o) < 0)
		return NULL;
	Py_RETURN_NONE;
}

static PyObject *sys_getrefcount(PyObject *self, PyObject *o)
{
	return PyLong_FromSsize_t(Py_REFCNT(o));
}

static PyObject *sys_intern(PyObject *self, PyObject *o)
{
	if (!PyUnicode_CheckExact(o))
		return PyErr_Format(PyExc_TypeError, "intern() argument must be str, not %.200s",
				    Py_TYPE(o)->tp_name);
	Py_INCREF(o);
	PyUnicode_InternInPlace(&o);
	return o;
}

static PyObject *sys_getsizeof(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	if (!PyArg_CheckPositional("getsizeof", nargs, 1, 2))
		return NULL;
	PyTypeObject *type = Py_TYPE(args[0]);
	Py_ssize_t size = type->tp_basicsize;

	if (type->tp_itemsize)
		size += type->tp_itemsize *
			(Py_SIZE(args[0]) < 0 ? -Py_SIZE(args[0]) : Py_SIZE(args[0]));
	if (PyType_HasFeature(type, Py_TPFLAGS_HAVE_GC))
		size += (Py_ssize_t)sizeof(PyGC_Head);
	return PyLong_FromSsize_t(size);
}

static PyObject *sys_set_int_max_str_digits(PyObject *self, PyObject *o)
{
	int digits = _PyLong_AsInt(o);

	if (digits == -1 && PyErr_Occurred())
		return NULL;
	if (digits != 0 && digits < _PY_LONG_MAX_STR_DIGITS_THRESHOLD)
		return PyErr_Format(PyExc_ValueError, "maxdigits must be 0 or larger than %d",
				    _PY_LONG_MAX_STR_DIGITS_THRESHOLD);
	_PyLong_max_str_digits = digits;
	Py_RETURN_NONE;
}

static PyObject *sys_get_int_max_str_digits(PyObject *self, PyObject *unused)
{
	return PyLong_FromLong(_PyLong_max_str_digits);
}

/* settrace(None) and the like; the result for the caller. */
static PyObject *set_hook(enum _PyTraceHook hook, PyObject *func)
{
	_PyTrace_Set(hook, Py_IsNone(func) ? NULL : func);
	Py_RETURN_NONE;
}

static PyObject *get_hook(enum _PyTraceHook hook)
{
	PyObject *func = _PyTrace_Get(hook);

	return Py_NewRef(func ? func : Py_None);
}

static PyObject *sys_settrace(PyObject *self, PyObject *func)
{
	return set_hook(PY_HOOK_TRACE, func);
}

static PyObject *sys_setprofile(PyObject *self, PyObject *func)
{
	return set_hook(PY_HOOK_PROFILE, func);
}

static PyObject *sys_gettrace(PyObject *self, PyObject *unused)
{
	return get_hook(PY_HOOK_TRACE);
}

static PyObject *sys_getprofile(PyObject *self, PyObject *unused)
{
	return get_hook(PY_HOOK_PROFILE);
}

#define FAST(f) ((PyCFunction)(void (*)(void))(f))

static PyObject *sys_debugmallocstats(PyObject *self, PyObject *unused)
{
	_PyHeap_PrintStats(stderr);
	Py_RETURN_NONE;
}

static PyObject *sys_getallocatedblocks(PyObject *self, PyObject *unused)
{
	return PyLong_FromSize_t(_PyHeap_BlocksInUse());
}

static PyMethodDef sys_methods[] = {
	{"exit", FAST(sys_exit), METH_FASTCALL, "Exit the interpreter by raising SystemExit."},
	{"getrecursionlimit", sys_getrecursionlimit, METH_NOARGS, "The recursion limit."},
	{"setrecursionlimit", sys_setrecursionlimit, METH_O, "Set the recursion limit."},
	{"_getframe", FAST(sys_getframe), METH_FASTCALL, "A frame of the call stack."},
	{"_current_frames", sys_current_frames, METH_NOARGS, "Each thread's topmost frame."},
	{"_current_exceptions", sys_current_exceptions, METH_NOARGS,
	 "The exception that each thread is handling."},
	{"exception", sys_exception, METH_NOARGS, "The exception being handled."},
	{"exc_info", sys_exc_info, METH_NOARGS, "The exception being handled, as a tuple."},
	{"excepthook", FAST(sys_excepthook), METH_FASTCALL, "Print an exception to sys.stderr."},
	{"displayhook", sys_displayhook, METH_O,
	 "Print an object to sys.stdout and save it in builtins._"},
	{"getrefcount", sys_getrefcount, METH_O, "The reference count of an object."},
	{"intern", sys_intern, METH_O, "The one string object with this text."},
	{"getsizeof", FAST(sys_getsizeof), METH_FASTCALL, "The size of an object in bytes."},
	{"settrace", sys_settrace, METH_O, "Set this thread's trace function."},
	{"gettrace", sys_gettrace, METH_NOARGS, "This thread's trace function."},
	{"setprofile", sys_setprofile, METH_O, "Set this thread's profile function."},
	{"getprofile", sys_getprofile, METH_NOARGS, "This thread's profile function."},
	{"_debugmallocstats", sys_debugmallocstats, METH_NOARGS,
	 "Print what the heap of small blocks holds to stderr."},
	{"getallocatedblocks", sys_getallocatedblocks, METH_NOARGS,
	 "The number of small blocks in use."},
	{"set_int_max_str_digits", sys_set_int_max_str_digits, METH_O, NULL},
	{"get_int_max_str_digits", sys_get_int_max_str_digits, METH_NOARGS, NULL},
	{0},
};

static PyObject *namespace_of(const char *const *names, PyObject **values)
{
	PyObject *dict = PyDict_New();

	for (int i = 0; dict && names[i]; i++)
		if (!values[i] || PyDict_SetItemString(dict, names[i], values[i]) < 0)
			Py_CLEAR(dict);
	PyObject *ns = dict ? _PyNamespace_New(dict) : NULL;

	Py_XDECREF(dict);
	return ns;
}

static int add_version(PyObject *module)
{
	PyObject *parts[5] = {PyLong_FromLong(3), PyLong_FromLong(11), PyLong_FromLong(0),
			      PyUnicode_FromString("final"), PyLong_FromLong(0)};
	PyObject *info = _PyTuple_FromArraySteal(parts, 5);
	static const char *const names[] = {"name", "version", "cache_tag", NULL};
	PyObject *values[3] = {PyUnicode_FromString("minipy"), Py_XNewRef(info),
			       PyUnicode_FromString("minipy-311")};
	PyObject *implementation = namespace_of(names, values);

	for (int i = 0; i < 3; i++)
		Py_XDECREF(values[i]);
	if (PyModule_Add(module, "version_info", info) < 0 ||
	    PyModule_Add(module, "implementation", implementation) < 0)
		return -1;
	return PyModule_Add(module, "version",
			    PyUnicode_FromString("3.11.0 (minipy 0.1.0, frame-based interpreter)"));
}

/* A number of a namespace: real where it is not 0, else integer. */
struct number {
	const char *name;
	long long integer;
	double real;
};

enum { NUMBERS_MAX = 20 };

static PyObject *numbers(const struct number *rows, size_t n)
{
	const char *names[NUMBERS_MAX + 1] = {0};
	PyObject *values[NUMBERS_MAX + 1] = {0};

	for (size_t i = 0; i < n; i++) {
		names[i] = rows[i].name;
		values[i] = rows[i].real != 0 ? PyFloat_FromDouble(rows[i].real)
					      : PyLong_FromLongLong(rows[i].integer);
	}
	PyObject *ns = namespace_of(names, values);

	for (size_t i = 0; i < n; i++)
		Py_XDECREF(values[i]);
	return ns;
}

#define NUMBERS(rows) numbers(rows, sizeof(rows) / sizeof(*(rows)))

/* What the number types are made of; the options of the command line, of which there are none. */
static int add_number_facts(PyObject *module)
{
	static const struct number of_float[] = {
		{"max", 0, DBL_MAX},
		{"max_exp", DBL_MAX_EXP, 0},
		{"max_10_exp", DBL_MAX_10_EXP, 0},
		{"min", 0, DBL_MIN},
		{"min_exp", DBL_MIN_EXP, 0},
		{"min_10_exp", DBL_MIN_10_EXP, 0},
		{"dig", DBL_DIG, 0},
		{"mant_dig", DBL_MANT_DIG, 0},
		{"epsilon", 0, DBL_EPSILON},
		{"radix", FLT_RADIX, 0},
		{"rounds", 1, 0},
	};
	static const struct number of_int[] = {
		{"bits_per_digit", 64, 0},
		{"sizeof_digit", 8, 0},
		{"default_max_str_digits", 4300, 0},
		{"str_digits_check_threshold", 640, 0},
	};
	static const struct number of_hash[] = {
		{"width", 64, 0},     {"modulus", (1LL << 61) - 1, 0},
		{"inf", 314159, 0},   {"nan", 0, 0},
		{"imag", 1000003, 0}, {"hash_bits", 64, 0},
		{"seed_bits", 64, 0}, {"cutoff", 0, 0},
	};
	static const struct number flags[] = {
		{"debug", 0, 0},
		{"inspect", 0, 0},
		{"interactive", 0, 0},
		{"optimize", 0, 0},
		{"dont_write_bytecode", 0, 0},
		{"no_user_site", 0, 0},
		{"no_site", 0, 0},
		{"ignore_environment", 0, 0},
		{"verbose", 0, 0},
		{"bytes_warning", 0, 0},
		{"quiet", 0, 0},
		{"hash_randomization", 1, 0},
		{"isolated", 0, 0},
		{"dev_mode", 0, 0},
		{"utf8_mode", 0, 0},
		{"warn_default_encoding", 0, 0},
		{"safe_path", 0, 0},
		{"int_max_str_digits", 4300, 0},
	};

	if (PyModule_Add(module, "float_info", NUMBERS(of_float)) < 0 ||
	    PyModule_Add(module, "hash_info", NUMBERS(of_hash)) < 0 ||
	    PyModule_Add(module, "flags", NUMBERS(flags)) < 0)
		return -1;
	return PyModule_Add(module, "int_info", NUMBERS(of_int));
}

static int add_files(PyObject *module)
{
	static const struct {
		const char *name, *saved, *file;
	} files[] = {{"stdin", "__stdin__", "<stdin>"},
		     {"stdout", "__stdout__", "<stdout>"},
		     {"stderr", "__stderr__", "<stderr>"}};

	for (int fd = 0; fd < 3; fd++) {
		const struct _PyOpenHow how = {
			.mode = fd == 0 ? "r" : "w",
			.encoding = "utf-8",
			.errors = fd == 2 ? "backslashreplace" : NULL,
			.buffering = fd == 2 ? 1 : -1,
		};
		PyObject *name = PyUnicode_FromString(files[fd].file);
		PyObject *f = name ? _PyFile_OpenDescribed(fd, name, &how) : NULL;

		Py_XDECREF(name);
		if (!f || PyModule_AddObjectRef(module, files[fd].saved, f) < 0) {
			Py_XDECREF(f);
			return -1;
		}
		if (PyModule_Add(module, files[fd].name, f) < 0)
			return -1;
	}
	return 0;
}

/* sys.path: the folders of $PYTHONPATH. */
static PyObject *initial_path(void)
{
	const char *p = getenv("PYTHONPATH"), *end;
	PyObject *path = PyList_New(0);

	for (; path && p && *p; p = *end ? end + 1 : end) {
		char *folder;
		PyObject *o;

		end = strchrnul(p, ':');
		folder = strndup(p, (size_t)(end - p));
		o = folder ? PyUnicode_DecodeFSDefault(folder) : PyErr_NoMemory();
		free(folder);
		if (!o || PyList_Append(path, o) < 0)
			Py_CLEAR(path);
		Py_XDECREF(o);
	}
	return path;
}

PyObject *_PySys_Init(void)
{
	const char *dont_write = getenv("PYTHONDONTWRITEBYTECODE");
	PyObject *module = PyModule_New("sys");
	PyInterpreterState *interp = PyThreadState_Get()->interp;

	if (!module)
		return NULL;
	interp->sysdict = Py_NewRef(PyModule_GetDict(module));
	if (PyModule_AddFunctions(module, sys_methods) < 0 || add_version(module) < 0 ||
	    add_files(module) < 0 || add_number_facts(module) < 0 ||
	    PyModule_Add(module, "warnoptions", PyList_New(0)) < 0 ||
	    PyModule_AddObjectRef(module, "modules", interp->modules) < 0 ||
	    PyModule_Add(module, "argv", PyList_New(0)) < 0 ||
	    PyModule_Add(module, "path", initial_path()) < 0 ||
	    PyModule_Add(module, "dont_write_bytecode",
			 PyBool_FromLong(dont_write && *dont_write)) < 0 ||
	    PyModule_AddStringConstant(module, "platform", "linux") < 0 ||
	    PyModule_AddStringConstant(module, "byteorder", "little") < 0 ||
	    PyModule_AddStringConstant(module, "ps1", ">>> ") < 0 ||
	    PyModule_AddStringConstant(module, "ps2", "... ") < 0 ||
	    PyModule_Add(module, "maxsize", PyLong_FromSsize_t(PY_SSIZE_T_MAX)) < 0 ||
	    PyModule_Add(module, "maxunicode", PyLong_FromLong(0x10ffff)) < 0 ||
	    PyModule_Add(module, "hexversion", PyLong_FromLong(0x030b00f0)) < 0)
		Py_CLEAR(module);
	return module;
}

int PySys_SetArgv(int argc, char **argv, const char *path0)
{
	PyObject *list = PyList_New(argc);
	PyObject *path = PySys_GetObject("path");
	int status = -1;

	for (int i = 0; list && i < argc; i++) {
		PyObject *arg = PyUnicode_DecodeFSDefault(argv[i]);

		if (!arg) {
			/* The list has empty slots still: nobody may see it. */
			while (i < argc)
				PyList_SET_ITEM(list, i++, Py_NewRef(Py_None));
			Py_CLEAR(list);
			break;
		}
		PyList_SET_ITEM(list, i, arg);
	}
	if (list && PySys_SetObject("argv", list) == 0) {
		PyObject *dir = path0 ? PyUnicode_DecodeFSDefault(path0) : NULL;

		status = !path0 ? 0 : dir && path ? PyList_Insert(path, 0, dir) : -1;
		Py_XDECREF(dir);
	}
	Py_XDECREF(list);
	return status;
}
