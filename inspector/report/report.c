/* SPDX-License-Identifier: BSD-2-Clause */
/* The life of a report's data, and the words it is written with. */
#include "report/report.h"

#include <stdlib.h>

static void locals_free(struct pyi_report_local *locals, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(locals[i].name);
		free(locals[i].type);
		free(locals[i].repr);
		locals_free(locals[i].fields, locals[i].n_fields);
	}
	free(locals);
}

void pyi_report_frame_deinit(struct pyi_report_frame *frame)
{
	free(frame->function);
	free(frame->module);
	free(frame->name);
	free(frame->source);
	free(frame->file);
	locals_free(frame->locals, frame->n_locals);
}

static void thread_deinit(struct pyi_report_thread *thread)
{
	free(thread->name);
	free(thread->comm);
	free(thread->note);
	free(thread->wait_text);
	pyi_exception_deinit(&thread->exception);
	for (size_t i = 0; i < thread->n_code; i++)
		free(thread->code[i].text);
	free(thread->code);
	for (size_t i = 0; i < thread->n_frames; i++)
		pyi_report_frame_deinit(&thread->frames[i]);
	free(thread->frames);
}

static void strings_free(char **strings, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(strings[i]);
	free(strings);
}

void pyi_report_destroy(struct pyi_report *report)
{
	if (!report)
		return;
	free(report->exe);
	free(report->signal.place);
	for (size_t i = 0; i < report->n_runtimes; i++) {
		free(report->runtimes[i].name);
		free(report->runtimes[i].module);
	}
	free(report->runtimes);
	strings_free(report->cmdline, report->n_cmdline);
	strings_free(report->warnings, report->n_warnings);
	for (size_t i = 0; i < report->n_modules; i++)
		free(report->modules[i].path);
	free(report->modules);
	for (size_t i = 0; i < report->n_threads; i++)
		thread_deinit(&report->threads[i]);
	free(report->threads);
	free(report);
}

const char *pyi_end_name(enum pyi_end end)
{
	static const char *const names[] = {
		[PYI_END_COMPLETE] = "complete",
		[PYI_END_LIMIT] = "limit",
		[PYI_END_CYCLE] = "cycle",
		[PYI_END_UNREADABLE] = "unreadable",
		[PYI_END_TRUNCATED] = "truncated",
		[PYI_END_RUNNING] = "running",
		[PYI_END_INCONSISTENT] = "inconsistent",
	};

	return names[end];
}

const char *pyi_merge_name(enum pyi_merge merge)
{
	static const char *const names[] = {"complete", "partial", "none"};

	return names[merge];
}

const char *pyi_gil_name(enum pyi_gil gil)
{
	static const char *const names[] = {"none", "held", "waiting"};

	return names[gil];
}

const char *pyi_frame_kind_name(enum pyi_frame_kind kind)
{
	static const char *const names[] = {"kernel", "native", "python"};

	return names[kind];
}

const char *pyi_target_kind_name(enum pyi_target_kind kind)
{
	static const char *const names[] = {"live", "core", "snapshot"};

	return names[kind];
}
