/* SPDX-License-Identifier: BSD-2-Clause */
/* Functions, lambdas, classes, and the bodies of classes and modules. */
#include "compiler/compile.h"

/* -- Making a function of a code object
 * --------------------------------------------------------------- */

/* name: NULL with an exception is handed on. */
static int closure_index(struct unit *u, PyObject *name)
{
	if (!name)
		return -1;
	for (int i = 0; i < u->cellvars.n; i++) {
		if (u->cellvars.v[i] == name)
			return i;
	}
	for (int i = 0; i < u->freevars.n; i++) {
		if (u->freevars.v[i] == name)
			return u->cellvars.n + i;
	}
	PyErr_Format(PyExc_SystemError, "compiler lost the free variable %R", name);
	return -1;
}

int emit_closure(struct compiler *c, PyCodeObject *code, struct unit *inner, int flags)
{
	PyObject *owned = arena_own(c->arena, (PyObject *)code);

	if (!owned)
		return -1;
	for (int i = 0; i < inner->freevars.n; i++) {
		int index = closure_index(c->unit, inner->freevars.v[i]);

		TRY(index < 0 ? -1 : emit(c, OP_LOAD_CLOSURE, index));
	}
	if (inner->freevars.n) {
		TRY(emit(c, OP_BUILD_TUPLE, inner->freevars.n));
		flags |= 8;
	}
	TRY(emit_const(c, owned));
	return emit(c, OP_MAKE_FUNCTION, flags);
}

/* -- Defaults and annotations
 * ---------------------------------------------------------------------------- */

static int compile_defaults(struct compiler *c, const struct seq *defaults)
{
	PyObject *constants = fold_items(c, defaults);

	if (constants)
		return emit_const(c, constants);
	if (PyErr_Occurred())
		return -1;
	TRY(visit_exprs(c, defaults));
	return emit(c, OP_BUILD_TUPLE, defaults->n);
}

static PyObject *names_tuple(struct compiler *c, const struct seq *names)
{
	PyObject *tuple = PyTuple_New(names->n);

	for (int i = 0; tuple && i < names->n; i++)
		PyTuple_SET_ITEM(tuple, i, Py_NewRef(names->v[i]));
	return arena_own(c->arena, tuple);
}

/* The defaults of keyword-only parameters as a dict. Returns MAKE_FUNCTION's flag or 0. */
static int compile_kw_defaults(struct compiler *c, const struct arguments *args)
{
	struct seq names = {0};

	for (int i = 0; i < args->kwonly.n; i++) {
		struct argument *a = args->kwonly.v[i];
		struct expr *value = args->kw_defaults.v[i];
		PyObject *name;

		if (!value)
			continue;
		name = mangle_name(c->arena, c->unit->private_name, a->name);
		if (!name || !seq_push(c->arena, &names, name))
			return -1;
		TRY(visit_expr(c, value));
	}
	if (names.n == 0)
		return 0;
	TRY(emit_const(c, names_tuple(c, &names)));
	TRY(emit(c, OP_BUILD_CONST_KEY_MAP, names.n));
	return 2;
}

/* The text of an expression, its lines joined by spaces. */
static PyObject *source_text(struct compiler *c, struct location at)
{
	const char *start = c->source->lines[at.line - 1] + at.col;
	const char *end = c->source->lines[at.end_line - 1] + at.end_col;
	PyObject *text = arena_own(c->arena, PyUnicode_FromStringAndSize(start, end - start));

	if (!text || at.line == at.end_line)
		return text;
	return arena_own(c->arena, PyUnicode_Replace(text, intern(c, "\n"), intern(c, " "), -1));
}

int compile_annotation(struct compiler *c, struct expr *e)
{
	if ((c->flags & CO_FUTURE_ANNOTATIONS) && e->kind == EXPR_CONSTANT)
		return emit_const(c, arena_own(c->arena, PyObject_Repr(e->constant.value)));
	if (c->flags & CO_FUTURE_ANNOTATIONS)
		return emit_const(c, source_text(c, e->at));
	if (e->kind == EXPR_STARRED) { /* *args: *Ts */
		TRY(visit_expr(c, e->wrap.value));
		return emit(c, OP_UNPACK_SEQUENCE, 1);
	}
	return visit_expr(c, e);
}

static int annotate(struct compiler *c, struct seq *names, PyObject *name, struct expr *annotation)
{
	PyObject *mangled;

	if (!annotation)
		return 0;
	mangled = mangle_name(c->arena, c->unit->private_name, name);
	if (!mangled || !seq_push(c->arena, names, mangled))
		return -1;
	return compile_annotation(c, annotation);
}

