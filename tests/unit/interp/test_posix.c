/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

static void test_arguments(void **state)
{
	assert_program_raises("import posix\nposix.open('x')", PyExc_TypeError,
			      "open expected at least 2 arguments, got 1");
	assert_program_raises("import posix\nposix.unlink('a\\0b')", PyExc_ValueError,
			      "embedded null byte");
	assert_program_raises("import posix\nposix.rmdir('/no/such')", PyExc_FileNotFoundError,
			      "[Errno 2] No such file or directory: '/no/such'");
	assert_program_raises("import posix\nposix.read(0, -1)", PyExc_OSError,
			      "[Errno 22] Invalid argument");
}

static void test_a_pipe_and_a_child(void **state)
{
	assert_result(
		"import posix\n"
		"r, w = posix.pipe()\n"
		"pid = posix.fork()\n"
		"if pid == 0:\n    posix.write(w, b'child')\n    posix._exit(3)\n"
		"posix.close(w)\n"
		"result = posix.read(r, 100), posix.read(r, 1), posix.waitpid(pid, 0)[1] >> 8",
		"(b'child', b'', 3)");
}

static void test_stat_fields(void **state)
{
	assert_result("import posix\nst = posix.stat('/dev/null')\nresult = len(st), oct(st[0])",
		      "(13, '0o20666')");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_a_pipe_and_a_child),
		cmocka_unit_test(test_stat_fields),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
