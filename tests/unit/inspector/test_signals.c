/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/signals.h"

#include <signal.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void names(void **state)
{
	assert_string_equal(pyi_signal_name(SIGSEGV), "SIGSEGV");
	assert_string_equal(pyi_signal_name(64), "SIG64");
	assert_string_equal(pyi_signal_name(65), "an unknown signal");
	assert_string_equal(pyi_signal_name(-1), "an unknown signal");
}

static void codes(void **state)
{
	assert_string_equal(pyi_signal_code_name(SIGSEGV, SEGV_MAPERR), "SEGV_MAPERR");
	assert_string_equal(pyi_signal_code_name(SIGBUS, BUS_ADRERR), "BUS_ADRERR");
	assert_string_equal(pyi_signal_code_name(SIGFPE, FPE_INTDIV), "FPE_INTDIV");
	assert_string_equal(pyi_signal_code_name(SIGABRT, SI_TKILL), "SI_TKILL");
	assert_string_equal(pyi_signal_code_name(SIGSEGV, 0x80), "SI_KERNEL");
	assert_null(pyi_signal_code_name(SIGSEGV, 99));
}

/* The fields of siginfo share their bytes. */
static void what_means_something(void **state)
{
	assert_true(pyi_signal_has_address(SIGSEGV, SEGV_MAPERR));
	assert_false(pyi_signal_has_address(SIGSEGV, SI_USER));
	assert_false(pyi_signal_has_address(SIGSEGV, 0x80));
	assert_false(pyi_signal_has_address(SIGABRT, SI_TKILL));
	assert_true(pyi_signal_has_sender(SI_USER));
	assert_false(pyi_signal_has_sender(SEGV_MAPERR));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(codes),
		cmocka_unit_test(what_means_something),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
