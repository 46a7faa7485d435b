/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who gets the core of a crashing process: /proc/sys/kernel/core_pattern and core_pipe_limit
 * (core(5)). What stood there before us is kept in a file until it is put back.
 */
#ifndef PYI_CMD_CORE_PATTERN_H
#define PYI_CMD_CORE_PATTERN_H

#include "base/error.h"

/* With its NUL; what the kernel keeps (Linux include/linux/binfmts.h, CORENAME_MAX_SIZE). */
#define PYI_CORE_PATTERN_MAX 128

struct pyi_core_pattern {
	char pattern[PYI_CORE_PATTERN_MAX];
	unsigned pipe_limit; /* how many crashing processes wait for their handler; 0: none does */
};

struct pyi_error *pyi_core_pattern_read(struct pyi_core_pattern *ret) PYI_WARN_UNUSED;
struct pyi_error *pyi_core_pattern_write(const struct pyi_core_pattern *now) PYI_WARN_UNUSED;
/* What was saved; PYI_ERR_NOT_FOUND when nothing was. */
struct pyi_error *pyi_core_pattern_saved(struct pyi_core_pattern *ret) PYI_WARN_UNUSED;
struct pyi_error *pyi_core_pattern_save(const struct pyi_core_pattern *before) PYI_WARN_UNUSED;
void pyi_core_pattern_forget(void);
/* Whether it is us: "|/.../pyinspect handler ...". */
bool pyi_core_pattern_is_ours(const struct pyi_core_pattern *pattern);

/* What the kernel would put for % specifiers. */
struct pyi_core_values {
	long pid, tid;       /* in the initial namespace: %P, %I */
	long inner, inner_t; /* in the process's own: %p, %i */
	long uid, gid, signal, time, limit, dumpable;
	const char *comm, *exe, *host; /* raw bytes */
};

/* The arguments of a "|program ..." pattern, split at spaces before anything is put in, as the
 * kernel does. NULL-terminated, all in one block that the caller frees; NULL when it is none. */
char **pyi_core_pattern_arguments(const char *pattern, const struct pyi_core_values *values);

#endif
