/* SPDX-License-Identifier: BSD-2-Clause */
#include "target/core_files.h"

#include "base/cleanup.h"
#include "base/format.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "target/debuginfod.h"
#include "target/elf_head.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define COMPARED_PAGES 64u /* of one mapping */
#define NAMED_FILES    4u  /* in one warning */
/* A file that is written in the second in which its process dies is no newer than it. */
#define TIME_SLACK_S 1
#define PAGE_REST    ((uint64_t)PYI_PAGE_SIZE - 1)

struct pyi_core_files {
	const struct pyi_core_options *options;
	const struct pyi_core *core;
	struct pyi_target *target;
	uint64_t exe_addr; /* an address in the main program; 0 unknown */
};

/* What is asked of one file: the maps of one module in the core. */
struct wanted {
	const struct pyi_map *maps; /* from the one that maps the file's first byte on */
	size_t n;
	char build_id[41]; /* as the core has it, "" unknown */
};

struct pyi_error *pyi_core_files_create(const struct pyi_core_options *options,
					const struct pyi_core *core, struct pyi_target *target,
					struct pyi_core_files **ret)
{
	static const struct pyi_core_options none;
	struct pyi_core_files *files = calloc(1, sizeof(*files));

	if (!files)
		return &pyi_enomem;
	files->options = options ? options : &none;
	files->core = core;
	files->target = target;
	files->exe_addr = pyi_target_auxv(target, AT_PHDR);
	*ret = files;
	return NULL;
}

void pyi_core_files_destroy(struct pyi_core_files *files)
{
	free(files);
}

/* --- what the core says of a module --- */

struct head_source {
	struct pyi_mem *mem;
	const struct pyi_map *map; /* of the file's first bytes */
};

static bool read_mapped(void *arg, uint64_t offset, void *buf, size_t len)
{
	const struct head_source *source = arg;
	struct pyi_error *err;

	if (offset > source->map->hi - source->map->lo ||
	    len > source->map->hi - source->map->lo - offset)
		return false;
	err = pyi_mem_read_now(source->mem, source->map->lo + offset, buf, len);
	pyi_error_destroy(err);
	return !err;
}

static bool same_file(const struct pyi_map *a, const struct pyi_map *b)
{
	return a->inode == b->inode && a->dev == b->dev;
}

/* A lone piece of a file (libffi's trampolines) is judged by where the whole is mapped. */
static struct wanted find_wanted(const struct pyi_core_files *files, const struct pyi_map *map)
{
	const struct pyi_maps *maps = &files->target->maps;
	struct wanted wanted = {.maps = map, .n = 1};
	struct head_source source = {files->target->mem, map};
	struct pyi_elf_head head;

	for (size_t i = 0; i < maps->n && wanted.maps->offset; i++)
		if (same_file(&maps->maps[i], map) && !maps->maps[i].offset)
			wanted.maps = &maps->maps[i];
	source.map = wanted.maps;
	for (const struct pyi_map *m = wanted.maps + 1;
	     m < maps->maps + maps->n && (same_file(m, map) || !m->inode); m++)
		if (m->inode && !m->offset)
			break;
		else
			wanted.n++;
	while (wanted.n > 1 && !wanted.maps[wanted.n - 1].inode)
		wanted.n--;
	if (!wanted.maps->offset && pyi_elf_head_parse(read_mapped, &source, &head))
		memcpy(wanted.build_id, head.build_id, sizeof(wanted.build_id));
	return wanted;
}

/* --- whether a file is the one --- */

/* Whether the map is of this part of the file, given what is added to its addresses. */
static bool load_fits(const Elf64_Phdr *p, const struct pyi_map *map, uint64_t bias)
{
	return p->p_type == PT_LOAD && map->inode && (p->p_offset & ~PAGE_REST) <= map->offset &&
	       map->offset < p->p_offset + p->p_filesz &&
	       map->lo - map->offset == bias + p->p_vaddr - p->p_offset;
}

