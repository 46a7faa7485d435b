/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

#include "vm/opcode.h"

static void test_one_row_an_instruction(void **state)
{
	PyObject *globals = program_run("import _opcode\nresult = len(_opcode.table)\n"
					"names = [name for name, argument in _opcode.table]\n"
					"at = names.index('BINARY_OP')");

	assert_int_equal(PyLong_AsLong(PyDict_GetItemString(globals, "result")), OP_COUNT);
	assert_int_equal(PyLong_AsLong(PyDict_GetItemString(globals, "at")), OP_BINARY_OP);
	Py_DECREF(globals);
}

static void test_what_arguments_mean(void **state)
{
	assert_result("import _opcode\nkinds = dict(_opcode.table)\n"
		      "result = kinds['NOP'], kinds['LOAD_CONST'], kinds['JUMP_BACKWARD']",
		      "('NONE', 'CONST', 'BACKWARD')");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_row_an_instruction),
		cmocka_unit_test(test_what_arguments_mean),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
