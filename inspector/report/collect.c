/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds the runtime, has the target captured, then turns the copy into a report, thread by thread.
 */
#include "report/collect.h"

#include "base/utf8.h"
#include "report/owners.h"
#include "report/thread.h"
#include "target/core.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
	time_t now = time(NULL);
	struct tm tm;
	char zone[8] = "";

	if (noted && strspn(noted, "0123456789-+:T") == strlen(noted))
		snprintf(report->time, sizeof(report->time), "%s", noted);
	if (noted || target->kind != PYI_TARGET_LIVE || !localtime_r(&now, &tm))
		return;
	strftime(report->time, sizeof(report->time), "%Y-%m-%dT%H:%M:%S", &tm);
	strftime(zone, sizeof(zone), "%z", &tm);
	snprintf(report->time + strlen(report->time), sizeof(report->time) - strlen(report->time),
		 "%.3s:%.2s", zone, zone + 3);
	pyi_notes_put(target->notes, "times", pyi_notes_text(report->time), "captured");
}

static struct pyi_error *describe_target(const struct pyi_target *target,
					 const struct pyi_runtime *rt, const struct pyi_walk *walk,
					 struct pyi_report *report)
{
	struct pyi_error *err;

	report->kind = target->kind;
	report->pid = target->pid;
	report->exe = pyi_utf8_dup(target->exe ? target->exe : "");
	report->runtime = pyi_utf8_dup(rt->name);
	report->python[0] = rt->layout.python_major;
	report->python[1] = rt->layout.python_minor;
	report->python[2] = rt->layout.python_micro;
	report->interpreters = walk->tstates.interpreters;
	report->gc_running = walk->tstates.gc_running;
	report->paused_ns = target->paused_ns;
	if (!report->exe || !report->runtime)
		return &pyi_enomem;
	err = copy_strings(target->cmdline, target->cmdline_n, &report->cmdline,
			   &report->n_cmdline);
	return err ? err : add_modules(target, report);
}

static struct pyi_error *collect_threads(struct pyi_thread_context *ctx, const size_t *owner,
					 struct pyi_report *report)
{
	struct pyi_target *target = ctx->target;
	size_t n_states = ctx->walk->tstates.states.len;
	size_t *states = calloc(n_states + 1, sizeof(*states));
	struct pyi_error *err = NULL;

	report->threads = calloc(target->n_threads + 1, sizeof(*report->threads));
	if (!report->threads || !states)
		err = &pyi_enomem;
	report->all_threads = target->n_threads;
	for (size_t t = 0; t < target->n_threads && !err; t++) {
		size_t n = 0;

		if (ctx->options->tid && target->threads[t].tid != ctx->options->tid)
			continue;
		for (size_t i = 0; i < n_states; i++)
			if (owner[i] == t)
				states[n++] = i;
		err = pyi_thread_collect(ctx, &target->threads[t], states, n,
					 &report->threads[report->n_threads++]);
	}
	free(states);
	if (!err && report->n_threads == 0)
		err = pyi_error_create(PYI_ERR_NOT_FOUND, "thread %d: no such thread",
				       (int)ctx->options->tid);
	return err;
}

/* Who waits for a GIL waits for its holder: the one of the interpreter, or of all where they share
 * one lock. */
static struct pyi_error *name_gil_holders(const struct pyi_runtime *rt, struct pyi_report *report)
{
	bool shared = rt->layout.how_gil != PYI_GIL_INTERP;

	for (size_t i = 0; i < report->n_threads; i++) {
		struct pyi_report_thread *waiter = &report->threads[i];

		if (waiter->gil != PYI_GIL_WAITING)
			continue;
		free(waiter->wait_text);
		waiter->wait_kind = "gil";
		waiter->wait_text = strdup("the GIL");
		if (!waiter->wait_text)
			return &pyi_enomem;
		for (size_t j = 0; j < report->n_threads; j++) {
			const struct pyi_report_thread *holder = &report->threads[j];

			if (holder->gil == PYI_GIL_HELD &&
			    (shared || holder->interpreter == waiter->interpreter))
				waiter->wait_owner = holder->tid;
		}
	}
	return NULL;
}

static struct pyi_error *open_tools(struct pyi_thread_context *ctx)
{
	struct pyi_error *err = pyi_code_cache_create(ctx->target, ctx->rt, &ctx->codes);

	if (!err)
		err = pyi_sources_create(ctx->target, &ctx->sources);
	if (err || ctx->options->native == PYI_NATIVE_NONE)
		return err;
	err = pyi_unwinder_create(ctx->target, &ctx->unwinder);
	if (!err)
		err = pyi_symbolizer_create(ctx->target, ctx->options->native == PYI_NATIVE_LINES,
					    &ctx->symbolizer);
	return err;
}

static void close_tools(struct pyi_thread_context *ctx)
{
	pyi_symbolizer_destroy(ctx->symbolizer);
	pyi_unwinder_destroy(ctx->unwinder);
	pyi_sources_destroy(ctx->sources);
	pyi_code_cache_destroy(ctx->codes);
	pyi_seen_deinit(&ctx->values);
}

/* After the pause: everything from here on reads the copy. */
static struct pyi_error *build(struct pyi_target *target, const struct pyi_runtime *rt,
			       const struct pyi_collect_options *options,
			       const struct pyi_walk *walk, struct pyi_report *report)
{
	struct pyi_thread_context ctx = {
		.target = target, .rt = rt, .options = options, .walk = walk};
	size_t *owner = pyi_owners_find(target, walk);
	struct pyi_error *err = owner ? open_tools(&ctx) : &pyi_enomem;

	if (walk->tstates.cut) {
		pyi_target_warn(target, "the list of Python threads is broken at 0x%llx",
				(unsigned long long)walk->tstates.cut_at);
		ctx.incomplete = true;
	}
	if (!err)
		err = describe_target(target, rt, walk, report);
	if (!err)
		err = collect_threads(&ctx, owner, report);
	if (!err)
		err = name_gil_holders(rt, report);
	if (!err)
		err = copy_strings(target->warnings.data, target->warnings.len, &report->warnings,
				   &report->n_warnings);
	report->incomplete = ctx.incomplete;
	close_tools(&ctx);
	free(owner);
	return err;
}

static struct pyi_error *capture(struct pyi_target *target,
				 const struct pyi_collect_options *options, struct pyi_walk *walk)
{
	struct pyi_capture_options capture_options = {.no_stop = options->no_stop,
						      .walk = pyi_walk_run,
						      .arg = walk,
						      .restart_timed_waits =
							      walk->rt->layout.python_major < 3};
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

static struct pyi_error *collect(struct pyi_target *target,
				 const struct pyi_collect_options *options,
				 struct pyi_report *report)
{
	struct pyi_runtime rt;
	struct pyi_walk walk = {.rt = &rt, .options = options};
	struct pyi_error *err = pyi_runtime_find(target, &rt);

	if (err)
		return err;
	err = capture(target, options, &walk);
	if (!err) {
		put_time(target, report);
		err = build(target, &rt, options, &walk, report);
	}
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
