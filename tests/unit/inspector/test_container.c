/* SPDX-License-Identifier: BSD-2-Clause */
/* list, tuple, dict, set, frozenset: nesting, cycles, limits, damage. */
#include "expect_value.h"

static void sequences(void **state)
{
	struct heap *h = heap_create(3, 11);
	uint64_t items[] = {heap_small(h, 1), heap_str(h, "a"), 0};

	expect_repr(h, heap_list(h, NULL, 0), "[]");
	expect_repr(h, heap_tuple(h, NULL, 0), "()");
	expect_repr(h, heap_tuple(h, items, 1), "(1,)");
	items[2] = heap_tuple(h, items, 2);
	expect_repr(h, heap_list(h, items, 3), "[1, 'a', (1, 'a')]");
	heap_destroy(h);
	h = heap_create(3, 14); /* a tuple there has its hash before the items */
	items[0] = heap_small(h, 1);
	expect_repr(h, heap_tuple(h, items, 1), "(1,)");
	heap_destroy(h);
}

static void many_items(void **state)
{
	struct heap *h = heap_create(3, 11);
	uint64_t items[200], zero = heap_small(h, 0);
	char want[700] = "[0";

	for (int i = 0; i < 200; i++)
		items[i] = zero;
	for (int i = 1; i < 200; i++)
		strcat(want, ", 0");
	strcat(want, "]");
	expect_repr(h, heap_list(h, items, 200), want);
	expect_cut(h, heap_list(h, items, 200), 9, "[0, 0, 0,");
	heap_destroy(h);
}

static void dicts(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t pairs[][2] = {{heap_str(h, "a"), heap_small(h, 1)},
			       {heap_str(h, "b"), heap_list(h, NULL, 0)}};

	expect_repr(h, heap_dict(h, NULL, 0), "{}");
	expect_repr(h, heap_dict(h, pairs, 2), "{'a': 1, 'b': []}");
	expect_cut(h, heap_dict(h, pairs, 2), 11, "{'a': 1, 'b");
	expect_unreadable(h, heap_dict_of(h, heap_keys(h, pairs, 2, 1), 0, 3), "no dict");
	heap_destroy(h);
}

static void cycles(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t items[] = {heap_small(h, 1), 0}, list, tuple, dict;
	uint64_t pairs[][2] = {{heap_str(h, "me"), heap_small(h, 0)}};

	list = heap_list(h, items, 2);
	items[1] = list;
	heap_u64(h, list + h->rt.layout.list_items, heap_pointers(h, items, 2));
	expect_repr(h, list, "[1, [...]]");
	tuple = heap_tuple(h, items, 2);
	heap_u64(h, tuple + h->rt.layout.tuple_items + 8, tuple);
	expect_repr(h, tuple, "(1, (...))");
	dict = heap_dict(h, pairs, 1);
	pairs[0][1] = dict;
	heap_u64(h, dict + h->rt.layout.dict_keys, heap_keys(h, pairs, 1, 1));
	expect_repr(h, dict, "{'me': {...}}");
	/* The same object twice beside itself is no cycle. */
	items[0] = items[1] = heap_list(h, NULL, 0);
	expect_repr(h, heap_list(h, items, 2), "[[], []]");
	heap_destroy(h);
}

static void depth_is_limited(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t list = heap_list(h, NULL, 0);
	struct pyi_value value;

	for (int i = 0; i < 300; i++)
		list = heap_list(h, &list, 1);
	pyi_value_read(&h->target, &h->rt, list, &(struct pyi_value_options){.max_depth = 3},
		       &value);
	assert_string_equal(value.repr, "[[[");
	assert_true(value.truncated);
	pyi_value_deinit(&value);
	pyi_value_read(&h->target, &h->rt, list, &(struct pyi_value_options){.max_depth = 100000},
		       &value);
	assert_int_equal(strlen(value.repr), 200);
	assert_true(value.truncated);
	pyi_value_deinit(&value);
	heap_destroy(h);
}

