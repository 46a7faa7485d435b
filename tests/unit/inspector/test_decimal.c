/* SPDX-License-Identifier: BSD-2-Clause */
/* Decimal text of ints and doubles, at the places where it is easy to be off by one. */
#include "expect_value.h"
#include "python/decimal.h"

#include <float.h>
#include <stdio.h>

static void expect_double(double value, const char *want)
{
	char text[PYI_DOUBLE_MAX];

	pyi_decimal_double(value, true, text);
	assert_string_equal(text, want);
}

static void doubles_are_shortest(void **state)
{
	expect_double(0.1, "0.1");
	expect_double(1.0 / 3, "0.3333333333333333");
	expect_double(-0.0, "-0.0");
	expect_double(100, "100.0");
	expect_double(5e-324, "5e-324");
	expect_double(DBL_MAX, "1.7976931348623157e+308");
	expect_double(2.2250738585072014e-308, "2.2250738585072014e-308");
	expect_double(123456.789, "123456.789");
}

/* The nearest 16 digits lie below and do not read back; the next one up does. */
static void doubles_at_powers_of_two(void **state)
{
	expect_double(0x1p172, "5.986310706507379e+51");
	expect_double(0x1p976, "6.386688990511104e+293");
	expect_double(0x1p53, "9007199254740992.0");
}

static void doubles_change_form(void **state)
{
	char text[PYI_DOUBLE_MAX];

	expect_double(0.0001, "0.0001");
	expect_double(0.00001, "1e-05");
	expect_double(1e15, "1000000000000000.0");
	expect_double(1e16, "1e+16");
	expect_double(9999999999999998, "9999999999999998.0");
	expect_double(1.5e100, "1.5e+100");
	expect_double(__builtin_inf(), "inf");
	expect_double(-__builtin_inf(), "-inf");
	expect_double(-__builtin_nan(""), "nan");
	pyi_decimal_double(3, false, text);
	assert_string_equal(text, "3");
}

static void expect_whole(const uint32_t *digits, size_t n, unsigned shift, const char *want)
{
	char *text = pyi_decimal_whole(digits, n, shift);

	assert_string_equal(text, want);
	free(text);
}

static void ints_whole(void **state)
{
	expect_whole(NULL, 0, 30, "0");
	expect_whole((uint32_t[]){999999999}, 1, 30, "999999999");
	expect_whole((uint32_t[]){1000000000}, 1, 30, "1000000000");
	expect_whole((uint32_t[]){0, 1}, 2, 30, "1073741824");
	expect_whole((uint32_t[]){0, 1}, 2, 32, "4294967296");
	expect_whole((uint32_t[]){0, 0, 4}, 3, 30, "4611686018427387904");
	expect_whole((uint32_t[]){UINT32_MAX, UINT32_MAX}, 2, 32, "18446744073709551615");
	expect_whole((uint32_t[]){5, 0, 0}, 3, 30, "5");
}

/* Pseudo-random digits: the leading decimals equal those of the whole conversion. */
static void ints_leading(void **state)
{
	enum { N = 1600, SHOWN = 100 };
	uint32_t *digits = calloc(N, sizeof(*digits)), next = 1;
	size_t words = pyi_decimal_leading_words(SHOWN, 32);
	char *whole, *leading;

	for (size_t i = 0; i < N; i++)
		digits[i] = next = next * 1664525 + 1013904223;
	whole = pyi_decimal_whole(digits, N, 32);
	leading = pyi_decimal_leading(digits + N - words, words, 32, N - words, SHOWN);
	assert_int_equal(strlen(leading), SHOWN);
	assert_memory_equal(whole, leading, SHOWN);
	free(whole);
	free(leading);
	free(digits);
}

/* 10^400: just below and just above differ in every digit, so none is claimed. */
static void leading_around_power_of_ten(void **state)
{
	uint32_t digits[64] = {1}, top[16];
	size_t n = 1, words = pyi_decimal_leading_words(9, 32);
	char *text;

	for (int k = 0; k < 400; k++) {
		uint64_t carry = 0;

		for (size_t i = 0; i < n; i++) {
			uint64_t t = digits[i] * (uint64_t)10 + carry;

			digits[i] = (uint32_t)t;
			carry = t >> 32;
		}
		if (carry)
			digits[n++] = (uint32_t)carry;
	}
	assert_true(words <= 16 && words < n);
	memcpy(top, digits + n - words, words * 4);
	text = pyi_decimal_leading(top, words, 32, n - words, 9);
	assert_true(text[0] == '\0' || strncmp(text, "1000000000", strlen(text)) == 0);
	free(text);
	memset(top, 0, sizeof(top));
	text = pyi_decimal_leading(top, words, 32, UINT64_MAX / 64, 9);
	assert_string_equal(text, "");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(doubles_are_shortest),
		cmocka_unit_test(doubles_at_powers_of_two),
		cmocka_unit_test(doubles_change_form),
		cmocka_unit_test(ints_whole),
		cmocka_unit_test(ints_leading),
		cmocka_unit_test(leading_around_power_of_ten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
