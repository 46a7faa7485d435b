/* SPDX-License-Identifier: BSD-2-Clause */
/* The builtins module: functions, types, exceptions. */
#include "lib/lib.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/bytearray.h"
#include "objects/bytes.h"
#include "objects/call.h"
#include "objects/complex.h"
#include "objects/dict.h"
#include "objects/enumerate.h"
#include "objects/exceptions.h"
#include "objects/float.h"
#include "objects/iter.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/memoryview.h"
#include "objects/module.h"
#include "objects/names.h"
#include "objects/property.h"
#include "objects/range.h"
#include "objects/set.h"
#include "objects/slice.h"
#include "objects/super.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/unicode.h"
#include "vm/generator.h"
#include "vm/call.h"

#define FAST(f)  ((PyCFunction)(void (*)(void))(f))
#define KEYWORDS (METH_FASTCALL | METH_KEYWORDS)
#define ARGS     PyObject *self, PyObject *const *args, Py_ssize_t nargs
#define ARGS_KW  PyObject *self, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames

/* -- one object in, one out
 * ------------------------------------------------------------------------- */
static PyObject *builtin_abs(PyObject *self, PyObject *o)
{
	return PyNumber_Absolute(o);
}

static PyObject *builtin_ascii(PyObject *self, PyObject *o)
{
	return PyObject_ASCII(o);
}

static PyObject *builtin_repr(PyObject *self, PyObject *o)
{
	return PyObject_Repr(o);
}

static PyObject *builtin_callable(PyObject *self, PyObject *o)
{
	return PyBool_FromLong(PyCallable_Check(o));
}

static PyObject *builtin_hash(PyObject *self, PyObject *o)
{
	Py_hash_t hash = PyObject_Hash(o);

	return hash == -1 && PyErr_Occurred() ? NULL : PyLong_FromSsize_t(hash);
}

static PyObject *builtin_id(PyObject *self, PyObject *o)
{
	return PyLong_FromVoidPtr(o);
}

static PyObject *builtin_len(PyObject *self, PyObject *o)
{
	Py_ssize_t len = PyObject_Size(o);

	return len < 0 ? NULL : PyLong_FromSsize_t(len);
}

static PyObject *builtin_chr(PyObject *self, PyObject *o)
{
	PyObject *index = PyNumber_Index(o);
	int overflow = 0;
	long ch;

	if (!index)
		return NULL;
	ch = PyLong_AsLongAndOverflow(index, &overflow);
	Py_DECREF(index);
	if (overflow || ch < INT32_MIN || ch > INT32_MAX)
		return PyErr_Format(PyExc_OverflowError,
				    "Python int too large to convert to C int");
	return PyUnicode_FromOrdinal((int)ch);
}

static PyObject *builtin_ord(PyObject *self, PyObject *o)
{
	const char *data;
	Py_ssize_t n;

	if (PyUnicode_Check(o)) {
		n = PyUnicode_GET_LENGTH(o);
		if (n == 1)
			return PyLong_FromLong((long)PyUnicode_READ_CHAR(o, 0));
	} else if (_PyBytes_View(o, &data, &n)) {
		if (n == 1)
			return PyLong_FromLong((unsigned char)data[0]);
	} else {
		return PyErr_Format(PyExc_TypeError,
				    "ord() expected string of length 1, but %.200s found",
				    Py_TYPE(o)->tp_name);
	}
	return PyErr_Format(PyExc_TypeError,
			    "ord() expected a character, but string of length %zd found", n);
}

static PyObject *in_base(PyObject *o, int base)
{
	PyObject *index = PyNumber_Index(o);
	PyObject *text = index ? _PyLong_FormatPlain(index, base, true) : NULL;

	Py_XDECREF(index);
	return text;
}

static PyObject *builtin_bin(PyObject *self, PyObject *o)
{
	return in_base(o, 2);
}

static PyObject *builtin_oct(PyObject *self, PyObject *o)
{
	return in_base(o, 8);
}

static PyObject *builtin_hex(PyObject *self, PyObject *o)
{
	return in_base(o, 16);
}

