/* SPDX-License-Identifier: BSD-2-Clause */
/* The parser of memory maps. */
#include "target/maps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <cmocka.h>

static struct pyi_maps parse(const char *text)
{
	struct pyi_maps maps = {0};
	assert_null(pyi_maps_parse(text, strlen(text), &maps));
	return maps;
}

static void test_lines(void **state)
{
	(void)state;
	struct pyi_maps maps = parse(
		"00400000-0041f000 r-xp 00001000 fe:01 1234                      /usr/bin/my prog\n"
		"00600000-00601000 rw-s 00000000 00:05 9                  /dev/shm/x (deleted)\n"
		"7f0000000000-7f0000001000 ---p 00000000 00:00 0 \n"
		"7ffe00000000-7ffe00021000 rw-p 00000000 00:00 0                 [stack]\n"
		"ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0         [vsyscall]");
	assert_int_equal(maps.n, 5);
	assert_int_equal(maps.maps[0].lo, 0x400000);
	assert_int_equal(maps.maps[0].hi, 0x41f000);
	assert_int_equal(maps.maps[0].offset, 0x1000);
	assert_int_equal(maps.maps[0].dev, makedev(0xfe, 1));
	assert_int_equal(maps.maps[0].inode, 1234);
	assert_int_equal(maps.maps[0].perm, PYI_PERM_R | PYI_PERM_X);
	assert_string_equal(maps.maps[0].path, "/usr/bin/my prog");
	assert_false(maps.maps[0].deleted);
	assert_string_equal(maps.maps[1].path, "/dev/shm/x");
	assert_true(maps.maps[1].deleted);
	assert_int_equal(maps.maps[1].perm, PYI_PERM_R | PYI_PERM_W | PYI_PERM_SHARED);
	assert_string_equal(maps.maps[2].path, "");
	assert_string_equal(maps.maps[3].path, "[stack]");
	assert_string_equal(maps.maps[4].path, "[vsyscall]");
	assert_ptr_equal(pyi_maps_find(&maps, 0x400000), &maps.maps[0]);
	assert_ptr_equal(pyi_maps_find(&maps, 0x41efff), &maps.maps[0]);
	assert_null(pyi_maps_find(&maps, 0x41f000));
	assert_null(pyi_maps_find(&maps, 0));
	assert_null(pyi_maps_find(&maps, UINT64_MAX));
	assert_ptr_equal(pyi_maps_find(&maps, 0xffffffffff600fff), &maps.maps[4]);
	pyi_maps_deinit(&maps);
	assert_null(pyi_maps_find(&maps, 5));
}

static void test_escaped_newline(void **state)
{
	(void)state;
	struct pyi_maps maps = parse("1000-2000 r--p 00000000 00:01 5    /a\\012b\\0 (deleted) \n");
	assert_string_equal(maps.maps[0].path, "/a\nb\\0 (deleted) ");
	assert_false(maps.maps[0].deleted);
	pyi_maps_deinit(&maps);
}

/* The kernel hands the text out in parts; a mapping that grew meanwhile overlaps the last one. */
static void test_overlap(void **state)
{
	(void)state;
	struct pyi_maps maps = parse("1000-3000 r--p 00000000 00:01 5 /a\n"
				     "2000-4000 r--p 00001000 00:01 5 /a\n"
				     "2000-3000 r--p 00000000 00:01 5 /b\n"
				     "5000-6000 r--p 00000000 00:01 5 /c\n");
	assert_int_equal(maps.n, 3);
	assert_int_equal(maps.maps[1].lo, 0x3000);
	assert_int_equal(maps.maps[1].offset, 0x2000);
	assert_string_equal(maps.maps[2].path, "/c");
	pyi_maps_deinit(&maps);
}

static void test_malformed(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"garbage\n",
		"1000-2000\n",
		"2000-1000 r--p 00000000 00:01 5 /a\n",
		"1000-1000 r--p 00000000 00:01 5 /a\n",
		"1000-2000 rqxp 00000000 00:01 5 /a\n",
		"1000-2000 r--p 00000000 00-01 5 /a\n",
		"1000-2000 r--p 00000000 00:01\n",
		"11112222333344445-2000 r--p 00000000 00:01 5 /a\n",
		"1000-2000 r--p 00000000 00:01 99999999999999999999999 /a\n",
		"1000-2000 r--p 00000000 00:01 5 /a\n\n",
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct pyi_maps maps = {0};
		struct pyi_error *err = pyi_maps_parse(bad[i], strlen(bad[i]), &maps);
		assert_non_null(err);
		assert_int_equal(err->code, PYI_ERR_BAD_DATA);
		assert_null(maps.maps);
		pyi_error_destroy(err);
	}
}

static void test_every_cut(void **state)
{
	(void)state;
	static const char text[] = "1000-2000 r--p 00000000 00:01 5 /a (deleted)\n"
				   "3000-4000 r--p 00000000 00:01 5 /b\n";
	for (size_t n = 0; n < sizeof(text); n++) {
		struct pyi_maps maps = {0};
		char *copy = malloc(n ? n : 1); /* exact size: a sanitizer sees reads behind it */
		memcpy(copy, text, n);
		struct pyi_error *err = pyi_maps_parse(copy, n, &maps);
		assert_true(!err || err->code == PYI_ERR_BAD_DATA);
		pyi_error_destroy(err);
		pyi_maps_deinit(&maps);
		free(copy);
	}
}

static void test_own(void **state)
{
	(void)state;
	struct pyi_maps maps = {0};
	int local;
	assert_null(pyi_maps_read(getpid(), &maps));
	const struct pyi_map *map = pyi_maps_find(&maps, (uint64_t)&local);
	assert_non_null(map);
	assert_true(map->perm & PYI_PERM_W);
	map = pyi_maps_find(&maps, (uint64_t)&test_own);
	assert_true(map->perm & PYI_PERM_X);
	assert_non_null(strstr(map->path, "test_maps"));
	pyi_maps_deinit(&maps);
	struct pyi_error *err = pyi_maps_read(0x3fffffff, &maps);
	assert_int_equal(err->code, PYI_ERR_NOT_FOUND);
	pyi_error_destroy(err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),     cmocka_unit_test(test_escaped_newline),
		cmocka_unit_test(test_overlap),   cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_every_cut), cmocka_unit_test(test_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
