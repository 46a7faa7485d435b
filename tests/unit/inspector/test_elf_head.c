/* SPDX-License-Identifier: BSD-2-Clause */
#include "target/elf_head.h"

#include "base/cleanup.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define NOTES_AT 512u

/* A file's beginning. */
static struct {
	Elf64_Ehdr ehdr;
	Elf64_Phdr phdrs[4];
	uint8_t rest[1024];
} file;
static uint8_t *const notes = (uint8_t *)&file + NOTES_AT;

static int set_up(void **state)
{
	memset(&file, 0, sizeof(file));
	file.ehdr = (Elf64_Ehdr){.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
					     ELFDATA2LSB, EV_CURRENT},
				 .e_type = ET_DYN,
				 .e_machine = EM_X86_64,
				 .e_phoff = sizeof(Elf64_Ehdr),
				 .e_phentsize = sizeof(Elf64_Phdr),
				 .e_phnum = 2};
	file.phdrs[0] = (Elf64_Phdr){.p_type = PT_LOAD, .p_filesz = 64};
	file.phdrs[1] =
		(Elf64_Phdr){.p_type = PT_NOTE, .p_offset = NOTES_AT, .p_filesz = 64, .p_align = 4};
	return 0;
}

/* Another note, then the build id; padded to align. */
static void put_notes(size_t align, uint32_t id_size)
{
	const Elf64_Nhdr other = {.n_namesz = 4, .n_descsz = 1, .n_type = 5};
	const Elf64_Nhdr id = {.n_namesz = 4, .n_descsz = id_size, .n_type = NT_GNU_BUILD_ID};
	uint8_t *at = notes;

	memcpy(at, &other, sizeof(other));
	memcpy(at + 12, "GNU", 4);
	at += 16 + align;
	memcpy(at, &id, sizeof(id));
	memcpy(at + 12, "GNU\0\x01\x02\xab\xcd", 8);
	file.phdrs[1].p_filesz = (uint64_t)(at - notes) + 16 + id_size;
	file.phdrs[1].p_align = align;
}

static bool read_file(void *arg, uint64_t offset, void *buf, size_t len)
{
	const size_t size = arg ? *(const size_t *)arg : sizeof(file);

	if (offset > size || len > size - offset)
		return false;
	memcpy(buf, (uint8_t *)&file + offset, len);
	return true;
}

static struct pyi_elf_head parse(void)
{
	struct pyi_elf_head head;

	assert_true(pyi_elf_head_parse(read_file, NULL, &head));
	return head;
}

static void test_headers_and_build_id(void **state)
{
	struct pyi_elf_head head;

	put_notes(4, 4);
	head = parse();
	assert_int_equal(head.n_phdrs, 2);
	assert_int_equal(head.phdrs[1].p_offset, NOTES_AT);
	assert_string_equal(head.build_id, "0102abcd");
	put_notes(8, 4);
	assert_string_equal(parse().build_id, "0102abcd");
}

static void test_build_ids_that_are_none(void **state)
{
	put_notes(4, 21); /* longer than any */
	assert_string_equal(parse().build_id, "");
	put_notes(4, UINT32_MAX);
	file.phdrs[1].p_filesz = 100;
	assert_string_equal(parse().build_id, "");
	put_notes(4, 4);
	file.phdrs[1].p_filesz = 30; /* cut */
	assert_string_equal(parse().build_id, "");
	put_notes(4, 4);
	file.phdrs[1].p_filesz = UINT64_MAX;
	assert_string_equal(parse().build_id, "");
	put_notes(4, 4);
	file.phdrs[1].p_offset = UINT64_MAX - 8;
	assert_string_equal(parse().build_id, "");
}

static void test_more_headers_than_there_are(void **state)
{
	size_t size = sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr);
	struct pyi_elf_head head;

	file.ehdr.e_phnum = UINT16_MAX; /* 64 are looked at */
	assert_int_equal(parse().n_phdrs, 0);
	file.ehdr.e_phoff = UINT64_MAX;
	assert_int_equal(parse().n_phdrs, 0);
	set_up(NULL);
	assert_true(pyi_elf_head_parse(read_file, &size, &head)); /* the second is cut off */
	assert_int_equal(head.n_phdrs, 0);
	size = 20;
	assert_false(pyi_elf_head_parse(read_file, &size, &head));
}

static void test_what_is_no_program_of_ours(void **state)
{
	struct pyi_elf_head head;

	file.ehdr.e_machine = EM_AARCH64;
	assert_false(pyi_elf_head_parse(read_file, NULL, &head));
	set_up(NULL);
	file.ehdr.e_ident[EI_CLASS] = ELFCLASS32;
	assert_false(pyi_elf_head_parse(read_file, NULL, &head));
	set_up(NULL);
	file.ehdr.e_phentsize = 55;
	assert_false(pyi_elf_head_parse(read_file, NULL, &head));
	set_up(NULL);
	file.ehdr.e_ident[0] = 'x';
	assert_false(pyi_elf_head_parse(read_file, NULL, &head));
}

static void test_a_file(void **state)
{
	pyi_autoclose int fd = open("/proc/self/exe", O_RDONLY);
	struct pyi_elf_head head;

	assert_true(pyi_elf_head_parse_fd(fd, &head));
	assert_in_range(head.n_phdrs, 4, PYI_ELF_HEAD_PHDRS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_headers_and_build_id, set_up),
		cmocka_unit_test_setup(test_build_ids_that_are_none, set_up),
		cmocka_unit_test_setup(test_more_headers_than_there_are, set_up),
		cmocka_unit_test_setup(test_what_is_no_program_of_ours, set_up),
		cmocka_unit_test(test_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
