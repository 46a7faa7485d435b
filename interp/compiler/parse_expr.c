/* SPDX-License-Identifier: BSD-2-Clause */
#include "compiler/parse.h"

static struct expr *parse_unary(struct parser *p);

/* -- Binary operators
 * ------------------------------------------------------------------------------
 */

static const struct {
	int8_t precedence; /* 0: no binary operator; higher binds tighter */
	uint8_t op;        /* enum binary_operator */
} binary[TOK_COUNT] = {
	[TOK_VBAR] = {1, BIN_OR},       [TOK_CARET] = {2, BIN_XOR},
	[TOK_AMPERSAND] = {3, BIN_AND}, [TOK_LSHIFT] = {4, BIN_LSHIFT},
	[TOK_RSHIFT] = {4, BIN_RSHIFT}, [TOK_PLUS] = {5, BIN_ADD},
	[TOK_MINUS] = {5, BIN_SUB},     [TOK_STAR] = {6, BIN_MUL},
	[TOK_SLASH] = {6, BIN_DIV},     [TOK_FLOORDIV] = {6, BIN_FLOORDIV},
	[TOK_MOD] = {6, BIN_MOD},       [TOK_AT] = {6, BIN_MATMUL},
};

static struct expr *new_binary(struct parser *p, struct expr *left, enum binary_operator op,
			       struct expr *right)
{
	struct expr *e = new_expr(p, EXPR_BIN_OP, location_between(left->at, right->at));

	if (!e)
		return NULL;
	e->bin_op.left = left;
	e->bin_op.op = op;
	e->bin_op.right = right;
	return e;
}

/* The operand's own parentheses belong to the whole expression's range: it ends at the last token.
 */
static struct expr *parse_binary(struct parser *p, int lowest)
{
	struct token *first = peek(p);
	struct expr *left = parse_unary(p);

	while (left) {
		enum token_kind kind = peek_kind(p);
		int precedence = binary[kind].precedence;
		struct expr *right;

		if (precedence == 0 || precedence < lowest)
			return left;
		p->pos++;
		right = parse_binary(p, precedence + 1);
		if (!right)
			return NULL;
		left = new_binary(p, left, binary[kind].op, right);
		if (left)
			left->at = location_from(p, first);
	}
	return left;
}

struct expr *parse_bitwise_or(struct parser *p)
{
	return parse_binary(p, 1);
}

static struct expr *parse_await(struct parser *p)
{
	struct token *first = take(p, TOK_KW_AWAIT);
	struct expr *value, *e;

	if (!first)
		return parse_primary(p);
	value = parse_primary(p);
	e = value ? new_expr(p, EXPR_AWAIT, location_from(p, first)) : NULL;
	if (e)
		e->wrap.value = value;
	return e;
}

static struct expr *parse_power(struct parser *p)
{
	struct token *first = peek(p);
	struct expr *left = parse_await(p), *right;

	if (!left || !take(p, TOK_POW))
		return left;
	right = parse_unary(p);
	left = right ? new_binary(p, left, BIN_POW, right) : NULL;
	if (left)
		left->at = location_from(p, first);
	return left;
}

static struct expr *new_unary(struct parser *p, enum unary_operator op, const struct token *first,
			      struct expr *operand)
{
	struct expr *e = operand ? new_expr(p, EXPR_UNARY_OP, location_from(p, first)) : NULL;

	if (e) {
		e->unary_op.op = op;
		e->unary_op.operand = operand;
	}
	return e;
}

static struct expr *parse_unary(struct parser *p)
{
	struct token *first = peek(p);
	enum token_kind kind = first ? (enum token_kind)first->kind : TOK_END;
	struct expr *operand;

	if (kind != TOK_PLUS && kind != TOK_MINUS && kind != TOK_TILDE)
		return parse_power(p);
	p->pos++;
	if (!parser_enter(p))
		return NULL;
	operand = parse_unary(p);
	parser_leave(p);
	return new_unary(p,
			 kind == TOK_PLUS    ? UNARY_PLUS_OP
			 : kind == TOK_MINUS ? UNARY_MINUS_OP
					     : UNARY_INVERT_OP,
			 first, operand);
}

/* -- Comparisons, not, and, or --------------------------------------------------------------------
 */

/* Takes a comparison operator; -1 when there is none. */
static int take_comparison(struct parser *p)
{
	int op;

	switch (peek_kind(p)) {
	case TOK_LESS: op = CMP_LT; break;
	case TOK_LESS_EQUAL: op = CMP_LE; break;
	case TOK_EQUAL: op = CMP_EQ; break;
	case TOK_NOT_EQUAL: op = CMP_NE; break;
	case TOK_GREATER: op = CMP_GT; break;
	case TOK_GREATER_EQUAL: op = CMP_GE; break;
	case TOK_KW_IN: op = CMP_IN; break;
	case TOK_KW_IS: p->pos++; return take(p, TOK_KW_NOT) ? CMP_IS_NOT : CMP_IS;
	case TOK_KW_NOT:
		p->pos++;
		if (take(p, TOK_KW_IN))
			return CMP_NOT_IN;
		p->pos--;
		return -1;
	default: return -1;
	}
	p->pos++;
	return op;
}

