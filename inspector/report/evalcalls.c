/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/evalcalls.h"

#include <stdlib.h>
#include <string.h>

/* A larger stack part is no eval call's; what lies beyond is not searched. */
#define MAX_PART_BYTES 65536u
/* Of one thread. */
#define MAX_SEARCH_BYTES (64u << 20)

/* A native frame of the interpreter that has a stack part. */
struct call {
	struct pyi_report_frame *native;
	bool eval;
};

/* A Python frame, to be found by its address. */
struct target_frame {
	uint64_t address;
	size_t chain, at; /* chains[chain].frames[at] */
};

/* The address of a frame stands in a call's stack part. */
struct hit {
	size_t call, chain, at;
};

struct search {
	struct pyi_mem *mem;
	const struct pyi_merge_chain *chains;
	size_t n_chains;
	struct call *calls; /* innermost first */
	size_t n_calls;
	size_t n_evals;
	struct target_frame *frames; /* by address */
	size_t n_frames;
	PYI_VEC(struct hit) hits; /* by call */
	uint64_t searched;        /* bytes */
};

static int by_address(const void *a, const void *b)
{
	const struct target_frame *x = a, *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

static const struct target_frame *find_frame(const struct search *s, uint64_t address)
{
	struct target_frame key = {.address = address};

	if (address < s->frames[0].address || address > s->frames[s->n_frames - 1].address)
		return NULL;
	return bsearch(&key, s->frames, s->n_frames, sizeof(*s->frames), by_address);
}

static struct pyi_error *search_part(struct search *s, size_t number)
{
	const struct pyi_report_frame *native = s->calls[number].native;
	uint64_t words[PYI_PAGE_SIZE / 8], at = (native->sp + 7) & ~(uint64_t)7, end = native->cfa;

	if (end - at > MAX_PART_BYTES)
		end = at + MAX_PART_BYTES;
	while (at < end && s->searched < MAX_SEARCH_BYTES) {
		size_t len = end - at < sizeof(words) ? (size_t)(end - at) : sizeof(words);
		size_t got = pyi_mem_read_some(s->mem, at, words, len);

		for (size_t i = 0; i < got / 8; i++) {
			const struct target_frame *frame = find_frame(s, words[i]);
			struct hit *hit = frame ? pyi_vec_push(&s->hits) : NULL;

			if (frame && !hit)
				return &pyi_enomem;
			if (hit)
				*hit = (struct hit){number, frame->chain, frame->at};
		}
		if (got < len)
			break;
		s->searched += len;
		at += len;
	}
	return NULL;
}

static struct pyi_error *search_parts(struct search *s)
{
	struct pyi_error *err = NULL;

	for (size_t i = 0; i < s->n_calls && !err; i++)
		err = search_part(s, i);
	return err;
}

static bool holds(const struct search *s, size_t call, size_t chain, size_t at)
{
	size_t lo = 0, hi = s->hits.len;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->hits.data[mid].call < call)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < s->hits.len && s->hits.data[lo].call == call; lo++)
		if (s->hits.data[lo].chain == chain && s->hits.data[lo].at == at)
			return true;
	return false;
}

static void place(const struct search *s, size_t call, size_t chain, size_t at)
{
	s->calls[call].native->address = s->chains[chain].frames[at].address;
}

/* Places frames [at, end) of a chain, one for each eval call of [call, ...), in order. */
static void place_each(const struct search *s, size_t call, size_t chain, size_t at, size_t end)
{
	for (; at < end && call < s->n_calls; call++)
		if (s->calls[call].eval)
			place(s, call, chain, at++);
}

static size_t evals_between(const struct search *s, size_t call, size_t end)
{
	size_t n = 0;

	for (; call < end; call++)
		n += s->calls[call].eval;
	return n;
}

/*
 * How well the calls that begin at start fill the gap in the eval calls: the number of frames
 * whose address is where it should be then, 0 when they are not as many as are missing.
 */
static size_t fit_of_part(const struct search *s, uint64_t start)
{
	size_t n = 0, fit = 0;

	for (size_t i = 0; i < s->n_calls; i++) {
		if (!s->calls[i].eval && s->calls[i].native->start != start)
			continue;
		if (n >= s->chains[0].n)
			return 0;
		fit += !s->calls[i].eval && holds(s, i, 0, n);
		n++;
	}
	return n == s->chains[0].n ? fit : 0;
}

