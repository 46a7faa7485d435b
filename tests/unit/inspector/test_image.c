/* SPDX-License-Identifier: BSD-2-Clause */
/* Modules: of this very process, of a made-up map, and of files that lie. */
#include "target/target.h"

#include "child.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <cmocka.h>

#define P PYI_PAGE_SIZE

/* Exported nowhere: only .symtab knows it. */
static int local_object = 42;

/* --- this process --- */

static struct pyi_target *self;

static int open_self(void **state)
{
	(void)state;
	return pyi_target_open_live(getpid(), &self) != NULL;
}

static int close_self(void **state)
{
	(void)state;
	pyi_target_close(self);
	return 0;
}

static struct pyi_image *image_of(const void *addr, struct pyi_image_info *info)
{
	struct pyi_image *image = pyi_target_find_image(self, (uint64_t)addr);
	assert_non_null(image);
	pyi_image_info(image, info);
	return image;
}

static int check_loaded(struct dl_phdr_info *dl, size_t size, void *arg)
{
	size_t *seen = arg;
	(void)size;
	for (int i = 0; i < dl->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &dl->dlpi_phdr[i];
		uint64_t at = dl->dlpi_addr + p->p_vaddr;
		struct pyi_image_info info;
		if (p->p_type != PT_LOAD)
			continue;
		struct pyi_image *image = image_of((void *)at, &info);
		assert_int_equal(info.bias, dl->dlpi_addr);
		assert_ptr_equal(pyi_target_find_image(self, at + p->p_memsz - 1), image);
		assert_int_equal(info.is_exe, !dl->dlpi_name[0]);
		assert_null(info.whole);
		++*seen;
	}
	return 0;
}

static void test_agrees_with_loader(void **state)
{
	(void)state;
	size_t seen = 0;
	dl_iterate_phdr(check_loaded, &seen);
	assert_true(seen > 10);
	assert_null(pyi_target_find_image(self, 0));
	assert_null(pyi_target_find_image(self, UINT64_MAX));
	assert_null(pyi_target_find_image(self, (uint64_t)&seen));
	for (size_t i = 1; i < self->n_images; i++) {
		struct pyi_image_info a, b;
		pyi_image_info(self->images[i - 1], &a);
		pyi_image_info(self->images[i], &b);
		assert_true(a.hi <= b.lo);
	}
}

static void test_symbols(void **state)
{
	(void)state;
	struct pyi_image_info info;
	struct pyi_image_symbol sym;
	struct pyi_image *exe = image_of(&local_object, &info);
	assert_true(info.is_exe && info.has_file && !info.deleted);
	assert_true(pyi_image_find_symbol(exe, "local_object", &sym));
	assert_int_equal(sym.addr, (uint64_t)&local_object);
	assert_int_equal(sym.size, sizeof(local_object));
	assert_true(pyi_image_find_symbol(exe, "main", &sym));
	assert_false(pyi_image_find_symbol(exe, "no such symbol", &sym));
	assert_false(pyi_image_find_symbol(exe, "malloc", &sym)); /* undefined here */
	assert_false(pyi_image_find_symbol(exe, "", &sym));
	struct pyi_image *libc = image_of((void *)dlsym(RTLD_NEXT, "hsearch_r"), &info);
	assert_true(pyi_image_find_symbol(libc, "hsearch_r", &sym));
	assert_int_equal(sym.addr, (uint64_t)dlsym(RTLD_NEXT, "hsearch_r"));
	assert_non_null(strstr(info.name, "libc"));
}

