/* SPDX-License-Identifier: BSD-2-Clause */
/* Collects what every scope does with its names. */
#include "compiler/symtable.h"

#include "compiler/depth.h"
#include "compiler/object_api.h"

static int visit_expr(struct symtable *st, struct expr *e);
static int visit_exprs(struct symtable *st, const struct seq *s);
static int visit_body(struct symtable *st, const struct seq *s);

#define TRY(call)                  \
	do {                       \
		if ((call) < 0)    \
			return -1; \
	} while (0)

/* -- Names and scopes -----------------------------------------------------------------------------
 */

static int error_at(struct symtable *st, struct location at, const char *format, ...)
{
	va_list va;

	va_start(va, format);
	PyErr_FormatV(PyExc_SyntaxError, format, va);
	va_end(va);
	location_attach(st->filename, at.line, at.col + 1, at.end_line, at.end_col + 1);
	return -1;
}

PyObject *mangle_name(struct arena *a, PyObject *private_name, PyObject *name)
{
	const char *text, *cls;
	size_t n;
	PyObject *mangled;

	if (!private_name || PyUnicode_GET_LENGTH(name) < 3 ||
	    PyUnicode_READ_CHAR(name, 0) != '_' || PyUnicode_READ_CHAR(name, 1) != '_')
		return name;
	text = PyUnicode_AsUTF8(name);
	cls = PyUnicode_AsUTF8(private_name);
	if (!text || !cls)
		return NULL;
	n = strlen(text);
	if ((text[n - 1] == '_' && text[n - 2] == '_') || strchr(text, '.'))
		return name;
	cls += strspn(cls, "_");
	if (!*cls)
		return name;
	mangled = PyUnicode_FromFormat("_%s%U", cls, name);
	if (mangled)
		PyUnicode_InternInPlace(&mangled);
	return arena_own(a, mangled);
}

struct symbol *scope_symbol(const struct scope *s, PyObject *name)
{
	return ptrmap_get(&s->index, name);
}

struct scope *symtable_scope(const struct symtable *st, const void *node)
{
	return ptrmap_get(&st->scopes, node);
}

static struct symbol *symbol_in(struct symtable *st, struct scope *s, PyObject *mangled)
{
	struct symbol *sym = scope_symbol(s, mangled);

	if (sym)
		return sym;
	sym = arena_alloc(st->arena, sizeof(*sym));
	if (!sym || !seq_push(st->arena, &s->symbols, sym) ||
	    !ptrmap_put(st->arena, &s->index, mangled, sym))
		return NULL;
	sym->name = mangled;
	return sym;
}

static int add_name(struct symtable *st, PyObject *name, int use, struct location at)
{
	struct scope *s = st->current;
	PyObject *mangled = mangle_name(st->arena, st->private_name, name);
	struct symbol *sym = mangled ? symbol_in(st, s, mangled) : NULL;

	if (!sym)
		return -1;
	if ((use & SYM_PARAM) && (sym->use & SYM_PARAM))
		return error_at(st, at, "duplicate argument '%U' in function definition", name);
	if (s->in_comp_target) {
		if (sym->use & (SYM_GLOBAL | SYM_NONLOCAL))
			return error_at(
				st, at,
				"comprehension inner loop cannot rebind assignment expression "
				"target '%U'",
				name);
		use |= SYM_COMP_ITER;
	}
	if ((use & SYM_PARAM) && !seq_push(st->arena, &s->params, mangled))
		return -1;
	sym->use |= use;
	if (use & SYM_GLOBAL) { /* the module stores it as a global too */
		sym = symbol_in(st, st->top, mangled);
		if (!sym)
			return -1;
		sym->use |= SYM_GLOBAL;
	}
	return 0;
}

static int enter(struct symtable *st, enum scope_kind kind, PyObject *name, const void *node,
		 struct location at)
{
	struct scope *s = arena_alloc(st->arena, sizeof(*s)), *parent = st->current;

	if (!s || !ptrmap_put(st->arena, &st->scopes, node, s))
		return -1;
	if (parent && !seq_push(st->arena, &parent->children, s))
		return -1;
	s->kind = kind;
	s->name = name;
	s->parent = parent;
	s->private_name = st->private_name;
	s->at = at;
	s->nested = parent && (parent->nested || parent->kind == SCOPE_FUNCTION);
	s->comp_iter_depth = parent ? parent->comp_iter_depth : 0;
	st->current = s;
	return 0;
}

