/* SPDX-License-Identifier: BSD-2-Clause */
/* pyinspect core: what a core file has of the process that left it. */
#include "cmd/command.h"
#include "cmd/kept_cores.h"
#include "cmd/output.h"
#include "cmd/progress.h"

#include <stdio.h>
#include <stdlib.h>

#define JSON_VALUE_BYTES 100000u

static struct pyi_error *find_last(char **ret)
{
	char *unseen = NULL;
	struct pyi_error *err = pyi_kept_cores_last(pyi_kept_cores_dirs, ret, &unseen);

	if (!err && unseen)
		fprintf(stderr,
			"pyinspect: --last: %s may not be read: a newer core may be there\n",
			unseen);
	free(unseen);
	return err;
}

static struct pyi_error *find_file(const struct pyi_settings *settings, char **ret)
{
	if (settings->last && settings->n_operands)
		return pyi_error_create(PYI_ERR_USAGE, "give a FILE or --last, not both");
	if (settings->last)
		return find_last(ret);
	if (settings->n_operands != 1)
		return pyi_error_create(PYI_ERR_USAGE, "core: needs one FILE, or --last");
	*ret = NULL;
	return NULL;
}

static int show(const struct pyi_settings *settings, const char *path, struct pyi_output *output)
{
	struct pyinspect_options options = settings->dump;
	struct pyi_progress progress = {0};
	struct pyinspect_report *report = NULL;
	struct pyinspect_error *failed;
	int code;

	if (settings->json && !settings->locals_bytes_given)
		options.max_value_bytes = JSON_VALUE_BYTES;
	options.color = pyi_color_enabled(settings->color, output->fd);
	options.width = pyi_terminal_width(output->fd);
	options.progress = pyi_progress_tell;
	options.progress_arg = &progress;
	failed = pyinspect_dump_file(path, &options, &report);
	pyi_progress_end(&progress);
	if (!failed)
		failed = pyinspect_render(report, settings->json ? "json" : "text", &options,
					  output->stream);
	code = failed ? pyi_complain_public(failed) : (int)pyinspect_report_status(report);
	pyinspect_report_destroy(report);
	return code;
}

static int run(const struct pyi_settings *settings)
{
	struct pyi_output output = {.fd = -1};
	struct pyi_error *err;
	char *last = NULL;
	int code;

	err = find_file(settings, &last);
	if (!err)
		err = pyi_output_init(&output, settings->output);
	if (err) {
		free(last);
		pyi_output_deinit(&output);
		return pyi_complain(err);
	}
	code = show(settings, last ? last : settings->operands[0], &output);
	if (code <= PYINSPECT_INCOMPLETE) {
		err = pyi_output_finish(&output);
		if (err)
			code = pyi_complain(err);
	}
	free(last);
	pyi_output_deinit(&output);
	return code;
}

const struct pyi_command pyi_cmd_core = {
	.name = "core",
	.usage = "[options] FILE",
	.summary = "the same of a core file: what every thread did when the process died",
	.examples =
		"  pyinspect core core.1234             plain, .gz, .zst, .lz4, .xz or apport's\n"
		"  pyinspect core --locals core.1234    with the values of variables\n"
		"  pyinspect core --last                the newest that this machine kept\n"
		"  pyinspect core --sysroot /mnt/box core.1234\n"
		"                                       with the files of another machine\n",
	.options = PYI_CMD_CORE,
	.run = run,
};
