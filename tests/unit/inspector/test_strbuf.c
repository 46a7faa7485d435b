/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/strbuf.h"
#include "base/vec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void test_grows(void **state)
{
	struct pyi_strbuf sb = PYI_STRBUF_INIT;
	char *text;

	for (int i = 0; i < 1000; i++)
		pyi_strbuf_printf(&sb, "%03d,", i);
	assert_int_equal(sb.len, 4000);
	assert_memory_equal(sb.data + 3992, "998,999,", 9);
	pyi_strbuf_truncate(&sb, 3);
	pyi_strbuf_putc(&sb, '!');
	text = pyi_strbuf_steal(&sb);
	assert_string_equal(text, "000!");
	assert_null(sb.data);
	assert_int_equal(sb.len, 0);
	free(text);
}

static void test_empty(void **state)
{
	struct pyi_strbuf sb = PYI_STRBUF_INIT;
	char *text = pyi_strbuf_steal(&sb);

	assert_string_equal(text, "");
	free(text);
}

static void test_failure_sticks(void **state)
{
	struct pyi_strbuf sb = PYI_STRBUF_INIT;

	pyi_strbuf_puts(&sb, "before");
	pyi_strbuf_append(&sb, "x", SIZE_MAX - 2);
	assert_true(sb.failed);
	pyi_strbuf_puts(&sb, "after");
	assert_int_equal(sb.len, 6);
	assert_null(pyi_strbuf_steal(&sb));
	assert_false(sb.failed);
}

static void test_put_utf8(void **state)
{
	struct pyi_strbuf sb = PYI_STRBUF_INIT;
	static const uint32_t points[] = {'a',    0x7f,   0x80,    0x7ff,    0x800,   0xd7ff,
					  0xdc80, 0xffff, 0x10000, 0x10ffff, 0x110000};
	char *text;

	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++)
		pyi_strbuf_put_utf8(&sb, points[i]);
	text = pyi_strbuf_steal(&sb);
	assert_string_equal(text, "a\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\\udc80"
				  "\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\\U00110000");
	free(text);
}

static void test_vec(void **state)
{
	PYI_VEC(int) v = {0};
	int sum = 0;

	for (int i = 0; i < 100; i++) {
		int *item = pyi_vec_push(&v);

		assert_int_equal(*item, 0);
		*item = i;
	}
	pyi_vec_for_each (p, &v)
		sum += *p;
	assert_int_equal(sum, 4950);
	pyi_vec_deinit(&v);
	assert_null(v.data);
}

static void test_vec_refuses_overflow(void **state)
{
	void *data = NULL;
	size_t len = 0, cap = 0;

	assert_null(pyi_vec_push_raw(&data, &len, &cap, SIZE_MAX / 2));
	assert_int_equal(len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grows),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_failure_sticks),
		cmocka_unit_test(test_put_utf8),
		cmocka_unit_test(test_vec),
		cmocka_unit_test(test_vec_refuses_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