static void leave(struct symtable *st)
{
	st->current = st->current->parent;
}

/* -- Functions
 * -------------------------------------------------------------------------------------- */

static int add_params(struct symtable *st, const struct seq *params)
{
	for (int i = 0; i < params->n; i++) {
		struct argument *a = params->v[i];

		TRY(add_name(st, a->name, SYM_PARAM, a->at));
	}
	return 0;
}

static int add_arguments(struct symtable *st, const struct arguments *args)
{
	TRY(add_params(st, &args->posonly));
	TRY(add_params(st, &args->args));
	TRY(add_params(st, &args->kwonly));
	if (args->vararg) {
		TRY(add_name(st, args->vararg->name, SYM_PARAM, args->vararg->at));
		st->current->varargs = true;
	}
	if (args->kwarg) {
		TRY(add_name(st, args->kwarg->name, SYM_PARAM, args->kwarg->at));
		st->current->varkeywords = true;
	}
	return 0;
}

static int visit_annotations_of(struct symtable *st, const struct seq *params)
{
	for (int i = 0; i < params->n; i++) {
		struct argument *a = params->v[i];

		TRY(visit_expr(st, a->annotation));
	}
	return 0;
}

/* Under `from __future__ import annotations` they stay text, and bind nothing. */
static int visit_annotation(struct symtable *st, struct expr *e)
{
	return st->future_annotations ? 0 : visit_expr(st, e);
}

static int visit_annotations(struct symtable *st, const struct arguments *args,
			     struct expr *returns)
{
	if (st->future_annotations)
		return 0;
	TRY(visit_annotations_of(st, &args->posonly));
	TRY(visit_annotations_of(st, &args->args));
	if (args->vararg)
		TRY(visit_expr(st, args->vararg->annotation));
	if (args->kwarg)
		TRY(visit_expr(st, args->kwarg->annotation));
	TRY(visit_annotations_of(st, &args->kwonly));
	return visit_expr(st, returns);
}

static int visit_function(struct symtable *st, struct stmt *s)
{
	TRY(add_name(st, s->function.name, SYM_LOCAL, s->at));
	TRY(visit_exprs(st, &s->function.args->defaults));
	TRY(visit_exprs(st, &s->function.args->kw_defaults));
	TRY(visit_annotations(st, s->function.args, s->function.returns));
	TRY(visit_exprs(st, &s->function.decorators));
	TRY(enter(st, SCOPE_FUNCTION, s->function.name, s, s->at));
	st->current->coroutine = s->is_async;
	TRY(add_arguments(st, s->function.args));
	TRY(visit_body(st, &s->function.body));
	leave(st);
	return 0;
}

static int visit_keywords(struct symtable *st, const struct seq *keywords)
{
	for (int i = 0; i < keywords->n; i++) {
		struct keyword *k = keywords->v[i];

		TRY(visit_expr(st, k->value));
	}
	return 0;
}

static int visit_class(struct symtable *st, struct stmt *s)
{
	PyObject *outer = st->private_name;

	TRY(add_name(st, s->cls.name, SYM_LOCAL, s->at));
	TRY(visit_exprs(st, &s->cls.bases));
	TRY(visit_keywords(st, &s->cls.keywords));
	TRY(visit_exprs(st, &s->cls.decorators));
	TRY(enter(st, SCOPE_CLASS, s->cls.name, s, s->at));
	st->private_name = st->current->private_name = s->cls.name;
	TRY(visit_body(st, &s->cls.body));
	st->private_name = outer;
	leave(st);
	return 0;
}

static PyObject *interned(struct symtable *st, const char *text)
{
	return arena_own(st->arena, PyUnicode_InternFromString(text));
}

static int visit_lambda(struct symtable *st, struct expr *e)
{
	PyObject *name = interned(st, "<lambda>");

	if (!name)
		return -1;
	TRY(visit_exprs(st, &e->lambda.args->defaults));
	TRY(visit_exprs(st, &e->lambda.args->kw_defaults));
	TRY(enter(st, SCOPE_FUNCTION, name, e, e->at));
	TRY(add_arguments(st, e->lambda.args));
	TRY(visit_expr(st, e->lambda.body));
	leave(st);
	return 0;
}

/* -- Comprehensions
 * ----------------------------------------------------------------------------------- */

