/* SPDX-License-Identifier: BSD-2-Clause */
#include "compiler/source.h"

#include "compiler/object_api.h"

#include <ctype.h>
#include <limits.h>

enum encoding { ENCODING_UTF8, ENCODING_LATIN1, ENCODING_ASCII, ENCODING_UNKNOWN };

static void raise_plain(PyObject *filename, int line, const char *format, ...)
{
	va_list va;

	va_start(va, format);
	if (line)
		syntax_error_raw(PyExc_SyntaxError, filename, line, 0, NULL, line, 0, format, va);
	else
		PyErr_FormatV(PyExc_SyntaxError, format, va);
	va_end(va);
}

static bool is_blank_or_comment(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\f'))
		p++;
	return p == end || *p == '#' || *p == '\n' || *p == '\r';
}

/* The name after "coding:" or "coding=" in a comment line, normalised to lower case with '-'.
 * PEP 263. */
static bool cookie_in_line(const char *p, const char *end, char name[32])
{
	size_t n = 0;

	while (p < end && (*p == ' ' || *p == '\t' || *p == '\f'))
		p++;
	if (p == end || *p != '#')
		return false;
	for (; p + 7 < end; p++) {
		if (memcmp(p, "coding", 6) == 0 && (p[6] == ':' || p[6] == '='))
			break;
	}
	if (p + 7 >= end)
		return false;
	for (p += 7; p < end && (*p == ' ' || *p == '\t'); p++)
		;
	for (; p < end && (isalnum((unsigned char)*p) || strchr("-_.", *p)); p++) {
		if (n < 31)
			name[n++] = *p == '_' ? '-' : (char)tolower((unsigned char)*p);
	}
	name[n] = '\0';
	return n > 0;
}

static enum encoding encoding_named(const char *name)
{
	static const struct {
		const char *name;
		enum encoding encoding;
	} known[] = {
		{"utf-8", ENCODING_UTF8},       {"utf8", ENCODING_UTF8},
		{"utf-8-sig", ENCODING_UTF8},   {"latin-1", ENCODING_LATIN1},
		{"latin1", ENCODING_LATIN1},    {"iso-8859-1", ENCODING_LATIN1},
		{"iso8859-1", ENCODING_LATIN1}, {"iso-latin-1", ENCODING_LATIN1},
		{"ascii", ENCODING_ASCII},      {"us-ascii", ENCODING_ASCII},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(name, known[i].name) == 0)
			return known[i].encoding;
	}
	if (strncmp(name, "utf-8-", 6) == 0)
		return ENCODING_UTF8;
	return ENCODING_UNKNOWN;
}

/* A cookie stands in the first line, or in the second below a blank or comment line. */
static int find_encoding(const char *bytes, const char *end, PyObject *filename, enum encoding *ret)
{
	char name[32];

	for (int line = 0; line < 2 && bytes < end; line++) {
		const char *stop = bytes;

		while (stop < end && *stop != '\n' && *stop != '\r')
			stop++;
		if (cookie_in_line(bytes, stop, name)) {
			*ret = encoding_named(name);
			if (*ret != ENCODING_UNKNOWN)
				return 0;
			raise_plain(filename, 0, "unknown encoding: %s", name);
			return -1;
		}
		if (!is_blank_or_comment(bytes, stop))
			return 0;
		bytes = stop + (stop + 1 < end && stop[0] == '\r' && stop[1] == '\n') + 1;
	}
	return 0;
}

/* Bytes of the well-formed UTF-8 sequence at p, 0 when it is none. */
static int utf8_sequence(const unsigned char *p, const unsigned char *end)
{
	int n = p[0] < 0x80   ? 1
		: p[0] < 0xc2 ? 0
		: p[0] < 0xe0 ? 2
		: p[0] < 0xf0 ? 3
		: p[0] < 0xf5 ? 4
			      : 0;

	if (n == 0 || end - p < n)
		return 0;
	for (int i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	}
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return n;
}

