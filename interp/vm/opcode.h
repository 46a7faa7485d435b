/* SPDX-License-Identifier: BSD-2-Clause */
/* The instruction numbers, from opcodes.def. */
#ifndef MINIPY_VM_OPCODE_H
#define MINIPY_VM_OPCODE_H

enum PyOpcode {
#define OP(name, argument, pops, pushes, jump) OP_##name,
#include "vm/opcodes.def"
#undef OP
	OP_COUNT
};

/* BINARY_OP's arguments; the in-place forms follow in the same order from NB_INPLACE on. */
enum {
	NB_ADD,
	NB_AND,
	NB_FLOOR_DIVIDE,
	NB_LSHIFT,
	NB_MATRIX_MULTIPLY,
	NB_MULTIPLY,
	NB_REMAINDER,
	NB_OR,
	NB_POWER,
	NB_RSHIFT,
	NB_SUBTRACT,
	NB_TRUE_DIVIDE,
	NB_XOR,
	NB_INPLACE,
	NB_COUNT = 2 * NB_INPLACE,
};

#endif
