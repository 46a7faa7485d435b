/* SPDX-License-Identifier: BSD-2-Clause */
/* The call tree, as uftrace draws it, and the flat list: one line an event. */
#include "trace/view.h"

const char *pyi_trace_event_name(enum pyi_frame_event event)
{
	static const char *const names[PYI_FRAME_EVENTS] = {
		[PYI_FRAME_CALL] = "call",     [PYI_FRAME_RESUME] = "resume",
		[PYI_FRAME_RETURN] = "return", [PYI_FRAME_YIELD] = "yield",
		[PYI_FRAME_UNWIND] = "unwind",
	};

	return names[event];
}

void pyi_trace_duration(uint64_t ns, char buf[16])
{
	static const char *const units[] = {"ns", "us", "ms", "s"};
	size_t unit = 1;
	double value = (double)ns / 1000;

	if (ns < 1000) {
		snprintf(buf, 16, "%u ns", (unsigned)ns);
		return;
	}
	while (value >= 999.9995 && unit < 3) {
		value /= 1000;
		unit++;
	}
	snprintf(buf, 16, "%.3f %s", value, units[unit]);
}

static bool is_entry(const struct pyi_trace_event *event)
{
	return event->event == PYI_FRAME_CALL || event->event == PYI_FRAME_RESUME;
}

/* Deeper calls than this many columns hold are drawn at the same place. */
static int indent(const struct pyi_trace_event *event)
{
	return (int)(event->depth < 60 ? event->depth - 1 : 59) * 2;
}

static void line_head(struct pyi_view *view, const struct pyi_trace_event *event, bool timed)
{
	char duration[16] = "";

	if (event->lost)
		fprintf(view->out, "%12s [%6d] | /* %llu events lost */\n", "", (int)event->tid,
			(unsigned long long)event->lost);
	if (timed)
		pyi_trace_duration(event->duration_ns, duration);
	fprintf(view->out, "%12s [%6d] | %*s", duration, (int)event->tid, indent(event), "");
}

static void flush_held(struct pyi_view *view)
{
	if (!view->holds)
		return;
	view->holds = false;
	line_head(view, &view->held, false);
	fprintf(view->out, "%s() {%s\n", view->held.function->qualname,
		view->held.event == PYI_FRAME_RESUME ? " /* resumed */" : "");
}

static const char *exit_note(const struct pyi_trace_event *event)
{
	if (event->event == PYI_FRAME_YIELD)
		return " /* yields */";
	return event->event == PYI_FRAME_UNWIND ? " /* raises */" : "";
}

static void tree_begin(struct pyi_view *view)
{
	fprintf(view->out, "%12s  %6s  | %s\n", "DURATION", "THREAD", "CALL");
}

static void tree_event(struct pyi_view *view, const struct pyi_trace_event *event)
{
	bool leaf = view->holds && !is_entry(event) && event->tid == view->held.tid &&
		    event->depth == view->held.depth && event->function == view->held.function;

	if (leaf) {
		struct pyi_trace_event both = *event;

		view->holds = false;
		both.lost += view->held.lost;
		line_head(view, &both, both.timed);
		fprintf(view->out, "%s();%s%s\n", event->function->qualname,
			view->held.event == PYI_FRAME_RESUME ? " /* resumed */" : "",
			exit_note(event));
		return;
	}
	flush_held(view);
	if (is_entry(event)) {
		view->held = *event;
		view->holds = true;
		return;
	}
	line_head(view, event, event->timed);
	fprintf(view->out, "} /* %s */%s\n", event->function->qualname, exit_note(event));
}

static void tree_end(struct pyi_view *view, const struct pyi_trace_end *end)
{
	flush_held(view);
	putc('\n', view->out);
	pyi_view_summary.end(view, end);
}

const struct pyi_view_ops pyi_view_tree = {
	.begin = tree_begin,
	.event = tree_event,
	.idle = flush_held,
	.end = tree_end,
};

static void flat_begin(struct pyi_view *view)
{
	fprintf(view->out, "%12s %8s %-6s %5s %12s  %s\n", "SECONDS", "THREAD", "EVENT", "DEPTH",
		"DURATION", "FUNCTION");
}

static void flat_event(struct pyi_view *view, const struct pyi_trace_event *event)
{
	char duration[16] = "";

	if (!view->begun_ns)
		view->begun_ns = event->t_ns;
	if (event->timed)
		pyi_trace_duration(event->duration_ns, duration);
	if (event->lost)
		fprintf(view->out, "%12s %8d %llu events lost\n", "", (int)event->tid,
			(unsigned long long)event->lost);
	fprintf(view->out, "%12.6f %8d %-6s %5u %12s  %s  %s:%d\n",
		(double)(event->t_ns - view->begun_ns) / 1e9, (int)event->tid,
		pyi_trace_event_name(event->event), event->depth, duration,
		event->function->qualname, event->function->file, event->function->line);
}

static void flat_end(struct pyi_view *view, const struct pyi_trace_end *end)
{
	putc('\n', view->out);
	pyi_view_summary.end(view, end);
}

const struct pyi_view_ops pyi_view_flat = {
	.begin = flat_begin,
	.event = flat_event,
	.end = flat_end,
};
