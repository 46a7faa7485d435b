/* SPDX-License-Identifier: BSD-2-Clause */
/* str's methods: arguments in, the functions of the other files do the work. */
#include "objects/unicode_priv.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/slice.h"
#include "objects/tuple.h"

/* -- Arguments --------------------------------------------------------------------------------- */
bool _PyUnicode_SearchArgCount(const char *fname, Py_ssize_t nargs)
{
	if (nargs >= 1 && nargs <= 3)
		return true;
	PyErr_Format(PyExc_TypeError, "%s() takes at %s %d argument%s (%zd given)", fname,
		     nargs < 1 ? "least" : "most", nargs < 1 ? 1 : 3, nargs < 1 ? "" : "s", nargs);
	return false;
}

/* (sub[, start[, end]]) of find, count and their like; sub must be a str. */
static bool parse_search(const char *fname, PyObject *const *args, Py_ssize_t nargs, PyObject **sub,
			 Py_ssize_t *start, Py_ssize_t *end)
{
	*start = 0;
	*end = PY_SSIZE_T_MAX;
	if (!_PyUnicode_SearchArgCount(fname, nargs))
		return false;
	if (!PyUnicode_Check(args[0])) {
		PyErr_Format(PyExc_TypeError, "must be str, not %.100s", Py_TYPE(args[0])->tp_name);
		return false;
	}
	*sub = args[0];
	return (nargs < 2 || _PyEval_SliceIndex(args[1], start)) &&
	       (nargs < 3 || _PyEval_SliceIndex(args[2], end));
}

static bool str_arg(const char *fname, int which, PyObject *arg)
{
	if (PyUnicode_Check(arg))
		return true;
	PyErr_Format(PyExc_TypeError, "%s() argument%s must be str, not %.50s", fname,
		     which == 0   ? ""
		     : which == 1 ? " 1"
				  : " 2",
		     Py_TYPE(arg)->tp_name);
	return false;
}

static bool index_arg(PyObject *arg, Py_ssize_t *ret)
{
	*ret = PyNumber_AsSsize_t(arg, PyExc_OverflowError);
	return *ret != -1 || !PyErr_Occurred();
}

/* -- Finding ----------------------------------------------------------------------------------- */
static PyObject *find_method(const char *fname, PyObject *self, PyObject *const *args,
			     Py_ssize_t nargs, int direction, bool must)
{
	Py_ssize_t start, end, at;
	PyObject *sub;

	if (!parse_search(fname, args, nargs, &sub, &start, &end))
		return NULL;
	at = PyUnicode_Find(self, sub, start, end, direction);
	if (at == -2)
		return NULL;
	if (at == -1 && must) {
		PyErr_SetString(PyExc_ValueError, "substring not found");
		return NULL;
	}
	return PyLong_FromSsize_t(at);
}

