/* SPDX-License-Identifier: BSD-2-Clause */
#include "compiler/compile.h"

/* Displays with more items are built piece by piece, so that the value stack stays small. */
#define STACK_ITEMS 30

/* -- Displays
 * -------------------------------------------------------------------------------------- */

static bool has_star(const struct seq *items)
{
	for (int i = 0; i < items->n; i++) {
		if (expr_at(items, i)->kind == EXPR_STARRED)
			return true;
	}
	return false;
}

struct display_ops {
	uint8_t build, add, extend;
};

static const struct display_ops list_ops = {OP_BUILD_LIST, OP_LIST_APPEND, OP_LIST_EXTEND};
static const struct display_ops set_ops = {OP_BUILD_SET, OP_SET_ADD, OP_SET_UPDATE};

/* Items with stars, or very many. */
static int display_by_pieces(struct compiler *c, const struct seq *items,
			     const struct display_ops *ops)
{
	bool built = items->n > STACK_ITEMS;

	if (built)
		TRY(emit(c, ops->build, 0));
	for (int i = 0; i < items->n; i++) {
		struct expr *item = expr_at(items, i);

		if (item->kind == EXPR_STARRED) {
			if (!built)
				TRY(emit(c, ops->build, i));
			built = true;
			TRY(visit_expr(c, item->wrap.value));
			TRY(emit(c, ops->extend, 1));
		} else {
			TRY(visit_expr(c, item));
			if (built)
				TRY(emit(c, ops->add, 1));
		}
	}
	return 0;
}

/* tuple_of_list: a tuple is wanted of what is built as a list. */
int compile_display(struct compiler *c, const struct seq *items, enum expr_kind kind,
		    bool tuple_of_list)
{
	const struct display_ops *ops = kind == EXPR_SET ? &set_ops : &list_ops;
	PyObject *constants = items->n >= 3 && !tuple_of_list ? fold_items(c, items) : NULL;

	if (PyErr_Occurred())
		return -1;
	if (constants) {
		TRY(emit(c, ops->build, 0));
		if (kind == EXPR_SET)
			constants = arena_own(c->arena, PyFrozenSet_New(constants));
		TRY(emit_const(c, constants));
		return emit(c, ops->extend, 1);
	}
	if (!has_star(items) && items->n <= STACK_ITEMS) {
		TRY(visit_exprs(c, items));
		return emit(c, tuple_of_list ? OP_BUILD_TUPLE : ops->build, items->n);
	}
	TRY(display_by_pieces(c, items, ops));
	return tuple_of_list ? emit(c, OP_LIST_TO_TUPLE, 0) : 0;
}

/* a, b = b, a needs no tuple in between. */
static int emit_unpack(struct compiler *c, int n)
{
	struct unit *u = c->unit;
	struct instr *last = &u->code[u->ncode - 1];

	if ((n == 2 || n == 3) && last->op == OP_BUILD_TUPLE && last->arg == n &&
	    u->last_label != u->ncode) {
		last->op = OP_SWAP;
		return 0;
	}
	return emit(c, OP_UNPACK_SEQUENCE, n);
}

/* a, *b, c = ...: all targets of a list or tuple. */
static int compile_unpack(struct compiler *c, struct expr *e)
{
	const struct seq *items = &e->list.items;
	int star = -1;

	for (int i = 0; i < items->n; i++) {
		if (expr_at(items, i)->kind != EXPR_STARRED)
			continue;
		if (star >= 0)
			return compile_error(c, e->at,
					     "multiple starred expressions in assignment");
		if (i >= 1 << 8 || items->n - i - 1 >= INT32_MAX >> 8)
			return compile_error(c, e->at,
					     "too many expressions in star-unpacking assignment");
		star = i;
	}
	TRY(star < 0 ? emit_unpack(c, items->n)
		     : emit(c, OP_UNPACK_EX, star | (items->n - star - 1) << 8));
	for (int i = 0; i < items->n; i++) {
		struct expr *item = expr_at(items, i);

		TRY(visit_expr(c, item->kind == EXPR_STARRED ? item->wrap.value : item));
	}
	return 0;
}

