/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/supervise.h"

#include "base/cleanup.h"
#include "cmd/output.h"
#include "target/proc.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

#define STOP_NS UINT64_C(100000000) /* for the other threads of a process that crashes */

struct watch {
	const struct pyi_supervisor *supervisor;
	pid_t command;
	PYI_VEC(pid_t) processes; /* of ours: the command, and what it forked */
	PYI_VEC(pid_t) reported;  /* those that on_crash was called for */
};

/* --- starting --- */

/* In the child: waits until it is traced. */
static _Noreturn void become(char **argv, int go_fd, int error_fd)
{
	char byte;
	int err;

	if (read(go_fd, &byte, 1) != 1)
		_exit(127);
	pyi_output_restore_signals();
	execvp(argv[0], argv);
	err = errno;
	if (write(error_fd, &err, sizeof(err)) < 0)
		_exit(126);
	_exit(127);
}

static struct pyi_error *seize(pid_t pid)
{
	long options = PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE;

	if (ptrace(PTRACE_SEIZE, pid, NULL, options) == 0)
		return NULL;
	return pyi_error_hint(pyi_error_errno(errno, "cannot trace what we start"),
			      "run needs ptrace, which this machine forbids");
}

static struct pyi_error *start(struct watch *watch, char **argv, int *error_fd)
{
	int go[2], failed[2];
	struct pyi_error *err;

	if (pipe2(go, O_CLOEXEC) != 0)
		return pyi_error_errno(errno, "cannot start %s", argv[0]);
	if (pipe2(failed, O_CLOEXEC) != 0) {
		err = pyi_error_errno(errno, "cannot start %s", argv[0]);
		close(go[0]);
		close(go[1]);
		return err;
	}
	watch->command = fork();
	if (watch->command == 0) {
		close(go[1]);
		become(argv, go[0], failed[1]);
	}
	err = watch->command < 0 ? pyi_error_errno(errno, "cannot start %s", argv[0])
				 : seize(watch->command);
	if (!err && write(go[1], "", 1) != 1)
		err = pyi_error_errno(errno, "cannot start %s", argv[0]);
	close(go[0]);
	close(go[1]);
	close(failed[1]);
	if (err)
		close(failed[0]);
	else
		*error_fd = failed[0];
	return err;
}

/* --- processes --- */

static size_t find(const pid_t *pids, size_t n, pid_t pid)
{
	size_t i = 0;

	while (i < n && pids[i] != pid)
		i++;
	return i;
}

static void remember(struct watch *watch, pid_t pid)
{
	pid_t *slot = pyi_vec_push(&watch->processes);

	if (slot)
		*slot = pid;
}

/* A process has ended: true when nothing was said about that yet. */
static bool forget(struct watch *watch, pid_t pid)
{
	size_t at = find(watch->processes.data, watch->processes.len, pid);
	size_t said = find(watch->reported.data, watch->reported.len, pid);
	bool reported = said < watch->reported.len;

	if (reported)
		watch->reported.data[said] = watch->reported.data[--watch->reported.len];
	if (at == watch->processes.len)
		return false;
	watch->processes.data[at] = watch->processes.data[--watch->processes.len];
	return !reported;
}

/* --- which signals end a process --- */

static bool ends_by_default(int signal)
{
	static const int others[] = {SIGCHLD, SIGCONT, SIGURG,  SIGWINCH,
				     SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (others[i] == signal)
			return false;
	return signal > 0 && signal < 65;
}

/* A mask of /proc/PID/status: "SigCgt:\t0000000000000002". */
static bool in_mask(const char *status, const char *name, int signal)
{
	const char *at = strstr(status, name);

	return at && strtoull(at + strlen(name), NULL, 16) >> (signal - 1) & 1;
}

static pid_t process_of(const char *status)
{
	const char *at = strstr(status, "\nTgid:");

	return at ? (pid_t)strtol(at + strlen("\nTgid:"), NULL, 10) : 0;
}

/* The process that a signal, at its delivery to tid, will end; 0: it will not. A fault that cannot
 * be handled has had its handler reset by the kernel before this. */
static pid_t find_doomed(pid_t tid, int signal)
{
	char path[48], status[4096];

	if (!ends_by_default(signal))
		return 0;
	snprintf(path, sizeof(path), "/proc/%d/status", (int)tid);
	if (pyi_proc_read_small(AT_FDCWD, path, status, sizeof(status)) <= 0 ||
	    in_mask(status, "\nSigCgt:", signal) || in_mask(status, "\nSigIgn:", signal))
		return 0;
	return process_of(status);
}

/* --- the crash --- */

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static void note_child(struct watch *watch, pid_t tid, int status)
{
	int event = status >> 16;
	unsigned long child;

	if ((event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK) &&
	    ptrace(PTRACE_GETEVENTMSG, tid, NULL, &child) == 0)
		remember(watch, (pid_t)child);
}

/* Waits for one of the threads of a process that crashes; its own signal is kept for later. */
static void hold(struct watch *watch, struct pyi_stop_thread *thread, uint64_t end_ns)
{
	int status;

	for (;;) {
		pid_t got = waitpid(thread->tid, &status, __WALL | WNOHANG);

		if (got < 0 || (got > 0 && !WIFSTOPPED(status))) {
			thread->gone = true;
			return;
		}
		if (got > 0)
			break;
		if (now_ns() > end_ns) {
			thread->why = "it did not stop in time";
			return;
		}
		nanosleep(&(struct timespec){.tv_nsec = 50000}, NULL);
	}
	thread->stopped = true;
	note_child(watch, thread->tid, status);
	if (status >> 16 == 0)
		thread->signal = WSTOPSIG(status);
}

static void get_registers(struct pyi_stop_thread *thread)
{
	struct iovec iov = {.iov_base = &thread->regs, .iov_len = sizeof(thread->regs)};

	thread->have_regs = ptrace(PTRACE_GETREGSET, thread->tid, (void *)NT_PRSTATUS, &iov) == 0 &&
			    iov.iov_len == sizeof(thread->regs);
	if (!thread->have_regs)
		thread->why = "its registers could not be read";
}

/* Lists the threads of pid, and asks all but tid, which stands, to stop. */
static struct pyi_error *interrupt_all(struct pyi_stop *stop, pid_t tid)
{
	struct pyi_error *err = NULL;
	char path[32];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)stop->pid);
	dir = opendir(path);
	if (!dir)
		return pyi_error_errno(errno, "%s", path);
	for (struct dirent *entry; !err && (entry = readdir(dir));) {
		pid_t one = (pid_t)strtol(entry->d_name, NULL, 10);

		if (one <= 0)
			continue;
		err = pyi_stop_add(stop, one);
		if (!err && one != tid)
			ptrace(PTRACE_INTERRUPT, one, NULL, NULL);
	}
	closedir(dir);
	return err;
}

