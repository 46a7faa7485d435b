/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/thread.h"

#include "base/format.h"
#include "base/utf8.h"
#include "report/death.h"
#include "report/evalcalls.h"
#include "report/gil.h"
#include "report/kernel.h"
#include "report/locals.h"
#include "report/merge.h"
#include "report/plumbing.h"
#include "report/waits.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_NATIVE_FRAMES 1000000u

typedef PYI_VEC(struct pyi_report_frame) frames_t;

static void frames_deinit(frames_t *frames)
{
	pyi_vec_for_each (frame, frames)
		pyi_report_frame_deinit(frame);
	pyi_vec_deinit(frames);
}

static char *dup_or_null(const char *s)
{
	return s ? pyi_utf8_dup(s) : NULL;
}

/* Of what is valid UTF-8 already. */
static char *copy_or_null(const char *s)
{
	return s ? strdup(s) : NULL;
}

/* The runtime in whose module this is, or NULL. */
static const struct pyi_runtime *runtime_at(const struct pyi_runtimes *runtimes, uint64_t pc)
{
	for (size_t i = 0; i < runtimes->n; i++) {
		struct pyi_image_info info;

		if (!runtimes->all[i].image)
			continue;
		pyi_image_info(runtimes->all[i].image, &info);
		if (pc >= info.lo && pc < info.hi)
			return &runtimes->all[i];
	}
	return NULL;
}

static bool is_eval(const struct pyi_runtime *rt, const struct pyi_native_frame *frame)
{
	/* A return address may be the first byte after the function. */
	uint64_t pc = frame->pc - !frame->exact_pc;

	return (pc >= rt->eval_lo && pc < rt->eval_hi) ||
	       (frame->start && frame->start == rt->layout.eval);
}

/* minipy: the address of the frame object that this native frame, if it is an eval call, runs. */
static uint64_t eval_slot(const struct pyi_thread_context *ctx, const struct pyi_runtime *rt,
			  const struct pyi_native_frame *frame)
{
	uint64_t address = 0;

	if (rt->layout.how_entry != PYI_ENTRY_SLOT || !frame->cfa || !is_eval(rt, frame))
		return 0;
	pyi_error_destroy(
		pyi_mem_read_u64(ctx->target->mem, frame->cfa - rt->layout.eval_slot, &address));
	return address;
}

static bool add_native(struct pyi_thread_context *ctx, const struct pyi_native_frame *from,
		       const struct pyi_native_name *name, bool last, frames_t *frames)
{
	const struct pyi_runtime *rt = runtime_at(ctx->walk->runtimes, from->pc);
	struct pyi_report_frame *to = pyi_vec_push(frames);

	if (!to)
		return false;
	to->kind = PYI_FRAME_NATIVE;
	to->function = dup_or_null(name->function);
	to->module = dup_or_null(name->module);
	to->file = dup_or_null(name->file);
	to->line = name->line;
	to->inlined = name->inlined;
	to->pc = from->pc;
	to->runtime = rt ? rt->number : -1;
	if (last) {
		to->signal = from->signal;
		to->sp = from->sp;
		to->cfa = from->cfa;
		to->start = from->start;
		to->address = rt ? eval_slot(ctx, rt, from) : 0;
	}
	return true;
}

static struct pyi_error *collect_native(struct pyi_thread_context *ctx,
					const struct pyi_thread *from, struct pyi_report_thread *to,
					frames_t *frames)
{
	struct pyi_native_stack stack = {0};
	struct pyi_error *err = pyi_unwind(ctx->unwinder, from, MAX_NATIVE_FRAMES, &stack);

	if (err)
		return err;
	pyi_vec_for_each (frame, &stack.frames) {
		static const struct pyi_native_name nameless;
		const struct pyi_native_name *names = &nameless;
		size_t n = 1;

		if (ctx->symbolizer)
			names = pyi_symbolize(ctx->symbolizer, frame->pc, frame->exact_pc, &n);

		for (size_t i = 0; i < n && !err; i++)
			if (!add_native(ctx, frame, &names[i], i + 1 == n, frames))
				err = &pyi_enomem;
	}
	to->end = stack.end;
	to->end_address = stack.end_address;
	pyi_native_stack_deinit(&stack);
	return err;
}