static int annotate_all(struct compiler *c, struct seq *names, const struct seq *params)
{
	for (int i = 0; i < params->n; i++) {
		struct argument *a = params->v[i];

		TRY(annotate(c, names, a->name, a->annotation));
	}
	return 0;
}

/* Returns MAKE_FUNCTION's flag, 0 when nothing is annotated. */
static int compile_annotations(struct compiler *c, const struct arguments *args,
			       struct expr *returns)
{
	struct seq names = {0};

	TRY(annotate_all(c, &names, &args->args));
	TRY(annotate_all(c, &names, &args->posonly));
	if (args->vararg)
		TRY(annotate(c, &names, args->vararg->name, args->vararg->annotation));
	TRY(annotate_all(c, &names, &args->kwonly));
	if (args->kwarg)
		TRY(annotate(c, &names, args->kwarg->name, args->kwarg->annotation));
	TRY(annotate(c, &names, intern(c, "return"), returns));
	if (names.n == 0)
		return 0;
	TRY(emit_const(c, names_tuple(c, &names)));
	TRY(emit(c, OP_BUILD_CONST_KEY_MAP, names.n));
	return 4;
}

/* Returns the flags so far. */
static int compile_default_values(struct compiler *c, const struct arguments *args)
{
	int flags = 0, more;

	if (args->defaults.n) {
		TRY(compile_defaults(c, &args->defaults));
		flags = 1;
	}
	more = compile_kw_defaults(c, args);
	return more < 0 ? -1 : flags | more;
}

static int forbid_parameters(struct compiler *c, const struct seq *params)
{
	for (int i = 0; i < params->n; i++)
		TRY(forbid_name(c, ((struct argument *)params->v[i])->name, CTX_STORE));
	return 0;
}

static int check_parameters(struct compiler *c, const struct arguments *args)
{
	TRY(forbid_parameters(c, &args->posonly));
	TRY(forbid_parameters(c, &args->args));
	if (args->vararg)
		TRY(forbid_name(c, args->vararg->name, CTX_STORE));
	TRY(forbid_parameters(c, &args->kwonly));
	if (args->kwarg)
		TRY(forbid_name(c, args->kwarg->name, CTX_STORE));
	return 0;
}

static void count_parameters(struct unit *u, const struct arguments *args)
{
	u->posonlyargcount = args->posonly.n;
	u->argcount = args->posonly.n + args->args.n;
	u->kwonlyargcount = args->kwonly.n;
}

/* -- def
 * --------------------------------------------------------------------------------------------------
 */

static int visit_decorators(struct compiler *c, const struct seq *decorators)
{
	return visit_exprs(c, decorators);
}

static int apply_decorators(struct compiler *c, const struct seq *decorators)
{
	struct location saved = c->unit->at;

	for (int i = decorators->n - 1; i >= 0; i--) {
		set_location(c, expr_at(decorators, i)->at);
		TRY(emit(c, OP_CALL, 0));
	}
	c->unit->at = saved;
	return 0;
}

static int first_line(const struct seq *decorators, const struct stmt *s)
{
	return decorators->n ? expr_at(decorators, 0)->at.line : s->at.line;
}

static int compile_function_body(struct compiler *c, struct stmt *s)
{
	struct expr *doc = ast_docstring(&s->function.body);

	TRY(add_const(c, doc ? doc->constant.value : Py_None));
	count_parameters(c->unit, s->function.args);
	TRY(visit_body(c, &s->function.body));
	return add_return_none(c);
}

int compile_function(struct compiler *c, struct stmt *s)
{
	struct arguments *args = s->function.args;
	PyCodeObject *code;
	struct unit *inner;
	int flags, annotations;

	TRY(check_parameters(c, args));
	TRY(visit_decorators(c, &s->function.decorators));
	flags = compile_default_values(c, args);
	annotations = flags < 0 ? -1 : compile_annotations(c, args, s->function.returns);
	TRY(annotations);
	TRY(unit_enter(c, s->is_async ? UNIT_ASYNC_FUNCTION : UNIT_FUNCTION, s->function.name, s,
		       first_line(&s->function.decorators, s)));
	inner = c->unit;
	code = compile_function_body(c, s) == 0 ? assemble(c) : NULL;
	unit_leave(c);
	if (!code)
		return -1;
	TRY(emit_closure(c, code, inner, flags | annotations));
	TRY(apply_decorators(c, &s->function.decorators));
	return emit_nameop(c, s->function.name, CTX_STORE);
}

static int compile_lambda_body(struct compiler *c, struct expr *e)
{
	TRY(add_const(c, Py_None)); /* first, where a docstring would be */
	count_parameters(c->unit, e->lambda.args);
	TRY(visit_expr(c, e->lambda.body));
	set_location(c, e->lambda.body->at);
	return emit(c, OP_RETURN_VALUE, 0);
}

