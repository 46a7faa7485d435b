/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The methods that bytes and bytearray share. They read any of the two and give back self's kind;
 * letters and spaces are those of ASCII.
 */
#include "objects/bytes_priv.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/slice.h"
#include "objects/tuple.h"
#include "objects/unicode_priv.h"

bool _PyBytes_Need(PyObject *o, const char **data, Py_ssize_t *n)
{
	if (_PyBytes_View(o, data, n))
		return true;
	PyErr_Format(PyExc_TypeError, "a bytes-like object is required, not '%.100s'",
		     Py_TYPE(o)->tp_name);
	return false;
}

PyObject *_PyBytes_Like(PyObject *self, const char *data, Py_ssize_t n)
{
	return PyByteArray_Check(self) ? PyByteArray_FromStringAndSize(data, n)
				       : PyBytes_FromStringAndSize(data, n);
}

PyObject *_PyBytes_Slice(PyObject *self, const char *data, Py_ssize_t n, PyObject *slice)
{
	Py_ssize_t start, stop, step, count;
	PyObject *ret;
	char *to;

	if (PySlice_Unpack(slice, &start, &stop, &step) < 0)
		return NULL;
	count = PySlice_AdjustIndices(n, &start, &stop, step);
	if (step == 1)
		return _PyBytes_Like(self, data + start, count);
	ret = _PyBytes_Like(self, NULL, count);
	if (!ret || count == 0)
		return ret;
	to = _PyBytes_Contents(ret);
	for (Py_ssize_t i = 0; i < count; i++, start += step)
		to[i] = data[start];
	return ret;
}

/* -- Comparing, finding ------------------------------------------------------------------------ */
PyObject *_PyBytes_RichCompare(PyObject *a, PyObject *b, int op)
{
	struct bytes_view v, w;
	int cmp;

	if (!_PyBytes_View(a, &v.p, &v.n) || !_PyBytes_View(b, &w.p, &w.n))
		Py_RETURN_NOTIMPLEMENTED;
	cmp = memcmp(v.p, w.p, (size_t)(v.n < w.n ? v.n : w.n));
	if (cmp == 0)
		cmp = (v.n > w.n) - (v.n < w.n);
	return PyBool_FromLong(_Py_CompareHolds(cmp, op));
}

Py_ssize_t _PyBytes_Find(const char *data, Py_ssize_t n, const char *sub, Py_ssize_t m,
			 int direction)
{
	const char *hit;

	if (m > n)
		return -1;
	if (direction < 0) {
		for (Py_ssize_t i = n - m; i >= 0; i--)
			if (memcmp(data + i, sub, (size_t)m) == 0)
				return i;
		return -1;
	}
	hit = memmem(data, (size_t)n, sub, (size_t)m);
	return hit ? hit - data : -1;
}

/* A bytes-like object or an int as what is looked for; byte holds the int. */
static bool needle(PyObject *arg, struct bytes_view *v, unsigned char *byte)
{
	if (_PyBytes_View(arg, &v->p, &v->n))
		return true;
	if (!PyIndex_Check(arg)) {
		PyErr_Format(PyExc_TypeError,
			     "argument should be integer or bytes-like object, not '%.200s'",
			     Py_TYPE(arg)->tp_name);
		return false;
	}
	if (!_PyBytes_GetByte(arg, byte))
		return false;
	*v = (struct bytes_view){(const char *)byte, 1};
	return true;
}

int _PyBytes_Contains(PyObject *o, PyObject *arg)
{
	struct bytes_view v, w;
	unsigned char byte;

	if (!PyIndex_Check(arg) && !_PyBytes_Need(arg, &w.p, &w.n))
		return -1;
	if (!needle(arg, &w, &byte))
		return -1;
	v = _PyBytes_ViewOf(o);
	return _PyBytes_Find(v.p, v.n, w.p, w.n, 1) >= 0;
}

