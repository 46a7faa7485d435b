/* SPDX-License-Identifier: BSD-2-Clause */
/* Command line options: one table drives parsing, --help and the usage errors. */
#ifndef PYI_CMD_OPTIONS_H
#define PYI_CMD_OPTIONS_H

#include "base/error.h"
#include "base/print.h"
#include "cmd/crash_dir.h"
#include "pyinspect.h"

/* Which commands an option belongs to: bits of pyi_option.commands. */
enum pyi_command_bit {
	PYI_CMD_ALL = 1,
	PYI_CMD_DUMP = 2,
	PYI_CMD_MAPS = 4,
	PYI_CMD_SNAPSHOT = 8,
	PYI_CMD_TRACE = 16,
	PYI_CMD_RUN = 32,
	PYI_CMD_HANDLER = 64,
	PYI_CMD_CORE = 128,
};

/* What the command line says; arguments point into argv. */
struct pyi_settings {
	struct pyinspect_options dump; /* width, color and format defaults are not settled here */
	bool json;
	bool locals_bytes_given;
	bool subprocesses;
	double watch_seconds; /* 0 = once */
	const char *name;     /* regular expression, or NULL */
	enum pyi_color color;
	const char *output; /* file, or NULL */
	bool all;           /* maps: nothing is folded */
	bool address_given;
	uint64_t address;                                  /* maps: the one to explain */
	bool flat, summary, histogram, count, probes_only; /* trace: which view */
	const char *chrome;                   /* trace: file for Chrome's format, or NULL */
	const char *func;                     /* trace: glob, or NULL */
	const char *file;                     /* trace: glob, or NULL */
	uint32_t max_depth;                   /* trace; 0 = any */
	uint64_t min_duration_ns;             /* trace */
	double for_seconds;                   /* trace; 0 = until it ends */
	uint64_t max_events;                  /* trace; 0 = no limit */
	bool install, remove, status;         /* handler */
	struct pyi_crash_limits crash_limits; /* handler */
	bool with_env;                        /* snapshot: keep the environment's strings */
	bool last;                            /* core: the newest one that was kept */
	bool verbose, version, help;
	char **operands; /* what is no option, in order; a part of argv, ended by NULL */
	size_t n_operands;
	size_t n_before_dashes; /* of them, how many stand before a "--"; n_operands without one */
	bool dashes;            /* there was a "--" */
};

struct pyi_option {
	const char *name; /* without the dashes */
	char letter;      /* 0: none */
	unsigned commands;
	const char *argument; /* NULL: takes none; "[...]": only behind '=' */
	const char *help;
	/* value is NULL when none was given. False when it makes no sense. */
	bool (*set)(struct pyi_settings *settings, const char *value);
	const char *expects; /* "a number of seconds", for the error message */
};

/* Ends with a row whose name is NULL. */
extern const struct pyi_option pyi_options[];

void pyi_settings_init(struct pyi_settings *settings);
/* Sorts argv[0 .. argc) so that the operands stand together. Options may stand anywhere before a
 * "--". PYI_ERR_USAGE names the option. */
struct pyi_error *pyi_options_parse(int argc, char **argv, unsigned commands,
				    struct pyi_settings *ret) PYI_WARN_UNUSED;
/* The lines of --help for the options of these commands. */
void pyi_options_help(FILE *out, unsigned commands);

#endif
