/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding, counting, replacing and splitting. */
#include "objects/unicode_priv.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/list.h"
#include "objects/tuple.h"

void _PyUnicode_FitRange(Py_ssize_t len, Py_ssize_t *start, Py_ssize_t *end)
{
	if (*end > len)
		*end = len;
	else if (*end < 0)
		*end = *end + len < 0 ? 0 : *end + len;
	if (*start < 0)
		*start = *start + len < 0 ? 0 : *start + len;
}

static Py_ssize_t find_char(int kind, const void *data, Py_ssize_t n, Py_UCS4 ch)
{
	if (kind == 1) {
		const void *p = ch < 0x100 ? memchr(data, (int)ch, (size_t)n) : NULL;

		return p ? (const char *)p - (const char *)data : -1;
	}
	for (Py_ssize_t i = 0; i < n; i++)
		if (PyUnicode_READ(kind, data, i) == ch)
			return i;
	return -1;
}

static Py_ssize_t rfind_char(int kind, const void *data, Py_ssize_t n, Py_UCS4 ch)
{
	for (Py_ssize_t i = n; --i >= 0;)
		if (PyUnicode_READ(kind, data, i) == ch)
			return i;
	return -1;
}

/* The needle in the haystack's kind, which is no smaller; may be the needle itself. NULL: no
 * memory. */
static void *widen(int kind, int needle_kind, const void *needle, Py_ssize_t m)
{
	void *wide;

	if (kind == needle_kind)
		return (void *)needle;
	wide = PyMem_Malloc((size_t)m * (size_t)kind);
	if (!wide)
		PyErr_NoMemory();
	else
		_PyUnicode_CopyData(kind, wide, needle_kind, needle, m);
	return wide;
}

Py_ssize_t _PyUnicode_FindData(int kind, const void *data, Py_ssize_t n, int needle_kind,
			       const void *needle, Py_ssize_t m)
{
	const char *p = data, *end = p + n * kind, *hit;
	void *wide;
	Py_ssize_t ret = -1;

	if (m > n || needle_kind > kind)
		return -1;
	if (m == 0)
		return 0;
	if (m == 1)
		return find_char(kind, data, n, PyUnicode_READ(needle_kind, needle, 0));
	wide = widen(kind, needle_kind, needle, m);
	if (!wide)
		return -2;
	while ((hit = memmem(p, (size_t)(end - p), wide, (size_t)(m * kind)))) {
		Py_ssize_t offset = hit - (const char *)data;

		if (offset % kind == 0) {
			ret = offset / kind;
			break;
		}
		p = hit + 1;
	}
	if (wide != needle)
		PyMem_Free(wide);
	return ret;
}

Py_ssize_t _PyUnicode_RFindData(int kind, const void *data, Py_ssize_t n, int needle_kind,
				const void *needle, Py_ssize_t m)
{
	void *wide;
	Py_ssize_t i;
	Py_UCS4 first;

	if (m > n || needle_kind > kind)
		return -1;
	if (m == 0)
		return n;
	first = PyUnicode_READ(needle_kind, needle, 0);
	if (m == 1)
		return rfind_char(kind, data, n, first);
	wide = widen(kind, needle_kind, needle, m);
	if (!wide)
		return -2;
	for (i = n - m; i >= 0; i--)
		if (PyUnicode_READ(kind, data, i) == first &&
		    memcmp((const char *)data + i * kind, wide, (size_t)(m * kind)) == 0)
			break;
	if (wide != needle)
		PyMem_Free(wide);
	return i;
}

Py_ssize_t PyUnicode_Find(PyObject *o, PyObject *sub, Py_ssize_t start, Py_ssize_t end,
			  int direction)
{
	Py_ssize_t m = PyUnicode_GET_LENGTH(sub), i;
	int kind = PyUnicode_KIND(o);
	const char *data = PyUnicode_DATA(o);

	_PyUnicode_FitRange(PyUnicode_GET_LENGTH(o), &start, &end);
	if (end - start < m)
		return -1;
	i = (direction > 0 ? _PyUnicode_FindData
			   : _PyUnicode_RFindData)(kind, data + start * kind, end - start,
						   PyUnicode_KIND(sub), PyUnicode_DATA(sub), m);
	return i < 0 ? i : i + start;
}

