/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An ELF core file: its notes and the memory it holds.
 *
 * Everything in it is untrusted. A byte is there only when it lies inside a PT_LOAD's p_filesz and
 * inside the file as it really is. Notes are copied; memory is read with pread when it is asked
 * for: files can be sparse and larger than our memory.
 */
#ifndef PYI_TARGET_CORE_H
#define PYI_TARGET_CORE_H

#include "base/error.h"
#include "target/maps.h"
#include "target/mem.h"

#include <signal.h>

struct pyi_core;

/* Takes fd over in any case. PYI_ERR_NOT_FOUND: not an ELF core of x86-64. */
struct pyi_error *pyi_core_open(int fd, struct pyi_core **ret) PYI_WARN_UNUSED;
void pyi_core_close(struct pyi_core *core);

/* The next note of that name and type behind *at, which is 0 for the first one and moves on; at may
 * be NULL: the first one. It lives as long as the core. */
bool pyi_core_note(const struct pyi_core *core, const char *name, uint32_t type, uint64_t *at,
		   const void **desc, size_t *size);
/* A copy of NT_AUXV, which the caller frees; *ret and *size stay as they are when there is none of
 * a sensible size. */
struct pyi_error *pyi_core_auxv(const struct pyi_core *core, uint8_t **ret,
				size_t *size) PYI_WARN_UNUSED;
/* NT_SIGINFO; false when there is none. */
bool pyi_core_siginfo(const struct pyi_core *core, siginfo_t *ret);
/* Makes the core's memory readable through mem, which must not outlive it. maps (may be NULL, must
 * outlive both) are what the process had: they tell what is missing from what never was. */
struct pyi_error *pyi_core_add_memory(struct pyi_core *core, const struct pyi_maps *maps,
				      struct pyi_mem *mem) PYI_WARN_UNUSED;
/* Calls fn for every run of memory that the file has, by address. */
void pyi_core_for_each_run(const struct pyi_core *core,
			   void (*fn)(void *arg, uint64_t lo, uint64_t hi), void *arg);
/* Where segments of the core lie in [lo, hi), their whole pages that are there are put over what
 * mem has now: after files were added, which the process may have changed its copies of. */
struct pyi_error *pyi_core_add_over(struct pyi_core *core, uint64_t lo, uint64_t hi,
				    struct pyi_mem *mem) PYI_WARN_UNUSED;

/* What the headers say of one piece of memory. */
struct pyi_core_segment {
	uint64_t lo, last; /* [lo, last] */
	unsigned perm;     /* enum pyi_perm bits */
};
/* The segments by address; false behind the last one. */
bool pyi_core_segment(const struct pyi_core *core, size_t i, struct pyi_core_segment *ret);
/* The file's modification time, seconds since the epoch; of a core that nobody copied the time of
 * death. */
int64_t pyi_core_time(const struct pyi_core *core);
/* The bytes that the file has, and those that its headers speak of; less in a whole file. */
void pyi_core_extent(const struct pyi_core *core, uint64_t *have, uint64_t *want);

#endif
