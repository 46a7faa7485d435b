/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ptrace. SEIZE does not stop, so all threads are seized first; then all are interrupted, then all
 * are waited for: they stop side by side. Facts of behaviour: ptrace(2), Linux kernel/ptrace.c.
 *
 * Statuses are looked at with WNOWAIT: when the target is a child of ours, its exit status is not
 * ours to take.
 */
#include "target/stop.h"

#include "base/cleanup.h"
#include "target/proc.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

#define WAIT_NS UINT64_C(100000000) /* for all threads to stop */
/* A thread that sleeps uninterruptibly at this many checks in a row is left alone: one sleep may be
 * a page that comes from a disk or a lock whose holder waits for a CPU. */
#define SLEEP_CHECK_NS UINT64_C(8000000)
#define SLEEP_CHECKS   3
#define WAIT_SLICE_NS  20000 /* between looks: a stop takes 5 to 50 us */
#define MAX_ROUNDS     16    /* of looking for threads that were made meanwhile */

/* Results of an interrupted system call inside the kernel (Linux include/linux/errno.h). */
#define ERESTARTSYS           512
#define ERESTARTNOHAND        514
#define ERESTART_RESTARTBLOCK 516

void pyi_stop_init(struct pyi_stop *stop, pid_t pid, int task_dir)
{
	*stop = (struct pyi_stop){.pid = pid, .task_dir = task_dir};
}

void pyi_stop_deinit(struct pyi_stop *stop)
{
	pyi_vec_deinit(&stop->threads);
}

