/* SPDX-License-Identifier: BSD-2-Clause */
/* Decimal text through limbs of nine decimal digits each, little-endian. */
#include "python/decimal.h"
#include "base/cleanup.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BASE = 1000000000, BASE_DIGITS = 9, GUARD_LIMBS = 6 };

/* limbs has room for all of the number; returns how many are used. */
static size_t to_limbs(const uint32_t *digits, size_t n, unsigned shift, uint32_t *limbs)
{
	size_t used = 0;

	for (size_t i = n; i-- > 0;) {
		uint64_t carry = digits[i];

		for (size_t j = 0; j < used; j++) {
			uint64_t t = ((uint64_t)limbs[j] << shift) + carry;

			carry = t / BASE;
			limbs[j] = (uint32_t)(t - carry * BASE);
		}
		for (; carry; carry /= BASE)
			limbs[used++] = (uint32_t)(carry % BASE);
	}
	return used;
}

/* 2^29 < 10^9: a limb holds at least 29 bits. */
static size_t limbs_for(size_t n, unsigned shift)
{
	return n * shift / 29 + 2;
}

static char *limbs_text(const uint32_t *limbs, size_t used)
{
	char *text = malloc(used * BASE_DIGITS + 2), *at = text;

	if (!text)
		return NULL;
	if (!used)
		return strcpy(text, "0");
	at += sprintf(at, "%u", limbs[used - 1]);
	for (size_t i = used - 1; i-- > 0;)
		at += sprintf(at, "%09u", limbs[i]);
	return text;
}

char *pyi_decimal_whole(const uint32_t *digits, size_t n, unsigned shift)
{
	pyi_autofree uint32_t *limbs = malloc(limbs_for(n, shift) * sizeof(*limbs));

	return limbs ? limbs_text(limbs, to_limbs(digits, n, shift, limbs)) : NULL;
}

/* -- Leading digits ----------------------------------------------------------------------------
 * Numbers of `size` limbs, the highest not zero, whose power of BASE does not matter: a product is
 * cut to its highest limbs. Every cut only lowers the value, by less than 1 part in BASE^(size-1);
 * squaring doubles what is missing. A shift of s bits takes log2(s) < 64 squarings, so less than
 * 2^67 parts are missing at the end: adding 1 to the limb number GUARD_LIMBS - 1 (10^45 parts)
 * gives a value above the true one. What both have in common is right. */

static size_t leading_size(size_t decimals)
{
	return decimals / BASE_DIGITS + 1 + GUARD_LIMBS;
}

size_t pyi_decimal_leading_words(size_t decimals, unsigned shift)
{
	return leading_size(decimals) * 30 / shift + 2;
}

/* The highest size limbs of from[0 .. used), moved to `to`. */
static void highest(uint32_t *to, const uint32_t *from, size_t used, size_t size)
{
	while (used && !from[used - 1])
		used--;
	for (size_t i = 0; i < size; i++)
		to[i] = i + used >= size ? from[i + used - size] : 0;
}

/* a *= b; wide has room for 2 * size limbs. */
static void multiply(uint32_t *a, const uint32_t *b, size_t size, uint32_t *wide)
{
	memset(wide, 0, 2 * size * sizeof(*wide));
	for (size_t i = 0; i < size; i++) {
		uint64_t carry = 0;

		for (size_t j = 0; j < size; j++) {
			uint64_t t = wide[i + j] + (uint64_t)a[i] * b[j] + carry;

			carry = t / BASE;
			wide[i + j] = (uint32_t)(t % BASE);
		}
		wide[i + size] = (uint32_t)carry;
	}
	highest(a, wide, 2 * size, size);
}

/* power = 2^s */
static void power_of_two(uint32_t *power, uint64_t s, size_t size, uint32_t *wide)
{
	memset(power, 0, size * sizeof(*power));
	power[size - 1] = 1;
	for (int bit = 63; bit >= 0; bit--) {
		uint32_t carry = 0;

		multiply(power, power, size, wide);
		if (!(s >> bit & 1))
			continue;
		memset(wide, 0, 2 * size * sizeof(*wide));
		for (size_t i = 0; i < size; i++) {
			wide[i] = (power[i] * 2 + carry) % BASE;
			carry = (power[i] * 2 + carry) / BASE;
		}
		wide[size] = carry;
		highest(power, wide, size + 1, size);
	}
}