static int compile_list_or_tuple(struct compiler *c, struct expr *e)
{
	if (e->ctx == CTX_STORE)
		return compile_unpack(c, e);
	if (e->ctx == CTX_DEL)
		return visit_exprs(c, &e->list.items);
	return compile_display(c, &e->list.items, (enum expr_kind)e->kind, e->kind == EXPR_TUPLE);
}

/* Items [from, to) of a dict display, none of them **, as a dict on the stack. */
static int dict_part(struct compiler *c, struct expr *e, int from, int to)
{
	struct seq keys = {to - from, e->dict.keys.v + from};
	bool many = 2 * keys.n > STACK_ITEMS;
	PyObject *names = keys.n > 1 && !many ? fold_items(c, &keys) : NULL;

	if (PyErr_Occurred())
		return -1;
	if (many)
		TRY(emit(c, OP_BUILD_MAP, 0));
	for (int i = from; i < to; i++) {
		if (!names)
			TRY(visit_expr(c, expr_at(&e->dict.keys, i)));
		TRY(visit_expr(c, expr_at(&e->dict.values, i)));
		if (many)
			TRY(emit(c, OP_MAP_ADD, 1));
	}
	if (many)
		return 0;
	if (!names)
		return emit(c, OP_BUILD_MAP, to - from);
	TRY(emit_const(c, names));
	return emit(c, OP_BUILD_CONST_KEY_MAP, to - from);
}

static int compile_dict(struct compiler *c, struct expr *e)
{
	int n = e->dict.values.n;
	bool have_dict = false;

	for (int i = 0; i < n;) {
		int from = i;

		if (!expr_at(&e->dict.keys, i)) {
			if (!have_dict)
				TRY(emit(c, OP_BUILD_MAP, 0));
			TRY(visit_expr(c, expr_at(&e->dict.values, i++)));
		} else {
			while (i < n && expr_at(&e->dict.keys, i))
				i++;
			TRY(dict_part(c, e, from, i));
			if (!have_dict) {
				have_dict = true;
				continue;
			}
		}
		have_dict = true;
		TRY(emit(c, OP_DICT_UPDATE, 1));
	}
	return have_dict ? 0 : emit(c, OP_BUILD_MAP, 0);
}

/* -- Operators
 * --------------------------------------------------------------------------------------- */

static int compile_bool_op(struct compiler *c, struct expr *e)
{
	int end = new_label(c), last = e->bool_op.values.n - 1;

	for (int i = 0; i < last; i++) {
		TRY(visit_expr(c, expr_at(&e->bool_op.values, i)));
		TRY(emit_jump(c,
			      e->bool_op.is_or ? OP_JUMP_IF_TRUE_OR_POP : OP_JUMP_IF_FALSE_OR_POP,
			      end));
	}
	TRY(visit_expr(c, expr_at(&e->bool_op.values, last)));
	place_label(c, end);
	return 0;
}

static int compile_unary(struct compiler *c, struct expr *e)
{
	static const uint8_t ops[] = {
		[UNARY_INVERT_OP] = OP_UNARY_INVERT,
		[UNARY_NOT_OP] = OP_UNARY_NOT,
		[UNARY_PLUS_OP] = OP_UNARY_POSITIVE,
		[UNARY_MINUS_OP] = OP_UNARY_NEGATIVE,
	};

	TRY(visit_expr(c, e->unary_op.operand));
	return emit(c, ops[e->unary_op.op], 0);
}

static int emit_compare(struct compiler *c, int op)
{
	switch (op) {
	case CMP_IS: return emit(c, OP_IS_OP, 0);
	case CMP_IS_NOT: return emit(c, OP_IS_OP, 1);
	case CMP_IN: return emit(c, OP_CONTAINS_OP, 0);
	case CMP_NOT_IN: return emit(c, OP_CONTAINS_OP, 1);
	default: return emit(c, OP_COMPARE_OP, op);
	}
}

