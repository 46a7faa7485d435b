/* SPDX-License-Identifier: BSD-2-Clause */
/* Simple statements. */
#include "compiler/compile.h"

static int compile_expression(struct compiler *c, struct expr *value)
{
	if (c->interactive && c->unit->kind == UNIT_MODULE) {
		TRY(visit_expr(c, value));
		return emit(c, OP_PRINT_EXPR, 0);
	}
	TRY(fold(c, value));
	if (value->kind == EXPR_CONSTANT)
		return emit(c, OP_NOP, 0);
	TRY(visit_expr(c, value));
	unset_location(c);
	return emit(c, OP_POP_TOP, 0);
}

static int compile_assign(struct compiler *c, struct stmt *s)
{
	int last = s->assign.targets.n - 1;

	TRY(visit_expr(c, s->assign.value));
	for (int i = 0; i <= last; i++) {
		if (i < last)
			TRY(emit(c, OP_COPY, 1));
		TRY(visit_expr(c, expr_at(&s->assign.targets, i)));
	}
	return 0;
}

static int augment_attribute(struct compiler *c, struct stmt *s)
{
	struct expr *e = s->aug_assign.target;

	set_location(c, e->at);
	TRY(visit_expr(c, e->attribute.value));
	TRY(emit(c, OP_COPY, 1));
	locate_attribute(c, e);
	TRY(emit_name(c, OP_LOAD_ATTR, e->attribute.name));
	set_location(c, s->at);
	TRY(visit_expr(c, s->aug_assign.value));
	TRY(emit(c, OP_BINARY_OP, (int)s->aug_assign.op + NB_INPLACE));
	set_location(c, e->at);
	locate_attribute(c, e);
	TRY(emit(c, OP_SWAP, 2));
	TRY(forbid_name(c, e->attribute.name, CTX_STORE));
	return emit_name(c, OP_STORE_ATTR, e->attribute.name);
}

static int augment_subscript(struct compiler *c, struct stmt *s)
{
	struct expr *e = s->aug_assign.target;

	set_location(c, e->at);
	TRY(visit_expr(c, e->subscript.value));
	TRY(visit_expr(c, e->subscript.index));
	TRY(emit(c, OP_COPY, 2));
	TRY(emit(c, OP_COPY, 2));
	TRY(emit(c, OP_BINARY_SUBSCR, 0));
	set_location(c, s->at);
	TRY(visit_expr(c, s->aug_assign.value));
	TRY(emit(c, OP_BINARY_OP, (int)s->aug_assign.op + NB_INPLACE));
	set_location(c, e->at);
	TRY(emit(c, OP_SWAP, 3));
	TRY(emit(c, OP_SWAP, 2));
	return emit(c, OP_STORE_SUBSCR, 0);
}

static int compile_augmented(struct compiler *c, struct stmt *s)
{
	struct expr *e = s->aug_assign.target;

	if (e->kind == EXPR_ATTRIBUTE)
		return augment_attribute(c, s);
	if (e->kind == EXPR_SUBSCRIPT)
		return augment_subscript(c, s);
	set_location(c, e->at);
	TRY(emit_nameop(c, e->name.id, CTX_LOAD));
	set_location(c, s->at);
	TRY(visit_expr(c, s->aug_assign.value));
	TRY(emit(c, OP_BINARY_OP, (int)s->aug_assign.op + NB_INPLACE));
	set_location(c, e->at);
	return emit_nameop(c, e->name.id, CTX_STORE);
}

static int evaluate(struct compiler *c, struct expr *e)
{
	if (!e)
		return 0;
	TRY(visit_expr(c, e));
	return emit(c, OP_POP_TOP, 0);
}

/* What a subscript is made of, evaluated for its errors only. */
static int evaluate_index(struct compiler *c, struct expr *e)
{
	if (e->kind == EXPR_SLICE) {
		TRY(evaluate(c, e->slice.lower));
		TRY(evaluate(c, e->slice.upper));
		return evaluate(c, e->slice.step);
	}
	if (e->kind != EXPR_TUPLE)
		return evaluate(c, e);
	for (int i = 0; i < e->list.items.n; i++)
		TRY(evaluate_index(c, expr_at(&e->list.items, i)));
	return 0;
}