/* -- attributes and types
 * ------------------------------------------------------------------------------ */
static bool attribute_name(const char *fname, PyObject *name)
{
	if (PyUnicode_Check(name))
		return true;
	PyErr_Format(PyExc_TypeError, "attribute name must be string, not '%.200s'",
		     Py_TYPE(name)->tp_name);
	return false;
}

static PyObject *builtin_getattr(ARGS)
{
	PyObject *value = NULL;

	if (!PyArg_CheckPositional("getattr", nargs, 2, 3) || !attribute_name("getattr", args[1]))
		return NULL;
	if (nargs == 2)
		return PyObject_GetAttr(args[0], args[1]);
	if (_PyObject_LookupAttr(args[0], args[1], &value) == 0)
		return Py_NewRef(args[2]);
	return value;
}

static PyObject *builtin_hasattr(ARGS)
{
	PyObject *value = NULL;

	if (!PyArg_CheckPositional("hasattr", nargs, 2, 2) || !attribute_name("hasattr", args[1]))
		return NULL;
	int found = _PyObject_LookupAttr(args[0], args[1], &value);

	Py_XDECREF(value);
	return found < 0 ? NULL : PyBool_FromLong(found);
}

static PyObject *builtin_setattr(ARGS)
{
	if (!PyArg_CheckPositional("setattr", nargs, 3, 3) || !attribute_name("setattr", args[1]) ||
	    PyObject_SetAttr(args[0], args[1], args[2]) < 0)
		return NULL;
	Py_RETURN_NONE;
}

static PyObject *builtin_delattr(ARGS)
{
	if (!PyArg_CheckPositional("delattr", nargs, 2, 2) || !attribute_name("delattr", args[1]) ||
	    PyObject_DelAttr(args[0], args[1]) < 0)
		return NULL;
	Py_RETURN_NONE;
}

static PyObject *builtin_isinstance(ARGS)
{
	if (!PyArg_CheckPositional("isinstance", nargs, 2, 2))
		return NULL;
	int is = PyObject_IsInstance(args[0], args[1]);

	return is < 0 ? NULL : PyBool_FromLong(is);
}

static PyObject *builtin_issubclass(ARGS)
{
	if (!PyArg_CheckPositional("issubclass", nargs, 2, 2))
		return NULL;
	int is = PyObject_IsSubclass(args[0], args[1]);

	return is < 0 ? NULL : PyBool_FromLong(is);
}

static PyObject *builtin_dir(ARGS)
{
	if (!PyArg_CheckPositional("dir", nargs, 0, 1))
		return NULL;
	if (nargs)
		return PyObject_Dir(args[0]);
	PyObject *locals = PyEval_GetLocals();
	PyObject *names = locals ? PyMapping_Keys(locals) : NULL;

	Py_XDECREF(locals);
	if (names && PyList_Sort(names) < 0)
		Py_CLEAR(names);
	return names;
}

static PyObject *builtin_vars(ARGS)
{
	PyObject *dict = NULL;

	if (!PyArg_CheckPositional("vars", nargs, 0, 1))
		return NULL;
	if (!nargs)
		return PyEval_GetLocals();
	if (_PyObject_LookupAttr(args[0], _Py_ID(__dict__), &dict) == 0)
		PyErr_SetString(PyExc_TypeError, "vars() argument must have __dict__ attribute");
	return dict;
}

static PyObject *builtin_globals(PyObject *self, PyObject *unused)
{
	return Py_XNewRef(PyEval_GetGlobals());
}

static PyObject *builtin_locals(PyObject *self, PyObject *unused)
{
	return PyEval_GetLocals();
}

/* -- numbers
 * -------------------------------------------------------------------------------------------- */
static PyObject *builtin_divmod(ARGS)
{
	if (!PyArg_CheckPositional("divmod", nargs, 2, 2))
		return NULL;
	return PyNumber_Divmod(args[0], args[1]);
}

static PyObject *builtin_pow(ARGS_KW)
{
	static const char *const names[] = {"base", "exp", "mod", NULL};
	static const struct PyArgSpec spec = {"pow", names, 0, 2, 3};
	PyObject *a[3];

	if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0)
		return NULL;
	return PyNumber_Power(a[0], a[1], a[2] ? a[2] : Py_None);
}

