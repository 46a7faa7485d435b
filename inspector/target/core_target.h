/* SPDX-License-Identifier: BSD-2-Clause */
/* A core as a target: what is left of a dead process, and of its files on this machine. */
#ifndef PYI_TARGET_CORE_TARGET_H
#define PYI_TARGET_CORE_TARGET_H

#include "base/error.h"
#include "target/unpack.h"

#include <stdbool.h>

struct pyi_target;

struct pyi_core_options {
	const char *exe;      /* the main program's file, or NULL: as it was mapped */
	const char *sysroot;  /* put before the paths of files, or NULL */
	const char *lib_path; /* DIR:DIR: looked into first, by file name; or NULL */
	bool debuginfod;      /* ask the servers for files, over the network */
	struct pyi_unpack_options unpack;
};

/* The target in a file: a snapshot, or a core of any making, packed or not. options may be NULL and
 * must outlive the target otherwise. PYI_ERR_NOT_FOUND: no such file, or neither of both;
 * PYI_ERR_NOT_PYTHON: nothing can be shown of it. */
struct pyi_error *pyi_core_target_open(const char *path, const struct pyi_core_options *options,
				       struct pyi_target **ret) PYI_WARN_UNUSED;
/* The same of an open file; takes fd over in any case. */
struct pyi_error *pyi_core_target_open_fd(int fd, const struct pyi_core_options *options,
					  struct pyi_target **ret) PYI_WARN_UNUSED;

#endif
