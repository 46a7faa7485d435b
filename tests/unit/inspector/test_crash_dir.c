/* SPDX-License-Identifier: BSD-2-Clause */
/* Limits of the directory of crashes, in a directory of our own. */
#include "cmd/crash_dir.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static char place[64];
static int dir;

static int setup(void **state)
{
	struct pyi_error *err;
	char inner[80];

	strcpy(place, "/tmp/test_crash_dir.XXXXXX");
	if (!mkdtemp(place))
		return -1;
	snprintf(inner, sizeof(inner), "%s/a/b", place);
	err = pyi_crash_dir_open(inner, &dir);
	pyi_error_destroy(err);
	return err ? -1 : 0;
}

static int teardown(void **state)
{
	char command[128];

	close(dir);
	snprintf(command, sizeof(command), "rm -rf %s", place);
	return system(command);
}

static void put(const char *name, size_t size)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL, 0600);
	char *bytes = calloc(1, size + 1);

	assert_true(fd >= 0 && bytes);
	memset(bytes, 'x', size);
	assert_int_equal(write(fd, bytes, size), size);
	free(bytes);
	close(fd);
}

static bool there(const char *name)
{
	return faccessat(dir, name, F_OK, 0) == 0;
}

static void put_crash(const char *name, size_t size)
{
	static const char *const suffixes[] = {"txt", "json", "core"};

	for (int i = 0; i < 3; i++) {
		char file[64];

		snprintf(file, sizeof(file), "%s.%s", name, suffixes[i]);
		put(file, size);
	}
}

static void oldest_go_first(void **state)
{
	struct pyi_crash_limits limits = {.number = 2, .size_mb = 100, .a_minute = 10};

	put_crash("20260103T000000Z-7", 10);
	put_crash("20260101T000000Z-9", 10);
	put_crash("20260102T000000Z-8", 10);
	put("20260101T000000Z-x.core", 10);
	put("notes.txt", 10);
	pyi_crash_dir_prune(dir, &limits);
	assert_false(there("20260101T000000Z-9.core"));
	assert_false(there("20260101T000000Z-9.txt"));
	assert_true(there("20260102T000000Z-8.json"));
	assert_true(there("20260103T000000Z-7.core"));
	assert_true(there("notes.txt"));
	assert_true(there("20260101T000000Z-x.core"));
}

static void size_counts(void **state)
{
	struct pyi_crash_limits limits = {.number = 9, .size_mb = 1, .a_minute = 10};

	put_crash("20260101T000000Z-1", 300000);
	put_crash("20260102T000000Z-2", 200000);
	pyi_crash_dir_prune(dir, &limits);
	assert_false(there("20260101T000000Z-1.core"));
	assert_true(there("20260102T000000Z-2.core"));
}

static void unfinished(void **state)
{
	struct pyi_crash_limits limits = {.number = 9, .size_mb = 9, .a_minute = 10};
	struct timespec old[2] = {{.tv_sec = 1}, {.tv_sec = 1}};

	put("20260101T000000Z-1.core.part", 10);
	put("20260101T000000Z-2.core.part", 10);
	assert_int_equal(utimensat(dir, "20260101T000000Z-1.core.part", old, 0), 0);
	pyi_crash_dir_prune(dir, &limits);
	assert_false(there("20260101T000000Z-1.core.part"));
	assert_true(there("20260101T000000Z-2.core.part")); /* somebody is at it */
}

/* A minute may end between two of them. */
static void rate(void **state)
{
	struct pyi_crash_limits limits = {.number = 9, .size_mb = 9, .a_minute = 3};
	int admitted = 0;

	for (int i = 0; i < 12; i++) {
		struct pyi_error *err = pyi_crash_dir_admit(dir, &limits);

		admitted += !err;
		pyi_error_destroy(err);
	}
	assert_in_range(admitted, 3, 6);
}

static void not_where_others_write(void **state)
{
	struct pyi_error *err;
	char shared[80];
	int fd;

	snprintf(shared, sizeof(shared), "%s/shared", place);
	assert_int_equal(mkdir(shared, 0700), 0);
	assert_int_equal(chmod(shared, 0777), 0);
	err = pyi_crash_dir_open(shared, &fd);
	assert_non_null(err);
	assert_int_equal(err->code, PYI_ERR_PERMISSION);
	pyi_error_destroy(err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(oldest_go_first, setup, teardown),
		cmocka_unit_test_setup_teardown(size_counts, setup, teardown),
		cmocka_unit_test_setup_teardown(unfinished, setup, teardown),
		cmocka_unit_test_setup_teardown(rate, setup, teardown),
		cmocka_unit_test_setup_teardown(not_where_others_write, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
