/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/line.h"

#include "base/format.h"
#include "base/print.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define ELLIPSIS "\xe2\x80\xa6" /* one column */

static const char *const codes[] = {
	[PYI_STYLE_PLAIN] = "",
	[PYI_STYLE_HEAD] = "\033[1m",
	[PYI_STYLE_PYTHON] = "\033[1;36m",
	[PYI_STYLE_PLACE] = "\033[36m",
	[PYI_STYLE_LOCAL] = "\033[33m",
	[PYI_STYLE_DIM] = "\033[2m",
	[PYI_STYLE_WARN] = "\033[33m",
};

void pyi_line_deinit(struct pyi_line *line)
{
	pyi_strbuf_deinit(&line->sb);
}

static size_t room(const struct pyi_line *line)
{
	if (line->width == 0)
		return SIZE_MAX;
	return line->width > line->columns ? line->width - line->columns : 0;
}

static void put_raw(struct pyi_line *line, enum pyi_style style, const char *text, size_t len)
{
	bool styled = line->color && style != PYI_STYLE_PLAIN;

	if (styled)
		pyi_strbuf_puts(&line->sb, codes[style]);
	pyi_strbuf_append(&line->sb, text, len);
	if (styled)
		pyi_strbuf_puts(&line->sb, "\033[0m");
	line->columns += pyi_print_width(text, len);
}

void pyi_line_put(struct pyi_line *line, enum pyi_style style, const char *text)
{
	pyi_autostrbuf safe = PYI_STRBUF_INIT;
	size_t columns;

	if (line->cut || !*text)
		return;
	pyi_print_escape(&safe, text, strlen(text));
	if (safe.failed)
		return;
	columns = pyi_print_width(safe.data, safe.len);
	if (columns > room(line)) {
		size_t fit = room(line) ? pyi_print_fit(safe.data, safe.len, room(line) - 1) : 0;

		line->cut = true;
		if (!room(line))
			return;
		pyi_strbuf_truncate(&safe, fit);
		pyi_strbuf_puts(&safe, ELLIPSIS);
	}
	put_raw(line, style, safe.data, safe.len);
}

void pyi_line_printf(struct pyi_line *line, enum pyi_style style, const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = pyi_vformat(fmt, ap);
	va_end(ap);
	if (text)
		pyi_line_put(line, style, text);
	free(text);
}

void pyi_line_put_tail(struct pyi_line *line, enum pyi_style style, const char *text)
{
	pyi_autostrbuf safe = PYI_STRBUF_INIT;
	pyi_autostrbuf tail = PYI_STRBUF_INIT;
	const char *start;

	pyi_print_escape(&safe, text, strlen(text));
	if (safe.failed || line->cut || !safe.len)
		return;
	start = safe.data;
	if (pyi_print_width(safe.data, safe.len) > room(line)) {
		const char *end = safe.data + safe.len;

		pyi_strbuf_puts(&tail, ELLIPSIS);
		while (start < end &&
		       pyi_print_width(start, (size_t)(end - start)) + 1 > room(line))
			do
				start++;
			while ((*start & 0xc0) == 0x80);
	}
	pyi_strbuf_puts(&tail, start);
	if (!tail.failed)
		pyi_line_put(line, style, tail.data);
}

void pyi_line_pad(struct pyi_line *line, size_t column, size_t least)
{
	size_t n = column > line->columns ? column - line->columns : 0;

	if (n < least)
		n = least;
	if (n > room(line))
		n = room(line);
	for (size_t i = 0; i < n && !line->cut; i++) {
		pyi_strbuf_putc(&line->sb, ' ');
		line->columns++;
	}
}

void pyi_line_end(struct pyi_line *line)
{
	while (line->sb.len && line->sb.data[line->sb.len - 1] == ' ')
		pyi_strbuf_truncate(&line->sb, line->sb.len - 1);
	if (line->sb.len)
		fwrite(line->sb.data, 1, line->sb.len, line->out);
	putc('\n', line->out);
	pyi_strbuf_truncate(&line->sb, 0);
	line->columns = 0;
	line->cut = false;
}
