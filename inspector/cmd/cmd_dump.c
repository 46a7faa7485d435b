/* SPDX-License-Identifier: BSD-2-Clause */
/* pyinspect dump: the stacks of running processes, once or again and again, and of snapshots. */
#include "cmd/command.h"
#include "cmd/operand.h"
#include "cmd/output.h"
#include "cmd/processes.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define JSON_VALUE_BYTES 100000u

struct dump {
	const struct pyi_settings *settings;
	struct pyinspect_options options;
	struct pyi_output output;
	size_t written; /* reports so far */
	bool gone;      /* nobody reads the output any more */
	int code;       /* the worst so far */
	/* Of the processes of one round that were only found: how many may not be looked into, and
	 * what was said of the first. */
	size_t forbidden;
	struct pyinspect_error *forbidden_why;
};

static void worsen(struct dump *dump, int code)
{
	if (code > dump->code)
		dump->code = code;
}

static void write_report(struct dump *dump, struct pyinspect_report *report)
{
	FILE *out = dump->output.stream;
	struct pyinspect_error *err;
	struct pyi_error *failed;

	if (!dump->settings->json && dump->written) {
		if (dump->settings->watch_seconds > 0 && dump->options.width)
			fputs("\033[H\033[2J", out);
		else
			putc('\n', out);
	}
	err = pyinspect_render(report, dump->settings->json ? "json" : "text", &dump->options, out);
	if (err) {
		worsen(dump, pyi_complain_public(err));
		return;
	}
	dump->written++;
	worsen(dump, (int)pyinspect_report_status(report));
	failed = pyi_output_flush(&dump->output, &dump->gone);
	if (failed) {
		dump->gone = true;
		worsen(dump, pyi_complain(failed));
	}
}

static void keep_forbidden(struct dump *dump, struct pyinspect_error *err)
{
	if (dump->forbidden++)
		pyinspect_error_destroy(err);
	else
		dump->forbidden_why = err;
}

/* Once for all of them: whether they are Python at all nobody knows. */
static void tell_forbidden(struct dump *dump)
{
	struct pyi_error *err;
	const char *hint;

	if (dump->forbidden == 1) {
		worsen(dump, pyi_complain_public(dump->forbidden_why));
	} else if (dump->forbidden) {
		hint = pyinspect_error_hint(dump->forbidden_why);
		err = pyi_error_create(PYI_ERR_PERMISSION,
				       "%zu processes that match: permission denied",
				       dump->forbidden);
		worsen(dump, pyi_complain(hint ? pyi_error_hint(err, "%s", hint) : err));
		pyinspect_error_destroy(dump->forbidden_why);
	}
	dump->forbidden = 0;
	dump->forbidden_why = NULL;
}

/* asked: the user named this process. One that was only found may be something else than Python,
 * or gone by now. */
static bool dump_process(struct dump *dump, pid_t pid, bool asked)
{
	struct pyinspect_report *report = NULL;
	struct pyinspect_error *err = pyinspect_dump_pid(pid, &dump->options, &report);

	if (err && !asked && pyinspect_error_status(err) == PYINSPECT_NOT_FOUND) {
		if (dump->settings->verbose)
			fprintf(stderr, "pyinspect: left out: %s\n", pyinspect_error_message(err));
		pyinspect_error_destroy(err);
		return false;
	}
	if (err && !asked && pyinspect_error_status(err) == PYINSPECT_PERMISSION) {
		keep_forbidden(dump, err);
		return false;
	}
	if (err) {
		worsen(dump, pyi_complain_public(err));
		return false;
	}
	write_report(dump, report);
	pyinspect_report_destroy(report);
	return true;
}

static bool dump_file(struct dump *dump, const char *path)
{
	struct pyinspect_report *report = NULL;
	struct pyi_error *missing = pyi_operand_check_file(path);
	struct pyinspect_error *err;

	if (missing) {
		worsen(dump, pyi_complain(missing));
		return false;
	}
	err = pyinspect_dump_file(path, &dump->options, &report);
	if (err) {
		worsen(dump, pyi_complain_public(err));
		return false;
	}
	write_report(dump, report);
	pyinspect_report_destroy(report);
	return true;
}

static struct pyi_error *find_processes(const struct pyi_settings *settings, struct pyi_pids *pids)
{
	struct pyi_error *err = NULL;

