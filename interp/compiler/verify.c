/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One pass over the instructions, then a walk over all paths that carries what kind of thing each
 * place of the stack holds. Where paths meet, a place holds what both agree on; the code behind is
 * walked again when that is less than what was thought. Work and memory are bounded: code that is
 * too complex is refused.
 */
#include "compiler/verify.h"

#include "compiler/object_api.h"
#include "compiler/opcode_info.h"

#include "vm/opcode.h"

#define MAX_STATE_BYTES ((size_t)64 << 20)
#define MAX_VISITS      32 /* of each instruction, on average */

/* What stands in a place of the stack: a kind, and more of it in the bits above. */
typedef uint32_t thing;
enum kind {
	ANYTHING, /* an object, or nothing: only the bottom of a call */
	NOTHING,  /* a null pointer */
	OBJECT,   /* not more than an object; all below are objects too */
	CONSTANT, /* index of it */
	TUPLE,    /* made here */
	LIST,
	SET,
	DICT,
	CELL,
	CELLS,     /* a tuple of so many cells */
	EXCEPTION, /* an instance */
	HANDLED,   /* what was handled before: an exception or None */
};
#define THING(kind, more) ((thing)(kind) | (thing)(more) << 4)
#define KIND(t)           ((enum kind)((t)&15))
#define MORE(t)           ((t) >> 4)

enum { START = 1, TARGET = 3 };

struct verifier {
	PyCodeObject *code;
	const uint8_t *units;
	const uint8_t *kinds; /* CO_FAST_*, a byte a slot */
	int n;                /* units */
	int body;             /* where the prologue ends */
	const struct PyExceptionEntry *handlers;
	int nhandlers;
	uint8_t *starts; /* an instruction, with its EXTENDED_ARGs, starts here: START, TARGET */
	thing **states;  /* of the targets of jumps, and of handlers; NULL: not reached yet */
	int32_t *depths;
	int *work, nwork;
	uint8_t *waits; /* in work */
	size_t bytes;   /* of states */
	size_t steps;
	thing *stack;
	int depth;
	int handler; /* the last that covered something */
};

struct instruction {
	int op;
	int arg;
	int at, next; /* units; at: of the opcode itself */
};

/* -- Reading ----------------------------------------------------------------------------------- */
static bool read_instruction(const struct verifier *v, int start, struct instruction *ret)
{
	uint32_t arg = 0;
	int i = start;

	for (; i < v->n && v->units[2 * i] == OP_EXTENDED_ARG; i++) {
		arg = arg << 8 | v->units[2 * i + 1];
		if (i - start == 3 || arg > 0xffffff)
			return false;
	}
	if (i >= v->n)
		return false;
	arg = arg << 8 | v->units[2 * i + 1];
	if (arg > INT32_MAX / 4)
		return false;
	*ret = (struct instruction){.op = v->units[2 * i], .arg = (int)arg, .at = i, .next = i + 1};
	return ret->op < OP_COUNT;
}

static bool is_slot(const struct verifier *v, int slot, int has, int has_not)
{
	return slot < v->code->co_nlocalsplus && (!has || v->kinds[slot] & has) &&
	       !(v->kinds[slot] & has_not);
}

static bool lands(const struct verifier *v, int64_t target)
{
	return target >= v->body && target < v->n && v->starts[target];
}

static bool jump_target(const struct verifier *v, const struct instruction *in, int *ret)
{
	bool back = opcode_argument(in->op) == ARGUMENT_BACKWARD;
	int64_t target = (int64_t)in->next + (back ? -(int64_t)in->arg : in->arg);

	if (!lands(v, target))
		return false;
	*ret = (int)target;
	return true;
}

static bool is_jump(int op)
{
	return opcode_argument(op) == ARGUMENT_FORWARD || opcode_argument(op) == ARGUMENT_BACKWARD;
}

