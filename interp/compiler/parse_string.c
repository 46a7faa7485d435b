/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers, strings and f-strings (parsed as CPython 3.11 does: a string token first, then its
 * replacement fields). */
#include "compiler/parse.h"

#include "compiler/identifier.h"

#include <ctype.h>

/* -- Numbers
 * ---------------------------------------------------------------------------------------- */

PyObject *parse_number(struct parser *p, const struct token *t)
{
	size_t n = 0;
	char *text = arena_alloc(p->arena, (size_t)(t->end - t->start) + 1);
	bool is_hex;
	PyObject *value;

	if (!text)
		return NULL;
	for (const char *s = t->start; s < t->end; s++) {
		if (*s != '_')
			text[n++] = *s;
	}
	text[n] = '\0';
	is_hex = text[0] == '0' && strchr("xXbBoO", text[1]) && text[1];
	if (n && (text[n - 1] | 0x20) == 'j' && !is_hex) {
		text[n - 1] = '\0';
		value = PyComplex_FromDoubles(0.0, PyOS_string_to_double(text, NULL, NULL));
	} else if (!is_hex && strpbrk(text, ".eE")) {
		value = PyFloat_FromDouble(PyOS_string_to_double(text, NULL, NULL));
	} else {
		value = PyLong_FromString(text, NULL, 0);
		if (!value && PyErr_ExceptionMatches(PyExc_ValueError)) {
			PyErr_Clear();
			return error_at_token(
				p, t,
				"Exceeds the limit (4300 digits) for integer string conversion - "
				"Consider hexadecimal for huge integer literals to avoid "
				"decimal conversion limits.");
		}
	}
	return arena_own(p->arena, value);
}

/* -- Escapes
 * ----------------------------------------------------------------------------------------- */

/* Characters (str) or bytes that a literal stands for. */
struct text {
	Py_UCS4 *v;
	size_t n, capacity;
};

static bool text_push(struct text *t, Py_UCS4 c)
{
	if (t->n == t->capacity) {
		size_t capacity = t->capacity ? 2 * t->capacity : 64;
		Py_UCS4 *bigger = PyMem_Realloc(t->v, capacity * sizeof(*bigger));

		if (!bigger) {
			PyErr_NoMemory();
			return false;
		}
		t->v = bigger;
		t->capacity = capacity;
	}
	t->v[t->n++] = c;
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct literal {
	struct parser *parser;
	const char *start, *end; /* the text between the quotes */
	bool bytes, raw;
};

static bool escape_error(const struct literal *l, const char *from, const char *to,
			 const char *what)
{
	if (l->bytes)
		error_at_last(l->parser, PyExc_SyntaxError,
			      "(value error) invalid \\x escape at position %d",
			      (int)(from - l->start));
	else
		error_at_last(
			l->parser, PyExc_SyntaxError,
			"(unicode error) 'unicodeescape' codec can't decode bytes in position "
			"%d-%d: %s",
			utf8_count(l->start, (size_t)(from - l->start)),
			utf8_count(l->start, (size_t)(to - l->start)) - 1, what);
	return false;
}

/* \xXX, \uXXXX, \UXXXXXXXX: *s stands behind the letter. */
static bool hex_escape(const struct literal *l, const char **s, int digits, struct text *out)
{
	static const char *const truncated[] = {
		[2] = "truncated \\xXX escape",
		[4] = "truncated \\uXXXX escape",
		[8] = "truncated \\UXXXXXXXX escape",
	};
	const char *from = *s - 2;
	Py_UCS4 c = 0;

	for (int i = 0; i < digits; i++, ++*s) {
		int digit = *s < l->end ? hex_digit(**s) : -1;

		if (digit < 0)
			return escape_error(l, from, *s, truncated[digits]);
		c = c << 4 | (Py_UCS4)digit;
	}
	if (c > 0x10ffff)
		return escape_error(l, from, *s, "illegal Unicode character");
	return text_push(out, c);
}

/* \N{name}: names need Unicode's name table, which minipy does not carry. */
static bool name_escape(const struct literal *l, const char *s)
{
	const char *close = s < l->end && *s == '{' ? memchr(s, '}', (size_t)(l->end - s)) : NULL;

	if (!close || close == s + 1)
		return escape_error(l, s - 2, close ? close + 1 : s,
				    "malformed \\N character escape");
	return escape_error(l, s - 2, close + 1, "unknown Unicode character name");
}

/* One escape sequence; *s stands behind the backslash. */
static bool unescape(const struct literal *l, const char **s, struct text *out)
{
	static const char letters[] = "\\\\''\"\"a\ab\bf\fn\nr\rt\tv\v";
	char c = *(*s)++;

	if (c == '\n')
		return true;
	for (const char *p = letters; *p; p += 2) {
		if (*p == c)
			return text_push(out, (unsigned char)p[1]);
	}
	if (c >= '0' && c <= '7') {
		Py_UCS4 value = (Py_UCS4)(c - '0');

		for (int i = 0; i < 2 && *s < l->end && **s >= '0' && **s <= '7'; i++)
			value = value << 3 | (Py_UCS4)(*(*s)++ - '0');
		return text_push(out, l->bytes ? value & 0xff : value);
	}
	if (c == 'x')
		return hex_escape(l, s, 2, out);
	if (!l->bytes && c == 'u')
		return hex_escape(l, s, 4, out);
	if (!l->bytes && c == 'U')
		return hex_escape(l, s, 8, out);
	if (!l->bytes && c == 'N')
		return name_escape(l, *s);
	--*s;
	return text_push(out, '\\');
}

static bool decode(const struct literal *l, const char *s, const char *end, struct text *out)
{
	while (s < end) {
		if (*s == '\\' && !l->raw) {
			s++;
			if (!unescape(l, &s, out))
				return false;
		} else if (!text_push(out, utf8_decode(&s))) {
			return false;
		}
	}
	return true;
}

static PyObject *text_finish(struct parser *p, struct text *t, bool bytes)
{
	PyObject *o;

	if (bytes) {
		o = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)t->n);
		for (size_t i = 0; o && i < t->n; i++)
			PyBytes_AS_STRING(o)[i] = (char)t->v[i];
	} else {
		o = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, t->v ? t->v : (Py_UCS4[]){0},
					      (Py_ssize_t)t->n);
	}
	PyMem_Free(t->v);
	*t = (struct text){0};
	return arena_own(p->arena, o);
}

