/* SPDX-License-Identifier: BSD-2-Clause */
/* The role of a mapping as the kernel's list and the ELF modules tell it. */
#include "report/addrspace_private.h"

#include "report/extension.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DATA  (UINT64_C(64) << 20) /* of a module's data, bytes */
#define MAX_OWNED 65536u

/* The order is that of the roles. */
enum part { TEXT, RODATA, DATA, BSS, OWNED };
static const char *const parts[] = {"text", "rodata", "data", "bss", "memory it has mapped"};

static enum part part_of(const struct pyi_map *map)
{
	if (map->perm & PYI_PERM_X)
		return TEXT;
	if (!(map->perm & PYI_PERM_W))
		return RODATA;
	return map->inode ? DATA : BSS;
}

/* The interpreter's own modules: the one that holds its state, and the program that starts it. */
static bool is_interpreter(const struct pyi_survey *survey, const struct pyi_image *image,
			   const struct pyi_image_info *info)
{
	return image == survey->rt->image ||
	       (info->is_exe && strncmp(info->name, "python", 6) == 0);
}

/* The Python module that the image is, or NULL. Asked for once an image: it takes a look at its
 * symbols. */
static const char *extension_of(struct pyi_survey *survey, const struct pyi_image *image)
{
	const struct pyi_target *target = survey->target;
	char name[256];
	size_t i = 0;

	if (!survey->extensions)
		survey->extensions = calloc(target->n_images + 1, sizeof(*survey->extensions));
	while (i < target->n_images && target->images[i] != image)
		i++;
	if (!survey->extensions || i == target->n_images)
		return NULL;
	if (!survey->extensions[i])
		survey->extensions[i] =
			strdup(pyi_extension_name(image, name, sizeof(name)) ? name : "");
	return survey->extensions[i] && *survey->extensions[i] ? survey->extensions[i] : NULL;
}

static const char *remark(const struct pyi_image_info *info, enum part part)
{
	if (part == OWNED)
		return ": memory it has mapped";
	if (info->is_exe)
		return " (the program)";
	if (info->whole)
		return " (a part mapped again)";
	return info->deleted ? " (deleted)" : "";
}

static struct pyi_error *describe_module(struct pyi_survey *survey, const struct pyi_image *image,
					 enum part part, struct pyi_range *ret)
{
	unsigned step = part == OWNED ? DATA : part;
	struct pyi_image_info info;
	const char *name;
	int n;

