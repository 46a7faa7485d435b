/* SPDX-License-Identifier: BSD-2-Clause */
/* list, tuple, dict, set, frozenset, range and slice as repr() prints them, `...` for an object
 * inside itself. */
#include "python/dict.h"
#include "python/printer.h"

enum { CHUNK = 64 };

/* Enters obj, or prints what stands for one that is being printed. */
static bool enter(struct pyi_printer *p, uint64_t obj, const char *again)
{
	if (pyi_printer_enter(p, obj))
		return true;
	pyi_printer_puts(p, again);
	return false;
}

static struct pyi_error *print_items(struct pyi_printer *p, uint64_t items, uint64_t n)
{
	uint64_t pointers[CHUNK];

	for (uint64_t i = 0; i < n && !p->cut; i++) {
		if (i % CHUNK == 0) {
			size_t some = n - i < CHUNK ? n - i : CHUNK;
			struct pyi_error *err;

			pyi_printer_touch(p, items + i * 8, some * 8);
			err = pyi_mem_read(p->target->mem, items + i * 8, pointers, some * 8);
			if (err)
				return err;
		}
		if (i)
			pyi_printer_puts(p, ", ");
		pyi_print_object(p, items + i * 8, pointers[i % CHUNK]);
	}
	return NULL;
}

struct pyi_error *pyi_print_list(struct pyi_printer *p, uint64_t obj, const struct pyi_type *type)
{
	uint64_t items, n;
	struct pyi_error *err = pyi_list_open(p->target, p->rt, obj, &items, &n);

	if (err || !enter(p, obj, "[...]"))
		return err;
	pyi_printer_puts(p, "[");
	err = print_items(p, items, n);
	pyi_printer_puts(p, "]");
	pyi_printer_leave(p);
	return err;
}

struct pyi_error *pyi_print_tuple(struct pyi_printer *p, uint64_t obj, const struct pyi_type *type)
{
	uint64_t items, n;
	struct pyi_error *err = pyi_tuple_open(p->target, p->rt, obj, &items, &n);

	if (err || !enter(p, obj, "(...)"))
		return err;
	pyi_printer_puts(p, "(");
	err = print_items(p, items, n);
	pyi_printer_puts(p, n == 1 ? ",)" : ")");
	pyi_printer_leave(p);
	return err;
}

static struct pyi_error *print_dict_items(struct pyi_printer *p, const struct pyi_dict *dict)
{
	struct pyi_dict_iter iter;
	struct pyi_dict_item item;
	bool found;

	pyi_dict_iter_init(&iter, dict);
	for (uint64_t i = 0; !p->cut; i++) {
		uint64_t before = iter.next;
		struct pyi_error *err = pyi_dict_next(p->target, &iter, &item, &found);

		if (err || !found)
			return err;
		if (!pyi_printer_spend(p, iter.next - before))
			return NULL;
		pyi_printer_touch(p, item.key_slot, 8);
		pyi_printer_touch(p, item.value_slot, 8);
		if (i)
			pyi_printer_puts(p, ", ");
		pyi_print_object(p, item.key_slot, item.key);
		pyi_printer_puts(p, ": ");
		pyi_print_object(p, item.value_slot, item.value);
	}
	return NULL;
}

struct pyi_error *pyi_print_dict(struct pyi_printer *p, uint64_t obj, const struct pyi_type *type)
{
	struct pyi_dict dict;
	struct pyi_error *err = pyi_dict_open(p->target, p->rt, obj, &dict);

	if (err || !enter(p, obj, "{...}"))
		return err;
	pyi_printer_touch(p, dict.entries, 8);
	pyi_printer_puts(p, "{");
	err = print_dict_items(p, &dict);
	pyi_printer_puts(p, "}");
	pyi_printer_leave(p);
	return err;
}

/* In table order, which is iteration order. */
static struct pyi_error *print_set_items(struct pyi_printer *p, const struct pyi_set *set)
{
	const struct pyi_layout *l = &p->rt->layout;
	uint64_t entries[CHUNK][2], kept = 0;