/* The operand alone. */
static bool operand_fits(const struct verifier *v, const struct instruction *in)
{
	int target;

	switch (opcode_argument(in->op)) {
	case ARGUMENT_CONST: return in->arg < PyTuple_GET_SIZE(v->code->co_consts);
	case ARGUMENT_NAME: return in->arg < PyTuple_GET_SIZE(v->code->co_names);
	case ARGUMENT_FAST: return is_slot(v, in->arg, CO_FAST_LOCAL, CO_FAST_CELL | CO_FAST_FREE);
	case ARGUMENT_DEREF: return is_slot(v, in->arg, CO_FAST_CELL | CO_FAST_FREE, 0);
	case ARGUMENT_FORWARD:
	case ARGUMENT_BACKWARD: return jump_target(v, in, &target);
	case ARGUMENT_COMPARE: return in->arg <= Py_GE;
	case ARGUMENT_BINARY: return in->arg < NB_COUNT;
	default: return true;
	}
}

/* Instructions that only some code may have. */
static bool belongs_here(const struct verifier *v, const struct instruction *in)
{
	int flags = v->code->co_flags;

	switch (in->op) {
	case OP_MAKE_CELL:
	case OP_COPY_FREE_VARS:
	case OP_RETURN_GENERATOR: return false; /* the prologue's */
	case OP_LOAD_NAME:
	case OP_STORE_NAME:
	case OP_DELETE_NAME:
	case OP_LOAD_CLASSDEREF:
	case OP_IMPORT_STAR:
	case OP_SETUP_ANNOTATIONS: return !(flags & CO_OPTIMIZED);
	case OP_YIELD_VALUE:
		return (flags & (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR)) != 0;
	case OP_ASYNC_GEN_WRAP: return (flags & CO_ASYNC_GENERATOR) != 0;
	default: return true;
	}
}

/* COPY_FREE_VARS, a MAKE_CELL for each cell, then RETURN_GENERATOR and POP_TOP. */
static bool read_prologue(struct verifier *v)
{
	const int lazy = CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR;
	PyCodeObject *code = v->code;
	struct instruction in;

	if (code->co_nfreevars) {
		if (!read_instruction(v, 0, &in) || in.op != OP_COPY_FREE_VARS ||
		    in.arg != code->co_nfreevars)
			return false;
		v->body = in.next;
	}
	for (int slot = 0; slot < code->co_nlocalsplus; slot++) {
		if (!(v->kinds[slot] & CO_FAST_CELL))
			continue;
		if (!read_instruction(v, v->body, &in) || in.op != OP_MAKE_CELL || in.arg != slot)
			return false;
		v->body = in.next;
	}
	if (!(code->co_flags & lazy))
		return true;
	if (!read_instruction(v, v->body, &in) || in.op != OP_RETURN_GENERATOR)
		return false;
	v->body = in.next;
	if (!read_instruction(v, v->body, &in) || in.op != OP_POP_TOP)
		return false;
	v->body = in.next;
	return true;
}

static bool read_all(struct verifier *v)
{
	struct instruction in;

	for (int i = v->body; i < v->n; i = in.next) {
		if (!read_instruction(v, i, &in))
			return false;
		v->starts[i] = START;
	}
	for (int i = v->body; i < v->n; i = in.next) {
		int target;

		if (!read_instruction(v, i, &in) || !operand_fits(v, &in) || !belongs_here(v, &in))
			return false;
		if (is_jump(in.op) && jump_target(v, &in, &target))
			v->starts[target] = TARGET;
	}
	for (int i = 0, end = v->body; i < v->nhandlers; i++) {
		const struct PyExceptionEntry *h = &v->handlers[i];

		if (h->start < (uint32_t)end || h->start >= h->end || h->end > (uint32_t)v->n ||
		    !lands(v, h->target))
			return false;
		v->starts[h->target] = TARGET;
		end = (int)h->end;
	}
	return true;
}

/* -- The stack --------------------------------------------------------------------------------- */
static bool is_object(thing t)
{
	return KIND(t) >= OBJECT;
}

/* What is known of a place that holds either. */
static thing meet(thing a, thing b)
{
	if (a == b)
		return a;
	if ((KIND(a) == EXCEPTION || KIND(a) == HANDLED) &&
	    (KIND(b) == EXCEPTION || KIND(b) == HANDLED))
		return HANDLED;
	return is_object(a) && is_object(b) ? OBJECT : ANYTHING;
}

