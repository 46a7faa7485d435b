/* SPDX-License-Identifier: BSD-2-Clause */
/* match statements: PEP 634. */
#include "compiler/parse.h"

#include "compiler/identifier.h"

static struct pattern *parse_as_pattern(struct parser *p);

static struct pattern *new_pattern(struct parser *p, enum pattern_kind kind,
				   const struct token *first)
{
	struct pattern *m = arena_alloc(p->arena, sizeof(*m));

	if (m) {
		m->kind = kind;
		m->at = location_from(p, first);
	}
	return m;
}

/* -- Literals and values --------------------------------------------------------------------------
 */

static struct expr *parse_signed_number(struct parser *p)
{
	struct token *first = peek(p), *number;
	bool negative = take(p, TOK_MINUS) != NULL;
	struct expr *e, *minus;

	number = take(p, TOK_NUMBER);
	if (!number)
		return NULL;
	e = new_expr(p, EXPR_CONSTANT, location_from(p, number));
	if (!e || !(e->constant.value = parse_number(p, number)))
		return NULL;
	if (!negative)
		return e;
	minus = new_expr(p, EXPR_UNARY_OP, location_from(p, first));
	if (minus) {
		minus->unary_op.op = UNARY_MINUS_OP;
		minus->unary_op.operand = e;
	}
	return minus;
}

/* 1, -1, 1 + 2j */
static struct expr *parse_number_value(struct parser *p)
{
	struct token *first = peek(p);
	struct expr *left = parse_signed_number(p), *e;
	enum token_kind kind = peek_kind(p);

	if (!left || (kind != TOK_PLUS && kind != TOK_MINUS))
		return left;
	p->pos++;
	e = new_expr(p, EXPR_BIN_OP, left->at);
	if (!e || peek_kind(p) != TOK_NUMBER)
		return NULL;
	e->bin_op.left = left;
	e->bin_op.op = kind == TOK_PLUS ? BIN_ADD : BIN_SUB;
	e->bin_op.right = parse_signed_number(p);
	e->at = location_from(p, first);
	if (!e->bin_op.right)
		return NULL;
	if (!PyComplex_CheckExact(e->bin_op.right->constant.value))
		return error_at(p, e->bin_op.right->at,
				"imaginary number required in complex literal");
	return e;
}

static struct pattern *value_pattern(struct parser *p, struct expr *value,
				     const struct token *first)
{
	struct pattern *m = value ? new_pattern(p, PATTERN_VALUE, first) : NULL;

	if (m)
		m->value = value;
	return m;
}

static struct pattern *parse_singleton(struct parser *p, const struct token *first)
{
	struct pattern *m;

	p->pos++;
	m = new_pattern(p, PATTERN_SINGLETON, first);
	if (m)
		m->singleton = first->kind == TOK_KW_NONE   ? Py_None
			       : first->kind == TOK_KW_TRUE ? Py_True
							    : Py_False;
	return m;
}

/* -- Sequences, mappings, classes
 * -------------------------------------------------------------------- */

static struct pattern *parse_star_pattern(struct parser *p)
{
	struct token *first = take(p, TOK_STAR), *name;
	struct pattern *m;

	if (!first)
		return parse_as_pattern(p);
	name = take(p, TOK_NAME);
	m = name ? new_pattern(p, PATTERN_STAR, first) : NULL;
	if (!m)
		return NULL;
	if (!token_is(name, "_")) {
		m->star = identifier_new(p->arena, name->start, name->end);
		if (!m->star)
			return NULL;
	}
	return m;
}

/* Items up to `end` (not taken), pushed behind those that are there. */
static bool parse_pattern_items(struct parser *p, struct seq *items, enum token_kind end)
{
	while (peek_kind(p) != end) {
		struct pattern *item = parse_star_pattern(p);

		if (!item || !seq_push(p->arena, items, item))
			return false;
		if (!take(p, TOK_COMMA))
			break;
	}
	return true;
}

static struct pattern *parse_sequence(struct parser *p, struct token *first)
{
	enum token_kind end = first->kind == TOK_LPAR ? TOK_RPAR : TOK_RSQB;
	struct pattern *m = new_pattern(p, PATTERN_SEQUENCE, first), *item;

