/* SPDX-License-Identifier: BSD-2-Clause */
/* The memory map of a core: its segments, and the files behind them by NT_FILE. */
#ifndef PYI_TARGET_CORE_MAPS_H
#define PYI_TARGET_CORE_MAPS_H

#include "target/core.h"

/*
 * A file's mapping that has no segment (gdb's gcore leaves such out) is there too, as if it could
 * be read and run: nothing says more. inode is a hash of the path, dev 0, "[vdso]" is named by
 * vdso_addr (0: none), "[stack]" by an address in it (0: unknown).
 */
struct pyi_error *pyi_core_maps(const struct pyi_core *core, uint64_t vdso_addr,
				uint64_t stack_addr, struct pyi_maps *ret) PYI_WARN_UNUSED;

#endif
