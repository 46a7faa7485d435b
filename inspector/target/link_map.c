/* SPDX-License-Identifier: BSD-2-Clause */
#include "target/link_map.h"

#include <elf.h>
#include <limits.h>
#include <link.h>
#include <stdint.h>
#include <stdlib.h>
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

static void for_each(struct pyi_target *target,
		     void (*visit)(struct pyi_target *target, const struct link_map *map,
				   size_t place, void *arg),
		     void *arg)
{
	struct r_debug debug;
	struct link_map map;
	uint64_t at = find_debug(target);
	if (!at || pyi_mem_read_some(target->mem, at, &debug, sizeof(debug)) < sizeof(debug))
		return;
	at = (uint64_t)(uintptr_t)debug.r_map;
	for (size_t i = 0; at && i < MAX_MODULES; i++) {
		if (pyi_mem_read_some(target->mem, at, &map, sizeof(map)) < sizeof(map))
			return;
		visit(target, &map, i, arg);
		at = (uint64_t)(uintptr_t)map.l_next;
	}
}

static void put_place(struct pyi_target *target, const struct link_map *map, size_t place,
		      void *arg)
{
	const struct pyi_image *image =
		pyi_target_find_image(target, (uint64_t)(uintptr_t)map->l_ld);
	size_t *places = arg;
	for (size_t i = 0; image && i < target->n_images; i++) {
		if (target->images[i] == image && places[i] == SIZE_MAX)
			places[i] = place;
	}
}

size_t *pyi_link_map_places(struct pyi_target *target)
{
	size_t *places = malloc((target->n_images + 1) * sizeof(*places));
	if (!places)
		return NULL;
	for (size_t i = 0; i < target->n_images; i++)
		places[i] = SIZE_MAX;
	for_each(target, put_place, places);
	return places;
}

static void touch_name(struct pyi_target *target, const struct link_map *map, size_t place,
		       void *arg)
{
	char *name = NULL;
	pyi_error_destroy(
		pyi_mem_read_cstr(target->mem, (uint64_t)(uintptr_t)map->l_name, PATH_MAX, &name));
	free(name);
}

void pyi_link_map_touch(struct pyi_target *target)
{
	for_each(target, touch_name, NULL);
}