static PyObject *builtin_round(ARGS_KW)
{
	static const char *const names[] = {"number", "ndigits", NULL};
	static const struct PyArgSpec spec = {"round", names, 0, 1, 2};
	PyObject *a[2];

	if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0)
		return NULL;
	PyObject *method = _PyObject_LookupSpecial(a[0], _Py_ID(__round__));

	if (!method) {
		if (!PyErr_Occurred())
			PyErr_Format(PyExc_TypeError, "type %.100s doesn't define __round__ method",
				     Py_TYPE(a[0])->tp_name);
		return NULL;
	}
	PyObject *result = a[1] && !Py_IsNone(a[1]) ? PyObject_CallOneArg(method, a[1])
						    : PyObject_CallNoArgs(method);

	Py_DECREF(method);
	return result;
}

static PyObject *builtin_sum(ARGS_KW)
{
	static const char *const names[] = {"iterable", "start", NULL};
	static const struct PyArgSpec spec = {"sum", names, 1, 1, 2};
	PyObject *a[2];
	PyObject *item;

	if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0)
		return NULL;
	PyObject *total = a[1] ? Py_NewRef(a[1]) : PyLong_FromLong(0);

	if (PyUnicode_Check(total) || PyBytes_Check(total) || PyByteArray_Check(total)) {
		PyErr_Format(PyExc_TypeError, "sum() can't sum %s [use %s.join(seq) instead]",
			     PyUnicode_Check(total) ? "strings"
			     : PyBytes_Check(total) ? "bytes"
						    : "bytearray",
			     PyUnicode_Check(total) ? "''"
			     : PyBytes_Check(total) ? "b''"
						    : "b''");
		Py_DECREF(total);
		return NULL;
	}
	PyObject *it = PyObject_GetIter(a[0]);

	if (!it) {
		Py_DECREF(total);
		return NULL;
	}
	while (total && (item = PyIter_Next(it)) != NULL) {
		PyObject *next = PyNumber_Add(total, item);

		Py_DECREF(item);
		Py_DECREF(total);
		total = next;
	}
	Py_DECREF(it);
	if (PyErr_Occurred())
		Py_CLEAR(total);
	return total;
}

/* -- iteration
 * ------------------------------------------------------------------------------------------ */
static PyObject *any_all(PyObject *iterable, int stop_at)
{
	PyObject *it = PyObject_GetIter(iterable);
	PyObject *item;
	int truth = !stop_at;

	if (!it)
		return NULL;
	while (truth != stop_at && truth >= 0 && (item = PyIter_Next(it)) != NULL) {
		truth = PyObject_IsTrue(item);
		Py_DECREF(item);
	}
	Py_DECREF(it);
	return PyErr_Occurred() ? NULL : PyBool_FromLong(truth);
}

static PyObject *builtin_all(PyObject *self, PyObject *iterable)
{
	return any_all(iterable, 0);
}

static PyObject *builtin_any(PyObject *self, PyObject *iterable)
{
	return any_all(iterable, 1);
}

static PyObject *builtin_iter(ARGS)
{
	if (!PyArg_CheckPositional("iter", nargs, 1, 2))
		return NULL;
	if (nargs == 1)
		return PyObject_GetIter(args[0]);
	if (!PyCallable_Check(args[0])) {
		PyErr_SetString(PyExc_TypeError, "iter(v, w): v must be callable");
		return NULL;
	}
	return PyCallIter_New(args[0], args[1]);
}

static PyObject *builtin_next(ARGS)
{
	if (!PyArg_CheckPositional("next", nargs, 1, 2))
		return NULL;
	if (!PyIter_Check(args[0]))
		return PyErr_Format(PyExc_TypeError, "'%.200s' object is not an iterator",
				    Py_TYPE(args[0])->tp_name);
	PyObject *item = Py_TYPE(args[0])->tp_iternext(args[0]);

	if (item)
		return item;
	if (nargs == 2) {
		if (PyErr_Occurred()) {
			if (!PyErr_ExceptionMatches(PyExc_StopIteration))
				return NULL;
			PyErr_Clear();
		}
		return Py_NewRef(args[1]);
	}
	if (!PyErr_Occurred())
		PyErr_SetNone(PyExc_StopIteration);
	return NULL;
}

