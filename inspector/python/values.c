/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One value's repr: which printing function, how far, and whether what was read can be trusted.
 *
 * Late bytes: what was first read after the target ran on may be of another time. An object that
 * used such bytes, or that holds one which did, is kept only if the pointer that led to it still
 * stands where it stood, read past the cache *after* the object was printed: its owner, which is
 * checked in the same way, has then held it all the time. Where it is not known what led to an
 * object, its type pointer must still be the same.
 */
#include "python/printer.h"
#include "python/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_BYTES = 1000, DEFAULT_DEPTH = 64, STEPS_PER_BYTE = 64, STEPS_MIN = 1 << 20 };

static struct pyi_error *print_none(struct pyi_printer *p, uint64_t obj,
				    const struct pyi_type *type)
{
	pyi_printer_puts(p, "None");
	return NULL;
}

static struct pyi_error *print_ellipsis(struct pyi_printer *p, uint64_t obj,
					const struct pyi_type *type)
{
	pyi_printer_puts(p, "Ellipsis");
	return NULL;
}

static struct pyi_error *print_not_implemented(struct pyi_printer *p, uint64_t obj,
					       const struct pyi_type *type)
{
	pyi_printer_puts(p, "NotImplemented");
	return NULL;
}

static struct pyi_error *print_other(struct pyi_printer *p, uint64_t obj,
				     const struct pyi_type *type)
{
	pyi_printer_format(p, "<%s at 0x%llx>", type->name, (unsigned long long)obj);
	return NULL;
}

static pyi_print_fn *const printers[PYI_OBJ_COUNT] = {
	[PYI_OBJ_OTHER] = print_other,
	[PYI_OBJ_NONE] = print_none,
	[PYI_OBJ_ELLIPSIS] = print_ellipsis,
	[PYI_OBJ_NOT_IMPLEMENTED] = print_not_implemented,
	[PYI_OBJ_BOOL] = pyi_print_bool,
	[PYI_OBJ_INT] = pyi_print_int,
	[PYI_OBJ_LONG] = pyi_print_long,
	[PYI_OBJ_FLOAT] = pyi_print_float,
	[PYI_OBJ_COMPLEX] = pyi_print_complex,
	[PYI_OBJ_STR] = pyi_print_str,
	[PYI_OBJ_BYTES] = pyi_print_bytes,
	[PYI_OBJ_BYTEARRAY] = pyi_print_bytearray,
	[PYI_OBJ_LIST] = pyi_print_list,
	[PYI_OBJ_TUPLE] = pyi_print_tuple,
	[PYI_OBJ_DICT] = pyi_print_dict,
	[PYI_OBJ_SET] = pyi_print_set,
	[PYI_OBJ_FROZENSET] = pyi_print_frozenset,
	[PYI_OBJ_RANGE] = pyi_print_range,
	[PYI_OBJ_SLICE] = pyi_print_slice,
	[PYI_OBJ_TYPE] = pyi_print_type,
	[PYI_OBJ_FUNCTION] = pyi_print_function,
	[PYI_OBJ_METHOD] = pyi_print_method,
	[PYI_OBJ_CODE] = pyi_print_code,
	[PYI_OBJ_CELL] = print_other,
	[PYI_OBJ_EXCEPTION] = pyi_print_exception,
};

