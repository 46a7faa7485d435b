/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Blocks and pools. A pool is in its class's ring exactly while blocks can be taken from it, but a
 * pool that gives its last one stays until the next block is asked for.
 */
#include "core/heap.h"

/* Blocks are made as they are needed, a page's worth at a time. */
#define CARVE_SIZE 4096

struct _PyHeapState _PyHeap;

void _PyHeap_Init(void)
{
	const char *wanted = getenv("PYTHONMALLOC");

	for (unsigned i = 0; i < PY_HEAP_CLASSES; i++)
		_PyHeap.rings[i].next = _PyHeap.rings[i].prev = &_PyHeap.rings[i];
	_PyHeap.disabled = PY_SANITIZED;
	if (wanted && strcmp(wanted, "malloc") == 0)
		_PyHeap.disabled = true;
	else if (wanted && strcmp(wanted, "pymalloc") == 0)
		_PyHeap.disabled = false;
}

static void link_first(struct _PyPool *pool)
{
	struct _PyPool *ring = &_PyHeap.rings[(pool->block_size - 1) >> PY_HEAP_GRAIN_SHIFT];

	pool->full = false;
	pool->next = ring->next;
	pool->prev = ring;
	ring->next->prev = pool;
	ring->next = pool;
}

static void unlink_pool(struct _PyPool *pool)
{
	pool->prev->next = pool->next;
	pool->next->prev = pool->prev;
}

static char *pool_end(const struct _PyPool *pool)
{
	struct _PyArena *arena = _PyHeap_ArenaOf(pool);

	return (char *)arena + ((size_t)(pool - arena->pool) + 1) * PY_HEAP_POOL_SIZE;
}

/* Makes some more blocks; false: there is no room for one. */
static bool carve(struct _PyPool *pool)
{
	size_t size = pool->block_size, room = (size_t)(pool_end(pool) - pool->uncarved);
	size_t n = (room < CARVE_SIZE ? room : CARVE_SIZE) / size;

	for (size_t i = n; i-- > 0;) {
		void **block = (void **)(pool->uncarved + i * size);

		*block = pool->free;
		pool->free = block;
	}
	pool->uncarved += n * size;
	return n > 0;
}

void *_PyHeap_AllocSlowly(size_t n)
{
	size_t which = (n - 1) >> PY_HEAP_GRAIN_SHIFT;
	struct _PyPool *ring = &_PyHeap.rings[which], *pool;

	if (_PyHeap.disabled)
		return malloc(n);
	for (pool = ring->next; pool != ring; pool = ring->next) {
		if (pool->free || carve(pool))
			return _PyHeap_Alloc(n);
		unlink_pool(pool);
		pool->full = true;
	}
	pool = _PyHeap_TakePool();
	if (!pool)
		return malloc(n);
	pool->block_size = (uint16_t)((which + 1) << PY_HEAP_GRAIN_SHIFT);
	link_first(pool);
	carve(pool);
	return _PyHeap_Alloc(n);
}

/* Each class keeps one empty pool, so that a block made and freed over and over costs nothing. */
void _PyHeap_PoolIsEmpty(struct _PyPool *pool)
{
	if (pool->full)
		link_first(pool);
	if (pool->next == pool->prev)
		return;
	unlink_pool(pool);
	_PyHeap_GivePool(pool);
}

/* Kept empty pools can hold on to an arena each. */
void _PyHeap_Trim(void)
{
	for (unsigned i = 0; i < PY_HEAP_CLASSES; i++) {
		struct _PyPool *ring = &_PyHeap.rings[i], *pool = ring->next;

		while (pool != ring) {
			struct _PyPool *next = pool->next;

			if (pool->used == 0) {
				unlink_pool(pool);
				_PyHeap_GivePool(pool);
			}
			pool = next;
		}
	}
}

void _PyHeap_PoolIsNotFull(struct _PyPool *pool)
{
	link_first(pool);
}
