/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

static void test_handler_runs_at_a_safe_point(void **state)
{
	assert_result(
		"import signal\nresult = []\n"
		"old = signal.signal(signal.SIGUSR1, lambda n, f: result.append((n, f is None)))\n"
		"signal.raise_signal(signal.SIGUSR1)\nfor i in range(10): pass\n"
		"signal.signal(signal.SIGUSR1, old)\nresult = [(int(n), f) for n, f in result]",
		"[(10, False)]");
}

static void test_handler_may_raise(void **state)
{
	assert_program_raises(
		"import signal\n"
		"def h(n, f): raise KeyError(int(n))\n"
		"signal.signal(signal.SIGUSR1, h)\n"
		"try:\n    signal.raise_signal(signal.SIGUSR1)\n    for i in range(10): pass\n"
		"finally: signal.signal(signal.SIGUSR1, signal.SIG_DFL)",
		PyExc_KeyError, "10");
}

static void test_old_handlers(void **state)
{
	assert_result("import signal\ndef h(n, f): pass\n"
		      "signal.signal(signal.SIGUSR2, h)\n"
		      "seen = signal.getsignal(signal.SIGUSR2) is h\n"
		      "result = seen, signal.signal(signal.SIGUSR2, signal.SIG_DFL) is h",
		      "(True, True)");
	assert_program_raises("import signal\nsignal.signal(0, signal.SIG_DFL)", PyExc_ValueError,
			      "signal number out of range");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_handler_runs_at_a_safe_point),
		cmocka_unit_test(test_handler_may_raise),
		cmocka_unit_test(test_old_handlers),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
