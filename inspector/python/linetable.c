/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The four line tables of CPython's code objects, decoded from bytes nobody vouches for: no read
 * beyond the table, no loop without progress, no number that overflows.
 *
 * Formats: CPython v2.7 and v3.9 Objects/lnotab_notes.txt, v3.10 Objects/lnotab_notes.txt (PEP
 * 626), v3.11 Objects/locations.md.
 */
#include "python/linetable.h"

#include <limits.h>
#include <stdbool.h>

/* A line that the table says nothing sensible about. */
static struct pyi_position at_line(int64_t line)
{
	return (struct pyi_position){.line = line > 0 && line <= INT_MAX ? (int)line : 0};
}

/* Pairs of unsigned address and line steps; the last line reached at or before the address. */
static struct pyi_position lnotab(const uint8_t *table, size_t len, int64_t line, uint64_t byte,
				  bool is_signed)
{
	uint64_t addr = 0;

	for (size_t i = 0; i + 1 < len; i += 2) {
		addr += table[i];
		if (addr > byte)
			break;
		line += is_signed ? (int8_t)table[i + 1] : table[i + 1];
	}
	return at_line(line);
}

/* Pairs of an extent in bytes and a line step; a step of -128 is "no line" but has its extent. */
static struct pyi_position linetable(const uint8_t *table, size_t len, int64_t line, uint64_t byte)
{
	uint64_t end = 0;

	for (size_t i = 0; i + 1 < len; i += 2) {
		int8_t step = (int8_t)table[i + 1];

		end += table[i];
		if (step != -128)
			line += step;
		if (byte < end)
			return at_line(step == -128 ? 0 : line);
	}
	return at_line(0);
}

/* A cursor over a location table; once it has failed it stays failed. */
struct cursor {
	const uint8_t *at, *end;
	bool failed;
};

static unsigned next_byte(struct cursor *c)
{
	if (c->at == c->end) {
		c->failed = true;
		return 0;
	}
	return *c->at++;
}

/* Six bits a byte, least significant first; bit 6 says that more follow. */
static uint32_t next_varint(struct cursor *c)
{
	uint32_t value = 0;

	for (unsigned shift = 0; shift < 30; shift += 6) {
		unsigned byte = next_byte(c);

		value |= (uint32_t)(byte & 63) << shift;
		if (!(byte & 64))
			return value;
	}
	c->failed = true;
	return 0;
}

static int64_t next_svarint(struct cursor *c)
{
	uint32_t value = next_varint(c);

	return value & 1 ? -(int64_t)(value >> 1) : (int64_t)(value >> 1);
}

/* Kinds of a location entry (CPython v3.11 Include/cpython/code.h, _PyCodeLocationInfoKind). */
enum location_kind {
	LOCATION_SHORT_LAST = 9, /* 0-9: same line, columns in one byte */
	LOCATION_ONE_LINE = 10,  /* 10-12: that many lines further, columns in two bytes */
	LOCATION_ONE_LINE_LAST = 12,
	LOCATION_NO_COLUMNS = 13,
	LOCATION_LONG = 14,
	LOCATION_NONE = 15,
};

/* One entry's payload: moves *line on and says what the entry's instructions belong to. */
static struct pyi_position next_location(struct cursor *c, unsigned kind, int64_t *line)
{
	struct pyi_position pos;
	int64_t end_line;

	if (kind == LOCATION_NONE)
		return at_line(0);
	if (kind == LOCATION_NO_COLUMNS) {
		*line += next_svarint(c);
		pos = at_line(*line);
		pos.end_line = pos.line;
		return pos;
	}
	if (kind == LOCATION_LONG) {
		*line += next_svarint(c);
		pos = at_line(*line);
		end_line = *line + next_varint(c);
		pos.end_line = at_line(end_line).line;
		pos.column = (int)next_varint(c);
		pos.end_column = (int)next_varint(c);
		return pos;
	}
	if (kind <= LOCATION_SHORT_LAST) {
		unsigned byte = next_byte(c);

		pos = at_line(*line);
		pos.column = (int)(kind << 3 | byte >> 4) + 1;
		pos.end_column = pos.column + (int)(byte & 15);
	} else {
		*line += kind - LOCATION_ONE_LINE;
		pos = at_line(*line);
		pos.column = (int)next_byte(c) + 1;
		pos.end_column = (int)next_byte(c) + 1;
	}
	pos.end_line = pos.line;
	return pos;
}

static struct pyi_position locations(const uint8_t *table, size_t len, int64_t line, uint64_t unit)
{
	struct cursor c = {.at = table, .end = table + len};
	uint64_t end = 0;

	while (c.at < c.end) {
		unsigned head = next_byte(&c);
		struct pyi_position pos;

		if (!(head & 0x80))
			break;
		pos = next_location(&c, head >> 3 & 15, &line);
		if (c.failed)
			break;
		end += (head & 7) + 1;
		if (unit < end)
			return pos;
	}
	return at_line(0);
}

struct pyi_position pyi_linetable_lookup(enum pyi_how_lines how, const uint8_t *table, size_t len,
					 int firstlineno, uint64_t lasti_units)
{
	uint64_t byte = lasti_units > UINT64_MAX / 2 ? UINT64_MAX : lasti_units * 2;

	if (lasti_units == UINT64_MAX || !table)
		return at_line(lasti_units == UINT64_MAX ? firstlineno : 0);
	switch (how) {
	case PYI_LINES_LNOTAB_UNSIGNED: return lnotab(table, len, firstlineno, lasti_units, false);
	case PYI_LINES_LNOTAB: return lnotab(table, len, firstlineno, byte, true);
	case PYI_LINES_LINETABLE: return linetable(table, len, firstlineno, byte);
	case PYI_LINES_LOCATIONS: return locations(table, len, firstlineno, lasti_units);
	}
	return at_line(0);
}
