/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The report as text, made to be read at 80 columns. Threads with equal stacks are one block;
 * frames run innermost first (or last, as Python's tracebacks do); Python frames stand out, with
 * their source line and locals beneath.
 */
#include "base/print.h"
#include "report/groups.h"
#include "report/line.h"
#include "report/render_death.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define KIND_COLUMNS  8  /* "Python  " */
#define MAX_FUNCTION  30 /* longer names push the place aside */
#define DETAIL_COLUMN (2 + KIND_COLUMNS + 2)
/* With locals asked for, this many rounds of a recursion are shown before it is folded. */
#define ROUNDS_WITH_LOCALS 3
#define SIGNAL_FRAME       "<signal handler called>"
#define MAX_LISTED         8 /* threads of one block that get a line of their own */

struct writer {
	const struct pyi_report *report;
	const struct pyi_render_options *options;
	struct pyi_line line;
	bool no_locals; /* of this thread: it is not the one that crashed */
};

static const char *state_words(char state)
{
	switch (state) {
	case 'R': return "running";
	case 'S': return "sleeping";
	case 'D': return "in uninterruptible sleep";
	case 'T': return "stopped";
	case 't': return "stopped by a debugger";
	case 'Z': return "zombie";
	case 'X': return "dead";
	case 'I': return "idle";
	default: return "in an unknown state";
	}
}

static void put_duration(struct pyi_line *line, uint64_t ns)
{
	if (ns < 1000000)
		pyi_line_printf(line, PYI_STYLE_PLAIN, "%" PRIu64 " us", (ns + 500) / 1000);
	else
		pyi_line_printf(line, PYI_STYLE_PLAIN, "%.1f ms", (double)ns / 1e6);
}

/* How many runtimes before this one are of the same minor version. */
static size_t count_alike(const struct pyi_report *report, size_t number)
{
	const unsigned *python = report->runtimes[number].python;
	size_t n = 0;

	for (size_t i = 0; i < number; i++)
		n += report->runtimes[i].python[0] == python[0] &&
		     report->runtimes[i].python[1] == python[1];
	return n;
}

/* What a Python frame is called: by its version where there are several, numbered where that does
 * not tell them apart. */
static void put_python_kind(struct writer *w, int runtime)
{
	const struct pyi_report *report = w->report;
	size_t number = (size_t)runtime, alike;

	if (report->n_runtimes < 2 || number >= report->n_runtimes) {
		pyi_line_put(&w->line, PYI_STYLE_PLAIN, "Python");
		return;
	}
	alike = count_alike(report, number);
	pyi_line_printf(&w->line, PYI_STYLE_PLAIN, "%s%u.%u", alike ? "" : "Py ",
			report->runtimes[number].python[0], report->runtimes[number].python[1]);
	if (alike)
		pyi_line_printf(&w->line, PYI_STYLE_PLAIN, " #%zu", alike + 1);
}

static void put_runtimes(struct writer *w)
{
	const struct pyi_report *report = w->report;
	struct pyi_line *line = &w->line;

	for (size_t i = 0; i < report->n_runtimes; i++) {
		const struct pyi_report_runtime *runtime = &report->runtimes[i];
		size_t alike = count_alike(report, i);

		pyi_line_put(line, PYI_STYLE_PLAIN, runtime->name);
		if (alike)
			pyi_line_printf(line, PYI_STYLE_PLAIN, " #%zu", alike + 1);
		if (report->n_runtimes > 1 && *runtime->module)
			pyi_line_printf(line, PYI_STYLE_PLAIN, " (%s)", runtime->module);
		pyi_line_put(line, PYI_STYLE_PLAIN, ", ");
	}
	if (report->n_runtimes == 0)
		pyi_line_put(line, PYI_STYLE_PLAIN, "no runtime, ");
}

static void write_header(struct writer *w, size_t folded)
{
	const struct pyi_report *report = w->report;
	struct pyi_line *line = &w->line;
	const char *kind = report->kind == PYI_TARGET_CORE ? "Core of process" : "Process";
	size_t interpreters = 0;
	bool collecting = false, finalizing = false;

	for (size_t i = 0; i < report->n_runtimes; i++) {
		interpreters += report->runtimes[i].interpreters;
		collecting |= report->runtimes[i].gc_running == 1;
		finalizing |= report->runtimes[i].finalizing == 1;
	}
	pyi_line_printf(line, PYI_STYLE_HEAD, "%s %d: ", kind, (int)report->pid);
	for (size_t i = 0; i < report->n_cmdline; i++)
		pyi_line_printf(line, PYI_STYLE_PLAIN, i ? " %s" : "%s", report->cmdline[i]);
	if (report->n_cmdline == 0 && report->exe)
		pyi_line_put(line, PYI_STYLE_PLAIN, report->exe);
	pyi_line_end(line);
	pyi_render_signal(line, report);
	put_runtimes(w);
	if (report->n_threads != report->all_threads)
		pyi_line_printf(line, PYI_STYLE_PLAIN, "%zu of ", report->n_threads);
	pyi_line_printf(line, PYI_STYLE_PLAIN, "%zu thread%s", report->all_threads,
			report->all_threads == 1 ? "" : "s");
	if (interpreters > report->n_runtimes)
		pyi_line_printf(line, PYI_STYLE_PLAIN, ", %zu interpreters", interpreters);
	if (collecting)
		pyi_line_put(line, PYI_STYLE_PLAIN, ", garbage collection running");
	if (finalizing)
		pyi_line_put(line, PYI_STYLE_PLAIN, ", finalizing");
	if (report->kind != PYI_TARGET_CORE && report->paused_ns) {
		pyi_line_put(line, PYI_STYLE_PLAIN, ", paused for ");
		put_duration(line, report->paused_ns);
	} else if (report->kind != PYI_TARGET_CORE && !report->signal.number) {
		pyi_line_put(line, PYI_STYLE_PLAIN, ", not stopped");
	}
	pyi_line_end(line);
	if (folded) {
		pyi_line_printf(line, PYI_STYLE_DIM,
				"%zu frame%s of the interpreter itself folded (--native shows %s)",
				folded, folded == 1 ? "" : "s", folded == 1 ? "it" : "them");
		pyi_line_end(line);
	}
}

static void put_thread_id(struct writer *w, const struct pyi_report_thread *thread)
{
	pyi_line_printf(&w->line, PYI_STYLE_HEAD, "%d", (int)thread->tid);
	if (thread->name)
		pyi_line_printf(&w->line, PYI_STYLE_HEAD, " \"%s\"", thread->name);
	else if (thread->comm && *thread->comm)
		pyi_line_printf(&w->line, PYI_STYLE_HEAD, " %s", thread->comm);
}

/* A futex's address tells a reader nothing, and the GIL is said in words of its own. */
static bool wait_worth_saying(const struct pyi_report_thread *thread)
{
	static const char *const kinds[] = {"fd", "sleep", "child"};

	for (size_t i = 0; thread->wait_kind && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(thread->wait_kind, kinds[i]) == 0)
			return thread->wait_text != NULL;
	return false;
}

static void put_thread_state(struct writer *w, const struct pyi_report_thread *thread)
{
	struct pyi_line *line = &w->line;

	if (w->report->kind == PYI_TARGET_CORE) /* a core does not say */
		pyi_line_put(line, PYI_STYLE_PLAIN, thread->in_syscall ? "was" : "ran");
	else
		pyi_line_put(line, PYI_STYLE_PLAIN, state_words(thread->state));
	if (thread->in_syscall) {
		pyi_line_put(line, PYI_STYLE_PLAIN, " in ");
		if (thread->syscall)
			pyi_line_put(line, PYI_STYLE_PLAIN, thread->syscall);
		else
			pyi_line_printf(line, PYI_STYLE_PLAIN, "system call %ld",
					thread->syscall_nr);
	}
	if (wait_worth_saying(thread))
		pyi_line_printf(line, PYI_STYLE_PLAIN, ", %s", thread->wait_text);
	if (thread->gil == PYI_GIL_HELD)
		pyi_line_put(line, PYI_STYLE_HEAD, ", holds the GIL");
	if (thread->gil == PYI_GIL_WAITING)
		pyi_line_printf(line, PYI_STYLE_HEAD, ", waits for %s",
				thread->wait_text ? thread->wait_text : "the GIL");
	if (thread->gil == PYI_GIL_WAITING && thread->wait_owner)
		pyi_line_printf(line, PYI_STYLE_PLAIN, ", held by thread %d",
				(int)thread->wait_owner);
	if (thread->interpreter > 0)
		pyi_line_printf(line, PYI_STYLE_PLAIN, ", interpreter %" PRId64,
				thread->interpreter);
	if (thread->crashed)
		pyi_line_put(line, PYI_STYLE_WARN, ", crashed");
}

/* Bytes of a native function's name without what the compiler adds to the name of a part or copy
 * of it (time_sleep.lto_priv.0). */
static size_t plain_name_length(const char *function)
{
	static const char *const suffixes[] = {".lto_priv", ".constprop", ".isra",
					       ".part",     ".cold",      ".localalias"};
	size_t len = strlen(function);

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		const char *at = strstr(function, suffixes[i]);

		if (at && at > function && (size_t)(at - function) < len)
			len = (size_t)(at - function);
	}
	return len;
}

