/* SPDX-License-Identifier: BSD-2-Clause */
/* The test's own process as a target: its modules are real, and its globals are what it likes. */
#ifndef TESTS_SELF_TARGET_H
#define TESTS_SELF_TARGET_H

#include "target/target.h"

#include <assert.h>
#include <fcntl.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/uio.h>
#include <unistd.h>

static inline void self_readv(void *arg, struct pyi_mem_iov *iov, size_t n)
{
	(void)arg;
	for (size_t i = 0; i < n; i++) {
		struct iovec local = {iov[i].buf, iov[i].len};
		struct iovec remote = {(void *)(uintptr_t)iov[i].addr, iov[i].len};
		ssize_t got = process_vm_readv(getpid(), &local, 1, &remote, 1, 0);

		iov[i].got = got < 0 ? 0 : (size_t)got;
	}
}

static inline int self_open(void *arg, const struct pyi_map *map, const char **status)
{
	(void)arg;
	return open(map->path, O_RDONLY | O_CLOEXEC);
}

static inline void self_target_init(struct pyi_target *target)
{
	const struct pyi_mem_source source = {.readv = self_readv};
	struct pyi_error *err;

	memset(target, 0, sizeof(*target));
	target->pid = getpid();
	err = pyi_mem_create(&target->mem);
	assert(!err);
	err = pyi_mem_add(target->mem, 0, 0, &source);
	assert(!err);
	err = pyi_maps_read(getpid(), &target->maps);
	assert(!err);
	err = pyi_images_create(&target->maps, target->mem, self_open, NULL, getauxval(AT_PHDR),
				&target->images, &target->n_images);
	assert(!err);
}

static inline void self_target_deinit(struct pyi_target *target)
{
	pyi_images_destroy(target->images, target->n_images);
	pyi_maps_deinit(&target->maps);
	pyi_mem_destroy(target->mem);
}

#endif
