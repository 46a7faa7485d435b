/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the compiler's files share: the syntax tree becomes instructions, unit by unit (a unit is
 * one code object in the making), and the assembler makes the code object of them.
 *
 * Functions return 0, or -1 with an exception.
 */
#ifndef MINIPY_COMPILER_COMPILE_H
#define MINIPY_COMPILER_COMPILE_H

#include "compiler/ast.h"
#include "compiler/object_api.h"
#include "compiler/symtable.h"

#include "vm/opcode.h"

/* What is no instruction but tells the assembler where exceptions go. */
enum {
	PSEUDO_FIRST = OP_COUNT,
	PSEUDO_SETUP_FINALLY = OP_COUNT, /* handler: [..., exc] */
	PSEUDO_SETUP_CLEANUP,            /* handler: [..., lasti, exc] */
	PSEUDO_SETUP_WITH,               /* like cleanup, without the item now on top */
	PSEUDO_POP_BLOCK,
	PSEUDO_JUMP, /* forwards or backwards, as the assembler finds */
};

struct instr {
	uint8_t op;
	int arg;            /* or the label of a jump or setup */
	struct location at; /* line < 0: that of the instruction before */
};

enum fblock_kind {
	FBLOCK_WHILE,
	FBLOCK_FOR,
	FBLOCK_TRY_EXCEPT,
	FBLOCK_FINALLY_TRY,
	FBLOCK_FINALLY_END,
	FBLOCK_WITH,
	FBLOCK_ASYNC_WITH,
	FBLOCK_HANDLER_CLEANUP,
	FBLOCK_POP_VALUE,
	FBLOCK_EXCEPTION_HANDLER,
	FBLOCK_EXCEPTION_GROUP_HANDLER,
	FBLOCK_ASYNC_COMPREHENSION,
};

/* A construct that return, break and continue must undo on their way out. */
struct fblock {
	enum fblock_kind kind;
	int start, exit;             /* labels: of continue and of break */
	const struct seq *finalbody; /* FINALLY_TRY */
	PyObject *name;              /* HANDLER_CLEANUP: the name to clear, or NULL */
	struct location at;          /* of a with statement */
};

#define MAX_FBLOCKS 20

enum unit_kind {
	UNIT_MODULE,
	UNIT_CLASS,
	UNIT_FUNCTION,
	UNIT_ASYNC_FUNCTION,
	UNIT_LAMBDA,
	UNIT_COMPREHENSION
};

/* Names or constants in the order of their first use. */
struct name_table {
	struct seq items;
	struct ptrmap index; /* name -> position + 1 */
};

struct unit {
	struct unit *parent;
	enum unit_kind kind;
	struct scope *scope;
	PyObject *name, *qualname, *private_name;
	int firstlineno;
	int argcount, posonlyargcount, kwonlyargcount;
	struct instr *code;
	int ncode, capacity;
	int *labels; /* label -> instruction, -1 until placed */
	int nlabels, labels_capacity;
	int last_label;     /* where the newest placed label stands */
	struct location at; /* of what is emitted now */
	struct seq consts;
	PyObject *const_index; /* dict: key -> position */
	struct name_table names, varnames;
	struct seq cellvars, freevars; /* names, sorted */
	struct fblock fblocks[MAX_FBLOCKS];
	int nfblocks;
};

struct compiler {
	struct arena *arena;
	const struct source *source;
	PyObject *filename;
	struct symtable symtable;
	struct unit *unit;
	int flags; /* CO_FUTURE_ANNOTATIONS */
	int depth;
	bool interactive;
	int last_future_line; /* of the last statement that may still be a __future__ import */
};

#define TRY(call)                  \
	do {                       \
		if ((call) < 0)    \
			return -1; \
	} while (0)

