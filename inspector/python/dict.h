/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dict objects and instances' attributes as a sequence of items, in the order that iteration has
 * in the target.
 *
 * Open tables (2.7): CPython v2.7 Include/dictobject.h. Indexed ones with 24-byte entries (3.6 to
 * 3.10): v3.6 Objects/dict-common.h. Log2 sizes, 16-byte entries when all keys are str (3.11+,
 * minipy): v3.11 Include/internal/pycore_dict.h. Split tables keep the values in an array of their
 * own; from 3.11 on bytes beside that array say in which order they were inserted.
 */
#ifndef PYI_PYTHON_DICT_H
#define PYI_PYTHON_DICT_H

#include "python/runtime.h"

struct pyi_dict {
	uint64_t used;     /* items there must be */
	uint64_t entries;  /* the first entry */
	uint64_t nentries; /* of them, holes included */
	uint64_t values;   /* split table: the array of values, else 0 */
	unsigned stride;   /* bytes an entry */
	unsigned key;      /* offset of the key in an entry; the value follows it */
	/* Split, 3.11+: which value is the i-th inserted; n_order is 0 where entry order holds. */
	uint8_t order[32];
	unsigned n_order;
};

struct pyi_dict_item {
	uint64_t key, value;           /* objects */
	uint64_t key_slot, value_slot; /* where these pointers stand */
};

struct pyi_dict_iter {
	const struct pyi_dict *dict;
	uint64_t next; /* entry that is looked at next */
	uint64_t kept; /* items handed out */
	/* Entries [chunk_first, chunk_first + chunk_n), as read. */
	uint64_t chunk_first, chunk_n;
	uint64_t chunk[96];
};

struct pyi_error *pyi_dict_open(struct pyi_target *target, const struct pyi_runtime *rt,
				uint64_t obj, struct pyi_dict *ret) PYI_WARN_UNUSED;
/* The shared keys at keys with an instance's values array; used is not known and not checked. */
struct pyi_error *pyi_dict_open_split(struct pyi_target *target, const struct pyi_runtime *rt,
				      uint64_t keys, uint64_t values,
				      struct pyi_dict *ret) PYI_WARN_UNUSED;
void pyi_dict_iter_init(struct pyi_dict_iter *iter, const struct pyi_dict *dict);
/* The next item; *found is false at the end. At the end the number of items must be what the dict
 * says, else PYI_ERR_BAD_DATA: it was caught while it changed. */
struct pyi_error *pyi_dict_next(struct pyi_target *target, struct pyi_dict_iter *iter,
				struct pyi_dict_item *ret, bool *found) PYI_WARN_UNUSED;

/* The value of the first item whose key is the ASCII text; 0 when there is none or it is
 * unreadable. */
uint64_t pyi_dict_find(struct pyi_target *target, const struct pyi_runtime *rt,
		       const struct pyi_dict *dict, const char *key);

/* The attributes of an instance: *dict is opened, or *has is false when it has none. */
struct pyi_error *pyi_instance_open(struct pyi_target *target, const struct pyi_runtime *rt,
				    uint64_t obj, struct pyi_dict *dict, bool *has) PYI_WARN_UNUSED;

#endif
