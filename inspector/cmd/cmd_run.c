/* SPDX-License-Identifier: BSD-2-Clause */
/* pyinspect run: a command, and a report of every process of it that dies by a signal. */
#include "cmd/command.h"
#include "cmd/supervise.h"
#include "report/render.h"
#include "report/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct run {
	const struct pyi_settings *settings;
	int dir; /* of -o; -1 without */
};

/* What is no Python gets one line. */
static void say_why_not(const struct pyi_crash *crash, struct pyi_error *err)
{
	fprintf(stderr, "pyinspect: process %d died by %s: %s\n", (int)crash->pid,
		pyi_signal_name(crash->death.signal), err->message);
	pyi_error_destroy(err);
}

static void on_crash(void *arg, const struct pyi_crash *crash)
{
	const struct run *run = arg;
	struct pyi_crash_report made;
	struct pyi_render_options options = {
		.color = pyi_color_enabled(run->settings->color, STDERR_FILENO),
		.width = pyi_terminal_width(STDERR_FILENO),
	};
	struct pyi_error *err = pyi_crash_collect(crash, &made);
	char *name = NULL;

	if (err) {
		say_why_not(crash, err);
		return;
	}
	pyi_error_destroy(pyi_render_text.render(made.report, &options, stderr));
	if (run->dir >= 0) {
		err = pyi_crash_keep(&made, run->dir, &name);
		if (err)
			pyi_complain(err);
		else
			fprintf(stderr, "pyinspect: kept as %s/%s.txt, .json, .core\n",
				run->settings->output, name);
		free(name);
	}
	fflush(stderr);
	pyi_crash_report_deinit(&made);
}

static void on_kill(void *arg, pid_t pid)
{
	fprintf(stderr, "pyinspect: process %d was killed by SIGKILL: nothing is left to look at\n",
		(int)pid);
}

static struct pyi_error *open_dir(const char *path, int *ret)
{
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return pyi_error_errno(errno, "%s", path);
	*ret = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *ret < 0 ? pyi_error_errno(errno, "%s", path) : NULL;
}

static int run_command(const struct pyi_settings *settings)
{
	struct run run = {.settings = settings, .dir = -1};
	struct pyi_supervisor supervisor = {on_crash, on_kill, &run};
	struct pyi_error *err = NULL;
	int status = 0;

	if (!settings->dashes || settings->n_before_dashes || !settings->n_operands)
		err = pyi_error_create(PYI_ERR_USAGE, "run: needs -- and a command");
	else if (settings->output)
		err = open_dir(settings->output, &run.dir);
	if (!err)
		err = pyi_supervise(&supervisor, settings->operands, &status);
	if (run.dir >= 0)
		close(run.dir);
	return err ? pyi_complain(err) : status;
}

const struct pyi_command pyi_cmd_run = {
	.name = "run",
	.usage = "[options] -- COMMAND...",
	.summary = "run a command; when it, or a child, dies by a signal, say where and why",
	.examples =
		"  pyinspect run -- python3 app.py             its output and exit status are its "
		"own\n"
		"  pyinspect run -o crashes -- pytest -n 8     keeps report and snapshot of each\n"
		"\n"
		"Everything that the command starts is traced: it runs at full speed, but no "
		"other\n"
		"debugger can trace it, and programs that change the user (sudo) do not do so "
		"unless\n"
		"pyinspect is run by root. When pyinspect is killed the command runs on.\n",
	.options = PYI_CMD_RUN,
	.run = run_command,
};
