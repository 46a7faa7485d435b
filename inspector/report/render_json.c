/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Schema "pyinspect/1": every field is always there, null when unknown. One object on one line,
 * ASCII only, so that no text of a target reaches a screen as more than itself. A thread is
 * built, written and freed before the next: memory follows the largest thread, not the sum.
 */
#include "report/json_out.h"
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

static json_t *thread_json(const struct pyi_report_thread *thread)
{
	char state[2] = {thread->state, '\0'};
	json_t *frames = json_array();

	for (size_t i = 0; i < thread->n_frames; i++)
		json_array_append_new(frames, frame_json(&thread->frames[i]));
	return json_pack("{si so so sb so so ss ss sb so so sn so ss ss so}", "tid",
			 (int)thread->tid, "name", pyi_json_string(thread->name), "comm",
			 pyi_json_string(thread->comm), "main", thread->main, "runtime",
			 index_or_null(thread->runtime), "interpreter",
			 index_or_null(thread->interpreter), "state", state, "gil",
			 pyi_gil_name(thread->gil), "crashed", thread->crashed, "syscall",
			 syscall_json(thread), "waits_for", wait_json(thread), "exception",
			 "registers", json_object(), "merge", pyi_merge_name(thread->merge), "end",
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
	json_t *gc = json_null();

	if (runtime->gc_running >= 0)
		gc = json_string(runtime->gc_running ? "running" : "idle");
	return json_pack("{so s[iii] so sI so}", "name", pyi_json_string(runtime->name), "python",
			 (int)runtime->python[0], (int)runtime->python[1], (int)runtime->python[2],
			 "module",
			 *runtime->module ? pyi_json_string(runtime->module) : json_null(),
			 "interpreters", (json_int_t)runtime->interpreters, "gc", gc);
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
		"{ss so so so sO? sO? sO? sO? so ss so sn so}", "kind",
		pyi_target_kind_name(report->kind), "pid", positive_or_null(report->pid), "exe",
		pyi_json_string(report->exe), "cmdline",
		strings_json(report->cmdline, report->n_cmdline), "runtime",
		json_object_get(first, "name"), "python", json_object_get(first, "python"),
		"interpreters", json_object_get(first, "interpreters"), "gc",
		json_object_get(first, "gc"), "runtimes", runtimes_json(report), "time",
		report->time, "paused_ns",
		report->kind == PYI_TARGET_CORE ? json_null()
						: json_integer((json_int_t)report->paused_ns),
		"signal", "modules", modules_json(report));

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