static bool is_constant(const struct pyi_elf_head *head, const struct pyi_map *map, uint64_t bias)
{
	for (size_t i = 0; i < head->n_phdrs; i++)
		if (load_fits(&head->phdrs[i], map, bias))
			return !(head->phdrs[i].p_flags & PF_W) && !(map->perm & PYI_PERM_W);
	return false;
}

/* Every loaded part of the file is mapped, in one piece with the first. */
static bool loads_fit(const struct pyi_elf_head *head, const struct wanted *wanted, uint64_t *bias)
{
	const struct pyi_map *first = wanted->maps;
	bool have_bias = false;

	for (size_t i = 0; i < head->n_phdrs; i++) {
		const Elf64_Phdr *p = &head->phdrs[i];
		bool found = false;

		if (p->p_type != PT_LOAD || !p->p_filesz)
			continue;
		if (!have_bias)
			*bias = first->lo - first->offset - p->p_vaddr + p->p_offset;
		have_bias = true;
		for (size_t k = 0; k < wanted->n && !found; k++)
			found = load_fits(p, &wanted->maps[k], *bias);
		if (!found)
			return false;
	}
	return have_bias;
}

/* Pages that the process cannot have changed, as far as the core has them. */
static bool pages_agree(struct pyi_mem *mem, const struct pyi_map *map, int fd)
{
	uint8_t theirs[PYI_PAGE_SIZE], ours[PYI_PAGE_SIZE];
	uint64_t pages = (map->hi - map->lo) / PYI_PAGE_SIZE;

	for (uint64_t i = 0; i < pages && i < COMPARED_PAGES; i++) {
		uint64_t offset = map->offset + i * PYI_PAGE_SIZE;
		ssize_t n;
		struct pyi_error *err =
			pyi_mem_read_now(mem, map->lo + i * PYI_PAGE_SIZE, theirs, sizeof(theirs));

		if (err) {
			pyi_error_destroy(err);
			continue;
		}
		n = offset <= INT64_MAX ? pread(fd, ours, sizeof(ours), (off_t)offset) : -1;
		if (n <= 0 || memcmp(ours, theirs, (size_t)n) != 0)
			return false;
	}
	return true;
}

static bool is_plausible(const struct pyi_core_files *files, const struct wanted *wanted, int fd,
			 const struct pyi_elf_head *head)
{
	struct stat st;
	uint64_t bias = 0;

	if (fstat(fd, &st) || st.st_mtime > pyi_core_time(files->core) + TIME_SLACK_S)
		return false;
	if (!wanted->maps->offset && !loads_fit(head, wanted, &bias))
		return false;
	for (size_t i = 0; i < wanted->n; i++) {
		const struct pyi_map *map = &wanted->maps[i];

		if (map->inode && map->offset > (uint64_t)st.st_size)
			return false;
		if (is_constant(head, map, bias) && !pages_agree(files->target->mem, map, fd))
			return false;
	}
	return true;
}

/* NULL: not this one. */
static const char *judge(const struct pyi_core_files *files, const struct wanted *wanted, int fd)
{
	struct pyi_elf_head head;

	if (!pyi_elf_head_parse_fd(fd, &head))
		return NULL;
	if (*wanted->build_id)
		return strcmp(wanted->build_id, head.build_id) == 0 ? "ok" : NULL;
	return is_plausible(files, wanted, fd, &head) ? "unverified" : NULL;
}

/* --- where files can be --- */

struct search {
	const struct pyi_core_files *files;
	struct wanted wanted;
	bool seen; /* there was a file, but it was not the one */
	const char *status;
	int fd;
};

/* Takes path over. True when it is the file. */
static bool try(struct search *s, char *path)
{
	struct stat st;
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;

	free(path);
	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		s->status = judge(s->files, &s->wanted, fd);
		if (s->status) {
			s->fd = fd;
			return true;
		}
		s->seen = true;
	}
	close(fd);
	return false;
}

