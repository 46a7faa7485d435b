/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

#include "compiler/parser.h"
#include "compiler/symtable.h"

static struct arena arena;
static struct symtable table;

static int build(const char *text)
{
	static struct source source;
	PyObject *filename = PyUnicode_FromString("test.py");
	struct module *m;

	arena_deinit(&arena);
	arena_own(&arena, filename);
	if (source_init(&source, &arena, text, (Py_ssize_t)strlen(text), filename, false) < 0)
		return -1;
	m = parser_run(&source, MODULE_EXEC, NULL);
	return m ? symtable_build(&table, &arena, filename, m, false) : -1;
}

static enum symbol_home home(const struct scope *s, const char *name)
{
	PyObject *interned = PyUnicode_InternFromString(name);
	struct symbol *sym = scope_symbol(s, interned);

	Py_DECREF(interned);
	return sym ? sym->home : HOME_UNKNOWN;
}

static struct scope *child(const struct scope *s, int i)
{
	assert_true(i < s->children.n);
	return s->children.v[i];
}

static void closures(void **state)
{
	struct scope *f, *g;

	assert_int_equal(
		build("def f(a):\n  b = 1\n  def g():\n    nonlocal b\n    return a, b, len\n"
		      "  return g\n"),
		0);
	f = child(table.top, 0);
	g = child(f, 0);
	assert_int_equal(home(table.top, "f"), HOME_LOCAL);
	assert_int_equal(home(f, "a"), HOME_CELL);
	assert_int_equal(home(f, "b"), HOME_CELL);
	assert_int_equal(home(f, "g"), HOME_LOCAL);
	assert_int_equal(home(g, "a"), HOME_FREE);
	assert_int_equal(home(g, "b"), HOME_FREE);
	assert_int_equal(home(g, "len"), HOME_GLOBAL_IMPLICIT);
	assert_true(g->nested);
}

static void classes_are_no_closure(void **state)
{
	struct scope *c;

	assert_int_equal(build("def f():\n  x = 1\n  class C:\n    x = x\n    __p = 2\n"
			       "    def m(self): return x, super(), self.__p\n"),
			 0);
	c = child(child(table.top, 0), 0);
	assert_int_equal(home(c, "x"), HOME_LOCAL);
	assert_int_equal(home(c, "_C__p"), HOME_LOCAL);
	assert_true(c->needs_class_cell);
	assert_int_equal(home(child(c, 0), "x"), HOME_FREE);
	assert_int_equal(home(child(c, 0), "__class__"), HOME_FREE);
}

static void comprehensions(void **state)
{
	struct scope *f, *comp;

	assert_int_equal(build("def f(n):\n  return [(last := x) + n for x in range(n)], last\n"),
			 0);
	f = child(table.top, 0);
	comp = child(f, 0);
	assert_int_equal(home(comp, "x"), HOME_LOCAL);
	assert_int_equal(home(comp, "n"), HOME_FREE);
	assert_int_equal(home(comp, "last"), HOME_FREE);
	assert_int_equal(home(f, "last"), HOME_CELL);
}

static void errors(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{"def f():\n  x = 1\n  global x\n",
		 "name 'x' is assigned to before global declaration (test.py, line 3)"},
		{"def f():\n  nonlocal x\n", "no binding for nonlocal 'x' found (test.py, line 2)"},
		{"nonlocal x\n",
		 "nonlocal declaration not allowed at module level (test.py, line 1)"},
		{"def f(a, a): pass\n",
		 "duplicate argument 'a' in function definition (test.py, line 1)"},
		{"def f():\n  from m import *\n",
		 "import * only allowed at module level (test.py, line 2)"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(build(cases[i].text), -1);
		assert_raised(PyExc_SyntaxError, cases[i].message);
	}
}

static int teardown(void **state)
{
	arena_deinit(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(closures),
		cmocka_unit_test(classes_are_no_closure),
		cmocka_unit_test(comprehensions),
		cmocka_unit_test(errors),
	};

	return cmocka_run_group_tests(tests, world_setup, teardown);
}
