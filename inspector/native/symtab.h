/* SPDX-License-Identifier: BSD-2-Clause */
/* The function symbols of one module, sorted. libdwfl's own lookup by address looks at every symbol
 * of the module every time. */
#ifndef PYI_NATIVE_SYMTAB_H
#define PYI_NATIVE_SYMTAB_H

#include <elfutils/libdwfl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pyi_symbol {
	uint64_t addr, size; /* in the target; size 0: unknown (assembly) */
	const char *name;    /* libdwfl's, lives as long as the module */
	int rank;            /* of names for one address the higher one is the better known */
};

struct pyi_symtab {
	struct pyi_symbol *symbols;
	size_t n;
};

/* Symbols of the module and of its debug file; none when memory is out. */
void pyi_symtab_init(struct pyi_symtab *symtab, Dwfl_Module *module);
void pyi_symtab_deinit(struct pyi_symtab *symtab);
/* The symbol whose bytes hold addr, or one of unknown size at or before addr with nothing between
 * them; NULL when there is none. */
const struct pyi_symbol *pyi_symtab_find(const struct pyi_symtab *symtab, uint64_t addr);

#endif
