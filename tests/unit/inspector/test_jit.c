/* SPDX-License-Identifier: BSD-2-Clause */
/* What an environment says of CPython's JIT. */
#include "trace/jit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#ifdef HAVE_BPF

#define SETTING(text) pyi_jit_setting(text, sizeof(text))

static void settings(void **state)
{
	assert_int_equal(SETTING("A=b\0PYTHON_JIT=1\0C=d"), 1);
	assert_int_equal(SETTING("PYTHON_JIT=0"), 0);
	assert_int_equal(SETTING("PYTHON_JIT=00"), 1);
	assert_int_equal(SETTING("PYTHON_JIT="), 0);
	assert_int_equal(SETTING("XPYTHON_JIT=1\0PYTHON_JITTER=1"), -1);
	assert_int_equal(pyi_jit_setting(NULL, 0), -1);
}

static void a_cut_environment(void **state)
{
	assert_int_equal(pyi_jit_setting("PYTHON_JIT=1", 12), 1);
	assert_int_equal(pyi_jit_setting("PYTHON_JIT=1", 11), 0);
	assert_int_equal(pyi_jit_setting("PYTHON_JIT=1", 10), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings),
		cmocka_unit_test(a_cut_environment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

static void test_built_without_bpf(void **state)
{
	skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_built_without_bpf)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
