/* SPDX-License-Identifier: BSD-2-Clause */
/* What is copied when: rehearsal, pause, limits. The states of targets are test_live.c's subject.
 */
#include "target/target.h"

#include "child.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <cmocka.h>

static struct child child;
static struct pyi_target *target;

/* Same address in the child, which is a copy of us. */
static _Alignas(PYI_PAGE_SIZE) char unread_page[PYI_PAGE_SIZE];

static void echo_body(int in, int out)
{
	child_say(out, 'r');
	child_echo(in, out);
}

static void start(void (*body)(int, int))
{
	assert_true(child_start(&child, body));
	assert_int_equal(child_read(&child), 'r');
	assert_true(child_wait_state(child.pid, child.pid, "S"));
	assert_null(pyi_target_open_live(child.pid, &target));
}

static void finish(void)
{
	pyi_target_close(target);
	child_end(&child);
}

struct seen {
	int calls;
	char state[4];
	bool regs[4];
};

static void look(void *arg, struct pyi_target *seen_target)
{
	struct seen *seen = arg;
	assert_ptr_equal(seen_target, target);
	if (seen->calls < 4) {
		seen->state[seen->calls] = child_state(child.pid, child.pid);
		seen->regs[seen->calls] = target->threads[0].have_regs;
	}
	seen->calls++;
}

static void test_rehearsal_then_pause(void **state)
{
	(void)state;
	struct seen seen = {0};
	start(echo_body);
	struct pyi_capture_options options = {.walk = look, .arg = &seen};
	assert_null(pyi_target_capture(target, &options));
	assert_int_equal(seen.calls, 2);
	assert_int_equal(seen.state[0], 'S');
	assert_false(seen.regs[0]);
	assert_int_equal(seen.state[1], 't');
	assert_true(seen.regs[1]);
	assert_true(target->paused_ns > 0);
	assert_int_equal(target->warnings.len, 0);
	assert_true(child_answers(&child));
	finish();
}

static void test_no_stop(void **state)
{
	(void)state;
	struct seen seen = {0};
	start(echo_body);
	struct pyi_capture_options options = {.walk = look, .arg = &seen, .no_stop = true};
	assert_null(pyi_target_capture(target, &options));
	assert_int_equal(seen.calls, 2);
	assert_int_equal(seen.state[1], 'S');
	assert_false(target->threads[0].have_regs);
	assert_true(target->threads[0].have_pc_sp);
	assert_int_equal(target->threads[0].syscall_nr, SYS_read);
	assert_int_equal(target->paused_ns, 0);
	finish();
}

/* --- the state just before the stop --- */

static void spin_body(int in, int out)
{
	char byte;
	child_say(out, 'r');
	while (read(in, &byte, 1) != 1)
		;
	for (;;)
		__asm__ volatile("" ::: "memory");
}

static void make_it_spin(void *arg, struct pyi_target *seen_target)
{
	bool *done = arg;
	(void)seen_target;
	if (!*done) {
		child_write(&child, 'x');
		assert_true(child_wait_state(child.pid, child.pid, "R"));
	}
	*done = true;
}

static void test_state_is_fresh(void **state)
{
	(void)state;
	bool done = false;
	start(spin_body);
	struct pyi_capture_options options = {.walk = make_it_spin, .arg = &done};
	assert_null(pyi_target_capture(target, &options));
	assert_int_equal(target->threads[0].state, 'R');
	assert_false(target->threads[0].in_syscall);
	finish();
}

/* --- limits --- */

struct endless {
	int calls;
	bool ran, early, late; /* the page was late before and after the child ran */
};

/* In the pause it reads until the child, which stands still, answers. */
static void walk_for_ever(void *arg, struct pyi_target *seen_target)
{
	struct endless *endless = arg;
	char byte;
	if (++endless->calls != 2)
		return;
	endless->early = pyi_mem_is_late(seen_target->mem, (uint64_t)unread_page);
	child_write(&child, 'x');
	for (time_t end = time(NULL) + 3; !endless->ran && time(NULL) <= end;) {
		struct pollfd fd = {.fd = child.out, .events = POLLIN};
		pyi_mem_read_some(seen_target->mem, target->threads[0].regs.rsp, &byte, 1);
		endless->ran = poll(&fd, 1, 0) == 1;
	}
	pyi_mem_read_some(seen_target->mem, (uint64_t)unread_page, &byte, 1);
	endless->late = pyi_mem_is_late(seen_target->mem, (uint64_t)unread_page);
}

static void test_endless_walk(void **state)
{
	(void)state;
	struct endless endless = {0};
	start(echo_body);
	struct pyi_capture_options options = {
		.walk = walk_for_ever, .arg = &endless, .max_pause_ns = 40000000};
	assert_null(pyi_target_capture(target, &options));
	assert_true(endless.ran);
	assert_false(endless.early);
	assert_true(endless.late);
	assert_int_equal(child_read(&child), 'x');
	assert_true(target->paused_ns > 30000000 && target->paused_ns < 2000000000);
	assert_int_equal(target->warnings.len, 1);
	assert_non_null(strstr(target->warnings.data[0], "limit of 40 ms"));
	/* Its stack was copied while it stood still. */
	assert_true(target->threads[0].have_regs);
	assert_false(pyi_mem_is_late(target->mem, target->threads[0].stack_lo));
	/* The next look is a new one. */
	options = (struct pyi_capture_options){0};
	assert_null(pyi_target_capture(target, &options));
	assert_false(pyi_mem_is_late(target->mem, target->threads[0].stack_lo));
	assert_true(target->paused_ns < 30000000);
	finish();
}

static void deep_body(int in, int out)
{
	volatile char room[256 << 10];
	for (size_t i = 0; i < sizeof(room); i += 512)
		room[i] = 1;
	child_say(out, 'r');
	child_echo(in, out);
	(void)room[0];
}

static void test_stack_limit(void **state)
{
	(void)state;
	start(deep_body);
	struct pyi_capture_options options = {0};
	const struct pyi_thread *thread;
	assert_null(pyi_target_capture(target, &options));
	thread = &target->threads[0];
	assert_true(thread->stack_hi - thread->stack_lo >= 256 << 10);
	options.max_stack_bytes = 8192;
	assert_null(pyi_target_capture(target, &options));
	thread = &target->threads[0];
	assert_true(thread->stack_hi - thread->stack_lo <= 8192);
	assert_true(thread->stack_hi > thread->stack_lo);
	finish();
}

static void test_snapshot_does_not_move(void **state)
{
	(void)state;
	struct pyi_target still = {.kind = PYI_TARGET_SNAPSHOT};
	struct pyi_thread thread = {.have_regs = true};
	struct seen seen = {0};
	still.threads = &thread;
	target = &still;
	struct pyi_capture_options options = {.walk = look, .arg = &seen};
	assert_null(pyi_target_capture(&still, &options));
	assert_int_equal(seen.calls, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rehearsal_then_pause),
		cmocka_unit_test(test_no_stop),
		cmocka_unit_test(test_state_is_fresh),
		cmocka_unit_test(test_endless_walk),
		cmocka_unit_test(test_stack_limit),
		cmocka_unit_test(test_snapshot_does_not_move),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
