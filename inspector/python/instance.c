/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where an instance keeps its attributes. With a managed dict (3.11+) they stand before the object:
 * 3.11 values pointer at -32, dict at -24; 3.12 one word at -24, odd for values (pointer -
 * 1); 3.13+ dict at -24, else values inside the object after tp_basicsize (CPython
 * Objects/dictobject.c and Include/internal/pycore_object.h of each). Else tp_dictoffset says.
 */
#include "python/dict.h"
#include "python/object.h"
#include "python/values.h"

enum { VALUES_311 = 32, DICT_311 = 24, MAX_ITEMSIZE = 4096 };

/* What an instance was found to have: a dict, a values array (its first pointer), or neither. */
struct place {
	uint64_t dict, values;
};

/* A negative tp_dictoffset counts from the end of a var-sized object, rounded up to 8. */
static struct pyi_error *negative_offset(struct pyi_target *target, const struct pyi_layout *l,
					 uint64_t obj, uint64_t type, int64_t *offset)
{
	uint64_t basicsize, itemsize, count;
	struct pyi_error *err = pyi_field_u64(target, type, l->type_basicsize, &basicsize);

	if (!err)
		err = pyi_field_u64(target, type, l->type_itemsize, &itemsize);
	if (!err)
		err = pyi_field_u64(target, obj, l->var_size, &count);
	if (err)
		return err;
	if ((int64_t)count < 0)
		count = 0 - count;
	if (basicsize > UINT32_MAX || itemsize > MAX_ITEMSIZE || count > UINT32_MAX)
		return pyi_error_create(PYI_ERR_BAD_DATA, "impossible object size");
	*offset += (int64_t)((basicsize + itemsize * count + 7) / 8 * 8);
	return NULL;
}

static struct pyi_error *by_dictoffset(struct pyi_target *target, const struct pyi_layout *l,
				       uint64_t obj, uint64_t type, struct place *ret)
{
	uint64_t word;
	int64_t offset;
	struct pyi_error *err = pyi_field_u64(target, type, l->type_dictoffset, &word);

	if (err)
		return err;
	offset = (int64_t)word;
	if (offset < 0)
		err = negative_offset(target, l, obj, type, &offset);
	if (err || offset <= 0)
		return err;
	return pyi_mem_read_u64(target->mem, obj + (uint64_t)offset, &ret->dict);
}

static struct pyi_error *managed_311(struct pyi_target *target, uint64_t obj, struct place *ret)
{
	struct pyi_error *err = pyi_mem_read_u64(target->mem, obj - VALUES_311, &ret->values);

	return err ? err : pyi_mem_read_u64(target->mem, obj - DICT_311, &ret->dict);
}

static struct pyi_error *managed_312(struct pyi_target *target, uint64_t obj, struct place *ret)
{
	uint64_t word;
	struct pyi_error *err = pyi_mem_read_u64(target->mem, obj - DICT_311, &word);

	if (err)
		return err;
	if (word & 1)
		ret->values = word + 1;
	else
		ret->dict = word;
	return NULL;
}

static struct pyi_error *managed_313(struct pyi_target *target, const struct pyi_layout *l,
				     uint64_t obj, uint64_t type, uint64_t flags, struct place *ret)
{
	uint64_t basicsize;
	uint8_t valid;
	struct pyi_error *err = pyi_mem_read_u64(target->mem, obj - DICT_311, &ret->dict);

	if (err || ret->dict || !(flags & PYI_TPFLAGS_INLINE_VALUES))
		return err;
	err = pyi_field_u64(target, type, l->type_basicsize, &basicsize);
	if (!err)
		err = pyi_mem_read_u8(target->mem, obj + basicsize + 3, &valid);
	if (!err && valid == 1)
		ret->values = obj + basicsize + l->dict_values_start;
	return err;
}

static struct pyi_error *find_place(struct pyi_target *target, const struct pyi_layout *l,
				    uint64_t obj, uint64_t type, struct place *ret)
{
	uint64_t flags;
	struct pyi_error *err = pyi_field_u64(target, type, l->type_flags, &flags);

	if (err)
		return err;
	if (!(flags & PYI_TPFLAGS_MANAGED_DICT) || l->how_instance == PYI_INSTANCE_DICTOFFSET)
		return by_dictoffset(target, l, obj, type, ret);
	if (l->how_instance == PYI_INSTANCE_311)
		return managed_311(target, obj, ret);
	if (l->how_instance == PYI_INSTANCE_312)
		return managed_312(target, obj, ret);
	return managed_313(target, l, obj, type, flags, ret);
}

struct pyi_error *pyi_instance_open(struct pyi_target *target, const struct pyi_runtime *rt,
				    uint64_t obj, struct pyi_dict *dict, bool *has)
{
	struct place place = {0};
	uint64_t type, keys;
	struct pyi_error *err = pyi_object_type(target, rt, obj, &type);

	if (!err)
		err = find_place(target, &rt->layout, obj, type, &place);
	if (err)
		return err;
	if (!place.values && !place.dict) {
		*has = false;
		return NULL;
	}
	if (place.values) {
		err = pyi_field_u64(target, type, rt->layout.heaptype_cached_keys, &keys);
		if (!err)
			err = pyi_dict_open_split(target, rt, keys, place.values, dict);
	} else {
		err = pyi_dict_open(target, rt, place.dict, dict);
	}
	if (!err)
		*has = true;
	return err;
}

uint64_t pyi_instance_get(struct pyi_target *target, const struct pyi_runtime *rt, uint64_t obj,
			  const char *name)
{
	struct pyi_dict dict;
	bool has = false;
	struct pyi_error *err = pyi_instance_open(target, rt, obj, &dict, &has);

	if (err) {
		pyi_error_destroy(err);
		return 0;
	}
	return has ? pyi_dict_find(target, rt, &dict, name) : 0;
}
