/* SPDX-License-Identifier: BSD-2-Clause */
/* if, loops, with, and the ways out: return, break, continue. */
#include "compiler/compile.h"

/* -- Blocks to undo
 * -------------------------------------------------------------------------------------- */

int push_fblock(struct compiler *c, struct fblock block)
{
	struct unit *u = c->unit;

	if (u->nfblocks >= MAX_FBLOCKS)
		return compile_error(c, u->at, "too many statically nested blocks");
	u->fblocks[u->nfblocks++] = block;
	return 0;
}

void pop_fblock(struct compiler *c)
{
	c->unit->nfblocks--;
}

/* [exit]: exit(None, None, None) */
static int call_exit(struct compiler *c)
{
	TRY(emit_const(c, Py_None));
	TRY(emit_const(c, Py_None));
	TRY(emit_const(c, Py_None));
	return emit(c, OP_CALL, 2);
}

static int await_exit(struct compiler *c)
{
	TRY(emit(c, OP_GET_AWAITABLE, 2));
	TRY(emit_const(c, Py_None));
	return emit_yield_from(c, true);
}

/* The value to be returned stays on top when there is one. */
static int keep_top(struct compiler *c, bool keep)
{
	return keep ? emit(c, OP_SWAP, 2) : 0;
}

static int unwind_finally(struct compiler *c, const struct fblock *b, bool keep)
{
	TRY(emit(c, PSEUDO_POP_BLOCK, 0));
	if (keep)
		TRY(push_fblock(c, (struct fblock){.kind = FBLOCK_POP_VALUE}));
	TRY(visit_body(c, b->finalbody));
	if (keep)
		pop_fblock(c);
	unset_location(c);
	return 0;
}

static int unwind_with(struct compiler *c, const struct fblock *b, bool keep)
{
	set_location(c, b->at);
	TRY(emit(c, PSEUDO_POP_BLOCK, 0));
	TRY(keep_top(c, keep));
	TRY(call_exit(c));
	if (b->kind == FBLOCK_ASYNC_WITH)
		TRY(await_exit(c));
	TRY(emit(c, OP_POP_TOP, 0));
	unset_location(c);
	return 0;
}

static int clear_name(struct compiler *c, PyObject *name)
{
	TRY(emit_const(c, Py_None));
	TRY(emit_nameop(c, name, CTX_STORE));
	return emit_nameop(c, name, CTX_DEL);
}

static int unwind_handler(struct compiler *c, const struct fblock *b, bool keep)
{
	if (b->name)
		TRY(emit(c, PSEUDO_POP_BLOCK, 0));
	TRY(keep_top(c, keep));
	TRY(emit(c, PSEUDO_POP_BLOCK, 0));
	TRY(emit(c, OP_POP_EXCEPT, 0));
	return b->name ? clear_name(c, b->name) : 0;
}

static int unwind(struct compiler *c, const struct fblock *b, bool keep)
{
	switch (b->kind) {
	case FBLOCK_FOR:
	case FBLOCK_POP_VALUE: TRY(keep_top(c, keep)); return emit(c, OP_POP_TOP, 0);
	case FBLOCK_TRY_EXCEPT: return emit(c, PSEUDO_POP_BLOCK, 0);
	case FBLOCK_FINALLY_TRY: return unwind_finally(c, b, keep);
	case FBLOCK_FINALLY_END:
		TRY(keep_top(c, keep));
		TRY(emit(c, OP_POP_TOP, 0));
		TRY(keep_top(c, keep));
		TRY(emit(c, PSEUDO_POP_BLOCK, 0));
		return emit(c, OP_POP_EXCEPT, 0);
	case FBLOCK_WITH:
	case FBLOCK_ASYNC_WITH: return unwind_with(c, b, keep);
	case FBLOCK_HANDLER_CLEANUP: return unwind_handler(c, b, keep);
	case FBLOCK_EXCEPTION_GROUP_HANDLER:
		return compile_error(c, c->unit->at,
				     "'break', 'continue' and 'return' cannot appear in an except* "
				     "block");
	default: return 0;
	}
}

