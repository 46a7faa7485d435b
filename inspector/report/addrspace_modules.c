/* SPDX-License-Identifier: BSD-2-Clause */
/* The role of a mapping as the kernel's list and the ELF modules tell it. */
#include "report/addrspace_private.h"

#include "report/extension.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const parts[] = {"text", "rodata", "data", "bss"};

static size_t part_of(const struct pyi_map *map)
{
	if (map->perm & PYI_PERM_X)
		return 0;
	if (!(map->perm & PYI_PERM_W))
		return 1;
	return map->inode ? 2 : 3;
}

/* The interpreter's own modules: the one that holds its state, and the program that starts it. */
static bool is_interpreter(const struct pyi_survey *survey, const struct pyi_image *image,
			   const struct pyi_image_info *info)
{
	return image == survey->rt->image ||
	       (info->is_exe && strncmp(info->name, "python", 6) == 0);
}

static struct pyi_error *describe_module(const struct pyi_survey *survey,
					 const struct pyi_image *image, const struct pyi_map *map,
					 struct pyi_range *ret)
{
	struct pyi_image_info info;
	char name[256];
	size_t part = part_of(map);
	int n;

	pyi_image_info(image, &info);
	if (is_interpreter(survey, image, &info)) {
		ret->role = PYI_ROLE_INTERP_TEXT + (enum pyi_role)part;
		n = asprintf(&ret->detail, "%s", info.name);
	} else if (pyi_extension_name(image, name, sizeof(name))) {
		ret->role = PYI_ROLE_EXTENSION;
		n = asprintf(&ret->detail, "%s: %s", name, parts[part]);
	} else {
		ret->role = PYI_ROLE_LIB_TEXT + (enum pyi_role)part;
		n = asprintf(&ret->detail, "%s%s", info.name,
			     info.is_exe    ? " (the program)"
			     : info.whole   ? " (a part mapped again)"
			     : info.deleted ? " (deleted)"
					    : "");
	}
	if (n < 0) {
		ret->detail = NULL;
		return &pyi_enomem;
	}
	ret->module = strdup(info.name);
	return ret->module ? NULL : &pyi_enomem;
}

static const struct {
	const char *path; /* how the kernel's name begins */
	enum pyi_role role;
	const char *detail;
} special[] = {
	{"[stack]", PYI_ROLE_STACK, "made by the kernel"},
	{"[heap]", PYI_ROLE_HEAP, "grown by brk"},
	{"[vdso]", PYI_ROLE_VDSO, NULL},
	{"[vvar", PYI_ROLE_VVAR, NULL},
	{"[vsyscall]", PYI_ROLE_VSYSCALL, NULL},
	{"[uprobes]", PYI_ROLE_VDSO, "jumps of uprobes"},
	/* glibc with glibc.mem.decorate_maps, CPython 3.15: prctl(PR_SET_VMA_ANON_NAME) */
	{"[anon: glibc: malloc", PYI_ROLE_HEAP, NULL},
};

static struct pyi_error *set_detail(struct pyi_range *ret, const char *text)
{
	ret->detail = strdup(text);
	return ret->detail ? NULL : &pyi_enomem;
}

/* Not of a module. */
static struct pyi_error *describe_other(const struct pyi_map *map, struct pyi_range *ret)
{
	const char *slash = strrchr(map->path, '/');

	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++) {
		if (strncmp(map->path, special[i].path, strlen(special[i].path)) != 0)
			continue;
		ret->role = special[i].role;
		return special[i].detail ? set_detail(ret, special[i].detail) : NULL;
	}
	if (!pyi_map_is_anonymous(map)) {
		ret->role = PYI_ROLE_FILE;
		return set_detail(ret, slash && slash[1] ? slash + 1 : map->path);
	}
	if (!(map->perm & (PYI_PERM_R | PYI_PERM_W | PYI_PERM_X)))
		ret->role = PYI_ROLE_RESERVED;
	else if (map->perm & PYI_PERM_X)
		ret->role = PYI_ROLE_JIT;
	else
		ret->role = PYI_ROLE_ANONYMOUS;
	return *map->path ? set_detail(ret, map->path) : NULL;
}

struct pyi_error *pyi_addrspace_base(void *arg, const struct pyi_map *map, struct pyi_range *ret)
{
	const struct pyi_survey *survey = arg;
	const struct pyi_image *image =
		map->inode ? pyi_target_find_image(survey->target, map->lo) : NULL;
	struct pyi_image_info info;

	if (image) {
		pyi_image_info(image, &info);
		if (strcmp(info.path, map->path) == 0)
			return describe_module(survey, image, map, ret);
	}
	return describe_other(map, ret);
}

/* The part of a writable segment that no file backs lies in anonymous mappings. */
static void claim_bss_in(struct pyi_survey *survey, const struct pyi_image *image, uint64_t lo,
			 uint64_t hi)
{
	const struct pyi_maps *maps = &survey->target->maps;

	hi = (hi + PYI_PAGE_SIZE - 1) & ~(uint64_t)(PYI_PAGE_SIZE - 1);
	for (size_t i = 0; i < maps->n; i++) {
		const struct pyi_map *map = &maps->maps[i];
		struct pyi_range range = {.lo = 0};
		struct pyi_claim *claim;

		if (map->hi <= lo || map->lo >= hi || !pyi_map_is_anonymous(map))
			continue;
		if (describe_module(survey, image, map, &range))
			survey->claims.failed = true; /* out of memory */
		claim = pyi_claims_add(&survey->claims, map->lo > lo ? map->lo : lo,
				       map->hi < hi ? map->hi : hi, range.role, NULL);
		if (claim) {
			claim->detail = range.detail;
			claim->module = range.module;
		}
	}
}

void pyi_addrspace_claim_bss(struct pyi_survey *survey)
{
	for (size_t i = 0; i < survey->target->n_images; i++) {
		uint64_t ranges[16][2];
		size_t n = pyi_image_writable_ranges(survey->target->images[i], ranges, 16);

		for (size_t k = 0; k < n; k++)
			claim_bss_in(survey, survey->target->images[i], ranges[k][0], ranges[k][1]);
	}
}
