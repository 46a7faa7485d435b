/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/gil.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>

/* From gil.locked to the end of the lock's condition variables and mutexes (CPython v3.11
 * Include/internal/pycore_gil.h struct _gil_runtime_state: int, count, 2 x (cond 48, mutex 40)). */
#define GIL_LOCK_BYTES 192u

static bool waits(struct pyi_target *target, const struct pyi_walk_state *state,
		  const struct pyi_thread *thread)
{
	const struct pyi_layout *layout = &state->rt->layout;
	uint64_t lock = state->rt->root;

	if (state->ts->waits_gil)
		return true;
	if (!thread->in_syscall || thread->syscall_nr != SYS_futex || state->ts->holds_gil)
		return false;
	if (layout->how_gil == PYI_GIL_INTERP) {
		lock = 0;
		pyi_error_destroy(pyi_mem_read_u64(target->mem,
						   state->ts->interp + layout->interp_gil, &lock));
	} else if (layout->how_gil != PYI_GIL_RUNTIME) {
		return false;
	}
	return lock && thread->syscall_args[0] - (lock + layout->gil_locked) < GIL_LOCK_BYTES;
}

/* Who has what this state waits for: the lock of its interpreter, or of all of its runtime. */
static pid_t holder(const struct pyi_target *target, const struct pyi_walk *walk,
		    const struct pyi_walk_state *waiter)
{
	bool shared = waiter->rt->layout.how_gil != PYI_GIL_INTERP;

	pyi_vec_for_each (state, &walk->states) {
		if (state->rt == waiter->rt && state->ts->holds_gil &&
		    state->owner < target->n_threads &&
		    (shared || state->ts->interp == waiter->ts->interp))
			return target->threads[state->owner].tid;
	}
	return 0;
}

struct pyi_error *pyi_gil_describe(struct pyi_target *target, const struct pyi_walk *walk,
				   const struct pyi_thread *from,
				   const struct pyi_thread_states *states,
				   struct pyi_report_thread *to)
{
	const struct pyi_walk_state *waiter = NULL;
	char *text = NULL;

	for (size_t i = 0; i < states->n; i++) {
		if (states->list[i]->ts->holds_gil)
			to->gil = PYI_GIL_HELD;
		else if (!waiter && waits(target, states->list[i], from))
			waiter = states->list[i];
	}
	if (!waiter)
		return NULL;
	/* It may hold another runtime's lock meanwhile: what blocks it matters. */
	to->gil = PYI_GIL_WAITING;
	if (asprintf(&text, walk->runtimes->n > 1 ? "the GIL of %s" : "the GIL", waiter->rt->name) <
	    0)
		return &pyi_enomem;
	free(to->wait_text);
	to->wait_text = text;
	to->wait_kind = "gil";
	to->wait_owner = holder(target, walk, waiter);
	return NULL;
}
