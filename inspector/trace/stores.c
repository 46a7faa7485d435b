/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stores of the current frame in CPython's eval function.
 *
 * 3.13 and later: into the thread state. Other structs have a pointer at that offset too; the BPF
 * program sees that such a store changed nothing. Where the handlers of opcodes are found, the
 * stores of pushes are not needed: the first opcode of every frame, RESUME, shows them.
 *
 * 3.11 and 3.12: the eval function keeps a struct _PyCFrame in its own stack frame and
 * points tstate->cframe at it (v3.12 Python/ceval.c, _PyEval_EvalFrameDefault): a frame becomes
 * current by a store into that struct. The first store is made with vector registers; instead of it
 * the function's first byte is probed, where the thread state and the frame are arguments.
 *
 * A probe does not stand on the store, which the kernel would have to single-step, but on the next
 * instruction straight on that it emulates. All direct branches are, so none is crossed on the way.
 */
#include "base/cleanup.h"
#include "trace/finder.h"
#include "trace/handlers.h"

#include <string.h>

enum {
	PROLOGUE_INSNS = 400, /* where the struct is set up */
	MAX_SLOT = 0x7000,    /* what a cookie holds */
};

/* `lea slot(%rsp), %r` whose %r is then stored into tstate->cframe. */
static bool find_slot(struct pyi_finder *f)
{
	const struct pyi_insn *insns = f->insns.list.data;
	size_t first = pyi_finder_index(f, f->start), end = first + PROLOGUE_INSNS;
	struct {
		bool is_local;
		uint8_t base;
		int32_t disp;
	} holds[PYI_REGISTERS] = {0};

	for (size_t i = first; i < f->insns.list.len && i < end; i++) {
		const struct pyi_insn *insn = &insns[i];

		if (insn->kind == PYI_INSN_STORE &&
		    insn->disp == (int32_t)f->layout->tstate_frame && holds[insn->reg].is_local &&
		    insn->base != PYI_REG_RSP && insn->base != PYI_REG_RBP) {
			f->slot = holds[insn->reg].disp;
			f->slot_base = holds[insn->reg].base;
			return true;
		}
		for (int reg = 0; reg < PYI_REGISTERS; reg++)
			if (insn->writes >> reg & 1)
				holds[reg].is_local = false;
		if (insn->kind == PYI_INSN_LEA && insn->disp > -MAX_SLOT && insn->disp < MAX_SLOT &&
		    (insn->base == PYI_REG_RSP || insn->base == PYI_REG_RBP)) {
			holds[insn->reg].is_local = true;
			holds[insn->reg].base = insn->base;
			holds[insn->reg].disp = insn->disp;
		}
	}
	return false;
}

/* What a walk must not change: where the struct is. */
static uint32_t kept(const struct pyi_finder *f)
{
	return f->slot_base == PYI_NO_REGISTER ? 0 : UINT32_C(1) << f->slot_base;
}

/* From 3.15 on a generator is marked as suspended only behind the store (v3.15
 * Python/bytecodes.c, YIELD_VALUE): `mov %r8, gi_frame_state - gi_iframe(%frame)`. */
static bool is_yield(const struct pyi_finder *f, size_t i)
{
	int32_t state = (int32_t)(f->layout->gen_state - f->layout->gen_frame);

	if (f->layout->gen_suspended_last == PYI_NONE)
		return false;
	for (size_t k = i + 1; k < f->insns.list.len && k < i + 16; k++) {
		const struct pyi_insn *insn = &f->insns.list.data[k];
		size_t opcode = (insn->bytes[0] & 0xf0) == 0x40; /* behind a REX prefix */

		if (insn->kind == PYI_INSN_END || insn->jump ||
		    insn->addr != insn[-1].addr + insn[-1].len)
			return false;
		if (insn->bytes[opcode] == 0x88 && insn->bytes[opcode + 1] >> 6 == 1 &&
		    (int8_t)insn->bytes[insn->len - 1] == state)
			return true;
	}
	return false;
}

/* after, before: the kinds of a site behind the store and on it. */
static struct pyi_error *add_store(struct pyi_finder *f, size_t i, enum pyi_site_kind after,
				   enum pyi_site_kind before)
{
	const struct pyi_insn *store = &f->insns.list.data[i];
	const struct pyi_insn *probe = pyi_finder_next(f, i, kept(f));
	struct pyi_site_code code = {
		.kind = (uint8_t)after,
		.reg = {store->base, store->reg},
		.disp = (int16_t)store->disp,
		.flags = is_yield(f, i) ? PYI_SITE_YIELDS : 0,
	};

	if (probe)
		return pyi_finder_add(f, probe->addr, code, PYI_SITE_EMULATED);
	if (pyi_site_classify(store->bytes, store->len) == PYI_SITE_NEVER)
		return pyi_error_create(PYI_ERR_BAD_DATA, "a store cannot be probed");
	code.kind = (uint8_t)before;
	return pyi_finder_add(f, store->addr, code, PYI_SITE_STEPPED);
}

