/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * match. A pattern consumes the subject on top of the stack. Names are bound only once the whole
 * pattern has matched: until then their values wait on the stack, below what is still to be
 * examined, the first one on top. A failure first pops what lies there.
 */
#include "compiler/compile.h"

struct match_state {
	struct seq names;       /* captured so far */
	bool allow_irrefutable; /* a pattern that always matches may stand here */
	int *fail;              /* fail[n]: label of the place that pops n items and gives up */
	int nfail;
	int on_top; /* items above the captured values that the pattern still needs */
};

static int compile_pattern(struct compiler *c, struct pattern *p, struct match_state *m);

/* -- Failing
 * ---------------------------------------------------------------------------------------------- */

static int want_fail_labels(struct compiler *c, struct match_state *m, int n)
{
	int *bigger;

	if (n < m->nfail)
		return 0;
	bigger = arena_alloc(c->arena, (size_t)(n + 1) * sizeof(*bigger));
	if (!bigger)
		return -1;
	if (m->nfail)
		memcpy(bigger, m->fail, (size_t)m->nfail * sizeof(*bigger));
	m->fail = bigger;
	while (m->nfail <= n) {
		int label = new_label(c);

		if (label < 0)
			return -1;
		m->fail[m->nfail++] = label;
	}
	return 0;
}

static int jump_to_fail(struct compiler *c, struct match_state *m, int op)
{
	int pops = m->on_top + m->names.n;

	TRY(want_fail_labels(c, m, pops));
	return emit_jump(c, op, m->fail[pops]);
}

static int place_fail_labels(struct compiler *c, struct match_state *m)
{
	for (int n = m->nfail - 1; n > 0; n--) {
		place_label(c, m->fail[n]);
		TRY(emit(c, OP_POP_TOP, 0));
	}
	if (m->nfail)
		place_label(c, m->fail[0]);
	m->nfail = 0;
	m->fail = NULL;
	return 0;
}

/* -- Capturing
 * ---------------------------------------------------------------------------------------------- */

/* Moves the top below count - 1 others. */
static int rotate(struct compiler *c, int count)
{
	for (; count > 1; count--)
		TRY(emit(c, OP_SWAP, count));
	return 0;
}

static int capture(struct compiler *c, PyObject *name, struct match_state *m)
{
	if (!name)
		return emit(c, OP_POP_TOP, 0);
	TRY(forbid_name(c, name, CTX_STORE));
	for (int i = 0; i < m->names.n; i++) {
		if (m->names.v[i] == name)
			return compile_error(c, c->unit->at,
					     "multiple assignments to name '%U' in pattern", name);
	}
	TRY(rotate(c, m->on_top + m->names.n + 1));
	return seq_push(c->arena, &m->names, name) ? 0 : -1;
}

static bool is_wildcard(const struct pattern *p)
{
	return p->kind == PATTERN_AS && !p->as.name && !p->as.pattern;
}

static bool is_star_wildcard(const struct pattern *p)
{
	return p->kind == PATTERN_STAR && !p->star;
}

static int subpattern(struct compiler *c, struct pattern *p, struct match_state *m)
{
	bool saved = m->allow_irrefutable;

	m->allow_irrefutable = true;
	TRY(compile_pattern(c, p, m));
	m->allow_irrefutable = saved;
	return 0;
}

static int compile_as(struct compiler *c, struct pattern *p, struct match_state *m)
{
	if (!p->as.pattern) {
		if (!m->allow_irrefutable)
			return p->as.name
				       ? compile_error(c, p->at,
						       "name capture '%U' makes remaining patterns "
						       "unreachable",
						       p->as.name)
				       : compile_error(c, p->at,
						       "wildcard makes remaining patterns "
						       "unreachable");
		return capture(c, p->as.name, m);
	}
	m->on_top++;
	TRY(emit(c, OP_COPY, 1));
	TRY(compile_pattern(c, p->as.pattern, m));
	m->on_top--;
	return capture(c, p->as.name, m);
}

/* -- Sequences
 * ------------------------------------------------------------------------------------------------
 */

static int emit_number(struct compiler *c, int n)
{
	return emit_const(c, arena_own(c->arena, PyLong_FromLong(n)));
}

static int check_length(struct compiler *c, struct match_state *m, int n, int op)
{
	TRY(emit(c, OP_GET_LEN, 0));
	TRY(emit_number(c, n));
	TRY(emit(c, OP_COMPARE_OP, op));
	return jump_to_fail(c, m, OP_POP_JUMP_IF_FALSE);
}