static uint64_t now_ns(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

struct pyi_error *pyi_stop_add(struct pyi_stop *stop, pid_t tid)
{
	struct pyi_stop_thread *thread = pyi_vec_push(&stop->threads);
	if (!thread)
		return &pyi_enomem;
	thread->tid = tid;
	return NULL;
}

static pid_t tracer_of(const struct pyi_stop *stop, pid_t tid)
{
	char name[32];
	struct pyi_proc_status status;
	snprintf(name, sizeof(name), "%d/status", (int)tid);
	return pyi_proc_status(stop->task_dir, name, &status) ? status.tracer_pid : 0;
}

static bool is_dead(const struct pyi_stop *stop, pid_t tid)
{
	char name[32];
	struct pyi_proc_stat st;
	snprintf(name, sizeof(name), "%d/stat", (int)tid);
	return !pyi_proc_stat(stop->task_dir, name, &st) || strchr("ZXx", st.state);
}

static struct pyi_error *seize(struct pyi_stop *stop, struct pyi_stop_thread *thread)
{
	if (!ptrace(PTRACE_SEIZE, thread->tid, NULL, NULL)) {
		thread->seized = true;
		return NULL;
	}
	int why = errno;
	if (why == ESRCH || is_dead(stop, thread->tid)) {
		thread->gone = true;
		return NULL;
	}
	stop->tracer = tracer_of(stop, thread->tid);
	if (stop->tracer)
		return pyi_error_create(PYI_ERR_PERMISSION, "traced by process %d already",
					(int)stop->tracer);
	return pyi_error_errno(why, "cannot stop thread %d", (int)thread->tid);
}

static void interrupt(struct pyi_stop *stop, struct pyi_stop_thread *thread)
{
	if (!stop->begin_ns)
		stop->begin_ns = now_ns();
	if (ptrace(PTRACE_INTERRUPT, thread->tid, NULL, NULL))
		thread->gone = true;
}

/* Takes note of a stop or an exit, if there is one. */
static void look(struct pyi_stop_thread *thread)
{
	siginfo_t info = {0};
	if (waitid(P_PID, (id_t)thread->tid, &info,
		   WSTOPPED | WEXITED | WNOHANG | WNOWAIT | __WALL)) {
		if (errno == ECHILD)
			thread->gone = true;
		return;
	}
	if (!info.si_pid)
		return;
	if (info.si_code != CLD_TRAPPED && info.si_code != CLD_STOPPED) {
		thread->gone = true;
		return;
	}
	thread->stopped = true;
	/* No event: it stopped on the way to getting a signal, which must not be lost. */
	if (!(info.si_status >> 8))
		thread->signal = info.si_status & 0x7f;
}

static bool signal_waits(void)
{
	static const int fatal[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE};
	sigset_t pending;
	if (sigpending(&pending))
		return false;
	for (size_t i = 0; i < sizeof(fatal) / sizeof(*fatal); i++) {
		if (sigismember(&pending, fatal[i]))
			return true;
	}
	return false;
}

static bool sleeps_uninterruptibly(const struct pyi_stop *stop, pid_t tid)
{
	char name[32];
	struct pyi_proc_stat st;
	snprintf(name, sizeof(name), "%d/stat", (int)tid);
	return pyi_proc_stat(stop->task_dir, name, &st) && st.state == 'D';
}

/* Waits until the thread has stopped or gone; says why when it does neither. */
static void wait_one(struct pyi_stop *stop, struct pyi_stop_thread *thread, uint64_t begin)
{
	uint64_t next_check = SLEEP_CHECK_NS;
	int asleep = 0; /* checks in a row */
	look(thread);
	while (!thread->stopped && !thread->gone && !stop->interrupted) {
		uint64_t waited = now_ns() - begin;
		if (waited > WAIT_NS) {
			thread->why = "it did not stop in time";
			break;
		}
		if (waited > next_check) {
			asleep = sleeps_uninterruptibly(stop, thread->tid) ? asleep + 1 : 0;
			next_check += SLEEP_CHECK_NS;
		}
		if (asleep == SLEEP_CHECKS) {
			thread->why = "in uninterruptible sleep";
			break;
		}
		nanosleep(&(struct timespec){.tv_nsec = WAIT_SLICE_NS}, NULL);
		stop->interrupted |= signal_waits();
		look(thread);
	}
	if (thread->stopped)
		thread->why = NULL;
}

/* One after the other: they stop side by side, and looking at all of them again whenever one more
 * has stopped would take longer than the stops. By short sleeps: waiting for SIGCHLD would wake us
 * once a thread, and spinning keeps a CPU from them. */
static void wait_all(struct pyi_stop *stop)
{
	uint64_t begin = now_ns();
	pyi_vec_for_each (thread, &stop->threads) {
		if (thread->seized && !thread->stopped && !thread->why)
			wait_one(stop, thread, begin);
	}
	stop->interrupted |= signal_waits();
}

static size_t alive(const struct pyi_stop *stop)
{
	size_t n = 0;
	for (size_t i = 0; i < stop->threads.len; i++)
		n += !stop->threads.data[i].gone;
	return n;
}

static bool known(const struct pyi_stop *stop, pid_t tid)
{
	for (size_t i = 0; i < stop->threads.len; i++) {
		if (stop->threads.data[i].tid == tid)
			return true;
	}
	return false;
}

/* Seizes and interrupts threads that are not known yet; their number in *found. */
static struct pyi_error *take_new_threads(struct pyi_stop *stop, size_t *found)
{
	*found = 0;
	int fd = openat(stop->task_dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	if (!dir) {
		if (fd >= 0)
			close(fd);
		return NULL; /* the process has gone: the caller sees it */
	}
	struct pyi_error *err = NULL;
	for (struct dirent *entry; !err && (entry = readdir(dir));) {
		pid_t tid = (pid_t)strtol(entry->d_name, NULL, 10);
		if (tid <= 0 || known(stop, tid))
			continue;
		err = pyi_stop_add(stop, tid);
		if (err)
			break;
		struct pyi_stop_thread *thread = &stop->threads.data[stop->threads.len - 1];
		err = seize(stop, thread);
		if (thread->seized) {
			interrupt(stop, thread);
			++*found;
		}
	}
	closedir(dir);
	return err;
}

/* A directory has two links more than directories in it: that counts the threads in one call. */
static bool all_known(const struct pyi_stop *stop)
{
	struct stat st;
	return fstat(stop->task_dir, &st) || st.st_nlink == alive(stop) + 2;
}

/*
 * These fail with EINTR after every stop, also without a signal handler (signal(7)). One without a
 * timeout is started again, as if nothing had been: its result becomes the one that makes the
 * kernel do so unless a handler runs first. One with a timeout would wait for all of it anew, so it
 * keeps its EINTR, which every caller must expect and Python (from 3.5, PEP 475) answers by waiting
 * for the rest; only for targets that would raise an exception it is started again all the same.
 */
static const struct interrupted_call {
	long nr;
	size_t timeout; /* its register's offset; NO_TIMEOUT: waits for ever */
	bool negative;  /* for ever is a negative int, else a null pointer */
} interrupted_calls[] = {
#define NO_TIMEOUT  SIZE_MAX
#define REGISTER(r) offsetof(struct user_regs_struct, r)
	{SYS_epoll_wait, REGISTER(r10), true},    {SYS_epoll_pwait, REGISTER(r10), true},
	{SYS_epoll_pwait2, REGISTER(r10), false}, {SYS_rt_sigtimedwait, REGISTER(rdx), false},
	{SYS_semop, NO_TIMEOUT, false},           {SYS_semtimedop, REGISTER(r10), false},
	{SYS_io_getevents, REGISTER(r8), false},  {SYS_io_pgetevents, REGISTER(r8), false},
};

static bool waits_for_ever(const struct interrupted_call *call, const struct user_regs_struct *regs)
{
	unsigned long long timeout;

	if (call->timeout == NO_TIMEOUT)
		return true;
	memcpy(&timeout, (const char *)regs + call->timeout, sizeof(timeout));
	return call->negative ? (int)timeout < 0 : timeout == 0;
}

static void hide_interruption(const struct pyi_stop *stop, const struct pyi_stop_thread *thread)
{
	if ((long long)thread->regs.rax != -EINTR || thread->signal)
		return;
	for (size_t i = 0; i < sizeof(interrupted_calls) / sizeof(*interrupted_calls); i++) {
		const struct interrupted_call *call = &interrupted_calls[i];
		struct user_regs_struct regs = thread->regs;
		struct iovec iov = {.iov_base = &regs, .iov_len = sizeof(regs)};

		if ((long long)regs.orig_rax != call->nr)
			continue;
		if (!stop->restart_timed && !waits_for_ever(call, &regs))
			continue;
		regs.rax = (unsigned long long)-ERESTARTNOHAND;
		ptrace(PTRACE_SETREGSET, thread->tid, (void *)NT_PRSTATUS, &iov);
	}
}

static void get_registers(const struct pyi_stop *stop, struct pyi_stop_thread *thread)
{
	struct iovec iov = {.iov_base = &thread->regs, .iov_len = sizeof(thread->regs)};
	if (ptrace(PTRACE_GETREGSET, thread->tid, (void *)NT_PRSTATUS, &iov)) {
		thread->why = "its registers could not be read";
	} else if (iov.iov_len != sizeof(thread->regs)) {
		thread->why = "it runs 32-bit code"; /* the kernel gave a smaller struct */
	} else {
		thread->have_regs = true;
		hide_interruption(stop, thread);
	}
}

struct pyi_error *pyi_stop_begin(struct pyi_stop *stop)
{
	struct pyi_error *err = NULL;
	pyi_vec_for_each (thread, &stop->threads) {
		err = seize(stop, thread);
		if (err)
			break;
	}
	if (!err) {
		pyi_vec_for_each (thread, &stop->threads) {
			if (thread->seized)
				interrupt(stop, thread);
		}
	}
	for (int round = 0; !err && round < MAX_ROUNDS; round++) {
		size_t found;
		wait_all(stop);
		if (stop->interrupted || all_known(stop))
			break;
		err = take_new_threads(stop, &found);
		if (!found)
			break;
	}
	if (err) {
		pyi_stop_end(stop);
		return err;
	}
	pyi_vec_for_each (thread, &stop->threads) {
		if (thread->stopped)
			get_registers(stop, thread);
	}
	return NULL;
}

/* Threads that never stopped cannot be detached: they are freed when our thread ends. */
void pyi_stop_end(struct pyi_stop *stop)
{
	pyi_vec_for_each (thread, &stop->threads) {
		if (thread->seized && !thread->stopped && !thread->gone)
			look(thread);
		if (thread->stopped && !thread->have_regs && !thread->why)
			get_registers(stop, thread); /* for hide_interruption's sake */
		if (!thread->stopped)
			continue;
		ptrace(PTRACE_DETACH, thread->tid, NULL, (void *)(long)thread->signal);
		thread->stopped = thread->seized = false;
	}
	if (!stop->end_ns)
		stop->end_ns = now_ns();
}