static void test_sections_and_notes(void **state)
{
	(void)state;
	struct pyi_image_info info;
	uint64_t lo, size, addr, ranges[8][2];
	const void *desc;
	size_t desc_size;
	struct pyi_image *exe = image_of(&local_object, &info);
	assert_true(pyi_image_find_section(exe, ".data", &lo, &size));
	assert_true((uint64_t)&local_object >= lo && (uint64_t)&local_object < lo + size);
	assert_false(pyi_image_find_section(exe, ".symtab", &lo, &size)); /* not in memory */
	assert_false(pyi_image_find_section(exe, ".nothing", &lo, &size));
	assert_true(pyi_image_find_note(exe, "GNU", NT_GNU_BUILD_ID, &desc, &desc_size, &addr));
	assert_int_equal(strlen(info.build_id), 2 * desc_size);
	assert_memory_equal(desc, (const void *)addr, desc_size); /* at that address indeed */
	assert_false(pyi_image_find_note(exe, "GNU", 0x7777, &desc, &desc_size, &addr));
	assert_false(pyi_image_find_note(exe, "NOBODY", 1, &desc, &desc_size, &addr));
	size_t n = pyi_image_writable_ranges(exe, ranges, 8);
	bool found = false;
	for (size_t i = 0; i < n; i++)
		found |= (uint64_t)&local_object >= ranges[i][0] &&
			 (uint64_t)&local_object < ranges[i][1];
	assert_true(found);
	assert_int_equal(pyi_image_writable_ranges(exe, ranges, 0), 0);
	assert_true(pyi_image_unwind_start(exe, (uint64_t)&test_symbols + 5, &addr));
	assert_int_equal(addr, (uint64_t)&test_symbols);
}

/* What the file says about read-only memory is what is there. */
static void test_file_backed_memory(void **state)
{
	(void)state;
	size_t checked = 0;
	for (size_t i = 0; i < self->n_images; i++) {
		uint64_t ranges[8][3];
		size_t n = pyi_image_readonly_ranges(self->images[i], ranges, 8);
		for (size_t k = 0; k < n; k++) {
			for (uint64_t at = ranges[k][0]; at < ranges[k][1]; at += P) {
				uint8_t page[P];
				assert_null(pyi_mem_read(self->mem, at, page, P));
				assert_memory_equal(page, (const void *)at, P);
				checked++;
			}
		}
	}
	assert_true(checked > 100);
}

static void test_vdso(void **state)
{
	(void)state;
	for (size_t i = 0; i < self->n_images; i++) {
		struct pyi_image_info info;
		struct pyi_image_symbol sym;
		uint64_t lo, size;
		pyi_image_info(self->images[i], &info);
		if (strcmp(info.name, "[vdso]") != 0)
			continue;
		assert_true(pyi_image_find_symbol(self->images[i], "__vdso_clock_gettime", &sym));
		assert_true(sym.addr > info.lo && sym.addr < info.hi);
		assert_true(pyi_image_eh_frame_hdr(self->images[i], &lo, &size));
		return;
	}
	skip(); /* a kernel without one */
}

/* --- made-up maps --- */

struct maker {
	struct pyi_mem *mem;
	struct pyi_maps maps;
	int file; /* -1: cannot be opened */
	struct pyi_image **images;
	size_t n;
};

static int open_made(void *arg, const struct pyi_map *map, const char **status)
{
	struct maker *m = arg;
	(void)map;
	return m->file < 0 ? -1 : fcntl(m->file, F_DUPFD_CLOEXEC, 0);
}

static void make(struct maker *m, const char *maps)
{
	assert_null(pyi_maps_parse(maps, strlen(maps), &m->maps));
	assert_null(pyi_images_create(&m->maps, m->mem, open_made, m, 0, &m->images, &m->n));
}

static void unmake(struct maker *m)
{
	pyi_mem_destroy(m->mem);
	pyi_images_destroy(m->images, m->n);
	pyi_maps_deinit(&m->maps);
}

/* The whole file of libc, writable, in memory. */
static char *read_libc(size_t *size)
{
	Dl_info info;
	struct stat st;
	assert_true(dladdr((void *)dlsym(RTLD_NEXT, "hsearch_r"), &info));
	int fd = open(info.dli_fname, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0 && !fstat(fd, &st));
	char *data = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	assert_true(data != MAP_FAILED);
	close(fd);
	*size = (size_t)st.st_size;
	return data;
}