#define FIND(name, direction, must)                                                          \
	static PyObject *unicode_##name(PyObject *self, PyObject *const *args, Py_ssize_t n) \
	{                                                                                    \
		return find_method(#name, self, args, n, direction, must);                   \
	}
FIND(find, 1, false)
FIND(rfind, -1, false)
FIND(index, 1, true)
FIND(rindex, -1, true)

static PyObject *unicode_count(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	Py_ssize_t start, end, count;
	PyObject *sub;

	if (!parse_search("count", args, nargs, &sub, &start, &end))
		return NULL;
	count = PyUnicode_Count(self, sub, start, end);
	return count < 0 ? NULL : PyLong_FromSsize_t(count);
}

static PyObject *tailmatch(const char *fname, PyObject *self, PyObject *const *args,
			   Py_ssize_t nargs, int direction)
{
	Py_ssize_t start = 0, end = PY_SSIZE_T_MAX, n;
	PyObject *what;

	if (!_PyUnicode_SearchArgCount(fname, nargs) ||
	    (nargs > 1 && !_PyEval_SliceIndex(args[1], &start)) ||
	    (nargs > 2 && !_PyEval_SliceIndex(args[2], &end)))
		return NULL;
	what = args[0];
	if (PyUnicode_Check(what))
		return PyBool_FromLong(PyUnicode_Tailmatch(self, what, start, end, direction));
	if (!PyTuple_Check(what))
		return PyErr_Format(PyExc_TypeError,
				    "%s first arg must be str or a tuple of str, not %.100s", fname,
				    Py_TYPE(what)->tp_name);
	n = PyTuple_GET_SIZE(what);
	for (Py_ssize_t i = 0; i < n; i++) {
		PyObject *sub = PyTuple_GET_ITEM(what, i);

		if (!PyUnicode_Check(sub))
			return PyErr_Format(PyExc_TypeError,
					    "tuple for %s must only contain str, not %.100s", fname,
					    Py_TYPE(sub)->tp_name);
		if (PyUnicode_Tailmatch(self, sub, start, end, direction))
			Py_RETURN_TRUE;
	}
	Py_RETURN_FALSE;
}

static PyObject *unicode_startswith(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	return tailmatch("startswith", self, args, nargs, -1);
}

static PyObject *unicode_endswith(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	return tailmatch("endswith", self, args, nargs, 1);
}

static PyObject *unicode_removeprefix(PyObject *self, PyObject *arg)
{
	if (!str_arg("removeprefix", 0, arg))
		return NULL;
	if (PyUnicode_Tailmatch(self, arg, 0, PY_SSIZE_T_MAX, -1))
		return PyUnicode_Substring(self, PyUnicode_GET_LENGTH(arg), PY_SSIZE_T_MAX);
	return _PyUnicode_Exact(self);
}

static PyObject *unicode_removesuffix(PyObject *self, PyObject *arg)
{
	if (!str_arg("removesuffix", 0, arg))
		return NULL;
	if (PyUnicode_Tailmatch(self, arg, 0, PY_SSIZE_T_MAX, 1))
		return PyUnicode_Substring(self, 0,
					   PyUnicode_GET_LENGTH(self) - PyUnicode_GET_LENGTH(arg));
	return _PyUnicode_Exact(self);
}

static PyObject *unicode_replace(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	Py_ssize_t count = -1;

	if (!PyArg_CheckPositional("replace", nargs, 2, 3) || !str_arg("replace", 1, args[0]) ||
	    !str_arg("replace", 2, args[1]) || (nargs > 2 && !index_arg(args[2], &count)))
		return NULL;
	return PyUnicode_Replace(self, args[0], args[1], count);
}

/* -- Splitting, joining ------------------------------------------------------------------------ */
static PyObject *split_method(const char *fname, PyObject *self, PyObject *const *args,
			      Py_ssize_t nargs, PyObject *kwnames,
			      PyObject *(*split)(PyObject *, PyObject *, Py_ssize_t))
{
	static const char *const names[] = {"sep", "maxsplit", NULL};
	struct PyArgSpec spec = {fname, names, .max_pos = 2};
	Py_ssize_t maxsplit = -1;
	PyObject *a[2];

	if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0 ||
	    (a[1] && !index_arg(a[1], &maxsplit)))
		return NULL;
	return split(self, a[0], maxsplit);
}

static PyObject *unicode_split(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
			       PyObject *kwnames)
{
	return split_method("split", self, args, nargs, kwnames, PyUnicode_Split);
}

static PyObject *unicode_rsplit(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
				PyObject *kwnames)
{
	return split_method("rsplit", self, args, nargs, kwnames, PyUnicode_RSplit);
}

static PyObject *unicode_splitlines(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
				    PyObject *kwnames)
{
	static const char *const names[] = {"keepends", NULL};
	static const struct PyArgSpec spec = {"splitlines", names, .max_pos = 1};
	PyObject *a[1];
	int keep;

	if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0)
		return NULL;
	keep = a[0] ? PyObject_IsTrue(a[0]) : 0;
	return keep < 0 ? NULL : PyUnicode_Splitlines(self, keep);
}

static PyObject *unicode_partition(PyObject *self, PyObject *sep)
{
	return PyUnicode_Partition(self, sep);
}

static PyObject *unicode_rpartition(PyObject *self, PyObject *sep)
{
	return PyUnicode_RPartition(self, sep);
}

static PyObject *unicode_join(PyObject *self, PyObject *iterable)
{
	return PyUnicode_Join(self, iterable);
}