int tuple_for_list(struct compiler *c, struct expr *e)
{
	PyObject *items;

	if ((e->kind != EXPR_LIST && e->kind != EXPR_SET) || has_star(&e->list.items))
		return 0;
	items = fold_items(c, &e->list.items);
	if (items && e->kind == EXPR_SET)
		items = arena_own(c->arena, PyFrozenSet_New(items));
	if (PyErr_Occurred())
		return -1;
	if (items) {
		e->kind = EXPR_CONSTANT;
		e->constant.value = items;
	} else if (e->kind == EXPR_LIST) {
		e->kind = EXPR_TUPLE;
	}
	return 0;
}

static int visit_comparator(struct compiler *c, struct expr *e, int op)
{
	if (op == CMP_IN || op == CMP_NOT_IN)
		TRY(tuple_for_list(c, e));
	return visit_expr(c, e);
}

/* One link of a chain: [left] becomes [right, left op right]. */
static int emit_link(struct compiler *c, struct expr *e, int i)
{
	TRY(visit_comparator(c, expr_at(&e->compare.comparators, i), e->compare.ops[i]));
	TRY(emit(c, OP_SWAP, 2));
	TRY(emit(c, OP_COPY, 2));
	return emit_compare(c, e->compare.ops[i]);
}

static int compile_compare(struct compiler *c, struct expr *e)
{
	int last = e->compare.comparators.n - 1, cleanup, end;

	TRY(warn_compare(c, e));
	TRY(visit_expr(c, e->compare.left));
	if (last == 0) {
		TRY(visit_comparator(c, expr_at(&e->compare.comparators, 0), e->compare.ops[0]));
		return emit_compare(c, e->compare.ops[0]);
	}
	cleanup = new_label(c);
	end = new_label(c);
	for (int i = 0; i < last; i++) {
		TRY(emit_link(c, e, i));
		TRY(emit_jump(c, OP_JUMP_IF_FALSE_OR_POP, cleanup));
	}
	TRY(visit_comparator(c, expr_at(&e->compare.comparators, last), e->compare.ops[last]));
	TRY(emit_compare(c, e->compare.ops[last]));
	TRY(emit_jump(c, PSEUDO_JUMP, end));
	place_label(c, cleanup);
	TRY(emit(c, OP_SWAP, 2));
	TRY(emit(c, OP_POP_TOP, 0));
	place_label(c, end);
	return 0;
}

/* -- Conditions
 * --------------------------------------------------------------------------------------- */

static int jump_if_bool_op(struct compiler *c, struct expr *e, int label, bool when)
{
	int last = e->bool_op.values.n - 1, skip = label;
	bool is_or = e->bool_op.is_or;

	if (is_or != when)
		skip = new_label(c);
	for (int i = 0; i < last; i++)
		TRY(jump_if(c, expr_at(&e->bool_op.values, i), skip, is_or));
	TRY(jump_if(c, expr_at(&e->bool_op.values, last), label, when));
	if (skip != label)
		place_label(c, skip);
	return 0;
}

static int jump_if_conditional(struct compiler *c, struct expr *e, int label, bool when)
{
	int end = new_label(c), orelse = new_label(c);

	TRY(jump_if(c, e->if_exp.test, orelse, false));
	TRY(jump_if(c, e->if_exp.body, label, when));
	TRY(emit_jump(c, PSEUDO_JUMP, end));
	place_label(c, orelse);
	TRY(jump_if(c, e->if_exp.orelse, label, when));
	place_label(c, end);
	return 0;
}

static int jump_if_chain(struct compiler *c, struct expr *e, int label, bool when)
{
	int last = e->compare.comparators.n - 1, cleanup = new_label(c), end = new_label(c);

	TRY(visit_expr(c, e->compare.left));
	for (int i = 0; i < last; i++) {
		TRY(emit_link(c, e, i));
		TRY(emit_jump(c, OP_POP_JUMP_IF_FALSE, cleanup));
	}
	TRY(visit_comparator(c, expr_at(&e->compare.comparators, last), e->compare.ops[last]));
	TRY(emit_compare(c, e->compare.ops[last]));
	TRY(emit_jump(c, when ? OP_POP_JUMP_IF_TRUE : OP_POP_JUMP_IF_FALSE, label));
	TRY(emit_jump(c, PSEUDO_JUMP, end));
	place_label(c, cleanup);
	TRY(emit(c, OP_POP_TOP, 0));
	if (!when)
		TRY(emit_jump(c, PSEUDO_JUMP, label));
	place_label(c, end);
	return 0;
}