/* A damaged item is shown in place, the others stay. */
static void damaged_items(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t items[] = {heap_small(h, 1), 0x1000, heap_small(h, 2), 0};
	struct pyi_value value = heap_read(h, heap_list(h, items, 4), 0);

	assert_true(value.unreadable);
	assert_false(value.truncated);
	assert_memory_equal(value.repr, "[1, <unreadable: ", 17);
	assert_non_null(strstr(value.repr, ">, 2, <unreadable: null pointer>]"));
	pyi_value_deinit(&value);
	heap_destroy(h);
}

static void impossible_lengths(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t list = heap_list(h, NULL, 0), one = heap_small(h, 1);

	heap_u64(h, list + h->rt.layout.var_size, UINT64_MAX);
	expect_unreadable(h, list, "impossible length -1");
	heap_u64(h, list + h->rt.layout.var_size, 1000000000);
	heap_u64(h, list + h->rt.layout.list_items, heap_pointers(h, &one, 1));
	expect_cut(h, list, 2, "[1");
	heap_destroy(h);
}

static uint64_t set_of(struct heap *h, const char *type, uint64_t (*entries)[2], uint64_t used)
{
	const struct pyi_layout *l = &h->rt.layout;
	uint64_t at = heap_object(h, heap_type(h, type, 0), 200), table = heap_alloc(h, 64);

	heap_put(h, table, entries, 64);
	heap_u64(h, at + l->set_used, used);
	heap_u64(h, at + l->set_mask, 3);
	heap_u64(h, at + l->set_table, table);
	return at;
}

static void sets(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t none[4][2] = {0};
	uint64_t some[4][2] = {{heap_small(h, 8), 8},
			       {heap_small(h, 9), UINT64_MAX},
			       {0, 0},
			       {heap_small(h, 3), 3}};

	expect_repr(h, set_of(h, "set", none, 0), "set()");
	expect_repr(h, set_of(h, "frozenset", none, 0), "frozenset()");
	expect_repr(h, set_of(h, "set", some, 2), "{8, 3}");
	expect_repr(h, set_of(h, "frozenset", some, 2), "frozenset({8, 3})");
	expect_unreadable(h, set_of(h, "set", some, 3), "caught while it changed");
	expect_unreadable(h, set_of(h, "set", some, 5), "no set");
	heap_destroy(h);
}

static void ranges_and_slices(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t range = heap_new(h, "range"), slice = heap_new(h, "slice"), bounds[3];

	bounds[0] = heap_small(h, 0);
	bounds[1] = heap_int(h, (uint32_t[]){5}, 1, true);
	bounds[2] = heap_small(h, 1);
	heap_put(h, range + 16, bounds, 24);
	expect_repr(h, range, "range(0, -5)");
	bounds[2] = bounds[1];
	heap_put(h, range + 16, bounds, 24);
	expect_repr(h, range, "range(0, -5, -5)");
	bounds[2] = heap_new(h, "NoneType");
	heap_put(h, slice + 16, bounds, 24);
	expect_repr(h, slice, "slice(0, -5, None)");
	heap_u64(h, slice + 16, slice);
	expect_repr(h, slice, "slice(..., -5, None)");
	heap_destroy(h);
}

/* A table of a million free slots is not walked for a value of a few bytes, and ends as cut. */
static void sparse_set(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t none[4][2] = {0}, set = set_of(h, "set", none, 1);
	size_t slots = (size_t)1 << 22;
	void *table = calloc(slots, 16);

	assert_non_null(table);
	assert_null(pyi_mem_add_buffer(h->target.mem, 0x100000000, table, slots * 16));
	heap_u64(h, set + h->rt.layout.set_mask, slots - 1);
	heap_u64(h, set + h->rt.layout.set_table, 0x100000000);
	expect_cut(h, set, 100, "{");
	heap_destroy(h);
	free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sequences),
		cmocka_unit_test(many_items),
		cmocka_unit_test(dicts),
		cmocka_unit_test(cycles),
		cmocka_unit_test(depth_is_limited),
		cmocka_unit_test(damaged_items),
		cmocka_unit_test(impossible_lengths),
		cmocka_unit_test(sets),
		cmocka_unit_test(ranges_and_slices),
		cmocka_unit_test(sparse_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
