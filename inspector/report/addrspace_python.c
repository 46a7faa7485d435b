/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Python's own memory: arenas of obmalloc and data stack chunks.
 *
 * Pools say that there are arenas and which index each has; where an arena begins and ends stands
 * in the interpreter's table of arenas, which is found by what it must say of those pools. Without
 * the table (an interpreter of its own within the process) the pools alone bound the arena. minipy
 * publishes a list of its arenas.
 *
 * Sources: CPython Objects/obmalloc.c (struct arena_object; ARENA_SIZE 256 KiB up to v3.9, 1 MiB
 * from v3.10), Include/internal/pycore_pystate.h and Include/cpython/pystate.h (_PyStackChunk).
 */
#include "report/addrspace_private.h"

#include "base/cleanup.h"
#include "python/record.h"

#include <inttypes.h>
#include <stdlib.h>

#define ENTRY_SIZE  48u /* struct arena_object */
#define MAX_ARENAS  (1u << 18)
#define MAX_PROBES  4u
#define MAX_CHUNKS  65536u
#define MAX_CHUNK   (UINT64_C(1) << 40)
#define LARGE_POOL  16384u
#define SMALL_ARENA (UINT64_C(256) << 10)
#define LARGE_ARENA (UINT64_C(1) << 20)
#define PAGE_REST   ((uint64_t)PYI_PAGE_SIZE - 1)

/* Pools one after the other that name the same arena. */
struct group {
	uint64_t lo, hi; /* from the first pool to the end of the last */
	uint32_t arena, pools, used;
};

struct finder {
	struct pyi_survey *survey;
	uint64_t arena_size, pool_size;
	PYI_VEC(struct group) groups;
	uint64_t table; /* what explains most of them so far; 0: nothing does */
	unsigned best;  /* how many */
};

struct arena { /* struct arena_object */
	uint64_t address;
	uint32_t free_pools, pools;
};

static struct pyi_error *group_pools(struct finder *f)
{
	struct group *last = NULL;

	pyi_vec_for_each (pool, &f->survey->evidence.pools) {
		if (!last || last->arena != pool->arena ||
		    pool->addr + f->pool_size - last->lo > f->arena_size) {
			last = pyi_vec_push(&f->groups);
			if (!last)
				return &pyi_enomem;
			*last = (struct group){.lo = pool->addr, .arena = pool->arena};
		}
		last->hi = pool->addr + f->pool_size;
		last->pools++;
		last->used += pool->used != 0;
	}
	return NULL;
}

static bool read_arena(const struct finder *f, uint64_t table, uint32_t index, struct arena *ret)
{
	struct pyi_record rec;
	struct pyi_error *err = pyi_record_read(
		f->survey->target->mem, table + (uint64_t)index * ENTRY_SIZE, ENTRY_SIZE, &rec);
	uint64_t whole = f->arena_size / f->pool_size;

	if (err) {
		pyi_error_destroy(err);
		return false;
	}
	*ret = (struct arena){.address = pyi_record_u64(&rec, 0),
			      .free_pools = pyi_record_u32(&rec, 16),
			      .pools = pyi_record_u32(&rec, 20)};
	/* An arena that does not begin at a pool's border holds one pool less. */
	return ret->address && !(ret->address & 15) && ret->free_pools <= ret->pools &&
	       (ret->pools == whole || ret->pools + 1 == whole);
}

static bool holds(const struct finder *f, const struct arena *arena, const struct group *group)
{
	return arena->address <= group->lo && group->hi - arena->address <= f->arena_size;
}

/* How many of a few groups, spread over all, the table explains. Others may belong to interpreters
 * that have a table of their own. */
static unsigned matches(const struct finder *f, uint64_t table)
{
	size_t step = f->groups.len / MAX_PROBES + 1;
	unsigned n = 0;

	for (size_t i = 0; i < f->groups.len; i += step) {
		const struct group *group = &f->groups.data[i];
		struct arena arena;

		n += read_arena(f, table, group->arena, &arena) && holds(f, &arena, group);
	}
	return n;
}

/* The table is memory of malloc, and a static variable of the interpreter points to it. */
static bool could_be_table(const struct finder *f, uint64_t addr)
{
	const struct pyi_map *map;

	if (!addr || addr & 15)
		return false;
	map = pyi_maps_find(&f->survey->target->maps, addr);
	return map && (map->perm & PYI_PERM_W) && !map->inode;
}

static void try_table(void *arg, uint64_t word)
{
	struct finder *f = arg;
	unsigned found = could_be_table(f, word) ? matches(f, word) : 0;

	if (found > f->best) {
		f->best = found;
		f->table = word;
	}
}

static void find_table(struct finder *f)
{
	const struct pyi_image *image = f->survey->rt->image;
	uint64_t ranges[16][2];
	size_t n = image ? pyi_image_writable_ranges(image, ranges, 16) : 0;

	for (size_t i = 0; i < n; i++)
		pyi_addrspace_for_each_word(f->survey, ranges[i][0], ranges[i][1], try_table, f);
}

/* How many entries it may have: malloc's size of it stands before it. */
static uint32_t table_length(const struct finder *f)
{
	uint64_t size = 0, n;

	pyi_error_destroy(pyi_mem_read_u64(f->survey->target->mem, f->table - 8, &size));
	n = (size & ~UINT64_C(7)) / ENTRY_SIZE;
	return n < MAX_ARENAS ? (uint32_t)n : MAX_ARENAS;
}