static bool compares_with_none(const struct expr *e)
{
	struct expr *right = expr_at(&e->compare.comparators, 0);

	return (e->compare.ops[0] == CMP_IS || e->compare.ops[0] == CMP_IS_NOT) &&
	       right->kind == EXPR_CONSTANT && right->constant.value == Py_None;
}

/* As in CPython 3.11 what follows keeps the comparison's location. */
static int jump_if_compare(struct compiler *c, struct expr *e, int label, bool when)
{
	set_location(c, e->at);
	if (e->compare.comparators.n > 1) {
		TRY(jump_if_chain(c, e, label, when));
	} else if (compares_with_none(e)) {
		bool none = (e->compare.ops[0] == CMP_IS) == when;

		TRY(visit_expr(c, e->compare.left));
		TRY(emit_jump(c, none ? OP_POP_JUMP_IF_NONE : OP_POP_JUMP_IF_NOT_NONE, label));
	} else {
		TRY(compile_compare(c, e));
		TRY(emit_jump(c, when ? OP_POP_JUMP_IF_TRUE : OP_POP_JUMP_IF_FALSE, label));
	}
	return 0;
}

/* Jumps forward to label when e's truth is `when`, else falls through. */
static int jump_if_inner(struct compiler *c, struct expr *e, int label, bool when)
{
	int truth;

	TRY(fold(c, e));
	switch (e->kind) {
	case EXPR_UNARY_OP:
		if (e->unary_op.op == UNARY_NOT_OP)
			return jump_if(c, e->unary_op.operand, label, !when);
		break;
	case EXPR_BOOL_OP: return jump_if_bool_op(c, e, label, when);
	case EXPR_IF: return jump_if_conditional(c, e, label, when);
	case EXPR_COMPARE: return jump_if_compare(c, e, label, when);
	case EXPR_CONSTANT:
		truth = PyObject_IsTrue(e->constant.value);
		if (truth < 0)
			return -1;
		TRY(emit(c, OP_NOP, 0));
		return (truth != 0) == when ? emit_jump(c, PSEUDO_JUMP, label) : 0;
	default: break;
	}
	TRY(visit_expr(c, e));
	return emit_jump(c, when ? OP_POP_JUMP_IF_TRUE : OP_POP_JUMP_IF_FALSE, label);
}

int jump_if(struct compiler *c, struct expr *e, int label, bool when)
{
	int error;

	if (label < 0 || recurse(c) < 0)
		return -1;
	error = jump_if_inner(c, e, label, when);
	c->depth--;
	return error;
}

static int compile_conditional(struct compiler *c, struct expr *e)
{
	int end = new_label(c), orelse = new_label(c);

	TRY(jump_if(c, e->if_exp.test, orelse, false));
	TRY(visit_expr(c, e->if_exp.body));
	TRY(emit_jump(c, PSEUDO_JUMP, end));
	place_label(c, orelse);
	TRY(visit_expr(c, e->if_exp.orelse));
	place_label(c, end);
	return 0;
}

/* -- f-strings
 * ------------------------------------------------------------------------------------------ */

static int compile_formatted(struct compiler *c, struct expr *e)
{
	int flags = e->formatted.conversion == 's'   ? 1
		    : e->formatted.conversion == 'r' ? 2
		    : e->formatted.conversion == 'a' ? 3
						     : 0;

	TRY(visit_expr(c, e->formatted.value));
	if (e->formatted.spec) {
		TRY(visit_expr(c, e->formatted.spec));
		flags |= 4;
	}
	return emit(c, OP_FORMAT_VALUE, flags);
}

