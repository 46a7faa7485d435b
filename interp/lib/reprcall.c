/* SPDX-License-Identifier: BSD-2-Clause */
/* repr() of objects that stand for a call: "operator.itemgetter(1, 2)". */
#include "lib/lib.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/dict.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

static int write_item(_PyUnicodeWriter *w, const char *before, PyObject *text)
{
	int status = text && _PyUnicodeWriter_WriteASCIIString(w, before, -1) == 0
			     ? _PyUnicodeWriter_WriteStr(w, text)
			     : -1;

	Py_XDECREF(text);
	return status;
}

static int write_arguments(_PyUnicodeWriter *w, PyObject *args, PyObject *kwargs)
{
	const char *before = "";
	PyObject *key, *value;
	Py_ssize_t pos = 0;

	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(args); i++, before = ", ")
		if (write_item(w, before, PyObject_Repr(PyTuple_GET_ITEM(args, i))) < 0)
			return -1;
	while (kwargs && PyDict_Next(kwargs, &pos, &key, &value)) {
		Py_INCREF(key); /* the value's repr() may take it out of the dict */
		Py_INCREF(value);
		int status = write_item(w, before, PyUnicode_FromFormat("%S=%R", key, value));

		Py_DECREF(key);
		Py_DECREF(value);
		if (status < 0)
			return -1;
		before = ", ";
	}
	return 0;
}

PyObject *_PyRepr_Call(const char *name, PyObject *args, PyObject *kwargs)
{
	_PyUnicodeWriter w;
	int status;

	_PyUnicodeWriter_Init(&w);
	status = write_item(&w, "", PyUnicode_FromFormat("%s(", name));
	if (status == 0)
		status = write_arguments(&w, args, kwargs);
	if (status == 0)
		status = _PyUnicodeWriter_WriteChar(&w, ')');
	if (status == 0)
		return _PyUnicodeWriter_Finish(&w);
	_PyUnicodeWriter_Dealloc(&w);
	return NULL;
}
