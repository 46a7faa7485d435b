/* SPDX-License-Identifier: BSD-2-Clause */
#include "target/link_map.h"

#include <elf.h>
#include <limits.h>
#include <link.h>
#include <string.h>

#define MAX_PHDRS   64u
#define MAX_DYNS    256u
#define MAX_MODULES 4096u

/* struct r_debug of the program, by DT_DEBUG; 0 when there is none. */
static uint64_t find_debug(struct pyi_target *target)
{
	uint64_t phdr_addr = pyi_target_auxv(target, AT_PHDR), dynamic = 0, bias = 0;
	uint64_t n = pyi_target_auxv(target, AT_PHNUM);
	for (uint64_t i = 0; phdr_addr && i < n && i < MAX_PHDRS; i++) {
		Elf64_Phdr phdr;
		if (pyi_mem_read_some(target->mem, phdr_addr + i * sizeof(phdr), &phdr,
				      sizeof(phdr)) < sizeof(phdr))
			return 0;
		if (phdr.p_type == PT_PHDR)
			bias = phdr_addr - phdr.p_vaddr;
		if (phdr.p_type == PT_DYNAMIC)
			dynamic = phdr.p_vaddr;
	}
	for (uint64_t i = 0; dynamic && i < MAX_DYNS; i++) {
		Elf64_Dyn dyn;
		if (pyi_mem_read_some(target->mem, bias + dynamic + i * sizeof(dyn), &dyn,
				      sizeof(dyn)) < sizeof(dyn) ||
		    dyn.d_tag == DT_NULL)
			return 0;
		if (dyn.d_tag == DT_DEBUG)
			return dyn.d_un.d_ptr;
	}
	return 0;
}

void pyi_link_map_touch(struct pyi_target *target)
{
	struct r_debug debug;
	struct link_map map;
	uint64_t at = find_debug(target);
	if (!at || pyi_mem_read_some(target->mem, at, &debug, sizeof(debug)) < sizeof(debug))
		return;
	at = (uint64_t)(uintptr_t)debug.r_map;
	for (size_t i = 0; at && i < MAX_MODULES; i++) {
		char *name;
		if (pyi_mem_read_some(target->mem, at, &map, sizeof(map)) < sizeof(map))
			return;
		struct pyi_error *err = pyi_mem_read_cstr(
			target->mem, (uint64_t)(uintptr_t)map.l_name, PATH_MAX, &name);
		if (!err)
			free(name);
		pyi_error_destroy(err);
		at = (uint64_t)(uintptr_t)map.l_next;
	}
}
