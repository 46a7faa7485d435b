/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * try. Handlers run with [previous exception, exception] on the stack; the body of a finally clause
 * is there twice, for the way without and the way with an exception.
 */
#include "compiler/compile.h"

/* [previous, lasti, exc] */
int emit_cleanup(struct compiler *c)
{
	TRY(emit(c, OP_COPY, 3));
	TRY(emit(c, OP_POP_EXCEPT, 0));
	return emit(c, OP_RERAISE, 1);
}

static int clear_name(struct compiler *c, PyObject *name)
{
	TRY(emit_const(c, Py_None));
	TRY(emit_nameop(c, name, CTX_STORE));
	return emit_nameop(c, name, CTX_DEL);
}

/* -- except
 * -------------------------------------------------------------------------------------------------
 */

static int named_handler(struct compiler *c, struct except_handler *h, int end)
{
	int cleanup = new_label(c);

	TRY(emit_nameop(c, h->name, CTX_STORE));
	TRY(emit_jump(c, PSEUDO_SETUP_CLEANUP, cleanup));
	TRY(push_fblock(c, (struct fblock){.kind = FBLOCK_HANDLER_CLEANUP, .name = h->name}));
	TRY(visit_body(c, &h->body));
	pop_fblock(c);
	unset_location(c);
	TRY(emit(c, PSEUDO_POP_BLOCK, 0));
	TRY(emit(c, PSEUDO_POP_BLOCK, 0));
	TRY(emit(c, OP_POP_EXCEPT, 0));
	TRY(clear_name(c, h->name));
	TRY(emit_jump(c, PSEUDO_JUMP, end));
	place_label(c, cleanup);
	unset_location(c);
	TRY(clear_name(c, h->name));
	return emit(c, OP_RERAISE, 1);
}

static int unnamed_handler(struct compiler *c, struct except_handler *h, int end)
{
	TRY(push_fblock(c, (struct fblock){.kind = FBLOCK_HANDLER_CLEANUP}));
	TRY(emit(c, OP_POP_TOP, 0));
	TRY(visit_body(c, &h->body));
	pop_fblock(c);
	unset_location(c);
	TRY(emit(c, PSEUDO_POP_BLOCK, 0));
	TRY(emit(c, OP_POP_EXCEPT, 0));
	return emit_jump(c, PSEUDO_JUMP, end);
}

static int compile_handlers(struct compiler *c, const struct seq *handlers, int end)
{
	for (int i = 0; i < handlers->n; i++) {
		struct except_handler *h = handlers->v[i];
		int next = new_label(c);

		set_location(c, h->at);
		if (!h->type && i < handlers->n - 1)
			return compile_error(c, h->at, "default 'except:' must be last");
		if (h->type) {
			TRY(visit_expr(c, h->type));
			TRY(emit(c, OP_CHECK_EXC_MATCH, 0));
			TRY(emit_jump(c, OP_POP_JUMP_IF_FALSE, next));
		}
		TRY(h->name ? named_handler(c, h, end) : unnamed_handler(c, h, end));
		place_label(c, next);
	}
	return 0;
}

static int compile_except(struct compiler *c, struct stmt *s)
{
	int except = new_label(c), cleanup = new_label(c), end = new_label(c);

	TRY(emit_jump(c, PSEUDO_SETUP_FINALLY, except));
	TRY(push_fblock(c, (struct fblock){.kind = FBLOCK_TRY_EXCEPT}));
	TRY(visit_body(c, &s->try.body));
	pop_fblock(c);
	unset_location(c);
	TRY(emit(c, PSEUDO_POP_BLOCK, 0));
	TRY(visit_body(c, &s->try.orelse));
	unset_location(c);
	TRY(emit_jump(c, PSEUDO_JUMP, end));
	place_label(c, except);
	TRY(emit_jump(c, PSEUDO_SETUP_CLEANUP, cleanup));
	TRY(emit(c, OP_PUSH_EXC_INFO, 0));
	TRY(push_fblock(c, (struct fblock){.kind = FBLOCK_EXCEPTION_HANDLER}));
	TRY(compile_handlers(c, &s->try.handlers, end));
	pop_fblock(c);
	unset_location(c);
	TRY(emit(c, OP_RERAISE, 0));
	place_label(c, cleanup);
	TRY(emit_cleanup(c));
	place_label(c, end);
	return 0;
}

/* -- except*
 * ---------------------------------------------------------------------------------------------------
 * The stack while handlers run: [previous, original, raised, rest]. */

