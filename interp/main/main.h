/* SPDX-License-Identifier: BSD-2-Clause */
/* What main's files share. Exit statuses are those of the process. */
#ifndef MINIPY_MAIN_MAIN_H
#define MINIPY_MAIN_MAIN_H

#include "core/object.h"

#define MINIPY_VERSION_NUMBER "0.1.0"
#define MINIPY_VERSION        "minipy " MINIPY_VERSION_NUMBER " (Python 3.11 language)"

/* The pending exception: prints it, or takes SystemExit's status. */
int main_report_error(void);
/* Ends the process as SIGINT would, after an uncaught KeyboardInterrupt. */
int main_interrupted(void);
/* Reads and runs statements until the end of the input. */
int repl_run(PyObject *globals);
/* Prints the instructions of a source file and of all functions in it. */
int dis_file(const char *path);

#endif
