/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The files behind a core's modules, on this machine. A file is taken only if it can be the one
 * that was mapped: by an equal build id ("ok"), or, where the core holds none, because it is not
 * newer than the core, its program headers explain every mapping, and its read-only pages are those
 * that the core has ("unverified").
 */
#ifndef PYI_TARGET_CORE_FILES_H
#define PYI_TARGET_CORE_FILES_H

#include "target/core.h"
#include "target/core_target.h"
#include "target/target.h"

struct pyi_core_files;

/* options may be NULL; it, core and target must outlive the result. */
struct pyi_error *pyi_core_files_create(const struct pyi_core_options *options,
					const struct pyi_core *core, struct pyi_target *target,
					struct pyi_core_files **ret) PYI_WARN_UNUSED;
void pyi_core_files_destroy(struct pyi_core_files *files);
/* For pyi_images_create; arg is a struct pyi_core_files. */
int pyi_core_files_open(void *arg, const struct pyi_map *map, const char **status);
/* Warns of what is missing or not the same, of what follows from that, and of what would help. */
void pyi_core_files_warn(struct pyi_target *target);

#endif
