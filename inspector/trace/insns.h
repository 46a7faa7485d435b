/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A function as the instructions that it is: all its fragments, decoded one after the other. A
 * compiler moves the unlikely half of a function far away; each piece has an unwind entry of its
 * own, so a symbol's size is never its extent.
 */
#ifndef PYI_TRACE_INSNS_H
#define PYI_TRACE_INSNS_H

#include "base/vec.h"
#include "target/image.h"

enum pyi_insn_kind {
	PYI_INSN_OTHER,
	PYI_INSN_STORE, /* mov %reg, disp(%base), 64 bits */
	PYI_INSN_LOAD,  /* mov disp(%base), %reg, 64 bits */
	PYI_INSN_LEA,   /* lea disp(%base), %reg */
	PYI_INSN_MOVE,  /* mov %base, %reg, 64 bits */
	PYI_INSN_END,   /* a return or an indirect jump or call: where it leads is not known */
};

/* Registers are words of struct pt_regs, PYI_NO_REGISTER where none; with an index register there
 * is no base. */
#define PYI_NO_REGISTER 0xff

struct pyi_insn {
	uint64_t addr;
	uint8_t len, bytes[15];
	uint8_t kind; /* enum pyi_insn_kind */
	uint8_t reg, base;
	int32_t disp;
	uint32_t writes; /* the registers that it changes, any part of them: bit n is number n */
	uint64_t jump;   /* target of a direct jump, else 0 */
};

struct pyi_fragment {
	uint64_t lo, hi;
};

struct pyi_insns {
	PYI_VEC(struct pyi_insn) list; /* by address */
	PYI_VEC(struct pyi_fragment) fragments;
};

/* The function that begins at start. PYI_ERR_BAD_DATA: no unwind entry, or code that cannot be
 * decoded. */
struct pyi_error *pyi_insns_read(const struct pyi_image *image, struct pyi_mem *mem, uint64_t start,
				 struct pyi_insns *ret) PYI_WARN_UNUSED;
/* Adds the piece of code that holds addr. */
struct pyi_error *pyi_insns_extend(struct pyi_insns *insns, const struct pyi_image *image,
				   struct pyi_mem *mem, uint64_t addr) PYI_WARN_UNUSED;
/* Decodes bytes that lie at addr: what pyi_insns_read does with one fragment. */
struct pyi_error *pyi_insns_decode(struct pyi_insns *insns, uint64_t addr, const uint8_t *code,
				   size_t len) PYI_WARN_UNUSED;
void pyi_insns_deinit(struct pyi_insns *insns);

#endif
