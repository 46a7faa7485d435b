/* SPDX-License-Identifier: BSD-2-Clause */
#include "debug_words.h"
#include "python/debug_offsets.h"
#include "python/runtime.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct table {
	char cookie[8];
	uint64_t version, free_threaded;
	uint64_t words[(PYI_DEBUG_OFFSETS_MAX - 24) / 8];
};

static struct table make(uint64_t version, const uint64_t *words, size_t size)
{
	struct table t = {.version = version};

	memcpy(t.cookie, "xdebugpy", sizeof(t.cookie));
	memcpy(t.words, words, size);
	return t;
}

/* The row and the target's own table say the same of the builds that the rows were made from. */
static void check_equal(unsigned minor, const uint64_t *words, size_t size)
{
	struct table t = make(0x030000f0u | minor << 16, words, size);
	struct pyi_layout layout = *pyi_layout_for(3, minor, 255);
	struct pyi_error *err = pyi_debug_offsets_merge(&t, 24 + size, &layout);

	assert_string_equal(err ? err->message : "", "");
	assert_memory_equal(&layout, pyi_layout_for(3, minor, 255), sizeof(layout));
}

static void tables_equal_their_rows(void **state)
{
	check_equal(13, words_3_13, sizeof(words_3_13));
	check_equal(14, words_3_14, sizeof(words_3_14));
	check_equal(15, words_3_15, sizeof(words_3_15));
}

/* Each word that is used changes what it stands for, and nothing else. */
static void the_table_wins_over_the_row(void **state)
{
	struct table t = make(0x030d00f0, words_3_13, sizeof(words_3_13));
	struct pyi_layout layout = *pyi_layout_for(3, 13, 0);

	t.words[2] += 8;  /* interpreters_head */
	t.words[7] += 16; /* gc */
	t.words[14] += 4; /* gil_runtime_state_locked */
	t.words[20] -= 8; /* current_frame */
	assert_null(pyi_debug_offsets_merge(&t, sizeof(t), &layout));
	assert_int_equal(layout.runtime_interp_head, 640);
	assert_int_equal(layout.interp_gc_collecting, 7616);
	assert_int_equal(layout.gil_locked, 20);
	assert_int_equal(layout.gil_holder, 8);
	assert_int_equal(layout.tstate_frame, 64);
	/* What the table does not have stays the row's. */
	assert_int_equal(layout.frame_locals, 40);
}

static void the_head(void **state)
{
	struct table t = make(0x030e0ab2, words_3_14, sizeof(words_3_14));
	bool free_threaded = true;
	uint32_t version = 0;

	assert_true(pyi_debug_offsets_present(&t, 24, &version, &free_threaded));
	assert_int_equal(version, 0x030e0ab2);
	assert_false(free_threaded);
	t.free_threaded = 1;
	assert_true(pyi_debug_offsets_present(&t, 24, &version, &free_threaded));
	assert_true(free_threaded);
	assert_false(pyi_debug_offsets_present(&t, 23, &version, &free_threaded));
	t.cookie[7] = 'x';
	assert_false(pyi_debug_offsets_present(&t, sizeof(t), &version, &free_threaded));
}

static void refuse(const struct table *t, size_t len, unsigned minor)
{
	struct pyi_layout layout = *pyi_layout_for(3, minor, 255), before = layout;
	struct pyi_error *err = pyi_debug_offsets_merge(t, len, &layout);

	assert_non_null(err);
	assert_int_equal(err->code, PYI_ERR_BAD_DATA);
	assert_memory_equal(&layout, &before, sizeof(layout));
	pyi_error_destroy(err);
}

static void what_cannot_be_is_refused(void **state)
{
	const struct table good = make(0x030d00f0, words_3_13, sizeof(words_3_13));
	struct table t;

	refuse(&good, 24 + sizeof(words_3_13) - 1, 13);
	refuse(&good, 0, 13);
	/* No shape is known for it. */
	refuse(&good, sizeof(good), 12);
	t = good;
	t.words[20] = 300; /* current_frame: 304 bytes are too few for it */
	refuse(&t, sizeof(t), 13);
	t = good;
	t.words[20] = 1ull << 32 | 72; /* would fit if it were cut to 32 bits */
	refuse(&t, sizeof(t), 13);
	t = good;
	t.words[16] = 1u << 30; /* size of the thread state */
	refuse(&t, sizeof(t), 13);
	t = good;
	t.words[15] = 0; /* the holder before its lock */
	refuse(&t, sizeof(t), 13);
	/* Differences that would be small numbers in 32 bits. */
	t = good;
	t.words[12] = 0xfffffff0;
	t.words[14] = 0;
	t.words[15] = 0xfffffff8;
	refuse(&t, sizeof(t), 13);
	t.words[14] = 0xfffffff8;
	t.words[15] = 0;
	refuse(&t, sizeof(t), 13);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_equal_their_rows),
		cmocka_unit_test(the_table_wins_over_the_row),
		cmocka_unit_test(the_head),
		cmocka_unit_test(what_cannot_be_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
