/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is said about parts of the address space. A claim gives a role to an address range; where
 * claims overlap the one made last holds. Memory that nobody claims has the role of its mapping.
 * Pure data in and out.
 */
#ifndef PYI_REPORT_CLAIMS_H
#define PYI_REPORT_CLAIMS_H

#include "report/addrspace.h"

struct pyi_claim {
	uint64_t lo, hi; /* page borders */
	enum pyi_role role;
	pid_t tid;
	char *detail, *module; /* owned; NULL: none */
	size_t order;          /* of making */
};

struct pyi_claims {
	PYI_VEC(struct pyi_claim) claims;
	bool failed; /* memory ran out: some are missing */
};

void pyi_claims_deinit(struct pyi_claims *claims);
/* [lo, hi) widened to pages; nothing when it is empty. The detail may be NULL. */
struct pyi_claim *pyi_claims_add(struct pyi_claims *claims, uint64_t lo, uint64_t hi,
				 enum pyi_role role, const char *detail_fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* The mappings as ranges, split where claims begin and end, each with the role of its claim or,
 * without one, what base says of its mapping (which may leave detail and module NULL). Claims are
 * sorted by it. Ranges have no rss yet. */
struct pyi_error *pyi_claims_apply(struct pyi_claims *claims, const struct pyi_maps *maps,
				   struct pyi_error *(*base)(void *arg, const struct pyi_map *map,
							     struct pyi_range *ret),
				   void *arg, struct pyi_addrspace *space) PYI_WARN_UNUSED;

#endif
