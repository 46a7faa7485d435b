/* SPDX-License-Identifier: BSD-2-Clause */
/* -m dis: the instructions of a source file, in the form of CPython's dis module. */
#include "main/main.h"

#include "compiler/compiler.h"
#include "core/errors.h"
#include "lib/lib.h"
#include "objects/abstract.h"
#include "objects/bytes.h"
#include "objects/code.h"
#include "objects/tuple.h"
#include "objects/unicode.h"
#include "vm/opcode.h"

#include <errno.h>

enum argument { NONE, CONST, NAME, FAST, DEREF, FORWARD, BACKWARD, COMPARE, BINARY, COUNT, FLAGS };

static const struct {
	const char *name;
	enum argument argument;
} opcodes[] = {
#define OP(name, argument, pops, pushes, jump) [OP_##name] = {#name, argument},
#include "vm/opcodes.def"
#undef OP
};

static const char *const comparisons[] = {"<", "<=", "==", "!=", ">", ">="};
static const char *const operators[] = {"+", "&",  "//", "<<", "@", "*", "%",
					"|", "**", ">>", "-",  "/", "^"};

struct unit {
	int op, arg;
	int first; /* its first EXTENDED_ARG, or itself */
	int next;
};

/* The instruction whose first unit is `at`. */
static struct unit decode(const PyCodeObject *code, int at)
{
	struct unit u = {.first = at};
	unsigned arg = 0;

	for (;; at++) {
		u.op = code->co_units[2 * at];
		arg = arg << 8 | code->co_units[2 * at + 1];
		if (u.op != OP_EXTENDED_ARG || at + 1 >= code->co_nunits)
			break;
	}
	u.arg = (int)arg;
	u.next = at + 1;
	return u;
}

static int jump_target(const struct unit *u)
{
	switch (opcodes[u->op].argument) {
	case FORWARD: return u->next + u->arg;
	case BACKWARD: return u->next - u->arg;
	default: return -1;
	}
}

/* marks[unit]: something jumps there, or it begins a handler. malloc'ed. */
static bool *find_targets(const PyCodeObject *code, const struct PyExceptionEntry *entries, int n)
{
	bool *marks = calloc((size_t)code->co_nunits + 1, sizeof(*marks));

	for (int at = 0; marks && at < code->co_nunits;) {
		struct unit u = decode(code, at);
		int target = jump_target(&u);

		if (target >= 0 && target <= code->co_nunits)
			marks[target] = true;
		at = u.next;
	}
	for (int i = 0; marks && i < n; i++)
		marks[entries[i].target] = true;
	return marks;
}

/* The argument's meaning; a new str, NULL without an exception when there is nothing to say. */
static PyObject *describe(const PyCodeObject *code, const struct unit *u)
{
	PyObject *item;

	switch (opcodes[u->op].argument) {
	case CONST:
		item = u->arg < PyTuple_GET_SIZE(code->co_consts)
			       ? PyTuple_GET_ITEM(code->co_consts, u->arg)
			       : NULL;
		return item ? PyObject_Repr(item) : NULL;
	case NAME: return Py_NewRef(PyTuple_GET_ITEM(code->co_names, u->arg));
	case FAST:
	case DEREF: return Py_NewRef(PyTuple_GET_ITEM(code->co_localsplusnames, u->arg));
	case FORWARD:
	case BACKWARD: return PyUnicode_FromFormat("to %d", 2 * jump_target(u));
	case COMPARE: return PyUnicode_FromString(comparisons[u->arg % 6]);
	case BINARY:
		return PyUnicode_FromFormat("%s%s", operators[u->arg % NB_INPLACE],
					    u->arg >= NB_INPLACE ? "=" : "");
	default: return NULL;
	}
}

static int write_text(const char *text)
{
	return PyFile_WriteString(text, PySys_GetObject("stdout"));
}

