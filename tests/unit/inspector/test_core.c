/* SPDX-License-Identifier: BSD-2-Clause */
#include "target/core.h"

#include "core_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct core_file file;
static struct pyi_core *core;
static struct pyi_mem *mem;

static void open_core(size_t size)
{
	assert_null(pyi_core_open(core_file_open(&file, size), &core));
	assert_null(pyi_mem_create(&mem));
	assert_null(pyi_core_add_memory(core, NULL, mem));
}

static void close_core(void)
{
	pyi_mem_destroy(mem);
	pyi_core_close(core);
}

static int set_up(void **state)
{
	core_file_init(&file);
	return 0;
}

static void assert_why(uint64_t addr, const char *why)
{
	uint8_t byte;
	struct pyi_error *err = pyi_mem_read_u8(mem, addr, &byte);

	assert_non_null(err);
	assert_non_null(strstr(err->message, why));
	pyi_error_destroy(err);
}

static void test_memory(void **state)
{
	uint8_t buf[3 * 4096];

	core_file_load(&file, 0x10000, 2, 4096, 4096);
	core_file_load(&file, 0x1000, 0, 8192, 8192);
	core_file_load(&file, 0x3000, 3, 4096, 4096);
	core_file_load(&file, 0x20000, 0, 0, 4096);
	open_core(sizeof(file));
	assert_int_equal(pyi_mem_read_some(mem, 0x1ffe, buf, sizeof(buf)), 2 + 8192);
	assert_memory_equal(buf, "aab", 3);
	assert_memory_equal(buf + 2 + 4095, "bd", 2); /* over the border of two segments */
	assert_int_equal(pyi_mem_read_some(mem, 0x10fff, buf, 2), 1);
	assert_int_equal(buf[0], 'c');
	assert_int_equal(pyi_mem_read_some(mem, 0x20000, buf, 1), 0);
	assert_why(0x20000, "not readable");
	assert_why(0x5000, "not mapped");
	close_core();
}

/* Zeros that the file does not have are not made up. */
static void test_short_segments(void **state)
{
	uint8_t buf[4096];

	core_file_load(&file, 0x1000, 0, 100, 8192);
	open_core(sizeof(file));
	assert_int_equal(pyi_mem_read_some(mem, 0x1000, buf, sizeof(buf)), 100);
	assert_int_equal(pyi_mem_read_some(mem, 0x1064, buf, 1), 0);
	assert_int_equal(pyi_mem_read_some(mem, 0x2000, buf, 1), 0);
	close_core();
}

static void add_run(void *arg, uint64_t lo, uint64_t hi)
{
	uint64_t **next = arg;

	*(*next)++ = lo;
	*(*next)++ = hi;
}

/* What lies in the file, and only as far as it lies in it. */
static void test_runs(void **state)
{
	uint64_t runs[8] = {0}, *next = runs;
	static const uint64_t expected[] = {0x1000, 0x1064, 0x9000, 0x9000 + 904};

	core_file_load(&file, 0x9000, 1, 8192, 8192);
	core_file_load(&file, 0x1000, 0, 100, 8192);
	core_file_load(&file, 0x5000, 0, 0, 4096);
	open_core(offsetof(struct core_file, pages) + 5000);
	pyi_core_for_each_run(core, add_run, &next);
	assert_int_equal(next - runs, 4);
	assert_memory_equal(runs, expected, sizeof(expected));
	close_core();
}

static void test_cut_file(void **state)
{
	uint8_t buf[8192];
	uint64_t have, want;

	core_file_load(&file, 0x1000, 0, 8192, 8192);
	open_core(offsetof(struct core_file, pages) + 5000);
	assert_int_equal(pyi_mem_read_some(mem, 0x1000, buf, sizeof(buf)), 5000);
	assert_why(0x1000 + 5000, "cut off");
	pyi_core_extent(core, &have, &want);
	assert_int_equal(have, offsetof(struct core_file, pages) + 5000);
	assert_int_equal(want, offsetof(struct core_file, pages) + 8192);
	close_core();
}

