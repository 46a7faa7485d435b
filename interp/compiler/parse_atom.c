/* SPDX-License-Identifier: BSD-2-Clause */
#include "compiler/parse.h"

#include "compiler/identifier.h"

struct expr *make_name(struct parser *p, const struct token *t)
{
	struct location at = {t->line, t->end_line, t->col, t->end_col};
	struct expr *e = new_expr(p, EXPR_NAME, at);

	if (!e)
		return NULL;
	e->name.id = identifier_new(p->arena, t->start, t->end);
	return e->name.id ? e : NULL;
}

static struct expr *make_constant(struct parser *p, const struct token *first, PyObject *value)
{
	struct expr *e = value ? new_expr(p, EXPR_CONSTANT, location_from(p, first)) : NULL;

	if (e)
		e->constant.value = value;
	return e;
}

/* -- Comprehensions ------------------------------------------------------------------------------
 */

static bool at_generators(struct parser *p)
{
	enum token_kind kind = peek_kind(p);

	return kind == TOK_KW_FOR || (kind == TOK_KW_ASYNC && peek_second(p) == TOK_KW_FOR);
}

bool parse_generators(struct parser *p, struct seq *generators)
{
	while (at_generators(p)) {
		struct comprehension *c = arena_alloc(p->arena, sizeof(*c));

		if (!c || !seq_push(p->arena, generators, c))
			return false;
		c->is_async = take(p, TOK_KW_ASYNC) != NULL;
		take(p, TOK_KW_FOR);
		c->target = parse_for_targets(p);
		if (!c->target || !take(p, TOK_KW_IN))
			return false;
		c->iter = parse_disjunction(p);
		if (!c->iter)
			return false;
		while (take(p, TOK_KW_IF)) {
			struct expr *test = parse_disjunction(p);

			if (!test || !seq_push(p->arena, &c->ifs, test))
				return false;
		}
	}
	return !PyErr_Occurred();
}

static struct expr *parse_comprehension(struct parser *p, enum expr_kind kind, struct expr *elt,
					struct expr *value, const struct token *first,
					enum token_kind end)
{
	struct expr *e;

	if (elt->kind == EXPR_STARRED) {
		if (looking_for_errors(p))
			return error_at(p, elt->at,
					"iterable unpacking cannot be used in comprehension");
		return NULL;
	}
	e = new_expr(p, kind, elt->at);
	if (!e || !parse_generators(p, &e->comp.generators) || !take(p, end))
		return NULL;
	e->comp.elt = elt;
	e->comp.value = value;
	e->at = location_from(p, first);
	return e;
}

/* -- Parentheses, brackets, braces
 * ------------------------------------------------------------------ */

/* The rest of star_named_expression, ... behind its first item, up to and with `end`. */
static struct expr *parse_items(struct parser *p, enum expr_kind kind, struct expr *item,
				const struct token *first, enum token_kind end)
{
	struct expr *e = new_expr(p, kind, (struct location){0});

	if (!e)
		return NULL;
	while (item) {
		if (!seq_push(p->arena, &e->list.items, item))
			return NULL;
		if (!take(p, TOK_COMMA) || peek_kind(p) == end)
			break;
		item = parse_star_named_expression(p);
		if (!item)
			return NULL;
	}
	if (!take(p, end))
		return NULL;
	e->at = location_from(p, first);
	return e;
}

static struct expr *parse_paren(struct parser *p, const struct token *first)
{
	struct token *at = peek(p);
	struct expr *e;

	if (peek_kind(p) == TOK_RPAR)
		return parse_items(p, EXPR_TUPLE, NULL, first, TOK_RPAR);
	if (peek_kind(p) == TOK_KW_YIELD) {
		e = parse_yield_or_star_expressions(p);
		if (!e || !take(p, TOK_RPAR))
			return NULL;
		e->parens = true;
		return e;
	}
	if (looking_for_errors(p) && at && at->kind == TOK_POW) {
		p->pos++;
		if (parse_expression(p) && take(p, TOK_RPAR))
			error_at_token(p, at, "cannot use double starred expression here");
		return NULL;
	}
	e = parse_star_named_expression(p);
	if (!e)
		return NULL;
	if (at_generators(p))
		e = parse_comprehension(p, EXPR_GENERATOR, e, NULL, first, TOK_RPAR);
	else if (peek_kind(p) == TOK_COMMA)
		e = parse_items(p, EXPR_TUPLE, e, first, TOK_RPAR);
	else if (!take(p, TOK_RPAR))
		return NULL;
	else if (e->kind == EXPR_STARRED)
		return looking_for_errors(p)
			       ? error_at(p, e->at, "cannot use starred expression here")
			       : NULL;
	if (e)
		e->parens = true;
	return e;
}

