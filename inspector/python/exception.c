/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exceptions of a thread state. Up to 3.11 what is raised is three fields (type, value, traceback),
 * and value need not be an instance yet; from 3.12 on it is one object. What is handled is the
 * first entry of a stack of generators' and the thread's own items that is set (CPython
 * Python/errors.c, _PyErr_GetTopmostException); up to 3.6 it is one field of the thread state.
 */
#include "python/exception.h"

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "python/object.h"
#include "python/str.h"
#include "python/values.h"

#include <string.h>

enum {
	MAX_CHAIN = 20,
	MAX_ITEMS = 1000,     /* of the stack of handled exceptions */
	MAX_BASES = 64,       /* of a type */
	MAX_MESSAGE = 1000,   /* code points */
	MAX_TRACEBACK = 1000, /* entries */
	MAX_PATH = 4096,
};

struct reader {
	struct pyi_target *target;
	const struct pyi_runtime *rt;
};

/* The pointer in a field; 0 also when it cannot be read. */
static uint64_t pointer(const struct reader *r, uint64_t base, uint32_t offset)
{
	uint64_t value = 0;

	pyi_error_destroy(pyi_field_u64(r->target, base, offset, &value));
	return value;
}

static bool read_type(const struct reader *r, uint64_t obj, struct pyi_type *ret)
{
	struct pyi_error *err = pyi_object_type_read(r->target, r->rt, obj, ret);

	pyi_error_destroy(err);
	return !err;
}

static bool is_none(const struct reader *r, uint64_t obj)
{
	struct pyi_type type;

	return read_type(r, obj, &type) && type.obj == PYI_OBJ_NONE;
}

static bool is_exception(const struct reader *r, uint64_t obj)
{
	struct pyi_type type;

	return obj && read_type(r, obj, &type) && type.flags & PYI_TPFLAGS_EXCEPTION;
}

/* The object has no type: what points to it is damaged, or it is. Names of types may be in files
 * that are not at hand; their flags never are. */
static bool is_damaged(const struct reader *r, uint64_t obj)
{
	uint64_t type = 0, flags;
	struct pyi_error *err;

	if (r->target->kind == PYI_TARGET_SNAPSHOT) /* it does not hold all that there was */
		return false;
	err = obj ? pyi_object_type(r->target, r->rt, obj, &type) : NULL;

	if (!err && obj)
		err = pyi_field_u64(r->target, type, r->rt->layout.type_flags, &flags);
	pyi_error_destroy(err);
	return err != NULL;
}

/* --- messages --- */

static char *repr(const struct reader *r, uint64_t obj, bool *truncated)
{
	struct pyi_value_options options = {.max_bytes = MAX_MESSAGE};
	struct pyi_value value;
	char *text = NULL;

	pyi_value_read(r->target, r->rt, obj, &options, &value);
	if (!value.unreadable)
		text = pyi_steal(value.repr);
	*truncated |= value.truncated;
	pyi_value_deinit(&value);
	return text;
}

/* What str() of an object of a built-in type gives; NULL for all others. */
static char *to_text(const struct reader *r, uint64_t obj, bool *truncated)
{
	bool python2 = r->rt->layout.how_str == PYI_STR_PY2;
	struct pyi_type type;
	struct pyi_str str;
	char *text = NULL;

	if (!read_type(r, obj, &type))
		return NULL;
	switch (type.obj) {
	case PYI_OBJ_STR: break;
	case PYI_OBJ_BYTES:
		if (!python2)
			return repr(r, obj, truncated);
		break;
	case PYI_OBJ_NONE:
	case PYI_OBJ_BOOL:
	case PYI_OBJ_INT:
	case PYI_OBJ_LIST:
	case PYI_OBJ_TUPLE:
	case PYI_OBJ_DICT: return repr(r, obj, truncated);
	case PYI_OBJ_FLOAT: return python2 ? NULL : repr(r, obj, truncated);
	default: return NULL;
	}
	pyi_error_destroy(pyi_str_read(r->target, r->rt, obj, MAX_MESSAGE, &text));
	if (text && !pyi_str_open(r->target, r->rt, obj, &str))
		*truncated |= str.length > MAX_MESSAGE;
	return text;
}

/* The built-in exception types whose str() is not that of their arguments, and their subclasses. */
enum form { FORM_ARGS, FORM_KEY, FORM_OS, FORM_OTHER };

