/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one memory reader. Address ranges map to a source; a later range overrides an earlier one
 * where they overlap. Between the sources and the caller stands a cache of 4 KiB pages.
 *
 * How a live target is read (DESIGN idea 3), with nothing above knowing that it is live:
 *   1. rehearse: the walks run while the target runs; the cache learns which pages they touch;
 *   2. stop; pyi_mem_refresh re-reads all those pages (and the prefetched stacks) in batches;
 *   3. the walks run again; what they miss is read one by one; pyi_mem_freeze; resume;
 *   4. the walks run a last time, on cached pages only, and decode. A page that is first read
 *      after the freeze is "late": the target may have changed it meanwhile.
 * A snapshot is the set of cached pages.
 *
 * Reads never wrap around, never cross into a neighbouring range's bytes by accident, and never
 * return bytes that are not there: a short count says how many are good.
 */
#ifndef PYI_TARGET_MEM_H
#define PYI_TARGET_MEM_H

#include "base/error.h"

#include <stddef.h>

#define PYI_PAGE_SIZE 4096u

struct pyi_mem;

struct pyi_mem_iov {
	uint64_t addr;
	void *buf;
	size_t len;
	size_t got; /* out: good bytes, from the start */
};

struct pyi_mem_source {
	/* Fills got of each iov; a short count is no error. Called with page-sized pieces. */
	void (*readv)(void *arg, struct pyi_mem_iov *iov, size_t n);
	/* Why addr cannot be read, e.g. "not mapped", "not in the core file"; may be NULL. */
	const char *(*why)(void *arg, uint64_t addr);
	void *arg;
	bool cached;   /* false: bytes are in our own memory, the cache is not needed */
	bool constant; /* the bytes never change (a file's text): cached pages are not read again by
			  pyi_mem_refresh and are never late */
};

struct pyi_error *pyi_mem_create(struct pyi_mem **ret) PYI_WARN_UNUSED;
void pyi_mem_destroy(struct pyi_mem *mem);

/* Adds [lo, hi), which overrides what was there. src is copied. hi == 0 means the top of memory. */
struct pyi_error *pyi_mem_add(struct pyi_mem *mem, uint64_t lo, uint64_t hi,
			      const struct pyi_mem_source *src) PYI_WARN_UNUSED;
/* Adds len bytes of our own (kept by the caller) at addr: tests, cores, file-backed text. */
struct pyi_error *pyi_mem_add_buffer(struct pyi_mem *mem, uint64_t addr, const void *data,
				     size_t len) PYI_WARN_UNUSED;

/* Reads what can be read of [addr, addr+len), from the start; returns the good bytes. */
size_t pyi_mem_read_some(struct pyi_mem *mem, uint64_t addr, void *buf, size_t len);
/* All of it or PYI_ERR_FAULT with the first bad address. */
struct pyi_error *pyi_mem_read(struct pyi_mem *mem, uint64_t addr, void *buf,
			       size_t len) PYI_WARN_UNUSED;
struct pyi_error *pyi_mem_read_u8(struct pyi_mem *mem, uint64_t addr, uint8_t *ret) PYI_WARN_UNUSED;
struct pyi_error *pyi_mem_read_u16(struct pyi_mem *mem, uint64_t addr,
				   uint16_t *ret) PYI_WARN_UNUSED;
struct pyi_error *pyi_mem_read_u32(struct pyi_mem *mem, uint64_t addr,
				   uint32_t *ret) PYI_WARN_UNUSED;
struct pyi_error *pyi_mem_read_u64(struct pyi_mem *mem, uint64_t addr,
				   uint64_t *ret) PYI_WARN_UNUSED;
/* A NUL-terminated string of at most max bytes (cut there); *ret is the caller's to free. */
struct pyi_error *pyi_mem_read_cstr(struct pyi_mem *mem, uint64_t addr, size_t max,
				    char **ret) PYI_WARN_UNUSED;

/* Makes sure that the pages of these ranges are cached, reading the missing ones in batches.
 * What cannot be read is simply not cached. */
void pyi_mem_prefetch(struct pyi_mem *mem, const struct pyi_mem_iov *ranges, size_t n);
/* A rehearsal begins: the next refresh re-reads only what is asked for from now on. */
void pyi_mem_mark(struct pyi_mem *mem);
/* Re-reads the cached pages that may have changed and were asked for since the mark, in batches;
 * the others are read again when they are needed; pages that cannot be read any more are dropped,
 * and pages that could not be read before are tried again when they are needed. */
void pyi_mem_refresh(struct pyi_mem *mem);
/* From now on cached pages are never read again and new ones are late. The next refresh ends it. */
void pyi_mem_freeze(struct pyi_mem *mem);
/* The page of addr was first read after the freeze, or would be now. */
bool pyi_mem_is_late(struct pyi_mem *mem, uint64_t addr);
/* Reads past the cache, from the source as it is now (text that a file backs: from the file). */
struct pyi_error *pyi_mem_read_now(struct pyi_mem *mem, uint64_t addr, void *buf,
				   size_t len) PYI_WARN_UNUSED;

struct pyi_mem_stats {
	uint64_t cached_pages, late_pages, source_reads, source_bytes;
};
void pyi_mem_stats(const struct pyi_mem *mem, struct pyi_mem_stats *ret);
/* Calls fn for every cached page in address order (snapshots). data is PYI_PAGE_SIZE bytes, or NULL
 * for a page that could not be read when it was asked for. */
void pyi_mem_for_each_page(struct pyi_mem *mem,
			   void (*fn)(void *arg, uint64_t addr, const void *data), void *arg);

#endif
