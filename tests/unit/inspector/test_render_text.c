/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/print.h"
#include "report/render.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))

static struct pyi_report_local locals[] = {
	{.name = "a", .kind = "arg", .type = "int", .repr = "8"},
	{.name = "text", .kind = "local", .type = "str", .repr = "'xyz", .truncated = true},
};

static struct pyi_report_frame frames[] = {
	{.kind = PYI_FRAME_KERNEL, .function = "hrtimer_nanosleep"},
	{.kind = PYI_FRAME_NATIVE,
	 .function = "clock_nanosleep",
	 .module = "libc.so.6",
	 .pc = 0x10},
	{.kind = PYI_FRAME_NATIVE, .module = "ext.so", .pc = 0xabc},
	{.kind = PYI_FRAME_PYTHON,
	 .function = "Worker.wait",
	 .name = "wait",
	 .file = "/srv/app.py",
	 .line = 14,
	 .source = "time.sleep(60)",
	 .has_locals = true,
	 .locals = locals,
	 .n_locals = N(locals)},
	{.kind = PYI_FRAME_NATIVE,
	 .function = "_PyEval_EvalFrameDefault",
	 .module = "python3.11",
	 .plumbing = true},
	{.kind = PYI_FRAME_PYTHON,
	 .function = "<module>",
	 .name = "<module>",
	 .file = "/srv/app.py",
	 .line = 36},
};

static struct pyi_report_runtime runtimes[] = {
	{(char *)"CPython 3.11.2", {3, 11, 2}, (char *)"python3.11", 1, 0, 0},
	{(char *)"CPython 2.7.18", {2, 7, 18}, (char *)"libpython2.7.so.1.0", 2, 1, 0},
	{(char *)"CPython 3.11.7", {3, 11, 7}, (char *)"libcopy.so", 1, 0, 0},
};
static char *words[] = {"python3", "app.py"};

static struct pyi_report_thread make_thread(pid_t tid, const char *name)
{
	return (struct pyi_report_thread){
		.tid = tid,
		.name = (char *)name,
		.comm = (char *)"python3",
		.state = 'S',
		.in_syscall = true,
		.syscall = "clock_nanosleep",
		.wait_kind = "sleep",
		.wait_text = (char *)"60.000 s",
		.frames = frames,
		.n_frames = N(frames),
	};
}

static struct pyi_report make_report(struct pyi_report_thread *threads, size_t n)
{
	return (struct pyi_report){
		.kind = PYI_TARGET_LIVE,
		.pid = 42,
		.cmdline = words,
		.n_cmdline = 2,
		.runtimes = runtimes,
		.n_runtimes = 1,
		.paused_ns = 85400,
		.threads = threads,
		.n_threads = n,
		.all_threads = n,
	};
}

static char *render(const struct pyi_report *report, struct pyi_render_options options)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_null(pyi_render_text.render(report, &options, out));
	fclose(out);
	return text;
}

static void assert_text(const struct pyi_report *report, struct pyi_render_options options,
			const char *expected)
{
	char *text = render(report, options);

	assert_string_equal(text, expected);
	free(text);
}

static void test_whole(void **state)
{
	struct pyi_report_thread thread = make_thread(42, "MainThread");
	struct pyi_report report = make_report(&thread, 1);

	thread.gil = PYI_GIL_HELD;
	assert_text(
		&report, (struct pyi_render_options){0},
		"Process 42: python3 app.py\n"
		"CPython 3.11.2, 1 thread, paused for 85 us\n"
		"1 frame of the interpreter itself folded (--native shows it)\n"
		"\n"
		"Thread 42 \"MainThread\": sleeping in clock_nanosleep, 60.000 s, holds the GIL\n"
		"  kernel  hrtimer_nanosleep\n"
		"  C       clock_nanosleep    libc.so.6\n"
		"  C       0xabc              ext.so\n"
		"  Python  Worker.wait        /srv/app.py:14\n"
		"            > time.sleep(60)\n"
		"            a = 8\n"
		"            text = 'xyz [cut]\n"
		"  Python  <module>           /srv/app.py:36\n");
}

static void test_one_of_many_threads(void **state)
{
	struct pyi_report_thread thread = make_thread(42, NULL);
	struct pyi_report report = make_report(&thread, 1);
	char *text;

	report.all_threads = 21;
	text = render(&report, (struct pyi_render_options){0});
	assert_non_null(strstr(text, "\nCPython 3.11.2, 1 of 21 threads, paused"));
	free(text);
}

