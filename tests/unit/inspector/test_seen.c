/* SPDX-License-Identifier: BSD-2-Clause */
#include "python/seen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void each_address_is_new_once(void **state)
{
	struct pyi_seen seen = {0};

	for (int round = 0; round < 2; round++) {
		/* Many more than a first table holds, close together and far apart. */
		for (uint64_t i = 1; i <= 5000; i++) {
			enum pyi_seen_result expected = round ? PYI_SEEN_OLD : PYI_SEEN_NEW;

			assert_int_equal(pyi_seen_add(&seen, i * 8), expected);
			assert_int_equal(pyi_seen_add(&seen, i << 40 | 1), expected);
		}
	}
	assert_int_equal(seen.len, 10000);
	assert_true(seen.len * 2 <= seen.cap);
	pyi_seen_deinit(&seen);
}

static void the_largest_address(void **state)
{
	struct pyi_seen seen = {0};

	assert_int_equal(pyi_seen_add(&seen, UINT64_MAX), PYI_SEEN_NEW);
	assert_int_equal(pyi_seen_add(&seen, UINT64_MAX), PYI_SEEN_OLD);
	assert_int_equal(pyi_seen_add(&seen, UINT64_MAX - 1), PYI_SEEN_NEW);
	pyi_seen_deinit(&seen);
	pyi_seen_deinit(&seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_address_is_new_once),
		cmocka_unit_test(the_largest_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
