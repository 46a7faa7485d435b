/* SPDX-License-Identifier: BSD-2-Clause */
/* SyntaxWarnings: what is well-formed but cannot be meant. */
#include "compiler/compile.h"

#include "compiler/parser.h"
#include "objects/slice.h"
#include "objects/warn.h"

static int syntax_warning(struct compiler *c, struct location at, const char *format, ...)
{
	va_list va;

	va_start(va, format);
	PyObject *msg = PyUnicode_FromFormatV(format, va);

	va_end(va);
	int status =
		msg ? PyErr_WarnExplicitObject(PyExc_SyntaxWarning, msg, c->filename, at.line) : -1;

	/* A filter made it an error: then it is one of the source. */
	if (status < 0 && msg && PyErr_ExceptionMatches(PyExc_SyntaxWarning)) {
		PyErr_Clear();
		status = compile_error(c, at, "%U", msg);
	}
	Py_XDECREF(msg);
	return status;
}

static bool is_comparable_by_identity(const struct expr *e)
{
	if (e->kind != EXPR_CONSTANT)
		return true;
	PyObject *v = e->constant.value;

	return v == Py_None || v == Py_True || v == Py_False || v == Py_Ellipsis;
}

int warn_compare(struct compiler *c, struct expr *e)
{
	bool left = true, right;

	TRY(fold(c, e->compare.left));
	left = is_comparable_by_identity(e->compare.left);
	for (int i = 0; i < e->compare.comparators.n; i++, left = right) {
		int op = e->compare.ops[i];

		TRY(fold(c, expr_at(&e->compare.comparators, i)));
		right = is_comparable_by_identity(expr_at(&e->compare.comparators, i));
		if ((op == CMP_IS || op == CMP_IS_NOT) && !(left && right))
			return syntax_warning(
				c, e->at,
				op == CMP_IS ? "\"is\" with a literal. Did you mean \"==\"?"
					     : "\"is not\" with a literal. Did you mean "
					       "\"!=\"?");
	}
	return 0;
}

/* The name of the type that a display or literal makes; NULL for what may be anything. */
static const char *type_of(const struct expr *e)
{
	switch (e->kind) {
	case EXPR_CONSTANT: return Py_TYPE(e->constant.value)->tp_name;
	case EXPR_TUPLE: return "tuple";
	case EXPR_LIST:
	case EXPR_LIST_COMP: return "list";
	case EXPR_DICT:
	case EXPR_DICT_COMP: return "dict";
	case EXPR_SET:
	case EXPR_SET_COMP: return "set";
	case EXPR_GENERATOR: return "generator";
	case EXPR_JOINED:
	case EXPR_FORMATTED: return "str";
	case EXPR_LAMBDA: return "function";
	default: return NULL;
	}
}

int warn_call(struct compiler *c, struct expr *e)
{
	struct expr *func = e->call.func;
	const char *type = type_of(func);

	if (!type || func->kind == EXPR_LAMBDA)
		return 0;
	return syntax_warning(c, e->at,
			      "'%.200s' object is not callable; perhaps you missed a comma?", type);
}

static bool has_items(const struct expr *e)
{
	if (e->kind != EXPR_CONSTANT)
		return e->kind != EXPR_SET && e->kind != EXPR_SET_COMP &&
		       e->kind != EXPR_GENERATOR && e->kind != EXPR_LAMBDA;
	PyObject *v = e->constant.value;

	return !(v == Py_None || v == Py_Ellipsis || PyLong_Check(v) || PyFloat_Check(v) ||
		 PyComplex_Check(v) || PyFrozenSet_Check(v));
}

int warn_subscript(struct compiler *c, struct expr *e)
{
	struct expr *value = e->subscript.value, *index = e->subscript.index;
	const char *type = type_of(value), *by;

	if (e->ctx != CTX_LOAD || !type)
		return 0;
	if (!has_items(value))
		return syntax_warning(c, e->at,
				      "'%.200s' object is not subscriptable; perhaps you missed a "
				      "comma?",
				      type);
	by = type_of(index);
	if (value->kind == EXPR_DICT || value->kind == EXPR_DICT_COMP || !by ||
	    index->kind == EXPR_SLICE ||
	    (index->kind == EXPR_CONSTANT &&
	     (PyLong_Check(index->constant.value) || PySlice_Check(index->constant.value))))
		return 0;
	return syntax_warning(c, e->at,
			      "%.200s indices must be integers or slices, not %.200s; perhaps you "
			      "missed a comma?",
			      type, by);
}

int warn_assert(struct compiler *c, struct stmt *s)
{
	struct expr *test = s->assertion.test;
	bool always = test->kind == EXPR_TUPLE ? test->list.items.n > 0
		      : test->kind == EXPR_CONSTANT && PyTuple_Check(test->constant.value)
			      ? PyTuple_GET_SIZE(test->constant.value) > 0
			      : false;

	return always ? syntax_warning(c, s->at,
				       "assertion is always true, perhaps remove parentheses?")
		      : 0;
}