/* Control gets to a unit with the lowest `depth` places of the stack, and extra ones. */
static bool arrive(struct verifier *v, int unit, int depth, const thing *extra, int nextra)
{
	thing *state = v->states[unit];
	int total = depth + nextra;
	bool news = !state;

	if (depth < 0 || depth > v->depth || total > v->code->co_stacksize)
		return false;
	if (!state) {
		size_t bytes = ((size_t)total + 1) * sizeof(*state);

		if ((v->bytes += bytes) > MAX_STATE_BYTES || !(state = PyMem_Malloc(bytes)))
			return false;
		v->states[unit] = state;
		v->depths[unit] = total;
		memcpy(state, v->stack, (size_t)depth * sizeof(*state));
		if (nextra)
			memcpy(state + depth, extra, (size_t)nextra * sizeof(*state));
	}
	if (v->depths[unit] != total)
		return false;
	for (int i = 0; i < total; i++) {
		thing t = meet(state[i], i < depth ? v->stack[i] : extra[i - depth]);

		news |= t != state[i];
		state[i] = t;
	}
	if (news && !v->waits[unit]) {
		v->waits[unit] = 1;
		v->work[v->nwork++] = unit;
	}
	return true;
}

/* The n-th place from the top (1 = top) holds a thing of the kind. */
static bool holds(const struct verifier *v, int n, enum kind kind)
{
	return n >= 1 && n <= v->depth && KIND(v->stack[v->depth - n]) == kind;
}

/* A constant at the n-th place from the top, or NULL. */
static PyObject *constant(const struct verifier *v, int n)
{
	if (!holds(v, n, CONSTANT))
		return NULL;
	return PyTuple_GET_ITEM(v->code->co_consts, MORE(v->stack[v->depth - n]));
}

static bool is_tuple(const struct verifier *v, int n)
{
	PyObject *value = constant(v, n);

	return value ? PyTuple_CheckExact(value) : holds(v, n, TUPLE);
}

static bool is_tuple_of_names(PyObject *o, int most)
{
	if (!o || !PyTuple_CheckExact(o) || PyTuple_GET_SIZE(o) > most)
		return false;
	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(o); i++)
		if (!PyUnicode_CheckExact(PyTuple_GET_ITEM(o, i)))
			return false;
	return true;
}

static bool function_fits(const struct verifier *v, int flags)
{
	PyObject *code = constant(v, 1);
	int at = 2, ncells = 0;

	if (!code || !PyCode_Check(code) || flags > 15)
		return false;
	if (flags & 8) {
		if (!holds(v, at, CELLS))
			return false;
		ncells = (int)MORE(v->stack[v->depth - at++]);
	}
	if (flags & 4 && !holds(v, at++, DICT))
		return false;
	if (flags & 2 && !holds(v, at++, DICT))
		return false;
	if (flags & 1 && !is_tuple(v, at))
		return false;
	return ncells == ((PyCodeObject *)code)->co_nfreevars;
}