static enum form form_of_name(const char *name)
{
	static const struct {
		const char *name;
		enum form form;
	} forms[] = {
		{"KeyError", FORM_KEY},
		{"OSError", FORM_OS},
		{"EnvironmentError", FORM_OTHER},
		{"SyntaxError", FORM_OTHER},
		{"UnicodeError", FORM_OTHER},
		{"UnicodeEncodeError", FORM_OTHER},
		{"UnicodeDecodeError", FORM_OTHER},
		{"UnicodeTranslateError", FORM_OTHER},
		{"BaseExceptionGroup", FORM_OTHER},
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (strcmp(forms[i].name, name) == 0)
			return forms[i].form;
	return FORM_ARGS;
}

/* OTHER where a class of the program has a __str__ of its own, or what it is cannot be told. */
static enum form find_form(const struct reader *r, uint64_t obj)
{
	uint64_t at = pointer(r, obj, r->rt->layout.object_type);

	for (int i = 0; i < MAX_BASES && at; i++) {
		enum form form = FORM_ARGS;
		struct pyi_type type;
		struct pyi_error *err = pyi_type_read(r->target, r->rt, at, &type);

		pyi_error_destroy(err);
		if (err)
			return FORM_OTHER;
		if (type.flags & PYI_TPFLAGS_HEAPTYPE) {
			uint64_t dict = pointer(r, at, r->rt->layout.type_dict);

			if (!dict || pyi_dict_get(r->target, r->rt, dict, "__str__"))
				return FORM_OTHER;
		} else {
			form = form_of_name(type.name);
		}
		if (form != FORM_ARGS)
			return form;
		if (strcmp(type.name, "BaseException") == 0)
			return FORM_ARGS;
		at = pointer(r, at, r->rt->layout.type_base);
	}
	return FORM_OTHER;
}

/* CPython Include/cpython/pyerrors.h, PyOSErrorObject: behind the common head stand errno, strerror
 * and filename. [Errno 2] No such file or directory: 'x' */
static char *os_message(const struct reader *r, uint64_t obj, uint64_t items, bool *truncated)
{
	uint32_t head = r->rt->layout.exc_suppress_context;
	pyi_autofree char *number = NULL, *text = NULL, *file = NULL;
	pyi_autostrbuf sb = PYI_STRBUF_INIT;
	uint64_t name;

	if (r->rt->minipy || head == PYI_NONE)
		return NULL;
	name = pointer(r, obj, head / 8 * 8 + 8 + 16);
	number = to_text(r, pointer(r, items, 0), truncated);
	text = to_text(r, pointer(r, items, 8), truncated);
	if (name && !is_none(r, name))
		file = repr(r, name, truncated);
	if (!number || !text || (name && !is_none(r, name) && !file))
		return NULL;
	pyi_strbuf_printf(&sb, "[Errno %s] %s", number, text);
	if (file)
		pyi_strbuf_printf(&sb, ": %s", file);
	return pyi_strbuf_steal(&sb);
}

static char *message(const struct reader *r, uint64_t obj, uint64_t args, bool *truncated)
{
	enum form form = find_form(r, obj);
	uint64_t items, n;
	struct pyi_error *err =
		pyi_object_check(r->target, r->rt, args, PYI_TPFLAGS_TUPLE, "tuple");

	if (!err)
		err = pyi_tuple_open(r->target, r->rt, args, &items, &n);
	pyi_error_destroy(err);
	if (err || form == FORM_OTHER)
		return NULL;
	if (form == FORM_OS && n == 2)
		return os_message(r, obj, items, truncated);
	if (form == FORM_OS && n > 2)
		return NULL;
	if (n == 0)
		return strdup("");
	if (n == 1)
		return (form == FORM_KEY ? repr : to_text)(r, pointer(r, items, 0), truncated);
	return repr(r, args, truncated);
}

/* --- one exception --- */

/* The frame where it was raised is the traceback's last entry. */
static void find_place(const struct reader *r, uint64_t obj, struct pyi_exception_item *item)
{
	const struct pyi_layout *l = &r->rt->layout;
	uint64_t at = pointer(r, obj, l->exc_traceback), last = 0, code;
	uint32_t line = 0;

	for (int i = 0; i < MAX_TRACEBACK && at; i++) {
		last = at;
		at = pointer(r, at, l->traceback_next);
	}
	/* Frames of 3.11 and later are elsewhere, and the line may not be computed yet. */
	if (!last || at || l->how_frames != PYI_FRAMES_HEAP)
		return;
	code = pointer(r, pointer(r, last, l->traceback_frame), l->frame_code);
	pyi_error_destroy(pyi_field_u32(r->target, last, l->traceback_lineno, &line));
	if (!code || (int32_t)line <= 0)
		return;
	pyi_error_destroy(pyi_str_read(r->target, r->rt, pointer(r, code, l->code_filename),
				       MAX_PATH, &item->file));
	item->line = item->file ? (int)line : 0;
}

static void describe(const struct reader *r, uint64_t obj, const char *link,
		     struct pyi_exception *ret)
{
	struct pyi_exception_item *item = pyi_vec_push(&ret->items);
	uint64_t args = pointer(r, obj, r->rt->layout.exc_args);
	bool cut = false;

