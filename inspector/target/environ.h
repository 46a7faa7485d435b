/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeps the strings of a process's environment, which often hold secrets, out of a snapshot. */
#ifndef PYI_TARGET_ENVIRON_H
#define PYI_TARGET_ENVIRON_H

#include "target/pages.h"

/* Puts zeros over what the environment's strings (NAME=VALUE, each with its NUL, size bytes in all)
 * left in sorted pages: where the kernel put them, [lo, hi); copies of whole strings (setenv); and
 * objects with exactly a value as their bytes (os.environ). Text that the program made out of a
 * value, and keeps, stays. */
void pyi_environ_blank(const char *strings, size_t size, uint64_t lo, uint64_t hi,
		       struct pyi_pages *pages);

#endif
