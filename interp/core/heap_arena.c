/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Arenas: pools are taken from the arena that has the fewest left, so that others become empty;
 * empty ones go back to the system, but for a few.
 */
#include "core/heap.h"

#include "core/state.h"

#include <inttypes.h>
#include <sys/mman.h>

/* Lists of arenas by the number of their free pools. */
static struct _PyArena *alike[PY_HEAP_POOLS + 1];
uint64_t _PyHeap_arenas[((size_t)1 << (PY_HEAP_ADDRESS_BITS - PY_HEAP_ARENA_SHIFT)) / 64];

static void link_alike(struct _PyArena *arena)
{
	struct _PyArena **list = &alike[arena->free_pools];

	arena->prev_alike = NULL;
	arena->next_alike = *list;
	if (*list)
		(*list)->prev_alike = arena;
	*list = arena;
}

static void unlink_alike(struct _PyArena *arena)
{
	if (arena->prev_alike)
		arena->prev_alike->next_alike = arena->next_alike;
	else
		alike[arena->free_pools] = arena->next_alike;
	if (arena->next_alike)
		arena->next_alike->prev_alike = arena->prev_alike;
}

static void mark(const struct _PyArena *arena, bool there)
{
	size_t i = (uintptr_t)arena >> PY_HEAP_ARENA_SHIFT;
	uint64_t bit = (uint64_t)1 << (i % 64);

	_PyHeap_arenas[i / 64] = (_PyHeap_arenas[i / 64] & ~bit) | (there ? bit : 0);
}