static void test_modes(void **state)
{
	struct pyi_report_thread thread = make_thread(42, NULL);
	struct pyi_report report = make_report(&thread, 1);
	char *text = render(&report, (struct pyi_render_options){.native = PYI_NATIVE_ALL});

	assert_non_null(strstr(text, "  C       _PyEval_EvalFrameDefault  python3.11\n"));
	assert_null(strstr(text, "folded"));
	free(text);
	text = render(&report, (struct pyi_render_options){.native = PYI_NATIVE_NONE});
	assert_null(strstr(text, "kernel"));
	assert_null(strstr(text, "libc"));
	assert_non_null(strstr(text, "Worker.wait"));
	free(text);
	text = render(&report, (struct pyi_render_options){.traceback = true});
	assert_true(strstr(text, "<module>") < strstr(text, "Worker.wait"));
	assert_true(strstr(text, "Worker.wait") < strstr(text, "hrtimer_nanosleep"));
	free(text);
}

static void test_nothing_of_the_target_reaches_the_screen_raw(void **state)
{
	struct pyi_report_thread thread = make_thread(42, "a\033[2Jb\nc");
	struct pyi_report report = make_report(&thread, 1);
	struct pyi_report_frame evil = {.kind = PYI_FRAME_PYTHON,
					.function = (char *)"f\r\xe2\x80\xae",
					.file = (char *)"/x\033]0;t\a.py",
					.line = 1,
					.source = (char *)"s\x7f\xc2\x9b"};
	char *evil_words[] = {"py\nthon", "\xff"};
	char *warning = "w\033[m";
	char *text;

	thread.frames = &evil;
	thread.n_frames = 1;
	thread.comm = (char *)"c\n";
	thread.note = (char *)"n\n";
	report.cmdline = evil_words;
	report.warnings = &warning;
	report.n_warnings = 1;
	text = render(&report, (struct pyi_render_options){0});
	for (const char *p = text; *p; p++)
		assert_true(*p == '\n' || ((unsigned char)*p >= 0x20 && *p != 0x7f));
	assert_non_null(strstr(text, "\"a\\x1b[2Jb\\nc\""));
	assert_non_null(strstr(text, "f\\r\\u202e"));
	assert_non_null(strstr(text, "> s\\x7f\\x9b"));
	assert_non_null(strstr(text, "py\\nthon \\xff"));
	free(text);
}

static void test_width_is_kept_on_terminals_only(void **state)
{
	struct pyi_report_thread thread = make_thread(42, "MainThread");
	struct pyi_report report = make_report(&thread, 1);
	struct pyi_report_frame wide = frames[3];
	struct pyi_report_local local = {.name = (char *)"v", .repr = NULL};
	char repr[200], path[200];
	char *text;

	memset(repr, 'r', sizeof(repr) - 1);
	repr[sizeof(repr) - 1] = '\0';
	snprintf(path, sizeof(path), "/%.100s/tail.py", repr);
	local.repr = repr;
	wide.file = path;
	wide.locals = &local;
	wide.n_locals = 1;
	wide.source = repr;
	thread.frames = &wide;
	thread.n_frames = 1;
	for (size_t width = 20; width < 90; width += 7) {
		text = render(&report, (struct pyi_render_options){.width = width});
		for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
			assert_true(pyi_print_width(line, strlen(line)) <= width);
		free(text);
	}
	text = render(&report, (struct pyi_render_options){.width = 60});
	assert_non_null(strstr(text, "tail.py:14\n")); /* the end of a path is what matters */
	assert_non_null(strstr(text, "\xe2\x80\xa6"));
	free(text);
	text = render(&report, (struct pyi_render_options){0});
	assert_non_null(strstr(text, repr));
	assert_non_null(strstr(text, path));
	free(text);
}

static void test_equal_stacks_are_one_block(void **state)
{
	struct pyi_report_thread threads[12];
	struct pyi_report report = make_report(threads, 12);
	char *text;

	for (size_t i = 0; i < 12; i++)
		threads[i] = make_thread((pid_t)(i < 11 ? 100 + i : 120), i == 1 ? "odd" : NULL);
	threads[1].frames = frames + 3;
	threads[1].n_frames = 1;
	text = render(&report, (struct pyi_render_options){0});
	assert_non_null(strstr(text, "\n11 threads with this stack:\n"
				     "  100 python3: sleeping in clock_nanosleep, 60.000 s\n"
				     "  102 python3: "));
	assert_non_null(strstr(text, "\n  and 3 more: 109-110 120\n  kernel"));
	assert_non_null(strstr(text, "\nThread 101 \"odd\": "));
	assert_true(strstr(text, "11 threads") < strstr(text, "Thread 101"));
	free(text);
}

static void test_other_values_are_another_stack(void **state)
{
	struct pyi_report_thread threads[2] = {make_thread(1, NULL), make_thread(2, NULL)};
	struct pyi_report report = make_report(threads, 2);
	struct pyi_report_frame other[N(frames)];
	struct pyi_report_local changed[N(locals)];
	char *text;

	memcpy(other, frames, sizeof(frames));
	memcpy(changed, locals, sizeof(locals));
	changed[0].repr = (char *)"9";
	other[3].locals = changed;
	threads[1].frames = other;
	text = render(&report, (struct pyi_render_options){0});
	assert_null(strstr(text, "threads with this stack"));
	free(text);
}

