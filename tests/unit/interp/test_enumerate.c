/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

static void test_counts_without_end(void **state)
{
	assert_result("result = list(enumerate('ab', 2**63 - 1))",
		      "[(9223372036854775807, 'a'), (9223372036854775808, 'b')]");
	assert_result("e = enumerate('ab')\na = next(e)\nresult = a, next(e)",
		      "((0, 'a'), (1, 'b'))");
	assert_program_raises("enumerate([], 'a')", PyExc_TypeError,
			      "'str' object cannot be interpreted as an integer");
}

static void test_reversed(void **state)
{
	assert_result(
		"class S:\n    def __len__(s): return 3\n    def __getitem__(s, i): return i * 2\n"
		"r = reversed(S())\nresult = r.__length_hint__(), list(r), list(r)",
		"(3, [4, 2, 0], [])");
	assert_result("class R:\n    def __reversed__(s): return 'own'\nresult = reversed(R())",
		      "'own'");
	assert_program_raises("reversed({1})", PyExc_TypeError, "'set' object is not reversible");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts_without_end),
		cmocka_unit_test(test_reversed),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
