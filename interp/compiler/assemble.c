/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a unit's instructions to its code object: what cannot be reached is dropped, stack depth and
 * handlers are found by walking all paths, jumps get their distances, tables are written.
 */
#include "compiler/assemble.h"

#include "compiler/compile.h"
#include "compiler/opcode_info.h"

static bool is_jump(int op)
{
	return op == PSEUDO_JUMP || opcode_argument(op) == ARGUMENT_FORWARD ||
	       opcode_argument(op) == ARGUMENT_BACKWARD;
}

static bool is_setup(int op)
{
	return op >= PSEUDO_SETUP_FINALLY && op <= PSEUDO_SETUP_WITH;
}

static bool falls_through(int op)
{
	return op != PSEUDO_JUMP && op != OP_RETURN_VALUE && op != OP_RERAISE &&
	       op != OP_RAISE_VARARGS;
}

/* -- Paths: depth and handlers
 * -------------------------------------------------------------------------- */

/* Where exceptions go: a list of enclosing setups, innermost first. */
struct handler {
	struct handler *outer;
	int label, depth; /* the stack is cut to depth */
	bool lasti;
};

struct node {
	bool reached, keep;
	int depth; /* before it */
	struct handler *handler;
	int position; /* unit of its opcode, EXTENDED_ARGs before it not counted in */
	int units;    /* with its EXTENDED_ARGs */
};

struct assembler {
	struct compiler *c;
	struct unit *u;
	struct node *nodes; /* one per instruction, and one for the end */
	int *work, nwork;
	int stacksize;
	int *slots; /* of cells, then of free variables */
	int nlocals;
	struct seq slot_names;
	uint8_t *slot_kinds;
	struct instr prefix_at; /* location for what stands before the first instruction */
	int total;              /* units */
	uint8_t *code;
	uint8_t *lines;
	int nlines, lines_capacity;
	struct PyExceptionEntry *entries;
	int nentries, entries_capacity;
};

static void reach(struct assembler *a, int index, int depth, struct handler *handler,
		  struct location from)
{
	struct node *n = &a->nodes[index];

	if (depth > a->stacksize)
		a->stacksize = depth;
	if (n->reached)
		return;
	n->reached = true;
	n->depth = depth;
	n->handler = handler;
	if (index < a->u->ncode && a->u->code[index].at.line < 0)
		a->u->code[index].at = from;
	a->work[a->nwork++] = index;
}

static int setup(struct assembler *a, const struct instr *in, int depth, struct handler **handler)
{
	struct handler *h = arena_alloc(a->c->arena, sizeof(*h));
	static const struct location nowhere = {-1, -1, -1, -1};

	if (!h)
		return -1;
	h->outer = *handler;
	h->label = a->u->labels[in->arg];
	h->depth = depth - (in->op == PSEUDO_SETUP_WITH);
	h->lasti = in->op != PSEUDO_SETUP_FINALLY;
	reach(a, h->label, h->depth + h->lasti + 1, *handler, nowhere);
	*handler = h;
	return 0;
}

/* Follows a path from `index` until it ends or meets a known one. */
static int walk(struct assembler *a, int index)
{
	struct unit *u = a->u;

	while (index < u->ncode) {
		struct node *n = &a->nodes[index];
		struct instr *in = &u->code[index];
		struct opcode_effect e = opcode_effect(in->op, in->arg);
		struct handler *handler = n->handler;
		int depth = n->depth - e.pops + e.pushes;

		if (n->depth < e.pops || (in->op == PSEUDO_POP_BLOCK && !handler)) {
			PyErr_SetString(PyExc_SystemError, "compiler lost track of the stack");
			return -1;
		}
		if (is_setup(in->op)) {
			TRY(setup(a, in, n->depth, &handler));
		} else if (in->op == PSEUDO_POP_BLOCK) {
			handler = handler->outer;
		} else if (is_jump(in->op)) {
			reach(a, u->labels[in->arg], n->depth + e.jump, handler, in->at);
		}
		if (!falls_through(in->op) || in->op == OP_JUMP_BACKWARD)
			return 0;
		index++;
		if (a->nodes[index].reached) {
			if (a->nodes[index].depth == depth)
				return 0;
			PyErr_SetString(PyExc_SystemError, "compiler lost track of the stack");
			return -1;
		}
		reach(a, index, depth, handler, in->at);
		a->nwork--; /* walked here and now */
	}
	PyErr_SetString(PyExc_SystemError, "compiler lost the end of the code");
	return -1;
}

