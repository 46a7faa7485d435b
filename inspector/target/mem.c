/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ranges and the page cache.
 *
 * Ranges are sorted, do not overlap, and store their last byte instead of their end, so that the
 * top of memory needs no special case. A page is cached only when one range of a cached source
 * covers all of it. A cached page without a good byte is a negative entry: the source is not asked
 * for it again before the next refresh.
 */
#include "target/mem.h"

#include "base/cleanup.h"
#include "base/vec.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Pages beyond this many (1 GiB) are read without being kept. */
#define MAX_PAGES 262144u
/* Page data comes in populated chunks, so that no page fault of ours lengthens a pause. */
#define CHUNK_PAGES 64u
#define CHUNK_BYTES ((size_t)CHUNK_PAGES * PYI_PAGE_SIZE)
/* Pages asked of a source in one call. */
#define BATCH 512u
/* How far a read looks ahead inside what it was asked for, and the most of one prefetched range. */
#define READ_WINDOW_PAGES  64u
#define PREFETCH_MAX_PAGES 16384u
#define RECENT             64u

#define PAGE_OF(addr) ((addr) & ~(uint64_t)(PYI_PAGE_SIZE - 1))

struct range {
	uint64_t lo, last; /* [lo, last] */
	size_t src;        /* index into pyi_mem.sources */
};

struct page {
	uint64_t addr;
	uint8_t *data; /* PYI_PAGE_SIZE bytes, zero after the good ones */
	uint32_t good; /* readable bytes from the start */
	bool stale;    /* to be read (again) before it is used */
	bool late;     /* first read after the freeze */
	bool touched;  /* asked for since the last mark */
	bool constant; /* its source's flag */
};

struct buffer {
	uint64_t addr;
	const uint8_t *data;
};

struct pyi_mem {
	PYI_VEC(struct range) ranges;
	PYI_VEC(struct pyi_mem_source) sources;
	PYI_VEC(struct buffer *) buffers; /* arguments of pyi_mem_add_buffer's sources */
	PYI_VEC(struct page) pages;       /* in order of their first read; never shrinks */
	PYI_VEC(uint8_t *) chunks;
	size_t chunk_used;       /* pages of the last chunk that are given out */
	uint32_t *table;         /* open hash of page addresses: index into pages + 1, 0 is empty */
	size_t table_size;       /* a power of two, more than twice pages.len; 0 at first */
	uint32_t recent[RECENT]; /* found lately, by address: index into pages + 1, 0 is empty */
	bool frozen;
	struct pyi_mem_stats stats;
};

struct index_list {
	PYI_VEC(uint32_t) at;
};

struct pyi_error *pyi_mem_create(struct pyi_mem **ret)
{
	struct pyi_mem *mem = calloc(1, sizeof(*mem));
	if (!mem)
		return &pyi_enomem;
	*ret = mem;
	return NULL;
}

void pyi_mem_destroy(struct pyi_mem *mem)
{
	if (!mem)
		return;
	pyi_vec_for_each (chunk, &mem->chunks)
		munmap(*chunk, CHUNK_BYTES);
	pyi_vec_for_each (buffer, &mem->buffers)
		free(*buffer);
	pyi_vec_deinit(&mem->chunks);
	pyi_vec_deinit(&mem->buffers);
	pyi_vec_deinit(&mem->ranges);
	pyi_vec_deinit(&mem->sources);
	pyi_vec_deinit(&mem->pages);
	free(mem->table);
	free(mem);
}

/* --- ranges --- */

