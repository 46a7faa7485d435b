/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stops all threads of a process and lets them run again.
 *
 * Everything between init and deinit belongs on one thread of ours that ends afterwards: when a
 * tracing thread ends, the kernel lets go of all it traced, and also takes back the stop of a
 * thread that has not obeyed yet (uninterruptible sleep). So nothing can be left behind.
 */
#ifndef PYI_TARGET_STOP_H
#define PYI_TARGET_STOP_H

#include "base/error.h"
#include "base/vec.h"

#include <sys/types.h>
#include <sys/user.h>

struct pyi_stop_thread {
	pid_t tid;
	bool seized, stopped, gone;
	bool have_regs;
	int signal;      /* to deliver when it goes on: it stopped because of it */
	const char *why; /* why it has no registers; static text, or NULL */
	struct user_regs_struct regs;
};

struct pyi_stop {
	pid_t pid;
	int task_dir; /* /proc/PID/task; the caller's */
	PYI_VEC(struct pyi_stop_thread) threads;
	pid_t tracer;       /* someone else who traces the target already, else 0 */
	uint64_t begin_ns;  /* of the first interrupt, CLOCK_MONOTONIC; 0 before */
	uint64_t end_ns;    /* when all that had stopped went on; 0 before */
	bool restart_timed; /* of init's caller: also waits with a timeout are started again */
	bool interrupted;   /* a signal to us waits: the caller should give up */
};

void pyi_stop_init(struct pyi_stop *stop, pid_t pid, int task_dir);
void pyi_stop_deinit(struct pyi_stop *stop);
/* Announces a thread, so that it is known before the pause begins. */
struct pyi_error *pyi_stop_add(struct pyi_stop *stop, pid_t tid) PYI_WARN_UNUSED;
/* Stops every thread, also those that are not announced, and fetches registers. On an error
 * nothing is stopped; PYI_ERR_PERMISSION with tracer set: traced by somebody else. */
struct pyi_error *pyi_stop_begin(struct pyi_stop *stop) PYI_WARN_UNUSED;
/* Makes system calls only, so a signal handler may call it. Can be called again for threads that
 * had not stopped yet. */
void pyi_stop_end(struct pyi_stop *stop);

#endif
