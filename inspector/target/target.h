/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A target: a process, its core, or a snapshot of it, as the rooms above see it:
 * memory, map, modules, threads with registers. Only live.c knows ptrace and /proc.
 *
 * Life of a live target:
 *   pyi_target_open_live   reads maps, opens modules; nothing is stopped
 *   pyi_target_capture     stops all threads, copies registers and stacks, calls `walk` while
 *                          everything is still, resumes. Never leaves a thread stopped: a thread
 *                          that was in a group stop stays in it, every other one runs on; also
 *                          when we are killed (the kernel detaches), when a signal comes (it is
 *                          held back until the target runs again, and ends the pause early), when
 *                          the target dies, execs or is traced by somebody else.
 *   pyi_target_close
 */
#ifndef PYI_TARGET_TARGET_H
#define PYI_TARGET_TARGET_H

#include "base/error.h"
#include "base/vec.h"
#include "target/image.h"
#include "target/maps.h"
#include "target/mem.h"
#include "target/notes.h"

#include <signal.h>
#include <sys/user.h>

struct pyi_stop;

enum pyi_target_kind { PYI_TARGET_LIVE, PYI_TARGET_CORE, PYI_TARGET_SNAPSHOT };

struct pyi_thread {
	pid_t tid;
	char comm[64];   /* raw bytes of the thread's name, NUL-terminated */
	char state;      /* R S D T t Z as /proc says, before the pause; '?' unknown */
	bool main;       /* tid == pid */
	bool crashed;    /* it got the signal that ended the target */
	bool have_regs;  /* regs are all valid (stopped, or from a core) */
	bool have_pc_sp; /* only rip and rsp are valid (from /proc/PID/task/TID/syscall) */
	struct user_regs_struct regs;
	uint64_t stack_lo, stack_hi; /* [sp, end of stack) that was copied; 0, 0 when none */
	bool in_syscall;
	long syscall_nr;
	uint64_t syscall_args[6];
	char *why; /* why it has no registers ("in uninterruptible sleep", ...), or NULL */
};

/* The signal that ended a target, or is about to. */
struct pyi_death {
	int signal;     /* 0: none */
	pid_t tid;      /* the thread that got it; 0 unknown */
	bool have_info; /* info is what the kernel said */
	siginfo_t info;
};

struct pyi_target {
	enum pyi_target_kind kind;
	pid_t pid;      /* 0 when unknown */
	char *exe;      /* path of the program, raw bytes; "" when unknown */
	char **cmdline; /* NULL-terminated, raw bytes */
	size_t cmdline_n;
	uint8_t *auxv; /* Elf64_auxv_t[], or NULL */
	size_t auxv_size;
	struct pyi_maps maps;
	struct pyi_image **images; /* by address */
	size_t n_images;
	struct pyi_mem *mem;
	struct pyi_thread *threads; /* crashed, main, then by tid; filled by capture */
	size_t n_threads;
	struct pyi_death death;
	char *root;         /* of a core: where its files are below, or NULL */
	int64_t time_s;     /* of a core: when it was written, since the epoch; 0 unknown */
	uint64_t paused_ns; /* how long the target stood still; 0 when it was not stopped */
	PYI_VEC(char *) warnings;
	struct pyi_notes *notes; /* of a snapshot or what is to be one, else NULL */
	void *priv;
};

struct pyi_capture_options {
	/* Threads that stand already, with their registers, and are not ours to resume: those of a
	 * process that is traced by us, or dead already. NULL: they are stopped, and run on. */
	const struct pyi_stop *held;
	bool no_stop; /* read without stopping: blocked threads get pc and sp only */
	/* Called twice: once before the stop (rehearsal: fills the page cache), once during it,
	 * then on another thread of ours. It must only read memory (pyi_mem_*), and must come back
	 * quickly. In the rehearsal threads have at most pc and sp. When somebody else traces the
	 * target it may be called a third time. May be NULL. */
	void (*walk)(void *arg, struct pyi_target *target);
	void *arg;
	/* The target's Python raises an exception for EINTR (before 3.5): waits that our stop ends
	 * with it are started again, with their whole timeout. */
	bool restart_timed_waits;
	uint64_t max_stack_bytes; /* a thread; 0 = 8 MiB */
	uint64_t max_pause_ns;    /* of copying and walking; 0 = 2 s. Then the target runs again and
				     a warning says so; walk is not interrupted */
};

/* PYI_ERR_NOT_FOUND: no such process, or a zombie; PYI_ERR_NOT_PYTHON: kernel thread or not a
 * 64-bit x86 process; PYI_ERR_PERMISSION with a hint that names the capability and the command that
 * would work. Messages say why; which process, the caller says. Capture: also PYI_ERR_GONE (exited,
 * or ran another program), and PYI_ERR_IO "interrupted by a signal" when one for us came in the
 * pause and did not end us. It can be called again for a new look; on an error the last one's
 * threads may be incomplete. Of a snapshot it only calls `walk`. */
struct pyi_error *pyi_target_open_live(pid_t pid, struct pyi_target **ret) PYI_WARN_UNUSED;
struct pyi_error *pyi_target_capture(struct pyi_target *target,
				     const struct pyi_capture_options *options) PYI_WARN_UNUSED;
void pyi_target_close(struct pyi_target *target);

/* The value of an entry of the auxiliary vector (AT_PHDR and so on), 0 when there is none. */
uint64_t pyi_target_auxv(const struct pyi_target *target, uint64_t type);
/* PYI_ERR_GONE when a live target has exited, or runs another program, since it was opened: then
 * that is why something about it failed. */
struct pyi_error *pyi_target_check(const struct pyi_target *target) PYI_WARN_UNUSED;

/* The module that holds addr, or NULL. */
struct pyi_image *pyi_target_find_image(const struct pyi_target *target, uint64_t addr);
struct pyi_thread *pyi_target_find_thread(struct pyi_target *target, pid_t tid);
/* The order of target->threads, for qsort. */
int pyi_thread_compare(const void *a, const void *b);
/* Of a core or snapshot: calls fn for every run of memory that the file has, by address. */
void pyi_target_for_each_held(const struct pyi_target *target,
			      void (*fn)(void *arg, uint64_t lo, uint64_t hi), void *arg);
/* Keeps a copy of the line for the report's "warnings"; the same line is kept once. */
void pyi_target_warn(struct pyi_target *target, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* A file inside the target's root (its mount namespace), for source text. -1 on failure, errno set.
 */
int pyi_target_open_file(const struct pyi_target *target, const char *path);

#endif
