/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/output.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What the signal handler may touch: set while a temporary file exists. */
static char *volatile unfinished, *volatile destination;
static volatile sig_atomic_t keep;

static void end_by_signal(int signal)
{
	if (unfinished && keep)
		rename(unfinished, destination);
	else if (unfinished)
		unlink(unfinished);
	_exit(128 + signal);
}

void pyi_output_catch_signals(void)
{
	struct sigaction action = {.sa_handler = end_by_signal};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	/* A closed pipe shows as EPIPE, which is not worth a message. */
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
}

/* As open(2) with 0666 would have made it. */
static void set_mode(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	fchmod(fd, 0666 & ~mask);
}

/* A file beside path that will replace it. A link stays a link: its target is replaced. */
static struct pyi_error *open_temporary(const char *path, struct pyi_output *output)
{
	int fd;

	output->path = realpath(path, NULL);
	if (!output->path)
		output->path = strdup(path);
	if (!output->path || asprintf(&output->temporary, "%s.XXXXXX", output->path) < 0) {
		output->temporary = NULL;
		return &pyi_enomem;
	}
	fd = mkstemp(output->temporary);
	if (fd < 0) {
		struct pyi_error *err = pyi_error_errno(errno, "%s", path);

		free(output->temporary);
		output->temporary = NULL;
		return err;
	}
	destination = output->path;
	unfinished = output->temporary;
	set_mode(fd);
	output->stream = fdopen(fd, "w");
	if (!output->stream) {
		close(fd);
		return &pyi_enomem;
	}
	return NULL;
}

struct pyi_error *pyi_output_open(const char *path, struct pyi_output *ret)
{
	struct pyi_output output = {.stream = stdout};
	struct pyi_error *err = NULL;
	struct stat st;

	if (path && stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		return pyi_error_errno(EISDIR, "%s", path);
	} else if (path && stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		output.path = strdup(path);
		output.stream = fopen(path, "we");
		if (!output.stream)
			err = pyi_error_errno(errno, "%s", path);
	} else if (path) {
		err = open_temporary(path, &output);
	}
	if (err) {
		output.stream = NULL;
		pyi_output_deinit(&output);
		return err;
	}
	*ret = output;
	return NULL;
}

void pyi_output_keep(struct pyi_output *output)
{
	keep = 1;
}

struct pyi_error *pyi_output_flush(struct pyi_output *output, bool *gone)
{
	int failed;

	*gone = false;
	errno = 0;
	failed = fflush(output->stream);
	if (!failed && !ferror(output->stream))
		return NULL;
	*gone = errno == EPIPE;
	if (*gone)
		return NULL;
	return pyi_error_errno(errno ? errno : EIO, "%s",
			       output->path ? output->path : "standard output");
}

struct pyi_error *pyi_output_finish(struct pyi_output *output)
{
	bool gone;
	struct pyi_error *err = pyi_output_flush(output, &gone);

	if (err || !output->temporary)
		return err;
	if (rename(output->temporary, output->path) != 0)
		return pyi_error_errno(errno, "%s", output->path);
	unfinished = NULL;
	free(output->temporary);
	output->temporary = NULL;
	return NULL;
}

void pyi_output_deinit(struct pyi_output *output)
{
	if (output->temporary) {
		unlink(output->temporary);
		unfinished = NULL;
	}
	if (output->path && output->stream)
		fclose(output->stream);
	destination = NULL;
	free(output->temporary);
	free(output->path);
}
