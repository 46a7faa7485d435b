/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Is a code object, which may come from anywhere, safe to run? Every instruction is known and its
 * operand in range; jumps and handlers land on instructions; on all paths the stack has the same
 * depth, never more than co_stacksize, and holds at each place a kind of thing that the instruction
 * that takes it can live with; nothing falls off the end.
 *
 * What it does not ask for, eval checks itself. The compiler's own code passes.
 */
#ifndef MINIPY_COMPILER_VERIFY_H
#define MINIPY_COMPILER_VERIFY_H

#include "objects/code.h"

/* Code objects among the constants must have been verified before. No exception is set. */
bool PyCode_Verify(PyCodeObject *code);
/* The same, and code can be run as a module's body. */
bool PyCode_VerifyModule(PyCodeObject *code);

#endif
