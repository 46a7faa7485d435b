/* SPDX-License-Identifier: BSD-2-Clause */
#include "compiler/lexer.h"

#include "compiler/identifier.h"
#include "compiler/object_api.h"

#include <limits.h>

static const char *const texts[TOK_COUNT] = {
#define OP(name, text)      [TOK_##name] = text,
#define KEYWORD(name, text) [TOK_KW_##name] = text,
#include "compiler/tokens.def"
#undef OP
#undef KEYWORD
};

const char *token_text(enum token_kind kind)
{
	return texts[kind] ? texts[kind] : "";
}

bool token_is(const struct token *t, const char *word)
{
	size_t n = strlen(word);

	return t->kind == TOK_NAME && (size_t)(t->end - t->start) == n &&
	       !memcmp(t->start, word, n);
}

/* A lexical error: offsets = characters up to the places, text = the line without its end. */
static void raise_lexical(struct lexer *lx, int line, const char *at, const char *end,
			  const char *format, va_list va)
{
	size_t length;
	const char *start = source_line(lx->source, line, &length);
	PyObject *text = PyUnicode_FromStringAndSize(start, (Py_ssize_t)length);

	if (text)
		syntax_error_raw(PyExc_SyntaxError, lx->source->filename, line,
				 utf8_count(start, (size_t)(at - start)), text, line,
				 utf8_count(start, (size_t)(end - start)), format, va);
	Py_XDECREF(text);
}

static int lex_error(struct lexer *lx, int line, const char *at, const char *format, ...)
{
	va_list va;

	va_start(va, format);
	raise_lexical(lx, line, at, at, format, va);
	va_end(va);
	return -1;
}

static int lex_error_range(struct lexer *lx, const char *at, const char *end, const char *format,
			   ...)
{
	va_list va;

	va_start(va, format);
	raise_lexical(lx, lx->line, at, end, format, va);
	va_end(va);
	return -1;
}

static int add_token(struct lexer *lx, enum token_kind kind, const char *start, const char *end)
{
	struct token *t;

	if (lx->ntokens == lx->capacity) {
		int capacity = lx->capacity ? 2 * lx->capacity : 64;
		struct token *bigger =
			arena_alloc(lx->source->arena, (size_t)capacity * sizeof(*bigger));

		if (!bigger)
			return -1;
		if (lx->ntokens)
			memcpy(bigger, lx->tokens, (size_t)lx->ntokens * sizeof(*bigger));
		lx->tokens = bigger;
		lx->capacity = capacity;
	}
	t = &lx->tokens[lx->ntokens++];
	t->kind = kind;
	t->level = (uint8_t)lx->level;
	t->line = t->end_line = lx->line;
	t->col = (int)(start - lx->line_start);
	t->end_col = kind == TOK_INDENT || kind == TOK_DEDENT || kind == TOK_END
			     ? -1
			     : (int)(end - lx->line_start);
	t->start = start;
	t->end = end;
	return 0;
}

static int indentation_error(struct lexer *lx, PyObject *type, int col, int end_col,
			     const char *msg)
{
	source_error(lx->source, type, lx->line, col, lx->line, end_col, "%s", msg);
	return -1;
}

/* INDENT and DEDENT for a logical line whose first character is lx->cur. col counts tabs to
 * multiples of 8, alt_col as one: both must agree on what is deeper. */
static int change_indent(struct lexer *lx, int col, int alt_col)
{
	static const char *const mixed = "inconsistent use of tabs and spaces in indentation";

	if (col == lx->indents[lx->indent]) {
		if (alt_col != lx->alt_indents[lx->indent])
			return indentation_error(lx, PyExc_TabError, 0, -2, mixed);
		return 0;
	}
	if (col > lx->indents[lx->indent]) {
		if (lx->indent + 1 >= LEXER_MAX_INDENT)
			return indentation_error(lx, PyExc_IndentationError, 0, -2,
						 "too many levels of indentation");
		if (alt_col <= lx->alt_indents[lx->indent])
			return indentation_error(lx, PyExc_TabError, 0, -2, mixed);
		lx->indent++;
		lx->indents[lx->indent] = col;
		lx->alt_indents[lx->indent] = alt_col;
		return add_token(lx, TOK_INDENT, lx->cur, lx->cur);
	}
	while (lx->indent > 0 && col < lx->indents[lx->indent]) {
		lx->indent--;
		if (add_token(lx, TOK_DEDENT, lx->cur, lx->cur) < 0)
			return -1;
	}
	if (col != lx->indents[lx->indent]) {
		size_t length;

		source_line(lx->source, lx->line, &length);
		return indentation_error(lx, PyExc_IndentationError, (int)length, -1,
					 "unindent does not match any outer indentation level");
	}
	if (alt_col != lx->alt_indents[lx->indent])
		return indentation_error(lx, PyExc_TabError, 0, -2, mixed);
	return 0;
}

