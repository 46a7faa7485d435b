/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/render_death.h"

#include "report/registers.h"

#include <inttypes.h>
#include <string.h>

#define REGISTERS_A_LINE 3
#define SHOWN_REGISTERS  18 /* the segments and bases are in JSON only */

void pyi_render_signal(struct pyi_line *line, const struct pyi_report *report)
{
	const struct pyi_report_signal *signal = &report->signal;

	if (!signal->number)
		return;
	pyi_line_printf(line, PYI_STYLE_WARN, "Died by %s", signal->name);
	if (signal->code)
		pyi_line_printf(line, PYI_STYLE_WARN, " (%s)", signal->code);
	if (signal->has_address)
		pyi_line_printf(line, PYI_STYLE_WARN, " at 0x%" PRIx64, signal->address);
	if (signal->place)
		pyi_line_printf(line, PYI_STYLE_WARN, ": %s", signal->place);
	if (signal->has_sender && signal->sender == report->pid)
		pyi_line_put(line, PYI_STYLE_WARN, ", sent by itself");
	else if (signal->has_sender && signal->sender)
		pyi_line_printf(line, PYI_STYLE_WARN, ", sent by process %d of user %u",
				(int)signal->sender, (unsigned)signal->sender_uid);
	else if (signal->has_sender)
		pyi_line_printf(line, PYI_STYLE_WARN, ", sent from outside by user %u",
				(unsigned)signal->sender_uid);
	pyi_line_end(line);
	if (*report->time)
		pyi_line_printf(line, PYI_STYLE_PLAIN, "At %s", report->time);
	if (report->uid >= 0)
		pyi_line_printf(line, PYI_STYLE_PLAIN, "%s user %" PRId64,
				*report->time ? "," : "Of", report->uid);
	if (*report->time || report->uid >= 0)
		pyi_line_end(line);
}

static void render_item(struct pyi_line *line, const struct pyi_exception_item *item)
{
	pyi_line_put(line, PYI_STYLE_WARN, item->type ? item->type : "?");
	if (item->message && *item->message)
		pyi_line_printf(line, PYI_STYLE_PLAIN, ": %s", item->message);
	else if (!item->message && item->args)
		pyi_line_printf(line, PYI_STYLE_PLAIN, " with arguments %s", item->args);
	if (item->truncated)
		pyi_line_put(line, PYI_STYLE_DIM, " [cut]");
	if (item->file)
		pyi_line_printf(line, PYI_STYLE_DIM, " (%s:%d)", item->file, item->line);
	pyi_line_end(line);
}

void pyi_render_exception(struct pyi_line *line, const struct pyi_exception *exception)
{
	if (exception->state == PYI_EXCEPTION_NONE)
		return;
	pyi_line_put(line, PYI_STYLE_HEAD,
		     exception->state == PYI_EXCEPTION_RAISED ? "  Raising " : "  Handling ");
	pyi_vec_for_each (item, &exception->items) {
		if (item->link)
			pyi_line_put(line, PYI_STYLE_PLAIN,
				     strcmp(item->link, "cause") == 0 ? "    caused by "
								      : "    while handling ");
		render_item(line, item);
	}
	if (exception->cut) {
		pyi_line_put(line, PYI_STYLE_DIM, "    ... and more");
		pyi_line_end(line);
	}
}

static void render_code(struct pyi_line *line, const struct pyi_report_thread *thread)
{
	for (size_t i = 0; i < thread->n_code; i++) {
		const struct pyi_report_insn *insn = &thread->code[i];

		pyi_line_printf(line, PYI_STYLE_PLAIN, "  %s 0x%" PRIx64 "  ", i ? "  " : "=>",
				insn->addr);
		for (size_t b = 0; b < insn->n_bytes; b++)
			pyi_line_printf(line, PYI_STYLE_DIM, "%02x", insn->bytes[b]);
		if (insn->text) {
			pyi_line_pad(line, 44, 2);
			pyi_line_put(line, PYI_STYLE_PLAIN, insn->text);
		}
		pyi_line_end(line);
	}
}

void pyi_render_registers(struct pyi_line *line, const struct pyi_report_thread *thread)
{
	if (!thread->crashed || !thread->have_regs)
		return;
	for (size_t i = 0; i < SHOWN_REGISTERS; i++) {
		const struct pyi_register *reg = &pyi_registers[i];
		uint64_t value;

		memcpy(&value, (const char *)&thread->regs + reg->offset, sizeof(value));
		pyi_line_printf(line, PYI_STYLE_DIM, "%s%-3.3s", i % REGISTERS_A_LINE ? "  " : "  ",
				reg->name);
		pyi_line_printf(line, PYI_STYLE_PLAIN, " %016" PRIx64, value);
		if ((i + 1) % REGISTERS_A_LINE == 0)
			pyi_line_end(line);
	}
	render_code(line, thread);
}

void pyi_render_modules(struct pyi_line *line, const struct pyi_report *report)
{
	if (!report->signal.number || !report->n_modules)
		return;
	pyi_line_end(line);
	pyi_line_put(line, PYI_STYLE_HEAD, "Modules:");
	pyi_line_end(line);
	for (size_t i = 0; i < report->n_modules; i++) {
		const struct pyi_report_module *module = &report->modules[i];
		bool ok = strcmp(module->status, "ok") == 0;

		pyi_line_printf(line, PYI_STYLE_PLAIN, "  %s", module->path);
		if (*module->build_id)
			pyi_line_printf(line, PYI_STYLE_DIM, "  %s", module->build_id);
		if (!ok)
			pyi_line_printf(line, PYI_STYLE_WARN, "  %s", module->status);
		pyi_line_end(line);
	}
}