static void show_crash(struct watch *watch, pid_t pid, pid_t tid, int signal)
{
	struct pyi_crash crash = {.pid = pid, .death = {.signal = signal, .tid = tid}};
	uint64_t end_ns = now_ns() + STOP_NS;
	struct pyi_stop stop;
	pid_t *said;

	crash.death.have_info = ptrace(PTRACE_GETSIGINFO, tid, NULL, &crash.death.info) == 0;
	pyi_stop_init(&stop, pid, -1);
	pyi_error_destroy(interrupt_all(&stop, tid));
	pyi_vec_for_each (thread, &stop.threads) {
		if (thread->tid != tid)
			hold(watch, thread, end_ns);
		if (!thread->gone && !thread->why)
			get_registers(thread);
	}
	crash.threads = &stop;
	said = pyi_vec_push(&watch->reported);
	if (said)
		*said = pid;
	watch->supervisor->on_crash(watch->supervisor->arg, &crash);
	/* The one that dies takes the others along. */
	ptrace(PTRACE_CONT, tid, NULL, (void *)(long)signal);
	pyi_vec_for_each (thread, &stop.threads)
		if (thread->stopped)
			ptrace(PTRACE_CONT, thread->tid, NULL, (void *)(long)thread->signal);
	pyi_stop_deinit(&stop);
}

/* --- the loop --- */

static bool stops_job(int signal)
{
	return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

static void on_stop(struct watch *watch, pid_t tid, int status)
{
	int signal = WSTOPSIG(status), event = status >> 16;
	pid_t doomed;

	if (event == PTRACE_EVENT_STOP && stops_job(signal)) {
		ptrace(PTRACE_LISTEN, tid, NULL, NULL);
		return;
	}
	note_child(watch, tid, status);
	doomed = event ? 0 : find_doomed(tid, signal);
	if (doomed)
		show_crash(watch, doomed, tid, signal);
	else
		ptrace(PTRACE_CONT, tid, NULL, (void *)(long)(event ? 0 : signal));
}

static struct pyi_error *loop(struct watch *watch, int *ret)
{
	for (;;) {
		int status;
		pid_t tid = waitpid(-1, &status, __WALL);

		if (tid < 0 && errno == EINTR)
			continue;
		if (tid < 0)
			return pyi_error_errno(errno, "cannot wait for the command");
		if (WIFSTOPPED(status)) {
			on_stop(watch, tid, status);
			continue;
		}
		if (forget(watch, tid) && WIFSIGNALED(status))
			watch->supervisor->on_kill(watch->supervisor->arg, tid);
		if (tid == watch->command) {
			*ret = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
			return NULL;
		}
	}
}

/* --- signals to us --- */

static volatile pid_t signalled_pid;

/* The kernel's own come from the terminal, which sends them to the whole group. */
static void pass_on(int signal, siginfo_t *info, void *context)
{
	(void)context;
	if (info->si_code != SI_KERNEL && signalled_pid > 0)
		kill(signalled_pid, signal);
}

static void pass_signals_on(pid_t pid)
{
	static const int passed[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2};
	struct sigaction action = {.sa_sigaction = pass_on, .sa_flags = SA_SIGINFO | SA_RESTART};

	signalled_pid = pid;
	for (size_t i = 0; i < sizeof(passed) / sizeof(passed[0]); i++) {
		struct sigaction now;

		if (sigaction(passed[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
			sigaction(passed[i], &action, NULL);
	}
}

struct pyi_error *pyi_supervise(const struct pyi_supervisor *supervisor, char **argv, int *status)
{
	struct watch watch = {.supervisor = supervisor};
	int failed = -1, why;
	struct pyi_error *err = start(&watch, argv, &failed);

	if (!err) {
		pass_signals_on(watch.command);
		remember(&watch, watch.command);
		err = loop(&watch, status);
		signalled_pid = 0;
	}
	if (!err && *status == 127 && read(failed, &why, sizeof(why)) == sizeof(why))
		err = pyi_error_errno(why, "%s", argv[0]);
	if (failed >= 0)
		close(failed);
	pyi_vec_deinit(&watch.processes);
	pyi_vec_deinit(&watch.reported);
	return err;
}
