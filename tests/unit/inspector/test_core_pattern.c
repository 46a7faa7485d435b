/* SPDX-License-Identifier: BSD-2-Clause */
/* What a handler is called with. Reading and writing the kernel's settings is for the live tests.
 */
#include "cmd/core_pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct pyi_core_values values = {
	.pid = 42,
	.tid = 43,
	.inner = 2,
	.inner_t = 3,
	.uid = 1000,
	.gid = 100,
	.signal = 11,
	.time = 1700000000,
	.limit = -1,
	.comm = "a b/../%p\n",
	.exe = "/usr/bin/python3",
	.host = "box",
};

static void expect(const char *pattern, const char *const *want, size_t n)
{
	char **argv = pyi_core_pattern_arguments(pattern, &values);

	assert_non_null(argv);
	for (size_t i = 0; i < n; i++)
		assert_string_equal(argv[i], want[i]);
	assert_null(argv[n]);
	free(argv);
}

static void specifiers(void **state)
{
	const char *const want[] = {"/lib/x",   "42", "43",         "2-3",
				    "1000:100", "11", "1700000000", "18446744073709551615",
				    "box",      "%",  "python3"};

	expect("|/lib/x %P %I %p-%i %u:%g %s  %t %c %h %% %f", want, 11);
}

/* A name cannot add arguments, leave its directory or be taken for a specifier. */
static void hostile_names(void **state)
{
	const char *const want[] = {"/lib/x", "a b!..!%p\n", "!usr!bin!python3", "end"};

	expect("|/lib/x %e %E end", want, 4);
}

static void odd_patterns(void **state)
{
	const char *const want[] = {"/x", "", "42"};

	expect("|/x %z %P%", want, 3);
	assert_null(pyi_core_pattern_arguments("core.%p", &values));
	assert_null(pyi_core_pattern_arguments("|", &values));
	assert_null(pyi_core_pattern_arguments("|   ", &values));
	assert_null(pyi_core_pattern_arguments("", &values));
}

static bool ours(const char *text)
{
	struct pyi_core_pattern pattern = {.pipe_limit = 1};

	snprintf(pattern.pattern, sizeof(pattern.pattern), "%s", text);
	return pyi_core_pattern_is_ours(&pattern);
}

static void who_it_is(void **state)
{
	assert_true(ours("|/usr/bin/pyinspect handler %P"));
	assert_false(ours("|/usr/bin/pyinspect"));
	assert_false(ours("|/usr/bin/notpyinspect handler %P"));
	assert_false(ours("|/usr/share/apport/apport %p"));
	assert_false(ours("core"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(specifiers),
		cmocka_unit_test(hostile_names),
		cmocka_unit_test(odd_patterns),
		cmocka_unit_test(who_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