/* (sub[, start[, end]]); the part of self into *in, its start into *start. */
static bool search_args(const char *fname, PyObject *self, PyObject *const *args, Py_ssize_t nargs,
			struct bytes_view *in, struct bytes_view *sub, unsigned char *byte,
			Py_ssize_t *start)
{
	Py_ssize_t end = PY_SSIZE_T_MAX;

	*start = 0;
	if (!_PyUnicode_SearchArgCount(fname, nargs) ||
	    (nargs > 1 && !_PyEval_SliceIndex(args[1], start)) ||
	    (nargs > 2 && !_PyEval_SliceIndex(args[2], &end)) || !needle(args[0], sub, byte))
		return false;
	*in = _PyBytes_ViewOf(self);
	_PyUnicode_FitRange(in->n, start, &end);
	in->n = end - *start; /* < 0: nothing can be found */
	in->p += *start > Py_SIZE(self) ? 0 : *start;
	return true;
}

static PyObject *find_method(const char *fname, PyObject *self, PyObject *const *args,
			     Py_ssize_t nargs, int direction, bool must)
{
	struct bytes_view in, sub;
	unsigned char byte;
	Py_ssize_t start, at;

	if (!search_args(fname, self, args, nargs, &in, &sub, &byte, &start))
		return NULL;
	at = _PyBytes_Find(in.p, in.n, sub.p, sub.n, direction);
	if (at < 0 && must) {
		PyErr_SetString(PyExc_ValueError, "subsection not found");
		return NULL;
	}
	return PyLong_FromSsize_t(at < 0 ? -1 : at + start);
}

#define FIND(name, direction, must)                                                        \
	static PyObject *bytes_##name(PyObject *self, PyObject *const *args, Py_ssize_t n) \
	{                                                                                  \
		return find_method(#name, self, args, n, direction, must);                 \
	}
FIND(find, 1, false)
FIND(rfind, -1, false)
FIND(index, 1, true)
FIND(rindex, -1, true)

static PyObject *bytes_count(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	struct bytes_view in, sub;
	unsigned char byte;
	Py_ssize_t start, at, count = 0;

	if (!search_args("count", self, args, nargs, &in, &sub, &byte, &start))
		return NULL;
	if (sub.n == 0)
		return PyLong_FromSsize_t(in.n < 0 ? 0 : in.n + 1);
	while ((at = _PyBytes_Find(in.p, in.n, sub.p, sub.n, 1)) >= 0) {
		count++;
		in.p += at + sub.n;
		in.n -= at + sub.n;
	}
	return PyLong_FromSsize_t(count);
}

static int matches(struct bytes_view v, PyObject *sub, Py_ssize_t start, Py_ssize_t end,
		   int direction)
{
	struct bytes_view w = _PyBytes_ViewOf(sub);

	_PyUnicode_FitRange(v.n, &start, &end);
	if (end - start < w.n)
		return 0;
	return memcmp(v.p + (direction > 0 ? end - w.n : start), w.p, (size_t)w.n) == 0;
}

static PyObject *tailmatch(const char *fname, PyObject *self, PyObject *const *args,
			   Py_ssize_t nargs, int direction)
{
	Py_ssize_t start = 0, end = PY_SSIZE_T_MAX;
	struct bytes_view w;

	if (!_PyUnicode_SearchArgCount(fname, nargs) ||
	    (nargs > 1 && !_PyEval_SliceIndex(args[1], &start)) ||
	    (nargs > 2 && !_PyEval_SliceIndex(args[2], &end)))
		return NULL;
	if (_PyBytes_View(args[0], &w.p, &w.n))
		return PyBool_FromLong(
			matches(_PyBytes_ViewOf(self), args[0], start, end, direction));
	if (!PyTuple_Check(args[0]))
		return PyErr_Format(PyExc_TypeError,
				    "%s first arg must be bytes or a tuple of bytes, not %.100s",
				    fname, Py_TYPE(args[0])->tp_name);
	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(args[0]); i++) {
		PyObject *sub = PyTuple_GET_ITEM(args[0], i);

		if (!_PyBytes_Need(sub, &w.p, &w.n))
			return NULL;
		if (matches(_PyBytes_ViewOf(self), sub, start, end, direction))
			Py_RETURN_TRUE;
	}
	Py_RETURN_FALSE;
}

static PyObject *bytes_startswith(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	return tailmatch("startswith", self, args, nargs, -1);
}

