/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What prints one value: the text so far, its limits, and what is known of the walk. Shared by the
 * files that each know how some types are printed; nobody else includes it.
 *
 * The text is always a true prefix of the repr: once the limit is reached, `cut` is set and every
 * further append does nothing; printing functions then return at once. A printing function that
 * fails has its object's text taken back and replaced by the reason.
 */
#ifndef PYI_PYTHON_PRINTER_H
#define PYI_PYTHON_PRINTER_H

#include "base/strbuf.h"
#include "python/object.h"
#include "python/values.h"

enum { PYI_DEPTH_MAX = 200, PYI_TYPE_CACHE = 32 };

struct pyi_printer {
	struct pyi_target *target;
	const struct pyi_runtime *rt;
	struct pyi_strbuf out;
	size_t max_bytes, max_depth;
	uint64_t open[PYI_DEPTH_MAX]; /* objects being printed, outermost first */
	size_t depth;
	uint64_t steps;  /* table slots, string units that may still be looked at */
	bool cut;        /* the limit is reached: out is a true prefix */
	bool unreadable; /* some part was replaced by <unreadable...> or <changed> */
	bool late;       /* bytes were used that were first read after the freeze */
	struct pyi_type types[PYI_TYPE_CACHE]; /* by address, direct mapped */
};

/* Append whole characters while they fit. */
void pyi_printer_puts(struct pyi_printer *p, const char *text);
void pyi_printer_append(struct pyi_printer *p, const char *text, size_t len);
void pyi_printer_char(struct pyi_printer *p, uint32_t code_point);
void pyi_printer_format(struct pyi_printer *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Takes n from the steps that are left; false and cut when they are used up. */
bool pyi_printer_spend(struct pyi_printer *p, uint64_t n);
/* Bytes [addr, addr + len) are about to be used; at most a page of them. */
void pyi_printer_touch(struct pyi_printer *p, uint64_t addr, uint64_t len);
/* Goes into obj. False: it is being printed already, or the depth limit is reached (then cut). */
bool pyi_printer_enter(struct pyi_printer *p, uint64_t obj);
void pyi_printer_leave(struct pyi_printer *p);
/* The type of an object, from the cache if it can. */
struct pyi_error *pyi_printer_type(struct pyi_printer *p, uint64_t obj,
				   const struct pyi_type **ret) PYI_WARN_UNUSED;

/* The object that the pointer at slot points to (0: not known where it stands). */
void pyi_print_object(struct pyi_printer *p, uint64_t slot, uint64_t obj);

/* One a built-in type; called for objects of exactly that type. */
typedef struct pyi_error *pyi_print_fn(struct pyi_printer *p, uint64_t obj,
				       const struct pyi_type *type);
pyi_print_fn pyi_print_bool, pyi_print_int, pyi_print_long, pyi_print_float, pyi_print_complex;
pyi_print_fn pyi_print_str, pyi_print_bytes, pyi_print_bytearray;
pyi_print_fn pyi_print_list, pyi_print_tuple, pyi_print_dict, pyi_print_set, pyi_print_frozenset;
pyi_print_fn pyi_print_range, pyi_print_slice;
pyi_print_fn pyi_print_type, pyi_print_function, pyi_print_method, pyi_print_code,
	pyi_print_exception;

#endif