static void write_native(struct writer *w, const struct pyi_report_frame *frame, size_t column)
{
	struct pyi_line *line = &w->line;

	pyi_line_put(line, PYI_STYLE_DIM, frame->kind == PYI_FRAME_KERNEL ? "kernel" : "C");
	pyi_line_pad(line, 2 + KIND_COLUMNS, 1);
	if (frame->signal) /* its name, if it has one, tells few readers anything */
		pyi_line_put(line, PYI_STYLE_DIM, SIGNAL_FRAME);
	else if (frame->function)
		pyi_line_printf(line, PYI_STYLE_DIM, "%.*s",
				(int)plain_name_length(frame->function), frame->function);
	else
		pyi_line_printf(line, PYI_STYLE_DIM, "0x%" PRIx64, frame->pc);
	if (frame->inlined)
		pyi_line_put(line, PYI_STYLE_DIM, " (inlined)");
	if (frame->module || frame->file)
		pyi_line_pad(line, column, 2);
	if (frame->module)
		pyi_line_put(line, PYI_STYLE_DIM, frame->module);
	if (frame->file) {
		const char *slash = strrchr(frame->file, '/');

		pyi_line_printf(line, PYI_STYLE_DIM, "%s%s", frame->module ? " " : "",
				slash ? slash + 1 : frame->file);
		if (frame->line)
			pyi_line_printf(line, PYI_STYLE_DIM, ":%d", frame->line);
	}
	pyi_line_end(line);
}

