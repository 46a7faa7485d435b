/* SPDX-License-Identifier: BSD-2-Clause */
/* NT_FILE: Linux fs/binfmt_elf.c, fill_files_note. */
#include "target/core_maps.h"

#include "base/cleanup.h"
#include "base/vec.h"

#include <elf.h>
#include <string.h>

#define MAX_MAPS (UINT32_C(1) << 20)

/* A file's mapping as NT_FILE has it. */
struct file {
	uint64_t lo, hi, offset; /* bytes */
	const char *path;        /* in the note */
	size_t len;
};

/* arch/x86/include/uapi/asm/vsyscall.h: VSYSCALL_ADDR */
#define VSYSCALL_ADDR 0xffffffffff600000

struct builder {
	PYI_VEC(struct file) files; /* by address, not overlapping */
	PYI_VEC(struct pyi_map) maps;
	size_t next; /* the first file that may still lie in a segment */
};

static int compare_files(const void *a, const void *b)
{
	const struct file *x = a, *y = b;

	return x->lo < y->lo ? -1 : x->lo > y->lo;
}

/* {count, page size}, count times {start, end, offset in pages}, then the names. gdb's pages are
 * of one byte (gdb/linux-tdep.c, linux_make_mappings_corefile_notes). What is cut off or
 * makes no sense is left out. */
static struct pyi_error *read_files(const struct pyi_core *core, struct builder *b)
{
	const void *desc;
	size_t size, n = 0;
	uint64_t head[2], names, unit;
	const char *text;

	if (!pyi_core_note(core, "CORE", NT_FILE, NULL, &desc, &size) || size < sizeof(head))
		return NULL;
	memcpy(head, desc, sizeof(head));
	if (head[0] > MAX_MAPS || head[0] > (size - sizeof(head)) / 24)
		return NULL;
	unit = head[1];
	text = desc;
	names = sizeof(head) + head[0] * 24;
	for (uint64_t i = 0; i < head[0] && names < size; i++) {
		size_t len = strnlen(text + names, size - names);
		uint64_t entry[3];
		struct file *file;

		memcpy(entry, text + sizeof(head) + i * 24, sizeof(entry));
		if (entry[0] < entry[1] && unit && entry[2] <= INT64_MAX / unit) {
			file = pyi_vec_push(&b->files);
			if (!file)
				return &pyi_enomem;
			*file = (struct file){entry[0], entry[1], entry[2] * unit, text + names,
					      len};
		}
		names += len + 1;
	}
	if (b->files.len)
		qsort(b->files.data, b->files.len, sizeof(struct file), compare_files);
	pyi_vec_for_each (file, &b->files)
		if (!n || b->files.data[n - 1].hi <= file->lo)
			b->files.data[n++] = *file;
	b->files.len = n;
	return NULL;
}

/* FNV-1a; never 0. */
static uint64_t hash_path(const char *path)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *path; path++)
		hash = (hash ^ (unsigned char)*path) * UINT64_C(0x100000001b3);
	return hash ? hash : 1;
}

static bool push_map(struct builder *b, uint64_t lo, uint64_t hi, unsigned perm,
		     const struct file *file)
{
	static const char suffix[] = " (deleted)";
	size_t len = file ? file->len : 0, cut = sizeof(suffix) - 1;
	struct pyi_map map = {.lo = lo, .hi = hi, .perm = perm};
	struct pyi_map *slot;

	if (len > cut && !memcmp(file->path + len - cut, suffix, cut)) {
		map.deleted = true;
		len -= cut;
	}
	map.path = strndup(file ? file->path : "", len);
	slot = map.path ? pyi_vec_push(&b->maps) : NULL;
	if (!slot) {
		free(map.path);
		return false;
	}
	if (file) {
		map.offset = file->offset + (lo - file->lo);
		map.inode = hash_path(map.path);
	}
	*slot = map;
	return true;
}

/* Files that end before lo and were in no segment. */
static bool push_apart(struct builder *b, uint64_t *lo, uint64_t hi)
{
	while (b->next < b->files.len) {
		const struct file *file = &b->files.data[b->next];
		uint64_t from = file->lo > *lo ? file->lo : *lo, to = file->hi < hi ? file->hi : hi;

		if (file->lo >= hi)
			break;
		if (from < to && !push_map(b, from, to, PYI_PERM_R | PYI_PERM_X, file))
			return false;
		if (file->hi > hi)
			break;
		b->next++;
	}
	*lo = hi;
	return true;
}

static bool push_segment(struct builder *b, uint64_t lo, uint64_t hi, unsigned perm)
{
	while (lo < hi) {
		const struct file *file = b->next < b->files.len ? &b->files.data[b->next] : NULL;
		uint64_t end = hi;
		bool inside = file && file->lo <= lo;

		if (file && !inside && file->lo < hi)
			end = file->lo;
		if (inside && file->hi < hi)
			end = file->hi;
		if (!push_map(b, lo, end, perm, inside ? file : NULL))
			return false;
		if (inside && file->hi <= end)
			b->next++;
		lo = end;
	}
	return true;
}

static struct pyi_error *build(const struct pyi_core *core, struct builder *b)
{
	struct pyi_core_segment segment;
	uint64_t done = 0;

	for (size_t i = 0; pyi_core_segment(core, i, &segment); i++) {
		if (segment.last == UINT64_MAX) /* the vsyscall page ends below */
			break;
		if (!push_apart(b, &done, segment.lo) ||
		    !push_segment(b, segment.lo, segment.last + 1, segment.perm))
			return &pyi_enomem;
		done = segment.last + 1;
	}
	return push_apart(b, &done, UINT64_MAX) ? NULL : &pyi_enomem;
}

static bool name_map(const struct pyi_maps *maps, uint64_t addr, const char *name)
{
	struct pyi_map *map = (struct pyi_map *)pyi_maps_find(maps, addr);
	char *copy;

	if (!addr || !map || *map->path)
		return true;
	copy = strdup(name);
	if (!copy)
		return false;
	free(map->path);
	map->path = copy;
	return true;
}

struct pyi_error *pyi_core_maps(const struct pyi_core *core, uint64_t vdso_addr,
				uint64_t stack_addr, struct pyi_maps *ret)
{
	struct builder b = {.next = 0};
	struct pyi_error *err = read_files(core, &b);
	struct pyi_maps maps;

	if (!err)
		err = build(core, &b);
	pyi_vec_deinit(&b.files);
	maps = (struct pyi_maps){b.maps.data, b.maps.len};
	if (!err &&
	    (!name_map(&maps, vdso_addr, "[vdso]") || !name_map(&maps, stack_addr, "[stack]") ||
	     !name_map(&maps, VSYSCALL_ADDR, "[vsyscall]")))
		err = &pyi_enomem;
	if (err)
		pyi_maps_deinit(&maps);
	else
		*ret = maps;
	return err;
}
