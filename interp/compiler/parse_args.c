/* SPDX-License-Identifier: BSD-2-Clause */
/* The arguments of calls and classes, the parameters of functions and lambdas. */
#include "compiler/parse.h"

#include "compiler/identifier.h"

/* -- Arguments
 * ------------------------------------------------------------------------------------- */

static struct keyword *push_keyword(struct parser *p, struct seq *keywords, PyObject *name,
				    struct expr *value, const struct token *first)
{
	struct keyword *k = value ? arena_alloc(p->arena, sizeof(*k)) : NULL;

	if (!k || !seq_push(p->arena, keywords, k))
		return NULL;
	k->name = name;
	k->value = value;
	k->at = location_from(p, first);
	return k;
}

static struct location token_location(const struct token *t)
{
	return (struct location){t->line, t->end_line, t->col, t->end_col};
}

/* name = value; the name's token is next. */
static bool parse_keyword(struct parser *p, struct seq *keywords)
{
	struct token *first = take(p, TOK_NAME), *equals;
	PyObject *name = identifier_new(p->arena, first->start, first->end);
	struct expr *value;

	equals = take(p, TOK_ASSIGN);
	value = parse_expression(p);
	if (!name || !push_keyword(p, keywords, name, value, first))
		return false;
	if (looking_for_errors(p) && peek_kind(p) == TOK_KW_FOR) {
		struct seq generators = {0};
		int pos = p->pos;

		if (parse_generators(p, &generators))
			error_at(p, location_between(token_location(first), token_location(equals)),
				 "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
		p->pos = pos;
	}
	return !PyErr_Occurred();
}

/* Where a value would stand after an `=` that cannot be: True = 1, a.b = 1. */
static void explain_keyword(struct parser *p, struct expr *e)
{
	struct token *equals = peek(p);
	struct location at;

	if (!looking_for_errors(p) || !equals || equals->kind != TOK_ASSIGN)
		return;
	at = location_between(e->at, token_location(equals));
	if (e->kind == EXPR_CONSTANT && !e->parens &&
	    (e->constant.value == Py_True || e->constant.value == Py_False ||
	     e->constant.value == Py_None))
		error_at(p, at, "cannot assign to %s", expr_describe(e));
	else
		error_at(p, at, "expression cannot contain assignment, perhaps you meant \"==\"?");
}

static struct expr *parse_generator_argument(struct parser *p, struct expr *elt, bool alone)
{
	struct expr *e = new_expr(p, EXPR_GENERATOR, elt->at);

	if (!e || !parse_generators(p, &e->comp.generators))
		return NULL;
	e->comp.elt = elt;
	e->at = location_between(elt->at, location_from(p, &p->tokens[p->pos - 1]));
	if (alone && peek_kind(p) == TOK_RPAR)
		return e;
	if (looking_for_errors(p) && (!alone || peek_kind(p) == TOK_COMMA))
		error_at(p, e->at, "Generator expression must be parenthesized");
	return NULL;
}

/* A positional argument: value or *value. */
static struct expr *parse_positional(struct parser *p, bool allow_generator, bool alone)
{
	struct token *first = take(p, TOK_STAR);
	struct expr *value, *e;

	if (!first) {
		value = parse_expression(p);
		if (value && peek_kind(p) == TOK_WALRUS && value->kind == EXPR_NAME &&
		    !value->parens) {
			p->pos--;
			value = parse_named_expression(p);
		}
		if (!value)
			return NULL;
		explain_keyword(p, value);
		if (peek_kind(p) == TOK_KW_FOR ||
		    (peek_kind(p) == TOK_KW_ASYNC && peek_second(p) == TOK_KW_FOR))
			return allow_generator ? parse_generator_argument(p, value, alone) : NULL;
		return PyErr_Occurred() ? NULL : value;
	}
	value = parse_expression(p);
	e = value ? new_expr(p, EXPR_STARRED, location_from(p, first)) : NULL;
	if (!e)
		return NULL;
	e->wrap.value = value;
	if (looking_for_errors(p) && peek_kind(p) == TOK_KW_FOR && allow_generator)
		return error_at(p, e->at, "iterable unpacking cannot be used in comprehension");
	return e;
}

/* A positional argument where only keywords may follow. */
static bool explain_order(struct parser *p, bool unpacked)
{
	if (!looking_for_errors(p))
		return false;
	if (peek_kind(p) == TOK_STAR) {
		error_at_last(p, PyExc_SyntaxError,
			      "iterable argument unpacking follows keyword argument unpacking");
		return false;
	}
	if (!parse_positional(p, true, false) || !peek(p))
		return false;
	error_at_last(p, PyExc_SyntaxError,
		      unpacked ? "positional argument follows keyword argument unpacking"
			       : "positional argument follows keyword argument");
	return false;
}

bool parse_call_arguments(struct parser *p, struct seq *args, struct seq *keywords,
			  bool allow_generator)
{
	bool unpacked = false;

	while (peek_kind(p) != TOK_RPAR) {
		struct token *first = peek(p);
		struct expr *e;

		if (!first)
			return false;
		if (take(p, TOK_POW)) {
			unpacked = true;
			if (!push_keyword(p, keywords, NULL, parse_expression(p), first))
				return false;
		} else if (first->kind == TOK_NAME && peek_second(p) == TOK_ASSIGN) {
			if (!parse_keyword(p, keywords))
				return false;
		} else if (unpacked || (keywords->n && first->kind != TOK_STAR)) {
			return explain_order(p, unpacked);
		} else {
			e = parse_positional(p, allow_generator, args->n + keywords->n == 0);
			if (!e || !seq_push(p->arena, args, e))
				return false;
		}
		if (!take(p, TOK_COMMA))
			break;
	}
	return !PyErr_Occurred();
}

/* -- Parameters
 * -------------------------------------------------------------------------------------- */

struct parameters {
	struct arguments *args;
	enum token_kind end;
	bool annotated;           /* def, not lambda */
	bool slash, star, kwargs; /* seen */
	const struct token *bare; /* a * alone that still waits for a name */
};

static struct argument *parse_parameter(struct parser *p, const struct parameters *state,
					bool star_annotation)
{
	struct token *first = peek(p);
	struct argument *a = arena_alloc(p->arena, sizeof(*a));

	if (!a || !(a->name = take_name(p)))
		return NULL;
	if (state->annotated && take(p, TOK_COLON)) {
		a->annotation = star_annotation && peek_kind(p) == TOK_STAR
					? parse_star_named_expression(p)
					: parse_expression(p);
		if (!a->annotation)
			return NULL;
	}
	a->at = location_from(p, first);
	return a;
}

static bool no_default(struct parser *p, const char *what)
{
	struct token *t = peek(p);

	if (t && t->kind == TOK_ASSIGN)
		error_at_token(p, t, "var-%s argument cannot have default value", what);
	return !PyErr_Occurred();
}

static bool parse_star_parameter(struct parser *p, struct parameters *state,
				 const struct token *star)
{
	struct arguments *args = state->args;

	if (state->star)
		return error_at_token(p, star, "* argument may appear only once"), false;
	state->star = true;
	if (peek_kind(p) == TOK_NAME) {
		args->vararg = parse_parameter(p, state, true);
		return args->vararg && no_default(p, "positional");
	}
	state->bare = star;
	return true;
}

static bool parse_plain_parameter(struct parser *p, struct parameters *state)
{
	struct arguments *args = state->args;
	struct argument *a = parse_parameter(p, state, false);
	struct expr *value = NULL;

	if (!a)
		return false;
	if (take(p, TOK_ASSIGN) && !(value = parse_expression(p)))
		return false;
	state->bare = NULL;
	if (state->star)
		return seq_push(p->arena, &args->kwonly, a) &&
		       seq_push(p->arena, &args->kw_defaults, value);
	if (!value && args->defaults.n)
		return error_at(p, a->at, "non-default argument follows default argument"), false;
	return seq_push(p->arena, &args->args, a) &&
	       (!value || seq_push(p->arena, &args->defaults, value));
}

static bool parse_slash(struct parser *p, struct parameters *state, const struct token *slash)
{
	struct arguments *args = state->args;

	if (state->slash)
		return error_at_token(p, slash, "/ may appear only once"), false;
	if (state->star)
		return error_at_token(p, slash, "/ must be ahead of *"), false;
	if (args->args.n == 0) {
		p->pos--;
		return false;
	}
	state->slash = true;
	args->posonly = args->args;
	args->args = (struct seq){0};
	return true;
}

static bool parse_one_parameter(struct parser *p, struct parameters *state)
{
	struct token *t = peek(p);

	if (!t)
		return false;
	if (state->kwargs) {
		if (t->kind == TOK_NAME || t->kind == TOK_STAR || t->kind == TOK_POW ||
		    t->kind == TOK_SLASH)
			error_at_token(p, t, "arguments cannot follow var-keyword argument");
		return false;
	}
	if (take(p, TOK_SLASH))
		return parse_slash(p, state, t);
	if (take(p, TOK_STAR))
		return parse_star_parameter(p, state, t);
	if (take(p, TOK_POW)) {
		if (state->bare)
			return error_at_token(p, state->bare, "named arguments must follow bare *"),
			       false;
		state->kwargs = true;
		state->args->kwarg = parse_parameter(p, state, false);
		return state->args->kwarg && no_default(p, "keyword");
	}
	return parse_plain_parameter(p, state);
}

struct arguments *parse_parameters(struct parser *p, enum token_kind end)
{
	struct parameters state = {.end = end, .annotated = end == TOK_RPAR};

	state.args = arena_alloc(p->arena, sizeof(*state.args));
	if (!state.args)
		return NULL;
	while (peek_kind(p) != end) {
		if (!parse_one_parameter(p, &state))
			return NULL;
		if (!take(p, TOK_COMMA))
			break;
	}
	if (state.bare && peek_kind(p) == end) {
		if (state.annotated)
			return error_at_token(p, state.bare, "named arguments must follow bare *");
		return error_at_last(p, PyExc_SyntaxError, "named arguments must follow bare *");
	}
	return PyErr_Occurred() ? NULL : state.args;
}
