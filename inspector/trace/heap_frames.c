/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CPython 2.7 to 3.10: the eval function stores its frame, an argument, into the thread state when
 * it begins, and the frame's f_back when it ends (v3.9 Python/ceval.c, _PyEval_EvalFrameDefault,
 * exit_eval_frame). A generator's f_back is set before it goes on, so each event names its own
 * frame and its caller: nothing else needs to be seen.
 *
 * The probe of an entry stands behind its store. That of an exit, too, if the frame is still in its
 * register there; else the ways that lead to the load of f_back are followed back, each to the
 * first instruction that is emulated. A jcc there counts for one of its outcomes.
 */
#include "trace/finder.h"

enum {
	ENTRY_BYTES = 0x100, /* the entry is that near to the start */
	BACK_INSNS = 32,     /* of one way back */
	WAYS = 32,
};

static uint32_t bit(uint8_t reg)
{
	return reg == PYI_NO_REGISTER ? 0 : UINT32_C(1) << reg;
}

static bool follows(const struct pyi_insn *insn)
{
	return insn->addr == insn[-1].addr + insn[-1].len;
}

/* The number of the instruction that last wrote reg before number i on the way straight to it;
 * SIZE_MAX: none is near. */
static size_t definition(const struct pyi_finder *f, size_t i, uint8_t reg)
{
	const struct pyi_insn *insns = f->insns.list.data;

	for (size_t k = i; k > 0 && i - k < BACK_INSNS && follows(&insns[k]); k--)
		if (insns[k - 1].writes & bit(reg))
			return k - 1;
	return SIZE_MAX;
}

static bool is_tstate_store(const struct pyi_finder *f, const struct pyi_insn *insn)
{
	return insn->kind == PYI_INSN_STORE && insn->base != PYI_REG_RSP &&
	       insn->disp == (int32_t)f->layout->tstate_frame;
}

static bool is_entry(const struct pyi_finder *f, size_t i)
{
	const struct pyi_insn *insns = f->insns.list.data;
	/* The frame is the first argument up to 3.8, then the second. */
	bool second = f->layout->python_major == 3 && f->layout->python_minor >= 9;
	uint8_t argument = second ? PYI_REG_RSI : PYI_REG_RDI;
	size_t def = definition(f, i, insns[i].reg);

	if (insns[i].addr < f->start || insns[i].addr - f->start >= ENTRY_BYTES)
		return false;
	if (def == SIZE_MAX)
		return insns[i].reg == argument;
	return insns[def].kind == PYI_INSN_MOVE && insns[def].base == argument;
}

static struct pyi_error *add_entry(struct pyi_finder *f, size_t i)
{
	const struct pyi_insn *store = &f->insns.list.data[i];
	const struct pyi_insn *probe = pyi_finder_next(f, i, bit(store->base) | bit(store->reg));
	struct pyi_site_code code = {.kind = PYI_SITE_ENTERED, .reg = {store->reg, store->base}};

	return probe ? pyi_finder_add(f, probe->addr, code, PYI_SITE_EMULATED)
		     : pyi_finder_add(f, store->addr, code, PYI_SITE_STEPPED);
}

/* A way back from the load of f_back. */
struct way {
	size_t at;       /* it comes from before this instruction */
	uint32_t writes; /* registers that change from there on to the load */
};

struct exit {
	struct pyi_finder *f;
	size_t load, store;
	PYI_VEC(struct way) ways;
	bool blocked; /* there is a way without a site */
};

/* Where the thread state is found at a probe from which on `writes` change up to the load; false:
 * nowhere. */
static bool place_tstate(const struct exit *exit, uint32_t writes, struct pyi_site_code *code)
{
	const struct pyi_insn *insns = exit->f->insns.list.data;
	uint8_t base = insns[exit->store].base;
	uint32_t before = writes;

	for (size_t i = exit->load; i < exit->store; i++)
		writes |= insns[i].writes;
	code->reg[1] = base;
	if (!(writes & bit(base)))
		return true;
	for (size_t i = exit->store; i > 0 && follows(&insns[i]); i--) {
		const struct pyi_insn *def = &insns[i - 1];

		if (!(def->writes & bit(base)))
			continue;
		for (size_t k = exit->load; k < i - 1; k++)
			before |= insns[k].writes;
		code->reg[1] = def->base;
		code->disp = (int16_t)def->disp;
		code->flags = PYI_SITE_IN_MEMORY;
		return def->kind == PYI_INSN_LOAD && def->disp == code->disp &&
		       !(before & bit(def->base));
	}
	return false;
}

static struct pyi_error *add_before(struct exit *exit, const struct pyi_insn *probe,
				    uint32_t writes, uint8_t condition)
{
	struct pyi_site_code code = {.kind = PYI_SITE_LEFT, .condition = condition};
	uint8_t frame = exit->f->insns.list.data[exit->load].base;

	code.reg[0] = frame;
	if (writes & bit(frame) || !place_tstate(exit, writes, &code)) {
		exit->blocked = true;
		return NULL;
	}
	return pyi_finder_add(exit->f, probe->addr, code, PYI_SITE_EMULATED);
}