int compile_lambda(struct compiler *c, struct expr *e)
{
	PyCodeObject *code;
	struct unit *inner;
	int flags;

	TRY(check_parameters(c, e->lambda.args));
	flags = compile_default_values(c, e->lambda.args);
	TRY(flags);
	TRY(unit_enter(c, UNIT_LAMBDA, symtable_scope(&c->symtable, e)->name, e, e->at.line));
	inner = c->unit;
	code = compile_lambda_body(c, e) == 0 ? assemble(c) : NULL;
	unit_leave(c);
	return code ? emit_closure(c, code, inner, flags) : -1;
}

/* -- Classes and modules
 * -------------------------------------------------------------------------------------- */

static bool has_annotations(const struct seq *body);

static bool stmt_has_annotations(const struct stmt *s)
{
	switch (s->kind) {
	case STMT_ANN_ASSIGN: return true;
	case STMT_FOR: return has_annotations(&s->loop.body) || has_annotations(&s->loop.orelse);
	case STMT_WHILE:
	case STMT_IF: return has_annotations(&s->test.body) || has_annotations(&s->test.orelse);
	case STMT_WITH: return has_annotations(&s->with.body);
	case STMT_TRY:
		for (int i = 0; i < s->try.handlers.n; i++) {
			if (has_annotations(&((struct except_handler *)s->try.handlers.v[i])->body))
				return true;
		}
		return has_annotations(&s->try.body) || has_annotations(&s->try.orelse) ||
		       has_annotations(&s->try.finalbody);
	case STMT_MATCH:
		for (int i = 0; i < s->match.cases.n; i++) {
			if (has_annotations(&((struct match_case *)s->match.cases.v[i])->body))
				return true;
		}
		return false;
	default: return false;
	}
}

static bool has_annotations(const struct seq *body)
{
	for (int i = 0; i < body->n; i++) {
		if (stmt_has_annotations(stmt_at(body, i)))
			return true;
	}
	return false;
}

int compile_body(struct compiler *c, const struct seq *body)
{
	struct expr *doc = ast_docstring(body);

	if (c->unit->kind == UNIT_MODULE && body->n)
		set_location(c, stmt_at(body, 0)->at);
	if (has_annotations(body))
		TRY(emit(c, OP_SETUP_ANNOTATIONS, 0));
	if (doc) {
		TRY(visit_expr(c, doc));
		unset_location(c);
		TRY(emit_nameop(c, intern(c, "__doc__"), CTX_STORE));
	}
	for (int i = doc != NULL; i < body->n; i++)
		TRY(visit_stmt(c, stmt_at(body, i)));
	return 0;
}

static int compile_class_body(struct compiler *c, struct stmt *s)
{
	int cell;

	TRY(emit_nameop(c, intern(c, "__name__"), CTX_LOAD));
	TRY(emit_nameop(c, intern(c, "__module__"), CTX_STORE));
	TRY(emit_const(c, c->unit->qualname));
	TRY(emit_nameop(c, intern(c, "__qualname__"), CTX_STORE));
	TRY(compile_body(c, &s->cls.body));
	unset_location(c);
	if (!c->unit->scope->needs_class_cell)
		return add_return_none(c);
	TRY(cell = closure_index(c->unit, intern(c, "__class__")));
	TRY(emit(c, OP_LOAD_CLOSURE, cell));
	TRY(emit(c, OP_COPY, 1));
	TRY(emit_nameop(c, intern(c, "__classcell__"), CTX_STORE));
	return emit(c, OP_RETURN_VALUE, 0);
}

int compile_class(struct compiler *c, struct stmt *s)
{
	PyCodeObject *code;
	struct unit *inner;

	TRY(visit_decorators(c, &s->cls.decorators));
	TRY(unit_enter(c, UNIT_CLASS, s->cls.name, s, first_line(&s->cls.decorators, s)));
	inner = c->unit;
	code = compile_class_body(c, s) == 0 ? assemble(c) : NULL;
	unit_leave(c);
	if (!code)
		return -1;
	if (emit(c, OP_PUSH_NULL, 0) < 0 || emit(c, OP_LOAD_BUILD_CLASS, 0) < 0) {
		Py_DECREF(code);
		return -1;
	}
	TRY(emit_closure(c, code, inner, 0));
	TRY(emit_const(c, s->cls.name));
	TRY(compile_arguments(c, 2, &s->cls.bases, &s->cls.keywords, s->at));
	TRY(apply_decorators(c, &s->cls.decorators));
	return emit_nameop(c, s->cls.name, CTX_STORE);
}
