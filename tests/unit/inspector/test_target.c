/* SPDX-License-Identifier: BSD-2-Clause */
/* What all kinds of targets share. */
#include "target/target.h"

#include "self_target.h"

#include <elf.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static void test_auxv(void **state)
{
	(void)state;
	Elf64_auxv_t entries[] = {{AT_PAGESZ, {4096}}, {AT_PHDR, {0x1234}}, {AT_PHDR, {1}}};
	struct pyi_target target = {.auxv = (uint8_t *)entries, .auxv_size = sizeof(entries)};
	assert_int_equal(pyi_target_auxv(&target, AT_PHDR), 0x1234);
	assert_int_equal(pyi_target_auxv(&target, AT_PAGESZ), 4096);
	assert_int_equal(pyi_target_auxv(&target, AT_ENTRY), 0);
	target.auxv_size = sizeof(entries[0]) + 15; /* the second one is cut */
	assert_int_equal(pyi_target_auxv(&target, AT_PHDR), 0);
	target.auxv_size = 0;
	assert_int_equal(pyi_target_auxv(&target, AT_PAGESZ), 0);
}

static void test_find_image(void **state)
{
	(void)state;
	struct pyi_target self;
	struct pyi_image_info info;
	self_target_init(&self);
	assert_true(self.n_images > 3);
	for (size_t i = 0; i < self.n_images; i++) {
		pyi_image_info(self.images[i], &info);
		assert_ptr_equal(pyi_target_find_image(&self, info.lo), self.images[i]);
		assert_ptr_equal(pyi_target_find_image(&self, info.hi - 1), self.images[i]);
		assert_ptr_not_equal(pyi_target_find_image(&self, info.hi), self.images[i]);
		assert_ptr_not_equal(pyi_target_find_image(&self, info.lo - 1), self.images[i]);
	}
	assert_null(pyi_target_find_image(&self, 0));
	assert_null(pyi_target_find_image(&self, UINT64_MAX));
	self_target_deinit(&self);
	assert_null(pyi_target_find_image(&(struct pyi_target){0}, 4096));
}

static void test_find_thread(void **state)
{
	(void)state;
	struct pyi_thread threads[] = {{.tid = 7}, {.tid = 3}, {.tid = 5}};
	struct pyi_target target = {.threads = threads, .n_threads = 3};
	assert_ptr_equal(pyi_target_find_thread(&target, 3), &threads[1]);
	assert_ptr_equal(pyi_target_find_thread(&target, 5), &threads[2]);
	assert_null(pyi_target_find_thread(&target, 4));
}

static void test_warn_once(void **state)
{
	(void)state;
	struct pyi_target *target = calloc(1, sizeof(*target));
	target->kind = PYI_TARGET_SNAPSHOT;
	pyi_target_warn(target, "no %s", "cheese");
	pyi_target_warn(target, "no %s at all", "bread");
	pyi_target_warn(target, "no cheese");
	assert_int_equal(target->warnings.len, 2);
	assert_string_equal(target->warnings.data[0], "no cheese");
	assert_string_equal(target->warnings.data[1], "no bread at all");
	errno = 0;
	assert_int_equal(pyi_target_open_file(target, "/etc/passwd"), -1);
	assert_int_equal(errno, ENOENT);
	pyi_target_close(target); /* frees the warnings: the sanitizer tells */
	pyi_target_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_auxv),
		cmocka_unit_test(test_find_image),
		cmocka_unit_test(test_find_thread),
		cmocka_unit_test(test_warn_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