static void next_line(struct lexer *lx)
{
	lx->cur++;
	lx->line++;
	lx->line_start = lx->cur;
}

/* At the start of a line outside parentheses: skips lines without code, then sets the
 * indentation. */
static int begin_line(struct lexer *lx)
{
	for (;;) {
		int col = 0, alt_col = 0;

		for (;; lx->cur++) {
			if (*lx->cur == ' ') {
				col++;
				alt_col++;
			} else if (*lx->cur == '\t') {
				col = (col / 8 + 1) * 8;
				alt_col++;
			} else if (*lx->cur == '\f') {
				col = alt_col = 0;
			} else if (lx->cur[0] == '\\' && lx->cur[1] == '\n' &&
				   lx->cur + 2 < lx->stop) {
				lx->cur++;
				next_line(lx);
				lx->cur--;
			} else {
				break;
			}
		}
		if (*lx->cur == '#')
			lx->cur += strcspn(lx->cur, "\n");
		if (lx->cur >= lx->stop)
			return 0;
		if (*lx->cur != '\n')
			return change_indent(lx, col, alt_col);
		next_line(lx);
	}
}

/* -- Numbers ----------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80);
}

static bool is_name_char(char c)
{
	return is_name_start(c) || is_digit(c);
}

/* A number may be followed by one of the keywords that can follow an expression. */
static bool keyword_follows(const char *p)
{
	static const char *const words[] = {"and", "else", "for", "if", "in", "is", "not", "or"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strncmp(p, words[i], strlen(words[i])) == 0)
			return true;
	}
	return false;
}

static int end_number(struct lexer *lx, const char *p, const char *kind)
{
	if (is_name_char(*p) && !keyword_follows(p))
		return lex_error(lx, lx->line, p, "invalid %s literal", kind);
	lx->cur = p;
	return 0;
}

