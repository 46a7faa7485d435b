/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs a command and everything it starts under ptrace, so that a process that is about to die of a
 * signal can be looked at just before. Tracees stop only for signals, and when they are started,
 * fork or make a thread: in between they run at full speed. Signals are passed on unchanged, job
 * control stops last as long as they would. When we end, however that comes, the kernel lets go of
 * all of them and they run on.
 */
#ifndef PYI_CMD_SUPERVISE_H
#define PYI_CMD_SUPERVISE_H

#include "cmd/crash.h"

struct pyi_supervisor {
	/* A process stands, all of it, at the delivery of a signal that will end it. */
	void (*on_crash)(void *arg, const struct pyi_crash *crash);
	/* One was killed without being asked: it is gone. */
	void (*on_kill)(void *arg, pid_t pid);
	void *arg;
};

/* argv ends with NULL. *status is the command's exit status, or 128 + the signal. PYI_ERR_NOT_FOUND
 * and so on: it could not be started. SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGUSR1 and SIGUSR2 that
 * others send to us are passed on to it; those of the terminal reach it without us. */
struct pyi_error *pyi_supervise(const struct pyi_supervisor *supervisor, char **argv,
				int *status) PYI_WARN_UNUSED;

#endif
