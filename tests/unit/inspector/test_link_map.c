/* SPDX-License-Identifier: BSD-2-Clause */
#include "target/link_map.h"

#include <elf.h>
#include <link.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "self_target.h"

#define BASE 0x100000u

/* A program at BASE with its dynamic section, and a list of modules; a page each. */
static struct image {
	_Alignas(4096) Elf64_Phdr phdrs[2];
	_Alignas(4096) Elf64_Dyn dyn[2];
	_Alignas(4096) struct r_debug debug;
	_Alignas(4096) struct link_map maps[2];
	_Alignas(4096) char name[4096];
} image;

static uint64_t addr_of(const void *at)
{
	return BASE + (uint64_t)((const char *)at - (const char *)&image);
}

static void read_image(void *arg, struct pyi_mem_iov *iov, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool held = iov[i].addr >= BASE && iov[i].addr - BASE < sizeof(image);

		iov[i].got = held ? iov[i].len : 0;
		if (held)
			memcpy(iov[i].buf, (char *)&image + (iov[i].addr - BASE), iov[i].len);
	}
}

static void count(void *arg, uint64_t addr, const void *data)
{
	*(size_t *)arg += data != NULL;
}

/* How many pages are cached after a look. */
static size_t touch(void)
{
	Elf64_auxv_t auxv[] = {{AT_PHDR, {BASE}}, {AT_PHNUM, {2}}};
	struct pyi_mem_source source = {.readv = read_image, .cached = true};
	struct pyi_target target = {.auxv = (uint8_t *)auxv, .auxv_size = sizeof(auxv)};
	size_t n = 0;

	assert_null(pyi_mem_create(&target.mem));
	assert_null(pyi_mem_add(target.mem, 0, 0, &source));
	pyi_link_map_touch(&target);
	pyi_mem_for_each_page(target.mem, count, &n);
	pyi_mem_destroy(target.mem);
	return n;
}

static int set_up(void **state)
{
	memset(&image, 0, sizeof(image));
	image.phdrs[0] = (Elf64_Phdr){.p_type = PT_PHDR, .p_vaddr = 0x40};
	image.phdrs[1] =
		(Elf64_Phdr){.p_type = PT_DYNAMIC, .p_vaddr = addr_of(image.dyn) - (BASE - 0x40)};
	image.dyn[0] = (Elf64_Dyn){DT_DEBUG, {addr_of(&image.debug)}};
	image.debug.r_map = (void *)addr_of(image.maps);
	image.maps[0].l_next = (void *)addr_of(&image.maps[1]);
	image.maps[0].l_name = image.maps[1].l_name = (void *)addr_of(image.name);
	return 0;
}

static void test_all(void **state)
{
	assert_int_equal(touch(), 5);
}

static void test_endless(void **state)
{
	image.maps[1].l_next = (void *)addr_of(image.maps);
	assert_int_equal(touch(), 5);
}

static void test_broken(void **state)
{
	image.maps[1].l_name = (void *)UINT64_MAX;
	image.maps[0].l_name = (void *)8;
	assert_int_equal(touch(), 4);
	image.debug.r_map = (void *)(UINT64_MAX - 4);
	assert_int_equal(touch(), 3);
	image.dyn[0].d_tag = DT_NULL;
	assert_int_equal(touch(), 2);
	image.phdrs[1].p_vaddr = UINT64_MAX;
	assert_int_equal(touch(), 1);
}

struct loaded {
	struct pyi_target *target;
	const size_t *places;
	size_t n, ordered;
};

/* As the dynamic linker says itself: the program, then what it needs. */
static int compare_place(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct loaded *loaded = arg;

	for (size_t i = 0; i < loaded->target->n_images; i++) {
		struct pyi_image_info image_info;

		pyi_image_info(loaded->target->images[i], &image_info);
		if (image_info.bias == info->dlpi_addr && !image_info.whole)
			loaded->ordered += loaded->places[i] == loaded->n;
	}
	loaded->n++;
	return 0;
}

static void test_places_of_this_process(void **state)
{
	struct loaded loaded;
	struct pyi_target target;
	uint8_t auxv[4096];
	FILE *file = fopen("/proc/self/auxv", "r");

	assert_non_null(file);
	self_target_init(&target);
	target.auxv = auxv;
	target.auxv_size = fread(auxv, 1, sizeof(auxv), file);
	fclose(file);
	loaded = (struct loaded){.target = &target, .places = pyi_link_map_places(&target)};
	assert_non_null(loaded.places);
	dl_iterate_phdr(compare_place, &loaded);
	assert_true(loaded.n >= 3);
	assert_int_equal(loaded.ordered, loaded.n);
	free((void *)loaded.places);
	self_target_deinit(&target);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places_of_this_process),
		cmocka_unit_test_setup(test_all, set_up),
		cmocka_unit_test_setup(test_endless, set_up),
		cmocka_unit_test_setup(test_broken, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
