/* SPDX-License-Identifier: BSD-2-Clause */
/* How deep the compiler may recurse: source text must never use up the C stack. */
#ifndef MINIPY_COMPILER_DEPTH_H
#define MINIPY_COMPILER_DEPTH_H

#include "core/state.h"

/* CPython allows three times its recursion limit of 1000. */
#define COMPILER_MAX_DEPTH 3000

static inline bool depth_stack_is_low(void)
{
	return (uintptr_t)__builtin_frame_address(0) < PyThreadState_Get()->c_stack_limit;
}

#endif
