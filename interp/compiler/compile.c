/* SPDX-License-Identifier: BSD-2-Clause */
#include "compiler/compile.h"

#include "compiler/compiler.h"
#include "compiler/depth.h"
#include "compiler/parser.h"

/* -- Errors, depth, locations
 * ------------------------------------------------------------------------ */

int compile_error(struct compiler *c, struct location at, const char *format, ...)
{
	va_list va;
	PyObject *msg;

	va_start(va, format);
	msg = PyUnicode_FromFormatV(format, va);
	va_end(va);
	if (msg)
		location_error(c->filename, at, "%U", msg);
	Py_XDECREF(msg);
	return -1;
}

int recurse(struct compiler *c)
{
	if (++c->depth <= COMPILER_MAX_DEPTH && !depth_stack_is_low())
		return 0;
	PyErr_SetString(PyExc_RecursionError,
			"maximum recursion depth exceeded during compilation");
	return -1;
}

void set_location(struct compiler *c, struct location at)
{
	c->unit->at = at;
}

void unset_location(struct compiler *c)
{
	c->unit->at = (struct location){-1, -1, -1, -1};
}

PyObject *intern(struct compiler *c, const char *text)
{
	return arena_own(c->arena, PyUnicode_InternFromString(text));
}

/* -- Instructions
 * --------------------------------------------------------------------------------------
 */

/* Nested finally clauses double their code at each level: a small text can ask for a lot. */
#define MAX_INSTRUCTIONS (1 << 24)

int emit(struct compiler *c, int op, int arg)
{
	struct unit *u = c->unit;

	if (u->ncode == u->capacity) {
		int capacity = u->capacity ? 2 * u->capacity : 32;
		struct instr *bigger;

		if (capacity > MAX_INSTRUCTIONS) {
			PyErr_SetString(PyExc_MemoryError, "code object too large");
			return -1;
		}
		bigger = arena_alloc(c->arena, (size_t)capacity * sizeof(*bigger));
		if (!bigger)
			return -1;
		if (u->ncode)
			memcpy(bigger, u->code, (size_t)u->ncode * sizeof(*bigger));
		u->code = bigger;
		u->capacity = capacity;
	}
	u->code[u->ncode++] = (struct instr){(uint8_t)op, arg, u->at};
	return 0;
}

int new_label(struct compiler *c)
{
	struct unit *u = c->unit;

	if (u->nlabels == u->labels_capacity) {
		int capacity = u->labels_capacity ? 2 * u->labels_capacity : 16;
		int *bigger = arena_alloc(c->arena, (size_t)capacity * sizeof(*bigger));

		if (!bigger)
			return -1;
		if (u->nlabels)
			memcpy(bigger, u->labels, (size_t)u->nlabels * sizeof(*bigger));
		u->labels = bigger;
		u->labels_capacity = capacity;
	}
	u->labels[u->nlabels] = -1;
	return u->nlabels++;
}

int emit_jump(struct compiler *c, int op, int label)
{
	return label < 0 ? -1 : emit(c, op, label);
}

void place_label(struct compiler *c, int label)
{
	if (label < 0)
		return;
	c->unit->labels[label] = c->unit->ncode;
	c->unit->last_label = c->unit->ncode;
}

/* -- Constants and names
 * --------------------------------------------------------------------------------- */

static PyObject *const_key(PyObject *value);

static PyObject *tuple_key(PyObject *value)
{
	Py_ssize_t n = PyTuple_GET_SIZE(value);
	PyObject *key = PyTuple_New(n + 1);

	if (!key)
		return NULL;
	PyTuple_SET_ITEM(key, 0, Py_NewRef(Py_TYPE(value)));
	for (Py_ssize_t i = 0; i < n; i++) {
		PyObject *item = const_key(PyTuple_GET_ITEM(value, i));

		if (!item) {
			Py_DECREF(key);
			return NULL;
		}
		PyTuple_SET_ITEM(key, i + 1, item);
	}
	return key;
}

/* What makes two constants the same: equal, of one type, and for floats of the same bits. */
static PyObject *const_key(PyObject *value)
{
	PyObject *bits, *key;

	if (PyTuple_CheckExact(value))
		return tuple_key(value);
	if (PyFloat_CheckExact(value)) {
		double d = PyFloat_AS_DOUBLE(value);

		bits = PyBytes_FromStringAndSize((const char *)&d, sizeof(d));
	} else if (PyComplex_CheckExact(value)) {
		double d[2] = {PyComplex_RealAsDouble(value), PyComplex_ImagAsDouble(value)};

		bits = PyBytes_FromStringAndSize((const char *)d, sizeof(d));
	} else if (PyLong_CheckExact(value) || PyUnicode_CheckExact(value) ||
		   PyBytes_CheckExact(value) || value == Py_True || value == Py_False) {
		bits = Py_NewRef(value);
	} else {
		bits = PyLong_FromVoidPtr(value);
	}
	key = bits ? PyTuple_Pack(2, Py_TYPE(value), bits) : NULL;
	Py_XDECREF(bits);
	return key;
}

