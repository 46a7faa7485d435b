/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Schema "pyinspect/1": every field is always there, null when unknown. One object on one line,
 * ASCII only, so that no text of a target reaches a screen as more than itself. A thread is
 * built, written and freed before the next: memory follows the largest thread, not the sum.
 */
#include "report/json_out.h"
#include "report/registers.h"
#include "report/render.h"

#include <string.h>

static json_t *positive_or_null(int64_t value)
{
	return value > 0 ? json_integer(value) : json_null();
}

static json_t *index_or_null(int64_t value)
{
	return value >= 0 ? json_integer(value) : json_null();
}

static json_t *locals_json(const struct pyi_report_local *locals, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++) {
		const struct pyi_report_local *local = &locals[i];

		json_array_append_new(
			list, json_pack("{so so so so sb so}", "name", pyi_json_string(local->name),
					"kind", pyi_json_string(local->kind), "type",
					pyi_json_string(local->type), "repr",
					pyi_json_string(local->repr), "truncated", local->truncated,
					"fields", locals_json(local->fields, local->n_fields)));
	}
	return list;
}

static json_t *frame_json(const struct pyi_report_frame *frame)
{
	json_t *json = json_pack("{ss so}", "kind", pyi_frame_kind_name(frame->kind), "function",
				 pyi_json_string(frame->function));

	if (frame->kind == PYI_FRAME_NATIVE) {
		json_object_set_new(json, "module", pyi_json_string(frame->module));
		json_object_set_new(json, "pc", pyi_json_hex(frame->pc));
		json_object_set_new(json, "file", pyi_json_string(frame->file));
		json_object_set_new(json, "line", positive_or_null(frame->line));
		json_object_set_new(json, "inlined", json_boolean(frame->inlined));
		json_object_set_new(json, "plumbing", json_boolean(frame->plumbing));
	} else if (frame->kind == PYI_FRAME_PYTHON) {
		json_object_set_new(json, "name", pyi_json_string(frame->name));
		json_object_set_new(json, "file", pyi_json_string(frame->file));
		json_object_set_new(json, "line", positive_or_null(frame->line));
		json_object_set_new(json, "column", positive_or_null(frame->column));
		json_object_set_new(json, "source", pyi_json_string(frame->source));
		json_object_set_new(json, "runtime", json_integer(frame->runtime));
		json_object_set_new(json, "interpreter", json_integer(frame->interpreter));
		if (frame->has_locals)
			json_object_set_new(json, "locals",
					    locals_json(frame->locals, frame->n_locals));
	}
	return json;
}

static json_t *syscall_json(const struct pyi_report_thread *thread)
{
	json_t *args = json_array();

	if (!thread->in_syscall) {
		json_decref(args);
		return json_null();
	}
	for (int i = 0; i < thread->syscall_n_args && i < 6; i++)
		json_array_append_new(args, pyi_json_hex(thread->syscall_args[i]));
	return json_pack("{so so}", "name",
			 thread->syscall ? json_string(thread->syscall)
					 : json_sprintf("%ld", thread->syscall_nr),
			 "args", args);
}

static json_t *wait_json(const struct pyi_report_thread *thread)
{
	if (!thread->wait_kind)
		return json_null();
	return json_pack("{ss so so}", "kind", thread->wait_kind, "text",
			 pyi_json_string(thread->wait_text), "owner_tid",
			 positive_or_null(thread->wait_owner));
}

static json_t *exception_item_json(const struct pyi_exception_item *item)
{
	json_t *link = item->link ? json_string(item->link) : json_null();

	return json_pack("{so so so sb so so so}", "type", pyi_json_string(item->type), "message",
			 pyi_json_string(item->message), "args", pyi_json_string(item->args),
			 "truncated", item->truncated, "link", link, "file",
			 pyi_json_string(item->file), "line", positive_or_null(item->line));
}

/* What is raised or handled, with what led to it in "chain". */
static json_t *exception_json(const struct pyi_exception *exception)
{
	const char *state = exception->state == PYI_EXCEPTION_RAISED ? "raised" : "handled";
	json_t *chain = json_array(), *json;

	if (exception->state == PYI_EXCEPTION_NONE) {
		json_decref(chain);
		return json_null();
	}
	for (size_t i = 1; i < exception->items.len; i++)
		json_array_append_new(chain, exception_item_json(&exception->items.data[i]));
	json = exception_item_json(&exception->items.data[0]);
	json_object_del(json, "link");
	json_object_set_new(json, "state", json_string(state));
	json_object_set_new(json, "chain", chain);
	json_object_set_new(json, "chain_cut", json_boolean(exception->cut));
	return json;
}

static json_t *registers_json(const struct pyi_report_thread *thread)
{
	json_t *json = json_object();

	for (size_t i = 0; thread->have_regs && pyi_registers[i].name; i++) {
		uint64_t value;

		memcpy(&value, (const char *)&thread->regs + pyi_registers[i].offset,
		       sizeof(value));
		json_object_set_new(json, pyi_registers[i].name, pyi_json_hex(value));
	}
	return json;
}

static json_t *code_json(const struct pyi_report_thread *thread)
{
	json_t *list = thread->n_code ? json_array() : json_null();

	for (size_t i = 0; i < thread->n_code; i++) {
		const struct pyi_report_insn *insn = &thread->code[i];
		char bytes[2 * sizeof(insn->bytes) + 1] = "";

		for (size_t b = 0; b < insn->n_bytes; b++)
			sprintf(bytes + 2 * b, "%02x", insn->bytes[b]);
		json_array_append_new(list, json_pack("{so ss so}", "address",
						      pyi_json_hex(insn->addr), "bytes", bytes,
						      "text", pyi_json_string(insn->text)));
	}
	return list;
}

