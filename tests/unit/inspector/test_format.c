/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/format.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void text_of_any_length(void **state)
{
	char *text = pyi_format("%s is %d", "six", 6), *none = pyi_format("%s", "");
	char *wide = pyi_format("%*d", 100000, 1);

	(void)state;
	assert_string_equal(text, "six is 6");
	assert_string_equal(none, "");
	assert_int_equal(strlen(wide), 100000);
	free(text);
	free(none);
	free(wide);
}

/* More than an int can count: printf refuses. */
static void failure(void **state)
{
	volatile int width = INT_MAX;

	(void)state;
	assert_null(pyi_format("%*d%*d", width, 1, width, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_of_any_length),
		cmocka_unit_test(failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
