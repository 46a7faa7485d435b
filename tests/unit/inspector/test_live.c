/* SPDX-License-Identifier: BSD-2-Clause */
/* Opening and capturing real processes: children of the test in every state that matters. Each test
 * ends with the proof that the child was not left stopped. */
#include "target/target.h"

#include "child.h"

#include <elf.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <cmocka.h>

#define MAGIC UINT64_C(0x1122334455667788)

static struct pyi_target *open_target(pid_t pid)
{
	struct pyi_target *target = NULL;
	struct pyi_error *err = pyi_target_open_live(pid, &target);
	if (err)
		print_error("open: %s\n", err->message);
	assert_null(err);
	return target;
}

static void capture(struct pyi_target *target, const struct pyi_capture_options *options)
{
	static const struct pyi_capture_options plain = {0};
	struct pyi_error *err = pyi_target_capture(target, options ? options : &plain);
	if (err)
		print_error("capture: %s\n", err->message);
	assert_null(err);
}

static void expect_open_error(pid_t pid, enum pyi_errc code, const char *part)
{
	struct pyi_target *target = NULL;
	struct pyi_error *err = pyi_target_open_live(pid, &target);
	assert_non_null(err);
	assert_int_equal(err->code, code);
	assert_non_null(strstr(err->message, part));
	assert_null(target);
	pyi_error_destroy(err);
}

/* --- bodies of children --- */

/* Sleeps in read(2) with MAGIC on its stack, then answers. */
static void echo_body(int in, int out)
{
	volatile uint64_t marks[64];
	for (size_t i = 0; i < 64; i++)
		marks[i] = MAGIC;
	child_say(out, 'r');
	child_echo(in, out);
	(void)marks[0];
}

static void *thread_sleep(void *arg)
{
	prctl(PR_SET_NAME, arg);
	for (;;)
		pause();
	return NULL;
}

static void start_thread(void *(*fn)(void *), void *arg)
{
	pthread_t thread;
	if (pthread_create(&thread, NULL, fn, arg))
		_exit(3);
}

static void threads_body(int in, int out)
{
	static char names[8][16];
	for (int i = 0; i < 8; i++) {
		snprintf(names[i], sizeof(names[i]), "worker %d", i);
		start_thread(thread_sleep, names[i]);
	}
	child_sleep_ms(50);
	child_say(out, 'r');
	child_echo(in, out);
}

static struct child start(void (*body)(int, int))
{
	struct child child;
	assert_true(child_start(&child, body));
	assert_int_equal(child_read(&child), 'r');
	return child;
}

static struct child start_sleeping(void (*body)(int, int))
{
	struct child child = start(body);
	assert_true(child_wait_state(child.pid, child.pid, "S"));
	return child;
}

/* --- tests --- */

static void check_stopped(const struct pyi_thread *thread)
{
	if (thread->why)
		print_error("%d: %s\n", (int)thread->tid, thread->why);
	assert_null(thread->why);
	assert_true(thread->have_regs);
}

static void check_registers(const struct pyi_target *target, const struct pyi_thread *thread)
{
	uint64_t words[512];
	size_t found = 0;
	assert_true(thread->in_syscall);
	assert_int_equal(thread->syscall_nr, SYS_read);
	assert_int_equal(thread->syscall_args[2], 1);
	assert_int_equal(thread->state, 'S');
	assert_int_equal(thread->stack_lo, thread->regs.rsp);
	assert_true(thread->stack_hi > thread->stack_lo);
	size_t got = pyi_mem_read_some(target->mem, thread->stack_lo, words, sizeof(words));
	for (size_t i = 0; i < got / 8; i++)
		found += words[i] == MAGIC;
	assert_true(found >= 64);
	assert_false(pyi_mem_is_late(target->mem, thread->stack_lo));
}