/* Columns as in CPython's dis: line, >> for a target, offset, name, argument, its meaning. */
static int print_instruction(PyCodeObject *code, const struct unit *u, int line, bool target)
{
	PyObject *meaning = describe(code, u);
	char head[96], number[16] = "";
	int status;

	if (!meaning && PyErr_Occurred())
		return -1;
	if (line > 0)
		snprintf(number, sizeof(number), "%d", line);
	if (opcodes[u->op].argument == NONE)
		snprintf(head, sizeof(head), "%3s     %2s %4d %s", number, target ? ">>" : "",
			 2 * (u->next - 1), opcodes[u->op].name);
	else
		snprintf(head, sizeof(head), "%3s     %2s %4d %-20s %5d", number,
			 target ? ">>" : "", 2 * (u->next - 1), opcodes[u->op].name, u->arg);
	status = write_text(head);
	if (status == 0 && meaning) {
		PyObject *row = PyUnicode_FromFormat(" (%U)", meaning);

		status = row ? PyFile_WriteObject(row, PySys_GetObject("stdout"), true) : -1;
		Py_XDECREF(row);
	}
	Py_XDECREF(meaning);
	return status < 0 ? -1 : write_text("\n");
}

static int print_handlers(const struct PyExceptionEntry *entries, int n)
{
	char row[96];

	if (n > 0 && write_text("ExceptionTable:\n") < 0)
		return -1;
	for (int i = 0; i < n; i++) {
		const struct PyExceptionEntry *e = &entries[i];

		snprintf(row, sizeof(row), "  %u to %u -> %u [%u]%s\n", 2 * e->start,
			 2 * (e->end - 1), 2 * e->target, e->depth_lasti >> 1,
			 e->depth_lasti & 1 ? " lasti" : "");
		if (write_text(row) < 0)
			return -1;
	}
	return 0;
}

static int print_code(PyCodeObject *code)
{
	const struct PyExceptionEntry *entries =
		(const void *)PyBytes_AS_STRING(code->co_exceptiontable);
	int n = (int)((size_t)PyBytes_GET_SIZE(code->co_exceptiontable) / sizeof(*entries));
	bool *targets = find_targets(code, entries, n);
	int status = targets ? 0 : -1, last = -1;

	for (int at = 0; status == 0 && at < code->co_nunits;) {
		struct unit u = decode(code, at);
		int line = PyCode_Addr2Line(code, u.next - 1);
		bool new_line = line > 0 && line != last;

		if (new_line && last > 0)
			status = write_text("\n");
		if (status == 0)
			status = print_instruction(code, &u, new_line ? line : 0, targets[at]);
		last = new_line ? line : last;
		at = u.next;
	}
	free(targets);
	return status < 0 ? -1 : print_handlers(entries, n);
}

/* The code, then that of all functions and classes inside it. */
static int print_all(PyCodeObject *code)
{
	int status = print_code(code);

	for (Py_ssize_t i = 0; status == 0 && i < PyTuple_GET_SIZE(code->co_consts); i++) {
		PyObject *inner = PyTuple_GET_ITEM(code->co_consts, i), *title;

		if (!PyCode_Check(inner))
			continue;
		if (Py_EnterRecursiveCall(" while disassembling") < 0)
			return -1;
		title = PyUnicode_FromFormat("\nDisassembly of %R:\n", inner);
		status = title ? PyFile_WriteObject(title, PySys_GetObject("stdout"), true) : -1;
		Py_XDECREF(title);
		if (status == 0)
			status = print_all((PyCodeObject *)inner);
		Py_LeaveRecursiveCall();
	}
	return status;
}

int dis_file(const char *path)
{
	Py_ssize_t n;
	char *text = _PyFile_ReadAll(path, &n);
	PyObject *filename;
	PyCodeObject *code = NULL;
	int status;

	if (!text) {
		PyErr_Clear();
		fprintf(stderr, "minipy: can't open file '%s': %s\n", path, strerror(errno));
		return 2;
	}
	filename = PyUnicode_DecodeFSDefault(path);
	if (filename)
		code = PyCompile_Source(text, n, filename, PY_MODE_EXEC, 0);
	status = code && print_all(code) == 0 ? 0 : main_report_error();
	Py_XDECREF(code);
	Py_XDECREF(filename);
	PyMem_Free(text);
	return status;
}
