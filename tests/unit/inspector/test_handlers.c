/* SPDX-License-Identifier: BSD-2-Clause */
/* Where code leads by direct jumps. */
#include "trace/handlers.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#ifdef HAVE_BPF

static void direct_jumps_are_followed(void **state)
{
	static const uint8_t code[] = {
		0x74, 0x03,          /* 0: je 5 */
		0xeb, 0x04,          /* 1: jmp 8 */
		0x90,                /* 2: not reached */
		0xff, 0xe0,          /* 3, at 5: jmp *%rax */
		0x90,                /* 4: not reached */
		0xe8, 0,    0, 0, 0, /* 5, at 8: a call comes back */
		0xeb, 0xf1,          /* 6: jmp 0, a loop */
		0x90,                /* 7: not reached */
	};
	static const bool expected[] = {true, true, false, true, false, true, true, false};
	struct pyi_insns insns = {0};
	bool reached[8] = {false};

	assert_null(pyi_insns_decode(&insns, 0x1000, code, sizeof(code)));
	assert_int_equal(insns.list.len, 8);
	assert_true(pyi_handlers_reach(&insns, 0x1000, reached));
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(reached[i], expected[i]);
	pyi_insns_deinit(&insns);
}

static void a_start_that_is_no_instruction(void **state)
{
	static const uint8_t code[] = {0xeb, 0x10, 0x90}; /* jumps out of what is known */
	struct pyi_insns insns = {0};
	bool reached[2] = {false};

	assert_null(pyi_insns_decode(&insns, 0x1000, code, sizeof(code)));
	assert_true(pyi_handlers_reach(&insns, 0x1001, reached));
	assert_false(reached[0] || reached[1]);
	assert_true(pyi_handlers_reach(&insns, 0x1000, reached));
	assert_true(reached[0]);
	assert_false(reached[1]);
	pyi_insns_deinit(&insns);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(direct_jumps_are_followed),
		cmocka_unit_test(a_start_that_is_no_instruction),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

static void test_built_without_capstone(void **state)
{
	skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_built_without_capstone)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