static int star_handler(struct compiler *c, struct except_handler *h)
{
	int cleanup = new_label(c), no_match = new_label(c), next = new_label(c);

	set_location(c, h->at);
	TRY(visit_expr(c, h->type));
	TRY(emit(c, OP_CHECK_EG_MATCH, 0));
	TRY(emit(c, OP_COPY, 1));
	TRY(emit_jump(c, OP_POP_JUMP_IF_NONE, no_match));
	TRY(h->name ? emit_nameop(c, h->name, CTX_STORE) : emit(c, OP_POP_TOP, 0));
	TRY(emit_jump(c, PSEUDO_SETUP_CLEANUP, cleanup));
	TRY(push_fblock(c, (struct fblock){.kind = FBLOCK_HANDLER_CLEANUP, .name = h->name}));
	TRY(visit_body(c, &h->body));
	pop_fblock(c);
	unset_location(c);
	TRY(emit(c, PSEUDO_POP_BLOCK, 0));
	if (h->name)
		TRY(clear_name(c, h->name));
	TRY(emit_jump(c, PSEUDO_JUMP, next));
	place_label(c, cleanup);
	unset_location(c);
	if (h->name)
		TRY(clear_name(c, h->name));
	TRY(emit(c, OP_LIST_APPEND, 3));
	TRY(emit(c, OP_POP_TOP, 0));
	TRY(emit_jump(c, PSEUDO_JUMP, next));
	place_label(c, no_match);
	set_location(c, h->at);
	TRY(emit(c, OP_POP_TOP, 0));
	place_label(c, next);
	return 0;
}

/* [previous, original, raised, rest]: what was raised and the rest go on together. */
static int star_finish(struct compiler *c, int end)
{
	int reraise = new_label(c);

	unset_location(c);
	TRY(emit(c, OP_LIST_APPEND, 1));
	TRY(emit(c, OP_PREP_RERAISE_STAR, 0));
	TRY(emit(c, OP_COPY, 1));
	TRY(emit_jump(c, OP_POP_JUMP_IF_NOT_NONE, reraise));
	TRY(emit(c, OP_POP_TOP, 0));
	TRY(emit(c, PSEUDO_POP_BLOCK, 0));
	TRY(emit(c, OP_POP_EXCEPT, 0));
	TRY(emit_jump(c, PSEUDO_JUMP, end));
	place_label(c, reraise);
	TRY(emit(c, PSEUDO_POP_BLOCK, 0));
	TRY(emit(c, OP_SWAP, 2));
	TRY(emit(c, OP_POP_EXCEPT, 0));
	return emit(c, OP_RERAISE, 0);
}

static int compile_except_star(struct compiler *c, struct stmt *s)
{
	int except = new_label(c), cleanup = new_label(c), end = new_label(c);

	TRY(emit_jump(c, PSEUDO_SETUP_FINALLY, except));
	TRY(push_fblock(c, (struct fblock){.kind = FBLOCK_TRY_EXCEPT}));
	TRY(visit_body(c, &s->try.body));
	pop_fblock(c);
	unset_location(c);
	TRY(emit(c, PSEUDO_POP_BLOCK, 0));
	TRY(visit_body(c, &s->try.orelse));
	unset_location(c);
	TRY(emit_jump(c, PSEUDO_JUMP, end));
	place_label(c, except);
	TRY(emit_jump(c, PSEUDO_SETUP_CLEANUP, cleanup));
	TRY(emit(c, OP_PUSH_EXC_INFO, 0));
	TRY(emit(c, OP_BUILD_LIST, 0));
	TRY(emit(c, OP_COPY, 2));
	TRY(push_fblock(c, (struct fblock){.kind = FBLOCK_EXCEPTION_GROUP_HANDLER}));
	for (int i = 0; i < s->try.handlers.n; i++)
		TRY(star_handler(c, s->try.handlers.v[i]));
	pop_fblock(c);
	TRY(star_finish(c, end));
	place_label(c, cleanup);
	TRY(emit_cleanup(c));
	place_label(c, end);
	return 0;
}

/* -- finally
 * ------------------------------------------------------------------------------------------------------
 */

static int compile_guarded(struct compiler *c, struct stmt *s)
{
	return s->try.star ? compile_except_star(c, s) : compile_except(c, s);
}

static int compile_finally(struct compiler *c, struct stmt *s)
{
	int end = new_label(c), exit = new_label(c), cleanup = new_label(c);

	TRY(emit_jump(c, PSEUDO_SETUP_FINALLY, end));
	TRY(push_fblock(
		c, (struct fblock){.kind = FBLOCK_FINALLY_TRY, .finalbody = &s->try.finalbody}));
	TRY(s->try.handlers.n ? compile_guarded(c, s) : visit_body(c, &s->try.body));
	unset_location(c);
	TRY(emit(c, PSEUDO_POP_BLOCK, 0));
	pop_fblock(c);
	TRY(visit_body(c, &s->try.finalbody));
	unset_location(c);
	TRY(emit_jump(c, PSEUDO_JUMP, exit));
	place_label(c, end);
	TRY(push_fblock(c, (struct fblock){.kind = FBLOCK_FINALLY_END}));
	TRY(emit_jump(c, PSEUDO_SETUP_CLEANUP, cleanup));
	TRY(emit(c, OP_PUSH_EXC_INFO, 0));
	TRY(visit_body(c, &s->try.finalbody));
	unset_location(c);
	TRY(emit(c, OP_RERAISE, 0));
	pop_fblock(c);
	place_label(c, cleanup);
	TRY(emit_cleanup(c));
	place_label(c, exit);
	return 0;
}

int compile_try(struct compiler *c, struct stmt *s)
{
	TRY(emit(c, OP_NOP, 0)); /* the line of the "try" itself, for those who trace */
	return s->try.finalbody.n ? compile_finally(c, s) : compile_guarded(c, s);
}
