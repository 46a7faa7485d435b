/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which pages of a process are in memory: from /proc/PID/pagemap, asked by ioctl(PAGEMAP_SCAN)
 * where the kernel has it (Linux 6.7), else read; where that is not allowed, per mapping from
 * /proc/PID/smaps. The shared page of zeros does not count, as in smaps (only PAGEMAP_SCAN can tell
 * it from others). Of a core or snapshot: which pages the file holds.
 */
#ifndef PYI_REPORT_RESIDENCY_H
#define PYI_REPORT_RESIDENCY_H

#include "base/error.h"
#include "base/vec.h"
#include "target/target.h"

struct pyi_page_run {
	uint64_t lo, hi;
};

struct pyi_mapping_rss {
	uint64_t lo, hi, rss; /* bytes */
};

struct pyi_residency {
	enum { PYI_RESIDENCY_UNKNOWN, PYI_RESIDENCY_PAGES, PYI_RESIDENCY_MAPPINGS } how;
	PYI_VEC(struct pyi_page_run) runs; /* PAGES: in rising order, none touches the next */
	PYI_VEC(struct pyi_mapping_rss) mappings; /* MAPPINGS: in rising order */
};

/* What the process whose /proc directory is dir ("/proc/1234") has in memory of maps. That nothing
 * may be read is no error: how says so. */
struct pyi_error *pyi_residency_read(const char *dir, const struct pyi_maps *maps,
				     struct pyi_residency *ret) PYI_WARN_UNUSED;
struct pyi_error *pyi_residency_of_file(const struct pyi_target *target,
					struct pyi_residency *ret) PYI_WARN_UNUSED;
void pyi_residency_deinit(struct pyi_residency *residency);

/* Bytes of [lo, hi) in memory, UINT64_MAX when unknown. With MAPPINGS a part of a mapping has its
 * share by size. */
uint64_t pyi_residency_count(const struct pyi_residency *residency, uint64_t lo, uint64_t hi);

/* False when the page of addr is known not to be in memory: reading it would bring it in. */
bool pyi_residency_maybe(const struct pyi_residency *residency, uint64_t addr);

/* The pieces, for tests: appends what n entries of a pagemap say of the pages from lo on; parses
 * the text of a smaps file. */
struct pyi_error *pyi_residency_add(struct pyi_residency *residency, uint64_t lo,
				    const uint64_t *entries, size_t n) PYI_WARN_UNUSED;
struct pyi_error *pyi_residency_parse_smaps(const char *text,
					    struct pyi_residency *ret) PYI_WARN_UNUSED;

#endif