static int find_paths(struct assembler *a)
{
	static const struct location nowhere = {-1, -1, -1, -1};

	reach(a, 0, 0, NULL, nowhere);
	while (a->nwork > 0)
		TRY(walk(a, a->work[--a->nwork]));
	return 0;
}

/* -- What is kept
 * ---------------------------------------------------------------------------------------------- */

static int next_kept(const struct assembler *a, int index)
{
	while (index < a->u->ncode && !a->nodes[index].keep)
		index++;
	return index;
}

/* A NOP carries a line; it goes where the instruction behind or before it has the same one. */
static bool nop_is_needed(const struct assembler *a, int index, int last_line)
{
	int line = a->u->code[index].at.line, next = index + 1;

	if (line < 0 || line == last_line)
		return false;
	while (next < a->u->ncode && (a->u->code[next].op >= OP_COUNT || !a->nodes[next].reached) &&
	       a->u->code[next].op != PSEUDO_JUMP)
		next++;
	return next >= a->u->ncode || a->u->code[next].at.line != line;
}

/* A jump to what follows anyway. */
static bool jump_is_needed(const struct assembler *a, int index)
{
	int target = a->u->labels[a->u->code[index].arg];

	if (target <= index)
		return true;
	for (int i = index + 1; i < target; i++) {
		if (a->nodes[i].reached && a->u->code[i].op < OP_COUNT)
			return true;
		if (a->nodes[i].reached && a->u->code[i].op == PSEUDO_JUMP)
			return true;
	}
	return false;
}

static void choose(struct assembler *a)
{
	int last_line = -1;

	for (int i = 0; i < a->u->ncode; i++) {
		struct instr *in = &a->u->code[i];
		struct node *n = &a->nodes[i];

		if (!n->reached)
			continue;
		if (in->op == PSEUDO_JUMP)
			n->keep = jump_is_needed(a, i);
		else if (in->op == OP_NOP)
			n->keep = nop_is_needed(a, i, last_line);
		else
			n->keep = in->op < OP_COUNT;
		if (in->op == PSEUDO_JUMP && !n->keep)
			continue;
		if (n->keep)
			last_line = falls_through(in->op) ? in->at.line : -1;
	}
}

/* -- Slots
 * -----------------------------------------------------------------------------------------------------------
 */

static int add_slot(struct assembler *a, PyObject *name, uint8_t kind)
{
	if (!seq_push(a->c->arena, &a->slot_names, name))
		return -1;
	a->slot_kinds[a->slot_names.n - 1] = kind;
	return a->slot_names.n - 1;
}

/* A parameter that is a cell keeps its slot; other cells and the free variables follow. */
static int lay_out_slots(struct assembler *a)
{
	struct unit *u = a->u;
	size_t most = (size_t)(u->varnames.items.n + u->cellvars.n + u->freevars.n) + 1;

	a->nlocals = u->varnames.items.n;
	a->slot_kinds = arena_alloc(a->c->arena, most);
	a->slots = arena_alloc(a->c->arena, most * sizeof(*a->slots));
	if (!a->slot_kinds || !a->slots)
		return -1;
	for (int i = 0; i < a->nlocals; i++)
		TRY(add_slot(a, u->varnames.items.v[i], CO_FAST_LOCAL));
	for (int i = 0; i < u->cellvars.n; i++) {
		intptr_t local = (intptr_t)ptrmap_get(&u->varnames.index, u->cellvars.v[i]);

		if (local) {
			a->slots[i] = (int)local - 1;
			a->slot_kinds[local - 1] |= CO_FAST_CELL;
		} else {
			TRY(a->slots[i] = add_slot(a, u->cellvars.v[i], CO_FAST_CELL));
		}
	}
	for (int i = 0; i < u->freevars.n; i++)
		TRY(a->slots[u->cellvars.n + i] = add_slot(a, u->freevars.v[i], CO_FAST_FREE));
	for (int i = 0; i < u->ncode; i++) {
		if (opcode_argument(u->code[i].op) == ARGUMENT_DEREF)
			u->code[i].arg = a->slots[u->code[i].arg];
	}
	return 0;
}

