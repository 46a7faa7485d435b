/* SPDX-License-Identifier: BSD-2-Clause */
/* The dynamic linker's list of modules, in the order they were loaded. */
#ifndef PYI_TARGET_LINK_MAP_H
#define PYI_TARGET_LINK_MAP_H

#include "target/target.h"

/* Where an image stands in the list; SIZE_MAX: not there. The caller frees them, one for each of
 * target->images; NULL without memory. */
size_t *pyi_link_map_places(struct pyi_target *target);
/* Brings the list and its names, which debuggers go by, into the page cache. */
void pyi_link_map_touch(struct pyi_target *target);

#endif