/* -- Padding, stripping ------------------------------------------------------------------------ */
static PyObject *pad(PyObject *self, Py_ssize_t left, Py_ssize_t right, Py_UCS4 fill)
{
	_PyUnicodeWriter w;

	left = left < 0 ? 0 : left;
	right = right < 0 ? 0 : right;
	if (left == 0 && right == 0)
		return _PyUnicode_Exact(self);
	_PyUnicodeWriter_Init(&w);
	if (_PyUnicodeWriter_WriteFill(&w, fill, left) < 0 ||
	    _PyUnicodeWriter_WriteStr(&w, self) < 0 ||
	    _PyUnicodeWriter_WriteFill(&w, fill, right) < 0) {
		_PyUnicodeWriter_Dealloc(&w);
		return NULL;
	}
	return _PyUnicodeWriter_Finish(&w);
}

/* (width[, fillchar]); the missing characters into *missing. */
static bool pad_args(const char *fname, PyObject *self, PyObject *const *args, Py_ssize_t nargs,
		     Py_ssize_t *missing, Py_UCS4 *fill)
{
	*fill = ' ';
	if (!PyArg_CheckPositional(fname, nargs, 1, 2) || !index_arg(args[0], missing))
		return false;
	if (nargs > 1) {
		if (!PyUnicode_Check(args[1])) {
			PyErr_Format(PyExc_TypeError,
				     "The fill character must be a unicode character, not %.100s",
				     Py_TYPE(args[1])->tp_name);
			return false;
		}
		if (PyUnicode_GET_LENGTH(args[1]) != 1) {
			PyErr_SetString(PyExc_TypeError,
					"The fill character must be exactly one character long");
			return false;
		}
		*fill = PyUnicode_READ_CHAR(args[1], 0);
	}
	*missing = *missing < 0 ? 0 : *missing - PyUnicode_GET_LENGTH(self);
	return true;
}

static PyObject *unicode_ljust(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	Py_ssize_t missing;
	Py_UCS4 fill;

	if (!pad_args("ljust", self, args, nargs, &missing, &fill))
		return NULL;
	return pad(self, 0, missing, fill);
}

static PyObject *unicode_rjust(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	Py_ssize_t missing;
	Py_UCS4 fill;

	if (!pad_args("rjust", self, args, nargs, &missing, &fill))
		return NULL;
	return pad(self, missing, 0, fill);
}

static PyObject *unicode_center(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	Py_ssize_t missing, left;
	Py_UCS4 fill;

	if (!pad_args("center", self, args, nargs, &missing, &fill))
		return NULL;
	if (missing <= 0)
		return _PyUnicode_Exact(self);
	/* The odd one goes left when the width is odd. */
	left = missing / 2 + (missing & (missing + PyUnicode_GET_LENGTH(self)) & 1);
	return pad(self, left, missing - left, fill);
}

static PyObject *unicode_zfill(PyObject *self, PyObject *arg)
{
	Py_ssize_t width, n = PyUnicode_GET_LENGTH(self), sign;
	_PyUnicodeWriter w;

	if (!index_arg(arg, &width))
		return NULL;
	if (width <= n)
		return _PyUnicode_Exact(self);
	sign = n > 0 &&
	       (PyUnicode_READ_CHAR(self, 0) == '+' || PyUnicode_READ_CHAR(self, 0) == '-');
	_PyUnicodeWriter_Init(&w);
	if (_PyUnicodeWriter_WriteSubstring(&w, self, 0, sign) < 0 ||
	    _PyUnicodeWriter_WriteFill(&w, '0', width - n) < 0 ||
	    _PyUnicodeWriter_WriteSubstring(&w, self, sign, n) < 0) {
		_PyUnicodeWriter_Dealloc(&w);
		return NULL;
	}
	return _PyUnicodeWriter_Finish(&w);
}

enum { STRIP_LEFT = 1, STRIP_RIGHT = 2 };

static bool strips(PyObject *chars, Py_UCS4 ch)
{
	return chars ? PyUnicode_FindChar(chars, ch, 0, PY_SSIZE_T_MAX, 1) >= 0
		     : _PyUnicode_IsWhitespace(ch);
}

