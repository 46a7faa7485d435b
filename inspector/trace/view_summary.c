/* SPDX-License-Identifier: BSD-2-Clause */
/* The summary: what each function's calls took. */
#include "trace/view.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static uint64_t mean(const struct pyi_function *function)
{
	return function->timed ? function->each_ns / function->timed : 0;
}

static void text_end(struct pyi_view *view, const struct pyi_trace_end *end)
{
	size_t n;
	struct pyi_function **list = pyi_functions_sorted(view->functions, PYI_BY_SELF_NS, &n);

	fprintf(view->out, "%10s %10s %10s %10s %10s %10s %10s %10s  %s\n", "CALLS", "TOTAL",
		"SELF", "MIN", "AVG", "P50", "P99", "MAX", "FUNCTION");
	for (size_t i = 0; list && i < n; i++) {
		const struct pyi_function *f = list[i];
		uint64_t of[] = {f->total_ns,
				 f->self_ns,
				 f->min_ns,
				 mean(f),
				 pyi_function_percentile(f, 0.5),
				 pyi_function_percentile(f, 0.99),
				 f->max_ns};
		char text[7][16];

		for (size_t k = 0; k < 7; k++) {
			if (f->timed)
				pyi_trace_duration(of[k], text[k]);
			else
				strcpy(text[k], "-");
		}
		fprintf(view->out, "%10" PRIu64 " %10s %10s %10s %10s %10s %10s %10s  %s  %s:%d\n",
			f->calls, text[0], text[1], text[2], text[3], text[4], text[5], text[6],
			f->qualname, f->file, f->line);
	}
	free(list);
}

const struct pyi_view_ops pyi_view_summary = {.end = text_end};

static void count_end(struct pyi_view *view, const struct pyi_trace_end *end)
{
	size_t n;
	struct pyi_function **list = pyi_functions_sorted(view->functions, PYI_BY_CALLS, &n);

	fprintf(view->out, "%12s  %s\n", "CALLS", "FUNCTION");
	for (size_t i = 0; list && i < n; i++)
		fprintf(view->out, "%12" PRIu64 "  %s  %s:%d\n", list[i]->calls, list[i]->qualname,
			list[i]->file, list[i]->line);
	free(list);
}

const struct pyi_view_ops pyi_view_count = {.end = count_end};

const struct pyi_view_ops pyi_view_nothing = {0};

static void json_function(FILE *out, const struct pyi_function *f)
{
	fprintf(out, "{%s,\"calls\":%" PRIu64 ",\"timed\":%" PRIu64, f->json, f->calls, f->timed);
	if (!f->timed) {
		fputs(",\"total_ns\":null,\"self_ns\":null,\"min_ns\":null,\"avg_ns\":null,"
		      "\"p50_ns\":null,\"p99_ns\":null,\"max_ns\":null,\"histogram\":[]}",
		      out);
		return;
	}
	fprintf(out,
		",\"total_ns\":%" PRIu64 ",\"self_ns\":%" PRIu64 ",\"min_ns\":%" PRIu64
		",\"avg_ns\":%" PRIu64 ",\"p50_ns\":%" PRIu64 ",\"p99_ns\":%" PRIu64
		",\"max_ns\":%" PRIu64 ",\"histogram\":[",
		f->total_ns, f->self_ns, f->min_ns, mean(f), pyi_function_percentile(f, 0.5),
		pyi_function_percentile(f, 0.99), f->max_ns);
	for (size_t i = 0, shown = 0; i < PYI_BUCKETS; i += PYI_BUCKETS_A_POWER) {
		uint64_t n = 0;

		for (size_t k = 0; k < PYI_BUCKETS_A_POWER; k++)
			n += f->buckets[i + k];
		if (n)
			fprintf(out, "%s{\"from_ns\":%" PRIu64 ",\"calls\":%" PRIu64 "}",
				shown++ ? "," : "", pyi_bucket_ns(i), n);
	}
	fputs("]}", out);
}

static void json_end(struct pyi_view *view, const struct pyi_trace_end *end)
{
	size_t n;
	struct pyi_function **list = pyi_functions_sorted(view->functions, PYI_BY_SELF_NS, &n);

	fprintf(view->out,
		"{\"schema\":\"pyinspect-trace-summary/1\",\"pid\":%d,\"runtime\":\"%s\","
		"\"events\":%" PRIu64 ",\"lost\":%" PRIu64
		",\"sites\":%zu,\"cost_ns_per_event\":%" PRIu64 ",\"functions\":[",
		(int)view->pid, view->runtime, end->events, end->lost, end->sites, end->cost_ns);
	for (size_t i = 0; list && i < n; i++) {
		if (i)
			putc(',', view->out);
		json_function(view->out, list[i]);
	}
	fputs("]}\n", view->out);
	free(list);
}

const struct pyi_view_ops pyi_view_summary_json = {.end = json_end};