static int visit_generator(struct symtable *st, struct comprehension *c, bool first)
{
	st->current->in_comp_target = true;
	TRY(visit_expr(st, c->target));
	st->current->in_comp_target = false;
	if (!first) {
		st->current->comp_iter_depth++;
		TRY(visit_expr(st, c->iter));
		st->current->comp_iter_depth--;
	}
	TRY(visit_exprs(st, &c->ifs));
	if (c->is_async)
		st->current->coroutine = true;
	return 0;
}

static int visit_comprehension(struct symtable *st, struct expr *e)
{
	static const struct {
		const char *name;
		enum comprehension_kind kind;
	} kinds[] = {
		[EXPR_LIST_COMP] = {"<listcomp>", COMP_LIST},
		[EXPR_SET_COMP] = {"<setcomp>", COMP_SET},
		[EXPR_DICT_COMP] = {"<dictcomp>", COMP_DICT},
		[EXPR_GENERATOR] = {"<genexpr>", COMP_GENERATOR},
	};
	struct comprehension *first = e->comp.generators.v[0];
	PyObject *name = interned(st, kinds[e->kind].name), *zero = interned(st, ".0");
	bool is_async;

	if (!name || !zero)
		return -1;
	st->current->comp_iter_depth++;
	TRY(visit_expr(st, first->iter));
	st->current->comp_iter_depth--;
	TRY(enter(st, SCOPE_FUNCTION, name, e, e->at));
	st->current->comprehension = kinds[e->kind].kind;
	st->current->coroutine = first->is_async;
	TRY(add_name(st, zero, SYM_PARAM, e->at));
	for (int i = 0; i < e->comp.generators.n; i++)
		TRY(visit_generator(st, e->comp.generators.v[i], i == 0));
	TRY(visit_expr(st, e->comp.value));
	TRY(visit_expr(st, e->comp.elt));
	st->current->generator = e->kind == EXPR_GENERATOR;
	is_async = st->current->coroutine && e->kind != EXPR_GENERATOR;
	leave(st);
	if (is_async)
		st->current->coroutine = true;
	return 0;
}

/* Where an assignment expression inside comprehensions binds: the nearest scope that is none. */
static int extend_named(struct symtable *st, struct expr *target)
{
	PyObject *name = mangle_name(st->arena, st->private_name, target->name.id);
	struct scope *s = st->current;
	struct symbol *sym;
	bool global;

	for (; s->comprehension; s = s->parent) {
		sym = scope_symbol(s, name);
		if (sym && (sym->use & SYM_COMP_ITER))
			return error_at(
				st, target->at,
				"assignment expression cannot rebind comprehension iteration "
				"variable '%U'",
				target->name.id);
	}
	if (s->kind == SCOPE_CLASS)
		return error_at(
			st, target->at,
			"assignment expression within a comprehension cannot be used in a class "
			"body");
	sym = symbol_in(st, s, name);
	if (!sym)
		return -1;
	global = s->kind == SCOPE_MODULE || (sym->use & SYM_GLOBAL);
	sym->use |= s->kind == SCOPE_MODULE ? SYM_GLOBAL : global ? 0 : SYM_LOCAL;
	return add_name(st, target->name.id, global ? SYM_GLOBAL : SYM_NONLOCAL, target->at);
}

static int visit_named(struct symtable *st, struct expr *e)
{
	if (st->current->comp_iter_depth > 0)
		return error_at(st, e->at,
				"assignment expression cannot be used in a comprehension iterable "
				"expression");
	if (st->current->comprehension)
		TRY(extend_named(st, e->named.target));
	TRY(visit_expr(st, e->named.value));
	return visit_expr(st, e->named.target);
}

/* -- Expressions
 * --------------------------------------------------------------------------------------- */

static int visit_name(struct symtable *st, struct expr *e)
{
	TRY(add_name(st, e->name.id, e->ctx == CTX_LOAD ? SYM_USE : SYM_LOCAL, e->at));
	if (e->ctx == CTX_LOAD && st->current->kind == SCOPE_FUNCTION &&
	    PyUnicode_CompareWithASCIIString(e->name.id, "super") == 0) {
		PyObject *name = interned(st, "__class__");

		return name ? add_name(st, name, SYM_USE, e->at) : -1;
	}
	return 0;
}

