/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/residency.h"

#include "base/cleanup.h"
#include "target/mem.h"
#include "target/proc.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#define PRESENT (UINT64_C(1) << 63) /* Linux Documentation/admin-guide/mm/pagemap.rst */
#define ENTRIES 8192u               /* of a pagemap that are read at once: 32 MiB of pages */

/* Linux v6.7 include/uapi/linux/fs.h; older headers lack it. */
struct scan_region {
	uint64_t start, end, categories;
};
struct scan_arg {
	uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
	uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};
#define SCAN_IOCTL   _IOWR('f', 16, struct scan_arg)
#define SCAN_PRESENT (UINT64_C(1) << 3)
#define SCAN_ZERO    (UINT64_C(1) << 5)
#define SCAN_REGIONS 512u

void pyi_residency_deinit(struct pyi_residency *residency)
{
	pyi_vec_deinit(&residency->runs);
	pyi_vec_deinit(&residency->mappings);
}

static struct pyi_error *add_run(struct pyi_residency *residency, uint64_t lo, uint64_t hi)
{
	struct pyi_page_run *last =
		residency->runs.len ? &residency->runs.data[residency->runs.len - 1] : NULL;
	struct pyi_page_run *run;

	if (last && lo <= last->hi) {
		if (hi > last->hi)
			last->hi = hi;
		return NULL;
	}
	run = pyi_vec_push(&residency->runs);
	if (!run)
		return &pyi_enomem;
	*run = (struct pyi_page_run){lo, hi};
	return NULL;
}

struct pyi_error *pyi_residency_add(struct pyi_residency *residency, uint64_t lo,
				    const uint64_t *entries, size_t n)
{
	struct pyi_error *err = NULL;

	for (size_t i = 0, end; i < n && !err; i = end) {
		bool present = entries[i] & PRESENT;

		for (end = i + 1; end < n && !(entries[end] & PRESENT) == !present; end++)
			;
		if (present)
			err = add_run(residency, lo + i * PYI_PAGE_SIZE, lo + end * PYI_PAGE_SIZE);
	}
	return err;
}

struct held {
	struct pyi_residency residency;
	struct pyi_error *err;
};

static void add_held(void *arg, uint64_t lo, uint64_t hi)
{
	struct held *held = arg;

	if (!held->err)
		held->err = add_run(&held->residency, lo, hi);
}

struct pyi_error *pyi_residency_of_file(const struct pyi_target *target, struct pyi_residency *ret)
{
	struct held held = {.residency = {.how = PYI_RESIDENCY_PAGES}};

	pyi_target_for_each_held(target, add_held, &held);
	if (held.err)
		pyi_residency_deinit(&held.residency);
	else
		*ret = held.residency;
	return held.err;
}

/* False when this kernel cannot do it, or not for this process. */
static bool scan_map(struct pyi_residency *residency, int fd, const struct pyi_map *map,
		     struct pyi_error **err)
{
	struct scan_region regions[SCAN_REGIONS];
	uint64_t at = map->lo;

	while (at < map->hi && !*err) {
		struct scan_arg arg = {
			.size = sizeof(arg),
			.start = at,
			.end = map->hi,
			.vec = (uintptr_t)regions,
			.vec_len = SCAN_REGIONS,
			.category_inverted = SCAN_ZERO,
			.category_mask = SCAN_PRESENT | SCAN_ZERO,
			.return_mask = SCAN_PRESENT,
		};
		int n = ioctl(fd, SCAN_IOCTL, &arg);

		if (n < 0)
			return false;
		for (int i = 0; i < n && !*err; i++)
			*err = add_run(residency, regions[i].start, regions[i].end);
		if (arg.walk_end <= at)
			break;
		at = arg.walk_end;
	}
	return true;
}

static bool read_map(struct pyi_residency *residency, int fd, const struct pyi_map *map,
		     uint64_t *entries, struct pyi_error **err)
{
	for (uint64_t at = map->lo; at < map->hi && !*err;) {
		uint64_t want = (map->hi - at) / PYI_PAGE_SIZE;
		size_t n = want < ENTRIES ? (size_t)want : ENTRIES;
		ssize_t got = pread(fd, entries, n * sizeof(*entries),
				    (off_t)(at / PYI_PAGE_SIZE * sizeof(*entries)));

		if (got < 0)
			return errno == EINTR;
		n = (size_t)got / sizeof(*entries);
		if (!n) /* the process has gone, or this is beyond user space (vsyscall) */
			break;
		*err = pyi_residency_add(residency, at, entries, n);
		at += n * PYI_PAGE_SIZE;
	}
	return true;
}

