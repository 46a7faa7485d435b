/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Starting a program and holding it where its Python begins: at the first call of the eval function
 * (or, in minipy, the first frame__push) of the first image that has one. It stands there, traced
 * by us and ready to be looked at, until resume lets it go for good.
 */
#ifndef PYI_CMD_LAUNCH_H
#define PYI_CMD_LAUNCH_H

#include "base/error.h"

#include <sys/types.h>

struct pyi_launch;

/* argv ends with NULL or is followed by it. PYI_ERR_NOT_FOUND: no such program; PYI_ERR_NOT_PYTHON:
 * it ended without running Python. Signals for the program reach it meanwhile. */
struct pyi_error *pyi_launch_start(char **argv, struct pyi_launch **ret) PYI_WARN_UNUSED;
pid_t pyi_launch_pid(const struct pyi_launch *launch);
void pyi_launch_resume(struct pyi_launch *launch);
/* Waits for its end: its exit status, or 128 + the signal. */
int pyi_launch_wait(struct pyi_launch *launch);
/* A program that still stands is ended; one that runs goes on. */
void pyi_launch_destroy(struct pyi_launch *launch);

#endif
