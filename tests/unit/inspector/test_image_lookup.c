/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions to images that are made by hand: no file, only headers and memory, some of it wrong. */
#include "target/image_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define BASE UINT64_C(0x10000)

static struct pyi_image image_of(struct pyi_mem *mem, Elf64_Phdr *phdrs, size_t n)
{
	struct pyi_image image = {.path = "/lib/made.so",
				  .fd = -1,
				  .lo = BASE,
				  .hi = BASE + 0x10000,
				  .bias = BASE,
				  .mem = mem};
	image.phdrs.data = phdrs;
	image.phdrs.len = n;
	return image;
}

static void test_info(void **state)
{
	(void)state;
	struct pyi_image image = image_of(NULL, NULL, 0);
	struct pyi_image_info info;
	pyi_image_info(&image, &info);
	assert_string_equal(info.name, "made.so");
	assert_false(info.has_file);
	image.had_file = true;
	image.path = "[vdso]";
	pyi_image_info(&image, &info);
	assert_string_equal(info.name, "[vdso]");
	assert_true(info.has_file);
	assert_int_equal(pyi_image_load_addr(&image), image.lo);
	assert_null(pyi_image_open_elf(&image));
}

static void test_ranges(void **state)
{
	(void)state;
	Elf64_Phdr phdrs[] = {
		{.p_type = PT_NOTE, .p_vaddr = 1},
		{.p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_vaddr = 0x1234, .p_memsz = 0x1000},
		{.p_type = PT_LOAD, .p_flags = PF_R | PF_W, .p_vaddr = 0x5000, .p_memsz = 0x800},
		{.p_type = PT_LOAD, .p_flags = PF_W, .p_vaddr = 0x7000, .p_memsz = 0},
		{.p_type = PT_LOAD, .p_flags = PF_W, .p_vaddr = 0x7000, .p_memsz = UINT64_MAX},
		{.p_type = PT_LOAD, .p_flags = PF_W, .p_vaddr = 0x9000, .p_memsz = 16},
	};
	struct pyi_image image = image_of(NULL, phdrs, 6);
	uint64_t ranges[8][2];
	assert_int_equal(pyi_image_load_addr(&image), BASE + 0x1000);
	assert_int_equal(pyi_image_writable_ranges(&image, ranges, 8), 2);
	assert_int_equal(ranges[0][0], BASE + 0x5000);
	assert_int_equal(ranges[0][1], BASE + 0x5800);
	assert_int_equal(ranges[1][0], BASE + 0x9000);
	assert_int_equal(pyi_image_writable_ranges(&image, ranges, 1), 1);
}

/* --- unwind tables --- */

struct table {
	uint8_t version, ptr_enc, count_enc, table_enc;
	int32_t eh_frame;
	uint32_t count;
	int32_t pairs[4][2];
};

static void test_unwind_start(void **state)
{
	(void)state;
	struct table table = {
		1, 0x1b, 0x03, 0x3b, 0, 4, {{-0x3000, 0}, {-0x2000, 0}, {-0x1000, 0}, {0x100, 0}}};
	uint64_t hdr = BASE + 0x4000, start;
	Elf64_Phdr phdr = {.p_type = PT_GNU_EH_FRAME, .p_vaddr = 0x4000, .p_memsz = sizeof(table)};
	struct pyi_mem *mem;
	assert_null(pyi_mem_create(&mem));
	assert_null(pyi_mem_add_buffer(mem, hdr, &table, sizeof(table)));
	struct pyi_image image = image_of(mem, &phdr, 1);
	assert_false(pyi_image_unwind_start(&image, hdr - 0x3001, &start));
	static const struct {
		int64_t at, start;
	} cases[] = {{-0x3000, -0x3000}, {-0x2001, -0x3000}, {-0x2000, -0x2000},
		     {0xff, -0x1000},    {0x100, 0x100},     {0x9000, 0x100}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_true(pyi_image_unwind_start(&image, hdr + (uint64_t)cases[i].at, &start));
		assert_int_equal(start, hdr + (uint64_t)cases[i].start);
	}
	table.count = UINT32_MAX; /* more than there is room for: what is there counts */
	assert_true(pyi_image_unwind_start(&image, hdr + 0x200, &start));
	assert_int_equal(start, hdr + 0x100);
	table.count = 0;
	assert_false(pyi_image_unwind_start(&image, hdr + 0x200, &start));
	table.count = 4;
	table.table_enc = 0xff;
	assert_false(pyi_image_unwind_start(&image, hdr + 0x200, &start));
	table.table_enc = 0x3b;
	phdr.p_memsz = UINT64_MAX; /* beyond the image */
	assert_false(pyi_image_unwind_start(&image, hdr + 0x200, &start));
	phdr.p_memsz = 4;
	assert_false(pyi_image_unwind_start(&image, hdr + 0x200, &start));
	pyi_mem_destroy(mem);
}

