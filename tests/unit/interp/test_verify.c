/* SPDX-License-Identifier: BSD-2-Clause */
/* What the verifier lets pass, and what not: units written by hand. */
#include "world.h"

#include "compiler/compiler.h"
#include "compiler/verify.h"
#include "objects/bytes.h"
#include "vm/opcode.h"

/* A module's code of these units; constants: None, a tuple of one name, an int. */
static PyCodeObject *code_of(const uint8_t *units, size_t n, int stacksize, int flags,
			     const struct PyExceptionEntry *handlers, size_t nhandlers)
{
	PyObject *name = PyUnicode_InternFromString("name");
	PyObject *names = PyTuple_Pack(1, name), *number = PyLong_FromLong(7);
	PyObject *empty = PyTuple_New(0), *none = PyBytes_FromStringAndSize("", 0);
	struct PyCodeSpec spec = {
		.stacksize = stacksize,
		.flags = flags,
		.firstlineno = 1,
		.code = PyBytes_FromStringAndSize((const char *)units, (Py_ssize_t)n),
		.consts = PyTuple_Pack(3, Py_None, names, number),
		.names = names,
		.localsplusnames = empty,
		.localspluskinds = none,
		.filename = name,
		.name = name,
		.qualname = name,
		.linetable = none,
		.exceptiontable =
			PyBytes_FromStringAndSize(nhandlers ? (const char *)handlers : "",
						  (Py_ssize_t)(nhandlers * sizeof(*handlers))),
	};
	PyCodeObject *code = PyCode_New(&spec);

	assert_non_null(code);
	Py_DECREF(spec.code);
	Py_DECREF(spec.consts);
	Py_DECREF(spec.exceptiontable);
	Py_DECREF(name);
	Py_DECREF(names);
	Py_DECREF(number);
	Py_DECREF(empty);
	Py_DECREF(none);
	return code;
}

static bool passes(const uint8_t *units, size_t n, int stacksize, int flags)
{
	PyCodeObject *code = code_of(units, n, stacksize, flags, NULL, 0);
	bool ok = PyCode_VerifyModule(code);

	assert_null(PyErr_Occurred());
	Py_DECREF(code);
	return ok;
}

#define UNITS(...)                  ((const uint8_t[]){__VA_ARGS__}), sizeof((const uint8_t[]){__VA_ARGS__})
#define assert_good(stacksize, ...) assert_true(passes(UNITS(__VA_ARGS__), stacksize, 0))
#define assert_bad(stacksize, ...)  assert_false(passes(UNITS(__VA_ARGS__), stacksize, 0))
#define END                         OP_LOAD_CONST, 0, OP_RETURN_VALUE, 0

static void instructions_are_known(void **state)
{
	assert_good(1, END);
	assert_bad(1, OP_COUNT, 0, END);
	assert_bad(1, 255, 0, END);
	assert_bad(1, OP_NOP, 0);                       /* falls off the end */
	assert_bad(1, OP_EXTENDED_ARG, 0);              /* of nothing */
	assert_bad(1, OP_LOAD_CONST, 0, OP_POP_TOP, 0); /* falls off the end */
}

static void operands_are_in_range(void **state)
{
	assert_good(1, OP_LOAD_CONST, 2, OP_RETURN_VALUE, 0);
	assert_bad(1, OP_LOAD_CONST, 3, OP_RETURN_VALUE, 0);
	assert_bad(1, OP_EXTENDED_ARG, 1, OP_LOAD_CONST, 0, OP_RETURN_VALUE, 0);
	assert_good(1, OP_LOAD_NAME, 0, OP_RETURN_VALUE, 0);
	assert_bad(1, OP_LOAD_NAME, 1, OP_RETURN_VALUE, 0);
	assert_bad(1, OP_LOAD_FAST, 0, OP_RETURN_VALUE, 0);
	assert_bad(1, OP_LOAD_DEREF, 0, OP_RETURN_VALUE, 0);
	assert_good(2, OP_LOAD_CONST, 2, OP_LOAD_CONST, 2, OP_BINARY_OP, NB_COUNT - 1,
		    OP_RETURN_VALUE, 0);
	assert_bad(2, OP_LOAD_CONST, 2, OP_LOAD_CONST, 2, OP_BINARY_OP, NB_COUNT, OP_RETURN_VALUE,
		   0);
	assert_bad(2, OP_LOAD_CONST, 2, OP_LOAD_CONST, 2, OP_COMPARE_OP, 6, OP_RETURN_VALUE, 0);
	assert_bad(2, OP_LOAD_CONST, 2, OP_COPY, 0, OP_POP_TOP, 0, OP_RETURN_VALUE, 0);
	assert_bad(2, OP_LOAD_CONST, 2, OP_COPY, 2, OP_POP_TOP, 0, OP_RETURN_VALUE, 0);
	assert_bad(9, OP_LOAD_CONST, 2, OP_BUILD_SLICE, 1, OP_RETURN_VALUE, 0);
}

