/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lexer turns a whole source text into an array of tokens, with INDENT, DEDENT and NEWLINE as
 * the grammar wants them. A lexical error goes before every error of the grammar, as in CPython.
 */
#ifndef MINIPY_COMPILER_LEXER_H
#define MINIPY_COMPILER_LEXER_H

#include "compiler/source.h"

enum token_kind {
	TOK_END,
	TOK_NAME,
	TOK_NUMBER,
	TOK_STRING,
	TOK_NEWLINE,
	TOK_INDENT,
	TOK_DEDENT,
	TOK_BAD, /* a character that is no token: "invalid syntax" where the parser meets it */
#define OP(name, text)      TOK_##name,
#define KEYWORD(name, text) TOK_KW_##name,
#include "compiler/tokens.def"
#undef OP
#undef KEYWORD
	TOK_COUNT
};

struct token {
	uint8_t kind;
	uint8_t level;                        /* parentheses open at it */
	int32_t line, end_line, col, end_col; /* end_col -1: INDENT, DEDENT, END have no width */
	const char *start, *end;              /* in source.text */
};

#define LEXER_MAX_INDENT 100
#define LEXER_MAX_PARENS 200

/* Why a text that ended too early did: more lines could complete it. */
enum lexer_open { LEXER_CLOSED, LEXER_OPEN_PAREN, LEXER_OPEN_STRING, LEXER_OPEN_BACKSLASH };

struct lexer {
	struct source *source;
	struct token *tokens; /* in the arena; the last one is TOK_END */
	int ntokens, capacity;
	const char *cur, *line_start, *stop;
	int line;
	int indents[LEXER_MAX_INDENT], alt_indents[LEXER_MAX_INDENT], indent;
	struct {
		char c;
		int line, col;
	} parens[LEXER_MAX_PARENS];
	int level;
	int base_level; /* 1 inside an f-string's braces: lines do not end there */
	enum lexer_open open;
};

/* All of source: 0, or -1 with SyntaxError. */
int lexer_run(struct lexer *lx, struct source *source);
/* The expression [start, stop) of an f-string, whose first character stands at line, col. */
int lexer_run_range(struct lexer *lx, struct source *source, const char *start, const char *stop,
		    int line, const char *line_start);

const char *token_text(enum token_kind kind);           /* of operators and keywords, else "" */
bool token_is(const struct token *t, const char *word); /* a NAME of this text */

#endif
