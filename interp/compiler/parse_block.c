/* SPDX-License-Identifier: BSD-2-Clause */
/* Compound statements. */
#include "compiler/parse.h"

/* forced: a colon is the only thing that can follow, so say so whatever stands there. */
bool parse_colon(struct parser *p, bool forced)
{
	struct token *t;

	if (take(p, TOK_COLON))
		return true;
	t = peek(p);
	if (t && forced)
		error_at_token(p, t, "expected ':'");
	else if (t && t->kind == TOK_NEWLINE)
		error_at_last(p, PyExc_SyntaxError, "expected ':'");
	return false;
}

bool parse_block(struct parser *p, struct seq *out, const char *what, const struct token *owner)
{
	bool ok = true;

	if (!take(p, TOK_NEWLINE))
		return parse_simple_statements(p, out);
	if (!take(p, TOK_INDENT)) {
		if (peek(p))
			error_at_last(p, PyExc_IndentationError,
				      "expected an indented block after %s on line %d", what,
				      owner->line);
		return false;
	}
	if (!parser_enter(p))
		return false;
	while (ok && peek_kind(p) != TOK_DEDENT && peek_kind(p) != TOK_END)
		ok = parse_statement(p, out);
	parser_leave(p);
	return ok && (take(p, TOK_DEDENT) || peek_kind(p) == TOK_END) && !PyErr_Occurred();
}

/* Compound statements end where their last block does, not at its DEDENT. */
static struct stmt *finish(struct parser *p, struct stmt *s, const struct token *first)
{
	int last = p->pos - 1;

	while (last > 0 &&
	       (p->tokens[last].kind == TOK_DEDENT || p->tokens[last].kind == TOK_NEWLINE))
		last--;
	s->at = (struct location){first->line, p->tokens[last].end_line, first->col,
				  p->tokens[last].end_col};
	return s;
}

/* -- if, while, for -------------------------------------------------------------------------------
 */

static bool parse_else(struct parser *p, struct seq *out)
{
	struct token *first = take(p, TOK_KW_ELSE);

	if (!first)
		return !PyErr_Occurred();
	return parse_colon(p, true) && parse_block(p, out, "'else' statement", first);
}

static struct stmt *parse_if(struct parser *p, const struct token *first)
{
	struct stmt *s = new_stmt(p, STMT_IF, (struct location){0});
	bool is_elif = first->kind == TOK_KW_ELIF;
	struct token *next;

	if (!s || !(s->test.test = parse_named_expression(p)) || !parse_colon(p, false) ||
	    !parse_block(p, &s->test.body, is_elif ? "'elif' statement" : "'if' statement", first))
		return NULL;
	next = take(p, TOK_KW_ELIF);
	if (next) {
		struct stmt *inner;

		if (!parser_enter(p))
			return NULL;
		inner = parse_if(p, next);
		parser_leave(p);
		if (!inner || !seq_push(p->arena, &s->test.orelse, inner))
			return NULL;
	} else if (!parse_else(p, &s->test.orelse)) {
		return NULL;
	}
	return finish(p, s, first);
}

static struct stmt *parse_while(struct parser *p, const struct token *first)
{
	struct stmt *s = new_stmt(p, STMT_WHILE, (struct location){0});

	if (!s || !(s->test.test = parse_named_expression(p)) || !parse_colon(p, false) ||
	    !parse_block(p, &s->test.body, "'while' statement", first) ||
	    !parse_else(p, &s->test.orelse))
		return NULL;
	return finish(p, s, first);
}

static struct stmt *parse_for(struct parser *p, const struct token *first)
{
	struct stmt *s = new_stmt(p, STMT_FOR, (struct location){0});

	if (!s || !(s->loop.target = parse_for_targets(p)) || !take(p, TOK_KW_IN) ||
	    !(s->loop.iter = parse_star_expressions(p)) || !parse_colon(p, false) ||
	    !parse_block(p, &s->loop.body, "'for' statement", first) ||
	    !parse_else(p, &s->loop.orelse))
		return NULL;
	return finish(p, s, first);
}

/* -- with
 * --------------------------------------------------------------------------------------------- */

static bool parse_with_item(struct parser *p, struct seq *items)
{
	struct with_item *item = arena_alloc(p->arena, sizeof(*item));

	if (!item || !(item->context = parse_expression(p)))
		return false;
	if (take(p, TOK_KW_AS) && !(item->vars = parse_target(p)))
		return false;
	return seq_push(p->arena, items, item);
}

