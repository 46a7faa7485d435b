/* SPDX-License-Identifier: BSD-2-Clause */
/* What instructions do to the stack and what their arguments mean (vm/opcodes.def). */
#ifndef MINIPY_COMPILER_OPCODE_INFO_H
#define MINIPY_COMPILER_OPCODE_INFO_H

enum opcode_argument {
	ARGUMENT_NONE,
	ARGUMENT_CONST,
	ARGUMENT_NAME,
	ARGUMENT_FAST,
	ARGUMENT_DEREF,
	ARGUMENT_FORWARD,
	ARGUMENT_BACKWARD,
	ARGUMENT_COMPARE,
	ARGUMENT_BINARY,
	ARGUMENT_COUNT,
	ARGUMENT_FLAGS,
};

struct opcode_effect {
	int pops, pushes; /* on fall-through */
	int jump;         /* net effect when it jumps */
};

/* Nothing for what is no instruction. */
struct opcode_effect opcode_effect(int op, int arg);
enum opcode_argument opcode_argument(int op);

#endif
