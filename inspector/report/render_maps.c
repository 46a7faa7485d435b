/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The address space as text, made to be read at 80 columns: first what uses how much, then the
 * picture as textbooks draw it, high addresses first. Neighbours that belong together (the parts of
 * a module, arenas) share a line, and small gaps are passed over, unless all is asked for.
 */
#include "report/render_maps.h"

#include "base/format.h"
#include "report/line.h"
#include "report/report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define BAR_COLUMNS   18u /* where there is room */
#define ROLE_COLUMNS  21u
#define KERNEL_LO     UINT64_C(0xffff800000000000)
#define USER_HI       UINT64_C(0x800000000000)
#define SMALL_GAP     (UINT64_C(1) << 20)
#define SIZE_COLUMNS  8u  /* "1023 KiB" */
#define WHAT_COLUMN   41u /* address, perms, size, resident before it */
#define ADDRESS_WIDTH 18u

struct writer {
	const struct pyi_addrspace *space;
	const struct pyi_maps_options *options;
	struct pyi_line line;
};

static bool live(const struct pyi_addrspace *space)
{
	return space->kind == PYI_TARGET_LIVE;
}

/* Three figures and a unit. */
static void format_size(char *buf, size_t size, uint64_t bytes)
{
	static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	double value = (double)bytes / 1024;
	size_t unit = 0;

	while (value >= 1023.5 && unit < 5) {
		value /= 1024;
		unit++;
	}
	if (bytes == 0)
		snprintf(buf, size, "0");
	else if (value < 99.95 && unit)
		snprintf(buf, size, "%.1f %s", value, units[unit]);
	else
		snprintf(buf, size, "%.0f %s", value, units[unit]);
}

static void put_size(struct pyi_line *line, uint64_t bytes)
{
	char text[32] = "?";

	if (bytes != PYI_RSS_UNKNOWN)
		format_size(text, sizeof(text), bytes);
	pyi_line_printf(line, PYI_STYLE_PLAIN, "%*s", (int)SIZE_COLUMNS, text);
}

/* Both bars of a line of the summary get what its figures leave. */
static size_t bar_columns(const struct pyi_line *line)
{
	const size_t figures = ROLE_COLUMNS + 2 * SIZE_COLUMNS + 4;

	if (!line->width || line->width >= figures + 2 * BAR_COLUMNS)
		return BAR_COLUMNS;
	return line->width > figures ? (line->width - figures) / 2 : 0;
}

/* Where the second figure of a line of the summary begins. */
static size_t second_column(const struct pyi_line *line)
{
	return ROLE_COLUMNS + SIZE_COLUMNS + 1 + bar_columns(line) + 2;
}

/* Blocks of eighths; whatever is not nothing shows. */
static void put_bar(struct pyi_line *line, enum pyi_style style, uint64_t value, uint64_t most)
{
	static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
	char bar[BAR_COLUMNS * 3 + 1] = "";
	double most_eighths = (double)bar_columns(line) * 8;
	size_t n = most ? (size_t)((double)value / (double)most * most_eighths + 0.5) : 0;

	if (value && !n && bar_columns(line))
		n = 1;
	for (; n >= 8 && strlen(bar) + 3 < sizeof(bar); n -= 8)
		strcat(bar, eighths[8]);
	if (n && n < 8 && strlen(bar) + 3 < sizeof(bar))
		strcat(bar, eighths[n]);
	pyi_line_put(line, style, bar);
}

static enum pyi_style style_of(enum pyi_role role)
{
	switch (role) {
	case PYI_ROLE_STACK:
	case PYI_ROLE_THREAD_STACK:
	case PYI_ROLE_DATA_STACK: return PYI_STYLE_HEAD;
	case PYI_ROLE_ARENA: return PYI_STYLE_PYTHON;
	case PYI_ROLE_INTERP_TEXT:
	case PYI_ROLE_INTERP_RODATA:
	case PYI_ROLE_INTERP_DATA:
	case PYI_ROLE_INTERP_BSS:
	case PYI_ROLE_EXTENSION: return PYI_STYLE_PLACE;
	case PYI_ROLE_HEAP: return PYI_STYLE_LOCAL;
	case PYI_ROLE_GUARD:
	case PYI_ROLE_RESERVED: return PYI_STYLE_DIM;
	default: return PYI_STYLE_PLAIN;
	}
}

/* ---- head and summary ---- */

