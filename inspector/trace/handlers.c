/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/handlers.h"
#include "base/cleanup.h"

#include <string.h>

enum {
	N = 256,
	MOST = 128,     /* of the table's pointers lead into the function */
	DISTINCT = 100, /* of them differ: no other table of pointers does that */
	CHUNK_WORDS = 8192,
};

static bool is_inside(const struct pyi_insns *insns, uint64_t addr)
{
	pyi_vec_for_each (fragment, &insns->fragments)
		if (addr >= fragment->lo && addr < fragment->hi)
			return true;
	return false;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static size_t count_distinct(const uint64_t words[N])
{
	uint64_t sorted[N];
	size_t n = 1;

	memcpy(sorted, words, sizeof(sorted));
	qsort(sorted, N, sizeof(sorted[0]), by_value);
	for (size_t i = 1; i < N; i++)
		n += sorted[i] != sorted[i - 1];
	return n;
}

/* The first pointer of a table is the first that leads into the function. */
static bool is_table(const struct pyi_insns *insns, const struct pyi_image_info *info,
		     const uint64_t words[N])
{
	size_t inside = 0;

	if (!is_inside(insns, words[0]) || !is_inside(insns, words[N - 1]))
		return false;
	for (size_t i = 0; i < N; i++) {
		if (words[i] < info->lo || words[i] >= info->hi)
			return false;
		inside += is_inside(insns, words[i]);
	}
	return inside >= MOST && count_distinct(words) > DISTINCT;
}

/* The table among the windows of words that could be it, of which number i is the first. 3.15 has
 * another table beside it whose pointers are nearly all the same, before or behind: the right
 * window has most that differ. */
static size_t best_window(const struct pyi_insns *insns, const struct pyi_image_info *info,
			  const uint64_t *words, size_t i, size_t n)
{
	bool preceded = i > 0 && is_inside(insns, words[i - 1]);
	size_t best = i, most = count_distinct(words + i);

	for (size_t k = i + 1; k + N <= n && k < i + N && is_table(insns, info, words + k); k++) {
		size_t distinct = count_distinct(words + k);

		if (distinct > most || (distinct == most && preceded)) {
			most = distinct;
			best = k;
		}
	}
	return best;
}

/* Looks through [lo, hi) with so much of an overlap that no table is cut in two. */
static bool search(struct pyi_mem *mem, const struct pyi_insns *insns,
		   const struct pyi_image_info *info, uint64_t lo, uint64_t hi,
		   struct pyi_handlers *ret)
{
	pyi_autofree uint64_t *words = malloc(CHUNK_WORDS * sizeof(*words));

	for (uint64_t at = lo; words && at < hi; at += (CHUNK_WORDS - 2 * N) * sizeof(*words)) {
		size_t want = hi - at < CHUNK_WORDS * 8 ? hi - at : CHUNK_WORDS * 8;
		size_t n = pyi_mem_read_some(mem, at, words, want) / 8;

		for (size_t i = 0; i + N <= n; i++) {
			if (!is_table(insns, info, words + i))
				continue;
			if (i + 2 * N > n && n == CHUNK_WORDS)
				break; /* the next chunk has all of it */
			i = best_window(insns, info, words, i, n);
			memcpy(ret->at, words + i, sizeof(ret->at));
			return true;
		}
	}
	return false;
}

bool pyi_handlers_find(struct pyi_target *target, const struct pyi_image *image,
		       struct pyi_insns *insns, struct pyi_handlers *ret)
{
	struct pyi_image_info info;
	bool found = false;

	pyi_image_info(image, &info);
	for (size_t i = 0; i < target->maps.n && !found; i++) {
		const struct pyi_map *map = &target->maps.maps[i];

		if (map->lo < info.lo || map->hi > info.hi || !(map->perm & PYI_PERM_R) ||
		    map->perm & PYI_PERM_X)
			continue;
		found = search(target->mem, insns, &info, map->lo, map->hi, ret);
	}
	for (size_t i = 0; found && i < N; i++)
		if (!is_inside(insns, ret->at[i]))
			pyi_error_destroy(pyi_insns_extend(insns, image, target->mem, ret->at[i]));
	return found;
}

static size_t index_of(const struct pyi_insns *insns, uint64_t addr)
{
	size_t lo = 0, hi = insns->list.len;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (insns->list.data[mid].addr < addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < insns->list.len && insns->list.data[lo].addr == addr ? lo : SIZE_MAX;
}

/* An unconditional jump: nothing comes after it. */
static bool is_jump(const struct pyi_insn *insn)
{
	return insn->bytes[0] == 0xe9 || insn->bytes[0] == 0xeb;
}

bool pyi_handlers_reach(const struct pyi_insns *insns, uint64_t start, bool *reached)
{
	PYI_VEC(size_t) todo = {0};
	size_t at = index_of(insns, start), *kept;

	for (;;) {
		while (at < insns->list.len && !reached[at]) {
			const struct pyi_insn *insn = &insns->list.data[at];

			reached[at] = true;
			if (insn->jump) {
				kept = pyi_vec_push(&todo);
				if (!kept) {
					pyi_vec_deinit(&todo);
					return false;
				}
				*kept = index_of(insns, insn->jump);
			}
			if (insn->kind == PYI_INSN_END || is_jump(insn))
				break;
			at++;
		}
		if (!todo.len)
			break;
		at = todo.data[--todo.len];
	}
	pyi_vec_deinit(&todo);
	return true;
}