static void test_recursion_is_folded(void **state)
{
	struct pyi_report_thread thread = make_thread(42, "MainThread");
	struct pyi_report report = make_report(&thread, 1);
	struct pyi_report_frame deep[300];
	char *text;

	for (size_t i = 0; i < N(deep); i++)
		deep[i] = (struct pyi_report_frame){.kind = PYI_FRAME_PYTHON,
						    .function = (char *)(i % 3 ? "f" : "g"),
						    .line = (int)(i % 3) + 1};
	deep[299].function = (char *)"main";
	thread.frames = deep;
	thread.n_frames = N(deep);
	text = render(&report, (struct pyi_render_options){0});
	assert_non_null(strstr(text, "  Python  g     ?:1\n"
				     "  Python  f     ?:2\n"
				     "  Python  f     ?:3\n"
				     "  ... these 3 frames repeated 98 more times\n"
				     "  Python  g     ?:1\n"
				     "  Python  f     ?:2\n"
				     "  Python  main  ?:3\n"));
	free(text);
}

static void test_short_recursion_is_not(void **state)
{
	struct pyi_report_thread thread = make_thread(42, "MainThread");
	struct pyi_report report = make_report(&thread, 1);
	struct pyi_report_frame few[3] = {frames[5], frames[5], frames[5]};
	char *text;

	thread.frames = few;
	thread.n_frames = 3;
	text = render(&report, (struct pyi_render_options){0});
	assert_null(strstr(text, "repeated"));
	free(text);
}

static void test_notes_stand_where_the_stack_ends(void **state)
{
	struct pyi_report_thread thread = make_thread(42, "MainThread");
	struct pyi_report report = make_report(&thread, 1);
	const char *note;
	char *text;

	thread.note = (char *)"cut here";
	text = render(&report, (struct pyi_render_options){0});
	note = strstr(text, "  (cut here)\n");
	assert_non_null(note);
	assert_true(note > strstr(text, "<module>"));
	free(text);
	text = render(&report, (struct pyi_render_options){.traceback = true});
	note = strstr(text, "  (cut here)\n");
	assert_non_null(note);
	assert_true(note < strstr(text, "<module>"));
	free(text);
}

static void test_several_runtimes(void **state)
{
	struct pyi_report_thread thread = make_thread(42, "MainThread");
	struct pyi_report report = make_report(&thread, 1);
	struct pyi_report_frame several[9];
	char *text;

	for (int i = 0; i < 9; i++) {
		several[i] = frames[5];
		several[i].runtime = i % 3;
	}
	thread.frames = several;
	thread.n_frames = 3;
	thread.gil = PYI_GIL_WAITING;
	thread.wait_text = (char *)"the GIL of CPython 2.7.18";
	report.n_runtimes = 3;
	text = render(&report, (struct pyi_render_options){0});
	assert_non_null(strstr(text,
			       "CPython 3.11.2 (python3.11), CPython 2.7.18 (libpython2.7.so.1.0), "
			       "CPython 3.11.7 #2 (libcopy.so), 1 thread, 4 interpreters, garbage "
			       "collection running, paused for"));
	assert_non_null(strstr(text, ", waits for the GIL of CPython 2.7.18"));
	assert_non_null(strstr(text, "  Py 3.11 <module>"));
	assert_non_null(strstr(text, "  Py 2.7  <module>"));
	assert_non_null(strstr(text, "  3.11 #2 <module>"));
	free(text);
	/* The same lines in another runtime are no recursion. */
	several[1].runtime = several[2].runtime = several[4].runtime = 0;
	several[3].runtime = several[5].runtime = several[6].runtime = 1;
	thread.n_frames = 9;
	text = render(&report, (struct pyi_render_options){0});
	assert_null(strstr(text, "repeated"));
	free(text);
}

static void test_colour(void **state)
{
	struct pyi_report_thread thread = make_thread(42, "MainThread");
	struct pyi_report report = make_report(&thread, 1);
	char *text = render(&report, (struct pyi_render_options){.color = true, .width = 80});

	assert_non_null(strstr(text, "\033["));
	for (const char *p = text; (p = strstr(p, "\033[")); p++)
		assert_non_null(strchr(p, 'm'));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_one_of_many_threads),
		cmocka_unit_test(test_modes),
		cmocka_unit_test(test_nothing_of_the_target_reaches_the_screen_raw),
		cmocka_unit_test(test_width_is_kept_on_terminals_only),
		cmocka_unit_test(test_equal_stacks_are_one_block),
		cmocka_unit_test(test_other_values_are_another_stack),
		cmocka_unit_test(test_recursion_is_folded),
		cmocka_unit_test(test_short_recursion_is_not),
		cmocka_unit_test(test_notes_stand_where_the_stack_ends),
		cmocka_unit_test(test_several_runtimes),
		cmocka_unit_test(test_colour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
