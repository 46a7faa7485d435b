/* SPDX-License-Identifier: BSD-2-Clause */
#include "compiler/parse.h"

#include "compiler/depth.h"
#include "compiler/identifier.h"
#include "compiler/parser.h"

static void *unclosed(struct parser *p)
{
	struct lexer *lx = &p->lexer;
	int line = lx->parens[lx->level - 1].line, col = lx->parens[lx->level - 1].col;

	source_error(p->source, PyExc_SyntaxError, line, col, line, -2, "'%c' was never closed",
		     lx->parens[lx->level - 1].c);
	return NULL;
}

struct token *peek(struct parser *p)
{
	struct token *t = &p->tokens[p->pos];

	if (p->pos > p->fill)
		p->fill = p->pos;
	if (t->kind == TOK_END && p->lexer.level > p->lexer.base_level) {
		if (!PyErr_Occurred())
			unclosed(p);
		return NULL;
	}
	return t;
}

enum token_kind peek_kind(struct parser *p)
{
	struct token *t = peek(p);

	return t ? (enum token_kind)t->kind : TOK_END;
}

enum token_kind peek_second(struct parser *p)
{
	return p->tokens[p->pos].kind == TOK_END ? TOK_END
						 : (enum token_kind)p->tokens[p->pos + 1].kind;
}

struct token *take(struct parser *p, enum token_kind kind)
{
	struct token *t = peek(p);

	if (!t || t->kind != kind)
		return NULL;
	if (kind != TOK_END)
		p->pos++;
	return t;
}

bool take_word(struct parser *p, const char *word)
{
	struct token *t = peek(p);

	if (!t || !token_is(t, word))
		return false;
	p->pos++;
	return true;
}

struct location location_from(struct parser *p, const struct token *first)
{
	const struct token *last = &p->tokens[p->pos > 0 ? p->pos - 1 : 0];

	return (struct location){first->line, last->end_line, first->col, last->end_col};
}

struct location location_between(struct location first, struct location last)
{
	return (struct location){first.line, last.end_line, first.col, last.end_col};
}

PyObject *take_name(struct parser *p)
{
	struct token *t = take(p, TOK_NAME);

	return t ? identifier_new(p->arena, t->start, t->end) : NULL;
}

bool starts_expression(struct parser *p)
{
	switch (peek_kind(p)) {
	case TOK_NAME:
	case TOK_NUMBER:
	case TOK_STRING:
	case TOK_LPAR:
	case TOK_LSQB:
	case TOK_LBRACE:
	case TOK_MINUS:
	case TOK_PLUS:
	case TOK_TILDE:
	case TOK_ELLIPSIS:
	case TOK_KW_NOT:
	case TOK_KW_LAMBDA:
	case TOK_KW_AWAIT:
	case TOK_KW_NONE:
	case TOK_KW_TRUE:
	case TOK_KW_FALSE: return true;
	default: return false;
	}
}

bool parser_enter(struct parser *p)
{
	if (++p->depth <= PARSER_MAX_DEPTH && !depth_stack_is_low())
		return true;
	p->depth--;
	if (!PyErr_Occurred())
		PyErr_SetString(PyExc_MemoryError,
				"Parser stack overflowed - Python source too complex to parse");
	return false;
}

struct expr *new_expr(struct parser *p, enum expr_kind kind, struct location at)
{
	struct expr *e = arena_alloc(p->arena, sizeof(*e));

	if (e) {
		e->kind = kind;
		e->at = at;
	}
	return e;
}

struct stmt *new_stmt(struct parser *p, enum stmt_kind kind, struct location at)
{
	struct stmt *s = arena_alloc(p->arena, sizeof(*s));

	if (s) {
		s->kind = kind;
		s->at = at;
	}
	return s;
}

/* -- Errors ------------------------------------------------------------------------------------ */

/* Inside an f-string CPython parses "(" + expression + ")" on its own and shows that text. */
static void raise_in_fstring(struct parser *p, PyObject *type, struct location at, PyObject *msg)
{
	const char *start = p->fstring_start;
	PyObject *inner = PyUnicode_FromStringAndSize(start, p->fstring_stop - start);
	PyObject *text = inner ? PyUnicode_FromFormat("(%U)\n", inner) : NULL;
	const char *first = p->source->lines[at.line - 1] + (at.col < 0 ? 0 : at.col);
	int offset = first >= start ? utf8_count(start, (size_t)(first - start)) + 2 : 1;
	int end_offset = at.end_col >= 0 && at.line == at.end_line
				 ? offset + utf8_count(first, (size_t)(at.end_col - at.col))
				 : 0;

	if (text)
		syntax_error_form(type, p->source->filename, at.line, offset, text, at.end_line,
				  end_offset, "f-string: %U", msg);
	Py_XDECREF(inner);
	Py_XDECREF(text);
}

static void *raise_at(struct parser *p, PyObject *type, struct location at, const char *format,
		      va_list va)
{
	PyObject *msg;

	if (PyErr_Occurred())
		return NULL;
	msg = PyUnicode_FromFormatV(format, va);
	if (!msg)
		return NULL;
	if (p->fstring_start)
		raise_in_fstring(p, type, at, msg);
	else
		source_error(p->source, type, at.line, at.col, at.end_line, at.end_col, "%U", msg);
	Py_DECREF(msg);
	return NULL;
}