static PyObject *strip(const char *fname, PyObject *self, PyObject *const *args, Py_ssize_t nargs,
		       int sides)
{
	Py_ssize_t start = 0, end = PyUnicode_GET_LENGTH(self);
	PyObject *chars = nargs ? args[0] : NULL;

	if (!PyArg_CheckPositional(fname, nargs, 0, 1))
		return NULL;
	if (chars == Py_None)
		chars = NULL;
	if (chars && !PyUnicode_Check(chars))
		return PyErr_Format(PyExc_TypeError, "%s arg must be None or str", fname);
	if (sides & STRIP_LEFT)
		while (start < end && strips(chars, PyUnicode_READ_CHAR(self, start)))
			start++;
	if (sides & STRIP_RIGHT)
		while (end > start && strips(chars, PyUnicode_READ_CHAR(self, end - 1)))
			end--;
	return PyUnicode_Substring(self, start, end);
}

#define STRIP(name, sides)                                                                   \
	static PyObject *unicode_##name(PyObject *self, PyObject *const *args, Py_ssize_t n) \
	{                                                                                    \
		return strip(#name, self, args, n, sides);                                   \
	}
STRIP(strip, STRIP_LEFT | STRIP_RIGHT)
STRIP(lstrip, STRIP_LEFT)
STRIP(rstrip, STRIP_RIGHT)

static PyObject *unicode_expandtabs(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
				    PyObject *kwnames)
{
	static const char *const names[] = {"tabsize", NULL};
	static const struct PyArgSpec spec = {"expandtabs", names, .max_pos = 1};
	PyObject *a[1];
	_PyUnicodeWriter w;
	int tab = 8;
	Py_ssize_t column = 0;

	if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0)
		return NULL;
	if (a[0] && (tab = _PyLong_AsInt(a[0])) == -1 && PyErr_Occurred())
		return NULL;
	_PyUnicodeWriter_Init(&w);
	for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(self); i++) {
		Py_UCS4 ch = PyUnicode_READ_CHAR(self, i);
		int err;

		if (ch == '\t') {
			Py_ssize_t n = tab > 0 ? tab - column % tab : 0;

			err = _PyUnicodeWriter_WriteFill(&w, ' ', n);
			column += n;
		} else {
			err = _PyUnicodeWriter_WriteChar(&w, ch);
			column = ch == '\n' || ch == '\r' ? 0 : column + 1;
		}
		if (err < 0) {
			_PyUnicodeWriter_Dealloc(&w);
			return NULL;
		}
	}
	return _PyUnicodeWriter_Finish(&w);
}

/* -- Translating ------------------------------------------------------------------------------- */
/* What table has for ch: written; 0 or -1. */
static int translate_char(_PyUnicodeWriter *w, PyObject *table, Py_UCS4 ch)
{
	PyObject *key = PyLong_FromLong((long)ch), *to;
	int err = 0;

	if (!key)
		return -1;
	to = PyObject_GetItem(table, key);
	Py_DECREF(key);
	if (!to) {
		if (!PyErr_ExceptionMatches(PyExc_LookupError))
			return -1;
		PyErr_Clear();
		return _PyUnicodeWriter_WriteChar(w, ch);
	}
	if (PyLong_Check(to)) {
		long v = PyLong_AsLong(to);

		if (v < 0 || v > UNICODE_MAX_CHAR) {
			PyErr_Format(PyExc_ValueError, "character mapping must be in range(0x%x)",
				     UNICODE_MAX_CHAR + 1);
			err = -1;
		} else {
			err = _PyUnicodeWriter_WriteChar(w, (Py_UCS4)v);
		}
	} else if (PyUnicode_Check(to)) {
		err = _PyUnicodeWriter_WriteStr(w, to);
	} else if (to != Py_None) {
		PyErr_SetString(PyExc_TypeError,
				"character mapping must return integer, None or str");
		err = -1;
	}
	Py_DECREF(to);
	return err;
}

PyObject *PyUnicode_Translate(PyObject *o, PyObject *table, const char *errors)
{
	_PyUnicodeWriter w;

	_PyUnicodeWriter_Init(&w);
	for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(o); i++)
		if (translate_char(&w, table, PyUnicode_READ_CHAR(o, i)) < 0) {
			_PyUnicodeWriter_Dealloc(&w);
			return NULL;
		}
	return _PyUnicodeWriter_Finish(&w);
}

static PyObject *unicode_translate(PyObject *self, PyObject *table)
{
	return PyUnicode_Translate(self, table, NULL);
}