static void test_sleeping(void **state)
{
	(void)state;
	struct child child = start_sleeping(echo_body);
	struct pyi_target *target = open_target(child.pid);
	assert_non_null(strstr(target->exe, "test_live"));
	assert_true(target->cmdline_n >= 1);
	assert_null(target->cmdline[target->cmdline_n]);
	assert_non_null(strstr(target->cmdline[0], "test_live"));
	for (int i = 0; i < 3; i++) {
		assert_true(child_wait_state(child.pid, child.pid, "S"));
		capture(target, NULL);
		assert_int_equal(target->n_threads, 1);
		check_stopped(&target->threads[0]);
		assert_true(target->threads[0].main);
		check_registers(target, &target->threads[0]);
		assert_true(target->paused_ns > 0 && target->paused_ns < 100000000);
	}
	assert_true(child_answers(&child));
	assert_int_equal(target->warnings.len, 0);
	pyi_target_close(target);
	child_end(&child);
}

static void test_no_stop(void **state)
{
	(void)state;
	struct child child = start_sleeping(echo_body);
	struct pyi_target *target = open_target(child.pid);
	struct pyi_capture_options options = {.no_stop = true};
	capture(target, &options);
	assert_int_equal(target->paused_ns, 0);
	assert_false(target->threads[0].have_regs);
	assert_true(target->threads[0].have_pc_sp);
	check_registers(target, &target->threads[0]);
	assert_true(child_answers(&child));
	pyi_target_close(target);
	child_end(&child);
}

static void spin_body(int in, int out)
{
	(void)in;
	child_say(out, 'r');
	for (volatile unsigned long i = 0;; i++)
		;
}

static void test_spinning(void **state)
{
	(void)state;
	struct child child = start(spin_body);
	struct pyi_target *target = open_target(child.pid);
	capture(target, NULL);
	assert_true(target->threads[0].have_regs);
	assert_false(target->threads[0].in_syscall);
	struct pyi_capture_options options = {.no_stop = true};
	capture(target, &options);
	assert_false(target->threads[0].have_regs);
	assert_false(target->threads[0].have_pc_sp);
	assert_non_null(target->threads[0].why);
	pyi_target_close(target);
	assert_int_equal(child_state(child.pid, child.pid), 'R');
	child_end(&child);
}

static void test_threads(void **state)
{
	(void)state;
	struct child child = start_sleeping(threads_body);
	struct pyi_target *target = open_target(child.pid);
	capture(target, NULL);
	assert_int_equal(target->n_threads, 9);
	assert_true(target->threads[0].main);
	for (size_t i = 0; i < 9; i++) {
		const struct pyi_thread *thread = &target->threads[i];
		check_stopped(thread);
		assert_ptr_equal(pyi_target_find_thread(target, thread->tid), thread);
		if (!i)
			continue;
		assert_false(thread->main);
		assert_memory_equal(thread->comm, "worker ", 7);
		assert_int_equal(thread->syscall_nr, SYS_pause);
		if (i > 1)
			assert_true(thread->tid > target->threads[i - 1].tid);
	}
	assert_null(pyi_target_find_thread(target, 1));
	assert_true(child_answers(&child));
	for (size_t i = 0; i < 9; i++)
		assert_true(child_wait_state(child.pid, target->threads[i].tid, "S"));
	pyi_target_close(target);
	child_end(&child);
}

static void stopped_body(int in, int out)
{
	child_say(out, 'r');
	raise(SIGSTOP);
	child_echo(in, out);
}

static void test_group_stop(void **state)
{
	(void)state;
	struct child child = start(stopped_body);
	assert_true(child_wait_state(child.pid, child.pid, "T"));
	for (int i = 0; i < 3; i++) {
		struct pyi_target *target = open_target(child.pid);
		capture(target, NULL);
		assert_true(target->threads[0].have_regs);
		assert_int_equal(target->threads[0].state, 'T');
		pyi_target_close(target);
		child_sleep_ms(5);
		assert_true(child_wait_state(child.pid, child.pid, "T"));
	}
	kill(child.pid, SIGCONT);
	assert_true(child_answers(&child));
	child_end(&child);
}

static int ack_fd;

static void ack(int sig)
{
	(void)sig;
	child_say(ack_fd, 's');
}