static void write_head(struct writer *w)
{
	const struct pyi_addrspace *space = w->space;
	struct pyi_line *line = &w->line;

	pyi_line_printf(line, PYI_STYLE_HEAD, "Process %d: ", (int)space->pid);
	for (size_t i = 0; i < space->n_cmdline; i++)
		pyi_line_printf(line, PYI_STYLE_PLAIN, i ? " %s" : "%s", space->cmdline[i]);
	pyi_line_end(line);
	pyi_line_printf(line, PYI_STYLE_PLAIN, "%s, %zu thread%s, ", space->runtime,
			space->n_threads, space->n_threads == 1 ? "" : "s");
	if (!live(space))
		pyi_line_printf(line, PYI_STYLE_PLAIN, "from a %s",
				pyi_target_kind_name(space->kind));
	else if (space->paused_ns)
		pyi_line_printf(line, PYI_STYLE_PLAIN, "paused for %" PRIu64 " us",
				(space->paused_ns + 500) / 1000);
	else
		pyi_line_put(line, PYI_STYLE_PLAIN, "not stopped");
	pyi_line_end(line);
	pyi_vec_for_each (warning, &space->warnings) {
		pyi_line_printf(line, PYI_STYLE_WARN, "Warning: %s", *warning);
		pyi_line_end(line);
	}
}

static void write_total(struct writer *w)
{
	uint64_t size = 0, rss = 0, unknown = w->space->roles[PYI_ROLE_ANONYMOUS].rss;

	for (int i = 0; i < PYI_ROLE_COUNT; i++) {
		size += w->space->roles[i].size;
		rss += w->space->roles[i].rss;
	}
	pyi_line_pad(&w->line, 2, 0);
	pyi_line_put(&w->line, PYI_STYLE_HEAD, "in all");
	pyi_line_pad(&w->line, ROLE_COLUMNS, 1);
	put_size(&w->line, size);
	pyi_line_pad(&w->line, second_column(&w->line), 1);
	put_size(&w->line, w->space->rss_known ? rss : PYI_RSS_UNKNOWN);
	if (rss)
		pyi_line_printf(&w->line, PYI_STYLE_DIM, " %.1f %% of it known",
				100 * (double)(rss - unknown) / (double)rss);
	pyi_line_end(&w->line);
}

/* Addresses that are only taken would dwarf everything else: they have no bar. */
static void write_summary(struct writer *w)
{
	const struct pyi_addrspace *space = w->space;
	struct pyi_line *line = &w->line;
	uint64_t most_size = 0, most_rss = 0;

	for (int i = 0; i < PYI_ROLE_COUNT; i++) {
		if (i != PYI_ROLE_RESERVED && space->roles[i].size > most_size)
			most_size = space->roles[i].size;
		if (space->roles[i].rss > most_rss)
			most_rss = space->roles[i].rss;
	}
	pyi_line_end(line);
	pyi_line_put(line, PYI_STYLE_DIM, "  Role                   Size");
	pyi_line_pad(line, second_column(line), 1);
	pyi_line_put(line, PYI_STYLE_DIM, live(space) ? "Resident" : " In file");
	pyi_line_end(line);
	for (int i = 0; i < PYI_ROLE_COUNT; i++) {
		if (!space->roles[i].size)
			continue;
		pyi_line_pad(line, 2, 0);
		pyi_line_put(line, style_of((enum pyi_role)i), pyi_role_name((enum pyi_role)i));
		pyi_line_pad(line, ROLE_COLUMNS, 1);
		put_size(line, space->roles[i].size);
		pyi_line_pad(line, ROLE_COLUMNS + SIZE_COLUMNS + 1, 1);
		if (i != PYI_ROLE_RESERVED)
			put_bar(line, PYI_STYLE_DIM, space->roles[i].size, most_size);
		pyi_line_pad(line, second_column(line), 1);
		put_size(line, space->rss_known ? space->roles[i].rss : PYI_RSS_UNKNOWN);
		pyi_line_pad(line, second_column(line) + SIZE_COLUMNS + 1, 1);
		put_bar(line, PYI_STYLE_PYTHON, space->roles[i].rss, most_rss);
		pyi_line_end(line);
	}
	write_total(w);
}

/* ---- the picture ---- */

/* Ranges first .. last that share a line. */
struct group {
	const struct pyi_range *first, *last;
	uint64_t size, rss;
};

static bool same_thing(const struct pyi_range *low, const struct pyi_range *high)
{
	if (low->module || high->module)
		return low->module && high->module && strcmp(low->module, high->module) == 0;
	return low->hi == high->lo && low->role == high->role && low->perm == high->perm &&
	       (low->role == PYI_ROLE_ARENA || low->role == PYI_ROLE_HEAP) && !low->path &&
	       !high->path;
}