/* The first range that ends at or after addr; ranges.len when none does. */
static size_t range_at_or_after(const struct pyi_mem *mem, uint64_t addr)
{
	size_t lo = 0, hi = mem->ranges.len;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (mem->ranges.data[mid].last < addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static const struct range *range_find(const struct pyi_mem *mem, uint64_t addr)
{
	size_t i = range_at_or_after(mem, addr);
	if (i == mem->ranges.len || mem->ranges.data[i].lo > addr)
		return NULL;
	return &mem->ranges.data[i];
}

/* The cached source's range that covers all of the page, or NULL. */
static const struct range *range_of_page(const struct pyi_mem *mem, uint64_t page)
{
	const struct range *range = range_find(mem, page);
	if (!range || range->last < page + (PYI_PAGE_SIZE - 1) ||
	    !mem->sources.data[range->src].cached)
		return NULL;
	return range;
}

static bool range_push(struct pyi_mem *mem, uint64_t lo, uint64_t last, size_t src)
{
	struct range *range = pyi_vec_push(&mem->ranges);
	if (!range)
		return false;
	*range = (struct range){.lo = lo, .last = last, .src = src};
	return true;
}

/* Into its place in the order; room for it was reserved. */
static void range_insert(struct pyi_mem *mem, uint64_t lo, uint64_t last, size_t src)
{
	size_t at = range_at_or_after(mem, lo);
	struct range *slot = mem->ranges.data + at;
	memmove(slot + 1, slot, (mem->ranges.len - at) * sizeof(*slot));
	*slot = (struct range){.lo = lo, .last = last, .src = src};
	mem->ranges.len++;
}

/* Cuts [lo, last] out of the ranges there are. The two pieces that a cut in the middle needs were
 * reserved by the caller, so this cannot fail. */
static void range_cut(struct pyi_mem *mem, uint64_t lo, uint64_t last)
{
	size_t out = 0, n = mem->ranges.len;
	struct range right = {0};
	bool have_right = false;
	for (size_t i = 0; i < n; i++) {
		struct range r = mem->ranges.data[i];
		bool keep_right = r.last > last && r.lo <= last;
		if (r.last < lo || r.lo > last) {
			mem->ranges.data[out++] = r;
			continue;
		}
		if (keep_right) {
			right = (struct range){.lo = last + 1, .last = r.last, .src = r.src};
			have_right = true;
		}
		if (r.lo < lo)
			mem->ranges.data[out++] =
				(struct range){.lo = r.lo, .last = lo - 1, .src = r.src};
	}
	mem->ranges.len = out;
	if (have_right)
		range_insert(mem, right.lo, right.last, right.src);
}

struct pyi_error *pyi_mem_add(struct pyi_mem *mem, uint64_t lo, uint64_t hi,
			      const struct pyi_mem_source *src)
{
	uint64_t last = hi - 1;
	if (lo > last)
		return pyi_error_create(PYI_ERR_BAD_DATA,
					"empty memory range 0x%" PRIx64 "-0x%" PRIx64, lo, hi);
	struct pyi_mem_source *copy = pyi_vec_push(&mem->sources);
	/* Room for the new range and for the second half of one that is cut in two. */
	if (!copy || !range_push(mem, 0, 0, 0))
		return &pyi_enomem;
	if (!range_push(mem, 0, 0, 0)) {
		mem->ranges.len--;
		return &pyi_enomem;
	}
	mem->ranges.len -= 2;
	*copy = *src;
	range_cut(mem, lo, last);
	range_insert(mem, lo, last, mem->sources.len - 1);
	pyi_vec_for_each (page, &mem->pages) {
		if (page->addr <= last && page->addr + (PYI_PAGE_SIZE - 1) >= lo) {
			page->stale = true;
			page->good = 0;
		}
	}
	return NULL;
}

static void buffer_readv(void *arg, struct pyi_mem_iov *iov, size_t n)
{
	const struct buffer *buffer = arg;
	for (size_t i = 0; i < n; i++) {
		memcpy(iov[i].buf, buffer->data + (iov[i].addr - buffer->addr), iov[i].len);
		iov[i].got = iov[i].len;
	}
}

struct pyi_error *pyi_mem_add_buffer(struct pyi_mem *mem, uint64_t addr, const void *data,
				     size_t len)
{
	if (!len)
		return NULL;
	if (len - 1 > UINT64_MAX - addr)
		return pyi_error_create(PYI_ERR_BAD_DATA,
					"a buffer of %zu bytes at 0x%" PRIx64
					" passes the end of memory",
					len, addr);
	struct buffer *buffer = malloc(sizeof(*buffer));
	struct buffer **slot = buffer ? pyi_vec_push(&mem->buffers) : NULL;
	if (!slot) {
		free(buffer);
		return &pyi_enomem;
	}
	*buffer = (struct buffer){.addr = addr, .data = data};
	*slot = buffer;
	struct pyi_mem_source src = {.readv = buffer_readv, .arg = buffer};
	return pyi_mem_add(mem, addr, addr + len, &src);
}

/* --- pages --- */

static size_t page_slot(const struct pyi_mem *mem, uint64_t addr)
{
	size_t mask = mem->table_size - 1;
	size_t i = (size_t)((addr >> 12) * UINT64_C(0x9e3779b97f4a7c15) >> 32) & mask;
	while (mem->table[i] && mem->pages.data[mem->table[i] - 1].addr != addr)
		i = (i + 1) & mask;
	return i;
}

static struct page *page_find(struct pyi_mem *mem, uint64_t addr)
{
	uint32_t *recent = &mem->recent[(addr >> 12) % RECENT];
	if (*recent && mem->pages.data[*recent - 1].addr == addr)
		return &mem->pages.data[*recent - 1];
	if (!mem->table_size)
		return NULL;
	uint32_t at = mem->table[page_slot(mem, addr)];
	if (!at)
		return NULL;
	*recent = at;
	return &mem->pages.data[at - 1];
}

static bool table_grow(struct pyi_mem *mem)
{
	if (mem->pages.len * 2 < mem->table_size)
		return true;
	size_t size = mem->table_size ? mem->table_size * 2 : 1024;
	uint32_t *table = calloc(size, sizeof(*table));
	if (!table)
		return false;
	free(mem->table);
	mem->table = table;
	mem->table_size = size;
	for (size_t i = 0; i < mem->pages.len; i++)
		table[page_slot(mem, mem->pages.data[i].addr)] = (uint32_t)i + 1;
	return true;
}

static uint8_t *page_data_alloc(struct pyi_mem *mem)
{
	if (!mem->chunks.len || mem->chunk_used == CHUNK_PAGES) {
		void *chunk = mmap(NULL, CHUNK_BYTES, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
		if (chunk == MAP_FAILED)
			return NULL;
		uint8_t **slot = pyi_vec_push(&mem->chunks);
		if (!slot) {
			munmap(chunk, CHUNK_BYTES);
			return NULL;
		}
		*slot = chunk;
		mem->chunk_used = 0;
	}
	return mem->chunks.data[mem->chunks.len - 1] + PYI_PAGE_SIZE * mem->chunk_used++;
}

/* A new stale entry; NULL when the cache is full or memory is out. */
static struct page *page_create(struct pyi_mem *mem, uint64_t addr)
{
	if (mem->pages.len >= MAX_PAGES || !table_grow(mem))
		return NULL;
	uint8_t *data = page_data_alloc(mem);
	struct page *page = data ? pyi_vec_push(&mem->pages) : NULL;
	if (!page)
		return NULL;
	*page = (struct page){.addr = addr, .data = data, .stale = true};
	mem->table[page_slot(mem, addr)] = (uint32_t)mem->pages.len;
	return page;
}

static void source_read(struct pyi_mem *mem, const struct pyi_mem_source *src,
			struct pyi_mem_iov *iov, size_t n)
{
	src->readv(src->arg, iov, n);
	mem->stats.source_reads++;
	for (size_t i = 0; i < n; i++)
		mem->stats.source_bytes += iov[i].got;
}

static void page_fill(struct pyi_mem *mem, struct page *page, size_t got, bool constant)
{
	page->good = (uint32_t)(got < PYI_PAGE_SIZE ? got : PYI_PAGE_SIZE);
	memset(page->data + page->good, 0, PYI_PAGE_SIZE - page->good);
	page->constant = constant;
	page->late = mem->frozen && !constant;
	page->stale = false;
}

/* Reads the listed pages, a batch of neighbours in the list that share a source at a time. */
static void pages_load(struct pyi_mem *mem, const uint32_t *at, size_t n)
{
	struct pyi_mem_iov iov[BATCH];
	for (size_t i = 0; i < n;) {
		const struct range *range = range_of_page(mem, mem->pages.data[at[i]].addr);
		size_t k = 0;
		for (; i + k < n && k < BATCH; k++) {
			struct page *page = &mem->pages.data[at[i + k]];
			const struct range *r = range_of_page(mem, page->addr);
			if (!range || !r || r->src != range->src)
				break;
			iov[k] = (struct pyi_mem_iov){
				.addr = page->addr, .buf = page->data, .len = PYI_PAGE_SIZE};
		}
		if (!k) { /* no longer covered */
			page_fill(mem, &mem->pages.data[at[i++]], 0, false);
			continue;
		}
		const struct pyi_mem_source *src = &mem->sources.data[range->src];
		source_read(mem, src, iov, k);
		for (size_t j = 0; j < k; j++)
			page_fill(mem, &mem->pages.data[at[i + j]], iov[j].got, src->constant);
		i += k;
	}
}

/* Lists the pages of [page, last_page] that must be read; entries are made for new ones. Stops
 * where the cache is full. False when memory for the list is out. */
static bool pages_want(struct pyi_mem *mem, uint64_t page, uint64_t last_page, uint32_t max,
		       struct index_list *ret)
{
	for (; max--; page += PYI_PAGE_SIZE) {
		struct page *p = page_find(mem, page);
		if (!p && range_of_page(mem, page)) {
			p = page_create(mem, page);
			if (!p)
				return true;
		}
		if (p)
			p->touched = true;
		if (p && p->stale && range_of_page(mem, page)) {
			uint32_t *slot = pyi_vec_push(&ret->at);
			if (!slot)
				return false;
			*slot = (uint32_t)(p - mem->pages.data);
		}
		if (page == last_page)
			break;
	}
	return true;
}

static void read_ahead(struct pyi_mem *mem, uint64_t addr, size_t len)
{
	struct index_list list = {0};
	pages_want(mem, PAGE_OF(addr), PAGE_OF(addr + (len - 1)), READ_WINDOW_PAGES, &list);
	pages_load(mem, list.at.data, list.at.len);
	pyi_vec_deinit(&list.at);
}

static size_t min_size(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Reads at most to the end of addr's page and range, past the cache. */
static size_t read_piece(struct pyi_mem *mem, uint64_t addr, void *buf, size_t len)
{
	const struct range *range = range_find(mem, addr);
	if (!range)
		return 0;
	size_t n = min_size(len, PYI_PAGE_SIZE - addr % PYI_PAGE_SIZE);
	n = min_size(n - 1, range->last - addr) + 1;
	struct pyi_mem_iov iov = {.addr = addr, .buf = buf, .len = n};
	source_read(mem, &mem->sources.data[range->src], &iov, 1);
	return min_size(iov.got, n);
}

/* len cut so that [addr, addr + len) ends at the top of memory at the latest. */
static size_t clip(uint64_t addr, size_t len)
{
	return len && len - 1 > UINT64_MAX - addr ? UINT64_MAX - addr + 1 : len;
}

size_t pyi_mem_read_some(struct pyi_mem *mem, uint64_t addr, void *buf, size_t len)
{
	size_t done = 0;
	len = clip(addr, len);
	while (done < len) {
		uint64_t at = addr + done;
		uint8_t *out = (uint8_t *)buf + done;
		struct page *page = page_find(mem, PAGE_OF(at));
		if ((!page || page->stale) && range_of_page(mem, PAGE_OF(at))) {
			read_ahead(mem, at, len - done);
			page = page_find(mem, PAGE_OF(at));
		}
		size_t want = min_size(len - done, PYI_PAGE_SIZE - at % PYI_PAGE_SIZE), got;
		if (page && !page->stale) {
			page->touched = true;
			size_t off = at % PYI_PAGE_SIZE;
			got = off < page->good ? min_size(want, page->good - off) : 0;
			memcpy(out, page->data + off, got);
			if (got < want)
				return done + got;
		} else {
			got = read_piece(mem, at, out, len - done);
			if (!got)
				return done;
		}
		done += got;
	}
	return done;
}

static struct pyi_error *fault(struct pyi_mem *mem, uint64_t addr, uint64_t bad, size_t len)
{
	const struct range *range = range_find(mem, bad);
	const struct pyi_mem_source *src = range ? &mem->sources.data[range->src] : NULL;
	const char *why = src && src->why ? src->why(src->arg, bad) : NULL;
	if (!why)
		why = range ? "not readable" : "not mapped";
	return pyi_error_fault(bad, "cannot read %zu bytes at 0x%" PRIx64 ": 0x%" PRIx64 " is %s",
			       len, addr, bad, why);
}

/* Where the bytes lie when one good page has them all, which is nearly always; else NULL. */
static inline const uint8_t *cached(struct pyi_mem *mem, uint64_t addr, size_t len)
{
	size_t off = addr % PYI_PAGE_SIZE;
	struct page *page = page_find(mem, PAGE_OF(addr));
	if (!page || page->stale || off > page->good || len > page->good - off)
		return NULL;
	page->touched = true;
	return page->data + off;
}

struct pyi_error *pyi_mem_read(struct pyi_mem *mem, uint64_t addr, void *buf, size_t len)
{
	const uint8_t *bytes = cached(mem, addr, len);
	if (bytes) {
		memcpy(buf, bytes, len);
		return NULL;
	}
	size_t got = pyi_mem_read_some(mem, addr, buf, len);
	return got == len ? NULL : fault(mem, addr, addr + got, len);
}

#define DEFINE_READ(bits)                                                          \
	struct pyi_error *pyi_mem_read_u##bits(struct pyi_mem *mem, uint64_t addr, \
					       uint##bits##_t *ret)                \
	{                                                                          \
		uint##bits##_t value;                                              \
		const uint8_t *bytes = cached(mem, addr, sizeof(value));           \
		struct pyi_error *err = NULL;                                      \
		if (bytes)                                                         \
			memcpy(&value, bytes, sizeof(value));                      \
		else                                                               \
			err = pyi_mem_read(mem, addr, &value, sizeof(value));      \
		if (!err)                                                          \
			*ret = value;                                              \
		return err;                                                        \
	}
DEFINE_READ(8)
DEFINE_READ(16)
DEFINE_READ(32)
DEFINE_READ(64)

struct pyi_error *pyi_mem_read_cstr(struct pyi_mem *mem, uint64_t addr, size_t max, char **ret)
{
	pyi_autofree char *text = NULL;
	size_t n = 0;
	for (;;) {
		char piece[256];
		uint64_t at = addr + n;
		size_t want = min_size(sizeof(piece), PYI_PAGE_SIZE - at % PYI_PAGE_SIZE);
		want = min_size(want, max - n);
		size_t got = pyi_mem_read_some(mem, at, piece, want);
		size_t used = strnlen(piece, got);
		char *grown = realloc(text, n + used + 1);
		if (!grown)
			return &pyi_enomem;
		text = grown;
		memcpy(text + n, piece, used);
		n += used;
		text[n] = '\0';
		if (used < got || n == max)
			break;
		if (got < want || at + got < at)
			return fault(mem, addr, addr + n, n + 1);
	}
	*ret = pyi_steal(text);
	return NULL;
}

/* --- the whole cache --- */

void pyi_mem_prefetch(struct pyi_mem *mem, const struct pyi_mem_iov *ranges, size_t n)
{
	struct index_list list = {0};
	for (size_t i = 0; i < n; i++) {
		size_t len = clip(ranges[i].addr, ranges[i].len);
		if (!len)
			continue;
		uint64_t last = ranges[i].addr + (len - 1);
		if (!pages_want(mem, PAGE_OF(ranges[i].addr), PAGE_OF(last), PREFETCH_MAX_PAGES,
				&list))
			break;
	}
	pages_load(mem, list.at.data, list.at.len);
	pyi_vec_deinit(&list.at);
}

static int index_compare(const void *a, const void *b, void *arg)
{
	const struct page *pages = arg;
	uint64_t x = pages[*(const uint32_t *)a].addr, y = pages[*(const uint32_t *)b].addr;
	return x < y ? -1 : x > y;
}

/* By address the pages that are known; to_refresh: the good ones that may have changed and that
 * were asked for since the mark. */
static void pages_list(struct pyi_mem *mem, bool to_refresh, struct index_list *ret)
{
	for (size_t i = 0; i < mem->pages.len; i++) {
		const struct page *page = &mem->pages.data[i];
		if (to_refresh ? !page->good || page->constant || !page->touched
			       : !page->good && page->stale)
			continue;
		uint32_t *slot = pyi_vec_push(&ret->at);
		if (!slot)
			break;
		*slot = (uint32_t)i;
	}
	if (ret->at.len > 1)
		qsort_r(ret->at.data, ret->at.len, sizeof(uint32_t), index_compare,
			mem->pages.data);
}

void pyi_mem_mark(struct pyi_mem *mem)
{
	pyi_vec_for_each (page, &mem->pages)
		page->touched = false;
}

void pyi_mem_refresh(struct pyi_mem *mem)
{
	struct index_list list = {0};
	mem->frozen = false;
	pages_list(mem, true, &list);
	/* What is not on the list, also because memory is out, must not pass for fresh either. */
	pyi_vec_for_each (page, &mem->pages) {
		if (!page->constant || !page->good)
			page->stale = true;
	}
	pages_load(mem, list.at.data, list.at.len);
	pyi_vec_deinit(&list.at);
}

void pyi_mem_freeze(struct pyi_mem *mem)
{
	mem->frozen = true;
}

bool pyi_mem_is_late(struct pyi_mem *mem, uint64_t addr)
{
	const struct page *page = page_find(mem, PAGE_OF(addr));
	if (page && !page->stale)
		return page->late;
	const struct range *range = range_find(mem, addr);
	if (!mem->frozen || !range)
		return false;
	const struct pyi_mem_source *src = &mem->sources.data[range->src];
	return src->cached && !src->constant;
}

struct pyi_error *pyi_mem_read_now(struct pyi_mem *mem, uint64_t addr, void *buf, size_t len)
{
	size_t done = 0, max = clip(addr, len);
	while (done < max) {
		size_t got = read_piece(mem, addr + done, (uint8_t *)buf + done, max - done);
		if (!got)
			break;
		done += got;
	}
	return done == len ? NULL : fault(mem, addr, addr + done, len);
}

void pyi_mem_stats(const struct pyi_mem *mem, struct pyi_mem_stats *ret)
{
	*ret = mem->stats;
	for (size_t i = 0; i < mem->pages.len; i++) {
		const struct page *page = &mem->pages.data[i];
		ret->cached_pages += page->good > 0;
		ret->late_pages += page->good > 0 && page->late;
	}
}

void pyi_mem_for_each_page(struct pyi_mem *mem,
			   void (*fn)(void *arg, uint64_t addr, const void *data), void *arg)
{
	struct index_list list = {0};
	pages_list(mem, false, &list);
	pyi_vec_for_each (at, &list.at) {
		const struct page *page = &mem->pages.data[*at];
		fn(arg, page->addr, page->good ? page->data : NULL);
	}
	pyi_vec_deinit(&list.at);
}