static void signals_body(int in, int out)
{
	ack_fd = out;
	struct sigaction sa = {.sa_handler = ack, .sa_flags = SA_RESTART};
	sigaction(SIGUSR1, &sa, NULL);
	child_say(out, 'r');
	child_echo(in, out);
}

/* A signal that arrives around the stop is delivered exactly once. */
static void test_signals_are_kept(void **state)
{
	(void)state;
	struct child child = start_sleeping(signals_body);
	struct pyi_target *target = open_target(child.pid);
	for (int i = 0; i < 200; i++) {
		kill(child.pid, SIGUSR1);
		capture(target, NULL);
		assert_int_equal(child_read(&child), 's');
	}
	assert_true(child_answers(&child));
	pyi_target_close(target);
	child_end(&child);
}

/* Waits for one event without a handler in sight; says how it went. */
static void epoll_body(int in, int out)
{
	struct epoll_event event = {.events = EPOLLIN};
	int epoll = epoll_create1(0);
	epoll_ctl(epoll, EPOLL_CTL_ADD, in, &event);
	child_say(out, 'r');
	for (;;) {
		char byte;
		if (epoll_wait(epoll, &event, 1, -1) != 1)
			child_say(out, 'E');
		else if (read(in, &byte, 1) == 1)
			child_say(out, byte);
		else
			_exit(0);
	}
}

static void nanosleep_body(int in, int out)
{
	child_say(out, 'r');
	int failed = nanosleep(&(struct timespec){.tv_nsec = 300000000}, NULL);
	child_say(out, failed ? 'E' : 'p');
	child_echo(in, out);
}

static int futex_word = 1;

static void *wake_later(void *arg)
{
	char byte;
	if (read(*(int *)arg, &byte, 1) == 1) {
		__atomic_store_n(&futex_word, 0, __ATOMIC_SEQ_CST);
		syscall(SYS_futex, &futex_word, 1 /* FUTEX_WAKE */, 1, NULL, NULL, 0);
	}
	return NULL;
}

static void futex_body(int in, int out)
{
	start_thread(wake_later, &in);
	child_say(out, 'r');
	while (__atomic_load_n(&futex_word, __ATOMIC_SEQ_CST)) {
		if (syscall(SYS_futex, &futex_word, 0 /* FUTEX_WAIT */, 1, NULL, NULL, 0) < 0 &&
		    errno == EINTR)
			child_say(out, 'E');
	}
	child_say(out, 'p');
	pause();
}

/* mov $nr,%eax stands right before the syscall instruction: not in every C library. */
static bool number_before_syscall(struct pyi_target *target)
{
	uint8_t code[7];
	return pyi_mem_read_some(target->mem, target->threads[0].regs.rip - sizeof(code), code,
				 sizeof(code)) == sizeof(code) &&
	       code[0] == 0xb8;
}

/* Blocking calls go on as if nothing had happened. */
static void test_restart(void **state)
{
	(void)state;
	void (*const bodies[])(int, int) = {epoll_body, nanosleep_body, futex_body, echo_body};
	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
		struct child child = start_sleeping(bodies[i]);
		struct pyi_target *target = open_target(child.pid);
		for (int k = 0; k < 20; k++) {
			assert_true(child_wait_state(child.pid, child.pid, "S"));
			capture(target, NULL);
			assert_true(target->threads[0].in_syscall);
			if (number_before_syscall(target))
				assert_int_not_equal(target->threads[0].syscall_nr,
						     SYS_restart_syscall);
		}
		if (bodies[i] != nanosleep_body)
			child_write(&child, 'p');
		assert_int_equal(child_read(&child), 'p');
		pyi_target_close(target);
		child_end(&child);
	}
}

static void timed_epoll_body(int in, int out)
{
	struct epoll_event event = {.events = EPOLLIN};
	int epoll = epoll_create1(0);
	epoll_ctl(epoll, EPOLL_CTL_ADD, in, &event);
	child_say(out, 'r');
	if (epoll_wait(epoll, &event, 1, 60000) < 0)
		child_say(out, 'E');
	child_echo(in, out);
}