static struct group group_below(const struct writer *w, const struct pyi_range *last)
{
	const struct pyi_range *ranges = w->space->ranges.data;
	struct group group = {last, last, last->hi - last->lo, last->rss};

	while (!w->options->all && group.first > ranges &&
	       same_thing(group.first - 1, group.first)) {
		group.first--;
		group.size += group.first->hi - group.first->lo;
		if (group.rss != PYI_RSS_UNKNOWN)
			group.rss += group.first->rss;
	}
	return group;
}

static void put_perms(struct pyi_line *line, unsigned perm)
{
	pyi_line_printf(line, PYI_STYLE_PLAIN, "%c%c%c%c", perm & PYI_PERM_R ? 'r' : '-',
			perm & PYI_PERM_W ? 'w' : '-', perm & PYI_PERM_X ? 'x' : '-',
			perm & PYI_PERM_SHARED ? 's' : 'p');
}

static void put_columns(struct pyi_line *line, uint64_t lo)
{
	pyi_line_printf(line, PYI_STYLE_DIM, "0x%" PRIx64, lo);
	pyi_line_pad(line, ADDRESS_WIDTH, 1);
}

static void put_single(struct pyi_line *line, const struct pyi_range *range)
{
	pyi_line_put(line, style_of(range->role), pyi_role_name(range->role));
	if (range->detail)
		pyi_line_printf(line, PYI_STYLE_PLAIN, "  %s", range->detail);
}

/* A module as a whole, or so many ranges of a kind. */
static void put_several(struct pyi_line *line, const struct group *group)
{
	const struct pyi_range *range = group->first;
	size_t n = (size_t)(group->last - group->first) + 1;

	if (!range->module) {
		pyi_line_put(line, style_of(range->role), pyi_role_name(range->role));
		pyi_line_printf(line, PYI_STYLE_PLAIN, "  %zu of them", n);
	} else if (range->role == PYI_ROLE_EXTENSION) {
		const char *detail = range->detail ? range->detail : "";

		pyi_line_put(line, style_of(range->role), pyi_role_name(range->role));
		pyi_line_printf(line, PYI_STYLE_PLAIN, "  %.*s", (int)strcspn(detail, ":"), detail);
	} else {
		bool interpreter = range->role <= PYI_ROLE_INTERP_BSS;

		pyi_line_put(line, style_of(range->role), interpreter ? "interpreter" : "library");
		pyi_line_printf(line, PYI_STYLE_PLAIN, "  %s", range->module);
	}
}

static void write_group(struct writer *w, const struct group *group)
{
	struct pyi_line *line = &w->line;

	put_columns(line, group->first->lo);
	if (group->first->perm == group->last->perm)
		put_perms(line, group->first->perm);
	pyi_line_pad(line, ADDRESS_WIDTH + 5, 1);
	put_size(line, group->size);
	pyi_line_pad(line, line->columns + 1, 1);
	put_size(line, group->rss);
	pyi_line_pad(line, WHAT_COLUMN, 2);
	if (group->first == group->last)
		put_single(line, group->first);
	else
		put_several(line, group);
	pyi_line_end(line);
}

static void write_gap(struct writer *w, const char *word, uint64_t lo, uint64_t hi)
{
	char size[32];

	if (lo >= hi || (hi - lo < SMALL_GAP && !w->options->all))
		return;
	format_size(size, sizeof(size), hi - lo);
	pyi_line_pad(&w->line, 2, 0);
	pyi_line_put(&w->line, PYI_STYLE_DIM, "⋮");
	pyi_line_pad(&w->line, ADDRESS_WIDTH + 5, 1);
	pyi_line_printf(&w->line, PYI_STYLE_DIM, "%*s           %s", (int)SIZE_COLUMNS, size, word);
	pyi_line_end(&w->line);
}

/* The kernel's half from lo to hi (0: the top). */
static void write_kernel(struct writer *w, uint64_t lo, uint64_t hi)
{
	put_columns(&w->line, lo);
	pyi_line_pad(&w->line, ADDRESS_WIDTH + 5, 1);
	put_size(&w->line, hi - lo);
	pyi_line_pad(&w->line, WHAT_COLUMN, 2);
	pyi_line_put(&w->line, PYI_STYLE_PLAIN, "kernel");
	pyi_line_end(&w->line);
}

