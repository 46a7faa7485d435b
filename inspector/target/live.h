/* SPDX-License-Identifier: BSD-2-Clause */
/* What target.c needs of a live target; everybody else uses target.h. */
#ifndef PYI_TARGET_LIVE_H
#define PYI_TARGET_LIVE_H

struct pyi_live;

void pyi_live_destroy(struct pyi_live *live);
/* A regular file inside the target's root, or, for a relative path, below its working directory.
 * -1 and errno. Never waits for a writer of a FIFO. */
int pyi_live_open_file(const struct pyi_live *live, const char *path);

#endif
