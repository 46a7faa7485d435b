/* SPDX-License-Identifier: BSD-2-Clause */
/* repr of str, bytes, bytearray: quotes, escapes, limits. */
#include "expect_value.h"

static void quotes(void **state)
{
	struct heap *h = heap_create(3, 11);

	expect_repr(h, heap_str(h, ""), "''");
	expect_repr(h, heap_str(h, "it's"), "\"it's\"");
	expect_repr(h, heap_str(h, "say \"x\""), "'say \"x\"'");
	expect_repr(h, heap_str(h, "'\""), "'\\'\"'");
	expect_repr(h, heap_str(h, "a\\b\t\r\n\x1b\x7f"), "'a\\\\b\\t\\r\\n\\x1b\\x7f'");
	heap_destroy(h);
}

static void kinds(void **state)
{
	struct heap *h = heap_create(3, 12);

	expect_repr(h, heap_str_units(h, "\xe9\xad\x85", 3, 1, false), "'\u00e9\\xad\\x85'");
	expect_repr(h, heap_str_units(h, (uint16_t[]){0x20ac, 0x2028, 0xdc80, 0x2722}, 4, 2, false),
		    "'\u20ac\\u2028\\udc80\u2722'");
	expect_repr(h, heap_str_units(h, (uint32_t[]){0x1f600, 0xe0001, '\''}, 3, 4, false),
		    "\"\U0001f600\\U000e0001'\"");
	/* U+1FAE0 is of Unicode 14: printable from 3.11 on. */
	expect_repr(h, heap_str_units(h, (uint32_t[]){0x1fae0}, 1, 4, false), "'\U0001fae0'");
	heap_destroy(h);
	h = heap_create(3, 10);
	expect_repr(h, heap_str_units(h, (uint32_t[]){0x1fae0}, 1, 4, false), "'\\U0001fae0'");
	heap_destroy(h);
}

static void not_compact(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t obj = heap_str(h, "unused"), data = heap_alloc(h, 8);

	heap_put(h, data, "abc", 3);
	heap_u64(h, obj + h->rt.layout.str_length, 3);
	heap_u32(h, obj + h->rt.layout.str_state, 1 << 2 | 1 << 6);
	heap_u64(h, obj + h->rt.layout.str_any_data, data);
	expect_repr(h, obj, "'abc'");
	heap_destroy(h);
}

static void bad_strs(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t obj = heap_str(h, "abc");

	heap_u64(h, obj + h->rt.layout.str_length, (uint64_t)1 << 60);
	expect_cut(h, obj, 0, ""); /* too long to know its quotes */
	heap_u64(h, obj + h->rt.layout.str_length, UINT64_MAX);
	expect_unreadable(h, obj, "impossible str length");
	heap_u64(h, obj + h->rt.layout.str_length, 1 << 24);
	expect_unreadable(h, obj, "cannot read");
	heap_u32(h, obj + h->rt.layout.str_state, 3 << 2 | 1 << 5);
	expect_unreadable(h, obj, "no str");
	heap_destroy(h);
}

static void cut_between_characters(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t obj = heap_str_units(h, (uint16_t[]){'a', 0x20ac, 'b'}, 3, 2, false);

	expect_repr(h, obj, "'a\u20acb'");
	expect_cut(h, obj, 6, "'a\u20acb");
	expect_cut(h, obj, 4, "'a");
	expect_cut(h, obj, 1, "'");
	heap_destroy(h);
}

static void bytes_and_bytearray(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t obj = heap_new(h, "bytearray"), data = heap_bytes(h, "it's", 4);

	expect_repr(h, heap_bytes(h, "a\0\xff'", 4), "b\"a\\x00\\xff'\"");
	expect_repr(h, heap_bytes(h, "", 0), "b''");
	expect_repr(h, obj, "bytearray(b'')");
	heap_u64(h, obj + h->rt.layout.var_size, 4);
	heap_u64(h, obj + h->rt.layout.bytearray_start, data + h->rt.layout.bytes_data);
	/* Unlike bytes, it escapes single quotes between double ones too. */
	expect_repr(h, obj, "bytearray(b\"it\\'s\")");
	heap_destroy(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quotes),
		cmocka_unit_test(kinds),
		cmocka_unit_test(not_compact),
		cmocka_unit_test(bad_strs),
		cmocka_unit_test(cut_between_characters),
		cmocka_unit_test(bytes_and_bytearray),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
