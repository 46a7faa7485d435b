/* SPDX-License-Identifier: BSD-2-Clause */
#include "objects/module.h"

#include "world.h"

#include <limits.h>

static long value_of(PyObject *module, const char *name)
{
	PyObject *value = PyDict_GetItemString(PyModule_GetDict(module), name);

	assert_non_null(value);
	return PyLong_AsLong(value);
}

static void test_add_takes_the_value(void **state)
{
	PyObject *module = PyModule_New("m"), *value = PyLong_FromLong(123456);

	Py_INCREF(value);
	assert_int_equal(PyModule_Add(module, "kept", value), 0);
	assert_int_equal(Py_REFCNT(value), 2);
	assert_int_equal(value_of(module, "kept"), 123456);
	Py_DECREF(module);
	assert_int_equal(Py_REFCNT(value), 1);
	Py_DECREF(value);
	(void)state;
}

static void test_add_of_a_failure_fails(void **state)
{
	PyObject *module = PyModule_New("m");

	assert_int_equal(PyModule_Add(module, "none", NULL), -1);
	assert_null(PyDict_GetItemString(PyModule_GetDict(module), "none"));
	Py_DECREF(module);
	(void)state;
}

static void test_constants(void **state)
{
	static const PyIntConstant constants[] = {{"ONE", 1}, {"LEAST", LONG_MIN}, {0}};
	PyObject *module = PyModule_New("m");

	assert_int_equal(PyModule_AddIntConstants(module, constants), 0);
	assert_int_equal(value_of(module, "ONE"), 1);
	assert_int_equal(value_of(module, "LEAST"), LONG_MIN);
	Py_DECREF(module);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add_takes_the_value),
		cmocka_unit_test(test_add_of_a_failure_fails),
		cmocka_unit_test(test_constants),
	};

	return cmocka_run_group_tests(tests, world_setup, NULL);
}
