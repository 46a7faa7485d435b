/* SPDX-License-Identifier: BSD-2-Clause */
/* Fake objects, cmocka, and what a fake object's repr must be. */
#ifndef TESTS_EXPECT_VALUE_H
#define TESTS_EXPECT_VALUE_H

#include "fake_objects.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static inline struct pyi_value heap_read(struct heap *h, uint64_t obj, size_t max_bytes)
{
	struct pyi_value value;

	pyi_value_read(&h->target, &h->rt, obj, &(struct pyi_value_options){.max_bytes = max_bytes},
		       &value);
	return value;
}

/* The object's repr is exactly this, whole and readable. */
#define expect_repr(h, obj, want)                             \
	do {                                                  \
		struct pyi_value got_ = heap_read(h, obj, 0); \
		assert_string_equal(got_.repr, want);         \
		assert_false(got_.truncated);                 \
		assert_false(got_.unreadable);                \
		pyi_value_deinit(&got_);                      \
	} while (0)

/* The repr is cut to exactly this. */
#define expect_cut(h, obj, max, want)                           \
	do {                                                    \
		struct pyi_value got_ = heap_read(h, obj, max); \
		assert_string_equal(got_.repr, want);           \
		assert_true(got_.truncated);                    \
		pyi_value_deinit(&got_);                        \
	} while (0)

/* Some part of it could not be read, and the text says why. */
#define expect_unreadable(h, obj, why)                        \
	do {                                                  \
		struct pyi_value got_ = heap_read(h, obj, 0); \
		assert_true(got_.unreadable);                 \
		assert_non_null(strstr(got_.repr, why));      \
		pyi_value_deinit(&got_);                      \
	} while (0)

#endif