int add_const(struct compiler *c, PyObject *value)
{
	struct unit *u = c->unit;
	PyObject *key, *found, *position;
	int index = -1;

	if (!u->const_index && !(u->const_index = arena_own(c->arena, PyDict_New())))
		return -1;
	key = const_key(value);
	if (!key)
		return -1;
	found = PyDict_GetItemWithError(u->const_index, key);
	if (found) {
		index = (int)PyLong_AsLong(found);
	} else if (!PyErr_Occurred()) {
		position = PyLong_FromLong(u->consts.n);
		if (position && PyDict_SetItem(u->const_index, key, position) == 0 &&
		    arena_own(c->arena, Py_NewRef(value)) && seq_push(c->arena, &u->consts, value))
			index = u->consts.n - 1;
		Py_XDECREF(position);
	}
	Py_DECREF(key);
	return index;
}

int emit_const(struct compiler *c, PyObject *value)
{
	int index = value ? add_const(c, value) : -1;

	return index < 0 ? -1 : emit(c, OP_LOAD_CONST, index);
}

int name_index(struct compiler *c, struct name_table *t, PyObject *name)
{
	intptr_t index = (intptr_t)ptrmap_get(&t->index, name);

	if (index)
		return (int)index - 1;
	if (!seq_push(c->arena, &t->items, name) ||
	    !ptrmap_put(c->arena, &t->index, name, (void *)(intptr_t)t->items.n))
		return -1;
	return t->items.n - 1;
}

int emit_name(struct compiler *c, int op, PyObject *name)
{
	PyObject *mangled = name ? mangle_name(c->arena, c->unit->private_name, name) : NULL;
	int index = mangled ? name_index(c, &c->unit->names, mangled) : -1;

	return index < 0 ? -1 : emit(c, op, index);
}

int forbid_name(struct compiler *c, PyObject *name, enum expr_context ctx)
{
	if (ctx == CTX_LOAD || PyUnicode_CompareWithASCIIString(name, "__debug__") != 0)
		return 0;
	return compile_error(c, c->unit->at,
			     ctx == CTX_STORE ? "cannot assign to __debug__"
					      : "cannot delete __debug__");
}

/* Cells come first, then free variables: the assembler turns the number into a slot. */
static int deref_index(struct unit *u, PyObject *name)
{
	for (int i = 0; i < u->cellvars.n; i++) {
		if (u->cellvars.v[i] == name)
			return i;
	}
	for (int i = 0; i < u->freevars.n; i++) {
		if (u->freevars.v[i] == name)
			return u->cellvars.n + i;
	}
	PyErr_Format(PyExc_SystemError, "compiler lost the variable %R", name);
	return -1;
}

static int emit_deref(struct compiler *c, PyObject *name, enum expr_context ctx)
{
	int index = deref_index(c->unit, name);
	int op = ctx == CTX_STORE                      ? OP_STORE_DEREF
		 : ctx == CTX_DEL                      ? OP_DELETE_DEREF
		 : c->unit->scope->kind == SCOPE_CLASS ? OP_LOAD_CLASSDEREF
						       : OP_LOAD_DEREF;

	return index < 0 ? -1 : emit(c, op, index);
}

int emit_nameop(struct compiler *c, PyObject *name, enum expr_context ctx)
{
	static const uint8_t by_name[] = {OP_LOAD_NAME, OP_STORE_NAME, OP_DELETE_NAME};
	static const uint8_t by_fast[] = {OP_LOAD_FAST, OP_STORE_FAST, OP_DELETE_FAST};
	static const uint8_t by_global[] = {OP_LOAD_GLOBAL, OP_STORE_GLOBAL, OP_DELETE_GLOBAL};
	struct unit *u = c->unit;
	PyObject *mangled = name ? mangle_name(c->arena, u->private_name, name) : NULL;
	struct symbol *sym = mangled ? scope_symbol(u->scope, mangled) : NULL;
	bool function = u->scope->kind == SCOPE_FUNCTION;
	int index;

	if (!mangled || forbid_name(c, mangled, ctx) < 0)
		return -1;
	switch (sym ? sym->home : HOME_UNKNOWN) {
	case HOME_FREE:
	case HOME_CELL: return emit_deref(c, mangled, ctx);
	case HOME_LOCAL:
		if (!function)
			break;
		index = name_index(c, &u->varnames, mangled);
		return index < 0 ? -1 : emit(c, by_fast[ctx], index);
	case HOME_GLOBAL_IMPLICIT:
		if (!function)
			break;
		return emit_name(c, by_global[ctx], name);
	case HOME_GLOBAL_EXPLICIT: return emit_name(c, by_global[ctx], name);
	default: break;
	}
	return emit_name(c, by_name[ctx], name);
}

/* -- Units
 * ------------------------------------------------------------------------------------------------
 */

static bool is_global_in(const struct unit *u, PyObject *name, struct compiler *c)
{
	PyObject *mangled = mangle_name(c->arena, u->private_name, name);
	struct symbol *sym = mangled ? scope_symbol(u->scope, mangled) : NULL;

	return sym && sym->home == HOME_GLOBAL_EXPLICIT;
}

