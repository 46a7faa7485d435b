/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which Python frame each eval call runs, where the version leaves no mark on the C stack (up to
 * 3.9). An eval call runs exactly one frame there, and the two stacks have the same order, so:
 *
 * - As many eval calls as frames: the n-th runs the n-th. Eval calls are those in the function of
 *   that name; a compiler may split it, and then the other part is the one function of the
 *   interpreter that fills the gap in number and whose stack parts hold the frames' addresses.
 * - Else a call is in the middle of beginning or ending, or something is not known: only frames
 *   whose address is found in a call's stack part, in order, and those between two such that are
 *   again equal in number.
 *
 * What remains is left unplaced.
 */
#ifndef PYI_REPORT_EVALCALLS_H
#define PYI_REPORT_EVALCALLS_H

#include "python/runtime.h"
#include "report/merge.h"
#include "target/mem.h"

/* Sets the address of each native frame of rt that is known to run a Python frame of chains, which
 * are rt's, too. Fails only when memory is out. */
struct pyi_error *pyi_evalcalls_find(struct pyi_mem *mem, const struct pyi_runtime *rt,
				     struct pyi_report_frame *native, size_t n_native,
				     const struct pyi_merge_chain *chains,
				     size_t n_chains) PYI_WARN_UNUSED;

#endif
