/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

#include "compiler/lexer.h"

static struct arena arena;
static struct source source;
static struct lexer lexer;

static int lex(const char *text)
{
	PyObject *filename = PyUnicode_FromString("test.py");

	arena_deinit(&arena);
	arena_own(&arena, filename);
	if (source_init(&source, &arena, text, (Py_ssize_t)strlen(text), filename, true) < 0)
		return -1;
	return lexer_run(&lexer, &source);
}

static void assert_kinds(const char *text, const uint8_t *kinds, int n)
{
	assert_int_equal(lex(text), 0);
	assert_int_equal(lexer.ntokens, n);
	for (int i = 0; i < n; i++)
		assert_int_equal(lexer.tokens[i].kind, kinds[i]);
}
#define ASSERT_KINDS(text, ...)                              \
	assert_kinds((text), (const uint8_t[]){__VA_ARGS__}, \
		     (int)sizeof((const uint8_t[]){__VA_ARGS__}))

static void kinds_of_tokens(void **state)
{
	ASSERT_KINDS("", TOK_END);
	ASSERT_KINDS("x = 1", TOK_NAME, TOK_ASSIGN, TOK_NUMBER, TOK_NEWLINE, TOK_END);
	ASSERT_KINDS("a**=b//c", TOK_NAME, TOK_POW_ASSIGN, TOK_NAME, TOK_FLOORDIV, TOK_NAME,
		     TOK_NEWLINE, TOK_END);
	ASSERT_KINDS("if x:\n  y\n", TOK_KW_IF, TOK_NAME, TOK_COLON, TOK_NEWLINE, TOK_INDENT,
		     TOK_NAME, TOK_NEWLINE, TOK_DEDENT, TOK_END);
	ASSERT_KINDS("rb'x' f\"\" 0x_1f 1e5 .5j ...", TOK_STRING, TOK_STRING, TOK_NUMBER,
		     TOK_NUMBER, TOK_NUMBER, TOK_ELLIPSIS, TOK_NEWLINE, TOK_END);
	ASSERT_KINDS("(a,\n # no\n\nb)", TOK_LPAR, TOK_NAME, TOK_COMMA, TOK_NAME, TOK_RPAR,
		     TOK_NEWLINE, TOK_END);
	ASSERT_KINDS("a \\\n b", TOK_NAME, TOK_NAME, TOK_NEWLINE, TOK_END);
	ASSERT_KINDS("a ? b", TOK_NAME, TOK_BAD, TOK_NAME, TOK_NEWLINE, TOK_END);
}

static void positions_count_bytes(void **state)
{
	assert_int_equal(lex("\xef\xbb\xbf"
			     "\xc3\xa9 = '''a\r\nb''' + c\n"),
			 0);
	assert_int_equal(lexer.tokens[1].col, 3);
	assert_int_equal(lexer.tokens[2].line, 1);
	assert_int_equal(lexer.tokens[2].end_line, 2);
	assert_int_equal(lexer.tokens[2].end_col, 4);
	assert_int_equal(lexer.tokens[3].line, 2);
	assert_int_equal(lexer.tokens[3].col, 5);
}

static void unclosed_text_is_told_apart(void **state)
{
	assert_int_equal(lex("f(1,\n"), 0);
	assert_int_equal(lexer.open, LEXER_OPEN_PAREN);
	assert_int_equal(lex("x = '''a\n"), -1);
	assert_int_equal(lexer.open, LEXER_OPEN_STRING);
	PyErr_Clear();
	assert_int_equal(lex("x = 'a\n"), -1);
	assert_int_equal(lexer.open, LEXER_CLOSED);
	PyErr_Clear();
}

static void errors(void **state)
{
	static const struct {
		const char *text, *message;
		PyObject *const *type;
	} cases[] = {
		{"0b12", "invalid digit '2' in binary literal (test.py, line 1)",
		 &PyExc_SyntaxError},
		{"1abc", "invalid decimal literal (test.py, line 1)", &PyExc_SyntaxError},
		{"'a", "unterminated string literal (detected at line 1) (test.py, line 1)",
		 &PyExc_SyntaxError},
		{"\n)", "unmatched ')' (test.py, line 2)", &PyExc_SyntaxError},
		{"(]",
		 "closing parenthesis ']' does not match opening parenthesis '(' (test.py, line 1)",
		 &PyExc_SyntaxError},
		{"if 1:\n\tx\n        y\n",
		 "inconsistent use of tabs and spaces in indentation (test.py, line 3)",
		 &PyExc_TabError},
		{"if 1:\n  x\n y\n",
		 "unindent does not match any outer indentation level (test.py, line 3)",
		 &PyExc_IndentationError},
		{"# coding: nothing\n", "unknown encoding: nothing", &PyExc_SyntaxError},
		{"a \\ b",
		 "unexpected character after line continuation character (test.py, line 1)",
		 &PyExc_SyntaxError},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(lex(cases[i].text), -1);
		assert_raised(*cases[i].type, cases[i].message);
	}
}

static void depth_is_limited(void **state)
{
	char text[LEXER_MAX_PARENS + 2];

	memset(text, '(', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(lex(text), -1);
	assert_raised(PyExc_SyntaxError, "too many nested parentheses (test.py, line 1)");
}

static void latin1_becomes_utf8(void **state)
{
	assert_int_equal(lex("# coding: latin-1\nx = '\xe9'\n"), 0);
	assert_non_null(strstr(source.text, "'\xc3\xa9'"));
	assert_int_equal(lex("x = '\xe9'\n"), -1);
	assert_raised(PyExc_SyntaxError, NULL);
}

static int teardown(void **state)
{
	arena_deinit(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_of_tokens),
		cmocka_unit_test(positions_count_bytes),
		cmocka_unit_test(unclosed_text_is_told_apart),
		cmocka_unit_test(errors),
		cmocka_unit_test(depth_is_limited),
		cmocka_unit_test(latin1_becomes_utf8),
	};

	return cmocka_run_group_tests(tests, world_setup, teardown);
}