static int annotate_name(struct compiler *c, struct stmt *s)
{
	PyObject *name = s->ann_assign.target->name.id;

	TRY(forbid_name(c, name, CTX_STORE));
	if (!s->ann_assign.simple || (c->unit->kind != UNIT_MODULE && c->unit->kind != UNIT_CLASS))
		return 0;
	TRY(compile_annotation(c, s->ann_assign.annotation));
	TRY(emit_name(c, OP_LOAD_NAME, intern(c, "__annotations__")));
	TRY(emit_const(c, mangle_name(c->arena, c->unit->private_name, name)));
	return emit(c, OP_STORE_SUBSCR, 0);
}

static int compile_annotated(struct compiler *c, struct stmt *s)
{
	struct expr *target = s->ann_assign.target;
	bool at_top = c->unit->kind == UNIT_MODULE || c->unit->kind == UNIT_CLASS;

	if (s->ann_assign.value) {
		TRY(visit_expr(c, s->ann_assign.value));
		TRY(visit_expr(c, target));
	}
	if (target->kind == EXPR_NAME) {
		TRY(annotate_name(c, s));
	} else if (target->kind == EXPR_ATTRIBUTE) {
		TRY(forbid_name(c, target->attribute.name, CTX_STORE));
		if (!s->ann_assign.value)
			TRY(evaluate(c, target->attribute.value));
	} else if (!s->ann_assign.value) {
		TRY(evaluate(c, target->subscript.value));
		TRY(evaluate_index(c, target->subscript.index));
	}
	if (s->ann_assign.simple || !at_top || (c->flags & CO_FUTURE_ANNOTATIONS))
		return 0;
	return evaluate(c, s->ann_assign.annotation);
}

static int compile_assert(struct compiler *c, struct stmt *s)
{
	int end = new_label(c);

	TRY(warn_assert(c, s));
	TRY(jump_if(c, s->assertion.test, end, true));
	TRY(emit(c, OP_LOAD_ASSERTION_ERROR, 0));
	if (s->assertion.msg) {
		TRY(visit_expr(c, s->assertion.msg));
		TRY(emit(c, OP_CALL, 0));
	}
	TRY(emit(c, OP_RAISE_VARARGS, 1));
	place_label(c, end);
	return 0;
}

static int compile_raise(struct compiler *c, struct stmt *s)
{
	int n = 0;

	if (s->raise.exc) {
		TRY(visit_expr(c, s->raise.exc));
		n++;
	}
	if (s->raise.cause) {
		TRY(visit_expr(c, s->raise.cause));
		n++;
	}
	return emit(c, OP_RAISE_VARARGS, n);
}

static int dispatch(struct compiler *c, struct stmt *s)
{
	switch (s->kind) {
	case STMT_FUNCTION: return compile_function(c, s);
	case STMT_CLASS: return compile_class(c, s);
	case STMT_RETURN: return compile_return(c, s);
	case STMT_DELETE: return visit_exprs(c, &s->targets);
	case STMT_ASSIGN: return compile_assign(c, s);
	case STMT_AUG_ASSIGN: return compile_augmented(c, s);
	case STMT_ANN_ASSIGN: return compile_annotated(c, s);
	case STMT_FOR: return compile_for(c, s);
	case STMT_WHILE: return compile_while(c, s);
	case STMT_IF: return compile_if(c, s);
	case STMT_WITH: return compile_with(c, s, 0);
	case STMT_MATCH: return compile_match(c, s);
	case STMT_RAISE: return compile_raise(c, s);
	case STMT_TRY: return compile_try(c, s);
	case STMT_ASSERT: return compile_assert(c, s);
	case STMT_IMPORT: return compile_import(c, s);
	case STMT_IMPORT_FROM: return compile_import_from(c, s);
	case STMT_EXPR: return compile_expression(c, s->value);
	case STMT_PASS: return emit(c, OP_NOP, 0);
	case STMT_BREAK: return compile_break(c, s);
	case STMT_CONTINUE: return compile_continue(c, s);
	default: return 0; /* global and nonlocal speak to the symbol table only */
	}
}

int visit_stmt(struct compiler *c, struct stmt *s)
{
	int error;

	TRY(recurse(c));
	set_location(c, s->at);
	error = dispatch(c, s);
	c->depth--;
	return error;
}

int visit_body(struct compiler *c, const struct seq *s)
{
	for (int i = 0; i < s->n; i++)
		TRY(visit_stmt(c, stmt_at(s, i)));
	return 0;
}
