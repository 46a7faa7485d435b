/* SPDX-License-Identifier: BSD-2-Clause */
#include "run_command.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>
#include <cmocka.h>

static void test_usage(void **state)
{
	static const char *const none[] = {NULL};

	assert_int_equal(run_command(&pyi_cmd_run, none).code, 2);
	assert_int_equal(RUN_COMMAND(&pyi_cmd_run, "true").code, 2);
	assert_int_equal(RUN_COMMAND(&pyi_cmd_run, "--").code, 2);
	assert_int_equal(RUN_COMMAND(&pyi_cmd_run, "true", "--", "true").code, 2);
}

static void test_streams_and_status_are_the_commands(void **state)
{
	struct run_command done =
		RUN_COMMAND(&pyi_cmd_run, "--", "sh", "-c", "echo out; echo err >&2; exit 7");

	assert_int_equal(done.code, 7);
	assert_string_equal(done.out, "out\n");
	assert_string_equal(done.err, "err\n");
	assert_int_equal(RUN_COMMAND(&pyi_cmd_run, "--", "/nonexistent/command").code, 3);
}

static void test_deaths_without_a_python(void **state)
{
	struct run_command done = RUN_COMMAND(&pyi_cmd_run, "--", "sh", "-c", "kill -ABRT $$");

	assert_int_equal(done.code, 128 + 6);
	assert_string_equal(done.out, "");
	assert_non_null(strstr(done.err, "died by SIGABRT: "));
	done = RUN_COMMAND(&pyi_cmd_run, "--", "sh", "-c", "kill -KILL $$");
	assert_int_equal(done.code, 128 + 9);
	assert_non_null(strstr(done.err, "killed by SIGKILL"));
}

/* Nothing is kept of what is no Python. */
static void test_the_directory(void **state)
{
	char root[] = "/tmp/pyi-run-XXXXXX", path[64];
	struct run_command done;
	struct stat st;

	assert_non_null(mkdtemp(root));
	snprintf(path, sizeof(path), "%s/crashes", root);
	done = RUN_COMMAND(&pyi_cmd_run, "-o", path, "--", "sh", "-c", "kill -SEGV $$");
	assert_int_equal(done.code, 128 + 11);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(rmdir(path), 0);
	done = RUN_COMMAND(&pyi_cmd_run, "-o", "/dev/null", "--", "touch", path);
	assert_int_not_equal(done.code, 0);
	assert_int_equal(stat(path, &st), -1); /* it was not started */
	assert_int_equal(rmdir(root), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_usage),
		cmocka_unit_test(test_streams_and_status_are_the_commands),
		cmocka_unit_test(test_deaths_without_a_python),
		cmocka_unit_test(test_the_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
