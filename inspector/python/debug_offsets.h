/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CPython 3.13+'s own description of itself, _Py_DebugOffsets, which _PyRuntime begins with. Its
 * shape changes with every minor and it has no size field; its values are untrusted.
 */
#ifndef PYI_PYTHON_DEBUG_OFFSETS_H
#define PYI_PYTHON_DEBUG_OFFSETS_H

#include "base/error.h"
#include "pyi_layout.h"

#include <stddef.h>

/* The largest table known, bytes. */
#define PYI_DEBUG_OFFSETS_MAX 888u

/* Do these bytes (at least 24) begin such a table? *version is its PY_VERSION_HEX. */
bool pyi_debug_offsets_present(const void *table, size_t len, uint32_t *version,
			       bool *free_threaded);
/*
 * Puts the table's offsets over those of *layout, which is the row of that version, and validates
 * the whole. PYI_ERR_BAD_DATA, *layout untouched: cut, of an unknown minor, or out of range.
 */
struct pyi_error *pyi_debug_offsets_merge(const void *table, size_t len,
					  struct pyi_layout *layout) PYI_WARN_UNUSED;

#endif