static PyObject *builtin_aiter(PyObject *self, PyObject *o)
{
	if (!Py_TYPE(o)->am_aiter)
		return PyErr_Format(PyExc_TypeError, "'%.200s' object is not an async iterable",
				    Py_TYPE(o)->tp_name);
	PyObject *it = Py_TYPE(o)->am_aiter(o);

	if (it && !Py_TYPE(it)->am_anext) {
		PyErr_Format(PyExc_TypeError,
			     "aiter() returned not an async iterator of type '%.200s'",
			     Py_TYPE(it)->tp_name);
		Py_CLEAR(it);
	}
	return it;
}

static PyObject *builtin_anext(ARGS)
{
	if (!PyArg_CheckPositional("anext", nargs, 1, 2))
		return NULL;
	if (!Py_TYPE(args[0])->am_anext)
		return PyErr_Format(PyExc_TypeError, "'%.200s' object is not an async iterator",
				    Py_TYPE(args[0])->tp_name);
	PyObject *awaitable = Py_TYPE(args[0])->am_anext(args[0]);

	if (awaitable && nargs == 2)
		Py_SETREF(awaitable, _PyAnextAwaitable_New(awaitable, args[1]));
	return awaitable;
}

static PyObject *builtin_sorted(ARGS_KW)
{
	if (!PyArg_CheckPositional("sorted", nargs, 1, 1))
		return NULL;
	PyObject *list = PySequence_List(args[0]);
	PyObject *sort = list ? PyObject_GetAttrString(list, "sort") : NULL;
	PyObject *done = sort ? PyObject_Vectorcall(sort, args + 1, 0, kwnames) : NULL;

	Py_XDECREF(sort);
	if (!done)
		Py_CLEAR(list);
	Py_XDECREF(done);
	return list;
}

/* The extreme of an iterator's items by key (NULL: the items); new, or NULL (empty: no error). */
static PyObject *extreme(PyObject *it, PyObject *key, int op)
{
	PyObject *best = NULL;
	PyObject *best_key = NULL;
	PyObject *item;

	while ((item = PyIter_Next(it)) != NULL) {
		PyObject *item_key = key ? PyObject_CallOneArg(key, item) : Py_NewRef(item);
		int better = !item_key ? -1
			     : !best   ? 1
				       : PyObject_RichCompareBool(item_key, best_key, op);

		if (better == 1) {
			Py_XSETREF(best, item);
			Py_XSETREF(best_key, item_key);
		} else {
			Py_DECREF(item);
			Py_XDECREF(item_key);
		}
		if (better < 0)
			break;
	}
	Py_XDECREF(best_key);
	if (PyErr_Occurred())
		Py_CLEAR(best);
	return best;
}

static PyObject *min_max(PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames, int op)
{
	static const char *const names[] = {"key", "default", NULL};
	const char *fname = op == Py_GT ? "max" : "min";
	const struct PyArgSpec spec = {fname, names, 0, 0, 0};
	PyObject *a[2];
	PyObject *values;

	if (PyArg_Parse(&spec, args + nargs, 0, kwnames, a) < 0)
		return NULL;
	if (!nargs)
		return PyErr_Format(PyExc_TypeError, "%s expected at least 1 argument, got 0",
				    fname);
	if (nargs > 1 && a[1])
		return PyErr_Format(
			PyExc_TypeError,
			"Cannot specify a default for %s() with multiple positional arguments",
			fname);
	values = nargs > 1 ? _PyTuple_FromArray(args, nargs) : Py_NewRef(args[0]);
	PyObject *it = values ? PyObject_GetIter(values) : NULL;
	PyObject *best = it ? extreme(it, a[0] && !Py_IsNone(a[0]) ? a[0] : NULL, op) : NULL;

	Py_XDECREF(it);
	Py_XDECREF(values);
	if (!best && !PyErr_Occurred()) {
		if (a[1])
			return Py_NewRef(a[1]);
		PyErr_Format(PyExc_ValueError, "%s() arg is an empty sequence", fname);
	}
	return best;
}

