/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/output.h"

#include <errno.h>
#include <fcntl.h>
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

static struct {
	int signal;
	bool known;
	struct sigaction before;
} caught[] = {{.signal = SIGINT}, {.signal = SIGTERM}, {.signal = SIGPIPE}};

void pyi_output_catch_signals(void)
{
	for (size_t i = 0; i < sizeof(caught) / sizeof(caught[0]); i++) {
		struct sigaction action = {.sa_handler = end_by_signal};

		/* A closed pipe shows as EPIPE, which is not worth a message. */
		if (caught[i].signal == SIGPIPE)
			action.sa_handler = SIG_IGN;
		caught[i].known = sigaction(caught[i].signal, &action, &caught[i].before) == 0;
	}
}

void pyi_output_restore_signals(void)
{
	for (size_t i = 0; i < sizeof(caught) / sizeof(caught[0]); i++)
		if (caught[i].known)
			sigaction(caught[i].signal, &caught[i].before, NULL);
}

/* As open(2) with 0666 would have made it. */
static void set_mode(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	fchmod(fd, 0666 & ~mask);
}

/* A path that no file can be made at is a wrong word on the command line: exit code 3 would speak
 * of the process. */
static struct pyi_error *cannot_open(const char *path)
{
	static const int wrong_words[] = {ENOENT, ENOTDIR, EISDIR, EROFS, EACCES, EPERM};
	const int failed = errno;

	for (size_t i = 0; i < sizeof(wrong_words) / sizeof(wrong_words[0]); i++)
		if (failed == wrong_words[i])
			return pyi_error_hint(pyi_error_create(PYI_ERR_USAGE, "-o %s: %s", path,
							       strerror(failed)),
					      "no file can be made there");
	return pyi_error_errno(failed, "-o %s", path);
}

/* A file beside path that will replace it. A link stays a link: its target is replaced. */
static struct pyi_error *open_temporary(struct pyi_output *output, const char *path)
{
	output->path = realpath(path, NULL);
	if (!output->path)
		output->path = strdup(path);
	if (!output->path || asprintf(&output->temporary, "%s.XXXXXX", output->path) < 0) {
		output->temporary = NULL;
		return &pyi_enomem;
	}
	output->fd = mkostemp(output->temporary, O_CLOEXEC);
	if (output->fd < 0) {
		struct pyi_error *err = cannot_open(path);

		free(output->temporary);
		output->temporary = NULL;
		return err;
	}
	destination = output->path;
	unfinished = output->temporary;
	set_mode(output->fd);
	return NULL;
}

static struct pyi_error *open_path(struct pyi_output *output, const char *path)
{
	struct stat st;

	if (!path) {
		output->fd = STDOUT_FILENO;
		return NULL;
	}
	if (stat(path, &st) != 0 || S_ISREG(st.st_mode))
		return open_temporary(output, path);
	output->path = strdup(path);
	output->fd = open(path, O_WRONLY | O_CLOEXEC);
	if (output->fd < 0)
		return cannot_open(path);
	return output->path ? NULL : &pyi_enomem;
}

/* stdio forgets why a write failed: this remembers. */
static ssize_t write_out(void *cookie, const char *data, size_t len)
{
	struct pyi_output *output = cookie;
	size_t done = 0;

	while (done < len && !output->failed) {
		ssize_t n = write(output->fd, data + done, len - done);

		if (n > 0)
			done += (size_t)n;
		else if (n == 0 || errno != EINTR)
			output->failed = n == 0 ? EIO : errno;
	}
	return (ssize_t)done;
}

struct pyi_error *pyi_output_init(struct pyi_output *output, const char *path)
{
	cookie_io_functions_t functions = {.write = write_out};
	struct pyi_error *err;

	*output = (struct pyi_output){.fd = -1};
	err = open_path(output, path);
	if (err)
		return err;
	output->stream = fopencookie(output, "w", functions);
	if (!output->stream)
		return &pyi_enomem;
	setvbuf(output->stream, NULL, _IOFBF, 1 << 16);
	return NULL;
}

void pyi_output_keep(struct pyi_output *output)
{
	keep = 1;
}

struct pyi_error *pyi_output_flush(struct pyi_output *output, bool *gone)
{
	fflush(output->stream);
	*gone = output->failed == EPIPE;
	if (!output->failed || *gone)
		return NULL;
	return pyi_error_errno(output->failed, "%s",
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
	if (output->stream)
		fclose(output->stream);
	if (output->fd > STDOUT_FILENO)
		close(output->fd);
	destination = NULL;
	free(output->temporary);
	free(output->path);
}
