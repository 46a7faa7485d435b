/* SPDX-License-Identifier: BSD-2-Clause */
#include "target/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static void add(struct pyi_pages *pages, uint64_t addr, char fill)
{
	char data[PYI_PAGE_SIZE];

	memset(data, fill, sizeof(data));
	pyi_pages_add(pages, addr, data);
}

static void test_runs(void **state)
{
	struct pyi_pages pages = {0};
	size_t n;
	char *run;

	add(&pages, 0x1000, 'a');
	add(&pages, 0x2000, 'b');
	pyi_pages_add(&pages, 0x3000, NULL);
	add(&pages, 0x4000, 'c');
	add(&pages, 0x6000, 'd');
	run = pyi_pages_run(&pages, 0, &n);
	assert_int_equal(n, 2);
	assert_int_equal(run[PYI_PAGE_SIZE - 1], 'a');
	assert_int_equal(run[PYI_PAGE_SIZE], 'b');
	assert_null(pyi_pages_run(&pages, 2, &n)); /* not held */
	assert_int_equal(n, 1);
	assert_int_equal(*pyi_pages_run(&pages, 3, &n), 'c'); /* 0x5000 is missing behind it */
	assert_int_equal(n, 1);
	assert_int_equal(*pyi_pages_run(&pages, 4, &n), 'd');
	assert_int_equal(n, 1);
	assert_false(pages.failed);
	pyi_pages_deinit(&pages);
}

/* Neighbours in memory whose bytes do not follow each other here are two runs. */
static void test_order(void **state)
{
	struct pyi_pages pages = {0};
	size_t n;

	add(&pages, 0x2000, 'b');
	add(&pages, 0x1000, 'a');
	pyi_pages_sort(&pages);
	assert_int_equal(pages.list.data[0].addr, 0x1000);
	assert_int_equal(*pyi_pages_run(&pages, 0, &n), 'a');
	assert_int_equal(n, 1);
	assert_int_equal(*pyi_pages_run(&pages, 1, &n), 'b');
	pyi_pages_deinit(&pages);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_runs),
					   cmocka_unit_test(test_order)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
