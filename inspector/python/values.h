/* SPDX-License-Identifier: BSD-2-Clause */
/* Python objects, decoded from memory into what repr() would print in the target. */
#ifndef PYI_PYTHON_VALUES_H
#define PYI_PYTHON_VALUES_H

#include "python/code.h"
#include "python/frames.h"

struct pyi_value {
	char *type; /* type's name; "?" when unreadable */
	char *repr; /* UTF-8, one line; "<unreadable: why>", "<changed>" where it could not be read
		     */
	bool truncated; /* repr is a true prefix, cut by the limit */
	bool unreadable;
};

struct pyi_value_options {
	size_t max_bytes; /* of a repr; 0 = 1000 */
	size_t max_depth; /* nesting; 0 = 64, at most 200 */
	uint64_t slot;    /* where the pointer to the object stands (pyi_local.slot): lets a value
			   * read late be checked; 0 = unknown */
};

/* Never fails: an unreadable object gives a value that says why. obj is the object's address. */
void pyi_value_read(struct pyi_target *target, const struct pyi_runtime *rt, uint64_t obj,
		    const struct pyi_value_options *options, struct pyi_value *ret);
void pyi_value_deinit(struct pyi_value *value);

/* A str object as UTF-8 (surrogates escaped); at most max code points. Caller frees. */
struct pyi_error *pyi_str_read(struct pyi_target *target, const struct pyi_runtime *rt,
			       uint64_t obj, size_t max, char **ret) PYI_WARN_UNUSED;
/* The name of an object's type, e.g. "Worker"; NULL when unreadable. Caller frees. */
char *pyi_type_name(struct pyi_target *target, const struct pyi_runtime *rt, uint64_t obj);
/* dict[key] for a str key given as UTF-8/ASCII: address of the value, or 0. */
uint64_t pyi_dict_get(struct pyi_target *target, const struct pyi_runtime *rt, uint64_t dict,
		      const char *key);
/* Calls fn for each item until it returns false; bounded. */
struct pyi_error *pyi_dict_for_each(struct pyi_target *target, const struct pyi_runtime *rt,
				    uint64_t dict,
				    bool (*fn)(void *arg, uint64_t key, uint64_t value),
				    void *arg) PYI_WARN_UNUSED;
/* An instance's attribute by name (its values or __dict__): address of the value, or 0. */
uint64_t pyi_instance_get(struct pyi_target *target, const struct pyi_runtime *rt, uint64_t obj,
			  const char *name);

/* The bound locals of a frame. obj is the value's address (a cell's content for cells). */
struct pyi_local {
	char *name;
	enum pyi_local_kind { PYI_LOCAL_ARG, PYI_LOCAL_LOCAL, PYI_LOCAL_CELL, PYI_LOCAL_FREE } kind;
	uint64_t obj;
	uint64_t slot; /* where the pointer to obj stands */
};
struct pyi_locals {
	PYI_VEC(struct pyi_local) locals; /* in the code object's order; unbound ones left out */
};
/* Frames whose locals are their globals (module level) give none; class bodies give their dict. */
struct pyi_error *pyi_locals_read(struct pyi_target *target, const struct pyi_runtime *rt,
				  struct pyi_code_cache *codes, const struct pyi_py_frame *frame,
				  struct pyi_locals *ret) PYI_WARN_UNUSED;
void pyi_locals_deinit(struct pyi_locals *locals);

/* Brings the objects under these roots into the memory cache, breadth first, one batch a level,
 * until budget_ns is used up. Meant to run inside the pause. */
void pyi_values_prefetch(struct pyi_target *target, const struct pyi_runtime *rt,
			 const uint64_t *roots, size_t n, uint64_t budget_ns);

#endif
