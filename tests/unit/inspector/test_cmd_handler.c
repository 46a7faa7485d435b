/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel calls, and what it says of itself; the machine's own pattern is only looked at.
 */
#include "run_command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>
#include <cmocka.h>

static void expect_usage(const struct run_command *done)
{
	assert_int_equal(done->code, 2);
	assert_string_equal(done->out, "");
	assert_non_null(strstr(done->err, "pyinspect: handler: "));
}

static void test_arguments_of_the_kernel(void **state)
{
	static const char *const wrong[][6] = {
		{"", "1", "11", "0", "0", "1"},
		{"x", "1", "11", "0", "0", "1"},
		{"0", "1", "11", "0", "0", "1"},
		{"1", "-1", "11", "0", "0", "1"},
		{"1", "1", "65", "0", "0", "1"},
		{"1", "1", "11", "0", "0", "1x"},
		{"4294967297", "1", "11", "0", "0", "1"},
		{"99999999999999999999", "1", "11", "0", "0", "1"},
	};
	static const char *const none[] = {NULL};
	struct run_command done = run_command(&pyi_cmd_handler, none);

	expect_usage(&done);
	done = RUN_COMMAND(&pyi_cmd_handler, "1", "2", "3");
	expect_usage(&done);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		done = RUN_COMMAND(&pyi_cmd_handler, "-o", "/nonexistent", "--", wrong[i][0],
				   wrong[i][1], wrong[i][2], wrong[i][3], wrong[i][4], wrong[i][5]);
		expect_usage(&done);
	}
}

/* Nothing is installed that could not be called. */
static void test_paths_that_a_pattern_cannot_name(void **state)
{
	struct run_command done = RUN_COMMAND(&pyi_cmd_handler, "--install", "-o", "crashes");

	expect_usage(&done);
	assert_non_null(strstr(done.err, "absolute path"));
	done = RUN_COMMAND(&pyi_cmd_handler, "--install", "-o", "/tmp/a b");
	expect_usage(&done);
	done = RUN_COMMAND(&pyi_cmd_handler, "--install", "-o", "/tmp/%p");
	expect_usage(&done);
	done = RUN_COMMAND(&pyi_cmd_handler, "--install", "-o",
			   "/tmp/a-path-that-is-far-longer-than-what-the-kernel-has-room-for-in-a-"
			   "pattern-of-one-hundred-and-twenty-seven-bytes");
	expect_usage(&done);
	assert_non_null(strstr(done.err, "too long"));
}

static void test_status(void **state)
{
	struct run_command done = RUN_COMMAND(&pyi_cmd_handler, "--status");

	assert_int_equal(done.code, 0);
	assert_non_null(strstr(done.out, "installed\n"));
	assert_non_null(strstr(done.out, "now: core_pattern: "));
	assert_non_null(strstr(done.out, "core_pipe_limit: "));
	assert_string_equal(done.err, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arguments_of_the_kernel),
		cmocka_unit_test(test_paths_that_a_pattern_cannot_name),
		cmocka_unit_test(test_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