/* The first damage is named. */
static void say_damage(struct pyi_thread_context *ctx, char **why, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
static void say_damage(struct pyi_thread_context *ctx, char **why, const char *fmt, ...)
{
	va_list ap;

	ctx->incomplete = true;
	if (*why)
		return;
	va_start(ap, fmt);
	*why = pyi_vformat(fmt, ap);
	va_end(ap);
}

/* A code object that cannot be read leaves a frame without a name: *why says so. */
static void decode_code(struct pyi_thread_context *ctx, const struct pyi_runtime *rt,
			const struct pyi_py_frame *from, struct pyi_report_frame *to, char **why)
{
	const struct pyi_place *place;
	struct pyi_error *err =
		pyi_places_get(ctx->places, rt, ctx->codes[rt->number], from, &place);

	if (err) {
		say_damage(ctx, why, "a code object cannot be read: %s", err->message);
		pyi_error_destroy(err);
		return;
	}
	if (place->code->damage)
		say_damage(ctx, why, "the code object at 0x%" PRIx64 " is damaged: %s",
			   place->code->addr, place->code->damage);
	to->function = copy_or_null(place->code->qualname);
	to->name = copy_or_null(place->code->name);
	to->file = copy_or_null(place->code->file);
	to->source = copy_or_null(place->source);
	to->line = place->line;
	to->column = place->column;
}

static struct pyi_error *collect_python(struct pyi_thread_context *ctx,
					const struct pyi_walk_state *state, frames_t *frames,
					char **why)
{
	struct pyi_error *err = NULL;

	pyi_vec_for_each (from, &state->stack.frames) {
		struct pyi_report_frame *to = pyi_vec_push(frames);

		if (!to)
			return &pyi_enomem;
		to->kind = PYI_FRAME_PYTHON;
		to->runtime = state->rt->number;
		to->interpreter = state->ts->interp_id;
		to->address = from->addr;
		to->mark = from->mark;
		to->entry = from->entry;
		to->shim = from->shim;
		to->incomplete = from->incomplete;
		if (from->shim || from->incomplete)
			continue;
		decode_code(ctx, state->rt, from, to, why);
		if (ctx->options->locals)
			err = pyi_report_locals(ctx, state->rt, from, to);
		if (err)
			return err;
	}
	return NULL;
}

static void prepend(struct pyi_report_thread *to, struct pyi_report_frame *kernel, size_t n)
{
	struct pyi_report_frame *all = n ? calloc(to->n_frames + n, sizeof(*all)) : NULL;

	if (!all) {
		for (size_t i = 0; i < n; i++)
			pyi_report_frame_deinit(&kernel[i]);
		free(kernel);
		return;
	}
	memcpy(all, kernel, n * sizeof(*all));
	if (to->n_frames)
		memcpy(all + n, to->frames, to->n_frames * sizeof(*all));
	free(kernel);
	free(to->frames);
	to->frames = all;
	to->n_frames += n;
}

static struct pyi_error *add_kernel(struct pyi_thread_context *ctx, const struct pyi_thread *from,
				    struct pyi_report_thread *to)
{
	struct pyi_report_frame *frames;
	struct pyi_error *err;
	bool blocked;
	size_t n;

	if (!ctx->options->kernel || ctx->options->native == PYI_NATIVE_NONE ||
	    !(from->have_regs || from->have_pc_sp))
		return NULL;
	err = pyi_kernel_read(ctx->target, from, &blocked, &frames, &n);
	if (err)
		return err;
	prepend(to, frames, n);
	if (blocked && to->state == 'R')
		to->state = 'S';
	return NULL;
}

static void set_note(struct pyi_report_thread *to, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static void set_note(struct pyi_report_thread *to, const char *fmt, ...)
{
	va_list ap;

	if (to->note)
		return;
	va_start(ap, fmt);
	to->note = pyi_vformat(fmt, ap);
	va_end(ap);
}

/* The module without whose file a native stack ends at addr, or NULL. */
static const char *missing_module(const struct pyi_target *target, uint64_t addr)
{
	const struct pyi_image *image = pyi_target_find_image(target, addr);
	struct pyi_image_info info;

	if (!image)
		return NULL;
	pyi_image_info(image, &info);
	return info.status && !info.has_file ? info.name : NULL;
}

static void explain_end(struct pyi_thread_context *ctx, struct pyi_report_thread *to,
			const char *which)
{
	static const char *const words[] = {
		[PYI_END_COMPLETE] = "",
		[PYI_END_LIMIT] = "has too many frames",
		[PYI_END_CYCLE] = "runs in a circle",
		[PYI_END_UNREADABLE] = "cannot be read",
		[PYI_END_TRUNCATED] = "is cut",
		[PYI_END_RUNNING] = "was not looked at: the thread was running",
		[PYI_END_INCONSISTENT] = "makes no sense",
	};

	const char *module;

	if (to->end == PYI_END_COMPLETE)
		return;
	module = to->end == PYI_END_TRUNCATED ? missing_module(ctx->target, to->end_address) : NULL;
	if (module) {
		set_note(to, "the %s stack goes on through %s, whose file is not at hand", which,
			 module);
		return;
	}
	if (to->end_address)
		set_note(to, "the %s stack %s from here on (0x%" PRIx64 ")", which, words[to->end],
			 to->end_address);
	else
		set_note(to, "the %s stack %s%s", which, words[to->end],
			 to->end == PYI_END_RUNNING ? "" : " from here on");
}

/* The innermost frames that text shows stay, and those of the kernel before them. */
static void apply_limit(const struct pyi_collect_options *options, struct pyi_report_thread *to)
{
	size_t shown = 0, keep = to->n_frames;

	for (size_t i = 0; options->limit && i < to->n_frames; i++) {
		const struct pyi_report_frame *frame = &to->frames[i];

		if (frame->kind == PYI_FRAME_KERNEL ||
		    (options->native == PYI_NATIVE_AUTO && frame->plumbing))
			continue;
		if (shown++ == options->limit)
			keep = i;
	}
	if (keep == to->n_frames)
		return;
	for (size_t i = keep; i < to->n_frames; i++)
		pyi_report_frame_deinit(&to->frames[i]);
	set_note(to, "%zu more frames left out by --limit", shown - options->limit);
	to->n_frames = keep;
	to->end = PYI_END_LIMIT;
}

static struct pyi_error *find_states(struct pyi_walk *walk, size_t thread,
				     struct pyi_thread_states *ret)
{
	size_t n = 0;

	pyi_vec_for_each (state, &walk->states)
		n += state->owner == thread;
	*ret = (struct pyi_thread_states){calloc(n + 1, sizeof(*ret->list)), 0};
	if (!ret->list)
		return &pyi_enomem;
	pyi_vec_for_each (state, &walk->states)
		if (state->owner == thread)
			ret->list[ret->n++] = state;
	return NULL;
}

/* The first runtime that has a name for it: to one that it only visits it is a stranger, and to a
 * subinterpreter every thread is the main one. */
static void put_name(struct pyi_thread_context *ctx, const struct pyi_thread_states *states,
		     struct pyi_report_thread *to)
{
	const struct pyi_runtime *rt = NULL;

	for (size_t i = 0; i < states->n; i++) {
		const struct pyi_walk_state *state = states->list[i];

		if (to->name && (state->rt != rt || state->ts->interp_id != 0))
			continue;
		free(to->name);
		to->name = pyi_walk_thread_name(ctx->walk, ctx->target, state);
		rt = state->rt;
	}
}

/* The walk's is taken over. */
static void put_exception(struct pyi_thread_context *ctx, const struct pyi_thread_states *states,
			  struct pyi_report_thread *to)
{
	uint64_t damaged = 0;

	for (size_t i = 0; i < states->n && to->exception.state == PYI_EXCEPTION_NONE; i++) {
		to->exception = states->list[i]->exception;
		states->list[i]->exception = (struct pyi_exception){0};
		damaged = damaged ? damaged : to->exception.damaged;
	}
	if (!damaged)
		return;
	ctx->incomplete = true;
	set_note(to, "an exception cannot be read: what is at 0x%" PRIx64 " is none", damaged);
}

/* Of several, the interpreter that has the innermost frame; without frames one that has its lock.
 */
static void put_interpreter(const struct pyi_thread_states *states, struct pyi_report_thread *to)
{
	to->runtime = -1;
	to->interpreter = -1;
	for (size_t i = 0; i < to->n_frames; i++) {
		if (to->frames[i].kind != PYI_FRAME_PYTHON)
			continue;
		to->runtime = to->frames[i].runtime;
		to->interpreter = to->frames[i].interpreter;
		return;
	}
	for (size_t i = 0; i < states->n; i++) {
		if (i && !states->list[i]->ts->holds_gil)
			continue;
		to->runtime = states->list[i]->rt->number;
		to->interpreter = states->list[i]->ts->interp_id;
	}
}

/* Where eval calls leave no mark: which frame each one runs, runtime by runtime. */
static struct pyi_error *find_evalcalls(struct pyi_thread_context *ctx, frames_t *native,
					const struct pyi_thread_states *states,
					const struct pyi_merge_chain *chains)
{
	struct pyi_error *err = NULL;
	size_t end;

	for (size_t at = 0; at < states->n && !err; at = end) {
		const struct pyi_runtime *rt = states->list[at]->rt;
		enum pyi_how_entry how = rt->layout.how_entry;

		for (end = at + 1; end < states->n && states->list[end]->rt == rt;)
			end++;
		if (how == PYI_ENTRY_SCAN || how == PYI_ENTRY_COUNT)
			err = pyi_evalcalls_find(ctx->target->mem, rt, native->data, native->len,
						 chains + at, end - at);
	}
	return err;
}

/* Native frames that were only wanted to put several interpreters' frames in order. */
static void drop_native(struct pyi_report_thread *to)
{
	size_t n = 0;

	for (size_t i = 0; i < to->n_frames; i++) {
		if (to->frames[i].kind == PYI_FRAME_NATIVE)
			pyi_report_frame_deinit(&to->frames[i]);
		else
			to->frames[n++] = to->frames[i];
	}
	to->n_frames = n;
	if (to->merge == PYI_MERGE_COMPLETE)
		to->merge = PYI_MERGE_NONE;
}

static struct pyi_error *merge(struct pyi_thread_context *ctx, frames_t *native, frames_t *python,
			       const struct pyi_thread_states *states, struct pyi_report_thread *to)
{
	struct pyi_merge_chain *chains = calloc(states->n + 1, sizeof(*chains));
	struct pyi_merge_result result;
	struct pyi_error *err;

	if (!chains)
		return &pyi_enomem;
	for (size_t i = 0; i < states->n; i++)
		chains[i] = (struct pyi_merge_chain){states->list[i]->rt->layout.how_entry,
						     python[i].data, python[i].len};
	err = find_evalcalls(ctx, native, states, chains);
	if (!err)
		err = pyi_merge(native->data, native->len, chains, states->n, &result);
	free(chains);
	if (err)
		return err;
	to->frames = result.frames;
	to->n_frames = result.n;
	to->merge = result.merge;
	if (result.merge == PYI_MERGE_PARTIAL) {
		set_note(to, "%zu Python frame%s could not be placed among the native frames",
			 result.unplaced, result.unplaced == 1 ? "" : "s");
		ctx->incomplete = true;
	}
	return NULL;
}

/* The frames of all this thread's thread states; the first broken chain is the thread's end. */
static struct pyi_error *collect_chains(struct pyi_thread_context *ctx,
					const struct pyi_thread_states *states,
					struct pyi_report_thread *to, frames_t *python)
{
	char *why = NULL;
	struct pyi_error *err = NULL;

	for (size_t i = 0; i < states->n && !err; i++) {
		const struct pyi_py_stack *stack = &states->list[i]->stack;

		err = collect_python(ctx, states->list[i], &python[i], &why);
		if (stack->end != PYI_END_COMPLETE) {
			to->end = stack->end;
			to->end_address = stack->end_address;
			explain_end(ctx, to, "Python");
		}
	}
	if (why && to->end == PYI_END_COMPLETE)
		to->end = PYI_END_UNREADABLE;
	if (why)
		set_note(to, "%s", why);
	free(why);
	return err;
}

/* Frames of more than one interpreter: their order is that of the native frames between them. */
static bool is_mixed(const struct pyi_thread_states *states)
{
	size_t n = 0;

	for (size_t i = 0; i < states->n; i++)
		n += states->list[i]->stack.frames.len != 0;
	return n > 1;
}

static struct pyi_error *collect_frames(struct pyi_thread_context *ctx,
					const struct pyi_thread *from,
					const struct pyi_thread_states *states,
					struct pyi_report_thread *to)
{
	frames_t *python = calloc(states->n + 1, sizeof(*python));
	bool shown = ctx->options->native != PYI_NATIVE_NONE;
	frames_t native = {0};
	struct pyi_error *err = NULL;

	if (!python)
		return &pyi_enomem;
	if (from->why)
		set_note(to, "%s", from->why);
	if ((shown || is_mixed(states)) && from->state != 'Z')
		err = collect_native(ctx, from, to, &native);
	if (shown)
		explain_end(ctx, to, "native");
	else
		to->end = PYI_END_COMPLETE;
	if (!err)
		err = collect_chains(ctx, states, to, python);
	if (!err)
		err = merge(ctx, &native, python, states, to);
	if (!err && shown)
		pyi_plumbing_mark(to->frames, to->n_frames);
	else if (!err)
		drop_native(to);
	for (size_t i = 0; i < states->n; i++)
		frames_deinit(&python[i]);
	free(python);
	frames_deinit(&native);
	return err;
}

static struct pyi_error *collect_states(struct pyi_thread_context *ctx,
					const struct pyi_thread *from,
					const struct pyi_thread_states *states,
					struct pyi_report_thread *to)
{
	struct pyi_error *err = pyi_gil_describe(ctx->target, ctx->walk, from, states, to);

	put_name(ctx, states, to);
	put_exception(ctx, states, to);
	if (!err)
		err = collect_frames(ctx, from, states, to);
	put_interpreter(states, to);
	return err;
}

struct pyi_error *pyi_thread_collect(struct pyi_thread_context *ctx, size_t number,
				     struct pyi_report_thread *to)
{
	const struct pyi_thread *from = &ctx->target->threads[number];
	struct pyi_thread_states states = {0};
	struct pyi_error *err;

	to->tid = from->tid;
	to->comm = pyi_utf8_dup(from->comm);
	to->main = from->main;
	to->crashed = from->crashed;
	to->state = from->state;
	/* What /proc said before the pause is outdated where the registers are in user code. */
	if (from->have_regs && !from->in_syscall && from->state == 'S')
		to->state = 'R';
	if (!to->comm)
		return &pyi_enomem;
	err = pyi_waits_describe(ctx->target, from, to);
	if (!err)
		err = find_states(ctx->walk, number, &states);
	if (!err)
		err = collect_states(ctx, from, &states, to);
	free(states.list);
	if (!err)
		err = add_kernel(ctx, from, to);
	if (!err)
		err = pyi_death_registers(ctx->target, from, to);
	if (err)
		return err;
	if (to->end != PYI_END_COMPLETE)
		ctx->incomplete = true;
	/* What is left out on demand is nothing that was asked for: no incompleteness. */
	apply_limit(ctx->options, to);
	return NULL;
}