static PyObject *bytes_endswith(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	return tailmatch("endswith", self, args, nargs, 1);
}

static PyObject *bytes_removeprefix(PyObject *self, PyObject *arg)
{
	struct bytes_view v = _PyBytes_ViewOf(self), w;

	if (!_PyBytes_Need(arg, &w.p, &w.n))
		return NULL;
	if (matches(v, arg, 0, PY_SSIZE_T_MAX, -1))
		return _PyBytes_Like(self, v.p + w.n, v.n - w.n);
	return _PyBytes_Like(self, v.p, v.n);
}

static PyObject *bytes_removesuffix(PyObject *self, PyObject *arg)
{
	struct bytes_view v = _PyBytes_ViewOf(self), w;

	if (!_PyBytes_Need(arg, &w.p, &w.n))
		return NULL;
	return _PyBytes_Like(self, v.p, matches(v, arg, 0, PY_SSIZE_T_MAX, 1) ? v.n - w.n : v.n);
}

/* -- Through text ------------------------------------------------------------------------------ */
/* What str does in the same way is done on Latin-1 text: a byte is a character. */
static PyObject *as_text(PyObject *self)
{
	struct bytes_view v = _PyBytes_ViewOf(self);

	return PyUnicode_DecodeLatin1(v.p, v.n, NULL);
}

/* Steals text. */
static PyObject *from_text(PyObject *self, PyObject *text)
{
	PyObject *ret;

	if (!text)
		return NULL;
	ret = _PyBytes_Like(self, PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text));
	Py_DECREF(text);
	return ret;
}

/* self.method(args) of str; arguments that are bytes-like are passed as text. */
static PyObject *by_text(PyObject *self, const char *method, PyObject *const *args,
			 Py_ssize_t nargs, PyObject *kwnames)
{
	PyObject *text = as_text(self), *stack[5] = {text}, *name, *ret = NULL;
	Py_ssize_t total = nargs + (kwnames ? PyTuple_GET_SIZE(kwnames) : 0), n = 0;
	struct bytes_view v;

	if (!text)
		return NULL;
	for (; n < total && n < 4; n++) {
		stack[n + 1] = _PyBytes_View(args[n], &v.p, &v.n)
				       ? PyUnicode_DecodeLatin1(v.p, v.n, NULL)
				       : Py_NewRef(args[n]);
		if (!stack[n + 1])
			break;
	}
	name = n == total ? PyUnicode_InternFromString(method) : NULL;
	if (name)
		ret = PyObject_VectorcallMethod(name, stack, (size_t)nargs + 1, kwnames);
	else if (!PyErr_Occurred())
		PyErr_Format(PyExc_TypeError, "%s() takes too many arguments", method);
	Py_XDECREF(name);
	for (Py_ssize_t i = 0; i <= n; i++)
		Py_XDECREF(stack[i]);
	return ret;
}

static PyObject *pad(const char *fname, PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	struct bytes_view v;

	if (!PyArg_CheckPositional(fname, nargs, 1, 2))
		return NULL;
	if (nargs > 1 && (!_PyBytes_View(args[1], &v.p, &v.n) || v.n != 1))
		return PyErr_Format(PyExc_TypeError,
				    "%s() argument 2 must be a byte string of length 1, not %.50s",
				    fname, Py_TYPE(args[1])->tp_name);
	return from_text(self, by_text(self, fname, args, nargs, NULL));
}

static PyObject *bytes_center(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	return pad("center", self, args, nargs);
}

static PyObject *bytes_ljust(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	return pad("ljust", self, args, nargs);
}

static PyObject *bytes_rjust(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	return pad("rjust", self, args, nargs);
}

static PyObject *bytes_zfill(PyObject *self, PyObject *width)
{
	return from_text(self, by_text(self, "zfill", &width, 1, NULL));
}

static PyObject *bytes_expandtabs(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
				  PyObject *kwnames)
{
	return from_text(self, by_text(self, "expandtabs", args, nargs, kwnames));
}

