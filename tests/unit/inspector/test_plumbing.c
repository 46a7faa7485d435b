/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/plumbing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

/* A stack as words, innermost first: ":name" is Python, "~name" native outside the interpreter,
 * "?" an unnamed frame of it, "%" one of the C library, "=name" a named one of that, "!" of the
 * kernel, else a named one of the interpreter. Upper case of the same length as `expected`:
 * '#' folded, '.' shown. */
static void assert_marks(const char *const *words, size_t n, const char *expected)
{
	struct pyi_report_frame frames[32];
	char got[33] = "";

	memset(frames, 0, sizeof(frames));
	for (size_t i = 0; i < n; i++) {
		const char *word = words[i];

		frames[i].kind = *word == ':'   ? PYI_FRAME_PYTHON
				 : *word == '!' ? PYI_FRAME_KERNEL
						: PYI_FRAME_NATIVE;
		frames[i].runtime = strchr(":~%=!", *word) ? -1 : 0;
		if (strchr("%=", *word))
			frames[i].module = (char *)"libc.so.6";
		if (!strchr("?%", *word))
			frames[i].function = (char *)word + (strchr(":~=!", *word) != NULL);
	}
	pyi_plumbing_mark(frames, n);
	for (size_t i = 0; i < n; i++)
		got[i] = frames[i].plumbing ? '#' : '.';
	assert_string_equal(got, expected);
}

#define ASSERT_MARKS(expected, ...)                                                 \
	do {                                                                        \
		static const char *const words_[] = {__VA_ARGS__};                  \
		assert_marks(words_, sizeof(words_) / sizeof(words_[0]), expected); \
	} while (0)

static void test_sleeping_program(void **state)
{
	ASSERT_MARKS("...#.#######", "~clock_nanosleep", "time_sleep", ":wait",
		     "_PyEval_EvalFrameDefault.cold", ":main", "PyEval_EvalCode", "run_mod",
		     "pymain_run_python", "Py_BytesMain", "main", "~__libc_start_call_main",
		     "_start");
}

static void test_c_function_between(void **state)
{
	ASSERT_MARKS(".#####.#.#", ":key", "_PyEval_EvalFrameDefault", "_PyFunction_Vectorcall",
		     "slot_tp_richcompare", "PyObject_RichCompare", "method_vectorcall_NOARGS",
		     "list_sort_impl", "cfunction_vectorcall_FASTCALL.lto_priv.0", ":f",
		     "_PyEval_EvalFrameDefault");
}

static void test_same_name_elsewhere_stays(void **state)
{
	ASSERT_MARKS("...#", "~call_function", "~method_call", ":f", "_PyEval_EvalFrameDefault");
}

static void test_unnamed_frames(void **state)
{
	ASSERT_MARKS(".##.##.", "~nanosleep", "?", "_PyEval_Vector", ":f", "?", "?", "~sort");
	/* Beside nothing that is known: shown. */
	ASSERT_MARKS("...#", "?", "~callback", ":f", "_PyEval_Vector");
}

static void test_nameless_system_calls(void **state)
{
	ASSERT_MARKS(".##..#", "!do_poll", "%", "%", "=poll", ":f", "_PyEval_EvalFrameDefault");
	ASSERT_MARKS("##..", "%", "%", "=read", ":f");
	/* Without its name the one that was called from elsewhere stays. */
	ASSERT_MARKS(".##...", "!futex_wait", "%", "%", "%", "~wait_for_it", ":f");
	ASSERT_MARKS("..", "%", ":f");
	/* A callback of the C library's is no system call. */
	ASSERT_MARKS(".....", ":key", "%", "%", "=qsort", ":f");
}

/* The same of 3.15: what calls a builtin is not what was called. */
static void test_calls_by_stack_references(void **state)
{
	ASSERT_MARKS(".#.##.#", ":key", "_Py_slot_tp_getattr_hook", "list_sort",
		     "_PyCallMethodDescriptorFastWithKeywords_StackRef",
		     "_Py_VectorCall_StackRefSteal", ":f", "_PyEval_EvalFrameDefault");
}

/* A C library without debug symbols has no names for what starts programs and threads. */
static void test_nameless_startup(void **state)
{
	ASSERT_MARKS(".####", ":f", "Py_BytesMain", "~main", "%", "~_start");
	ASSERT_MARKS("..##", "%", ":run", "thread_run", "%");
}

static void test_embedding_program(void **state)
{
	ASSERT_MARKS(".#...##", ":f", "PyRun_SimpleStringFlags", "~run_script_of_app", "~serve",
		     "~main", "~__libc_start_main_impl", "~_start");
	/* The launcher beside a libpython has a main of its own. */
	ASSERT_MARKS(".####", ":f", "Py_BytesMain", "~main", "~__libc_start_call_main", "~_start");
}

static void test_threads(void **state)
{
	ASSERT_MARKS(".####", ":run", "thread_run", "pythread_wrapper", "~start_thread", "~clone3");
	/* No Python in it: nothing is folded. */
	ASSERT_MARKS("...", "~worker", "~start_thread", "~clone3");
	ASSERT_MARKS("..", "take_gil", "PyObject_Call");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sleeping_program),
		cmocka_unit_test(test_c_function_between),
		cmocka_unit_test(test_same_name_elsewhere_stays),
		cmocka_unit_test(test_unnamed_frames),
		cmocka_unit_test(test_nameless_system_calls),
		cmocka_unit_test(test_calls_by_stack_references),
		cmocka_unit_test(test_nameless_startup),
		cmocka_unit_test(test_embedding_program),
		cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
