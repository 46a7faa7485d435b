/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0) */
/*
 * CPython 2.7 to 3.10: each hit names the frame object that begins or ends. What is remembered of a
 * thread is for its depth only. Included by frames.bpf.c.
 */
#ifndef PYI_HEAP_FRAMES_H
#define PYI_HEAP_FRAMES_H

struct heap_frame {
	uint64_t addr, code, back, stacktop;
	int32_t lasti;
	int8_t state;
};

static __always_inline bool read_heap_frame(struct thread *thread, uint64_t addr,
					    struct heap_frame *frame)
{
	uint8_t *head = thread->heap_head;

	if (layout.frame_code > HEAP_HEAD - 8 || layout.frame_back > HEAP_HEAD - 8 ||
	    layout.frame_lasti > HEAP_HEAD - 4 || layout.frame_stacktop > HEAP_HEAD - 8 ||
	    (layout.frame_state > HEAP_HEAD - 1 && layout.frame_state != PYI_NONE))
		return false;
	if (bpf_probe_read_user(head, HEAP_HEAD, (void *)addr))
		return false;
	frame->addr = addr;
	frame->code = *(uint64_t *)(head + layout.frame_code);
	frame->back = *(uint64_t *)(head + layout.frame_back);
	frame->stacktop = *(uint64_t *)(head + layout.frame_stacktop);
	frame->lasti = *(int32_t *)(head + layout.frame_lasti);
	frame->state = layout.frame_state != PYI_NONE ? (int8_t)head[layout.frame_state] : 0;
	return true;
}

/* Does it wait to be resumed? Before 3.10 a frame that yields keeps its f_stacktop; 3.10 says it in
 * f_state (CPython v3.10 Include/cpython/frameobject.h, FRAME_SUSPENDED). */
static __always_inline bool is_suspended(const struct heap_frame *frame)
{
	return layout.how_lasti == PYI_LASTI_UNITS ? frame->state == -1 : frame->stacktop != 0;
}

static __always_inline bool is_generator(uint64_t frame)
{
	uint64_t code = frame ? read_u64(frame + layout.frame_code) : 0;

	return code && read_u64(code + layout.code_flags) & CO_ANY_GENERATOR;
}

static __always_inline void heap_entered(struct hit *hit, struct shadow *shadow,
					 const struct heap_frame *frame, const struct code *code,
					 uint64_t tstate)
{
	struct thread *thread = hit->thread;
	enum pyi_frame_event event = PYI_FRAME_CALL;

	/* A delegated throw() puts the generators that wait for each other between (3.9, 3.10); a
	 * switch of stacks (greenlet) is seen by nobody but the next frame that begins. */
	if (!thread->known || (frame->back != shadow->frames[thread->depth % SHADOW].frame &&
			       !is_generator(frame->back)))
		shadow_begin(thread, shadow, chain_depth(frame->addr) - 1, frame->back);
	shadow_push(thread, shadow, frame->addr, code->addr, code->ident);
	/* throw() goes on with an exception, even in a generator that has not run yet. */
	if (code->flags & CO_ANY_GENERATOR && (frame->lasti >= 0 || is_raised(tstate)))
		event = PYI_FRAME_RESUME;
	send(hit, code, thread->depth, event);
}

static __always_inline void heap_left(struct hit *hit, struct shadow *shadow,
				      const struct heap_frame *frame, const struct code *code,
				      uint64_t tstate)
{
	struct thread *thread = hit->thread;
	enum pyi_frame_event event = PYI_FRAME_RETURN;
	uint32_t depth;

	if (!thread->known || frame->addr != shadow->frames[thread->depth % SHADOW].frame)
		shadow_begin(thread, shadow, chain_depth(frame->addr), frame->addr);
	depth = thread->depth;
	shadow_pop(thread, shadow, frame->back);
	/* f_stacktop is also set where a tracer raised as the frame began. */
	if (is_raised(tstate))
		event = PYI_FRAME_UNWIND;
	else if (code->flags & CO_ANY_GENERATOR && is_suspended(frame))
		event = PYI_FRAME_YIELD;
	send(hit, code, depth, event);
}

/* Does the condition of a jcc hold (Intel SDM, appendix B.1.4.7)? */
static __always_inline bool holds(void *ctx, uint8_t condition)
{
	uint32_t flags = (uint32_t)reg(ctx, PYI_REG_FLAGS);
	bool carry = flags & 1, parity = flags >> 2 & 1, zero = flags >> 6 & 1;
	bool sign = flags >> 7 & 1, overflow = flags >> 11 & 1, ret;

	switch (condition >> 1 & 7) {
	case 0: ret = overflow; break;
	case 1: ret = carry; break;
	case 2: ret = zero; break;
	case 3: ret = carry || zero; break;
	case 4: ret = sign; break;
	case 5: ret = parity; break;
	case 6: ret = sign != overflow; break;
	default: ret = zero || sign != overflow;
	}
	return ret != (condition & 1);
}

SEC("uprobe")
int heap_frame(void *ctx)
{
	uint64_t cookie = bpf_get_attach_cookie(ctx), tstate;
	struct pyi_site_code site;
	struct heap_frame frame = {0};
	struct code code = {0};
	struct hit hit;

	__builtin_memcpy(&site, &cookie, sizeof(site));
	if (site.condition && !holds(ctx, site.condition - 1))
		return 0;
	if (!begin(&hit))
		return 0;
	tstate = reg(ctx, site.reg[1]);
	if (site.flags & PYI_SITE_IN_MEMORY)
		tstate = read_u64(tstate + site.disp);
	if (!read_heap_frame(hit.thread, reg(ctx, site.reg[0]), &frame) ||
	    !read_code(hit.thread, frame.code, &code))
		hit.count->faults++;
	else if (site.kind == PYI_SITE_ENTERED)
		heap_entered(&hit, &hit.thread->shadow, &frame, &code, tstate);
	else
		heap_left(&hit, &hit.thread->shadow, &frame, &code, tstate);
	finish(&hit);
	return 0;
}

#endif