static PyObject *builtin_max(ARGS_KW)
{
	return min_max(args, nargs, kwnames, Py_GT);
}

static PyObject *builtin_min(ARGS_KW)
{
	return min_max(args, nargs, kwnames, Py_LT);
}

/* -- text and files
 * --------------------------------------------------------------------------------------- */
static PyObject *builtin_format(ARGS)
{
	if (!PyArg_CheckPositional("format", nargs, 1, 2))
		return NULL;
	return PyObject_Format(args[0], nargs == 2 ? args[1] : NULL);
}

/* print's sep and end: a str, or None for the usual one. */
static bool print_text(const char *what, PyObject **o)
{
	if (*o && Py_IsNone(*o))
		*o = NULL;
	if (!*o || PyUnicode_Check(*o))
		return true;
	PyErr_Format(PyExc_TypeError, "%s must be None or a string, not %.200s", what,
		     Py_TYPE(*o)->tp_name);
	return false;
}

static PyObject *builtin_print(ARGS_KW)
{
	static const char *const names[] = {"sep", "end", "file", "flush", NULL};
	static const struct PyArgSpec spec = {"print", names, 0, 0, 0};
	PyObject *a[4];
	int status = 0;

	if (PyArg_Parse(&spec, args + nargs, 0, kwnames, a) < 0 || !print_text("sep", &a[0]) ||
	    !print_text("end", &a[1]))
		return NULL;
	PyObject *file = a[2] && !Py_IsNone(a[2]) ? a[2] : PySys_GetObject("stdout");

	if (!file)
		return PyErr_Format(PyExc_RuntimeError, "lost sys.stdout");
	if (Py_IsNone(file))
		Py_RETURN_NONE;
	Py_INCREF(file);
	for (Py_ssize_t i = 0; status == 0 && i < nargs; i++) {
		if (i > 0)
			status = a[0] ? PyFile_WriteObject(a[0], file, true)
				      : PyFile_WriteString(" ", file);
		if (status == 0)
			status = PyFile_WriteObject(args[i], file, true);
	}
	if (status == 0)
		status = a[1] ? PyFile_WriteObject(a[1], file, true)
			      : PyFile_WriteString("\n", file);
	int flush = status == 0 && a[3] ? PyObject_IsTrue(a[3]) : 0;

	if (flush)
		status = flush < 0 ? -1 : _PyFile_Flush(file);
	Py_DECREF(file);
	if (status < 0)
		return NULL;
	Py_RETURN_NONE;
}

static PyObject *builtin_input(ARGS)
{
	PyObject *in = PySys_GetObject("stdin");
	PyObject *out = PySys_GetObject("stdout");

	if (!PyArg_CheckPositional("input", nargs, 0, 1))
		return NULL;
	if (!in || !out || Py_IsNone(in))
		return PyErr_Format(PyExc_RuntimeError, "input(): lost sys.stdin");
	if (nargs && PyFile_WriteObject(args[0], out, true) < 0)
		return NULL;
	if (_PyFile_Flush(out) < 0)
		return NULL;
	PyObject *line = PyFile_GetLine(in);

	if (!line)
		return NULL;
	Py_ssize_t n = PyUnicode_GET_LENGTH(line);

	if (n == 0) {
		Py_DECREF(line);
		return PyErr_Format(PyExc_EOFError, "EOF when reading a line");
	}
	if (PyUnicode_READ_CHAR(line, n - 1) == '\n')
		Py_SETREF(line, PyUnicode_Substring(line, 0, n - 1));
	return line;
}