/* ( item, item ... ) : in whole, or nothing is taken. */
static bool parse_paren_items(struct parser *p, struct seq *items)
{
	int pos = p->pos;

	p->quiet++;
	if (take(p, TOK_LPAR)) {
		do {
			if (items->n && peek_kind(p) == TOK_RPAR)
				break;
			if (!parse_with_item(p, items))
				break;
		} while (take(p, TOK_COMMA));
		if (take(p, TOK_RPAR) && peek_kind(p) == TOK_COLON && items->n) {
			p->quiet--;
			return true;
		}
	}
	p->quiet--;
	p->pos = pos;
	*items = (struct seq){0};
	return false;
}

static struct stmt *parse_with(struct parser *p, const struct token *first)
{
	struct stmt *s = new_stmt(p, STMT_WITH, (struct location){0});

	if (!s)
		return NULL;
	if (!parse_paren_items(p, &s->with.items)) {
		if (PyErr_Occurred())
			return NULL;
		do {
			if (!parse_with_item(p, &s->with.items))
				return NULL;
		} while (take(p, TOK_COMMA));
	}
	if (!parse_colon(p, false) || !parse_block(p, &s->with.body, "'with' statement", first))
		return NULL;
	return finish(p, s, first);
}

/* -- try
 * ------------------------------------------------------------------------------------------------
 */

static bool explain_exception_list(struct parser *p, const struct expr *type)
{
	struct location at = type->at;

	if (!looking_for_errors(p))
		return false;
	while (take(p, TOK_COMMA) && parse_expression(p))
		;
	if (take(p, TOK_KW_AS))
		take(p, TOK_NAME);
	if (peek_kind(p) == TOK_COLON) {
		at.end_line = p->tokens[p->fill].end_line;
		at.end_col = p->tokens[p->fill].end_col - 1;
		error_at(p, at, "multiple exception types must be parenthesized");
	}
	return false;
}

static bool parse_handler(struct parser *p, struct stmt *try, const struct token *first)
{
	struct except_handler *h = arena_alloc(p->arena, sizeof(*h));
	bool star =
		p->tokens[p->pos].kind == TOK_STAR; /* not yet looked at, for the error's place */

	if (!h)
		return false;
	if (try->try.handlers.n && star != try->try.star) {
		error_at_last(p, PyExc_SyntaxError,
			      "cannot have both 'except' and 'except*' on the same 'try'");
		return false;
	}
	take(p, TOK_STAR);
	try->try.star = star;
	if (starts_expression(p)) {
		h->type = parse_expression(p);
		if (!h->type)
			return false;
		if (peek_kind(p) == TOK_COMMA)
			return explain_exception_list(p, h->type);
		if (take(p, TOK_KW_AS) && !(h->name = take_name(p)))
			return false;
	} else if (star) {
		error_at_last(p, PyExc_SyntaxError, "expected one or more exception types");
		return false;
	}
	if (!parse_colon(p, false) ||
	    !parse_block(p, &h->body, star ? "'except*' statement" : "'except' statement", first))
		return false;
	h->at = finish(p, try, first)->at;
	return seq_push(p->arena, &try->try.handlers, h);
}

static struct stmt *parse_try(struct parser *p, const struct token *first)
{
	struct stmt *s = new_stmt(p, STMT_TRY, (struct location){0});
	struct token *t;

	if (!s || !parse_colon(p, true) || !parse_block(p, &s->try.body, "'try' statement", first))
		return NULL;
	while ((t = take(p, TOK_KW_EXCEPT)) != NULL) {
		if (!parse_handler(p, s, t))
			return NULL;
	}
	if (s->try.handlers.n && !parse_else(p, &s->try.orelse))
		return NULL;
	t = take(p, TOK_KW_FINALLY);
	if (t &&
	    (!parse_colon(p, true) || !parse_block(p, &s->try.finalbody, "'finally' statement", t)))
		return NULL;
	if (!s->try.handlers.n && !s->try.finalbody.n)
		return peek(p) ? error_at_last(p, PyExc_SyntaxError,
					       "expected 'except' or 'finally' block")
			       : NULL;
	return finish(p, s, first);
}

/* -- Definitions
 * ------------------------------------------------------------------------------------- */

