/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

#include "objects/method.h"

static const char *const names[] = {"a", "key", "reverse", NULL};
static const struct PyArgSpec spec = {"f", names, .posonly = 1, .required = 1, .max_pos = 2};

static PyObject *show(PyObject *self, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
	PyObject *a[3];

	if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0)
		return NULL;
	return PyTuple_Pack(3, a[0], a[1] ? a[1] : Py_None, a[2] ? a[2] : Py_None);
}

static PyMethodDef defs[] = {
	{"f", (PyCFunction)(void *)show, METH_FASTCALL | METH_KEYWORDS, NULL},
};

/* f(*range(1, npos + 1), **{key: 9}) */
static PyObject *call(int npos, const char *key)
{
	PyObject *f = PyCFunction_New(&defs[0], NULL), *args = PyTuple_New(npos), *r;
	PyObject *kwargs = key ? PyDict_New() : NULL, *nine = PyLong_FromLong(9);

	for (int i = 0; i < npos; i++)
		PyTuple_SET_ITEM(args, i, PyLong_FromLong(i + 1));
	if (key)
		assert_int_equal(PyDict_SetItemString(kwargs, key, nine), 0);
	r = PyObject_Call(f, args, kwargs);
	Py_DECREF(f);
	Py_DECREF(args);
	Py_XDECREF(kwargs);
	Py_DECREF(nine);
	return r;
}

static void arguments_find_their_place(void **state)
{
	assert_repr(call(1, NULL), "(1, None, None)");
	assert_repr(call(2, NULL), "(1, 2, None)");
	assert_repr(call(1, "key"), "(1, 9, None)");
	assert_repr(call(2, "reverse"), "(1, 2, 9)");
}

static void wrong_arguments_are_named(void **state)
{
	static const struct {
		int npos;
		const char *key, *text;
	} cases[] = {
		{0, NULL, "f() takes at least 1 positional argument (0 given)"},
		{3, NULL, "f() takes at most 2 positional arguments (3 given)"},
		{1, "foo", "'foo' is an invalid keyword argument for f()"},
		{1, "a", "'a' is an invalid keyword argument for f()"},
		{2, "key", "argument for f() given by name ('key') and position (2)"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_null(call(cases[i].npos, cases[i].key));
		assert_raised(PyExc_TypeError, cases[i].text);
	}
}

static void counts_are_checked(void **state)
{
	assert_true(PyArg_CheckPositional("pow", 2, 2, 3));
	assert_false(PyArg_CheckPositional("pow", 4, 2, 3));
	assert_raised(PyExc_TypeError, "pow expected at most 3 arguments, got 4");
	assert_false(PyArg_CheckPositional("pow", 1, 2, 3));
	assert_raised(PyExc_TypeError, "pow expected at least 2 arguments, got 1");
	assert_false(PyArg_CheckPositional("f", 0, 1, 1));
	assert_raised(PyExc_TypeError, "f expected 1 argument, got 0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arguments_find_their_place),
		cmocka_unit_test(wrong_arguments_are_named),
		cmocka_unit_test(counts_are_checked),
	};

	return cmocka_run_group_tests(tests, world_setup, NULL);
}