	p->pos++;
	if (!m)
		return NULL;
	if (end == TOK_RPAR && peek_kind(p) != TOK_RPAR) {
		item = parse_star_pattern(p);
		if (!item)
			return NULL;
		if (item->kind != PATTERN_STAR && take(p, TOK_RPAR))
			return item; /* a group */
		if (!seq_push(p->arena, &m->patterns, item) || !take(p, TOK_COMMA))
			return NULL;
	}
	if (!parse_pattern_items(p, &m->patterns, end) || !take(p, end))
		return NULL;
	m->at = location_from(p, first);
	return m;
}

static struct expr *parse_dotted_value(struct parser *p, const struct token *first)
{
	struct expr *e = make_name(p, first);

	p->pos++;
	while (e && take(p, TOK_DOT)) {
		PyObject *name = take_name(p);
		struct expr *outer =
			name ? new_expr(p, EXPR_ATTRIBUTE, location_from(p, first)) : NULL;

		if (!outer)
			return NULL;
		outer->attribute.value = e;
		outer->attribute.name = name;
		e = outer;
	}
	return e;
}

static struct expr *parse_mapping_key(struct parser *p)
{
	struct token *t = peek(p);
	struct expr *e;

	switch (peek_kind(p)) {
	case TOK_NUMBER:
	case TOK_MINUS: return parse_number_value(p);
	case TOK_STRING: return parse_strings(p);
	case TOK_KW_NONE:
	case TOK_KW_TRUE:
	case TOK_KW_FALSE:
		p->pos++;
		e = new_expr(p, EXPR_CONSTANT, location_from(p, t));
		if (e)
			e->constant.value = t->kind == TOK_KW_NONE   ? Py_None
					    : t->kind == TOK_KW_TRUE ? Py_True
								     : Py_False;
		return e;
	case TOK_NAME: return t[1].kind == TOK_DOT ? parse_dotted_value(p, t) : NULL;
	default: return NULL;
	}
}

static struct pattern *parse_mapping(struct parser *p, struct token *first)
{
	struct pattern *m = new_pattern(p, PATTERN_MAPPING, first);

	p->pos++;
	while (m && peek_kind(p) != TOK_RBRACE) {
		struct expr *key;
		struct pattern *value;

		if (take(p, TOK_POW)) {
			if (token_is(&p->tokens[p->pos], "_") || !(m->mapping.rest = take_name(p)))
				return NULL;
			take(p, TOK_COMMA);
			break;
		}
		key = parse_mapping_key(p);
		if (!key || !take(p, TOK_COLON) || !(value = parse_as_pattern(p)) ||
		    !seq_push(p->arena, &m->mapping.keys, key) ||
		    !seq_push(p->arena, &m->mapping.patterns, value))
			return NULL;
		if (!take(p, TOK_COMMA))
			break;
	}
	if (!m || !take(p, TOK_RBRACE))
		return NULL;
	m->at = location_from(p, first);
	return m;
}

static struct pattern *explain_positional(struct parser *p)
{
	struct pattern *m = parse_as_pattern(p), *last = m;

	while (last && take(p, TOK_COMMA) && peek_kind(p) != TOK_RPAR &&
	       peek_second(p) != TOK_ASSIGN) {
		struct pattern *next = parse_as_pattern(p);

		last = next ? next : last;
	}
	return m && looking_for_errors(p) ? error_at(p, location_between(m->at, last->at),
						     "positional patterns follow keyword patterns")
					  : NULL;
}

static struct pattern *parse_class_pattern(struct parser *p, struct expr *cls,
					   const struct token *first)
{
	struct pattern *m = new_pattern(p, PATTERN_CLASS, first), *value;

	if (!m)
		return NULL;
	m->cls.cls = cls;
	while (peek_kind(p) != TOK_RPAR) {
		if (peek_kind(p) == TOK_NAME && peek_second(p) == TOK_ASSIGN) {
			PyObject *name = take_name(p);

			take(p, TOK_ASSIGN);
			value = parse_as_pattern(p);
			if (!name || !value || !seq_push(p->arena, &m->cls.names, name) ||
			    !seq_push(p->arena, &m->cls.kwd_patterns, value))
				return NULL;
		} else if (m->cls.names.n) {
			return explain_positional(p);
		} else {
			value = parse_as_pattern(p);
			if (!value || !seq_push(p->arena, &m->cls.patterns, value))
				return NULL;
		}
		if (!take(p, TOK_COMMA))
			break;
	}
	if (!take(p, TOK_RPAR))
		return NULL;
	m->at = location_from(p, first);
	return m;
}