static struct pyi_error *add_stores(struct pyi_finder *f)
{
	int32_t disp = f->slot + (int32_t)f->layout->cframe_current_frame;
	struct pyi_error *err = NULL;

	for (size_t i = 0; !err && i < f->insns.list.len; i++) {
		const struct pyi_insn *insn = &f->insns.list.data[i];

		if (insn->kind == PYI_INSN_STORE && insn->base == f->slot_base &&
		    insn->disp == disp)
			err = add_store(f, i, PYI_SITE_STORED, PYI_SITE_STORE);
	}
	return err;
}

/*
 * 3.11 has no shim frames: leaving an eval call makes the caller's struct current again, a store of
 * what cframe.previous held into tstate->cframe. Frames keep another pointer at that offset, so the
 * value must come from there.
 */
static struct pyi_error *add_cframe_stores(struct pyi_finder *f)
{
	int32_t previous = f->slot + (int32_t)f->layout->cframe_previous;
	bool holds[PYI_REGISTERS] = {false};
	struct pyi_error *err = NULL;

	for (size_t i = 0; !err && i < f->insns.list.len; i++) {
		const struct pyi_insn *insn = &f->insns.list.data[i];

		if (insn->kind == PYI_INSN_STORE &&
		    insn->disp == (int32_t)f->layout->tstate_frame && holds[insn->reg] &&
		    insn->base != PYI_REG_RSP && insn->base != PYI_REG_RBP)
			err = add_store(f, i, PYI_SITE_TSTORED, PYI_SITE_CFRAME);
		for (int reg = 0; reg < PYI_REGISTERS; reg++)
			if (insn->writes >> reg & 1)
				holds[reg] = false;
		if (insn->kind == PYI_INSN_LOAD && insn->base == f->slot_base &&
		    insn->disp == previous)
			holds[insn->reg] = true;
	}
	return err;
}

static bool is_tstate_store(const struct pyi_finder *f, const struct pyi_insn *insn)
{
	return insn->kind == PYI_INSN_STORE && insn->base != PYI_REG_RSP &&
	       insn->disp == (int32_t)f->layout->tstate_frame;
}

static struct pyi_error *add_tstate_stores(struct pyi_finder *f)
{
	struct pyi_error *err = NULL;

	for (size_t i = 0; !err && i < f->insns.list.len; i++) {
		const struct pyi_insn *insn = &f->insns.list.data[i];

		if (is_tstate_store(f, insn))
			err = add_store(f, i, PYI_SITE_TSTORED, PYI_SITE_TSTORE);
	}
	return err;
}

/* Opcodes of a minor (CPython Include/opcode_ids.h): those that begin a frame, and those that leave
 * one, or unwind. 0 ends a list. */
struct opcodes {
	uint32_t minor;
	uint8_t resume[5];
	uint8_t leave[12];
};

static const struct opcodes all_opcodes[] = {
	/* RESUME, RESUME_CHECK, INSTRUMENTED_RESUME; YIELD_VALUE, RETURN_VALUE, RETURN_CONST, the
	 * instrumented three, RAISE_VARARGS, RERAISE, END_ASYNC_FOR, CLEANUP_THROW,
	 * RETURN_GENERATOR (of a call from C, whose entry was seen) */
	{13, {149, 207, 236}, {118, 36, 103, 241, 239, 240, 101, 102, 10, 8, 35}},
	/* no RETURN_CONST any more; INSTRUMENTED_END_ASYNC_FOR */
	{14, {128, 196, 245}, {120, 35, 247, 246, 104, 105, 68, 7, 34, 248}},
	/* RESUME_CHECK_JIT */
	{15, {128, 200, 201, 244}, {119, 33, 246, 245, 103, 104, 66, 7, 32, 247}},
};

/* Behind the first instructions of the handlers of RESUME, which each frame runs when it begins or
 * goes on: they need no look at the store, which cannot be probed without a step. */
static struct pyi_error *add_resumes(struct pyi_finder *f, const struct opcodes *opcodes,
				     const struct pyi_handlers *handlers)
{
	struct pyi_error *err = NULL;

	for (const uint8_t *opcode = opcodes->resume; !err && *opcode; opcode++) {
		size_t i = pyi_finder_index(f, handlers->at[*opcode]);
		const struct pyi_insn *probe = i ? pyi_finder_next(f, i - 1, kept(f)) : NULL;

		if (!probe)
			return pyi_error_create(PYI_ERR_BAD_DATA, "no site in RESUME");
		err = pyi_finder_add(f, probe->addr,
				     (struct pyi_site_code){.kind = PYI_SITE_RESUMED},
				     PYI_SITE_EMULATED);
	}
	return err;
}