static int visit_yield(struct symtable *st, struct expr *e)
{
	static const char *const where[] = {
		[COMP_LIST] = "list comprehension",
		[COMP_SET] = "set comprehension",
		[COMP_DICT] = "dict comprehension",
		[COMP_GENERATOR] = "generator expression",
	};

	TRY(visit_expr(st, e->wrap.value));
	st->current->generator = true;
	if (st->current->comprehension)
		return error_at(st, e->at, "'yield' inside %s", where[st->current->comprehension]);
	return 0;
}

static int visit_children(struct symtable *st, struct expr *e)
{
	switch (e->kind) {
	case EXPR_BOOL_OP: return visit_exprs(st, &e->bool_op.values);
	case EXPR_BIN_OP:
		TRY(visit_expr(st, e->bin_op.left));
		return visit_expr(st, e->bin_op.right);
	case EXPR_UNARY_OP: return visit_expr(st, e->unary_op.operand);
	case EXPR_IF:
		TRY(visit_expr(st, e->if_exp.test));
		TRY(visit_expr(st, e->if_exp.body));
		return visit_expr(st, e->if_exp.orelse);
	case EXPR_DICT:
		TRY(visit_exprs(st, &e->dict.keys));
		return visit_exprs(st, &e->dict.values);
	case EXPR_SET:
	case EXPR_LIST:
	case EXPR_TUPLE: return visit_exprs(st, &e->list.items);
	case EXPR_COMPARE:
		TRY(visit_expr(st, e->compare.left));
		return visit_exprs(st, &e->compare.comparators);
	case EXPR_CALL:
		TRY(visit_expr(st, e->call.func));
		TRY(visit_exprs(st, &e->call.args));
		return visit_keywords(st, &e->call.keywords);
	case EXPR_FORMATTED:
		TRY(visit_expr(st, e->formatted.value));
		return visit_expr(st, e->formatted.spec);
	case EXPR_JOINED: return visit_exprs(st, &e->joined.values);
	case EXPR_ATTRIBUTE: return visit_expr(st, e->attribute.value);
	case EXPR_SUBSCRIPT:
		TRY(visit_expr(st, e->subscript.value));
		return visit_expr(st, e->subscript.index);
	case EXPR_STARRED: return visit_expr(st, e->wrap.value);
	case EXPR_SLICE:
		TRY(visit_expr(st, e->slice.lower));
		TRY(visit_expr(st, e->slice.upper));
		return visit_expr(st, e->slice.step);
	case EXPR_NAMED: return visit_named(st, e);
	case EXPR_LAMBDA: return visit_lambda(st, e);
	case EXPR_LIST_COMP:
	case EXPR_SET_COMP:
	case EXPR_DICT_COMP:
	case EXPR_GENERATOR: return visit_comprehension(st, e);
	case EXPR_YIELD:
	case EXPR_YIELD_FROM: return visit_yield(st, e);
	case EXPR_AWAIT:
		TRY(visit_expr(st, e->wrap.value));
		st->current->coroutine = true;
		return 0;
	case EXPR_NAME: return visit_name(st, e);
	default: return 0; /* constant */
	}
}

static int visit_expr(struct symtable *st, struct expr *e)
{
	int error;

	if (!e)
		return 0;
	if (++st->depth > COMPILER_MAX_DEPTH || depth_stack_is_low()) {
		PyErr_SetString(PyExc_RecursionError,
				"maximum recursion depth exceeded during compilation");
		return -1;
	}
	error = visit_children(st, e);
	st->depth--;
	return error;
}

static int visit_exprs(struct symtable *st, const struct seq *s)
{
	for (int i = 0; i < s->n; i++)
		TRY(visit_expr(st, expr_at(s, i)));
	return 0;
}

/* -- Statements
 * ----------------------------------------------------------------------------------------- */

static int visit_ann_assign(struct symtable *st, struct stmt *s)
{
	struct expr *target = s->ann_assign.target;

	if (target->kind == EXPR_NAME) {
		PyObject *name = mangle_name(st->arena, st->private_name, target->name.id);
		struct symbol *sym = name ? scope_symbol(st->current, name) : NULL;

		if (sym && (sym->use & (SYM_GLOBAL | SYM_NONLOCAL)) && s->ann_assign.simple &&
		    st->current->kind != SCOPE_MODULE)
			return error_at(st, s->at,
					(sym->use & SYM_GLOBAL)
						? "annotated name '%U' can't be global"
						: "annotated name '%U' can't be nonlocal",
					target->name.id);
		if (s->ann_assign.simple)
			TRY(add_name(st, target->name.id, SYM_ANNOTATED | SYM_LOCAL, target->at));
		else if (s->ann_assign.value)
			TRY(add_name(st, target->name.id, SYM_LOCAL, target->at));
	} else {
		TRY(visit_expr(st, target));
	}
	TRY(visit_annotation(st, s->ann_assign.annotation));
	return visit_expr(st, s->ann_assign.value);
}