static struct pattern *parse_name_pattern(struct parser *p, const struct token *first)
{
	struct pattern *m;
	struct expr *value;

	if (first[1].kind == TOK_DOT || first[1].kind == TOK_LPAR) {
		value = parse_dotted_value(p, first);
		if (value && take(p, TOK_LPAR))
			return parse_class_pattern(p, value, first);
		return value_pattern(p, value, first);
	}
	p->pos++;
	m = new_pattern(p, PATTERN_AS, first);
	if (m && !token_is(first, "_")) {
		m->as.name = identifier_new(p->arena, first->start, first->end);
		if (!m->as.name)
			return NULL;
	}
	return m;
}

/* -- Alternatives
 * -------------------------------------------------------------------------------------- */

static struct pattern *parse_closed_pattern(struct parser *p)
{
	struct token *first = peek(p);

	switch (peek_kind(p)) {
	case TOK_NUMBER:
	case TOK_MINUS: return value_pattern(p, parse_number_value(p), first);
	case TOK_STRING: {
		struct expr *e = parse_strings(p);

		if (e && e->kind == EXPR_JOINED)
			return error_at(p, e->at,
					"patterns may only match literals and attribute lookups");
		return value_pattern(p, e, first);
	}
	case TOK_KW_NONE:
	case TOK_KW_TRUE:
	case TOK_KW_FALSE: return parse_singleton(p, first);
	case TOK_NAME: return parse_name_pattern(p, first);
	case TOK_LPAR:
	case TOK_LSQB: return parse_sequence(p, first);
	case TOK_LBRACE: return parse_mapping(p, first);
	default: return NULL;
	}
}

static struct pattern *parse_or_pattern(struct parser *p)
{
	struct token *first = peek(p);
	struct pattern *item, *m = NULL;

	if (!parser_enter(p))
		return NULL;
	item = parse_closed_pattern(p);
	if (item && peek_kind(p) == TOK_VBAR) {
		m = new_pattern(p, PATTERN_OR, first);
		if (m && !seq_push(p->arena, &m->patterns, item))
			m = NULL;
		while (m && take(p, TOK_VBAR)) {
			item = parse_closed_pattern(p);
			if (!item || !seq_push(p->arena, &m->patterns, item))
				m = NULL;
		}
		if (m)
			m->at = location_from(p, first);
		item = m;
	}
	parser_leave(p);
	return PyErr_Occurred() ? NULL : item;
}

static struct pattern *parse_as_pattern(struct parser *p)
{
	struct token *first = peek(p), *name;
	struct pattern *inner = parse_or_pattern(p), *m;

	if (!inner || !take(p, TOK_KW_AS))
		return inner;
	name = take(p, TOK_NAME);
	if (!name || token_is(name, "_")) {
		if (!looking_for_errors(p))
			return NULL;
		if (name)
			return error_at_token(p, name, "cannot use '_' as a target");
		return starts_expression(p)
			       ? error_at_token(p, &p->tokens[p->pos], "invalid pattern target")
			       : NULL;
	}
	m = new_pattern(p, PATTERN_AS, first);
	if (!m)
		return NULL;
	m->as.pattern = inner;
	m->as.name = identifier_new(p->arena, name->start, name->end);
	return m->as.name ? m : NULL;
}

/* -- match and case
 * ------------------------------------------------------------------------------------- */

/* The patterns of a case: several, or one with a star, are a sequence without parentheses. */
static struct pattern *parse_patterns(struct parser *p)
{
	struct token *first = peek(p);
	struct pattern *item = parse_star_pattern(p), *m;

	if (!item || (item->kind != PATTERN_STAR && peek_kind(p) != TOK_COMMA))
		return item;
	m = new_pattern(p, PATTERN_SEQUENCE, first);
	if (!m || !seq_push(p->arena, &m->patterns, item) || !take(p, TOK_COMMA))
		return NULL;
	while (peek_kind(p) != TOK_COLON && peek_kind(p) != TOK_KW_IF) {
		item = parse_star_pattern(p);
		if (!item || !seq_push(p->arena, &m->patterns, item))
			return NULL;
		if (!take(p, TOK_COMMA))
			break;
	}
	m->at = location_from(p, first);
	return m;
}