static int unpack_sequence(struct compiler *c, const struct seq *patterns, int star,
			   struct match_state *m)
{
	int n = patterns->n;

	TRY(star < 0 ? emit(c, OP_UNPACK_SEQUENCE, n)
		     : emit(c, OP_UNPACK_EX, star | (n - star - 1) << 8));
	m->on_top += n;
	for (int i = 0; i < n; i++) {
		m->on_top--;
		TRY(subpattern(c, patterns->v[i], m));
	}
	return 0;
}

/* With *_ only the items that are asked for are fetched. */
static int index_sequence(struct compiler *c, const struct seq *patterns, int star,
			  struct match_state *m)
{
	int n = patterns->n;

	m->on_top++;
	for (int i = 0; i < n; i++) {
		if (i == star || is_wildcard(patterns->v[i]))
			continue;
		TRY(emit(c, OP_COPY, 1));
		if (i < star) {
			TRY(emit_number(c, i));
		} else {
			TRY(emit(c, OP_GET_LEN, 0));
			TRY(emit_number(c, n - i));
			TRY(emit(c, OP_BINARY_OP, NB_SUBTRACT));
		}
		TRY(emit(c, OP_BINARY_SUBSCR, 0));
		TRY(subpattern(c, patterns->v[i], m));
	}
	m->on_top--;
	return emit(c, OP_POP_TOP, 0);
}

static int compile_sequence(struct compiler *c, struct pattern *p, struct match_state *m)
{
	const struct seq *patterns = &p->patterns;
	bool only_wildcards = true;
	int star = -1;

	for (int i = 0; i < patterns->n; i++) {
		struct pattern *item = patterns->v[i];

		only_wildcards = only_wildcards && (is_wildcard(item) || is_star_wildcard(item));
		if (item->kind != PATTERN_STAR)
			continue;
		if (star >= 0)
			return compile_error(c, p->at,
					     "multiple starred expressions in sequence pattern");
		star = i;
	}
	if (star > 255)
		return compile_error(c, p->at,
				     "too many expressions in star-unpacking sequence pattern");
	m->on_top++;
	TRY(emit(c, OP_MATCH_SEQUENCE, 0));
	TRY(jump_to_fail(c, m, OP_POP_JUMP_IF_FALSE));
	if (star < 0)
		TRY(check_length(c, m, patterns->n, Py_EQ));
	else if (patterns->n > 1)
		TRY(check_length(c, m, patterns->n - 1, Py_GE));
	m->on_top--;
	if (only_wildcards)
		return emit(c, OP_POP_TOP, 0);
	if (star >= 0 && is_star_wildcard(patterns->v[star]))
		return index_sequence(c, patterns, star, m);
	return unpack_sequence(c, patterns, star, m);
}

/* -- Mappings
 * ---------------------------------------------------------------------------------------------------
 */

/* The keys as a tuple on the stack; constants may not repeat. */
static int compile_keys(struct compiler *c, struct pattern *p)
{
	PyObject *seen = arena_own(c->arena, PySet_New(NULL));

	if (!seen)
		return -1;
	for (int i = 0; i < p->mapping.keys.n; i++) {
		struct expr *key = expr_at(&p->mapping.keys, i);

		TRY(fold(c, key));
		if (key->kind == EXPR_CONSTANT) {
			int known = PySet_Contains(seen, key->constant.value);

			if (known < 0 || PySet_Add(seen, key->constant.value) < 0)
				return -1;
			if (known)
				return compile_error(c, p->at,
						     "mapping pattern checks duplicate key (%R)",
						     key->constant.value);
		}
		TRY(visit_expr(c, key));
	}
	return emit(c, OP_BUILD_TUPLE, p->mapping.keys.n);
}

/* [subject, keys]: a copy of the subject without the keys. */
static int capture_rest(struct compiler *c, struct pattern *p, struct match_state *m)
{
	int n = p->mapping.keys.n;

	TRY(emit(c, OP_BUILD_MAP, 0));
	TRY(emit(c, OP_SWAP, 3));
	TRY(emit(c, OP_DICT_UPDATE, 2));
	TRY(emit(c, OP_UNPACK_SEQUENCE, n));
	for (; n > 0; n--) {
		TRY(emit(c, OP_COPY, 1 + n));
		TRY(emit(c, OP_SWAP, 2));
		TRY(emit(c, OP_DELETE_SUBSCR, 0));
	}
	return capture(c, p->mapping.rest, m);
}