static int compile_joined(struct compiler *c, struct expr *e)
{
	const struct seq *values = &e->joined.values;

	if (values->n <= STACK_ITEMS) {
		TRY(visit_exprs(c, values));
		return values->n == 1 ? 0 : emit(c, OP_BUILD_STRING, values->n);
	}
	TRY(emit_const(c, arena_own(c->arena, PyUnicode_FromString(""))));
	TRY(emit_name(c, OP_LOAD_METHOD, intern(c, "join")));
	TRY(emit(c, OP_BUILD_LIST, 0));
	for (int i = 0; i < values->n; i++) {
		TRY(visit_expr(c, expr_at(values, i)));
		TRY(emit(c, OP_LIST_APPEND, 1));
	}
	return emit(c, OP_CALL, 1);
}

/* -- Attribute, subscript, slice
 * --------------------------------------------------------------------------- */

/* An attribute that stands on another line than its value is reported on its own line. */
void locate_attribute(struct compiler *c, const struct expr *e)
{
	struct location *at = &c->unit->at;
	int length = (int)PyUnicode_GET_LENGTH(e->attribute.name);

	if (at->line == e->at.end_line)
		return;
	at->line = e->at.end_line;
	if (length <= e->at.end_col) {
		at->col = e->at.end_col - length;
	} else {
		at->col = at->end_col = -1;
	}
	if (at->end_line < at->line)
		at->end_line = at->line;
}

static int compile_attribute(struct compiler *c, struct expr *e)
{
	static const uint8_t ops[] = {OP_LOAD_ATTR, OP_STORE_ATTR, OP_DELETE_ATTR};

	TRY(visit_expr(c, e->attribute.value));
	locate_attribute(c, e);
	TRY(forbid_name(c, e->attribute.name, (enum expr_context)e->ctx));
	return emit_name(c, ops[e->ctx], e->attribute.name);
}

static int compile_subscript(struct compiler *c, struct expr *e)
{
	static const uint8_t ops[] = {OP_BINARY_SUBSCR, OP_STORE_SUBSCR, OP_DELETE_SUBSCR};

	TRY(warn_subscript(c, e));
	TRY(visit_expr(c, e->subscript.value));
	TRY(visit_expr(c, e->subscript.index));
	return emit(c, ops[e->ctx], 0);
}

static int visit_or_none(struct compiler *c, struct expr *e)
{
	return e ? visit_expr(c, e) : emit_const(c, Py_None);
}

static int compile_slice(struct compiler *c, struct expr *e)
{
	TRY(visit_or_none(c, e->slice.lower));
	TRY(visit_or_none(c, e->slice.upper));
	if (e->slice.step)
		TRY(visit_expr(c, e->slice.step));
	return emit(c, OP_BUILD_SLICE, e->slice.step ? 3 : 2);
}

/* -- yield, await
 * --------------------------------------------------------------------------------------------- */

/* [iterator, None]: gives on what it yields until it returns; [its value]. */
int emit_yield_from(struct compiler *c, bool await)
{
	int start = new_label(c), exit = new_label(c);

	place_label(c, start);
	TRY(emit_jump(c, OP_SEND, exit));
	TRY(emit(c, OP_YIELD_VALUE, 0));
	TRY(emit(c, OP_RESUME, await ? 3 : 2));
	TRY(emit_jump(c, PSEUDO_JUMP, start));
	place_label(c, exit);
	return 0;
}

static int compile_yield(struct compiler *c, struct expr *e)
{
	if (c->unit->scope->kind != SCOPE_FUNCTION)
		return compile_error(c, e->at, "'yield' outside function");
	if (e->kind == EXPR_YIELD_FROM) {
		if (c->unit->kind == UNIT_ASYNC_FUNCTION)
			return compile_error(c, e->at, "'yield from' inside async function");
		TRY(visit_expr(c, e->wrap.value));
		TRY(emit(c, OP_GET_YIELD_FROM_ITER, 0));
		TRY(emit_const(c, Py_None));
		return emit_yield_from(c, false);
	}
	TRY(visit_or_none(c, e->wrap.value));
	if (c->unit->scope->coroutine)
		TRY(emit(c, OP_ASYNC_GEN_WRAP, 0));
	TRY(emit(c, OP_YIELD_VALUE, 0));
	return emit(c, OP_RESUME, 1);
}