static void jumps_land_on_instructions(void **state)
{
	assert_good(1, OP_JUMP_FORWARD, 1, OP_NOP, 0, END);
	assert_bad(1, OP_JUMP_FORWARD, 3, OP_NOP, 0, END); /* past the end */
	assert_bad(1, OP_JUMP_BACKWARD, 2, END);           /* before the start */
	/* Into the middle of EXTENDED_ARG, LOAD_CONST. */
	assert_bad(1, OP_JUMP_FORWARD, 1, OP_EXTENDED_ARG, 0, OP_LOAD_CONST, 0, OP_RETURN_VALUE, 0);
	assert_good(1, OP_JUMP_BACKWARD, 1, END); /* for ever, but well */
}

static void depth_is_kept(void **state)
{
	assert_bad(1, OP_POP_TOP, 0, END);
	assert_bad(0, END);                   /* more than co_stacksize */
	assert_bad(1, OP_LOAD_CONST, 0, END); /* likewise */
	assert_bad(2, OP_LOAD_CONST, 0, OP_CALL, 0, OP_RETURN_VALUE, 0);
	/* Two paths meet with different depths. */
	assert_bad(3, OP_LOAD_NAME, 0, OP_POP_JUMP_IF_FALSE, 1, OP_LOAD_CONST, 0, END);
	assert_good(3, OP_LOAD_NAME, 0, OP_POP_JUMP_IF_FALSE, 2, OP_LOAD_CONST, 0, OP_POP_TOP, 0,
		    END);
	assert_bad(1 << 20, END); /* a stack that this code cannot need */
}

static void kinds_are_kept(void **state)
{
	/* A null pointer is nothing but the bottom of a call. */
	assert_good(3, OP_PUSH_NULL, 0, OP_LOAD_NAME, 0, OP_CALL, 0, OP_RETURN_VALUE, 0);
	assert_bad(3, OP_PUSH_NULL, 0, OP_RETURN_VALUE, 0);
	assert_bad(3, OP_PUSH_NULL, 0, OP_POP_TOP, 0, END);
	assert_bad(3, OP_LOAD_NAME, 0, OP_PUSH_NULL, 0, OP_CALL, 0, OP_RETURN_VALUE, 0);
	assert_bad(3, OP_LOAD_NAME, 0, OP_LOAD_METHOD, 0, OP_POP_TOP, 0, OP_RETURN_VALUE, 0);
	/* What appends to a list needs one. */
	assert_good(2, OP_BUILD_LIST, 0, OP_LOAD_CONST, 0, OP_LIST_APPEND, 1, OP_RETURN_VALUE, 0);
	assert_bad(2, OP_BUILD_SET, 0, OP_LOAD_CONST, 0, OP_LIST_APPEND, 1, OP_RETURN_VALUE, 0);
	assert_bad(2, OP_LOAD_CONST, 0, OP_LOAD_CONST, 0, OP_LIST_APPEND, 1, OP_RETURN_VALUE, 0);
	assert_bad(2, OP_BUILD_LIST, 0, OP_LOAD_CONST, 0, OP_LIST_APPEND, 2, OP_RETURN_VALUE, 0);
	assert_bad(1, OP_LOAD_CONST, 1, OP_LIST_TO_TUPLE, 0, OP_RETURN_VALUE, 0);
	/* Keywords are a constant tuple of str, no longer than the arguments. */
	assert_good(4, OP_PUSH_NULL, 0, OP_LOAD_NAME, 0, OP_LOAD_CONST, 0, OP_LOAD_CONST, 1,
		    OP_CALL_KW, 1, OP_RETURN_VALUE, 0);
	assert_bad(4, OP_PUSH_NULL, 0, OP_LOAD_NAME, 0, OP_LOAD_CONST, 0, OP_LOAD_CONST, 2,
		   OP_CALL_KW, 1, OP_RETURN_VALUE, 0);
	assert_bad(4, OP_PUSH_NULL, 0, OP_LOAD_NAME, 0, OP_LOAD_CONST, 1, OP_CALL_KW, 0,
		   OP_RETURN_VALUE, 0);
	assert_bad(2, OP_LOAD_CONST, 2, OP_MAKE_FUNCTION, 0, OP_RETURN_VALUE, 0);
	/* A list on one path only is no list. */
	assert_bad(3, OP_LOAD_NAME, 0, OP_POP_JUMP_IF_FALSE, 2, OP_BUILD_LIST, 0, OP_JUMP_FORWARD,
		   1, OP_BUILD_SET, 0, OP_LIST_TO_TUPLE, 0, OP_RETURN_VALUE, 0);
	assert_bad(2, OP_LOAD_CONST, 0, OP_PUSH_EXC_INFO, 0, OP_RETURN_VALUE, 0);
	assert_bad(2, OP_LOAD_CONST, 0, OP_POP_EXCEPT, 0, END);
}

