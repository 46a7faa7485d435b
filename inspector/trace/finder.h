/* SPDX-License-Identifier: BSD-2-Clause */
/* What the finders of sites in CPython's eval function share. */
#ifndef PYI_TRACE_FINDER_H
#define PYI_TRACE_FINDER_H

#include "trace/insns.h"
#include "trace/sites.h"

struct pyi_finder {
	struct pyi_target *target;
	const struct pyi_image *image;
	const struct pyi_layout *layout;
	uint64_t start; /* of the eval function */
	struct pyi_insns insns;
	/* 3.11, 3.12: the struct that holds the current frame is at slot(%slot_base) */
	uint8_t slot_base;
	int32_t slot;
	struct pyi_sites *out;
};

/* Adds a site, once: two stores may lead to one probe. One that is there for an outcome of a
 * condition, and comes for the other, holds always. */
struct pyi_error *pyi_finder_add(struct pyi_finder *f, uint64_t addr, struct pyi_site_code code,
				 enum pyi_site_class class) PYI_WARN_UNUSED;
/* The number of the first instruction at addr or behind it. */
size_t pyi_finder_index(const struct pyi_finder *f, uint64_t addr);
/* The first instruction straight on from number i that the kernel emulates; every direct branch is
 * one, so that it is certainly reached. NULL when the way ends before it, or a register of kept
 * (bit n: word n of struct pt_regs) is changed. */
const struct pyi_insn *pyi_finder_next(const struct pyi_finder *f, size_t i, uint32_t kept);

/* 2.7 to 3.10: the frames are heap objects. */
struct pyi_error *pyi_finder_heap_frames(struct pyi_finder *f) PYI_WARN_UNUSED;

#endif