/* A wait with a timeout is not started anew with all of it: its owner is told, and waits for the
 * rest. */
static void test_timeout_is_not_prolonged(void **state)
{
	(void)state;
	struct child child = start_sleeping(timed_epoll_body);
	struct pyi_target *target = open_target(child.pid);
	capture(target, NULL);
	assert_int_equal(child_read(&child), 'E');
	pyi_target_close(target);
	child_end(&child);

	/* Unless its Python would raise an exception for it. */
	child = start_sleeping(timed_epoll_body);
	target = open_target(child.pid);
	capture(target, &(struct pyi_capture_options){.restart_timed_waits = true});
	child_write(&child, 'p');
	assert_int_equal(child_read(&child), 'p');
	pyi_target_close(target);
	child_end(&child);
}

static void vfork_body(int in, int out)
{
	child_say(out, 'r');
	pid_t pid = vfork();
	if (pid == 0) {
		char byte;
		ssize_t n = syscall(SYS_read, in, &byte, 1); /* the parent sleeps meanwhile */
		_exit(n == 1 ? 0 : 1);
	}
	waitpid(pid, NULL, 0);
	child_say(out, 'v');
	child_echo(in, out);
}

static void test_uninterruptible(void **state)
{
	(void)state;
	struct child child = start(vfork_body);
	assert_true(child_wait_state(child.pid, child.pid, "D"));
	struct pyi_target *target = open_target(child.pid);
	capture(target, NULL);
	assert_int_equal(target->n_threads, 1);
	assert_false(target->threads[0].have_regs);
	assert_true(target->threads[0].have_pc_sp);
	assert_string_equal(target->threads[0].why, "in uninterruptible sleep");
	assert_true(target->paused_ns < 90000000);
	/* It wakes up while we still live and have the target open: nothing may hold it. */
	child_write(&child, 'x');
	assert_int_equal(child_read(&child), 'v');
	assert_true(child_answers(&child));
	pyi_target_close(target);
	child_end(&child);
}

/* --- ends of the one who looks --- */

static int held_fd;
static struct child held; /* whom the tracer below looks at */

static bool all_stopped(const struct pyi_target *target)
{
	return child_state(target->pid, target->pid) == 't';
}

static void hang_in_pause(void *arg, struct pyi_target *target)
{
	(void)arg;
	if (!all_stopped(target))
		return;
	child_say(held_fd, 'r');
	for (;;)
		pause();
}

static void terminate_in_pause(void *arg, struct pyi_target *target)
{
	(void)arg;
	if (all_stopped(target)) {
		kill(getpid(), SIGTERM);
		child_say(held_fd, 'r');
	}
}

static void capture_held(void (*walk)(void *, struct pyi_target *), int out)
{
	struct pyi_target *target;
	held_fd = out;
	struct pyi_error *err = pyi_target_open_live(held.pid, &target);
	if (!err)
		err = pyi_target_capture(target, &(struct pyi_capture_options){.walk = walk});
	_exit(err ? 9 : 0);
}

static void hanging_tracer(int in, int out)
{
	(void)in;
	capture_held(hang_in_pause, out);
}

static void terminated_tracer(int in, int out)
{
	(void)in;
	capture_held(terminate_in_pause, out);
}

static void test_killed_in_pause(void **state)
{
	(void)state;
	held = start_sleeping(threads_body);
	struct child tracer = start(hanging_tracer);
	assert_int_equal(child_state(held.pid, held.pid), 't');
	child_end(&tracer); /* SIGKILL */
	assert_true(child_answers(&held));
	assert_true(child_wait_state(held.pid, held.pid, "S"));
	child_end(&held);
}

static void test_terminated_in_pause(void **state)
{
	(void)state;
	int status;
	held = start_sleeping(echo_body);
	struct child tracer = start(terminated_tracer);
	assert_int_equal(waitpid(tracer.pid, &status, 0), tracer.pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGTERM);
	assert_true(child_answers(&held));
	close(tracer.in);
	close(tracer.out);
	child_end(&held);
}

