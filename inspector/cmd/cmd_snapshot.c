/* SPDX-License-Identifier: BSD-2-Clause */
/* pyinspect snapshot: what a dump of a process needs, kept in a file. */
#include "cmd/command.h"
#include "cmd/operand.h"
#include "cmd/output.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

/* What dump --json shows of a value when no other limit is given. */
#define DEFAULT_VALUE_BYTES 100000u

static struct pyi_error *check(const struct pyi_settings *settings, pid_t *pid)
{
	if (settings->n_operands != 1)
		return pyi_error_create(PYI_ERR_USAGE, "snapshot: needs one PID");
	if (!settings->output)
		return pyi_error_create(PYI_ERR_USAGE, "snapshot: needs -o FILE");
	if (pyi_operand_is_file(settings->operands[0]))
		return pyi_error_create(PYI_ERR_USAGE, "snapshot: %s is no process id",
					settings->operands[0]);
	return pyi_operand_pid(settings->operands[0], pid);
}

static int save(const struct pyi_settings *settings, pid_t pid, struct pyi_output *output)
{
	struct pyinspect_options options = settings->dump;
	enum pyinspect_status status = PYINSPECT_INTERNAL;
	struct pyinspect_error *failed;
	struct pyi_error *err;

	if (!settings->locals_bytes_given)
		options.max_value_bytes = DEFAULT_VALUE_BYTES;
	failed = pyinspect_snapshot_pid(pid, &options, settings->with_env, output->stream, &status);
	if (failed)
		return pyi_complain_public(failed);
	err = pyi_output_finish(output);
	return err ? pyi_complain(err) : (int)status;
}

static int run(const struct pyi_settings *settings)
{
	struct pyi_output output = {.fd = -1};
	pid_t pid = 0;
	struct pyi_error *err = check(settings, &pid);
	int code;

	if (!err)
		err = pyi_output_init(&output, settings->output);
	/* A process's memory is its owner's affair, as with cores. */
	if (!err && output.temporary && fchmod(output.fd, 0600) != 0)
		err = pyi_error_errno(errno, "%s", settings->output);
	code = err ? pyi_complain(err) : save(settings, pid, &output);
	pyi_output_deinit(&output);
	return code;
}

const struct pyi_command pyi_cmd_snapshot = {
	.name = "snapshot",
	.usage = "[options] PID -o FILE",
	.summary = "keep all that a dump of a process needs, to look at it later or elsewhere",
	.examples =
		"  pyinspect snapshot 1234 -o app.core  an ELF core of a few hundred KiB\n"
		"  pyinspect app.core                   shows it, on any machine\n"
		"  pyinspect --json --locals app.core   with everything else that dump can show\n",
	.options = PYI_CMD_SNAPSHOT,
	.run = run,
};
