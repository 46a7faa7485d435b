/* SPDX-License-Identifier: BSD-2-Clause */
/* The dynamic linker's list of modules, which debuggers go by. Nothing of ours needs it. */
#ifndef PYI_TARGET_LINK_MAP_H
#define PYI_TARGET_LINK_MAP_H

#include "target/target.h"

/* Brings the list and its names into the page cache. */
void pyi_link_map_touch(struct pyi_target *target);

#endif