/* A mapping at a multiple of its size, or NULL. below: where it would lie next to another. */
static void *map_aligned(char *below)
{
	const int prot = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;
	size_t size = PY_HEAP_ARENA_SIZE, before;
	char *p = mmap(below, size, prot, flags, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	if (((uintptr_t)p & (size - 1)) == 0)
		return p;
	munmap(p, size);
	p = mmap(NULL, 2 * size, prot, flags, -1, 0);
	if (p == MAP_FAILED)
		return NULL;
	before = -(uintptr_t)p & (size - 1);
	if (before)
		munmap(p, before);
	munmap(p + before + size, size - before);
	return p + before;
}

static struct _PyArena *new_arena(void)
{
	struct _PyArena *newest = _PyRuntime.heap_arenas;
	struct _PyArena *arena = map_aligned(newest ? (char *)newest - PY_HEAP_ARENA_SIZE : NULL);

	if (!arena)
		return NULL;
	if ((uintptr_t)arena >> PY_HEAP_ADDRESS_BITS) {
		munmap(arena, PY_HEAP_ARENA_SIZE);
		return NULL;
	}
	for (size_t i = PY_HEAP_POOLS; i-- > 0;) {
		arena->pool[i].next = arena->free;
		arena->free = &arena->pool[i];
	}
	arena->free_pools = arena->pools = PY_HEAP_POOLS;
	arena->next = newest;
	if (newest)
		newest->prev = arena;
	__atomic_store_n(&_PyRuntime.heap_arenas, arena, __ATOMIC_RELEASE);
	mark(arena, true);
	link_alike(arena);
	_PyHeap.arenas_mapped++;
	if (++_PyHeap.arenas > _PyHeap.arenas_highest)
		_PyHeap.arenas_highest = _PyHeap.arenas;
	return arena;
}

static void unmap_arena(struct _PyArena *arena)
{
	unlink_alike(arena);
	mark(arena, false);
	if (arena->prev)
		__atomic_store_n(&arena->prev->next, arena->next, __ATOMIC_RELEASE);
	else
		__atomic_store_n(&_PyRuntime.heap_arenas, arena->next, __ATOMIC_RELEASE);
	if (arena->next)
		arena->next->prev = arena->prev;
	_PyHeap.arenas--;
	munmap(arena, PY_HEAP_ARENA_SIZE);
}

struct _PyPool *_PyHeap_TakePool(void)
{
	struct _PyArena *arena = NULL;
	struct _PyPool *pool;

	for (size_t i = 1; !arena && i <= PY_HEAP_POOLS; i++)
		arena = alike[i];
	if (!arena)
		arena = new_arena();
	if (!arena)
		return NULL;
	pool = arena->free;
	unlink_alike(arena);
	arena->free = pool->next;
	arena->free_pools--;
	link_alike(arena);
	pool->free = NULL;
	pool->used = 0;
	/* The first pool has less room: the arena's head stands there. */
	pool->uncarved = pool == arena->pool
				 ? (char *)arena + ((sizeof(*arena) + 15) & ~(size_t)15)
				 : (char *)arena + (size_t)(pool - arena->pool) * PY_HEAP_POOL_SIZE;
	return pool;
}

void _PyHeap_GivePool(struct _PyPool *pool)
{
	struct _PyArena *arena = _PyHeap_ArenaOf(pool), *next;
	size_t spare = 0, most;

	pool->block_size = 0;
	pool->next = arena->free;
	unlink_alike(arena);
	arena->free = pool;
	arena->free_pools++;
	link_alike(arena);
	if (arena->free_pools < arena->pools)
		return;
	/* A quarter of what is in use may wait for the next rise. */
	for (next = alike[PY_HEAP_POOLS]; next; next = next->next_alike)
		spare++;
	most = (_PyHeap.arenas - spare) / 4 + 1;
	for (; spare > most; spare--)
		unmap_arena(alike[PY_HEAP_POOLS]);
}

/* -- Statistics -------------------------------------------------------------------------------- */
struct class_stats {
	size_t pools, used, free;
};

static void count(struct class_stats stats[PY_HEAP_CLASSES])
{
	for (struct _PyArena *arena = _PyRuntime.heap_arenas; arena; arena = arena->next)
		for (size_t i = 0; i < PY_HEAP_POOLS; i++) {
			const struct _PyPool *pool = &arena->pool[i];
			size_t room = PY_HEAP_POOL_SIZE - (i ? 0 : sizeof(*arena));
			struct class_stats *s;

			if (!pool->block_size)
				continue;
			s = &stats[(pool->block_size - 1) >> PY_HEAP_GRAIN_SHIFT];
			s->pools++;
			s->used += pool->used;
			s->free += room / pool->block_size - pool->used;
		}
}

size_t _PyHeap_BlocksInUse(void)
{
	struct class_stats stats[PY_HEAP_CLASSES] = {0};
	size_t n = 0;

	count(stats);
	for (size_t i = 0; i < PY_HEAP_CLASSES; i++)
		n += stats[i].used;
	return n;
}

void _PyHeap_PrintStats(FILE *out)
{
	struct class_stats stats[PY_HEAP_CLASSES] = {0};
	size_t used = 0, unused = 0, pools = 0;

	count(stats);
	fprintf(out, "class   size   pools  blocks in use  blocks free\n"
		     "-----   ----   -----  -------------  -----------\n");
	for (size_t i = 0; i < PY_HEAP_CLASSES; i++) {
		size_t size = (i + 1) << PY_HEAP_GRAIN_SHIFT;

		if (!stats[i].pools)
			continue;
		fprintf(out, "%5zu  %5zu  %6zu  %13zu  %11zu\n", i, size, stats[i].pools,
			stats[i].used, stats[i].free);
		pools += stats[i].pools;
		used += stats[i].used * size;
		unused += stats[i].free * size;
	}
	fprintf(out,
		"\n%zu arenas of %zu bytes now, %zu at most, %zu mapped in all\n"
		"%zu pools of %zu bytes in use\n"
		"%zu bytes in blocks in use, %zu bytes in blocks that are free\n",
		_PyHeap.arenas, PY_HEAP_ARENA_SIZE, _PyHeap.arenas_highest, _PyHeap.arenas_mapped,
		pools, PY_HEAP_POOL_SIZE, used, unused);
	if (_PyHeap.disabled)
		fputs("All memory is the C library's.\n", out);
}
