/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

#include "lib/io.h"

#include <fcntl.h>
#include <unistd.h>

static char path[] = "/tmp/minipy-test-XXXXXX";

static int make_file(void **state)
{
	int fd = mkstemp(path);

	return program_setup(state) < 0 || fd < 0 || close(fd) < 0 ? -1 : 0;
}

static int remove_file(void **state)
{
	return unlink(path);
}

/* The program with PATH as the file's name. */
static void assert_file_result(const char *program, const char *expected)
{
	char text[1024];

	snprintf(text, sizeof(text), "PATH = '%s'\n%s", path, program);
	assert_result(text, expected);
}

static void test_reads_and_writes_share_a_position(void **state)
{
	assert_file_result("open(PATH, 'wb').write(b'0123456789')\n"
			   "f = open(PATH, 'rb+')\n"
			   "result = [f.read(2), f.tell(), f.write(b'ab'), f.tell(), f.read(1), "
			   "f.seek(0), f.read(), f.truncate(3), f.seek(0), f.read()]",
			   "[b'01', 2, 2, 4, b'4', 0, b'01ab456789', 3, 0, b'01a']");
}

static void test_more_than_a_buffer(void **state)
{
	assert_file_result(
		"f = open(PATH, 'wb')\n"
		"for i in range(5000): n = f.write(b'line %d\\n' % i)\n"
		"f.close()\n"
		"f = open(PATH, 'rb')\n"
		"lines = f.readlines()\n"
		"result = len(lines), lines[4321], f.seek(-3, 2), f.peek()[:2], f.tell()",
		"(5000, b'line 4321\\n', 48887, b'99', 48887)");
}

static void test_closing_keeps_foreign_descriptors(void **state)
{
	int fd = open("/dev/null", O_RDONLY);
	PyObject *name = PyLong_FromLong(fd);
	PyObject *f = _PyBinaryFile_New(&_PyBufferedReader_Type, fd, name, "rb", false);

	assert_int_equal(_PyBinaryFile_Descriptor(f), fd);
	Py_DECREF(f);
	Py_DECREF(name);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC & 0);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_and_writes_share_a_position),
		cmocka_unit_test(test_more_than_a_buffer),
		cmocka_unit_test(test_closing_keeps_foreign_descriptors),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
