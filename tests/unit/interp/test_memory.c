/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

#include "core/heap.h"

static void test_small_blocks_are_the_heaps(void **state)
{
	void *small = PyMem_Malloc(PY_HEAP_MAX), *large = PyMem_Malloc(PY_HEAP_MAX + 1);

	assert_true(_PyHeap_Owns(small));
	assert_false(_PyHeap_Owns(large));
	PyMem_Free(small);
	PyMem_Free(large);
}

static void test_nothing_is_still_a_block(void **state)
{
	void *a = PyMem_Malloc(0), *b = PyMem_Malloc(0);

	assert_non_null(a);
	assert_ptr_not_equal(a, b);
	PyMem_Free(a);
	PyMem_Free(b);
	PyMem_Free(NULL);
}

static void test_too_large_is_refused(void **state)
{
	assert_null(PyMem_Malloc((size_t)PY_SSIZE_T_MAX + 1));
	assert_null(PyMem_Calloc(SIZE_MAX / 2, 3));
	assert_null(PyMem_RawMalloc((size_t)PY_SSIZE_T_MAX + 1));
}

/* Through all classes into the C library's memory and back. */
static void test_realloc_keeps_the_bytes(void **state)
{
	size_t sizes[] = {8, 40, 300, PY_HEAP_MAX + 100, 100000, 700, 24, 8};
	unsigned char *p = PyMem_Realloc(NULL, 8);

	for (int i = 0; i < 8; i++)
		p[i] = (unsigned char)(i * 7 + 1);
	for (size_t s = 0; s < sizeof(sizes) / sizeof(*sizes); s++) {
		p = PyMem_Realloc(p, sizes[s]);
		assert_non_null(p);
		for (int i = 0; i < 8; i++)
			assert_int_equal(p[i], i * 7 + 1);
	}
	PyMem_Free(p);
}

static void test_calloc_clears_used_blocks(void **state)
{
	unsigned char *p = PyMem_Malloc(64);

	memset(p, 0xff, 64);
	PyMem_Free(p);
	p = PyMem_Calloc(8, 8);
	for (int i = 0; i < 64; i++)
		assert_int_equal(p[i], 0);
	PyMem_Free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small_blocks_are_the_heaps),
		cmocka_unit_test(test_nothing_is_still_a_block),
		cmocka_unit_test(test_too_large_is_refused),
		cmocka_unit_test(test_realloc_keeps_the_bytes),
		cmocka_unit_test(test_calloc_clears_used_blocks),
	};

	return cmocka_run_group_tests(tests, world_setup, NULL);
}
