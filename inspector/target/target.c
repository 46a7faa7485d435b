/* SPDX-License-Identifier: BSD-2-Clause */
/* What all kinds of targets share. Opening one is the business of live.c and
 * snapshot_read.c. */
#include "target/target.h"

#include "base/cleanup.h"
#include "base/format.h"
#include "target/core.h"
#include "target/live.h"
#include "target/live_private.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void pyi_target_close(struct pyi_target *target)
{
	if (!target)
		return;
	/* The images add ranges to the memory, so it goes first; the memory reads through live. */
	pyi_mem_destroy(target->mem);
	pyi_images_destroy(target->images, target->n_images);
	if (target->kind == PYI_TARGET_LIVE)
		pyi_live_destroy(target->priv);
	else
		pyi_core_close(target->priv);
	pyi_maps_deinit(&target->maps);
	pyi_notes_destroy(target->notes);
	for (size_t i = 0; i < target->n_threads; i++)
		free(target->threads[i].why);
	free(target->threads);
	for (size_t i = 0; i < target->cmdline_n; i++)
		free(target->cmdline[i]);
	free(target->cmdline);
	pyi_vec_for_each (line, &target->warnings)
		free(*line);
	pyi_vec_deinit(&target->warnings);
	free(target->auxv);
	free(target->exe);
	free(target->root);
	free(target);
}

uint64_t pyi_target_auxv(const struct pyi_target *target, uint64_t type)
{
	Elf64_auxv_t entry;
	for (size_t at = 0; target->auxv_size - at >= sizeof(entry); at += sizeof(entry)) {
		memcpy(&entry, target->auxv + at, sizeof(entry));
		if (entry.a_type == type)
			return entry.a_un.a_val;
	}
	return 0;
}

struct pyi_error *pyi_target_check(const struct pyi_target *target)
{
	return target->kind == PYI_TARGET_LIVE ? pyi_live_check(target->priv) : NULL;
}

struct pyi_image *pyi_target_find_image(const struct pyi_target *target, uint64_t addr)
{
	size_t lo = 0, hi = target->n_images;
	struct pyi_image_info info;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		pyi_image_info(target->images[mid], &info);
		if (info.hi <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == target->n_images)
		return NULL;
	pyi_image_info(target->images[lo], &info);
	return info.lo <= addr ? target->images[lo] : NULL;
}

struct pyi_thread *pyi_target_find_thread(struct pyi_target *target, pid_t tid)
{
	for (size_t i = 0; i < target->n_threads; i++) {
		if (target->threads[i].tid == tid)
			return &target->threads[i];
	}
	return NULL;
}

void pyi_target_for_each_held(const struct pyi_target *target,
			      void (*fn)(void *arg, uint64_t lo, uint64_t hi), void *arg)
{
	if (target->kind != PYI_TARGET_LIVE)
		pyi_core_for_each_run(target->priv, fn, arg);
}

void pyi_target_warn(struct pyi_target *target, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	char *line = pyi_vformat(fmt, ap);
	va_end(ap);
	if (!line)
		return;
	pyi_vec_for_each (old, &target->warnings) {
		if (!strcmp(*old, line)) {
			free(line);
			return;
		}
	}
	char **slot = pyi_vec_push(&target->warnings);
	if (slot)
		*slot = line;
	else
		free(line);
}

int pyi_thread_compare(const void *a, const void *b)
{
	const struct pyi_thread *x = a, *y = b;
	if (x->crashed != y->crashed)
		return x->crashed ? -1 : 1;
	if (x->main != y->main)
		return x->main ? -1 : 1;
	return x->tid < y->tid ? -1 : x->tid > y->tid;
}

/* A core's files are those of this machine, or of the copy of one that the user named. */
static int open_here(const struct pyi_target *target, const char *path)
{
	char *full = NULL;
	int fd = -1;
	if (*path != '/' || asprintf(&full, "%s%s", target->root ? target->root : "", path) < 0) {
		errno = ENOENT;
		return -1;
	}
	fd = open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	free(full);
	return fd;
}

int pyi_target_open_file(const struct pyi_target *target, const char *path)
{
	if (target->kind == PYI_TARGET_LIVE)
		return pyi_live_open_file(target->priv, path);
	if (target->kind == PYI_TARGET_CORE)
		return open_here(target, path);
	errno = ENOENT;
	return -1;
}
