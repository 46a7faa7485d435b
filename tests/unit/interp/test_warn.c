/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

#include "objects/warn.h"

#define FILTER(action) \
	"import warnings\nwarnings.resetwarnings()\nwarnings.simplefilter('" action "')\n"

static void test_error_filter_raises_it(void **state)
{
	Py_DECREF(program_run(FILTER("error")));
	assert_int_equal(PyErr_WarnFormat(PyExc_UserWarning, 1, "%d of %s", 3, "four"), -1);
	assert_raised(PyExc_UserWarning, "3 of four");
	assert_int_equal(PyErr_WarnEx(PyExc_DeprecationWarning, "100%", 1), -1);
	assert_raised(PyExc_DeprecationWarning, "100%");
}

static void test_ignored_is_no_error(void **state)
{
	Py_DECREF(program_run(FILTER("ignore")));
	assert_int_equal(PyErr_WarnEx(PyExc_UserWarning, "text", 1), 0);
	assert_null(PyErr_Occurred());
}

static void test_explicit_place(void **state)
{
	PyObject *message = PyUnicode_FromString("m"), *file = PyUnicode_FromString("f.py");

	Py_DECREF(program_run(FILTER("error")));
	assert_int_equal(PyErr_WarnExplicitObject(PyExc_SyntaxWarning, message, file, 3), -1);
	assert_raised(PyExc_SyntaxWarning, "m");
	Py_DECREF(program_run(FILTER("ignore")));
	assert_int_equal(PyErr_WarnExplicitObject(PyExc_SyntaxWarning, message, file, 3), 0);
	Py_DECREF(message);
	Py_DECREF(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_error_filter_raises_it),
		cmocka_unit_test(test_ignored_is_no_error),
		cmocka_unit_test(test_explicit_place),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
