/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes that tests look into: forked, killed when the test ends or dies. */
#ifndef PYI_TESTS_CHILD_H
#define PYI_TESTS_CHILD_H

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct child {
	pid_t pid;
	int in;  /* what we write here the child reads from fd `in` of its body */
	int out; /* what the child writes */
};

static inline void child_sleep_ms(long ms)
{
	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

/* The state letter of a thread, 0 when it has gone. */
static inline char child_state(pid_t pid, pid_t tid)
{
	char path[64], text[512];
	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", (int)pid, (int)tid);
	FILE *f = fopen(path, "re");
	if (!f)
		return 0;
	size_t n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = '\0';
	char *close = strrchr(text, ')');
	return close ? close[2] : 0;
}

/* Waits at most two seconds for one of these states. */
static inline bool child_wait_state(pid_t pid, pid_t tid, const char *states)
{
	for (int i = 0; i < 2000; i++) {
		char state = child_state(pid, tid);
		if (state && strchr(states, state))
			return true;
		child_sleep_ms(1);
	}
	return false;
}

/* One byte from the child within two seconds, or -1. */
static inline int child_read(const struct child *child)
{
	unsigned char byte;
	struct pollfd fd = {.fd = child->out, .events = POLLIN};
	if (poll(&fd, 1, 2000) != 1 || read(child->out, &byte, 1) != 1)
		return -1;
	return byte;
}

static inline void child_write(const struct child *child, char byte)
{
	ssize_t n = write(child->in, &byte, 1);
	(void)n;
}

/* Forks; body(in, out) runs in the child and should write one byte when it is ready. */
static inline bool child_start(struct child *child, void (*body)(int in, int out))
{
	int to[2], from[2];
	*child = (struct child){.pid = -1, .in = -1, .out = -1};
	if (pipe(to) || pipe(from))
		return false;
	fflush(NULL);
	child->pid = fork();
	if (child->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(to[1]);
		close(from[0]);
		body(to[0], from[1]);
		_exit(0);
	}
	close(to[0]);
	close(from[1]);
	child->in = to[1];
	child->out = from[0];
	return child->pid > 0;
}

static inline void child_end(struct child *child)
{
	kill(child->pid, SIGKILL);
	while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
		;
	close(child->in);
	close(child->out);
}

static inline void child_say(int out, char byte)
{
	ssize_t n = write(out, &byte, 1);
	(void)n;
}

/* For the end of a body: answers every byte it gets with the same one. */
static inline void child_echo(int in, int out)
{
	char byte;
	while (read(in, &byte, 1) == 1)
		child_say(out, byte);
}

/* The child runs: it answers. */
static inline bool child_answers(const struct child *child)
{
	child_write(child, 'p');
	return child_read(child) == 'p';
}

#endif