static volatile sig_atomic_t got_signal;

static void note_signal(int sig)
{
	got_signal = sig;
}

static void signal_in_rehearsal(void *arg, struct pyi_target *target)
{
	(void)arg;
	if (!all_stopped(target)) {
		sigset_t set;
		sigemptyset(&set);
		sigaddset(&set, SIGINT);
		sigprocmask(SIG_BLOCK, &set, NULL); /* so that it waits until the pause */
		kill(getpid(), SIGINT);
	}
}

/* With a handler: the capture gives up and says so. */
static void test_interrupted(void **state)
{
	(void)state;
	struct child child = start_sleeping(echo_body);
	struct sigaction sa = {.sa_handler = note_signal}, old;
	sigset_t set;
	sigaction(SIGINT, &sa, &old);
	struct pyi_target *target = open_target(child.pid);
	struct pyi_error *err = pyi_target_capture(
		target, &(struct pyi_capture_options){.walk = signal_in_rehearsal});
	assert_non_null(err);
	assert_string_equal(err->message, "interrupted by a signal");
	pyi_error_destroy(err);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	assert_int_equal(got_signal, SIGINT);
	sigaction(SIGINT, &old, NULL);
	assert_true(child_answers(&child));
	pyi_target_close(target);
	child_end(&child);
}

/* --- targets that change or go --- */

/* Its main thread is a zombie before the others have let go of the memory. */
static void kill_all_of(pid_t pid)
{
	char path[64], text[64];
	ssize_t n = 1;
	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	kill(pid, SIGKILL);
	child_wait_state(pid, pid, "Z");
	for (int i = 0; i < 2000 && n > 0; i++) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		n = fd >= 0 ? read(fd, text, sizeof(text)) : 0;
		close(fd);
		child_sleep_ms(n > 0);
	}
}

static void kill_in_rehearsal(void *arg, struct pyi_target *target)
{
	struct child *child = arg;
	if (!all_stopped(target))
		kill_all_of(child->pid);
}

static void kill_in_pause(void *arg, struct pyi_target *target)
{
	struct child *child = arg;
	if (all_stopped(target))
		kill_all_of(child->pid);
}

static void test_killed_target(void **state)
{
	(void)state;
	void (*const walks[])(void *, struct pyi_target *) = {kill_in_rehearsal, kill_in_pause};
	for (size_t i = 0; i < 2; i++) {
		struct child child = start_sleeping(threads_body);
		struct pyi_target *target = open_target(child.pid);
		struct pyi_error *err = pyi_target_capture(
			target, &(struct pyi_capture_options){.walk = walks[i], .arg = &child});
		assert_non_null(err);
		assert_int_equal(err->code, PYI_ERR_GONE);
		assert_non_null(strstr(err->message, "exited while"));
		pyi_error_destroy(err);
		pyi_target_close(target);
		int status; /* still ours to collect */
		assert_int_equal(waitpid(child.pid, &status, 0), child.pid);
		assert_true(WIFSIGNALED(status));
		close(child.in);
		close(child.out);
	}
}

static void exec_body(int in, int out)
{
	char byte;
	child_say(out, 'r');
	if (read(in, &byte, 1) == 1)
		execl("/bin/sleep", "sleep", "100", NULL);
}

static void exec_in_walk(void *arg, struct pyi_target *target)
{
	struct child *child = arg;
	char exe[64] = "";
	char path[64];
	if (all_stopped(target))
		return;
	child_write(child, 'x');
	snprintf(path, sizeof(path), "/proc/%d/comm", (int)child->pid);
	for (int i = 0; i < 1000 && strncmp(exe, "sleep", 5) != 0; i++) {
		FILE *f = fopen(path, "re");
		if (f && !fgets(exe, sizeof(exe), f))
			exe[0] = '\0';
		if (f)
			fclose(f);
		child_sleep_ms(1);
	}
}

