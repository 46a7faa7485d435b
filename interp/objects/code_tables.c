/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The location table (the format of CPython 3.11, Objects/locations.md): entries of one byte with
 * bit 7 set (code << 3 | units - 1), then what the code says; columns are stored as they are,
 * lines as differences. And the exception table, sorted by start.
 */
#include "objects/code_tables.h"

#include "objects/bytes.h"

enum {
	SHORT_LAST = 9,      /* 0..9: same line, columns in one byte with the code */
	ONE_LINE_FIRST = 10, /* 10..12: line + 0..2, two bytes of columns */
	ONE_LINE_LAST = 12,
	NO_COLUMNS = 13,
	LONG_FORM = 14,
	NO_LOCATION = 15,
};

#define LOOKUPS_BEFORE_LINES 8

void _PyCodeLocation_Start(const PyCodeObject *code, struct _PyCodeLocation *l)
{
	*l = (struct _PyCodeLocation){
		.next = (const uint8_t *)PyBytes_AS_STRING(code->co_linetable),
		.nunits = (int)code->co_nunits,
		.last_line = code->co_firstlineno,
	};
	l->limit = l->next + PyBytes_GET_SIZE(code->co_linetable);
}

static unsigned read_byte(struct _PyCodeLocation *l)
{
	return l->next < l->limit ? *l->next++ : 0;
}

/* Six bits a byte, low ones first, bit 6 says that more follow. */
static unsigned read_varint(struct _PyCodeLocation *l)
{
	unsigned value = 0, b;
	int shift = 0;

	do {
		b = read_byte(l);
		if (shift < 30) {
			value |= (b & 63) << shift;
			shift += 6;
		}
	} while (b & 64);
	return value;
}

static int read_signed(struct _PyCodeLocation *l)
{
	unsigned v = read_varint(l);

	return v & 1 ? -(int)(v >> 1) : (int)(v >> 1);
}

/* Without overflow: a table from a cache may say anything. */
static int add(int a, int b)
{
	return (int)((unsigned)a + (unsigned)b);
}

bool _PyCodeLocation_Next(struct _PyCodeLocation *l)
{
	unsigned first, code, b;

	if (l->next >= l->limit || l->end >= l->nunits)
		return false;
	first = *l->next++;
	code = first >> 3 & 15;
	l->start = l->end;
	l->end += (int)(first & 7) + 1;
	l->line = l->end_line = l->column = l->end_column = -1;
	if (code == NO_LOCATION)
		return true;
	if (code == LONG_FORM) {
		l->last_line = add(l->last_line, read_signed(l));
		l->line = l->last_line;
		l->end_line = add(l->line, (int)read_varint(l));
		l->column = add((int)read_varint(l), -1);
		l->end_column = add((int)read_varint(l), -1);
		return true;
	}
	if (code == NO_COLUMNS)
		l->last_line = add(l->last_line, read_signed(l));
	else if (code >= ONE_LINE_FIRST)
		l->last_line = add(l->last_line, (int)code - ONE_LINE_FIRST);
	l->line = l->end_line = l->last_line;
	if (code <= SHORT_LAST) {
		b = read_byte(l);
		l->column = (int)(code << 3 | b >> 4);
		l->end_column = l->column + (int)(b & 15);
	} else if (code <= ONE_LINE_LAST) {
		l->column = (int)read_byte(l);
		l->end_column = (int)read_byte(l);
	}
	return true;
}

void PyCode_Addr2Location(PyCodeObject *code, int unit, int *line, int *end_line, int *column,
			  int *end_column)
{
	struct _PyCodeLocation l;
	bool found = false;

	_PyCodeLocation_Start(code, &l);
	/* Before the first instruction runs, a frame stands at its function. */
	if (unit < 0) {
		l.line = l.end_line = code->co_firstlineno;
		l.column = l.end_column = -1;
		found = true;
	}
	while (!found && _PyCodeLocation_Next(&l))
		found = unit < l.end;
	if (line)
		*line = found ? l.line : -1;
	if (end_line)
		*end_line = found ? l.end_line : -1;
	if (column)
		*column = found ? l.column : -1;
	if (end_column)
		*end_column = found ? l.end_column : -1;
}

/* The line of every unit, for code that is asked again and again; NULL when memory is out. */
static int32_t *all_lines(PyCodeObject *code)
{
	struct _PyCodeLocation l;

	code->co_lines = PyMem_Malloc((size_t)code->co_nunits * sizeof(*code->co_lines));
	if (!code->co_lines)
		return NULL;
	_PyCodeLocation_Start(code, &l);
	for (int unit = 0; unit < code->co_nunits; unit++) {
		bool more = unit < l.end;

		while (!more && _PyCodeLocation_Next(&l))
			more = unit < l.end;
		code->co_lines[unit] = more ? l.line : -1;
	}
	return code->co_lines;
}

int PyCode_Addr2Line(PyCodeObject *code, int unit)
{
	int line;

	if (unit >= 0 && unit < code->co_nunits &&
	    (code->co_lines || (++code->co_line_lookups > LOOKUPS_BEFORE_LINES && all_lines(code))))
		return code->co_lines[unit];
	PyCode_Addr2Location(code, unit, &line, NULL, NULL, NULL);
	return line;
}

const struct PyExceptionEntry *PyCode_FindHandler(const PyCodeObject *code, int unit)
{
	const struct PyExceptionEntry *table =
		(const void *)PyBytes_AS_STRING(code->co_exceptiontable);
	size_t low = 0, high = (size_t)PyBytes_GET_SIZE(code->co_exceptiontable) / sizeof(*table);

	/* The last entry that starts at or before the unit. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table[middle].start <= (uint32_t)unit)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && (uint32_t)unit < table[low - 1].end ? &table[low - 1] : NULL;
}
