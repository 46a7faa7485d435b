/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The chain of Python frames of a thread state. It belongs to a target that may be running or
 * damaged: each record is copied with one read, no address is visited twice, the length is bounded,
 * and what was found before a fault is kept with the reason for the end.
 *
 * Stack marks (CPython v3.11 and v3.12 Include/cpython/pystate.h struct _PyCFrame, v3.12
 * Python/ceval.c entry_frame): a _PyCFrame or a shim frame is a C local of the eval function.
 */
#include "python/frames.h"
#include "python/record.h"
#include "python/seen.h"

#include <stdlib.h>

#define CO_ANY_GENERATOR (0x20 | 0x80 | 0x200) /* generator, coroutine, async generator */

/* What of a record matters before its lists: no frame is read past its fixed part. */
struct walk {
	struct pyi_mem *mem;
	const struct pyi_runtime *rt;
	const struct pyi_layout *l;
	const struct pyi_tstate *ts;
	struct pyi_py_stack *out;
	struct pyi_seen seen;
	size_t max;
	uint64_t cframe;   /* the next stack mark, 0 when there is none left */
	uint64_t base;     /* 3.15's outermost record, which is on no stack; else 0 */
	bool batch_is_new; /* the next frame is the innermost of its eval call */
	uint64_t batch_mark;
};

static uint64_t read_u64(const struct walk *w, uint64_t addr)
{
	uint64_t value = 0;

	pyi_error_destroy(pyi_mem_read_u64(w->mem, addr, &value));
	return value;
}

/* The cframe that stands for no eval call lies in the thread state itself. */
static uint64_t on_stack(const struct walk *w, uint64_t cframe)
{
	return cframe - w->ts->addr < w->l->tstate_size ? 0 : cframe;
}

/* The innermost frame, 0 when the thread runs no Python. */
static struct pyi_error *first_frame(struct walk *w, uint64_t *ret)
{
	uint64_t at = w->ts->addr + w->l->tstate_frame;
	struct pyi_error *err;

	if (w->l->how_entry == PYI_ENTRY_CFRAME)
		w->cframe = on_stack(w, read_u64(w, w->ts->addr + w->l->tstate_cframe));
	if (w->l->tstate_base_frame != PYI_NONE)
		w->base = read_u64(w, w->ts->addr + w->l->tstate_base_frame);
	err = pyi_mem_read_u64(w->mem, at, ret);
	if (err || w->l->how_frames != PYI_FRAMES_CFRAME)
		return err;
	w->cframe = on_stack(w, *ret);
	return pyi_mem_read_u64(w->mem, *ret + w->l->cframe_current_frame, ret);
}

/*
 * 3.11: the cframe of the eval call whose innermost frame is addr. Each cframe names that frame;
 * where it names another one the pairing is lost and the rest of the stack has no marks.
 */
static uint64_t next_mark(struct walk *w, uint64_t addr)
{
	uint64_t mark = w->cframe;

	if (!mark)
		return 0;
	w->cframe = on_stack(w, read_u64(w, mark + w->l->cframe_previous));
	if (w->l->how_entry == PYI_ENTRY_IS_ENTRY &&
	    read_u64(w, mark + w->l->cframe_current_frame) != addr) {
		w->cframe = 0;
		return 0;
	}
	return mark;
}

/* Where in its code the frame is, from a pointer to a code unit (3.11+). */
static void locate_pointer(const struct walk *w, struct pyi_py_frame *frame, uint64_t pointer)
{
	uint64_t units = frame->code + w->l->code_code, n_units;
	int64_t unit = (int64_t)(pointer - units) / 2;
	uint32_t first = 0;

	n_units = read_u64(w, frame->code + w->l->var_size);
	if (w->l->code_firsttraceable != PYI_NONE)
		pyi_error_destroy(
			pyi_mem_read_u32(w->mem, frame->code + w->l->code_firsttraceable, &first));
	if (pointer < units || (uint64_t)unit >= n_units)
		frame->lasti_units = UINT64_MAX;
	else
		frame->lasti_units = (uint64_t)unit;
	frame->incomplete = !frame->generator && (pointer < units || unit < (int64_t)first);
}

static void locate(const struct walk *w, struct pyi_py_frame *frame, const struct pyi_record *rec)
{
	int32_t index = (int32_t)pyi_record_u32(rec, w->l->frame_lasti);
	bool bytes =
		w->l->how_lasti == PYI_LASTI_BYTES && w->l->how_lines != PYI_LINES_LNOTAB_UNSIGNED;

	if (w->l->how_lasti == PYI_LASTI_POINTER)
		locate_pointer(w, frame, pyi_record_u64(rec, w->l->frame_lasti));
	else if (index < 0)
		frame->lasti_units = UINT64_MAX;
	else
		frame->lasti_units = bytes ? (uint32_t)index / 2 : (uint32_t)index;
}

static bool is_generator(const struct walk *w, uint64_t code, const struct pyi_record *rec)
{
	uint32_t flags = 0;

	if (w->l->frame_owner != PYI_NONE && w->l->owner_generator != PYI_NONE)
		return pyi_record_u8(rec, w->l->frame_owner) == w->l->owner_generator;
	if (w->l->code_flags != PYI_NONE)
		pyi_error_destroy(pyi_mem_read_u32(w->mem, code + w->l->code_flags, &flags));
	return flags & CO_ANY_GENERATOR;
}

