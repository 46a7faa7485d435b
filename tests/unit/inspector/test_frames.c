/* SPDX-License-Identifier: BSD-2-Clause */
#include "fake_python.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct pyi_py_stack read_stack(struct fake *f, size_t max)
{
	const struct pyi_tstate ts = {.addr = FAKE_TSTATE(0), .interp = FAKE_INTERP(0)};
	struct pyi_py_stack stack = {0};

	assert_null(pyi_py_frames_read(&f->target, &f->rt, &ts, max, &stack));
	return stack;
}

/* 3.11: the thread's cframes, innermost first, each with the innermost frame of its eval call. */
static void put_cframes(struct fake *f, const int *top, int n)
{
	const struct pyi_layout *l = &f->rt.layout;
	uint64_t root = FAKE_TSTATE(0) + 64;

	fake_u64(f, FAKE_TSTATE(0), l->tstate_frame, n ? FAKE_CFRAME(0) : root);
	for (int i = 0; i < n; i++) {
		fake_u64(f, FAKE_CFRAME(i), l->cframe_current_frame, FAKE_FRAME(top[i]));
		fake_u64(f, FAKE_CFRAME(i), l->cframe_previous,
			 i + 1 < n ? FAKE_CFRAME(i + 1) : root);
	}
}

static void no_frames(void **state)
{
	struct fake *f = fake_create(3, 13);
	struct pyi_py_stack stack = read_stack(f, 100);

	assert_int_equal(stack.end, PYI_END_COMPLETE);
	assert_int_equal(stack.frames.len, 0);
	pyi_py_stack_deinit(&stack);
	fake_destroy(f);
}

static void heap_frames_are_one_to_a_call(void **state)
{
	struct fake *f = fake_create(3, 9);
	struct pyi_py_stack stack;

	fake_u64(f, FAKE_TSTATE(0), f->rt.layout.tstate_frame, FAKE_FRAME(0));
	fake_frame(f, 0, 1, 21);
	fake_frame(f, 1, -1, -1);
	fake_u32(f, FAKE_CODE(1), f->rt.layout.code_flags, 0x80);
	stack = read_stack(f, 100);
	assert_int_equal(stack.end, PYI_END_COMPLETE);
	assert_int_equal(stack.frames.len, 2);
	assert_int_equal(stack.frames.data[0].addr, FAKE_FRAME(0));
	assert_int_equal(stack.frames.data[0].code, FAKE_CODE(0));
	assert_int_equal(stack.frames.data[0].lasti_units, 21);
	assert_true(stack.frames.data[0].entry);
	assert_false(stack.frames.data[0].generator);
	assert_int_equal(stack.frames.data[0].mark, 0);
	assert_true(stack.frames.data[1].lasti_units == UINT64_MAX);
	assert_true(stack.frames.data[1].generator);
	pyi_py_stack_deinit(&stack);
	fake_destroy(f);
}

/* 2.7's instructions have odd addresses, too. */
static void bytes_stay_bytes_in_2_7(void **state)
{
	struct fake *f = fake_create(2, 7);
	struct pyi_py_stack stack;

	fake_u64(f, FAKE_TSTATE(0), f->rt.layout.tstate_frame, FAKE_FRAME(0));
	fake_frame(f, 0, -1, 0);
	fake_u32(f, FAKE_FRAME(0), f->rt.layout.frame_lasti, 13);
	stack = read_stack(f, 100);
	assert_int_equal(stack.frames.len, 1);
	assert_int_equal(stack.frames.data[0].lasti_units, 13);
	pyi_py_stack_deinit(&stack);
	fake_destroy(f);
}

static void every_frame_of_3_10_has_its_cframe(void **state)
{
	struct fake *f = fake_create(3, 10);
	const struct pyi_layout *l = &f->rt.layout;
	struct pyi_py_stack stack;

	fake_u64(f, FAKE_TSTATE(0), l->tstate_frame, FAKE_FRAME(0));
	fake_u64(f, FAKE_TSTATE(0), l->tstate_cframe, FAKE_CFRAME(0));
	fake_u64(f, FAKE_CFRAME(0), l->cframe_previous, FAKE_CFRAME(1));
	fake_u64(f, FAKE_CFRAME(1), l->cframe_previous, FAKE_TSTATE(0) + 56);
	fake_frame(f, 0, 1, 4);
	fake_frame(f, 1, 2, 5);
	fake_frame(f, 2, -1, 6);
	stack = read_stack(f, 100);
	assert_int_equal(stack.frames.len, 3);
	assert_int_equal(stack.frames.data[0].lasti_units, 4);
	assert_int_equal(stack.frames.data[0].mark, FAKE_CFRAME(0));
	assert_int_equal(stack.frames.data[1].mark, FAKE_CFRAME(1));
	/* The last link lies in the thread state: no eval call. */
	assert_int_equal(stack.frames.data[2].mark, 0);
	pyi_py_stack_deinit(&stack);
	fake_destroy(f);
}