static int compile_mapping(struct compiler *c, struct pattern *p, struct match_state *m)
{
	int n = p->mapping.keys.n;

	m->on_top++;
	TRY(emit(c, OP_MATCH_MAPPING, 0));
	TRY(jump_to_fail(c, m, OP_POP_JUMP_IF_FALSE));
	if (n == 0 && !p->mapping.rest) {
		m->on_top--;
		return emit(c, OP_POP_TOP, 0);
	}
	if (n > 0)
		TRY(check_length(c, m, n, Py_GE));
	TRY(compile_keys(c, p));
	TRY(emit(c, OP_MATCH_KEYS, 0));
	m->on_top += 2;
	TRY(emit(c, OP_COPY, 1));
	TRY(jump_to_fail(c, m, OP_POP_JUMP_IF_NONE));
	TRY(emit(c, OP_UNPACK_SEQUENCE, n));
	m->on_top += n - 1;
	for (int i = 0; i < n; i++) {
		m->on_top--;
		TRY(subpattern(c, p->mapping.patterns.v[i], m));
	}
	m->on_top -= 2;
	if (p->mapping.rest)
		return capture_rest(c, p, m);
	TRY(emit(c, OP_POP_TOP, 0));
	return emit(c, OP_POP_TOP, 0);
}

/* -- Classes
 * -----------------------------------------------------------------------------------------------------
 */

static PyObject *attribute_names(struct compiler *c, struct pattern *p)
{
	const struct seq *names = &p->cls.names;
	PyObject *tuple;

	for (int i = 0; i < names->n; i++) {
		for (int j = i + 1; j < names->n; j++) {
			struct pattern *later = p->cls.kwd_patterns.v[j];

			if (names->v[i] != names->v[j])
				continue;
			compile_error(c, later->at, "attribute name repeated in class pattern: %U",
				      names->v[i]);
			return NULL;
		}
	}
	tuple = PyTuple_New(names->n);
	for (int i = 0; tuple && i < names->n; i++)
		PyTuple_SET_ITEM(tuple, i, Py_NewRef(names->v[i]));
	return arena_own(c->arena, tuple);
}

static int compile_class_pattern(struct compiler *c, struct pattern *p, struct match_state *m)
{
	int positional = p->cls.patterns.n, n = positional + p->cls.names.n;

	TRY(visit_expr(c, p->cls.cls));
	TRY(emit_const(c, attribute_names(c, p)));
	TRY(emit(c, OP_MATCH_CLASS, positional));
	TRY(emit(c, OP_COPY, 1));
	m->on_top++;
	TRY(jump_to_fail(c, m, OP_POP_JUMP_IF_NONE));
	TRY(emit(c, OP_UNPACK_SEQUENCE, n));
	m->on_top += n - 1;
	for (int i = 0; i < n; i++) {
		struct pattern *item = i < positional ? p->cls.patterns.v[i]
						      : p->cls.kwd_patterns.v[i - positional];

		m->on_top--;
		TRY(subpattern(c, item, m));
	}
	return 0;
}

/* -- Alternatives
 * --------------------------------------------------------------------------------------------------
 */

static int find_name(const struct seq *names, int from, const void *name)
{
	for (int i = from; i < names->n; i++) {
		if (names->v[i] == name)
			return i;
	}
	return -1;
}

/* Brings the values of `names` into the order of `wanted`: the same names, or an error. */
static int reorder(struct compiler *c, struct pattern *p, struct seq *names,
		   const struct seq *wanted)
{
	for (int i = 0; i < wanted->n; i++) {
		int at = names->n == wanted->n ? find_name(names, i, wanted->v[i]) : -1;

		if (at < 0)
			return compile_error(c, p->at, "alternative patterns bind different names");
		/* names[i] is the i-th item from the top */
		for (; at > i; at--) {
			void *swapped = names->v[at];

			if (at - 1 == 0) {
				TRY(emit(c, OP_SWAP, 2));
			} else {
				TRY(emit(c, OP_SWAP, at));
				TRY(emit(c, OP_SWAP, at + 1));
				TRY(emit(c, OP_SWAP, at));
			}
			names->v[at] = names->v[at - 1];
			names->v[at - 1] = swapped;
		}
	}
	return 0;
}

static int compile_alternatives(struct compiler *c, struct pattern *p, struct match_state *outer,
				struct seq *wanted, int end)
{
	int n = p->patterns.n;

	for (int i = 0; i < n; i++) {
		struct pattern *item = p->patterns.v[i];
		struct match_state m = {.allow_irrefutable =
						i == n - 1 && outer->allow_irrefutable};

		set_location(c, item->at);
		TRY(emit(c, OP_COPY, 1));
		TRY(compile_pattern(c, item, &m));
		if (i == 0)
			*wanted = m.names;
		else if (m.names.n != wanted->n)
			return compile_error(c, p->at, "alternative patterns bind different names");
		else
			TRY(reorder(c, p, &m.names, wanted));
		TRY(emit_jump(c, PSEUDO_JUMP, end));
		TRY(place_fail_labels(c, &m));
	}
	return 0;
}