static struct expr *parse_comparison(struct parser *p)
{
	struct token *first = peek(p);
	struct expr *left = parse_bitwise_or(p), *e = NULL;
	int op;

	while (left && (op = take_comparison(p)) >= 0) {
		struct expr *right = parse_bitwise_or(p);
		int n = e ? e->compare.comparators.n : 0;

		if (!e) {
			e = new_expr(p, EXPR_COMPARE, left->at);
			if (!e)
				return NULL;
			e->compare.left = left;
		}
		if ((n & (n - 1)) == 0) { /* grows like a seq */
			uint8_t *ops = arena_alloc(p->arena, n ? 2 * (size_t)n : 1);

			if (!ops)
				return NULL;
			if (n)
				memcpy(ops, e->compare.ops, (size_t)n);
			e->compare.ops = ops;
		}
		if (!right || !seq_push(p->arena, &e->compare.comparators, right))
			return NULL;
		e->compare.ops[n] = (uint8_t)op;
		e->at = location_from(p, first);
	}
	return e && left ? e : left;
}

static struct expr *parse_inversion(struct parser *p)
{
	struct token *first = take(p, TOK_KW_NOT);
	struct expr *operand;

	if (!first)
		return parse_comparison(p);
	if (!parser_enter(p))
		return NULL;
	operand = parse_inversion(p);
	parser_leave(p);
	return new_unary(p, UNARY_NOT_OP, first, operand);
}

static struct expr *parse_bool_op(struct parser *p, bool is_or)
{
	enum token_kind kind = is_or ? TOK_KW_OR : TOK_KW_AND;
	struct token *first = peek(p);
	struct expr *value = is_or ? parse_bool_op(p, false) : parse_inversion(p), *e;

	if (!value || peek_kind(p) != kind)
		return value;
	e = new_expr(p, EXPR_BOOL_OP, value->at);
	if (!e || !seq_push(p->arena, &e->bool_op.values, value))
		return NULL;
	e->bool_op.is_or = is_or;
	while (take(p, kind)) {
		value = is_or ? parse_bool_op(p, false) : parse_inversion(p);
		if (!value || !seq_push(p->arena, &e->bool_op.values, value))
			return NULL;
	}
	e->at = location_from(p, first);
	return e;
}

struct expr *parse_disjunction(struct parser *p)
{
	return parse_bool_op(p, true);
}

/* -- Conditional, lambda, walrus
 * ------------------------------------------------------------------- */

static struct expr *parse_lambda(struct parser *p, const struct token *first)
{
	struct arguments *args = parse_parameters(p, TOK_COLON);
	struct expr *body, *e;

	if (!args)
		return NULL;
	if (!take(p, TOK_COLON))
		return PyErr_Occurred() ? NULL
					: error_at_token(p, &p->tokens[p->pos], "expected ':'");
	body = parse_expression(p);
	e = body ? new_expr(p, EXPR_LAMBDA, location_from(p, first)) : NULL;
	if (e) {
		e->lambda.args = args;
		e->lambda.body = body;
	}
	return e;
}

static bool is_legacy_statement(const struct expr *e)
{
	return e->kind == EXPR_NAME &&
	       (PyUnicode_CompareWithASCIIString(e->name.id, "print") == 0 ||
		PyUnicode_CompareWithASCIIString(e->name.id, "exec") == 0);
}

static bool is_soft_keyword(const struct token *t)
{
	return token_is(t, "_") || token_is(t, "case") || token_is(t, "match");
}

/* Two expressions without anything between them. */
static void find_missing_comma(struct parser *p, const struct token *first, struct expr *a)
{
	int pos = p->pos;
	struct expr *b;

	bool skip =
		(first->kind == TOK_NAME && first[1].kind == TOK_STRING) || is_soft_keyword(first);

	p->quiet++;
	b = !skip && starts_expression(p) ? parse_expression(p) : NULL;
	p->quiet--;
	if (b && !is_legacy_statement(a) && p->tokens[p->pos - 1].level > 0)
		error_at(p, location_between(a->at, b->at),
			 "invalid syntax. Perhaps you forgot a comma?");
	p->pos = pos;
	if (PyErr_Occurred() || !is_legacy_statement(a) || peek_kind(p) == TOK_LPAR)
		return;
	b = starts_expression(p) ? parse_star_expressions(p) : NULL;
	if (b)
		error_at(p, location_between(a->at, b->at),
			 "Missing parentheses in call to '%U'. Did you mean %U(...)?", a->name.id,
			 a->name.id);
	p->pos = pos;
}