static void entries_of_3_11_have_their_cframes(void **state)
{
	struct fake *f = fake_create(3, 11);
	const struct pyi_layout *l = &f->rt.layout;
	struct pyi_py_stack stack;

	put_cframes(f, (const int[]){0, 2}, 2);
	fake_frame(f, 0, 1, 3);
	fake_frame(f, 1, 2, 4);
	fake_frame(f, 2, -1, 5);
	fake_u8(f, FAKE_FRAME(1), l->frame_is_entry, 1);
	fake_u8(f, FAKE_FRAME(2), l->frame_is_entry, 1);
	fake_u8(f, FAKE_FRAME(2), l->frame_owner, (uint8_t)l->owner_generator);
	stack = read_stack(f, 100);
	assert_int_equal(stack.end, PYI_END_COMPLETE);
	assert_int_equal(stack.frames.len, 3);
	assert_false(stack.frames.data[0].entry);
	/* Where the chain is broken before the entry, the frames until there still have their
	 * place. */
	assert_int_equal(stack.frames.data[0].mark, FAKE_CFRAME(0));
	assert_true(stack.frames.data[1].entry);
	assert_int_equal(stack.frames.data[1].mark, FAKE_CFRAME(0));
	assert_int_equal(stack.frames.data[2].mark, FAKE_CFRAME(1));
	assert_true(stack.frames.data[2].generator);
	assert_int_equal(stack.frames.data[2].lasti_units, 5);
	pyi_py_stack_deinit(&stack);
	fake_destroy(f);
}

/* A cframe that names another frame is not guessed to belong here, nor is any after it. */
static void a_cframe_that_does_not_fit_is_no_mark(void **state)
{
	struct fake *f = fake_create(3, 11);
	struct pyi_py_stack stack;

	put_cframes(f, (const int[]){0, 0, 2}, 3);
	for (int i = 0; i < 3; i++) {
		fake_frame(f, i, i < 2 ? i + 1 : -1, 3);
		fake_u8(f, FAKE_FRAME(i), f->rt.layout.frame_is_entry, 1);
	}
	stack = read_stack(f, 100);
	assert_int_equal(stack.frames.len, 3);
	assert_int_equal(stack.frames.data[0].mark, FAKE_CFRAME(0));
	assert_int_equal(stack.frames.data[1].mark, 0);
	assert_int_equal(stack.frames.data[2].mark, 0);
	pyi_py_stack_deinit(&stack);
	fake_destroy(f);
}

static void shims_end_batches(void **state)
{
	struct fake *f = fake_create(3, 13);
	struct pyi_py_stack stack;

	fake_u64(f, FAKE_TSTATE(0), f->rt.layout.tstate_frame, FAKE_FRAME(0));
	fake_frame(f, 0, 1, 9);
	fake_shim(f, 1, 2);
	fake_frame(f, 2, 3, 8);
	fake_shim(f, 3, -1);
	stack = read_stack(f, 100);
	assert_int_equal(stack.end, PYI_END_COMPLETE);
	assert_int_equal(stack.frames.len, 4);
	assert_false(stack.frames.data[0].shim);
	assert_false(stack.frames.data[0].entry);
	assert_int_equal(stack.frames.data[0].lasti_units, 9);
	assert_true(stack.frames.data[1].shim);
	assert_true(stack.frames.data[1].entry);
	assert_int_equal(stack.frames.data[1].mark, FAKE_FRAME(1));
	assert_int_equal(stack.frames.data[1].code, 0);
	assert_true(stack.frames.data[3].shim);
	pyi_py_stack_deinit(&stack);
	fake_destroy(f);
}

static void tags_are_cleared_and_the_base_frame_is_left_out(void **state)
{
	struct fake *f = fake_create(3, 15);
	const struct pyi_layout *l = &f->rt.layout;
	struct pyi_py_stack stack;

	fake_u64(f, FAKE_TSTATE(0), l->tstate_frame, FAKE_FRAME(0));
	fake_u64(f, FAKE_TSTATE(0), l->tstate_base_frame, FAKE_FRAME(2));
	fake_frame(f, 0, 1, 9);
	fake_u64(f, FAKE_FRAME(0), l->frame_code, FAKE_CODE(0) | 1);
	fake_shim(f, 1, 2);
	fake_shim(f, 2, -1);
	stack = read_stack(f, 100);
	assert_int_equal(stack.end, PYI_END_COMPLETE);
	assert_int_equal(stack.frames.len, 2);
	assert_int_equal(stack.frames.data[0].code, FAKE_CODE(0));
	assert_int_equal(stack.frames.data[0].lasti_units, 9);
	pyi_py_stack_deinit(&stack);
	fake_destroy(f);
}

