/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as an ELF file that a target has mapped, and everything that is asked of a module: its
 * headers, notes, sections, symbols, unwind entries, source lines, its own debug file (the file
 * names itself), and a walk through its code. Byte 15, padding of e_ident, says how it is mapped.
 */
#include "native/debugfile.h"
#include "native/symbolize.h"
#include "native/unwind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BASE  0x7f0000000000ull
#define STACK 0x7fff00000000ull
#define PAGE  PYI_PAGE_SIZE

enum { AS_VDSO = 1, NO_FILE = 2, SPLIT = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int open_again(void *arg, const struct pyi_map *map, const char **status)
{
	(void)map;
	return dup(*(const int *)arg);
}

/* A name in this folder is a descriptor: where a debug file is looked for beside the module, the
 * input's own is found. */
static void write_maps(char *text, size_t max, size_t size, unsigned how)
{
	const uint64_t end = BASE + (size + PAGE - 1) / PAGE * PAGE;

	if (how & AS_VDSO)
		snprintf(text, max, "%llx-%llx r-xp 00000000 00:00 0 [vdso]\n", BASE,
			 (unsigned long long)end);
	else if (how & SPLIT && end > BASE + 2 * PAGE)
		snprintf(text, max,
			 "%llx-%llx r--p 00000000 00:01 7 /proc/self/fd/module\n"
			 "%llx-%llx r-xp 00001000 00:01 7 /proc/self/fd/module\n"
			 "%llx-%llx rw-p 00002000 00:01 7 /proc/self/fd/module\n"
			 "%llx-%llx rw-p 00000000 00:00 0\n",
			 BASE, BASE + PAGE, BASE + PAGE, BASE + 2 * PAGE, BASE + 2 * PAGE,
			 (unsigned long long)end, (unsigned long long)end,
			 (unsigned long long)end + PAGE);
	else
		snprintf(text, max, "%llx-%llx r-xp 00000000 00:01 7 /proc/self/fd/module\n", BASE,
			 (unsigned long long)end);
}

static void ask(const struct pyi_image *image)
{
	static const char *const names[] = {"_PyRuntime", "local_one",   "exported",
					    ".text",      ".debug_info", ".data"};
	struct pyi_image_info info;
	struct pyi_image_symbol symbol;
	uint64_t lo, size, two[4][2], three[4][3];
	const void *desc;
	size_t desc_size, n;
	char *name = NULL;
	int fd;

	pyi_image_info(image, &info);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		pyi_image_find_symbol(image, names[i], &symbol);
		pyi_image_find_section(image, names[i], &lo, &size);
	}
	if (pyi_image_find_note(image, "GNU", 3, &desc, &desc_size, &lo) && desc_size)
		(void)*((const volatile uint8_t *)desc + desc_size - 1);
	pyi_image_writable_ranges(image, two, 4);
	n = pyi_image_readonly_ranges(image, three, 4);
	for (size_t i = 0; i < n; i++)
		if (three[i][0] >= three[i][1] || three[i][0] < info.lo || three[i][1] > info.hi)
			abort();
	pyi_image_load_addr(image);
	if (info.has_file && info.build_id[0]) {
		fd = pyi_debugfile_open(info.build_id, info.path, "3", &name);
		if (fd >= 0) {
			close(fd);
			free(name);
		}
	}
}

static void symbolize(struct pyi_target *target, uint64_t lo, uint64_t hi)
{
	struct pyi_symbolizer *sym;
	const struct pyi_native_name *names;
	uint64_t start;
	size_t n;

	if (pyi_symbolizer_create(target, true, &sym))
		abort();
	for (uint64_t pc = lo; pc < hi; pc += 37) {
		names = pyi_symbolize(sym, pc, pc & 1, &n);
		for (size_t i = 0; i < n; i++)
			if (names[i].function && strlen(names[i].function) > 1 << 20)
				abort();
		if (pyi_image_unwind_start(target->images[0], pc, &start) && start > pc)
			abort();
	}
	pyi_symbolizer_destroy(sym);
}

static void unwind(struct pyi_target *target, uint64_t lo, uint64_t hi)
{
	struct pyi_unwinder *uw;
	struct pyi_native_stack stack;
	struct pyi_thread thread = {.tid = 1, .have_regs = true, .regs.rsp = STACK};

	if (pyi_unwinder_create(target, &uw))
		abort();
	for (uint64_t pc = lo; pc < hi; pc += 61) {
		thread.regs.rip = pc;
		thread.regs.rbp = STACK + 64;
		if (pyi_unwind(uw, &thread, 64, &stack))
			abort();
		if (stack.frames.len > 64)
			abort();
		pyi_native_stack_deinit(&stack);
	}
	pyi_unwinder_destroy(uw);
}

/* A stack of return addresses into the module and of frame pointers. */
static void fill_stack(uint64_t *stack, size_t n, size_t size)
{
	for (size_t i = 0; i < n; i++)
		stack[i] = i % 3 ? BASE + i * 41 % size : STACK + i * 8 + 24;
}

static void look(struct pyi_target *target, size_t size)
{
	const uint64_t step = size / 24 + 1;

	for (size_t i = 0; i < target->n_images; i++)
		ask(target->images[i]);
	if (!target->n_images)
		return;
	for (uint64_t at = BASE; at < BASE + size; at += 8 * step)
		symbolize(target, at, at + 300);
	unwind(target, BASE + PAGE < BASE + size ? BASE + PAGE : BASE, BASE + size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint64_t stack[256];
	struct pyi_target target = {.pid = 1};
	char text[512];
	unsigned how;
	int fd;

	if (size < 64 || size > 65536)
		return 0;
	how = data[15];
	fd = how & NO_FILE ? -1 : memfd_create("module", MFD_CLOEXEC);
	if (fd >= 0 && write(fd, data, size) != (ssize_t)size)
		abort();
	write_maps(text, sizeof(text), size, how);
	fill_stack(stack, 256, size);
	if (pyi_mem_create(&target.mem) || pyi_maps_parse(text, strlen(text), &target.maps) ||
	    pyi_mem_add_buffer(target.mem, BASE, data, size) ||
	    pyi_mem_add_buffer(target.mem, STACK, stack, sizeof(stack)) ||
	    pyi_images_create(&target.maps, target.mem, fd >= 0 ? open_again : NULL, &fd, BASE + 64,
			      &target.images, &target.n_images))
		abort();
	look(&target, size);
	pyi_images_destroy(target.images, target.n_images);
	pyi_mem_destroy(target.mem);
	pyi_maps_deinit(&target.maps);
	if (fd >= 0)
		close(fd);
	return 0;
}