static int put_ordinal(PyObject *dict, Py_UCS4 ch, PyObject *value)
{
	PyObject *key = PyLong_FromLong((long)ch);
	int err = key ? PyDict_SetItem(dict, key, value) : -1;

	Py_XDECREF(key);
	return err;
}

static int map_pairs(PyObject *dict, PyObject *from, PyObject *to)
{
	if (PyUnicode_GET_LENGTH(from) != PyUnicode_GET_LENGTH(to)) {
		PyErr_SetString(PyExc_ValueError,
				"the first two maketrans arguments must have equal length");
		return -1;
	}
	for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(from); i++) {
		PyObject *value = PyLong_FromLong((long)PyUnicode_READ_CHAR(to, i));
		int err = value ? put_ordinal(dict, PyUnicode_READ_CHAR(from, i), value) : -1;

		Py_XDECREF(value);
		if (err < 0)
			return -1;
	}
	return 0;
}

static int map_dict(PyObject *dict, PyObject *from)
{
	Py_ssize_t pos = 0;
	PyObject *key, *value;

	if (!PyDict_CheckExact(from)) {
		PyErr_SetString(PyExc_TypeError,
				"if you give only one argument to maketrans it must be a dict");
		return -1;
	}
	while (PyDict_Next(from, &pos, &key, &value)) {
		int err;

		if (PyUnicode_Check(key) && PyUnicode_GET_LENGTH(key) != 1) {
			PyErr_SetString(PyExc_ValueError,
					"string keys in translate table must be of length 1");
			return -1;
		}
		if (PyUnicode_Check(key)) {
			err = put_ordinal(dict, PyUnicode_READ_CHAR(key, 0), value);
		} else if (PyLong_Check(key)) {
			err = PyDict_SetItem(dict, key, value);
		} else {
			PyErr_SetString(PyExc_TypeError,
					"keys in translate table must be strings or integers");
			err = -1;
		}
		if (err < 0)
			return -1;
	}
	return 0;
}

static PyObject *unicode_maketrans(PyObject *unused, PyObject *const *args, Py_ssize_t nargs)
{
	PyObject *dict;
	int err;

	if (!PyArg_CheckPositional("maketrans", nargs, 1, 3))
		return NULL;
	if (nargs > 1 && !PyUnicode_Check(args[0])) {
		PyErr_SetString(PyExc_TypeError, "first maketrans argument must be a string if "
						 "there is a second argument");
		return NULL;
	}
	if ((nargs > 1 && !str_arg("maketrans", 2, args[1])) ||
	    (nargs > 2 && !PyUnicode_Check(args[2]) &&
	     (PyErr_Format(PyExc_TypeError, "maketrans() argument 3 must be str, not %.50s",
			   Py_TYPE(args[2])->tp_name),
	      true)))
		return NULL;
	dict = PyDict_New();
	if (!dict)
		return NULL;
	err = nargs > 1 ? map_pairs(dict, args[0], args[1]) : map_dict(dict, args[0]);
	for (Py_ssize_t i = 0; err == 0 && nargs > 2 && i < PyUnicode_GET_LENGTH(args[2]); i++)
		err = put_ordinal(dict, PyUnicode_READ_CHAR(args[2], i), Py_None);
	if (err < 0)
		Py_CLEAR(dict);
	return dict;
}

/* -- Codecs, formats --------------------------------------------------------------------------- */
static PyObject *unicode_encode(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
				PyObject *kwnames)
{
	static const char *const names[] = {"encoding", "errors", NULL};
	static const struct PyArgSpec spec = {"encode", names, .max_pos = 2};
	const char *text[2] = {NULL, NULL};
	PyObject *a[2];

	if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0)
		return NULL;
	for (int i = 0; i < 2; i++)
		if (a[i]) {
			if (!PyUnicode_Check(a[i]))
				return PyErr_Format(PyExc_TypeError,
						    "encode() argument '%s' must be str, not %.50s",
						    names[i], Py_TYPE(a[i])->tp_name);
			text[i] = PyUnicode_AsUTF8(a[i]);
			if (!text[i])
				return NULL;
		}
	return PyUnicode_AsEncodedString(self, text[0], text[1]);
}

static PyObject *unicode_format(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
				PyObject *kwnames)
{
	return _PyUnicode_FormatFields(self, args, nargs, kwnames, NULL);
}

