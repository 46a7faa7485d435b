/* SPDX-License-Identifier: BSD-2-Clause */
/* Python frames among native frames, by stack address. */
#include "report/merge.h"

#include "base/cleanup.h"

#include <string.h>

#define NOWHERE SIZE_MAX

/* The Python frames that one eval call runs. */
struct batch {
	struct pyi_report_frame *frames;
	size_t n;
	size_t chain;
	uint64_t mark;
	size_t anchor; /* index of its eval call's native frame, or NOWHERE */
	uint64_t key;  /* stack address that orders the batches of several chains */
};

/* What leads from an address to a native frame: [lo, hi) is its stack part, or one value. */
struct span {
	uint64_t lo, hi;
	size_t index;
};

/* By lo, then by index. */
struct spans {
	struct span *list;
	size_t n;
};

struct plan {
	struct spans stack;  /* keyed by address on the C stack */
	struct spans frames; /* keyed by the Python frame that a native one is known to run */
	struct batch *batches;
	size_t n_batches;
};

static bool by_frame_address(enum pyi_how_entry how)
{
	return how == PYI_ENTRY_SLOT || how == PYI_ENTRY_SCAN || how == PYI_ENTRY_COUNT;
}

static int compare_spans(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	if (x->lo != y->lo)
		return x->lo < y->lo ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

static void add_span(struct spans *spans, struct span span)
{
	if (span.lo && span.lo < span.hi)
		spans->list[spans->n++] = span;
}

static void index_native(struct plan *plan, const struct pyi_report_frame *native, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t address = native[i].address;

		add_span(&plan->stack, (struct span){native[i].sp, native[i].cfa, i});
		add_span(&plan->frames, (struct span){address, address + 1, i});
	}
	if (plan->stack.n)
		qsort(plan->stack.list, plan->stack.n, sizeof(struct span), compare_spans);
	if (plan->frames.n)
		qsort(plan->frames.list, plan->frames.n, sizeof(struct span), compare_spans);
}

/* Of several spans with the same start the outermost counts: a call that has just begun still has
 * an older call's value in its stack part. */
static size_t find_anchor(const struct spans *spans, uint64_t key)
{
	size_t lo = 0, hi = spans->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (spans->list[mid].lo <= key)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (!key || lo == 0 || key >= spans->list[lo - 1].hi)
		return NOWHERE;
	return spans->list[lo - 1].index;
}

/* How many frames the batch that starts at frames[0] has. */
static size_t batch_length(enum pyi_how_entry how, const struct pyi_report_frame *frames, size_t n)
{
	if (how != PYI_ENTRY_IS_ENTRY && how != PYI_ENTRY_SHIM)
		return 1;
	for (size_t i = 0; i < n; i++)
		if (how == PYI_ENTRY_SHIM ? frames[i].shim : frames[i].entry)
			return i + 1;
	return n;
}

static void cut_batches(struct plan *plan, const struct pyi_report_frame *native, size_t n_native,
			const struct pyi_merge_chain *chain, size_t number)
{
	uint64_t key = 0;

	for (size_t at = 0; at < chain->n;) {
		struct batch *batch = &plan->batches[plan->n_batches++];
		struct pyi_report_frame *frames = chain->frames + at;

		*batch = (struct batch){.frames = frames, .chain = number};
		batch->n = batch_length(chain->how, frames, chain->n - at);
		for (size_t i = 0; i < batch->n && !batch->mark; i++)
			batch->mark = frames[i].mark;
		batch->anchor = by_frame_address(chain->how)
					? find_anchor(&plan->frames, frames->address)
					: find_anchor(&plan->stack, batch->mark);
		if (batch->anchor != NOWHERE)
			key = native[batch->anchor].sp;
		else if (n_native == 0 && batch->mark)
			key = batch->mark;
		batch->key = key;
		at += batch->n;
	}
}

/* Several interpreters on one thread: the batch nearest to the top of the stack comes first, each
 * chain's own order stays. heads[c] is chain c's next batch, ends[c] one past its last. */
static void interleave(const struct batch *from, size_t n, size_t *heads, const size_t *ends,
		       size_t n_chains, struct batch *to)
{
	for (size_t i = 0; i < n; i++) {
		size_t best = NOWHERE;

		for (size_t c = 0; c < n_chains; c++)
			if (heads[c] < ends[c] &&
			    (best == NOWHERE || from[heads[c]].key < from[heads[best]].key))
				best = c;
		to[i] = from[heads[best]++];
	}
}

