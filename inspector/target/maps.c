/* SPDX-License-Identifier: BSD-2-Clause */
/* Parses /proc/PID/maps (Linux fs/proc/task_mmu.c, show_map_vma). */
#include "target/maps.h"

#include "base/cleanup.h"
#include "base/vec.h"
#include "target/proc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

struct cursor {
	const char *at, *end;
};

static bool take(struct cursor *c, char want)
{
	if (c->at == c->end || *c->at != want)
		return false;
	c->at++;
	return true;
}

static int digit_value(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	if (ch >= 'a' && ch <= 'f')
		return ch - 'a' + 10;
	return 99;
}

static bool take_number(struct cursor *c, unsigned base, uint64_t *ret)
{
	const char *start = c->at;
	uint64_t value = 0;
	for (; c->at < c->end; c->at++) {
		unsigned digit = (unsigned)digit_value(*c->at);
		if (digit >= base)
			break;
		if (__builtin_mul_overflow(value, base, &value) ||
		    __builtin_add_overflow(value, digit, &value))
			return false;
	}
	*ret = value;
	return c->at > start;
}

static bool take_perms(struct cursor *c, unsigned *ret)
{
	static const struct {
		char ch;
		unsigned bit;
	} places[] = {
		{'r', PYI_PERM_R}, {'w', PYI_PERM_W}, {'x', PYI_PERM_X}, {'s', PYI_PERM_SHARED}};
	unsigned perm = 0;
	for (size_t i = 0; i < 4; i++) {
		if (take(c, places[i].ch))
			perm |= places[i].bit;
		else if (!take(c, i == 3 ? 'p' : '-'))
			return false;
	}
	*ret = perm;
	return true;
}

/* The kernel writes a newline in a path as \012 and leaves everything else as it is. */
static bool take_path(struct cursor *c, struct pyi_map *map)
{
	static const char suffix[] = " (deleted)";
	size_t len = (size_t)(c->end - c->at), cut = sizeof(suffix) - 1;
	map->deleted = len > cut && !memcmp(c->end - cut, suffix, cut);
	if (map->deleted)
		len -= cut;
	char *out = map->path = malloc(len + 1);
	if (!out)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (len - i >= 4 && !memcmp(c->at + i, "\\012", 4)) {
			*out++ = '\n';
			i += 3;
		} else {
			*out++ = c->at[i];
		}
	}
	*out = '\0';
	return true;
}

/* Everything of a line but its path. */
static bool take_fields(struct cursor *c, struct pyi_map *map)
{
	uint64_t major, minor;
	if (!take_number(c, 16, &map->lo) || !take(c, '-') || !take_number(c, 16, &map->hi) ||
	    !take(c, ' ') || !take_perms(c, &map->perm) || !take(c, ' ') ||
	    !take_number(c, 16, &map->offset) || !take(c, ' ') || !take_number(c, 16, &major) ||
	    !take(c, ':') || !take_number(c, 16, &minor) || !take(c, ' ') ||
	    !take_number(c, 10, &map->inode))
		return false;
	map->dev = makedev((unsigned)major, (unsigned)minor);
	while (take(c, ' '))
		;
	return map->lo < map->hi;
}

/* Lines are read by the kernel a page of text at a time while the map may change between: a line
 * can overlap the one before it. What came first stays. */
static bool clip(struct pyi_map *map, uint64_t floor)
{
	if (map->lo >= floor)
		return true;
	if (map->hi <= floor)
		return false;
	map->offset += floor - map->lo;
	map->lo = floor;
	return true;
}

struct pyi_error *pyi_maps_parse(const char *text, size_t len, struct pyi_maps *ret)
{
	PYI_VEC(struct pyi_map) maps = {0};
	const char *end = text + len;
	uint64_t floor = 0;
	struct pyi_error *err = NULL;
	for (size_t line_no = 1; text < end; line_no++) {
		const char *eol = memchr(text, '\n', (size_t)(end - text));
		struct cursor c = {text, eol ? eol : end};
		struct pyi_map map = {0};
		text = eol ? eol + 1 : end;
		if (!take_fields(&c, &map)) {
			err = pyi_error_create(PYI_ERR_BAD_DATA,
					       "memory map: line %zu is malformed", line_no);
			break;
		}
		if (!clip(&map, floor))
			continue;
		struct pyi_map *slot = take_path(&c, &map) ? pyi_vec_push(&maps) : NULL;
		if (!slot) {
			free(map.path);
			err = &pyi_enomem;
			break;
		}
		*slot = map;
		floor = map.hi;
	}
	struct pyi_maps result = {maps.data, maps.len};
	if (err)
		pyi_maps_deinit(&result);
	else
		*ret = result;
	return err;
}

struct pyi_error *pyi_maps_read(pid_t pid, struct pyi_maps *ret)
{
	char path[64];
	pyi_autofree char *text = NULL;
	size_t len;
	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	struct pyi_error *err = pyi_proc_read(AT_FDCWD, path, &text, &len);
	if (!err)
		err = pyi_maps_parse(text, len, ret);
	return err;
}

void pyi_maps_deinit(struct pyi_maps *maps)
{
	for (size_t i = 0; i < maps->n; i++)
		free(maps->maps[i].path);
	free(maps->maps);
	*maps = (struct pyi_maps){0};
}

const struct pyi_map *pyi_maps_find(const struct pyi_maps *maps, uint64_t addr)
{
	size_t lo = 0, hi = maps->n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (maps->maps[mid].hi <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < maps->n && maps->maps[lo].lo <= addr ? &maps->maps[lo] : NULL;
}
