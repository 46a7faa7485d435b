/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel put on the first stack of a program: its arguments. */
#ifndef PYI_TARGET_STARTUP_H
#define PYI_TARGET_STARTUP_H

#include "target/target.h"

/* Fills cmdline from memory: the auxiliary vector is looked for above AT_RANDOM's and AT_EXECFN's
 * neighbours; before it lie the environment's pointers and the arguments' (Linux fs/binfmt_elf.c,
 * create_elf_tables). Without these pages nothing is filled, which is no error. */
struct pyi_error *pyi_startup_read(struct pyi_target *target) PYI_WARN_UNUSED;

#endif
