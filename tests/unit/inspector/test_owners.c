/* SPDX-License-Identifier: BSD-2-Clause */
/* Three threads, whose stacks are in a byte buffer, and the Python thread states that claim them.
 */
#include "report/owners.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define THREADS  3u
#define STACK    0x7f0000000000ull
#define BYTES    0x1000u
#define FRAME(i) (0x550000001000ull + 0x200u * (i))

struct fixture {
	uint8_t bytes[THREADS * BYTES];
	struct pyi_thread threads[THREADS];
	struct pyi_target target;
	struct pyi_tstate states[4];
	struct pyi_walk_state walk_states[4];
	struct pyi_py_frame frames[4][4];
	struct pyi_walk walk;
};

static uint64_t stack(size_t thread)
{
	return STACK + thread * BYTES;
}

static void setup(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	assert_null(pyi_mem_create(&f->target.mem));
	assert_null(pyi_mem_add_buffer(f->target.mem, STACK, f->bytes, sizeof(f->bytes)));
	f->target.threads = f->threads;
	f->target.n_threads = THREADS;
	for (size_t i = 0; i < THREADS; i++) {
		f->threads[i].tid = 100 + (pid_t)i;
		f->threads[i].have_regs = true;
		f->threads[i].regs.fs_base = stack(i) + BYTES - 64;
		f->threads[i].stack_lo = stack(i) + 0x10;
		f->threads[i].stack_hi = stack(i) + BYTES;
	}
	f->walk.states.data = f->walk_states;
}

/* A state made on `thread`, with n frames that carry no mark. */
static struct pyi_tstate *add_state(struct fixture *f, size_t thread, size_t n)
{
	size_t i = f->walk.states.len++;

	f->states[i].thread_id = stack(thread) + BYTES - 64;
	f->states[i].native_tid = 100 + (pid_t)thread;
	for (size_t k = 0; k < n; k++)
		f->frames[i][k].addr = FRAME(4 * i + k);
	f->walk_states[i].ts = &f->states[i];
	f->walk_states[i].stack.frames.data = f->frames[i];
	f->walk_states[i].stack.frames.len = n;
	return &f->states[i];
}

static void expect(struct fixture *f, const size_t *owners)
{
	pyi_owners_find(&f->target, &f->walk);
	for (size_t i = 0; i < f->walk.states.len; i++)
		assert_int_equal(f->walk_states[i].owner, owners[i]);
	pyi_mem_destroy(f->target.mem);
	pyi_vec_for_each (warning, &f->target.warnings)
		free(*warning);
	pyi_vec_deinit(&f->target.warnings);
}

static void by_pthread_self_before_the_kernels_id(void **state)
{
	struct fixture f;

	setup(&f);
	/* In another pid namespace the ids are others' here. */
	add_state(&f, 2, 1)->native_tid = 100;
	add_state(&f, 0, 1)->native_tid = 102;
	/* Without registers the id is what there is. */
	f.threads[1].have_regs = false;
	f.threads[1].regs.fs_base = f.threads[2].regs.fs_base;
	add_state(&f, 1, 1);
	expect(&f, (size_t[]){2, 0, 1});
}

static void by_the_mark_before_all_else(void **state)
{
	struct fixture f;

	setup(&f);
	add_state(&f, 0, 3);
	f.frames[0][2].mark = stack(1) + 0x80;
	/* A mark on no thread's stack says nothing; nor one below the stack pointer. */
	add_state(&f, 2, 1);
	f.frames[1][0].mark = STACK - 8;
	add_state(&f, 2, 1);
	f.frames[2][0].mark = stack(1);
	expect(&f, (size_t[]){1, 2, 2});
}

static void subinterpreters_by_the_names_of_their_frames(void **state)
{
	struct fixture f;
	uint64_t once[] = {FRAME(0)}, twice[] = {FRAME(1), 0, FRAME(2)};

	setup(&f);
	add_state(&f, 0, 3)->interp_id = 1;
	memcpy(f.bytes + 0 * BYTES + 0x100, once, sizeof(once));
	memcpy(f.bytes + 2 * BYTES + 0xf00, twice, sizeof(twice));
	/* Found nowhere: where it was made. */
	add_state(&f, 1, 2)->interp_id = 2;
	/* The main interpreter's states name their own thread. */
	add_state(&f, 1, 1);
	memcpy(f.bytes + 0x200, (uint64_t[]){FRAME(8)}, 8);
	expect(&f, (size_t[]){2, 1, 1});
}

static void leftovers_have_none(void **state)
{
	struct fixture f;
	struct pyi_tstate *ts;

	setup(&f);
	ts = add_state(&f, 0, 1);
	ts->thread_id = 0x1234;
	ts->native_tid = 99;
	ts = add_state(&f, 0, 0);
	ts->thread_id = 0;
	ts->native_tid = 0;
	pyi_owners_find(&f.target, &f.walk);
	/* Only what has frames is worth a word. */
	assert_int_equal(f.target.warnings.len, 1);
	expect(&f, (size_t[]){THREADS, THREADS});
	/* With one thread there is no choice. */
	setup(&f);
	f.target.n_threads = 1;
	add_state(&f, 0, 1)->thread_id = 0x1234;
	f.states[0].native_tid = 99;
	expect(&f, (size_t[]){0});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_pthread_self_before_the_kernels_id),
		cmocka_unit_test(by_the_mark_before_all_else),
		cmocka_unit_test(subinterpreters_by_the_names_of_their_frames),
		cmocka_unit_test(leftovers_have_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
