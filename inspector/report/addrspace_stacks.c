/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stacks. A thread that the C library made has its struct pthread on top of its stack, which says
 * where the stack and its guard are; so stacks of several threads in one mapping, or a guard beside
 * other memory without access, are told apart. Of any other thread only the stack pointer is known:
 * then its whole mapping is its stack.
 */
#include "report/addrspace_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MAX_GUARD (UINT64_C(1) << 20) /* more without access below a stack is something else */

static const struct pyi_thread *thread_by_tid(const struct pyi_survey *survey, pid_t tid)
{
	for (size_t i = 0; i < survey->target->n_threads; i++)
		if (survey->target->threads[i].tid == tid)
			return &survey->target->threads[i];
	return NULL;
}

static pid_t tid_of(const struct pyi_survey *survey, const struct pyi_tstate *ts)
{
	const struct pyi_target *target = survey->target;

	if (ts->native_tid)
		return thread_by_tid(survey, ts->native_tid) ? ts->native_tid : 0;
	pyi_vec_for_each (pthread, &survey->evidence.pthreads)
		if (pthread->addr == ts->thread_id && thread_by_tid(survey, pthread->tid))
			return pthread->tid;
	for (size_t i = 0; i < target->n_threads; i++)
		if (target->threads[i].have_regs &&
		    target->threads[i].regs.fs_base == ts->thread_id)
			return target->threads[i].tid;
	/* The main thread's struct pthread is on no stack: what is left is its own. */
	return ts->thread_id ? target->pid : 0;
}

void pyi_addrspace_find_tids(struct pyi_survey *survey)
{
	for (size_t i = 0; i < survey->tstates.states.len; i++)
		survey->tids[i] = tid_of(survey, &survey->tstates.states.data[i]);
}

void pyi_addrspace_thread_text(const struct pyi_survey *survey, pid_t tid, char *buf, size_t size)
{
	const struct pyi_thread *thread = thread_by_tid(survey, tid);

	for (size_t i = 0; i < survey->tstates.states.len; i++) {
		if (survey->names[i] && survey->tids[i] == tid) {
			snprintf(buf, size, "%d \"%s\"", (int)tid, survey->names[i]);
			return;
		}
	}
	if (thread && *thread->comm)
		snprintf(buf, size, "%d %s", (int)tid, thread->comm);
	else
		snprintf(buf, size, "%d", (int)tid);
}

static bool knows_sp(const struct pyi_thread *thread)
{
	return thread && (thread->have_regs || thread->have_pc_sp);
}

static void claim_stack(struct pyi_survey *survey, const struct pyi_thread *thread, uint64_t lo,
			uint64_t hi)
{
	enum pyi_role role = thread->main ? PYI_ROLE_STACK : PYI_ROLE_THREAD_STACK;
	uint64_t sp = thread->regs.rsp;
	struct pyi_claim *claim;
	char name[400];

	pyi_addrspace_thread_text(survey, thread->tid, name, sizeof(name));
	if (knows_sp(thread) && sp >= lo && sp < hi)
		claim = pyi_claims_add(&survey->claims, lo, hi, role, "%s, %" PRIu64 " KiB deep",
				       name, (hi - sp + 1023) >> 10);
	else if (knows_sp(thread))
		claim = pyi_claims_add(&survey->claims, lo, hi, role, "%s, not in use now", name);
	else
		claim = pyi_claims_add(&survey->claims, lo, hi, role, "%s, running", name);
	if (claim)
		claim->tid = thread->tid;
}

static void claim_guard(struct pyi_survey *survey, uint64_t lo, uint64_t hi, pid_t tid)
{
	struct pyi_claim *claim;

	if (lo >= hi)
		return;
	if (tid)
		claim = pyi_claims_add(&survey->claims, lo, hi, PYI_ROLE_GUARD, "of thread %d",
				       (int)tid);
	else
		claim = pyi_claims_add(&survey->claims, lo, hi, PYI_ROLE_GUARD,
				       "of an ended thread");
	if (claim)
		claim->tid = tid;
}

static void claim_pthread(struct pyi_survey *survey, const struct pyi_pthread *pthread)
{
	const struct pyi_thread *thread =
		pthread->tid > 0 ? thread_by_tid(survey, pthread->tid) : NULL;

	if (thread)
		claim_stack(survey, thread, pthread->guard_hi, pthread->stack_hi);
	else
		pyi_claims_add(&survey->claims, pthread->guard_hi, pthread->stack_hi,
			       PYI_ROLE_THREAD_STACK, "of an ended thread, kept for the next");
	claim_guard(survey, pthread->stack_lo, pthread->guard_hi, thread ? thread->tid : 0);
}

static bool has_pthread(const struct pyi_survey *survey, const struct pyi_thread *thread)
{
	pyi_vec_for_each (pthread, &survey->evidence.pthreads)
		if (pthread->tid == thread->tid)
			return true;
	return false;
}

/* By its stack pointer alone. */
static void claim_by_sp(struct pyi_survey *survey, const struct pyi_thread *thread)
{
	const struct pyi_map *map = pyi_maps_find(&survey->target->maps, thread->regs.rsp);
	const struct pyi_map *below;

	if (!map || (!pyi_map_is_anonymous(map) && strcmp(map->path, "[stack]") != 0))
		return;
	claim_stack(survey, thread, map->lo, map->hi);
	below = map > survey->target->maps.maps ? map - 1 : NULL;
	if (below && below->hi == map->lo && map->lo - below->lo <= MAX_GUARD &&
	    pyi_map_is_anonymous(below) && !(below->perm & (PYI_PERM_R | PYI_PERM_W | PYI_PERM_X)))
		claim_guard(survey, below->lo, below->hi, thread->tid);
}

void pyi_addrspace_claim_stacks_by_sp(struct pyi_survey *survey)
{
	for (size_t i = 0; i < survey->target->n_threads; i++) {
		const struct pyi_thread *thread = &survey->target->threads[i];

		if (knows_sp(thread) && !has_pthread(survey, thread))
			claim_by_sp(survey, thread);
	}
}

void pyi_addrspace_claim_stacks(struct pyi_survey *survey)
{
	pyi_vec_for_each (pthread, &survey->evidence.pthreads)
		claim_pthread(survey, pthread);
}
