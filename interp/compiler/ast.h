/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The abstract syntax tree, in the shape of CPython's `ast` module. Nodes live in an arena; names
 * (interned str) and constants are objects that the arena owns.
 */
#ifndef MINIPY_COMPILER_AST_H
#define MINIPY_COMPILER_AST_H

#include "compiler/source.h"

struct expr;
struct stmt;

enum expr_context { CTX_LOAD, CTX_STORE, CTX_DEL };

/* In the order of BINARY_OP's argument. */
enum binary_operator {
	BIN_ADD,
	BIN_AND,
	BIN_FLOORDIV,
	BIN_LSHIFT,
	BIN_MATMUL,
	BIN_MUL,
	BIN_MOD,
	BIN_OR,
	BIN_POW,
	BIN_RSHIFT,
	BIN_SUB,
	BIN_DIV,
	BIN_XOR,
};
enum unary_operator { UNARY_INVERT_OP, UNARY_NOT_OP, UNARY_PLUS_OP, UNARY_MINUS_OP };
/* The first six are Py_LT ... */
enum compare_operator {
	CMP_LT,
	CMP_LE,
	CMP_EQ,
	CMP_NE,
	CMP_GT,
	CMP_GE,
	CMP_IS,
	CMP_IS_NOT,
	CMP_IN,
	CMP_NOT_IN,
};

struct argument {
	struct location at;
	PyObject *name;
	struct expr *annotation; /* or NULL */
};

struct arguments {
	struct seq posonly, args, kwonly; /* struct argument */
	struct argument *vararg, *kwarg;  /* or NULL */
	struct seq defaults;              /* struct expr, of the last positional ones */
	struct seq kw_defaults;           /* struct expr or NULL, one for each of kwonly */
};

struct keyword {
	struct location at;
	PyObject *name; /* NULL: ** */
	struct expr *value;
};

struct comprehension {
	struct expr *target, *iter;
	struct seq ifs; /* struct expr */
	bool is_async;
};

enum expr_kind {
	EXPR_BOOL_OP,
	EXPR_NAMED,
	EXPR_BIN_OP,
	EXPR_UNARY_OP,
	EXPR_LAMBDA,
	EXPR_IF,
	EXPR_DICT,
	EXPR_SET,
	EXPR_LIST_COMP,
	EXPR_SET_COMP,
	EXPR_DICT_COMP,
	EXPR_GENERATOR,
	EXPR_AWAIT,
	EXPR_YIELD,
	EXPR_YIELD_FROM,
	EXPR_COMPARE,
	EXPR_CALL,
	EXPR_FORMATTED,
	EXPR_JOINED,
	EXPR_CONSTANT,
	EXPR_ATTRIBUTE,
	EXPR_SUBSCRIPT,
	EXPR_STARRED,
	EXPR_NAME,
	EXPR_LIST,
	EXPR_TUPLE,
	EXPR_SLICE,
};

struct expr {
	uint8_t kind; /* enum expr_kind */
	uint8_t ctx;  /* enum expr_context of attribute, subscript, starred, name, list, tuple */
	bool parens;  /* written in parentheses of its own */
	bool folded;  /* the compiler has tried to make a constant of it */
	struct location at;
	union {
		struct {
			bool is_or;
			struct seq values;
		} bool_op;
		struct {
			struct expr *target, *value;
		} named;
		struct {
			struct expr *left, *right;
			enum binary_operator op;
		} bin_op;
		struct {
			struct expr *operand;
			enum unary_operator op;
		} unary_op;
		struct {
			struct arguments *args;
			struct expr *body;
		} lambda;
		struct {
			struct expr *test, *body, *orelse;
		} if_exp;
		struct {
			struct seq keys, values; /* key NULL: ** */
		} dict;
		struct {
			struct seq items;
		} list; /* set, list, tuple */
		struct {
			struct expr *elt, *value; /* value: of a dict comprehension */
			struct seq generators;
		} comp;
		struct {
			struct expr *value;
		} wrap; /* await, yield (value or NULL), yield from, starred */
		struct {
			struct expr *left;
			struct seq comparators;
			uint8_t *ops; /* enum compare_operator, one for each comparator */
		} compare;
		struct {
			struct expr *func;
			struct seq args, keywords;
		} call;
		struct {
			struct expr *value, *spec; /* spec: joined, or NULL */
			int conversion;            /* 's', 'r', 'a' or -1 */
		} formatted;
		struct {
			struct seq values;
		} joined;
		struct {
			PyObject *value;
			bool is_u; /* u'' */
		} constant;
		struct {
			struct expr *value;
			PyObject *name;
		} attribute;
		struct {
			struct expr *value, *index;
		} subscript;
		struct {
			PyObject *id;
		} name;
		struct {
			struct expr *lower, *upper, *step; /* or NULL */
		} slice;
	};
};

