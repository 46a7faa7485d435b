/* SPDX-License-Identifier: BSD-2-Clause */
/* Comprehensions: functions of their own, called at once with the outermost iterator. */
#include "compiler/compile.h"

static int compile_generators(struct compiler *c, struct expr *e, int index, int depth);

/* depth: items on the stack above the container. */
static int compile_element(struct compiler *c, struct expr *e, int depth)
{
	TRY(visit_expr(c, e->comp.elt));
	switch (e->kind) {
	case EXPR_GENERATOR:
		if (c->unit->scope->coroutine)
			TRY(emit(c, OP_ASYNC_GEN_WRAP, 0));
		TRY(emit(c, OP_YIELD_VALUE, 0));
		TRY(emit(c, OP_RESUME, 1));
		return emit(c, OP_POP_TOP, 0);
	case EXPR_LIST_COMP: return emit(c, OP_LIST_APPEND, depth);
	case EXPR_SET_COMP: return emit(c, OP_SET_ADD, depth);
	default: TRY(visit_expr(c, e->comp.value)); return emit(c, OP_MAP_ADD, depth);
	}
}

/* The conditions, then what stands inside them. */
static int compile_inside(struct compiler *c, struct expr *e, int index, int depth, int next)
{
	struct comprehension *g = e->comp.generators.v[index];

	TRY(visit_expr(c, g->target));
	for (int i = 0; i < g->ifs.n; i++)
		TRY(jump_if(c, expr_at(&g->ifs, i), next, false));
	if (index + 1 < e->comp.generators.n)
		return compile_generators(c, e, index + 1, depth);
	return compile_element(c, e, depth);
}

/* for x in [value]: an assignment. */
static struct expr *single_item(const struct comprehension *g, int index)
{
	struct expr *only;

	if (index == 0 || g->is_async ||
	    (g->iter->kind != EXPR_LIST && g->iter->kind != EXPR_TUPLE) ||
	    g->iter->list.items.n != 1)
		return NULL;
	only = expr_at(&g->iter->list.items, 0);
	return only->kind == EXPR_STARRED ? NULL : only;
}

static int compile_sync(struct compiler *c, struct expr *e, int index, int depth)
{
	struct comprehension *g = e->comp.generators.v[index];
	struct expr *only = single_item(g, index);
	int start = new_label(c), next = new_label(c), end = new_label(c);

	if (only) {
		TRY(visit_expr(c, only));
		TRY(compile_inside(c, e, index, depth, next));
		place_label(c, next);
		return 0;
	}
	if (index == 0) {
		TRY(emit(c, OP_LOAD_FAST, 0));
	} else {
		TRY(visit_expr(c, g->iter));
		TRY(emit(c, OP_GET_ITER, 0));
	}
	place_label(c, start);
	TRY(emit_jump(c, OP_FOR_ITER, end));
	TRY(compile_inside(c, e, index, depth + 1, next));
	place_label(c, next);
	TRY(emit_jump(c, PSEUDO_JUMP, start));
	place_label(c, end);
	return 0;
}

static int compile_async(struct compiler *c, struct expr *e, int index, int depth)
{
	struct comprehension *g = e->comp.generators.v[index];
	int start = new_label(c), next = new_label(c), except = new_label(c);

	if (index == 0) {
		TRY(emit(c, OP_LOAD_FAST, 0));
	} else {
		TRY(visit_expr(c, g->iter));
		TRY(emit(c, OP_GET_AITER, 0));
	}
	place_label(c, start);
	TRY(push_fblock(c, (struct fblock){.kind = FBLOCK_ASYNC_COMPREHENSION}));
	TRY(emit_jump(c, PSEUDO_SETUP_FINALLY, except));
	TRY(emit(c, OP_GET_ANEXT, 0));
	TRY(emit_const(c, Py_None));
	TRY(emit_yield_from(c, true));
	TRY(emit(c, PSEUDO_POP_BLOCK, 0));
	TRY(compile_inside(c, e, index, depth + 1, next));
	place_label(c, next);
	TRY(emit_jump(c, PSEUDO_JUMP, start));
	pop_fblock(c);
	place_label(c, except);
	return emit(c, OP_END_ASYNC_FOR, 0);
}

static int compile_generators(struct compiler *c, struct expr *e, int index, int depth)
{
	struct comprehension *g = e->comp.generators.v[index];
	int error;

	TRY(recurse(c));
	error = g->is_async ? compile_async(c, e, index, depth) : compile_sync(c, e, index, depth);
	c->depth--;
	return error;
}

static int compile_inner(struct compiler *c, struct expr *e)
{
	int build = e->kind == EXPR_LIST_COMP  ? OP_BUILD_LIST
		    : e->kind == EXPR_SET_COMP ? OP_BUILD_SET
					       : OP_BUILD_MAP;

	set_location(c, e->at);
	if (e->kind == EXPR_GENERATOR) {
		TRY(compile_generators(c, e, 0, 0));
		return add_return_none(c);
	}
	TRY(emit(c, build, 0));
	TRY(compile_generators(c, e, 0, 1));
	return emit(c, OP_RETURN_VALUE, 0);
}

int compile_comprehension(struct compiler *c, struct expr *e)
{
	struct scope *scope = symtable_scope(&c->symtable, e);
	struct comprehension *first = e->comp.generators.v[0];
	bool awaited = scope->coroutine && e->kind != EXPR_GENERATOR;
	PyCodeObject *code;
	struct unit *inner;

	if (awaited && c->unit->kind != UNIT_ASYNC_FUNCTION && c->unit->kind != UNIT_COMPREHENSION)
		return compile_error(c, e->at,
				     "asynchronous comprehension outside of an asynchronous "
				     "function");
	TRY(unit_enter(c, UNIT_COMPREHENSION, scope->name, e, e->at.line));
	inner = c->unit;
	inner->argcount = 1;
	code = compile_inner(c, e) == 0 ? assemble(c) : NULL;
	unit_leave(c);
	if (!code)
		return -1;
	TRY(emit_closure(c, code, inner, 0));
	if (first->iter->kind == EXPR_LIST)
		TRY(tuple_for_list(c, first->iter));
	TRY(visit_expr(c, first->iter));
	TRY(emit(c, first->is_async ? OP_GET_AITER : OP_GET_ITER, 0));
	TRY(emit(c, OP_CALL, 0));
	if (!awaited)
		return 0;
	TRY(emit(c, OP_GET_AWAITABLE, 0));
	TRY(emit_const(c, Py_None));
	return emit_yield_from(c, true);
}
