/* SPDX-License-Identifier: BSD-2-Clause */
/* Printable characters, at the edges of the table. */
#include "python/unicode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void everywhere(void **state)
{
	static const struct {
		uint32_t c;
		bool printable;
	} cases[] = {
		{0, false},          {0x1f, false},   {' ', true},       {'~', true},
		{0x7f, false},       {0xa0, false},   {0xa1, true},      {0xad, false},
		{0xae, true},        {0x378, false},  {0x2028, false},   {0x3000, false},
		{0x4e00, true},      {0xac00, true},  {0xd800, false},   {0xe000, false},
		{0xfeff, false},     {0x1f600, true}, {0x10ffff, false}, {0x110000, false},
		{UINT32_MAX, false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(pyi_unicode_printable(cases[i].c, 11), cases[i].printable);
}

static void by_version(void **state)
{
	assert_false(pyi_unicode_printable(0x1fae0, 10)); /* Unicode 14: 3.11 */
	assert_true(pyi_unicode_printable(0x1fae0, 11));
	assert_false(pyi_unicode_printable(0x1fa75, 11)); /* Unicode 15: 3.12 */
	assert_true(pyi_unicode_printable(0x1fa75, 12));
	assert_true(pyi_unicode_printable(0x1fa75, 99));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everywhere),
		cmocka_unit_test(by_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
