/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rehearsal decodes everything once, so that the pages it needs are in the cache and are
 * copied in batches at the start of the pause. In the pause only what is new costs reads.
 */
#include "report/walk.h"

#include "python/values.h"

#include <stdlib.h>

#define DEFAULT_BUDGET_NS 5000000u

/* In the pause new memory would cost page faults: that of the rehearsal is kept. */
static void clear(struct pyi_walk *walk)
{
	for (size_t i = walk->states.len; i-- > 0;) {
		struct pyi_py_stack *spare = pyi_vec_push(&walk->spare);

		if (spare)
			*spare = walk->states.data[i].stack;
		else
			pyi_py_stack_deinit(&walk->states.data[i].stack);
		pyi_exception_deinit(&walk->states.data[i].exception);
	}
	walk->states.len = 0;
	pyi_thread_names_deinit(&walk->names);
	for (size_t i = 0; i < walk->runtimes->n; i++) {
		pyi_tstates_deinit(&walk->parts[i].tstates);
		walk->parts[i].tstates = (struct pyi_tstates){0};
	}
	pyi_error_destroy(walk->err);
	walk->err = NULL;
}

void pyi_walk_deinit(struct pyi_walk *walk)
{
	clear(walk);
	pyi_vec_deinit(&walk->states);
	pyi_vec_for_each (stack, &walk->spare)
		pyi_py_stack_deinit(stack);
	pyi_vec_deinit(&walk->spare);
	for (size_t i = 0; i < walk->runtimes->n; i++) {
		pyi_code_cache_destroy(walk->parts[i].seen_codes);
		pyi_vec_deinit(&walk->parts[i].interps);
	}
}

static struct pyi_walk_interp *find_interp(const struct pyi_walk_part *part, uint64_t interp)
{
	pyi_vec_for_each (known, &part->interps) {
		if (known->interp == interp)
			return known;
	}
	return NULL;
}

char *pyi_walk_thread_name(struct pyi_walk *walk, struct pyi_target *target,
			   const struct pyi_walk_state *state)
{
	const struct pyi_walk_interp *interp =
		find_interp(&walk->parts[state->rt->number], state->ts->interp);

	return pyi_thread_name(target, state->rt, &walk->names, interp ? interp->table : 0,
			       state->ts);
}

/* Names are no reason to fail. */
void pyi_walk_prepare(struct pyi_walk *walk, struct pyi_target *target)
{
	for (size_t i = 0; i < walk->runtimes->n; i++) {
		const struct pyi_runtime *rt = &walk->runtimes->all[i];
		struct pyi_walk_part *part = &walk->parts[i];
		struct pyi_tstates tstates = {0};

		pyi_error_destroy(pyi_tstates_read(target, rt, &tstates));
		pyi_vec_for_each (ts, &tstates.states) {
			struct pyi_walk_interp *interp = NULL;

			if (!find_interp(part, ts->interp))
				interp = pyi_vec_push(&part->interps);
			if (interp)
				*interp = (struct pyi_walk_interp){
					ts->interp, pyi_thread_table(target, rt, ts->interp)};
		}
		pyi_tstates_deinit(&tstates);
	}
}

/* A code object is copied by decoding it; the result is not used. */
static void touch_codes(struct pyi_walk *walk, const struct pyi_walk_state *state)
{
	pyi_vec_for_each (frame, &state->stack.frames) {
		const struct pyi_code *code;

		if (frame->code && !frame->shim)
			pyi_error_destroy(pyi_code_get(walk->parts[state->rt->number].seen_codes,
						       frame->code, &code));
	}
}

typedef PYI_VEC(uint64_t) roots_t;

static void add_roots(struct pyi_walk *walk, struct pyi_target *target,
		      const struct pyi_walk_state *state, roots_t *roots)
{
	struct pyi_code_cache *codes = walk->parts[state->rt->number].seen_codes;

	pyi_vec_for_each (frame, &state->stack.frames) {
		struct pyi_locals locals = {0};

		if (frame->shim || frame->incomplete)
			continue;
		pyi_error_destroy(pyi_locals_read(target, state->rt, codes, frame, &locals));
		pyi_vec_for_each (local, &locals.locals) {
			uint64_t *root = pyi_vec_push(roots);

			if (root)
				*root = local->obj;
		}
		pyi_locals_deinit(&locals);
	}
}

/* Half of the budget goes to the rehearsal: its pages are copied again in the pause. */
static void copy_values(struct pyi_walk *walk, struct pyi_target *target)
{
	uint64_t budget = walk->options->value_budget_ns;

	if (!budget)
		budget = DEFAULT_BUDGET_NS;
	for (size_t i = 0; i < walk->runtimes->n; i++) {
		const struct pyi_runtime *rt = &walk->runtimes->all[i];
		roots_t roots = {0};

		pyi_vec_for_each (state, &walk->states)
			if (state->rt == rt)
				add_roots(walk, target, state, &roots);
		pyi_values_prefetch(target, rt, roots.data, roots.len,
				    budget / 2 / walk->runtimes->n);
		pyi_vec_deinit(&roots);
	}
}

static struct pyi_error *read_stacks(struct pyi_walk *walk, struct pyi_target *target,
				     const struct pyi_runtime *rt)
{
	struct pyi_tstates *tstates = &walk->parts[rt->number].tstates;
	struct pyi_error *err = pyi_tstates_read(target, rt, tstates);

	if (err)
		return err;
	pyi_vec_for_each (ts, &tstates->states) {
		struct pyi_walk_state *state = pyi_vec_push(&walk->states);

		if (!state)
			return &pyi_enomem;
		*state = (struct pyi_walk_state){.rt = rt, .ts = ts};
		if (walk->spare.len)
			state->stack = walk->spare.data[--walk->spare.len];
		err = pyi_py_frames_read(target, rt, ts, PYI_WALK_MAX_FRAMES, &state->stack);
		if (err)
			return err;
	}
	return NULL;
}

static struct pyi_error *read_runtimes(struct pyi_walk *walk, struct pyi_target *target)
{
	struct pyi_error *err = NULL;

	for (size_t i = 0; i < walk->runtimes->n && !err; i++) {
		const struct pyi_runtime *rt = &walk->runtimes->all[i];
		struct pyi_walk_part *part = &walk->parts[i];

		if (!part->seen_codes)
			err = pyi_code_cache_create(target, rt, &part->seen_codes);
		if (!err)
			err = read_stacks(walk, target, rt);
	}
	return err;
}

void pyi_walk_run(void *arg, struct pyi_target *target)
{
	struct pyi_walk *walk = arg;

	clear(walk);
	walk->err = read_runtimes(walk, target);
	if (walk->err)
		return;
	pyi_vec_for_each (state, &walk->states) {
		touch_codes(walk, state);
		pyi_exception_read(target, state->rt, state->ts, &state->exception);
		if (!walk->rehearsed)
			free(pyi_walk_thread_name(walk, target, state));
	}
	if (walk->options->locals)
		copy_values(walk, target);
	walk->rehearsed = true;
}
