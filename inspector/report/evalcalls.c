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
struct sought {
	uint64_t address;
	size_t chain;
	size_t at; /* its place in frames */
};

/* The address of a frame stands in a call's stack part. */
struct hit {
	size_t call, at;
};

struct search {
	struct pyi_mem *mem;
	struct call *calls; /* innermost first */
	size_t n_calls;
	size_t n_evals;
	struct sought *frames; /* innermost first, one chain after the other */
	struct sought *index;  /* the same by address; at counts in frames */
	size_t n_frames;
	PYI_VEC(struct hit) hits; /* by call */
	uint64_t searched;        /* bytes */
};

static int by_address(const void *a, const void *b)
{
	const struct sought *x = a, *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

static const struct sought *find_frame(const struct search *s, uint64_t address)
{
	struct sought key = {.address = address};

	if (address < s->index[0].address || address > s->index[s->n_frames - 1].address)
		return NULL;
	return bsearch(&key, s->index, s->n_frames, sizeof(*s->index), by_address);
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
			const struct sought *frame = find_frame(s, words[i]);
			struct hit *hit;

			if (!frame)
				continue;
			hit = pyi_vec_push(&s->hits);
			if (!hit)
				return &pyi_enomem;
			*hit = (struct hit){number, frame->at};
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

static bool holds(const struct search *s, size_t call, size_t at)
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
		if (s->hits.data[lo].at == at)
			return true;
	return false;
}

static void place(const struct search *s, size_t call, size_t at)
{
	s->calls[call].native->address = s->frames[at].address;
}

/* Places frames [at, end), one for each eval call of [call, ...), in order. */
static void place_each(const struct search *s, size_t call, size_t at, size_t end)
{
	for (; at < end && call < s->n_calls; call++)
		if (s->calls[call].eval)
			place(s, call, at++);
}

static size_t evals_between(const struct search *s, size_t call, size_t end)
{
	size_t n = 0;

	for (; call < end; call++)
		n += s->calls[call].eval;
	return n;
}

/*
 * With the calls that begin at start (0: none) as eval calls, too: how many calls hold the frame
 * that would be theirs; of these only, where there are any. 0 when they are not as many as frames.
 */
static size_t fit(const struct search *s, uint64_t start)
{
	size_t n = 0, fitting = 0;

	for (size_t i = 0; i < s->n_calls; i++) {
		bool part = start && !s->calls[i].eval && s->calls[i].native->start == start;

		if (!s->calls[i].eval && !part)
			continue;
		if (n >= s->n_frames)
			return 0;
		fitting += (part || !start) && holds(s, i, n);
		n++;
	}
	return n == s->n_frames ? fitting : 0;
}

/* The part of a split eval function that has no name; at least half of its calls hold a frame. */
static bool add_nameless_part(struct search *s)
{
	size_t missing = s->n_frames - s->n_evals, best = 0;
	uint64_t part = 0;

	for (size_t h = 0; h < s->hits.len; h++) {
		const struct call *call = &s->calls[s->hits.data[h].call];
		size_t fitting;

		/* The calls of one function come in a row often enough to be asked once. */
		if (call->eval || !call->native->start || call->native->start == part ||
		    (h && s->calls[s->hits.data[h - 1].call].native->start == call->native->start))
			continue;
		fitting = fit(s, call->native->start);
		if (fitting > best) {
			best = fitting;
			part = call->native->start;
		}
	}
	if (best * 2 < missing || !part)
		return false;
	for (size_t i = 0; i < s->n_calls; i++)
		s->calls[i].eval |= s->calls[i].native->start == part;
	return true;
}

/* Frames [at, end) between two calls are certain when they are as many as the eval calls there,
 * and of one chain: how several are interleaved is not known. */
static void place_gap(const struct search *s, size_t call, size_t call_end, size_t at, size_t end)
{
	if (at < end && s->frames[at].chain == s->frames[end - 1].chain &&
	    evals_between(s, call, call_end) == end - at)
		place_each(s, call, at, end);
}

/* Each frame at the first eval call further out that holds it; then the gaps that are certain. */
static void place_by_address(const struct search *s)
{
	size_t next_call = 0, next_frame = 0;

	for (size_t at = 0; at < s->n_frames; at++) {
		size_t call = next_call;

		while (call < s->n_calls && !(s->calls[call].eval && holds(s, call, at)))
			call++;
		if (call == s->n_calls)
			continue;
		place(s, call, at);
		place_gap(s, next_call, call, next_frame, at);
		next_call = call + 1;
		next_frame = at + 1;
	}
	place_gap(s, next_call, s->n_calls, next_frame, s->n_frames);
}

/* Moves the frames of chain to the place to; returns where the next chain's go. */
static size_t move_chain(struct search *s, size_t chain, size_t to)
{
	for (size_t at = 0; at < s->n_frames; at++) {
		struct sought *from = &s->frames[at];

		if (from->chain == chain)
			s->index[to++] = *from; /* at is still the old place */
	}
	return to;
}

/* Several chains on one thread are interpreters that call one another: first comes the one whose
 * frames are named further in, by an eval call. */
static struct pyi_error *order_chains(struct search *s, size_t n_chains)
{
	bool *moved = calloc(n_chains, sizeof(*moved));
	size_t *place_of = calloc(s->n_frames, sizeof(*place_of)), to = 0;

	for (size_t h = 0; moved && place_of && h < s->hits.len; h++) {
		size_t chain = s->frames[s->hits.data[h].at].chain;

		if (moved[chain] || !s->calls[s->hits.data[h].call].eval)
			continue;
		to = move_chain(s, chain, to);
		moved[chain] = true;
	}
	for (size_t c = 0; moved && place_of && c < n_chains; c++)
		if (!moved[c])
			to = move_chain(s, c, to);
	if (moved && place_of) {
		for (size_t i = 0; i < s->n_frames; i++)
			place_of[s->index[i].at] = i;
		for (size_t h = 0; h < s->hits.len; h++)
			s->hits.data[h].at = place_of[s->hits.data[h].at];
		memcpy(s->frames, s->index, s->n_frames * sizeof(*s->frames));
	}
	free(moved);
	free(place_of);
	return to == s->n_frames ? NULL : &pyi_enomem;
}

static struct pyi_error *place_all(struct search *s, size_t n_chains)
{
	struct pyi_error *err;

	if (n_chains == 1 && s->n_evals == s->n_frames) {
		place_each(s, 0, 0, s->n_frames);
		return NULL;
	}
	err = search_parts(s);
	if (!err && n_chains > 1)
		err = order_chains(s, n_chains);
	if (err)
		return err;
	if (s->n_evals == s->n_frames ? fit(s, 0) * 2 >= s->n_frames
				      : s->n_evals < s->n_frames && add_nameless_part(s))
		place_each(s, 0, 0, s->n_frames);
	else
		place_by_address(s);
	return NULL;
}

static void collect_calls(struct search *s, const struct pyi_runtime *rt,
			  struct pyi_report_frame *native, size_t n_native)
{
	for (size_t i = 0; i < n_native; i++) {
		uint64_t pc = native[i].pc;

		if (native[i].runtime != rt->number || !native[i].sp ||
		    native[i].sp >= native[i].cfa)
			continue;
		s->calls[s->n_calls] =
			(struct call){&native[i], pc >= rt->eval_lo && pc < rt->eval_hi};
		s->n_evals += s->calls[s->n_calls++].eval;
	}
}

static void collect_frames(struct search *s, const struct pyi_merge_chain *chain, size_t number)
{
	for (size_t i = 0; i < chain->n; i++) {
		s->frames[s->n_frames] =
			(struct sought){chain->frames[i].address, number, s->n_frames};
		s->n_frames++;
	}
}

static void make_index(struct search *s)
{
	memcpy(s->index, s->frames, s->n_frames * sizeof(*s->index));
	qsort(s->index, s->n_frames, sizeof(*s->index), by_address);
}

struct pyi_error *pyi_evalcalls_find(struct pyi_mem *mem, const struct pyi_runtime *rt,
				     struct pyi_report_frame *native, size_t n_native,
				     const struct pyi_merge_chain *chains, size_t n_chains)
{
	struct search s = {.mem = mem};
	struct pyi_error *err = NULL;
	size_t n = 0;

	for (size_t c = 0; c < n_chains; c++)
		n += chains[c].n;
	if (!n || !n_native)
		return NULL;
	s.calls = calloc(n_native, sizeof(*s.calls));
	s.frames = calloc(n, sizeof(*s.frames));
	s.index = calloc(n, sizeof(*s.index));
	if (!s.calls || !s.frames || !s.index) {
		err = &pyi_enomem;
	} else {
		collect_calls(&s, rt, native, n_native);
		for (size_t c = 0; c < n_chains; c++)
			collect_frames(&s, &chains[c], c);
		make_index(&s);
		err = place_all(&s, n_chains);
	}
	pyi_vec_deinit(&s.hits);
	free(s.calls);
	free(s.frames);
	free(s.index);
	return err;
}