void pyi_printer_append(struct pyi_printer *p, const char *text, size_t len)
{
	size_t room = p->max_bytes - p->out.len;

	if (p->cut)
		return;
	if (len > room) {
		p->cut = true;
		len = room;
		while (len && ((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
	}
	pyi_strbuf_append(&p->out, text, len);
}

void pyi_printer_puts(struct pyi_printer *p, const char *text)
{
	pyi_printer_append(p, text, strlen(text));
}

void pyi_printer_char(struct pyi_printer *p, uint32_t code_point)
{
	size_t before = p->out.len;

	if (p->cut)
		return;
	pyi_strbuf_put_utf8(&p->out, code_point);
	if (p->out.len > p->max_bytes) {
		pyi_strbuf_truncate(&p->out, before);
		p->cut = true;
	}
}

void pyi_printer_format(struct pyi_printer *p, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	pyi_printer_puts(p, text);
}

bool pyi_printer_spend(struct pyi_printer *p, uint64_t n)
{
	if (n > p->steps)
		p->cut = true;
	else
		p->steps -= n;
	return !p->cut;
}

void pyi_printer_touch(struct pyi_printer *p, uint64_t addr, uint64_t len)
{
	p->late = p->late || pyi_mem_is_late(p->target->mem, addr) ||
		  (len && pyi_mem_is_late(p->target->mem, addr + len - 1));
}

bool pyi_printer_enter(struct pyi_printer *p, uint64_t obj)
{
	for (size_t i = 0; i < p->depth; i++)
		if (p->open[i] == obj)
			return false;
	if (p->depth >= p->max_depth) {
		p->cut = true;
		return false;
	}
	p->open[p->depth++] = obj;
	return true;
}

void pyi_printer_leave(struct pyi_printer *p)
{
	p->depth--;
}

struct pyi_error *pyi_printer_type(struct pyi_printer *p, uint64_t obj, const struct pyi_type **ret)
{
	struct pyi_type *slot;
	uint64_t addr;
	struct pyi_error *err = pyi_object_type(p->target, p->rt, obj, &addr);

	if (err)
		return err;
	slot = &p->types[addr / 16 % PYI_TYPE_CACHE];
	if (!slot->addr || slot->addr != addr)
		err = pyi_type_read(p->target, p->rt, addr, slot);
	if (!err)
		*ret = slot;
	return err;
}

/* Whether the pointer at slot is still what the cache holds. */
static bool unchanged(struct pyi_printer *p, uint64_t slot)
{
	uint64_t then, now;
	struct pyi_error *err = pyi_mem_read_u64(p->target->mem, slot, &then);

	if (!err)
		err = pyi_mem_read_now(p->target->mem, slot, &now, sizeof(now));
	if (err) {
		pyi_error_destroy(err);
		return false;
	}
	return then == now;
}

/* Whether what was printed may mix two moments. A snapshot knows which values did. */
static bool has_changed(struct pyi_printer *p, uint64_t slot, uint64_t obj)
{
	struct pyi_notes *notes = p->target->notes;
	uint64_t at = slot ? slot : obj + p->rt->layout.object_type;

	if (pyi_notes_get(notes, "changed", "0x%llx", (unsigned long long)at))
		return true;
	if (!p->late || unchanged(p, at))
		return false;
	pyi_notes_put(notes, "changed", json_true(), "0x%llx", (unsigned long long)at);
	return true;
}

/* Takes back what was printed from start on and says why there is nothing. */
static void replace(struct pyi_printer *p, size_t start, const char *text)
{
	pyi_strbuf_truncate(&p->out, start);
	p->cut = false;
	p->unreadable = true;
	pyi_printer_puts(p, text);
}

void pyi_print_object(struct pyi_printer *p, uint64_t slot, uint64_t obj)
{
	size_t start = p->out.len, depth = p->depth;
	bool late_before = p->late;
	const struct pyi_type *type;
	struct pyi_error *err;

	if (p->cut)
		return;
	p->late = false;
	pyi_printer_touch(p, obj, p->rt->layout.object_size);
	err = pyi_printer_type(p, obj, &type);
	if (!err) {
		struct pyi_type copy = *type; /* the cache's slot may be taken by an inner type */

		err = printers[copy.obj](p, obj, &copy);
	}
	p->depth = depth;
	if (has_changed(p, slot, obj)) {
		replace(p, start, "<changed>");
	} else if (err) {
		char text[160];

		snprintf(text, sizeof(text), "<unreadable: %s>", err->message);
		replace(p, start, text);
	}
	pyi_error_destroy(err);
	p->late = p->late || late_before;
}

void pyi_value_read(struct pyi_target *target, const struct pyi_runtime *rt, uint64_t obj,
		    const struct pyi_value_options *options, struct pyi_value *ret)
{
	size_t bytes = options && options->max_bytes ? options->max_bytes : DEFAULT_BYTES;
	size_t depth = options && options->max_depth ? options->max_depth : DEFAULT_DEPTH;
	struct pyi_printer p = {
		.target = target,
		.rt = rt,
		.max_bytes = bytes,
		.max_depth = depth < PYI_DEPTH_MAX ? depth : PYI_DEPTH_MAX,
		.steps = bytes < UINT32_MAX ? STEPS_MIN + STEPS_PER_BYTE * (uint64_t)bytes
					    : UINT64_MAX,
	};
	const struct pyi_type *type;
	struct pyi_error *err = pyi_printer_type(&p, obj, &type);

	*ret = (struct pyi_value){.type = strdup(err ? "?" : type->name)};
	pyi_error_destroy(err);
	pyi_print_object(&p, options ? options->slot : 0, obj);
	ret->repr = pyi_strbuf_steal(&p.out);
	ret->truncated = p.cut;
	ret->unreadable = p.unreadable;
	if (!ret->repr)
		ret->unreadable = true;
}

void pyi_value_deinit(struct pyi_value *value)
{
	free(value->type);
	free(value->repr);
	*value = (struct pyi_value){0};
}
