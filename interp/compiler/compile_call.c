/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls: by method, by values on the stack, or by a tuple and a dict. */
#include "compiler/compile.h"

/* More values than this are passed in a tuple and a dict. */
#define STACK_VALUES 30

static int check_keywords(struct compiler *c, const struct seq *keywords)
{
	for (int i = 0; i < keywords->n; i++) {
		struct keyword *k = keywords->v[i];

		if (!k->name)
			continue;
		TRY(forbid_name(c, k->name, CTX_STORE));
		for (int j = i + 1; j < keywords->n; j++) {
			struct keyword *other = keywords->v[j];

			if (other->name == k->name)
				return compile_error(c, other->at, "keyword argument repeated: %U",
						     k->name);
		}
	}
	return 0;
}

static bool is_plain(int given, const struct seq *args, const struct seq *keywords)
{
	if (given + args->n + 2 * keywords->n > STACK_VALUES + given)
		return false;
	for (int i = 0; i < args->n; i++) {
		if (expr_at(args, i)->kind == EXPR_STARRED)
			return false;
	}
	for (int i = 0; i < keywords->n; i++) {
		if (!((struct keyword *)keywords->v[i])->name)
			return false;
	}
	return true;
}

/* The names of keywords [from, to) as a tuple, owned by the arena. */
static PyObject *keyword_names(struct compiler *c, const struct seq *keywords, int from, int to)
{
	PyObject *names = PyTuple_New(to - from);

	for (int i = from; names && i < to; i++)
		PyTuple_SET_ITEM(names, i - from,
				 Py_NewRef(((struct keyword *)keywords->v[i])->name));
	return arena_own(c->arena, names);
}

static int visit_values(struct compiler *c, const struct seq *keywords, int from, int to)
{
	for (int i = from; i < to; i++)
		TRY(visit_expr(c, ((struct keyword *)keywords->v[i])->value));
	return 0;
}

static int plain_values(struct compiler *c, const struct seq *args, const struct seq *keywords)
{
	TRY(visit_exprs(c, args));
	return visit_values(c, keywords, 0, keywords->n);
}

/* Keywords [from, to), none of them **, as a dict. */
static int keyword_dict(struct compiler *c, const struct seq *keywords, int from, int to)
{
	if (to - from == 1) {
		struct keyword *k = keywords->v[from];

		TRY(emit_const(c, k->name));
		TRY(visit_expr(c, k->value));
		return emit(c, OP_BUILD_MAP, 1);
	}
	TRY(visit_values(c, keywords, from, to));
	TRY(emit_const(c, keyword_names(c, keywords, from, to)));
	return emit(c, OP_BUILD_CONST_KEY_MAP, to - from);
}

/* All keywords as one new dict, merged piece by piece. */
static int merged_keywords(struct compiler *c, const struct seq *keywords)
{
	bool have_dict = false;

	for (int i = 0; i < keywords->n;) {
		int from = i;

		if (!((struct keyword *)keywords->v[i])->name) {
			if (!have_dict)
				TRY(emit(c, OP_BUILD_MAP, 0));
			TRY(visit_expr(c, ((struct keyword *)keywords->v[i++])->value));
			TRY(emit(c, OP_DICT_MERGE, 1));
		} else {
			while (i < keywords->n && ((struct keyword *)keywords->v[i])->name &&
			       i - from < STACK_VALUES / 2)
				i++;
			TRY(keyword_dict(c, keywords, from, i));
			if (have_dict)
				TRY(emit(c, OP_DICT_MERGE, 1));
		}
		have_dict = true;
	}
	return 0;
}

/* given values on the stack and the arguments as one iterable. */
static int positional_tuple(struct compiler *c, int given, const struct seq *args)
{
	bool listed = false;

	if (given == 0 && args->n == 1 && expr_at(args, 0)->kind == EXPR_STARRED)
		return visit_expr(c, expr_at(args, 0)->wrap.value);
	for (int i = 0; i < args->n; i++) {
		struct expr *e = expr_at(args, i);
		bool star = e->kind == EXPR_STARRED;

		if (!listed && (star || args->n + given > STACK_VALUES)) {
			TRY(emit(c, OP_BUILD_LIST, given + i));
			listed = true;
		}
		TRY(visit_expr(c, star ? e->wrap.value : e));
		if (listed)
			TRY(emit(c, star ? OP_LIST_EXTEND : OP_LIST_APPEND, 1));
	}
	return listed ? emit(c, OP_LIST_TO_TUPLE, 0) : emit(c, OP_BUILD_TUPLE, given + args->n);
}

int compile_arguments(struct compiler *c, int given, const struct seq *args,
		      const struct seq *keywords, struct location at)
{
	TRY(check_keywords(c, keywords));
	if (!is_plain(given, args, keywords)) {
		TRY(positional_tuple(c, given, args));
		if (keywords->n)
			TRY(merged_keywords(c, keywords));
		set_location(c, at);
		return emit(c, OP_CALL_EX, keywords->n > 0);
	}
	TRY(plain_values(c, args, keywords));
	set_location(c, at);
	if (keywords->n) {
		TRY(emit_const(c, keyword_names(c, keywords, 0, keywords->n)));
		return emit(c, OP_CALL_KW, given + args->n + keywords->n);
	}
	return emit(c, OP_CALL, given + args->n);
}

static int compile_method_call(struct compiler *c, struct expr *e)
{
	struct expr *method = e->call.func;

	TRY(visit_expr(c, method->attribute.value));
	set_location(c, method->at);
	locate_attribute(c, method);
	TRY(emit_name(c, OP_LOAD_METHOD, method->attribute.name));
	set_location(c, e->at);
	TRY(check_keywords(c, &e->call.keywords));
	TRY(plain_values(c, &e->call.args, &e->call.keywords));
	set_location(c, e->at);
	locate_attribute(c, method);
	if (e->call.keywords.n) {
		TRY(emit_const(c, keyword_names(c, &e->call.keywords, 0, e->call.keywords.n)));
		return emit(c, OP_CALL_KW, e->call.args.n + e->call.keywords.n);
	}
	return emit(c, OP_CALL, e->call.args.n);
}

/* A module's function is no method. */
static bool is_imported(struct compiler *c, const struct expr *e)
{
	struct symbol *sym =
		e->kind == EXPR_NAME ? scope_symbol(c->symtable.top, e->name.id) : NULL;

	return sym && (sym->use & SYM_IMPORT);
}

int compile_call(struct compiler *c, struct expr *e)
{
	struct expr *func = e->call.func;

	if (func->kind == EXPR_ATTRIBUTE && func->ctx == CTX_LOAD &&
	    !is_imported(c, func->attribute.value) && is_plain(1, &e->call.args, &e->call.keywords))
		return compile_method_call(c, e);
	TRY(warn_call(c, e));
	set_location(c, func->at);
	TRY(emit(c, OP_PUSH_NULL, 0));
	set_location(c, e->at);
	TRY(visit_expr(c, func));
	return compile_arguments(c, 0, &e->call.args, &e->call.keywords, e->at);
}
