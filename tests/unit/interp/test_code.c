/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

static void test_replaced_names_and_places(void **state)
{
	assert_result(
		"def f(): return 1\n"
		"c = f.__code__.replace(co_name='g', co_qualname='q.g', co_filename='x', "
		"co_firstlineno=70)\n"
		"result = c.co_name, c.co_qualname, c.co_filename, c.co_firstlineno, "
		"c.co_code == f.__code__.co_code, list(c.co_lines())[0][2], f.__code__.co_name",
		"('g', 'q.g', 'x', 70, True, 70, 'f')");
}

/* Nothing that was checked when it was compiled can be put together in another way. */
static void test_no_other_instructions(void **state)
{
	assert_result("def f(): return 1\n"
		      "result = []\n"
		      "for change in (dict(co_code=b''), dict(co_flags=0), dict(co_name=1),\n"
		      "               dict(co_firstlineno=1 << 40), dict(co_consts=())):\n"
		      "    try: result.append(f.__code__.replace(**change))\n"
		      "    except Exception as e: result.append(type(e).__name__)\n"
		      "result = result, f.__code__.replace(co_flags=f.__code__.co_flags | 0x100)"
		      ".co_flags & 0x100",
		      "(['TypeError', 'ValueError', 'TypeError', 'OverflowError', 'TypeError'], "
		      "256)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replaced_names_and_places),
		cmocka_unit_test(test_no_other_instructions),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
