/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

#include "compiler/arena.h"

static void test_zeroed_aligned_apart(void **state)
{
	struct arena a;
	unsigned char *last = NULL;

	arena_init(&a);
	for (size_t size = 1; size < 20000; size = size * 3 + 1) {
		unsigned char *p = arena_alloc(&a, size);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % 8, 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, size);
		assert_ptr_not_equal(p, last);
		last = p;
	}
	arena_deinit(&a);
}

static void test_owned_objects_go_with_it(void **state)
{
	struct arena a;
	PyObject *list = PyList_New(0);

	arena_init(&a);
	for (int i = 0; i < 100; i++)
		assert_ptr_equal(arena_own(&a, Py_NewRef(list)), list);
	assert_null(arena_own(&a, NULL));
	assert_int_equal(Py_REFCNT(list), 101);
	arena_deinit(&a);
	assert_int_equal(Py_REFCNT(list), 1);
	Py_DECREF(list);
}

static void test_sequence_grows(void **state)
{
	struct arena a;
	struct seq s = {0};
	char items[1000];

	arena_init(&a);
	for (int i = 0; i < 1000; i++)
		assert_true(seq_push(&a, &s, items + i));
	assert_int_equal(s.n, 1000);
	for (int i = 0; i < 1000; i++)
		assert_ptr_equal(s.v[i], items + i);
	arena_deinit(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zeroed_aligned_apart),
		cmocka_unit_test(test_owned_objects_go_with_it),
		cmocka_unit_test(test_sequence_grows),
	};

	return cmocka_run_group_tests(tests, world_setup, NULL);
}
