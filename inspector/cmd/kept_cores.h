/* SPDX-License-Identifier: BSD-2-Clause */
/* Where this machine keeps cores: systemd-coredump(8), pyinspect handler, apport. */
#ifndef PYI_CMD_KEPT_CORES_H
#define PYI_CMD_KEPT_CORES_H

#include "base/error.h"

/* Ended by NULL. */
extern const char *const pyi_kept_cores_dirs[];

/* The path, the caller's, of the newest core in any of dirs, by the files' times and then by name:
 * a regular file called core.*, *.core or *.crash; one of the last kind that has no core in it (as
 * of a program that was not killed) is none. *unseen, the caller's, names the directories that may
 * not be read, where a newer one may be; NULL when there are none. Where nothing was found:
 * PYI_ERR_PERMISSION if one may not be read, else PYI_ERR_NOT_FOUND. */
struct pyi_error *pyi_kept_cores_last(const char *const *dirs, char **ret,
				      char **unseen) PYI_WARN_UNUSED;

#endif
