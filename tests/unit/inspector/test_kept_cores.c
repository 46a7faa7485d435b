/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/kept_cores.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[] = "/tmp/pyi-kept-XXXXXX";

static void put(const char *name, long when)
{
	const struct timespec times[2] = {{when, 0}, {when, 0}};
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0);
	assert_int_equal(futimens(fd, times), 0);
	close(fd);
}

static void test_the_newest_core_and_nothing_else(void **state)
{
	char command[64];
	int64_t when = 0;
	bool forbidden;
	char *path;

	assert_non_null(mkdtemp(dir));
	assert_null(pyi_kept_cores_newest(dir, &when, &forbidden));
	assert_false(forbidden);
	put("core.python3.0.1.zst", 100);
	put("20260101-7.core", 200);
	put("_usr_bin_python3.0.crash", 150);
	put("20260101-9.txt", 900);
	snprintf(command, sizeof(command), "%s/later.core", dir);
	assert_int_equal(symlink("/etc/passwd", command), 0);
	path = pyi_kept_cores_newest(dir, &when, &forbidden);
	assert_non_null(path);
	assert_string_equal(path + strlen(dir), "/20260101-7.core");
	assert_int_equal(when, 200);
	free(path);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	assert_int_equal(system(command), 0);
}

static void test_no_such_directory(void **state)
{
	int64_t when = 0;
	bool forbidden = true;

	assert_null(pyi_kept_cores_newest("/no/such/directory", &when, &forbidden));
	assert_false(forbidden);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_newest_core_and_nothing_else),
		cmocka_unit_test(test_no_such_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