static struct stmt *parse_function(struct parser *p, const struct token *first,
				   struct seq decorators)
{
	struct token *def = &p->tokens[p->pos - 1];
	struct stmt *s = new_stmt(p, STMT_FUNCTION, (struct location){0});

	if (!s)
		return NULL;
	s->function.decorators = decorators;
	s->function.name = take_name(p);
	if (!s->function.name)
		return NULL;
	if (!take(p, TOK_LPAR))
		return peek(p) ? error_at_token(p, &p->tokens[p->pos], "expected '('") : NULL;
	s->function.args = parse_parameters(p, TOK_RPAR);
	if (!s->function.args || !take(p, TOK_RPAR))
		return NULL;
	if (take(p, TOK_ARROW) && !(s->function.returns = parse_expression(p)))
		return NULL;
	if (!parse_colon(p, true) || !parse_block(p, &s->function.body, "function definition", def))
		return NULL;
	return finish(p, s, first);
}

static struct stmt *parse_class(struct parser *p, const struct token *first, struct seq decorators)
{
	struct stmt *s = new_stmt(p, STMT_CLASS, (struct location){0});

	if (!s)
		return NULL;
	s->cls.decorators = decorators;
	s->cls.name = take_name(p);
	if (!s->cls.name)
		return NULL;
	if (take(p, TOK_LPAR) &&
	    (!parse_call_arguments(p, &s->cls.bases, &s->cls.keywords, false) ||
	     !take(p, TOK_RPAR)))
		return NULL;
	if (!parse_colon(p, false) || !parse_block(p, &s->cls.body, "class definition", first))
		return NULL;
	return finish(p, s, first);
}

static struct stmt *parse_async(struct parser *p, const struct token *first, struct seq decorators)
{
	struct stmt *s = NULL;
	struct token *t = peek(p);

	if (take(p, TOK_KW_DEF))
		s = parse_function(p, first, decorators);
	else if (decorators.n == 0 && take(p, TOK_KW_FOR))
		s = parse_for(p, t);
	else if (decorators.n == 0 && take(p, TOK_KW_WITH))
		s = parse_with(p, t);
	if (s) {
		s->is_async = true;
		s->at.line = first->line;
		s->at.col = first->col;
	}
	return s;
}

static struct stmt *parse_decorated(struct parser *p)
{
	struct seq decorators = {0};
	struct token *first;

	do {
		struct expr *e = parse_named_expression(p);

		if (!e || !take(p, TOK_NEWLINE) || !seq_push(p->arena, &decorators, e))
			return NULL;
	} while (take(p, TOK_AT));
	first = peek(p);
	if (take(p, TOK_KW_DEF))
		return parse_function(p, first, decorators);
	if (take(p, TOK_KW_CLASS))
		return parse_class(p, first, decorators);
	return take(p, TOK_KW_ASYNC) ? parse_async(p, first, decorators) : NULL;
}

static struct stmt *parse_compound(struct parser *p, const struct token *first)
{
	struct seq none = {0};

	switch (first->kind) {
	case TOK_KW_IF: return parse_if(p, first);
	case TOK_KW_WHILE: return parse_while(p, first);
	case TOK_KW_FOR: return parse_for(p, first);
	case TOK_KW_WITH: return parse_with(p, first);
	case TOK_KW_TRY: return parse_try(p, first);
	case TOK_KW_DEF: return parse_function(p, first, none);
	case TOK_KW_CLASS: return parse_class(p, first, none);
	case TOK_KW_ASYNC: return parse_async(p, first, none);
	default: return parse_decorated(p); /* TOK_AT */
	}
}

bool parse_statement(struct parser *p, struct seq *out)
{
	struct token *first = peek(p);
	struct stmt *s;

	if (!first)
		return false;
	switch (first->kind) {
	case TOK_KW_IF:
	case TOK_KW_WHILE:
	case TOK_KW_FOR:
	case TOK_KW_WITH:
	case TOK_KW_TRY:
	case TOK_KW_DEF:
	case TOK_KW_CLASS:
	case TOK_KW_ASYNC:
	case TOK_AT:
		p->pos++;
		s = parse_compound(p, first);
		return s && seq_push(p->arena, out, s);
	case TOK_NAME:
		if (token_is(first, "match") && parse_match(p, &s))
			return s && seq_push(p->arena, out, s);
		break;
	default: break;
	}
	return parse_simple_statements(p, out);
}