static void raise_bad_byte(PyObject *filename, unsigned char byte, int line, bool declared)
{
	if (declared)
		raise_plain(filename, 0,
			    "(unicode error) 'utf-8' codec can't decode byte 0x%x: invalid byte on "
			    "line %d",
			    byte, line);
	else
		raise_plain(filename, line,
			    "Non-UTF-8 code starting with '\\x%x' in file %U on line %d, but no "
			    "encoding declared; see https://peps.python.org/pep-0263/ for details",
			    byte, filename, line);
}

/* Copies to s->text: line ends become \n, Latin-1 becomes UTF-8, the last line gets an end. */
static int copy_text(struct source *s, const unsigned char *p, const unsigned char *end,
		     enum encoding encoding)
{
	char *out;
	int line = 1;

	s->text = out = arena_alloc(s->arena, 2 * (size_t)(end - p) + 2);
	if (!out)
		return -1;
	while (p < end) {
		if (*p == '\0') {
			PyErr_SetString(PyExc_SyntaxError,
					"source code string cannot contain null bytes");
			return -1;
		}
		if (*p == '\r' || *p == '\n') {
			p += p[0] == '\r' && p + 1 < end && p[1] == '\n';
			p++;
			line++;
			*out++ = '\n';
		} else if (*p < 0x80) {
			*out++ = (char)*p++;
		} else if (encoding == ENCODING_LATIN1) {
			*out++ = (char)(0xc0 | *p >> 6);
			*out++ = (char)(0x80 | (*p++ & 0x3f));
		} else {
			int n = encoding == ENCODING_ASCII ? 0 : utf8_sequence(p, end);

			if (n == 0) {
				raise_bad_byte(s->filename, *p, line, encoding == ENCODING_ASCII);
				return -1;
			}
			memcpy(out, p, (size_t)n);
			out += n;
			p += n;
		}
	}
	if (out > s->text && out[-1] != '\n')
		*out++ = '\n';
	*out = '\0';
	s->size = (size_t)(out - s->text);
	return 0;
}

static int index_lines(struct source *s)
{
	size_t n = 1;

	for (const char *p = s->text; (p = strchr(p, '\n')); p++)
		n++;
	if (n > INT_MAX / 2) {
		PyErr_NoMemory();
		return -1;
	}
	s->lines = arena_alloc(s->arena, (n + 1) * sizeof(*s->lines));
	if (!s->lines)
		return -1;
	s->lines[s->nlines++] = s->text;
	for (const char *p = s->text; (p = strchr(p, '\n')); p++)
		s->lines[s->nlines++] = p + 1;
	return 0;
}

