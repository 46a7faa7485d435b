/* SPDX-License-Identifier: BSD-2-Clause */
/* Imports, and the __future__ ones. */
#include "compiler/compile.h"

static PyObject *before_dot(struct compiler *c, PyObject *name)
{
	Py_ssize_t dot = PyUnicode_FindChar(name, '.', 0, PyUnicode_GET_LENGTH(name), 1);
	PyObject *first;

	if (dot < 0)
		return name;
	first = PyUnicode_Substring(name, 0, dot);
	if (first)
		PyUnicode_InternInPlace(&first);
	return arena_own(c->arena, first);
}

/* import a.b.c as d: from the package to its part, step by step. */
static int import_as(struct compiler *c, PyObject *name, PyObject *asname)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(name), dot = PyUnicode_FindChar(name, '.', 0, n, 1);

	if (dot < 0)
		return emit_nameop(c, asname, CTX_STORE);
	for (;;) {
		Py_ssize_t next = PyUnicode_FindChar(name, '.', dot + 1, n, 1);
		PyObject *part = PyUnicode_Substring(name, dot + 1, next < 0 ? n : next);

		if (part)
			PyUnicode_InternInPlace(&part);
		TRY(emit_name(c, OP_IMPORT_FROM, arena_own(c->arena, part)));
		if (next < 0)
			break;
		TRY(emit(c, OP_SWAP, 2));
		TRY(emit(c, OP_POP_TOP, 0));
		dot = next;
	}
	TRY(emit_nameop(c, asname, CTX_STORE));
	return emit(c, OP_POP_TOP, 0);
}

static int emit_import(struct compiler *c, int level, PyObject *fromlist, PyObject *name)
{
	TRY(emit_const(c, arena_own(c->arena, PyLong_FromLong(level))));
	TRY(emit_const(c, fromlist));
	return emit_name(c, OP_IMPORT_NAME, name);
}

int compile_import(struct compiler *c, struct stmt *s)
{
	for (int i = 0; i < s->import.names.n; i++) {
		struct alias *a = s->import.names.v[i];

		TRY(emit_import(c, 0, Py_None, a->name));
		if (a->asname)
			TRY(import_as(c, a->name, a->asname));
		else
			TRY(emit_nameop(c, before_dot(c, a->name), CTX_STORE));
	}
	return 0;
}

static bool is_star(PyObject *name)
{
	return PyUnicode_CompareWithASCIIString(name, "*") == 0;
}

static bool is_future(const struct stmt *s)
{
	return s->kind == STMT_IMPORT_FROM && s->import.level == 0 && s->import.module &&
	       PyUnicode_CompareWithASCIIString(s->import.module, "__future__") == 0;
}

int compile_import_from(struct compiler *c, struct stmt *s)
{
	PyObject *names = arena_own(c->arena, PyTuple_New(s->import.names.n));

	if (!names)
		return -1;
	for (int i = 0; i < s->import.names.n; i++)
		PyTuple_SET_ITEM(names, i, Py_NewRef(((struct alias *)s->import.names.v[i])->name));
	if (is_future(s) && s->at.line > c->last_future_line)
		return compile_error(c, s->at,
				     "from __future__ imports must occur at the beginning of the "
				     "file");
	TRY(emit_import(c, s->import.level, names,
			s->import.module ? s->import.module : intern(c, "")));
	for (int i = 0; i < s->import.names.n; i++) {
		struct alias *a = s->import.names.v[i];

		if (is_star(a->name))
			return emit(c, OP_IMPORT_STAR, 0);
		TRY(emit_name(c, OP_IMPORT_FROM, a->name));
		TRY(emit_nameop(c, a->asname ? a->asname : a->name, CTX_STORE));
	}
	return emit(c, OP_POP_TOP, 0);
}

/* -- from __future__
 * ----------------------------------------------------------------------------------- */

static int future_error(struct compiler *c, const struct stmt *s, const char *format,
			PyObject *name)
{
	PyErr_Format(PyExc_SyntaxError, format, name);
	location_attach(c->filename, s->at.line, s->at.col + 1, s->at.end_line, s->at.end_col + 1);
	return -1;
}

static int future_feature(struct compiler *c, const struct stmt *s, PyObject *name)
{
	static const char *const known[] = {"nested_scopes",    "generators",     "division",
					    "absolute_import",  "with_statement", "print_function",
					    "unicode_literals", "barry_as_FLUFL", "generator_stop"};

	if (PyUnicode_CompareWithASCIIString(name, "annotations") == 0) {
		c->flags |= CO_FUTURE_ANNOTATIONS;
		return 0;
	}
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (PyUnicode_CompareWithASCIIString(name, known[i]) == 0)
			return 0;
	}
	if (PyUnicode_CompareWithASCIIString(name, "braces") == 0)
		return future_error(c, s, "not a chance", name);
	return future_error(c, s, "future feature %U is not defined", name);
}

int find_future(struct compiler *c, const struct module *m)
{
	int first = m->kind != MODULE_EVAL && ast_docstring(&m->body) != NULL;

	for (int i = first; m->kind != MODULE_EVAL && i < m->body.n; i++) {
		struct stmt *s = stmt_at(&m->body, i);

		if (!is_future(s))
			break;
		for (int j = 0; j < s->import.names.n; j++)
			TRY(future_feature(c, s, ((struct alias *)s->import.names.v[j])->name));
		c->last_future_line = s->at.line;
	}
	return 0;
}
