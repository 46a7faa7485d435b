/* SPDX-License-Identifier: BSD-2-Clause */
/* A core on standard input: whatever it is and whosever it is, it is taken to its end. */
#include "cmd/handler.h"

#include "child.h"
#include "core_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/procfs.h>
#include <sys/stat.h>
#include <cmocka.h>

#define LONG_CORE (1u << 20)

static struct core_file file;
static char root[32], dir[64];
static struct child victim; /* the process that is said to have crashed */

static void body(int in, int out)
{
	child_say(out, 'r');
	child_echo(in, out);
}

static int set_up(void **state)
{
	struct elf_prstatus status = {.pr_cursig = 11};
	siginfo_t info = {.si_signo = 11};

	strcpy(root, "/tmp/pyi-handler-XXXXXX");
	assert_non_null(mkdtemp(root));
	snprintf(dir, sizeof(dir), "%s/crashes", root);
	assert_true(child_start(&victim, body));
	assert_int_equal(child_read(&victim), 'r');
	status.pr_pid = victim.pid;
	core_file_init(&file);
	core_file_load(&file, 0x10000, 0, 16384, 16384);
	core_file_note(&file, "CORE", NT_PRSTATUS, &status, sizeof(status));
	core_file_note(&file, "CORE", NT_SIGINFO, &info, sizeof(info));
	return 0;
}

static int tear_down(void **state)
{
	char command[64];

	child_end(&victim);
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command);
}

/* Runs as the kernel would start it; what it left of its input is returned. */
static size_t handle(const void *core, size_t size, pid_t pid)
{
	int fd = memfd_create("core", MFD_CLOEXEC), status;
	pid_t child;
	off_t at;

	assert_int_equal(write(fd, core, size), size);
	lseek(fd, 0, SEEK_SET);
	fflush(NULL);
	child = fork();
	if (child == 0) {
		struct pyi_handler handler = {.dir = dir,
					      .limits = PYI_CRASH_LIMITS_DEFAULT,
					      .values = {.pid = pid, .tid = pid, .signal = 11}};

		dup2(fd, STDIN_FILENO);
		pyi_handler_handle(&handler);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	at = lseek(fd, 0, SEEK_CUR); /* shared with the child */
	close(fd);
	return size - (size_t)at;
}

/* Files of the directory that are none of its own. */
static size_t count_kept(void)
{
	DIR *stream = opendir(dir);
	struct dirent *entry;
	size_t n = 0;

	assert_non_null(stream);
	while ((entry = readdir(stream)))
		n += entry->d_name[0] != '.' && strcmp(entry->d_name, "log") != 0;
	closedir(stream);
	return n;
}

static bool log_has(const char *what)
{
	char path[96], text[4096] = "";
	FILE *in;

	snprintf(path, sizeof(path), "%s/log", dir);
	in = fopen(path, "r");
	if (!in)
		return false;
	text[fread(text, 1, sizeof(text) - 1, in)] = '\0';
	fclose(in);
	return strstr(text, what) != NULL;
}

static void test_what_is_no_python(void **state)
{
	assert_int_equal(handle(&file, sizeof(file), victim.pid), 0);
	assert_int_equal(count_kept(), 0);
	assert_false(log_has("process")); /* no line for every program that crashes */
	assert_true(child_answers(&victim));
}

static void test_garbage(void **state)
{
	static uint8_t garbage[LONG_CORE];

	memset(garbage, 0x7f, sizeof(garbage));
	assert_int_equal(handle(garbage, sizeof(garbage), victim.pid), 0);
	assert_int_equal(count_kept(), 0);
	memcpy(garbage, &file.ehdr, sizeof(file.ehdr));
	assert_int_equal(handle(garbage, sizeof(garbage), victim.pid), 0);
	((Elf64_Ehdr *)garbage)->e_phoff = UINT64_MAX;
	assert_int_equal(handle(garbage, sizeof(garbage), victim.pid), 0);
	assert_int_equal(count_kept(), 0);
	assert_true(log_has("not a core file"));
}

static void test_notes_that_never_end(void **state)
{
	file.phdrs[0].p_filesz = UINT64_MAX;
	assert_int_equal(handle(&file, sizeof(file), victim.pid), 0);
	file.phdrs[0].p_filesz = 1 << 27;
	assert_int_equal(handle(&file, sizeof(file), victim.pid), 0);
	assert_int_equal(count_kept(), 0);
}

static void test_a_core_that_is_cut(void **state)
{
	assert_int_equal(handle(&file, 0, victim.pid), 0);
	assert_int_equal(handle(&file, 70, victim.pid), 0);
	assert_int_equal(handle(&file, offsetof(struct core_file, notes) + 10, victim.pid), 0);
	assert_int_equal(count_kept(), 0);
}

static void test_a_process_that_has_gone(void **state)
{
	assert_int_equal(handle(&file, sizeof(file), INT_MAX), 0);
	assert_int_equal(count_kept(), 0);
	assert_true(log_has("2147483647"));
}

/* Others may write there: nothing is. */
static void test_a_directory_that_is_not_ours(void **state)
{
	assert_int_equal(mkdir(dir, 0700), 0);
	assert_int_equal(chmod(dir, 0777), 0);
	assert_int_equal(handle(&file, sizeof(file), victim.pid), 0);
	assert_int_equal(count_kept(), 0);
	assert_false(log_has("process"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_is_no_python),       TEST(test_garbage),
		TEST(test_notes_that_never_end),    TEST(test_a_core_that_is_cut),
		TEST(test_a_process_that_has_gone), TEST(test_a_directory_that_is_not_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
