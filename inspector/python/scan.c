/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An interpreter is recognised by what points back to it: its first thread state names it as its
 * interpreter, and its table of modules is a dict. From 3.13 on the state begins with a cookie.
 */
#include "python/scan.h"
#include "python/debug_offsets.h"
#include "python/object.h"

#include <string.h>

/* Data searched at most, per part of a module. */
#define MAX_SCAN (16u << 20)
/* Interpreters of one process that are counted at most. */
#define MAX_INTERPRETERS 64u

struct scan {
	struct pyi_target *target;
	const struct pyi_layout *row; /* NULL: minipy's layout is looked for */
	uint64_t best;                /* the root */
	unsigned n_interpreters;      /* that are reached from best */
};

/* 0 also when it cannot be read. */
static uint64_t read_word(const struct scan *scan, uint64_t addr)
{
	uint64_t word = 0;

	pyi_error_destroy(pyi_mem_read_now(scan->target->mem, addr, &word, sizeof(word)));
	return word;
}

static bool is_pointer(const struct scan *scan, uint64_t word)
{
	const struct pyi_map *map = word % 8 ? NULL : pyi_maps_find(&scan->target->maps, word);

	return map && map->perm & PYI_PERM_W;
}

static bool has_thread(const struct pyi_target *target, uint64_t thread_id)
{
	for (size_t i = 0; i < target->n_threads; i++)
		if (target->threads[i].have_regs && target->threads[i].regs.fs_base == thread_id)
			return thread_id != 0;
	return false;
}

/* Where names cannot be read, for want of the file that holds them: a type of dicts, whose
 * own type is the type of itself; and the thread is one that the core has. */
static bool looks_right(const struct scan *scan, uint64_t type, uint64_t tstate)
{
	const struct pyi_layout *row = scan->row;
	uint64_t meta = read_word(scan, type + row->object_type);

	return meta && read_word(scan, meta + row->object_type) == meta &&
	       read_word(scan, type + row->type_flags) & PYI_TPFLAGS_DICT &&
	       has_thread(scan->target, read_word(scan, tstate + row->tstate_thread_id));
}

static bool is_dict(const struct scan *scan, uint64_t object, uint64_t tstate)
{
	uint64_t type = object ? read_word(scan, object + scan->row->object_type) : 0;
	uint64_t name = type ? read_word(scan, type + scan->row->type_name) : 0;
	char text[5] = "";
	struct pyi_error *err = pyi_mem_read_now(scan->target->mem, name, text, sizeof(text));

	pyi_error_destroy(err);
	if (err && name)
		return looks_right(scan, type, tstate);
	return !memcmp(text, "dict", sizeof(text));
}

static bool is_interpreter(const struct scan *scan, uint64_t addr)
{
	const struct pyi_layout *row = scan->row;
	uint64_t tstate;

	if (!is_pointer(scan, addr))
		return false;
	tstate = read_word(scan, addr + row->interp_tstate_head);
	return is_pointer(scan, tstate) && read_word(scan, tstate + row->tstate_interp) == addr &&
	       is_dict(scan, read_word(scan, addr + row->interp_modules), tstate);
}

static unsigned count_interpreters(const struct scan *scan, uint64_t addr)
{
	unsigned n = 0;

	for (; n < MAX_INTERPRETERS && is_interpreter(scan, addr); n++)
		addr = read_word(scan, addr + scan->row->interp_next);
	return n;
}

/* Several variables point to interpreters: the head of the list is the one that leads to all. */
static void look_at_word(struct scan *scan, uint64_t addr, uint64_t word)
{
	const struct pyi_layout *row = scan->row;
	uint64_t root = addr;
	unsigned n;

	if (!is_interpreter(scan, word))
		return;
	if (row->how_threads == PYI_THREADS_RUNTIME) {
		root -= row->runtime_interp_head;
		if (!is_interpreter(scan, read_word(scan, root + row->runtime_interp_main)))
			return;
	}
	n = count_interpreters(scan, word);
	if (n > scan->n_interpreters) {
		scan->n_interpreters = n;
		scan->best = root;
	}
}

static void look_at_table(struct scan *scan, uint64_t addr, const uint64_t *words, size_t n)
{
	bool free_threaded;
	uint32_t version;

	if (scan->best || !pyi_debug_offsets_present(words, n * 8, &version, &free_threaded))
		return;
	if (version >> 24 == scan->row->python_major &&
	    (version >> 16 & 255) == scan->row->python_minor)
		scan->best = addr;
}

/* Its layout begins with a cookie. */
static void look_for_minipy(struct scan *scan, uint64_t addr, uint64_t word)
{
	if (!scan->best && !memcmp(&word, PYI_LAYOUT_COOKIE, sizeof(word)))
		scan->best = addr;
}

static void scan_range(struct scan *scan, uint64_t lo, uint64_t hi)
{
	bool has_cookie = scan->row && scan->row->how_frames == PYI_FRAMES_CURRENT;
	uint64_t words[PYI_PAGE_SIZE / 8];

	lo = (lo + 7) & ~(uint64_t)7;
	for (uint64_t at = lo; at < hi && at - lo < MAX_SCAN; at += sizeof(words)) {
		size_t n = hi - at < sizeof(words) ? (size_t)(hi - at) / 8 : sizeof(words) / 8;
		struct pyi_error *err = pyi_mem_read_now(scan->target->mem, at, words, n * 8);

		if (err) {
			pyi_error_destroy(err);
			continue;
		}
		for (size_t i = 0; i < n; i++) {
			if (!scan->row)
				look_for_minipy(scan, at + i * 8, words[i]);
			else if (has_cookie)
				look_at_table(scan, at + i * 8, words + i, n - i);
			else
				look_at_word(scan, at + i * 8, words[i]);
		}
	}
}

static void scan_data(struct scan *scan, const struct pyi_image *image)
{
	uint64_t ranges[16][2];
	size_t n = pyi_image_writable_ranges(image, ranges, sizeof(ranges) / sizeof(ranges[0]));

	for (size_t i = 0; i < n; i++)
		scan_range(scan, ranges[i][0], ranges[i][1]);
}

uint64_t pyi_scan_root(struct pyi_target *target, const struct pyi_image *image,
		       const struct pyi_layout *row)
{
	struct scan scan = {.target = target, .row = row};
	struct pyi_image_info info;
	const json_t *noted;

	pyi_image_info(image, &info);
	noted = pyi_notes_get(target->notes, "scans", "0x%llx", (unsigned long long)info.lo);
	if (noted) /* a snapshot does not hold all data */
		return (uint64_t)json_integer_value(noted);
	scan_data(&scan, image);
	pyi_notes_put(target->notes, "scans", json_integer((json_int_t)scan.best), "0x%llx",
		      (unsigned long long)info.lo);
	return scan.best;
}

uint64_t pyi_scan_minipy(struct pyi_target *target, const struct pyi_image *image)
{
	struct scan scan = {.target = target};

	scan_data(&scan, image);
	return scan.best;
}