static bool is_code(const struct walk *w, uint64_t addr)
{
	return addr % 8 == 0 && addr &&
	       (!w->rt->code_type || read_u64(w, addr + w->l->object_type) == w->rt->code_type);
}

/* A frame whose code is none belongs to the chain if it leads to one that is in order: an object
 * that the program has destroyed does not hide its callers. Needs to know what code is. */
static bool leads_on(const struct walk *w, const struct pyi_record *rec)
{
	uint64_t next = pyi_record_u64(rec, w->l->frame_back), code;

	if (!w->rt->code_type || !next || next % 8 != 0)
		return false;
	code = read_u64(w, next + w->l->frame_code);
	if (w->l->how_code == PYI_CODE_TAGGED)
		code &= ~(uint64_t)3;
	return is_code(w, code);
}

/* Fills frame from its record; false when the record is no frame. */
static bool decode(struct walk *w, const struct pyi_record *rec, struct pyi_py_frame *frame)
{
	bool shims = w->l->how_entry == PYI_ENTRY_SHIM;

	frame->lasti_units = UINT64_MAX;
	if (shims && pyi_record_u8(rec, w->l->frame_owner) >= w->l->owner_shim) {
		frame->shim = frame->entry = true;
		frame->mark = frame->addr;
		return true;
	}
	frame->code = pyi_record_u64(rec, w->l->frame_code);
	if (w->l->how_code == PYI_CODE_TAGGED)
		frame->code &= ~(uint64_t)3;
	if (is_code(w, frame->code)) {
		frame->generator = is_generator(w, frame->code, rec);
		locate(w, frame, rec);
	} else if (!leads_on(w, rec)) {
		return false;
	}
	if (shims)
		return true;
	if (w->batch_is_new)
		w->batch_mark = next_mark(w, frame->addr);
	frame->entry =
		w->l->how_entry != PYI_ENTRY_IS_ENTRY || pyi_record_u8(rec, w->l->frame_is_entry);
	frame->mark = w->batch_mark;
	w->batch_is_new = frame->entry;
	return true;
}

static struct pyi_error *end_at(struct walk *w, enum pyi_end end, uint64_t addr)
{
	w->out->end = end;
	w->out->end_address = addr;
	return NULL;
}

/* One record: 0 in *addr ends the walk, and the reason has been said. */
static struct pyi_error *step(struct walk *w, uint64_t *addr)
{
	struct pyi_py_frame frame = {.addr = *addr}, *kept;
	enum pyi_seen_result seen;
	struct pyi_record rec;
	struct pyi_error *err;
	uint64_t at = *addr;

	*addr = 0;
	if (at % 8 != 0)
		return end_at(w, PYI_END_INCONSISTENT, at);
	if (w->out->frames.len >= w->max)
		return end_at(w, PYI_END_LIMIT, at);
	seen = pyi_seen_add(&w->seen, at);
	if (seen == PYI_SEEN_NO_MEMORY)
		return &pyi_enomem;
	if (seen == PYI_SEEN_OLD)
		return end_at(w, PYI_END_CYCLE, at);
	err = pyi_record_read(w->mem, at, w->l->frame_size, &rec);
	if (err) {
		pyi_error_destroy(err);
		return end_at(w, PYI_END_UNREADABLE, at);
	}
	if (!decode(w, &rec, &frame))
		return end_at(w, PYI_END_INCONSISTENT, at);
	kept = pyi_vec_push(&w->out->frames);
	if (!kept)
		return &pyi_enomem;
	*kept = frame;
	*addr = pyi_record_u64(&rec, w->l->frame_back);
	return NULL;
}

/* A whole chain ends with an entry: a walk of a running target may have lost its way. */
static void check_end(struct walk *w)
{
	const struct pyi_py_stack *out = w->out;

	if (out->end == PYI_END_COMPLETE && out->frames.len &&
	    !out->frames.data[out->frames.len - 1].entry)
		w->out->end = PYI_END_INCONSISTENT;
}

struct pyi_error *pyi_py_frames_read(struct pyi_target *target, const struct pyi_runtime *rt,
				     const struct pyi_tstate *ts, size_t max,
				     struct pyi_py_stack *ret)
{
	struct pyi_py_stack out = {.frames = ret->frames, .end = PYI_END_COMPLETE};
	struct walk w = {.mem = target->mem,
			 .rt = rt,
			 .l = &rt->layout,
			 .ts = ts,
			 .out = &out,
			 .max = max,
			 .batch_is_new = true};
	uint64_t addr = 0;
	struct pyi_error *err = first_frame(&w, &addr);

	out.frames.len = 0;
	if (err) {
		end_at(&w, PYI_END_UNREADABLE, err->address ? err->address : ts->addr);
		pyi_error_destroy(err);
		err = NULL;
	}
	while (addr && addr != w.base && !err)
		err = step(&w, &addr);
	pyi_seen_deinit(&w.seen);
	if (err)
		pyi_py_stack_deinit(&out);
	else
		check_end(&w);
	*ret = out;
	return err;
}

void pyi_py_stack_deinit(struct pyi_py_stack *stack)
{
	pyi_vec_deinit(&stack->frames);
}
