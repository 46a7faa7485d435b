/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/print.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct range {
	uint32_t lo, hi; /* both inside */
};

/* Characters that move, hide or reorder text: the Unicode general categories Cc, Zl, Zp and those
 * of Cf that act on what is around them (UAX #9 bidi controls, tags, interlinear marks). */
static const struct range unsafe[] = {
	{0x00, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},       {0x61c, 0x61c},
	{0x180e, 0x180e}, {0x200b, 0x200f}, {0x2028, 0x202e},   {0x2060, 0x206f},
	{0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f},
};

/* Blocks that East_Asian_Width (UAX #11) has as W or F, and the emoji planes. */
static const struct range wide[] = {
	{0x1100, 0x115f},   {0x231a, 0x231b},   {0x2e80, 0x303e},   {0x3041, 0x33ff},
	{0x3400, 0x4dbf},   {0x4e00, 0x9fff},   {0xa000, 0xa4cf},   {0xa960, 0xa97f},
	{0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},
	{0xffe0, 0xffe6},   {0x16fe0, 0x18aff}, {0x1b000, 0x1b2ff}, {0x1f300, 0x1f64f},
	{0x1f680, 0x1f6ff}, {0x1f900, 0x1faff}, {0x20000, 0x3fffd},
};

/* Blocks of combining marks and variation selectors. */
static const struct range zero_width[] = {
	{0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},     {0x610, 0x61a},
	{0x64b, 0x65f},   {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},   {0x20d0, 0x20ff},
	{0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xe0100, 0xe01ef},
};

#define IN(c, table) in_table((c), (table), sizeof(table) / sizeof((table)[0]))

static bool in_table(uint32_t c, const struct range *table, size_t n)
{
	size_t lo = 0;

	while (lo < n) {
		size_t mid = lo + (n - lo) / 2;

		if (c < table[mid].lo)
			n = mid;
		else if (c > table[mid].hi)
			lo = mid + 1;
		else
			return true;
	}
	return false;
}

static void put_escape(struct pyi_strbuf *sb, uint32_t c)
{
	static const char letters[] = "\tt\nn\rr";
	const char *letter = c && c < 0x80 ? strchr(letters, (int)c) : NULL;

	if (letter)
		pyi_strbuf_printf(sb, "\\%c", letter[1]);
	else if (c < 0x100)
		pyi_strbuf_printf(sb, "\\x%02x", c);
	else if (c < 0x10000)
		pyi_strbuf_printf(sb, "\\u%04x", c);
	else
		pyi_strbuf_printf(sb, "\\U%08x", c);
}

void pyi_print_escape(struct pyi_strbuf *sb, const char *text, size_t len)
{
	const char *end = text + len;
	const char *clean = text; /* start of what needs no escape */

	while (text < end) {
		const char *start = text;
		uint32_t c = pyi_utf8_next(&text, end);

		if (c != PYI_UTF8_BAD && (c >= 0x20 && c < 0x7f))
			continue;
		if (c != PYI_UTF8_BAD && !IN(c, unsafe))
			continue;
		pyi_strbuf_append(sb, clean, (size_t)(start - clean));
		put_escape(sb, c == PYI_UTF8_BAD ? (unsigned char)*start : c);
		clean = text;
	}
	pyi_strbuf_append(sb, clean, (size_t)(end - clean));
}

static size_t char_width(uint32_t c)
{
	if (c < 0x300 || c == PYI_UTF8_BAD)
		return 1;
	if (IN(c, zero_width))
		return 0;
	return IN(c, wide) ? 2 : 1;
}

size_t pyi_print_width(const char *text, size_t len)
{
	const char *end = text + len;
	size_t columns = 0;

	while (text < end)
		columns += char_width(pyi_utf8_next(&text, end));
	return columns;
}

size_t pyi_print_fit(const char *text, size_t len, size_t columns)
{
	const char *p = text, *end = text + len;

	while (p < end) {
		const char *start = p;
		size_t width = char_width(pyi_utf8_next(&p, end));

		if (width > columns)
			return (size_t)(start - text);
		columns -= width;
	}
	return len;
}

bool pyi_color_parse(const char *word, enum pyi_color *ret)
{
	static const char *const words[] = {"auto", "always", "never"};

	for (size_t i = 0; i < 3; i++) {
		if (strcmp(word, words[i]) == 0) {
			*ret = (enum pyi_color)i;
			return true;
		}
	}
	return false;
}

bool pyi_color_enabled(enum pyi_color color, int fd)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (color != PYI_COLOR_AUTO)
		return color == PYI_COLOR_ALWAYS;
	if ((no_color && *no_color) || !term || strcmp(term, "dumb") == 0)
		return false;
	return isatty(fd) == 1;
}

size_t pyi_terminal_width(int fd)
{
	struct winsize size;
	const char *columns;

	if (isatty(fd) != 1)
		return 0;
	columns = getenv("COLUMNS");
	if (columns && atoi(columns) > 0)
		return (size_t)atoi(columns);
	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return 80;
}
