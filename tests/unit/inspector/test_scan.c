/* SPDX-License-Identifier: BSD-2-Clause */
/* This program's own data holds what looks like the state of a CPython. */
#include "python/scan.h"
#include "python/runtime.h"
#include "self_target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define AT(base, offset, value) \
	memcpy((base) + (offset), &(uint64_t){(uint64_t)(uintptr_t)(value)}, 8)

#define ALIGNED __attribute__((aligned(16)))

static char state[4096] ALIGNED;
/* On the heap, as interpreters are: only variables are searched. The first of each is not used: a
 * variable of ours leads to it. */
static char (*interps)[8192], (*tstates)[1024];
static char modules[64] ALIGNED, dict_type[512] ALIGNED;
static char dict_name[] = "dict";
static struct pyi_target target;
static const struct pyi_image *program;

static int setup(void **unused)
{
	memset(state, 0, sizeof(state));
	interps = calloc(4, sizeof(*interps));
	tstates = calloc(4, sizeof(*tstates));
	assert_true(interps && tstates);
	self_target_init(&target);
	for (size_t i = 0; i < target.n_images; i++) {
		struct pyi_image_info info;

		pyi_image_info(target.images[i], &info);
		if (info.is_exe)
			program = target.images[i];
	}
	assert_non_null(program);
	return 0;
}

static int teardown(void **unused)
{
	self_target_deinit(&target);
	free(interps);
	free(tstates);
	return 0;
}

static void make_interpreter(const struct pyi_layout *row, size_t i)
{
	AT(interps[i], row->interp_tstate_head, tstates[i]);
	AT(interps[i], row->interp_modules, modules);
	AT(tstates[i], row->tstate_interp, interps[i]);
	AT(modules, row->object_type, dict_type);
	AT(dict_type, row->type_name, dict_name);
}

static uint64_t found(const struct pyi_layout *row)
{
	return pyi_scan_root(&target, program, row);
}

static void the_runtime_by_its_interpreters(void **unused)
{
	const struct pyi_layout *row = pyi_layout_for(3, 9, 18);

	make_interpreter(row, 1);
	AT(state, 64 + row->runtime_interp_head, interps[1]);
	AT(state, 64 + row->runtime_interp_main, interps[1]);
	assert_int_equal(found(row), (uintptr_t)state + 64);
	/* Both pointers are wanted. */
	AT(state, 64 + row->runtime_interp_main, NULL);
	assert_int_equal(found(row), 0);
}

static void the_head_of_the_list_is_what_leads_to_all(void **unused)
{
	const struct pyi_layout *row = pyi_layout_for(2, 7, 18);

	make_interpreter(row, 1);
	make_interpreter(row, 2);
	make_interpreter(row, 3);
	AT(interps[3], row->interp_next, interps[2]);
	AT(interps[2], row->interp_next, interps[1]);
	/* As autoInterpreterState, which names the main one only. */
	AT(state, 0, interps[1]);
	AT(state, 40, interps[3]);
	AT(state, 80, interps[1]);
	assert_int_equal(found(row), (uintptr_t)state + 40);
}

static void not_what_does_not_point_back(void **unused)
{
	const struct pyi_layout *row = pyi_layout_for(2, 7, 18);

	make_interpreter(row, 1);
	AT(state, 0, interps[1]);
	assert_int_equal(found(row), (uintptr_t)state);
	AT(tstates[1], row->tstate_interp, interps[2]);
	assert_int_equal(found(row), 0);
}

static void not_without_a_table_of_modules(void **unused)
{
	const struct pyi_layout *row = pyi_layout_for(2, 7, 18);

	make_interpreter(row, 1);
	AT(state, 0, interps[1]);
	dict_name[3] = 'k';
	assert_int_equal(found(row), 0);
	dict_name[3] = 't';
	assert_int_equal(found(row), (uintptr_t)state);
}

static void a_circle_of_interpreters_ends(void **unused)
{
	const struct pyi_layout *row = pyi_layout_for(2, 7, 18);

	make_interpreter(row, 1);
	AT(interps[1], row->interp_next, interps[1]);
	AT(state, 8, interps[1]);
	assert_int_not_equal(found(row), 0);
}

static void the_cookie_of_that_version(void **unused)
{
	/* Not as text: this program holds the cookie once. */
	static const char cookie[] = {'x', 'd', 'e', 'b', 'u', 'g', 'p', 'y'};

	memcpy(state + 128, cookie, sizeof(cookie));
	AT(state, 136, 0x030e0af0);
	assert_int_equal(found(pyi_layout_for(3, 14, 10)), (uintptr_t)state + 128);
	assert_int_equal(found(pyi_layout_for(3, 13, 0)), 0);
}

static void the_layout_of_minipy(void **unused)
{
	static const char cookie[] = {'p', 'y', 'i', 'l', 'a', 'y', 't', '1'};

	assert_int_equal(pyi_scan_minipy(&target, program), 0);
	memcpy(state + 260, cookie, sizeof(cookie)); /* not at a word */
	assert_int_equal(pyi_scan_minipy(&target, program), 0);
	memcpy(state + 512, cookie, sizeof(cookie));
	assert_int_equal(pyi_scan_minipy(&target, program), (uintptr_t)state + 512);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_runtime_by_its_interpreters, setup, teardown),
		cmocka_unit_test_setup_teardown(the_head_of_the_list_is_what_leads_to_all, setup,
						teardown),
		cmocka_unit_test_setup_teardown(not_what_does_not_point_back, setup, teardown),
		cmocka_unit_test_setup_teardown(not_without_a_table_of_modules, setup, teardown),
		cmocka_unit_test_setup_teardown(a_circle_of_interpreters_ends, setup, teardown),
		cmocka_unit_test_setup_teardown(the_cookie_of_that_version, setup, teardown),
		cmocka_unit_test_setup_teardown(the_layout_of_minipy, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