static struct expr *parse_conditional(struct parser *p)
{
	struct token *first = peek(p);
	struct expr *body = parse_disjunction(p), *test, *orelse, *e;

	if (body && looking_for_errors(p))
		find_missing_comma(p, first, body);
	if (!body || PyErr_Occurred() || !take(p, TOK_KW_IF))
		return PyErr_Occurred() ? NULL : body;
	test = parse_disjunction(p);
	if (!test)
		return NULL;
	if (!take(p, TOK_KW_ELSE)) {
		if (looking_for_errors(p) && peek_kind(p) != TOK_COLON)
			return error_at(p, location_between(body->at, test->at),
					"expected 'else' after 'if' expression");
		return NULL;
	}
	orelse = parse_expression(p);
	e = orelse ? new_expr(p, EXPR_IF, location_from(p, first)) : NULL;
	if (e) {
		e->if_exp.test = test;
		e->if_exp.body = body;
		e->if_exp.orelse = orelse;
	}
	return e;
}

struct expr *parse_expression(struct parser *p)
{
	struct token *first;
	struct expr *e;

	if (!parser_enter(p))
		return NULL;
	first = take(p, TOK_KW_LAMBDA);
	e = first ? parse_lambda(p, first) : parse_conditional(p);
	parser_leave(p);
	return e;
}

static struct expr *parse_walrus(struct parser *p, struct expr *target, const struct token *first)
{
	struct expr *value, *e;

	if (target->kind != EXPR_NAME || target->parens) {
		if (looking_for_errors(p))
			return error_at(p, target->at, "cannot use assignment expressions with %s",
					expr_describe(target));
		return NULL;
	}
	p->pos++;
	target->ctx = CTX_STORE;
	value = parse_expression(p);
	e = value ? new_expr(p, EXPR_NAMED, location_from(p, first)) : NULL;
	if (e) {
		e->named.target = target;
		e->named.value = value;
	}
	return e;
}

/* Levels of the grammar above bitwise_or, which `a = b` as an expression is not explained for. */
static bool is_bitwise_or(const struct expr *e)
{
	switch (e->kind) {
	case EXPR_BOOL_OP:
	case EXPR_COMPARE:
	case EXPR_IF:
	case EXPR_LAMBDA:
	case EXPR_STARRED: return e->parens;
	case EXPR_UNARY_OP: return e->parens || e->unary_op.op != UNARY_NOT_OP;
	default: return true;
	}
}