	for (size_t i = 0; i < settings->n_operands && !err; i++) {
		pid_t pid;

		if (pyi_operand_is_file(settings->operands[i]))
			continue;
		err = pyi_operand_pid(settings->operands[i], &pid);
		if (!err)
			err = pyi_pids_add(pids, pid);
	}
	if (!err && settings->name)
		err = pyi_pids_add_matching(pids, settings->name);
	if (!err && settings->subprocesses)
		err = pyi_pids_add_descendants(pids);
	return err;
}

/* All files and processes once. How many reports that gave. */
static size_t dump_round(struct dump *dump)
{
	const struct pyi_settings *settings = dump->settings;
	struct pyi_pids pids = {0};
	struct pyi_error *err = find_processes(settings, &pids);
	bool first_round = dump->written == 0;
	size_t n = 0;

	if (err) {
		worsen(dump, pyi_complain(err));
		pyi_pids_deinit(&pids);
		return 0;
	}
	for (size_t i = 0; i < settings->n_operands && !dump->gone; i++)
		if (pyi_operand_is_file(settings->operands[i]))
			n += dump_file(dump, settings->operands[i]);
	for (size_t i = 0; i < pids.pids.len && !dump->gone; i++)
		n += dump_process(dump, pids.pids.data[i], first_round && i < settings->n_operands);
	tell_forbidden(dump);
	if (n == 0 && first_round && settings->name && !dump->code)
		worsen(dump, pyi_complain(pyi_error_create(
				     PYI_ERR_NOT_FOUND,
				     "--name %s: no Python process whose command line matches",
				     settings->name)));
	pyi_pids_deinit(&pids);
	return n;
}

/* Waits, but not for a process that has ended. */
static void wait_between(const struct pyi_settings *settings)
{
	int timeout_ms = (int)(settings->watch_seconds * 1000);
	struct pollfd pidfd = {.fd = -1, .events = POLLIN};

	if (settings->n_operands == 1 && !settings->subprocesses)
		pidfd.fd = (int)syscall(SYS_pidfd_open, atoi(settings->operands[0]), 0);
	poll(&pidfd, pidfd.fd >= 0, timeout_ms > 0 ? timeout_ms : 1);
	if (pidfd.fd >= 0)
		close(pidfd.fd);
}

static struct pyi_error *check(const struct pyi_settings *settings)
{
	if (settings->name && settings->n_operands)
		return pyi_error_create(PYI_ERR_USAGE, "give a PID or --name, not both");
	if (!settings->name && !settings->n_operands)
		return pyi_error_create(PYI_ERR_USAGE, "dump: needs a PID or a FILE");
	for (size_t i = 0; i < settings->n_operands; i++)
		if (pyi_operand_is_file(settings->operands[i]) &&
		    (settings->watch_seconds > 0 || settings->subprocesses))
			return pyi_error_create(PYI_ERR_USAGE, "--%s: %s is no process",
						settings->subprocesses ? "subprocesses" : "watch",
						settings->operands[i]);
	return NULL;
}

static int run(const struct pyi_settings *settings)
{
	struct dump dump = {.settings = settings, .options = settings->dump, .output = {.fd = -1}};
	struct pyi_error *err = check(settings);

	if (!err)
		err = pyi_output_init(&dump.output, settings->output);
	if (err) {
		pyi_output_deinit(&dump.output);
		return pyi_complain(err);
	}
	if (settings->json && !settings->locals_bytes_given)
		dump.options.max_value_bytes = JSON_VALUE_BYTES;
	dump.options.color = pyi_color_enabled(settings->color, dump.output.fd);
	dump.options.width = pyi_terminal_width(dump.output.fd);
	while (dump_round(&dump) && settings->watch_seconds > 0 && !dump.gone) {
		pyi_output_keep(&dump.output);
		wait_between(settings);
	}
	if (dump.written && !dump.gone) {
		err = pyi_output_finish(&dump.output);
		if (err)
			worsen(&dump, pyi_complain(err));
	}
	pyi_output_deinit(&dump.output);
	return dump.code;
}

const struct pyi_command pyi_cmd_dump = {
	.name = "dump",
	.usage = "[options] PID|FILE...",
	.summary = "every thread's stack: kernel, native, Python",
	.examples = "  pyinspect 1234                      what every thread is doing\n"
		    "  pyinspect --locals 1234             with the values of variables\n"
		    "  pyinspect --native 1234             with every native frame\n"
		    "  pyinspect --json 1234 | jq .        for programs\n"
		    "  pyinspect app.core                  what a snapshot holds\n"
		    "  pyinspect --watch 2 --name 'gunicorn.*worker'\n",
	.options = PYI_CMD_DUMP,
	.run = run,
};