static PyObject *bytes_replace(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	struct bytes_view v;

	if (!PyArg_CheckPositional("replace", nargs, 2, 3) || !_PyBytes_Need(args[0], &v.p, &v.n) ||
	    !_PyBytes_Need(args[1], &v.p, &v.n))
		return NULL;
	return from_text(self, by_text(self, "replace", args, nargs, NULL));
}

PyObject *_PyBytes_Remainder(PyObject *format, PyObject *args)
{
	PyObject *text, *ret;
	const char *data;
	Py_ssize_t n;

	if (!_PyBytes_View(format, &data, &n))
		Py_RETURN_NOTIMPLEMENTED;
	text = as_text(format);
	if (!text)
		return NULL;
	ret = _PyUnicode_FormatBytes(text, args);
	Py_DECREF(text);
	return from_text(format, ret);
}

/* -- Splitting, joining ------------------------------------------------------------------------ */
static int add_part(PyObject *list, PyObject *self, const char *p, Py_ssize_t n)
{
	PyObject *part = _PyBytes_Like(self, p, n);

	return part ? _PyList_AppendSteal(list, part) : -1;
}

static int split_space(PyObject *list, PyObject *self, struct bytes_view v, Py_ssize_t maxsplit)
{
	Py_ssize_t i = 0, start;

	for (;;) {
		while (i < v.n && _PyBytes_IsSpace(v.p[i]))
			i++;
		if (i == v.n)
			return 0;
		start = i;
		if (maxsplit-- == 0)
			return add_part(list, self, v.p + start, v.n - start);
		while (i < v.n && !_PyBytes_IsSpace(v.p[i]))
			i++;
		if (add_part(list, self, v.p + start, i - start) < 0)
			return -1;
	}
}

static int rsplit_space(PyObject *list, PyObject *self, struct bytes_view v, Py_ssize_t maxsplit)
{
	Py_ssize_t i = v.n, end;

	for (;;) {
		while (i > 0 && _PyBytes_IsSpace(v.p[i - 1]))
			i--;
		if (i == 0)
			return 0;
		end = i;
		if (maxsplit-- == 0)
			return add_part(list, self, v.p, end);
		while (i > 0 && !_PyBytes_IsSpace(v.p[i - 1]))
			i--;
		if (add_part(list, self, v.p + i, end - i) < 0)
			return -1;
	}
}

static int split_by(PyObject *list, PyObject *self, struct bytes_view v, struct bytes_view sep,
		    Py_ssize_t maxsplit, int direction)
{
	Py_ssize_t at;

	while (maxsplit-- > 0 && (at = _PyBytes_Find(v.p, v.n, sep.p, sep.n, direction)) >= 0) {
		Py_ssize_t behind = at + sep.n;

		if (direction > 0) {
			if (add_part(list, self, v.p, at) < 0)
				return -1;
			v.p += behind;
			v.n -= behind;
		} else {
			if (add_part(list, self, v.p + behind, v.n - behind) < 0)
				return -1;
			v.n = at;
		}
	}
	return add_part(list, self, v.p, v.n);
}

static PyObject *split_method(const char *fname, PyObject *self, PyObject *const *args,
			      Py_ssize_t nargs, PyObject *kwnames, int direction)
{
	static const char *const names[] = {"sep", "maxsplit", NULL};
	struct PyArgSpec spec = {fname, names, .max_pos = 2};
	Py_ssize_t maxsplit = -1;
	PyObject *a[2], *list;
	struct bytes_view sep = {0};
	bool by_sep;
	int err;

	if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0)
		return NULL;
	if (a[1]) {
		maxsplit = PyNumber_AsSsize_t(a[1], PyExc_OverflowError);
		if (maxsplit == -1 && PyErr_Occurred())
			return NULL;
	}
	by_sep = a[0] && a[0] != Py_None;
	if (by_sep && !_PyBytes_Need(a[0], &sep.p, &sep.n))
		return NULL;
	if (by_sep && sep.n == 0) {
		PyErr_SetString(PyExc_ValueError, "empty separator");
		return NULL;
	}
	if (maxsplit < 0)
		maxsplit = PY_SSIZE_T_MAX;
	list = PyList_New(0);
	if (!list)
		return NULL;
	if (by_sep)
		err = split_by(list, self, _PyBytes_ViewOf(self), sep, maxsplit, direction);
	else
		err = (direction > 0 ? split_space : rsplit_space)(list, self,
								   _PyBytes_ViewOf(self), maxsplit);
	if (err < 0)
		Py_CLEAR(list);
	else if (direction < 0)
		PyList_Reverse(list);
	return list;
}

