/* SPDX-License-Identifier: BSD-2-Clause */
/* Which files are taken for the ones that were mapped, and what is said of the others. */
#include "target/core_files.h"

#include "base/cleanup.h"
#include "target/core_maps.h"

#include "core_file.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

#define BASE  0x7f0000000000ull
#define MTIME 1000000

/* A library: one page of headers with a build id, one of code, one of data. */
struct library {
	Elf64_Ehdr ehdr;
	Elf64_Phdr phdrs[4];
	Elf64_Nhdr note;
	uint8_t note_rest[4 + 8];
	uint8_t pad[4096 - sizeof(Elf64_Ehdr) - 4 * sizeof(Elf64_Phdr) - 24];
	uint8_t code[4096], data[4096];
};

static struct library library;
static struct core_file file;
static struct pyi_core *core;
static struct pyi_target target;
static char root[32], lib_path[64];

static void make_library(void)
{
	memset(&library, 0, sizeof(library));
	library.ehdr = (Elf64_Ehdr){.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
						ELFDATA2LSB, EV_CURRENT},
				    .e_type = ET_DYN,
				    .e_machine = EM_X86_64,
				    .e_phoff = sizeof(Elf64_Ehdr),
				    .e_phentsize = sizeof(Elf64_Phdr),
				    .e_phnum = 4};
	for (uint32_t i = 0; i < 3; i++)
		library.phdrs[i] =
			(Elf64_Phdr){.p_type = PT_LOAD,
				     .p_flags = (uint32_t[]){PF_R, PF_R | PF_X, PF_R | PF_W}[i],
				     .p_offset = i * 4096,
				     .p_vaddr = i * 4096,
				     .p_filesz = 4096,
				     .p_memsz = 4096,
				     .p_align = 4096};
	library.phdrs[3] = (Elf64_Phdr){.p_type = PT_NOTE,
					.p_offset = offsetof(struct library, note),
					.p_filesz = 24,
					.p_align = 4};
	library.note = (Elf64_Nhdr){.n_namesz = 4, .n_descsz = 8, .n_type = NT_GNU_BUILD_ID};
	memcpy(library.note_rest, "GNU\0\x01\x23\x45\x67\x89\xab\xcd\xef", 12);
	memset(library.code, 'c', sizeof(library.code));
	memset(library.data, 'd', sizeof(library.data));
}

static int set_up(void **state)
{
	make_library();
	core_file_init(&file);
	strcpy(root, "/tmp/pyi-files-XXXXXX");
	assert_non_null(mkdtemp(root));
	snprintf(lib_path, sizeof(lib_path), ":/nonexistent:%s", root);
	return 0;
}

static int tear_down(void **state)
{
	char command[64];

	pyi_vec_for_each (line, &target.warnings)
		free(*line);
	pyi_vec_deinit(&target.warnings);
	pyi_maps_deinit(&target.maps);
	pyi_mem_destroy(target.mem);
	pyi_core_close(core);
	target = (struct pyi_target){0};
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command);
}

/* In $root/name, where --lib-path looks, or under the path that was mapped, for --sysroot. */
static void put_library(const char *name, int64_t mtime)
{
	const struct timespec times[2] = {{mtime, 0}, {mtime, 0}};
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", root, name);
	for (char *slash = path + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	fd = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, &library, sizeof(library)), sizeof(library));
	assert_int_equal(futimens(fd, times), 0);
	close(fd);
}

/* A core with the library mapped; of its three pages those that are dumped. */
static void make_core(bool headers, bool code, bool data)
{
	const bool dumped[3] = {headers, code, data};
	const unsigned flags[3] = {PF_R, PF_R | PF_X, PF_R | PF_W};
	uint64_t desc[2 + 3 * 3] = {3, 4096};
	uint8_t note[sizeof(desc) + 3 * 11];
	int fd;

	for (int i = 0; i < 3; i++) {
		memcpy(file.pages[i], (uint8_t *)&library + i * 4096, 4096);
		core_file_load(&file, BASE + (uint64_t)i * 4096, i, dumped[i] ? 4096 : 0, 4096)
			->p_flags = flags[i];
		desc[2 + 3 * i] = BASE + (uint64_t)i * 4096;
		desc[3 + 3 * i] = BASE + (uint64_t)i * 4096 + 4096;
		desc[4 + 3 * i] = (uint64_t)i;
		memcpy(note + sizeof(desc) + i * 11, "/x/libl.so", 11);
	}
	memcpy(note, desc, sizeof(desc));
	core_file_note(&file, "CORE", NT_FILE, note, sizeof(note));
	fd = core_file_open(&file, sizeof(file));
	assert_int_equal(futimens(fd, (struct timespec[]){{MTIME, 0}, {MTIME, 0}}), 0);
	assert_null(pyi_core_open(fd, &core));
	assert_null(pyi_core_maps(core, 0, 0, &target.maps));
	assert_null(pyi_mem_create(&target.mem));
	assert_null(pyi_core_add_memory(core, &target.maps, target.mem));
	assert_int_equal(target.maps.n, 3);
}