/* What an instruction asks of the stack beyond so many objects. */
static bool stack_fits(const struct verifier *v, const struct instruction *in)
{
	int arg = in->arg;
	PyObject *value;

	switch (in->op) {
	case OP_COPY:
	case OP_SWAP: return arg >= 1 && arg <= v->depth;
	case OP_LIST_APPEND:
	case OP_LIST_EXTEND: return holds(v, arg + 1, LIST);
	case OP_SET_ADD:
	case OP_SET_UPDATE: return holds(v, arg + 1, SET);
	case OP_MAP_ADD: return holds(v, arg + 2, DICT);
	case OP_DICT_UPDATE: return holds(v, arg + 1, DICT);
	case OP_DICT_MERGE:
		return holds(v, arg + 1, DICT) && arg + 3 <= v->depth &&
		       is_object(v->stack[v->depth - arg - 3]);
	case OP_LIST_TO_TUPLE: return holds(v, 1, LIST);
	case OP_BUILD_SLICE: return arg == 2 || arg == 3;
	case OP_BUILD_CONST_KEY_MAP:
		value = constant(v, 1);
		return value && PyTuple_CheckExact(value) && PyTuple_GET_SIZE(value) == arg;
	case OP_CALL_KW: return is_tuple_of_names(constant(v, 1), arg);
	case OP_CALL_EX: return arg <= 1 && (!arg || holds(v, 1, DICT));
	case OP_MAKE_FUNCTION: return function_fits(v, arg);
	case OP_MATCH_KEYS: return is_tuple(v, 1);
	case OP_MATCH_CLASS: return is_tuple_of_names(constant(v, 1), INT32_MAX);
	case OP_RAISE_VARARGS: return arg <= 2;
	case OP_RERAISE: return arg < v->depth && (!arg || is_object(v->stack[v->depth - arg - 1]));
	case OP_PUSH_EXC_INFO:
	case OP_END_ASYNC_FOR: return holds(v, 1, EXCEPTION);
	case OP_POP_EXCEPT: return holds(v, 1, HANDLED) || holds(v, 1, EXCEPTION);
	case OP_WITH_EXCEPT_START: return v->depth >= 4 && is_object(v->stack[v->depth - 4]);
	case OP_PREP_RERAISE_STAR: return holds(v, 1, LIST);
	case OP_SEND: return v->depth >= 2 && is_object(v->stack[v->depth - 2]);
	default: return true;
	}
}

static bool is_call(int op)
{
	return op == OP_CALL || op == OP_CALL_KW || op == OP_CALL_EX;
}

/* Takes what the instruction pops; of a call the lowest may be anything. */
static bool pop(struct verifier *v, const struct instruction *in, int n)
{
	if (n > v->depth)
		return false;
	for (int i = is_call(in->op); i < n; i++)
		if (!is_object(v->stack[v->depth - n + i]))
			return false;
	v->depth -= n;
	return true;
}

static void push(struct verifier *v, thing t)
{
	v->stack[v->depth++] = t;
}

/* What a tuple built of the top n things is. */
static thing built_tuple(const struct verifier *v, int n)
{
	for (int i = 1; i <= n; i++)
		if (!holds(v, i, CELL))
			return TUPLE;
	return n ? THING(CELLS, n) : TUPLE;
}

/* The stack after the instruction. */
static bool execute(struct verifier *v, const struct instruction *in)
{
	struct opcode_effect e = opcode_effect(in->op, in->arg);
	thing made = OBJECT, below = OBJECT, top;

	if (e.pops > v->depth || v->depth - e.pops + e.pushes > v->code->co_stacksize)
		return false;
	switch (in->op) {
	case OP_COPY: push(v, v->stack[v->depth - in->arg]); return true;
	case OP_SWAP:
		top = v->stack[v->depth - 1];
		v->stack[v->depth - 1] = v->stack[v->depth - in->arg];
		v->stack[v->depth - in->arg] = top;
		return true;
	case OP_PUSH_NULL: made = NOTHING; break;
	case OP_LOAD_CONST: made = THING(CONSTANT, in->arg); break;
	case OP_LOAD_CLOSURE: made = CELL; break;
	case OP_LOAD_METHOD: below = ANYTHING; break;
	case OP_BUILD_TUPLE: made = built_tuple(v, in->arg); break;
	case OP_LIST_TO_TUPLE: made = TUPLE; break;
	case OP_BUILD_LIST: made = LIST; break;
	case OP_BUILD_SET: made = SET; break;
	case OP_BUILD_MAP:
	case OP_BUILD_CONST_KEY_MAP: made = DICT; break;
	case OP_PUSH_EXC_INFO: below = HANDLED, made = EXCEPTION; break;
	default: break;
	}
	if (!pop(v, in, e.pops))
		return false;
	for (int i = e.pushes; i > 0; i--)
		push(v, i == 1 ? made : i == 2 ? below : OBJECT);
	return true;
}

/* -- Paths ------------------------------------------------------------------------------------- */
static bool falls_through(int op)
{
	return op != OP_RETURN_VALUE && op != OP_RERAISE && op != OP_RAISE_VARARGS &&
	       op != OP_JUMP_FORWARD && op != OP_JUMP_BACKWARD;
}