static PyObject *bytes_split(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
			     PyObject *kwnames)
{
	return split_method("split", self, args, nargs, kwnames, 1);
}

static PyObject *bytes_rsplit(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
			      PyObject *kwnames)
{
	return split_method("rsplit", self, args, nargs, kwnames, -1);
}

static PyObject *bytes_splitlines(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
				  PyObject *kwnames)
{
	static const char *const names[] = {"keepends", NULL};
	static const struct PyArgSpec spec = {"splitlines", names, .max_pos = 1};
	struct bytes_view v = _PyBytes_ViewOf(self);
	PyObject *a[1], *list;
	Py_ssize_t i = 0;
	int keep;

	if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0)
		return NULL;
	keep = a[0] ? PyObject_IsTrue(a[0]) : 0;
	list = keep < 0 ? NULL : PyList_New(0);
	while (list && i < v.n) {
		Py_ssize_t start = i, end;

		while (i < v.n && v.p[i] != '\n' && v.p[i] != '\r')
			i++;
		end = i;
		if (i < v.n)
			i += v.p[i] == '\r' && i + 1 < v.n && v.p[i + 1] == '\n' ? 2 : 1;
		if (add_part(list, self, v.p + start, (keep ? i : end) - start) < 0)
			Py_CLEAR(list);
	}
	return list;
}

static PyObject *partition(PyObject *self, PyObject *arg, int direction)
{
	struct bytes_view v, sep;
	PyObject *parts[3], *ret = NULL;
	Py_ssize_t at;

	if (!_PyBytes_Need(arg, &sep.p, &sep.n))
		return NULL;
	if (sep.n == 0) {
		PyErr_SetString(PyExc_ValueError, "empty separator");
		return NULL;
	}
	v = _PyBytes_ViewOf(self);
	at = _PyBytes_Find(v.p, v.n, sep.p, sep.n, direction);
	if (at >= 0) {
		parts[0] = _PyBytes_Like(self, v.p, at);
		parts[1] = _PyBytes_Like(self, sep.p, sep.n);
		parts[2] = _PyBytes_Like(self, v.p + at + sep.n, v.n - at - sep.n);
	} else {
		for (int i = 0; i < 3; i++)
			parts[i] = _PyBytes_Like(self, "", 0);
		Py_XSETREF(parts[direction > 0 ? 0 : 2], _PyBytes_Like(self, v.p, v.n));
	}
	if (parts[0] && parts[1] && parts[2])
		ret = PyTuple_Pack(3, parts[0], parts[1], parts[2]);
	for (int i = 0; i < 3; i++)
		Py_XDECREF(parts[i]);
	return ret;
}

static PyObject *bytes_partition(PyObject *self, PyObject *sep)
{
	return partition(self, sep, 1);
}

static PyObject *bytes_rpartition(PyObject *self, PyObject *sep)
{
	return partition(self, sep, -1);
}

PyObject *PyBytes_Join(PyObject *self, PyObject *iterable)
{
	PyObject *fast = PySequence_Fast(iterable, "can only join an iterable"), *ret = NULL;
	struct bytes_view sep = _PyBytes_ViewOf(self), v;
	Py_ssize_t n, total = 0;
	char *to;

	if (!fast)
		return NULL;
	n = PySequence_Fast_GET_SIZE(fast);
	for (Py_ssize_t i = 0; i < n; i++) {
		PyObject *item = PySequence_Fast_GET_ITEM(fast, i);

		if (!_PyBytes_View(item, &v.p, &v.n)) {
			PyErr_Format(PyExc_TypeError,
				     "sequence item %zd: expected a bytes-like object, %.80s found",
				     i, Py_TYPE(item)->tp_name);
			goto out;
		}
		if (__builtin_add_overflow(total, v.n, &total) ||
		    (i && __builtin_add_overflow(total, sep.n, &total))) {
			PyErr_SetString(PyExc_OverflowError, "join() result is too long");
			goto out;
		}
	}
	ret = _PyBytes_Like(self, NULL, total);
	if (!ret || total == 0)
		goto out;
	to = _PyBytes_Contents(ret);
	for (Py_ssize_t i = 0; i < n; i++) {
		v = _PyBytes_ViewOf(PySequence_Fast_GET_ITEM(fast, i));
		if (i) {
			memcpy(to, sep.p, (size_t)sep.n);
			to += sep.n;
		}
		memcpy(to, v.p, (size_t)v.n);
		to += v.n;
	}
out:
	Py_DECREF(fast);
	return ret;
}

