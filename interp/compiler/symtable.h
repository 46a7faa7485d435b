/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The symbol table: for each scope of a syntax tree, what its names are. Two steps: collect (what a
 * scope does with a name), then resolve (where the name lives).
 */
#ifndef MINIPY_COMPILER_SYMTABLE_H
#define MINIPY_COMPILER_SYMTABLE_H

#include "compiler/ast.h"
#include "compiler/ptrmap.h"

enum symbol_use {
	SYM_GLOBAL = 0x001, /* global x */
	SYM_LOCAL = 0x002,  /* assigned to */
	SYM_PARAM = 0x004,
	SYM_NONLOCAL = 0x008, /* nonlocal x */
	SYM_USE = 0x010,
	SYM_IMPORT = 0x080,
	SYM_ANNOTATED = 0x100,
	SYM_COMP_ITER = 0x200, /* target of a comprehension's for */
	/* A class body binds the name and also hands a free variable of that name through. */
	SYM_FREE_CLASS = 0x400,
	SYM_BOUND = SYM_LOCAL | SYM_PARAM | SYM_IMPORT,
};

enum symbol_home {
	HOME_UNKNOWN,
	HOME_LOCAL,
	HOME_GLOBAL_EXPLICIT,
	HOME_GLOBAL_IMPLICIT,
	HOME_FREE,
	HOME_CELL,
};

struct symbol {
	PyObject *name; /* interned, mangled */
	int use;        /* SYM_* */
	enum symbol_home home;
};

enum scope_kind { SCOPE_MODULE, SCOPE_CLASS, SCOPE_FUNCTION };
enum comprehension_kind { COMP_NONE, COMP_LIST, COMP_SET, COMP_DICT, COMP_GENERATOR };

struct scope {
	enum scope_kind kind;
	enum comprehension_kind comprehension;
	PyObject *name;
	PyObject *private_name; /* of the class around, for __x; or NULL */
	struct scope *parent;   /* NULL: module */
	struct seq children;    /* struct scope */
	struct ptrmap index;    /* name -> struct symbol */
	struct seq symbols;     /* struct symbol, in the order of their appearance */
	struct seq params;      /* names of parameters, in slot order */
	struct seq directives;  /* struct directive: global and nonlocal, for errors */
	bool nested;            /* a function is around */
	bool generator, coroutine, varargs, varkeywords;
	bool needs_class_cell; /* a method uses __class__ */
	bool in_comp_target;   /* while collecting: names are targets of a comprehension */
	int comp_iter_depth;   /* while collecting: inside a comprehension's iterable */
	struct location at;
};

struct symtable {
	struct arena *arena;
	PyObject *filename;
	struct scope *top;
	struct ptrmap scopes; /* tree node -> struct scope */
	bool future_annotations;
	struct scope *current;
	PyObject *private_name;
	int depth;
};

/* 0, or -1 with SyntaxError or RecursionError. */
int symtable_build(struct symtable *st, struct arena *a, PyObject *filename, struct module *m,
		   bool future_annotations);
struct scope *symtable_scope(const struct symtable *st, const void *node);
struct symbol *scope_symbol(const struct scope *s, PyObject *name); /* mangled; NULL: none */
/* _Class__name for a private name inside a class, else the name itself; owned by the arena. */
PyObject *mangle_name(struct arena *a, PyObject *private_name, PyObject *name);
/* Names of that home (or with that use), sorted. False with MemoryError. */
bool scope_sorted_names(struct arena *a, const struct scope *s, enum symbol_home home, int use,
			struct seq *ret);
/* Resolves all names (symtable_resolve.c): 0 or -1 with SyntaxError. */
int symtable_resolve(struct symtable *st, struct scope *s);

struct directive {
	PyObject *name;
	struct location at;
};

#endif
