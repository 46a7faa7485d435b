/* SPDX-License-Identifier: BSD-2-Clause */
/* Source text for tracebacks: lines of files, and of sources that never were files. */
#include "lib/lib.h"

#include "core/errors.h"
#include "core/refs.h"
#include "objects/dict.h"
#include "objects/bytes.h"
#include "objects/list.h"
#include "objects/unicode.h"

static PyObject *remembered; /* dict: file name -> text */
PY_OWNS_REFS(remembered)

int _PySource_Remember(PyObject *filename, PyObject *text)
{
	if (!remembered)
		remembered = PyDict_New();
	return remembered ? PyDict_SetItem(remembered, filename, text) : -1;
}

/* The line in [data, data + n), without its newline: its start and length; NULL when there are
 * fewer. */
static const char *find_line(const char *data, size_t n, int line, size_t *len)
{
	const char *end = data + n;

	while (--line > 0) {
		const char *newline = memchr(data, '\n', (size_t)(end - data));

		if (!newline)
			return NULL;
		data = newline + 1;
	}
	const char *newline = memchr(data, '\n', (size_t)(end - data));

	*len = (size_t)((newline ? newline : end) - data);
	if (*len && data[*len - 1] == '\r')
		--*len;
	return data < end ? data : NULL;
}

static PyObject *line_of(const char *data, Py_ssize_t n, int line)
{
	size_t len;
	const char *text = find_line(data, (size_t)n, line, &len);

	return text ? PyUnicode_DecodeUTF8(text, (Py_ssize_t)len, "replace") : NULL;
}

PyObject *_PySource_Line(PyObject *filename, int line)
{
	PyObject *pending = PyErr_GetRaisedException();
	PyObject *result = NULL;
	PyObject *text = remembered ? PyDict_GetItemWithError(remembered, filename) : NULL;
	Py_ssize_t n;

	if (line < 1)
		goto out;
	if (text) {
		const char *data = PyUnicode_AsUTF8AndSize(text, &n);

		result = data ? line_of(data, n, line) : NULL;
	} else {
		PyObject *raw = PyUnicode_EncodeFSDefault(filename);
		char *data = raw ? _PyFile_ReadAll(PyBytes_AS_STRING(raw), &n) : NULL;

		if (data)
			result = line_of(data, n, line);
		PyMem_Free(data);
		Py_XDECREF(raw);
	}
out:
	PyErr_Clear();
	PyErr_SetRaisedException(pending);
	return result;
}
