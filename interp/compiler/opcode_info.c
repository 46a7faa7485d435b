/* SPDX-License-Identifier: BSD-2-Clause */
#include "compiler/opcode_info.h"

#include "vm/opcode.h"

#include <stdint.h>

struct opcode_effect opcode_effect(int op, int arg)
{
	switch (op) {
#define OP(name, argument, p_pops, p_pushes, p_jump) \
	case OP_##name:                              \
		return (struct opcode_effect){(p_pops), (p_pushes), (p_jump)};
#include "vm/opcodes.def"
#undef OP
	default: return (struct opcode_effect){0, 0, 0};
	}
}

enum opcode_argument opcode_argument(int op)
{
	static const uint8_t kinds[] = {
#define OP(name, argument, p_pops, p_pushes, p_jump) [OP_##name] = ARGUMENT_##argument,
#include "vm/opcodes.def"
#undef OP
	};

	return op < OP_COUNT ? (enum opcode_argument)kinds[op] : ARGUMENT_NONE;
}
