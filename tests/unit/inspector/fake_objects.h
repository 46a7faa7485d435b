/* SPDX-License-Identifier: BSD-2-Clause */
/* Python objects in a byte buffer, laid out as a row of layouts.c says. */
#ifndef TESTS_FAKE_OBJECTS_H
#define TESTS_FAKE_OBJECTS_H

#include "python/object.h"
#include "python/runtime.h"
#include "python/values.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAP_BASE  0x20000000ull
#define HEAP_SIZE  0x80000u
#define TYPE_BYTES 1024 /* of a heap type in every version */

struct heap {
	struct pyi_target target;
	struct pyi_runtime rt;
	uint8_t *bytes;
	uint64_t next;
	/* types, made when first used */
	uint64_t type, str, bytes_type, tuple, list, dict, int_type;
};

static inline void heap_put(struct heap *h, uint64_t addr, const void *data, size_t len)
{
	assert(addr >= HEAP_BASE && addr + len <= HEAP_BASE + HEAP_SIZE);
	if (data && len)
		memcpy(h->bytes + (addr - HEAP_BASE), data, len);
}

static inline void heap_u64(struct heap *h, uint64_t addr, uint64_t value)
{
	heap_put(h, addr, &value, 8);
}

static inline void heap_u32(struct heap *h, uint64_t addr, uint32_t value)
{
	heap_put(h, addr, &value, 4);
}

static inline void heap_u8(struct heap *h, uint64_t addr, uint8_t value)
{
	heap_put(h, addr, &value, 1);
}

/* len zero bytes, with a gap before them for what stands before an object. */
static inline uint64_t heap_alloc(struct heap *h, size_t len)
{
	uint64_t at = h->next + 64;

	h->next = at + (len + 15) / 16 * 16;
	assert(h->next <= HEAP_BASE + HEAP_SIZE);
	return at;
}

static inline uint64_t heap_object(struct heap *h, uint64_t type, size_t len)
{
	uint64_t at = heap_alloc(h, len);

	heap_u64(h, at, 1);
	heap_u64(h, at + h->rt.layout.object_type, type);
	return at;
}

/* A static type. */
static inline uint64_t heap_type(struct heap *h, const char *name, uint64_t flags)
{
	uint64_t at = heap_object(h, h->type, TYPE_BYTES);
	uint64_t text = heap_alloc(h, strlen(name) + 1);

	heap_put(h, text, name, strlen(name) + 1);
	heap_u64(h, at + h->rt.layout.type_name, text);
	heap_u64(h, at + h->rt.layout.type_flags, flags);
	return at;
}

static inline struct heap *heap_create(unsigned major, unsigned minor)
{
	struct heap *h = calloc(1, sizeof(*h));
	const struct pyi_layout *row = pyi_layout_for(major, minor, 255);

	assert(h && row);
	h->bytes = calloc(1, HEAP_SIZE);
	assert(h->bytes);
	h->next = HEAP_BASE;
	h->rt.layout = *row;
	pyi_error_destroy(pyi_mem_create(&h->target.mem));
	pyi_error_destroy(pyi_mem_add_buffer(h->target.mem, HEAP_BASE, h->bytes, HEAP_SIZE));
	h->type = heap_type(h, "type", PYI_TPFLAGS_TYPE);
	heap_u64(h, h->type + row->object_type, h->type);
	h->rt.type_type = h->type;
	h->str = heap_type(h, major == 2 ? "unicode" : "str", PYI_TPFLAGS_STR);
	h->bytes_type = heap_type(h, major == 2 ? "str" : "bytes", PYI_TPFLAGS_BYTES);
	h->tuple = heap_type(h, "tuple", PYI_TPFLAGS_TUPLE);
	h->list = heap_type(h, "list", PYI_TPFLAGS_LIST);
	h->dict = heap_type(h, "dict", PYI_TPFLAGS_DICT);
	h->int_type = heap_type(h, "int", PYI_TPFLAGS_INT);
	return h;
}

static inline void heap_destroy(struct heap *h)
{
	pyi_mem_destroy(h->target.mem);
	free(h->bytes);
	free(h);
}

/* A compact str of n units of that width. */
static inline uint64_t heap_str_units(struct heap *h, const void *units, size_t n, unsigned width,
				      bool ascii)
{
	const struct pyi_layout *l = &h->rt.layout;
	uint32_t data = ascii ? l->str_ascii_data : l->str_compact_data;
	uint64_t at = heap_object(h, h->str, data + (n + 1) * width);

	heap_u64(h, at + l->str_length, n);
	heap_u32(h, at + l->str_state, width << 2 | 1u << 5 | (ascii ? 1u << 6 : 0));
	heap_put(h, at + data, units, n * width);
	return at;
}

static inline uint64_t heap_str(struct heap *h, const char *ascii)
{
	return heap_str_units(h, ascii, strlen(ascii), 1, true);
}

static inline uint64_t heap_bytes(struct heap *h, const void *data, size_t n)
{
	uint64_t at = heap_object(h, h->bytes_type, h->rt.layout.bytes_data + n + 1);

	heap_u64(h, at + h->rt.layout.var_size, n);
	heap_put(h, at + h->rt.layout.bytes_data, data, n);
	return at;
}

