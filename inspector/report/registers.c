/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/registers.h"

#include <sys/user.h>

#define ROW(name)                                              \
	{                                                      \
#name, offsetof(struct user_regs_struct, name) \
	}

const struct pyi_register pyi_registers[] = {
	ROW(rip), ROW(rsp), ROW(rbp), ROW(rax),     ROW(rbx),     ROW(rcx),      ROW(rdx),
	ROW(rsi), ROW(rdi), ROW(r8),  ROW(r9),      ROW(r10),     ROW(r11),      ROW(r12),
	ROW(r13), ROW(r14), ROW(r15), ROW(eflags),  ROW(cs),      ROW(ss),       ROW(ds),
	ROW(es),  ROW(fs),  ROW(gs),  ROW(fs_base), ROW(gs_base), ROW(orig_rax), {NULL, 0},
};
