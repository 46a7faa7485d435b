/* SPDX-License-Identifier: BSD-2-Clause */
/* dict tables of every layout, whole and broken. */
#include "expect_value.h"
#include "python/dict.h"

static const unsigned minors[] = {6, 10, 11, 12, 13, 14};
#define EACH_MINOR(i) for (size_t i = 0; i < sizeof(minors) / sizeof(minors[0]); i++)

static void get_by_key(void **state)
{
	EACH_MINOR(i)
	{
		struct heap *h = heap_create(3, minors[i]);
		uint64_t one = heap_small(h, 1), two = heap_small(h, 2);
		uint64_t pairs[][2] = {
			{heap_str(h, "a"), one}, {heap_str(h, "gone"), 0}, {heap_str(h, "b"), two}};
		uint64_t dict = heap_dict_of(h, heap_keys(h, pairs, 3, 1), 0, 2);

		assert_true(pyi_dict_get(&h->target, &h->rt, dict, "a") == one);
		assert_true(pyi_dict_get(&h->target, &h->rt, dict, "b") == two);
		assert_true(pyi_dict_get(&h->target, &h->rt, dict, "gone") == 0);
		assert_true(pyi_dict_get(&h->target, &h->rt, dict, "c") == 0);
		assert_true(pyi_dict_get(&h->target, &h->rt, one, "a") == 0);
		heap_destroy(h);
	}
}

struct seen {
	uint64_t keys[8], values[8];
	size_t n, stop;
};

static bool note(void *arg, uint64_t key, uint64_t value)
{
	struct seen *seen = arg;

	seen->keys[seen->n] = key;
	seen->values[seen->n++] = value;
	return seen->n < seen->stop;
}

static void general_keys(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t pairs[][2] = {{heap_small(h, 5), heap_str(h, "five")},
			       {heap_str(h, "k"), heap_small(h, 6)}};
	uint64_t dict = heap_dict_of(h, heap_keys(h, pairs, 2, 0), 0, 2);
	struct seen seen = {.stop = 8};

	assert_null(pyi_dict_for_each(&h->target, &h->rt, dict, note, &seen));
	assert_int_equal(seen.n, 2);
	assert_true(seen.keys[0] == pairs[0][0] && seen.values[1] == pairs[1][1]);
	seen = (struct seen){.stop = 1};
	assert_null(pyi_dict_for_each(&h->target, &h->rt, dict, note, &seen));
	assert_int_equal(seen.n, 1);
	heap_destroy(h);
}

/* Values in an array of their own; insertion order where the version keeps it. */
static void split_table(void **state)
{
	EACH_MINOR(i)
	{
		struct heap *h = heap_create(3, minors[i]);
		const struct pyi_layout *l = &h->rt.layout;
		uint64_t pairs[][2] = {
			{heap_str(h, "a"), 0}, {heap_str(h, "b"), 0}, {heap_str(h, "c"), 0}};
		uint64_t values = heap_alloc(h, 96), items = values + l->dict_values_start;
		uint64_t one = heap_small(h, 1), three = heap_small(h, 3);
		struct seen seen = {.stop = 8};
		bool ordered = l->how_dict == PYI_DICT_LOG2;

		heap_u64(h, items, one);
		heap_u64(h, items + 16, three);
		/* c was assigned before a. */
		if (l->dict_values_start) {
			heap_put(h, values, "\x05\x02\x00\x01", 4);
			heap_put(h, items + 5 * 8, "\x02\x00", 2);
		} else if (ordered) {
			heap_put(h, items - 4, "\x00\x02\x02", 3);
		}
		assert_null(pyi_dict_for_each(&h->target, &h->rt,
					      heap_dict_of(h, heap_keys(h, pairs, 3, 2), values, 2),
					      note, &seen));
		assert_int_equal(seen.n, 2);
		assert_true(seen.keys[0] == pairs[ordered ? 2 : 0][0]);
		assert_true(seen.values[0] == (ordered ? three : one));
		assert_true(seen.values[1] == (ordered ? one : three));
		heap_destroy(h);
	}
}

static void expect_bad(struct heap *h, uint64_t dict)
{
	struct seen seen = {.stop = 8};
	struct pyi_error *err = pyi_dict_for_each(&h->target, &h->rt, dict, note, &seen);

	assert_non_null(err);
	pyi_error_destroy(err);
}

static void broken_tables(void **state)
{
	EACH_MINOR(i)
	{
		struct heap *h = heap_create(3, minors[i]);
		const struct pyi_layout *l = &h->rt.layout;
		uint64_t pairs[][2] = {{heap_str(h, "a"), heap_small(h, 1)}};
		uint64_t keys = heap_keys(h, pairs, 1, 1);

		expect_bad(h, heap_dict_of(h, keys, 0, 2));
		expect_bad(h, heap_dict_of(h, 0, 0, 1));
		expect_bad(h, heap_dict_of(h, keys, 16, 1));
		expect_bad(h, heap_str(h, "no dict"));
		heap_u64(h, keys + l->keys_nentries, 9);
		expect_bad(h, heap_dict_of(h, keys, 0, 1));
		heap_u64(h, keys + l->keys_nentries, 1);
		if (l->how_dict == PYI_DICT_LOG2)
			heap_u8(h, keys + l->keys_log2_size, 255);
		else
			heap_u64(h, keys + l->keys_size, UINT64_MAX);
		expect_bad(h, heap_dict_of(h, keys, 0, 1));
		heap_destroy(h);
	}
}

static void expect_no_dict(struct heap *h, uint64_t addr)
{
	struct pyi_dict dict;
	struct pyi_error *err = pyi_dict_open(&h->target, &h->rt, addr, &dict);

	assert_non_null(err);
	assert_non_null(strstr(err->message, "no dict"));
	pyi_error_destroy(err);
}

/* An order that names a value which is not there. */
static void broken_order(void **state)
{
	struct heap *h = heap_create(3, 13);
	uint64_t pairs[][2] = {{heap_str(h, "a"), 0}}, values = heap_alloc(h, 64);

	heap_put(h, values, "\x01\x01\x00\x01", 4);
	heap_put(h, values + 16, "\x07", 1);
	expect_no_dict(h, heap_dict_of(h, heap_keys(h, pairs, 1, 2), values, 1));
	heap_put(h, values, "\x01\xff\x00\x01", 4);
	expect_no_dict(h, heap_dict_of(h, heap_keys(h, pairs, 1, 2), values, 1));
	heap_destroy(h);
}

static void open_addressing(void **state)
{
	struct heap *h = heap_create(2, 7);
	const struct pyi_layout *l = &h->rt.layout;
	uint64_t dict = heap_object(h, h->dict, 64), table = heap_alloc(h, 4 * 24);
	uint64_t key = heap_bytes(h, "a", 1), value = heap_bytes(h, "v", 1);

	heap_u64(h, dict + l->dict_used, 1);
	heap_u64(h, dict + l->dict_mask, 3);
	heap_u64(h, dict + l->dict_table, table);
	heap_u64(h, table + 24 + 8, key);
	heap_u64(h, table + 72 + 8, key);
	heap_u64(h, table + 72 + 16, value);
	assert_true(pyi_dict_get(&h->target, &h->rt, dict, "a") == value);
	heap_u64(h, dict + l->dict_mask, UINT64_MAX);
	expect_bad(h, dict);
	heap_destroy(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(get_by_key),   cmocka_unit_test(general_keys),
		cmocka_unit_test(split_table),  cmocka_unit_test(broken_tables),
		cmocka_unit_test(broken_order), cmocka_unit_test(open_addressing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
