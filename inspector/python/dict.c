/* SPDX-License-Identifier: BSD-2-Clause */
/* Walking dict tables. Nothing read from a table is used as a size before it was checked. */
#include "python/dict.h"
#include "python/object.h"
#include "python/str.h"
#include "python/values.h"

#include <string.h>

/* No table of a real process has more entries; ends walks over garbage. */
#define ENTRIES_MAX ((uint64_t)1 << 36)
#define USED_ANY    UINT64_MAX
/* More deleted entries than this are not walked over: a bound on the work one dict can cause. */
#define HOLES_MAX ((uint64_t)1 << 22)

enum { KEYS_GENERAL = 0 }; /* dk_kind: entries hold the hash too; 1 and 2 do not */

static struct pyi_error *bad(uint64_t addr)
{
	return pyi_error_create(PYI_ERR_BAD_DATA, "no dict at 0x%llx", (unsigned long long)addr);
}

static struct pyi_error *open_keys_log2(struct pyi_target *target, const struct pyi_layout *l,
					uint64_t keys, struct pyi_dict *dict)
{
	uint8_t log2_size, log2_bytes, kind;
	struct pyi_error *err = pyi_field_u8(target, keys, l->keys_log2_size, &log2_size);

	if (!err)
		err = pyi_field_u8(target, keys, l->keys_log2_index_bytes, &log2_bytes);
	if (!err)
		err = pyi_field_u8(target, keys, l->keys_kind, &kind);
	if (!err)
		err = pyi_field_u64(target, keys, l->keys_nentries, &dict->nentries);
	if (err)
		return err;
	if (l->keys_indices == PYI_NONE || log2_size > 36 || log2_bytes > 40 ||
	    dict->nentries > (uint64_t)1 << log2_size)
		return bad(keys);
	dict->entries = keys + l->keys_indices + ((uint64_t)1 << log2_bytes);
	dict->stride = kind == KEYS_GENERAL ? 24 : 16;
	dict->key = kind == KEYS_GENERAL ? 8 : 0;
	return NULL;
}

static struct pyi_error *open_keys_indexed(struct pyi_target *target, const struct pyi_layout *l,
					   uint64_t keys, struct pyi_dict *dict)
{
	uint64_t size;
	unsigned width;
	struct pyi_error *err = pyi_field_u64(target, keys, l->keys_size, &size);

	if (!err)
		err = pyi_field_u64(target, keys, l->keys_nentries, &dict->nentries);
	if (err)
		return err;
	if (l->keys_indices == PYI_NONE || size > ENTRIES_MAX || dict->nentries > size)
		return bad(keys);
	width = size <= 0xff ? 1 : size <= 0xffff ? 2 : size <= 0xffffffff ? 4 : 8;
	dict->entries = keys + l->keys_indices + size * width;
	dict->stride = 24;
	dict->key = 8;
	return NULL;
}

static struct pyi_error *open_keys(struct pyi_target *target, const struct pyi_layout *l,
				   uint64_t keys, struct pyi_dict *dict)
{
	if (l->how_dict == PYI_DICT_INDEXED)
		return open_keys_indexed(target, l, keys, dict);
	return open_keys_log2(target, l, keys, dict);
}

static struct pyi_error *open_open(struct pyi_target *target, const struct pyi_layout *l,
				   uint64_t obj, struct pyi_dict *dict)
{
	uint64_t mask;
	struct pyi_error *err = pyi_field_u64(target, obj, l->dict_mask, &mask);

	if (!err)
		err = pyi_field_u64(target, obj, l->dict_table, &dict->entries);
	if (err)
		return err;
	if (mask >= ENTRIES_MAX || !dict->entries)
		return bad(obj);
	dict->nentries = mask + 1;
	dict->stride = 24;
	dict->key = 8;
	return NULL;
}