static json_t *signal_json(const struct pyi_report_signal *signal)
{
	json_t *sender = json_null();

	if (!signal->number)
		return json_null();
	if (signal->has_sender)
		sender = json_pack("{si sI}", "pid", (int)signal->sender, "uid",
				   (json_int_t)signal->sender_uid);
	return json_pack("{si ss so so so so so}", "number", signal->number, "name", signal->name,
			 "code", pyi_json_string(signal->code), "address",
			 signal->has_address ? pyi_json_hex(signal->address) : json_null(), "place",
			 pyi_json_string(signal->place), "sender", sender, "tid",
			 positive_or_null(signal->tid));
}

static json_t *thread_json(const struct pyi_report_thread *thread)
{
	char state[2] = {thread->state, '\0'};
	json_t *frames = json_array();

	for (size_t i = 0; i < thread->n_frames; i++)
		json_array_append_new(frames, frame_json(&thread->frames[i]));
	return json_pack("{si so so sb so so ss ss sb so so so so so ss ss so}", "tid",
			 (int)thread->tid, "name", pyi_json_string(thread->name), "comm",
			 pyi_json_string(thread->comm), "main", thread->main, "runtime",
			 index_or_null(thread->runtime), "interpreter",
			 index_or_null(thread->interpreter), "state", state, "gil",
			 pyi_gil_name(thread->gil), "crashed", thread->crashed, "syscall",
			 syscall_json(thread), "waits_for", wait_json(thread), "exception",
			 exception_json(&thread->exception), "registers", registers_json(thread),
			 "code", code_json(thread), "merge", pyi_merge_name(thread->merge), "end",
			 pyi_end_name(thread->end), "frames", frames);
}

static json_t *modules_json(const struct pyi_report *report)
{
	json_t *list = json_array();

	for (size_t i = 0; i < report->n_modules; i++) {
		const struct pyi_report_module *module = &report->modules[i];
		const char *build_id = *module->build_id ? module->build_id : NULL;

		json_array_append_new(list,
				      json_pack("{so so so}", "path", pyi_json_string(module->path),
						"build_id", pyi_json_string(build_id), "status",
						pyi_json_string(module->status)));
	}
	return list;
}

static json_t *strings_json(char *const *strings, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, pyi_json_string(strings[i]));
	return list;
}

static json_t *runtime_json(const struct pyi_report_runtime *runtime)
{
	json_t *gc = json_null(), *finalizing = json_null();

	if (runtime->finalizing >= 0)
		finalizing = json_boolean(runtime->finalizing);
	if (runtime->gc_running >= 0)
		gc = json_string(runtime->gc_running ? "running" : "idle");
	return json_pack(
		"{so s[iii] so sI so so}", "name", pyi_json_string(runtime->name), "python",
		(int)runtime->python[0], (int)runtime->python[1], (int)runtime->python[2], "module",
		*runtime->module ? pyi_json_string(runtime->module) : json_null(), "interpreters",
		(json_int_t)runtime->interpreters, "gc", gc, "finalizing", finalizing);
}

static json_t *runtimes_json(const struct pyi_report *report)
{
	json_t *list = json_array();

	for (size_t i = 0; i < report->n_runtimes; i++)
		json_array_append_new(list, runtime_json(&report->runtimes[i]));
	return list;
}

/* What tells of one runtime tells of the first. */
static json_t *target_json(const struct pyi_report *report)
{
	json_t *first = report->n_runtimes ? runtime_json(&report->runtimes[0]) : json_object();
	json_t *json = json_pack(
		"{ss so so so so sO? sO? sO? sO? so ss so so so}", "kind",
		pyi_target_kind_name(report->kind), "pid", positive_or_null(report->pid), "exe",
		pyi_json_string(report->exe), "cmdline",
		strings_json(report->cmdline, report->n_cmdline), "uid", index_or_null(report->uid),
		"runtime", json_object_get(first, "name"), "python",
		json_object_get(first, "python"), "interpreters",
		json_object_get(first, "interpreters"), "gc", json_object_get(first, "gc"),
		"runtimes", runtimes_json(report), "time", report->time, "paused_ns",
		report->kind == PYI_TARGET_CORE ? json_null()
						: json_integer((json_int_t)report->paused_ns),
		"signal", signal_json(&report->signal), "modules", modules_json(report));

	json_decref(first);
	return json;
}

static struct pyi_error *render(const struct pyi_report *report,
				const struct pyi_render_options *options, FILE *out)
{
	bool done;

	fputs("{\"schema\":\"pyinspect/1\",\"target\":", out);
	done = pyi_json_write(target_json(report), out);
	fputs(",\"threads\":[", out);
	for (size_t i = 0; done && i < report->n_threads; i++) {
		if (i)
			putc(',', out);
		done = pyi_json_write(thread_json(&report->threads[i]), out);
	}
	fputs("],\"deadlocks\":[],\"warnings\":", out);
	done = done && pyi_json_write(strings_json(report->warnings, report->n_warnings), out);
	fputs("}\n", out);
	return done ? NULL : &pyi_enomem;
}

const struct pyi_renderer pyi_render_json = {.name = "json", .render = render};
