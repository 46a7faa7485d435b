/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libpyinspect: look into a Python process from outside. The command line program is its first
 * user and needs nothing else.
 *
 *	struct pyinspect_options options;
 *	struct pyinspect_report *report;
 *	struct pyinspect_error *err;
 *
 *	pyinspect_options_init(&options);
 *	err = pyinspect_dump_pid(pid, &options, &report);
 *	if (!err) {
 *		err = pyinspect_render(report, "text", &options, stdout);
 *		pyinspect_report_destroy(report);
 *	}
 *
 * A function that can fail returns NULL or an error that the caller owns. Nothing here prints
 * (except pyinspect_render, to its stream), exits, or leaves a target stopped. SIGINT, SIGTERM,
 * SIGHUP, SIGQUIT and SIGPIPE are held back while a target stands still. One call at a time a
 * report; different reports may be used by different threads.
 */
#ifndef PYINSPECT_H
#define PYINSPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#define PYINSPECT_VERSION "0.1.0"

/* What came of it; the numbers are the program's exit codes. */
enum pyinspect_status {
	PYINSPECT_COMPLETE = 0,
	PYINSPECT_INCOMPLETE = 1, /* a report, but something that was asked for is missing in it */
	PYINSPECT_USAGE = 2,
	PYINSPECT_NOT_FOUND = 3, /* no such process or file, or no Python in it */
	PYINSPECT_PERMISSION = 4,
	PYINSPECT_INTERNAL = 5,
};

struct pyinspect_error;
enum pyinspect_status pyinspect_error_status(const struct pyinspect_error *err);
/* PYINSPECT_NOT_FOUND only: the process is there, but it is not Python. */
bool pyinspect_error_not_python(const struct pyinspect_error *err);
/* One line without a newline, safe to print: "<what>: <why>". */
const char *pyinspect_error_message(const struct pyinspect_error *err);
/* One line that says what would help, or NULL. */
const char *pyinspect_error_hint(const struct pyinspect_error *err);
void pyinspect_error_destroy(struct pyinspect_error *err);

enum pyinspect_native {
	PYINSPECT_NATIVE_AUTO,  /* text folds the interpreter's own plumbing */
	PYINSPECT_NATIVE_ALL,   /* every native frame */
	PYINSPECT_NATIVE_LINES, /* also source lines and inlined calls */
	PYINSPECT_NATIVE_NONE,  /* Python frames only */
};

/* What to look at and how to write it; fields are only ever added at the end. */
struct pyinspect_options {
	size_t size; /* sizeof(struct pyinspect_options), set by pyinspect_options_init */
	enum pyinspect_native native;
	bool kernel;            /* kernel frames, where they may be read */
	bool locals;            /* variables of every Python frame */
	size_t max_value_bytes; /* of one value's repr */
	bool no_stop;           /* never stop the target: what runs meanwhile may not be shown */
	pid_t tid;              /* only this thread; 0 = all */
	size_t limit;           /* frames of a thread; 0 = all */
	bool traceback;         /* text: latest call last */
	bool color;             /* text: ANSI colours */
	size_t width;           /* text: columns to cut lines at; 0 = never cut */
	const char *exe;        /* core: the main program's file; NULL: as it was mapped */
	const char *sysroot;    /* core: a copy of the machine's files; NULL: this machine */
	const char *lib_path;   /* core: DIR:DIR, looked into first for modules; NULL */
	bool debuginfod;        /* core: ask $DEBUGINFOD_URLS for modules */
	/* Packed core: called now and then while it is unpacked, with the bytes read and to read.
	 */
	void (*progress)(void *arg, uint64_t done, uint64_t all);
	void *progress_arg;
};
/* Defaults: native AUTO, kernel frames, 1000 bytes a value, everything else off. */
void pyinspect_options_init(struct pyinspect_options *options);

struct pyinspect_report;
/* Looks at a running process. options may be NULL: the defaults. */
struct pyinspect_error *pyinspect_dump_pid(pid_t pid, const struct pyinspect_options *options,
					   struct pyinspect_report **ret);
/* Looks at a core file, packed or not, or a snapshot. */
struct pyinspect_error *pyinspect_dump_file(const char *path,
					    const struct pyinspect_options *options,
					    struct pyinspect_report **ret);
/* Looks at a running process and writes all that a dump of it needs to out, as an ELF core: of
 * options only max_value_bytes and no_stop count. Without with_env the strings of its environment
 * are left out. The status is that of a report with everything in it. Whether out took it all is
 * for the caller to see (ferror, fflush). */
struct pyinspect_error *pyinspect_snapshot_pid(pid_t pid, const struct pyinspect_options *options,
					       bool with_env, FILE *out,
					       enum pyinspect_status *ret);
void pyinspect_report_destroy(struct pyinspect_report *report);
/* PYINSPECT_COMPLETE or PYINSPECT_INCOMPLETE. */
enum pyinspect_status pyinspect_report_status(const struct pyinspect_report *report);

/* Writes the report to out: format is "text" or "json" (one object, schema pyinspect/1, on one
 * line). Whether out took it all is for the caller to see (ferror, fflush). */
struct pyinspect_error *pyinspect_render(const struct pyinspect_report *report, const char *format,
					 const struct pyinspect_options *options, FILE *out);

#endif
