/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

#include <errno.h>

static void test_numbers_are_the_systems(void **state)
{
	PyObject *globals =
		program_run("import errno\nresult = errno.ENOENT\nother = errno.EADDRINUSE");

	assert_int_equal(PyLong_AsLong(PyDict_GetItemString(globals, "result")), ENOENT);
	assert_int_equal(PyLong_AsLong(PyDict_GetItemString(globals, "other")), EADDRINUSE);
	Py_DECREF(globals);
}

static void test_names_by_number(void **state)
{
	assert_result("import errno\nresult = all(getattr(errno, n) == c for c, n in"
		      " errno.errorcode.items()), errno.errorcode[errno.EPERM]",
		      "(True, 'EPERM')");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_are_the_systems),
		cmocka_unit_test(test_names_by_number),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