	if (!item)
		return;
	item->link = link;
	item->type = pyi_type_name(r->target, r->rt, obj);
	item->message = message(r, obj, args, &item->truncated);
	item->args = args ? repr(r, args, &cut) : NULL;
	find_place(r, obj, item);
}

/* Up to 3.11: a class, and what its instance will be made of: nothing, a text, or a tuple. */
static void describe_class(const struct reader *r, uint64_t class, uint64_t value,
			   struct pyi_exception *ret)
{
	struct pyi_type type;
	struct pyi_error *err = pyi_type_read(r->target, r->rt, class, &type);
	struct pyi_exception_item *item;

	pyi_error_destroy(err);
	if (err || !(type.flags & PYI_TPFLAGS_HEAPTYPE || *type.name))
		return;
	item = pyi_vec_push(&ret->items);
	if (!item)
		return;
	item->type = strdup(type.name);
	if (!value || is_none(r, value))
		item->message = strdup("");
	else if (!(type.flags & PYI_TPFLAGS_HEAPTYPE) && form_of_name(type.name) == FORM_ARGS)
		item->message = to_text(r, value, &item->truncated);
	else
		item->args = repr(r, value, &item->truncated);
}

/* --- which --- */

/* As a traceback shows it: the cause, else the context unless that is suppressed. */
static uint64_t next_of(const struct reader *r, uint64_t obj, const char **link,
			struct pyi_exception *ret)
{
	const struct pyi_layout *l = &r->rt->layout;
	uint64_t next = pointer(r, obj, l->exc_cause);
	uint8_t suppressed = 0;

	*link = "cause";
	if (is_exception(r, next))
		return next;
	if (is_damaged(r, next)) {
		ret->damaged = next;
		return 0;
	}
	*link = "context";
	pyi_error_destroy(pyi_field_u8(r->target, obj, l->exc_suppress_context, &suppressed));
	next = suppressed ? 0 : pointer(r, obj, l->exc_context);
	if (is_damaged(r, next))
		ret->damaged = next;
	return is_exception(r, next) ? next : 0;
}

static void read_chain(const struct reader *r, uint64_t obj, struct pyi_exception *ret)
{
	uint64_t seen[MAX_CHAIN];
	const char *link = NULL;

	for (size_t n = 0; obj; obj = next_of(r, obj, &link, ret)) {
		for (size_t i = 0; i < n; i++)
			if (seen[i] == obj)
				return;
		if (n == MAX_CHAIN) {
			ret->cut = true;
			return;
		}
		seen[n++] = obj;
		describe(r, obj, link, ret);
	}
	ret->cut = ret->damaged != 0;
}

static uint64_t find_handled(const struct reader *r, const struct pyi_tstate *ts,
			     struct pyi_exception *ret)
{
	const struct pyi_layout *l = &r->rt->layout;
	uint64_t item, value;

	if (l->tstate_handled != PYI_NONE) {
		value = pointer(r, ts->addr, l->tstate_handled);
		if (is_damaged(r, value))
			ret->damaged = value;
		return is_exception(r, value) ? value : 0;
	}
	item = pointer(r, ts->addr, l->tstate_exc_info);
	for (int i = 0; i < MAX_ITEMS && item; i++) {
		value = pointer(r, item, l->excitem_value);
		if (is_exception(r, value))
			return value;
		if (is_damaged(r, value)) { /* those of callers are not this one */
			ret->damaged = value;
			return 0;
		}
		item = pointer(r, item, l->excitem_previous);
	}
	return 0;
}

void pyi_exception_read(struct pyi_target *target, const struct pyi_runtime *rt,
			const struct pyi_tstate *ts, struct pyi_exception *ret)
{
	struct reader r = {target, rt};
	const struct pyi_layout *l = &rt->layout;
	uint64_t raised = pointer(&r, ts->addr, l->tstate_exception);
	uint64_t class = l->tstate_exception_type == PYI_NONE
				 ? 0
				 : pointer(&r, ts->addr, l->tstate_exception_type);
	uint64_t handled;

	*ret = (struct pyi_exception){0};
	if (is_exception(&r, raised))
		read_chain(&r, raised, ret);
	else if (class)
		describe_class(&r, class, raised, ret);
	else if (is_damaged(&r, raised))
		ret->damaged = raised;
	if (ret->items.len) {
		ret->state = PYI_EXCEPTION_RAISED;
		return;
	}
	handled = find_handled(&r, ts, ret);
	if (handled)
		read_chain(&r, handled, ret);
	if (ret->items.len)
		ret->state = PYI_EXCEPTION_HANDLED;
}

void pyi_exception_deinit(struct pyi_exception *exception)
{
	pyi_vec_for_each (item, &exception->items) {
		free(item->type);
		free(item->message);
		free(item->args);
		free(item->file);
	}
	pyi_vec_deinit(&exception->items);
}
