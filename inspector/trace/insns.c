/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fragments: the unwind entry of the start, then those of every direct jump that leaves what is
 * known. GCC puts no tables into code, so decoding straight on stays in step.
 *
 * .eh_frame_hdr: version 1, pointer encodings, then a table of (start, entry) sorted by start, both
 * as 32-bit offsets from the header (encoding 0x3b). An entry: length, CIE offset, start as a
 * 32-bit offset from itself, size (Linux Standard Base, Exception Frames).
 */
#include "trace/insns.h"
#include "base/cleanup.h"
#include "trace/sites.h"

#include <capstone/capstone.h>
#include <string.h>

enum { MAX_FRAGMENTS = 16, MAX_FRAGMENT = 4 << 20 };

static uint8_t number_of(csh handle, unsigned reg)
{
	const char *name = reg ? cs_reg_name(handle, reg) : NULL;
	int number = name ? pyi_site_register(name, strlen(name)) : -1;

	return number < 0 ? PYI_NO_REGISTER : (uint8_t)number;
}

/* The 64-bit register that one of these is part of. */
static uint8_t whole_of(const char *name)
{
	static const char *const parts[][5] = {
		{"rax", "eax", "ax", "al", "ah"}, {"rbx", "ebx", "bx", "bl", "bh"},
		{"rcx", "ecx", "cx", "cl", "ch"}, {"rdx", "edx", "dx", "dl", "dh"},
		{"rsi", "esi", "si", "sil"},      {"rdi", "edi", "di", "dil"},
		{"rbp", "ebp", "bp", "bpl"},      {"rsp", "esp", "sp", "spl"},
	};
	int number;

	if (name[0] == 'r' && name[1] >= '0' && name[1] <= '9') {
		number = pyi_site_register(name, strcspn(name, "dwb"));
		return number < 0 ? PYI_NO_REGISTER : (uint8_t)number;
	}
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		for (size_t k = 0; k < 5 && parts[i][k]; k++)
			if (strcmp(parts[i][k], name) == 0)
				return (uint8_t)pyi_site_register(parts[i][0], 3);
	return PYI_NO_REGISTER;
}

static uint32_t writes_of(csh handle, const cs_insn *from)
{
	cs_regs read, written;
	uint8_t n_read = 0, n_written = 0;
	uint32_t ret = 0;

	if (cs_regs_access(handle, from, read, &n_read, written, &n_written) != CS_ERR_OK)
		return UINT32_MAX;
	for (uint8_t i = 0; i < n_written; i++) {
		const char *name = cs_reg_name(handle, written[i]);
		uint8_t number = name ? whole_of(name) : PYI_NO_REGISTER;

		if (number != PYI_NO_REGISTER)
			ret |= UINT32_C(1) << number;
	}
	return ret;
}

static bool is_full_memory(const cs_x86_op *op)
{
	return op->type == X86_OP_MEM && op->size == 8 && op->mem.index == X86_REG_INVALID &&
	       op->mem.segment == X86_REG_INVALID && op->mem.disp >= INT32_MIN &&
	       op->mem.disp <= INT32_MAX;
}

static void set_memory(csh handle, struct pyi_insn *insn, enum pyi_insn_kind kind,
		       const cs_x86_op *memory, const cs_x86_op *reg)
{
	insn->kind = (uint8_t)kind;
	insn->base = number_of(handle, memory->mem.base);
	insn->disp = (int32_t)memory->mem.disp;
	insn->reg = number_of(handle, reg->reg);
	if (insn->base == PYI_NO_REGISTER || insn->reg == PYI_NO_REGISTER)
		insn->kind = PYI_INSN_OTHER;
}

static void set_move(csh handle, struct pyi_insn *insn, const cs_x86_op *to, const cs_x86_op *from)
{
	insn->reg = number_of(handle, to->reg);
	insn->base = number_of(handle, from->reg);
	if (insn->reg != PYI_NO_REGISTER && insn->base != PYI_NO_REGISTER)
		insn->kind = PYI_INSN_MOVE;
}

