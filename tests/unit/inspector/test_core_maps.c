/* SPDX-License-Identifier: BSD-2-Clause */
#include "target/core_maps.h"

#include "core_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct core_file file;
static struct pyi_core *core;
static struct pyi_maps maps;

static int set_up(void **state)
{
	core_file_init(&file);
	core = NULL;
	maps = (struct pyi_maps){0};
	return 0;
}

static int tear_down(void **state)
{
	pyi_maps_deinit(&maps);
	pyi_core_close(core);
	return 0;
}

/* NT_FILE of one entry or more in pages of unit bytes; names are joined. */
static void add_files(uint64_t unit, const uint64_t (*entries)[3], size_t n, const char *names,
		      size_t size)
{
	uint8_t desc[512];
	uint64_t head[2] = {n, unit};

	memcpy(desc, head, sizeof(head));
	memcpy(desc + sizeof(head), entries, n * 24);
	memcpy(desc + sizeof(head) + n * 24, names, size);
	core_file_note(&file, "CORE", NT_FILE, desc, sizeof(head) + n * 24 + size);
}

static void read_maps(uint64_t vdso, uint64_t stack)
{
	assert_null(pyi_core_open(core_file_open(&file, sizeof(file)), &core));
	assert_null(pyi_core_maps(core, vdso, stack, &maps));
}

static void expect(size_t i, uint64_t lo, uint64_t hi, unsigned perm, const char *path)
{
	assert_true(i < maps.n);
	assert_int_equal(maps.maps[i].lo, lo);
	assert_int_equal(maps.maps[i].hi, hi);
	assert_int_equal(maps.maps[i].perm, perm);
	assert_string_equal(maps.maps[i].path, path);
}

static void test_segments_and_files(void **state)
{
	static const uint64_t entries[][3] = {{0x5000, 0x6000, 0}, {0x10000, 0x11000, 3}};
	static const char names[] = "/a/lib.so\0/b (deleted)";

	core_file_load(&file, 0x10000, 0, 8192, 8192)->p_flags = PF_R | PF_W;
	add_files(4096, entries, 2, names, sizeof(names));
	read_maps(0, 0x11010);
	assert_int_equal(maps.n, 3);
	expect(0, 0x5000, 0x6000, PYI_PERM_R | PYI_PERM_X, "/a/lib.so"); /* without a segment */
	expect(1, 0x10000, 0x11000, PYI_PERM_R | PYI_PERM_W, "/b");
	assert_true(maps.maps[1].deleted);
	assert_int_equal(maps.maps[1].offset, 3 * 4096);
	expect(2, 0x11000, 0x12000, PYI_PERM_R | PYI_PERM_W, "[stack]");
	/* The same file has the same number, another one has another. */
	assert_int_not_equal(maps.maps[0].inode, maps.maps[1].inode);
	assert_int_equal(maps.maps[2].inode, 0);
}

/* gdb writes offsets in bytes. */
static void test_units(void **state)
{
	static const uint64_t entries[][3] = {{0x10000, 0x11000, 0x3000}};

	core_file_load(&file, 0x10000, 0, 4096, 4096)->p_flags = PF_R;
	add_files(1, entries, 1, "/a", 3);
	read_maps(0, 0);
	assert_int_equal(maps.n, 1);
	assert_int_equal(maps.maps[0].offset, 0x3000);
}

/* A file inside a segment, one across two, and the parts between. */
static void test_files_and_segments_that_do_not_match(void **state)
{
	static const uint64_t entries[][3] = {{0x11000, 0x12000, 1}, {0x13000, 0x21000, 0}};
	static const char names[] = "/a\0/b";

	core_file_load(&file, 0x10000, 0, 4096, 0x4000)->p_flags = PF_R;
	core_file_load(&file, 0x20000, 1, 4096, 0x2000)->p_flags = PF_R | PF_W;
	add_files(4096, entries, 2, names, sizeof(names));
	read_maps(0, 0);
	assert_int_equal(maps.n, 7);
	expect(0, 0x10000, 0x11000, PYI_PERM_R, "");
	expect(1, 0x11000, 0x12000, PYI_PERM_R, "/a");
	expect(2, 0x12000, 0x13000, PYI_PERM_R, "");
	expect(3, 0x13000, 0x14000, PYI_PERM_R, "/b");
	expect(4, 0x14000, 0x20000, PYI_PERM_R | PYI_PERM_X, "/b");
	expect(5, 0x20000, 0x21000, PYI_PERM_R | PYI_PERM_W, "/b");
	assert_int_equal(maps.maps[5].offset, 0xd000);
	expect(6, 0x21000, 0x22000, PYI_PERM_R | PYI_PERM_W, "");
}

static void test_names_of_the_kernels_own(void **state)
{
	static const uint64_t entries[][3] = {{0x30000, 0x31000, 0}};

	core_file_load(&file, 0x10000, 0, 4096, 4096)->p_flags = PF_R | PF_X;
	core_file_load(&file, 0x20000, 1, 4096, 4096)->p_flags = PF_R | PF_W;
	core_file_load(&file, 0x30000, 2, 4096, 4096)->p_flags = PF_R | PF_W;
	core_file_load(&file, 0xffffffffff600000, 3, 4096, 4096)->p_flags = PF_X;
	add_files(4096, entries, 1, "/a", 3);
	read_maps(0x10000, 0x30000);
	expect(0, 0x10000, 0x11000, PYI_PERM_R | PYI_PERM_X, "[vdso]");
	expect(1, 0x20000, 0x21000, PYI_PERM_R | PYI_PERM_W, "");
	expect(2, 0x30000, 0x31000, PYI_PERM_R | PYI_PERM_W, "/a"); /* a file's is no stack */
	expect(3, 0xffffffffff600000, 0xffffffffff601000, PYI_PERM_X, "[vsyscall]");
}

/* It speaks of more than it can hold. */
static void test_a_note_that_is_too_short(void **state)
{
	core_file_note(&file, "CORE", NT_FILE, (uint64_t[]){400, 4096, 0x5000, 0x6000, 0}, 40);
	read_maps(0, 0);
	assert_int_equal(maps.n, 0);
}

static void test_entries_that_make_no_sense(void **state)
{
	static const uint64_t entries[][3] = {
		{0x6000, 0x5000, 0},         /* backwards */
		{0x7000, 0x8000, INT64_MAX}, /* its offset is none */
		{0x9000, 0xb000, 0},         /* whole */
		{0xa000, 0xc000, 0},         /* overlaps it */
		{0xd000, 0xe000, 0},         /* its name is cut off */
		{0xf000, 0x10000, 0},        /* it has none */
	};
	static const char names[] = "/1\0/2\0/3\0/4\0/5";

	add_files(4096, entries, 6, names, sizeof(names) - 1);
	read_maps(0, 0);
	assert_int_equal(maps.n, 2);
	expect(0, 0x9000, 0xb000, PYI_PERM_R | PYI_PERM_X, "/3");
	expect(1, 0xd000, 0xe000, PYI_PERM_R | PYI_PERM_X, "/5");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_segments_and_files, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_units, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_files_and_segments_that_do_not_match, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_names_of_the_kernels_own, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_note_that_is_too_short, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_entries_that_make_no_sense, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