/* DIR:DIR... */
static bool try_lib_path(struct search *s, const char *name)
{
	const char *dirs = s->files->options->lib_path;

	while (dirs && *dirs) {
		size_t len = strcspn(dirs, ":");

		if (len && try(s, pyi_format("%.*s/%s", (int)len, dirs, name)))
			return true;
		dirs += len + (dirs[len] == ':');
	}
	return false;
}

static bool try_build_id(struct search *s, const char *root)
{
	const char *id = s->wanted.build_id;

	return strlen(id) > 2 &&
	       try(s, pyi_format("%s/usr/lib/debug/.build-id/%.2s/%s", root, id, id + 2));
}

static bool try_debuginfod(struct search *s)
{
	return s->files->options->debuginfod && *s->wanted.build_id &&
	       try(s, pyi_debuginfod_executable(s->wanted.build_id));
}

int pyi_core_files_open(void *arg, const struct pyi_map *map, const char **status)
{
	const struct pyi_core_files *files = arg;
	const struct pyi_core_options *options = files->options;
	const char *slash = strrchr(map->path, '/'), *name = slash ? slash + 1 : map->path;
	const char *root = options->sysroot ? options->sysroot : "";
	struct search s = {.files = files, .wanted = find_wanted(files, map), .fd = -1};
	bool is_exe = files->exe_addr >= s.wanted.maps[0].lo &&
		      files->exe_addr < s.wanted.maps[s.wanted.n - 1].hi;

	if (!(is_exe && options->exe && try(&s, strdup(options->exe))) && !try_lib_path(&s, name) &&
	    !try(&s, pyi_format("%s%s", root, map->path)) && !try_build_id(&s, root) &&
	    !(*root && try_build_id(&s, "")) && !try_debuginfod(&s))
		s.status = s.seen ? "mismatched" : map->deleted ? "deleted" : "missing";
	*status = s.status;
	return s.fd;
}

/* --- warnings --- */

struct kind {
	const char *status, *one, *many, *effect;
};

static bool is_of(const struct pyi_image *image, const char *status, struct pyi_image_info *info)
{
	pyi_image_info(image, info);
	return info->status && !info->whole && strcmp(info->status, status) == 0;
}

static size_t count_of(const struct pyi_target *target, const char *status)
{
	struct pyi_image_info info;
	size_t n = 0;

	for (size_t i = 0; i < target->n_images; i++)
		n += is_of(target->images[i], status, &info);
	return n;
}

static void warn_of(struct pyi_target *target, const struct kind *kind)
{
	struct pyi_strbuf sb = {0};
	pyi_autofree char *names = NULL;
	size_t n = 0, all = count_of(target, kind->status);

	for (size_t i = 0; i < target->n_images && n < NAMED_FILES; i++) {
		struct pyi_image_info info;

		if (!is_of(target->images[i], kind->status, &info))
			continue;
		pyi_strbuf_puts(&sb, n++ ? ", " : "");
		pyi_utf8_append(&sb, all == 1 ? info.path : info.name,
				strlen(all == 1 ? info.path : info.name));
	}
	if (all > n)
		pyi_strbuf_printf(&sb, " and %zu more", all - n);
	names = pyi_strbuf_steal(&sb);
	if (n && names)
		pyi_target_warn(target, "%s %s: %s", names, all == 1 ? kind->one : kind->many,
				kind->effect);
}

void pyi_core_files_warn(struct pyi_target *target)
{
	static const char gap[] = "native stacks end where they come to such a file, and its "
				  "functions have no names; --sysroot DIR, --lib-path DIR or --exe "
				  "FILE with the right file repairs that";
	static const struct kind kinds[] = {
		{"mismatched", "is not the file that was mapped",
		 "are not the files that were mapped", gap},
		{"missing", "is not at hand", "are not at hand", gap},
		{"deleted", "was deleted", "were deleted", gap},
		{"unverified", "is used unverified", "are used unverified",
		 "the core has no build ids to compare, but nothing speaks against it"},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		warn_of(target, &kinds[i]);
}
