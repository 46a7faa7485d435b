/* SPDX-License-Identifier: BSD-2-Clause */
/* /proc of one process or thread: whole small files and the fields of stat, status and syscall. */
#ifndef PYI_TARGET_PROC_H
#define PYI_TARGET_PROC_H

#include "base/error.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/types.h>

/* The whole file `name` below the directory dir (or AT_FDCWD), NUL-terminated, of at most 64 MiB;
 * *ret is the caller's. A process that went away is PYI_ERR_NOT_FOUND. */
struct pyi_error *pyi_proc_read(int dir, const char *name, char **ret, size_t *len) PYI_WARN_UNUSED;
/* The start of a small file into buf, NUL-terminated; its length, or -1 and errno. */
ssize_t pyi_proc_read_small(int dir, const char *name, char *buf, size_t size);

struct pyi_proc_stat { /* proc(5), /proc/PID/stat */
	char comm[64]; /* raw bytes */
	char state;
	pid_t ppid;
	unsigned flags;      /* PF_* of the kernel */
	uint64_t start_time; /* clock ticks since boot */
};
#define PYI_PROC_PF_KTHREAD 0x00200000u /* Linux include/linux/sched.h */
/* False when the file is gone or makes no sense. */
bool pyi_proc_stat(int dir, const char *name, struct pyi_proc_stat *ret);
bool pyi_proc_parse_stat(const char *text, struct pyi_proc_stat *ret);
/* Where the process's environment was put when it began, [lo, hi); 0, 0 when that is not told. */
bool pyi_proc_parse_environ(const char *text, uint64_t *lo, uint64_t *hi);

struct pyi_proc_status { /* proc(5), /proc/PID/status */
	pid_t tgid, tracer_pid;
	uint64_t switches; /* voluntary and other context switches */
};
bool pyi_proc_status(int dir, const char *name, struct pyi_proc_status *ret);

struct pyi_proc_syscall { /* proc(5), /proc/PID/syscall */
	bool running;     /* the thread was on a CPU: nothing below is known */
	long nr;          /* -1: blocked, but not in a system call; args are unknown then */
	uint64_t args[6];
	uint64_t sp, pc;
};
bool pyi_proc_syscall(int dir, const char *name, struct pyi_proc_syscall *ret);
bool pyi_proc_parse_syscall(const char *text, struct pyi_proc_syscall *ret);

#endif
