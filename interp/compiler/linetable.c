/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The location table: entries of 1 + n bytes. First byte: 0x80 | kind << 3 | units - 1; kinds:
 * 0..9 columns below 80 on the same line, 10..12 columns below 128 on this or one of the next two
 * lines, 13 a line without columns, 14 everything, 15 nothing. CPython v3.11 Objects/locations.md.
 */
#include "compiler/assemble.h"

#include "compiler/object_api.h"

enum { KIND_ONE_LINE = 10, KIND_NO_COLUMNS = 13, KIND_LONG = 14, KIND_NONE = 15 };
#define MAX_UNITS 8

static bool put(struct line_writer *w, unsigned byte)
{
	if (w->n == w->capacity) {
		int capacity = w->capacity ? 2 * w->capacity : 64;
		uint8_t *bigger = arena_alloc(w->arena, (size_t)capacity);

		if (!bigger)
			return false;
		if (w->n)
			memcpy(bigger, w->bytes, (size_t)w->n);
		w->bytes = bigger;
		w->capacity = capacity;
	}
	w->bytes[w->n++] = (uint8_t)byte;
	return true;
}

static bool put_varint(struct line_writer *w, unsigned v)
{
	for (; v >= 64; v >>= 6) {
		if (!put(w, 0x40 | (v & 0x3f)))
			return false;
	}
	return put(w, v);
}

static bool put_signed(struct line_writer *w, int v)
{
	return put_varint(w, v < 0 ? (unsigned)-v << 1 | 1 : (unsigned)v << 1);
}

static bool put_head(struct line_writer *w, unsigned kind, int units)
{
	return put(w, 0x80 | kind << 3 | (unsigned)(units - 1));
}

static bool put_entry(struct line_writer *w, struct location at, int units)
{
	int delta = at.line - w->line;

	if (at.line < 0)
		return put_head(w, KIND_NONE, units);
	w->line = at.line;
	if (at.col < 0 || at.end_col < 0) {
		if (at.end_line == at.line || at.end_line < 0)
			return put_head(w, KIND_NO_COLUMNS, units) && put_signed(w, delta);
	} else if (at.end_line == at.line) {
		if (delta == 0 && at.col < 80 && at.end_col >= at.col && at.end_col - at.col < 16)
			return put_head(w, (unsigned)at.col >> 3, units) &&
			       put(w,
				   (unsigned)(at.col & 7) << 4 | (unsigned)(at.end_col - at.col));
		if (delta >= 0 && delta < 3 && at.col < 128 && at.end_col < 128)
			return put_head(w, KIND_ONE_LINE + (unsigned)delta, units) &&
			       put(w, (unsigned)at.col) && put(w, (unsigned)at.end_col);
	}
	return put_head(w, KIND_LONG, units) && put_signed(w, delta) &&
	       put_varint(w, (unsigned)(at.end_line - at.line)) &&
	       put_varint(w, (unsigned)(at.col + 1)) && put_varint(w, (unsigned)(at.end_col + 1));
}

bool line_writer_add(struct line_writer *w, struct location at, int units)
{
	for (; units > MAX_UNITS; units -= MAX_UNITS) {
		if (!put_entry(w, at, MAX_UNITS))
			return false;
	}
	return put_entry(w, at, units);
}