static int compile_await(struct compiler *c, struct expr *e)
{
	if (c->unit->scope->kind != SCOPE_FUNCTION)
		return compile_error(c, e->at, "'await' outside function");
	if (c->unit->kind != UNIT_ASYNC_FUNCTION && c->unit->kind != UNIT_COMPREHENSION)
		return compile_error(c, e->at, "'await' outside async function");
	TRY(visit_expr(c, e->wrap.value));
	TRY(emit(c, OP_GET_AWAITABLE, 0));
	TRY(emit_const(c, Py_None));
	return emit_yield_from(c, true);
}

/* -- All of them
 * ------------------------------------------------------------------------------------------------
 */

static int compile_starred(struct compiler *c, struct expr *e)
{
	return compile_error(c, e->at,
			     e->ctx == CTX_STORE
				     ? "starred assignment target must be in a list or tuple"
				     : "can't use starred expression here");
}

static int compile_named(struct compiler *c, struct expr *e)
{
	TRY(visit_expr(c, e->named.value));
	TRY(emit(c, OP_COPY, 1));
	return visit_expr(c, e->named.target);
}

static int compile_binary(struct compiler *c, struct expr *e)
{
	TRY(visit_expr(c, e->bin_op.left));
	TRY(visit_expr(c, e->bin_op.right));
	return emit(c, OP_BINARY_OP, (int)e->bin_op.op);
}

static int visit_inner(struct compiler *c, struct expr *e)
{
	switch (e->kind) {
	case EXPR_BOOL_OP: return compile_bool_op(c, e);
	case EXPR_NAMED: return compile_named(c, e);
	case EXPR_BIN_OP: return compile_binary(c, e);
	case EXPR_UNARY_OP: return compile_unary(c, e);
	case EXPR_LAMBDA: return compile_lambda(c, e);
	case EXPR_IF: return compile_conditional(c, e);
	case EXPR_DICT: return compile_dict(c, e);
	case EXPR_SET: return compile_display(c, &e->list.items, EXPR_SET, false);
	case EXPR_LIST_COMP:
	case EXPR_SET_COMP:
	case EXPR_DICT_COMP:
	case EXPR_GENERATOR: return compile_comprehension(c, e);
	case EXPR_AWAIT: return compile_await(c, e);
	case EXPR_YIELD:
	case EXPR_YIELD_FROM: return compile_yield(c, e);
	case EXPR_COMPARE: return compile_compare(c, e);
	case EXPR_CALL: return compile_call(c, e);
	case EXPR_FORMATTED: return compile_formatted(c, e);
	case EXPR_JOINED: return compile_joined(c, e);
	case EXPR_CONSTANT: return emit_const(c, e->constant.value);
	case EXPR_ATTRIBUTE: return compile_attribute(c, e);
	case EXPR_SUBSCRIPT: return compile_subscript(c, e);
	case EXPR_STARRED: return compile_starred(c, e);
	case EXPR_NAME: return emit_nameop(c, e->name.id, (enum expr_context)e->ctx);
	case EXPR_LIST:
	case EXPR_TUPLE: return compile_list_or_tuple(c, e);
	default: return compile_slice(c, e);
	}
}

int visit_expr(struct compiler *c, struct expr *e)
{
	struct location saved = c->unit->at;
	int error;

	TRY(recurse(c));
	TRY(fold(c, e));
	set_location(c, e->at);
	error = visit_inner(c, e);
	c->unit->at = saved;
	c->depth--;
	return error;
}

int visit_exprs(struct compiler *c, const struct seq *s)
{
	for (int i = 0; i < s->n; i++)
		TRY(visit_expr(c, expr_at(s, i)));
	return 0;
}
