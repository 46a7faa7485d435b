/* SPDX-License-Identifier: BSD-2-Clause */
/* Text as number, number as text: int, float, complex, format, %. First byte: which. */
#include "interp.h"

#include "objects/bytes.h"
#include "objects/call.h"
#include "objects/complex.h"
#include "objects/float.h"
#include "objects/long.h"
#include "objects/tuple.h"

static PyObject *values[4];

static PyObject *format_all(PyObject *spec)
{
	PyObject *last = NULL;

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		Py_XDECREF(last);
		PyErr_Clear();
		last = PyObject_Format(values[i], spec);
	}
	return last;
}

static PyObject *call_method(PyObject *o, const char *name)
{
	PyObject *method = PyObject_GetAttrString(o, name);
	PyObject *ret = method ? PyObject_Call(method, values[3], NULL) : NULL;

	Py_XDECREF(method);
	return ret;
}

/* What a number's text says is the number again. */
static void check_float(PyObject *f)
{
	PyObject *text = PyObject_Repr(f), *again = text ? PyFloat_FromString(text) : NULL;

	if (again && PyObject_RichCompareBool(f, again, Py_EQ) == 0 &&
	    PyObject_RichCompareBool(f, f, Py_EQ) == 1)
		abort();
	Py_XDECREF(again);
	Py_XDECREF(text);
}

static void start(void)
{
	fuzz_start();
	values[0] = PyLong_FromLong(-1234567);
	values[1] = PyFloat_FromDouble(-12345.678e-5);
	values[2] = PyUnicode_FromString("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
	values[3] = PyTuple_Pack(3, values[0], values[1], values[2]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	PyObject *text, *ret = NULL;

	if (!values[0])
		start();
	if (size < 1)
		return 0;
	text = PyUnicode_DecodeUTF8((const char *)data + 1, (Py_ssize_t)size - 1, "replace");
	fuzz_set_timer(FUZZ_TIME_US);
	switch (text ? data[0] % 7 : 7) {
	case 0: ret = PyLong_FromUnicodeObject(text, 0); break;
	case 1: ret = PyLong_FromUnicodeObject(text, 2 + data[0] / 7); break;
	case 2:
		ret = PyFloat_FromString(text);
		if (ret)
			check_float(ret);
		break;
	case 3: ret = PyObject_CallOneArg((PyObject *)&PyComplex_Type, text); break;
	case 4: ret = format_all(text); break;
	case 5: ret = PyNumber_Remainder(text, values[3]); break;
	case 6: ret = call_method(text, "format"); break;
	default: break;
	}
	if (!ret == !PyErr_Occurred())
		abort();
	fuzz_set_timer(0);
	PyErr_Clear();
	while (PyErr_CheckSignals() < 0)
		PyErr_Clear();
	Py_XDECREF(ret);
	Py_XDECREF(text);
	return 0;
}