static void half_made_frames_are_incomplete(void **state)
{
	struct fake *f = fake_create(3, 12);
	const struct pyi_layout *l = &f->rt.layout;
	struct pyi_py_stack stack;

	put_cframes(f, (const int[]){0}, 1);
	fake_frame(f, 0, 1, -1);
	fake_frame(f, 1, 2, 2);
	fake_frame(f, 2, 3, 2);
	fake_frame(f, 3, 4, 3);
	fake_frame(f, 4, 5, FAKE_UNITS);
	fake_shim(f, 5, -1);
	for (int i = 1; i < 4; i++)
		fake_code(f, i, 3);
	fake_u8(f, FAKE_FRAME(2), l->frame_owner, (uint8_t)l->owner_generator);
	stack = read_stack(f, 100);
	assert_int_equal(stack.frames.len, 6);
	assert_true(stack.frames.data[0].incomplete);
	assert_true(stack.frames.data[0].lasti_units == UINT64_MAX);
	assert_true(stack.frames.data[1].incomplete);
	assert_int_equal(stack.frames.data[1].lasti_units, 2);
	assert_false(stack.frames.data[2].incomplete);
	assert_false(stack.frames.data[3].incomplete);
	/* Beyond the code: no position rather than a wrong one. */
	assert_true(stack.frames.data[4].lasti_units == UINT64_MAX);
	pyi_py_stack_deinit(&stack);
	fake_destroy(f);
}

static void a_limit_ends_the_walk(void **state)
{
	struct fake *f = fake_create(3, 9);
	struct pyi_py_stack stack;

	fake_u64(f, FAKE_TSTATE(0), f->rt.layout.tstate_frame, FAKE_FRAME(0));
	fake_frame(f, 0, 1, 1);
	fake_frame(f, 1, 2, 1);
	fake_frame(f, 2, -1, 1);
	stack = read_stack(f, 2);
	assert_int_equal(stack.end, PYI_END_LIMIT);
	assert_int_equal(stack.end_address, FAKE_FRAME(2));
	assert_int_equal(stack.frames.len, 2);
	pyi_py_stack_deinit(&stack);
	stack = read_stack(f, 3);
	assert_int_equal(stack.end, PYI_END_COMPLETE);
	pyi_py_stack_deinit(&stack);
	fake_destroy(f);
}

static void a_cycle_ends_the_walk(void **state)
{
	struct fake *f = fake_create(3, 9);
	struct pyi_py_stack stack;

	fake_u64(f, FAKE_TSTATE(0), f->rt.layout.tstate_frame, FAKE_FRAME(0));
	fake_frame(f, 0, 1, 1);
	fake_frame(f, 1, 2, 1);
	fake_frame(f, 2, 1, 1);
	stack = read_stack(f, 1000);
	assert_int_equal(stack.end, PYI_END_CYCLE);
	assert_int_equal(stack.end_address, FAKE_FRAME(1));
	assert_int_equal(stack.frames.len, 3);
	pyi_py_stack_deinit(&stack);
	fake_destroy(f);
}

static void broken_links_end_the_walk(void **state)
{
	static const struct {
		uint64_t back;
		enum pyi_end end;
	} cases[] = {
		{FAKE_FRAME(1) + 4, PYI_END_INCONSISTENT}, /* not aligned */
		{0x4000, PYI_END_UNREADABLE},
		{FAKE_BASE + FAKE_SIZE - 8, PYI_END_UNREADABLE}, /* its end is missing */
		{UINT64_MAX & ~7ull, PYI_END_UNREADABLE},
		{FAKE_RUNTIME, PYI_END_INCONSISTENT}, /* readable, but no code there */
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fake *f = fake_create(3, 9);
		struct pyi_py_stack stack;

		fake_u64(f, FAKE_TSTATE(0), f->rt.layout.tstate_frame, FAKE_FRAME(0));
		fake_frame(f, 0, -1, 1);
		fake_u64(f, FAKE_FRAME(0), f->rt.layout.frame_back, cases[i].back);
		/* A frame but for its address. */
		fake_u64(f, FAKE_FRAME(1) + 4, f->rt.layout.frame_code, FAKE_CODE(0));
		stack = read_stack(f, 1000);
		assert_int_equal(stack.end, cases[i].end);
		assert_int_equal(stack.end_address, cases[i].back);
		assert_int_equal(stack.frames.len, 1);
		pyi_py_stack_deinit(&stack);
		fake_destroy(f);
	}
}

