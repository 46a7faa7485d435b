/* SPDX-License-Identifier: BSD-2-Clause */
#include "compiler/ast.h"

#include "compiler/object_api.h"

struct expr *ast_docstring(const struct seq *body)
{
	struct stmt *first = body->n ? stmt_at(body, 0) : NULL;

	if (first && first->kind == STMT_EXPR && first->value->kind == EXPR_CONSTANT &&
	    PyUnicode_CheckExact(first->value->constant.value))
		return first->value;
	return NULL;
}

static const char *describe_constant(PyObject *value)
{
	if (value == Py_None)
		return "None";
	if (value == Py_True)
		return "True";
	if (value == Py_False)
		return "False";
	return value == Py_Ellipsis ? "ellipsis" : "literal";
}

const char *expr_describe(const struct expr *e)
{
	static const char *const words[] = {
		[EXPR_BOOL_OP] = "expression",
		[EXPR_NAMED] = "named expression",
		[EXPR_BIN_OP] = "expression",
		[EXPR_UNARY_OP] = "expression",
		[EXPR_LAMBDA] = "lambda",
		[EXPR_IF] = "conditional expression",
		[EXPR_DICT] = "dict literal",
		[EXPR_SET] = "set display",
		[EXPR_LIST_COMP] = "list comprehension",
		[EXPR_SET_COMP] = "set comprehension",
		[EXPR_DICT_COMP] = "dict comprehension",
		[EXPR_GENERATOR] = "generator expression",
		[EXPR_AWAIT] = "await expression",
		[EXPR_YIELD] = "yield expression",
		[EXPR_YIELD_FROM] = "yield expression",
		[EXPR_COMPARE] = "comparison",
		[EXPR_CALL] = "function call",
		[EXPR_FORMATTED] = "f-string expression",
		[EXPR_JOINED] = "f-string expression",
		[EXPR_ATTRIBUTE] = "attribute",
		[EXPR_SUBSCRIPT] = "subscript",
		[EXPR_STARRED] = "starred",
		[EXPR_NAME] = "name",
		[EXPR_LIST] = "list",
		[EXPR_TUPLE] = "tuple",
		[EXPR_SLICE] = "slice",
	};

	return e->kind == EXPR_CONSTANT ? describe_constant(e->constant.value) : words[e->kind];
}
