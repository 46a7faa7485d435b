/* SPDX-License-Identifier: BSD-2-Clause */
/* How long each function's calls took: a bar for every power of two. */
#include "trace/view.h"

#include <inttypes.h>
#include <stdlib.h>

enum { BAR = 40, POWERS = PYI_BUCKETS / PYI_BUCKETS_A_POWER };

static void print_bar(FILE *out, uint64_t n, uint64_t most)
{
	/* Eighths of a column; what is there at all is seen. */
	static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
	uint64_t length = n * BAR * 8 / most;

	if (n && !length)
		length = 1;
	for (uint64_t i = 0; i < length / 8; i++)
		fputs("█", out);
	fputs(eighths[length % 8], out);
}

static void print_function(FILE *out, const struct pyi_function *f)
{
	uint64_t powers[POWERS] = {0}, most = 1;
	size_t first = POWERS, last = 0;

	for (size_t i = 0; i < PYI_BUCKETS; i++)
		powers[i / PYI_BUCKETS_A_POWER] += f->buckets[i];
	for (size_t i = 0; i < POWERS; i++) {
		if (!powers[i])
			continue;
		if (first == POWERS)
			first = i;
		last = i;
		if (powers[i] > most)
			most = powers[i];
	}
	fprintf(out, "%s  %s:%d  %" PRIu64 " calls\n", f->qualname, f->file, f->line, f->timed);
	for (size_t i = first; i <= last; i++) {
		char from[16], to[16];

		pyi_trace_duration(pyi_bucket_ns(i * PYI_BUCKETS_A_POWER), from);
		pyi_trace_duration(pyi_bucket_ns((i + 1) * PYI_BUCKETS_A_POWER), to);
		fprintf(out, "  %10s - %10s %10" PRIu64 " ", from, to, powers[i]);
		print_bar(out, powers[i], most);
		putc('\n', out);
	}
	putc('\n', out);
}

static void end(struct pyi_view *view, const struct pyi_trace_end *unused)
{
	size_t n;
	/* Those whose calls took longest in all come first. */
	struct pyi_function **list = pyi_functions_sorted(view->functions, PYI_BY_EACH_NS, &n);

	for (size_t i = 0; list && i < n; i++)
		print_function(view->out, list[i]);
	free(list);
}

const struct pyi_view_ops pyi_view_histogram = {.end = end};