/* 1 + the condition of a jcc, 0 for any other instruction. */
static uint8_t condition_of(const struct pyi_insn *insn)
{
	if ((insn->bytes[0] & 0xf0) == 0x70)
		return (uint8_t)(1 + (insn->bytes[0] & 0xf));
	if (insn->bytes[0] == 0x0f && (insn->bytes[1] & 0xf0) == 0x80)
		return (uint8_t)(1 + (insn->bytes[1] & 0xf));
	return 0;
}

static uint8_t opposite(uint8_t condition)
{
	return condition ? (uint8_t)(((condition - 1) ^ 1) + 1) : 0;
}

static bool is_call(const struct pyi_insn *insn)
{
	return insn->bytes[0] == 0xe8;
}

static bool ends(const struct pyi_insn *insn)
{
	return insn->kind == PYI_INSN_END || insn->bytes[0] == 0xe9 || insn->bytes[0] == 0xeb;
}

static void follow_further(struct exit *exit, struct way way)
{
	struct way *further = exit->ways.len < WAYS ? pyi_vec_push(&exit->ways) : NULL;

	if (further)
		*further = way;
	else
		exit->blocked = true;
}

/* What comes before an instruction: the one that stands there, and jumps from anywhere. */
static struct pyi_error *follow_back(struct exit *exit, struct way way)
{
	const struct pyi_insn *insn = &exit->f->insns.list.data[way.at], *before = insn - 1;
	struct pyi_error *err = NULL;
	bool any = false;

	pyi_vec_for_each (jump, &exit->f->insns.list) {
		if (err || jump->jump != insn->addr)
			continue;
		err = add_before(exit, jump, way.writes, condition_of(jump));
		any = true;
	}
	if (err)
		return err;
	if (!way.at || !follows(insn) || ends(before)) {
		exit->blocked |= !any; /* only an indirect jump can lead here */
		return NULL;
	}
	way.at--;
	way.writes |= before->writes;
	if (pyi_site_classify(before->bytes, before->len) != PYI_SITE_EMULATED) {
		follow_further(exit, way);
		return NULL;
	}
	/* What is called may still run Python in this frame's name. */
	exit->blocked |= is_call(before);
	return add_before(exit, before, way.writes, opposite(condition_of(before)));
}

/* Can the store be reached without the load? */
static bool is_entered_between(const struct exit *exit)
{
	const struct pyi_insn *insns = exit->f->insns.list.data;

	pyi_vec_for_each (jump, &exit->f->insns.list)
		if (jump->jump > insns[exit->load].addr && jump->jump <= insns[exit->store].addr)
			return true;
	return false;
}

/* Sites on all the ways to the load; where there is one without, on the load itself. */
static struct pyi_error *add_ways(struct exit *exit)
{
	struct pyi_sites *sites = exit->f->out;
	const struct pyi_insn *load = &exit->f->insns.list.data[exit->load];
	struct pyi_site_code code = {.kind = PYI_SITE_LEFT, .reg = {load->base}};
	size_t before = sites->list.len;
	struct pyi_error *err = NULL;

	if (is_entered_between(exit))
		return pyi_error_create(PYI_ERR_BAD_DATA, "an exit that cannot be followed");
	follow_further(exit, (struct way){exit->load, 0});
	for (size_t i = 0; !err && !exit->blocked && i < exit->ways.len; i++)
		err = follow_back(exit, exit->ways.data[i]);
	if (err || !exit->blocked)
		return err;
	sites->list.len = before;
	if (!place_tstate(exit, 0, &code))
		return pyi_error_create(PYI_ERR_BAD_DATA, "an exit knows no thread state");
	return pyi_finder_add(exit->f, load->addr, code, PYI_SITE_STEPPED);
}

static struct pyi_error *add_exit(struct pyi_finder *f, size_t store, size_t load)
{
	const struct pyi_insn *insns = f->insns.list.data;
	struct exit exit = {.f = f, .load = load, .store = store};
	uint8_t frame = insns[load].base;
	const struct pyi_insn *probe =
		pyi_finder_next(f, store, bit(frame) | bit(insns[store].base));
	struct pyi_site_code code = {.kind = PYI_SITE_LEFT, .reg = {frame, insns[store].base}};
	struct pyi_error *err;

	for (size_t i = load; probe && i < store; i++)
		if (insns[i].writes & bit(frame))
			probe = NULL;
	if (probe)
		return pyi_finder_add(f, probe->addr, code, PYI_SITE_EMULATED);
	err = add_ways(&exit);
	pyi_vec_deinit(&exit.ways);
	return err;
}

struct pyi_error *pyi_finder_heap_frames(struct pyi_finder *f)
{
	const struct pyi_insn *insns = f->insns.list.data;
	size_t entries = 0, exits = 0;
	struct pyi_error *err = NULL;

	for (size_t i = 0; !err && i < f->insns.list.len; i++) {
		size_t def;

		if (!is_tstate_store(f, &insns[i]))
			continue;
		def = definition(f, i, insns[i].reg);
		if (is_entry(f, i)) {
			err = add_entry(f, i);
			entries++;
		} else if (def != SIZE_MAX && insns[def].kind == PYI_INSN_LOAD &&
			   insns[def].disp == (int32_t)f->layout->frame_back) {
			err = add_exit(f, i, def);
			exits++;
		}
	}
	if (!err && (entries != 1 || !exits))
		err = pyi_error_create(PYI_ERR_NOT_PYTHON,
				       "%zu stores of a frame that begins and %zu of one that ends "
				       "in the eval function",
				       entries, exits);
	return err;
}