static PyObject *builtin_open(ARGS_KW)
{
	static const char *const names[] = {"file",    "mode",    "buffering", "encoding", "errors",
					    "newline", "closefd", "opener",    NULL};
	static const struct PyArgSpec spec = {"open", names, 0, 1, 8};
	struct _PyOpenHow how = {.mode = "r", .buffering = -1, .close_fd = true};
	const char **const texts[] = {NULL,          &how.mode,   NULL,
				      &how.encoding, &how.errors, &how.newline};
	PyObject *a[8];

	if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0)
		return NULL;
	for (int i = 0; i < 6; i++)
		if (texts[i] && a[i] && !Py_IsNone(a[i]) && !(*texts[i] = PyUnicode_AsUTF8(a[i])))
			return NULL;
	how.buffering = a[2] ? _PyLong_AsInt(a[2]) : -1;
	int close_fd = a[6] ? PyObject_IsTrue(a[6]) : 1;

	if (PyErr_Occurred())
		return NULL;
	how.close_fd = close_fd > 0;
	return _PyFile_OpenPath(a[0], a[7], &how);
}

/* -- import
 * ---------------------------------------------------------------------------------------------------
 */
static PyObject *builtin_import(ARGS_KW)
{
	static const char *const names[] = {"name", "globals", "locals", "fromlist", "level", NULL};
	static const struct PyArgSpec spec = {"__import__", names, 0, 1, 5};
	PyObject *a[5];
	int level = 0;

	if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0)
		return NULL;
	if (a[4]) {
		level = _PyLong_AsInt(a[4]);
		if (level == -1 && PyErr_Occurred())
			return NULL;
	}
	return PyImport_ImportModuleLevel(a[0], a[1], a[3], level);
}

static PyMethodDef builtin_methods[] = {
	{"__build_class__", FAST(_PyBuiltin_BuildClass), KEYWORDS, "The class statement."},
	{"__import__", FAST(builtin_import), KEYWORDS,
	 "Import a module; what import statements call."},
	{"abs", builtin_abs, METH_O, "Return the absolute value of the argument."},
	{"all", builtin_all, METH_O,
	 "Return True if bool(x) is True for all values x in the iterable."},
	{"any", builtin_any, METH_O, "Return True if bool(x) is True for any x in the iterable."},
	{"ascii", builtin_ascii, METH_O, "Return an ASCII-only representation of an object."},
	{"bin", builtin_bin, METH_O, "Return the binary representation of an integer."},
	{"callable", builtin_callable, METH_O, "Return whether the object is callable."},
	{"chr", builtin_chr, METH_O, "Return a Unicode string of one character."},
	{"delattr", FAST(builtin_delattr), METH_FASTCALL,
	 "Delete the named attribute from the object."},
	{"dir", FAST(builtin_dir), METH_FASTCALL,
	 "Return the names in the current scope or of an object."},
	{"divmod", FAST(builtin_divmod), METH_FASTCALL, "Return the tuple (x//y, x%y)."},
	{"format", FAST(builtin_format), METH_FASTCALL, "Return value.__format__(format_spec)."},
	{"getattr", FAST(builtin_getattr), METH_FASTCALL, "Get a named attribute from an object."},
	{"globals", builtin_globals, METH_NOARGS,
	 "Return the dictionary of the current global variables."},
	{"hasattr", FAST(builtin_hasattr), METH_FASTCALL,
	 "Return whether the object has the attribute."},
	{"hash", builtin_hash, METH_O, "Return the hash value for the given object."},
	{"hex", builtin_hex, METH_O, "Return the hexadecimal representation of an integer."},
	{"id", builtin_id, METH_O, "Return the identity of an object."},
	{"input", FAST(builtin_input), METH_FASTCALL, "Read a line from standard input."},
	{"isinstance", FAST(builtin_isinstance), METH_FASTCALL,
	 "Return whether an object is an instance of a class."},
	{"issubclass", FAST(builtin_issubclass), METH_FASTCALL,
	 "Return whether a class is derived from another."},
	{"iter", FAST(builtin_iter), METH_FASTCALL, "Get an iterator from an object."},
	{"len", builtin_len, METH_O, "Return the number of items in a container."},
	{"locals", builtin_locals, METH_NOARGS,
	 "Return a dictionary of the current local variables."},
	{"max", FAST(builtin_max), KEYWORDS, "Return the largest item."},
	{"min", FAST(builtin_min), KEYWORDS, "Return the smallest item."},
	{"aiter", builtin_aiter, METH_O, "Return an AsyncIterator for an AsyncIterable object."},
	{"anext", FAST(builtin_anext), METH_FASTCALL,
	 "Return an awaitable of the next item from the async iterator."},
	{"next", FAST(builtin_next), METH_FASTCALL, "Return the next item from the iterator."},
	{"oct", builtin_oct, METH_O, "Return the octal representation of an integer."},
	{"open", FAST(builtin_open), KEYWORDS, "Open a file."},
	{"ord", builtin_ord, METH_O, "Return the Unicode code point of a one-character string."},
	{"pow", FAST(builtin_pow), KEYWORDS, "Equivalent to base**exp, or base**exp % mod."},
	{"print", FAST(builtin_print), KEYWORDS, "Print the values to a stream, or to sys.stdout."},
	{"repr", builtin_repr, METH_O, "Return the canonical string representation of the object."},
	{"round", FAST(builtin_round), KEYWORDS,
	 "Round a number to a given precision in decimal digits."},
	{"setattr", FAST(builtin_setattr), METH_FASTCALL, "Set the named attribute on the object."},
	{"sorted", FAST(builtin_sorted), KEYWORDS, "Return a new sorted list of all items."},
	{"sum", FAST(builtin_sum), KEYWORDS,
	 "Return the sum of a start value and an iterable of numbers."},
	{"vars", FAST(builtin_vars), METH_FASTCALL,
	 "Return the __dict__ of an object, or locals()."},
	{0},
};

