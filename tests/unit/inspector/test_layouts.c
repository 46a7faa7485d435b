/* SPDX-License-Identifier: BSD-2-Clause */
#include "python/runtime.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	unsigned major, minor, micro;
} known[] = {
	{2, 7, 18},  {3, 6, 15}, {3, 7, 0},  {3, 7, 16}, {3, 8, 18},  {3, 9, 18},
	{3, 10, 13}, {3, 11, 2}, {3, 12, 1}, {3, 13, 0}, {3, 14, 10}, {3, 15, 2},
};

static void every_row_is_sound(void **state)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		const struct pyi_layout *row =
			pyi_layout_for(known[i].major, known[i].minor, known[i].micro);
		struct pyi_error *err;

		assert_non_null(row);
		assert_int_equal(row->python_major, known[i].major);
		assert_int_equal(row->python_minor, known[i].minor);
		err = pyi_layout_validate(row);
		assert_string_equal(err ? err->message : "", "");
		assert_int_equal(row->size, sizeof(*row));
		assert_memory_equal(row->cookie, PYI_LAYOUT_COOKIE, sizeof(row->cookie));
	}
}

static void unknown_versions_have_no_row(void **state)
{
	assert_null(pyi_layout_for(3, 5, 0));
	assert_null(pyi_layout_for(3, 16, 0));
	assert_null(pyi_layout_for(2, 6, 9));
}

static void the_nearest_older_patch_level_counts(void **state)
{
	/* 3.7.4 moved what lies behind the collector's state. */
	assert_int_equal(pyi_layout_for(3, 7, 0)->gil_locked, 1192);
	assert_int_equal(pyi_layout_for(3, 7, 3)->gil_locked, 1192);
	assert_int_equal(pyi_layout_for(3, 7, 4)->gil_locked, 1280);
	assert_int_equal(pyi_layout_for(3, 7, UINT32_MAX)->gil_locked, 1280);
}

/* 0 is a real offset and absent is PYI_NONE. */
static void absent_is_not_zero(void **state)
{
	const struct pyi_layout *row = pyi_layout_for(3, 12, 1);

	assert_int_equal(row->frame_code, 0);
	assert_int_equal(row->frame_is_entry, PYI_NONE);
	assert_int_equal(row->dict_mask, PYI_NONE);
	assert_int_equal(row->eval_slot, PYI_NONE);
	assert_int_equal(pyi_layout_for(2, 7, 18)->code_qualname, PYI_NONE);
}

static struct pyi_error *validate_with(size_t field, uint32_t value)
{
	struct pyi_layout layout = *pyi_layout_for(3, 11, 2);

	memcpy((char *)&layout + field, &value, sizeof(value));
	return pyi_layout_validate(&layout);
}

static void offsets_must_fit_their_struct(void **state)
{
	static const struct {
		size_t field;
		uint32_t value;
		bool fits;
	} cases[] = {
		{offsetof(struct pyi_layout, frame_back), 72, true}, /* of 80 */
		{offsetof(struct pyi_layout, frame_back), 73, false},
		{offsetof(struct pyi_layout, frame_back), UINT32_MAX - 1, false},
		{offsetof(struct pyi_layout, frame_owner), 79, true},
		{offsetof(struct pyi_layout, frame_owner), 80, false},
		/* What follows the fixed part may begin at its end. */
		{offsetof(struct pyi_layout, frame_localsplus), 80, true},
		{offsetof(struct pyi_layout, frame_localsplus), 81, false},
		{offsetof(struct pyi_layout, frame_size), 0, false},
		{offsetof(struct pyi_layout, frame_size), 4096, true},
		{offsetof(struct pyi_layout, frame_size), 4097, false},
		{offsetof(struct pyi_layout, runtime_interp_head), 166688, false},
		/* Structs without a size have a limit all the same. */
		{offsetof(struct pyi_layout, cframe_previous), 1u << 17, false},
		{offsetof(struct pyi_layout, func_code), PYI_NONE, true},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pyi_error *err = validate_with(cases[i].field, cases[i].value);

		assert_int_equal(err == NULL, cases[i].fits);
		if (err)
			assert_int_equal(err->code, PYI_ERR_BAD_DATA);
		pyi_error_destroy(err);
	}
}

static void choices_must_be_known(void **state)
{
	struct pyi_error *err = validate_with(offsetof(struct pyi_layout, how_frames), 4);

	assert_non_null(err);
	assert_string_equal(err->message, "layout: how_frames 4 is unknown");
	pyi_error_destroy(err);
	err = validate_with(offsetof(struct pyi_layout, how_str), PYI_NONE);
	assert_non_null(err);
	pyi_error_destroy(err);
	err = validate_with(offsetof(struct pyi_layout, how_gil), 0);
	assert_non_null(err);
	pyi_error_destroy(err);
}

static void what_the_walks_need_must_be_there(void **state)
{
	struct pyi_error *err = validate_with(offsetof(struct pyi_layout, tstate_next), PYI_NONE);

	assert_non_null(err);
	assert_string_equal(err->message, "layout: tstate_next is absent");
	pyi_error_destroy(err);
	/* Needed by 3.11's way of pairing, not by the others. */
	err = validate_with(offsetof(struct pyi_layout, frame_is_entry), PYI_NONE);
	assert_non_null(err);
	pyi_error_destroy(err);
	err = validate_with(offsetof(struct pyi_layout, tstate_cframe), PYI_NONE);
	assert_null(err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_sound),
		cmocka_unit_test(unknown_versions_have_no_row),
		cmocka_unit_test(the_nearest_older_patch_level_counts),
		cmocka_unit_test(absent_is_not_zero),
		cmocka_unit_test(offsets_must_fit_their_struct),
		cmocka_unit_test(choices_must_be_known),
		cmocka_unit_test(what_the_walks_need_must_be_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