static void claim_table(struct finder *f)
{
	uint32_t n = table_length(f);

	for (uint32_t i = 0; i < n; i++) {
		struct arena arena;

		if (!read_arena(f, f->table, i, &arena) ||
		    !pyi_maps_find(&f->survey->target->maps, arena.address))
			continue;
		pyi_claims_add(&f->survey->claims, arena.address, arena.address + f->arena_size,
			       PYI_ROLE_ARENA, "arena %u, %u of %u pools in use", i,
			       arena.pools - arena.free_pools, arena.pools);
	}
}

/* Groups that the table does not explain. An arena that does not begin at a pool's border, as most
 * do, holds one pool less; and two arenas cannot overlap: one ends where the next begins. A
 * snapshot has a few pools only: of an arena there just what lies between them is known. */
static void claim_groups(struct finder *f)
{
	for (size_t i = 0; i < f->groups.len; i++) {
		const struct group *group = &f->groups.data[i];
		uint64_t hi = group->lo + f->arena_size - f->pool_size;
		struct arena arena;

		if (f->table && read_arena(f, f->table, group->arena, &arena) &&
		    holds(f, &arena, group))
			continue;
		if (group->used == 0) /* what is left of an arena that was given back */
			continue;
		if (i + 1 < f->groups.len && f->groups.data[i + 1].lo < hi)
			hi = f->groups.data[i + 1].lo;
		if (hi < group->hi || f->survey->target->kind == PYI_TARGET_SNAPSHOT)
			hi = group->hi;
		pyi_claims_add(&f->survey->claims, group->lo, hi, PYI_ROLE_ARENA,
			       "arena %u, %u pools in use", group->arena, group->used);
	}
}

/* minipy's arenas stand in a list. */
static void claim_listed(struct pyi_survey *survey)
{
	const struct pyi_layout *l = &survey->rt->layout;
	struct pyi_mem *mem = survey->target->mem;
	uint64_t at = 0, size = UINT64_C(1) << l->arena_log2_bytes;

	pyi_error_destroy(pyi_mem_read_u64(mem, survey->rt->root + l->runtime_heap_arenas, &at));
	for (uint32_t i = 0; at && !(at & (size - 1)) && i < MAX_ARENAS; i++) {
		const struct pyi_map *map = pyi_maps_find(&survey->target->maps, at);
		uint64_t next = 0;
		uint32_t pools = 0, unused = 0;

		pyi_error_destroy(pyi_mem_read_u32(mem, at + l->arena_pools, &pools));
		pyi_error_destroy(pyi_mem_read_u32(mem, at + l->arena_free_pools, &unused));
		pyi_error_destroy(pyi_mem_read_u64(mem, at + l->arena_next, &next));
		if (!map || !pyi_map_is_anonymous(map) || !pools || unused > pools)
			return;
		pyi_claims_add(&survey->claims, at, at + size, PYI_ROLE_ARENA,
			       "%u of %u pools in use", pools - unused, pools);
		at = next;
	}
}

static bool lists_arenas(const struct pyi_survey *survey)
{
	const struct pyi_layout *l = &survey->rt->layout;

	return survey->known && l->runtime_heap_arenas != PYI_NONE && l->arena_next != PYI_NONE &&
	       l->arena_pools != PYI_NONE && l->arena_free_pools != PYI_NONE &&
	       l->arena_log2_bytes != PYI_NONE;
}

struct pyi_error *pyi_addrspace_claim_arenas(struct pyi_survey *survey)
{
	struct finder f = {.survey = survey, .pool_size = survey->pool_size};
	struct pyi_error *err;

	if (lists_arenas(survey))
		claim_listed(survey);
	f.arena_size = f.pool_size == LARGE_POOL ? LARGE_ARENA : SMALL_ARENA;
	err = group_pools(&f);
	if (!err && f.groups.len) {
		find_table(&f);
		if (f.table)
			claim_table(&f);
		claim_groups(&f);
	}
	pyi_vec_deinit(&f.groups);
	return err;
}

/* ---- data stacks ---- */

/* *left: how many may still be read, of all threads. */
static void claim_chunks(struct pyi_survey *survey, size_t which, unsigned *left)
{
	const struct pyi_layout *l = &survey->rt->layout;
	const struct pyi_tstate *ts = &survey->tstates.states.data[which];
	struct pyi_mem *mem = survey->target->mem;
	uint64_t chunk = 0;
	char name[400];

	pyi_addrspace_thread_text(survey, survey->tids[which], name, sizeof(name));
	pyi_error_destroy(pyi_mem_read_u64(mem, ts->addr + l->tstate_datastack_chunk, &chunk));
	for (; chunk && *left; --*left) {
		uint64_t size = 0, previous = 0;
		struct pyi_claim *claim;

		pyi_error_destroy(pyi_mem_read_u64(mem, chunk + l->chunk_size, &size));
		pyi_error_destroy(pyi_mem_read_u64(mem, chunk + l->chunk_previous, &previous));
		if (chunk & PAGE_REST || !size || size & PAGE_REST || size > MAX_CHUNK)
			return;
		claim = pyi_claims_add(&survey->claims, chunk, chunk + size, PYI_ROLE_DATA_STACK,
				       "%s", name);
		if (claim)
			claim->tid = survey->tids[which];
		chunk = previous;
	}
}

void pyi_addrspace_claim_data_stacks(struct pyi_survey *survey)
{
	const struct pyi_layout *l = &survey->rt->layout;
	unsigned left = MAX_CHUNKS;

	if (!survey->known || l->tstate_datastack_chunk == PYI_NONE ||
	    l->chunk_previous == PYI_NONE || l->chunk_size == PYI_NONE)
		return;
	for (size_t i = 0; i < survey->tstates.states.len; i++)
		claim_chunks(survey, i, &left);
}
