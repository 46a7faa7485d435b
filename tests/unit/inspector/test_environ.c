/* SPDX-License-Identifier: BSD-2-Clause */
#include "target/environ.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static const char strings[] =
	"TOKEN=hunter2secret\0EMPTY=\0NOEQUALS\0HOME=/root\0X=12345678901234567890";

static char page[2 * PYI_PAGE_SIZE];
static struct pyi_pages pages;

static void blank(size_t n_pages, uint64_t lo, uint64_t hi)
{
	pages = (struct pyi_pages){0};
	for (size_t i = 0; i < n_pages; i++)
		pyi_pages_add(&pages, 0x1000 + i * PYI_PAGE_SIZE, page + i * PYI_PAGE_SIZE);
	pyi_environ_blank(strings, sizeof(strings), lo, hi, &pages);
	memcpy(page, pages.bytes.data, n_pages * PYI_PAGE_SIZE);
	pyi_pages_deinit(&pages);
}

static bool all(char byte, size_t at, size_t len)
{
	for (size_t i = at; i < at + len; i++)
		if (page[i] != byte)
			return false;
	return true;
}

/* A bytes object: the length stands 16 bytes before the text. */
static void put_object(size_t at, const char *text, uint64_t length, size_t distance)
{
	memcpy(page + at - distance, &length, sizeof(length));
	strcpy(page + at, text);
}

static void test_range(void **state)
{
	memset(page, 'x', sizeof(page));
	blank(2, 0x1ff0, 0x2010);
	assert_true(all('x', 0, 0xff0));
	assert_true(all(0, 0xff0, 0x20));
	assert_true(all('x', 0x1010, 0xff0));
	memset(page, 'x', sizeof(page));
	blank(2, 0, 0); /* not known */
	assert_true(all('x', 0, sizeof(page)));
	blank(2, 0x9000, 0xa000);
	assert_true(all('x', 0, sizeof(page)));
}

static void test_whole_strings(void **state)
{
	memset(page, 'x', sizeof(page));
	strcpy(page + 100, "TOKEN=hunter2secret");
	strcpy(page + PYI_PAGE_SIZE - 5, "HOME=/root"); /* over a page's end */
	blank(2, 0, 0);
	assert_true(all(0, 100, 20));
	assert_true(all(0, PYI_PAGE_SIZE - 5, 11));
	assert_true(all('x', 120, 1000));
}

static void test_objects(void **state)
{
	memset(page, 'x', sizeof(page));
	put_object(200, "hunter2secret", 13, 16);
	put_object(400, "hunter2secret", 13, 20); /* 2.7 */
	put_object(600, "/root", 5, 16);
	blank(1, 0, 0);
	assert_true(all(0, 200, 14));
	assert_true(all(0, 400, 14));
	assert_true(all(0, 600, 6));
}

/* A value as a part of something else is no copy of the value. */
static void test_other_text(void **state)
{
	memset(page, 'x', sizeof(page));
	strcpy(page + 200, "/root/program.py");
	put_object(400, "/root/program.py", 16, 16);
	strcpy(page + 600, "HOME=/other");
	strcpy(page + 700, "NOEQUALS");
	blank(1, 0, 0);
	assert_string_equal(page + 200, "/root/program.py");
	assert_string_equal(page + 400, "/root/program.py");
	assert_string_equal(page + 600, "HOME=/other");
	assert_string_equal(page + 700, "NOEQUALS");
}

static void test_edges(void **state)
{
	memset(page, 'x', sizeof(page));
	/* The end of a string whose start lies on a page that was not copied, and the reverse. */
	strcpy(page, "EN=hunter2secret");
	memcpy(page + PYI_PAGE_SIZE - 10, "TOKEN=hunt", 10);
	blank(1, 0, 0);
	assert_true(all(0, 0, 17));
	assert_true(all(0, PYI_PAGE_SIZE - 10, 10));
	assert_true(all('x', 17, 1000));
}

static void test_nothing(void **state)
{
	pages = (struct pyi_pages){0};
	pyi_environ_blank("", 0, 0, 0, &pages);
	pyi_pages_add(&pages, 0x1000, NULL);
	pyi_environ_blank(strings, sizeof(strings), 0x1000, 0x2000, &pages);
	assert_false(pages.list.data[0].held);
	pyi_pages_deinit(&pages);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_range),   cmocka_unit_test(test_whole_strings),
		cmocka_unit_test(test_objects), cmocka_unit_test(test_other_text),
		cmocka_unit_test(test_edges),   cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