static struct expr *parse_bracket(struct parser *p, const struct token *first)
{
	struct expr *e;

	if (peek_kind(p) == TOK_RSQB)
		return parse_items(p, EXPR_LIST, NULL, first, TOK_RSQB);
	e = parse_star_named_expression(p);
	if (!e)
		return NULL;
	if (at_generators(p))
		return parse_comprehension(p, EXPR_LIST_COMP, e, NULL, first, TOK_RSQB);
	return parse_items(p, EXPR_LIST, e, first, TOK_RSQB);
}

/* What is wrong with a dict's item whose key stands there and whose value does not. */
static void *explain_dict_value(struct parser *p, const struct token *colon)
{
	struct token *at = peek(p);

	if (!at || !looking_for_errors(p))
		return NULL;
	if (at->kind == TOK_RBRACE || at->kind == TOK_COMMA)
		return error_at_token(p, colon, "expression expected after dictionary key and ':'");
	if (at->kind == TOK_STAR) {
		struct location where = {at->line, at->line, at->col, at->end_col};

		p->pos++;
		if (parse_bitwise_or(p) && peek(p)) {
			where.end_line = p->tokens[p->fill].end_line;
			where.end_col = p->tokens[p->fill].end_col - 1;
			return error_at(p, where,
					"cannot use a starred expression in a dictionary value");
		}
	}
	return NULL;
}

/* key : value, or ** value (*key NULL). */
static struct expr *parse_dict_item(struct parser *p, struct expr **key)
{
	struct token *colon;
	struct expr *value;

	*key = NULL;
	if (take(p, TOK_POW))
		return parse_bitwise_or(p);
	*key = parse_expression(p);
	if (!*key)
		return NULL;
	colon = take(p, TOK_COLON);
	if (!colon) {
		struct location at = (*key)->at;

		if (!looking_for_errors(p) || PyErr_Occurred())
			return NULL;
		at.line = at.end_line;
		at.col = at.end_col - 1;
		at.end_col = -2;
		return error_at(p, at, "':' expected after dictionary key");
	}
	value = starts_expression(p) ? parse_expression(p) : NULL;
	return value || PyErr_Occurred() ? value : explain_dict_value(p, colon);
}

static struct expr *parse_dict(struct parser *p, const struct token *first)
{
	struct expr *e = new_expr(p, EXPR_DICT, (struct location){0});
	struct token *item = peek(p);

	if (!e)
		return NULL;
	while (peek_kind(p) != TOK_RBRACE) {
		struct expr *key, *value = parse_dict_item(p, &key);

		if (!value)
			return NULL;
		if (e->dict.values.n == 0 && at_generators(p)) {
			if (key)
				return parse_comprehension(p, EXPR_DICT_COMP, key, value, first,
							   TOK_RBRACE);
			return looking_for_errors(p)
				       ? error_at_token(p, item,
							"dict unpacking cannot be used in dict "
							"comprehension")
				       : NULL;
		}
		if (!seq_push(p->arena, &e->dict.keys, key) ||
		    !seq_push(p->arena, &e->dict.values, value))
			return NULL;
		if (!take(p, TOK_COMMA))
			break;
	}
	if (!take(p, TOK_RBRACE))
		return NULL;
	e->at = location_from(p, first);
	return e;
}

static struct expr *parse_brace(struct parser *p, const struct token *first)
{
	int pos = p->pos;
	struct expr *e;

	if (peek_kind(p) == TOK_RBRACE || peek_kind(p) == TOK_POW)
		return parse_dict(p, first);
	e = parse_star_named_expression(p);
	if (!e)
		return NULL;
	if (e->kind != EXPR_STARRED && peek_kind(p) == TOK_COLON) {
		p->pos = pos;
		return parse_dict(p, first);
	}
	if (at_generators(p))
		return parse_comprehension(p, EXPR_SET_COMP, e, NULL, first, TOK_RBRACE);
	return parse_items(p, EXPR_SET, e, first, TOK_RBRACE);
}

/* -- Atoms
 * ------------------------------------------------------------------------------------------ */

static struct expr *parse_nested(struct parser *p, struct token *first)
{
	struct expr *e;

	if (!parser_enter(p))
		return NULL;
	e = first->kind == TOK_LPAR   ? parse_paren(p, first)
	    : first->kind == TOK_LSQB ? parse_bracket(p, first)
				      : parse_brace(p, first);
	parser_leave(p);
	return e;
}