static void write_locals(struct writer *w, const struct pyi_report_local *locals, size_t n,
			 size_t column)
{
	struct pyi_line *line = &w->line;

	for (size_t i = 0; i < n; i++) {
		const struct pyi_report_local *local = &locals[i];

		pyi_line_pad(line, column, 0);
		pyi_line_put(line, PYI_STYLE_LOCAL, local->name ? local->name : "?");
		pyi_line_put(line, PYI_STYLE_PLAIN, " = ");
		pyi_line_put(line, local->unreadable ? PYI_STYLE_WARN : PYI_STYLE_PLAIN,
			     local->repr ? local->repr : "<unreadable>");
		if (local->truncated)
			pyi_line_put(line, PYI_STYLE_DIM, " [cut]");
		pyi_line_end(line);
		write_locals(w, local->fields, local->n_fields, column + 2);
	}
}

static void write_python(struct writer *w, const struct pyi_report_frame *frame, size_t column)
{
	struct pyi_line *line = &w->line;
	char number[16] = "";
	char *place = NULL;

	put_python_kind(w, frame->runtime);
	pyi_line_pad(line, 2 + KIND_COLUMNS, 1);
	pyi_line_put(line, PYI_STYLE_PYTHON, frame->function ? frame->function : "?");
	pyi_line_pad(line, column, 2);
	if (frame->line)
		snprintf(number, sizeof(number), ":%d", frame->line);
	if (asprintf(&place, "%s%s", frame->file ? frame->file : "?", number) >= 0)
		pyi_line_put_tail(line, PYI_STYLE_PLACE, place);
	free(place);
	pyi_line_end(line);
	if (frame->source && *frame->source) {
		pyi_line_pad(line, DETAIL_COLUMN, 0);
		pyi_line_printf(line, PYI_STYLE_DIM, "> %s", frame->source);
		pyi_line_end(line);
	}
	if (!w->no_locals)
		write_locals(w, frame->locals, frame->n_locals, DETAIL_COLUMN);
}

