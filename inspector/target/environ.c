/* SPDX-License-Identifier: BSD-2-Clause */
#include "target/environ.h"

#include <string.h>

/* Shorter pieces of a string at the edge of what was copied are not looked for. */
#define MIN_PIECE 8u
/* Heads of objects whose bytes these are, back from the first byte to the length: bytes (CPython 3
 * Include/cpython/bytesobject.h), str of 2.7 (Include/stringobject.h). */
static const size_t length_distances[] = {16, 20};

struct needle {
	const char *text;
	size_t len;
	bool object; /* only as an object's bytes */
};

struct search {
	PYI_VEC(struct needle) needles;
	bool begins[1 << 16]; /* the first two bytes of a needle */
	char *run;            /* what is searched */
	size_t len;
};

static size_t pair(const char *text)
{
	return (unsigned char)text[0] | (size_t)(unsigned char)text[1] << 8;
}

static void add_needle(struct search *s, const char *text, size_t len, bool object)
{
	struct needle *needle = len >= 2 ? pyi_vec_push(&s->needles) : NULL;
	if (!needle)
		return;
	*needle = (struct needle){text, len, object};
	s->begins[pair(text)] = true;
}

static void add_needles(struct search *s, const char *strings, size_t size)
{
	for (size_t at = 0; at < size;) {
		size_t len = strnlen(strings + at, size - at);
		const char *value = memchr(strings + at, '=', len);
		if (value) {
			value++;
			add_needle(s, strings + at, len, false);
			add_needle(s, value, len - (size_t)(value - (strings + at)), true);
		}
		at += len + 1;
	}
}

static bool is_object(const struct search *s, size_t at, size_t len)
{
	for (size_t i = 0; i < sizeof(length_distances) / sizeof(*length_distances); i++) {
		uint64_t said;
		if (at < length_distances[i])
			continue;
		memcpy(&said, s->run + at - length_distances[i], sizeof(said));
		if (said == len)
			return true;
	}
	return false;
}

static void blank_at(const struct search *s, size_t at)
{
	pyi_vec_for_each (needle, &s->needles) {
		size_t left = s->len - at, len = needle->len < left ? needle->len : left;
		if (len < needle->len && len < MIN_PIECE)
			continue;
		if (memcmp(s->run + at, needle->text, len) != 0 ||
		    (needle->object && !is_object(s, at, needle->len)))
			continue;
		memset(s->run + at, 0, len);
		return;
	}
}

/* The rest of a string whose start was not copied. */
static void blank_tail(const struct search *s)
{
	pyi_vec_for_each (needle, &s->needles) {
		for (size_t cut = 1; cut + MIN_PIECE <= needle->len; cut++) {
			size_t len = needle->len - cut;
			if (len < s->len && !s->run[len] &&
			    !memcmp(s->run, needle->text + cut, len))
				memset(s->run, 0, len);
		}
	}
}

static void blank_range(struct pyi_pages *pages, uint64_t lo, uint64_t hi)
{
	pyi_vec_for_each (page, &pages->list) {
		uint64_t end = page->addr + PYI_PAGE_SIZE;
		uint64_t from = lo > page->addr ? lo : page->addr, to = hi < end ? hi : end;
		if (page->held && from < to)
			memset(pages->bytes.data + page->at + (from - page->addr), 0, to - from);
	}
}

void pyi_environ_blank(const char *strings, size_t size, uint64_t lo, uint64_t hi,
		       struct pyi_pages *pages)
{
	struct search s = {0};
	size_t n;
	if (pages->failed)
		return;
	blank_range(pages, lo, hi);
	add_needles(&s, strings, size);
	for (size_t i = 0; i < pages->list.len; i += n) {
		s.run = pyi_pages_run(pages, i, &n);
		s.len = n * PYI_PAGE_SIZE;
		if (!s.run)
			continue;
		blank_tail(&s);
		for (size_t at = 0; at + 2 <= s.len; at++) {
			if (s.begins[pair(s.run + at)])
				blank_at(&s, at);
		}
	}
	pyi_vec_deinit(&s.needles);
}
