/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parser's files share. Recursive descent over the token array; a function returns NULL
 * when the text does not fit: with an exception when it knows better than "invalid syntax".
 *
 * Two passes, as in CPython: the first only accepts or rejects; after a rejection the second, with
 * `diagnose` set, looks for the known mistakes. `quiet` turns that off while something is tried.
 */
#ifndef MINIPY_COMPILER_PARSE_H
#define MINIPY_COMPILER_PARSE_H

#include "compiler/ast.h"
#include "compiler/lexer.h"
#include "compiler/object_api.h"

#define PARSER_MAX_DEPTH         3000 /* nested expressions */
#define PARSER_MAX_BLOCKS        20   /* nested loops, try and with: the compiler's limit */
#define PARSER_MAX_FSTRING_DEPTH 2    /* replacement fields in format specs */

struct parser {
	struct arena *arena;
	struct source *source;
	struct lexer lexer;
	struct token *tokens;
	int pos, fill; /* next token; farthest one looked at */
	int depth;
	int quiet;
	bool diagnose;
	int fstring_depth;         /* of replacement fields around the text */
	const char *fstring_start; /* in an f-string's expression: its text, else NULL */
	const char *fstring_stop;
};

/* -- Tokens (parse.c) */
struct token *peek(struct parser *p);          /* NULL: the end inside parentheses, exception set */
enum token_kind peek_kind(struct parser *p);   /* TOK_END there */
enum token_kind peek_second(struct parser *p); /* the one after, not counted as looked at */
struct token *take(struct parser *p, enum token_kind kind); /* or NULL, nothing taken */
bool take_word(struct parser *p, const char *word);         /* soft keyword */
struct location location_from(struct parser *p, const struct token *first); /* to the last taken */
struct location location_between(struct location first, struct location last);
PyObject *take_name(struct parser *p);
bool starts_expression(struct parser *p);
bool parser_enter(struct parser *p); /* false with MemoryError: too deep */
#define parser_leave(p) ((void)(p)->depth--)
struct expr *new_expr(struct parser *p, enum expr_kind kind, struct location at);
struct stmt *new_stmt(struct parser *p, enum stmt_kind kind, struct location at);

/* -- Errors (parse.c); all return NULL */
void *error_at_token(struct parser *p, const struct token *t, const char *format, ...);
void *error_at(struct parser *p, struct location at, const char *format, ...);
void *error_at_last(struct parser *p, PyObject *type, const char *format, ...);
#define looking_for_errors(p) ((p)->diagnose && !(p)->quiet)

/* The expression [start, stop) of an f-string's replacement field (parse.c). */
struct expr *parser_run_fstring(struct parser *outer, const char *start, const char *stop,
				int line);

/* -- Expressions (parse_expr.c) */
struct expr *parse_expression(struct parser *p);
struct expr *parse_named_expression(struct parser *p);
struct expr *parse_star_named_expression(struct parser *p);
struct expr *parse_star_expressions(struct parser *p); /* a, *b */
struct expr *parse_yield_or_star_expressions(struct parser *p);
struct expr *parse_disjunction(struct parser *p);
struct expr *parse_bitwise_or(struct parser *p);
/* The targets between `for` and `in`; context set. */
struct expr *parse_for_targets(struct parser *p);
/* One target of `with ... as`, or a name; context set. */
struct expr *parse_target(struct parser *p);
enum target_use { TARGET_STAR, TARGET_DEL, TARGET_FOR };
/* What of e cannot be a target, or NULL. */
struct expr *invalid_target(struct expr *e, enum target_use use);
/* Sets the context in all of e; false (with an exception where it is known) when it cannot be. */
bool make_target(struct parser *p, struct expr *e, enum target_use use);

/* Explains `a = b` where an expression is meant, when that is what stands here. */
void find_assignment(struct parser *p, struct expr *a);

/* -- Atoms and what follows them (parse_atom.c) */
struct expr *parse_primary(struct parser *p);
struct expr *make_name(struct parser *p, const struct token *t);
bool parse_generators(struct parser *p, struct seq *generators);

/* -- Arguments (parse_args.c) */
bool parse_call_arguments(struct parser *p, struct seq *args, struct seq *keywords,
			  bool allow_generator);
struct arguments *parse_parameters(struct parser *p, enum token_kind end);

/* -- Strings (parse_string.c) */
struct expr *parse_strings(struct parser *p);
PyObject *parse_number(struct parser *p, const struct token *t);

/* -- Statements (parse_stmt.c, parse_block.c, parse_pattern.c) */
bool parse_simple_statements(struct parser *p, struct seq *out);
bool parse_statement(struct parser *p, struct seq *out);
bool parse_block(struct parser *p, struct seq *out, const char *what, const struct token *owner);
bool parse_colon(struct parser *p, bool forced);
/* false: this is no match statement, nothing was taken; else *ret is it, or NULL. */
bool parse_match(struct parser *p, struct stmt **ret);

#endif
