/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of native code: libdw over the modules of a target (ELF symbols, .gnu_debugdata, debug
 * files found by build id or debuglink on this machine; never the network). */
#ifndef PYI_NATIVE_SYMBOLIZE_H
#define PYI_NATIVE_SYMBOLIZE_H

#include "base/error.h"
#include "target/target.h"

struct pyi_native_name {
	const char *function; /* demangled where it is C++, without "@version"; NULL when no symbol
				 really covers the pc */
	const char *module;   /* last path component, "[vdso]", ...; NULL outside every module */
	const char *file;     /* source file, only with `lines`; NULL when unknown */
	int line;             /* 0 when unknown */
	bool inlined;         /* a call that was inlined into the next name of the list */
	uint64_t offset;      /* pc - start of the symbol */
};

struct pyi_symbolizer;
/* lines: also source lines and inlined frames from DWARF (slower). */
struct pyi_error *pyi_symbolizer_create(struct pyi_target *target, bool lines,
					struct pyi_symbolizer **ret) PYI_WARN_UNUSED;
void pyi_symbolizer_destroy(struct pyi_symbolizer *sym);
/* The names at pc, innermost inlined first; *n >= 1. exact_pc false: pc is a return address and
 * the call before it is meant. Strings live as long as sym; the array until the next call. */
const struct pyi_native_name *pyi_symbolize(struct pyi_symbolizer *sym, uint64_t pc, bool exact_pc,
					    size_t *n);

#endif
