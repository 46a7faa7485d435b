/* SPDX-License-Identifier: BSD-2-Clause */
/* Every thread stops, is seen with its registers, and runs again. */
#include "target/stop.h"

#include "child.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <cmocka.h>

#define THREADS 4

static void *sleep_for_ever(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static void threads_body(int in, int out)
{
	pthread_t thread;
	for (int i = 0; i < THREADS; i++) {
		if (pthread_create(&thread, NULL, sleep_for_ever, NULL))
			_exit(1);
	}
	child_say(out, 'r');
	child_echo(in, out);
}

static void start(struct child *child, struct pyi_stop *stop)
{
	char path[64];
	assert_true(child_start(child, threads_body));
	assert_int_equal(child_read(child), 'r');
	snprintf(path, sizeof(path), "/proc/%d/task", (int)child->pid);
	DIR *dir = opendir(path);
	assert_non_null(dir);
	for (struct dirent *entry; (entry = readdir(dir));) {
		if (entry->d_name[0] != '.')
			assert_true(child_wait_state(child->pid, atoi(entry->d_name), "S"));
	}
	closedir(dir);
	pyi_stop_init(stop, child->pid, open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	assert_null(pyi_stop_add(stop, child->pid));
}

static void end(struct child *child, struct pyi_stop *stop)
{
	assert_true(child_answers(child));
	pyi_vec_for_each (thread, &stop->threads) {
		if (!thread->gone)
			assert_true(child_wait_state(child->pid, thread->tid, "S"));
	}
	close(stop->task_dir);
	pyi_stop_deinit(stop);
	child_end(child);
}

/* Only the main thread is announced. */
static void test_all_threads(void **state)
{
	(void)state;
	struct child child;
	struct pyi_stop stop;
	start(&child, &stop);
	assert_int_equal(stop.begin_ns, 0);
	assert_null(pyi_stop_begin(&stop));
	assert_int_equal(stop.threads.len, THREADS + 1);
	pyi_vec_for_each (thread, &stop.threads) {
		bool main = thread->tid == child.pid;
		assert_true(thread->stopped && thread->have_regs);
		assert_null(thread->why);
		assert_int_equal(thread->signal, 0);
		assert_int_equal(child_state(child.pid, thread->tid), 't');
		assert_int_equal(thread->regs.orig_rax, main ? SYS_read : SYS_pause);
	}
	child_write(&child, 'x'); /* nobody reads it now */
	child_sleep_ms(20);
	assert_int_equal(child_state(child.pid, child.pid), 't');
	pyi_stop_end(&stop);
	assert_int_equal(child_read(&child), 'x');
	assert_true(stop.begin_ns && stop.end_ns >= stop.begin_ns + 20000000u);
	assert_false(stop.interrupted);
	assert_int_equal(stop.tracer, 0);
	uint64_t ended = stop.end_ns;
	pyi_stop_end(&stop);
	assert_int_equal(stop.end_ns, ended);
	end(&child, &stop);
}

/* One that was announced and has gone does not hold up the others. */
static void test_gone(void **state)
{
	(void)state;
	struct child child;
	struct pyi_stop stop;
	start(&child, &stop);
	assert_null(pyi_stop_add(&stop, 0x3fffffff));
	assert_null(pyi_stop_begin(&stop));
	assert_true(stop.threads.data[1].gone);
	assert_false(stop.threads.data[1].have_regs);
	assert_int_equal(stop.threads.len, THREADS + 2);
	assert_true(stop.end_ns == 0 && stop.begin_ns);
	pyi_stop_end(&stop);
	end(&child, &stop);
}

static void *stop_and_kill(void *arg)
{
	struct pyi_stop *stop = arg;
	char *seen = malloc(1);
	struct pyi_error *err = pyi_stop_begin(stop);
	kill(stop->pid, SIGTERM);
	child_sleep_ms(20);
	*seen = err ? 'e' : child_state(stop->pid, stop->pid);
	pyi_stop_end(stop);
	return seen;
}

/* A signal that comes meanwhile is delivered afterwards. Threads that die of it before they are let
 * go are held as zombies until the thread that traced them ends. */
static void test_signal_is_kept(void **state)
{
	(void)state;
	struct child child;
	struct pyi_stop stop;
	pthread_t tracer;
	void *seen;
	start(&child, &stop);
	assert_int_equal(pthread_create(&tracer, NULL, stop_and_kill, &stop), 0);
	assert_int_equal(pthread_join(tracer, &seen), 0);
	assert_int_equal(*(char *)seen, 't');
	free(seen);
	assert_true(child_wait_state(child.pid, child.pid, "Z"));
	close(stop.task_dir);
	pyi_stop_deinit(&stop);
	siginfo_t info;
	assert_int_equal(waitid(P_PID, (id_t)child.pid, &info, WEXITED | WNOWAIT), 0);
	assert_int_equal(info.si_code, CLD_KILLED);
	assert_int_equal(info.si_status, SIGTERM);
	child_end(&child);
}

static pid_t traced;

static void tracing_body(int in, int out)
{
	child_say(out, ptrace(PTRACE_SEIZE, traced, NULL, NULL) ? 'x' : 'r');
	child_echo(in, out);
}

static void test_traced_already(void **state)
{
	(void)state;
	struct child child, other;
	struct pyi_stop stop;
	start(&child, &stop);
	traced = child.pid;
	assert_true(child_start(&other, tracing_body));
	assert_int_equal(child_read(&other), 'r');
	struct pyi_error *err = pyi_stop_begin(&stop);
	assert_non_null(err);
	assert_int_equal(err->code, PYI_ERR_PERMISSION);
	assert_int_equal(stop.tracer, other.pid);
	pyi_error_destroy(err);
	assert_int_equal(stop.begin_ns, 0);
	assert_int_equal(child_state(child.pid, child.pid), 'S');
	child_end(&other);
	end(&child, &stop);
}

static void test_signal_to_us(void **state)
{
	(void)state;
	struct child child;
	struct pyi_stop stop;
	sigset_t set, old;
	int taken;
	start(&child, &stop);
	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, &old);
	kill(getpid(), SIGHUP);
	assert_null(pyi_stop_begin(&stop));
	assert_true(stop.interrupted);
	pyi_stop_end(&stop);
	assert_int_equal(sigwait(&set, &taken), 0);
	assert_int_equal(taken, SIGHUP);
	sigprocmask(SIG_SETMASK, &old, NULL);
	end(&child, &stop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_threads),    cmocka_unit_test(test_gone),
		cmocka_unit_test(test_signal_is_kept), cmocka_unit_test(test_traced_already),
		cmocka_unit_test(test_signal_to_us),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
