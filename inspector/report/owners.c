/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/owners.h"

/* Searched of one thread's stack: the frames that run last are there. */
#define MAX_SEARCH_BYTES (1u << 20)
/* Frames of a thread state that are looked for. */
#define MAX_SOUGHT 64u

static uint64_t first_mark(const struct pyi_py_stack *stack)
{
	pyi_vec_for_each (frame, &stack->frames) {
		if (frame->mark)
			return frame->mark;
	}
	return 0;
}

static size_t thread_by_mark(const struct pyi_target *target, uint64_t mark)
{
	size_t i = 0;

	while (i < target->n_threads &&
	       (mark < target->threads[i].stack_lo || mark >= target->threads[i].stack_hi))
		i++;
	return i;
}

static size_t count_named(const struct pyi_py_stack *stack, const uint64_t *words, size_t n)
{
	size_t limit = stack->frames.len < MAX_SOUGHT ? stack->frames.len : MAX_SOUGHT, named = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t f = 0; f < limit; f++)
			named += words[i] == stack->frames.data[f].addr;
	return named;
}

/* How often a thread's stack names frames of this one. */
static size_t count_in_stack(const struct pyi_target *target, const struct pyi_thread *thread,
			     const struct pyi_py_stack *stack)
{
	uint64_t words[PYI_PAGE_SIZE / 8], at = (thread->stack_lo + 7) & ~(uint64_t)7;
	uint64_t end = thread->stack_hi;
	size_t named = 0;

	if (end > at && end - at > MAX_SEARCH_BYTES)
		end = at + MAX_SEARCH_BYTES;
	for (; at < end; at += sizeof(words)) {
		size_t len = end - at < sizeof(words) ? (size_t)(end - at) : sizeof(words);

		len = pyi_mem_read_some(target->mem, at, words, len);
		named += count_named(stack, words, len / 8);
	}
	return named;
}

static size_t thread_by_names(const struct pyi_target *target, const struct pyi_py_stack *stack)
{
	size_t best = target->n_threads, most = 0;

	for (size_t i = 0; i < target->n_threads; i++) {
		size_t named = count_in_stack(target, &target->threads[i], stack);

		if (named > most) {
			most = named;
			best = i;
		}
	}
	return best;
}

static size_t thread_by_id(const struct pyi_target *target, const struct pyi_tstate *ts)
{
	for (size_t i = 0; i < target->n_threads; i++)
		if (ts->thread_id && target->threads[i].have_regs &&
		    target->threads[i].regs.fs_base == ts->thread_id)
			return i;
	for (size_t i = 0; i < target->n_threads; i++)
		if (ts->native_tid && target->threads[i].tid == ts->native_tid)
			return i;
	return target->n_threads == 1 ? 0 : target->n_threads;
}

static size_t find_owner(const struct pyi_target *target, const struct pyi_tstate *ts,
			 const struct pyi_py_stack *stack)
{
	uint64_t mark = first_mark(stack);
	size_t owner = target->n_threads;

	if (mark)
		owner = thread_by_mark(target, mark);
	else if (ts->interp_id != 0 && stack->frames.len)
		owner = thread_by_names(target, stack);
	return owner < target->n_threads ? owner : thread_by_id(target, ts);
}

void pyi_owners_find(struct pyi_target *target, struct pyi_walk *walk)
{
	pyi_vec_for_each (state, &walk->states) {
		state->owner = find_owner(target, state->ts, &state->stack);
		if (state->owner == target->n_threads && state->stack.frames.len)
			pyi_target_warn(
				target,
				"the Python thread state 0x%llx has frames, but no thread of the "
				"process runs it",
				(unsigned long long)state->ts->addr);
	}
}