/* -- f-strings
 * ------------------------------------------------------------------------------------------
 */

/* What is put together: finished values, and the literal text behind the last one. */
struct joined {
	struct parser *parser;
	struct location at; /* of the whole string */
	struct seq *values;
	struct text pending;
};

static bool joined_value(struct joined *j, struct expr *e)
{
	if (j->pending.n) {
		struct expr *c = new_expr(j->parser, EXPR_CONSTANT, j->at);

		if (!c || !(c->constant.value = text_finish(j->parser, &j->pending, false)) ||
		    !seq_push(j->parser->arena, j->values, c))
			return false;
	}
	return !e || seq_push(j->parser->arena, j->values, e);
}

static bool fstring_error(struct parser *p, const char *format, char a, char b)
{
	error_at_last(p, PyExc_SyntaxError, format, a, b);
	return false;
}

static bool is_quote(char c)
{
	return c == '\'' || c == '"';
}

static int line_of(const struct source *s, const char *at)
{
	int low = 0, high = s->nlines;

	while (high - low > 1) {
		int middle = low + (high - low) / 2;

		if (s->lines[middle] <= at)
			low = middle;
		else
			high = middle;
	}
	return low + 1;
}

struct scan {
	char stack[LEXER_MAX_PARENS];
	int depth;
	char quote;
	int quotes; /* 1 or 3 */
};

static bool scan_close(struct parser *p, struct scan *s, char c)
{
	char open = c == ')' ? '(' : c == ']' ? '[' : '{';

	if (s->depth == 0)
		return fstring_error(p, "f-string: unmatched '%c'", c, 0);
	s->depth--;
	if (s->stack[s->depth] != open)
		return fstring_error(p,
				     "f-string: closing parenthesis '%c' does not match opening "
				     "parenthesis '%c'",
				     c, s->stack[s->depth]);
	return true;
}

/* Moves over a character inside or at the beginning of a string in the expression. */
static int scan_quote(struct scan *s, const char *at, const char *end)
{
	bool triple = end - at >= 3 && at[1] == at[0] && at[2] == at[0];

	if (!s->quote) {
		s->quote = *at;
		s->quotes = triple ? 3 : 1;
		return s->quotes;
	}
	if (*at != s->quote || (s->quotes == 3 && !triple))
		return 1;
	s->quote = 0;
	return s->quotes;
}

