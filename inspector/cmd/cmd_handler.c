/* SPDX-License-Identifier: BSD-2-Clause */
/* pyinspect handler: what the kernel calls when a process crashes, and how it comes to do so. */
#include "cmd/command.h"
#include "cmd/crash.h"
#include "cmd/handler.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Behind the options: what handle takes. */
#define ARGUMENTS  " %P %I %s %t %c %d"
#define PIPE_LIMIT 16 /* crashes that wait at a time; what comes beyond them is not looked at */

static const char *directory(const struct pyi_settings *settings)
{
	return settings->output ? settings->output : PYI_CRASH_DIR;
}

/* The kernel leaves us without standard output and error: a file that we open must not become
 * them. */
static void fill_standard_files(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

static struct pyi_error *parse(const struct pyi_settings *settings, struct pyi_handler *handler)
{
	struct pyi_core_values *v = &handler->values;
	long *const to[] = {&v->pid, &v->tid, &v->signal, &v->time, &v->limit, &v->dumpable};
	size_t n = sizeof(to) / sizeof(to[0]);

	if (settings->n_operands != n)
		return pyi_error_create(PYI_ERR_USAGE,
					"handler: needs --install, --status or --remove");
	for (size_t i = 0; i < n; i++) {
		char *end;

		errno = 0;
		*to[i] = (long)strtoul(settings->operands[i], &end, 10);
		if (*end || end == settings->operands[i] || errno || (i < 3 && *to[i] <= 0))
			return pyi_error_create(PYI_ERR_USAGE, "handler: argument %zu is no number",
						i + 1);
	}
	if (v->pid > INT_MAX || v->tid > INT_MAX || v->signal > 64)
		return pyi_error_create(PYI_ERR_USAGE, "handler: no process can be that");
	return NULL;
}

/* Exit code 0 whatever happened: the kernel only wants its core taken. */
static int handle(const struct pyi_settings *settings)
{
	struct pyi_handler handler = {.dir = directory(settings), .limits = settings->crash_limits};
	struct pyi_error *err = parse(settings, &handler);

	if (err)
		return pyi_complain(err);
	fill_standard_files();
	pyi_handler_handle(&handler);
	return 0;
}

static void show(const char *what, const struct pyi_core_pattern *pattern)
{
	printf("%s core_pattern: %s\n%*s core_pipe_limit: %u\n", what, pattern->pattern,
	       (int)strlen(what), "", pattern->pipe_limit);
}

static struct pyi_error *make_pattern(const struct pyi_settings *settings,
				      struct pyi_core_pattern *ret)
{
	const struct pyi_crash_limits *limits = &settings->crash_limits;
	struct pyi_crash_limits usual = PYI_CRASH_LIMITS_DEFAULT;
	char exe[PATH_MAX], text[2 * PATH_MAX], more[96] = "";
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	if (n <= 0)
		return pyi_error_errno(errno, "cannot find this program");
	exe[n] = '\0';
	if (limits->number != usual.number)
		snprintf(more, sizeof(more), " --keep=%u", limits->number);
	if (limits->size_mb != usual.size_mb)
		snprintf(more + strlen(more), sizeof(more) - strlen(more), " --keep-mb=%u",
			 limits->size_mb);
	if (limits->a_minute != usual.a_minute)
		snprintf(more + strlen(more), sizeof(more) - strlen(more), " --rate=%u",
			 limits->a_minute);
	if (strpbrk(exe, " %\n") || (settings->output && strpbrk(settings->output, " %\n")))
		return pyi_error_create(PYI_ERR_USAGE,
					"handler: a core_pattern cannot name a path with a space "
					"or a percent sign");
	if (settings->output && settings->output[0] != '/')
		return pyi_error_create(PYI_ERR_USAGE, "handler: %s: needs an absolute path",
					settings->output);
	n = snprintf(text, sizeof(text), "|%s handler%s%s%s%s", exe, more,
		     settings->output ? " -o " : "", settings->output ? settings->output : "",
		     ARGUMENTS);
	if (n >= (ssize_t)sizeof(ret->pattern))
		return pyi_error_create(PYI_ERR_USAGE,
					"handler: the core_pattern would be too long (%zd of %zu "
					"bytes): use a shorter path",
					n, sizeof(ret->pattern) - 1);
	memcpy(ret->pattern, text, (size_t)n + 1);
	return NULL;
}

static struct pyi_error *install(const struct pyi_settings *settings)
{
	struct pyi_core_pattern before, now;
	int dir;
	struct pyi_error *err = make_pattern(settings, &now);

	if (!err)
		err = pyi_core_pattern_read(&before);
	if (!err)
		err = pyi_crash_dir_open(directory(settings), &dir);
	if (err)
		return err;
	close(dir);
	now.pipe_limit = before.pipe_limit ? before.pipe_limit : PIPE_LIMIT;
	if (pyi_core_pattern_is_ours(&before))
		err = pyi_core_pattern_saved(&before);
	else
		err = pyi_core_pattern_save(&before);
	if (!err)
		err = pyi_core_pattern_write(&now);
	if (err)
		return err;
	show("before:", &before);
	show("now:", &now);
	printf("crashes: %s\n", directory(settings));
	return NULL;
}

static struct pyi_error *uninstall(void)
{
	struct pyi_core_pattern now, before;
	struct pyi_error *err = pyi_core_pattern_read(&now);

	if (!err && !pyi_core_pattern_is_ours(&now))
		return pyi_error_create(PYI_ERR_NOT_FOUND,
					"handler: is not installed: nothing was changed");
	if (!err)
		err = pyi_core_pattern_saved(&before);
	if (!err)
		err = pyi_core_pattern_write(&before);
	if (err)
		return err;
	pyi_core_pattern_forget();
	show("now:", &before);
	return NULL;
}

static struct pyi_error *status(void)
{
	struct pyi_core_pattern now, before;
	struct pyi_error *err = pyi_core_pattern_read(&now);

	if (err)
		return err;
	printf("handler: %s\n", pyi_core_pattern_is_ours(&now) ? "installed" : "not installed");
	show("now:", &now);
	err = pyi_core_pattern_saved(&before);
	if (!err)
		show("before:", &before);
	pyi_error_destroy(err);
	return NULL;
}

static int run(const struct pyi_settings *settings)
{
	struct pyi_error *err = NULL;

	if (settings->install)
		err = install(settings);
	else if (settings->remove)
		err = uninstall();
	else if (settings->status)
		err = status();
	else
		return handle(settings);
	return err ? pyi_complain(err) : 0;
}

const struct pyi_command pyi_cmd_handler = {
	.name = "handler",
	.usage = "[options] --install|--status|--remove",
	.summary = "have the kernel call pyinspect for every process that crashes",
	.examples =
		"  sudo pyinspect handler --install   every crash of a Python is kept from now on\n"
		"  pyinspect handler --status         what is installed, what was there before\n"
		"  sudo pyinspect handler --remove    puts back what was there before\n"
		"\n"
		"A crash is kept as a report (text and JSON) and a snapshot in " PYI_CRASH_DIR ",\n"
		"readable by root only. Cores are passed on to the handler that was there before;\n"
		"a pattern that named a file gets none while the handler is installed.\n",
	.options = PYI_CMD_HANDLER,
	.run = run,
};