/* The exception table is sorted, and instructions mostly follow each other. */
static const struct PyExceptionEntry *handler_of(struct verifier *v, int unit)
{
	const struct PyExceptionEntry *h;

	if (!v->nhandlers)
		return NULL;
	h = &v->handlers[v->handler];
	if ((uint32_t)unit >= h->start && (uint32_t)unit < h->end)
		return h;
	h = PyCode_FindHandler(v->code, unit);
	if (h)
		v->handler = (int)(h - v->handlers);
	return h;
}

/* Instructions that have taken nothing when an exception comes from them: none does, save one of a
 * trace function before them, or they only look. */
static bool fails_whole(int op)
{
	switch (op) {
	case OP_NOP:
	case OP_GET_ANEXT:
	case OP_POP_TOP:
	case OP_PUSH_NULL:
	case OP_COPY:
	case OP_SWAP:
	case OP_LOAD_CONST:
	case OP_LOAD_ASSERTION_ERROR:
	case OP_STORE_FAST:
	case OP_STORE_DEREF:
	case OP_IS_OP:
	case OP_JUMP_FORWARD:
	case OP_POP_JUMP_IF_NONE:
	case OP_POP_JUMP_IF_NOT_NONE:
	case OP_PUSH_EXC_INFO:
	case OP_POP_EXCEPT:
	case OP_RETURN_VALUE: return true;
	default: return false;
	}
}

/* An exception may be raised before or after the instruction has taken its operands. */
static bool may_raise(struct verifier *v, const struct instruction *in, int pops)
{
	static const thing extra[] = {OBJECT, EXCEPTION};
	const struct PyExceptionEntry *h = handler_of(v, in->at);
	uint32_t depth;
	bool lasti;

	if (!h)
		return true;
	depth = h->depth_lasti >> 1;
	lasti = h->depth_lasti & 1;
	if (depth > (uint32_t)(v->depth - pops))
		return false;
	return arrive(v, (int)h->target, (int)depth, extra + !lasti, 1 + lasti);
}

static bool step(struct verifier *v, const struct instruction *in)
{
	struct opcode_effect e = opcode_effect(in->op, in->arg);
	int target;

	if (e.pops > v->depth || !stack_fits(v, in) ||
	    !may_raise(v, in, fails_whole(in->op) ? 0 : e.pops))
		return false;
	if (is_jump(in->op)) {
		/* The operands are checked below, in execute(). */
		if (v->depth + e.jump < 0 || !jump_target(v, in, &target))
			return false;
		if (in->op == OP_SEND) {
			thing result = OBJECT;

			if (!arrive(v, target, v->depth - 2, &result, 1))
				return false;
		} else if (!arrive(v, target, v->depth + e.jump, NULL, 0)) {
			return false;
		}
	}
	return execute(v, in);
}

/* From a target on, until the path ends or comes to where another begins. */
static bool walk(struct verifier *v, int unit)
{
	struct instruction in;

	v->waits[unit] = 0;
	v->depth = v->depths[unit];
	memcpy(v->stack, v->states[unit], (size_t)v->depth * sizeof(*v->stack));
	for (;; unit = in.next) {
		if (unit >= v->n || !read_instruction(v, unit, &in) ||
		    ++v->steps > (size_t)v->n * MAX_VISITS + 1000)
			return false;
		if (!step(v, &in))
			return false;
		if (!falls_through(in.op))
			return true;
		if (in.next < v->n && v->starts[in.next] == TARGET)
			return arrive(v, in.next, v->depth, NULL, 0);
	}
}

static bool walk_all(struct verifier *v)
{
	if (!lands(v, v->body) || !arrive(v, v->body, 0, NULL, 0))
		return false;
	while (v->nwork > 0)
		if (!walk(v, v->work[--v->nwork]))
			return false;
	return true;
}

/* -- The object -------------------------------------------------------------------------------- */
static bool all_names(PyObject *tuple)
{
	return is_tuple_of_names(tuple, INT32_MAX);
}

