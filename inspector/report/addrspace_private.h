/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by the addrspace_*.c files: each finds one kind of thing and claims it. */
#ifndef PYI_REPORT_ADDRSPACE_PRIVATE_H
#define PYI_REPORT_ADDRSPACE_PRIVATE_H

#include "python/runtime.h"
#include "report/claims.h"
#include "report/evidence.h"

/* Memory from lo on that a module has an address of. */
struct pyi_owned {
	uint64_t lo;
	const struct pyi_image *image;
};

struct pyi_survey {
	struct pyi_target *target;    /* with threads that have at least pc and sp where possible */
	const struct pyi_runtime *rt; /* image only, when the layout is not known */
	bool known;                   /* rt is all there */
	struct pyi_tstates tstates;   /* empty when not known */
	char **names;                 /* one a tstate: threading's name; NULL where unknown */
	pid_t *tids;                  /* one a tstate: the thread that runs it; 0: not known */
	uint32_t pool_size;           /* of obmalloc, bytes; 0: none */
	char **extensions; /* one an image: the Python module it is, ""; NULL: not asked yet */
	struct pyi_residency residency;
	struct pyi_evidence evidence;
	PYI_VEC(struct pyi_owned) owned;
	struct pyi_claims claims;
};

/* survey is zeroed before, apart from target, rt, known and pool_size. */
void pyi_addrspace_survey_deinit(struct pyi_survey *survey);

/* Base roles: what the mapping itself says. arg is a struct pyi_survey. */
struct pyi_error *pyi_addrspace_base(void *arg, const struct pyi_map *map,
				     struct pyi_range *ret) PYI_WARN_UNUSED;
/* The .bss of modules, which lies in anonymous mappings. */
void pyi_addrspace_claim_bss(struct pyi_survey *survey);
/* The words of a module's writable segment, a page at a time; pages that are not in memory are
 * passed over, for they hold nothing that was ever written. At most 64 MiB. */
void pyi_addrspace_for_each_word(struct pyi_survey *survey, uint64_t lo, uint64_t hi,
				 void (*fn)(void *arg, uint64_t word), void *arg);
/* What modules have mapped for themselves; weaker than all other claims. */
void pyi_addrspace_claim_owned(struct pyi_survey *survey);
void pyi_addrspace_claim_malloc(struct pyi_survey *survey);
struct pyi_error *pyi_addrspace_claim_arenas(struct pyi_survey *survey) PYI_WARN_UNUSED;
void pyi_addrspace_claim_data_stacks(struct pyi_survey *survey);
void pyi_addrspace_claim_stacks(struct pyi_survey *survey);
/* Weaker than what proves itself. */
void pyi_addrspace_claim_stacks_by_sp(struct pyi_survey *survey);

void pyi_addrspace_find_tids(struct pyi_survey *survey);
/* "42" or "42 \"worker\"": a thread as details name it. */
void pyi_addrspace_thread_text(const struct pyi_survey *survey, pid_t tid, char *buf, size_t size);

#endif
