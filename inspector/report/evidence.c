/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/evidence.h"

#include "base/cleanup.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_PAGES 64u                  /* read at once */
#define MAX_BYTES   (UINT64_C(32) << 30) /* looked at in all */
#define HEAP_MAX    (UINT64_C(64) << 20) /* glibc's HEAP_MAX_SIZE on 64-bit machines */
#define PTHREAD_BYTES                                                                              \
	2560u                /* of a struct pthread that are looked at: 0x900 to 0x940 have it all \
			      */
#define PTHREAD_TID   0x2d0u /* the same in every x86-64 glibc since 2.4 */
#define PTHREAD_ALIGN 64u
#define MAX_PTHREADS  65536u
#define MIN_BLOCK     (UINT64_C(128) << 10) /* malloc's lowest own mmap threshold */
#define IS_MMAPPED    2u
#define PAGE_REST     ((uint64_t)PYI_PAGE_SIZE - 1)

struct search {
	struct pyi_target *target;
	struct pyi_evidence *out;
	uint32_t pool_size;
	uint64_t left;       /* bytes that may still be looked at */
	uint64_t blocks_end; /* the last block found ends here: what is in it is its contents */
	uint64_t run_hi; /* end of the like mappings, one behind the other, that are looked at */
	struct pyi_error *err;
};

void pyi_evidence_deinit(struct pyi_evidence *evidence)
{
	pyi_vec_deinit(&evidence->pools);
	pyi_vec_deinit(&evidence->blocks);
	pyi_vec_deinit(&evidence->pthreads);
	pyi_vec_deinit(&evidence->heaps);
}

bool pyi_map_is_anonymous(const struct pyi_map *map)
{
	return !map->inode && (!*map->path || strncmp(map->path, "[anon", 5) == 0);
}

static uint64_t word(const uint8_t *bytes, size_t at)
{
	uint64_t value;

	memcpy(&value, bytes + at, sizeof(value));
	return value;
}

static uint32_t half(const uint8_t *bytes, size_t at)
{
	uint32_t value;

	memcpy(&value, bytes + at, sizeof(value));
	return value;
}

/* 0 count, 8 freeblock, 16 and 24 neighbours, 32 arenaindex, 36 szidx, 40 nextoffset,
 * 44 maxnextoffset. Blocks are multiples of 8 bytes up to 3.7, of 16 after. */
bool pyi_pool_parse(const void *header, uint64_t addr, uint32_t pool_size, struct pyi_pool *ret)
{
	const uint8_t *h = header;
	uint32_t count = half(h, 0), index = half(h, 36), next = half(h, 40), last = half(h, 44);
	uint64_t free_block = word(h, 8);

	if (index >= 64 || last >= pool_size || last < PYI_POOL_HEADER || next < PYI_POOL_HEADER ||
	    half(h, 32) > 1u << 30)
		return false;
	for (uint32_t align = 8; align <= 16; align += 8) {
		uint32_t size = (index + 1) * align;

		if (size > 512 || last != pool_size - size || next > last + size ||
		    (next - PYI_POOL_HEADER) % size || count > (next - PYI_POOL_HEADER) / size)
			continue;
		if (free_block &&
		    (free_block - addr < PYI_POOL_HEADER || free_block - addr >= pool_size))
			continue;
		*ret = (struct pyi_pool){
			.addr = addr, .arena = half(h, 32), .block_size = size, .used = count};
		return true;
	}
	return false;
}

/* The head is {tcb, dtv, self}: both outer ones point to itself. stackblock, stackblock_size and
 * guardsize stand together at an offset that differs between versions, but only they can satisfy
 * block + size = the page behind the struct. */