enum pattern_kind {
	PATTERN_VALUE,
	PATTERN_SINGLETON,
	PATTERN_SEQUENCE,
	PATTERN_MAPPING,
	PATTERN_CLASS,
	PATTERN_STAR,
	PATTERN_AS,
	PATTERN_OR,
};

struct pattern {
	uint8_t kind;
	struct location at;
	union {
		struct expr *value;
		PyObject *singleton;
		struct seq patterns; /* sequence, or */
		struct {
			struct seq keys, patterns;
			PyObject *rest; /* or NULL */
		} mapping;
		struct {
			struct expr *cls;
			struct seq patterns, names, kwd_patterns; /* names: PyObject */
		} cls;
		PyObject *star; /* name, or NULL for _ */
		struct {
			struct pattern *pattern; /* or NULL */
			PyObject *name;          /* NULL: the wildcard */
		} as;
	};
};

struct match_case {
	struct pattern *pattern;
	struct expr *guard; /* or NULL */
	struct seq body;
};

struct except_handler {
	struct location at;
	struct expr *type; /* or NULL */
	PyObject *name;    /* or NULL */
	struct seq body;
};

struct with_item {
	struct expr *context, *vars; /* vars or NULL */
};

struct alias {
	struct location at;
	PyObject *name, *asname; /* asname or NULL */
};

enum stmt_kind {
	STMT_FUNCTION,
	STMT_CLASS,
	STMT_RETURN,
	STMT_DELETE,
	STMT_ASSIGN,
	STMT_AUG_ASSIGN,
	STMT_ANN_ASSIGN,
	STMT_FOR,
	STMT_WHILE,
	STMT_IF,
	STMT_WITH,
	STMT_MATCH,
	STMT_RAISE,
	STMT_TRY,
	STMT_ASSERT,
	STMT_IMPORT,
	STMT_IMPORT_FROM,
	STMT_GLOBAL,
	STMT_NONLOCAL,
	STMT_EXPR,
	STMT_PASS,
	STMT_BREAK,
	STMT_CONTINUE,
};

struct stmt {
	uint8_t kind;  /* enum stmt_kind */
	bool is_async; /* function, for, with */
	struct location at;
	union {
		struct {
			PyObject *name;
			struct arguments *args;
			struct seq body, decorators;
			struct expr *returns; /* or NULL */
		} function;
		struct {
			PyObject *name;
			struct seq bases, keywords, body, decorators;
		} cls;
		struct expr *value; /* return (or NULL), expression */
		struct seq targets; /* delete */
		struct {
			struct seq targets;
			struct expr *value;
		} assign;
		struct {
			struct expr *target, *value;
			enum binary_operator op;
		} aug_assign;
		struct {
			struct expr *target, *annotation, *value; /* value or NULL */
			bool simple;                              /* a name without parentheses */
		} ann_assign;
		struct {
			struct expr *target, *iter;
			struct seq body, orelse;
		} loop; /* for */
		struct {
			struct expr *test;
			struct seq body, orelse;
		} test; /* while, if */
		struct {
			struct seq items, body;
		} with;
		struct {
			struct expr *subject;
			struct seq cases;
		} match;
		struct {
			struct expr *exc, *cause; /* or NULL */
		} raise;
		struct {
			struct seq body, handlers, orelse, finalbody;
			bool star; /* except* */
		} try;
		struct {
			struct expr *test, *msg; /* msg or NULL */
		} assertion;
		struct {
			PyObject *module; /* of from: or NULL */
			struct seq names; /* struct alias */
			int level;
		} import;
		struct seq names; /* global, nonlocal: PyObject */
	};
};

enum module_kind { MODULE_EXEC, MODULE_SINGLE, MODULE_EVAL };

struct module {
	enum module_kind kind;
	struct seq body;   /* struct stmt */
	struct expr *expr; /* of MODULE_EVAL */
};

static inline struct expr *expr_at(const struct seq *s, int i)
{
	return s->v[i];
}
static inline struct stmt *stmt_at(const struct seq *s, int i)
{
	return s->v[i];
}
/* The docstring's expression of a body, or NULL. */
struct expr *ast_docstring(const struct seq *body);
/* What an expression is called in error messages, "function call". */
const char *expr_describe(const struct expr *e);

#endif