/* -- compile.c: units, emission, names */
int unit_enter(struct compiler *c, enum unit_kind kind, PyObject *name, const void *node, int line);
void unit_leave(struct compiler *c);
int emit(struct compiler *c, int op, int arg);
int emit_const(struct compiler *c, PyObject *value);       /* LOAD_CONST; borrowed */
int emit_name(struct compiler *c, int op, PyObject *name); /* NAME argument, mangled */
int emit_nameop(struct compiler *c, PyObject *name, enum expr_context ctx);
int new_label(struct compiler *c); /* -1 with MemoryError */
int emit_jump(struct compiler *c, int op, int label);
void place_label(struct compiler *c, int label); /* at what is emitted next */
void set_location(struct compiler *c, struct location at);
void unset_location(struct compiler *c);
int compile_error(struct compiler *c, struct location at, const char *format, ...);
int add_const(struct compiler *c, PyObject *value); /* its index, or -1 */
int name_index(struct compiler *c, struct name_table *t, PyObject *name);
PyObject *intern(struct compiler *c, const char *text); /* owned by the arena */
int forbid_name(struct compiler *c, PyObject *name, enum expr_context ctx);
int recurse(struct compiler *c); /* -1 with RecursionError; else undo by c->depth-- */
int add_return_none(struct compiler *c);

/* -- fold.c */
int fold(struct compiler *c,
	 struct expr *e); /* makes constants of constant expressions, in place */
/* A tuple of the items' values when all are constants, owned by the arena; else NULL. */
PyObject *fold_items(struct compiler *c, const struct seq *items);

/* -- compile_expr.c */
int visit_expr(struct compiler *c, struct expr *e);
int visit_exprs(struct compiler *c, const struct seq *s);
int jump_if(struct compiler *c, struct expr *e, int label, bool when);
void locate_attribute(struct compiler *c, const struct expr *e);
int emit_yield_from(struct compiler *c, bool await);
/* A list or set that nobody keeps becomes a tuple, or a constant tuple or frozenset. */
int tuple_for_list(struct compiler *c, struct expr *e);
int compile_display(struct compiler *c, const struct seq *items, enum expr_kind kind,
		    bool tuple_of_list);

/* -- compile_call.c */
int compile_call(struct compiler *c, struct expr *e);
/* The arguments of a call whose callable and `given` first values are on the stack; then the call.
 */
int compile_arguments(struct compiler *c, int given, const struct seq *args,
		      const struct seq *keywords, struct location at);

/* -- compile_comp.c */
int compile_comprehension(struct compiler *c, struct expr *e);

/* -- compile_func.c */
int compile_function(struct compiler *c, struct stmt *s);
int compile_class(struct compiler *c, struct stmt *s);
int compile_lambda(struct compiler *c, struct expr *e);
int compile_body(struct compiler *c, const struct seq *body); /* of modules and classes */
/* LOAD_CLOSURE ..., the code and MAKE_FUNCTION; takes the reference to code. */
int emit_closure(struct compiler *c, PyCodeObject *code, struct unit *inner, int flags);
/* An annotation: its value, or its text under the __future__ import. */
int compile_annotation(struct compiler *c, struct expr *e);

/* -- compile_stmt.c, compile_flow.c, compile_try.c, compile_match.c */
int visit_stmt(struct compiler *c, struct stmt *s);
int visit_body(struct compiler *c, const struct seq *s);
int compile_if(struct compiler *c, struct stmt *s);
int compile_while(struct compiler *c, struct stmt *s);
int compile_for(struct compiler *c, struct stmt *s);
int compile_with(struct compiler *c, struct stmt *s, int item);
int compile_return(struct compiler *c, struct stmt *s);
int compile_break(struct compiler *c, struct stmt *s);
int compile_continue(struct compiler *c, struct stmt *s);
int compile_try(struct compiler *c, struct stmt *s);
int compile_match(struct compiler *c, struct stmt *s);
int push_fblock(struct compiler *c, struct fblock block);
void pop_fblock(struct compiler *c);
int emit_cleanup(struct compiler *c); /* POP_EXCEPT and raise again */

/* -- compile_import.c */
int compile_import(struct compiler *c, struct stmt *s);
int compile_import_from(struct compiler *c, struct stmt *s);
/* Looks at the __future__ imports at the top of a module. */
int find_future(struct compiler *c, const struct module *m);

/* -- assemble.c */
PyCodeObject *assemble(struct compiler *c); /* of c->unit; new reference */

/* -- compile_warn.c: 0, or -1 when a filter makes the warning an error */
int warn_compare(struct compiler *c, struct expr *e);
int warn_call(struct compiler *c, struct expr *e);
int warn_subscript(struct compiler *c, struct expr *e);
int warn_assert(struct compiler *c, struct stmt *s);

#endif
