/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The directory of crashes: what may come in, and what has to go. Several handlers may work in it
 * at once. Files that are no crash of ours are left alone and not counted.
 */
#ifndef PYI_CMD_CRASH_DIR_H
#define PYI_CMD_CRASH_DIR_H

#include "base/error.h"

struct pyi_crash_limits {
	unsigned number;   /* crashes kept; the oldest go first */
	unsigned size_mb;  /* of all of them, MiB */
	unsigned a_minute; /* new ones; what comes faster is not kept */
};

#define PYI_CRASH_LIMITS_DEFAULT                               \
	(struct pyi_crash_limits)                              \
	{                                                      \
		.number = 100, .size_mb = 1024, .a_minute = 10 \
	}

/* Makes it where it is missing, for its owner only. *ret is to be closed. */
struct pyi_error *pyi_crash_dir_open(const char *path, int *ret) PYI_WARN_UNUSED;
/* PYI_ERR_PERMISSION: not now, and why: too many in this minute, or the disk is nearly full. */
struct pyi_error *pyi_crash_dir_admit(int dir,
				      const struct pyi_crash_limits *limits) PYI_WARN_UNUSED;
/* Removes the oldest until the limits hold, and what was left unfinished. */
void pyi_crash_dir_prune(int dir, const struct pyi_crash_limits *limits);

#endif