/* An int of n 32-bit digits as the layout has them. */
static inline uint64_t heap_int(struct heap *h, const uint32_t *digits, size_t n, bool negative)
{
	const struct pyi_layout *l = &h->rt.layout;
	uint64_t at = heap_object(h, h->int_type, 32 + 4 * n);

	if (l->how_int == PYI_INT_TAG)
		heap_u64(h, at + l->int_tag, n << 3 | (n ? (negative ? 2 : 0) : 1));
	else if (l->how_int == PYI_INT_LIMBS)
		heap_u64(h, at + l->var_size, negative ? 0 - (n + 1) / 2 : (n + 1) / 2);
	else
		heap_u64(h, at + l->var_size, negative ? 0 - (uint64_t)n : n);
	heap_put(h, at + l->int_digits, digits, 4 * n);
	return at;
}

static inline uint64_t heap_small(struct heap *h, uint32_t value)
{
	return heap_int(h, &value, value ? 1 : 0, false);
}

static inline uint64_t heap_pointers(struct heap *h, const uint64_t *items, size_t n)
{
	uint64_t at = heap_alloc(h, 8 * n + 8);

	heap_put(h, at, items, 8 * n);
	return at;
}

static inline uint64_t heap_list(struct heap *h, const uint64_t *items, size_t n)
{
	uint64_t at = heap_object(h, h->list, 40);

	heap_u64(h, at + h->rt.layout.var_size, n);
	heap_u64(h, at + h->rt.layout.list_items, heap_pointers(h, items, n));
	return at;
}

static inline uint64_t heap_tuple(struct heap *h, const uint64_t *items, size_t n)
{
	uint64_t at = heap_object(h, h->tuple, h->rt.layout.tuple_items + 8 * n);

	heap_u64(h, at + h->rt.layout.var_size, n);
	heap_put(h, at + h->rt.layout.tuple_items, items, 8 * n);
	return at;
}

/* A table of 8 slots holding n (at most 5) entries; pairs[i][1] == 0 is a hole. kind as dk_kind,
 * where the layout has it. */
static inline uint64_t heap_keys(struct heap *h, uint64_t (*pairs)[2], size_t n, unsigned kind)
{
	const struct pyi_layout *l = &h->rt.layout;
	bool log2 = l->how_dict == PYI_DICT_LOG2;
	unsigned words = log2 && kind ? 2 : 3;
	uint64_t at = heap_alloc(h, l->keys_indices + 8 + n * 24), entry = at + l->keys_indices + 8;

	if (log2) {
		heap_u8(h, at + l->keys_log2_size, 3);
		heap_u8(h, at + l->keys_log2_index_bytes, 3);
		heap_u8(h, at + l->keys_kind, (uint8_t)kind);
	} else {
		heap_u64(h, at + l->keys_size, 8);
	}
	heap_u64(h, at + l->keys_nentries, n);
	for (size_t i = 0; i < n; i++) {
		uint64_t slot = entry + i * words * 8 + (words - 2) * 8;

		heap_u64(h, slot, pairs[i][0]);
		heap_u64(h, slot + 8, pairs[i][1]);
	}
	return at;
}

static inline uint64_t heap_dict_of(struct heap *h, uint64_t keys, uint64_t values, uint64_t used)
{
	const struct pyi_layout *l = &h->rt.layout;
	uint64_t at = heap_object(h, h->dict, 64);

	heap_u64(h, at + l->dict_used, used);
	heap_u64(h, at + l->dict_keys, keys);
	heap_u64(h, at + l->dict_values, values);
	return at;
}

/* A dict of n (at most 5) items with str keys. */
static inline uint64_t heap_dict(struct heap *h, uint64_t (*pairs)[2], size_t n)
{
	return heap_dict_of(h, heap_keys(h, pairs, n, 1), 0, n);
}

/* A class of module "app": a heap type. */
static inline uint64_t heap_class(struct heap *h, const char *name, uint64_t flags)
{
	const struct pyi_layout *l = &h->rt.layout;
	uint64_t at = heap_type(h, name, flags | PYI_TPFLAGS_HEAPTYPE), str = heap_str(h, name);
	uint64_t pair[][2] = {{heap_str(h, "__module__"), heap_str(h, "app")}};

	heap_u64(h, at + l->heaptype_name, str);
	heap_u64(h, at + l->heaptype_qualname, str);
	heap_u64(h, at + l->type_dict, heap_dict(h, pair, 1));
	return at;
}

/* An object of a new static type of that name; 64 bytes. */
static inline uint64_t heap_new(struct heap *h, const char *type)
{
	return heap_object(h, heap_type(h, type, 0), 64);
}

/* A code object; names and kinds of n fast slots. */
static inline uint64_t heap_code(struct heap *h, const char *name, uint32_t flags,
				 uint32_t argcount, const char *const *names, const uint8_t *kinds,
				 size_t n)
{
	const struct pyi_layout *l = &h->rt.layout;
	uint64_t at, items[16];

	if (!h->rt.code_type)
		h->rt.code_type = heap_type(h, "code", 0);
	at = heap_object(h, h->rt.code_type, l->code_size + 16);
	assert(n <= 16);
	for (size_t i = 0; i < n; i++)
		items[i] = heap_str(h, names[i]);
	heap_u64(h, at + l->code_name, heap_str(h, name));
	heap_u64(h, at + l->code_qualname, heap_str(h, name));
	heap_u64(h, at + l->code_filename, heap_str(h, "/app.py"));
	heap_u32(h, at + l->code_firstlineno, 7);
	heap_u32(h, at + l->code_flags, flags);
	heap_u32(h, at + l->code_argcount, argcount);
	heap_u64(h, at + l->code_linetable, heap_bytes(h, "\x80\x00", 2));
	heap_u64(h, at + l->code_localsplusnames, heap_tuple(h, items, n));
	heap_u64(h, at + l->code_localspluskinds, heap_bytes(h, kinds, n));
	return at;
}

#endif
