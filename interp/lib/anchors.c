/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Carets: the columns that a code unit's position names. For a binary operation or a subscript the
 * text is parsed again to find the operator or the brackets.
 */
#include "lib/anchors.h"

#include "compiler/parser.h"
#include "core/errors.h"
#include "objects/unicode.h"

/* The first operator between two byte columns of the text: [*start, *end). */
static bool operator_between(const char *text, int from, int to, struct PyCarets *ret)
{
	for (int i = from; i < to; i++) {
		if (text[i] == ' ' || text[i] == '\t' || text[i] == '(' || text[i] == ')')
			continue;
		ret->anchor_start = i;
		ret->anchor_end = i + 1;
		if (i + 1 < to && text[i + 1] != ' ' && text[i + 1] != '\t' && text[i + 1] != '(')
			ret->anchor_end++;
		return true;
	}
	return false;
}

/* Byte columns within text of what e is about; false: no anchor. */
static bool anchor_of(const struct expr *e, const char *text, struct PyCarets *ret)
{
	if (e->kind == EXPR_BIN_OP)
		return operator_between(text, e->bin_op.left->at.end_col, e->bin_op.right->at.col,
					ret);
	if (e->kind == EXPR_SUBSCRIPT) {
		ret->anchor_start = e->subscript.value->at.end_col;
		ret->anchor_end = e->subscript.index->at.end_col + 1;
		return true;
	}
	return false;
}

/* Parses text (one expression); byte columns into ret. */
static bool find_anchor(const char *text, Py_ssize_t len, struct PyCarets *ret)
{
	PyObject *filename = PyUnicode_FromString("<traceback>");
	struct arena arena;
	struct source source;
	bool found = false;

	arena_init(&arena);
	if (filename && source_init(&source, &arena, text, len, filename, false) == 0) {
		struct module *m = parser_run(&source, MODULE_EVAL, NULL);

		if (m && m->expr && m->expr->at.line == m->expr->at.end_line)
			found = anchor_of(m->expr, text, ret);
	}
	arena_deinit(&arena);
	Py_XDECREF(filename);
	if (PyErr_Occurred())
		PyErr_Clear();
	return found;
}

/* The character of a UTF-8 text that the byte column stands in. */
static Py_ssize_t to_character(const char *text, Py_ssize_t n, Py_ssize_t byte)
{
	Py_ssize_t ch = 0;

	for (Py_ssize_t i = 0; i < byte && i < n; i++)
		ch += (text[i] & 0xc0) != 0x80;
	return ch;
}

bool _PyCarets_Find(PyCodeObject *co, int unit, int lineno, PyObject *line, struct PyCarets *ret)
{
	int start_line, end_line, start, end;
	Py_ssize_t n;
	const char *text = PyUnicode_AsUTF8AndSize(line, &n);

	if (!text) {
		PyErr_Clear();
		return false;
	}
	PyCode_Addr2Location(co, unit, &start_line, &end_line, &start, &end);
	if (start_line != lineno || end_line < start_line || start < 0 || end < 0 || start > n)
		return false;
	ret->anchor_start = ret->anchor_end = -1;
	if (end_line > start_line) {
		end = (int)n;
		while (end > start && (text[end - 1] == ' ' || text[end - 1] == '\t'))
			end--;
	} else if (end > n || end <= start) {
		return false;
	} else {
		char *piece = PyMem_Malloc((size_t)(end - start) + 1);

		if (!piece)
			return false;
		memcpy(piece, text + start, (size_t)(end - start));
		piece[end - start] = 0;
		if (find_anchor(piece, end - start, ret)) {
			ret->anchor_start = to_character(text, n, start + ret->anchor_start);
			ret->anchor_end = to_character(text, n, start + ret->anchor_end);
		}
		PyMem_Free(piece);
	}
	ret->start = to_character(text, n, start);
	ret->end = to_character(text, n, end);
	return true;
}