static int add_types(PyObject *dict)
{
	static const struct {
		const char *name;
		PyTypeObject *type;
	} types[] = {
		{"bool", &PyBool_Type},
		{"bytearray", &PyByteArray_Type},
		{"memoryview", &PyMemoryView_Type},
		{"bytes", &PyBytes_Type},
		{"classmethod", &PyClassMethod_Type},
		{"complex", &PyComplex_Type},
		{"dict", &PyDict_Type},
		{"enumerate", &PyEnum_Type},
		{"filter", &PyFilter_Type},
		{"float", &PyFloat_Type},
		{"frozenset", &PyFrozenSet_Type},
		{"int", &PyLong_Type},
		{"list", &PyList_Type},
		{"map", &PyMap_Type},
		{"object", &PyBaseObject_Type},
		{"property", &PyProperty_Type},
		{"range", &PyRange_Type},
		{"reversed", &PyReversed_Type},
		{"set", &PySet_Type},
		{"slice", &PySlice_Type},
		{"staticmethod", &PyStaticMethod_Type},
		{"str", &PyUnicode_Type},
		{"super", &PySuper_Type},
		{"tuple", &PyTuple_Type},
		{"type", &PyType_Type},
		{"zip", &PyZip_Type},
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (PyDict_SetItemString(dict, types[i].name, (PyObject *)types[i].type) < 0)
			return -1;
	return 0;
}

PyObject *_PyBuiltins_Init(void)
{
	static const struct {
		const char *name;
		PyObject *value;
	} constants[] = {
		{"None", Py_None},
		{"Ellipsis", Py_Ellipsis},
		{"NotImplemented", Py_NotImplemented},
		{"False", Py_False},
		{"True", Py_True},
		{"__debug__", Py_True},
	};
	PyObject *module = PyModule_New("builtins");

	if (!module)
		return NULL;
	PyObject *dict = PyModule_GetDict(module);

	for (size_t i = 0; i < sizeof(constants) / sizeof(*constants); i++)
		if (PyDict_SetItemString(dict, constants[i].name, constants[i].value) < 0)
			goto fail;
	if (PyModule_AddFunctions(module, builtin_methods) < 0 ||
	    PyModule_AddFunctions(module, _PyBuiltin_CodeMethods) < 0 || add_types(dict) < 0 ||
	    _PyExc_AddBuiltins(dict) < 0)
		goto fail;
	return module;
fail:
	Py_DECREF(module);
	return NULL;
}
