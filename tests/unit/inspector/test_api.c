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
	assert_non_null(strstr(pyinspect_error_message(err), "no such process"));
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
		cmocka_unit_test(test_older_caller),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