static void write_frame(struct writer *w, const struct pyi_report_frame *frame, size_t column)
{
	pyi_line_pad(&w->line, 2, 0);
	if (frame->kind == PYI_FRAME_PYTHON)
		write_python(w, frame, column);
	else
		write_native(w, frame, column);
}

/* Columns that a frame's function takes before it is escaped. */
static size_t function_width(const struct pyi_report_frame *frame)
{
	size_t len = 0;

	if (frame->signal)
		return strlen(SIGNAL_FRAME);
	if (!frame->function)
		return strlen("0x7fffffffffff");
	len = frame->kind == PYI_FRAME_PYTHON ? strlen(frame->function)
					      : plain_name_length(frame->function);
	return pyi_print_width(frame->function, len) + (frame->inlined ? strlen(" (inlined)") : 0);
}

/* Where the second column begins: after the longest function name, within reason. */
static size_t place_column(const struct pyi_view *view)
{
	size_t longest = 0;

	for (size_t i = 0; i < view->n; i++) {
		size_t width = function_width(view->frames[i]);

		if (width > longest && width <= MAX_FUNCTION)
			longest = width;
	}
	return 2 + KIND_COLUMNS + longest + 2;
}

static void write_frames(struct writer *w, const struct pyi_view *view)
{
	size_t column = place_column(view);

	for (size_t i = 0; i < view->n;) {
		struct pyi_run run = pyi_view_run(view, i);
		size_t rounds = run.times;
		bool locals = view->frames[i]->has_locals;

		if (run.times > 1)
			rounds = locals ? ROUNDS_WITH_LOCALS : 1;
		if (rounds + 1 >= run.times)
			rounds = run.times;
		for (size_t end = i + run.period * rounds; i < end; i++)
			write_frame(w, view->frames[i], column);
		if (rounds == run.times)
			continue;
		i += run.period * (run.times - rounds);
		pyi_line_pad(&w->line, 2, 0);
		if (run.period == 1)
			pyi_line_put(&w->line, PYI_STYLE_DIM, "... this frame");
		else
			pyi_line_printf(&w->line, PYI_STYLE_DIM, "... these %zu frames",
					run.period);
		pyi_line_printf(&w->line, PYI_STYLE_DIM, " repeated %zu more times%s",
				run.times - rounds, locals ? " (--json has their locals)" : "");
		pyi_line_end(&w->line);
	}
}

static void write_remark(struct writer *w, const char *text)
{
	pyi_line_pad(&w->line, 2, 0);
	pyi_line_printf(&w->line, PYI_STYLE_WARN, "(%s)", text);
	pyi_line_end(&w->line);
}

static void write_stack(struct writer *w, const struct pyi_report_thread *thread,
			const struct pyi_view *view)
{
	bool last_is_inner = w->options->traceback;

	pyi_render_exception(&w->line, &thread->exception);
	if (last_is_inner && thread->note)
		write_remark(w, thread->note);
	write_frames(w, view);
	if (view->n == 0 && !thread->note)
		write_remark(w, "no frames");
	if (!last_is_inner && thread->note)
		write_remark(w, thread->note);
	pyi_render_registers(&w->line, thread);
}

/* The threads of a group from report->threads[from] on, ids that follow each other as a range. */
static void write_more(struct writer *w, const size_t *group_of, size_t group, size_t from,
		       size_t n)
{
	const struct pyi_report_thread *threads = w->report->threads;
	pid_t first = 0, last = 0;

	pyi_line_printf(&w->line, PYI_STYLE_PLAIN, "  and %zu more:", n);
	for (size_t i = from; i <= w->report->n_threads; i++) {
		bool done = i == w->report->n_threads;

		if (!done && group_of[i] != group)
			continue;
		if (first && !done && threads[i].tid == last + 1) {
			last++;
			continue;
		}
		if (first)
			pyi_line_printf(&w->line, PYI_STYLE_PLAIN, " %d", (int)first);
		if (first != last)
			pyi_line_printf(&w->line, PYI_STYLE_PLAIN, "-%d", (int)last);
		if (!done)
			first = last = threads[i].tid;
	}
	pyi_line_end(&w->line);
}