static const char *declaration_problem(int use, bool global)
{
	if (use & SYM_PARAM)
		return global ? "name '%U' is parameter and global"
			      : "name '%U' is parameter and nonlocal";
	if (use & SYM_USE)
		return global ? "name '%U' is used prior to global declaration"
			      : "name '%U' is used prior to nonlocal declaration";
	if (use & SYM_ANNOTATED)
		return global ? "annotated name '%U' can't be global"
			      : "annotated name '%U' can't be nonlocal";
	return global ? "name '%U' is assigned to before global declaration"
		      : "name '%U' is assigned to before nonlocal declaration";
}

static int visit_declaration(struct symtable *st, struct stmt *s)
{
	bool global = s->kind == STMT_GLOBAL;

	for (int i = 0; i < s->names.n; i++) {
		PyObject *name = s->names.v[i];
		PyObject *mangled = mangle_name(st->arena, st->private_name, name);
		struct symbol *sym = mangled ? scope_symbol(st->current, mangled) : NULL;
		struct directive *d = arena_alloc(st->arena, sizeof(*d));

		if (sym && (sym->use & (SYM_PARAM | SYM_LOCAL | SYM_USE | SYM_ANNOTATED)))
			return error_at(st, s->at, declaration_problem(sym->use, global), name);
		if (!d || !mangled)
			return -1;
		d->name = mangled;
		d->at = s->at;
		TRY(add_name(st, name, global ? SYM_GLOBAL : SYM_NONLOCAL, s->at));
		if (!seq_push(st->arena, &st->current->directives, d))
			return -1;
	}
	return 0;
}

static int visit_alias(struct symtable *st, struct alias *a)
{
	PyObject *name = a->asname ? a->asname : a->name;
	Py_ssize_t dot = PyUnicode_FindChar(name, '.', 0, PyUnicode_GET_LENGTH(name), 1);

	if (PyUnicode_CompareWithASCIIString(name, "*") == 0) {
		if (st->current->kind != SCOPE_MODULE)
			return error_at(st, a->at, "import * only allowed at module level");
		return 0;
	}
	if (dot >= 0) {
		PyObject *first = PyUnicode_Substring(name, 0, dot);

		if (first)
			PyUnicode_InternInPlace(&first);
		name = arena_own(st->arena, first);
	}
	return name ? add_name(st, name, SYM_IMPORT, a->at) : -1;
}

static int visit_patterns(struct symtable *st, const struct seq *s);

static int visit_pattern(struct symtable *st, struct pattern *m)
{
	if (!m)
		return 0;
	switch (m->kind) {
	case PATTERN_VALUE: return visit_expr(st, m->value);
	case PATTERN_SEQUENCE:
	case PATTERN_OR: return visit_patterns(st, &m->patterns);
	case PATTERN_STAR: return m->star ? add_name(st, m->star, SYM_LOCAL, m->at) : 0;
	case PATTERN_MAPPING:
		TRY(visit_exprs(st, &m->mapping.keys));
		TRY(visit_patterns(st, &m->mapping.patterns));
		return m->mapping.rest ? add_name(st, m->mapping.rest, SYM_LOCAL, m->at) : 0;
	case PATTERN_CLASS:
		TRY(visit_expr(st, m->cls.cls));
		TRY(visit_patterns(st, &m->cls.patterns));
		return visit_patterns(st, &m->cls.kwd_patterns);
	case PATTERN_AS:
		TRY(visit_pattern(st, m->as.pattern));
		return m->as.name ? add_name(st, m->as.name, SYM_LOCAL, m->at) : 0;
	default: return 0;
	}
}

static int visit_patterns(struct symtable *st, const struct seq *s)
{
	for (int i = 0; i < s->n; i++)
		TRY(visit_pattern(st, s->v[i]));
	return 0;
}

