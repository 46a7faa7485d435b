/* SPDX-License-Identifier: BSD-2-Clause */
/* The builder of strings: a buffer of the smallest kind seen so far that grows by a half. */
#include "objects/unicode_priv.h"

#include "core/errors.h"

void _PyUnicodeWriter_Init(_PyUnicodeWriter *w)
{
	memset(w, 0, sizeof(*w));
}

void _PyUnicodeWriter_Dealloc(_PyUnicodeWriter *w)
{
	Py_CLEAR(w->buffer);
}

int _PyUnicodeWriter_Prepare(_PyUnicodeWriter *w, Py_ssize_t n, Py_UCS4 maxchar)
{
	Py_ssize_t need, size;
	PyObject *bigger;

	if (n > PY_SSIZE_T_MAX - w->pos) {
		PyErr_NoMemory();
		return -1;
	}
	need = w->pos + n;
	if (need <= w->size && maxchar <= w->maxchar && w->buffer)
		return 0;
	if (need == 0)
		return 0;
	size = w->size;
	if (need > size)
		size = need > PY_SSIZE_T_MAX / 2 ? need : need + need / 2 + 16;
	bigger = PyUnicode_New(size, maxchar > w->maxchar ? maxchar : w->maxchar);
	if (!bigger)
		return -1;
	if (w->buffer)
		PyUnicode_CopyCharacters(bigger, 0, w->buffer, 0, w->pos);
	Py_XSETREF(w->buffer, bigger);
	w->size = size;
	w->kind = PyUnicode_KIND(bigger);
	w->maxchar = PyUnicode_MAX_CHAR_VALUE(bigger);
	return 0;
}

int _PyUnicodeWriter_WriteChar(_PyUnicodeWriter *w, Py_UCS4 ch)
{
	if (_PyUnicodeWriter_Prepare(w, 1, ch) < 0)
		return -1;
	PyUnicode_WRITE(w->kind, PyUnicode_DATA(w->buffer), w->pos++, ch);
	w->seen |= ch;
	return 0;
}

int _PyUnicodeWriter_WriteFill(_PyUnicodeWriter *w, Py_UCS4 ch, Py_ssize_t n)
{
	void *data;

	if (n <= 0)
		return 0;
	if (_PyUnicodeWriter_Prepare(w, n, ch) < 0)
		return -1;
	data = PyUnicode_DATA(w->buffer);
	for (Py_ssize_t i = 0; i < n; i++)
		PyUnicode_WRITE(w->kind, data, w->pos + i, ch);
	w->pos += n;
	w->seen |= ch;
	return 0;
}

int _PyUnicodeWriter_WriteSubstring(_PyUnicodeWriter *w, PyObject *s, Py_ssize_t start,
				    Py_ssize_t end)
{
	Py_UCS4 maxchar = PyUnicode_MAX_CHAR_VALUE(s);
	int kind = PyUnicode_KIND(s);
	Py_ssize_t n = end - start;

	if (n <= 0)
		return 0;
	if (maxchar > 0x7f && n < PyUnicode_GET_LENGTH(s))
		maxchar = _PyUnicode_SeenChars(kind, (char *)PyUnicode_DATA(s) + start * kind, n);
	if (_PyUnicodeWriter_Prepare(w, n, maxchar) < 0)
		return -1;
	PyUnicode_CopyCharacters(w->buffer, w->pos, s, start, n);
	w->pos += n;
	w->seen |= maxchar;
	return 0;
}

int _PyUnicodeWriter_WriteStr(_PyUnicodeWriter *w, PyObject *s)
{
	return _PyUnicodeWriter_WriteSubstring(w, s, 0, PyUnicode_GET_LENGTH(s));
}

int _PyUnicodeWriter_WriteASCIIString(_PyUnicodeWriter *w, const char *s, Py_ssize_t n)
{
	if (n < 0)
		n = (Py_ssize_t)strlen(s);
	if (n == 0)
		return 0;
	if (_PyUnicodeWriter_Prepare(w, n, 0x7f) < 0)
		return -1;
	_PyUnicode_CopyData(w->kind, (char *)PyUnicode_DATA(w->buffer) + w->pos * w->kind, 1, s, n);
	w->pos += n;
	return 0;
}

/* The largest character of the kind that ch needs. */
static Py_UCS4 kind_limit(Py_UCS4 ch)
{
	return ch < 0x80 ? 0x7f : ch < 0x100 ? 0xff : ch < 0x10000 ? 0xffff : UNICODE_MAX_CHAR;
}

PyObject *_PyUnicodeWriter_Finish(_PyUnicodeWriter *w)
{
	PyObject *buffer = w->buffer, *ret;

	w->buffer = NULL;
	if (!buffer || w->pos == 0) {
		Py_XDECREF(buffer);
		return _PyUnicode_Empty();
	}
	if (w->pos == w->size && w->pos > 1 && kind_limit(w->seen) == w->maxchar)
		return buffer;
	ret = PyUnicode_FromKindAndData(w->kind, PyUnicode_DATA(buffer), w->pos);
	Py_DECREF(buffer);
	return ret;
}
