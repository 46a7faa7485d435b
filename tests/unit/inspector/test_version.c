/* SPDX-License-Identifier: BSD-2-Clause */
#include "python/version.h"
#include "self_target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* What Py_GetVersion leaves in the data of an interpreter without the symbol Py_Version. */
char version_text[128] = "3.9.18 (main, Nov  1 2023, 10:00:00) \n[GCC 12.2.0]";

static void format(const struct pyi_version *version, const char *expected)
{
	char buf[32];

	pyi_version_format(version, buf, sizeof(buf));
	assert_string_equal(buf, expected);
}

static void hex(void **state)
{
	struct pyi_version v = pyi_version_from_hex(0x030f00b4);

	assert_int_equal(v.major, 3);
	assert_int_equal(v.minor, 15);
	assert_int_equal(v.micro, 0);
	assert_int_equal(v.level, 'b');
	format(&v, "3.15.0b4");
	v = pyi_version_from_hex(0x030b02f0);
	format(&v, "3.11.2");
	v = pyi_version_from_hex(0x030d00c1);
	format(&v, "3.13.0rc1");
	/* A level that does not exist is no release. */
	v = pyi_version_from_hex(0x030d0000);
	assert_int_equal(v.level, 'a');
}

static void texts(void **state)
{
	static const struct {
		const char *text, *version;
	} good[] = {
		{"2.7.18 (default, Feb  1 2024, 10:00:00) \n[GCC 12.2.0]", "2.7.18"},
		{"3.6.15 (default, x) \n[GCC 12]", "3.6.15"},
		{"3.10.13 (main, x) [GCC 12.2.0]", "3.10.13"},
		{"3.9.2+ (heads/3.9:1, x) [Clang 14]", "3.9.2"},
		{"3.8.0rc1 (x) [GCC]", "3.8.0rc1"},
		{"3.8.0b4+ (x) [GCC]", "3.8.0b4"},
	};
	static const char *const bad[] = {
		"",
		"3",
		"3.",
		"3.9",
		"3.9.1",
		"3.9.1 ",
		"3.9.1 (x",
		"3.9.1 (x)",
		"3.9.1 (x) ",
		"3.9.1 (x) \n",
		"3.9.1 (x) GCC",
		"3.9.1(x) [GCC]",
		"3.9.1 (x)x[GCC]",
		"4.9.1 (x) [GCC]",
		"3.9.1rc (x) [GCC]",
		"3.9.1234 (x) [GCC]",
	};
	struct pyi_version v;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(pyi_version_parse(good[i].text, strlen(good[i].text), &v));
		format(&v, good[i].version);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(pyi_version_parse(bad[i], strlen(bad[i]), &v));
}

static void names(void **state)
{
	static const struct {
		const char *name, *version;
	} cases[] = {
		{"libpython3.9.so.1.0", "3.9"},
		{"libpython3.6m.so.1.0", "3.6"},
		{"python2.7", "2.7"},
		{"python3.10", "3.10"},
		{"python3", NULL},
		{"python", NULL},
		{"mypython3.9", NULL},
		{"libfoo.so", NULL},
		{"libpython4.9.so", NULL},
	};
	struct pyi_version v;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool told = pyi_version_from_name(cases[i].name, &v);

		assert_int_equal(told, cases[i].version != NULL);
		if (told)
			format(&v, cases[i].version);
	}
}

static void in_the_data_of_a_module(void **state)
{
	struct pyi_target target;
	struct pyi_version v;
	bool told = false;

	self_target_init(&target);
	for (size_t i = 0; i < target.n_images; i++) {
		struct pyi_image_info info;

		pyi_image_info(target.images[i], &info);
		if (info.is_exe)
			told = pyi_version_of_image(&target, target.images[i], &v);
	}
	self_target_deinit(&target);
	assert_true(told);
	format(&v, "3.9.18");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hex),
		cmocka_unit_test(texts),
		cmocka_unit_test(names),
		cmocka_unit_test(in_the_data_of_a_module),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