/* -- Stripping, translating -------------------------------------------------------------------- */
enum { STRIP_LEFT = 1, STRIP_RIGHT = 2 };

static PyObject *strip(const char *fname, PyObject *self, PyObject *const *args, Py_ssize_t nargs,
		       int sides)
{
	struct bytes_view v = _PyBytes_ViewOf(self), chars = {" \t\n\r\v\f", 6};
	Py_ssize_t start = 0, end;

	if (!PyArg_CheckPositional(fname, nargs, 0, 1) ||
	    (nargs && args[0] != Py_None && !_PyBytes_Need(args[0], &chars.p, &chars.n)))
		return NULL;
	end = v.n;
	if (sides & STRIP_LEFT)
		while (start < end && memchr(chars.p, v.p[start], (size_t)chars.n))
			start++;
	if (sides & STRIP_RIGHT)
		while (end > start && memchr(chars.p, v.p[end - 1], (size_t)chars.n))
			end--;
	return _PyBytes_Like(self, v.p + start, end - start);
}

#define STRIP(name, sides)                                                                 \
	static PyObject *bytes_##name(PyObject *self, PyObject *const *args, Py_ssize_t n) \
	{                                                                                  \
		return strip(#name, self, args, n, sides);                                 \
	}
STRIP(strip, STRIP_LEFT | STRIP_RIGHT)
STRIP(lstrip, STRIP_LEFT)
STRIP(rstrip, STRIP_RIGHT)

static PyObject *bytes_translate(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
				 PyObject *kwnames)
{
	static const char *const names[] = {"", "delete", NULL};
	static const struct PyArgSpec spec = {"translate", names, 1, 1, 2};
	struct bytes_view v = _PyBytes_ViewOf(self), table = {0}, del = {0};
	PyObject *a[2], *ret;
	char *buffer;
	Py_ssize_t n = 0;

	if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0 ||
	    (a[0] != Py_None && !_PyBytes_Need(a[0], &table.p, &table.n)) ||
	    (a[1] && !_PyBytes_Need(a[1], &del.p, &del.n)))
		return NULL;
	if (table.p && table.n != 256) {
		PyErr_SetString(PyExc_ValueError, "translation table must be 256 characters long");
		return NULL;
	}
	buffer = PyMem_Malloc((size_t)v.n + 1);
	if (!buffer)
		return PyErr_NoMemory();
	for (Py_ssize_t i = 0; i < v.n; i++)
		if (!del.n || !memchr(del.p, v.p[i], (size_t)del.n))
			buffer[n++] = table.p ? table.p[(unsigned char)v.p[i]] : v.p[i];
	ret = _PyBytes_Like(self, buffer, n);
	PyMem_Free(buffer);
	return ret;
}

static PyObject *bytes_maketrans(PyObject *unused, PyObject *const *args, Py_ssize_t nargs)
{
	struct bytes_view from, to;
	char table[256];

	if (!PyArg_CheckPositional("maketrans", nargs, 2, 2) ||
	    !_PyBytes_Need(args[0], &from.p, &from.n) || !_PyBytes_Need(args[1], &to.p, &to.n))
		return NULL;
	if (from.n != to.n) {
		PyErr_SetString(PyExc_ValueError, "maketrans arguments must have same length");
		return NULL;
	}
	for (int i = 0; i < 256; i++)
		table[i] = (char)i;
	for (Py_ssize_t i = 0; i < from.n; i++)
		table[(unsigned char)from.p[i]] = to.p[i];
	return PyBytes_FromStringAndSize(table, 256);
}

