/* SPDX-License-Identifier: BSD-2-Clause */
/* Simple statements. */
#include "compiler/parse.h"

#include "compiler/identifier.h"

/* -- Assignments and expressions ------------------------------------------------------------------
 */

static struct stmt *finish(struct parser *p, struct stmt *s, const struct token *first)
{
	if (s)
		s->at = location_from(p, first);
	return s;
}

static struct stmt *parse_annotated(struct parser *p, struct expr *target,
				    const struct token *first)
{
	struct stmt *s;

	if (target->kind == EXPR_LIST || target->kind == EXPR_TUPLE)
		return error_at(p, target->at, "only single target (not %s) can be annotated",
				expr_describe(target));
	if (target->kind != EXPR_NAME && target->kind != EXPR_ATTRIBUTE &&
	    target->kind != EXPR_SUBSCRIPT)
		return error_at(p, target->at, "illegal target for annotation");
	target->ctx = CTX_STORE;
	take(p, TOK_COLON);
	s = new_stmt(p, STMT_ANN_ASSIGN, target->at);
	if (!s)
		return NULL;
	s->ann_assign.target = target;
	s->ann_assign.simple = target->kind == EXPR_NAME && !target->parens;
	s->ann_assign.annotation = parse_expression(p);
	if (!s->ann_assign.annotation)
		return NULL;
	if (take(p, TOK_ASSIGN) && !(s->ann_assign.value = parse_yield_or_star_expressions(p)))
		return NULL;
	return finish(p, s, first);
}

/* Why e cannot stand before `=`. */
static void *explain_target(struct parser *p, struct expr *e, bool is_first)
{
	if (!looking_for_errors(p))
		return NULL;
	if ((e->kind == EXPR_YIELD || e->kind == EXPR_YIELD_FROM) && !e->parens)
		return error_at(p, e->at, "assignment to yield expression not possible");
	if (is_first)
		find_assignment(p, e);
	if (!PyErr_Occurred())
		make_target(p, e, TARGET_STAR);
	return NULL;
}

static struct stmt *parse_assign(struct parser *p, struct expr *e, const struct token *first)
{
	struct stmt *s = new_stmt(p, STMT_ASSIGN, e->at);

	if (!s)
		return NULL;
	while (peek_kind(p) == TOK_ASSIGN) {
		if (invalid_target(e, TARGET_STAR))
			return explain_target(p, e, s->assign.targets.n == 0);
		if (!make_target(p, e, TARGET_STAR) || !seq_push(p->arena, &s->assign.targets, e))
			return NULL;
		take(p, TOK_ASSIGN);
		e = parse_yield_or_star_expressions(p);
		if (!e)
			return NULL;
	}
	s->assign.value = e;
	return finish(p, s, first);
}

/* The operator of an augmented assignment, -1 when kind is none. */
static int augmented_operator(enum token_kind kind)
{
	switch (kind) {
	case TOK_ADD_ASSIGN: return BIN_ADD;
	case TOK_SUB_ASSIGN: return BIN_SUB;
	case TOK_MUL_ASSIGN: return BIN_MUL;
	case TOK_DIV_ASSIGN: return BIN_DIV;
	case TOK_FLOORDIV_ASSIGN: return BIN_FLOORDIV;
	case TOK_MOD_ASSIGN: return BIN_MOD;
	case TOK_POW_ASSIGN: return BIN_POW;
	case TOK_AT_ASSIGN: return BIN_MATMUL;
	case TOK_AND_ASSIGN: return BIN_AND;
	case TOK_OR_ASSIGN: return BIN_OR;
	case TOK_XOR_ASSIGN: return BIN_XOR;
	case TOK_LSHIFT_ASSIGN: return BIN_LSHIFT;
	case TOK_RSHIFT_ASSIGN: return BIN_RSHIFT;
	default: return -1;
	}
}

