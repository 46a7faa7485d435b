/* SPDX-License-Identifier: BSD-2-Clause */
/* The whole of it: on a process without Python, and over our own modules. */
#include "fake_space.h"
#include "self_target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static char written_data[PYI_PAGE_SIZE] = {1};
static char *owned_memory;

static void test_role_names(void **state)
{
	(void)state;
	for (int i = 0; i < PYI_ROLE_COUNT; i++) {
		assert_non_null(pyi_role_name((enum pyi_role)i));
		for (int k = 0; k < i; k++)
			assert_string_not_equal(pyi_role_name((enum pyi_role)i),
						pyi_role_name((enum pyi_role)k));
	}
}

static void test_not_python(void **state)
{
	const struct pyi_addrspace_options options = {.no_stop = true};
	struct pyi_addrspace *space = NULL;
	struct pyi_target *target;
	struct pyi_error *err;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		pause();
		_exit(0);
	}
	assert_null(pyi_target_open_live(child, &target));
	err = pyi_addrspace_collect(target, &options, &space);
	assert_non_null(err);
	assert_int_equal(err->code, PYI_ERR_NOT_PYTHON);
	assert_null(space);
	pyi_error_destroy(err);
	pyi_target_close(target);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static enum pyi_role role_at(const struct pyi_addrspace *space, const void *at)
{
	const struct pyi_range *range = pyi_addrspace_find(space, (uint64_t)(uintptr_t)at);

	return range ? range->role : PYI_ROLE_COUNT;
}

/* Text, data, bss of the program and of a library; what a variable of ours points to. */
static void test_modules(void **state)
{
	static char in_bss[1 << 20];
	struct pyi_runtime rt = {.minipy = false};
	struct pyi_target target;
	struct pyi_survey survey = {.target = &target, .rt = &rt};
	struct pyi_addrspace space = {.pid = 1};
	const struct pyi_range *range;

	(void)state;
	owned_memory = mmap(NULL, 64 * PYI_PAGE_SIZE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(owned_memory, MAP_FAILED);
	self_target_init(&target);
	pyi_addrspace_claim_owned(&survey);
	pyi_addrspace_claim_bss(&survey);
	assert_null(pyi_claims_apply(&survey.claims, &target.maps, pyi_addrspace_base, &survey,
				     &space));
	assert_int_equal(role_at(&space, (const void *)(uintptr_t)test_modules), PYI_ROLE_LIB_TEXT);
	assert_int_equal(role_at(&space, "rodata"), PYI_ROLE_LIB_RODATA);
	assert_int_equal(role_at(&space, written_data), PYI_ROLE_LIB_DATA);
	assert_int_equal(role_at(&space, in_bss + sizeof(in_bss) / 2), PYI_ROLE_LIB_BSS);
	assert_int_equal(role_at(&space, (const void *)(uintptr_t)strfry), PYI_ROLE_LIB_TEXT);
	range = pyi_addrspace_find(&space, (uint64_t)(uintptr_t)owned_memory);
	assert_non_null(range);
	assert_int_equal(range->role, PYI_ROLE_LIB_DATA);
	assert_int_equal(range->lo, (uint64_t)(uintptr_t)owned_memory);
	assert_non_null(strstr(range->detail, "test_addrspace: memory it has mapped"));
	pyi_vec_for_each (each, &space.ranges) {
		free(each->path);
		free(each->detail);
		free(each->module);
	}
	pyi_vec_deinit(&space.ranges);
	pyi_addrspace_survey_deinit(&survey);
	self_target_deinit(&target);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_role_names),
		cmocka_unit_test(test_not_python),
		cmocka_unit_test(test_modules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
