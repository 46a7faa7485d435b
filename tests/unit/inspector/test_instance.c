/* SPDX-License-Identifier: BSD-2-Clause */
/* Where instances keep their attributes, by version. */
#include "expect_value.h"

static uint64_t class_with_keys(struct heap *h, uint64_t flags)
{
	uint64_t type = heap_class(h, "Worker", flags);
	uint64_t pairs[][2] = {{heap_str(h, "x"), 0}, {heap_str(h, "name"), 0}};

	heap_u64(h, type + h->rt.layout.type_basicsize, 16);
	heap_u64(h, type + h->rt.layout.heaptype_cached_keys, heap_keys(h, pairs, 2, 2));
	return type;
}

static void expect_name(struct heap *h, uint64_t obj, uint64_t want)
{
	assert_true(pyi_instance_get(&h->target, &h->rt, obj, "name") == want);
	assert_true(pyi_instance_get(&h->target, &h->rt, obj, "y") == 0);
}

static uint64_t name_dict(struct heap *h, uint64_t value)
{
	uint64_t pairs[][2] = {{heap_str(h, "name"), value}};

	return heap_dict(h, pairs, 1);
}

static void by_dictoffset(void **state)
{
	struct heap *h = heap_create(3, 10);
	uint64_t type = class_with_keys(h, 0), obj = heap_object(h, type, 64);
	uint64_t value = heap_small(h, 3);

	expect_name(h, obj, 0);
	heap_u64(h, type + h->rt.layout.type_dictoffset, 24);
	heap_u64(h, obj + 24, name_dict(h, value));
	expect_name(h, obj, value);
	/* An int subclass of two digits: behind them, rounded up to 8. */
	heap_u64(h, type + h->rt.layout.type_dictoffset, (uint64_t)-8);
	heap_u64(h, type + h->rt.layout.type_basicsize, 36);
	heap_u64(h, type + h->rt.layout.type_itemsize, 4);
	heap_u64(h, obj + h->rt.layout.var_size, (uint64_t)-2);
	heap_u64(h, obj + 24, 0);
	heap_u64(h, obj + 40, name_dict(h, value));
	expect_name(h, obj, value);
	heap_destroy(h);
}

static void values_before_object(void **state)
{
	struct heap *h = heap_create(3, 11);
	uint64_t obj = heap_object(h, class_with_keys(h, PYI_TPFLAGS_MANAGED_DICT), 16);
	uint64_t value = heap_small(h, 3), values = heap_alloc(h, 64) + 16;

	heap_u64(h, values + 8, value);
	heap_put(h, values - 3, "\x01\x01", 2); /* one value, the one at index 1 */
	heap_u64(h, obj - 32, values);
	expect_name(h, obj, value);
	heap_u64(h, obj - 32, 0);
	expect_name(h, obj, 0);
	heap_u64(h, obj - 24, name_dict(h, value));
	expect_name(h, obj, value);
	heap_destroy(h);
}

static void tagged_word(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t obj = heap_object(h, class_with_keys(h, PYI_TPFLAGS_MANAGED_DICT), 16);
	uint64_t value = heap_small(h, 3), values = heap_alloc(h, 64) + 16;

	heap_u64(h, values + 8, value);
	heap_put(h, values - 3, "\x01\x01", 2);
	heap_u64(h, obj - 24, values - 1);
	expect_name(h, obj, value);
	heap_u64(h, obj - 24, name_dict(h, value));
	expect_name(h, obj, value);
	heap_destroy(h);
}

static void inline_values(void **state)
{
	struct heap *h = heap_create(3, 13);
	uint64_t flags = PYI_TPFLAGS_MANAGED_DICT | PYI_TPFLAGS_INLINE_VALUES;
	uint64_t obj = heap_object(h, class_with_keys(h, flags), 64), value = heap_small(h, 3);

	heap_put(h, obj + 16, "\x02\x01\x01\x01", 4); /* capacity, size, embedded, valid */
	heap_u64(h, obj + 24 + 8, value);
	heap_put(h, obj + 24 + 16, "\x01", 1);
	expect_name(h, obj, value);
	heap_u8(h, obj + 19, 0); /* no longer valid, and no dict */
	expect_name(h, obj, 0);
	heap_u64(h, obj - 24, name_dict(h, value));
	expect_name(h, obj, value);
	heap_destroy(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_dictoffset),
		cmocka_unit_test(values_before_object),
		cmocka_unit_test(tagged_word),
		cmocka_unit_test(inline_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