static struct stmt *parse_augmented(struct parser *p, struct expr *target, int op,
				    const struct token *first)
{
	struct stmt *s;

	if (target->kind != EXPR_NAME && target->kind != EXPR_ATTRIBUTE &&
	    target->kind != EXPR_SUBSCRIPT)
		return error_at(p, target->at,
				"'%s' is an illegal expression for augmented assignment",
				expr_describe(target));
	target->ctx = CTX_STORE;
	p->pos++;
	s = new_stmt(p, STMT_AUG_ASSIGN, target->at);
	if (!s)
		return NULL;
	s->aug_assign.target = target;
	s->aug_assign.op = (enum binary_operator)op;
	s->aug_assign.value = parse_yield_or_star_expressions(p);
	return s->aug_assign.value ? finish(p, s, first) : NULL;
}

static struct stmt *parse_expression_statement(struct parser *p)
{
	struct token *first = peek(p);
	struct expr *e = parse_yield_or_star_expressions(p);
	struct stmt *s;
	int op;

	if (!e)
		return NULL;
	if (peek_kind(p) == TOK_COLON && first->kind != TOK_KW_YIELD)
		return parse_annotated(p, e, first);
	if (peek_kind(p) == TOK_ASSIGN)
		return parse_assign(p, e, first);
	op = augmented_operator(peek_kind(p));
	if (op >= 0)
		return parse_augmented(p, e, op, first);
	s = new_stmt(p, STMT_EXPR, location_from(p, first));
	if (s)
		s->value = e;
	return s;
}

/* -- import
 * ----------------------------------------------------------------------------------------- */

/* a.b.c as one interned str. */
static PyObject *parse_dotted_name(struct parser *p)
{
	PyObject *name = take_name(p);

	while (name && take(p, TOK_DOT)) {
		PyObject *part = take_name(p), *joined;

		if (!part)
			return NULL;
		joined = PyUnicode_FromFormat("%U.%U", name, part);
		if (joined)
			PyUnicode_InternInPlace(&joined);
		name = arena_own(p->arena, joined);
	}
	return PyErr_Occurred() ? NULL : name;
}

static bool parse_alias(struct parser *p, struct seq *names, bool dotted)
{
	struct token *first = peek(p);
	struct alias *a = arena_alloc(p->arena, sizeof(*a));

	if (!a || !(a->name = dotted ? parse_dotted_name(p) : take_name(p)))
		return false;
	if (take(p, TOK_KW_AS) && !(a->asname = take_name(p)))
		return false;
	a->at = location_from(p, first);
	return seq_push(p->arena, names, a);
}

static struct stmt *parse_import(struct parser *p, const struct token *first)
{
	struct stmt *s = new_stmt(p, STMT_IMPORT, (struct location){0});

	do {
		if (!s || !parse_alias(p, &s->import.names, true))
			return NULL;
	} while (take(p, TOK_COMMA));
	return finish(p, s, first);
}

static bool parse_star_alias(struct parser *p, struct seq *names)
{
	struct token *star = take(p, TOK_STAR);
	struct alias *a = arena_alloc(p->arena, sizeof(*a));

	if (!a)
		return false;
	a->name = identifier_new(p->arena, star->start, star->end);
	a->at = location_from(p, star);
	return a->name && seq_push(p->arena, names, a);
}

static bool parse_imported_names(struct parser *p, struct seq *names)
{
	bool parens;

	if (peek_kind(p) == TOK_STAR)
		return parse_star_alias(p, names);
	parens = take(p, TOK_LPAR) != NULL;
	for (;;) {
		if (!parse_alias(p, names, false))
			return false;
		if (!take(p, TOK_COMMA))
			break;
		if (parens && peek_kind(p) == TOK_RPAR)
			break;
		if (!parens && peek_kind(p) == TOK_NEWLINE) {
			error_at_last(p, PyExc_SyntaxError,
				      "trailing comma not allowed without surrounding parentheses");
			return false;
		}
	}
	return !parens || take(p, TOK_RPAR);
}

static struct stmt *parse_from(struct parser *p, const struct token *first)
{
	struct stmt *s = new_stmt(p, STMT_IMPORT_FROM, (struct location){0});

