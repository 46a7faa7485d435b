/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/kept_cores.h"

#include "cmd/crash.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define REPORT "ProblemType: Crash\nDate: today\n"

static char root[32], first[64], second[64];
static const char *dirs[] = {first, "/no/such/directory", second, NULL};

static int set_up(void **state)
{
	strcpy(root, "/tmp/pyi-kept-XXXXXX");
	assert_non_null(mkdtemp(root));
	snprintf(first, sizeof(first), "%s/first", root);
	snprintf(second, sizeof(second), "%s/second", root);
	assert_int_equal(mkdir(first, 0700), 0);
	assert_int_equal(mkdir(second, 0700), 0);
	return 0;
}

static int tear_down(void **state)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command);
}

static void put(const char *dir, const char *name, long s, long ns, const char *text)
{
	const struct timespec times[2] = {{s, ns}, {s, ns}};
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(futimens(fd, times), 0);
	close(fd);
}

/* name is what is found, in dir. */
static void expect(const char *dir, const char *name)
{
	char want[256], *path = NULL, *unseen = NULL;

	snprintf(want, sizeof(want), "%s/%s", dir, name);
	assert_null(pyi_kept_cores_last(dirs, &path, &unseen));
	assert_string_equal(path, want);
	assert_null(unseen);
	free(path);
}

static void test_where_cores_are_kept(void **state)
{
	static const char *const want[] = {"/var/lib/systemd/coredump", PYI_CRASH_DIR,
					   "/var/crash"};

	for (size_t i = 0; i < 3; i++)
		assert_string_equal(pyi_kept_cores_dirs[i], want[i]);
	assert_null(pyi_kept_cores_dirs[3]);
}

static void test_the_newest_core_and_nothing_else(void **state)
{
	char path[128];

	put(first, "core.python3.0.1.zst", 100, 0, "");
	put(first, "20260101-9.txt", 900, 0, "");
	put(first, "core", 900, 0, "");
	snprintf(path, sizeof(path), "%s/later.core", first);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	snprintf(path, sizeof(path), "%s/folder.core", first);
	assert_int_equal(mkdir(path, 0700), 0);
	expect(first, "core.python3.0.1.zst");
	put(second, "20260101-7.core", 200, 0, "");
	expect(second, "20260101-7.core");
	put(first, "20260101-8.core", 300, 0, "");
	expect(first, "20260101-8.core");
}

static void test_within_a_second(void **state)
{
	put(first, "20260101-8.core", 300, 7, "");
	put(second, "20260101-5.core", 300, 8, "");
	expect(second, "20260101-5.core");
	put(first, "20260101-3.core", 300, 9, "");
	expect(first, "20260101-3.core");
	/* To the nanosecond the same: the last by name. */
	put(second, "20260101-4.core", 300, 9, "");
	expect(second, "20260101-4.core");
	put(second, "20260101-2.core", 300, 9, "");
	expect(second, "20260101-4.core");
}

static void test_a_report_without_a_core(void **state)
{
	put(first, "old.core", 100, 0, "");
	put(second, "_usr_bin_tool.0.crash", 200, 0, REPORT "Traceback: none\n");
	expect(first, "old.core");
	put(second, "_usr_bin_python3.0.crash", 150, 0,
	    REPORT "CoreDump: base64\n H4sICAAAAAAC/0NvcmVEdW1wAA==\n");
	expect(second, "_usr_bin_python3.0.crash");
}

static void test_none(void **state)
{
	char *path, *unseen;
	struct pyi_error *err = pyi_kept_cores_last(dirs, &path, &unseen);

	assert_non_null(err);
	assert_int_equal(err->code, PYI_ERR_NOT_FOUND);
	assert_non_null(strstr(err->message, first));
	assert_non_null(strstr(err->message, second));
	pyi_error_destroy(err);
}

/* Root reads everything. */
static void test_what_may_not_be_read(void **state)
{
	char *path = NULL, *unseen = NULL;
	struct pyi_error *err;

	put(second, "old.core", 100, 0, "");
	put(first, "new.core", 200, 0, "");
	assert_int_equal(chmod(root, 0711), 0);
	assert_int_equal(chmod(first, 0), 0);
	assert_int_equal(chmod(second, 0755), 0);
	assert_int_equal(seteuid(geteuid() ? geteuid() : 65534), 0);
	err = pyi_kept_cores_last(dirs, &path, &unseen);
	assert_int_equal(seteuid(getuid()), 0);
	assert_null(err);
	assert_string_equal(path + strlen(path) - 8, "old.core");
	assert_string_equal(unseen, first);
	free(path);
	free(unseen);

	dirs[2] = NULL;
	assert_int_equal(seteuid(geteuid() ? geteuid() : 65534), 0);
	err = pyi_kept_cores_last(dirs, &path, &unseen);
	assert_int_equal(seteuid(getuid()), 0);
	dirs[2] = second;
	assert_non_null(err);
	assert_int_equal(err->code, PYI_ERR_PERMISSION);
	assert_non_null(strstr(err->message, first));
	pyi_error_destroy(err);
	assert_int_equal(chmod(first, 0700), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_where_cores_are_kept),
		cmocka_unit_test_setup_teardown(test_the_newest_core_and_nothing_else, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_within_a_second, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_report_without_a_core, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_none, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_may_not_be_read, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
