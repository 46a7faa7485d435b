/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/disassemble.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CODE_BYTES 64u
#define MAX_INSNS  5u

static struct pyi_report_insn *add(struct pyi_report_thread *to, uint64_t addr,
				   const uint8_t *bytes, size_t n)
{
	struct pyi_report_insn *insn = &to->code[to->n_code++];

	insn->addr = addr;
	insn->n_bytes = n < sizeof(insn->bytes) ? n : sizeof(insn->bytes);
	memcpy(insn->bytes, bytes, insn->n_bytes);
	return insn;
}

#ifdef HAVE_CAPSTONE
#include <capstone/capstone.h>

static bool decode(const uint8_t *bytes, size_t n, uint64_t pc, struct pyi_report_thread *to)
{
	cs_insn *insns = NULL;
	bool done = true;
	size_t count;
	csh handle;

	if (cs_open(CS_ARCH_X86, CS_MODE_64, &handle) != CS_ERR_OK)
		return true;
	count = cs_disasm(handle, bytes, n, pc, MAX_INSNS, &insns);
	for (size_t i = 0; i < count; i++) {
		struct pyi_report_insn *insn =
			add(to, insns[i].address, insns[i].bytes, insns[i].size);

		if (asprintf(&insn->text, "%s%s%s", insns[i].mnemonic, *insns[i].op_str ? " " : "",
			     insns[i].op_str) < 0) {
			insn->text = NULL;
			done = false;
		}
	}
	if (insns)
		cs_free(insns, count);
	cs_close(&handle);
	return done;
}
#else
static bool decode(const uint8_t *bytes, size_t n, uint64_t pc, struct pyi_report_thread *to)
{
	return true;
}
#endif

struct pyi_error *pyi_disassemble(struct pyi_mem *mem, uint64_t pc, struct pyi_report_thread *to)
{
	uint8_t bytes[CODE_BYTES];
	size_t n = pyi_mem_read_some(mem, pc, bytes, sizeof(bytes));

	if (!n)
		return NULL;
	to->code = calloc(MAX_INSNS + 1, sizeof(*to->code));
	if (!to->code || !decode(bytes, n, pc, to))
		return &pyi_enomem;
	if (!to->n_code)
		add(to, pc, bytes, n);
	return NULL;
}
