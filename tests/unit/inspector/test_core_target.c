/* SPDX-License-Identifier: BSD-2-Clause */
#include "target/core_target.h"

#include "target/core_maps.h"
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

/* NT_FILE of one entry or more; names are joined. */
static void add_files(const uint64_t (*entries)[3], size_t n, const char *names, size_t size)
{
	uint8_t desc[512];
	uint64_t head[2] = {n, 4096};

	memcpy(desc, head, sizeof(head));
	memcpy(desc + sizeof(head), entries, n * 24);
	memcpy(desc + sizeof(head) + n * 24, names, size);
	core_file_note(&file, "CORE", NT_FILE, desc, sizeof(head) + n * 24 + size);
}

static void test_maps(void **state)
{
	static const uint64_t entries[][3] = {{0x5000, 0x6000, 0}, {0x10000, 0x11000, 3}};
	static const char names[] = "/a/lib.so\0/b (deleted)";
	struct pyi_core *core;
	struct pyi_maps maps;

	(void)state;
	core_file_load(&file, 0x10000, 0, 8192, 8192)->p_flags = PF_R | PF_W;
	add_files(entries, 2, names, sizeof(names));
	assert_null(pyi_core_open(core_file_open(&file, sizeof(file)), &core));
	assert_null(pyi_core_maps(core, 0, 0x11010, &maps));
	assert_int_equal(maps.n, 3);
	assert_string_equal(maps.maps[0].path, "/a/lib.so"); /* without a segment */
	assert_int_equal(maps.maps[0].perm, PYI_PERM_R | PYI_PERM_X);
	assert_string_equal(maps.maps[1].path, "/b");
	assert_true(maps.maps[1].deleted);
	assert_int_equal(maps.maps[1].offset, 3 * 4096);
	assert_int_equal(maps.maps[1].perm, PYI_PERM_R | PYI_PERM_W);
	assert_string_equal(maps.maps[2].path, "[stack]");
	assert_int_equal(maps.maps[2].hi, 0x12000);
	pyi_maps_deinit(&maps);
	pyi_core_close(core);
}

static void test_short_files_note(void **state)
{
	struct pyi_core *core;
	struct pyi_maps maps;

	(void)state;
	/* It speaks of more than it can hold. */
	core_file_note(&file, "CORE", NT_FILE, (uint64_t[]){400, 4096, 0x5000, 0x6000, 0}, 40);
	assert_null(pyi_core_open(core_file_open(&file, sizeof(file)), &core));
	assert_null(pyi_core_maps(core, 0, 0, &maps));
	assert_int_equal(maps.n, 0);
	pyi_maps_deinit(&maps);
	pyi_core_close(core);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_who_died, set_up),
		cmocka_unit_test_setup(test_without_threads, set_up),
		cmocka_unit_test_setup(test_maps, set_up),
		cmocka_unit_test_setup(test_short_files_note, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