/* The stores that leaving a frame reaches. */
static struct pyi_error *add_leaving_stores(struct pyi_finder *f, const struct opcodes *opcodes,
					    const struct pyi_handlers *handlers)
{
	pyi_autofree bool *reached = calloc(f->insns.list.len + 1, sizeof(bool));
	size_t before = f->out->list.len;
	struct pyi_error *err = reached ? NULL : &pyi_enomem;

	for (const uint8_t *opcode = opcodes->leave; !err && *opcode; opcode++)
		if (!pyi_handlers_reach(&f->insns, handlers->at[*opcode], reached))
			err = &pyi_enomem;
	for (size_t i = 0; !err && i < f->insns.list.len; i++)
		if (reached[i] && is_tstate_store(f, &f->insns.list.data[i]))
			err = add_store(f, i, PYI_SITE_TSTORED, PYI_SITE_TSTORE);
	if (!err && f->out->list.len == before)
		err = pyi_error_create(PYI_ERR_BAD_DATA, "no store of leaving a frame");
	return err;
}

/* 3.13 and later, when all of it is found: a fraction of the stores, few of them stepped. */
static struct pyi_error *add_by_handlers(struct pyi_finder *f)
{
	const struct opcodes *opcodes = NULL;
	struct pyi_handlers handlers;
	struct pyi_error *err;

	for (size_t i = 0; i < sizeof(all_opcodes) / sizeof(all_opcodes[0]); i++)
		if (all_opcodes[i].minor == f->layout->python_minor)
			opcodes = &all_opcodes[i];
	if (!opcodes || !pyi_handlers_find(f->target, f->image, &f->insns, &handlers))
		return pyi_error_create(PYI_ERR_BAD_DATA, "no table of opcode handlers");
	err = add_resumes(f, opcodes, &handlers);
	return err ? err : add_leaving_stores(f, opcodes, &handlers);
}

static struct pyi_error *add_current(struct pyi_finder *f)
{
	size_t before = f->out->list.len, stepped = f->out->stepped;
	struct pyi_error *err;

	if (f->layout->how_frames == PYI_FRAMES_CFRAME)
		return add_stores(f);
	err = add_by_handlers(f);
	if (!err || err->code == PYI_ERR_NO_MEMORY)
		return err;
	/* All stores are as exact. */
	pyi_error_destroy(err);
	f->out->list.len = before;
	f->out->stepped = stepped;
	return add_tstate_stores(f);
}

/* The first emulated instruction of the function, as long as the arguments are in their registers;
 * else its first byte. */
static struct pyi_error *add_entry(struct pyi_finder *f)
{
	const uint32_t arguments = 1u << PYI_REG_RDI | 1u << PYI_REG_RSI | 1u << PYI_REG_RDX;
	struct pyi_site_code code = {.kind = PYI_SITE_ENTRY};
	size_t first = pyi_finder_index(f, f->start);

	for (size_t i = first; i < f->insns.list.len; i++) {
		const struct pyi_insn *insn = &f->insns.list.data[i];

		if (pyi_site_classify(insn->bytes, insn->len) == PYI_SITE_EMULATED)
			return pyi_finder_add(f, insn->addr, code, PYI_SITE_EMULATED);
		if (insn->kind == PYI_INSN_END || insn->writes & arguments)
			break;
	}
	return pyi_finder_add(f, f->start, code, PYI_SITE_STEPPED);
}

static struct pyi_error *find_all(struct pyi_finder *f)
{
	bool in_cframe = f->layout->how_frames == PYI_FRAMES_CFRAME;
	size_t before;
	struct pyi_error *err;

	if (in_cframe && !find_slot(f))
		return pyi_error_create(PYI_ERR_NOT_PYTHON,
					"the current frame's place in the eval function was not "
					"found");
	err = add_entry(f);
	before = f->out->list.len;
	if (!err)
		err = add_current(f);
	if (!err && f->out->list.len == before)
		err = pyi_error_create(PYI_ERR_NOT_PYTHON, "no store of the current frame found");
	before = f->out->list.len;
	if (!err && f->layout->how_entry == PYI_ENTRY_IS_ENTRY)
		err = add_cframe_stores(f);
	if (!err && f->layout->how_entry == PYI_ENTRY_IS_ENTRY && f->out->list.len == before)
		err = pyi_error_create(PYI_ERR_NOT_PYTHON, "no exit of the eval function found");
	return err;
}

struct pyi_error *pyi_sites_stores(struct pyi_target *target, const struct pyi_runtime *rt,
				   struct pyi_sites *ret)
{
	bool heap = rt->layout.how_frames == PYI_FRAMES_HEAP;
	const char *name =
		rt->layout.python_major == 2 ? "PyEval_EvalFrameEx" : "_PyEval_EvalFrameDefault";
	struct pyi_finder f = {.target = target,
			       .slot_base = PYI_NO_REGISTER,
			       .image = rt->image,
			       .layout = &rt->layout,
			       .out = ret};
	struct pyi_image_symbol symbol;
	struct pyi_error *err;

	if (!pyi_image_find_symbol(rt->image, name, &symbol))
		return pyi_error_create(PYI_ERR_NOT_PYTHON, "%s: its eval function has no symbol",
					rt->name);
	f.start = symbol.addr;
	err = pyi_insns_read(rt->image, target->mem, f.start, &f.insns);
	if (!err)
		err = heap ? pyi_finder_heap_frames(&f) : find_all(&f);
	pyi_insns_deinit(&f.insns);
	return pyi_error_wrap(err, "%s", rt->name);
}
