/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds the runtimes, has the target captured, then turns the copy into a report, thread by thread.
 */
#include "report/collect.h"

#include "base/utf8.h"
#include "report/death.h"
#include "report/owners.h"
#include "report/thread.h"
#include "target/core.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static struct pyi_error *copy_strings(char *const *from, size_t n, char ***ret, size_t *ret_n)
{
	*ret = calloc(n + 1, sizeof(**ret));
	if (!*ret)
		return &pyi_enomem;
	for (size_t i = 0; i < n; i++) {
		(*ret)[i] = pyi_utf8_dup(from[i]);
		if (!(*ret)[i])
			return &pyi_enomem;
		*ret_n = i + 1;
	}
	return NULL;
}

static struct pyi_error *add_modules(const struct pyi_target *target, struct pyi_report *report)
{
	report->modules = calloc(target->n_images + 1, sizeof(*report->modules));
	if (!report->modules)
		return &pyi_enomem;
	for (size_t i = 0; i < target->n_images; i++) {
		struct pyi_report_module *module = &report->modules[report->n_modules];
		struct pyi_image_info info;

		pyi_image_info(target->images[i], &info);
		if (info.whole)
			continue;
		module->path = pyi_utf8_dup(info.path);
		memcpy(module->build_id, info.build_id, sizeof(module->build_id));
		module->build_id[sizeof(module->build_id) - 1] = '\0';
		module->status = info.deleted ? "deleted" : info.has_file ? "ok" : "missing";
		if (info.status)
			module->status = info.status;
		if (*info.path == '[' && !info.has_file)
			module->status = "ok"; /* the vdso has no file */
		if (!module->path)
			return &pyi_enomem;
		report->n_modules++;
	}
	return NULL;
}

/* ISO 8601 with the zone as +hh:mm. */
static void put_time(const struct pyi_target *target, struct pyi_report *report)
{
	const char *noted = pyi_notes_string(pyi_notes_get(target->notes, "times", "captured"));
	time_t now = target->kind == PYI_TARGET_CORE ? (time_t)target->time_s : time(NULL);
	struct tm tm;
	char zone[8] = "";

	if (noted && strspn(noted, "0123456789-+:T") == strlen(noted))
		snprintf(report->time, sizeof(report->time), "%s", noted);
	if (noted || target->kind == PYI_TARGET_SNAPSHOT || !localtime_r(&now, &tm))
		return;
	strftime(report->time, sizeof(report->time), "%Y-%m-%dT%H:%M:%S", &tm);
	strftime(zone, sizeof(zone), "%z", &tm);
	snprintf(report->time + strlen(report->time), sizeof(report->time) - strlen(report->time),
		 "%.3s:%.2s", zone, zone + 3);
	pyi_notes_put(target->notes, "times", pyi_notes_text(report->time), "captured");
}

static void put_owner(const struct pyi_target *target, struct pyi_report *report)
{
	const json_t *noted = pyi_notes_get(target->notes, "ids", "uid");
	char path[32];
	struct stat st;

	report->uid = -1;
	if (json_is_integer(noted) && json_integer_value(noted) >= 0)
		report->uid = json_integer_value(noted);
	if (noted || target->kind != PYI_TARGET_LIVE)
		return;
	snprintf(path, sizeof(path), "/proc/%d/task", (int)target->pid);
	if (stat(path, &st) == 0)
		report->uid = st.st_uid;
	pyi_notes_put(target->notes, "ids", json_integer(report->uid), "uid");
}

/* Whether this Python ends: its interpreters, and what they refer to, are taken apart. */
static int is_finalizing(const struct pyi_target *target, const struct pyi_runtime *rt)
{
	uint32_t word;
	struct pyi_error *err;

	if (rt->layout.runtime_finalizing == PYI_NONE)
		return -1;
	err = pyi_mem_read_u32(target->mem, rt->root + rt->layout.runtime_finalizing, &word);
	pyi_error_destroy(err);
	return err ? -1 : word != 0;
}

