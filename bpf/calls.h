/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0) */
/*
 * The open calls of a thread and what they took: what the kernel keeps for summaries, histograms
 * and --min-duration. Plain C without helpers, so that tests compile it natively.
 *
 * at[depth % CALLS] is the open call at that depth while its own depth says so; a thread deeper
 * than CALLS writes over its outer calls, whose durations are then unknown. last[] finds the
 * innermost open call of a function: those of one slot are linked by outer.
 */
#ifndef PYI_CALLS_H
#define PYI_CALLS_H

#include "pyi_event.h"

#define CALLS        1024
#define LAST         1024
#define LINKS_LOOKED 16

struct call {
	uint64_t begun_ns, inner_ns;
	uint64_t code;
	uint32_t ident, function;
	uint32_t depth; /* 0: none */
	uint32_t outer; /* depth of the next open call further out in this slot of last; 0: none */
	uint32_t event; /* the entry's */
	bool again;     /* the function is open further out: a recursion */
};

struct calls {
	uint32_t told; /* --min-duration: entries up to this depth were sent */
	uint32_t last[LAST];
	struct call at[CALLS];
};

/* A call that has ended. */
struct ended {
	uint32_t function;
	bool again;
	uint64_t duration_ns, self_ns;
};

static __always_inline bool is_open(const struct calls *calls, uint32_t function)
{
	uint32_t depth = calls->last[function % LAST];

	for (int i = 0; i < LINKS_LOOKED && depth; i++) {
		const struct call *call = &calls->at[depth % CALLS];

		if (call->depth != depth || call->function % LAST != function % LAST)
			return false;
		if (call->function == function)
			return true;
		depth = call->outer;
	}
	return depth != 0;
}

static __always_inline struct call *calls_enter(struct calls *calls, uint32_t depth,
						uint32_t function, uint64_t now)
{
	struct call *call = &calls->at[depth % CALLS];

	call->again = is_open(calls, function);
	call->begun_ns = now;
	call->inner_ns = 0;
	call->function = function;
	call->depth = depth;
	call->outer = calls->last[function % LAST];
	calls->last[function % LAST] = depth;
	if (calls->told >= depth)
		calls->told = depth - 1;
	return call;
}

/* False: its entry was not seen. */
static __always_inline bool calls_leave(struct calls *calls, uint32_t depth, uint64_t now,
					struct ended *ended)
{
	struct call *call = &calls->at[depth % CALLS];
	struct call *caller = &calls->at[(depth - 1) % CALLS];

	if (call->depth != depth || now < call->begun_ns)
		return false;
	call->depth = 0;
	if (calls->last[call->function % LAST] == depth)
		calls->last[call->function % LAST] = call->outer;
	ended->function = call->function;
	ended->again = call->again;
	ended->duration_ns = now - call->begun_ns;
	ended->self_ns =
		ended->duration_ns > call->inner_ns ? ended->duration_ns - call->inner_ns : 0;
	if (depth > 1 && caller->depth == depth - 1)
		caller->inner_ns += ended->duration_ns;
	return true;
}

/* The position of the highest bit; 0 for 0. */
static __always_inline uint32_t log2_of(uint64_t n)
{
	uint32_t ret = 0;

	for (uint32_t step = 32; step; step /= 2) {
		if (n >> step) {
			n >>= step;
			ret += step;
		}
	}
	return ret;
}

/* Four buckets for each power of two: the two bits behind the highest. */
static __always_inline uint32_t bucket_of(uint64_t ns)
{
	uint32_t power = log2_of(ns);
	uint32_t quarter = power < 2 ? 0 : (uint32_t)(ns >> (power - 2)) & 3;
	uint32_t bucket = power * PYI_BUCKETS_A_POWER + quarter;

	return bucket < PYI_BUCKETS ? bucket : PYI_BUCKETS - 1;
}

#define ADD(field, n) __sync_fetch_and_add(&(field), (n))

static __always_inline void stats_add(struct pyi_function_stats *stats, const struct ended *ended)
{
	ADD(stats->timed, 1);
	ADD(stats->each_ns, ended->duration_ns);
	ADD(stats->self_ns, ended->self_ns);
	if (!ended->again)
		ADD(stats->total_ns, ended->duration_ns);
	/* 0 stands for none yet, so it is kept one higher. */
	if (!stats->min_ns_1 || ended->duration_ns + 1 < stats->min_ns_1)
		stats->min_ns_1 = ended->duration_ns + 1;
	if (ended->duration_ns > stats->max_ns)
		stats->max_ns = ended->duration_ns;
	ADD(stats->buckets[bucket_of(ended->duration_ns) % PYI_BUCKETS], 1);
}

#endif
