/* SPDX-License-Identifier: BSD-2-Clause */
/* What words of the command line stand for. */
#include "cmd/operand.h"

#include "cmd/command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

/* The program's own is in main.c. */
const char *const *pyi_command_names(void)
{
	static const char *const names[] = {"dump", "maps", "snapshot", "trace", NULL};

	return names;
}

static void test_processes_and_files(void **state)
{
	static const char *const bad[] = {"", "0", "99999999999", "12x"};
	pid_t pid = 7;

	assert_false(pyi_operand_is_file("123"));
	assert_true(pyi_operand_is_file("123.core"));
	assert_true(pyi_operand_is_file("-5"));
	assert_null(pyi_operand_pid("0123", &pid));
	assert_int_equal(pid, 123);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct pyi_error *err = pyi_operand_pid(bad[i], &pid);

		assert_non_null(err);
		assert_int_equal(err->code, PYI_ERR_NOT_FOUND);
		assert_int_equal(pid, 123);
		pyi_error_destroy(err);
	}
}

static void test_nearest(void **state)
{
	static const struct {
		const char *word, *nearest;
	} cases[] = {
		{"snapsho", "snapshot"}, {"snapshto", "snapshot"},
		{"map", "maps"},         {"mpas", "maps"},
		{"dmup", "dump"},        {"tracing", NULL},
		{"trac", "trace"},       {"maps", "maps"},
		{"xyzzy", NULL},         {"", NULL},
		{"dumpmaps", NULL},      {"snapshotsnapshotsnapshotsnapshotsnapshot", NULL},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *nearest = pyi_operand_nearest(cases[i].word, pyi_command_names());

		assert_string_equal(nearest ? nearest : "-",
				    cases[i].nearest ? cases[i].nearest : "-");
	}
}

static void expect_missing(const char *path, const char *message, const char *hint)
{
	struct pyi_error *err = pyi_operand_check_file(path);

	assert_non_null(err);
	assert_int_equal(err->code, PYI_ERR_NOT_FOUND);
	assert_string_equal(err->message, message);
	assert_string_equal(err->hint ? err->hint : "-", hint);
	pyi_error_destroy(err);
}

static void test_missing_files(void **state)
{
	expect_missing("no such/file", "no such/file: no such file", "-");
	expect_missing("nosuchword", "nosuchword: no such command, file or process", "-");
	expect_missing("mpas", "mpas: no such command, file or process", "pyinspect maps?");
	assert_null(pyi_operand_check_file("/"));
	assert_null(pyi_operand_check_file("/dev/null/below")); /* opening it will say why */
}

static void test_open(void **state)
{
	struct pyi_target *target = NULL;
	struct pyi_error *err;
	char self[16];

	snprintf(self, sizeof(self), "%d", (int)getpid());
	assert_null(pyi_operand_open(self, &target));
	assert_int_equal(target->pid, getpid());
	pyi_target_close(target);
	err = pyi_operand_open("/proc/self/exe", &target);
	assert_non_null(err);
	assert_string_equal(err->message, "/proc/self/exe: not a core file of an x86-64 process");
	pyi_error_destroy(err);
	err = pyi_operand_open("2147483647", &target);
	assert_non_null(err);
	assert_string_equal(err->message, "process 2147483647: no such process");
	pyi_error_destroy(err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_processes_and_files),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_missing_files),
		cmocka_unit_test(test_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
