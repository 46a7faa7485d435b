/* SPDX-License-Identifier: BSD-2-Clause */
/* Which symbol covers an address, and which of its names is shown. */
#include "native/symtab.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>
#include <cmocka.h>

/* Three names of one place; a label inside a function; one that only this file knows. */
__asm__(".pushsection .text\n"
	".globl plain_name, __plain_name\n"
	".type plain_name, @function\n"
	".type __plain_name, @function\n"
	".type another_name, @function\n"
	"another_name:\n__plain_name:\nplain_name:\n"
	"	nop\n"
	".globl inner_label\n"
	"inner_label:\n"
	"	nop\n	nop\n	ret\n"
	".size plain_name, 4\n.size __plain_name, 4\n.size another_name, 4\n"
	".popsection\n");
extern char plain_name[], inner_label[];

static int a_variable = 1;

static const char *name_at(const struct pyi_symtab *symtab, uint64_t addr)
{
	const struct pyi_symbol *found = pyi_symtab_find(symtab, addr);
	return found ? found->name : "(none)";
}

static void test_find(void **state)
{
	(void)state;
	struct pyi_symbol symbols[] = {
		{.addr = 100, .size = 50, .name = "outer"},
		{.addr = 110, .size = 5, .name = "inner"},
		{.addr = 120, .name = "label"},
		{.addr = 200, .name = "assembly"},
		{.addr = 300, .size = 1, .name = "last"},
		{.addr = UINT64_MAX, .size = 9, .name = "top"},
	};
	const struct pyi_symtab symtab = {symbols, sizeof(symbols) / sizeof(*symbols)};
	static const struct {
		uint64_t addr;
		const char *name;
	} cases[] = {
		{0, "(none)"},       {99, "(none)"},    {100, "outer"},
		{109, "outer"},      {110, "inner"},    {114, "inner"},
		{115, "outer"},      {120, "outer"},    {149, "outer"},
		{150, "label"},      {200, "assembly"}, {299, "assembly"},
		{300, "last"},       {301, "(none)"},   {UINT64_MAX - 1, "(none)"},
		{UINT64_MAX, "top"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(name_at(&symtab, cases[i].addr), cases[i].name);
	assert_null(pyi_symtab_find(&(struct pyi_symtab){0}, 100));
}

/* However many labels lie inside: the search has an end, and up to there it is right. */
static void test_many_labels(void **state)
{
	(void)state;
	struct pyi_symbol symbols[200] = {{.addr = 1000, .size = 1000, .name = "outer"}};
	for (size_t i = 1; i < 200; i++)
		symbols[i] = (struct pyi_symbol){.addr = 1000 + i, .name = "label"};
	const struct pyi_symtab symtab = {symbols, 200};
	assert_string_equal(name_at(&symtab, 1040), "outer");
	assert_string_equal(name_at(&symtab, 1150), "label");
}

static int no_debuginfo(Dwfl_Module *mod, void **data, const char *name, Dwarf_Addr base,
			const char *file, const char *debuglink, GElf_Word crc, char **debug_name)
{
	(void)mod, (void)data, (void)name, (void)base;
	(void)file, (void)debuglink, (void)crc, (void)debug_name;
	return -1;
}

static void test_module(void **state)
{
	(void)state;
	static const Dwfl_Callbacks callbacks = {.find_elf = dwfl_linux_proc_find_elf,
						 .find_debuginfo = no_debuginfo};
	Dwfl *dwfl = dwfl_begin(&callbacks);
	struct pyi_symtab symtab;
	assert_non_null(dwfl);
	assert_int_equal(dwfl_linux_proc_report(dwfl, getpid()), 0);
	dwfl_report_end(dwfl, NULL, NULL);
	pyi_symtab_init(&symtab, dwfl_addrmodule(dwfl, (Dwarf_Addr)(uintptr_t)plain_name));
	assert_true(symtab.n > 5);
	for (size_t i = 1; i < symtab.n; i++)
		assert_true(symtab.symbols[i - 1].addr <= symtab.symbols[i].addr);
	assert_string_equal(name_at(&symtab, (uintptr_t)plain_name), "plain_name");
	assert_string_equal(name_at(&symtab, (uintptr_t)inner_label + 1), "plain_name");
	assert_string_equal(name_at(&symtab, (uintptr_t)test_module + 9), "test_module");
	for (size_t i = 0; i < symtab.n; i++) /* functions only */
		assert_string_not_equal(symtab.symbols[i].name, "a_variable");
	a_variable++;
	pyi_symtab_deinit(&symtab);
	assert_null(symtab.symbols);
	assert_int_equal(symtab.n, 0);
	dwfl_end(dwfl);
}

static void symtab_of_file(const char *path, Dwfl **dwfl, struct pyi_symtab *symtab)
{
	static const Dwfl_Callbacks callbacks = {.find_elf = dwfl_linux_proc_find_elf,
						 .find_debuginfo = no_debuginfo,
						 .section_address = dwfl_offline_section_address};
	Dwfl_Module *module;
	*dwfl = dwfl_begin(&callbacks);
	assert_non_null(*dwfl);
	module = dwfl_report_offline(*dwfl, "", path, -1);
	assert_non_null(module);
	dwfl_report_end(*dwfl, NULL, NULL);
	pyi_symtab_init(symtab, module);
}

/* Overwrites the second half of .strtab, its last NUL too. */
static void spoil_names(int fd)
{
	size_t names, at = 0, size = 0;
	elf_version(EV_CURRENT);
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
	assert_int_equal(elf_getshdrstrndx(elf, &names), 0);
	for (Elf_Scn *scn = NULL; (scn = elf_nextscn(elf, scn));) {
		GElf_Shdr shdr;
		assert_non_null(gelf_getshdr(scn, &shdr));
		if (strcmp(elf_strptr(elf, names, shdr.sh_name), ".strtab") != 0)
			continue;
		at = shdr.sh_offset + shdr.sh_size / 2;
		size = shdr.sh_size - shdr.sh_size / 2;
	}
	elf_end(elf);
	assert_true(size > 100);
	for (size_t i = 0; i < size; i++)
		assert_int_equal(pwrite(fd, "#", 1, (off_t)(at + i)), 1);
}

/* A string table need not end with a NUL: names that go on behind it are none. */
static void test_names_without_an_end(void **state)
{
	(void)state;
	char path[64];
	struct pyi_symtab whole, spoilt;
	Dwfl *one, *two;
	ssize_t n;
	int exe = open("/proc/self/exe", O_RDONLY), fd = memfd_create("spoilt", 0);
	assert_true(exe >= 0 && fd >= 0);
	while ((n = sendfile(fd, exe, NULL, 1 << 20)) > 0)
		;
	close(exe);
	spoil_names(fd);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	symtab_of_file("/proc/self/exe", &one, &whole);
	symtab_of_file(path, &two, &spoilt);
	assert_true(spoilt.n > 0 && spoilt.n < whole.n);
	for (size_t i = 0; i < spoilt.n; i++)
		assert_null(strchr(spoilt.symbols[i].name, '#'));
	pyi_symtab_deinit(&whole);
	pyi_symtab_deinit(&spoilt);
	dwfl_end(one);
	dwfl_end(two);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_many_labels),
		cmocka_unit_test(test_module),
		cmocka_unit_test(test_names_without_an_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
