/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/output.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <dirent.h>
#include <cmocka.h>

static char dir[64];

static const char *in_dir(const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(in_dir(name), "w");

	fputs(text, file);
	fclose(file);
}

static void assert_file(const char *name, const char *expected)
{
	char text[64] = "";
	FILE *file = fopen(in_dir(name), "r");

	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	assert_string_equal(text, expected);
}

static size_t count_files(void)
{
	DIR *d = opendir(dir);
	size_t n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n - 2; /* . and .. */
}

static int make_dir(void **state)
{
	strcpy(dir, "/tmp/pyi-test-output.XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	DIR *d = opendir(dir);
	struct dirent *entry;

	while ((entry = readdir(d)))
		if (entry->d_name[0] != '.')
			unlink(in_dir(entry->d_name));
	closedir(d);
	return rmdir(dir);
}

static void test_appears_whole(void **state)
{
	struct pyi_output output;
	struct stat st;

	write_file("out", "old");
	assert_null(pyi_output_init(&output, in_dir("out")));
	fputs("new", output.stream);
	fflush(output.stream);
	assert_file("out", "old");
	assert_null(pyi_output_finish(&output));
	assert_file("out", "new");
	pyi_output_deinit(&output);
	assert_file("out", "new");
	assert_int_equal(count_files(), 1);
	umask(022);
	assert_null(pyi_output_init(&output, in_dir("mode")));
	assert_null(pyi_output_finish(&output));
	pyi_output_deinit(&output);
	assert_int_equal(stat(in_dir("mode"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
}

static void test_or_not_at_all(void **state)
{
	struct pyi_output output;

	write_file("out", "old");
	assert_null(pyi_output_init(&output, in_dir("out")));
	fputs("half", output.stream);
	pyi_output_deinit(&output);
	assert_file("out", "old");
	assert_int_equal(count_files(), 1);
}

static void test_link_stays_a_link(void **state)
{
	struct pyi_output output;
	struct stat st;

	write_file("real", "old");
	assert_int_equal(symlink("real", in_dir("link")), 0);
	assert_null(pyi_output_init(&output, in_dir("link")));
	fputs("new", output.stream);
	assert_null(pyi_output_finish(&output));
	pyi_output_deinit(&output);
	assert_int_equal(lstat(in_dir("link"), &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_file("real", "new");
}

static void test_devices_are_written_to(void **state)
{
	struct pyi_output output;
	struct stat st;

	assert_null(pyi_output_init(&output, "/dev/null"));
	fputs("x", output.stream);
	assert_null(pyi_output_finish(&output));
	pyi_output_deinit(&output);
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
}

static void test_errors(void **state)
{
	struct pyi_output output;
	struct pyi_error *err = pyi_output_init(&output, in_dir("no/such/dir"));
	bool gone;

	assert_non_null(err);
	assert_int_equal(err->code, PYI_ERR_USAGE);
	pyi_error_destroy(err);
	pyi_output_deinit(&output);
	err = pyi_output_init(&output, dir);
	assert_non_null(err);
	pyi_error_destroy(err);
	pyi_output_deinit(&output);
	assert_null(pyi_output_init(&output, "/dev/full"));
	fputs("x", output.stream);
	err = pyi_output_flush(&output, &gone);
	assert_non_null(err);
	assert_false(gone);
	assert_non_null(strstr(err->message, strerror(ENOSPC)));
	pyi_error_destroy(err);
	pyi_output_deinit(&output);
}

static void test_closed_pipe_is_quiet(void **state)
{
	struct pyi_output output;
	int fds[2], saved = dup(STDOUT_FILENO);
	bool gone = false;

	pyi_output_catch_signals();
	assert_int_equal(pipe(fds), 0);
	dup2(fds[1], STDOUT_FILENO);
	close(fds[0]);
	close(fds[1]);
	assert_null(pyi_output_init(&output, NULL));
	for (int i = 0; i < 100000; i++)
		fputs("0123456789", output.stream);
	assert_null(pyi_output_flush(&output, &gone));
	pyi_output_deinit(&output);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	assert_true(gone);
}

/* A child that is ended by a signal while its file is unfinished. */
static int end_child(int number, bool kept)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		struct pyi_output output;

		pyi_output_catch_signals();
		if (pyi_output_init(&output, in_dir("out")))
			_exit(99);
		fputs("part", output.stream);
		fflush(output.stream);
		if (kept)
			pyi_output_keep(&output);
		raise(number);
		_exit(98);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_signals(void **state)
{
	write_file("out", "old");
	assert_int_equal(end_child(SIGTERM, false), 143);
	assert_file("out", "old");
	assert_int_equal(end_child(SIGINT, true), 130);
	assert_file("out", "part");
	assert_int_equal(count_files(), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_appears_whole, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(test_or_not_at_all, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(test_link_stays_a_link, make_dir, remove_dir),
		cmocka_unit_test(test_devices_are_written_to),
		cmocka_unit_test_setup_teardown(test_errors, make_dir, remove_dir),
		cmocka_unit_test(test_closed_pipe_is_quiet),
		cmocka_unit_test_setup_teardown(test_signals, make_dir, remove_dir),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
