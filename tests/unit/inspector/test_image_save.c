/* SPDX-License-Identifier: BSD-2-Clause */
/* Our own modules, saved and made again from the pages and notes that saving keeps. */
#include "self_target.h"

#include "target/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

static struct pyi_target self;
static struct pyi_notes *notes;
static struct pyi_pages pages;

static void keep(void *arg, uint64_t addr, const void *data)
{
	pyi_pages_add(&pages, addr, data);
}

static int set_up(void **state)
{
	const struct pyi_mem_source source = {.readv = self_readv, .cached = true};

	memset(&self, 0, sizeof(self));
	pages = (struct pyi_pages){0};
	assert_null(pyi_notes_create(NULL, &notes));
	assert_null(pyi_mem_create(&self.mem));
	assert_null(pyi_mem_add(self.mem, 0, 0, &source));
	assert_null(pyi_maps_read(getpid(), &self.maps));
	assert_null(pyi_images_create(&self.maps, self.mem, self_open, NULL, getauxval(AT_PHDR),
				      &self.images, &self.n_images));
	pyi_images_set_notes(self.images, self.n_images, notes);
	return 0;
}

static int tear_down(void **state)
{
	pyi_pages_deinit(&pages);
	self_target_deinit(&self);
	pyi_notes_destroy(notes);
	return 0;
}

/* Saves all images but the one at `without`; what there is then, from pages and notes alone. */
static void restore(size_t without, struct pyi_target *again)
{
	for (size_t i = 0; i < self.n_images; i++)
		if (i != without)
			pyi_image_save(self.images[i]);
	pyi_mem_for_each_page(self.mem, keep, NULL);
	memset(again, 0, sizeof(*again));
	assert_null(pyi_mem_create(&again->mem));
	for (size_t i = 0; i < pages.list.len; i++)
		if (pages.list.data[i].held)
			assert_null(pyi_mem_add_buffer(again->mem, pages.list.data[i].addr,
						       pages.bytes.data + pages.list.data[i].at,
						       PYI_PAGE_SIZE));
	assert_null(pyi_images_create(&self.maps, again->mem, NULL, NULL, getauxval(AT_PHDR),
				      &again->images, &again->n_images));
	pyi_images_set_notes(again->images, again->n_images, notes);
	pyi_images_restore(again->images, &again->n_images);
}

static void release(struct pyi_target *again)
{
	pyi_images_destroy(again->images, again->n_images);
	pyi_mem_destroy(again->mem);
}

static void test_same_images(void **state)
{
	struct pyi_target again;
	size_t files = 0, vdso = 0;

	restore(SIZE_MAX, &again);
	for (size_t i = 0; i < self.n_images; i++) {
		struct pyi_image_info a, b;

		pyi_image_info(self.images[i], &a);
		if (a.path[0] == '[') { /* its bytes are no pages of the cache */
			vdso++;
			continue;
		}
		pyi_image_info(again.images[i - vdso], &b);
		assert_string_equal(a.path, b.path);
		assert_int_equal(a.lo, b.lo);
		assert_int_equal(a.hi, b.hi);
		assert_int_equal(a.bias, b.bias);
		assert_int_equal(a.has_file, b.has_file);
		assert_int_equal(a.is_exe, b.is_exe);
		assert_string_equal(a.build_id, b.build_id);
		assert_int_equal(b.fd, -1);
		files += b.has_file;
	}
	assert_int_equal(again.n_images + vdso, self.n_images);
	assert_true(files >= 2);
	release(&again);
}

static struct pyi_image *image_of(struct pyi_target *target, uint64_t addr)
{
	for (size_t i = 0; i < target->n_images; i++) {
		struct pyi_image_info info;

		pyi_image_info(target->images[i], &info);
		if (addr >= info.lo && addr < info.hi)
			return target->images[i];
	}
	return NULL;
}

/* Only what was asked before can be answered, and "there is none" is an answer. */
static void test_answers(void **state)
{
	struct pyi_image *libc = image_of(&self, (uint64_t)(uintptr_t)&getpid);
	struct pyi_image_symbol symbol, same;
	uint64_t lo, size, lo2, size2;
	struct pyi_target again;

	assert_non_null(libc);
	assert_true(pyi_image_find_symbol(libc, "getpid", &symbol));
	assert_false(pyi_image_find_symbol(libc, "no such symbol", &same));
	assert_true(pyi_image_find_section(libc, ".text", &lo, &size));
	restore(SIZE_MAX, &again);
	libc = image_of(&again, (uint64_t)(uintptr_t)&getpid);
	assert_true(pyi_image_find_symbol(libc, "getpid", &same));
	assert_int_equal(same.addr, symbol.addr);
	assert_int_equal(same.size, symbol.size);
	assert_false(pyi_image_find_symbol(libc, "no such symbol", &same));
	assert_false(pyi_image_find_symbol(libc, "getppid", &same));
	assert_true(pyi_image_find_section(libc, ".text", &lo2, &size2));
	assert_int_equal(lo2, lo);
	assert_int_equal(size2, size);
	assert_false(pyi_image_find_section(libc, ".data", &lo2, &size2));
	assert_true(pyi_image_eh_frame_hdr(libc, &lo, &size)); /* by the headers, not the notes */
	release(&again);
}

static void test_unsaved_image(void **state)
{
	struct pyi_target again;
	struct pyi_image_info info;

	pyi_image_info(self.images[0], &info);
	restore(0, &again);
	assert_null(image_of(&again, info.lo));
	assert_true(again.n_images > 0);
	release(&again);
}

/* A build id that is none must not get into file names. */
static void test_odd_notes(void **state)
{
	struct pyi_target again;
	struct pyi_image_info info, same;

	restore(SIZE_MAX, &again);
	pyi_image_info(again.images[0], &info);
	pyi_notes_put(notes, "images",
		      json_pack("{ss ss}", "build_id", "../../etc/passwd", "bias", "x"), "0x%llx",
		      (unsigned long long)info.lo);
	pyi_images_restore(again.images, &again.n_images);
	pyi_image_info(again.images[0], &same);
	assert_string_equal(same.build_id, info.build_id);
	assert_false(same.has_file);
	release(&again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_same_images, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_answers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_unsaved_image, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_odd_notes, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
