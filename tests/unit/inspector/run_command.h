/* SPDX-License-Identifier: BSD-2-Clause */
/* A subcommand as the program runs it: its exit code, what it wrote, what it complained of. */
#ifndef TESTS_RUN_COMMAND_H
#define TESTS_RUN_COMMAND_H

#include "cmd/command.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct run_command {
	int code;
	char out[16384], err[16384]; /* cut to that */
};

/* In place of the program's own, which end in the same codes. */
int pyi_complain(struct pyi_error *err)
{
	int code = err->code == PYI_ERR_USAGE        ? 2
		   : err->code == PYI_ERR_NOT_FOUND  ? 3
		   : err->code == PYI_ERR_PERMISSION ? 4
						     : 5;

	fprintf(stderr, "pyinspect: %s\n", err->message);
	pyi_error_destroy(err);
	return code;
}

int pyi_complain_public(struct pyinspect_error *err)
{
	int code = (int)pyinspect_error_status(err);

	fprintf(stderr, "pyinspect: %s\n", pyinspect_error_message(err));
	pyinspect_error_destroy(err);
	return code;
}

static inline int run_command_catch(int fd, int *old)
{
	int file = memfd_create("stream", MFD_CLOEXEC);

	assert(file >= 0);
	fflush(NULL);
	*old = dup(fd);
	dup2(file, fd);
	return file;
}

static inline void run_command_read(int fd, int old, int file, char *text, size_t size)
{
	ssize_t n;

	fflush(NULL);
	dup2(old, fd);
	close(old);
	n = pread(file, text, size - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	close(file);
}

/* words, ended by NULL: what follows the command's name. */
static inline struct run_command run_command(const struct pyi_command *command,
					     const char *const *words)
{
	struct run_command ret = {.code = -1};
	struct pyi_settings settings;
	int n = 0, out, err, old_out, old_err;
	char **argv;
	struct pyi_error *failed;

	while (words[n])
		n++;
	argv = calloc((size_t)n + 1, sizeof(*argv));
	assert(argv);
	for (int i = 0; i < n; i++)
		argv[i] = (char *)words[i];
	out = run_command_catch(STDOUT_FILENO, &old_out);
	err = run_command_catch(STDERR_FILENO, &old_err);
	failed = pyi_options_parse(n, argv, command->options, &settings);
	ret.code = failed ? pyi_complain(failed) : command->run(&settings);
	run_command_read(STDOUT_FILENO, old_out, out, ret.out, sizeof(ret.out));
	run_command_read(STDERR_FILENO, old_err, err, ret.err, sizeof(ret.err));
	free(argv);
	return ret;
}

#define RUN_COMMAND(command, ...) run_command(command, (const char *const[]){__VA_ARGS__, NULL})

#endif