/* Undoes blocks from the innermost on: all, or (loop given) down to the innermost loop. */
static int unwind_all(struct compiler *c, bool keep, const struct fblock **loop)
{
	struct unit *u = c->unit;
	struct fblock saved[MAX_FBLOCKS];
	int n = u->nfblocks, error = 0;

	memcpy(saved, u->fblocks, sizeof(saved));
	while (error == 0 && u->nfblocks > 0) {
		struct fblock *top = &u->fblocks[u->nfblocks - 1];

		if (loop && (top->kind == FBLOCK_WHILE || top->kind == FBLOCK_FOR)) {
			*loop = top;
			break;
		}
		u->nfblocks--;
		error = unwind(c, &saved[u->nfblocks], keep);
	}
	memcpy(u->fblocks, saved, sizeof(saved));
	u->nfblocks = n;
	return error;
}

/* -- return, break, continue
 * ----------------------------------------------------------------------------- */

int compile_return(struct compiler *c, struct stmt *s)
{
	struct expr *value = s->value;
	bool keep;

	if (c->unit->scope->kind != SCOPE_FUNCTION)
		return compile_error(c, s->at, "'return' outside function");
	if (value && c->unit->scope->coroutine && c->unit->scope->generator)
		return compile_error(c, s->at, "'return' with value in async generator");
	if (value)
		TRY(fold(c, value));
	keep = value && value->kind != EXPR_CONSTANT;
	if (keep) {
		TRY(visit_expr(c, value));
	} else if (value) {
		set_location(c, value->at);
		TRY(emit(c, OP_NOP, 0));
	}
	if (!value || value->at.line != s->at.line) {
		set_location(c, s->at);
		TRY(emit(c, OP_NOP, 0));
	}
	TRY(unwind_all(c, keep, NULL));
	if (!keep)
		TRY(emit_const(c, value ? value->constant.value : Py_None));
	return emit(c, OP_RETURN_VALUE, 0);
}

int compile_break(struct compiler *c, struct stmt *s)
{
	const struct fblock *loop = NULL;

	TRY(emit(c, OP_NOP, 0));
	TRY(unwind_all(c, false, &loop));
	if (!loop)
		return compile_error(c, s->at, "'break' outside loop");
	TRY(unwind(c, loop, false));
	return emit_jump(c, PSEUDO_JUMP, loop->exit);
}

int compile_continue(struct compiler *c, struct stmt *s)
{
	const struct fblock *loop = NULL;

	TRY(emit(c, OP_NOP, 0));
	TRY(unwind_all(c, false, &loop));
	if (!loop)
		return compile_error(c, s->at, "'continue' not properly in loop");
	return emit_jump(c, PSEUDO_JUMP, loop->start);
}

/* -- if, while, for
 * ------------------------------------------------------------------------------------------ */

int compile_if(struct compiler *c, struct stmt *s)
{
	int end = new_label(c), orelse = s->test.orelse.n ? new_label(c) : end;

	TRY(jump_if(c, s->test.test, orelse, false));
	TRY(visit_body(c, &s->test.body));
	if (s->test.orelse.n) {
		unset_location(c);
		TRY(emit_jump(c, PSEUDO_JUMP, end));
		place_label(c, orelse);
		TRY(visit_body(c, &s->test.orelse));
	}
	place_label(c, end);
	return 0;
}

int compile_while(struct compiler *c, struct stmt *s)
{
	int start = new_label(c), end = new_label(c), orelse = new_label(c);
	struct location at;

	place_label(c, start);
	TRY(push_fblock(c, (struct fblock){.kind = FBLOCK_WHILE, .start = start, .exit = end}));
	TRY(jump_if(c, s->test.test, orelse, false));
	TRY(visit_body(c, &s->test.body));
	at = s->test.test->at;
	set_location(c, at);
	TRY(emit_jump(c, PSEUDO_JUMP, start));
	pop_fblock(c);
	place_label(c, orelse);
	TRY(visit_body(c, &s->test.orelse));
	place_label(c, end);
	return 0;
}

static int compile_async_for(struct compiler *c, struct stmt *s)
{
	int start = new_label(c), except = new_label(c), end = new_label(c);

	if (c->unit->kind != UNIT_ASYNC_FUNCTION)
		return compile_error(c, s->at, "'async for' outside async function");
	TRY(visit_expr(c, s->loop.iter));
	TRY(emit(c, OP_GET_AITER, 0));
	place_label(c, start);
	TRY(push_fblock(c, (struct fblock){.kind = FBLOCK_FOR, .start = start, .exit = end}));
	TRY(emit_jump(c, PSEUDO_SETUP_FINALLY, except));
	TRY(emit(c, OP_GET_ANEXT, 0));
	TRY(emit_const(c, Py_None));
	TRY(emit_yield_from(c, true));
	TRY(emit(c, PSEUDO_POP_BLOCK, 0));
	TRY(visit_expr(c, s->loop.target));
	TRY(visit_body(c, &s->loop.body));
	unset_location(c);
	TRY(emit_jump(c, PSEUDO_JUMP, start));
	pop_fblock(c);
	place_label(c, except);
	set_location(c, s->loop.iter->at);
	TRY(emit(c, OP_END_ASYNC_FOR, 0));
	TRY(visit_body(c, &s->loop.orelse));
	place_label(c, end);
	return 0;
}

