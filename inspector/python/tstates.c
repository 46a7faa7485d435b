/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interpreters and their thread states. The lists belong to a target that may be running or
 * damaged: every link is read once, no address is visited twice, both lengths are bounded, and
 * what was found before a fault is kept.
 */
#include "python/record.h"
#include "python/runtime.h"
#include "python/seen.h"

#include <stdlib.h>

#define MAX_INTERPRETERS 4096u
#define MAX_THREADS      65536u

struct walk {
	struct pyi_target *target;
	const struct pyi_runtime *rt;
	const struct pyi_layout *l;
	struct pyi_tstates *out;
	struct pyi_seen seen;
};

static uint64_t read_u64(const struct walk *w, uint64_t addr)
{
	uint64_t value = 0;

	pyi_error_destroy(pyi_mem_read_u64(w->target->mem, addr, &value));
	return value;
}

static uint32_t read_u32(const struct walk *w, uint64_t addr)
{
	uint32_t value = 0;

	pyi_error_destroy(pyi_mem_read_u32(w->target->mem, addr, &value));
	return value;
}

static void cut(struct walk *w, uint64_t addr)
{
	if (!w->out->cut)
		w->out->cut_at = addr;
	w->out->cut = true;
}

/* The thread state that holds the lock of this interpreter, or 0. */
static uint64_t gil_holder(const struct walk *w, uint64_t interp)
{
	uint64_t gil = w->rt->root;

	if (w->l->how_gil == PYI_GIL_CURRENT_ONLY)
		return w->rt->current ? read_u64(w, w->rt->current) : 0;
	if (w->l->how_gil == PYI_GIL_INTERP)
		gil = read_u64(w, interp + w->l->interp_gil);
	/* The last holder stays behind when the lock is free; -1 is a lock not made yet. */
	if (!gil || (int32_t)read_u32(w, gil + w->l->gil_locked) <= 0)
		return 0;
	return read_u64(w, gil + w->l->gil_holder);
}

static bool collecting(const struct walk *w, uint64_t interp)
{
	if (w->l->interp_gc_collecting != PYI_NONE)
		return read_u32(w, interp + w->l->interp_gc_collecting) != 0;
	return w->l->runtime_gc_collecting != PYI_NONE &&
	       read_u32(w, w->rt->root + w->l->runtime_gc_collecting) != 0;
}

static struct pyi_error *add_thread(struct walk *w, uint64_t addr, const struct pyi_record *rec,
				    uint64_t interp, int64_t interp_id, uint64_t holder)
{
	struct pyi_tstate *ts = pyi_vec_push(&w->out->states);

	if (!ts)
		return &pyi_enomem;
	ts->addr = addr;
	ts->interp = interp;
	ts->interp_id = interp_id;
	ts->thread_id = pyi_record_u64(rec, w->l->tstate_thread_id);
	ts->native_tid = (pid_t)pyi_record_u64(rec, w->l->tstate_native_id);
	ts->holds_gil = addr == holder;
	ts->waits_gil = pyi_record_u8(rec, w->l->tstate_gil_requested) != 0 && !ts->holds_gil;
	return NULL;
}

static struct pyi_error *walk_threads(struct walk *w, uint64_t interp, int64_t interp_id)
{
	uint64_t holder = gil_holder(w, interp);
	uint64_t addr = read_u64(w, interp + w->l->interp_tstate_head);
	struct pyi_error *err = NULL;

	while (addr && !err) {
		struct pyi_record rec;
		enum pyi_seen_result seen = pyi_seen_add(&w->seen, addr);

		if (seen == PYI_SEEN_NO_MEMORY)
			return &pyi_enomem;
		err = pyi_record_read(w->target->mem, addr, w->l->tstate_size, &rec);
		if (err || seen == PYI_SEEN_OLD || w->out->states.len >= MAX_THREADS ||
		    pyi_record_u64(&rec, w->l->tstate_interp) != interp) {
			pyi_error_destroy(err);
			cut(w, addr);
			return NULL;
		}
		err = add_thread(w, addr, &rec, interp, interp_id, holder);
		addr = pyi_record_u64(&rec, w->l->tstate_next);
	}
	return err;
}

/* Without ids (2.7, 3.6) the oldest interpreter, the main one, is the last of the list. */
static void number_interpreters(struct pyi_tstates *out)
{
	pyi_vec_for_each (ts, &out->states)
		ts->interp_id = (int64_t)out->interpreters - 1 - ts->interp_id;
}

static struct pyi_error *walk_interpreters(struct walk *w)
{
	bool direct = w->l->how_threads == PYI_THREADS_INTERP_HEAD;
	uint64_t interp = read_u64(w, w->rt->root + (direct ? 0 : w->l->runtime_interp_head));
	struct pyi_error *err = NULL;

	while (interp && !err) {
		uint64_t next;
		int64_t id = (int64_t)w->out->interpreters;
		enum pyi_seen_result seen = pyi_seen_add(&w->seen, interp);

		if (seen == PYI_SEEN_NO_MEMORY)
			return &pyi_enomem;
		err = pyi_mem_read_u64(w->target->mem, interp + w->l->interp_next, &next);
		if (err || seen == PYI_SEEN_OLD || w->out->interpreters >= MAX_INTERPRETERS) {
			pyi_error_destroy(err);
			cut(w, interp);
			return NULL;
		}
		if (w->l->interp_id != PYI_NONE)
			id = (int64_t)read_u64(w, interp + w->l->interp_id);
		if (collecting(w, interp))
			w->out->gc_running = 1;
		err = walk_threads(w, interp, id);
		w->out->interpreters++;
		interp = next;
	}
	return err;
}

struct pyi_error *pyi_tstates_read(struct pyi_target *target, const struct pyi_runtime *rt,
				   struct pyi_tstates *ret)
{
	const struct pyi_layout *l = &rt->layout;
	bool knows_gc = l->interp_gc_collecting != PYI_NONE || l->runtime_gc_collecting != PYI_NONE;
	struct pyi_tstates out = {.gc_running = knows_gc ? 0 : -1};
	struct walk w = {.target = target, .rt = rt, .l = l, .out = &out};
	struct pyi_error *err = walk_interpreters(&w);

	pyi_seen_deinit(&w.seen);
	if (err) {
		pyi_tstates_deinit(&out);
		return err;
	}
	if (l->interp_id == PYI_NONE)
		number_interpreters(&out);
	*ret = out;
	return NULL;
}

void pyi_tstates_deinit(struct pyi_tstates *tstates)
{
	pyi_vec_deinit(&tstates->states);
}