/* The end of the expression that begins at `at`: its } ! : or =; NULL with the error. */
static const char *find_expression_end(struct parser *p, const char *at, const char *end)
{
	struct scan s = {.depth = 0};

	for (; at < end; at++) {
		if (*at == '\\') {
			fstring_error(p, "f-string expression part cannot include a backslash", 0,
				      0);
			return NULL;
		}
		if (s.quote || is_quote(*at)) {
			at += scan_quote(&s, at, end) - 1;
			continue;
		}
		if (*at == '#') {
			fstring_error(p, "f-string expression part cannot include '#'", 0, 0);
			return NULL;
		}
		if (s.depth == 0 && strchr("!:}=<>", *at)) {
			if (at + 1 < end && at[1] == '=' && strchr("!=<>", *at)) {
				at++;
				continue;
			}
			if (*at != '<' && *at != '>')
				break;
		} else if (strchr("([{", *at)) {
			if (s.depth >= LEXER_MAX_PARENS) {
				fstring_error(p, "f-string: too many nested parenthesis", 0, 0);
				return NULL;
			}
			s.stack[s.depth++] = *at;
		} else if (strchr(")]}", *at) && !scan_close(p, &s, *at)) {
			return NULL;
		}
	}
	if (s.quote)
		fstring_error(p, "f-string: unterminated string", 0, 0);
	else if (s.depth)
		fstring_error(p, "f-string: unmatched '%c'", s.stack[s.depth - 1], 0);
	else if (at >= end)
		fstring_error(p, "f-string: expecting '}'", 0, 0);
	return PyErr_Occurred() ? NULL : at;
}

static bool parse_fstring(struct joined *j, const struct literal *l, const char **at, int level);

static struct expr *parse_spec(struct joined *outer, const struct literal *l, const char **at,
			       int level)
{
	struct expr *e = new_expr(outer->parser, EXPR_JOINED, outer->at);
	struct joined j = {.parser = outer->parser, .at = outer->at};
	bool ok;

	if (!e)
		return NULL;
	j.values = &e->joined.values;
	ok = parse_fstring(&j, l, at, level + 1) && joined_value(&j, NULL);
	PyMem_Free(j.pending.v);
	return ok ? e : NULL;
}

static struct expr *parse_field_expression(struct joined *j, const char *start, const char *stop)
{
	struct parser *p = j->parser;
	const char *s = start;

	while (s < stop && isspace((unsigned char)*s))
		s++;
	if (s == stop) {
		fstring_error(p, "f-string: empty expression not allowed", 0, 0);
		return NULL;
	}
	return parser_run_fstring(p, start, stop, line_of(p->source, start));
}

/* !r and the like; *at stands behind the mark. */
static bool parse_conversion(struct parser *p, const struct literal *l, const char **at, int *ret)
{
	if (*at >= l->end)
		return fstring_error(p, "f-string: expecting '}'", 0, 0);
	*ret = *(*at)++;
	if (*ret == 's' || *ret == 'r' || *ret == 'a')
		return true;
	return fstring_error(p, "f-string: invalid conversion character: expected 's', 'r', or 'a'",
			     0, 0);
}

/* { expression [=] [!conversion] [:spec] }; *at stands behind the brace. */
static bool parse_field(struct joined *j, const struct literal *l, const char **at, int level)
{
	struct parser *p = j->parser;
	const char *start = *at, *s;
	struct expr *e;
	bool self = false;

	if (level >= PARSER_MAX_FSTRING_DEPTH)
		return fstring_error(p, "f-string: expressions nested too deeply", 0, 0);
	s = find_expression_end(p, start, l->end);
	e = s ? new_expr(p, EXPR_FORMATTED, j->at) : NULL;
	if (!e || !(e->formatted.value = parse_field_expression(j, start, s)))
		return false;
	e->formatted.conversion = -1;
	if (*s == '=') {
		self = true;
		for (s++; s < l->end && isspace((unsigned char)*s); s++)
			;
		for (const char *c = start; c < s;) {
			if (!text_push(&j->pending, utf8_decode(&c)))
				return false;
		}
	}
	if (s < l->end && *s == '!') {
		s++;
		if (!parse_conversion(p, l, &s, &e->formatted.conversion))
			return false;
	}
	if (s < l->end && *s == ':') {
		s++;
		e->formatted.spec = parse_spec(j, l, &s, level);
		if (!e->formatted.spec)
			return false;
	}
	if (s >= l->end || *s != '}')
		return fstring_error(p, "f-string: expecting '}'", 0, 0);
	if (self && !e->formatted.spec && e->formatted.conversion == -1)
		e->formatted.conversion = 'r';
	*at = s + 1;
	return joined_value(j, e);
}

