/* SPDX-License-Identifier: BSD-2-Clause */
/* The functions a trace has met: one for each code object, made from its record. */
#ifndef PYI_TRACE_FUNCTION_H
#define PYI_TRACE_FUNCTION_H

#include "pyi_event.h"
#include "python/runtime.h"

struct pyi_function {
	uint64_t code;
	uint32_t ident;
	char *qualname, *file; /* UTF-8, safe to print on a line */
	char *json_name;       /* the qualified name as a JSON string */
	char *json;            /* the members "function", "file" and "line" of its JSON objects */
	int line;
	bool wanted; /* passes the filters */
	/* What its calls took, ns; total counts a recursion once. */
	uint64_t calls, total_ns, self_ns, min_ns, max_ns;
	uint64_t timed;                /* calls whose duration is known */
	uint64_t each_ns;              /* their sum, each of a recursion's too: for the average */
	uint64_t buckets[PYI_BUCKETS]; /* of their durations, as the kernel sorts them */
};

struct pyi_functions;

/* Which functions are wanted: those whose qualified name, and whose file, match; NULL: all. A
 * file's pattern without a slash is for the last part of its path. */
struct pyi_function_filter {
	const char *name, *file;
};

/* rt outlives it, and so do the filter's strings. */
struct pyi_error *pyi_functions_create(const struct pyi_runtime *rt,
				       const struct pyi_function_filter *filter,
				       struct pyi_functions **ret) PYI_WARN_UNUSED;
void pyi_functions_destroy(struct pyi_functions *functions);
/* A record that makes no sense gives a function with a name that says so. */
struct pyi_error *pyi_functions_add(struct pyi_functions *functions,
				    const struct pyi_code_record *record) PYI_WARN_UNUSED;
/* Adds what the kernel has added up. */
void pyi_function_add_stats(struct pyi_function *function, const struct pyi_function_stats *stats);
/* Adds a call that has ended; again: the function is open further out. */
void pyi_function_add_call(struct pyi_function *function, uint64_t duration_ns, uint64_t self_ns,
			   bool again);
/* The duration that a share of the calls (0.5, 0.99) does not exceed, ns: right to an eighth. 0
 * when none is known. */
uint64_t pyi_function_percentile(const struct pyi_function *function, double share);
/* Where a bucket begins, ns. */
uint64_t pyi_bucket_ns(size_t bucket);
/* Never NULL: what was never described (its record was lost) is the unknown function. */
struct pyi_function *pyi_functions_find(struct pyi_functions *functions, uint64_t code,
					uint32_t ident);
struct pyi_function *pyi_functions_unknown(struct pyi_functions *functions);
enum pyi_function_key { PYI_BY_SELF_NS, PYI_BY_EACH_NS, PYI_BY_CALLS };
/* Those that are wanted and were called (by PYI_BY_EACH_NS: whose durations are known), the largest
 * first, equal ones by name; NULL when memory is out. The array is the caller's to free. */
struct pyi_function **pyi_functions_sorted(const struct pyi_functions *functions,
					   enum pyi_function_key key, size_t *n);

#endif