Py_ssize_t PyUnicode_FindChar(PyObject *o, Py_UCS4 ch, Py_ssize_t start, Py_ssize_t end,
			      int direction)
{
	int kind = PyUnicode_KIND(o);
	const char *data = PyUnicode_DATA(o);
	Py_ssize_t i;

	_PyUnicode_FitRange(PyUnicode_GET_LENGTH(o), &start, &end);
	if (end <= start)
		return -1;
	i = (direction > 0 ? find_char : rfind_char)(kind, data + start * kind, end - start, ch);
	return i < 0 ? -1 : i + start;
}

int PyUnicode_Contains(PyObject *o, PyObject *sub)
{
	Py_ssize_t i;

	if (!PyUnicode_Check(sub)) {
		PyErr_Format(PyExc_TypeError,
			     "'in <string>' requires string as left operand, not %.100s",
			     Py_TYPE(sub)->tp_name);
		return -1;
	}
	i = PyUnicode_Find(o, sub, 0, PY_SSIZE_T_MAX, 1);
	return i == -2 ? -1 : i >= 0;
}

Py_ssize_t PyUnicode_Count(PyObject *o, PyObject *sub, Py_ssize_t start, Py_ssize_t end)
{
	Py_ssize_t m = PyUnicode_GET_LENGTH(sub), count = 0;

	_PyUnicode_FitRange(PyUnicode_GET_LENGTH(o), &start, &end);
	if (start > end)
		return 0;
	if (m == 0)
		return end - start + 1;
	while ((start = PyUnicode_Find(o, sub, start, end, 1)) >= 0) {
		count++;
		start += m;
	}
	return start == -2 ? -1 : count;
}

Py_ssize_t PyUnicode_Tailmatch(PyObject *o, PyObject *sub, Py_ssize_t start, Py_ssize_t end,
			       int direction)
{
	Py_ssize_t m = PyUnicode_GET_LENGTH(sub), at;
	int kind = PyUnicode_KIND(o), sub_kind = PyUnicode_KIND(sub);

	_PyUnicode_FitRange(PyUnicode_GET_LENGTH(o), &start, &end);
	if (end - start < m)
		return 0;
	at = direction > 0 ? end - m : start;
	if (sub_kind > kind)
		return 0;
	if (sub_kind == kind)
		return memcmp((char *)PyUnicode_DATA(o) + at * kind, PyUnicode_DATA(sub),
			      (size_t)(m * kind)) == 0;
	for (Py_ssize_t i = 0; i < m; i++)
		if (PyUnicode_READ_CHAR(o, at + i) != PyUnicode_READ_CHAR(sub, i))
			return 0;
	return 1;
}

PyObject *PyUnicode_Replace(PyObject *o, PyObject *old, PyObject *new_, Py_ssize_t maxcount)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(o), m = PyUnicode_GET_LENGTH(old), at, from = 0;
	_PyUnicodeWriter w;

	if (maxcount < 0)
		maxcount = PY_SSIZE_T_MAX;
	if (maxcount == 0 || n < m)
		return _PyUnicode_Exact(o);
	_PyUnicodeWriter_Init(&w);
	if (m == 0) {
		for (at = 0; at <= n; at++) {
			if (maxcount-- > 0 && _PyUnicodeWriter_WriteStr(&w, new_) < 0)
				goto fail;
			if (at < n && _PyUnicodeWriter_WriteSubstring(&w, o, at, at + 1) < 0)
				goto fail;
		}
		return _PyUnicodeWriter_Finish(&w);
	}
	at = PyUnicode_Find(o, old, 0, n, 1);
	if (at == -1)
		return _PyUnicode_Exact(o);
	for (; at >= 0 && maxcount > 0; maxcount--) {
		if (_PyUnicodeWriter_WriteSubstring(&w, o, from, at) < 0 ||
		    _PyUnicodeWriter_WriteStr(&w, new_) < 0)
			goto fail;
		from = at + m;
		at = PyUnicode_Find(o, old, from, n, 1);
	}
	if (at == -2 || _PyUnicodeWriter_WriteSubstring(&w, o, from, n) < 0)
		goto fail;
	return _PyUnicodeWriter_Finish(&w);