static void test_exec_meanwhile(void **state)
{
	(void)state;
	struct child child = start_sleeping(exec_body);
	struct pyi_target *target = open_target(child.pid);
	struct pyi_error *err = pyi_target_capture(
		target, &(struct pyi_capture_options){.walk = exec_in_walk, .arg = &child});
	assert_non_null(err);
	assert_int_equal(err->code, PYI_ERR_GONE);
	assert_non_null(strstr(err->message, "ran another program"));
	pyi_error_destroy(err);
	pyi_target_close(target);
	child_end(&child);
}

static void *thread_end(void *arg)
{
	return arg;
}

static void churn_body(int in, int out)
{
	(void)in;
	child_say(out, 'r');
	for (;;) {
		pthread_t threads[4];
		for (int i = 0; i < 4; i++)
			pthread_create(&threads[i], NULL, thread_end, NULL);
		for (int i = 0; i < 4; i++)
			pthread_join(threads[i], NULL);
		child_say(out, '.');
	}
}

/* Threads come and go all the time; nobody may be left stopped. */
static void test_churn(void **state)
{
	(void)state;
	struct child child = start(churn_body);
	fcntl(child.out, F_SETFL, O_NONBLOCK);
	for (int i = 0; i < 100; i++) {
		char drain[4096];
		struct pyi_target *target = open_target(child.pid);
		capture(target, NULL);
		assert_true(target->n_threads >= 1);
		assert_true(target->threads[0].main);
		check_stopped(&target->threads[0]);
		pyi_target_close(target);
		while (read(child.out, drain, sizeof(drain)) > 0)
			;
	}
	fcntl(child.out, F_SETFL, 0);
	for (int i = 0; i < 50; i++)
		assert_int_equal(child_read(&child), '.');
	child_end(&child);
}

static void *echo_thread(void *arg)
{
	int *fds = arg;
	child_say(fds[1], 'r');
	child_echo(fds[0], fds[1]);
	return NULL;
}

static void leaderless_body(int in, int out)
{
	static int fds[2];
	fds[0] = in;
	fds[1] = out;
	start_thread(echo_thread, fds);
	pthread_exit(NULL);
}

static void test_main_thread_ended(void **state)
{
	(void)state;
	struct child child = start(leaderless_body);
	assert_true(child_wait_state(child.pid, child.pid, "Z"));
	struct pyi_target *target = open_target(child.pid);
	capture(target, NULL);
	assert_int_equal(target->n_threads, 1);
	assert_false(target->threads[0].main);
	assert_true(target->threads[0].have_regs);
	assert_true(target->n_images > 0);
	assert_true(child_answers(&child));
	pyi_target_close(target);
	child_end(&child);
}

/* --- what cannot be opened --- */

static void exit_body(int in, int out)
{
	(void)in;
	child_say(out, 'r');
}

static void test_not_inspectable(void **state)
{
	(void)state;
	expect_open_error(0, PYI_ERR_NOT_FOUND, "no such process");
	expect_open_error(-5, PYI_ERR_NOT_FOUND, "no such process");
	expect_open_error(0x3fffffff, PYI_ERR_NOT_FOUND, "no such process");
	struct child child = start(exit_body);
	assert_true(child_wait_state(child.pid, child.pid, "Z"));
	expect_open_error(child.pid, PYI_ERR_NOT_FOUND, "a zombie: it has exited");
	child_end(&child);
	child = start_sleeping(threads_body);
	struct pyi_target *target = open_target(child.pid);
	capture(target, NULL);
	pid_t tid = target->threads[1].tid;
	pyi_target_close(target);
	struct pyi_error *err = pyi_target_open_live(tid, &target);
	assert_int_equal(err->code, PYI_ERR_NOT_FOUND);
	assert_non_null(strstr(err->hint, "is a thread of process"));
	pyi_error_destroy(err);
	child_end(&child);
}

