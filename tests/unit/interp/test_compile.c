/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

#include "compiler/compiler.h"
#include "objects/bytes.h"
#include "vm/opcode.h"

static PyCodeObject *compile(const char *text)
{
	PyObject *filename = PyUnicode_FromString("test.py");
	PyCodeObject *code =
		PyCompile_Source(text, (Py_ssize_t)strlen(text), filename, PY_MODE_EXEC, 0);

	Py_DECREF(filename);
	return code;
}

/* The code object among the constants. */
static PyCodeObject *inner(PyCodeObject *code)
{
	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(code->co_consts); i++) {
		if (PyCode_Check(PyTuple_GET_ITEM(code->co_consts, i)))
			return (PyCodeObject *)PyTuple_GET_ITEM(code->co_consts, i);
	}
	fail_msg("no code among the constants");
	return NULL;
}

/* The n-th unit with this opcode, -1 when there are fewer. */
static int find(PyCodeObject *code, int op, int n)
{
	for (int i = 0; i < code->co_nunits; i++) {
		if (code->co_units[2 * i] == op && n-- == 0)
			return i;
	}
	return -1;
}

static void assert_at(PyCodeObject *code, int unit, int line, int end_line, int col, int end_col)
{
	int got[4];

	PyCode_Addr2Location(code, unit, &got[0], &got[1], &got[2], &got[3]);
	assert_int_equal(got[0], line);
	assert_int_equal(got[1], end_line);
	assert_int_equal(got[2], col);
	assert_int_equal(got[3], end_col);
}

static void functions(void **state)
{
	PyCodeObject *module = compile("def f(a, /, b, *c, d=1, **e):\n  \"doc\"\n  x = a\n"
				       "  return lambda: x + b\n");
	PyCodeObject *f = inner(module), *lambda = inner(f);
	PyObject *doc = PyTuple_GET_ITEM(f->co_consts, 0);

	assert_int_equal(f->co_argcount, 2);
	assert_int_equal(f->co_posonlyargcount, 1);
	assert_int_equal(f->co_kwonlyargcount, 1);
	assert_int_equal(f->co_flags, CO_OPTIMIZED | CO_NEWLOCALS | CO_VARARGS | CO_VARKEYWORDS);
	assert_int_equal(f->co_ncellvars, 2);
	assert_true(_PyUnicode_EqualToASCIIString(doc, "doc"));
	assert_true(_PyUnicode_EqualToASCIIString(lambda->co_qualname, "f.<locals>.<lambda>"));
	assert_int_equal(lambda->co_nfreevars, 2);
	assert_int_equal(lambda->co_units[0], OP_COPY_FREE_VARS);
	assert_int_equal(f->co_units[0], OP_MAKE_CELL);
	Py_DECREF(module);
}

static void positions(void **state)
{
	PyCodeObject *code = compile("x = f(a,\n      b)\ny = (o\n     .m(1)[\n     2])\n");

	assert_at(code, find(code, OP_CALL, 0), 1, 2, 4, 8);
	assert_at(code, find(code, OP_LOAD_METHOD, 0), 4, 4, 6, 7);
	assert_at(code, find(code, OP_CALL, 1), 4, 4, 6, 10);
	assert_at(code, find(code, OP_BINARY_SUBSCR, 0), 3, 5, 5, 7);
	Py_DECREF(code);
}

static void handlers(void **state)
{
	PyCodeObject *code = compile("try:\n  f()\nexcept E as e:\n  g()\nh()\n");
	const struct PyExceptionEntry *entry = PyCode_FindHandler(code, find(code, OP_CALL, 0));

	assert_non_null(entry);
	assert_int_equal(code->co_units[2 * entry->target], OP_PUSH_EXC_INFO);
	assert_int_equal(entry->depth_lasti, 0);
	entry = PyCode_FindHandler(code, find(code, OP_CALL, 1));
	assert_non_null(entry);
	assert_int_equal(entry->depth_lasti, 1 << 1 | 1);
	assert_null(PyCode_FindHandler(code, find(code, OP_CALL, 2)));
	Py_DECREF(code);
}

static void constants_are_folded(void **state)
{
	PyCodeObject *code = compile("x = (1, 2 * 3, -4)\ny = 1 << 100000\nz = 'a' * 100000\n");

	assert_int_equal(find(code, OP_BUILD_TUPLE, 0), -1);
	assert_int_not_equal(find(code, OP_BINARY_OP, 1), -1);
	assert_int_equal(find(code, OP_BINARY_OP, 2), -1);
	Py_DECREF(code);
}

static void long_jumps_are_extended(void **state)
{
	size_t n = 0;
	char *text = malloc(100000);
	PyCodeObject *code;
	int jump;

	n += (size_t)sprintf(text, "if x:\n");
	for (int i = 0; i < 1000; i++)
		n += (size_t)sprintf(text + n, " y = a + %d\n", i);
	code = compile(text);
	assert_non_null(code);
	jump = find(code, OP_POP_JUMP_IF_FALSE, 0);
	assert_int_equal(code->co_units[2 * (jump - 1)], OP_EXTENDED_ARG);
	free(text);
	Py_DECREF(code);
}

static void generators(void **state)
{
	PyCodeObject *code = compile("def f(a):\n  def g(): a\n  yield\n"), *f = inner(code);
	int at = find(f, OP_RETURN_GENERATOR, 0);

	assert_int_equal(at, 1);
	assert_int_equal(f->co_units[2 * (at + 1)], OP_POP_TOP);
	assert_int_equal(f->co_units[2 * (at + 2)], OP_RESUME);
	assert_true(f->co_flags & CO_GENERATOR);
	Py_DECREF(code);
}

static void errors(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{"return 1\n", "'return' outside function (test.py, line 1)"},
		{"x\nbreak\n", "'break' outside loop (test.py, line 2)"},
		{"def f():\n await x\n", "'await' outside async function (test.py, line 2)"},
		{"*a, *b = c\n", "multiple starred expressions in assignment (test.py, line 1)"},
		{"f(a=1, a=2)\n", "keyword argument repeated: a (test.py, line 1)"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_null(compile(cases[i].text));
		assert_raised(PyExc_SyntaxError, cases[i].message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions),
		cmocka_unit_test(positions),
		cmocka_unit_test(handlers),
		cmocka_unit_test(constants_are_folded),
		cmocka_unit_test(long_jumps_are_extended),
		cmocka_unit_test(generators),
		cmocka_unit_test(errors),
	};

	return cmocka_run_group_tests(tests, world_setup, NULL);
}
