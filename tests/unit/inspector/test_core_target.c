/* SPDX-License-Identifier: BSD-2-Clause */
#include "target/core_target.h"

#include "target/target.h"

#include "core_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/procfs.h>
#include <cmocka.h>

static struct core_file file;

static int set_up(void **state)
{
	(void)state;
	core_file_init(&file);
	return 0;
}

static void add_thread(pid_t tid, int signal, uint64_t sp, uint64_t fs)
{
	struct elf_prstatus status = {.pr_pid = tid, .pr_cursig = (short)signal};
	struct user_regs_struct regs = {.rsp = sp, .fs_base = fs, .orig_rax = UINT64_MAX};

	memcpy(&status.pr_reg, &regs, sizeof(regs));
	core_file_note(&file, "CORE", NT_PRSTATUS, &status, sizeof(status));
}

static struct pyi_target *open_target(void)
{
	struct pyi_target *target = NULL;

	assert_null(pyi_core_target_open_fd(core_file_open(&file, sizeof(file)), NULL, &target));
	return target;
}

static void test_who_died(void **state)
{
	struct pyi_target *target;

	(void)state;
	core_file_load(&file, 0x10000, 0, 8192, 8192)->p_flags = PF_R | PF_W;
	add_thread(12, 11, 0x10100, 0x10800);
	add_thread(10, 11, 0x11000, 0x11800);
	target = open_target();
	assert_int_equal(target->kind, PYI_TARGET_CORE);
	assert_int_equal(target->n_threads, 2);
	assert_int_equal(target->threads[0].tid, 12);
	assert_true(target->threads[0].crashed);
	assert_false(target->threads[1].crashed);
	assert_int_equal(target->death.signal, 11);
	assert_int_equal(target->death.tid, 12);
	/* The one whose id is the process's goes to the end of what is mapped, others to their
	 * struct pthread. */
	assert_int_equal(target->threads[0].stack_hi, 0x12000);
	assert_int_equal(target->threads[1].stack_hi, 0x11800);
	pyi_target_close(target);
}

static void test_without_threads(void **state)
{
	struct pyi_target *target = NULL;
	struct pyi_error *err;

	(void)state;
	core_file_load(&file, 0x10000, 0, 4096, 4096);
	err = pyi_core_target_open_fd(core_file_open(&file, sizeof(file)), NULL, &target);
	assert_non_null(err);
	assert_int_equal(err->code, PYI_ERR_NOT_PYTHON);
	pyi_error_destroy(err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_who_died, set_up),
		cmocka_unit_test_setup(test_without_threads, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