static struct pyi_error *describe_runtimes(const struct pyi_target *target,
					   const struct pyi_walk *walk, struct pyi_report *report)
{
	const struct pyi_runtimes *runtimes = walk->runtimes;

	report->runtimes = calloc(runtimes->n, sizeof(*report->runtimes));
	if (!report->runtimes)
		return &pyi_enomem;
	for (size_t i = 0; i < runtimes->n; i++) {
		const struct pyi_runtime *rt = &runtimes->all[i];
		struct pyi_report_runtime *to = &report->runtimes[report->n_runtimes++];

		*to = (struct pyi_report_runtime){
			.name = pyi_utf8_dup(rt->name),
			.module = pyi_utf8_dup(pyi_runtime_module(rt)),
			.python = {rt->layout.python_major, rt->layout.python_minor,
				   rt->layout.python_micro},
			.interpreters = walk->parts[i].tstates.interpreters,
			.gc_running = walk->parts[i].tstates.gc_running,
			.finalizing = is_finalizing(target, rt),
		};
		if (!to->name || !to->module)
			return &pyi_enomem;
	}
	return NULL;
}

static struct pyi_error *describe_target(const struct pyi_target *target,
					 const struct pyi_walk *walk, struct pyi_report *report)
{
	struct pyi_error *err;

	report->kind = target->kind;
	report->pid = target->pid;
	report->exe = pyi_utf8_dup(target->exe ? target->exe : "");
	report->paused_ns = target->paused_ns;
	if (!report->exe)
		return &pyi_enomem;
	err = copy_strings(target->cmdline, target->cmdline_n, &report->cmdline,
			   &report->n_cmdline);
	if (!err)
		err = describe_runtimes(target, walk, report);
	if (!err)
		err = pyi_death_describe(target, report);
	return err ? err : add_modules(target, report);
}

static struct pyi_error *collect_threads(struct pyi_thread_context *ctx, struct pyi_report *report)
{
	struct pyi_target *target = ctx->target;
	struct pyi_error *err = NULL;

	report->threads = calloc(target->n_threads + 1, sizeof(*report->threads));
	if (!report->threads)
		err = &pyi_enomem;
	report->all_threads = target->n_threads;
	for (size_t t = 0; t < target->n_threads && !err; t++) {
		if (ctx->options->tid && target->threads[t].tid != ctx->options->tid)
			continue;
		err = pyi_thread_collect(ctx, t, &report->threads[report->n_threads++]);
	}
	if (!err && report->n_threads == 0)
		err = pyi_error_create(PYI_ERR_NOT_FOUND, "thread %d: no such thread",
				       (int)ctx->options->tid);
	return err;
}

static struct pyi_error *open_tools(struct pyi_thread_context *ctx)
{
	const struct pyi_runtimes *runtimes = ctx->walk->runtimes;
	struct pyi_error *err = pyi_sources_create(ctx->target, &ctx->sources);

	if (!err)
		err = pyi_places_create(ctx->sources, &ctx->places);
	for (size_t i = 0; i < runtimes->n && !err; i++)
		err = pyi_code_cache_create(ctx->target, &runtimes->all[i], &ctx->codes[i]);
	if (!err)
		err = pyi_unwinder_create(ctx->target, &ctx->unwinder);
	if (!err && ctx->options->native != PYI_NATIVE_NONE)
		err = pyi_symbolizer_create(ctx->target, ctx->options->native == PYI_NATIVE_LINES,
					    &ctx->symbolizer);
	return err;
}

static void close_tools(struct pyi_thread_context *ctx)
{
	pyi_symbolizer_destroy(ctx->symbolizer);
	pyi_unwinder_destroy(ctx->unwinder);
	pyi_places_destroy(ctx->places);
	pyi_sources_destroy(ctx->sources);
	for (size_t i = 0; i < ctx->walk->runtimes->n; i++)
		pyi_code_cache_destroy(ctx->codes[i]);
	pyi_seen_deinit(&ctx->values);
}

static void warn_of_cut_lists(struct pyi_thread_context *ctx)
{
	for (size_t i = 0; i < ctx->walk->runtimes->n; i++) {
		const struct pyi_tstates *tstates = &ctx->walk->parts[i].tstates;

		if (!tstates->cut)
			continue;
		pyi_target_warn(ctx->target, "the list of Python threads is broken at 0x%llx",
				(unsigned long long)tstates->cut_at);
		ctx->incomplete = true;
	}
}

