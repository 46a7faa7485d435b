/* SPDX-License-Identifier: BSD-2-Clause */
/* The public face: pyinspect.h in terms of collect and render. */
#include "pyinspect.h"

#include "report/extension.h"
#include "report/collect.h"
#include "report/render.h"
#include "target/core_target.h"
#include "target/snapshot.h"

#include <stdlib.h>
#include <string.h>

_Static_assert((int)PYINSPECT_NATIVE_NONE == (int)PYI_NATIVE_NONE, "same order");

/* A public error is the internal one under another name, and so is a report. */
static struct pyinspect_error *publish(struct pyi_error *err)
{
	return (struct pyinspect_error *)err;
}

static const struct pyi_error *internal(const struct pyinspect_error *err)
{
	return (const struct pyi_error *)err;
}

static const struct pyi_report *internal_report(const struct pyinspect_report *report)
{
	return (const struct pyi_report *)report;
}

enum pyinspect_status pyinspect_error_status(const struct pyinspect_error *err)
{
	static const enum pyinspect_status statuses[] = {
		[PYI_ERR_INTERNAL] = PYINSPECT_INTERNAL,
		[PYI_ERR_NO_MEMORY] = PYINSPECT_INTERNAL,
		[PYI_ERR_USAGE] = PYINSPECT_USAGE,
		[PYI_ERR_NOT_FOUND] = PYINSPECT_NOT_FOUND,
		[PYI_ERR_NOT_PYTHON] = PYINSPECT_NOT_FOUND,
		[PYI_ERR_PERMISSION] = PYINSPECT_PERMISSION,
		[PYI_ERR_FAULT] = PYINSPECT_INTERNAL,
		[PYI_ERR_BAD_DATA] = PYINSPECT_INTERNAL,
		[PYI_ERR_IO] = PYINSPECT_INTERNAL,
		[PYI_ERR_GONE] = PYINSPECT_NOT_FOUND,
	};

	return statuses[internal(err)->code];
}

bool pyinspect_error_not_python(const struct pyinspect_error *err)
{
	return internal(err)->code == PYI_ERR_NOT_PYTHON;
}

const char *pyinspect_error_message(const struct pyinspect_error *err)
{
	return internal(err)->message;
}

const char *pyinspect_error_hint(const struct pyinspect_error *err)
{
	return internal(err)->hint;
}

void pyinspect_error_destroy(struct pyinspect_error *err)
{
	pyi_error_destroy((struct pyi_error *)err);
}

void pyinspect_options_init(struct pyinspect_options *options)
{
	*options = (struct pyinspect_options){
		.size = sizeof(*options),
		.kernel = true,
		.max_value_bytes = 1000,
	};
}

/* A caller built against an older header has a shorter struct; what it lacks is the default. */
static struct pyinspect_options complete(const struct pyinspect_options *given)
{
	struct pyinspect_options options;

	pyinspect_options_init(&options);
	if (given)
		memcpy(&options, given,
		       given->size < sizeof(options) ? given->size : sizeof(options));
	return options;
}

static struct pyi_collect_options collect_options(const struct pyinspect_options *given)
{
	struct pyinspect_options options = complete(given);

	return (struct pyi_collect_options){
		.native = (enum pyi_native_mode)options.native,
		.kernel = options.kernel,
		.locals = options.locals,
		.max_value_bytes = options.max_value_bytes,
		.no_stop = options.no_stop,
		.tid = options.tid,
		.limit = options.limit,
	};
}

struct pyinspect_error *pyinspect_dump_pid(pid_t pid, const struct pyinspect_options *given,
					   struct pyinspect_report **ret)
{
	struct pyi_collect_options collect = collect_options(given);
	struct pyi_target *target = NULL;
	struct pyi_report *report = NULL;
	struct pyi_error *err = pyi_target_open_live(pid, &target);