char *pyi_decimal_leading(const uint32_t *digits, size_t n, unsigned shift, uint64_t below,
			  size_t decimals)
{
	size_t size = leading_size(decimals), common = 0, most = limbs_for(n, shift) + size;
	pyi_autofree uint32_t *number = calloc(3 * size + most, sizeof(*number));
	pyi_autofree char *upper = NULL;
	uint32_t *power, *wide;
	char *text;

	if (!number)
		return NULL;
	power = number + size;
	wide = power + size; /* 2 * size limbs for products, most for the conversion */
	highest(number, wide, to_limbs(digits, n, shift, wide), size);
	power_of_two(power, below * shift, size, wide);
	multiply(number, power, size, wide);
	text = limbs_text(number, size);
	for (size_t i = GUARD_LIMBS - 1; i < size && ++number[i] == BASE; i++)
		number[i] = 0;
	upper = limbs_text(number, size);
	if (!text || !upper) {
		free(text);
		return NULL;
	}
	/* A carry out of the highest limb, or a longer one, leaves nothing in common. */
	if (strlen(upper) == strlen(text) && number[size - 1])
		while (common < decimals && text[common] && text[common] == upper[common])
			common++;
	text[common] = '\0';
	return text;
}

/* -- Doubles -----------------------------------------------------------------------------------*/

/* value = digits * 10^exponent, digits the nearest integer of that many decimal digits. */
static void round_to(double value, int n, uint64_t *digits, int *exponent)
{
	char text[40], *at = text;

	snprintf(text, sizeof(text), "%.*e", n - 1, value);
	*digits = 0;
	for (; *at && *at != 'e'; at++) /* whatever the locale's decimal point is */
		if (*at >= '0' && *at <= '9')
			*digits = *digits * 10 + (uint64_t)(*at - '0');
	*exponent = (*at ? atoi(at + 1) : 0) - (n - 1);
}

static bool reads_back(double value, uint64_t digits, int exponent)
{
	char text[40];

	snprintf(text, sizeof(text), "%llue%d", (unsigned long long)digits, exponent);
	return strtod(text, NULL) == value;
}

/* The shortest digits that read back as value, a positive finite double. The nearest number of n
 * digits is it when any of n digits is, save at powers of two: the gap below them is half the gap
 * above, so the next one up may do where the nearest, below, does not. A normal double's shortest
 * form of up to 15 digits is its nearest 15-digit number without the zeros at its end. */
static void shortest(double value, uint64_t *digits, int *exponent)
{
	int power;
	bool power_of_two = frexp(value, &power) == 0.5;

	for (int n = value < DBL_MIN ? 1 : DBL_DIG; n <= 17; n++) {
		round_to(value, n, digits, exponent);
		if (reads_back(value, *digits, *exponent))
			break;
		if (power_of_two && reads_back(value, *digits + 1, *exponent)) {
			++*digits;
			break;
		}
	}
	for (; *digits && *digits % 10 == 0; ++*exponent)
		*digits /= 10;
}

/* repr's rules: an exponent below 1e-4 and from 1e16 on, of at least two digits (CPython
 * Python/pystrtod.c, format_float_short with code 'r'). */
void pyi_decimal_double(double value, bool dot_zero, char text[PYI_DOUBLE_MAX])
{
	const char *sign = signbit(value) && !isnan(value) ? "-" : "";
	uint64_t digits = 0;
	int exponent = 0, n, point;
	char d[24];

	if (isnan(value) || isinf(value)) {
		snprintf(text, PYI_DOUBLE_MAX, "%s%s", sign, isnan(value) ? "nan" : "inf");
		return;
	}
	if (value != 0)
		shortest(fabs(value), &digits, &exponent);
	n = snprintf(d, sizeof(d), "%llu", (unsigned long long)digits);
	point = n + exponent; /* digits before the decimal point */
	if (point <= -4 || point > 16)
		snprintf(text, PYI_DOUBLE_MAX, "%s%c%s%se%+03d", sign, d[0], n > 1 ? "." : "",
			 d + 1, point - 1);
	else if (point <= 0)
		snprintf(text, PYI_DOUBLE_MAX, "%s0.%.*s%s", sign, -point, "000", d);
	else if (point < n)
		snprintf(text, PYI_DOUBLE_MAX, "%s%.*s.%s", sign, point, d, d + point);
	else
		snprintf(text, PYI_DOUBLE_MAX, "%s%s%.*s%s", sign, d, point - n, "0000000000000000",
			 dot_zero ? ".0" : "");
}
