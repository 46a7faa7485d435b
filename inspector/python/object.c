/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading fields, and the objects that are an address and a length. */
#include "python/object.h"

static struct pyi_error *field(struct pyi_target *target, uint64_t base, uint32_t offset, void *ret,
			       size_t size)
{
	if (offset == PYI_NONE)
		return pyi_error_create(PYI_ERR_BAD_DATA, "not known for this Python version");
	if (!base)
		return pyi_error_create(PYI_ERR_BAD_DATA, "null pointer");
	return pyi_mem_read(target->mem, base + offset, ret, size);
}

struct pyi_error *pyi_field_u64(struct pyi_target *target, uint64_t base, uint32_t offset,
				uint64_t *ret)
{
	return field(target, base, offset, ret, sizeof(*ret));
}

struct pyi_error *pyi_field_u32(struct pyi_target *target, uint64_t base, uint32_t offset,
				uint32_t *ret)
{
	return field(target, base, offset, ret, sizeof(*ret));
}

struct pyi_error *pyi_field_u8(struct pyi_target *target, uint64_t base, uint32_t offset,
			       uint8_t *ret)
{
	return field(target, base, offset, ret, sizeof(*ret));
}

struct pyi_error *pyi_object_type(struct pyi_target *target, const struct pyi_runtime *rt,
				  uint64_t obj, uint64_t *ret)
{
	return pyi_field_u64(target, obj, rt->layout.object_type, ret);
}

struct pyi_error *pyi_object_type_read(struct pyi_target *target, const struct pyi_runtime *rt,
				       uint64_t obj, struct pyi_type *ret)
{
	uint64_t type;
	struct pyi_error *err = pyi_object_type(target, rt, obj, &type);

	return err ? err : pyi_type_read(target, rt, type, ret);
}

struct pyi_error *pyi_object_check(struct pyi_target *target, const struct pyi_runtime *rt,
				   uint64_t obj, uint64_t flags, const char *what)
{
	uint64_t type, have;
	struct pyi_error *err = pyi_object_type(target, rt, obj, &type);

	if (!err)
		err = pyi_field_u64(target, type, rt->layout.type_flags, &have);
	if (err)
		return err;
	if (!(have & flags))
		return pyi_error_create(PYI_ERR_BAD_DATA, "the object at 0x%llx is no %s",
					(unsigned long long)obj, what);
	return NULL;
}

/* ob_size of an object that holds that many items of item_size bytes. */
static struct pyi_error *length(struct pyi_target *target, const struct pyi_runtime *rt,
				uint64_t obj, unsigned item_size, uint64_t *ret)
{
	uint64_t len;
	struct pyi_error *err = pyi_field_u64(target, obj, rt->layout.var_size, &len);

	if (err)
		return err;
	if (len > (uint64_t)INT64_MAX / item_size)
		return pyi_error_create(PYI_ERR_BAD_DATA, "impossible length %lld", (long long)len);
	*ret = len;
	return NULL;
}

struct pyi_error *pyi_bytes_open(struct pyi_target *target, const struct pyi_runtime *rt,
				 uint64_t obj, uint64_t *data, uint64_t *len)
{
	if (rt->layout.bytes_data == PYI_NONE)
		return pyi_error_create(PYI_ERR_BAD_DATA, "not known for this Python version");
	*data = obj + rt->layout.bytes_data;
	return length(target, rt, obj, 1, len);
}

struct pyi_error *pyi_tuple_open(struct pyi_target *target, const struct pyi_runtime *rt,
				 uint64_t obj, uint64_t *items, uint64_t *len)
{
	if (rt->layout.tuple_items == PYI_NONE)
		return pyi_error_create(PYI_ERR_BAD_DATA, "not known for this Python version");
	*items = obj + rt->layout.tuple_items;
	return length(target, rt, obj, 8, len);
}

struct pyi_error *pyi_list_open(struct pyi_target *target, const struct pyi_runtime *rt,
				uint64_t obj, uint64_t *items, uint64_t *len)
{
	uint64_t at;
	struct pyi_error *err = length(target, rt, obj, 8, len);

	if (!err)
		err = pyi_field_u64(target, obj, rt->layout.list_items, &at);
	if (!err)
		*items = at;
	return err;
}

struct pyi_error *pyi_set_open(struct pyi_target *target, const struct pyi_runtime *rt,
			       uint64_t obj, struct pyi_set *ret)
{
	const struct pyi_layout *l = &rt->layout;
	struct pyi_set set;
	struct pyi_error *err = pyi_field_u64(target, obj, l->set_used, &set.used);

	if (!err)
		err = pyi_field_u64(target, obj, l->set_mask, &set.mask);
	if (!err)
		err = pyi_field_u64(target, obj, l->set_table, &set.table);
	if (err)
		return err;
	if (set.mask > (uint64_t)INT64_MAX / 16 || set.used > set.mask + 1 || l->setentry_key > 8 ||
	    l->setentry_hash > 8)
		return pyi_error_create(PYI_ERR_BAD_DATA, "no set at 0x%llx",
					(unsigned long long)obj);
	*ret = set;
	return NULL;
}