static int compile_or(struct compiler *c, struct pattern *p, struct match_state *m)
{
	struct seq names = {0};
	int end = new_label(c), below;

	TRY(compile_alternatives(c, p, m, &names, end));
	TRY(emit(c, OP_POP_TOP, 0));
	TRY(jump_to_fail(c, m, PSEUDO_JUMP));
	place_label(c, end);
	/* [captured before, on top, subject, new values] */
	below = names.n + 1 + m->on_top + m->names.n;
	for (int i = 0; i < names.n; i++) {
		TRY(rotate(c, below));
		if (find_name(&m->names, 0, names.v[i]) >= 0)
			return compile_error(c, p->at,
					     "multiple assignments to name '%U' in pattern",
					     names.v[i]);
		if (!seq_push(c->arena, &m->names, names.v[i]))
			return -1;
	}
	return emit(c, OP_POP_TOP, 0);
}

/* -- All of them
 * ------------------------------------------------------------------------------------------------------
 */

static int dispatch(struct compiler *c, struct pattern *p, struct match_state *m)
{
	switch (p->kind) {
	case PATTERN_VALUE:
		TRY(visit_expr(c, p->value));
		TRY(emit(c, OP_COMPARE_OP, Py_EQ));
		return jump_to_fail(c, m, OP_POP_JUMP_IF_FALSE);
	case PATTERN_SINGLETON:
		TRY(emit_const(c, p->singleton));
		TRY(emit(c, OP_IS_OP, 0));
		return jump_to_fail(c, m, OP_POP_JUMP_IF_FALSE);
	case PATTERN_SEQUENCE: return compile_sequence(c, p, m);
	case PATTERN_MAPPING: return compile_mapping(c, p, m);
	case PATTERN_CLASS: return compile_class_pattern(c, p, m);
	case PATTERN_STAR: return capture(c, p->star, m);
	case PATTERN_AS: return compile_as(c, p, m);
	default: return compile_or(c, p, m);
	}
}

static int compile_pattern(struct compiler *c, struct pattern *p, struct match_state *m)
{
	struct location saved = c->unit->at;
	int error;

	TRY(recurse(c));
	set_location(c, p->at);
	error = dispatch(c, p, m);
	c->unit->at = saved;
	c->depth--;
	return error;
}

/* One case; more: others follow, so the subject is kept for them. */
static int compile_case(struct compiler *c, struct match_case *mc, bool more, bool last, int end)
{
	struct match_state m = {.allow_irrefutable = mc->guard != NULL || last};

	set_location(c, mc->pattern->at);
	if (more)
		TRY(emit(c, OP_COPY, 1));
	TRY(compile_pattern(c, mc->pattern, &m));
	for (int i = 0; i < m.names.n; i++)
		TRY(emit_nameop(c, m.names.v[i], CTX_STORE));
	if (mc->guard) {
		TRY(want_fail_labels(c, &m, 0));
		TRY(jump_if(c, mc->guard, m.fail[0], false));
	}
	if (more) {
		set_location(c, mc->pattern->at);
		TRY(emit(c, OP_POP_TOP, 0));
	}
	TRY(visit_body(c, &mc->body));
	unset_location(c);
	TRY(emit_jump(c, PSEUDO_JUMP, end));
	set_location(c, mc->pattern->at);
	return place_fail_labels(c, &m);
}

/* case _: at the end, with the subject already gone. */
static int compile_default(struct compiler *c, struct match_case *mc, int end)
{
	set_location(c, mc->pattern->at);
	TRY(emit(c, OP_NOP, 0));
	if (mc->guard)
		TRY(jump_if(c, mc->guard, end, false));
	return visit_body(c, &mc->body);
}

int compile_match(struct compiler *c, struct stmt *s)
{
	int n = s->match.cases.n, end = new_label(c);
	struct match_case *final = s->match.cases.v[n - 1];
	bool has_default = n > 1 && is_wildcard(final->pattern);

	TRY(visit_expr(c, s->match.subject));
	for (int i = 0; i < n - has_default; i++)
		TRY(compile_case(c, s->match.cases.v[i], i < n - has_default - 1, i == n - 1, end));
	if (has_default)
		TRY(compile_default(c, final, end));
	place_label(c, end);
	return 0;
}