	if (!err)
		err = pyi_collect(target, &collect, &report);
	err = pyi_error_wrap(err, "process %d", (int)pid);
	pyi_target_close(target);
	if (!err)
		*ret = (struct pyinspect_report *)report;
	return publish(err);
}

struct pyinspect_error *pyinspect_dump_file(const char *path, const struct pyinspect_options *given,
					    struct pyinspect_report **ret)
{
	struct pyi_collect_options collect = collect_options(given);
	struct pyi_target *target = NULL;
	struct pyi_report *report = NULL;
	struct pyinspect_options options = complete(given);
	struct pyi_core_options core = {
		.exe = options.exe,
		.sysroot = options.sysroot,
		.lib_path = options.lib_path,
		.debuginfod = options.debuginfod,
		.unpack = {.progress = options.progress, .arg = options.progress_arg},
	};
	struct pyi_error *err = pyi_core_target_open(path, &core, &target);

	if (!err)
		err = pyi_error_wrap(pyi_collect(target, &collect, &report), "%s", path);
	/* What cannot be read in a file is damage, not a fault of ours. */
	if (err && (err->code == PYI_ERR_FAULT || err->code == PYI_ERR_BAD_DATA))
		err->code = PYI_ERR_NOT_PYTHON;
	pyi_target_close(target);
	if (!err)
		*ret = (struct pyinspect_report *)report;
	return publish(err);
}

/* What maps will want to know of the files, which a dump does not ask. */
static void note_extensions(const struct pyi_target *target)
{
	char name[256];

	for (size_t i = 0; i < target->n_images; i++)
		pyi_extension_name(target->images[i], name, sizeof(name));
}

struct pyinspect_error *pyinspect_snapshot_pid(pid_t pid, const struct pyinspect_options *given,
					       bool with_env, FILE *out, enum pyinspect_status *ret)
{
	struct pyinspect_options options = complete(given);
	/* Whatever a later dump may ask for. */
	struct pyi_collect_options collect = {
		.native = PYI_NATIVE_LINES,
		.kernel = true,
		.locals = true,
		.values_once = true,
		.max_value_bytes = options.max_value_bytes,
		.no_stop = options.no_stop,
	};
	struct pyi_target *target = NULL;
	struct pyi_snapshot *snapshot = NULL;
	struct pyi_report *report = NULL;
	struct pyi_error *err = pyi_target_open_live(pid, &target);

	if (!err)
		err = pyi_snapshot_create(target, with_env, &snapshot);
	if (!err)
		err = pyi_collect(target, &collect, &report);
	err = pyi_error_wrap(err, "process %d", (int)pid);
	if (!err) {
		note_extensions(target);
		err = pyi_snapshot_write(snapshot, out);
	}
	pyi_snapshot_destroy(snapshot);
	pyi_target_close(target);
	if (!err)
		*ret = report->incomplete ? PYINSPECT_INCOMPLETE : PYINSPECT_COMPLETE;
	pyi_report_destroy(report);
	return publish(err);
}

void pyinspect_report_destroy(struct pyinspect_report *report)
{
	pyi_report_destroy((struct pyi_report *)report);
}

enum pyinspect_status pyinspect_report_status(const struct pyinspect_report *report)
{
	return internal_report(report)->incomplete ? PYINSPECT_INCOMPLETE : PYINSPECT_COMPLETE;
}

struct pyinspect_error *pyinspect_render(const struct pyinspect_report *report, const char *format,
					 const struct pyinspect_options *given, FILE *out)
{
	struct pyinspect_options options = complete(given);
	struct pyi_render_options render = {
		.native = (enum pyi_native_mode)options.native,
		.traceback = options.traceback,
		.color = options.color,
		.width = options.width,
	};
	const struct pyi_renderer *renderer = pyi_renderer_find(format);

	if (!renderer)
		return publish(
			pyi_error_create(PYI_ERR_USAGE, "%s: no such output format", format));
	return publish(renderer->render(internal_report(report), &render, out));
}