	for (uint64_t i = 0; kept < set->used && !p->cut; i++) {
		uint64_t key, at = set->table + i * 16;

		if (i > set->mask)
			return pyi_error_create(PYI_ERR_BAD_DATA,
						"the set was caught while it changed");
		if (i % CHUNK == 0) {
			uint64_t left = set->mask + 1 - i, some = left < CHUNK ? left : CHUNK;
			struct pyi_error *err;

			if (!pyi_printer_spend(p, some))
				break;
			pyi_printer_touch(p, at, some * 16);
			err = pyi_mem_read(p->target->mem, at, entries, some * 16);
			if (err)
				return err;
		}
		key = entries[i % CHUNK][l->setentry_key / 8];
		if (!key || entries[i % CHUNK][l->setentry_hash / 8] == UINT64_MAX)
			continue;
		if (kept++)
			pyi_printer_puts(p, ", ");
		pyi_print_object(p, at + l->setentry_key, key);
	}
	return NULL;
}

static struct pyi_error *print_set(struct pyi_printer *p, uint64_t obj, const char *open,
				   const char *close, const char *empty, const char *again)
{
	struct pyi_set set;
	struct pyi_error *err = pyi_set_open(p->target, p->rt, obj, &set);

	if (err || !enter(p, obj, again))
		return err;
	if (set.used) {
		pyi_printer_puts(p, open);
		err = print_set_items(p, &set);
		pyi_printer_puts(p, close);
	} else {
		pyi_printer_puts(p, empty);
	}
	pyi_printer_leave(p);
	return err;
}

struct pyi_error *pyi_print_set(struct pyi_printer *p, uint64_t obj, const struct pyi_type *type)
{
	if (p->rt->layout.how_str == PYI_STR_PY2)
		return print_set(p, obj, "set([", "])", "set([])", "set(...)");
	return print_set(p, obj, "{", "}", "set()", "set(...)");
}

struct pyi_error *pyi_print_frozenset(struct pyi_printer *p, uint64_t obj,
				      const struct pyi_type *type)
{
	if (p->rt->layout.how_str == PYI_STR_PY2)
		return print_set(p, obj, "frozenset([", "])", "frozenset([])", "frozenset(...)");
	return print_set(p, obj, "frozenset({", "})", "frozenset()", "frozenset(...)");
}

static bool is_one(struct pyi_printer *p, uint64_t obj)
{
	uint64_t value = 0;

	pyi_error_destroy(pyi_int_read(p->target, p->rt, obj, &value));
	return value == 1;
}

/* name(start, stop, step): the pointers stand right behind the head, in every version and in
 * minipy (CPython Objects/rangeobject.c, Include/sliceobject.h). */
static struct pyi_error *print_bounds(struct pyi_printer *p, uint64_t obj, const char *name,
				      bool hides_step_one)
{
	uint64_t at = obj + p->rt->layout.object_size, bound[3];
	struct pyi_error *err = pyi_mem_read(p->target->mem, at, bound, sizeof(bound));
	size_t n;

	if (err || !enter(p, obj, "..."))
		return err;
	pyi_printer_touch(p, at, sizeof(bound));
	pyi_printer_puts(p, name);
	n = hides_step_one && is_one(p, bound[2]) ? 2 : 3;
	for (size_t i = 0; i < n; i++) {
		pyi_printer_puts(p, i ? ", " : "(");
		pyi_print_object(p, at + i * 8, bound[i]);
	}
	pyi_printer_puts(p, ")");
	pyi_printer_leave(p);
	return NULL;
}

struct pyi_error *pyi_print_range(struct pyi_printer *p, uint64_t obj, const struct pyi_type *type)
{
	return print_bounds(p, obj, "range", true);
}

struct pyi_error *pyi_print_slice(struct pyi_printer *p, uint64_t obj, const struct pyi_type *type)
{
	return print_bounds(p, obj, "slice", false);
}
