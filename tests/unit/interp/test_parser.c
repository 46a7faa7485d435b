/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

#include "compiler/parser.h"

static struct arena arena;
static struct source source;
static bool incomplete;

static struct module *parse(const char *text, enum module_kind kind)
{
	PyObject *filename = PyUnicode_FromString("test.py");

	arena_deinit(&arena);
	arena_own(&arena, filename);
	if (source_init(&source, &arena, text, (Py_ssize_t)strlen(text), filename, false) < 0)
		return NULL;
	return parser_run(&source, kind, &incomplete);
}

static struct expr *expression(const char *text)
{
	struct module *m = parse(text, MODULE_EVAL);

	assert_non_null(m);
	return m->expr;
}

static void assert_at(struct location at, int line, int end_line, int col, int end_col)
{
	assert_int_equal(at.line, line);
	assert_int_equal(at.end_line, end_line);
	assert_int_equal(at.col, col);
	assert_int_equal(at.end_col, end_col);
}

static void precedence(void **state)
{
	struct expr *e = expression("a + b * c ** -d");

	assert_int_equal(e->kind, EXPR_BIN_OP);
	assert_int_equal(e->bin_op.op, BIN_ADD);
	e = e->bin_op.right;
	assert_int_equal(e->bin_op.op, BIN_MUL);
	e = e->bin_op.right;
	assert_int_equal(e->bin_op.op, BIN_POW);
	assert_int_equal(e->bin_op.right->kind, EXPR_UNARY_OP);
	e = expression("not a < b in c or d and e");
	assert_int_equal(e->kind, EXPR_BOOL_OP);
	assert_true(e->bool_op.is_or);
	e = expr_at(&e->bool_op.values, 0);
	assert_int_equal(e->kind, EXPR_UNARY_OP);
	assert_int_equal(e->unary_op.operand->compare.comparators.n, 2);
}

static void positions(void **state)
{
	struct expr *e = expression("(a\n .b)(c,\n  d=1)[2:]");

	assert_int_equal(e->kind, EXPR_SUBSCRIPT);
	assert_at(e->at, 1, 3, 0, 10);
	assert_at(e->subscript.index->at, 3, 3, 7, 9);
	e = e->subscript.value;
	assert_at(e->at, 1, 3, 0, 6);
	assert_at(e->call.func->at, 1, 2, 1, 3);
	e = expression("f(x for x in y)");
	assert_at(expr_at(&e->call.args, 0)->at, 1, 1, 1, 15);
}

static void statements(void **state)
{
	struct module *m = parse("@d\nasync def f(a, /, b=1, *c, e, **k) -> r:\n  pass\n"
				 "match x:\n  case [1, *_] | {'a': b}: pass\n"
				 "with (a as b, c): pass\nmatch = 1\n",
				 MODULE_EXEC);
	struct stmt *s;

	assert_non_null(m);
	assert_int_equal(m->body.n, 4);
	s = stmt_at(&m->body, 0);
	assert_int_equal(s->kind, STMT_FUNCTION);
	assert_true(s->is_async);
	assert_at(s->at, 2, 3, 0, 6);
	assert_int_equal(s->function.args->posonly.n, 1);
	assert_int_equal(s->function.args->args.n, 1);
	assert_int_equal(s->function.args->kwonly.n, 1);
	assert_int_equal(stmt_at(&m->body, 1)->kind, STMT_MATCH);
	assert_int_equal(stmt_at(&m->body, 2)->with.items.n, 2);
	assert_int_equal(stmt_at(&m->body, 3)->kind, STMT_ASSIGN);
}

static void incomplete_input(void **state)
{
	static const char *const open[] = {"if x:\n", "f(1,\n", "x = '''a\n", "if x:\n  y\n",
					   "a \\\n",  "@d\n",   "try:\n  x\n"};
	static const char *const whole[] = {"x = 1\n", "if x:\n  y\n\n", "f(1)\n"};
	static const char *const wrong[] = {"x = = 1\n", "x = 'a\n", ")\n"};

	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
		assert_null(parse(open[i], MODULE_SINGLE));
		assert_true(incomplete);
		PyErr_Clear();
	}
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		assert_non_null(parse(whole[i], MODULE_SINGLE));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_null(parse(wrong[i], MODULE_SINGLE));
		assert_false(incomplete);
		assert_raised(PyExc_SyntaxError, NULL);
	}
}

static void deep_nesting_is_an_error(void **state)
{
	size_t n = 100000;
	char *text = malloc(n + 2);

	memset(text, '-', n);
	strcpy(text + n, "1");
	assert_null(parse(text, MODULE_EXEC));
	assert_raised(PyExc_MemoryError, NULL);
	free(text);
}

static int teardown(void **state)
{
	arena_deinit(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(precedence),
		cmocka_unit_test(positions),
		cmocka_unit_test(statements),
		cmocka_unit_test(incomplete_input),
		cmocka_unit_test(deep_nesting_is_an_error),
	};

	return cmocka_run_group_tests(tests, world_setup, teardown);
}
