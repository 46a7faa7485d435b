/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a runtime pushes and pops its frames: the instructions to probe. Only instructions that the
 * kernel emulates are good sites; on any other it single-steps the thread, ten times as dear.
 */
#ifndef PYI_TRACE_SITES_H
#define PYI_TRACE_SITES_H

#include "pyi_session.h"
#include "python/runtime.h"

#include <stdio.h>

/* How the kernel gets over a probed instruction. */
enum pyi_site_class { PYI_SITE_EMULATED, PYI_SITE_STEPPED, PYI_SITE_NEVER };

struct pyi_sites {
	const struct pyi_image *image; /* whose file the offsets are in */
	PYI_VEC(struct pyi_session_site) list;
	size_t stepped; /* how many of them are single-stepped */
};

/* PYI_ERR_NOT_PYTHON with the reason where this runtime cannot be traced. */
struct pyi_error *pyi_sites_find(struct pyi_target *target, const struct pyi_runtime *rt,
				 struct pyi_sites *ret) PYI_WARN_UNUSED;
void pyi_sites_deinit(struct pyi_sites *sites);

/* What the kernel does with these bytes of code (Linux arch/x86/kernel/uprobes.c): push of a
 * register, near call, jmp and jcc with an offset, and the one-byte nop are emulated. A nop of any
 * other form must never be probed: some kernels rewrite it in a way that breaks the program. */
enum pyi_site_class pyi_site_classify(const uint8_t *code, size_t len);

/* A line for each site: where, what, how the kernel gets over it and what about a hit costs. */
void pyi_sites_print(const struct pyi_sites *sites, FILE *out);

/* The word of struct pt_regs that holds the 64-bit register of that name; -1: no such. */
int pyi_site_register(const char *name, size_t len);

/* minipy: its frame__push and frame__pop of .note.stapsdt. */
struct pyi_error *pyi_sites_usdt(const struct pyi_image *image,
				 struct pyi_sites *ret) PYI_WARN_UNUSED;
/* CPython: stores of the current frame in the eval function. */
struct pyi_error *pyi_sites_stores(struct pyi_target *target, const struct pyi_runtime *rt,
				   struct pyi_sites *ret) PYI_WARN_UNUSED;

#endif