/* Operands stand as Intel writes them: the destination first. */
static void classify(csh handle, const cs_insn *from, struct pyi_insn *insn)
{
	const cs_x86 *x86 = &from->detail->x86;
	const cs_x86_op *ops = x86->operands;
	bool two = x86->op_count == 2;

	insn->writes = writes_of(handle, from);
	if (from->id == X86_INS_MOV && two && is_full_memory(&ops[0]) && ops[1].type == X86_OP_REG)
		set_memory(handle, insn, PYI_INSN_STORE, &ops[0], &ops[1]);
	else if (from->id == X86_INS_MOV && two && is_full_memory(&ops[1]) &&
		 ops[0].type == X86_OP_REG)
		set_memory(handle, insn, PYI_INSN_LOAD, &ops[1], &ops[0]);
	else if (from->id == X86_INS_MOV && two && ops[0].type == X86_OP_REG &&
		 ops[1].type == X86_OP_REG && ops[0].size == 8)
		set_move(handle, insn, &ops[0], &ops[1]);
	else if (from->id == X86_INS_LEA && two && ops[1].type == X86_OP_MEM &&
		 ops[1].mem.index == X86_REG_INVALID)
		set_memory(handle, insn, PYI_INSN_LEA, &ops[1], &ops[0]);
	else if (cs_insn_group(handle, from, CS_GRP_RET))
		insn->kind = PYI_INSN_END;
	else if (cs_insn_group(handle, from, CS_GRP_JUMP) ||
		 cs_insn_group(handle, from, CS_GRP_CALL)) {
		if (x86->op_count != 1 || ops[0].type != X86_OP_IMM)
			insn->kind = PYI_INSN_END;
		else if (cs_insn_group(handle, from, CS_GRP_JUMP))
			insn->jump = (uint64_t)ops[0].imm;
	}
}

struct pyi_error *pyi_insns_decode(struct pyi_insns *insns, uint64_t addr, const uint8_t *code,
				   size_t len)
{
	struct pyi_error *err = NULL;
	cs_insn *one = NULL;
	csh handle;

	if (cs_open(CS_ARCH_X86, CS_MODE_64, &handle) != CS_ERR_OK)
		return &pyi_enomem;
	cs_option(handle, CS_OPT_DETAIL, CS_OPT_ON);
	one = cs_malloc(handle);
	while (one && !err && len && cs_disasm_iter(handle, &code, &len, &addr, one)) {
		struct pyi_insn *insn = pyi_vec_push(&insns->list);

		if (!insn) {
			err = &pyi_enomem;
			break;
		}
		insn->addr = one->address;
		insn->len = (uint8_t)one->size;
		memcpy(insn->bytes, one->bytes, one->size < 15 ? one->size : 15);
		insn->reg = insn->base = PYI_NO_REGISTER;
		classify(handle, one, insn);
	}
	if (!err && !one)
		err = &pyi_enomem;
	if (!err && len)
		err = pyi_error_create(PYI_ERR_BAD_DATA, "no instruction at 0x%llx",
				       (unsigned long long)addr);
	if (one)
		cs_free(one, 1);
	cs_close(&handle);
	return err;
}

