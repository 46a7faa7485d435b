/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The address space of a process: every mapped byte once, with the role it plays. A mapping of the
 * kernel's list is split where different things lie in it. Mirrored by the JSON schema
 * "pyinspect-maps/1":
 *
 *	{"schema", "kind", "pid", "runtime", "ranges": [{"start", "end", "perms", "offset", "path",
 *	 "role", "detail", "size", "rss", "captured", "tid"}],
 *	 "roles": {ROLE: {"size", "rss", "captured"}}, "warnings": [...]}
 *
 * start and end are strings like "0x7f00c0de1000" (JSON numbers lose bits above 2^53 in many
 * readers), end exclusive; offset, size and rss are numbers, bytes. perms are the kernel's four
 * letters. path, detail and tid are null where there are none; rss is null where it may not be
 * read. kind is live, core or snapshot. Of a core or snapshot it is not known what was in memory:
 * rss is null, and captured says how many bytes the file holds; of a live process captured is null.
 * What lies in memory that the file does not hold is not known either. Ranges come in rising order,
 *do not overlap, and cover exactly what /proc/PID/maps lists: the kernel's own half, which no
 *process can look into, is no range (text draws it). Roles that do not occur are left out of roles.
 *With --address, ranges holds the range of that address, or nothing, and an object "address" says
 *more (whereis.h).
 */
#ifndef PYI_REPORT_ADDRSPACE_H
#define PYI_REPORT_ADDRSPACE_H

#include "base/error.h"
#include "base/vec.h"
#include "target/target.h"

/* In the order of the summary. Words: pyi_role_name. */
enum pyi_role {
	PYI_ROLE_KERNEL, /* only in text and as answer to --address */
	PYI_ROLE_STACK,  /* of the main thread */
	PYI_ROLE_THREAD_STACK,
	PYI_ROLE_GUARD, /* no access, below a stack */
	PYI_ROLE_DATA_STACK,
	PYI_ROLE_ARENA, /* of obmalloc: small Python objects */
	PYI_ROLE_HEAP, /* malloc: brk heap, arenas of threads, blocks with a mapping of their own */
	PYI_ROLE_JIT,  /* executable memory without a file */
	PYI_ROLE_INTERP_TEXT,
	PYI_ROLE_INTERP_RODATA,
	PYI_ROLE_INTERP_DATA,
	PYI_ROLE_INTERP_BSS,
	PYI_ROLE_EXTENSION, /* a Python module in machine code */
	PYI_ROLE_LIB_TEXT,
	PYI_ROLE_LIB_RODATA,
	PYI_ROLE_LIB_DATA,
	PYI_ROLE_LIB_BSS,
	PYI_ROLE_FILE,
	PYI_ROLE_VDSO,
	PYI_ROLE_VVAR,
	PYI_ROLE_VSYSCALL,
	PYI_ROLE_RESERVED,  /* addresses taken, but without access: nothing can lie there */
	PYI_ROLE_ANONYMOUS, /* private or shared memory of unknown use */
	PYI_ROLE_COUNT,
};

/* A word of the JSON schema, also shown in text. */
const char *pyi_role_name(enum pyi_role role);

#define PYI_RSS_UNKNOWN UINT64_MAX

struct pyi_range {
	uint64_t lo, hi;
	uint64_t offset; /* of lo in the file; 0 without a file */
	unsigned perm;   /* enum pyi_perm bits */
	enum pyi_role role;
	char *path;   /* UTF-8, as the kernel says; NULL: none */
	char *detail; /* UTF-8, one line; NULL: nothing more to say */
	char *module; /* what its lines are folded by: the module's file name; NULL: nothing */
	pid_t tid;    /* whose stack or data stack it is; 0: nobody's */
	/* Bytes in memory now; PYI_RSS_UNKNOWN. Of a core or snapshot: bytes that the file holds.
	 */
	uint64_t rss;
};

struct pyi_addrspace {
	enum pyi_target_kind kind;
	pid_t pid;
	char *runtime; /* "CPython 3.11.2" */
	char **cmdline;
	size_t n_cmdline;
	size_t n_threads;
	uint64_t paused_ns;               /* 0: it was not stopped */
	PYI_VEC(struct pyi_range) ranges; /* by address */
	struct {
		uint64_t size, rss;
	} roles[PYI_ROLE_COUNT];
	bool rss_known;
	PYI_VEC(char *) warnings;
	bool incomplete; /* exit code 1 */
};

struct pyi_addrspace_options {
	bool no_stop; /* how deep the stack of a running thread is stays unknown */
};

/* PYI_ERR_NOT_PYTHON when there is no Python in it. A Python whose layout is not known is shown
 * all the same, with a warning: most roles do not depend on it. The target is stopped (for about a
 * tenth of a millisecond, to learn stack pointers) only when one of its threads is running. */
struct pyi_error *pyi_addrspace_collect(struct pyi_target *target,
					const struct pyi_addrspace_options *options,
					struct pyi_addrspace **ret) PYI_WARN_UNUSED;
void pyi_addrspace_destroy(struct pyi_addrspace *space);
/* The range that holds addr, or NULL. */
const struct pyi_range *pyi_addrspace_find(const struct pyi_addrspace *space, uint64_t addr);

#endif
