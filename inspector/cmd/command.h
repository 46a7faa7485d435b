/* SPDX-License-Identifier: BSD-2-Clause */
/* A subcommand: one file that ends in one row. */
#ifndef PYI_CMD_COMMAND_H
#define PYI_CMD_COMMAND_H

#include "cmd/options.h"

struct pyi_command {
	const char *name;
	const char *usage;    /* what follows the name */
	const char *summary;  /* one line */
	const char *examples; /* lines of --help */
	unsigned options;     /* PYI_CMD_* bits */
	/* The exit code. Says itself what went wrong. */
	int (*run)(const struct pyi_settings *settings);
};

/* Of all commands; ended by NULL. */
const char *const *pyi_command_names(void);
/* "pyinspect: <message>" and the hint on standard error; destroys err. The exit code. */
int pyi_complain(struct pyi_error *err);
/* The same for an error of the library. */
int pyi_complain_public(struct pyinspect_error *err);

extern const struct pyi_command pyi_cmd_core, pyi_cmd_dump, pyi_cmd_maps, pyi_cmd_snapshot,
	pyi_cmd_trace, pyi_cmd_run, pyi_cmd_handler;

#endif
