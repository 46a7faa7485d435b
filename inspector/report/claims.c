/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/claims.h"

#include "base/format.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_REST ((uint64_t)PYI_PAGE_SIZE - 1)

void pyi_claims_deinit(struct pyi_claims *claims)
{
	pyi_vec_for_each (claim, &claims->claims) {
		free(claim->detail);
		free(claim->module);
	}
	pyi_vec_deinit(&claims->claims);
}

struct pyi_claim *pyi_claims_add(struct pyi_claims *claims, uint64_t lo, uint64_t hi,
				 enum pyi_role role, const char *detail_fmt, ...)
{
	struct pyi_claim *claim;
	char *detail = NULL;

	lo &= ~PAGE_REST;
	hi = hi > UINT64_MAX - PAGE_REST ? ~PAGE_REST : (hi + PAGE_REST) & ~PAGE_REST;
	if (lo >= hi)
		return NULL;
	if (detail_fmt) {
		va_list ap;

		va_start(ap, detail_fmt);
		detail = pyi_vformat(detail_fmt, ap);
		va_end(ap);
	}
	claim = pyi_vec_push(&claims->claims);
	if (!claim || (detail_fmt && !detail)) {
		claims->failed = true;
		free(detail);
		return claim;
	}
	*claim = (struct pyi_claim){
		.lo = lo, .hi = hi, .role = role, .detail = detail, .order = claims->claims.len};
	return claim;
}

static int compare_claims(const void *a, const void *b)
{
	const struct pyi_claim *x = a, *y = b;

	return x->lo < y->lo ? -1 : x->lo > y->lo;
}

/* The sweep: claims that have begun, as a heap with the strongest on top. Those that have ended are
 * taken out when they come to the top: only the top one decides, so that any number of claims may
 * lie over each other. */
struct sweep {
	const struct pyi_claim *claims;
	size_t n, next;
	PYI_VEC(const struct pyi_claim *) heap;
	bool failed;
};

static bool weaker(const struct sweep *s, size_t a, size_t b)
{
	return s->heap.data[a]->order < s->heap.data[b]->order;
}

static void swap(struct sweep *s, size_t a, size_t b)
{
	const struct pyi_claim *held = s->heap.data[a];

	s->heap.data[a] = s->heap.data[b];
	s->heap.data[b] = held;
}

static void push(struct sweep *s, const struct pyi_claim *claim)
{
	const struct pyi_claim **slot = pyi_vec_push(&s->heap);

	if (!slot) {
		s->failed = true;
		return;
	}
	*slot = claim;
	for (size_t i = s->heap.len - 1; i && weaker(s, (i - 1) / 2, i); i = (i - 1) / 2)
		swap(s, i, (i - 1) / 2);
}

static void pop(struct sweep *s)
{
	swap(s, 0, --s->heap.len);
	for (size_t i = 0, child; (child = 2 * i + 1) < s->heap.len; i = child) {
		if (child + 1 < s->heap.len && weaker(s, child, child + 1))
			child++;
		if (!weaker(s, i, child))
			break;
		swap(s, i, child);
	}
}

/* The claim that holds at this address, or NULL. Addresses only rise. */
static const struct pyi_claim *holder(struct sweep *s, uint64_t at)
{
	for (; s->next < s->n && s->claims[s->next].lo <= at; s->next++)
		if (s->claims[s->next].hi > at)
			push(s, &s->claims[s->next]);
	while (s->heap.len && s->heap.data[0]->hi <= at)
		pop(s);
	return s->heap.len ? s->heap.data[0] : NULL;
}

/* Where what the claim holds may end, at most at limit. */
static uint64_t next_border(const struct sweep *s, const struct pyi_claim *claim, uint64_t limit)
{
	if (s->next < s->n && s->claims[s->next].lo < limit)
		limit = s->claims[s->next].lo;
	return claim && claim->hi < limit ? claim->hi : limit;
}

static char *copy(const char *s, bool *failed)
{
	char *ret = s ? pyi_utf8_dup(s) : NULL;

	*failed |= s && !ret;
	return ret;
}

static struct pyi_error *add_range(struct pyi_addrspace *space, const struct pyi_map *map,
				   uint64_t lo, uint64_t hi, const struct pyi_range *base,
				   const struct pyi_claim *claim)
{
	struct pyi_range *range = pyi_vec_push(&space->ranges);
	bool failed = false;

	if (!range)
		return &pyi_enomem;
	range->lo = lo;
	range->hi = hi;
	range->perm = map->perm;
	range->offset = map->inode ? map->offset + (lo - map->lo) : 0;
	range->rss = PYI_RSS_UNKNOWN;
	range->role = claim ? claim->role : base->role;
	range->tid = claim ? claim->tid : base->tid;
	range->path = copy(*map->path ? map->path : NULL, &failed);
	range->detail = copy(claim ? claim->detail : base->detail, &failed);
	range->module = copy(claim ? claim->module : base->module, &failed);
	return failed ? &pyi_enomem : NULL;
}

/* One mapping. Neighbours that the same claim (or none) holds are one range. */
static struct pyi_error *split(struct sweep *s, const struct pyi_map *map,
			       const struct pyi_range *base, struct pyi_addrspace *space)
{
	const struct pyi_claim *held = NULL;
	uint64_t from = map->lo, at = map->lo;
	struct pyi_error *err = NULL;

	while (at < map->hi && !err) {
		const struct pyi_claim *claim = holder(s, at);

		if (at > from && claim != held) {
			err = add_range(space, map, from, at, base, held);
			from = at;
		}
		held = claim;
		at = next_border(s, claim, map->hi);
	}
	return err ? err : add_range(space, map, from, map->hi, base, held);
}

struct pyi_error *pyi_claims_apply(struct pyi_claims *claims, const struct pyi_maps *maps,
				   struct pyi_error *(*base)(void *arg, const struct pyi_map *map,
							     struct pyi_range *ret),
				   void *arg, struct pyi_addrspace *space)
{
	struct sweep s = {.claims = claims->claims.data, .n = claims->claims.len};
	struct pyi_error *err = claims->failed ? &pyi_enomem : NULL;
	struct pyi_range whole;

	if (s.n)
		qsort(claims->claims.data, s.n, sizeof(*claims->claims.data), compare_claims);
	for (size_t i = 0; i < maps->n && !err; i++) {
		whole = (struct pyi_range){.role = PYI_ROLE_ANONYMOUS};
		err = base(arg, &maps->maps[i], &whole);
		if (!err)
			err = split(&s, &maps->maps[i], &whole, space);
		free(whole.detail);
		free(whole.module);
	}
	pyi_vec_deinit(&s.heap);
	return err ? err : s.failed ? &pyi_enomem : NULL;
}
