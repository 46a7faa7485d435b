/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * str objects as code points. PEP 393 (3.3+, minipy): the state word holds the width and how the
 * data is placed (CPython Include/cpython/unicodeobject.h, struct PyASCIIObject, since 3.3: bits
 * 2-4 kind, 5 compact, 6 ascii). 2.7: str is bytes, unicode points to UCS4 units.
 */
#ifndef PYI_PYTHON_STR_H
#define PYI_PYTHON_STR_H

#include "python/runtime.h"

struct pyi_str {
	uint64_t length; /* code points */
	uint64_t data;   /* where the first one is */
	unsigned width;  /* bytes each: 1, 2 or 4 */
	bool bytes;      /* 2.7's str: bytes in some encoding, which are called code points here */
};

/* Does not look at the object's type; any memory gives an error or a str that is safe to read. */
struct pyi_error *pyi_str_open(struct pyi_target *target, const struct pyi_runtime *rt,
			       uint64_t obj, struct pyi_str *ret) PYI_WARN_UNUSED;
/* Reads n code points from number first on; first + n must not exceed length. */
struct pyi_error *pyi_str_chars(struct pyi_target *target, const struct pyi_str *str,
				uint64_t first, uint32_t *chars, size_t n) PYI_WARN_UNUSED;
/* Whether the object is a str equal to the ASCII text; unreadable ones are not. */
bool pyi_str_equals(struct pyi_target *target, const struct pyi_runtime *rt, uint64_t obj,
		    const char *text);

#endif