static void test_kernel_thread(void **state)
{
	(void)state;
	char comm[32] = "";
	FILE *f = fopen("/proc/2/comm", "re");
	if (f && !fgets(comm, sizeof(comm), f))
		comm[0] = '\0';
	if (f)
		fclose(f);
	if (strcmp(comm, "kthreadd\n") != 0)
		skip(); /* another pid namespace: no kernel thread is to be seen */
	expect_open_error(2, PYI_ERR_NOT_PYTHON, "a kernel thread, not");
}

/* An ELF32 program of a few instructions: pause() for ever by int 0x80. */
static void exec_32_bit(int in, int out)
{
	static const unsigned char code[] = {0xb8, 29, 0, 0, 0, 0xcd, 0x80, 0xeb, 0xf7};
	struct {
		Elf32_Ehdr ehdr;
		Elf32_Phdr phdr;
		unsigned char code[sizeof(code)];
	} file = {
		.ehdr = {.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB,
				     EV_CURRENT},
			 .e_type = ET_EXEC,
			 .e_machine = EM_386,
			 .e_version = EV_CURRENT,
			 .e_entry = 0x10000 + sizeof(Elf32_Ehdr) + sizeof(Elf32_Phdr),
			 .e_phoff = sizeof(Elf32_Ehdr),
			 .e_ehsize = sizeof(Elf32_Ehdr),
			 .e_phentsize = sizeof(Elf32_Phdr),
			 .e_phnum = 1},
		.phdr = {.p_type = PT_LOAD,
			 .p_vaddr = 0x10000,
			 .p_filesz = sizeof(file),
			 .p_memsz = sizeof(file),
			 .p_flags = PF_R | PF_X,
			 .p_align = 4096},
	};
	(void)in;
	memcpy(file.code, code, sizeof(code));
	int fd = memfd_create("elf32", MFD_CLOEXEC);
	if (write(fd, &file, sizeof(file)) == (ssize_t)sizeof(file)) {
		child_say(out, 'r');
		fexecve(fd, (char *[]){(char *)"elf32", NULL}, (char *[]){NULL});
	}
}

static void test_32_bit(void **state)
{
	(void)state;
	struct child child = start(exec_32_bit);
	if (!child_wait_state(child.pid, child.pid, "SZ") ||
	    child_state(child.pid, child.pid) == 'Z') {
		child_end(&child);
		skip(); /* this kernel runs no 32-bit programs */
	}
	expect_open_error(child.pid, PYI_ERR_NOT_PYTHON, "32-bit");
	child_end(&child);
}

static void unprivileged_body(int in, int out)
{
	struct pyi_target *target;
	(void)in;
	if (setgid(65534) || setuid(65534))
		_exit(1);
	struct pyi_error *err = pyi_target_open_live(held.pid, &target);
	bool right = err && err->code == PYI_ERR_PERMISSION && err->hint &&
		     strstr(err->hint, "CAP_SYS_PTRACE") && strstr(err->hint, PYI_HINT_SUDO);
	child_say(out, right ? 'r' : 'x');
}

static void test_permission(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip(); /* cannot become somebody else */
	held = start_sleeping(echo_body);
	struct child other = start(unprivileged_body);
	child_end(&other);
	child_end(&held);
}

static void tracing_body(int in, int out)
{
	if (ptrace(PTRACE_SEIZE, held.pid, NULL, NULL))
		_exit(1);
	prctl(PR_SET_NAME, "other tracer");
	child_say(out, 'r');
	child_echo(in, out);
}

static void test_traced_by_other(void **state)
{
	(void)state;
	held = start_sleeping(echo_body);
	struct child other = start(tracing_body);
	struct pyi_target *target = open_target(held.pid);
	capture(target, NULL);
	assert_int_equal(target->paused_ns, 0);
	assert_true(target->threads[0].have_pc_sp);
	assert_int_equal(target->warnings.len, 1);
	assert_non_null(strstr(target->warnings.data[0], "other tracer (pid "));
	capture(target, NULL);
	assert_int_equal(target->warnings.len, 1);
	pyi_target_close(target);
	assert_true(child_answers(&held));
	child_end(&other);
	child_end(&held);
}

/* --- memory --- */

