/* SPDX-License-Identifier: BSD-2-Clause */
/* A debug file is one with the right build id, in one of the known places; nothing else is opened.
 */
#include "native/debugfile.h"

#include "self_target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <cmocka.h>

static char folder[64], module[96], build_id[41];

static void path_of(char path[96], const char *name)
{
	snprintf(path, 96, "%s/%s", folder, name);
}

/* This test's own program: a file with our build id. */
static void copy_self(const char *name)
{
	char path[96];
	struct stat st;
	path_of(path, name);
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_true(from >= 0 && to >= 0);
	assert_int_equal(fstat(from, &st), 0);
	for (off_t left = st.st_size; left > 0;) {
		ssize_t n = sendfile(to, from, NULL, (size_t)left);
		assert_true(n > 0);
		left -= n;
	}
	close(from);
	close(to);
}

static void drop(const char *name)
{
	char path[96];
	path_of(path, name);
	assert_int_equal(remove(path), 0);
}

static int setup(void **state)
{
	(void)state;
	struct pyi_target self;
	self_target_init(&self);
	struct pyi_image *image = pyi_target_find_image(&self, (uint64_t)(uintptr_t)setup);
	struct pyi_image_info info;
	pyi_image_info(image, &info);
	memcpy(build_id, info.build_id, sizeof(build_id));
	self_target_deinit(&self);
	strcpy(folder, "/tmp/test_debugfile.XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	path_of(module, "module.so");
	return strlen(build_id) == 40 ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	return rmdir(folder);
}

static void expect(const char *id, const char *debuglink, const char *where)
{
	char path[96], *name = NULL;
	int fd = pyi_debugfile_open(id, module, debuglink, &name);
	if (where) {
		path_of(path, where);
		assert_true(fd >= 0);
		assert_string_equal(name, path);
		close(fd);
		free(name);
	} else {
		assert_int_equal(fd, -1);
		assert_null(name);
	}
}

static void test_places(void **state)
{
	(void)state;
	expect(build_id, "module.debug", NULL);
	char hidden[96];
	path_of(hidden, ".debug");
	assert_int_equal(mkdir(hidden, 0700), 0);
	copy_self(".debug/module.debug");
	expect(build_id, "module.debug", ".debug/module.debug");
	copy_self("module.debug");
	expect(build_id, "module.debug", "module.debug"); /* the first of both */
	drop("module.debug");
	drop(".debug/module.debug");
	drop(".debug");
}

static void test_build_id(void **state)
{
	(void)state;
	char other[41];
	copy_self("module.debug");
	memcpy(other, build_id, sizeof(other));
	other[39] = other[39] == '0' ? '1' : '0';
	expect(other, "module.debug", NULL);
	other[39] = '\0'; /* a prefix is not equal */
	expect(other, "module.debug", NULL);
	expect("", "module.debug", NULL);
	expect("ab", "module.debug", NULL);
	expect(build_id, "module.debug", "module.debug");
	drop("module.debug");
}

/* The name comes from the module: it must not lead elsewhere. */
static void test_names(void **state)
{
	(void)state;
	char path[160];
	copy_self("module.debug");
	snprintf(path, sizeof(path), "../%s/module.debug", strrchr(folder, '/') + 1);
	expect(build_id, path, NULL);
	snprintf(path, sizeof(path), "%s/module.debug", folder);
	expect(build_id, path, NULL);
	expect(build_id, "", NULL);
	expect(build_id, NULL, NULL);
	strcpy(module, "module.so"); /* no folder known */
	expect(build_id, "module.debug", NULL);
	path_of(module, "module.so");
	drop("module.debug");
}

static void write_file(const char *name, const char *text)
{
	char path[96];
	path_of(path, name);
	FILE *f = fopen(path, "we");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void test_no_files_of_that_kind(void **state)
{
	(void)state;
	char path[96];
	path_of(path, "module.debug");
	assert_int_equal(mkfifo(path, 0600), 0); /* opening it must not wait for a writer */
	expect(build_id, "module.debug", NULL);
	drop("module.debug");
	assert_int_equal(mkdir(path, 0700), 0);
	expect(build_id, "module.debug", NULL);
	drop("module.debug");
	write_file("module.debug", "\177ELF\2\1\1 and then nonsense");
	expect(build_id, "module.debug", NULL);
	drop("module.debug");
	write_file("module.debug", "");
	expect(build_id, "module.debug", NULL);
	drop("module.debug");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_build_id),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_no_files_of_that_kind),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