/* The part of a split eval function that has no name; at least half of its calls hold a frame. */
static bool add_nameless_part(struct search *s)
{
	size_t missing = s->chains[0].n - s->n_evals, best = 0;
	uint64_t part = 0;

	for (size_t h = 0; h < s->hits.len; h++) {
		const struct call *call = &s->calls[s->hits.data[h].call];
		size_t fit;

		/* The calls of one function come in a row often enough to be asked once. */
		if (call->eval || !call->native->start || call->native->start == part ||
		    (h && s->calls[s->hits.data[h - 1].call].native->start == call->native->start))
			continue;
		fit = fit_of_part(s, call->native->start);
		if (fit > best) {
			best = fit;
			part = call->native->start;
		}
	}
	if (best * 2 < missing || !part)
		return false;
	for (size_t i = 0; i < s->n_calls; i++)
		s->calls[i].eval |= s->calls[i].native->start == part;
	return true;
}

/* Each frame at the first eval call further out that holds it; then the gaps that are certain. */
static void place_by_address(const struct search *s, size_t chain)
{
	size_t next_call = 0, next_frame = 0;

	for (size_t at = 0; at < s->chains[chain].n; at++) {
		size_t call = next_call;

		while (call < s->n_calls && !(s->calls[call].eval && holds(s, call, chain, at)))
			call++;
		if (call == s->n_calls)
			continue;
		place(s, call, chain, at);
		if (s->n_chains == 1 && evals_between(s, next_call, call) == at - next_frame)
			place_each(s, next_call, chain, next_frame, at);
		next_call = call + 1;
		next_frame = at + 1;
	}
	if (s->n_chains == 1 &&
	    evals_between(s, next_call, s->n_calls) == s->chains[chain].n - next_frame)
		place_each(s, next_call, chain, next_frame, s->chains[chain].n);
}

static struct pyi_error *place_all(struct search *s)
{
	struct pyi_error *err;

	if (s->n_chains == 1 && s->n_evals == s->chains[0].n) {
		place_each(s, 0, 0, 0, s->chains[0].n);
		return NULL;
	}
	err = search_parts(s);
	if (err)
		return err;
	if (s->n_chains == 1 && s->n_evals < s->chains[0].n && add_nameless_part(s))
		place_each(s, 0, 0, 0, s->chains[0].n);
	else
		for (size_t c = 0; c < s->n_chains; c++)
			place_by_address(s, c);
	return NULL;
}

static void collect(struct search *s, const struct pyi_runtime *rt, struct pyi_report_frame *native,
		    size_t n_native)
{
	for (size_t i = 0; i < n_native; i++) {
		uint64_t pc = native[i].pc;

		if (!native[i].runtime || !native[i].sp || native[i].sp >= native[i].cfa)
			continue;
		s->calls[s->n_calls] =
			(struct call){&native[i], pc >= rt->eval_lo && pc < rt->eval_hi};
		s->n_evals += s->calls[s->n_calls++].eval;
	}
	for (size_t c = 0; c < s->n_chains; c++)
		for (size_t i = 0; i < s->chains[c].n; i++)
			s->frames[s->n_frames++] =
				(struct target_frame){s->chains[c].frames[i].address, c, i};
	qsort(s->frames, s->n_frames, sizeof(*s->frames), by_address);
}

struct pyi_error *pyi_evalcalls_find(struct pyi_mem *mem, const struct pyi_runtime *rt,
				     struct pyi_report_frame *native, size_t n_native,
				     const struct pyi_merge_chain *chains, size_t n_chains)
{
	struct search s = {.mem = mem, .chains = chains, .n_chains = n_chains};
	struct pyi_error *err = NULL;
	size_t n = 0;

	for (size_t c = 0; c < n_chains; c++)
		n += chains[c].n;
	if (!n || !n_native)
		return NULL;
	s.calls = calloc(n_native, sizeof(*s.calls));
	s.frames = calloc(n, sizeof(*s.frames));
	if (!s.calls || !s.frames) {
		err = &pyi_enomem;
	} else {
		collect(&s, rt, native, n_native);
		err = place_all(&s);
	}
	pyi_vec_deinit(&s.hits);
	free(s.calls);
	free(s.frames);
	return err;
}