static bool read_pages(const char *dir, const struct pyi_maps *maps,
		       struct pyi_residency *residency, struct pyi_error **err)
{
	char path[80];
	pyi_autofree uint64_t *entries = malloc(ENTRIES * sizeof(*entries));
	bool scan = true, read = true;

	snprintf(path, sizeof(path), "%s/pagemap", dir);
	pyi_autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || !entries)
		return false;
	for (size_t i = 0; i < maps->n && read && !*err; i++) {
		const struct pyi_map *map = &maps->maps[i];

		if (map->lo > INT64_MAX)
			continue;
		scan = scan && scan_map(residency, fd, map, err);
		if (!scan && !*err)
			read = read_map(residency, fd, map, entries, err);
	}
	return read;
}

struct pyi_error *pyi_residency_parse_smaps(const char *text, struct pyi_residency *ret)
{
	struct pyi_mapping_rss *mapping = NULL;

	for (const char *line = text; line && *line; line = strchr(line, '\n')) {
		unsigned long long lo, hi, kib;

		line += *line == '\n';
		if (sscanf(line, "%llx-%llx %*4c", &lo, &hi) == 2 && lo < hi) {
			mapping = pyi_vec_push(&ret->mappings);
			if (!mapping)
				return &pyi_enomem;
			*mapping = (struct pyi_mapping_rss){.lo = lo, .hi = hi};
		} else if (mapping && sscanf(line, "Rss: %llu kB", &kib) == 1) {
			mapping->rss = kib > UINT64_MAX >> 10 ? UINT64_MAX : kib << 10;
		}
	}
	return NULL;
}

struct pyi_error *pyi_residency_read(const char *dir, const struct pyi_maps *maps,
				     struct pyi_residency *ret)
{
	struct pyi_residency residency = {.how = PYI_RESIDENCY_UNKNOWN};
	pyi_autofree char *text = NULL;
	struct pyi_error *err = NULL;
	char path[80];
	size_t len;

	if (read_pages(dir, maps, &residency, &err)) {
		residency.how = PYI_RESIDENCY_PAGES;
	} else if (!err) {
		pyi_vec_deinit(&residency.runs);
		snprintf(path, sizeof(path), "%s/smaps", dir);
		err = pyi_proc_read(AT_FDCWD, path, &text, &len);
		if (!err)
			err = pyi_residency_parse_smaps(text, &residency);
		if (!err && residency.mappings.len)
			residency.how = PYI_RESIDENCY_MAPPINGS;
		if (err && err->code != PYI_ERR_NO_MEMORY) {
			pyi_error_destroy(err);
			err = NULL;
		}
	}
	if (err)
		pyi_residency_deinit(&residency);
	else
		*ret = residency;
	return err;
}

static uint64_t overlap(uint64_t lo, uint64_t hi, uint64_t lo2, uint64_t hi2)
{
	lo = lo > lo2 ? lo : lo2;
	hi = hi < hi2 ? hi : hi2;
	return lo < hi ? hi - lo : 0;
}

/* The first run that ends behind addr. */
static size_t find_run(const struct pyi_residency *residency, uint64_t addr)
{
	size_t lo = 0, hi = residency->runs.len;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (residency->runs.data[mid].hi <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

uint64_t pyi_residency_count(const struct pyi_residency *residency, uint64_t lo, uint64_t hi)
{
	uint64_t sum = 0;

	if (residency->how == PYI_RESIDENCY_UNKNOWN)
		return UINT64_MAX;
	if (residency->how == PYI_RESIDENCY_MAPPINGS) {
		pyi_vec_for_each (map, &residency->mappings) {
			uint64_t part = overlap(lo, hi, map->lo, map->hi);

			sum += (uint64_t)((double)map->rss * (double)part /
					  (double)(map->hi - map->lo));
		}
		return sum;
	}
	for (size_t i = find_run(residency, lo);
	     i < residency->runs.len && residency->runs.data[i].lo < hi; i++)
		sum += overlap(lo, hi, residency->runs.data[i].lo, residency->runs.data[i].hi);
	return sum;
}

bool pyi_residency_maybe(const struct pyi_residency *residency, uint64_t addr)
{
	size_t i = find_run(residency, addr);

	return residency->how != PYI_RESIDENCY_PAGES ||
	       (i < residency->runs.len && residency->runs.data[i].lo <= addr);
}