/* COPY_FREE_VARS, MAKE_CELLs and RETURN_GENERATOR go before everything else. */
static int insert_prefix(struct assembler *a)
{
	struct unit *u = a->u;
	bool generator =
		u->scope->kind == SCOPE_FUNCTION && (u->scope->generator || u->scope->coroutine);
	int n = (u->freevars.n > 0) + u->cellvars.n + 2 * generator, at = 0;
	struct instr *code = arena_alloc(a->c->arena, (size_t)(n + u->ncode) * sizeof(*code));
	static const struct location nowhere = {-1, -1, -1, -1};
	struct location first = {u->firstlineno, u->firstlineno, -1, -1};

	if (!code)
		return -1;
	if (u->freevars.n)
		code[at++] = (struct instr){OP_COPY_FREE_VARS, u->freevars.n, nowhere};
	for (int slot = 0; slot < a->slot_names.n; slot++) {
		if (a->slot_kinds[slot] & CO_FAST_CELL)
			code[at++] = (struct instr){OP_MAKE_CELL, slot, nowhere};
	}
	if (generator) {
		code[at++] = (struct instr){OP_RETURN_GENERATOR, 0, first};
		code[at++] = (struct instr){OP_POP_TOP, 0, first};
	}
	memcpy(code + at, u->code, (size_t)u->ncode * sizeof(*code));
	u->code = code;
	u->ncode += n;
	for (int i = 0; i < u->nlabels; i++)
		u->labels[i] += n;
	return 0;
}

/* -- Distances
 * -------------------------------------------------------------------------------------------------------
 */

static int extended_units(int arg)
{
	return arg > 0xffffff ? 4 : arg > 0xffff ? 3 : arg > 0xff ? 2 : 1;
}

static int distance(const struct assembler *a, int index)
{
	int target = next_kept(a, a->u->labels[a->u->code[index].arg]);
	int from = a->nodes[index].position + 1;
	int to = target < a->u->ncode ? a->nodes[target].position - a->nodes[target].units + 1
				      : a->total;

	return to >= from ? to - from : from - to;
}

/* Jumps grow with their distances and never shrink again, so this ends. */
static void settle_distances(struct assembler *a)
{
	bool again;

	for (int i = 0; i < a->u->ncode; i++) {
		struct instr *in = &a->u->code[i];

		if (in->op == PSEUDO_JUMP && a->nodes[i].keep)
			in->op = a->u->labels[in->arg] <= i ? OP_JUMP_BACKWARD : OP_JUMP_FORWARD;
		a->nodes[i].units = is_jump(in->op) ? 1 : extended_units(in->arg);
	}
	do {
		again = false;
		a->total = 0;
		for (int i = 0; i < a->u->ncode; i++) {
			if (!a->nodes[i].keep)
				continue;
			a->total += a->nodes[i].units;
			a->nodes[i].position = a->total - 1;
		}
		for (int i = 0; i < a->u->ncode; i++) {
			int units;

			if (!a->nodes[i].keep || !is_jump(a->u->code[i].op))
				continue;
			units = extended_units(distance(a, i));
			if (units > a->nodes[i].units) {
				a->nodes[i].units = units;
				again = true;
			}
		}
	} while (again);
}

static int write_code(struct assembler *a)
{
	uint8_t *p = a->code = arena_alloc(a->c->arena, 2 * (size_t)a->total);

	if (!p)
		return -1;
	for (int i = 0; i < a->u->ncode; i++) {
		struct instr *in = &a->u->code[i];
		int arg = in->arg;

		if (!a->nodes[i].keep)
			continue;
		if (is_jump(in->op))
			arg = distance(a, i);
		for (int n = a->nodes[i].units - 1; n > 0; n--) {
			*p++ = OP_EXTENDED_ARG;
			*p++ = (uint8_t)(arg >> (8 * n));
		}
		*p++ = in->op;
		*p++ = (uint8_t)arg;
	}
	return 0;
}

/* -- Tables
 * --------------------------------------------------------------------------------------------------------------
 */

static int write_lines(struct assembler *a)
{
	struct line_writer w = {.arena = a->c->arena, .line = a->u->firstlineno};

	for (int i = 0; i < a->u->ncode; i++) {
		if (a->nodes[i].keep && !line_writer_add(&w, a->u->code[i].at, a->nodes[i].units))
			return -1;
	}
	a->lines = w.bytes;
	a->nlines = w.n;
	return 0;
}

