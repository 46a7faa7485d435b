/* SPDX-License-Identifier: BSD-2-Clause */
/* Where each name of each scope lives. Parents are resolved before their children. */
#include "compiler/object_api.h"
#include "compiler/symtable.h"

static int directive_error(struct symtable *st, struct scope *s, PyObject *name, const char *format)
{
	PyErr_Format(PyExc_SyntaxError, format, name);
	for (int i = 0; i < s->directives.n; i++) {
		struct directive *d = s->directives.v[i];

		if (d->name == name) {
			location_attach(st->filename, d->at.line, d->at.col + 1, d->at.end_line,
					d->at.end_col + 1);
			break;
		}
	}
	return -1;
}

static bool is_class_cell(PyObject *name)
{
	return PyUnicode_CompareWithASCIIString(name, "__class__") == 0;
}

/* The scope around s that binds name for it; NULL: a global, *global_declared tells if by word. */
static struct scope *find_binding(struct scope *s, PyObject *name)
{
	for (struct scope *p = s->parent; p; p = p->parent) {
		struct symbol *sym;

		if (p->kind == SCOPE_CLASS && is_class_cell(name))
			return p;
		if (p->kind != SCOPE_FUNCTION)
			continue;
		sym = scope_symbol(p, name);
		if (!sym || sym->home == HOME_GLOBAL_IMPLICIT)
			continue;
		if (sym->home == HOME_GLOBAL_EXPLICIT)
			return NULL;
		if (sym->home == HOME_LOCAL || sym->home == HOME_CELL)
			return p;
	}
	return NULL;
}

/* Every scope between the binding and s hands the cell on. */
static int hand_through(struct symtable *st, struct scope *s, struct scope *binding, PyObject *name)
{
	for (struct scope *p = s->parent; p != binding; p = p->parent) {
		struct symbol *sym = scope_symbol(p, name);

		if (sym && p->kind == SCOPE_CLASS && (sym->use & (SYM_BOUND | SYM_GLOBAL))) {
			sym->use |= SYM_FREE_CLASS;
			continue;
		}
		if (!sym) {
			sym = arena_alloc(st->arena, sizeof(*sym));
			if (!sym || !seq_push(st->arena, &p->symbols, sym) ||
			    !ptrmap_put(st->arena, &p->index, name, sym))
				return -1;
			sym->name = name;
		}
		sym->home = HOME_FREE;
	}
	if (binding->kind == SCOPE_CLASS)
		binding->needs_class_cell = true;
	else
		scope_symbol(binding, name)->home = HOME_CELL;
	return 0;
}

static int resolve_name(struct symtable *st, struct scope *s, struct symbol *sym)
{
	struct scope *binding;

	if (sym->use & SYM_GLOBAL) {
		if (sym->use & SYM_NONLOCAL)
			return directive_error(st, s, sym->name,
					       "name '%U' is nonlocal and global");
		sym->home = HOME_GLOBAL_EXPLICIT;
		return 0;
	}
	if (sym->use & SYM_NONLOCAL) {
		if (s->kind == SCOPE_MODULE)
			return directive_error(st, s, sym->name,
					       "nonlocal declaration not allowed at module level");
		binding = find_binding(s, sym->name);
		if (!binding)
			return directive_error(st, s, sym->name,
					       "no binding for nonlocal '%U' found");
	} else if (sym->use & SYM_BOUND) {
		sym->home = HOME_LOCAL;
		return 0;
	} else {
		binding = find_binding(s, sym->name);
	}
	sym->home = binding ? HOME_FREE : HOME_GLOBAL_IMPLICIT;
	return binding ? hand_through(st, s, binding, sym->name) : 0;
}

int symtable_resolve(struct symtable *st, struct scope *s)
{
	for (int i = 0; i < s->symbols.n; i++) {
		struct symbol *sym = s->symbols.v[i];

		if (sym->home == HOME_UNKNOWN && resolve_name(st, s, sym) < 0)
			return -1;
	}
	for (int i = 0; i < s->children.n; i++) {
		if (symtable_resolve(st, s->children.v[i]) < 0)
			return -1;
	}
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	return PyUnicode_Compare(*(PyObject *const *)a, *(PyObject *const *)b);
}

bool scope_sorted_names(struct arena *a, const struct scope *s, enum symbol_home home, int use,
			struct seq *ret)
{
	*ret = (struct seq){0};
	for (int i = 0; i < s->symbols.n; i++) {
		struct symbol *sym = s->symbols.v[i];

		if ((sym->home == home || (sym->use & use)) && !seq_push(a, ret, sym->name))
			return false;
	}
	if (ret->n > 1)
		qsort(ret->v, (size_t)ret->n, sizeof(*ret->v), compare_names);
	return true;
}
