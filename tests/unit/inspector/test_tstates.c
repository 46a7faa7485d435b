/* SPDX-License-Identifier: BSD-2-Clause */
#include "fake_python.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct pyi_tstates read_all(struct fake *f)
{
	struct pyi_tstates tstates;

	assert_null(pyi_tstates_read(&f->target, &f->rt, &tstates));
	return tstates;
}

static void all_interpreters_threads(void **state)
{
	struct fake *f = fake_create(3, 12);
	struct pyi_tstates got;

	fake_interp(f, 0);
	fake_interp(f, 1);
	fake_tstate(f, 0, 0);
	fake_tstate(f, 1, 0);
	fake_tstate(f, 2, 1);
	got = read_all(f);
	assert_int_equal(got.interpreters, 2);
	assert_int_equal(got.states.len, 3);
	assert_false(got.cut);
	assert_int_equal(got.gc_running, 0);
	assert_int_equal(got.states.data[0].addr, FAKE_TSTATE(2));
	assert_int_equal(got.states.data[0].interp, FAKE_INTERP(1));
	assert_int_equal(got.states.data[0].interp_id, 1);
	assert_int_equal(got.states.data[1].addr, FAKE_TSTATE(1));
	assert_int_equal(got.states.data[1].interp_id, 0);
	assert_int_equal(got.states.data[1].native_tid, 101);
	assert_int_equal(got.states.data[1].thread_id, 0x7001);
	pyi_tstates_deinit(&got);
	fake_destroy(f);
}

static void the_runtime_is_empty(void **state)
{
	struct fake *f = fake_create(3, 11);
	struct pyi_tstates got = read_all(f);

	assert_int_equal(got.interpreters, 0);
	assert_int_equal(got.states.len, 0);
	assert_false(got.cut);
	pyi_tstates_deinit(&got);
	fake_destroy(f);
}

/* The holder means something only while the lock is taken. */
static void the_gil_of_the_runtime(void **state)
{
	struct fake *f = fake_create(3, 11);
	const struct pyi_layout *l = &f->rt.layout;
	struct pyi_tstates got;

	fake_interp(f, 0);
	fake_tstate(f, 0, 0);
	fake_tstate(f, 1, 0);
	fake_u64(f, FAKE_RUNTIME, l->gil_holder, FAKE_TSTATE(0));
	got = read_all(f);
	assert_false(got.states.data[0].holds_gil);
	assert_false(got.states.data[1].holds_gil);
	pyi_tstates_deinit(&got);

	fake_u32(f, FAKE_RUNTIME, l->gil_locked, 1);
	got = read_all(f);
	assert_false(got.states.data[0].holds_gil);
	assert_true(got.states.data[1].holds_gil);
	pyi_tstates_deinit(&got);

	/* Not made yet. */
	fake_u32(f, FAKE_RUNTIME, l->gil_locked, (uint32_t)-1);
	got = read_all(f);
	assert_false(got.states.data[1].holds_gil);
	pyi_tstates_deinit(&got);
	fake_destroy(f);
}

static void each_interpreter_has_a_gil(void **state)
{
	struct fake *f = fake_create(3, 13);
	const struct pyi_layout *l = &f->rt.layout;
	struct pyi_tstates got;

	for (int i = 0; i < 2; i++) {
		fake_interp(f, i);
		fake_tstate(f, i, i);
		fake_u64(f, FAKE_INTERP(i), l->interp_gil, FAKE_GIL(i));
		fake_u64(f, FAKE_GIL(i), l->gil_holder, FAKE_TSTATE(i));
	}
	fake_u32(f, FAKE_GIL(1), l->gil_locked, 1);
	got = read_all(f);
	assert_int_equal(got.states.len, 2);
	assert_true(got.states.data[0].holds_gil);
	assert_int_equal(got.states.data[0].interp_id, 1);
	assert_false(got.states.data[1].holds_gil);
	pyi_tstates_deinit(&got);
	fake_destroy(f);
}

