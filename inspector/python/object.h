/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fields of objects and what their types are: the ground that every decoder stands on.
 * Functions fail with PYI_ERR_FAULT (memory) or PYI_ERR_BAD_DATA (what is there makes no sense, or
 * the layout does not say where to look); outputs are untouched then.
 */
#ifndef PYI_PYTHON_OBJECT_H
#define PYI_PYTHON_OBJECT_H

#include "python/runtime.h"

/* Reads the field at base + offset; an absent offset (PYI_NONE) and base 0 are errors. */
struct pyi_error *pyi_field_u64(struct pyi_target *target, uint64_t base, uint32_t offset,
				uint64_t *ret) PYI_WARN_UNUSED;
struct pyi_error *pyi_field_u32(struct pyi_target *target, uint64_t base, uint32_t offset,
				uint32_t *ret) PYI_WARN_UNUSED;
struct pyi_error *pyi_field_u8(struct pyi_target *target, uint64_t base, uint32_t offset,
			       uint8_t *ret) PYI_WARN_UNUSED;

/* Bits of tp_flags, the same in every version and in minipy (CPython Include/object.h). */
#define PYI_TPFLAGS_INLINE_VALUES (1ull << 2) /* 3.13+ */
#define PYI_TPFLAGS_MANAGED_DICT  (1ull << 4) /* 3.11+ */
#define PYI_TPFLAGS_HEAPTYPE      (1ull << 9)
#define PYI_TPFLAGS_INT           (1ull << 24)
#define PYI_TPFLAGS_LIST          (1ull << 25)
#define PYI_TPFLAGS_TUPLE         (1ull << 26)
#define PYI_TPFLAGS_BYTES         (1ull << 27)
#define PYI_TPFLAGS_STR           (1ull << 28)
#define PYI_TPFLAGS_DICT          (1ull << 29)
#define PYI_TPFLAGS_EXCEPTION     (1ull << 30)
#define PYI_TPFLAGS_TYPE          (1ull << 31)

/* Which built-in type an object is *exactly* of; subclasses and all else are PYI_OBJ_OTHER. */
enum pyi_obj {
	PYI_OBJ_OTHER,
	PYI_OBJ_NONE,
	PYI_OBJ_ELLIPSIS,
	PYI_OBJ_NOT_IMPLEMENTED,
	PYI_OBJ_BOOL,
	PYI_OBJ_INT,
	PYI_OBJ_LONG, /* 2.7 only */
	PYI_OBJ_FLOAT,
	PYI_OBJ_COMPLEX,
	PYI_OBJ_STR, /* text; 2.7: unicode */
	PYI_OBJ_BYTES,
	PYI_OBJ_BYTEARRAY,
	PYI_OBJ_LIST,
	PYI_OBJ_TUPLE,
	PYI_OBJ_DICT,
	PYI_OBJ_SET,
	PYI_OBJ_FROZENSET,
	PYI_OBJ_RANGE,
	PYI_OBJ_SLICE,
	PYI_OBJ_TYPE,
	PYI_OBJ_FUNCTION,
	PYI_OBJ_METHOD,
	PYI_OBJ_CODE,
	PYI_OBJ_CELL,
	PYI_OBJ_EXCEPTION, /* any built-in exception type */
	PYI_OBJ_COUNT,
};

struct pyi_type {
	uint64_t addr;
	uint64_t flags; /* PYI_TPFLAGS_* */
	enum pyi_obj obj;
	char name[256]; /* UTF-8, without the module, cut to fit */
};

/* The object's type pointer. */
struct pyi_error *pyi_object_type(struct pyi_target *target, const struct pyi_runtime *rt,
				  uint64_t obj, uint64_t *ret) PYI_WARN_UNUSED;
/* The type at addr. */
struct pyi_error *pyi_type_read(struct pyi_target *target, const struct pyi_runtime *rt,
				uint64_t addr, struct pyi_type *ret) PYI_WARN_UNUSED;
/* The type of the object: both of the above. */
struct pyi_error *pyi_object_type_read(struct pyi_target *target, const struct pyi_runtime *rt,
				       uint64_t obj, struct pyi_type *ret) PYI_WARN_UNUSED;
/* Fails unless the object's type has one of these flags (it or a subclass of it). */
struct pyi_error *pyi_object_check(struct pyi_target *target, const struct pyi_runtime *rt,
				   uint64_t obj, uint64_t flags, const char *what) PYI_WARN_UNUSED;

/* The non-negative value of an int object (or a subclass) that fits 64 bits. */
struct pyi_error *pyi_int_read(struct pyi_target *target, const struct pyi_runtime *rt,
			       uint64_t obj, uint64_t *ret) PYI_WARN_UNUSED;
/* A bytes object: where its bytes are and how many. */
struct pyi_error *pyi_bytes_open(struct pyi_target *target, const struct pyi_runtime *rt,
				 uint64_t obj, uint64_t *data, uint64_t *len) PYI_WARN_UNUSED;
/* A tuple or a list: where its items are and how many. */
struct pyi_error *pyi_tuple_open(struct pyi_target *target, const struct pyi_runtime *rt,
				 uint64_t obj, uint64_t *items, uint64_t *len) PYI_WARN_UNUSED;
struct pyi_error *pyi_list_open(struct pyi_target *target, const struct pyi_runtime *rt,
				uint64_t obj, uint64_t *items, uint64_t *len) PYI_WARN_UNUSED;

/* A set or frozenset: mask + 1 entries of 16 bytes, {key, hash} as the layout orders them. A free
 * one has no key; a removed one has hash -1, which no key has (CPython Include/setobject.h). */
struct pyi_set {
	uint64_t used, mask, table;
};
struct pyi_error *pyi_set_open(struct pyi_target *target, const struct pyi_runtime *rt,
			       uint64_t obj, struct pyi_set *ret) PYI_WARN_UNUSED;

#endif
