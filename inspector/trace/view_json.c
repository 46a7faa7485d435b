/* SPDX-License-Identifier: BSD-2-Clause */
/* One JSON object a line, schema pyinspect-trace/1; and Chrome's trace format, which
 * ui.perfetto.dev opens. A function's members were made once: an event is two integers and them. */
#include "trace/view.h"

#include <inttypes.h>

static void json_begin(struct pyi_view *view)
{
	fprintf(view->out,
		"{\"schema\":\"pyinspect-trace/1\",\"pid\":%d,\"runtime\":\"%s\","
		"\"clock\":\"CLOCK_MONOTONIC\"}\n",
		(int)view->pid, view->runtime);
}

static void json_event(struct pyi_view *view, const struct pyi_trace_event *event)
{
	fprintf(view->out, "{\"t\":%" PRIu64 ",\"tid\":%d,\"event\":\"%s\",%s,\"depth\":%u",
		event->t_ns, (int)event->tid, pyi_trace_event_name(event->event),
		event->function->json, event->depth);
	if (event->timed)
		fprintf(view->out, ",\"duration_ns\":%" PRIu64, event->duration_ns);
	else if (event->event != PYI_FRAME_CALL && event->event != PYI_FRAME_RESUME)
		fputs(",\"duration_ns\":null", view->out);
	if (event->lost)
		fprintf(view->out, ",\"lost_before\":%" PRIu64, event->lost);
	fputs("}\n", view->out);
}

static void json_end(struct pyi_view *view, const struct pyi_trace_end *end)
{
	fprintf(view->out,
		"{\"event\":\"end\",\"events\":%" PRIu64 ",\"lost\":%" PRIu64
		",\"sites\":%zu,\"cost_ns_per_event\":%" PRIu64 "}\n",
		end->events, end->lost, end->sites, end->cost_ns);
}

const struct pyi_view_ops pyi_view_json = {
	.begin = json_begin,
	.event = json_event,
	.end = json_end,
};

static void chrome_begin(struct pyi_view *view)
{
	fputs("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[", view->out);
}

static void chrome_event(struct pyi_view *view, const struct pyi_trace_event *event)
{
	bool entry = event->event == PYI_FRAME_CALL || event->event == PYI_FRAME_RESUME;

	/* An end without its begin would close another call. */
	if (!entry && !event->timed)
		return;
	fprintf(view->out, "%s\n{\"ph\":\"%s\",\"pid\":%d,\"tid\":%d,\"ts\":%.3f",
		view->comma ? "," : "", entry ? "B" : "E", (int)view->pid, (int)event->tid,
		(double)event->t_ns / 1000);
	view->comma = true;
	if (entry)
		fprintf(view->out, ",\"name\":%s,\"cat\":\"python\",\"args\":{%s,\"event\":\"%s\"}",
			event->function->json_name, event->function->json,
			pyi_trace_event_name(event->event));
	putc('}', view->out);
}

static void chrome_end(struct pyi_view *view, const struct pyi_trace_end *end)
{
	fprintf(view->out,
		"\n],\"otherData\":{\"runtime\":\"%s\",\"events\":%" PRIu64 ",\"lost\":%" PRIu64
		"}}\n",
		view->runtime, end->events, end->lost);
}

const struct pyi_view_ops pyi_view_chrome = {
	.begin = chrome_begin,
	.event = chrome_event,
	.end = chrome_end,
};
