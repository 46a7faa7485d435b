/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A struct of the target, copied whole with one read; fields are then picked from the copy. An
 * absent field, or one beyond the copy, is 0.
 */
#ifndef PYI_PYTHON_RECORD_H
#define PYI_PYTHON_RECORD_H

#include "pyi_layout.h"
#include "target/mem.h"

#include <string.h>

#define PYI_RECORD_MAX                                                             \
	4096u /* bytes; no frame or thread state that is read has more before what \
		 we need */

struct pyi_record {
	size_t len; /* good bytes */
	uint8_t bytes[PYI_RECORD_MAX];
};

/* len is cut to PYI_RECORD_MAX. */
static inline struct pyi_error *PYI_WARN_UNUSED pyi_record_read(struct pyi_mem *mem, uint64_t addr,
								size_t len, struct pyi_record *ret)
{
	ret->len = len < PYI_RECORD_MAX ? len : PYI_RECORD_MAX;
	return pyi_mem_read(mem, addr, ret->bytes, ret->len);
}

static inline uint64_t pyi_record_get(const struct pyi_record *rec, uint32_t offset, size_t width)
{
	uint64_t value = 0;

	if (offset < rec->len && rec->len - offset >= width)
		memcpy(&value, rec->bytes + offset, width);
	return value;
}

static inline uint64_t pyi_record_u64(const struct pyi_record *rec, uint32_t offset)
{
	return pyi_record_get(rec, offset, 8);
}

static inline uint32_t pyi_record_u32(const struct pyi_record *rec, uint32_t offset)
{
	return (uint32_t)pyi_record_get(rec, offset, 4);
}

static inline uint8_t pyi_record_u8(const struct pyi_record *rec, uint32_t offset)
{
	return (uint8_t)pyi_record_get(rec, offset, 1);
}

#endif
