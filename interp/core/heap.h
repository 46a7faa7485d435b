/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The heap of small blocks: up to 512 bytes, in classes 16 bytes apart, 16-aligned.
 *
 * An arena is a mapping of 1 MiB at a multiple of 1 MiB, cut into pools of 16 KiB; a pool holds
 * blocks of one class. What there is to know of an arena's pools stands together at its start, so
 * that their heads do not all fall on the same cache lines. Anything larger comes from the C
 * library; _PyHeap_arenas tells the two apart.
 *
 * Only for the holder of the GIL: memory that is used without it is PyMem_Raw's.
 */
#ifndef MINIPY_CORE_HEAP_H
#define MINIPY_CORE_HEAP_H

#include "core/object.h"

/* Builds that look for faults make arenas smaller. */
#ifndef PY_HEAP_ARENA_SHIFT
#define PY_HEAP_ARENA_SHIFT 20
#endif
#define PY_HEAP_ARENA_SIZE  ((size_t)1 << PY_HEAP_ARENA_SHIFT)
#define PY_HEAP_POOL_SHIFT  14
#define PY_HEAP_POOL_SIZE   ((size_t)1 << PY_HEAP_POOL_SHIFT)
#define PY_HEAP_POOLS       (PY_HEAP_ARENA_SIZE / PY_HEAP_POOL_SIZE)
#define PY_HEAP_GRAIN_SHIFT 4
#define PY_HEAP_MAX         ((size_t)512)
#define PY_HEAP_CLASSES     (PY_HEAP_MAX >> PY_HEAP_GRAIN_SHIFT)
/* What mmap gives out to those who do not ask for more. */
#define PY_HEAP_ADDRESS_BITS 47

struct _PyPool {
	void *free;                  /* blocks, linked through their first word */
	struct _PyPool *next, *prev; /* in the ring of its class; next: in its arena's list */
	char *uncarved;              /* from here to the end no blocks have been made yet */
	uint16_t used;               /* blocks given out */
	uint16_t block_size;         /* bytes; 0: the pool is free */
	bool full;                   /* nothing free, nothing uncarved: in no ring */
};

struct _PyArena {
	struct _PyArena *next, *prev;             /* all of them; read from outside */
	struct _PyArena *next_alike, *prev_alike; /* those with as many free pools */
	struct _PyPool *free;                     /* linked through next */
	uint32_t free_pools;
	uint32_t pools;
	struct _PyPool pool[PY_HEAP_POOLS];
};

struct _PyHeapState {
	/* A class's pools that blocks can be taken from. The heads have nothing free for ever. */
	struct _PyPool rings[PY_HEAP_CLASSES];
	bool disabled; /* all is the C library's: $PYTHONMALLOC=malloc, sanitizers */
	size_t arenas, arenas_highest, arenas_mapped;
};
extern struct _PyHeapState _PyHeap;
/* One bit for each multiple of PY_HEAP_ARENA_SIZE: an arena is there. */
extern uint64_t _PyHeap_arenas[((size_t)1 << (PY_HEAP_ADDRESS_BITS - PY_HEAP_ARENA_SHIFT)) / 64];

void _PyHeap_Init(void);
void *_PyHeap_AllocSlowly(size_t n);
void _PyHeap_PoolIsEmpty(struct _PyPool *pool);
void _PyHeap_PoolIsNotFull(struct _PyPool *pool);
/* Gives back the empty pools that classes have kept. */
void _PyHeap_Trim(void);
/* A table of all classes and arenas. */
void _PyHeap_PrintStats(FILE *out);
size_t _PyHeap_BlocksInUse(void);

/* Arenas (heap_arena.c). A pool of no class yet, or NULL when memory is out; and back. */
struct _PyPool *_PyHeap_TakePool(void);
void _PyHeap_GivePool(struct _PyPool *pool);

static inline bool _PyHeap_Owns(const void *p)
{
	size_t i = (uintptr_t)p >> PY_HEAP_ARENA_SHIFT;

	return _PyHeap_arenas[i / 64] >> (i % 64) & 1;
}

static inline struct _PyArena *_PyHeap_ArenaOf(const void *p)
{
	return (struct _PyArena *)((uintptr_t)p & ~(PY_HEAP_ARENA_SIZE - 1));
}

static inline struct _PyPool *_PyHeap_PoolOf(const void *p)
{
	size_t i = ((uintptr_t)p & (PY_HEAP_ARENA_SIZE - 1)) >> PY_HEAP_POOL_SHIFT;

	return &_PyHeap_ArenaOf(p)->pool[i];
}

/* n: 1 .. PY_HEAP_MAX. NULL without an exception when memory is out. */
static inline void *_PyHeap_Alloc(size_t n)
{
	unsigned which = (unsigned)((n - 1) >> PY_HEAP_GRAIN_SHIFT);
	struct _PyPool *pool = _PyHeap.rings[which].next;
	void *block = pool->free;

	if (Py_UNLIKELY(!block))
		return _PyHeap_AllocSlowly(n);
	pool->free = *(void **)block;
	pool->used++;
	return block;
}

/* p: _PyHeap_Owns it. */
static inline void _PyHeap_Free(void *p)
{
	struct _PyPool *pool = _PyHeap_PoolOf(p);

	*(void **)p = pool->free;
	pool->free = p;
	if (Py_UNLIKELY(--pool->used == 0))
		_PyHeap_PoolIsEmpty(pool);
	else if (Py_UNLIKELY(pool->full))
		_PyHeap_PoolIsNotFull(pool);
}

#endif
