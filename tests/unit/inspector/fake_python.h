/* SPDX-License-Identifier: BSD-2-Clause */
/* A Python runtime in a byte buffer, laid out as a row of layouts.c says. */
#ifndef TESTS_FAKE_PYTHON_H
#define TESTS_FAKE_PYTHON_H

#include "python/frames.h"
#include "python/runtime.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define FAKE_BASE      0x10000000ull
#define FAKE_SIZE      0x20000u
#define FAKE_RUNTIME   FAKE_BASE
#define FAKE_INTERP(n) (FAKE_BASE + 0x4000 + (uint64_t)(n)*0x4000)
#define FAKE_TSTATE(n) (FAKE_BASE + 0xc000 + (uint64_t)(n)*0x400)
#define FAKE_FRAME(n)  (FAKE_BASE + 0x10000 + (uint64_t)(n)*0x200)
#define FAKE_CODE(n)   (FAKE_BASE + 0x14000 + (uint64_t)(n)*0x400)
#define FAKE_CFRAME(n) (FAKE_BASE + 0x18000 + (uint64_t)(n)*0x40)
#define FAKE_GIL(n)    (FAKE_BASE + 0x19000 + (uint64_t)(n)*0x40)
#define FAKE_CODE_TYPE (FAKE_BASE + 0x1a000)
#define FAKE_UNITS     50u /* code units of each code object */

struct fake {
	struct pyi_target target;
	struct pyi_runtime rt;
	uint8_t *bytes;
};

static inline void fake_put(struct fake *f, uint64_t addr, uint64_t value, size_t width)
{
	assert(addr >= FAKE_BASE && addr + width <= FAKE_BASE + FAKE_SIZE);
	memcpy(f->bytes + (addr - FAKE_BASE), &value, width);
}

static inline void fake_u64(struct fake *f, uint64_t base, uint32_t offset, uint64_t value)
{
	fake_put(f, base + offset, value, 8);
}

static inline void fake_u32(struct fake *f, uint64_t base, uint32_t offset, uint32_t value)
{
	fake_put(f, base + offset, value, 4);
}

static inline void fake_u8(struct fake *f, uint64_t base, uint32_t offset, uint8_t value)
{
	fake_put(f, base + offset, value, 1);
}

static inline struct fake *fake_create(unsigned major, unsigned minor)
{
	struct fake *f = calloc(1, sizeof(*f));
	const struct pyi_layout *row = pyi_layout_for(major, minor, 255);

	assert(f && row);
	f->bytes = calloc(1, FAKE_SIZE);
	assert(f->bytes);
	pyi_error_destroy(pyi_mem_create(&f->target.mem));
	pyi_error_destroy(pyi_mem_add_buffer(f->target.mem, FAKE_BASE, f->bytes, FAKE_SIZE));
	f->rt.layout = *row;
	f->rt.root = FAKE_RUNTIME;
	f->rt.code_type = FAKE_CODE_TYPE;
	return f;
}

static inline void fake_destroy(struct fake *f)
{
	pyi_mem_destroy(f->target.mem);
	free(f->bytes);
	free(f);
}

/* Links interpreter n in front of the list, with n as its id. */
static inline void fake_interp(struct fake *f, int n)
{
	const struct pyi_layout *l = &f->rt.layout;
	uint64_t head;

	memcpy(&head, f->bytes + l->runtime_interp_head, sizeof(head));
	fake_u64(f, FAKE_INTERP(n), l->interp_next, head);
	fake_u64(f, FAKE_INTERP(n), l->interp_id, (uint64_t)n);
	fake_u64(f, FAKE_RUNTIME, l->runtime_interp_head, FAKE_INTERP(n));
}

/* Links thread state n in front of interpreter i's list; its native id is 100 + n. */
static inline void fake_tstate(struct fake *f, int n, int i)
{
	const struct pyi_layout *l = &f->rt.layout;
	uint64_t head;

	memcpy(&head, f->bytes + (FAKE_INTERP(i) - FAKE_BASE) + l->interp_tstate_head,
	       sizeof(head));
	fake_u64(f, FAKE_TSTATE(n), l->tstate_next, head);
	fake_u64(f, FAKE_TSTATE(n), l->tstate_interp, FAKE_INTERP(i));
	fake_u64(f, FAKE_TSTATE(n), l->tstate_thread_id, 0x7000 + (uint64_t)n);
	if (l->tstate_native_id != PYI_NONE)
		fake_u64(f, FAKE_TSTATE(n), l->tstate_native_id, 100 + (uint64_t)n);
	fake_u64(f, FAKE_INTERP(i), l->interp_tstate_head, FAKE_TSTATE(n));
}

/* A code object; a frame of it that has not passed unit `traceable` is incomplete. */
static inline void fake_code(struct fake *f, int n, uint32_t traceable)
{
	const struct pyi_layout *l = &f->rt.layout;

	fake_u64(f, FAKE_CODE(n), l->object_type, FAKE_CODE_TYPE);
	fake_u64(f, FAKE_CODE(n), l->var_size, FAKE_UNITS);
	if (l->code_firsttraceable != PYI_NONE)
		fake_u32(f, FAKE_CODE(n), l->code_firsttraceable, traceable);
}

/* Frame n at code unit `unit` of code n, called by frame `back` (-1: none). */
static inline void fake_frame(struct fake *f, int n, int back, int unit)
{
	const struct pyi_layout *l = &f->rt.layout;

	fake_code(f, n, 0);
	fake_u64(f, FAKE_FRAME(n), l->frame_back, back < 0 ? 0 : FAKE_FRAME(back));
	fake_u64(f, FAKE_FRAME(n), l->frame_code, FAKE_CODE(n));
	if (l->how_lasti == PYI_LASTI_POINTER)
		fake_u64(f, FAKE_FRAME(n), l->frame_lasti,
			 FAKE_CODE(n) + l->code_code + (uint64_t)((int64_t)unit * 2));
	else
		fake_u32(f, FAKE_FRAME(n), l->frame_lasti,
			 (uint32_t)(l->how_lasti == PYI_LASTI_BYTES && unit > 0 ? unit * 2 : unit));
}

/* A shim record (3.12+). */
static inline void fake_shim(struct fake *f, int n, int back)
{
	const struct pyi_layout *l = &f->rt.layout;

	fake_u64(f, FAKE_FRAME(n), l->frame_back, back < 0 ? 0 : FAKE_FRAME(back));
	fake_u8(f, FAKE_FRAME(n), l->frame_owner, (uint8_t)l->owner_shim);
}

#endif