	if (!s)
		return NULL;
	for (;;) {
		if (take(p, TOK_DOT))
			s->import.level++;
		else if (take(p, TOK_ELLIPSIS))
			s->import.level += 3;
		else
			break;
	}
	if (peek_kind(p) != TOK_KW_IMPORT || s->import.level == 0) {
		s->import.module = parse_dotted_name(p);
		if (!s->import.module)
			return NULL;
	}
	if (!take(p, TOK_KW_IMPORT) || !parse_imported_names(p, &s->import.names))
		return NULL;
	return finish(p, s, first);
}

/* -- The others
 * -------------------------------------------------------------------------------------- */

static struct stmt *parse_delete(struct parser *p, const struct token *first)
{
	struct stmt *s = new_stmt(p, STMT_DELETE, (struct location){0});

	do {
		struct expr *e;

		if (!s || (s->targets.n && !starts_expression(p)))
			break;
		e = parse_bitwise_or(p);
		if (!e || !make_target(p, e, TARGET_DEL) || !seq_push(p->arena, &s->targets, e))
			return NULL;
	} while (take(p, TOK_COMMA));
	return finish(p, s, first);
}

static struct stmt *parse_return(struct parser *p, const struct token *first)
{
	struct stmt *s = new_stmt(p, STMT_RETURN, (struct location){0});

	if (s && (starts_expression(p) || peek_kind(p) == TOK_STAR) &&
	    !(s->value = parse_star_expressions(p)))
		return NULL;
	return finish(p, s, first);
}

static struct stmt *parse_raise(struct parser *p, const struct token *first)
{
	struct stmt *s = new_stmt(p, STMT_RAISE, (struct location){0});

	if (s && starts_expression(p)) {
		s->raise.exc = parse_expression(p);
		if (!s->raise.exc)
			return NULL;
		if (take(p, TOK_KW_FROM) && !(s->raise.cause = parse_expression(p)))
			return NULL;
	}
	return finish(p, s, first);
}

static struct stmt *parse_assert(struct parser *p, const struct token *first)
{
	struct stmt *s = new_stmt(p, STMT_ASSERT, (struct location){0});

	if (!s || !(s->assertion.test = parse_expression(p)))
		return NULL;
	if (take(p, TOK_COMMA) && !(s->assertion.msg = parse_expression(p)))
		return NULL;
	return finish(p, s, first);
}

static struct stmt *parse_names(struct parser *p, enum stmt_kind kind, const struct token *first)
{
	struct stmt *s = new_stmt(p, kind, (struct location){0});

	do {
		PyObject *name = take_name(p);

		if (!s || !name || !seq_push(p->arena, &s->names, name))
			return NULL;
	} while (take(p, TOK_COMMA));
	return finish(p, s, first);
}

static struct stmt *parse_simple_statement(struct parser *p)
{
	struct token *first = peek(p);

	if (!first)
		return NULL;
	p->pos++;
	switch (first->kind) {
	case TOK_KW_PASS: return new_stmt(p, STMT_PASS, location_from(p, first));
	case TOK_KW_BREAK: return new_stmt(p, STMT_BREAK, location_from(p, first));
	case TOK_KW_CONTINUE: return new_stmt(p, STMT_CONTINUE, location_from(p, first));
	case TOK_KW_RETURN: return parse_return(p, first);
	case TOK_KW_IMPORT: return parse_import(p, first);
	case TOK_KW_FROM: return parse_from(p, first);
	case TOK_KW_RAISE: return parse_raise(p, first);
	case TOK_KW_DEL: return parse_delete(p, first);
	case TOK_KW_ASSERT: return parse_assert(p, first);
	case TOK_KW_GLOBAL: return parse_names(p, STMT_GLOBAL, first);
	case TOK_KW_NONLOCAL: return parse_names(p, STMT_NONLOCAL, first);
	default: p->pos--; return parse_expression_statement(p);
	}
}

bool parse_simple_statements(struct parser *p, struct seq *out)
{
	do {
		struct stmt *s = parse_simple_statement(p);

		if (!s || !seq_push(p->arena, out, s))
			return false;
		if (peek_kind(p) != TOK_SEMICOLON)
			break;
		p->pos++;
	} while (peek_kind(p) != TOK_NEWLINE);
	return take(p, TOK_NEWLINE) != NULL;
}
