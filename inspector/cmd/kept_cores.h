/* SPDX-License-Identifier: BSD-2-Clause */
/* Where this machine keeps cores: systemd-coredump(8), and pyinspect handler. */
#ifndef PYI_CMD_KEPT_CORES_H
#define PYI_CMD_KEPT_CORES_H

#include "base/error.h"

/* The path of the newest one, the caller's. */
struct pyi_error *pyi_kept_cores_last(char **ret) PYI_WARN_UNUSED;
/* The newest regular file of a directory whose name begins with "core." or ends in ".core"; *when
 * is its time. NULL when there is none; *forbidden then tells whether that is for lack of
 * permission. */
char *pyi_kept_cores_newest(const char *dir, int64_t *when, bool *forbidden);

#endif
