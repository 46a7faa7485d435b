/* SPDX-License-Identifier: BSD-2-Clause */
/* pyinspect maps: the address space of one process, and what is at one address. */
#include "cmd/command.h"
#include "cmd/operand.h"
#include "cmd/output.h"
#include "report/render_maps.h"

static struct pyi_error *write_maps(const struct pyi_settings *settings, struct pyi_output *output,
				    const struct pyi_addrspace *space,
				    const struct pyi_whereis *where)
{
	const struct pyi_maps_options options = {
		.all = settings->all || settings->verbose,
		.color = pyi_color_enabled(settings->color, output->fd),
		.width = pyi_terminal_width(output->fd),
	};

	if (settings->json)
		return pyi_render_maps_json(space, where, output->stream);
	return pyi_render_maps_text(space, where, &options, output->stream);
}

static struct pyi_error *show(const struct pyi_settings *settings, struct pyi_target *target,
			      const struct pyi_addrspace *space)
{
	struct pyi_output output = {.fd = -1};
	struct pyi_whereis where = {.addr = settings->address};
	struct pyi_error *err = NULL;

	if (settings->address_given)
		err = pyi_whereis(target, space, settings->address, &where);
	if (!err)
		err = pyi_output_init(&output, settings->output);
	if (!err)
		err = write_maps(settings, &output, space, settings->address_given ? &where : NULL);
	if (!err)
		err = pyi_output_finish(&output);
	pyi_output_deinit(&output);
	pyi_whereis_deinit(&where);
	return err;
}

static int run(const struct pyi_settings *settings)
{
	const struct pyi_addrspace_options options = {.no_stop = settings->dump.no_stop};
	struct pyi_target *target = NULL;
	struct pyi_addrspace *space = NULL;
	bool incomplete = false;
	const char *operand = settings->n_operands == 1 ? settings->operands[0] : NULL;
	struct pyi_error *err = NULL;

	if (!operand)
		err = pyi_error_create(PYI_ERR_USAGE, "maps: needs one PID or FILE");
	if (!err)
		err = pyi_operand_open(operand, &target);
	if (!err)
		err = pyi_error_wrap(pyi_addrspace_collect(target, &options, &space), "%s%s",
				     pyi_operand_is_file(operand) ? "" : "process ", operand);
	if (!err) {
		incomplete = space->incomplete;
		err = show(settings, target, space);
	}
	pyi_addrspace_destroy(space);
	pyi_target_close(target);
	return err ? pyi_complain(err) : incomplete;
}

const struct pyi_command pyi_cmd_maps = {
	.name = "maps",
	.usage = "[options] PID|FILE",
	.summary = "the address space: what lies where, and how much of it is in memory",
	.examples = "  pyinspect maps 1234                       what uses the memory, and where\n"
		    "  pyinspect maps --all 1234                 every mapping on its own\n"
		    "  pyinspect maps --address 0x7f5c1200 1234  what is at that address\n"
		    "  pyinspect maps app.core                   what was where; how much of it "
		    "the file has\n"
		    "  pyinspect maps --json 1234 | jq .roles    for programs\n",
	.options = PYI_CMD_MAPS,
	.run = run,
};