static void write_picture(struct writer *w)
{
	const struct pyi_range *ranges = w->space->ranges.data;
	const struct pyi_range *at = ranges + w->space->ranges.len;
	uint64_t ceiling = 0; /* where what is drawn next must end */

	pyi_line_end(&w->line);
	pyi_line_printf(&w->line, PYI_STYLE_DIM, "From              Perms    Size %s  What",
			live(w->space) ? "Resident" : " In file");
	pyi_line_end(&w->line);
	/* vsyscall is a page of the kernel's half. */
	for (; at > ranges && at[-1].lo >= KERNEL_LO; at--) {
		struct group group = {at - 1, at - 1, at[-1].hi - at[-1].lo, at[-1].rss};

		if (at[-1].hi != ceiling)
			write_kernel(w, at[-1].hi, ceiling);
		write_group(w, &group);
		ceiling = at[-1].lo;
	}
	write_kernel(w, KERNEL_LO, ceiling);
	write_gap(w, "no addresses", USER_HI, KERNEL_LO);
	ceiling = USER_HI;
	while (at > ranges) {
		struct group group = group_below(w, at - 1);

		write_gap(w, "free", group.last->hi, ceiling);
		write_group(w, &group);
		ceiling = group.first->lo;
		at = group.first;
	}
}

/* ---- one address ---- */

static void write_item(struct writer *w, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
static void write_item(struct writer *w, const char *name, const char *fmt, ...)
{
	char *value;
	va_list ap;

	va_start(ap, fmt);
	value = pyi_vformat(fmt, ap);
	va_end(ap);
	pyi_line_printf(&w->line, PYI_STYLE_DIM, "  %s", name);
	pyi_line_pad(&w->line, 12, 1);
	pyi_line_put(&w->line, PYI_STYLE_PLAIN, value ? value : "?");
	pyi_line_end(&w->line);
	free(value);
}

static void write_mapping(struct writer *w, const struct pyi_range *range)
{
	char size[32], rss[32] = "?";

	format_size(size, sizeof(size), range->hi - range->lo);
	if (range->rss != PYI_RSS_UNKNOWN)
		format_size(rss, sizeof(rss), range->rss);
	write_item(w, "range", "0x%" PRIx64 "-0x%" PRIx64 " %c%c%c%c, %s, %s %s", range->lo,
		   range->hi, range->perm & PYI_PERM_R ? 'r' : '-',
		   range->perm & PYI_PERM_W ? 'w' : '-', range->perm & PYI_PERM_X ? 'x' : '-',
		   range->perm & PYI_PERM_SHARED ? 's' : 'p', size, rss,
		   live(w->space) ? "resident" : "of it in the file");
	if (range->path)
		write_item(w, "mapping", "%s", range->path);
}

static void write_where(struct writer *w, const struct pyi_whereis *where)
{
	const struct pyi_range *range = where->range;
	struct pyi_line *line = &w->line;

	pyi_line_printf(line, PYI_STYLE_HEAD, "0x%" PRIx64 ": ", where->addr);
	if (where->kernel)
		pyi_line_put(line, PYI_STYLE_PLAIN, "kernel");
	else if (!range)
		pyi_line_put(line, PYI_STYLE_PLAIN, "nothing is mapped there");
	else
		put_single(line, range);
	pyi_line_end(line);
	if (!range) {
		if (!where->kernel)
			write_item(w, "free", "0x%" PRIx64 "-0x%" PRIx64, where->free_lo,
				   where->free_hi);
		return;
	}
	write_mapping(w, range);
	if (where->symbol)
		write_item(w, "symbol", "%s+0x%" PRIx64, where->symbol, where->symbol_offset);
	if (where->module)
		write_item(w, "module", "%s+0x%" PRIx64, where->module, where->module_offset);
	if (where->below_top)
		write_item(w, "stack", "%" PRIu64 " bytes below its top%s", where->below_top,
			   where->in_use ? "" : ", not in use");
	if (where->frame)
		write_item(w, "frame", "%s", where->frame);
	if (where->block_lo)
		write_item(w, "block", "%u bytes at 0x%" PRIx64 ", %" PRIu64 " into it",
			   where->block_size, where->block_lo, where->addr - where->block_lo);
}

struct pyi_error *pyi_render_maps_text(const struct pyi_addrspace *space,
				       const struct pyi_whereis *where,
				       const struct pyi_maps_options *options, FILE *out)
{
	struct writer w = {
		.space = space,
		.options = options,
		.line = {.out = out, .color = options->color, .width = options->width},
	};
	struct pyi_error *err;

	if (where) {
		write_where(&w, where);
	} else {
		write_head(&w);
		write_summary(&w);
		write_picture(&w);
	}
	err = w.line.sb.failed ? &pyi_enomem : NULL;
	pyi_line_deinit(&w.line);
	return err;
}