static struct expr *parse_atom(struct parser *p)
{
	struct token *t = peek(p);

	if (!t)
		return NULL;
	if (t->kind == TOK_STRING)
		return parse_strings(p);
	p->pos++;
	switch (t->kind) {
	case TOK_NAME: return make_name(p, t);
	case TOK_NUMBER: return make_constant(p, t, parse_number(p, t));
	case TOK_KW_TRUE: return make_constant(p, t, Py_True);
	case TOK_KW_FALSE: return make_constant(p, t, Py_False);
	case TOK_KW_NONE: return make_constant(p, t, Py_None);
	case TOK_ELLIPSIS: return make_constant(p, t, Py_Ellipsis);
	case TOK_LPAR:
	case TOK_LSQB:
	case TOK_LBRACE: return parse_nested(p, t);
	default: p->pos--; return NULL;
	}
}

/* -- Attribute, call, subscript
 * ------------------------------------------------------------------------
 */

static struct expr *parse_slice(struct parser *p)
{
	struct token *first = peek(p);
	struct expr *lower = NULL, *e;

	if (take(p, TOK_STAR)) {
		struct expr *value = parse_expression(p);

		e = value ? new_expr(p, EXPR_STARRED, location_from(p, first)) : NULL;
		if (e)
			e->wrap.value = value;
		return e;
	}
	if (peek_kind(p) != TOK_COLON) {
		lower = parse_named_expression(p);
		if (!lower || peek_kind(p) != TOK_COLON)
			return lower;
	}
	e = new_expr(p, EXPR_SLICE, (struct location){0});
	if (!e)
		return NULL;
	e->slice.lower = lower;
	take(p, TOK_COLON);
	if (starts_expression(p) && !(e->slice.upper = parse_expression(p)))
		return NULL;
	if (take(p, TOK_COLON) && starts_expression(p) && !(e->slice.step = parse_expression(p)))
		return NULL;
	e->at = location_from(p, first);
	return e;
}

static struct expr *parse_slices(struct parser *p)
{
	struct token *first = peek(p);
	struct expr *item = parse_slice(p), *e;

	if (!item || (peek_kind(p) != TOK_COMMA && item->kind != EXPR_STARRED))
		return item;
	e = new_expr(p, EXPR_TUPLE, item->at);
	if (!e || !seq_push(p->arena, &e->list.items, item))
		return NULL;
	while (take(p, TOK_COMMA) && peek_kind(p) != TOK_RSQB) {
		item = parse_slice(p);
		if (!item || !seq_push(p->arena, &e->list.items, item))
			return NULL;
	}
	e->at = location_from(p, first);
	return e;
}

static struct expr *parse_attribute(struct parser *p, struct expr *value, const struct token *first)
{
	PyObject *name = take_name(p);
	struct expr *e = name ? new_expr(p, EXPR_ATTRIBUTE, location_from(p, first)) : NULL;

	if (e) {
		e->attribute.value = value;
		e->attribute.name = name;
	}
	return e;
}

static struct expr *parse_subscript(struct parser *p, struct expr *value, const struct token *first)
{
	struct expr *index = parse_slices(p), *e;

	if (!index || !take(p, TOK_RSQB))
		return NULL;
	e = new_expr(p, EXPR_SUBSCRIPT, location_from(p, first));
	if (e) {
		e->subscript.value = value;
		e->subscript.index = index;
	}
	return e;
}

/* A generator expression that is the only argument has the call's parentheses as its own. */
static struct expr *parse_call(struct parser *p, struct expr *func, const struct token *first)
{
	const struct token *paren = &p->tokens[p->pos - 1];
	struct expr *e = new_expr(p, EXPR_CALL, func->at), *only;

	if (!e || !parse_call_arguments(p, &e->call.args, &e->call.keywords, true) ||
	    !take(p, TOK_RPAR))
		return NULL;
	e->call.func = func;
	e->at = location_from(p, first);
	only = e->call.args.n == 1 && e->call.keywords.n == 0 ? expr_at(&e->call.args, 0) : NULL;
	if (only && only->kind == EXPR_GENERATOR && !only->parens)
		only->at = location_from(p, paren);
	return e;
}

struct expr *parse_primary(struct parser *p)
{
	struct token *first = peek(p);
	struct expr *e = parse_atom(p);

	while (e) {
		if (take(p, TOK_DOT))
			e = parse_attribute(p, e, first);
		else if (take(p, TOK_LPAR))
			e = parse_call(p, e, first);
		else if (take(p, TOK_LSQB))
			e = parse_subscript(p, e, first);
		else
			break;
	}
	return PyErr_Occurred() ? NULL : e;
}