static void code_says_what_it_is(void **state)
{
	assert_bad(1, OP_LOAD_CONST, 0, OP_YIELD_VALUE, 0, OP_RETURN_VALUE, 0);
	assert_bad(1, OP_RETURN_GENERATOR, 0, OP_POP_TOP, 0, END);
	assert_bad(1, OP_MAKE_CELL, 0, END);
	assert_bad(1, OP_COPY_FREE_VARS, 0, END);
	assert_false(passes(UNITS(END), 1, CO_GENERATOR));
	assert_false(passes(UNITS(END), 1, CO_VARARGS));
	assert_false(passes(UNITS(END), 1, CO_NEWLOCALS));
	assert_false(passes(UNITS(END), 1, 1 << 30));
}

static bool passes_with(struct PyExceptionEntry h)
{
	static const uint8_t units[] = {OP_LOAD_NAME,  0, OP_POP_TOP,      0, END, OP_POP_TOP, 0,
					OP_LOAD_CONST, 0, OP_RETURN_VALUE, 0};
	PyCodeObject *code = code_of(units, sizeof(units), 2, 0, &h, 1);
	bool ok = PyCode_VerifyModule(code);

	Py_DECREF(code);
	return ok;
}

static void handlers_are_inside(void **state)
{
	assert_true(passes_with((struct PyExceptionEntry){0, 2, 4, 0}));
	assert_false(passes_with((struct PyExceptionEntry){0, 9, 4, 0}));
	assert_false(passes_with((struct PyExceptionEntry){2, 2, 4, 0}));
	assert_false(passes_with((struct PyExceptionEntry){0, 2, 9, 0}));
	/* Deeper than the stack is there. */
	assert_false(passes_with((struct PyExceptionEntry){0, 2, 4, 1 << 1}));
	assert_false(passes_with((struct PyExceptionEntry){0, 2, 4, UINT32_MAX}));
	/* lasti below the exception: POP_TOP and RETURN_VALUE leave one too many, which is fine. */
	assert_true(passes_with((struct PyExceptionEntry){0, 2, 4, 1}));
}

/* What the compiler makes passes. */
static void compiled_code_passes(void **state)
{
	static const char text[] = "def f(a, /, b=1, *c, d=2, **e):\n"
				   "    try:\n"
				   "        with a as x, b: yield [lambda: a for a in b if a]\n"
				   "    except* (ValueError, TypeError) as y: pass\n"
				   "    finally: del x\n"
				   "async def g():\n"
				   "    async with a as b:\n"
				   "        async for c in d: yield await c\n"
				   "        else: return\n"
				   "class K(B, m=M):\n"
				   "    x: int = f(*a, **{'k': 1}, z=3)\n"
				   "    def h(self): return super().h(__class__)\n"
				   "match v:\n"
				   "    case {'k': [1, *_], **r} if r: pass\n"
				   "    case P(1, q=2) | None: pass\n"
				   "while f'{a!r:>{b}}': break\n";
	PyObject *name = PyUnicode_FromString("t");
	PyCodeObject *code =
		PyCompile_Source(text, (Py_ssize_t)strlen(text), name, PY_MODE_EXEC, 0);

	assert_non_null(code);
	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(code->co_consts); i++) {
		PyObject *inner = PyTuple_GET_ITEM(code->co_consts, i);

		if (PyCode_Check(inner))
			assert_true(PyCode_Verify((PyCodeObject *)inner));
	}
	assert_true(PyCode_VerifyModule(code));
	Py_DECREF(code);
	Py_DECREF(name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(instructions_are_known),
		cmocka_unit_test(operands_are_in_range),
		cmocka_unit_test(jumps_land_on_instructions),
		cmocka_unit_test(depth_is_kept),
		cmocka_unit_test(kinds_are_kept),
		cmocka_unit_test(code_says_what_it_is),
		cmocka_unit_test(handlers_are_inside),
		cmocka_unit_test(compiled_code_passes),
	};

	return cmocka_run_group_tests(tests, world_setup, NULL);
}
