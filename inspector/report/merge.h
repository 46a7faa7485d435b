/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One stack out of two: where among the native frames each Python frame ran. Pure data in and out.
 *
 * An eval call (one native frame) runs a batch of Python frames: one frame, or in 3.11 all up to
 * the entry frame, from 3.12 all up to the shim. A batch belongs to the native frame that holds
 * its mark in [sp, cfa), or that is known to run its frame object (native.address). Nothing is
 * placed by name or by count, and the f_back order always stays. A batch with no such native
 * frame is shown after the native frames of its region: a fault costs one region. Thread states of
 * several interpreters, and of several runtimes, are interleaved by the same addresses.
 */
#ifndef PYI_REPORT_MERGE_H
#define PYI_REPORT_MERGE_H

#include "pyi_layout.h"
#include "report/report.h"

/* The frames of one thread state, innermost first, shims and incomplete ones included. */
struct pyi_merge_chain {
	enum pyi_how_entry how;
	struct pyi_report_frame *frames;
	size_t n;
};

struct pyi_merge_result {
	struct pyi_report_frame *frames; /* innermost first; the caller's to free */
	size_t n;
	enum pyi_merge merge;
	size_t unplaced; /* Python frames that no native frame could be shown to run */
};

/* Moves the frames' contents out of both inputs (their arrays stay the caller's, emptied); shims
 * and incomplete frames are dropped. Eval frames that ran a batch become plumbing. Fails only when
 * memory is out; then the inputs are untouched. */
struct pyi_error *pyi_merge(struct pyi_report_frame *native, size_t n_native,
			    struct pyi_merge_chain *chains, size_t n_chains,
			    struct pyi_merge_result *ret) PYI_WARN_UNUSED;

#endif
