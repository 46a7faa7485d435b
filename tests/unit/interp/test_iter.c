/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

static void test_states(void **state)
{
	assert_result("i = iter('abc')\nnext(i)\nf, args, n = i.__reduce__()\nj = f(*args)\n"
		      "j.__setstate__(n)\nresult = list(j), list(i), i.__reduce__()[1:]",
		      "(['b', 'c'], ['b', 'c'], (('',),))");
	assert_result("i = reversed([1, 2, 3])\ni.__setstate__(-9)\nj = reversed([1, 2, 3])\n"
		      "j.__setstate__(1)\nresult = list(i), list(j)",
		      "([], [2, 1])");
}

/* The dict of the builtins has a key that, compared, exhausts the iterator. */
static void test_exhausted_while_its_state_is_told(void **state)
{
	static const char *const makes[] = {"iter([1])", "iter('a')", "reversed([1])",
					    "iter(lambda: 1, 1)"};

	for (size_t i = 0; i < sizeof(makes) / sizeof(*makes); i++) {
		char text[512];

		snprintf(text, sizeof(text),
			 "import builtins\nit = %s\nclass Key(str):\n"
			 "    def __hash__(self): return hash('iter')\n"
			 "    def __eq__(self, other):\n        list(it)\n        return False\n"
			 "d = builtins.__dict__\nold = d.pop('iter')\nd[Key()] = 0\nd['iter'] = "
			 "old\n"
			 "try: result = len(it.__reduce__()[1])\n"
			 "finally:\n    for k in list(d):\n        if type(k) is Key: del d[k]\n",
			 makes[i]);
		assert_result(text, "1");
	}
}

static void test_sentinel(void **state)
{
	assert_result("n = [0]\ndef f():\n    n[0] += 1\n    return n[0]\ni = iter(f, 3)\n"
		      "result = list(i), next(i, 'end'), i.__reduce__()[1]",
		      "([1, 2], 'end', ((),))");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_exhausted_while_its_state_is_told),
		cmocka_unit_test(test_sentinel),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