bool pyi_pthread_parse(const void *bytes, size_t size, uint64_t addr, struct pyi_pthread *ret)
{
	const uint8_t *b = bytes;

	if (size < PTHREAD_TID + 8 || word(b, 0) != addr || word(b, 16) != addr)
		return false;
	for (size_t at = PTHREAD_TID + 8; at + 24 <= size; at += 8) {
		uint64_t lo = word(b, at), len = word(b, at + 8), guard = word(b, at + 16);

		if (!lo || lo & PAGE_REST || len & PAGE_REST || lo >= addr ||
		    len > UINT64_C(1) << 40 || lo + len <= addr ||
		    lo + len - addr > 2 * PYI_PAGE_SIZE || guard & PAGE_REST || guard >= len)
			continue;
		*ret = (struct pyi_pthread){.addr = addr,
					    .stack_lo = lo,
					    .stack_hi = lo + len,
					    .guard_hi = lo + guard,
					    .tid = (pid_t)half(b, PTHREAD_TID)};
		return true;
	}
	return false;
}

/* {arena, prev, size, mprotect_size}; in the first heap of an arena (prev is NULL then) the arena
 * itself stands right behind. */
static bool heap_fits(uint64_t addr, const uint8_t *bytes)
{
	uint64_t arena = word(bytes, 0), prev = word(bytes, 8), size = word(bytes, 16);
	uint64_t access = word(bytes, 24), first = arena & ~(HEAP_MAX - 1);

	return !(addr % HEAP_MAX) && access && !(access & PAGE_REST) && access <= HEAP_MAX &&
	       size <= access && arena - first >= 32 && arena - first <= 256 &&
	       !(prev % HEAP_MAX) && (first == addr) == (prev == 0);
}

static void look_for_heap(struct search *s, uint64_t addr, const uint8_t *bytes)
{
	struct pyi_heap *heap = heap_fits(addr, bytes) ? pyi_vec_push(&s->out->heaps) : NULL;

	if (heap)
		*heap = (struct pyi_heap){.lo = addr,
					  .used_hi = addr + word(bytes, 24),
					  .hi = addr + HEAP_MAX,
					  .arena = word(bytes, 0)};
	else if (heap_fits(addr, bytes))
		s->err = &pyi_enomem;
}

/* {prev_size, size and flags}: pages on their own have no block before them, and no flag but the
 * one that says so. glibc 2.43 does not count the head of 16 bytes. */
static void look_for_block(struct search *s, uint64_t addr, const uint8_t *bytes)
{
	uint64_t size = word(bytes, 8) & ~UINT64_C(7);
	struct pyi_block *block;

	if (((size + 16) & PAGE_REST) == 0)
		size += 16;
	if (addr < s->blocks_end || word(bytes, 0) || (word(bytes, 8) & 7) != IS_MMAPPED ||
	    size & PAGE_REST || size < MIN_BLOCK || size > s->run_hi - addr)
		return;
	block = pyi_vec_push(&s->out->blocks);
	if (!block) {
		s->err = &pyi_enomem;
		return;
	}
	*block = (struct pyi_block){addr, addr + size};
	s->blocks_end = addr + size;
}

static void look_for_pool(struct search *s, uint64_t addr, const uint8_t *bytes)
{
	struct pyi_pool pool, *slot;

	if (!s->pool_size || addr % s->pool_size ||
	    !pyi_pool_parse(bytes, addr, s->pool_size, &pool))
		return;
	slot = pyi_vec_push(&s->out->pools);
	if (slot)
		*slot = pool;
	else
		s->err = &pyi_enomem;
}

static void look_for_pthreads(struct search *s, uint64_t addr, const uint8_t *bytes)
{
	for (size_t at = 0; at < PYI_PAGE_SIZE; at += PTHREAD_ALIGN) {
		uint8_t all[PTHREAD_BYTES];
		struct pyi_pthread pthread, *slot;
		size_t size;

		if (s->out->pthreads.len >= MAX_PTHREADS)
			return;
		if (word(bytes, at) != addr + at || word(bytes, at + 16) != addr + at)
			continue;
		size = pyi_mem_read_some(s->target->mem, addr + at, all, sizeof(all));
		if (!pyi_pthread_parse(all, size, addr + at, &pthread))
			continue;
		slot = pyi_vec_push(&s->out->pthreads);
		if (slot)
			*slot = pthread;
		else
			s->err = &pyi_enomem;
	}
}