static int digit_value(char c)
{
	if (is_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
}

static int radix_number(struct lexer *lx, int radix, const char *kind)
{
	const char *p = lx->cur + 2;

	do {
		p += *p == '_';
		if (digit_value(*p) >= radix) {
			if (is_digit(*p))
				return lex_error(lx, lx->line, p + 1,
						 "invalid digit '%c' in %s literal", *p, kind);
			return lex_error(lx, lx->line, p, "invalid %s literal", kind);
		}
		while (digit_value(*p) < radix)
			p++;
	} while (*p == '_');
	if (is_digit(*p))
		return lex_error(lx, lx->line, p + 1, "invalid digit '%c' in %s literal", *p, kind);
	return end_number(lx, p, kind);
}

/* Digits with single underscores between them; NULL with the error set. */
static const char *decimal_digits(struct lexer *lx, const char *p)
{
	for (;;) {
		while (is_digit(*p))
			p++;
		if (*p != '_')
			return p;
		if (!is_digit(p[1])) {
			lex_error(lx, lx->line, p + 1, "invalid decimal literal");
			return NULL;
		}
		p++;
	}
}

static int decimal_number(struct lexer *lx)
{
	const char *start = lx->cur, *p = start, *zeros;
	bool is_float = false;

	if (*p != '.' && !(p = decimal_digits(lx, p)))
		return -1;
	for (zeros = start; *zeros == '0' || *zeros == '_'; zeros++)
		;
	if (*p == '.') {
		is_float = true;
		p++;
		if (is_digit(*p) && !(p = decimal_digits(lx, p)))
			return -1;
	}
	if ((*p | 0x20) == 'e' &&
	    (is_digit(p[1]) || ((p[1] == '+' || p[1] == '-') && is_digit(p[2])))) {
		is_float = true;
		p = decimal_digits(lx, p + 2);
		if (!p)
			return -1;
	}
	if ((*p | 0x20) == 'j')
		return end_number(lx, p + 1, "imaginary");
	if (!is_float && *start == '0' && zeros < p) {
		return lex_error_range(
			lx, start + 1, zeros + 1,
			"leading zeros in decimal integer literals are not permitted; "
			"use an 0o prefix for octal integers");
	}
	return end_number(lx, p, "decimal");
}

static int lex_number(struct lexer *lx)
{
	const char *start = lx->cur;
	int error;

	if (start[0] == '0' && (start[1] | 0x20) == 'x')
		error = radix_number(lx, 16, "hexadecimal");
	else if (start[0] == '0' && (start[1] | 0x20) == 'o')
		error = radix_number(lx, 8, "octal");
	else if (start[0] == '0' && (start[1] | 0x20) == 'b')
		error = radix_number(lx, 2, "binary");
	else
		error = decimal_number(lx);
	return error ? error : add_token(lx, TOK_NUMBER, start, lx->cur);
}

/* -- Strings, names, operators ------------------------------------------------------------------
 */

/* Length of a string's prefix at p with the quote after it, or -1. */
static int string_prefix(const char *p)
{
	bool bytes = false, raw = false, unicode = false, format = false;
	int n = 0;

	for (;; n++) {
		char c = p[n] | 0x20;

		if (p[n] == '\'' || p[n] == '"')
			return n;
		if (c == 'b' && !bytes && !unicode && !format)
			bytes = true;
		else if (c == 'u' && n == 0)
			unicode = true;
		else if (c == 'r' && !raw && !unicode)
			raw = true;
		else if (c == 'f' && !format && !bytes && !unicode)
			format = true;
		else
			return -1;
	}
}

static int unterminated(struct lexer *lx, const struct token *t, bool triple)
{
	if (triple)
		lx->open = LEXER_OPEN_STRING;
	return lex_error(lx, t->line, t->start + 1,
			 triple ? "unterminated triple-quoted string literal (detected at line %d)"
				: "unterminated string literal (detected at line %d)",
			 lx->line);
}

static int lex_string(struct lexer *lx, int prefix)
{
	struct token first = {
		.line = lx->line, .start = lx->cur, .col = (int)(lx->cur - lx->line_start)};
	const char *p = lx->cur + prefix;
	char quote = *p;
	bool triple = p[1] == quote && p[2] == quote;

	for (p += triple ? 3 : 1;; p++) {
		if (p >= lx->stop) {
			lx->line -= lx->line > 1 && p == lx->line_start;
			return unterminated(lx, &first, triple);
		}
		if (*p == quote && (!triple || (p[1] == quote && p[2] == quote)))
			break;
		if (*p == '\n' && !triple)
			return unterminated(lx, &first, triple);
		if (*p == '\\' && p + 1 < lx->stop)
			p++;
		if (*p == '\n') {
			lx->line++;
			lx->line_start = p + 1;
		}
	}
	lx->cur = p + (triple ? 3 : 1);
	if (add_token(lx, TOK_STRING, first.start, lx->cur) < 0)
		return -1;
	lx->tokens[lx->ntokens - 1].line = first.line;
	lx->tokens[lx->ntokens - 1].col = first.col;
	return 0;
}

static enum token_kind keyword_of(const char *start, const char *end)
{
	size_t n = (size_t)(end - start);

	for (int kind = TOK_KW_FALSE; kind < TOK_COUNT; kind++) {
		if (texts[kind][0] == *start && strlen(texts[kind]) == n &&
		    memcmp(texts[kind], start, n) == 0)
			return (enum token_kind)kind;
	}
	return TOK_NAME;
}

static int lex_name(struct lexer *lx)
{
	const char *start = lx->cur, *p = start, *bad;
	bool ascii = true;

	for (; is_name_char(*p); p++)
		ascii = ascii && !(*p & 0x80);
	if (!ascii && (bad = identifier_check(start, p)) != NULL) {
		uint32_t c = utf8_decode(&(const char *){bad});
		const char *after = bad;

		utf8_decode(&after);
		if (identifier_is_printable(c))
			return lex_error(lx, lx->line, after, "invalid character '%c' (U+%s)",
					 (int)c, identifier_code_point(c));
		return lex_error(lx, lx->line, after, "invalid non-printable character U+%s",
				 identifier_code_point(c));
	}
	lx->cur = p;
	return add_token(lx, keyword_of(start, p), start, p);
}

static int close_paren(struct lexer *lx, char c)
{
	const char *after = lx->cur + 1;
	char open = c == ')' ? '(' : c == ']' ? '[' : '{';

	if (lx->level <= lx->base_level)
		return lex_error(lx, lx->line, after, "unmatched '%c'", c);
	lx->level--;
	if (lx->parens[lx->level].c == open)
		return 0;
	if (lx->parens[lx->level].line != lx->line)
		return lex_error(lx, lx->line, after,
				 "closing parenthesis '%c' does not match opening parenthesis '%c' "
				 "on line %d",
				 c, lx->parens[lx->level].c, lx->parens[lx->level].line);
	return lex_error(lx, lx->line, after,
			 "closing parenthesis '%c' does not match opening parenthesis '%c'", c,
			 lx->parens[lx->level].c);
}

static int open_paren(struct lexer *lx, char c)
{
	if (lx->level >= LEXER_MAX_PARENS)
		return lex_error(lx, lx->line, lx->cur + 1, "too many nested parentheses");
	lx->parens[lx->level].c = c;
	lx->parens[lx->level].line = lx->line;
	lx->parens[lx->level].col = (int)(lx->cur - lx->line_start);
	lx->level++;
	return 0;
}

static int lex_operator(struct lexer *lx)
{
	const char *start = lx->cur;
	char c = *start;

	for (int kind = TOK_ELLIPSIS; kind < TOK_KW_FALSE; kind++) {
		size_t n;

		if (texts[kind][0] != c)
			continue;
		n = strlen(texts[kind]);
		if (strncmp(start, texts[kind], n) != 0)
			continue;
		if (strchr("([{", c) && open_paren(lx, c) < 0)
			return -1;
		if (strchr(")]}", c) && close_paren(lx, c) < 0)
			return -1;
		lx->cur += n;
		return add_token(lx, (enum token_kind)kind, start, lx->cur);
	}
	if ((unsigned char)c < 0x20 || c == 0x7f)
		return lex_error(lx, lx->line, start + 1, "invalid non-printable character U+%s",
				 identifier_code_point((unsigned char)c));
	lx->cur++;
	return add_token(lx, TOK_BAD, start, lx->cur);
}

/* A backslash outside strings: only before the end of a line. */
static int lex_continuation(struct lexer *lx)
{
	if (lx->cur[1] != '\n') {
		source_error(lx->source, PyExc_SyntaxError, lx->line,
			     (int)(lx->cur - lx->line_start) + 1, lx->line, -2,
			     "unexpected character after line continuation character");
		return -1;
	}
	lx->cur++;
	if (lx->cur + 1 >= lx->stop) {
		lx->open = LEXER_OPEN_BACKSLASH;
		source_error(lx->source, PyExc_SyntaxError, lx->line,
			     (int)(lx->cur - lx->line_start), lx->line, -1,
			     "unexpected EOF while parsing");
		return -1;
	}
	next_line(lx);
	return 0;
}

static int lex_token(struct lexer *lx)
{
	const char *p = lx->cur;
	int prefix;

	if (is_digit(*p) || (*p == '.' && is_digit(p[1])))
		return lex_number(lx);
	prefix = string_prefix(p);
	if (prefix >= 0)
		return lex_string(lx, prefix);
	return is_name_start(*p) ? lex_name(lx) : lex_operator(lx);
}

/* The end stands behind the end of the last line. */
static int finish(struct lexer *lx)
{
	if (lx->base_level == 0 && lx->line > 1 && lx->cur == lx->line_start) {
		lx->line--;
		lx->line_start = lx->source->lines[lx->line - 1];
	}
	if (lx->level > lx->base_level)
		lx->open = LEXER_OPEN_PAREN;
	while (lx->indent > 0 && lx->level == lx->base_level) {
		lx->indent--;
		if (add_token(lx, TOK_DEDENT, lx->cur, lx->cur) < 0)
			return -1;
	}
	return add_token(lx, TOK_END, lx->cur, lx->cur);
}

static int run(struct lexer *lx)
{
	bool line_begins = lx->base_level == 0;

	while (lx->cur < lx->stop || line_begins) {
		int error = 0;

		if (line_begins) {
			line_begins = false;
			error = begin_line(lx);
		} else if (*lx->cur == ' ' || *lx->cur == '\t' || *lx->cur == '\f') {
			lx->cur++;
		} else if (*lx->cur == '#') {
			lx->cur += strcspn(lx->cur, "\n");
		} else if (*lx->cur == '\n') {
			if (lx->level == 0) {
				error = add_token(lx, TOK_NEWLINE, lx->cur, lx->cur);
				line_begins = true;
			}
			next_line(lx);
		} else if (*lx->cur == '\\') {
			error = lex_continuation(lx);
		} else {
			error = lex_token(lx);
		}
		if (error)
			return -1;
	}
	return finish(lx);
}

int lexer_run(struct lexer *lx, struct source *source)
{
	memset(lx, 0, sizeof(*lx));
	lx->source = source;
	lx->cur = lx->line_start = source->text;
	lx->stop = source->text + source->size;
	lx->line = 1;
	return run(lx);
}

int lexer_run_range(struct lexer *lx, struct source *source, const char *start, const char *stop,
		    int line, const char *line_start)
{
	memset(lx, 0, sizeof(*lx));
	lx->source = source;
	lx->cur = start;
	lx->line_start = line_start;
	lx->stop = stop;
	lx->line = line;
	lx->level = lx->base_level = 1;
	return run(lx);
}