/* Looks for the file behind the map with that number. */
static void expect_of(size_t map, const struct pyi_core_options *options, bool found,
		      const char *want)
{
	struct pyi_core_files *files;
	const char *status = NULL;
	int fd;

	assert_null(pyi_core_files_create(options, core, &target, &files));
	fd = pyi_core_files_open(files, &target.maps.maps[map], &status);
	assert_int_equal(fd >= 0, found);
	assert_string_equal(status, want);
	if (fd >= 0)
		close(fd);
	pyi_core_files_destroy(files);
}

static void expect(bool found, const char *want)
{
	const struct pyi_core_options options = {.sysroot = "/nonexistent", .lib_path = lib_path};

	expect_of(0, &options, found, want);
}

static void test_the_same_build_id(void **state)
{
	put_library("libl.so", MTIME + 100); /* time does not matter then */
	make_core(true, false, false);
	expect(true, "ok");
}

static void test_another_build_id(void **state)
{
	make_core(true, false, false);
	library.note_rest[5] ^= 1;
	put_library("libl.so", MTIME - 100);
	expect(false, "mismatched");
}

static void test_no_file(void **state)
{
	make_core(true, false, false);
	expect(false, "missing");
	target.maps.maps[0].deleted = true;
	expect(false, "deleted");
}

static void test_nothing_to_compare(void **state)
{
	put_library("libl.so", MTIME - 100);
	make_core(false, false, true);
	expect(true, "unverified");
}

static void test_written_later(void **state)
{
	put_library("libl.so", MTIME + 100);
	make_core(false, false, true);
	expect(false, "mismatched");
}

static void test_other_code(void **state)
{
	make_core(false, true, true);
	put_library("libl.so", MTIME - 100);
	expect(true, "unverified");
	library.code[77] ^= 1;
	put_library("libl.so", MTIME - 100);
	expect(false, "mismatched");
}

/* What the program may have written says nothing. */
static void test_other_data(void **state)
{
	make_core(false, true, true);
	library.data[77] ^= 1;
	put_library("libl.so", MTIME - 100);
	expect(true, "unverified");
}

static void test_other_headers(void **state)
{
	make_core(false, false, true);
	library.phdrs[1].p_vaddr += 4096;
	put_library("libl.so", MTIME - 100);
	expect(false, "mismatched");
}

static void test_no_elf_file(void **state)
{
	make_core(true, false, false);
	library.ehdr.e_ident[0] = 'x';
	put_library("libl.so", MTIME - 100);
	expect(false, "mismatched");
}

static void test_the_places(void **state)
{
	struct pyi_core_options options = {.sysroot = root};

	make_core(true, false, false);
	expect_of(0, &options, false, "missing");
	put_library("usr/lib/debug/.build-id/01/23456789abcdef", MTIME);
	expect_of(0, &options, true, "ok");
	put_library("x/libl.so", MTIME);
	expect_of(0, &options, true, "ok");
	/* A later piece is judged with the whole. */
	expect_of(2, &options, true, "ok");
	assert_null(options.exe);
}

static void test_the_program(void **state)
{
	Elf64_auxv_t auxv[] = {{AT_PHDR, {BASE + 64}}, {AT_NULL, {0}}};
	char exe[64];
	struct pyi_core_options options = {.sysroot = "/nonexistent", .exe = exe};

	snprintf(exe, sizeof(exe), "%s/program", root);
	put_library("program", MTIME);
	make_core(true, false, false);
	expect_of(0, &options, false, "missing"); /* another module */
	target.auxv = (uint8_t *)auxv;
	target.auxv_size = sizeof(auxv);
	expect_of(0, &options, true, "ok");
}

static void test_what_is_said(void **state)
{
	const struct pyi_core_options options = {.sysroot = "/nonexistent"};
	struct pyi_core_files *files;

	make_core(true, false, false);
	assert_null(pyi_core_files_create(&options, core, &target, &files));
	assert_null(pyi_images_create(&target.maps, target.mem, pyi_core_files_open, files, 0,
				      &target.images, &target.n_images));
	pyi_core_files_destroy(files);
	pyi_core_files_warn(&target);
	assert_int_equal(target.warnings.len, 1);
	assert_non_null(strstr(target.warnings.data[0], "/x/libl.so is not at hand"));
	assert_non_null(strstr(target.warnings.data[0], "--sysroot"));
	pyi_images_destroy(target.images, target.n_images);
	target.n_images = 0;
	target.images = NULL;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_the_same_build_id),  TEST(test_another_build_id), TEST(test_no_file),
		TEST(test_nothing_to_compare), TEST(test_written_later),    TEST(test_other_code),
		TEST(test_other_data),         TEST(test_other_headers),    TEST(test_no_elf_file),
		TEST(test_the_places),         TEST(test_the_program),      TEST(test_what_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