static void look_at_page(struct search *s, const struct pyi_map *map, uint64_t addr,
			 const uint8_t *bytes)
{
	bool anonymous = pyi_map_is_anonymous(map);

	look_for_pool(s, addr, bytes);
	if (!anonymous)
		return;
	look_for_heap(s, addr, bytes);
	look_for_block(s, addr, bytes);
	look_for_pthreads(s, addr, bytes);
}

/* Reads past the cache: this is all of the process's memory, once. */
static void look_at_run(struct search *s, const struct pyi_map *map, uint64_t lo, uint64_t hi,
			uint8_t *buf)
{
	while (lo < hi && !s->err) {
		uint64_t len = hi - lo < BLOCK_PAGES * PYI_PAGE_SIZE ? hi - lo
								     : BLOCK_PAGES * PYI_PAGE_SIZE;
		struct pyi_error *err;

		if (len > s->left) {
			s->out->cut = true;
			return;
		}
		s->left -= len;
		err = pyi_mem_read_now(s->target->mem, lo, buf, (size_t)len);
		for (uint64_t at = 0; at < len && !s->err; at += PYI_PAGE_SIZE) {
			struct pyi_error *page_err = err ? pyi_mem_read_now(s->target->mem, lo + at,
									    buf + at, PYI_PAGE_SIZE)
							 : NULL;

			if (!page_err)
				look_at_page(s, map, lo + at, buf + at);
			pyi_error_destroy(page_err);
		}
		pyi_error_destroy(err);
		lo += len;
	}
}

/* *run: index of the first run that may lie in the map or behind it. */
static void look_at_map(struct search *s, const struct pyi_residency *residency,
			const struct pyi_map *map, size_t *run, uint8_t *buf)
{
	if (residency->how != PYI_RESIDENCY_PAGES) {
		look_at_run(s, map, map->lo, map->hi, buf);
		return;
	}
	while (*run < residency->runs.len && residency->runs.data[*run].hi <= map->lo)
		++*run;
	for (size_t i = *run; i < residency->runs.len && residency->runs.data[i].lo < map->hi;
	     i++) {
		const struct pyi_page_run *r = &residency->runs.data[i];

		look_at_run(s, map, r->lo > map->lo ? r->lo : map->lo,
			    r->hi < map->hi ? r->hi : map->hi, buf);
	}
}

static bool worth_a_look(const struct pyi_map *map)
{
	unsigned wanted = PYI_PERM_R | PYI_PERM_W;

	return (map->perm & (wanted | PYI_PERM_SHARED)) == wanted &&
	       (pyi_map_is_anonymous(map) || strcmp(map->path, "[heap]") == 0);
}

/* madvise splits a mapping (numpy asks for huge pages): a block may go on in the next ones. */
static uint64_t end_of_run(const struct pyi_maps *maps, size_t i)
{
	while (i + 1 < maps->n && maps->maps[i + 1].lo == maps->maps[i].hi &&
	       worth_a_look(&maps->maps[i + 1]))
		i++;
	return maps->maps[i].hi;
}

struct pyi_error *pyi_evidence_collect(struct pyi_target *target,
				       const struct pyi_residency *residency, uint32_t pool_size,
				       struct pyi_evidence *ret)
{
	struct pyi_evidence evidence = {.cut = false};
	struct search s = {
		.target = target, .out = &evidence, .pool_size = pool_size, .left = MAX_BYTES};
	pyi_autofree uint8_t *buf = malloc(BLOCK_PAGES * PYI_PAGE_SIZE);
	size_t run = 0;

	if (!buf)
		return &pyi_enomem;
	for (size_t i = 0; i < target->maps.n && !s.err; i++) {
		const struct pyi_map *map = &target->maps.maps[i];

		if (!worth_a_look(map))
			continue;
		if (map->lo >= s.run_hi)
			s.run_hi = end_of_run(&target->maps, i);
		look_at_map(&s, residency, map, &run, buf);
	}
	if (s.err)
		pyi_evidence_deinit(&evidence);
	else
		*ret = evidence;
	return s.err;
}