static int visit_try(struct symtable *st, struct stmt *s)
{
	TRY(visit_body(st, &s->try.body));
	for (int i = 0; i < s->try.handlers.n; i++) {
		struct except_handler *h = s->try.handlers.v[i];

		TRY(visit_expr(st, h->type));
		if (h->name)
			TRY(add_name(st, h->name, SYM_LOCAL, h->at));
		TRY(visit_body(st, &h->body));
	}
	TRY(visit_body(st, &s->try.orelse));
	return visit_body(st, &s->try.finalbody);
}

static int visit_with(struct symtable *st, struct stmt *s)
{
	for (int i = 0; i < s->with.items.n; i++) {
		struct with_item *item = s->with.items.v[i];

		TRY(visit_expr(st, item->context));
		TRY(visit_expr(st, item->vars));
	}
	return visit_body(st, &s->with.body);
}

static int visit_match(struct symtable *st, struct stmt *s)
{
	TRY(visit_expr(st, s->match.subject));
	for (int i = 0; i < s->match.cases.n; i++) {
		struct match_case *c = s->match.cases.v[i];

		TRY(visit_pattern(st, c->pattern));
		TRY(visit_expr(st, c->guard));
		TRY(visit_body(st, &c->body));
	}
	return 0;
}

static int visit_stmt(struct symtable *st, struct stmt *s)
{
	switch (s->kind) {
	case STMT_FUNCTION: return visit_function(st, s);
	case STMT_CLASS: return visit_class(st, s);
	case STMT_RETURN:
	case STMT_EXPR: return visit_expr(st, s->value);
	case STMT_DELETE: return visit_exprs(st, &s->targets);
	case STMT_ASSIGN:
		TRY(visit_exprs(st, &s->assign.targets));
		return visit_expr(st, s->assign.value);
	case STMT_AUG_ASSIGN:
		TRY(visit_expr(st, s->aug_assign.target));
		return visit_expr(st, s->aug_assign.value);
	case STMT_ANN_ASSIGN: return visit_ann_assign(st, s);
	case STMT_FOR:
		TRY(visit_expr(st, s->loop.target));
		TRY(visit_expr(st, s->loop.iter));
		TRY(visit_body(st, &s->loop.body));
		return visit_body(st, &s->loop.orelse);
	case STMT_WHILE:
	case STMT_IF:
		TRY(visit_expr(st, s->test.test));
		TRY(visit_body(st, &s->test.body));
		return visit_body(st, &s->test.orelse);
	case STMT_WITH: return visit_with(st, s);
	case STMT_MATCH: return visit_match(st, s);
	case STMT_RAISE: TRY(visit_expr(st, s->raise.exc)); return visit_expr(st, s->raise.cause);
	case STMT_TRY: return visit_try(st, s);
	case STMT_ASSERT:
		TRY(visit_expr(st, s->assertion.test));
		return visit_expr(st, s->assertion.msg);
	case STMT_IMPORT:
	case STMT_IMPORT_FROM:
		for (int i = 0; i < s->import.names.n; i++)
			TRY(visit_alias(st, s->import.names.v[i]));
		return 0;
	case STMT_GLOBAL:
	case STMT_NONLOCAL: return visit_declaration(st, s);
	default: return 0;
	}
}

static int visit_body(struct symtable *st, const struct seq *s)
{
	for (int i = 0; i < s->n; i++) {
		int error;

		if (++st->depth > COMPILER_MAX_DEPTH || depth_stack_is_low()) {
			PyErr_SetString(PyExc_RecursionError,
					"maximum recursion depth exceeded during compilation");
			return -1;
		}
		error = visit_stmt(st, stmt_at(s, i));
		st->depth--;
		if (error)
			return -1;
	}
	return 0;
}

int symtable_build(struct symtable *st, struct arena *a, PyObject *filename, struct module *m,
		   bool future_annotations)
{
	PyObject *name;

	memset(st, 0, sizeof(*st));
	st->arena = a;
	st->filename = filename;
	st->future_annotations = future_annotations;
	name = interned(st, "<module>");
	if (!name)
		return -1;
	TRY(enter(st, SCOPE_MODULE, name, m, (struct location){0}));
	st->top = st->current;
	TRY(m->kind == MODULE_EVAL ? visit_expr(st, m->expr) : visit_body(st, &m->body));
	return symtable_resolve(st, st->top);
}
