/* SPDX-License-Identifier: BSD-2-Clause */
/* This program claims to be CPython: it has the symbols that the search goes by. */
#include "debug_words.h"
#include "python/runtime.h"
#include "self_target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define AT(base, offset, value) \
	memcpy((base) + (offset), &(uint64_t){(uint64_t)(uintptr_t)(value)}, 8)

char _PyRuntime[2048], PyCode_Type[512], PyType_Type[512], PyTuple_Type[512];
unsigned long Py_Version;
void _PyEval_EvalFrameDefault(void);

static char interp[8192], tstate[1024], second_tstate[1024];
static struct pyi_target target;

void _PyEval_EvalFrameDefault(void)
{
}

static int setup(void **state)
{
	const struct pyi_layout *l = pyi_layout_for(3, 11, 2);

	memset(_PyRuntime, 0, sizeof(_PyRuntime));
	memset(interp, 0, sizeof(interp));
	memset(tstate, 0, sizeof(tstate));
	Py_Version = 0x030b02f0;
	AT(_PyRuntime, l->runtime_interp_head, interp);
	AT(interp, l->interp_tstate_head, tstate);
	AT(tstate, l->tstate_interp, interp);
	AT(PyCode_Type, l->type_basicsize, l->code_code);
	AT(PyTuple_Type, l->type_basicsize, l->tuple_items);
	self_target_init(&target);
	return 0;
}

static int teardown(void **state)
{
	self_target_deinit(&target);
	return 0;
}

static void refused(const char *why)
{
	struct pyi_runtime rt;
	struct pyi_error *err = pyi_runtime_find(&target, &rt);

	assert_non_null(err);
	assert_int_equal(err->code, PYI_ERR_NOT_PYTHON);
	assert_string_equal(err->message, why);
	pyi_error_destroy(err);
}

static void found_by_its_symbols(void **state)
{
	struct pyi_runtime rt;

	assert_null(pyi_runtime_find(&target, &rt));
	assert_string_equal(rt.name, "CPython 3.11.2");
	assert_false(rt.minipy);
	assert_int_equal(rt.root, (uintptr_t)_PyRuntime);
	assert_int_equal(rt.layout.runtime, (uintptr_t)_PyRuntime);
	assert_int_equal(rt.layout.python_micro, 2);
	assert_int_equal(rt.layout.frame_is_entry, 68);
	assert_int_equal(rt.code_type, (uintptr_t)PyCode_Type);
	assert_int_equal(rt.type_type, (uintptr_t)PyType_Type);
	assert_int_equal(rt.eval_lo, (uintptr_t)_PyEval_EvalFrameDefault);
	assert_true(rt.eval_hi > rt.eval_lo);
	assert_non_null(rt.image);
}

static void not_started(void **state)
{
	AT(_PyRuntime, pyi_layout_for(3, 11, 2)->runtime_interp_head, NULL);
	refused("CPython 3.11.2 is still starting, or has ended: it has no threads");
}

static void no_thread_yet(void **state)
{
	AT(interp, pyi_layout_for(3, 11, 2)->interp_tstate_head, NULL);
	refused("CPython 3.11.2 is still starting, or has ended: it has no threads");
}

static void threads_that_do_not_point_back(void **state)
{
	AT(tstate, pyi_layout_for(3, 11, 2)->tstate_interp, second_tstate);
	refused("CPython 3.11.2: its thread states make no sense");
}

static void types_of_another_size(void **state)
{
	AT(PyCode_Type, pyi_layout_for(3, 11, 2)->type_basicsize, 192);
	refused("CPython 3.11.2: PyCode_Type has 192 bytes where 184 are expected: a build with "
		"another layout");
}

static void unknown_versions(void **state)
{
	Py_Version = 0x031200f0;
	refused("CPython 3.18.0 is a version whose layout is not known");
	Py_Version = 0x030c00a7;
	refused("CPython 3.12.0a7 is a pre-release whose layout is not known");
	Py_Version = 0x030d00f0;
	refused("CPython 3.13.0 is still starting, or is a build without debug offsets");
}

static void release_candidates_are_taken(void **state)
{
	struct pyi_runtime rt;

	Py_Version = 0x030b00c2;
	assert_null(pyi_runtime_find(&target, &rt));
	assert_string_equal(rt.name, "CPython 3.11.0rc2");
}

static void free_threaded(void **state)
{
	memcpy(_PyRuntime, "xdebugpy", 8);
	AT(_PyRuntime, 8, 0x030d00f0);
	AT(_PyRuntime, 16, 1);
	refused("CPython 3.13.0 is a free-threaded build, which is not supported");
}

/* A table as the last known version's, but a newer version. */
static void make_newer(void)
{
	const struct pyi_layout *l = pyi_layout_for(3, 15, 2);

	memcpy(_PyRuntime, "xdebugpy", 8);
	AT(_PyRuntime, 8, 0x031000a2);
	memcpy(_PyRuntime + 24, words_3_15, sizeof(words_3_15));
	AT(_PyRuntime, l->runtime_interp_head, interp);
	AT(interp, l->interp_tstate_head, tstate);
	AT(tstate, l->tstate_interp, interp);
	AT(PyCode_Type, l->type_basicsize, l->code_code);
	AT(PyTuple_Type, l->type_basicsize, l->tuple_items);
}

static void newer_versions_without_locals(void **state)
{
	struct pyi_runtime rt;

	make_newer();
	assert_null(pyi_runtime_find(&target, &rt));
	assert_string_equal(rt.name, "CPython 3.16.0a2");
	assert_int_equal(rt.layout.python_minor, 16);
	assert_int_equal(rt.layout.frame_owner, 74);
	assert_int_equal(rt.layout.frame_localsplus, PYI_NONE);
	assert_int_equal(target.warnings.len, 1);
	assert_string_equal(target.warnings.data[0],
			    "CPython 3.16.0a2 is newer than this pyinspect: it "
			    "is read as 3.15, without locals");
	free(target.warnings.data[0]);
	pyi_vec_deinit(&target.warnings);
}

static void newer_versions_are_checked_too(void **state)
{
	make_newer();
	AT(PyCode_Type, pyi_layout_for(3, 15, 2)->type_basicsize, 224);
	refused("CPython 3.16.0a2: PyCode_Type has 224 bytes where 208 are expected: a build with "
		"another layout");
	free(target.warnings.data[0]);
	pyi_vec_deinit(&target.warnings);
}

static void nothing_there(void **state)
{
	struct pyi_target empty = {.mem = target.mem};
	struct pyi_runtime rt;
	struct pyi_error *err = pyi_runtime_find(&empty, &rt);

	assert_non_null(err);
	assert_int_equal(err->code, PYI_ERR_NOT_PYTHON);
	pyi_error_destroy(err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(found_by_its_symbols, setup, teardown),
		cmocka_unit_test_setup_teardown(not_started, setup, teardown),
		cmocka_unit_test_setup_teardown(no_thread_yet, setup, teardown),
		cmocka_unit_test_setup_teardown(threads_that_do_not_point_back, setup, teardown),
		cmocka_unit_test_setup_teardown(types_of_another_size, setup, teardown),
		cmocka_unit_test_setup_teardown(unknown_versions, setup, teardown),
		cmocka_unit_test_setup_teardown(release_candidates_are_taken, setup, teardown),
		cmocka_unit_test_setup_teardown(free_threaded, setup, teardown),
		cmocka_unit_test_setup_teardown(newer_versions_without_locals, setup, teardown),
		cmocka_unit_test_setup_teardown(newer_versions_are_checked_too, setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_there, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