static void write_group_head(struct writer *w, const size_t *group_of, size_t group, size_t n)
{
	struct pyi_line *line = &w->line;
	size_t listed = 0;

	if (n > 1) {
		pyi_line_printf(line, PYI_STYLE_HEAD, "%zu threads with this stack:", n);
		pyi_line_end(line);
	}
	for (size_t i = group; i < w->report->n_threads; i++) {
		const struct pyi_report_thread *thread = &w->report->threads[i];

		if (group_of[i] != group)
			continue;
		if (listed++ == MAX_LISTED && n > MAX_LISTED + 1) {
			write_more(w, group_of, group, i, n - MAX_LISTED);
			return;
		}
		pyi_line_put(line, PYI_STYLE_HEAD, n > 1 ? "  " : "Thread ");
		put_thread_id(w, thread);
		pyi_line_put(line, PYI_STYLE_PLAIN, ": ");
		put_thread_state(w, thread);
		pyi_line_end(line);
	}
}

static void write_threads(struct writer *w, const struct pyi_view *views, const size_t *group_of)
{
	size_t n_threads = w->report->n_threads;

	for (size_t g = 0; g < n_threads; g++) {
		size_t n = 0;

		if (group_of[g] != g)
			continue;
		for (size_t i = g; i < n_threads; i++)
			n += group_of[i] == g;
		pyi_line_end(&w->line);
		write_group_head(w, group_of, g, n);
		w->no_locals = w->report->signal.number && !w->report->threads[g].crashed;
		write_stack(w, &w->report->threads[g], &views[g]);
	}
}

static bool same_stack(const struct pyi_report *report, const struct pyi_view *views, size_t a,
		       size_t b)
{
	const char *x = report->threads[a].note, *y = report->threads[b].note;

	/* An exception is of one thread, and so is a crash. */
	if (report->threads[a].exception.state || report->threads[b].exception.state ||
	    report->threads[a].crashed || report->threads[b].crashed)
		return false;
	if (x != y && (!x || !y || strcmp(x, y) != 0))
		return false;
	/* Locals are shown of the thread that crashed only. */
	return views[a].n > 0 && pyi_view_equal(&views[a], &views[b], !report->signal.number);
}

/* group_of[i] is the first thread with i's stack. */
static void find_groups(const struct pyi_report *report, const struct pyi_view *views,
			size_t *group_of)
{
	for (size_t i = 0; i < report->n_threads; i++) {
		group_of[i] = i;
		for (size_t j = 0; j < i && group_of[i] == i; j++)
			if (group_of[j] == j && same_stack(report, views, j, i))
				group_of[i] = j;
	}
}

static void write_warnings(struct writer *w)
{
	if (w->report->n_warnings)
		pyi_line_end(&w->line);
	for (size_t i = 0; i < w->report->n_warnings; i++) {
		pyi_line_printf(&w->line, PYI_STYLE_WARN, "warning: %s", w->report->warnings[i]);
		pyi_line_end(&w->line);
	}
}

static struct pyi_error *render(const struct pyi_report *report,
				const struct pyi_render_options *options, FILE *out)
{
	struct writer w = {
		.report = report,
		.options = options,
		.line = {.out = out, .color = options->color, .width = options->width},
	};
	struct pyi_view *views = calloc(report->n_threads + 1, sizeof(*views));
	size_t *group_of = calloc(report->n_threads + 1, sizeof(*group_of));
	struct pyi_error *err = views && group_of ? NULL : &pyi_enomem;
	size_t folded = 0;

	for (size_t i = 0; !err && i < report->n_threads; i++) {
		err = pyi_view_init(&views[i], &report->threads[i], options);
		folded += views[i].folded;
	}
	if (!err) {
		find_groups(report, views, group_of);
		write_header(&w, folded);
		/* Of a core they say what could not be had to begin with. */
		if (report->kind == PYI_TARGET_CORE)
			write_warnings(&w);
		write_threads(&w, views, group_of);
		pyi_render_modules(&w.line, report);
		if (report->kind != PYI_TARGET_CORE)
			write_warnings(&w);
	}
	for (size_t i = 0; views && i < report->n_threads; i++)
		pyi_view_deinit(&views[i]);
	free(views);
	free(group_of);
	pyi_line_deinit(&w.line);
	return err;
}

const struct pyi_renderer pyi_render_text = {.name = "text", .render = render};
