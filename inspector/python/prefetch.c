/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bringing values into the page cache while the target stands still: breadth first, so that what
 * is nearest to a local comes first, in one batch of reads for the objects of a level, one for
 * their types, one for the heads of their tables and one for the blocks that they own (a list's
 * items, a dict's table).
 *
 * It follows what printing follows, and no more of a container than printing could show; it need
 * not be complete: what it leaves out is read late, and checked.
 */
#include "python/dict.h"
#include "python/object.h"
#include "python/seen.h"
#include "python/str.h"
#include "python/values.h"
#include "base/cleanup.h"

#include <string.h>
#include <time.h>

enum {
	HEAD_BYTES = 64,       /* of an object, enough for every fixed part that is looked at */
	BEFORE_BYTES = 32,     /* a managed dict stands before the object */
	BLOCK_MAX = 64 * 1024, /* bytes of one block */
	CHILDREN_MAX = 4096,   /* objects that one container leads to */
	OBJECTS_MAX = 1 << 18,
};

struct addrs {
	PYI_VEC(uint64_t) list;
};
struct ranges {
	PYI_VEC(struct pyi_mem_iov) list;
};

struct walk {
	struct pyi_target *target;
	const struct pyi_runtime *rt;
	uint64_t deadline_ns;
	struct pyi_seen seen;  /* objects and types */
	uint64_t set_types[2]; /* set and frozenset once met: no flag tells them */
};

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static bool in_time(const struct walk *w)
{
	return now_ns() < w->deadline_ns;
}

static void add_range(struct ranges *ranges, uint64_t addr, uint64_t len)
{
	struct pyi_mem_iov *iov;

	if (!addr || !len)
		return;
	iov = pyi_vec_push(&ranges->list);
	if (iov)
		*iov = (struct pyi_mem_iov){.addr = addr,
					    .len = len < BLOCK_MAX ? (size_t)len : BLOCK_MAX};
}

static void fetch(struct walk *w, struct ranges *ranges)
{
	pyi_mem_prefetch(w->target->mem, ranges->list.data, ranges->list.len);
	ranges->list.len = 0;
}

/* True the first time. */
static bool see(struct walk *w, uint64_t addr)
{
	return addr && addr % 8 == 0 && w->seen.len < OBJECTS_MAX &&
	       pyi_seen_add(&w->seen, addr) == PYI_SEEN_NEW;
}

static void add_child(struct walk *w, struct addrs *children, uint64_t obj)
{
	uint64_t *child = see(w, obj) ? pyi_vec_push(&children->list) : NULL;

	if (child)
		*child = obj;
}

static bool is_set(const struct walk *w, uint64_t type)
{
	return type && (type == w->set_types[0] || type == w->set_types[1]);
}

/* Asks for the block that an object keeps its contents in; its head and type are there. */
static struct pyi_error *add_blocks(struct walk *w, uint64_t obj, uint64_t type, uint64_t flags,
				    struct ranges *ranges)
{
	uint64_t at, n;
	struct pyi_dict dict;
	struct pyi_set set;
	struct pyi_str str;
	struct pyi_error *err = NULL;

	if (flags & PYI_TPFLAGS_LIST) {
		err = pyi_list_open(w->target, w->rt, obj, &at, &n);
	} else if (flags & PYI_TPFLAGS_TUPLE) {
		err = pyi_tuple_open(w->target, w->rt, obj, &at, &n);
	} else if (flags & PYI_TPFLAGS_BYTES) {
		err = pyi_bytes_open(w->target, w->rt, obj, &at, &n);
		n = n / 8 + 1;
	} else if (flags & PYI_TPFLAGS_STR) {
		err = pyi_str_open(w->target, w->rt, obj, &str);
		at = err ? 0 : str.data;
		n = err ? 0 : str.length * str.width / 8 + 1;
	} else if (flags & PYI_TPFLAGS_DICT) {
		err = pyi_dict_open(w->target, w->rt, obj, &dict);
		if (!err && dict.values)
			add_range(ranges, dict.values, dict.nentries * 8);
		at = err ? 0 : dict.entries;
		n = err ? 0 : dict.nentries * (dict.stride / 8);
	} else if (is_set(w, type)) {
		err = pyi_set_open(w->target, w->rt, obj, &set);
		at = err ? 0 : set.table;
		n = err ? 0 : (set.mask + 1) * 2;
	} else {
		return NULL;
	}
	if (!err)
		add_range(ranges, at, n < BLOCK_MAX ? n * 8 : BLOCK_MAX);
	return err;
}

static struct pyi_error *add_items(struct walk *w, uint64_t items, uint64_t n,
				   struct addrs *children)
{
	for (uint64_t i = 0, item; i < n && i < CHILDREN_MAX; i++) {
		struct pyi_error *err = pyi_mem_read_u64(w->target->mem, items + i * 8, &item);

		if (err)
			return err;
		add_child(w, children, item);
	}
	return NULL;
}

static struct pyi_error *add_dict(struct walk *w, uint64_t obj, struct addrs *children)
{
	struct pyi_dict_iter iter;
	struct pyi_dict_item item;
	struct pyi_dict dict;
	bool found = true;
	struct pyi_error *err = pyi_dict_open(w->target, w->rt, obj, &dict);

	if (err)
		return err;
	pyi_dict_iter_init(&iter, &dict);
	while (!err && found && iter.next < CHILDREN_MAX) {
		err = pyi_dict_next(w->target, &iter, &item, &found);
		if (!err && found) {
			add_child(w, children, item.key);
			add_child(w, children, item.value);
		}
	}
	return err;
}

static struct pyi_error *add_set(struct walk *w, uint64_t obj, struct addrs *children)
{
	uint64_t entry[2];
	struct pyi_set set;
	struct pyi_error *err = pyi_set_open(w->target, w->rt, obj, &set);

	for (uint64_t i = 0; !err && i <= set.mask && i < CHILDREN_MAX; i++) {
		err = pyi_mem_read(w->target->mem, set.table + i * 16, entry, sizeof(entry));
		if (!err && entry[w->rt->layout.setentry_hash / 8] != UINT64_MAX)
			add_child(w, children, entry[w->rt->layout.setentry_key / 8]);
	}
	return err;
}

static struct pyi_error *add_children(struct walk *w, uint64_t obj, uint64_t type, uint64_t flags,
				      struct addrs *children)
{
	uint64_t items, n;
	struct pyi_error *err = NULL;

	if (flags & PYI_TPFLAGS_DICT)
		return add_dict(w, obj, children);
	if (is_set(w, type))
		return add_set(w, obj, children);
	if (flags & PYI_TPFLAGS_LIST)
		err = pyi_list_open(w->target, w->rt, obj, &items, &n);
	else if (flags & PYI_TPFLAGS_TUPLE)
		err = pyi_tuple_open(w->target, w->rt, obj, &items, &n);
	else if (flags & PYI_TPFLAGS_EXCEPTION)
		return add_items(w, obj + w->rt->layout.exc_args, 1, children);
	else
		return NULL;
	return err ? err : add_items(w, items, n, children);
}

/* 0 and 0 when the object or its type cannot be read. */
static uint64_t type_flags(struct walk *w, uint64_t obj, uint64_t *type)
{
	uint64_t flags = 0;
	struct pyi_error *err;

	*type = 0;
	err = pyi_object_type(w->target, w->rt, obj, type);
	if (!err)
		err = pyi_field_u64(w->target, *type, w->rt->layout.type_flags, &flags);
	pyi_error_destroy(err);
	return flags;
}

/* Types that are new are asked for as a whole, and then what names them. */
static void add_type(struct walk *w, uint64_t obj, struct addrs *types, struct ranges *ranges)
{
	const struct pyi_layout *l = &w->rt->layout;
	uint64_t type, *slot;
	struct pyi_error *err = pyi_object_type(w->target, w->rt, obj, &type);

	slot = !err && see(w, type) ? pyi_vec_push(&types->list) : NULL;
	if (slot) {
		*slot = type;
		add_range(ranges, type,
			  l->heaptype_name != PYI_NONE ? l->heaptype_name + 8ull : l->type_size);
	}
	pyi_error_destroy(err);
}

static void add_type_name(struct walk *w, uint64_t type, struct ranges *ranges)
{
	const struct pyi_layout *l = &w->rt->layout;
	uint64_t name, flags;
	struct pyi_error *err = pyi_field_u64(w->target, type, l->type_flags, &flags);

	if (!err)
		err = pyi_field_u64(w->target, type,
				    flags & PYI_TPFLAGS_HEAPTYPE ? l->heaptype_name : l->type_name,
				    &name);
	if (!err)
		add_range(ranges, name, HEAD_BYTES);
	pyi_error_destroy(err);
}

static void note_set_type(struct walk *w, uint64_t addr)
{
	struct pyi_type type;
	struct pyi_error *err = pyi_type_read(w->target, w->rt, addr, &type);

	if (!err && type.obj == PYI_OBJ_SET)
		w->set_types[0] = addr;
	if (!err && type.obj == PYI_OBJ_FROZENSET)
		w->set_types[1] = addr;
	pyi_error_destroy(err);
}

/* The head of a dict's table, which says how long the table is. */
static void add_dict_keys(struct walk *w, uint64_t obj, struct ranges *ranges)
{
	const struct pyi_layout *l = &w->rt->layout;
	uint64_t type, keys;
	struct pyi_error *err;

	if (l->how_dict == PYI_DICT_OPEN || !(type_flags(w, obj, &type) & PYI_TPFLAGS_DICT))
		return;
	err = pyi_field_u64(w->target, obj, l->dict_keys, &keys);
	if (!err)
		add_range(ranges, keys, HEAD_BYTES);
	pyi_error_destroy(err);
}

/* The heads of the level's objects, then their types, then what those and dicts point to. */
static void fetch_heads(struct walk *w, struct addrs *level, struct ranges *ranges)
{
	struct addrs types = {0};

	pyi_vec_for_each (obj, &level->list)
		add_range(ranges, *obj - BEFORE_BYTES, BEFORE_BYTES + HEAD_BYTES);
	fetch(w, ranges);
	pyi_vec_for_each (obj, &level->list)
		add_type(w, *obj, &types, ranges);
	fetch(w, ranges);
	pyi_vec_for_each (type, &types.list)
		add_type_name(w, *type, ranges);
	pyi_vec_for_each (obj, &level->list)
		add_dict_keys(w, *obj, ranges);
	fetch(w, ranges);
	pyi_vec_for_each (type, &types.list)
		note_set_type(w, *type);
	pyi_vec_deinit(&types.list);
}

/* One level: all of its objects; what they lead to is appended to next. */
static void walk_level(struct walk *w, struct addrs *level, struct addrs *next)
{
	struct ranges ranges = {0};
	uint64_t type, flags;

	fetch_heads(w, level, &ranges);
	for (size_t i = 0; i < level->list.len && in_time(w); i++) {
		flags = type_flags(w, level->list.data[i], &type);
		pyi_error_destroy(add_blocks(w, level->list.data[i], type, flags, &ranges));
	}
	fetch(w, &ranges);
	for (size_t i = 0; i < level->list.len && in_time(w); i++) {
		flags = type_flags(w, level->list.data[i], &type);
		pyi_error_destroy(add_children(w, level->list.data[i], type, flags, next));
	}
	pyi_vec_deinit(&ranges.list);
}

void pyi_values_prefetch(struct pyi_target *target, const struct pyi_runtime *rt,
			 const uint64_t *roots, size_t n, uint64_t budget_ns)
{
	struct walk w = {.target = target, .rt = rt, .deadline_ns = now_ns() + budget_ns};
	struct addrs level = {0}, next = {0};

	for (size_t i = 0; i < n; i++)
		add_child(&w, &level, roots[i]);
	while (level.list.len && in_time(&w)) {
		struct addrs done = level;

		next.list.len = 0;
		walk_level(&w, &level, &next);
		level = next;
		next = done;
	}
	pyi_vec_deinit(&level.list);
	pyi_vec_deinit(&next.list);
	pyi_seen_deinit(&w.seen);
}
