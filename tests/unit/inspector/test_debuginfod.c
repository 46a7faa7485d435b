/* SPDX-License-Identifier: BSD-2-Clause */
/* Without the network: what the library's own cache has, and what no server is asked for. */
#include "target/debuginfod.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#define ID "0123456789abcdef0123456789abcdef01234567"

static char root[32];

/* A cache that has a file for ID (debuginfod_find_executable(3): CACHE). */
static int set_up(void **state)
{
	char path[160];
	int fd;

	strcpy(root, "/tmp/pyi-debug-XXXXXX");
	assert_non_null(mkdtemp(root));
	snprintf(path, sizeof(path), "%s/" ID, root);
	assert_int_equal(mkdir(path, 0700), 0);
	strcat(path, "/executable");
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0 && write(fd, "ELF", 3) == 3);
	close(fd);
	setenv("DEBUGINFOD_CACHE_PATH", root, 1);
	return 0;
}

static int tear_down(void **state)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command);
}

static void test_from_the_cache(void **state)
{
	char *path;

	if (!dlopen("libdebuginfod.so.1", RTLD_LAZY)) {
		assert_null(pyi_debuginfod_executable(ID)); /* not installed: no server has it */
		return;
	}
	setenv("DEBUGINFOD_URLS", "http://127.0.0.1:1/", 1); /* nobody answers there */
	path = pyi_debuginfod_executable(ID);
	assert_non_null(path);
	assert_memory_equal(path, root, strlen(root));
	assert_int_equal(access(path, R_OK), 0);
	free(path);
}

static void test_what_no_server_has(void **state)
{
	unsetenv("DEBUGINFOD_URLS");
	assert_null(pyi_debuginfod_executable("ff23456789abcdef0123456789abcdef01234567"));
	assert_null(pyi_debuginfod_executable("not a build id"));
	assert_null(pyi_debuginfod_executable(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_from_the_cache),
		cmocka_unit_test(test_what_no_server_has),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