static void something_else_than_code_ends_the_walk(void **state)
{
	struct fake *f = fake_create(3, 13);
	struct pyi_py_stack stack;

	fake_u64(f, FAKE_TSTATE(0), f->rt.layout.tstate_frame, FAKE_FRAME(0));
	fake_frame(f, 0, -1, 1);
	fake_u64(f, FAKE_CODE(0), f->rt.layout.object_type, FAKE_CODE_TYPE + 8);
	stack = read_stack(f, 1000);
	assert_int_equal(stack.end, PYI_END_INCONSISTENT);
	assert_int_equal(stack.frames.len, 0);
	pyi_py_stack_deinit(&stack);
	fake_destroy(f);
}

/* One that leads to a frame in order belongs to the chain, without a name. */
static void a_damaged_code_object_hides_no_callers(void **state)
{
	struct fake *f = fake_create(3, 9);
	struct pyi_py_stack stack;

	fake_u64(f, FAKE_TSTATE(0), f->rt.layout.tstate_frame, FAKE_FRAME(0));
	fake_frame(f, 0, 1, 1);
	fake_frame(f, 1, -1, 1);
	fake_u64(f, FAKE_CODE(0), f->rt.layout.object_type, FAKE_CODE_TYPE + 8);
	stack = read_stack(f, 1000);
	assert_int_equal(stack.end, PYI_END_COMPLETE);
	assert_int_equal(stack.frames.len, 2);
	assert_int_equal(stack.frames.data[0].code, FAKE_CODE(0));
	pyi_py_stack_deinit(&stack);
	fake_u64(f, FAKE_CODE(1), f->rt.layout.object_type, FAKE_CODE_TYPE + 8);
	stack = read_stack(f, 1000);
	assert_int_equal(stack.end, PYI_END_INCONSISTENT);
	assert_int_equal(stack.frames.len, 0);
	pyi_py_stack_deinit(&stack);
	fake_destroy(f);
}

/* A chain that stops before its eval call's last record has lost something. */
static void a_chain_without_its_shim_is_inconsistent(void **state)
{
	struct fake *f = fake_create(3, 13);
	struct pyi_py_stack stack;

	fake_u64(f, FAKE_TSTATE(0), f->rt.layout.tstate_frame, FAKE_FRAME(0));
	fake_frame(f, 0, -1, 1);
	stack = read_stack(f, 1000);
	assert_int_equal(stack.end, PYI_END_INCONSISTENT);
	assert_int_equal(stack.frames.len, 1);
	pyi_py_stack_deinit(&stack);
	fake_destroy(f);
}

static void an_unreadable_thread_state_is_a_result(void **state)
{
	struct fake *f = fake_create(3, 11);
	const struct pyi_tstate ts = {.addr = 0x1000};
	struct pyi_py_stack stack = {.end = PYI_END_CYCLE};

	/* An earlier result's memory is used again, and nothing else of it. */
	pyi_vec_push(&stack.frames);
	assert_null(pyi_py_frames_read(&f->target, &f->rt, &ts, 10, &stack));
	assert_int_equal(stack.end, PYI_END_UNREADABLE);
	assert_true(stack.frames.cap > 0);
	assert_int_equal(stack.frames.len, 0);
	pyi_py_stack_deinit(&stack);
	fake_destroy(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_frames),
		cmocka_unit_test(heap_frames_are_one_to_a_call),
		cmocka_unit_test(bytes_stay_bytes_in_2_7),
		cmocka_unit_test(every_frame_of_3_10_has_its_cframe),
		cmocka_unit_test(entries_of_3_11_have_their_cframes),
		cmocka_unit_test(a_cframe_that_does_not_fit_is_no_mark),
		cmocka_unit_test(shims_end_batches),
		cmocka_unit_test(tags_are_cleared_and_the_base_frame_is_left_out),
		cmocka_unit_test(half_made_frames_are_incomplete),
		cmocka_unit_test(a_limit_ends_the_walk),
		cmocka_unit_test(a_cycle_ends_the_walk),
		cmocka_unit_test(broken_links_end_the_walk),
		cmocka_unit_test(something_else_than_code_ends_the_walk),
		cmocka_unit_test(a_damaged_code_object_hides_no_callers),
		cmocka_unit_test(a_chain_without_its_shim_is_inconsistent),
		cmocka_unit_test(an_unreadable_thread_state_is_a_result),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
