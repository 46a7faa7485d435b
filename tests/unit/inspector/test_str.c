/* SPDX-License-Identifier: BSD-2-Clause */
/* str objects as code points and as UTF-8. */
#include "expect_value.h"
#include "python/str.h"
#include "base/cleanup.h"

static void reads_utf8(void **state)
{
	struct heap *h = heap_create(3, 11);
	uint64_t obj = heap_str_units(h, (uint16_t[]){'n', 0x20ac, 0xdcff}, 3, 2, false);
	char *text = NULL;

	assert_null(pyi_str_read(&h->target, &h->rt, obj, 10, &text));
	assert_string_equal(text, "n\u20ac\\udcff");
	free(text);
	assert_null(pyi_str_read(&h->target, &h->rt, obj, 2, &text));
	assert_string_equal(text, "n\u20ac");
	free(text);
	heap_destroy(h);
}

static void bytes_of_2_7_are_utf8_where_they_can_be(void **state)
{
	struct heap *h = heap_create(2, 7);
	char *text = NULL;

	assert_null(pyi_str_read(&h->target, &h->rt, heap_bytes(h, "n\xc3\xa9\xff", 4), 10, &text));
	assert_string_equal(text, "n\u00e9\\xff");
	free(text);
	assert_null(pyi_str_read(&h->target, &h->rt, heap_bytes(h, "", 0), 10, &text));
	assert_string_equal(text, "");
	free(text);
	heap_destroy(h);
}

static void long_text_in_chunks(void **state)
{
	struct heap *h = heap_create(3, 13);
	char want[1001];
	char *text = NULL;

	for (int i = 0; i < 1000; i++)
		want[i] = (char)('a' + i % 26);
	want[1000] = '\0';
	assert_null(pyi_str_read(&h->target, &h->rt, heap_str(h, want), 5000, &text));
	assert_string_equal(text, want);
	free(text);
	heap_destroy(h);
}

static void refuses_other_objects(void **state)
{
	struct heap *h = heap_create(3, 11);
	char *text = NULL;
	struct pyi_error *err =
		pyi_str_read(&h->target, &h->rt, heap_bytes(h, "abc", 3), 10, &text);

	assert_non_null(err);
	assert_int_equal(err->code, PYI_ERR_BAD_DATA);
	assert_null(text);
	pyi_error_destroy(err);
	err = pyi_str_read(&h->target, &h->rt, 0, 10, &text);
	assert_non_null(err);
	pyi_error_destroy(err);
	err = pyi_str_read(&h->target, &h->rt, HEAP_BASE + HEAP_SIZE - 8, 10, &text);
	assert_non_null(err);
	assert_int_equal(err->code, PYI_ERR_FAULT);
	pyi_error_destroy(err);
	heap_destroy(h);
}

static void equality(void **state)
{
	struct heap *h = heap_create(3, 11);
	uint64_t obj = heap_str(h, "_active");

	assert_true(pyi_str_equals(&h->target, &h->rt, obj, "_active"));
	assert_false(pyi_str_equals(&h->target, &h->rt, obj, "_activ"));
	assert_false(pyi_str_equals(&h->target, &h->rt, obj, "_actives"));
	assert_false(pyi_str_equals(&h->target, &h->rt, obj, "_activf"));
	assert_false(pyi_str_equals(&h->target, &h->rt, 8, "_active"));
	heap_destroy(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_utf8),
		cmocka_unit_test(bytes_of_2_7_are_utf8_where_they_can_be),
		cmocka_unit_test(long_text_in_chunks),
		cmocka_unit_test(refuses_other_objects),
		cmocka_unit_test(equality),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