/* After the pause: everything from here on reads the copy. */
static struct pyi_error *build(struct pyi_target *target, const struct pyi_collect_options *options,
			       struct pyi_walk *walk, struct pyi_report *report)
{
	struct pyi_thread_context ctx = {.target = target, .options = options, .walk = walk};
	struct pyi_error *err = open_tools(&ctx);

	pyi_owners_find(target, walk);
	warn_of_cut_lists(&ctx);
	if (!err)
		err = describe_target(target, walk, report);
	if (!err)
		err = collect_threads(&ctx, report);
	if (!err)
		err = copy_strings(target->warnings.data, target->warnings.len, &report->warnings,
				   &report->n_warnings);
	report->incomplete = ctx.incomplete;
	close_tools(&ctx);
	return err;
}

/* Python 2 ends a timed wait early when its system call is interrupted. */
static bool has_python2(const struct pyi_runtimes *runtimes)
{
	for (size_t i = 0; i < runtimes->n; i++)
		if (runtimes->all[i].layout.python_major < 3)
			return true;
	return false;
}

static struct pyi_error *capture(struct pyi_target *target,
				 const struct pyi_collect_options *options, struct pyi_walk *walk)
{
	struct pyi_capture_options capture_options = {.no_stop = options->no_stop,
						      .held = options->held,
						      .walk = pyi_walk_run,
						      .arg = walk,
						      .restart_timed_waits =
							      has_python2(walk->runtimes)};
	struct pyi_error *err = pyi_target_capture(target, &capture_options);

	if (err)
		return err;
	err = walk->err;
	walk->err = NULL;
	return err;
}

/* A failure on a target that has gone meanwhile, or on a file that is cut off, is due to that. */
static struct pyi_error *explain(struct pyi_error *err, const struct pyi_target *target)
{
	struct pyi_error *gone = err ? pyi_target_check(target) : NULL;
	uint64_t have, want;

	if (gone) {
		pyi_error_destroy(err);
		return gone;
	}
	if (!err || target->kind == PYI_TARGET_LIVE)
		return err;
	pyi_core_extent(target->priv, &have, &want);
	return have < want ? pyi_error_wrap(err, "cut off (%" PRIu64 " of %" PRIu64 " bytes)", have,
					    want)
			   : err;
}

/* Of a damaged core, or one whose files are missing, what is left is worth showing. */
static bool worth_showing(const struct pyi_target *target)
{
	uint64_t have = 0, want = 0;

	if (target->kind != PYI_TARGET_CORE)
		return false;
	for (size_t i = 0; i < target->n_images; i++) {
		struct pyi_image_info info;

		pyi_image_info(target->images[i], &info);
		if (strstr(info.name, "python"))
			return true;
	}
	pyi_core_extent(target->priv, &have, &want);
	return have < want;
}

/* *without: there is none to be found, but native stacks. */
static struct pyi_error *find_runtimes(struct pyi_target *target, struct pyi_runtimes *runtimes,
				       bool *without)
{
	struct pyi_error *err = pyi_runtimes_find(target, runtimes);

	*without = err && err->code == PYI_ERR_NOT_PYTHON && worth_showing(target);
	if (!*without)
		return err;
	pyi_target_warn(target, "Python frames cannot be shown: %s", err->message);
	pyi_error_destroy(err);
	runtimes->n = 0;
	return NULL;
}

static struct pyi_error *collect(struct pyi_target *target,
				 const struct pyi_collect_options *options,
				 struct pyi_report *report)
{
	struct pyi_runtimes runtimes;
	struct pyi_walk walk = {.runtimes = &runtimes, .options = options};
	bool without;
	struct pyi_error *err = find_runtimes(target, &runtimes, &without);

	if (err)
		return err;
	pyi_walk_prepare(&walk, target);
	err = capture(target, options, &walk);
	if (!err) {
		put_time(target, report);
		put_owner(target, report);
		err = build(target, options, &walk, report);
	}
	report->incomplete |= without;
	pyi_walk_deinit(&walk);
	return err;
}

struct pyi_error *pyi_collect(struct pyi_target *target, const struct pyi_collect_options *options,
			      struct pyi_report **ret)
{
	struct pyi_report *report = calloc(1, sizeof(*report));
	struct pyi_error *err =
		report ? explain(collect(target, options, report), target) : &pyi_enomem;

	if (err) {
		pyi_report_destroy(report);
		return err;
	}
	*ret = report;
	return NULL;
}
