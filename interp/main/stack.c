/* SPDX-License-Identifier: BSD-2-Clause */
#include "main/stack.h"

#include "core/state.h"

#include <sys/mman.h>
#include <unistd.h>

/*
 * int switch_stack(argc, argv, lowest, top, run): calls run on the stack whose end is top. The old
 * stack pointer is kept in rbp, and the frame's CFA is defined by rbp, so that unwinders step from
 * the new stack to the old one.
 */
__asm__(".text\n"
	".type switch_stack, @function\n"
	"switch_stack:\n"
	".cfi_startproc\n"
	"	pushq %rbp\n"
	"	.cfi_def_cfa_offset 16\n"
	"	.cfi_offset %rbp, -16\n"
	"	movq %rsp, %rbp\n"
	"	.cfi_def_cfa_register %rbp\n"
	"	movq %rcx, %rsp\n"
	"	call *%r8\n"
	"	movq %rbp, %rsp\n"
	"	popq %rbp\n"
	"	.cfi_def_cfa %rsp, 8\n"
	"	ret\n"
	".cfi_endproc\n"
	".size switch_stack, .-switch_stack\n");

int switch_stack(long argc, char **argv, uintptr_t lowest, void *top,
		 int (*run)(int argc, char **argv, uintptr_t lowest));

int stack_run(int (*run)(int argc, char **argv, uintptr_t lowest), int argc, char **argv)
{
	size_t guard = (size_t)sysconf(_SC_PAGESIZE);
	char *base = mmap(NULL, PY_MAIN_STACK_SIZE + guard, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);

	if (base == MAP_FAILED || mprotect(base, guard, PROT_NONE) < 0) {
		perror("minipy: no memory for the stack");
		return -1;
	}
	return switch_stack(argc, argv, (uintptr_t)base + guard, base + guard + PY_MAIN_STACK_SIZE,
			    run);
}
