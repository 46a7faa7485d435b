/* SPDX-License-Identifier: BSD-2-Clause */
#include "pyinspect.h"
#include "report/collect.h"
#include "target/snapshot.h"

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

/* Looks at the process once: into the file, and as JSON with all that a dump can show. */
static char *look_and_save(pid_t pid, FILE *out)
{
	const struct pyi_collect_options options = {.native = PYI_NATIVE_LINES,
						    .kernel = true,
						    .locals = true,
						    .max_value_bytes = 1000};
	struct pyi_snapshot *snapshot;
	struct pyi_target *target;
	struct pyi_report *report;
	char *text;

	assert_null(pyi_target_open_live(pid, &target));
	assert_null(pyi_snapshot_create(target, false, &snapshot));
	assert_null(pyi_collect(target, &options, &report));
	assert_null(pyi_snapshot_write(snapshot, out));
	pyi_snapshot_destroy(snapshot);
	pyi_target_close(target);
	text = render_json((struct pyinspect_report *)report);
	pyi_report_destroy(report);
	return text;
}

static char *show_saved(const char *path)
{
	struct pyinspect_options options;
	struct pyinspect_report *report;
	char *text, *at;

	pyinspect_options_init(&options);
	options.native = PYINSPECT_NATIVE_LINES;
	options.locals = true;
	assert_null(pyinspect_dump_file(path, &options, &report));
	assert_int_equal(pyinspect_report_status(report), PYINSPECT_COMPLETE);
	text = render_json(report);
	pyinspect_report_destroy(report);
	at = strstr(text, "\"kind\":\"snapshot\"");
	assert_non_null(at);
	memmove(at + 12, at + 16, strlen(at + 16) + 1);
	memcpy(at, "\"kind\":\"live\"", 13);
	return text;
}

/* Whether the file holds the text. */
static bool holds(FILE *file, const char *text)
{
	long size = ftell(file);
	char *bytes = malloc((size_t)size);
	bool found;

	rewind(file);
	assert_int_equal(fread(bytes, 1, (size_t)size, file), size);
	found = memmem(bytes, (size_t)size, text, strlen(text)) != NULL;
	free(bytes);
	return found;
}

/* The report of one look, and what the file of the same look shows: but for target.kind the same.
 * The file that the public call makes of the process shows it too. */
static void test_snapshot(void **state)
{
	enum pyinspect_status status = PYINSPECT_INTERNAL;
	char path[] = "/tmp/pyinspect-test-XXXXXX", *want, *got;
	FILE *out = fdopen(mkstemp(path), "w+");
	pid_t pid = start_python();

	if (!pid) {
		fclose(out);
		unlink(path);
		skip();
	}
	want = look_and_save(pid, out);
	assert_false(holds(out, "hunter2hunter2"));
	got = show_saved(path);
	assert_string_equal(got, want);
	assert_non_null(strstr(want, "xxxx"));
	free(got);
	rewind(out);
	assert_null(pyinspect_snapshot_pid(pid, NULL, false, out, &status));
	assert_int_equal(status, PYINSPECT_COMPLETE);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_false(holds(out, "hunter2hunter2"));
	fclose(out);
	got = show_saved(path);
	assert_non_null(strstr(got, "xxxx"));
	unlink(path);
	free(want);
	free(got);
}

static void test_no_snapshot(void **state)
{
	struct pyinspect_report *report = (void *)1;
	enum pyinspect_status status = PYINSPECT_INTERNAL;
	struct pyinspect_error *err = pyinspect_dump_file("/etc/passwd", NULL, &report);

	assert_int_equal(pyinspect_error_status(err), PYINSPECT_NOT_FOUND);
	pyinspect_error_destroy(err);
	err = pyinspect_snapshot_pid(0x3ffffff0, NULL, false, stdout, &status);
	assert_int_equal(pyinspect_error_status(err), PYINSPECT_NOT_FOUND);
	pyinspect_error_destroy(err);
	assert_ptr_equal(report, (void *)1);
	assert_int_equal(status, PYINSPECT_INTERNAL);
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