	pyi_image_info(image, &info);
	if (is_interpreter(survey, image, &info)) {
		ret->role = PYI_ROLE_INTERP_TEXT + step;
		n = asprintf(&ret->detail, "%s%s", info.name,
			     part == OWNED ? remark(&info, part) : "");
	} else if ((name = extension_of(survey, image))) {
		ret->role = PYI_ROLE_EXTENSION;
		n = asprintf(&ret->detail, "%s: %s", name, parts[part]);
	} else {
		ret->role = PYI_ROLE_LIB_TEXT + step;
		n = asprintf(&ret->detail, "%s%s", info.name, remark(&info, part));
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
	struct pyi_survey *survey = arg;
	const struct pyi_image *image =
		map->inode ? pyi_target_find_image(survey->target, map->lo) : NULL;
	struct pyi_image_info info;

	if (image) {
		pyi_image_info(image, &info);
		if (strcmp(info.path, map->path) == 0)
			return describe_module(survey, image, part_of(map), ret);
	}
	return describe_other(map, ret);
}

static void claim_for(struct pyi_survey *survey, const struct pyi_image *image, uint64_t lo,
		      uint64_t hi, enum part part)
{
	struct pyi_range range = {.lo = 0};
	struct pyi_claim *claim;

	if (describe_module(survey, image, part, &range))
		survey->claims.failed = true; /* out of memory */
	claim = pyi_claims_add(&survey->claims, lo, hi, range.role, NULL);
	if (claim) {
		claim->detail = range.detail;
		claim->module = range.module;
	} else {
		free(range.detail);
		free(range.module);
	}
}

/* The part of a writable segment that no file backs lies in anonymous mappings. */
static void claim_bss_in(struct pyi_survey *survey, const struct pyi_image *image, uint64_t lo,
			 uint64_t hi)
{
	const struct pyi_maps *maps = &survey->target->maps;

	hi = (hi + PYI_PAGE_SIZE - 1) & ~(uint64_t)(PYI_PAGE_SIZE - 1);
	for (size_t i = 0; i < maps->n; i++) {
		const struct pyi_map *map = &maps->maps[i];

		if (map->hi > lo && map->lo < hi && pyi_map_is_anonymous(map))
			claim_for(survey, image, map->lo > lo ? map->lo : lo,
				  map->hi < hi ? map->hi : hi, part_of(map));
	}
}

typedef void (*range_fn)(struct pyi_survey *survey, const struct pyi_image *image, uint64_t lo,
			 uint64_t hi);

static void for_each_writable(struct pyi_survey *survey, range_fn fn)
{
	for (size_t i = 0; i < survey->target->n_images; i++) {
		uint64_t ranges[16][2];
		size_t n = pyi_image_writable_ranges(survey->target->images[i], ranges, 16);

		for (size_t k = 0; k < n; k++)
			fn(survey, survey->target->images[i], ranges[k][0], ranges[k][1]);
	}
}

void pyi_addrspace_claim_bss(struct pyi_survey *survey)
{
	for_each_writable(survey, claim_bss_in);
}

/* ---- memory that a module has mapped ---- */

static struct pyi_error *add_owned(struct pyi_survey *survey, const struct pyi_image *image,
				   uint64_t lo)
{
	struct pyi_owned *owned = pyi_vec_push(&survey->owned);

	if (!owned)
		return &pyi_enomem;
	*owned = (struct pyi_owned){.lo = lo, .image = image};
	return NULL;
}

void pyi_addrspace_for_each_word(struct pyi_survey *survey, uint64_t lo, uint64_t hi,
				 void (*fn)(void *arg, uint64_t word), void *arg)
{
	if (hi - lo > MAX_DATA)
		hi = lo + MAX_DATA;
	for (uint64_t at = (lo + 7) & ~UINT64_C(7), next; at < hi; at = next) {
		uint64_t words[PYI_PAGE_SIZE / 8];
		size_t n;

		next = (at + PYI_PAGE_SIZE) & ~(uint64_t)(PYI_PAGE_SIZE - 1);
		if (!pyi_residency_maybe(&survey->residency, at))
			continue;
		n = pyi_mem_read_some(survey->target->mem, at, words,
				      (size_t)((next < hi ? next : hi) - at)) /
		    8;
		for (size_t i = 0; i < n; i++)
			fn(arg, words[i]);
	}
}

struct owner {
	struct pyi_survey *survey;
	const struct pyi_image *image;
};

/* A variable of a module that holds the address of a page of anonymous memory: the start of what it
 * asked mmap for. */
static void find_owned(void *arg, uint64_t word)
{
	const struct owner *owner = arg;
	struct pyi_survey *survey = owner->survey;
	const struct pyi_map *map;

	if (!word || word % PYI_PAGE_SIZE || survey->owned.len >= MAX_OWNED)
		return;
	map = pyi_maps_find(&survey->target->maps, word);
	if (map && pyi_map_is_anonymous(map) && (map->perm & PYI_PERM_W) &&
	    add_owned(survey, owner->image, word))
		survey->claims.failed = true;
}

static void find_owned_in(struct pyi_survey *survey, const struct pyi_image *image, uint64_t lo,
			  uint64_t hi)
{
	struct owner owner = {survey, image};

	pyi_addrspace_for_each_word(survey, lo, hi, find_owned, &owner);
}

static int compare_owned(const void *a, const void *b)
{
	const struct pyi_owned *x = a, *y = b;

	return x->lo < y->lo ? -1 : x->lo > y->lo;
}

void pyi_addrspace_claim_owned(struct pyi_survey *survey)
{
	/* What it points to may be a block of the heap or an arena, which prove themselves and are
	 * stronger: but not in a snapshot, which has a few pages of them or none. */
	if (survey->target->kind == PYI_TARGET_SNAPSHOT)
		return;
	for_each_writable(survey, find_owned_in);
	if (survey->owned.len)
		qsort(survey->owned.data, survey->owned.len, sizeof(*survey->owned.data),
		      compare_owned);
	for (size_t i = 0; i < survey->owned.len; i++) {
		const struct pyi_owned *owned = &survey->owned.data[i];
		const struct pyi_map *map = pyi_maps_find(&survey->target->maps, owned->lo);

		if (i + 1 < survey->owned.len && owned[1].lo == owned->lo)
			continue;
		claim_for(survey, owned->image, owned->lo,
			  i + 1 < survey->owned.len && owned[1].lo < map->hi ? owned[1].lo
									     : map->hi,
			  OWNED);
	}
}