#define FAST(f) ((PyCFunction)(void (*)(void))(f))
static const PyMethodDef common_methods[BYTES_METHOD_COUNT] = {
	{"capitalize", _PyBytes_capitalize, METH_NOARGS, NULL},
	{"center", FAST(bytes_center), METH_FASTCALL, NULL},
	{"count", FAST(bytes_count), METH_FASTCALL, NULL},
	{"decode", FAST(_PyBytes_decode), METH_FASTCALL | METH_KEYWORDS, NULL},
	{"endswith", FAST(bytes_endswith), METH_FASTCALL, NULL},
	{"expandtabs", FAST(bytes_expandtabs), METH_FASTCALL | METH_KEYWORDS, NULL},
	{"find", FAST(bytes_find), METH_FASTCALL, NULL},
	{"fromhex", _PyBytes_fromhex, METH_O | METH_CLASS, NULL},
	{"hex", FAST(_PyBytes_hex), METH_FASTCALL | METH_KEYWORDS, NULL},
	{"index", FAST(bytes_index), METH_FASTCALL, NULL},
	{"isalnum", _PyBytes_isalnum, METH_NOARGS, NULL},
	{"isalpha", _PyBytes_isalpha, METH_NOARGS, NULL},
	{"isascii", _PyBytes_isascii, METH_NOARGS, NULL},
	{"isdigit", _PyBytes_isdigit, METH_NOARGS, NULL},
	{"islower", _PyBytes_islower, METH_NOARGS, NULL},
	{"isspace", _PyBytes_isspace, METH_NOARGS, NULL},
	{"istitle", _PyBytes_istitle, METH_NOARGS, NULL},
	{"isupper", _PyBytes_isupper, METH_NOARGS, NULL},
	{"join", PyBytes_Join, METH_O, NULL},
	{"ljust", FAST(bytes_ljust), METH_FASTCALL, NULL},
	{"lower", _PyBytes_lower, METH_NOARGS, NULL},
	{"lstrip", FAST(bytes_lstrip), METH_FASTCALL, NULL},
	{"maketrans", FAST(bytes_maketrans), METH_FASTCALL | METH_STATIC, NULL},
	{"partition", bytes_partition, METH_O, NULL},
	{"removeprefix", bytes_removeprefix, METH_O, NULL},
	{"removesuffix", bytes_removesuffix, METH_O, NULL},
	{"replace", FAST(bytes_replace), METH_FASTCALL, NULL},
	{"rfind", FAST(bytes_rfind), METH_FASTCALL, NULL},
	{"rindex", FAST(bytes_rindex), METH_FASTCALL, NULL},
	{"rjust", FAST(bytes_rjust), METH_FASTCALL, NULL},
	{"rpartition", bytes_rpartition, METH_O, NULL},
	{"rsplit", FAST(bytes_rsplit), METH_FASTCALL | METH_KEYWORDS, NULL},
	{"rstrip", FAST(bytes_rstrip), METH_FASTCALL, NULL},
	{"split", FAST(bytes_split), METH_FASTCALL | METH_KEYWORDS, NULL},
	{"splitlines", FAST(bytes_splitlines), METH_FASTCALL | METH_KEYWORDS, NULL},
	{"startswith", FAST(bytes_startswith), METH_FASTCALL, NULL},
	{"strip", FAST(bytes_strip), METH_FASTCALL, NULL},
	{"swapcase", _PyBytes_swapcase, METH_NOARGS, NULL},
	{"title", _PyBytes_title, METH_NOARGS, NULL},
	{"translate", FAST(bytes_translate), METH_FASTCALL | METH_KEYWORDS, NULL},
	{"upper", _PyBytes_upper, METH_NOARGS, NULL},
	{"zfill", bytes_zfill, METH_O, NULL},
};

void _PyBytes_FillMethods(PyMethodDef *to, const PyMethodDef *own)
{
	for (int i = 0; i < BYTES_METHOD_COUNT; i++)
		*to++ = common_methods[i];
	while (own->ml_name)
		*to++ = *own++;
}