fail:
	_PyUnicodeWriter_Dealloc(&w);
	return NULL;
}

/* -- Splitting --------------------------------------------------------------------------------- */
static int add_part(PyObject *list, PyObject *o, Py_ssize_t start, Py_ssize_t end)
{
	PyObject *part = PyUnicode_Substring(o, start, end);

	return part ? _PyList_AppendSteal(list, part) : -1;
}

static bool is_space_at(PyObject *o, Py_ssize_t i)
{
	return _PyUnicode_IsWhitespace(PyUnicode_READ_CHAR(o, i));
}

static int split_space(PyObject *list, PyObject *o, Py_ssize_t maxsplit)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(o), i = 0, start;

	for (;;) {
		while (i < n && is_space_at(o, i))
			i++;
		if (i == n)
			return 0;
		start = i;
		if (maxsplit-- == 0)
			return add_part(list, o, start, n);
		while (i < n && !is_space_at(o, i))
			i++;
		if (add_part(list, o, start, i) < 0)
			return -1;
	}
}

static int rsplit_space(PyObject *list, PyObject *o, Py_ssize_t maxsplit)
{
	Py_ssize_t i = PyUnicode_GET_LENGTH(o), end;

	for (;;) {
		while (i > 0 && is_space_at(o, i - 1))
			i--;
		if (i == 0)
			return 0;
		end = i;
		if (maxsplit-- == 0)
			return add_part(list, o, 0, end);
		while (i > 0 && !is_space_at(o, i - 1))
			i--;
		if (add_part(list, o, i, end) < 0)
			return -1;
	}
}

static int split_by(PyObject *list, PyObject *o, PyObject *sep, Py_ssize_t maxsplit)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(o), m = PyUnicode_GET_LENGTH(sep), start = 0, at;

	while (maxsplit-- > 0 && (at = PyUnicode_Find(o, sep, start, n, 1)) != -1) {
		if (at == -2 || add_part(list, o, start, at) < 0)
			return -1;
		start = at + m;
	}
	return add_part(list, o, start, n);
}

static int rsplit_by(PyObject *list, PyObject *o, PyObject *sep, Py_ssize_t maxsplit)
{
	Py_ssize_t end = PyUnicode_GET_LENGTH(o), m = PyUnicode_GET_LENGTH(sep), at;

	while (maxsplit-- > 0 && (at = PyUnicode_Find(o, sep, 0, end, -1)) != -1) {
		if (at == -2 || add_part(list, o, at + m, end) < 0)
			return -1;
		end = at;
	}
	return add_part(list, o, 0, end);
}

static PyObject *split(PyObject *o, PyObject *sep, Py_ssize_t maxsplit, bool right)
{
	PyObject *list;
	int err;

	if (sep && sep != Py_None && !PyUnicode_Check(sep))
		return PyErr_Format(PyExc_TypeError, "must be str or None, not %.100s",
				    Py_TYPE(sep)->tp_name);
	if (sep && sep != Py_None && PyUnicode_GET_LENGTH(sep) == 0) {
		PyErr_SetString(PyExc_ValueError, "empty separator");
		return NULL;
	}
	list = PyList_New(0);
	if (!list)
		return NULL;
	if (maxsplit < 0)
		maxsplit = PY_SSIZE_T_MAX;
	if (!sep || sep == Py_None)
		err = (right ? rsplit_space : split_space)(list, o, maxsplit);
	else
		err = (right ? rsplit_by : split_by)(list, o, sep, maxsplit);
	if (err < 0)
		Py_CLEAR(list);
	else if (right)
		PyList_Reverse(list);
	return list;
}

PyObject *PyUnicode_Split(PyObject *o, PyObject *sep, Py_ssize_t maxsplit)
{
	return split(o, sep, maxsplit, false);
}

PyObject *PyUnicode_RSplit(PyObject *o, PyObject *sep, Py_ssize_t maxsplit)
{
	return split(o, sep, maxsplit, true);
}

