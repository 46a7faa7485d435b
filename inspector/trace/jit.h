/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CPython's JIT (3.13+): the code that it compiles pushes and pops frames by itself, and nothing in
 * the eval function tells.
 */
#ifndef PYI_TRACE_JIT_H
#define PYI_TRACE_JIT_H

#include "target/image.h"
#include "target/target.h"

/* Why compiled code runs, or will, in the target; NULL: there is no sign of it. A JIT that a build
 * has on by default shows only once it has compiled something. */
const char *pyi_jit_sign(const struct pyi_target *target, const struct pyi_image *image);

/* The value of PYTHON_JIT in an environment of len bytes, its strings ended by NUL: 1 on, 0 off, -1
 * not set. CPython v3.13 Python/pylifecycle.c. */
int pyi_jit_setting(const char *environment, size_t len);

#endif