/* The unwind entry that holds addr. */
static struct pyi_error *find_fragment(const struct pyi_image *image, struct pyi_mem *mem,
				       uint64_t addr, struct pyi_fragment *ret)
{
	uint64_t header, size, lo = 0, hi, entry = 0;
	uint8_t head[12];
	uint32_t pair[2], fde[4], count;
	struct pyi_error *err = NULL;

	if (!pyi_image_eh_frame_hdr(image, &header, &size) || size < sizeof(head))
		return pyi_error_create(PYI_ERR_BAD_DATA, "no unwind table");
	err = pyi_mem_read(mem, header, head, sizeof(head));
	if (err)
		return err;
	memcpy(&count, head + 8, 4);
	if (head[0] != 1 || head[2] != 0x03 || head[3] != 0x3b || count > (size - 12) / 8)
		return pyi_error_create(PYI_ERR_BAD_DATA, "unwind table of an unknown kind");
	for (hi = count; lo < hi && !err;) {
		uint64_t mid = lo + (hi - lo) / 2;

		err = pyi_mem_read(mem, header + 12 + mid * 8, pair, sizeof(pair));
		if (!err && header + (uint64_t)(int32_t)pair[0] <= addr) {
			entry = header + (uint64_t)(int32_t)pair[1];
			lo = mid + 1;
		} else {
			hi = mid;
		}
	}
	if (!err && entry)
		err = pyi_mem_read(mem, entry, fde, sizeof(fde));
	if (err)
		return err;
	ret->lo = entry + 8 + (uint64_t)(int32_t)fde[2];
	ret->hi = ret->lo + fde[3];
	if (!entry || addr < ret->lo || addr >= ret->hi || fde[3] > MAX_FRAGMENT)
		return pyi_error_create(PYI_ERR_BAD_DATA, "no unwind entry for 0x%llx",
					(unsigned long long)addr);
	return NULL;
}

static bool is_known(const struct pyi_insns *insns, uint64_t addr)
{
	pyi_vec_for_each (fragment, &insns->fragments)
		if (addr >= fragment->lo && addr < fragment->hi)
			return true;
	return false;
}

static struct pyi_error *add_fragment(struct pyi_insns *insns, const struct pyi_image *image,
				      struct pyi_mem *mem, uint64_t addr)
{
	pyi_autofree uint8_t *code = NULL;
	struct pyi_fragment fragment, *kept;
	struct pyi_error *err = find_fragment(image, mem, addr, &fragment);
	size_t len;

	if (err)
		return err;
	len = fragment.hi - fragment.lo;
	code = malloc(len + 1);
	kept = code ? pyi_vec_push(&insns->fragments) : NULL;
	if (!kept)
		return &pyi_enomem;
	*kept = fragment;
	err = pyi_mem_read(mem, fragment.lo, code, len);
	return err ? err : pyi_insns_decode(insns, fragment.lo, code, len);
}

static int by_address(const void *a, const void *b)
{
	const struct pyi_insn *x = a, *y = b;

	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

struct pyi_error *pyi_insns_read(const struct pyi_image *image, struct pyi_mem *mem, uint64_t start,
				 struct pyi_insns *ret)
{
	struct pyi_insns insns = {0};
	struct pyi_error *err = add_fragment(&insns, image, mem, start);

	/* A jump out of what is known leads into another piece, or, as a tail call, elsewhere: that
	 * does no harm. */
	for (size_t i = 0; !err && i < insns.list.len; i++) {
		uint64_t jump = insns.list.data[i].jump;

		if (jump && !is_known(&insns, jump) && insns.fragments.len < MAX_FRAGMENTS)
			err = add_fragment(&insns, image, mem, jump);
	}
	if (err) {
		pyi_insns_deinit(&insns);
		return err;
	}
	qsort(insns.list.data, insns.list.len, sizeof(struct pyi_insn), by_address);
	*ret = insns;
	return NULL;
}

struct pyi_error *pyi_insns_extend(struct pyi_insns *insns, const struct pyi_image *image,
				   struct pyi_mem *mem, uint64_t addr)
{
	struct pyi_error *err = NULL;

	if (!is_known(insns, addr) && insns->fragments.len < MAX_FRAGMENTS)
		err = add_fragment(insns, image, mem, addr);
	if (insns->list.len)
		qsort(insns->list.data, insns->list.len, sizeof(struct pyi_insn), by_address);
	return err;
}

void pyi_insns_deinit(struct pyi_insns *insns)
{
	pyi_vec_deinit(&insns->list);
	pyi_vec_deinit(&insns->fragments);
}
