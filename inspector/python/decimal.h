/* SPDX-License-Identifier: BSD-2-Clause */
/* Binary numbers as decimal text: pure functions, no target. */
#ifndef PYI_PYTHON_DECIMAL_H
#define PYI_PYTHON_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The number of n little-endian digits of shift (at most 32) bits each. Quadratic time. NULL when
 * memory is out. Caller frees. */
char *pyi_decimal_whole(const uint32_t *digits, size_t n, unsigned shift);

/* How many of the highest digits pyi_decimal_leading needs for so many decimal digits. */
size_t pyi_decimal_leading_words(size_t decimals, unsigned shift);
/* The first decimal digits, at most `decimals` of them, of the number whose n highest digits are
 * given and which has `below` more of any value. Every digit of the result is right; a number just
 * around a power of ten may give fewer, even none. Caller frees; NULL when memory is out. */
char *pyi_decimal_leading(const uint32_t *digits, size_t n, unsigned shift, uint64_t below,
			  size_t decimals);

/* The shortest text that reads back as the same double, as Python's repr writes it; with dot_zero,
 * what looks like an int gets ".0". */
enum { PYI_DOUBLE_MAX = 48 };
void pyi_decimal_double(double value, bool dot_zero, char text[PYI_DOUBLE_MAX]);

#endif