/* Locals, then cells that are none of them, then free variables. */
static bool slots_fit(const PyCodeObject *c)
{
	const uint8_t *kinds = (const uint8_t *)PyBytes_AS_STRING(c->co_localspluskinds);
	int n = c->co_nlocalsplus, first_free = n - c->co_nfreevars, ncells = 0;

	if (c->co_nlocals < 0 || c->co_nfreevars < 0 || c->co_nlocals > first_free)
		return false;
	for (int i = 0; i < n; i++) {
		int kind = kinds[i];

		ncells += (kind & CO_FAST_CELL) != 0;
		if (i < c->co_nlocals ? (kind & ~CO_FAST_CELL) != CO_FAST_LOCAL
				      : kind != (i < first_free ? CO_FAST_CELL : CO_FAST_FREE))
			return false;
	}
	return ncells == c->co_ncellvars;
}

static bool numbers_fit(const PyCodeObject *c)
{
	const int known = CO_OPTIMIZED | CO_NEWLOCALS | CO_VARARGS | CO_VARKEYWORDS | CO_NESTED |
			  CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR | CO_FUTURE_ANNOTATIONS;
	const int lazy = c->co_flags & (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR);
	bool function = c->co_flags & CO_OPTIMIZED;
	int64_t parameters;

	if (c->co_flags & ~known || function != ((c->co_flags & CO_NEWLOCALS) != 0) ||
	    lazy & (lazy - 1) || c->co_argcount < 0 || c->co_kwonlyargcount < 0 ||
	    c->co_posonlyargcount < 0 || c->co_posonlyargcount > c->co_argcount ||
	    c->co_stacksize < 0 || c->co_firstlineno < 0)
		return false;
	parameters = (int64_t)c->co_argcount + c->co_kwonlyargcount +
		     ((c->co_flags & CO_VARARGS) != 0) + ((c->co_flags & CO_VARKEYWORDS) != 0);
	if (!function && (lazy || parameters || c->co_nlocals))
		return false;
	return parameters <= c->co_nlocals && c->co_stacksize <= 4 * c->co_nunits + 256 &&
	       c->co_nunits > 0 && c->co_nunits <= INT32_MAX / 4;
}

static void release(struct verifier *v)
{
	for (int i = 0; v->states && i < v->n; i++)
		PyMem_Free(v->states[i]);
	PyMem_Free(v->states);
	PyMem_Free(v->starts);
	PyMem_Free(v->waits);
	PyMem_Free(v->depths);
	PyMem_Free(v->work);
	PyMem_Free(v->stack);
}

static bool verify(PyCodeObject *code)
{
	struct verifier v = {
		.code = code,
		.units = code->co_units,
		.kinds = (const uint8_t *)PyBytes_AS_STRING(code->co_localspluskinds),
		.n = (int)code->co_nunits,
		.handlers = (const void *)PyBytes_AS_STRING(code->co_exceptiontable),
		.nhandlers = (int)((size_t)PyBytes_GET_SIZE(code->co_exceptiontable) /
				   sizeof(struct PyExceptionEntry)),
	};
	size_t n = (size_t)v.n;
	bool ok;

	v.starts = PyMem_Calloc(n, 1);
	v.waits = PyMem_Calloc(n, 1);
	v.states = PyMem_Calloc(n, sizeof(*v.states));
	v.depths = PyMem_Calloc(n, sizeof(*v.depths));
	v.work = PyMem_Calloc(n, sizeof(*v.work));
	v.stack = PyMem_Calloc((size_t)code->co_stacksize + 2, sizeof(*v.stack));
	ok = v.starts && v.waits && v.states && v.depths && v.work && v.stack &&
	     read_prologue(&v) && read_all(&v) && walk_all(&v);
	release(&v);
	return ok;
}

bool PyCode_Verify(PyCodeObject *code)
{
	return PyTuple_CheckExact(code->co_consts) && all_names(code->co_names) &&
	       all_names(code->co_localsplusnames) && PyUnicode_CheckExact(code->co_name) &&
	       PyUnicode_CheckExact(code->co_qualname) && PyBytes_CheckExact(code->co_linetable) &&
	       numbers_fit(code) && slots_fit(code) && verify(code);
}

bool PyCode_VerifyModule(PyCodeObject *code)
{
	return !(code->co_flags & CO_OPTIMIZED) && code->co_nlocalsplus == 0 && PyCode_Verify(code);
}
