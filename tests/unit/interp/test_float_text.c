/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

#include "objects/float.h"

#include <math.h>

static double random_double(uint64_t *seed)
{
	double d;

	do {
		*seed = *seed * 6364136223846793005u + 1442695040888963407u;
		memcpy(&d, seed, sizeof(d));
	} while (!isfinite(d));
	return d;
}

/* Digits between the first and the last that are not 0. */
static int significant(const char *text)
{
	int count = 0, last = 0;

	for (; *text && *text != 'e'; text++) {
		if (*text < '0' || *text > '9' || (count == 0 && *text == '0'))
			continue;
		count++;
		if (*text != '0')
			last = count;
	}
	return last;
}

/* It reads back, and printf needs at least as many digits for that. */
static void repr_is_shortest(void **state)
{
	uint64_t seed = 7;
	char other[64];

	for (int i = 0; i < 10000; i++) {
		double d = random_double(&seed);
		char *text = PyOS_double_to_string(d, 'r', 0, Py_DTSF_ADD_DOT_0);
		int precision = -1;

		assert_true(strtod(text, NULL) == d);
		do
			snprintf(other, sizeof(other), "%.*e", ++precision, d);
		while (strtod(other, NULL) != d);
		assert_true(significant(text) <= precision + 1);
		PyMem_Free(text);
	}
}

static void fixed_forms_are_printfs(void **state)
{
	static const char codes[] = "efg";
	uint64_t seed = 11;
	char want[1024], format[8];

	for (int i = 0; i < 5000; i++) {
		double d = random_double(&seed);
		char code = codes[i % 3], *text;
		int precision = i % 25;

		if (code == 'f' && fabs(d) > 1e100)
			continue;
		snprintf(format, sizeof(format), "%%.*%c", code);
		snprintf(want, sizeof(want), format, precision, d);
		text = PyOS_double_to_string(d, code, precision, 0);
		assert_string_equal(text, want);
		PyMem_Free(text);
	}
}

static void known_forms(void **state)
{
	static const struct {
		double value;
		const char *text;
	} cases[] = {
		{0.1, "0.1"},
		{1e16, "1e+16"},
		{1e15, "1000000000000000.0"},
		{1e-4, "0.0001"},
		{1e-5, "1e-05"},
		{5e-324, "5e-324"},
		{-0.0, "-0.0"},
		{0x1p-44, "5.684341886080802e-14"},
		{1.7976931348623157e308, "1.7976931348623157e+308"},
		{INFINITY, "inf"},
		{9007199254740993.0, "9007199254740992.0"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_repr(PyFloat_FromDouble(cases[i].value), cases[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(repr_is_shortest),
		cmocka_unit_test(fixed_forms_are_printfs),
		cmocka_unit_test(known_forms),
	};

	return cmocka_run_group_tests(tests, world_setup, NULL);
}
