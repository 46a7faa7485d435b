/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

#include "lib/io.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static void test_text_in_and_out(void **state)
{
	char path[] = "/tmp/minipy-test-XXXXXX";
	char text[512];

	close(mkstemp(path));
	snprintf(text, sizeof(text),
		 "with open('%s', 'w') as f: n = f.write('a\\nb\\xe9\\nlast')\n"
		 "with open('%s') as f: lines = [f.readline(), f.read(1), f.read()]\n"
		 "with open('%s', 'rb') as f: raw = f.read()\n"
		 "with open('%s') as f: result = n, lines, raw, list(f), f.closed",
		 path, path, path, path);
	assert_result(text, "(9, ['a\\n', 'b', 'é\\nlast'], b'a\\nb\\xc3\\xa9\\nlast', "
			    "['a\\n', 'bé\\n', 'last'], False)");
	unlink(path);
}

static void test_errors(void **state)
{
	assert_program_raises("open('/no/such/file')", PyExc_FileNotFoundError,
			      "[Errno 2] No such file or directory: '/no/such/file'");
	assert_program_raises("open('/')", PyExc_IsADirectoryError,
			      "[Errno 21] Is a directory: '/'");
	assert_program_raises("open('/dev/null', 'q')", PyExc_ValueError, "invalid mode: 'q'");
	assert_program_raises("f = open('/dev/null')\nf.close()\nf.read()", PyExc_ValueError,
			      "I/O operation on closed file.");
	assert_program_raises("open('/dev/null').write('x')", _PyIO_UnsupportedOperation,
			      "not writable");
}

static void test_closed_pipe(void **state)
{
	int fds[2];

	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(fds), 0);
	close(fds[0]);
	const struct _PyOpenHow how = {.mode = "w", .buffering = -1, .close_fd = true};
	PyObject *name = PyUnicode_FromString("pipe");
	PyObject *f = _PyFile_OpenDescribed(fds[1], name, &how);

	assert_int_equal(PyFile_WriteString("lost", f), 0);
	assert_int_equal(_PyFile_Flush(f), -1);
	assert_raised(PyExc_BrokenPipeError, "[Errno 32] Broken pipe");
	Py_DECREF(name);
	/* What failed once is not tried again. */
	assert_int_equal(_PyFile_Flush(f), 0);
	Py_DECREF(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_in_and_out),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_closed_pipe),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