int source_init(struct source *s, struct arena *a, const char *bytes, Py_ssize_t n,
		PyObject *filename, bool cookie)
{
	enum encoding encoding = ENCODING_UTF8;
	const char *end = bytes + n;

	memset(s, 0, sizeof(*s));
	s->arena = a;
	s->filename = filename;
	if (n > INT_MAX / 2) {
		PyErr_NoMemory();
		return -1;
	}
	if (n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		bytes += 3;
	else if (cookie && find_encoding(bytes, end, filename, &encoding) < 0)
		return -1;
	if (copy_text(s, (const unsigned char *)bytes, (const unsigned char *)end, encoding) < 0)
		return -1;
	return index_lines(s);
}

const char *source_line(const struct source *s, int line, size_t *length)
{
	const char *start = line >= 1 && line <= s->nlines ? s->lines[line - 1] : "";

	*length = strcspn(start, "\n");
	return start;
}

int utf8_count(const char *text, size_t bytes)
{
	int n = 0;

	for (size_t i = 0; i < bytes && text[i]; i++)
		n += ((unsigned char)text[i] & 0xc0) != 0x80;
	return n;
}

void syntax_error_raw(PyObject *type, PyObject *filename, int line, int offset, PyObject *text,
		      int end_line, int end_offset, const char *format, va_list va)
{
	PyObject *msg = PyUnicode_FromFormatV(format, va), *args = NULL, *items[6], *where = NULL;

	items[0] = Py_NewRef(filename);
	items[1] = PyLong_FromLong(line);
	items[2] = PyLong_FromLong(offset);
	items[3] = Py_NewRef(text ? text : Py_None);
	items[4] = PyLong_FromLong(end_line);
	items[5] = PyLong_FromLong(end_offset);
	if (items[1] && items[2] && items[4] && items[5])
		where = PyTuple_Pack(6, items[0], items[1], items[2], items[3], items[4], items[5]);
	if (msg && where)
		args = PyTuple_Pack(2, msg, where);
	if (args)
		PyErr_SetObject(type, args);
	for (int i = 0; i < 6; i++)
		Py_XDECREF(items[i]);
	Py_XDECREF(where);
	Py_XDECREF(msg);
	Py_XDECREF(args);
}

void syntax_error_form(PyObject *type, PyObject *filename, int line, int offset, PyObject *text,
		       int end_line, int end_offset, const char *format, ...)
{
	va_list va;

	va_start(va, format);
	syntax_error_raw(type, filename, line, offset, text, end_line, end_offset, format, va);
	va_end(va);
}

void source_error(const struct source *s, PyObject *type, int line, int col, int end_line,
		  int end_col, const char *format, ...)
{
	size_t length;
	const char *start = source_line(s, line, &length);
	PyObject *text =
		PyUnicode_FromStringAndSize(start, (Py_ssize_t)length + (start[length] == '\n'));
	size_t most = length + 2;
	int offset = 0, end_offset = end_col == -1 ? -1 : 0;
	va_list va;

	if (!text)
		return;
	if (col >= 0)
		offset = utf8_count(start, (size_t)col < most ? (size_t)col : most) + 1;
	if (end_col >= 0)
		end_offset = utf8_count(start, (size_t)end_col < most ? (size_t)end_col : most) + 1;
	va_start(va, format);
	syntax_error_raw(type, s->filename, line, offset, text, end_line, end_offset, format, va);
	va_end(va);
	Py_DECREF(text);
}

/* Line number `line` of the file, with its end; NULL without an exception when there is none. */
static PyObject *line_of_file(PyObject *filename, int line)
{
	const char *path = PyUnicode_AsUTF8(filename);
	FILE *file = path ? fopen(path, "re") : NULL;
	PyObject *text = NULL;
	char *buffer = NULL;
	size_t room = 0;
	ssize_t n = 0;

	if (file) {
		for (int i = 0; i < line && n >= 0; i++)
			n = getline(&buffer, &room, file);
		if (n > 0)
			text = PyUnicode_DecodeUTF8(buffer, n, "replace");
		free(buffer);
		fclose(file);
	}
	PyErr_Clear();
	return text;
}

void location_error(PyObject *filename, struct location at, const char *format, ...)
{
	PyObject *text = line_of_file(filename, at.line);
	va_list va;

	va_start(va, format);
	syntax_error_raw(PyExc_SyntaxError, filename, at.line, at.col + 1, text, at.end_line,
			 at.end_col + 1, format, va);
	va_end(va);
	Py_XDECREF(text);
}

static void set_attribute(PyObject *o, const char *name, PyObject *value)
{
	if (value && PyObject_SetAttrString(o, name, value) < 0)
		PyErr_Clear();
	Py_XDECREF(value);
}

void location_attach(PyObject *filename, int line, int offset, int end_line, int end_offset)
{
	PyObject *exc = PyErr_GetRaisedException();
	PyObject *text = line_of_file(filename, line);

	set_attribute(exc, "filename", Py_NewRef(filename));
	set_attribute(exc, "lineno", PyLong_FromLong(line));
	set_attribute(exc, "offset", PyLong_FromLong(offset));
	set_attribute(exc, "end_lineno", PyLong_FromLong(end_line));
	set_attribute(exc, "end_offset", PyLong_FromLong(end_offset));
	set_attribute(exc, "text", text ? text : Py_NewRef(Py_None));
	PyErr_SetRaisedException(exc);
}