/* Literal text up to a brace that is not doubled, to `}` in a format spec, or to the end. */
static bool parse_literal_part(struct joined *j, const struct literal *l, const char **at,
			       int level)
{
	const char *s = *at, *start = s;

	while (s < l->end) {
		if (!l->raw && *s == '\\' && s + 1 < l->end) {
			bool named = s[1] == 'N' && s + 2 < l->end && s[2] == '{';

			s += 2;
			if (named)
				while (s < l->end && *s++ != '}')
					;
			continue;
		}
		if (*s == '{' || *s == '}') {
			if (level == 0 && s + 1 < l->end && s[1] == s[0]) {
				if (!decode(l, start, s + 1, &j->pending))
					return false;
				s += 2;
				start = s;
				continue;
			}
			break;
		}
		s++;
	}
	if (!decode(l, start, s, &j->pending))
		return false;
	if (s < l->end && *s == '}' && level == 0)
		return fstring_error(j->parser, "f-string: single '}' is not allowed", 0, 0);
	*at = s;
	return true;
}

static bool parse_fstring(struct joined *j, const struct literal *l, const char **at, int level)
{
	while (*at < l->end) {
		if (!parse_literal_part(j, l, at, level))
			return false;
		if (*at >= l->end || **at == '}')
			return true;
		++*at;
		if (!parse_field(j, l, at, level))
			return false;
	}
	return true;
}

/* -- String tokens
 * -------------------------------------------------------------------------------------- */

struct prefix {
	bool bytes, raw, format, unicode;
};

static struct literal literal_of(struct parser *p, const struct token *t, struct prefix *ret)
{
	const char *s = t->start;
	int quotes;

	memset(ret, 0, sizeof(*ret));
	for (; !is_quote(*s); s++) {
		char c = *s | 0x20;

		ret->bytes |= c == 'b';
		ret->raw |= c == 'r';
		ret->format |= c == 'f';
		ret->unicode |= c == 'u';
	}
	quotes = t->end - s >= 6 && s[1] == s[0] && s[2] == s[0] ? 3 : 1;
	return (struct literal){p, s + quotes, t->end - quotes, ret->bytes, ret->raw};
}

static bool all_ascii(const char *s, const char *end)
{
	while (s < end && !(*s & 0x80))
		s++;
	return s == end;
}

static bool parse_one_string(struct joined *j, const struct token *t, bool *bytes, bool *format)
{
	struct prefix prefix;
	struct literal l = literal_of(j->parser, t, &prefix);
	const char *at = l.start;

	if (prefix.bytes && !all_ascii(l.start, l.end)) {
		error_at_token(j->parser, t, "bytes can only contain ASCII literal characters");
		return false;
	}
	*bytes = prefix.bytes;
	if (!prefix.format)
		return decode(&l, l.start, l.end, &j->pending);
	*format = true;
	return parse_fstring(j, &l, &at, 0);
}

static struct expr *finish_strings(struct joined *j, struct expr *e, bool bytes, bool format)
{
	if (format) {
		e->kind = EXPR_JOINED;
		return joined_value(j, NULL) ? e : NULL;
	}
	e->constant.value = text_finish(j->parser, &j->pending, bytes);
	return e->constant.value ? e : NULL;
}

struct expr *parse_strings(struct parser *p)
{
	struct token *first = peek(p), *t = first;
	struct expr *e = new_expr(p, EXPR_CONSTANT, (struct location){0});
	struct seq values = {0};
	struct joined j = {.parser = p, .values = &values};
	bool bytes = false, format = false, ok = true;

	if (!e)
		return NULL;
	while (take(p, TOK_STRING))
		;
	if (PyErr_Occurred())
		return NULL;
	j.at = e->at = location_from(p, first);
	for (; ok && t < &p->tokens[p->pos]; t++) {
		bool was_bytes = bytes;

		ok = parse_one_string(&j, t, &bytes, &format);
		if (ok && t > first && bytes != was_bytes) {
			error_at_last(p, PyExc_SyntaxError,
				      "cannot mix bytes and nonbytes literals");
			ok = false;
		}
	}
	e = ok ? finish_strings(&j, e, bytes, format) : NULL;
	PyMem_Free(j.pending.v);
	if (e && format)
		e->joined.values = values;
	return e;
}
