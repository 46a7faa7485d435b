/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/groups.h"

#include <stdlib.h>
#include <string.h>

#define MAX_PERIOD 16
/* Fewer frames than these are not worth a line that says that they were left out. */
#define MIN_SAVED 3

static bool shown(const struct pyi_report_frame *frame, enum pyi_native_mode native)
{
	if (frame->kind == PYI_FRAME_PYTHON)
		return true;
	return native != PYI_NATIVE_NONE && !(native == PYI_NATIVE_AUTO && frame->plumbing);
}

struct pyi_error *pyi_view_init(struct pyi_view *view, const struct pyi_report_thread *thread,
				const struct pyi_render_options *options)
{
	*view = (struct pyi_view){.frames = calloc(thread->n_frames + 1, sizeof(*view->frames))};
	if (!view->frames)
		return &pyi_enomem;
	for (size_t i = 0; i < thread->n_frames; i++) {
		size_t at = options->traceback ? thread->n_frames - 1 - i : i;
		const struct pyi_report_frame *frame = &thread->frames[at];

		if (shown(frame, options->native))
			view->frames[view->n++] = frame;
		else if (options->native == PYI_NATIVE_AUTO && frame->kind == PYI_FRAME_NATIVE)
			view->folded++;
	}
	return NULL;
}

void pyi_view_deinit(struct pyi_view *view)
{
	free(view->frames);
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool locals_equal(const struct pyi_report_local *a, size_t n_a,
			 const struct pyi_report_local *b, size_t n_b)
{
	if (n_a != n_b)
		return false;
	for (size_t i = 0; i < n_a; i++)
		if (!same(a[i].name, b[i].name) || !same(a[i].repr, b[i].repr) ||
		    !locals_equal(a[i].fields, a[i].n_fields, b[i].fields, b[i].n_fields))
			return false;
	return true;
}

bool pyi_frame_equal(const struct pyi_report_frame *a, const struct pyi_report_frame *b,
		     bool values)
{
	if (a->kind != b->kind || a->line != b->line || a->inlined != b->inlined)
		return false;
	if (!same(a->function, b->function) || !same(a->module, b->module) ||
	    !same(a->file, b->file))
		return false;
	if (!a->function && a->pc != b->pc)
		return false;
	if (a->kind == PYI_FRAME_PYTHON && a->runtime != b->runtime)
		return false;
	return !values || locals_equal(a->locals, a->n_locals, b->locals, b->n_locals);
}

bool pyi_view_equal(const struct pyi_view *a, const struct pyi_view *b, bool values)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!pyi_frame_equal(a->frames[i], b->frames[i], values))
			return false;
	return true;
}

static size_t count_repeats(const struct pyi_view *view, size_t at, size_t period)
{
	size_t end = at + period;

	while (end < view->n &&
	       pyi_frame_equal(view->frames[end], view->frames[end - period], false))
		end++;
	return (end - at) / period;
}

struct pyi_run pyi_view_run(const struct pyi_view *view, size_t at)
{
	struct pyi_run best = {1, 1};

	for (size_t period = 1; period <= MAX_PERIOD && at + 2 * period <= view->n; period++) {
		size_t times = count_repeats(view, at, period);

		if (period * (times - 1) >= MIN_SAVED &&
		    period * (times - 1) > best.period * (best.times - 1))
			best = (struct pyi_run){period, times};
	}
	return best;
}