/* The insertion order of a split table's values. 3.11, 3.12: bytes before the array, [-2] how
 * many, [-3-i] the i-th (v3.11 Objects/dictobject.c, get_index_from_order). 3.13+: a header of
 * bytes {capacity, size, embedded, valid}, the array, then the order (v3.13 pycore_dict.h). */
static struct pyi_error *read_order(struct pyi_target *target, const struct pyi_layout *l,
				    struct pyi_dict *dict)
{
	uint8_t raw[sizeof(dict->order) + 2], head[4];
	uint64_t array = dict->values;
	unsigned n;
	struct pyi_error *err;

	if (l->dict_values_start == 0) {
		err = pyi_mem_read(target->mem, array - 2, head, 1);
		n = err ? 0 : head[0];
	} else {
		err = pyi_mem_read(target->mem, array - l->dict_values_start, head, sizeof(head));
		n = err ? 0 : head[1];
	}
	if (err)
		return err;
	if (n > sizeof(dict->order) || n > dict->nentries)
		return bad(dict->values);
	if (l->dict_values_start == 0) {
		err = pyi_mem_read(target->mem, array - 2 - n, raw, n);
		for (unsigned i = 0; !err && i < n; i++)
			dict->order[i] = raw[n - 1 - i];
	} else {
		err = pyi_mem_read(target->mem, array + 8ull * head[0], dict->order, n);
	}
	if (err)
		return err;
	for (unsigned i = 0; i < n; i++)
		if (dict->order[i] >= dict->nentries)
			return bad(dict->values);
	dict->n_order = n;
	return NULL;
}

struct pyi_error *pyi_dict_open(struct pyi_target *target, const struct pyi_runtime *rt,
				uint64_t obj, struct pyi_dict *ret)
{
	const struct pyi_layout *l = &rt->layout;
	struct pyi_dict dict = {0};
	uint64_t keys;
	struct pyi_error *err = pyi_object_check(target, rt, obj, PYI_TPFLAGS_DICT, "dict");

	if (!err)
		err = pyi_field_u64(target, obj, l->dict_used, &dict.used);
	if (!err && l->how_dict == PYI_DICT_OPEN) {
		err = open_open(target, l, obj, &dict);
	} else if (!err) {
		err = pyi_field_u64(target, obj, l->dict_keys, &keys);
		if (!err)
			err = open_keys(target, l, keys, &dict);
		if (!err && l->dict_values != PYI_NONE)
			err = pyi_field_u64(target, obj, l->dict_values, &dict.values);
	}
	if (!err && dict.values) {
		dict.values += l->dict_values_start != PYI_NONE ? l->dict_values_start : 0;
		if (l->how_dict == PYI_DICT_LOG2)
			err = read_order(target, l, &dict);
	}
	if (err)
		return err;
	if (dict.used > dict.nentries)
		return bad(obj);
	*ret = dict;
	return NULL;
}

struct pyi_error *pyi_dict_open_split(struct pyi_target *target, const struct pyi_runtime *rt,
				      uint64_t keys, uint64_t values, struct pyi_dict *ret)
{
	struct pyi_dict dict = {.used = USED_ANY, .values = values};
	struct pyi_error *err = open_keys(target, &rt->layout, keys, &dict);

	if (!err)
		err = read_order(target, &rt->layout, &dict);
	if (!err)
		*ret = dict;
	return err;
}

void pyi_dict_iter_init(struct pyi_dict_iter *iter, const struct pyi_dict *dict)
{
	iter->dict = dict;
	iter->next = iter->kept = 0;
	iter->chunk_first = iter->chunk_n = 0;
}

/* The words of entry number i, read in chunks. */
static struct pyi_error *entry(struct pyi_target *target, struct pyi_dict_iter *iter, uint64_t i,
			       const uint64_t **ret)
{
	const struct pyi_dict *dict = iter->dict;
	uint64_t n = sizeof(iter->chunk) / dict->stride;

	if (i < iter->chunk_first || i - iter->chunk_first >= iter->chunk_n) {
		if (n > dict->nentries - i)
			n = dict->nentries - i;
		struct pyi_error *err = pyi_mem_read(target->mem, dict->entries + i * dict->stride,
						     iter->chunk, n * dict->stride);
		if (err)
			return err;
		iter->chunk_first = i;
		iter->chunk_n = n;
	}
	*ret = iter->chunk + (i - iter->chunk_first) * (dict->stride / 8);
	return NULL;
}

