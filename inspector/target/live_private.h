/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by live.c and capture.c only. */
#ifndef PYI_TARGET_LIVE_PRIVATE_H
#define PYI_TARGET_LIVE_PRIVATE_H

#include "target/target.h"

#include <stdatomic.h>

struct pyi_live {
	pid_t pid;
	pid_t view_pid;      /* a thread of it that has the address space, usually pid */
	int proc_dir;        /* /proc/<view_pid> */
	int task_dir;        /* /proc/<pid>/task */
	int mem_fd;          /* /proc/<view_pid>/mem */
	int root_dir;        /* its root, O_PATH; -1 when not allowed */
	bool by_file;        /* process_vm_readv is forbidden here */
	atomic_bool overrun; /* the target runs while it is captured: what is read now is late */
	struct pyi_mem *mem; /* the target's */
	const struct pyi_maps *target_maps;
};

/* All tids; *ret is the caller's. False when the process has gone or memory is out. */
bool pyi_live_list_tids(const struct pyi_live *live, pid_t **ret, size_t *n);
/* PYI_ERR_GONE, saying whether it exited or runs another program. */
struct pyi_error *pyi_live_gone(const struct pyi_live *live) PYI_WARN_UNUSED;
/* NULL while the address space that was opened is still in use. */
struct pyi_error *pyi_live_check(const struct pyi_live *live) PYI_WARN_UNUSED;
struct pyi_error *pyi_live_forbidden(pid_t pid) PYI_WARN_UNUSED;

#endif