static void test_map_says_why(void **state)
{
	static const char text[] = "1000-3000 r--p 0 0:0 0\n3000-4000 ---p 0 0:0 0\n";
	struct pyi_maps maps;

	assert_null(pyi_maps_parse(text, sizeof(text) - 1, &maps));
	assert_null(pyi_core_open(core_file_open(&file, sizeof(file)), &core));
	assert_null(pyi_mem_create(&mem));
	assert_null(pyi_core_add_memory(core, &maps, mem));
	assert_why(0x1000, "not in the file");
	assert_why(0x3000, "without read permission");
	assert_why(0x4000, "not mapped");
	close_core();
	pyi_maps_deinit(&maps);
}

/* Segments that overlap, wrap around or claim more than there is. */
static void test_odd_segments(void **state)
{
	uint8_t buf[16];

	core_file_load(&file, 0x1000, 0, 4096, 4096);
	core_file_load(&file, 0x1800, 1, 4096, 4096);
	core_file_load(&file, UINT64_MAX - 100, 2, 4096, 4096);
	core_file_load(&file, 0x8000, 3, UINT64_MAX, 1);
	core_file_load(&file, 0xa000, 0, 4096, 4096)->p_offset = UINT64_MAX - 10;
	core_file_load(&file, 0xfffffffffffff000, 1, 4096, 4096);
	open_core(sizeof(file));
	assert_int_equal(pyi_mem_read_some(mem, 0x1ff8, buf, 16), 8);
	assert_int_equal(buf[0], 'a'); /* the one that begins first */
	assert_int_equal(pyi_mem_read_some(mem, UINT64_MAX - 50, buf, 16), 16);
	assert_int_equal(buf[0], 'b');
	assert_int_equal(pyi_mem_read_some(mem, UINT64_MAX, buf, 16), 1);
	assert_int_equal(pyi_mem_read_some(mem, 0x8000, buf, 16), 0);
	assert_int_equal(pyi_mem_read_some(mem, 0xa000, buf, 16), 0);
	close_core();
}

static void test_many_segments(void **state)
{
	uint8_t byte;

	core_file_load(&file, 0x1000, 0, 4096, 4096);
	file.shdr.sh_info = file.ehdr.e_phnum;
	file.ehdr.e_phnum = PN_XNUM;
	open_core(sizeof(file));
	assert_null(pyi_mem_read_u8(mem, 0x1000, &byte));
	assert_int_equal(byte, 'a');
	close_core();
}

static void test_notes(void **state)
{
	const void *desc;
	uint64_t at = 0;
	size_t size;

	core_file_note(&file, "CORE", 1, "one", 3);
	core_file_note(&file, "pyinspect", 2, "{}", 2);
	core_file_note(&file, "CORE", 1, "two..", 5);
	open_core(sizeof(file));
	assert_true(pyi_core_note(core, "pyinspect", 2, NULL, &desc, &size));
	assert_int_equal(size, 2);
	assert_memory_equal(desc, "{}", 2);
	assert_true(pyi_core_note(core, "CORE", 1, &at, &desc, &size));
	assert_memory_equal(desc, "one", 3);
	assert_true(pyi_core_note(core, "CORE", 1, &at, &desc, &size));
	assert_memory_equal(desc, "two..", 5);
	assert_false(pyi_core_note(core, "CORE", 1, &at, &desc, &size));
	assert_false(pyi_core_note(core, "CORE", 2, NULL, &desc, &size));
	assert_false(pyi_core_note(core, "COR", 1, NULL, &desc, &size));
	close_core();
}

