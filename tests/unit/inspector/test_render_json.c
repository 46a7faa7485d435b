/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/render.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static char *render(const struct pyi_report *report)
{
	struct pyi_render_options options = {0};
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_null(pyi_render_json.render(report, &options, out));
	fclose(out);
	assert_int_equal(strlen(text), len);
	return text;
}

static json_t *parse(const struct pyi_report *report)
{
	char *text = render(report);
	json_error_t error;
	json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &error);

	assert_non_null(json);
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1); /* one line */
	for (const char *p = text; *p; p++)
		assert_true(*p == '\n' || (*p >= 0x20 && *p < 0x7f));
	free(text);
	return json;
}

/* The keys of an object, in order. */
static void assert_keys(json_t *object, const char *expected)
{
	char got[512] = "";
	const char *key;
	json_t *value;

	assert_true(json_is_object(object));
	json_object_foreach(object, key, value)
	{
		if (*got)
			strcat(got, " ");
		strcat(got, key);
	}
	assert_string_equal(got, expected);
}

static const char *string(json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	assert_true(json_is_string(value));
	return json_string_value(value);
}

static void assert_null_value(json_t *object, const char *key)
{
	assert_true(json_is_null(json_object_get(object, key)));
}

static void test_nothing_known(void **state)
{
	struct pyi_report_frame frames[] = {
		{.kind = PYI_FRAME_KERNEL},
		{.kind = PYI_FRAME_NATIVE},
		{.kind = PYI_FRAME_PYTHON},
	};
	struct pyi_report_thread thread = {.tid = 7,
					   .state = '?',
					   .runtime = -1,
					   .interpreter = -1,
					   .frames = frames,
					   .n_frames = 3};
	struct pyi_report report = {.threads = &thread, .n_threads = 1, .kind = PYI_TARGET_CORE};
	json_t *json = parse(&report), *target, *json_thread, *list;

	assert_keys(json, "schema target threads deadlocks warnings");
	assert_string_equal(string(json, "schema"), "pyinspect/1");
	target = json_object_get(json, "target");
	assert_keys(
		target,
		"kind pid exe cmdline uid runtime python interpreters gc runtimes time paused_ns "
		"signal modules");
	assert_string_equal(string(target, "kind"), "core");
	assert_null_value(target, "pid");
	assert_null_value(target, "exe");
	assert_null_value(target, "gc");
	assert_null_value(target, "signal");
	json_thread = json_array_get(json_object_get(json, "threads"), 0);
	assert_keys(json_thread, "tid name comm main runtime interpreter state gil crashed syscall "
				 "waits_for exception registers code merge end frames");
	assert_null_value(json_thread, "name");
	assert_null_value(json_thread, "interpreter");
	assert_null_value(json_thread, "syscall");
	assert_null_value(json_thread, "waits_for");
	assert_null_value(json_thread, "exception");
	assert_string_equal(string(json_thread, "gil"), "none");
	list = json_object_get(json_thread, "frames");
	assert_keys(json_array_get(list, 0), "kind function");
	assert_keys(json_array_get(list, 1), "kind function module pc file line inlined plumbing");
	assert_keys(json_array_get(list, 2), "kind function name file line column source runtime "
					     "interpreter");
	assert_null_value(json_array_get(list, 2), "line");
	json_decref(json);
}