static PyObject *unicode_format_map(PyObject *self, PyObject *mapping)
{
	return _PyUnicode_FormatFields(self, NULL, 0, NULL, mapping);
}

static PyObject *unicode_format_method(PyObject *self, PyObject *spec)
{
	if (!PyUnicode_Check(spec))
		return PyErr_Format(PyExc_TypeError, "__format__() argument must be str, not %.50s",
				    Py_TYPE(spec)->tp_name);
	return _PyUnicode_FormatSpec(self, spec);
}

static PyObject *unicode_getnewargs(PyObject *self, PyObject *unused)
{
	PyObject *exact = _PyUnicode_Exact(self), *ret = exact ? PyTuple_Pack(1, exact) : NULL;

	Py_XDECREF(exact);
	return ret;
}

static PyObject *unicode_sizeof(PyObject *self, PyObject *unused)
{
	size_t size =
		PyUnicode_IS_ASCII(self) ? sizeof(PyASCIIObject) : sizeof(PyCompactUnicodeObject);

	return PyLong_FromSize_t(size + (size_t)(PyUnicode_GET_LENGTH(self) + 1) *
						(size_t)PyUnicode_KIND(self));
}

#define FAST(f) ((PyCFunction)(void (*)(void))(f))
PyMethodDef _PyUnicode_methods[] = {
#define CASE_METHOD(name) {#name, _PyUnicode_##name, METH_NOARGS, NULL},
	UNICODE_CASE_METHODS(CASE_METHOD)
#undef CASE_METHOD
		{"center", FAST(unicode_center), METH_FASTCALL, NULL},
	{"count", FAST(unicode_count), METH_FASTCALL, NULL},
	{"encode", FAST(unicode_encode), METH_FASTCALL | METH_KEYWORDS, NULL},
	{"endswith", FAST(unicode_endswith), METH_FASTCALL, NULL},
	{"expandtabs", FAST(unicode_expandtabs), METH_FASTCALL | METH_KEYWORDS, NULL},
	{"find", FAST(unicode_find), METH_FASTCALL, NULL},
	{"format", FAST(unicode_format), METH_FASTCALL | METH_KEYWORDS, NULL},
	{"format_map", unicode_format_map, METH_O, NULL},
	{"index", FAST(unicode_index), METH_FASTCALL, NULL},
	{"join", unicode_join, METH_O, NULL},
	{"ljust", FAST(unicode_ljust), METH_FASTCALL, NULL},
	{"lstrip", FAST(unicode_lstrip), METH_FASTCALL, NULL},
	{"maketrans", FAST(unicode_maketrans), METH_FASTCALL | METH_STATIC, NULL},
	{"partition", unicode_partition, METH_O, NULL},
	{"removeprefix", unicode_removeprefix, METH_O, NULL},
	{"removesuffix", unicode_removesuffix, METH_O, NULL},
	{"replace", FAST(unicode_replace), METH_FASTCALL, NULL},
	{"rfind", FAST(unicode_rfind), METH_FASTCALL, NULL},
	{"rindex", FAST(unicode_rindex), METH_FASTCALL, NULL},
	{"rjust", FAST(unicode_rjust), METH_FASTCALL, NULL},
	{"rpartition", unicode_rpartition, METH_O, NULL},
	{"rsplit", FAST(unicode_rsplit), METH_FASTCALL | METH_KEYWORDS, NULL},
	{"rstrip", FAST(unicode_rstrip), METH_FASTCALL, NULL},
	{"split", FAST(unicode_split), METH_FASTCALL | METH_KEYWORDS, NULL},
	{"splitlines", FAST(unicode_splitlines), METH_FASTCALL | METH_KEYWORDS, NULL},
	{"startswith", FAST(unicode_startswith), METH_FASTCALL, NULL},
	{"strip", FAST(unicode_strip), METH_FASTCALL, NULL},
	{"translate", unicode_translate, METH_O, NULL},
	{"zfill", unicode_zfill, METH_O, NULL},
	{"__format__", unicode_format_method, METH_O, NULL},
	{"__getnewargs__", unicode_getnewargs, METH_NOARGS, NULL},
	{"__sizeof__", unicode_sizeof, METH_NOARGS, NULL},
	{NULL, NULL, 0, NULL},
};