static struct pyi_error *item(struct pyi_target *target, struct pyi_dict_iter *iter, uint64_t i,
			      struct pyi_dict_item *ret)
{
	const struct pyi_dict *dict = iter->dict;
	const uint64_t *words;
	struct pyi_error *err = entry(target, iter, i, &words);

	if (err)
		return err;
	ret->key = words[dict->key / 8];
	ret->value = words[dict->key / 8 + 1];
	ret->key_slot = dict->entries + i * dict->stride + dict->key;
	ret->value_slot = ret->key_slot + 8;
	if (dict->values) {
		ret->value_slot = dict->values + i * 8;
		err = pyi_mem_read_u64(target->mem, ret->value_slot, &ret->value);
	}
	return err;
}

struct pyi_error *pyi_dict_next(struct pyi_target *target, struct pyi_dict_iter *iter,
				struct pyi_dict_item *ret, bool *found)
{
	const struct pyi_dict *dict = iter->dict;
	bool ordered = dict->values && dict->n_order;
	uint64_t n = ordered ? dict->n_order : dict->nentries;
	struct pyi_dict_item it;

	while (iter->next < n && iter->kept < dict->used) {
		uint64_t i = iter->next++;
		struct pyi_error *err = item(target, iter, ordered ? dict->order[i] : i, &it);

		if (err)
			return err;
		if (it.key && it.value) {
			iter->kept++;
			*ret = it;
			*found = true;
			return NULL;
		}
		if (iter->next - iter->kept > HOLES_MAX)
			return pyi_error_create(PYI_ERR_BAD_DATA, "too sparse a dict");
	}
	if (dict->used != USED_ANY && iter->kept != dict->used)
		return pyi_error_create(PYI_ERR_BAD_DATA, "the dict was caught while it changed");
	*found = false;
	return NULL;
}

struct pyi_error *pyi_dict_for_each(struct pyi_target *target, const struct pyi_runtime *rt,
				    uint64_t obj,
				    bool (*fn)(void *arg, uint64_t key, uint64_t value), void *arg)
{
	struct pyi_dict_iter iter;
	struct pyi_dict_item it;
	struct pyi_dict dict;
	bool found;
	struct pyi_error *err = pyi_dict_open(target, rt, obj, &dict);

	if (err)
		return err;
	pyi_dict_iter_init(&iter, &dict);
	for (;;) {
		err = pyi_dict_next(target, &iter, &it, &found);
		if (err || !found || !fn(arg, it.key, it.value))
			return err;
	}
}

uint64_t pyi_dict_find(struct pyi_target *target, const struct pyi_runtime *rt,
		       const struct pyi_dict *dict, const char *key)
{
	struct pyi_dict_iter iter;
	struct pyi_dict_item it;
	bool found = true;

	pyi_dict_iter_init(&iter, dict);
	while (found) {
		struct pyi_error *err = pyi_dict_next(target, &iter, &it, &found);

		if (err) {
			pyi_error_destroy(err);
			return 0;
		}
		if (found && pyi_str_equals(target, rt, it.key, key))
			return it.value;
	}
	return 0;
}

uint64_t pyi_dict_get(struct pyi_target *target, const struct pyi_runtime *rt, uint64_t obj,
		      const char *key)
{
	struct pyi_dict dict;
	struct pyi_error *err = pyi_dict_open(target, rt, obj, &dict);

	if (err) {
		pyi_error_destroy(err);
		return 0;
	}
	return pyi_dict_find(target, rt, &dict, key);
}
