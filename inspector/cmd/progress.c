/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define FIRST_NS INT64_C(1000000000)
#define NEXT_NS  INT64_C(200000000)

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void pyi_progress_tell(void *arg, uint64_t done, uint64_t all)
{
	struct pyi_progress *progress = arg;
	int64_t now = now_ns();

	if (!progress->begin_ns)
		progress->begin_ns = now;
	if (now - progress->begin_ns < FIRST_NS || now - progress->last_ns < NEXT_NS ||
	    !isatty(STDERR_FILENO))
		return;
	progress->last_ns = now;
	progress->shown = true;
	fprintf(stderr, "\runpacking: %u %%", all ? (unsigned)(done * 100.0 / (double)all) : 0);
}

void pyi_progress_end(struct pyi_progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = false;
}