int compile_for(struct compiler *c, struct stmt *s)
{
	int start, cleanup, end;

	if (s->is_async)
		return compile_async_for(c, s);
	start = new_label(c);
	cleanup = new_label(c);
	end = new_label(c);
	TRY(push_fblock(c, (struct fblock){.kind = FBLOCK_FOR, .start = start, .exit = end}));
	if (s->loop.iter->kind == EXPR_LIST)
		TRY(tuple_for_list(c, s->loop.iter));
	TRY(visit_expr(c, s->loop.iter));
	TRY(emit(c, OP_GET_ITER, 0));
	place_label(c, start);
	TRY(emit_jump(c, OP_FOR_ITER, cleanup));
	TRY(visit_expr(c, s->loop.target));
	TRY(visit_body(c, &s->loop.body));
	unset_location(c);
	TRY(emit_jump(c, PSEUDO_JUMP, start));
	place_label(c, cleanup);
	pop_fblock(c);
	TRY(visit_body(c, &s->loop.orelse));
	place_label(c, end);
	return 0;
}

/* -- with
 * ------------------------------------------------------------------------------------------------------
 */

/* The handler: [exit], then lasti and the exception. */
static int with_handler(struct compiler *c, struct stmt *s, int exit)
{
	int cleanup = new_label(c), suppress = new_label(c);

	TRY(emit_jump(c, PSEUDO_SETUP_CLEANUP, cleanup));
	TRY(emit(c, OP_PUSH_EXC_INFO, 0));
	TRY(emit(c, OP_WITH_EXCEPT_START, 0));
	if (s->is_async)
		TRY(await_exit(c));
	TRY(emit_jump(c, OP_POP_JUMP_IF_TRUE, suppress));
	TRY(emit(c, OP_RERAISE, 2));
	place_label(c, suppress);
	TRY(emit(c, OP_POP_TOP, 0));
	TRY(emit(c, PSEUDO_POP_BLOCK, 0));
	TRY(emit(c, OP_POP_EXCEPT, 0));
	TRY(emit(c, OP_POP_TOP, 0));
	TRY(emit(c, OP_POP_TOP, 0));
	TRY(emit_jump(c, PSEUDO_JUMP, exit));
	place_label(c, cleanup);
	return emit_cleanup(c);
}

int compile_with(struct compiler *c, struct stmt *s, int index)
{
	struct with_item *item = s->with.items.v[index];
	int final = new_label(c), exit = new_label(c);

	if (s->is_async && c->unit->kind != UNIT_ASYNC_FUNCTION)
		return compile_error(c, s->at, "'async with' outside async function");
	TRY(visit_expr(c, item->context));
	TRY(emit(c, s->is_async ? OP_BEFORE_ASYNC_WITH : OP_BEFORE_WITH, 0));
	if (s->is_async) {
		TRY(emit(c, OP_GET_AWAITABLE, 1));
		TRY(emit_const(c, Py_None));
		TRY(emit_yield_from(c, true));
	}
	TRY(emit_jump(c, PSEUDO_SETUP_WITH, final));
	TRY(push_fblock(c, (struct fblock){.kind = s->is_async ? FBLOCK_ASYNC_WITH : FBLOCK_WITH,
					   .at = s->at}));
	TRY(item->vars ? visit_expr(c, item->vars) : emit(c, OP_POP_TOP, 0));
	TRY(index + 1 < s->with.items.n ? compile_with(c, s, index + 1)
					: visit_body(c, &s->with.body));
	unset_location(c);
	TRY(emit(c, PSEUDO_POP_BLOCK, 0));
	pop_fblock(c);
	set_location(c, s->at);
	TRY(call_exit(c));
	if (s->is_async)
		TRY(await_exit(c));
	TRY(emit(c, OP_POP_TOP, 0));
	TRY(emit_jump(c, PSEUDO_JUMP, exit));
	place_label(c, final);
	TRY(with_handler(c, s, exit));
	place_label(c, exit);
	return 0;
}