static bool parse_case(struct parser *p, struct seq *cases)
{
	struct token *first = peek(p);
	struct match_case *c = arena_alloc(p->arena, sizeof(*c));

	if (!c || !take_word(p, "case") || !(c->pattern = parse_patterns(p)))
		return false;
	if (take(p, TOK_KW_IF) && !(c->guard = parse_named_expression(p)))
		return false;
	return parse_colon(p, false) && parse_block(p, &c->body, "'case' statement", first) &&
	       seq_push(p->arena, cases, c);
}

static struct expr *parse_subject(struct parser *p)
{
	struct token *first = peek(p);
	struct expr *item = parse_star_named_expression(p), *e;

	if (!item || (peek_kind(p) != TOK_COMMA && item->kind != EXPR_STARRED))
		return item;
	e = new_expr(p, EXPR_TUPLE, item->at);
	if (!e || !seq_push(p->arena, &e->list.items, item))
		return NULL;
	while (take(p, TOK_COMMA) && peek_kind(p) != TOK_COLON) {
		item = parse_star_named_expression(p);
		if (!item || !seq_push(p->arena, &e->list.items, item))
			return NULL;
	}
	e->at = location_from(p, first);
	return e;
}

/* "match" subject ":" NEWLINE: what tells the statement from an expression that begins so. */
static struct expr *parse_header(struct parser *p, struct token *first)
{
	struct expr *subject;
	int fill = p->fill, pos = p->pos;

	p->pos++;
	if (!starts_expression(p) && peek_kind(p) != TOK_STAR)
		goto no_match;
	p->quiet++;
	subject = parse_subject(p);
	p->quiet--;
	if (subject && take(p, TOK_COLON) && take(p, TOK_NEWLINE)) {
		if (peek_kind(p) == TOK_INDENT)
			return subject;
		return error_at_last(
			p, PyExc_IndentationError,
			"expected an indented block after 'match' statement on line %d",
			first->line);
	}
	if (subject && looking_for_errors(p) && peek_kind(p) == TOK_NEWLINE &&
	    p->tokens[pos + 1].kind != TOK_LPAR && p->tokens[pos + 1].kind != TOK_LSQB &&
	    p->tokens[pos + 1].kind != TOK_MINUS && p->tokens[pos + 1].kind != TOK_PLUS &&
	    p->tokens[pos + 1].kind != TOK_STAR)
		return error_at_last(p, PyExc_SyntaxError, "expected ':'");
no_match:
	p->pos = pos;
	p->fill = fill > p->fill ? fill : p->fill;
	return NULL;
}

static struct stmt *parse_cases(struct parser *p, struct expr *subject, const struct token *first)
{
	struct stmt *s = new_stmt(p, STMT_MATCH, (struct location){0});
	bool ok = s && parser_enter(p);
	int last;

	if (!ok)
		return NULL;
	s->match.subject = subject;
	while (ok && peek_kind(p) != TOK_DEDENT && peek_kind(p) != TOK_END)
		ok = parse_case(p, &s->match.cases);
	parser_leave(p);
	if (!ok)
		return NULL;
	take(p, TOK_DEDENT);
	for (last = p->pos - 1;
	     p->tokens[last].kind == TOK_DEDENT || p->tokens[last].kind == TOK_NEWLINE;)
		last--;
	s->at = (struct location){first->line, p->tokens[last].end_line, first->col,
				  p->tokens[last].end_col};
	return s;
}

bool parse_match(struct parser *p, struct stmt **ret)
{
	struct token *first = peek(p);
	int pos = p->pos;
	struct expr *subject = parse_header(p, first);

	*ret = NULL;
	if (!subject)
		return PyErr_Occurred() != NULL;
	take(p, TOK_INDENT);
	if (!token_is(&p->tokens[p->pos], "case")) {
		p->pos = pos;
		return false;
	}
	*ret = parse_cases(p, subject, first);
	return true;
}
