/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rehearsal decodes everything once, so that the pages it needs are in the cache and are
 * copied in batches at the start of the pause. In the pause only what is new costs reads.
 */
#include "report/walk.h"

#include "python/values.h"

#include <stdlib.h>

#define DEFAULT_BUDGET_NS 5000000u

static void clear(struct pyi_walk *walk)
{
	for (size_t i = 0; i < walk->n_stacks; i++)
		pyi_py_stack_deinit(&walk->stacks[i]);
	free(walk->stacks);
	walk->stacks = NULL;
	walk->n_stacks = 0;
	pyi_tstates_deinit(&walk->tstates);
	walk->tstates = (struct pyi_tstates){0};
	pyi_error_destroy(walk->err);
	walk->err = NULL;
}

void pyi_walk_deinit(struct pyi_walk *walk)
{
	clear(walk);
	pyi_code_cache_destroy(walk->seen_codes);
}

/* A code object is copied by decoding it; the result is not used. */
static void touch_codes(struct pyi_walk *walk, const struct pyi_py_stack *stack)
{
	pyi_vec_for_each (frame, &stack->frames) {
		const struct pyi_code *code;

		if (frame->code && !frame->shim)
			pyi_error_destroy(pyi_code_get(walk->seen_codes, frame->code, &code));
	}
}

typedef PYI_VEC(uint64_t) roots_t;

static void add_roots(struct pyi_walk *walk, struct pyi_target *target,
		      const struct pyi_py_stack *stack, roots_t *roots)
{
	pyi_vec_for_each (frame, &stack->frames) {
		struct pyi_locals locals = {0};

		if (frame->shim || frame->incomplete)
			continue;
		pyi_error_destroy(
			pyi_locals_read(target, walk->rt, walk->seen_codes, frame, &locals));
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
	roots_t roots = {0};

	if (!budget)
		budget = DEFAULT_BUDGET_NS;
	for (size_t i = 0; i < walk->n_stacks; i++)
		add_roots(walk, target, &walk->stacks[i], &roots);
	pyi_values_prefetch(target, walk->rt, roots.data, roots.len, budget / 2);
	pyi_vec_deinit(&roots);
}

static struct pyi_error *read_stacks(struct pyi_walk *walk, struct pyi_target *target)
{
	struct pyi_error *err = pyi_tstates_read(target, walk->rt, &walk->tstates);
	size_t n = walk->tstates.states.len;

	if (err)
		return err;
	walk->stacks = calloc(n + 1, sizeof(*walk->stacks));
	if (!walk->stacks)
		return &pyi_enomem;
	for (size_t i = 0; i < n; i++) {
		err = pyi_py_frames_read(target, walk->rt, &walk->tstates.states.data[i],
					 PYI_WALK_MAX_FRAMES, &walk->stacks[i]);
		if (err)
			return err;
		walk->n_stacks = i + 1;
	}
	return NULL;
}

void pyi_walk_run(void *arg, struct pyi_target *target)
{
	struct pyi_walk *walk = arg;

	clear(walk);
	if (!walk->seen_codes)
		walk->err = pyi_code_cache_create(target, walk->rt, &walk->seen_codes);
	if (!walk->err)
		walk->err = read_stacks(walk, target);
	if (walk->err)
		return;
	for (size_t i = 0; i < walk->n_stacks; i++)
		touch_codes(walk, &walk->stacks[i]);
	for (size_t i = 0; !walk->rehearsed && i < walk->tstates.states.len; i++)
		free(pyi_thread_name(target, walk->rt, &walk->tstates.states.data[i]));
	if (walk->options->locals)
		copy_values(walk, target);
	walk->rehearsed = true;
}