static void the_current_thread_of_2_7_holds_the_gil(void **state)
{
	struct fake *f = fake_create(2, 7);
	const struct pyi_layout *l = &f->rt.layout;
	struct pyi_tstates got;

	/* The root is the pointer to the first interpreter; without ids the last one is number 0.
	 */
	f->rt.root = FAKE_RUNTIME + 0x100;
	f->rt.current = FAKE_RUNTIME;
	fake_u64(f, FAKE_RUNTIME, 0, FAKE_TSTATE(1));
	fake_u64(f, f->rt.root, 0, FAKE_INTERP(1));
	fake_u64(f, FAKE_INTERP(1), l->interp_next, FAKE_INTERP(0));
	fake_tstate(f, 0, 0);
	fake_tstate(f, 1, 1);
	got = read_all(f);
	assert_int_equal(got.states.len, 2);
	assert_int_equal(got.states.data[0].addr, FAKE_TSTATE(1));
	assert_int_equal(got.states.data[0].interp_id, 1);
	assert_true(got.states.data[0].holds_gil);
	assert_int_equal(got.states.data[0].native_tid, 0);
	assert_int_equal(got.states.data[1].interp_id, 0);
	assert_false(got.states.data[1].holds_gil);
	assert_int_equal(got.gc_running, -1);
	pyi_tstates_deinit(&got);
	fake_destroy(f);
}

static void who_waits_and_who_collects(void **state)
{
	struct fake *f = fake_create(3, 15);
	const struct pyi_layout *l = &f->rt.layout;
	struct pyi_tstates got;

	fake_interp(f, 0);
	fake_tstate(f, 0, 0);
	fake_tstate(f, 1, 0);
	fake_u32(f, FAKE_TSTATE(1), l->tstate_gil_requested, 1);
	fake_u32(f, FAKE_INTERP(0), l->interp_gc_collecting, 1);
	got = read_all(f);
	assert_int_equal(got.gc_running, 1);
	assert_true(got.states.data[0].waits_gil);
	assert_false(got.states.data[1].waits_gil);
	pyi_tstates_deinit(&got);

	/* Who has it no longer waits for it, whatever the word says. */
	fake_u64(f, FAKE_INTERP(0), l->interp_gil, FAKE_GIL(0));
	fake_u64(f, FAKE_GIL(0), l->gil_holder, FAKE_TSTATE(1));
	fake_u32(f, FAKE_GIL(0), l->gil_locked, 1);
	got = read_all(f);
	assert_true(got.states.data[0].holds_gil);
	assert_false(got.states.data[0].waits_gil);
	pyi_tstates_deinit(&got);
	fake_destroy(f);
}

static void broken_lists_are_cut(void **state)
{
	static const uint64_t links[] = {
		FAKE_TSTATE(1),             /* a cycle */
		0x1000,                     /* not readable */
		FAKE_BASE + FAKE_SIZE - 16, /* its end is not readable */
		FAKE_TSTATE(5),             /* no thread state of this interpreter */
	};

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		struct fake *f = fake_create(3, 12);
		struct pyi_tstates got;

		fake_interp(f, 0);
		fake_tstate(f, 0, 0);
		fake_tstate(f, 1, 0);
		fake_u64(f, FAKE_TSTATE(0), f->rt.layout.tstate_next, links[i]);
		got = read_all(f);
		assert_true(got.cut);
		assert_int_equal(got.cut_at, links[i]);
		assert_int_equal(got.states.len, 2);
		assert_int_equal(got.interpreters, 1);
		pyi_tstates_deinit(&got);
		fake_destroy(f);
	}
}

static void a_cycle_of_interpreters_is_cut(void **state)
{
	struct fake *f = fake_create(3, 12);
	struct pyi_tstates got;

	fake_interp(f, 0);
	fake_interp(f, 1);
	fake_tstate(f, 0, 0);
	fake_tstate(f, 1, 1);
	fake_u64(f, FAKE_INTERP(0), f->rt.layout.interp_next, FAKE_INTERP(1));
	got = read_all(f);
	assert_true(got.cut);
	assert_int_equal(got.interpreters, 2);
	assert_int_equal(got.states.len, 2);
	pyi_tstates_deinit(&got);
	fake_destroy(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_interpreters_threads),
		cmocka_unit_test(the_runtime_is_empty),
		cmocka_unit_test(the_gil_of_the_runtime),
		cmocka_unit_test(each_interpreter_has_a_gil),
		cmocka_unit_test(the_current_thread_of_2_7_holds_the_gil),
		cmocka_unit_test(who_waits_and_who_collects),
		cmocka_unit_test(broken_lists_are_cut),
		cmocka_unit_test(a_cycle_of_interpreters_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
