/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/syscalls.h"

#include <stddef.h>

static const struct {
	const char *name;
	int n_args;
} syscalls[] = {
#define SYSCALL(nr, name, n_args) [nr] = {#name, n_args},
#include "report/syscalls.def"
#undef SYSCALL
};

const char *pyi_syscall_name(long nr, int *n_args)
{
	if (nr < 0 || nr >= (long)(sizeof(syscalls) / sizeof(syscalls[0])) || !syscalls[nr].name) {
		*n_args = 6;
		return NULL;
	}
	*n_args = syscalls[nr].n_args;
	return syscalls[nr].name;
}