static void test_all_known(void **state)
{
	struct pyi_report_local field = {.name = (char *)"x", .kind = "local", .repr = (char *)"1"};
	struct pyi_report_local local = {.name = (char *)"self",
					 .kind = "arg",
					 .type = (char *)"Worker",
					 .repr = (char *)"<Worker at 0x7f>",
					 .truncated = true,
					 .fields = &field,
					 .n_fields = 1};
	struct pyi_report_frame frames[] = {
		{.kind = PYI_FRAME_NATIVE,
		 .function = (char *)"read",
		 .module = (char *)"libc.so.6",
		 .pc = 0x7f00,
		 .plumbing = true},
		{.kind = PYI_FRAME_PYTHON,
		 .function = (char *)"W.run",
		 .name = (char *)"run",
		 .file = (char *)"/a.py",
		 .line = 42,
		 .column = 9,
		 .source = (char *)"x",
		 .runtime = 1,
		 .interpreter = 3,
		 .has_locals = true,
		 .locals = &local,
		 .n_locals = 1},
		{.kind = PYI_FRAME_PYTHON, .has_locals = true},
	};
	struct pyi_report_thread thread = {.tid = 7,
					   .name = (char *)"MainThread",
					   .comm = (char *)"py",
					   .main = true,
					   .state = 'S',
					   .gil = PYI_GIL_WAITING,
					   .in_syscall = true,
					   .syscall = "read",
					   .syscall_args = {0, 0x7fff, 3},
					   .syscall_n_args = 3,
					   .wait_kind = "fd",
					   .wait_text = (char *)"fd 0",
					   .merge = PYI_MERGE_PARTIAL,
					   .end = PYI_END_LIMIT,
					   .frames = frames,
					   .n_frames = 3};
	struct pyi_report_module module = {
		.path = (char *)"/bin/py", .build_id = "ab12", .status = "ok"};
	char *warning = "careful";
	struct pyi_report_runtime runtimes[] = {{.name = (char *)"CPython 3.11.2",
						 .python = {3, 11, 2},
						 .module = (char *)"python3.11",
						 .interpreters = 1},
						{.name = (char *)"CPython 2.7.18",
						 .python = {2, 7, 18},
						 .module = (char *)"",
						 .interpreters = 2,
						 .gc_running = -1}};
	struct pyi_report report = {.pid = 7,
				    .runtimes = runtimes,
				    .n_runtimes = 2,
				    .time = "2026-01-01T00:00:00+00:00",
				    .paused_ns = 85000,
				    .modules = &module,
				    .n_modules = 1,
				    .threads = &thread,
				    .n_threads = 1,
				    .warnings = &warning,
				    .n_warnings = 1};
	json_t *json = parse(&report), *target, *t, *list, *locals, *item;

	target = json_object_get(json, "target");
	assert_int_equal(json_integer_value(json_object_get(target, "paused_ns")), 85000);
	assert_string_equal(string(target, "gc"), "idle");
	item = json_object_get(target, "python");
	assert_int_equal(json_integer_value(json_array_get(item, 1)), 11);
	assert_string_equal(string(target, "runtime"), "CPython 3.11.2");
	list = json_object_get(target, "runtimes");
	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(string(json_array_get(list, 0), "module"), "python3.11");
	item = json_array_get(list, 1);
	assert_keys(item, "name python module interpreters gc finalizing");
	assert_string_equal(string(item, "name"), "CPython 2.7.18");
	assert_null_value(item, "module");
	assert_null_value(item, "gc");
	assert_int_equal(json_integer_value(json_object_get(item, "interpreters")), 2);
	item = json_array_get(json_object_get(target, "modules"), 0);
	assert_keys(item, "path build_id status");
	t = json_array_get(json_object_get(json, "threads"), 0);
	assert_string_equal(string(t, "gil"), "waiting");
	assert_string_equal(string(t, "merge"), "partial");
	assert_string_equal(string(t, "end"), "limit");
	assert_int_equal(json_integer_value(json_object_get(t, "interpreter")), 0);
	item = json_object_get(t, "syscall");
	assert_string_equal(string(item, "name"), "read");
	item = json_object_get(item, "args");
	assert_int_equal(json_array_size(item), 3);
	assert_string_equal(json_string_value(json_array_get(item, 1)), "0x7fff");
	assert_keys(json_object_get(t, "waits_for"), "kind text owner_tid");
	list = json_object_get(t, "frames");
	assert_string_equal(string(json_array_get(list, 0), "pc"), "0x7f00");
	assert_true(json_is_true(json_object_get(json_array_get(list, 0), "plumbing")));
	assert_keys(json_array_get(list, 1), "kind function name file line column source runtime "
					     "interpreter locals");
	item = json_array_get(list, 1);
	assert_int_equal(json_integer_value(json_object_get(item, "runtime")), 1);
	assert_int_equal(json_integer_value(json_object_get(item, "interpreter")), 3);
	locals = json_object_get(json_array_get(list, 1), "locals");
	item = json_array_get(locals, 0);
	assert_keys(item, "name kind type repr truncated fields");
	assert_true(json_is_true(json_object_get(item, "truncated")));
	assert_int_equal(json_array_size(json_object_get(item, "fields")), 1);
	assert_int_equal(json_array_size(json_object_get(json_array_get(list, 2), "locals")), 0);
	assert_string_equal(json_string_value(json_array_get(json_object_get(json, "warnings"), 0)),
			    "careful");
	json_decref(json);
}

static void test_text_survives_and_is_ascii(void **state)
{
	static const char text[] = "\x01\x7f\xc2\x9b\xe2\x80\xa8\xf0\x9f\x90\x8d\"\\";
	char *words[] = {(char *)text};
	struct pyi_report report = {.cmdline = words, .n_cmdline = 1};
	json_t *json = parse(&report);
	json_t *list = json_object_get(json_object_get(json, "target"), "cmdline");

	assert_string_equal(json_string_value(json_array_get(list, 0)), text);
	json_decref(json);
}

static void test_unknown_system_call(void **state)
{
	struct pyi_report_thread thread = {
		.in_syscall = true, .syscall_nr = 999, .syscall_n_args = 6, .state = 'S'};
	struct pyi_report report = {.threads = &thread, .n_threads = 1};
	json_t *json = parse(&report);
	json_t *t = json_array_get(json_object_get(json, "threads"), 0);

	assert_string_equal(string(json_object_get(t, "syscall"), "name"), "999");
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_known),
		cmocka_unit_test(test_all_known),
		cmocka_unit_test(test_text_survives_and_is_ascii),
		cmocka_unit_test(test_unknown_system_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
