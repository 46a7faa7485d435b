/* SPDX-License-Identifier: BSD-2-Clause */
/* Fields: absent ones, null owners, the heads of sized objects. */
#include "expect_value.h"

static void expect_error(struct pyi_error *err, const char *why)
{
	assert_non_null(err);
	assert_non_null(strstr(err->message, why));
	pyi_error_destroy(err);
}

static void fields(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t at = heap_alloc(h, 16), wide = 1;
	uint32_t half = 1;
	uint8_t byte = 1;

	heap_u64(h, at + 8, 0x1122334455667788);
	assert_null(pyi_field_u64(&h->target, at, 8, &wide));
	assert_null(pyi_field_u32(&h->target, at, 8, &half));
	assert_null(pyi_field_u8(&h->target, at, 8, &byte));
	assert_true(wide == 0x1122334455667788 && half == 0x55667788 && byte == 0x88);
	expect_error(pyi_field_u64(&h->target, at, PYI_NONE, &wide), "not known");
	expect_error(pyi_field_u64(&h->target, 0, 8, &wide), "null pointer");
	expect_error(pyi_field_u64(&h->target, 0x1000, 8, &wide), "cannot read");
	assert_true(wide == 0x1122334455667788);
	heap_destroy(h);
}

static void sized_objects(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t bytes = heap_bytes(h, "abc", 3), at, n;

	assert_null(pyi_bytes_open(&h->target, &h->rt, bytes, &at, &n));
	assert_true(at == bytes + h->rt.layout.bytes_data && n == 3);
	heap_u64(h, bytes + h->rt.layout.var_size, UINT64_MAX / 2 + 1);
	expect_error(pyi_bytes_open(&h->target, &h->rt, bytes, &at, &n), "impossible length");
	/* So many pointers would not fit into memory, so many bytes might. */
	heap_u64(h, bytes + h->rt.layout.var_size, (uint64_t)1 << 61);
	expect_error(pyi_tuple_open(&h->target, &h->rt, bytes, &at, &n), "impossible length");
	assert_null(pyi_bytes_open(&h->target, &h->rt, bytes, &at, &n));
	expect_error(pyi_object_check(&h->target, &h->rt, bytes, PYI_TPFLAGS_STR, "str"), "no str");
	assert_null(pyi_object_check(&h->target, &h->rt, bytes, PYI_TPFLAGS_STR | PYI_TPFLAGS_BYTES,
				     "str"));
	h->rt.layout.tuple_items = PYI_NONE;
	expect_error(pyi_tuple_open(&h->target, &h->rt, bytes, &at, &n), "not known");
	heap_destroy(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields),
		cmocka_unit_test(sized_objects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
