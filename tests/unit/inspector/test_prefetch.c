/* SPDX-License-Identifier: BSD-2-Clause */
/* After a prefetch, a value can be read from the cache alone. */
#include "expect_value.h"

/* A "process" that counts what is read of it. */
struct source {
	struct heap *h;
	unsigned reads;
};

static void readv(void *arg, struct pyi_mem_iov *iov, size_t n)
{
	struct source *s = arg;

	s->reads++;
	for (size_t i = 0; i < n; i++) {
		memcpy(iov[i].buf, s->h->bytes + (iov[i].addr - HEAP_BASE), iov[i].len);
		iov[i].got = iov[i].len;
	}
}

static void gap(struct heap *h)
{
	h->next += 3 * PYI_PAGE_SIZE;
}

static void nothing_is_late(void **state)
{
	static const char long_text[4000] = "bytes";
	struct heap *h = heap_create(3, 12);
	struct pyi_value value;
	struct source s = {.h = h};
	const struct pyi_mem_source src = {.readv = readv, .arg = &s, .cached = true};
	uint64_t items[4], pairs[1][2], entries[2][2] = {0}, table, list, root, type;
	struct pyi_mem_stats stats;
	unsigned reads;

	gap(h);
	pairs[0][0] = heap_str(h, "key");
	gap(h);
	pairs[0][1] = heap_int(h, (uint32_t[]){1, 2, 3}, 3, false);
	gap(h);
	items[0] = heap_dict(h, pairs, 1);
	gap(h);
	items[3] = heap_bytes(h, long_text, sizeof(long_text)); /* reaches into a second page */
	gap(h);
	type = heap_class(h, "?", 0);
	gap(h);
	heap_u64(h, type + h->rt.layout.heaptype_name, heap_str(h, "Worker"));
	gap(h);
	items[2] = heap_object(h, type, 64);
	gap(h);
	items[1] = heap_new(h, "set");
	gap(h);
	entries[0][0] = heap_str(h, "member");
	gap(h);
	table = heap_alloc(h, sizeof(entries));
	heap_put(h, table, entries, sizeof(entries));
	heap_u64(h, items[1] + h->rt.layout.set_used, 1);
	heap_u64(h, items[1] + h->rt.layout.set_mask, 1);
	heap_u64(h, items[1] + h->rt.layout.set_table, table);
	gap(h);
	list = heap_list(h, items, 4);
	gap(h);
	root = heap_tuple(h, &list, 1);
	pyi_mem_destroy(h->target.mem);
	assert_null(pyi_mem_create(&h->target.mem));
	assert_null(pyi_mem_add(h->target.mem, HEAP_BASE, HEAP_BASE + HEAP_SIZE, &src));
	pyi_values_prefetch(&h->target, &h->rt, &root, 1, 1000000000);
	pyi_mem_freeze(h->target.mem);
	reads = s.reads;
	value = heap_read(h, root, 400);
	assert_true(value.truncated);
	assert_false(value.unreadable);
	pyi_value_deinit(&value);
	assert_int_equal(s.reads, reads);
	pyi_mem_stats(h->target.mem, &stats);
	assert_int_equal(stats.late_pages, 0);
	heap_destroy(h);
}

static void hostile_roots(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t list = heap_list(h, NULL, 0);
	uint64_t roots[] = {0, 1, 0x1000, UINT64_MAX - 7, HEAP_BASE + HEAP_SIZE - 8, list};

	/* A list that holds itself a thousand million times. */
	heap_u64(h, list + h->rt.layout.var_size, 1000000000);
	heap_u64(h, list + h->rt.layout.list_items, heap_pointers(h, &list, 1));
	pyi_values_prefetch(&h->target, &h->rt, roots, 6, 1000000000);
	pyi_values_prefetch(&h->target, &h->rt, roots, 6, 0);
	expect_cut(h, list, 5, "[[...");
	heap_destroy(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_late),
		cmocka_unit_test(hostile_roots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