static int write_handlers(struct assembler *a)
{
	struct PyExceptionEntry *last = NULL;

	a->entries = arena_alloc(a->c->arena, (size_t)(a->u->ncode + 1) * sizeof(*a->entries));
	if (!a->entries)
		return -1;
	for (int i = 0; i < a->u->ncode; i++) {
		struct handler *h = a->nodes[i].handler;
		uint32_t start, end, target, depth_lasti;
		int to;

		if (!a->nodes[i].keep || !h)
			continue;
		to = next_kept(a, h->label);
		end = (uint32_t)a->nodes[i].position + 1;
		start = end - (uint32_t)a->nodes[i].units;
		target = (uint32_t)(a->nodes[to].position - a->nodes[to].units + 1);
		depth_lasti = (uint32_t)h->depth << 1 | h->lasti;
		if (last && last->end == start && last->target == target &&
		    last->depth_lasti == depth_lasti) {
			last->end = end;
			continue;
		}
		last = &a->entries[a->nentries++];
		*last = (struct PyExceptionEntry){start, end, target, depth_lasti};
	}
	return 0;
}

/* -- The object
 * --------------------------------------------------------------------------------------------------------------
 */

static int code_flags(const struct compiler *c, const struct unit *u)
{
	const struct scope *s = u->scope;
	int flags = c->flags;

	if (s->kind != SCOPE_FUNCTION)
		return flags;
	flags |= CO_OPTIMIZED | CO_NEWLOCALS;
	if (s->nested)
		flags |= CO_NESTED;
	if (s->generator && !s->coroutine)
		flags |= CO_GENERATOR;
	if (!s->generator && s->coroutine)
		flags |= CO_COROUTINE;
	if (s->generator && s->coroutine)
		flags |= CO_ASYNC_GENERATOR;
	if (s->varargs)
		flags |= CO_VARARGS;
	if (s->varkeywords)
		flags |= CO_VARKEYWORDS;
	return flags;
}

static PyObject *tuple_of(struct compiler *c, const struct seq *items)
{
	PyObject *tuple = PyTuple_New(items->n);

	for (int i = 0; tuple && i < items->n; i++)
		PyTuple_SET_ITEM(tuple, i, Py_NewRef(items->v[i]));
	return arena_own(c->arena, tuple);
}

static PyObject *bytes_of(struct compiler *c, const void *data, size_t n)
{
	return arena_own(c->arena, PyBytes_FromStringAndSize(n ? data : "", (Py_ssize_t)n));
}

static PyCodeObject *make_code(struct assembler *a)
{
	struct compiler *c = a->c;
	struct unit *u = a->u;
	struct PyCodeSpec spec = {
		.argcount = u->argcount,
		.posonlyargcount = u->posonlyargcount,
		.kwonlyargcount = u->kwonlyargcount,
		.nlocals = a->nlocals,
		.ncellvars = u->cellvars.n,
		.nfreevars = u->freevars.n,
		.stacksize = a->stacksize + 1,
		.flags = code_flags(c, u),
		.firstlineno = u->firstlineno,
		.filename = c->filename,
		.name = u->name,
		.qualname = u->qualname,
	};

	spec.code = bytes_of(c, a->code, 2 * (size_t)a->total);
	spec.consts = tuple_of(c, &u->consts);
	spec.names = tuple_of(c, &u->names.items);
	spec.localsplusnames = tuple_of(c, &a->slot_names);
	spec.localspluskinds = bytes_of(c, a->slot_kinds, (size_t)a->slot_names.n);
	spec.linetable = bytes_of(c, a->lines, (size_t)a->nlines);
	spec.exceptiontable = bytes_of(c, a->entries, (size_t)a->nentries * sizeof(*a->entries));
	if (!spec.code || !spec.consts || !spec.names || !spec.localsplusnames ||
	    !spec.localspluskinds || !spec.linetable || !spec.exceptiontable)
		return NULL;
	return PyCode_New(&spec);
}

PyCodeObject *assemble(struct compiler *c)
{
	struct unit *u = c->unit;
	struct assembler a = {.c = c, .u = u};

	if (lay_out_slots(&a) < 0 || insert_prefix(&a) < 0)
		return NULL;
	a.nodes = arena_alloc(c->arena, (size_t)(u->ncode + 1) * sizeof(*a.nodes));
	a.work = arena_alloc(c->arena, (size_t)(u->ncode + 1) * sizeof(*a.work));
	if (!a.nodes || !a.work || find_paths(&a) < 0)
		return NULL;
	choose(&a);
	settle_distances(&a);
	if (write_code(&a) < 0 || write_lines(&a) < 0 || write_handlers(&a) < 0)
		return NULL;
	return make_code(&a);
}