static int memory_file(const void *data, size_t size)
{
	int fd = memfd_create("image", MFD_CLOEXEC);
	assert_true(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	return fd;
}

#define BASE UINT64_C(0x10000000)
static const char whole_map[] =
	"10000000-10400000 r-xp 00000000 08:01 77                     /lib/made.so\n";

static void test_two_copies_and_a_piece(void **state)
{
	(void)state;
	struct maker m = {.file = -1};
	assert_null(pyi_mem_create(&m.mem));
	make(&m, "1000-2000 r--p 00000000 08:01 5 /lib/a.so\n"
		 "2000-3000 r-xp 00001000 08:01 5 /lib/a.so\n"
		 "3000-4000 rw-p 00002000 08:01 5 /lib/a.so\n"
		 "4000-5000 rw-p 00000000 00:00 0 \n"
		 "5000-6000 r--p 00000000 08:01 5 /lib/a.so\n"
		 "6000-7000 r-xp 00001000 08:01 5 /lib/a.so (deleted)\n"
		 "8000-9000 r--p 00000000 08:01 6 /usr/share/locale\n"
		 "9000-a000 r-xp 00001000 08:01 5 /lib/a.so\n"
		 "a000-b000 r-xp 00000000 00:00 0 \n");
	assert_int_equal(m.n, 3);
	struct pyi_image_info info;
	pyi_image_info(m.images[0], &info);
	assert_int_equal(info.lo, 0x1000);
	assert_int_equal(info.hi, 0x4000);
	assert_string_equal(info.path, "/lib/a.so");
	assert_string_equal(info.name, "a.so");
	assert_false(info.has_file);
	assert_int_equal(info.fd, -1);
	assert_string_equal(info.build_id, "");
	pyi_image_info(m.images[1], &info);
	assert_int_equal(info.lo, 0x5000);
	pyi_image_info(m.images[2], &info);
	assert_int_equal(info.lo, 0x9000);
	struct pyi_image_symbol sym;
	assert_false(pyi_image_find_symbol(m.images[0], "x", &sym));
	unmake(&m);
}

/* libffi maps a page of its own text again: that page is looked up through the whole. */
static void test_piece_of_a_whole(void **state)
{
	(void)state;
	size_t size;
	char *data = read_libc(&size), map[256];
	const Elf64_Ehdr *ehdr = (const Elf64_Ehdr *)data;
	const Elf64_Phdr *text = (const Elf64_Phdr *)(data + ehdr->e_phoff);
	while (text->p_type != PT_LOAD || !(text->p_flags & PF_X))
		text++;
	uint64_t offset = (text->p_offset & ~(uint64_t)(P - 1)) + 3 * P, piece = 0x30000000;
	snprintf(map, sizeof(map), "%s%lx-%lx r-xp %08lx 08:01 77    /lib/made.so\n", whole_map,
		 (unsigned long)piece, (unsigned long)piece + P, (unsigned long)offset);
	struct maker m = {.file = memory_file(data, size)};
	assert_null(pyi_mem_create(&m.mem));
	assert_null(pyi_mem_add_buffer(m.mem, BASE, data, size));
	assert_null(pyi_mem_add_buffer(m.mem, piece, data + offset, P));
	make(&m, map);
	assert_int_equal(m.n, 2);
	struct pyi_image_info whole, lone;
	uint64_t lo, len;
	pyi_image_info(m.images[0], &whole);
	pyi_image_info(m.images[1], &lone);
	assert_null(whole.whole);
	assert_ptr_equal(lone.whole, m.images[0]);
	assert_int_equal(lone.bias, piece - offset + text->p_offset - text->p_vaddr);
	assert_false(pyi_image_eh_frame_hdr(m.images[1], &lo, &len));
	unmake(&m);
	close(m.file);
	munmap(data, size);
}

/* Only memory, no file: headers, notes and .dynsym are there nevertheless. */
static void test_without_file(void **state)
{
	(void)state;
	Dl_info dl;
	struct pyi_image_info info, real;
	struct pyi_image_symbol sym, want;
	struct pyi_maps maps;
	struct pyi_image **images;
	size_t n, found = 0;
	struct pyi_image *libc = image_of((void *)dlsym(RTLD_NEXT, "hsearch_r"), &real);
	assert_true(dladdr((void *)dlsym(RTLD_NEXT, "hsearch_r"), &dl));
	assert_true(pyi_image_find_symbol(libc, "hsearch_r", &want));
	struct maker m = {.file = -1};
	assert_null(pyi_maps_read(getpid(), &maps));
	assert_null(pyi_images_create(&maps, self->mem, open_made, &m, 0, &images, &n));
	for (size_t i = 0; i < n; i++) {
		pyi_image_info(images[i], &info);
		if (strcmp(info.path, real.path) != 0)
			continue;
		assert_false(info.has_file);
		assert_int_equal(info.bias, real.bias);
		assert_string_equal(info.build_id, real.build_id);
		assert_true(pyi_image_find_symbol(images[i], "hsearch_r", &sym));
		assert_int_equal(sym.addr, want.addr);
		found++;
	}
	assert_int_equal(found, 1);
	/* The vdso's range of the new images points into them: they must outlive the reads. */
	pyi_target_close(self);
	pyi_images_destroy(images, n);
	pyi_maps_deinit(&maps);
	assert_int_equal(open_self(NULL), 0);
}

/* A file that is not the one that was mapped is not used. */
static void test_other_file(void **state)
{
	(void)state;
	size_t size;
	char *data = read_libc(&size);
	static char other[0x400000];
	memcpy(other, data, size < sizeof(other) ? size : sizeof(other));
	other[0x500] ^= 1;
	struct maker m = {.file = memory_file(data, size)};
	assert_null(pyi_mem_create(&m.mem));
	assert_null(pyi_mem_add_buffer(m.mem, BASE, other, sizeof(other)));
	make(&m, whole_map);
	struct pyi_image_info info;
	pyi_image_info(m.images[0], &info);
	assert_false(info.has_file);
	assert_int_equal(strlen(info.build_id), 40); /* from memory */
	unmake(&m);
	close(m.file);
	munmap(data, size);
}

/* Every byte of the headers and tables may be wrong: no crash, no endless work. */
static void ask_everything(struct maker *m)
{
	for (size_t i = 0; i < m->n; i++) {
		struct pyi_image_info info;
		struct pyi_image_symbol sym;
		uint64_t a, b, two[8][2], three[8][3];
		const void *desc;
		size_t size;
		pyi_image_info(m->images[i], &info);
		pyi_image_find_symbol(m->images[i], "hsearch_r", &sym);
		pyi_image_find_section(m->images[i], ".PyRuntime", &a, &b);
		pyi_image_find_note(m->images[i], "pyinspect", 1, &desc, &size, &a);
		pyi_image_writable_ranges(m->images[i], two, 8);
		pyi_image_readonly_ranges(m->images[i], three, 8);
		pyi_image_eh_frame_hdr(m->images[i], &a, &b);
		pyi_image_unwind_start(m->images[i], BASE + 0x50000, &a);
		pyi_image_load_addr(m->images[i]);
	}
}

static void test_damaged_files(void **state)
{
	(void)state;
	size_t size;
	char *data = read_libc(&size);
	uint64_t seed = 1234567;
	Elf64_Ehdr *ehdr = (Elf64_Ehdr *)data;
	for (int round = 0; round < 150; round++) {
		struct maker m = {.file = -1};
		char saved[8];
		size_t at = 0;
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		uint64_t r = seed >> 33;
		switch (round % 3) {
		case 0: at = r % sizeof(*ehdr); break;
		case 1: at = ehdr->e_phoff + r % (ehdr->e_phnum * sizeof(Elf64_Phdr)); break;
		default: at = ehdr->e_shoff + r % (ehdr->e_shnum * sizeof(Elf64_Shdr)); break;
		}
		at = at > size - 8 ? size - 8 : at;
		memcpy(saved, data + at, 8);
		memset(data + at, round % 2 ? 0xff : (int)(r >> 8), 1 + r % 8);
		size_t cut = round % 5 ? size : r % size;
		m.file = memory_file(data, cut);
		assert_null(pyi_mem_create(&m.mem));
		assert_null(pyi_mem_add_buffer(m.mem, BASE, data, size));
		make(&m, whole_map);
		ask_everything(&m);
		unmake(&m);
		close(m.file);
		memcpy(data + at, saved, 8);
	}
	munmap(data, size);
}

/* Truncated while it is in use: reads fail, nobody gets SIGBUS. */
static void test_truncated_meanwhile(void **state)
{
	(void)state;
	size_t size;
	char *data = read_libc(&size);
	struct maker m = {.file = memory_file(data, size)};
	struct pyi_image_symbol sym;
	struct pyi_image_info info;
	uint8_t byte;
	assert_null(pyi_mem_create(&m.mem));
	assert_null(pyi_mem_add_buffer(m.mem, BASE, data, size));
	make(&m, whole_map);
	pyi_image_info(m.images[0], &info);
	assert_true(info.has_file);
	assert_int_equal(ftruncate(m.file, 5000), 0);
	assert_false(pyi_image_find_symbol(m.images[0], "hsearch_r", &sym));
	struct pyi_error *err = pyi_mem_read_u8(m.mem, BASE + 20 * P, &byte);
	if (err)
		assert_int_equal(err->code, PYI_ERR_FAULT);
	pyi_error_destroy(err);
	unmake(&m);
	close(m.file);
	munmap(data, size);
}

/* --- a deleted file --- */

static void copied_exe(int in, int out)
{
	char path[] = "/tmp/pyi-image-XXXXXX", buf[65536];
	ssize_t n;
	(void)in;
	int from = open("/bin/sleep", O_RDONLY | O_CLOEXEC), to = mkostemp(path, O_CLOEXEC);
	while ((n = read(from, buf, sizeof(buf))) > 0)
		if (write(to, buf, (size_t)n) != n)
			_exit(1);
	fchmod(to, 0700);
	close(to);
	if (fork() == 0) { /* removes it once it runs */
		child_sleep_ms(100);
		unlink(path);
		child_say(out, 'r');
		_exit(0);
	}
	execl(path, path, "100", NULL);
}

static void test_deleted(void **state)
{
	(void)state;
	struct child child;
	struct pyi_target *target;
	size_t exes = 0;
	assert_true(child_start(&child, copied_exe));
	assert_int_equal(child_read(&child), 'r');
	assert_null(pyi_target_open_live(child.pid, &target));
	assert_non_null(strstr(target->exe, "/tmp/pyi-image-"));
	assert_null(strstr(target->exe, "(deleted)"));
	for (size_t i = 0; i < target->n_images; i++) {
		struct pyi_image_info info;
		uint64_t lo, size;
		pyi_image_info(target->images[i], &info);
		if (!info.is_exe)
			continue;
		exes++;
		assert_true(info.deleted);
		assert_string_equal(info.path, target->exe);
		assert_true(pyi_image_eh_frame_hdr(target->images[i], &lo, &size));
		if (geteuid() == 0)
			assert_true(info.has_file);
	}
	assert_int_equal(exes, 1);
	pyi_target_close(target);
	child_end(&child);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agrees_with_loader),
		cmocka_unit_test(test_symbols),
		cmocka_unit_test(test_sections_and_notes),
		cmocka_unit_test(test_file_backed_memory),
		cmocka_unit_test(test_vdso),
		cmocka_unit_test(test_two_copies_and_a_piece),
		cmocka_unit_test(test_piece_of_a_whole),
		cmocka_unit_test(test_without_file),
		cmocka_unit_test(test_other_file),
		cmocka_unit_test(test_damaged_files),
		cmocka_unit_test(test_truncated_meanwhile),
		cmocka_unit_test(test_deleted),
	};
	return cmocka_run_group_tests(tests, open_self, close_self);
}