/* Pages that cannot be read in the middle of a batch cost nothing but themselves. */
static void test_holes(void **state)
{
	(void)state;
	size_t n = 300;
	char *area = mmap(NULL, n * PYI_PAGE_SIZE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(area != MAP_FAILED);
	for (size_t i = 0; i < n; i++)
		memset(area + i * PYI_PAGE_SIZE, (int)(i & 0xff), PYI_PAGE_SIZE);
	for (size_t i = 7; i < n; i += 50) {
		/* MADV_GUARD_INSTALL (Linux 6.13): a guard that /proc/PID/maps does not show. */
		if (madvise(area + i * PYI_PAGE_SIZE, PYI_PAGE_SIZE, 102))
			mprotect(area + i * PYI_PAGE_SIZE, PYI_PAGE_SIZE, PROT_NONE);
	}
	struct pyi_target *target = open_target(getpid());
	struct pyi_mem_iov range = {.addr = (uint64_t)area, .len = n * PYI_PAGE_SIZE};
	pyi_mem_prefetch(target->mem, &range, 1);
	pyi_mem_refresh(target->mem);
	for (size_t i = 0; i < n; i++) {
		uint8_t byte = 0;
		size_t got = pyi_mem_read_some(target->mem, (uint64_t)area + i * PYI_PAGE_SIZE + 9,
					       &byte, 1);
		assert_int_equal(got, i % 50 != 7);
		if (got)
			assert_int_equal(byte, i & 0xff);
	}
	uint8_t byte;
	struct pyi_error *err = pyi_mem_read_u8(target->mem, 16, &byte);
	assert_int_equal(err->code, PYI_ERR_FAULT);
	assert_non_null(strstr(err->message, "not mapped"));
	pyi_error_destroy(err);
	err = pyi_mem_read_u8(target->mem, UINT64_MAX, &byte);
	assert_int_equal(err->code, PYI_ERR_FAULT);
	pyi_error_destroy(err);
	pyi_target_close(target);
	munmap(area, n * PYI_PAGE_SIZE);
}

static void test_open_file(void **state)
{
	(void)state;
	struct child child = start_sleeping(echo_body);
	struct pyi_target *target = open_target(child.pid);
	char byte, link[] = "/tmp/pyi-test-XXXXXX", fifo[64];
	int fd = pyi_target_open_file(target, "/proc/self/exe/nothing");
	assert_int_equal(fd, -1);
	fd = pyi_target_open_file(target, "/etc/passwd");
	assert_true(fd >= 0 && read(fd, &byte, 1) == 1);
	close(fd);
	assert_int_equal(pyi_target_open_file(target, "/tmp"), -1);
	assert_int_equal(pyi_target_open_file(target, "/dev/zero"), -1);
	assert_int_equal(pyi_target_open_file(target, ""), -1);
	assert_non_null(mkdtemp(link));
	snprintf(fifo, sizeof(fifo), "%s/fifo", link);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_int_equal(pyi_target_open_file(target, fifo), -1);
	unlink(fifo);
	rmdir(link);
	pyi_target_close(target);
	child_end(&child);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sleeping),
		cmocka_unit_test(test_no_stop),
		cmocka_unit_test(test_spinning),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_group_stop),
		cmocka_unit_test(test_signals_are_kept),
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_timeout_is_not_prolonged),
		cmocka_unit_test(test_uninterruptible),
		cmocka_unit_test(test_killed_in_pause),
		cmocka_unit_test(test_terminated_in_pause),
		cmocka_unit_test(test_interrupted),
		cmocka_unit_test(test_killed_target),
		cmocka_unit_test(test_exec_meanwhile),
		cmocka_unit_test(test_churn),
		cmocka_unit_test(test_main_thread_ended),
		cmocka_unit_test(test_not_inspectable),
		cmocka_unit_test(test_kernel_thread),
		cmocka_unit_test(test_32_bit),
		cmocka_unit_test(test_permission),
		cmocka_unit_test(test_traced_by_other),
		cmocka_unit_test(test_holes),
		cmocka_unit_test(test_open_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
