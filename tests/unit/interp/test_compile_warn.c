/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

/* What compiling the text warns of. */
#define WARNINGS(text)                                          \
	"import warnings\n"                                     \
	"with warnings.catch_warnings(record=True) as found:\n" \
	"    warnings.simplefilter('always')\n"                 \
	"    compile(" text ", 'f', 'exec')\n"                  \
	"result = [(str(w.message), w.lineno) for w in found]"

static void test_identity_of_literals(void **state)
{
	assert_result(WARNINGS("'\\nx is 1'"),
		      "[('\"is\" with a literal. Did you mean \"==\"?', 2)]");
	assert_result(WARNINGS("'x is None is not ...'"), "[]");
}

static void test_calls_and_subscripts(void **state)
{
	assert_result(WARNINGS("'[(1)(2)]'"),
		      "[(\"'int' object is not callable; perhaps you missed a comma?\", 1)]");
	assert_result(WARNINGS("'[[1][2.5]]'"),
		      "[('list indices must be integers or slices, not float; perhaps you missed a "
		      "comma?', 1)]");
	assert_result(WARNINGS("'[1][0], {}[\"k\"], \"s\"[1:]'"), "[]");
}

static void test_assert_of_a_tuple(void **state)
{
	assert_result(WARNINGS("'assert (x, 1)'"),
		      "[('assertion is always true, perhaps remove parentheses?', 1)]");
	assert_result(WARNINGS("'assert x, 1'"), "[]");
}

static void test_filter_makes_an_error(void **state)
{
	assert_result("import warnings\n"
		      "with warnings.catch_warnings():\n"
		      "    warnings.simplefilter('error')\n"
		      "    try: compile('\\nx is 1', 'f', 'exec')\n"
		      "    except SyntaxError as e: result = e.filename, e.lineno",
		      "('f', 2)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_identity_of_literals),
		cmocka_unit_test(test_calls_and_subscripts),
		cmocka_unit_test(test_assert_of_a_tuple),
		cmocka_unit_test(test_filter_makes_an_error),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
