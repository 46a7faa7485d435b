/* SPDX-License-Identifier: BSD-2-Clause */
#include "run_command.h"

#include "core_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/procfs.h>
#include <sys/stat.h>
#include <cmocka.h>

static struct core_file file;
static char root[32], core_path[64];

/* Of one thread, in a module that is called a Python. */
static int set_up(void **state)
{
	struct elf_prstatus status = {.pr_pid = 42, .pr_cursig = 11};
	struct {
		uint64_t head[2], entry[3];
		char name[24];
	} note = {{1, 4096}, {0x10000, 0x11000, 0}, "/usr/bin/python3.11"};
	FILE *out;

	core_file_init(&file);
	core_file_load(&file, 0x10000, 0, 4096, 4096)->p_flags = PF_R | PF_X;
	core_file_note(&file, "CORE", NT_PRSTATUS, &status, sizeof(status));
	core_file_note(&file, "CORE", NT_FILE, &note, 40 + sizeof("/usr/bin/python3.11"));
	strcpy(root, "/tmp/pyi-cmd-XXXXXX");
	assert_non_null(mkdtemp(root));
	snprintf(core_path, sizeof(core_path), "%s/core", root);
	out = fopen(core_path, "w");
	assert_non_null(out);
	assert_int_equal(fwrite(&file, sizeof(file), 1, out), 1);
	assert_int_equal(fclose(out), 0);
	return 0;
}

static int tear_down(void **state)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command);
}

static void test_usage(void **state)
{
	static const char *const none[] = {NULL};

	assert_int_equal(run_command(&pyi_cmd_core, none).code, 2);
	assert_int_equal(RUN_COMMAND(&pyi_cmd_core, "a", "b").code, 2);
	assert_int_equal(RUN_COMMAND(&pyi_cmd_core, "--last", "a").code, 2);
	assert_int_equal(RUN_COMMAND(&pyi_cmd_core, "--install", "a").code, 2);
}

static void test_what_is_no_core(void **state)
{
	struct run_command done = RUN_COMMAND(&pyi_cmd_core, "/etc/passwd");

	assert_int_equal(done.code, 3);
	assert_string_equal(done.out, "");
	assert_non_null(strstr(done.err, "pyinspect: /etc/passwd: not a core file"));
	done = RUN_COMMAND(&pyi_cmd_core, "/nonexistent/core");
	assert_int_equal(done.code, 3);
	assert_non_null(strstr(done.err, "/nonexistent/core"));
	done = RUN_COMMAND(&pyi_cmd_core, "/dev/null");
	assert_int_equal(done.code, 3);
}

static void test_text_and_json(void **state)
{
	struct run_command done = RUN_COMMAND(&pyi_cmd_core, "--sysroot", root, core_path);

	assert_int_equal(done.code, 1);
	assert_string_equal(done.err, "");
	assert_non_null(strstr(done.out, "Core of process 42"));
	assert_non_null(strstr(done.out, "Died by SIGSEGV"));
	assert_non_null(strstr(done.out, "Python frames cannot be shown"));
	done = RUN_COMMAND(&pyi_cmd_core, "--json", "--sysroot", root, core_path);
	assert_int_equal(done.code, 1);
	assert_int_equal(done.out[0], '{');
	assert_non_null(strstr(done.out, "\"schema\":\"pyinspect/1\""));
}

/* A file appears whole or not at all. */
static void test_into_a_file(void **state)
{
	char path[64];
	struct run_command done;
	struct stat st;

	snprintf(path, sizeof(path), "%s/report", root);
	done = RUN_COMMAND(&pyi_cmd_core, "-o", path, "/etc/passwd");
	assert_int_equal(done.code, 3);
	assert_int_equal(stat(path, &st), -1);
	done = RUN_COMMAND(&pyi_cmd_core, "-o", path, "--sysroot", root, core_path);
	assert_int_equal(done.code, 1);
	assert_string_equal(done.out, "");
	assert_int_equal(stat(path, &st), 0);
	assert_true(st.st_size > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_usage),
		cmocka_unit_test(test_what_is_no_core),
		cmocka_unit_test(test_text_and_json),
		cmocka_unit_test(test_into_a_file),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