void *error_at_token(struct parser *p, const struct token *t, const char *format, ...)
{
	struct location at = {t->line, t->end_line, t->col, t->end_col};
	va_list va;

	if (t->end_col < 0)
		at.col = -1;
	va_start(va, format);
	raise_at(p, PyExc_SyntaxError, at, format, va);
	va_end(va);
	return NULL;
}

void *error_at(struct parser *p, struct location at, const char *format, ...)
{
	va_list va;

	va_start(va, format);
	raise_at(p, PyExc_SyntaxError, at, format, va);
	va_end(va);
	return NULL;
}

/* At the farthest token looked at; one without width stands where the lexer had stopped. */
void *error_at_last(struct parser *p, PyObject *type, const char *format, ...)
{
	const struct token *t = &p->tokens[p->fill];
	struct location at = {t->line, t->end_line, t->col, t->end_col};
	va_list va;

	if (t->end_col < 0)
		at.col--;
	va_start(va, format);
	raise_at(p, type, at, format, va);
	va_end(va);
	return NULL;
}

/* -- The whole text ---------------------------------------------------------------------------- */

static struct module *parse_module(struct parser *p, enum module_kind kind)
{
	struct module *m = arena_alloc(p->arena, sizeof(*m));

	if (!m)
		return NULL;
	m->kind = kind;
	if (kind == MODULE_EVAL) {
		m->expr = parse_star_expressions(p);
		while (m->expr && take(p, TOK_NEWLINE))
			;
		return m->expr && take(p, TOK_END) ? m : NULL;
	}
	while (peek_kind(p) != TOK_END) {
		if (kind == MODULE_SINGLE && take(p, TOK_NEWLINE))
			continue;
		if (kind == MODULE_SINGLE && m->body.n)
			return NULL;
		if (!parse_statement(p, &m->body))
			return NULL;
	}
	return PyErr_Occurred() ? NULL : m;
}

static void restart(struct parser *p)
{
	p->pos = p->fill = p->depth = p->quiet = 0;
}

/* After a rejection without an exception: finds the best message. */
static void explain(struct parser *p, enum module_kind kind)
{
	int last = p->fill, line;
	struct token *t = &p->tokens[last];

	restart(p);
	p->diagnose = true;
	parse_module(p, kind);
	if (PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_SyntaxError))
		return;
	line = p->tokens[p->fill].line;
	if (!PyErr_Occurred()) {
		p->fill = last;
		line = t->line;
		if (t->kind == TOK_INDENT)
			error_at_last(p, PyExc_IndentationError, "unexpected indent");
		else if (t->kind == TOK_DEDENT)
			error_at_last(p, PyExc_IndentationError, "unexpected unindent");
		else
			error_at_token(p, t, "invalid syntax");
		if (t->kind == TOK_INDENT || t->kind == TOK_DEDENT)
			return;
	}
	if (p->lexer.level > p->lexer.base_level &&
	    line > p->lexer.parens[p->lexer.level - 1].line) {
		PyErr_Clear();
		unclosed(p);
	}
}

/* A compound statement at the prompt goes on until a blank line. */
static bool wants_blank_line(const struct source *s, const struct module *m)
{
	const char *p = s->text + s->size;

	if (m->body.n == 0)
		return false;
	switch (stmt_at(&m->body, 0)->kind) {
	case STMT_FUNCTION:
	case STMT_CLASS:
	case STMT_FOR:
	case STMT_WHILE:
	case STMT_IF:
	case STMT_WITH:
	case STMT_MATCH:
	case STMT_TRY: break;
	default: return false;
	}
	p -= p > s->text;
	while (p > s->text && (p[-1] == ' ' || p[-1] == '\t'))
		p--;
	return p > s->text && p[-1] != '\n';
}

struct module *parser_run(struct source *source, enum module_kind kind, bool *incomplete)
{
	struct parser p = {.arena = source->arena, .source = source};
	struct module *m = NULL;
	bool open = false;

	if (lexer_run(&p.lexer, source) < 0) {
		open = p.lexer.open != LEXER_CLOSED;
	} else {
		p.tokens = p.lexer.tokens;
		m = parse_module(&p, kind);
		if (!m) {
			const struct token *t = &p.tokens[p.fill];

			open = t->kind == TOK_END ||
			       (t->kind == TOK_DEDENT && t[0].start == source->text + source->size);
			if (!PyErr_Occurred())
				explain(&p, kind);
		} else if (kind == MODULE_SINGLE && incomplete && wants_blank_line(source, m)) {
			open = true;
			m = NULL;
		}
	}
	if (incomplete)
		*incomplete = open;
	return m;
}

struct expr *parser_run_fstring(struct parser *outer, const char *start, const char *stop, int line)
{
	struct parser p = {.arena = outer->arena,
			   .source = outer->source,
			   .fstring_start = start,
			   .fstring_stop = stop,
			   .depth = outer->depth,
			   .fstring_depth = outer->fstring_depth + 1};
	struct expr *e;

	if (lexer_run_range(&p.lexer, p.source, start, stop, line, p.source->lines[line - 1]) < 0)
		return NULL;
	p.tokens = p.lexer.tokens;
	for (int pass = 0; pass < 2; pass++) {
		int last = p.fill;

		p.pos = p.fill = 0;
		p.diagnose = pass > 0;
		e = parse_yield_or_star_expressions(&p);
		if (e && peek_kind(&p) == TOK_END)
			return e;
		if (PyErr_Occurred())
			return NULL;
		if (pass > 0)
			p.fill = last;
	}
	return error_at_token(&p, &p.tokens[p.fill], "invalid syntax");
}
