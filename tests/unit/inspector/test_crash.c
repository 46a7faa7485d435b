/* SPDX-License-Identifier: BSD-2-Clause */
/* What is kept of a crash: here of this very program, as if it had been a Python. */
#include "cmd/crash.h"

#include "target/snapshot.h"

#include "self_target.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

static struct pyi_target target;
static struct pyi_crash_report made;
static struct pyi_report report;
static char root[32];
static int dir;

static int set_up(void **state)
{
	strcpy(root, "/tmp/pyi-crash-XXXXXX");
	assert_non_null(mkdtemp(root));
	dir = open(root, O_RDONLY | O_DIRECTORY);
	assert_true(dir >= 0);
	self_target_init(&target);
	report = (struct pyi_report){.pid = 4242, .exe = (char *)"/usr/bin/python3"};
	made = (struct pyi_crash_report){.target = &target, .report = &report};
	assert_null(pyi_snapshot_create(&target, false, &made.snapshot));
	return 0;
}

static int tear_down(void **state)
{
	char command[64];

	pyi_snapshot_destroy(made.snapshot);
	self_target_deinit(&target);
	close(dir);
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command);
}

static size_t count_files(void)
{
	DIR *stream = opendir(root);
	size_t n = 0;

	assert_non_null(stream);
	while (readdir(stream))
		n++;
	closedir(stream);
	return n - 2;
}

static void test_three_files_for_their_owner(void **state)
{
	static const char *const suffixes[] = {"txt", "json", "core"};
	char path[96], *name = NULL;
	struct stat st;

	assert_null(pyi_crash_keep(&made, dir, &name));
	/* TIME-PID */
	assert_int_equal(strlen(name), 16 + 1 + 4);
	assert_int_equal(strspn(name, "0123456789"), 8);
	assert_string_equal(name + 15, "Z-4242");
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s.%s", root, name, suffixes[i]);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
		assert_true(st.st_size > 10);
	}
	assert_int_equal(count_files(), 3);
	free(name);
}

/* What cannot be written leaves nothing behind: not what stood there before, no part. */
static void test_a_place_that_is_taken(void **state)
{
	char *name = NULL, path[96];
	struct pyi_error *err;
	time_t now;

	for (int i = -1; i < 30; i++) { /* whenever within this half a minute it will be */
		struct tm tm;
		char when[32];

		now = time(NULL) + i;
		assert_non_null(gmtime_r(&now, &tm));
		strftime(when, sizeof(when), "%Y%m%dT%H%M%SZ", &tm);
		snprintf(path, sizeof(path), "%s/%s-4242.core" PYI_CRASH_PART, root, when);
		assert_int_equal(symlink("/etc/passwd", path), 0);
	}
	err = pyi_crash_keep(&made, dir, &name);
	assert_non_null(err);
	assert_null(name);
	assert_non_null(strstr(err->message, ".core" PYI_CRASH_PART));
	pyi_error_destroy(err);
	assert_in_range(count_files(), 30, 31);
}

static void test_what_is_no_python(void **state)
{
	struct pyi_stop stop;
	struct pyi_crash crash = {.pid = getpid(), .threads = &stop};
	struct pyi_crash_report none = {0};
	struct pyi_error *err;

	pyi_stop_init(&stop, getpid(), -1);
	err = pyi_crash_collect(&crash, &none);
	assert_non_null(err);
	assert_int_equal(err->code, PYI_ERR_NOT_PYTHON);
	assert_null(none.report);
	pyi_error_destroy(err);
	pyi_stop_deinit(&stop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_three_files_for_their_owner, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_a_place_that_is_taken, set_up, tear_down),
		cmocka_unit_test(test_what_is_no_python),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