PyObject *PyUnicode_Splitlines(PyObject *o, int keepends)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(o), i = 0;
	PyObject *list = PyList_New(0);

	while (list && i < n) {
		Py_ssize_t start = i, end;

		while (i < n && !_PyUnicode_IsLinebreak(PyUnicode_READ_CHAR(o, i)))
			i++;
		end = i;
		if (i < n) {
			bool crlf = PyUnicode_READ_CHAR(o, i) == '\r' && i + 1 < n &&
				    PyUnicode_READ_CHAR(o, i + 1) == '\n';

			i += crlf ? 2 : 1;
		}
		if (add_part(list, o, start, keepends ? i : end) < 0)
			Py_CLEAR(list);
	}
	return list;
}

static PyObject *partition(PyObject *o, PyObject *sep, int direction)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(o), m, at;
	PyObject *before, *after, *ret = NULL;

	if (_PyUnicode_Ensure(sep) < 0)
		return NULL;
	m = PyUnicode_GET_LENGTH(sep);
	if (m == 0) {
		PyErr_SetString(PyExc_ValueError, "empty separator");
		return NULL;
	}
	at = PyUnicode_Find(o, sep, 0, n, direction);
	if (at == -2)
		return NULL;
	if (at == -1) {
		PyObject *none = _PyUnicode_Empty(), *whole = _PyUnicode_Exact(o);

		if (none && whole)
			ret = direction > 0 ? PyTuple_Pack(3, whole, none, none)
					    : PyTuple_Pack(3, none, none, whole);
		Py_XDECREF(none);
		Py_XDECREF(whole);
		return ret;
	}
	before = PyUnicode_Substring(o, 0, at);
	after = before ? PyUnicode_Substring(o, at + m, n) : NULL;
	if (after)
		ret = PyTuple_Pack(3, before, sep, after);
	Py_XDECREF(before);
	Py_XDECREF(after);
	return ret;
}

PyObject *PyUnicode_Partition(PyObject *o, PyObject *sep)
{
	return partition(o, sep, 1);
}

PyObject *PyUnicode_RPartition(PyObject *o, PyObject *sep)
{
	return partition(o, sep, -1);
}

/* -- Joining ----------------------------------------------------------------------------------- */
PyObject *_PyUnicode_JoinArray(PyObject *sep, PyObject *const *items, Py_ssize_t n)
{
	Py_ssize_t total = 0, seplen = n > 1 ? PyUnicode_GET_LENGTH(sep) : 0, at = 0;
	Py_UCS4 maxchar = seplen ? PyUnicode_MAX_CHAR_VALUE(sep) : 0;
	PyObject *ret;

	if (n == 0)
		return _PyUnicode_Empty();
	for (Py_ssize_t i = 0; i < n; i++) {
		Py_UCS4 max;

		if (!PyUnicode_Check(items[i]))
			return PyErr_Format(PyExc_TypeError,
					    "sequence item %zd: expected str instance, %.80s found",
					    i, Py_TYPE(items[i])->tp_name);
		max = PyUnicode_MAX_CHAR_VALUE(items[i]);
		maxchar = max > maxchar && PyUnicode_GET_LENGTH(items[i]) ? max : maxchar;
		if (__builtin_add_overflow(total, PyUnicode_GET_LENGTH(items[i]), &total) ||
		    (i && __builtin_add_overflow(total, seplen, &total))) {
			PyErr_SetString(PyExc_OverflowError,
					"join() result is too long for a Python string");
			return NULL;
		}
	}
	if (n == 1 && PyUnicode_CheckExact(items[0]))
		return Py_NewRef(items[0]);
	ret = PyUnicode_New(total, maxchar);
	for (Py_ssize_t i = 0; ret && i < n; i++) {
		if (i && seplen) {
			PyUnicode_CopyCharacters(ret, at, sep, 0, seplen);
			at += seplen;
		}
		PyUnicode_CopyCharacters(ret, at, items[i], 0, PyUnicode_GET_LENGTH(items[i]));
		at += PyUnicode_GET_LENGTH(items[i]);
	}
	return ret;
}

PyObject *PyUnicode_Join(PyObject *sep, PyObject *iterable)
{
	PyObject *fast = PySequence_Fast(iterable, "can only join an iterable"), *ret;

	if (!fast)
		return NULL;
	ret = _PyUnicode_JoinArray(sep, PySequence_Fast_ITEMS(fast),
				   PySequence_Fast_GET_SIZE(fast));
	Py_DECREF(fast);
	return ret;
}