/* `a = b` where an expression is meant. */
void find_assignment(struct parser *p, struct expr *a)
{
	int pos = p->pos;
	struct expr *b;
	bool again;

	if (!is_bitwise_or(a) || !take(p, TOK_ASSIGN))
		return;
	p->quiet++;
	b = parse_bitwise_or(p);
	p->quiet--;
	again = b && (peek_kind(p) == TOK_ASSIGN || peek_kind(p) == TOK_WALRUS);
	p->pos = pos;
	if (!b || again)
		return;
	if (a->kind == EXPR_NAME && !a->parens) {
		error_at(p, location_between(a->at, b->at),
			 "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
		return;
	}
	if (a->kind == EXPR_LIST || a->kind == EXPR_TUPLE || a->kind == EXPR_GENERATOR ||
	    a->kind == EXPR_NAME || a->kind == EXPR_LIST_COMP ||
	    (a->kind == EXPR_CONSTANT &&
	     (a->constant.value == Py_None || a->constant.value == Py_True ||
	      a->constant.value == Py_False)))
		return;
	error_at(p, a->at, "cannot assign to %s here. Maybe you meant '==' instead of '='?",
		 expr_describe(a));
}

struct expr *parse_named_expression(struct parser *p)
{
	struct token *first = peek(p);
	struct expr *e = parse_expression(p);

	if (!e)
		return NULL;
	if (peek_kind(p) == TOK_WALRUS)
		return parse_walrus(p, e, first);
	if (looking_for_errors(p) && peek_kind(p) == TOK_ASSIGN)
		find_assignment(p, e);
	return PyErr_Occurred() ? NULL : e;
}

/* -- Stars, tuples, yield
 * --------------------------------------------------------------------------- */

static struct expr *parse_starred(struct parser *p, const struct token *first)
{
	struct expr *value = parse_bitwise_or(p);
	struct expr *e = value ? new_expr(p, EXPR_STARRED, location_from(p, first)) : NULL;

	if (e)
		e->wrap.value = value;
	return e;
}

struct expr *parse_star_named_expression(struct parser *p)
{
	struct token *first = take(p, TOK_STAR);

	return first ? parse_starred(p, first) : parse_named_expression(p);
}

static struct expr *parse_star_expression(struct parser *p)
{
	struct token *first = take(p, TOK_STAR);

	return first ? parse_starred(p, first) : parse_expression(p);
}

struct expr *parse_star_expressions(struct parser *p)
{
	struct token *first = peek(p);
	struct expr *item = parse_star_expression(p), *e;

	if (!item || peek_kind(p) != TOK_COMMA)
		return item;
	e = new_expr(p, EXPR_TUPLE, item->at);
	if (!e || !seq_push(p->arena, &e->list.items, item))
		return NULL;
	while (take(p, TOK_COMMA)) {
		if (!starts_expression(p) && peek_kind(p) != TOK_STAR)
			break;
		item = parse_star_expression(p);
		if (!item || !seq_push(p->arena, &e->list.items, item))
			return NULL;
	}
	e->at = location_from(p, first);
	return e;
}

static struct expr *parse_yield(struct parser *p, const struct token *first)
{
	struct expr *value = NULL, *e;
	bool from = take(p, TOK_KW_FROM) != NULL;

	if (from)
		value = parse_expression(p);
	else if (starts_expression(p) || peek_kind(p) == TOK_STAR)
		value = parse_star_expressions(p);
	if (PyErr_Occurred() || (from && !value))
		return NULL;
	e = new_expr(p, from ? EXPR_YIELD_FROM : EXPR_YIELD, location_from(p, first));
	if (e)
		e->wrap.value = value;
	return e;
}

struct expr *parse_yield_or_star_expressions(struct parser *p)
{
	struct token *first = take(p, TOK_KW_YIELD);
	struct expr *e;

	if (!first)
		return parse_star_expressions(p);
	if (!parser_enter(p))
		return NULL;
	e = parse_yield(p, first);
	parser_leave(p);
	return e;
}

/* -- Targets
 * ------------------------------------------------------------------------------------------
 */

struct expr *invalid_target(struct expr *e, enum target_use use)
{
	switch (e->kind) {
	case EXPR_NAME:
	case EXPR_ATTRIBUTE:
	case EXPR_SUBSCRIPT: return NULL;
	case EXPR_STARRED: return use == TARGET_DEL ? e : invalid_target(e->wrap.value, use);
	case EXPR_COMPARE:
		if (use == TARGET_FOR && e->compare.ops[0] == CMP_IN)
			return invalid_target(e->compare.left, use);
		return e;
	case EXPR_LIST:
	case EXPR_TUPLE:
		for (int i = 0; i < e->list.items.n; i++) {
			struct expr *bad = invalid_target(expr_at(&e->list.items, i), use);

			if (bad)
				return bad;
		}
		return NULL;
	default: return e;
	}
}

static void set_context(struct expr *e, enum expr_context ctx)
{
	e->ctx = (uint8_t)ctx;
	if (e->kind == EXPR_STARRED)
		set_context(e->wrap.value, ctx);
	if (e->kind == EXPR_LIST || e->kind == EXPR_TUPLE) {
		for (int i = 0; i < e->list.items.n; i++)
			set_context(expr_at(&e->list.items, i), ctx);
	}
}

bool make_target(struct parser *p, struct expr *e, enum target_use use)
{
	struct expr *bad = invalid_target(e, use);

	if (!bad) {
		set_context(e, use == TARGET_DEL ? CTX_DEL : CTX_STORE);
		return true;
	}
	if (looking_for_errors(p))
		error_at(p, bad->at, use == TARGET_DEL ? "cannot delete %s" : "cannot assign to %s",
			 expr_describe(bad));
	return false;
}

static struct expr *parse_for_target(struct parser *p)
{
	struct token *first = take(p, TOK_STAR);

	return first ? parse_starred(p, first) : parse_bitwise_or(p);
}

struct expr *parse_for_targets(struct parser *p)
{
	struct token *first = peek(p);
	struct expr *e = parse_for_target(p), *item = e;

	if (e && peek_kind(p) == TOK_COMMA) {
		e = new_expr(p, EXPR_TUPLE, item->at);
		if (!e || !seq_push(p->arena, &e->list.items, item))
			return NULL;
		while (take(p, TOK_COMMA) && (starts_expression(p) || peek_kind(p) == TOK_STAR)) {
			item = parse_for_target(p);
			if (!item || !seq_push(p->arena, &e->list.items, item))
				return NULL;
		}
		e->at = location_from(p, first);
	}
	return e && make_target(p, e, TARGET_FOR) ? e : NULL;
}

struct expr *parse_target(struct parser *p)
{
	struct expr *e = parse_for_target(p);

	return e && make_target(p, e, TARGET_STAR) ? e : NULL;
}
