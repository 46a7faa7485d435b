/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of extension modules. */
#include "report/extension.h"

#include "self_target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* This program exports what an extension module named like it would; but it is a program. */
void PyInit_test_extension(void);
void PyInit_test_extension(void)
{
}

static void test_dotted(void **state)
{
	static const struct {
		const char *path, *name;
	} cases[] = {
		{"/usr/lib/python3.11/lib-dynload/_sqlite3.cpython-311-x86_64-linux-gnu.so",
		 "_sqlite3"},
		{"/v/lib/python3.12/site-packages/numpy/core/_multiarray_umath.cpython-312.so",
		 "numpy.core._multiarray_umath"},
		{"/usr/lib/python3/dist-packages/apt_pkg.abi3.so", "apt_pkg"},
		{"/site-packages/a/site-packages/b/c.so", "b.c"},
		{"/srv/app/fast.so", "fast"},
		{"plain", "plain"},
	};
	char name[64];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(pyi_extension_dotted(cases[i].path, name, sizeof(name)));
		assert_string_equal(name, cases[i].name);
	}
	assert_false(pyi_extension_dotted("/srv/.so", name, sizeof(name)));
	assert_false(pyi_extension_dotted("/srv/", name, sizeof(name)));
	assert_false(pyi_extension_dotted("/srv/fast.so", name, 4));
	assert_true(pyi_extension_dotted("/srv/fast.so", name, 5));
}

static void test_images(void **state)
{
	struct pyi_target target;
	char name[256];

	(void)state;
	self_target_init(&target);
	assert_true(target.n_images > 1);
	for (size_t i = 0; i < target.n_images; i++)
		assert_false(pyi_extension_name(target.images[i], name, sizeof(name)));
	self_target_deinit(&target);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dotted),
		cmocka_unit_test(test_images),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