/* Every cut of the notes ends the list, no bad size leads out of them. */
static void test_broken_notes(void **state)
{
	const void *desc;
	size_t size, whole;
	static const uint32_t sizes[] = {0, 1, 5, 1000, INT32_MAX, UINT32_MAX - 3, UINT32_MAX};

	core_file_note(&file, "CORE", 1, "one", 3);
	core_file_note(&file, "CORE", 2, "two", 3);
	whole = file.phdrs[0].p_filesz;
	for (size_t n = 0; n < whole; n++) {
		file.phdrs[0].p_filesz = n;
		open_core(sizeof(file));
		assert_int_equal(pyi_core_note(core, "CORE", 1, NULL, &desc, &size), n >= 23);
		assert_int_equal(pyi_core_note(core, "CORE", 2, NULL, &desc, &size), n >= 47);
		close_core();
	}
	file.phdrs[0].p_filesz = whole;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]) * 2; i++) {
		Elf64_Nhdr head = {.n_namesz = 5, .n_descsz = 3, .n_type = 1};

		*(i % 2 ? &head.n_namesz : &head.n_descsz) = sizes[i / 2];
		memcpy(file.notes, &head, sizeof(head));
		open_core(sizeof(file));
		assert_false(pyi_core_note(core, "CORE", 9, NULL, &desc, &size));
		close_core();
	}
}

static void refuse(size_t size)
{
	struct pyi_core *untouched = (void *)1;
	struct pyi_error *err = pyi_core_open(core_file_open(&file, size), &untouched);

	assert_non_null(err);
	assert_int_equal(err->code, PYI_ERR_NOT_FOUND);
	assert_ptr_equal(untouched, (void *)1);
	pyi_error_destroy(err);
}

static void test_no_core(void **state)
{
	refuse(0);
	refuse(sizeof(Elf64_Ehdr) - 1);
	file.ehdr.e_type = ET_EXEC;
	refuse(sizeof(file));
	file.ehdr.e_type = ET_CORE;
	file.ehdr.e_machine = EM_AARCH64;
	refuse(sizeof(file));
	file.ehdr.e_machine = EM_X86_64;
	file.ehdr.e_ident[EI_CLASS] = ELFCLASS32;
	refuse(sizeof(file));
	file.ehdr.e_ident[EI_CLASS] = ELFCLASS64;
	file.ehdr.e_phentsize = 1;
	refuse(sizeof(file));
}

static void test_packed(void **state)
{
	struct pyi_core *none;
	struct pyi_error *err;

	memcpy(&file, "\x1f\x8b\x08", 3);
	err = pyi_core_open(core_file_open(&file, 100), &none);
	assert_int_equal(err->code, PYI_ERR_NOT_FOUND);
	assert_non_null(strstr(err->hint, "gunzip"));
	pyi_error_destroy(err);
}

static void test_bad_tables(void **state)
{
	struct pyi_core *none;
	struct pyi_error *err;

	file.ehdr.e_phoff = UINT64_MAX - 3; /* the table wraps around */
	file.ehdr.e_phnum = 100;
	open_core(sizeof(file));
	close_core();
	file.ehdr.e_phnum = PN_XNUM;
	file.shdr.sh_info = UINT32_MAX;
	err = pyi_core_open(core_file_open(&file, sizeof(file)), &none);
	assert_int_equal(err->code, PYI_ERR_BAD_DATA);
	pyi_error_destroy(err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_memory, set_up),
		cmocka_unit_test_setup(test_short_segments, set_up),
		cmocka_unit_test_setup(test_runs, set_up),
		cmocka_unit_test_setup(test_cut_file, set_up),
		cmocka_unit_test_setup(test_map_says_why, set_up),
		cmocka_unit_test_setup(test_odd_segments, set_up),
		cmocka_unit_test_setup(test_many_segments, set_up),
		cmocka_unit_test_setup(test_notes, set_up),
		cmocka_unit_test_setup(test_broken_notes, set_up),
		cmocka_unit_test_setup(test_no_core, set_up),
		cmocka_unit_test_setup(test_bad_tables, set_up),
		cmocka_unit_test_setup(test_packed, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
