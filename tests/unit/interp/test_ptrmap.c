/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

#include "compiler/ptrmap.h"

static void test_keys_keep_their_values(void **state)
{
	static int64_t keys[2000];
	struct arena a;
	struct ptrmap m = {0};

	arena_init(&a);
	assert_null(ptrmap_get(&m, keys));
	for (int i = 0; i < 1000; i++)
		assert_true(ptrmap_put(&a, &m, keys + i, keys + 1999 - i));
	for (int i = 0; i < 1000; i++)
		assert_ptr_equal(ptrmap_get(&m, keys + i), keys + 1999 - i);
	for (int i = 1000; i < 2000; i++)
		assert_null(ptrmap_get(&m, keys + i));
	assert_int_equal(m.used, 1000);
	arena_deinit(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys_keep_their_values),
	};

	return cmocka_run_group_tests(tests, world_setup, NULL);
}