static bool order_chains(struct plan *plan, size_t n_chains)
{
	pyi_autofree size_t *heads = NULL;
	struct batch *sorted;
	size_t b = 0;

	if (n_chains < 2)
		return true;
	heads = calloc(n_chains * 2, sizeof(*heads));
	sorted = calloc(plan->n_batches + 1, sizeof(*sorted));
	if (!heads || !sorted) {
		free(sorted);
		return false;
	}
	for (size_t c = 0; c < n_chains; c++) {
		heads[c] = b;
		while (b < plan->n_batches && plan->batches[b].chain == c)
			b++;
		heads[n_chains + c] = b;
	}
	interleave(plan->batches, plan->n_batches, heads, heads + n_chains, n_chains, sorted);
	free(plan->batches);
	plan->batches = sorted;
	return true;
}

static void move(struct pyi_merge_result *ret, struct pyi_report_frame *frame)
{
	ret->frames[ret->n++] = *frame;
	*frame = (struct pyi_report_frame){.kind = frame->kind};
}

static void emit_batch(struct pyi_merge_result *ret, struct batch *batch)
{
	for (size_t i = 0; i < batch->n; i++) {
		struct pyi_report_frame *frame = &batch->frames[i];

		if (frame->shim || frame->incomplete) {
			pyi_report_frame_deinit(frame);
			*frame = (struct pyi_report_frame){.kind = frame->kind};
			continue;
		}
		move(ret, frame);
		ret->unplaced += batch->anchor == NOWHERE;
	}
}

/* Unplaced batches wait until their region's native frames, up to the next anchor, are out. */
static void emit(const struct plan *plan, struct pyi_report_frame *native, size_t n_native,
		 struct pyi_merge_result *ret)
{
	size_t next = 0, waiting = 0;

	for (size_t b = 0; b <= plan->n_batches; b++) {
		size_t stop = b < plan->n_batches ? plan->batches[b].anchor : n_native;

		if (stop == NOWHERE)
			continue;
		while (next < stop)
			move(ret, &native[next++]);
		while (waiting < b)
			emit_batch(ret, &plan->batches[waiting++]);
		if (b == plan->n_batches)
			break;
		emit_batch(ret, &plan->batches[waiting++]);
		native[next].plumbing = true;
		move(ret, &native[next++]);
	}
}

/* An eval call runs one batch, and outer batches lie further out: what breaks that is unplaced. */
static void drop_disorder(struct plan *plan)
{
	size_t least = 0;

	for (size_t b = 0; b < plan->n_batches; b++) {
		struct batch *batch = &plan->batches[b];

		if (batch->anchor == NOWHERE)
			continue;
		if (batch->anchor < least)
			batch->anchor = NOWHERE;
		else
			least = batch->anchor + 1;
	}
}

static struct pyi_error *make_plan(struct plan *plan, const struct pyi_report_frame *native,
				   size_t n_native, const struct pyi_merge_chain *chains,
				   size_t n_chains)
{
	size_t n_python = 0;

	for (size_t c = 0; c < n_chains; c++)
		n_python += chains[c].n;
	plan->stack.list = calloc(n_native + 1, sizeof(struct span));
	plan->frames.list = calloc(n_native + 1, sizeof(struct span));
	plan->batches = calloc(n_python + 1, sizeof(*plan->batches));
	if (!plan->stack.list || !plan->frames.list || !plan->batches)
		return &pyi_enomem;
	index_native(plan, native, n_native);
	for (size_t c = 0; c < n_chains; c++)
		cut_batches(plan, native, n_native, &chains[c], c);
	if (!order_chains(plan, n_chains))
		return &pyi_enomem;
	drop_disorder(plan);
	return NULL;
}

struct pyi_error *pyi_merge(struct pyi_report_frame *native, size_t n_native,
			    struct pyi_merge_chain *chains, size_t n_chains,
			    struct pyi_merge_result *ret)
{
	struct plan plan = {.n_batches = 0};
	struct pyi_merge_result result = {.merge = PYI_MERGE_COMPLETE};
	struct pyi_error *err;
	size_t total = n_native;

	for (size_t c = 0; c < n_chains; c++)
		total += chains[c].n;
	err = make_plan(&plan, native, n_native, chains, n_chains);
	if (!err) {
		result.frames = calloc(total + 1, sizeof(*result.frames));
		if (!result.frames)
			err = &pyi_enomem;
	}
	if (!err) {
		emit(&plan, native, n_native, &result);
		if (n_native == 0)
			result.merge = PYI_MERGE_NONE;
		else if (result.unplaced)
			result.merge = PYI_MERGE_PARTIAL;
		*ret = result;
	}
	free(plan.stack.list);
	free(plan.frames.list);
	free(plan.batches);
	return err;
}
