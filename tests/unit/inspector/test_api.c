/* SPDX-License-Identifier: BSD-2-Clause */
#include "pyinspect.h"
#include "report/report.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define PYTHON "/usr/bin/python3"

/* For LeakSanitizer: where libdw 0.188's dwarf_getscopes answers 0 it has lost what it allocated.
 */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libdw.so";
}

static void test_defaults(void **state)
{
	struct pyinspect_options options;

	memset(&options, 0xff, sizeof(options));
	pyinspect_options_init(&options);
	assert_int_equal(options.size, sizeof(options));
	assert_int_equal(options.native, PYINSPECT_NATIVE_AUTO);
	assert_true(options.kernel);
	assert_false(options.locals || options.no_stop || options.traceback || options.color);
	assert_int_equal(options.max_value_bytes, 1000);
}

static void test_no_such_process(void **state)
{
	struct pyinspect_report *report = (void *)1;
	struct pyinspect_error *err = pyinspect_dump_pid(0x3ffffff0, NULL, &report);

	assert_non_null(err);
	assert_int_equal(pyinspect_error_status(err), PYINSPECT_NOT_FOUND);
	assert_false(pyinspect_error_not_python(err));
	assert_non_null(
		strstr(pyinspect_error_message(err), "process 1073741808: no such process"));
	assert_ptr_equal(report, (void *)1); /* outputs are untouched */
	pyinspect_error_destroy(err);
}

static void test_not_python(void **state)
{
	struct pyinspect_report *report = NULL;
	struct pyinspect_error *err;
	pid_t pid = fork();

	if (pid == 0) {
		pause();
		_exit(0);
	}
	err = pyinspect_dump_pid(pid, NULL, &report);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_non_null(err);
	assert_int_equal(pyinspect_error_status(err), PYINSPECT_NOT_FOUND);
	assert_true(pyinspect_error_not_python(err));
	assert_null(report);
	pyinspect_error_destroy(err);
}

/* A program with an argument vector, an environment and a value that text cuts. */
static pid_t start_python(void)
{
	static const char program[] = "import os, sys, time\n"
				      "def f(text, numbers):\n"
				      "    os.write(1, b'r')\n"
				      "    time.sleep(60)\n"
				      "f('\\'' + 'x' * 70000, {n: str(n) for n in range(100)})\n";
	char *argv[] = {(char *)"python3", (char *)"-c", (char *)program, NULL};
	char *envp[] = {(char *)"SECRET_TOKEN=hunter2hunter2", NULL};
	int ready[2];
	char byte;
	pid_t pid;

	if (access(PYTHON, X_OK) != 0 || pipe(ready) != 0)
		return 0;
	pid = fork();
	if (pid == 0) {
		dup2(ready[1], 1);
		execve(PYTHON, argv, envp);
		_exit(127);
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1) {
		waitpid(pid, NULL, 0);
		pid = 0;
	}
	close(ready[0]);
	return pid;
}

static char *render_json(struct pyinspect_report *report)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_null(pyinspect_render(report, "json", NULL, out));
	fclose(out);
	return text;
}

/* The report of one look, and what the file of the same look shows: but for target.kind the same.
 */
static void test_snapshot(void **state)
{
	struct pyinspect_options options;
	struct pyinspect_report *live, *saved;
	char path[] = "/tmp/pyinspect-test-XXXXXX", *want, *got, *at;
	FILE *out = fdopen(mkstemp(path), "w+");
	char *bytes;
	long size;
	pid_t pid = start_python();

	if (!pid) {
		fclose(out);
		unlink(path);
		skip();
	}
	pyinspect_options_init(&options);
	assert_null(pyinspect_snapshot_pid(pid, &options, false, out, &live));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	size = ftell(out);
	bytes = malloc((size_t)size);
	rewind(out);
	assert_int_equal(fread(bytes, 1, (size_t)size, out), size);
	assert_null(memmem(bytes, (size_t)size, "hunter2hunter2", 14));
	fclose(out);
	options.native = PYINSPECT_NATIVE_LINES;
	options.locals = true;
	assert_null(pyinspect_dump_file(path, &options, &saved));
	unlink(path);
	want = render_json(live);
	got = render_json(saved);
	at = strstr(got, "\"kind\":\"snapshot\"");
	assert_non_null(at);
	memmove(at + 12, at + 16, strlen(at + 16) + 1);
	memcpy(at, "\"kind\":\"live\"", 13);
	assert_string_equal(got, want);
	assert_int_equal(pyinspect_report_status(saved), PYINSPECT_COMPLETE);
	assert_non_null(strstr(want, "xxxx"));
	pyinspect_report_destroy(live);
	pyinspect_report_destroy(saved);
	free(bytes);
	free(want);
	free(got);
}

static void test_no_snapshot(void **state)
{
	struct pyinspect_report *report = (void *)1;
	struct pyinspect_error *err = pyinspect_dump_file("/etc/passwd", NULL, &report);

	assert_int_equal(pyinspect_error_status(err), PYINSPECT_NOT_FOUND);
	pyinspect_error_destroy(err);
	err = pyinspect_snapshot_pid(0x3ffffff0, NULL, false, stdout, &report);
	assert_int_equal(pyinspect_error_status(err), PYINSPECT_NOT_FOUND);
	pyinspect_error_destroy(err);
	assert_ptr_equal(report, (void *)1);
}

static void test_formats(void **state)
{
	struct pyi_report report = {.incomplete = true};
	const struct pyinspect_report *handle = (const struct pyinspect_report *)&report;
	struct pyinspect_error *err = pyinspect_render(handle, "xml", NULL, stdout);
	char *text;
	size_t len;
	FILE *out;

	assert_non_null(err);
	assert_int_equal(pyinspect_error_status(err), PYINSPECT_USAGE);
	assert_null(pyinspect_error_hint(err));
	pyinspect_error_destroy(err);
	assert_int_equal(pyinspect_report_status(handle), PYINSPECT_INCOMPLETE);
	out = open_memstream(&text, &len);
	assert_null(pyinspect_render(handle, "json", NULL, out));
	fclose(out);
	assert_memory_equal(text, "{\"schema\":\"pyinspect/1\"", 22);
	free(text);
}

/* A program built against a shorter struct gets defaults for the rest. */
static void test_older_caller(void **state)
{
	struct pyi_report_frame frame = {.kind = PYI_FRAME_PYTHON, .function = (char *)"f"};
	struct pyi_report_thread thread = {.frames = &frame, .n_frames = 1};
	struct pyi_report report = {.threads = &thread, .n_threads = 1};
	struct pyinspect_options options;
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	pyinspect_options_init(&options);
	options.size = offsetof(struct pyinspect_options, color);
	options.color = true; /* beyond what this caller knows */
	assert_null(
		pyinspect_render((const struct pyinspect_report *)&report, "text", &options, out));
	fclose(out);
	assert_null(strchr(text, '\033'));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),     cmocka_unit_test(test_no_such_process),
		cmocka_unit_test(test_not_python),   cmocka_unit_test(test_formats),
		cmocka_unit_test(test_older_caller), cmocka_unit_test(test_snapshot),
		cmocka_unit_test(test_no_snapshot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