/* --- notes --- */

static void test_notes(void **state)
{
	(void)state;
	struct {
		Elf64_Nhdr head1;
		char name1[4];
		uint32_t desc1[2];
		Elf64_Nhdr head2;
		char name2[12];
		uint32_t desc2;
	} bytes = {{4, 8, 3}, "GNU", {1, 2}, {10, 4, 1}, "pyinspect", 77};
	struct notes notes = {
		.data = (uint8_t *)&bytes, .size = sizeof(bytes), .addr = BASE + 0x200, .align = 4};
	struct pyi_image image = image_of(NULL, NULL, 0);
	image.notes.data = &notes;
	image.notes.len = 1;
	const void *desc;
	size_t size;
	uint64_t addr;
	assert_true(pyi_image_find_note(&image, "pyinspect", 1, &desc, &size, &addr));
	assert_ptr_equal(desc, &bytes.desc2);
	assert_int_equal(size, 4);
	assert_int_equal(addr, BASE + 0x200 + ((uint8_t *)&bytes.desc2 - (uint8_t *)&bytes));
	assert_true(pyi_image_find_note(&image, "GNU", 3, &desc, &size, &addr));
	assert_int_equal(size, 8);
	assert_false(pyi_image_find_note(&image, "GNU", 1, &desc, &size, &addr));
	assert_false(pyi_image_find_note(&image, "GN", 3, &desc, &size, &addr));
	/* Sizes that lead out of the segment end the search. */
	bytes.head1.n_descsz = UINT32_MAX;
	assert_false(pyi_image_find_note(&image, "pyinspect", 1, &desc, &size, &addr));
	bytes.head1.n_descsz = 8;
	bytes.head1.n_namesz = UINT32_MAX;
	assert_false(pyi_image_find_note(&image, "pyinspect", 1, &desc, &size, &addr));
	bytes.head1.n_namesz = 4;
	notes.size -= 4; /* the last one is cut */
	assert_false(pyi_image_find_note(&image, "pyinspect", 1, &desc, &size, &addr));
	notes.size = sizeof(Elf64_Nhdr) - 1;
	assert_false(pyi_image_find_note(&image, "GNU", 3, &desc, &size, &addr));
}

/* --- .dynsym in memory, when there is no file --- */

struct dynamic {
	Elf64_Dyn dyn[4];
	Elf64_Sym syms[3];
	char strings[16];
};

static void test_symbols_in_memory(void **state)
{
	(void)state;
	struct dynamic d = {
		.dyn = {{DT_SYMTAB, {offsetof(struct dynamic, syms)}},
			/* As ld.so leaves it: with the bias. */
			{DT_STRTAB, {BASE + offsetof(struct dynamic, strings)}},
			{DT_STRSZ, {sizeof(d.strings)}}},
		.syms = {{0},
			 {.st_name = 1, .st_shndx = SHN_UNDEF, .st_value = 5},
			 {.st_name = 6, .st_shndx = 1, .st_value = 0x321, .st_size = 9}},
		.strings = "\0away\0here",
	};
	Elf64_Phdr phdr = {.p_type = PT_DYNAMIC, .p_vaddr = 0, .p_memsz = sizeof(d.dyn)};
	struct pyi_image_symbol sym;
	struct pyi_mem *mem;
	assert_null(pyi_mem_create(&mem));
	assert_null(pyi_mem_add_buffer(mem, BASE, &d, sizeof(d)));
	struct pyi_image image = image_of(mem, &phdr, 1);
	assert_true(pyi_image_find_symbol(&image, "here", &sym));
	assert_int_equal(sym.addr, BASE + 0x321);
	assert_int_equal(sym.size, 9);
	assert_false(pyi_image_find_symbol(&image, "away", &sym)); /* undefined */
	assert_false(pyi_image_find_symbol(&image, "her", &sym));
	assert_false(pyi_image_find_symbol(&image, "", &sym));
	d.syms[2].st_name = UINT32_MAX;
	assert_false(pyi_image_find_symbol(&image, "here", &sym));
	d.syms[2].st_name = 6;
	d.dyn[2].d_un.d_val = UINT64_MAX; /* no memory is asked for that */
	assert_false(pyi_image_find_symbol(&image, "here", &sym));
	d.dyn[2].d_un.d_val = 8; /* cuts the name */
	assert_false(pyi_image_find_symbol(&image, "here", &sym));
	d.dyn[2].d_un.d_val = sizeof(d.strings);
	d.dyn[1].d_un.d_val = 0; /* before the symbols */
	assert_false(pyi_image_find_symbol(&image, "here", &sym));
	pyi_mem_destroy(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_info),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_unwind_start),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_symbols_in_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
