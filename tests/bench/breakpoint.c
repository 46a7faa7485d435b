/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * breakpoint PID ADDR...: what a debugger's breakpoints cost. Each hit stops the thread, which is
 * stepped over the instruction and goes on. Says READY when they are there; ends at SIGTERM and
 * takes them out again.
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>

enum { MAX = 64 };

static pid_t pid;
static size_t n;
static struct {
	uint64_t addr;
	long word;
} points[MAX];
static volatile sig_atomic_t done;

static void on_term(int signo)
{
	done = 1;
}

static void put(size_t i)
{
	ptrace(PTRACE_POKETEXT, pid, points[i].addr, (points[i].word & ~0xffL) | 0xcc);
}

static void take_out(size_t i)
{
	ptrace(PTRACE_POKETEXT, pid, points[i].addr, points[i].word);
}

static void step_over(void)
{
	struct user_regs_struct regs;
	int status;

	ptrace(PTRACE_GETREGS, pid, 0, &regs);
	for (size_t i = 0; i < n; i++) {
		if (points[i].addr != regs.rip - 1)
			continue;
		regs.rip--;
		ptrace(PTRACE_SETREGS, pid, 0, &regs);
		take_out(i);
		ptrace(PTRACE_SINGLESTEP, pid, 0, 0);
		waitpid(pid, &status, __WALL);
		put(i);
		return;
	}
}

int main(int argc, char **argv)
{
	struct sigaction act = {.sa_handler = on_term};
	int status;

	if (argc < 3 || argc - 2 > MAX)
		return 2;
	pid = (pid_t)atoi(argv[1]);
	sigaction(SIGTERM, &act, NULL);
	if (ptrace(PTRACE_SEIZE, pid, 0, 0) < 0 || ptrace(PTRACE_INTERRUPT, pid, 0, 0) < 0)
		return 1;
	waitpid(pid, &status, __WALL);
	for (; n < (size_t)argc - 2; n++) {
		points[n].addr = strtoull(argv[n + 2], NULL, 0);
		errno = 0;
		points[n].word = ptrace(PTRACE_PEEKTEXT, pid, points[n].addr, 0);
		if (errno)
			return 1;
	}
	for (size_t i = 0; i < n; i++)
		put(i);
	puts("READY");
	fflush(stdout);
	ptrace(PTRACE_CONT, pid, 0, 0);
	while (!done) {
		if (waitpid(pid, &status, __WALL) < 0)
			continue;
		if (WIFEXITED(status) || WIFSIGNALED(status))
			return 0;
		if (WSTOPSIG(status) == SIGTRAP)
			step_over();
		ptrace(PTRACE_CONT, pid, 0, 0);
	}
	ptrace(PTRACE_INTERRUPT, pid, 0, 0);
	waitpid(pid, &status, __WALL);
	if (WSTOPSIG(status) == SIGTRAP && status >> 16 == 0)
		step_over();
	for (size_t i = 0; i < n; i++)
		take_out(i);
	ptrace(PTRACE_DETACH, pid, 0, 0);
	return 0;
}
