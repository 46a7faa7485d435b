/* SPDX-License-Identifier: BSD-2-Clause */
/* The heap of small blocks, also in builds that leave it alone because of a sanitizer. */
#include "world.h"

#include "core/heap.h"

#define MANY 100000

static int heap_setup(void **state)
{
	setenv("PYTHONMALLOC", "pymalloc", 1);
	return world_setup(state);
}

static void blocks_are_aligned_and_apart(void **state)
{
	for (size_t n = 0; n <= PY_HEAP_MAX + 16; n++) {
		char *a = PyMem_Malloc(n), *b = PyMem_Malloc(n);

		assert_int_equal((uintptr_t)a % 16, 0);
		assert_int_equal(_PyHeap_Owns(a), n <= PY_HEAP_MAX);
		memset(a, 1, n);
		memset(b, 2, n);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(a[i], 1);
		if (n && n <= PY_HEAP_MAX)
			assert_int_equal(_PyHeap_PoolOf(a)->block_size, (n + 15) & ~(size_t)15);
		PyMem_Free(a);
		PyMem_Free(b);
	}
	PyMem_Free(NULL);
}

static void calloc_zeroes(void **state)
{
	char *p = PyMem_Malloc(200);

	memset(p, 7, 200);
	PyMem_Free(p);
	p = PyMem_Calloc(20, 10);
	for (int i = 0; i < 200; i++)
		assert_int_equal(p[i], 0);
	PyMem_Free(p);
}

static void realloc_keeps_contents(void **state)
{
	static const size_t sizes[] = {1, 16, 17, 500, 512, 513, 100000, 600, 512, 300, 140, 3, 0};
	unsigned char *p = PyMem_Realloc(NULL, 1);
	size_t had = 1;

	p[0] = 0;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		p = PyMem_Realloc(p, sizes[i]);
		assert_non_null(p);
		for (size_t k = 0; k < had && k < sizes[i]; k++)
			assert_int_equal(p[k], k & 0xff);
		for (size_t k = 0; k < sizes[i]; k++)
			p[k] = (unsigned char)k;
		had = sizes[i];
	}
	PyMem_Free(p);
}

/* Every list and count agrees with what the pools say. */
static void assert_consistent(void)
{
	size_t arenas = 0, listed = 0;

	for (struct _PyArena *arena = _PyRuntime.heap_arenas; arena; arena = arena->next) {
		size_t unused = 0, linked = 0;

		assert_int_equal((uintptr_t)arena % PY_HEAP_ARENA_SIZE, 0);
		assert_true(_PyHeap_Owns(arena));
		for (size_t i = 0; i < PY_HEAP_POOLS; i++)
			unused += !arena->pool[i].block_size;
		for (struct _PyPool *pool = arena->free; pool; pool = pool->next)
			linked++;
		assert_int_equal(unused, arena->free_pools);
		assert_int_equal(linked, arena->free_pools);
		assert_int_equal(PY_HEAP_POOLS, arena->pools);
		arenas++;
	}
	assert_int_equal(arenas, _PyHeap.arenas);
	for (size_t i = 0; i < PY_HEAP_CLASSES; i++)
		for (struct _PyPool *pool = _PyHeap.rings[i].next; pool != &_PyHeap.rings[i];
		     pool = pool->next) {
			assert_int_equal(pool->block_size, (i + 1) * 16);
			assert_ptr_equal(pool->next->prev, pool);
			assert_false(pool->full);
			listed++;
		}
	assert_true(listed > 0);
}

static uint32_t seed = 1;

static uint32_t random_number(void)
{
	seed = seed * 1664525 + 1013904223;
	return seed >> 8;
}

static void random_sizes_and_order(void **state)
{
	static unsigned char *blocks[MANY];
	static uint16_t sizes[MANY];
	size_t before = _PyHeap_BlocksInUse();

	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < MANY * 4; i++) {
			uint32_t at = random_number() % MANY;

			if (blocks[at]) {
				assert_int_equal(blocks[at][0], at & 0xff);
				assert_int_equal(blocks[at][sizes[at] - 1], at & 0xff);
				PyMem_Free(blocks[at]);
				blocks[at] = NULL;
				continue;
			}
			sizes[at] = (uint16_t)(1 + random_number() % PY_HEAP_MAX);
			blocks[at] = PyMem_Malloc(sizes[at]);
			memset(blocks[at], (int)at, sizes[at]);
		}
		assert_consistent();
		for (int i = 0; i < MANY; i++) {
			PyMem_Free(blocks[i]);
			blocks[i] = NULL;
		}
		assert_consistent();
	}
	assert_int_equal(_PyHeap_BlocksInUse(), before);
}

static void empty_arenas_are_returned(void **state)
{
	static void *blocks[MANY];
	size_t most;

	for (int i = 0; i < MANY; i++)
		blocks[i] = PyMem_Malloc(256);
	most = _PyHeap.arenas;
	assert_true(most * PY_HEAP_ARENA_SIZE >= MANY * 256);
	for (int i = 0; i < MANY; i++)
		PyMem_Free(blocks[i]);
	_PyHeap_Trim();
	assert_true(_PyHeap.arenas <= 4);
	assert_true(_PyHeap.arenas_highest >= most);
	assert_consistent();
}

/* One block made and freed over and over at the border of a pool takes nothing from the arena. */
static void borders_do_not_thrash(void **state)
{
	void *first = PyMem_Malloc(496), *p;
	struct _PyPool *pool = _PyHeap_PoolOf(first);
	size_t unused;

	PyMem_Free(first);
	assert_int_equal(pool->used, 0);
	assert_int_equal(pool->block_size, 496);
	unused = _PyHeap_ArenaOf(first)->free_pools;
	p = PyMem_Malloc(496);
	assert_ptr_equal(p, first);
	assert_int_equal(_PyHeap_ArenaOf(first)->free_pools, unused);
	PyMem_Free(p);
}

static void statistics_can_be_printed(void **state)
{
	char *text = NULL;
	size_t n;
	FILE *out = open_memstream(&text, &n);

	assert_non_null(out);
	_PyHeap_PrintStats(out);
	fclose(out);
	assert_non_null(strstr(text, " arenas of 1048576 bytes now"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_are_aligned_and_apart),
		cmocka_unit_test(calloc_zeroes),
		cmocka_unit_test(realloc_keeps_contents),
		cmocka_unit_test(random_sizes_and_order),
		cmocka_unit_test(empty_arenas_are_returned),
		cmocka_unit_test(borders_do_not_thrash),
		cmocka_unit_test(statistics_can_be_printed),
	};

	return cmocka_run_group_tests(tests, heap_setup, NULL);
}