static PyObject *qualified_name(struct compiler *c, const struct unit *u)
{
	const struct unit *p = u->parent;
	PyObject *name;

	if (!p || p->kind == UNIT_MODULE)
		return u->name;
	if (u->kind != UNIT_LAMBDA && u->kind != UNIT_COMPREHENSION && is_global_in(p, u->name, c))
		return u->name;
	name = PyUnicode_FromFormat(
		p->kind == UNIT_CLASS || p->kind == UNIT_COMPREHENSION ? "%U.%U" : "%U.<locals>.%U",
		p->qualname, u->name);
	if (name)
		PyUnicode_InternInPlace(&name);
	return arena_own(c->arena, name);
}

static int fill_variables(struct compiler *c, struct unit *u)
{
	PyObject *cell;

	for (int i = 0; i < u->scope->params.n; i++)
		TRY(name_index(c, &u->varnames, u->scope->params.v[i]));
	if (!scope_sorted_names(c->arena, u->scope, HOME_CELL, 0, &u->cellvars) ||
	    !scope_sorted_names(c->arena, u->scope, HOME_FREE, SYM_FREE_CLASS, &u->freevars))
		return -1;
	if (!u->scope->needs_class_cell)
		return 0;
	cell = intern(c, "__class__");
	return cell && seq_push(c->arena, &u->cellvars, cell) ? 0 : -1;
}

int unit_enter(struct compiler *c, enum unit_kind kind, PyObject *name, const void *node, int line)
{
	struct unit *u = arena_alloc(c->arena, sizeof(*u));

	if (!u)
		return -1;
	u->parent = c->unit;
	u->kind = kind;
	u->scope = symtable_scope(&c->symtable, node);
	u->name = name;
	u->private_name = u->scope->private_name;
	u->firstlineno = line;
	TRY(fill_variables(c, u));
	u->qualname = qualified_name(c, u);
	if (!u->qualname)
		return -1;
	c->unit = u;
	if (kind == UNIT_MODULE)
		u->at = (struct location){0, 1, 0, 0};
	else
		u->at = (struct location){line, line, 0, 0};
	TRY(emit(c, OP_RESUME, 0));
	if (kind == UNIT_MODULE)
		unset_location(c);
	return 0;
}

void unit_leave(struct compiler *c)
{
	c->unit = c->unit->parent;
}

int add_return_none(struct compiler *c)
{
	unset_location(c);
	TRY(emit_const(c, Py_None));
	return emit(c, OP_RETURN_VALUE, 0);
}

/* -- The module
 * --------------------------------------------------------------------------------------------- */

static int compile_module(struct compiler *c, struct module *m)
{
	switch (m->kind) {
	case MODULE_EXEC: TRY(compile_body(c, &m->body)); break;
	case MODULE_SINGLE:
		c->interactive = true;
		for (int i = 0; i < m->body.n; i++) {
			struct stmt *s = stmt_at(&m->body, i);

			if (s->kind == STMT_ANN_ASSIGN) {
				set_location(c, s->at);
				TRY(emit(c, OP_SETUP_ANNOTATIONS, 0));
				break;
			}
		}
		TRY(visit_body(c, &m->body));
		break;
	case MODULE_EVAL: TRY(visit_expr(c, m->expr)); return emit(c, OP_RETURN_VALUE, 0);
	}
	return add_return_none(c);
}

static PyCodeObject *compile_tree(struct source *source, struct module *m, int flags)
{
	struct compiler c = {.arena = source->arena,
			     .source = source,
			     .filename = source->filename,
			     .flags = flags & CO_FUTURE_ANNOTATIONS};
	PyObject *name;

	if (find_future(&c, m) < 0 || symtable_build(&c.symtable, c.arena, c.filename, m,
						     (c.flags & CO_FUTURE_ANNOTATIONS) != 0) < 0)
		return NULL;
	name = intern(&c, "<module>");
	if (!name || unit_enter(&c, UNIT_MODULE, name, m, 1) < 0 || compile_module(&c, m) < 0)
		return NULL;
	return assemble(&c);
}

static PyCodeObject *compile_text(const char *text, Py_ssize_t len, PyObject *filename,
				  enum module_kind kind, int flags, bool *incomplete)
{
	struct arena arena;
	struct source source;
	struct module *m = NULL;
	PyCodeObject *code = NULL;

	arena_init(&arena);
	if (source_init(&source, &arena, text, len, filename, !(flags & PyCF_IGNORE_COOKIE)) == 0)
		m = parser_run(&source, kind, incomplete);
	if (m)
		code = compile_tree(&source, m, flags);
	arena_deinit(&arena);
	return code;
}

PyCodeObject *PyCompile_Source(const char *source, Py_ssize_t len, PyObject *filename, int mode,
			       int flags)
{
	return compile_text(source, len, filename, (enum module_kind)mode, flags, NULL);
}

PyCodeObject *PyCompile_Interactive(const char *source, Py_ssize_t len, PyObject *filename,
				    int flags, bool *incomplete)
{
	*incomplete = false;
	return compile_text(source, len, filename, MODULE_SINGLE, flags | PyCF_IGNORE_COOKIE,
			    incomplete);
}
