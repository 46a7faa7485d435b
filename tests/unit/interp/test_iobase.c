/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

#include "lib/io.h"

static void test_newlines(void **state)
{
	struct _PyNewlines universal = _PyIO_Newlines(NULL), windows = _PyIO_Newlines("\r\n");
	PyObject *text = PyUnicode_FromString("a\rb\r\nc\n");

	assert_int_equal(_PyIO_LineEnd(&universal, text, 0), 2);
	assert_int_equal(_PyIO_LineEnd(&universal, text, 2), 5);
	assert_int_equal(_PyIO_LineEnd(&windows, text, 0), 5);
	assert_int_equal(_PyIO_LineEnd(&windows, text, 5), -1);
	assert_repr(_PyIO_TranslateOut(&windows, text), "'a\\rb\\r\\r\\nc\\r\\n'");
	assert_repr(_PyIO_Translate(&universal, text), "'a\\nb\\nc\\n'");
}

static void test_subclasses_get_the_rest(void **state)
{
	assert_result(
		"import io\n"
		"class R(io.RawIOBase):\n"
		"    data = b'one\\ntwo\\nthree'\n"
		"    def readinto(self, room):\n"
		"        n = min(len(room), len(self.data))\n"
		"        room[:n], self.data = self.data[:n], self.data[n:]\n"
		"        return n\n"
		"r = R()\n"
		"result = r.read(2), r.readline(), r.readlines(), r.closed, r.close(), r.closed",
		"(b'on', b'e\\n', [b'two\\n', b'three'], False, None, True)");
	assert_program_raises("import io\nio.RawIOBase().fileno()", _PyIO_UnsupportedOperation,
			      "fileno");
}

static void test_public_bases_hold_the_classes_in_c(void **state)
{
	assert_result("import io\n"
		      "result = isinstance(io.StringIO(), io.TextIOBase), "
		      "issubclass(io.BytesIO, io.BufferedIOBase), issubclass(io.BytesIO, "
		      "io.TextIOBase)",
		      "(True, True, False)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_newlines),
		cmocka_unit_test(test_subclasses_get_the_rest),
		cmocka_unit_test(test_public_bases_hold_the_classes_in_c),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
