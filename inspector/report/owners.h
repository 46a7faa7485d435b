/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which OS thread runs each Python thread state. Most telling first:
 *
 * - where the marks lie that its frames have on a C stack: up to 3.12 a subinterpreter's thread
 *   state names the thread that made it, whichever runs it;
 * - for such a state without marks (up to 3.9), the stack in which most of its frames are named;
 * - pthread_self(), which is the FS base (glibc and musl on x86-64) in every pid namespace;
 * - the kernel's thread id (3.11+).
 */
#ifndef PYI_REPORT_OWNERS_H
#define PYI_REPORT_OWNERS_H

#include "report/walk.h"

/* Sets each thread state's owner: its thread's index, n_threads where none runs it: a leftover of
 * fork, or the thread has ended; that is warned of when it has frames. */
void pyi_owners_find(struct pyi_target *target, struct pyi_walk *walk);

#endif
