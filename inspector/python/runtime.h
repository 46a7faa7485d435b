/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finding the Python runtimes in a target and choosing the layout that describes each.
 *
 * minipy: its exported layout (symbol or ELF note), copied min(size), every offset checked.
 * CPython 3.13+: its _Py_DebugOffsets, parsed by the exact struct of that minor, untrusted, on
 * top of the row for what the table lacks. Else: the row of layouts.c for the version found.
 */
#ifndef PYI_PYTHON_RUNTIME_H
#define PYI_PYTHON_RUNTIME_H

#include "base/error.h"
#include "base/vec.h"
#include "pyi_layout.h"
#include "target/target.h"

struct pyi_runtime {
	int number; /* its place among the target's runtimes, from 0 */
	struct pyi_layout
		layout; /* our own validated copy; layout.runtime is the address in the target */
	bool minipy;
	char name[64];           /* "CPython 3.11.2", "minipy 0.1.0" */
	struct pyi_image *image; /* exe or libpython that holds it; NULL when found by scan */
	uint64_t root;           /* runtime address, or of interp_head (PYI_THREADS_INTERP_HEAD) */
	uint64_t eval_lo, eval_hi; /* the eval function where known, else 0, 0 */
	uint64_t type_type;        /* &PyType_Type where known: an object of it is a type; else 0 */
	uint64_t code_type;        /* &PyCode_Type where known, else 0 */
	uint64_t current;          /* &_PyThreadState_Current (2.7, 3.6), else 0 */
};

/* More Pythons than these in one process are warned of and not looked at. */
#define PYI_RUNTIMES_MAX 16

/* A program may load other Pythons as libraries: all of them, the likeliest to be meant first. */
struct pyi_runtimes {
	struct pyi_runtime all[PYI_RUNTIMES_MAX];
	size_t n; /* at least 1 */
};

/* Runs while the target runs; PYI_ERR_NOT_PYTHON when there is none. One that is refused beside
 * one that is found is a warning; one that was never started is nothing. */
struct pyi_error *pyi_runtimes_find(struct pyi_target *target,
				    struct pyi_runtimes *ret) PYI_WARN_UNUSED;
/* The first of them; the others are warned of. */
struct pyi_error *pyi_runtime_find(struct pyi_target *target,
				   struct pyi_runtime *ret) PYI_WARN_UNUSED;
/* The file's name of the module that holds it, "" when there is none; the image's to free. */
const char *pyi_runtime_module(const struct pyi_runtime *rt);

/* The row for a version: from layouts.c; NULL when that minor is unknown. */
const struct pyi_layout *pyi_layout_for(unsigned major, unsigned minor, unsigned micro);
/* The newest row of an older minor, NULL when there is none. */
const struct pyi_layout *pyi_layout_before(unsigned major, unsigned minor);
/* Every present offset must fit its struct's present size; the message names the field. */
struct pyi_error *pyi_layout_validate(const struct pyi_layout *layout) PYI_WARN_UNUSED;

/* One Python thread state. */
struct pyi_tstate {
	uint64_t addr;
	uint64_t interp;
	int64_t interp_id;  /* 0 = main interpreter */
	uint64_t thread_id; /* what pthread_self() is there */
	pid_t native_tid;   /* 0 when the layout has none or it is not set */
	bool holds_gil, waits_gil;
};

struct pyi_tstates {
	PYI_VEC(struct pyi_tstate) states;
	size_t interpreters;
	int gc_running; /* 1 yes, 0 no, -1 unknown */
	bool cut;       /* a list was broken or too long at cut_at: the caller says so */
	uint64_t cut_at;
};

/* All interpreters' thread states; bounded, cycles end it. Reads through target->mem only. */
struct pyi_error *pyi_tstates_read(struct pyi_target *target, const struct pyi_runtime *rt,
				   struct pyi_tstates *ret) PYI_WARN_UNUSED;
void pyi_tstates_deinit(struct pyi_tstates *tstates);
/* The interpreter's threading._active, a dict that lives as long as the module; 0: there is none.
 * Finding it reads much, so it is asked for once; a snapshot keeps the answer. */
uint64_t pyi_thread_table(struct pyi_target *target, const struct pyi_runtime *rt, uint64_t interp);
struct pyi_named_thread {
	uint64_t ident, thread; /* get_ident(), address of the Thread */
};
/* A table as it was when it was last asked; zeroed before the first use. */
struct pyi_thread_names {
	uint64_t table;
	PYI_VEC(struct pyi_named_thread) threads; /* by ident */
};
/* threading's name for the thread, UTF-8, or NULL. Caller frees. The table is read again when it is
 * another one than that of names. */
char *pyi_thread_name(struct pyi_target *target, const struct pyi_runtime *rt,
		      struct pyi_thread_names *names, uint64_t table, const struct pyi_tstate *ts);
void pyi_thread_names_deinit(struct pyi_thread_names *names);

#endif
