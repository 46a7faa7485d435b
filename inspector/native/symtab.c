/* SPDX-License-Identifier: BSD-2-Clause */
/* A sorted copy of a module's symbol table. */
#include "native/symtab.h"

#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

/* How many symbols that begin later may lie inside the one that is looked for (labels of assembly,
 * aliases). */
#define MAX_NESTED 64

/* Exported names before local ones (glibc's __GI_ aliases), plain ones before __underscored. */
static int rank(const GElf_Sym *sym, const char *name)
{
	int value = 0;
	if (GELF_ST_BIND(sym->st_info) != STB_LOCAL)
		value += 100;
	if (GELF_ST_TYPE(sym->st_info) != STT_NOTYPE)
		value += 50;
	return value - (int)strspn(name, "_");
}

/* By address; of the names of one address the best comes last. */
static int symbol_compare(const void *a, const void *b)
{
	const struct pyi_symbol *x = a, *y = b;
	if (x->addr != y->addr)
		return x->addr < y->addr ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank - y->rank;
	return strcmp(y->name, x->name);
}

static bool wanted(const GElf_Sym *sym, const char *name, GElf_Word section)
{
	int type = GELF_ST_TYPE(sym->st_info);
	return *name && section != SHN_UNDEF && section != SHN_ABS &&
	       (type == STT_FUNC || type == STT_GNU_IFUNC ||
		(type == STT_NOTYPE && GELF_ST_BIND(sym->st_info) != STB_LOCAL));
}

/* The string tables of one ELF file, which names of symbols point into. */
struct strings {
	Elf *elf;
	PYI_VEC(const Elf_Data *) tables;
};

static void strings_of(struct strings *strings, Elf *elf)
{
	strings->elf = elf;
	strings->tables.len = 0;
	for (Elf_Scn *scn = NULL; elf && (scn = elf_nextscn(elf, scn));) {
		GElf_Shdr shdr;
		const Elf_Data *data, **slot;
		if (!gelf_getshdr(scn, &shdr) || shdr.sh_type != SHT_STRTAB)
			continue;
		data = elf_getdata(scn, NULL);
		slot = data && data->d_buf ? pyi_vec_push(&strings->tables) : NULL;
		if (slot)
			*slot = data;
	}
}

/* libdwfl looks at where a name begins only: that it ends inside its table is for us to see. */
static bool name_ends(struct strings *strings, Elf *elf, const char *name)
{
	if (elf != strings->elf)
		strings_of(strings, elf);
	pyi_vec_for_each (table, &strings->tables) {
		uintptr_t at = (uintptr_t)name - (uintptr_t)(*table)->d_buf;
		if (at < (*table)->d_size)
			return memchr(name, 0, (*table)->d_size - at) != NULL;
	}
	return false;
}

void pyi_symtab_init(struct pyi_symtab *symtab, Dwfl_Module *module)
{
	PYI_VEC(struct pyi_symbol) symbols = {0};
	struct strings strings = {0};
	int n = dwfl_module_getsymtab(module);
	for (int i = 1; i < n; i++) {
		GElf_Sym sym;
		GElf_Addr addr;
		GElf_Word section = SHN_UNDEF;
		Elf *elf = NULL;
		const char *name =
			dwfl_module_getsym_info(module, i, &sym, &addr, &section, &elf, NULL);
		if (!name || !name_ends(&strings, elf, name) || !wanted(&sym, name, section))
			continue;
		struct pyi_symbol *slot = pyi_vec_push(&symbols);
		if (!slot)
			break;
		*slot = (struct pyi_symbol){
			.addr = addr, .size = sym.st_size, .name = name, .rank = rank(&sym, name)};
	}
	pyi_vec_deinit(&strings.tables);
	if (symbols.len > 1)
		qsort(symbols.data, symbols.len, sizeof(*symbols.data), symbol_compare);
	*symtab = (struct pyi_symtab){symbols.data, symbols.len};
}

void pyi_symtab_deinit(struct pyi_symtab *symtab)
{
	free(symtab->symbols);
	*symtab = (struct pyi_symtab){0};
}

const struct pyi_symbol *pyi_symtab_find(const struct pyi_symtab *symtab, uint64_t addr)
{
	size_t lo = 0, hi = symtab->n;
	while (lo < hi) { /* the first one behind addr */
		size_t mid = lo + (hi - lo) / 2;
		if (symtab->symbols[mid].addr <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	const struct pyi_symbol *unsized = NULL;
	for (size_t i = lo; i-- > 0 && lo - i <= MAX_NESTED;) {
		const struct pyi_symbol *sym = &symtab->symbols[i];
		if (sym->size && addr - sym->addr < sym->size)
			return sym;
		if (!sym->size && !unsized && i + 1 == lo)
			unsized = sym;
	}
	return unsized;
}
