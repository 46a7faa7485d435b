/* SPDX-License-Identifier: BSD-2-Clause */
/* The main program's own stack: 256 MiB, committed page by page, with a guard page below. */
#ifndef MINIPY_MAIN_STACK_H
#define MINIPY_MAIN_STACK_H

#include <stdint.h>

/* Runs main_on_stack on it, in this thread, and returns what it returns; lowest: the lowest usable
 * address. Debuggers unwind from there through this function to main. -1: no memory. */
int stack_run(int (*run)(int argc, char **argv, uintptr_t lowest), int argc, char **argv);

#endif
