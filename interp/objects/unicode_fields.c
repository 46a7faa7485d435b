/* SPDX-License-Identifier: BSD-2-Clause */
/* str.format: replacement fields {name.attribute[index]!conversion:spec}, spec with fields of its
 * own, one level deep. */
#include "objects/unicode_priv.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/dict.h"
#include "objects/long.h"
#include "objects/tuple.h"

struct fields {
	PyObject *const *args; /* positional, then keyword values */
	Py_ssize_t nargs;
	PyObject *kwnames; /* tuple or NULL */
	PyObject *mapping; /* format_map's, or NULL */
	Py_ssize_t next;   /* automatic numbering: the next field's number */
	enum { UNKNOWN, AUTOMATIC, MANUAL } numbering;
};

static int value_error(const char *text)
{
	PyErr_SetString(PyExc_ValueError, text);
	return -1;
}

/* Digits only: the number; -1: none; -2: too large, with ValueError. */
static Py_ssize_t as_number(PyObject *s, Py_ssize_t start, Py_ssize_t end)
{
	Py_ssize_t n = 0;

	if (start == end)
		return -1;
	for (; start < end; start++) {
		int digit = _PyUnicode_ToDecimalDigit(PyUnicode_READ_CHAR(s, start));

		if (digit < 0)
			return -1;
		if (n > (PY_SSIZE_T_MAX - digit) / 10) {
			value_error("Too many decimal digits in format string");
			return -2;
		}
		n = n * 10 + digit;
	}
	return n;
}

static PyObject *keyword(struct fields *f, PyObject *name)
{
	Py_ssize_t n = f->kwnames ? PyTuple_GET_SIZE(f->kwnames) : 0;

	if (f->mapping)
		return PyObject_GetItem(f->mapping, name);
	for (Py_ssize_t i = 0; i < n; i++)
		if (_PyUnicode_EQ(PyTuple_GET_ITEM(f->kwnames, i), name))
			return Py_NewRef(f->args[f->nargs + i]);
	_PyErr_SetKeyError(name);
	return NULL;
}

static PyObject *positional(struct fields *f, Py_ssize_t i)
{
	if (f->mapping) {
		value_error("Format string contains positional fields");
		return NULL;
	}
	if (i >= f->nargs)
		return PyErr_Format(PyExc_IndexError,
				    "Replacement index %zd out of range for positional args tuple",
				    i);
	return Py_NewRef(f->args[i]);
}

/* What s[start, end), the field's first name, stands for; new reference. */
static PyObject *first_value(struct fields *f, PyObject *s, Py_ssize_t start, Py_ssize_t end)
{
	Py_ssize_t i = as_number(s, start, end);
	PyObject *name, *ret;

	if (i == -2)
		return NULL;
	if (start == end || i >= 0) {
		bool automatic = start == end;

		if (f->numbering == (automatic ? MANUAL : AUTOMATIC)) {
			value_error(automatic ? "cannot switch from manual field specification to "
						"automatic field numbering"
					      : "cannot switch from automatic field numbering to "
						"manual field specification");
			return NULL;
		}
		f->numbering = automatic ? AUTOMATIC : MANUAL;
		return positional(f, automatic ? f->next++ : i);
	}
	name = PyUnicode_Substring(s, start, end);
	if (!name)
		return NULL;
	ret = keyword(f, name);
	Py_DECREF(name);
	return ret;
}

static PyObject *get_item(PyObject *o, PyObject *s, Py_ssize_t start, Py_ssize_t end)
{
	Py_ssize_t i = as_number(s, start, end);
	PyObject *key, *ret;

	if (i == -2)
		return NULL;
	key = i >= 0 ? PyLong_FromSsize_t(i) : PyUnicode_Substring(s, start, end);
	if (!key)
		return NULL;
	ret = PyObject_GetItem(o, key);
	Py_DECREF(key);
	return ret;
}

/* One .name or [index] at *i of the field that ends at end; new reference. */
static PyObject *step(PyObject *o, PyObject *s, Py_ssize_t *i, Py_ssize_t end)
{
	Py_UCS4 ch = PyUnicode_READ_CHAR(s, *i);
	Py_ssize_t start = ++*i;
	PyObject *name, *ret;

	if (ch == '.') {
		while (*i < end && PyUnicode_READ_CHAR(s, *i) != '.' &&
		       PyUnicode_READ_CHAR(s, *i) != '[')
			++*i;
		if (*i == start) {
			value_error("Empty attribute in format string");
			return NULL;
		}
		name = PyUnicode_Substring(s, start, *i);
		ret = name ? PyObject_GetAttr(o, name) : NULL;
		Py_XDECREF(name);
		return ret;
	}
	if (ch != '[') {
		value_error("Only '.' or '[' may follow ']' in format field specifier");
		return NULL;
	}
	while (*i < end && PyUnicode_READ_CHAR(s, *i) != ']')
		++*i;
	if (*i == end) {
		value_error("Missing ']' in format string");
		return NULL;
	}
	if (*i == start) {
		value_error("Empty attribute in format string");
		return NULL;
	}
	return get_item(o, s, start, (*i)++);
}

static PyObject *field_value(struct fields *f, PyObject *s, Py_ssize_t start, Py_ssize_t end)
{
	Py_ssize_t i = start;
	PyObject *o;

	while (i < end && PyUnicode_READ_CHAR(s, i) != '.' && PyUnicode_READ_CHAR(s, i) != '[')
		i++;
	o = first_value(f, s, start, i);
	while (o && i < end)
		Py_SETREF(o, step(o, s, &i, end));
	return o;
}

static PyObject *convert(PyObject *o, Py_UCS4 conversion)
{
	switch (conversion) {
	case 'r': return PyObject_Repr(o);
	case 's': return PyObject_Str(o);
	case 'a': return PyObject_ASCII(o);
	}
	if (conversion > 32 && conversion < 127)
		return PyErr_Format(PyExc_ValueError, "Unknown conversion specifier %c",
				    (int)conversion);
	return PyErr_Format(PyExc_ValueError, "Unknown conversion specifier \\x%x",
			    (unsigned)conversion);
}

static int format_text(struct fields *f, _PyUnicodeWriter *w, PyObject *s, Py_ssize_t start,
		       Py_ssize_t end, int depth);

/* The parts of the field that begins behind the brace at start. */
struct field {
	Py_ssize_t name_end, spec_start, spec_end; /* spec_start < 0: none */
	Py_UCS4 conversion;                        /* 0: none */
	bool nested;
	Py_ssize_t next; /* behind the closing brace */
};

static int parse_conversion(PyObject *s, Py_ssize_t *i, Py_ssize_t end, struct field *d)
{
	Py_UCS4 ch;

	if (*i >= end)
		return value_error("end of string while looking for conversion specifier");
	d->conversion = PyUnicode_READ_CHAR(s, (*i)++);
	if (*i >= end)
		return value_error("unmatched '{' in format spec");
	ch = PyUnicode_READ_CHAR(s, *i);
	if (ch != ':' && ch != '}')
		return value_error("expected ':' after conversion specifier");
	return 0;
}

static int parse_field(PyObject *s, Py_ssize_t start, Py_ssize_t end, struct field *d)
{
	Py_ssize_t i = start, depth = 1;
	bool bracket = false;
	Py_UCS4 ch = 0;

	*d = (struct field){.spec_start = -1};
	for (; i < end; i++) {
		ch = PyUnicode_READ_CHAR(s, i);
		if (ch == '{')
			return value_error("unexpected '{' in field name");
		if (ch == '[')
			bracket = true;
		else if (ch == ']')
			bracket = false;
		else if (!bracket && (ch == '}' || ch == ':' || ch == '!'))
			break;
	}
	d->name_end = i;
	if (i >= end)
		return value_error("expected '}' before end of string");
	if (ch == '!') {
		i++;
		if (parse_conversion(s, &i, end, d) < 0)
			return -1;
		ch = PyUnicode_READ_CHAR(s, i);
	}
	i++;
	if (ch == '}') {
		d->next = i;
		return 0;
	}
	d->spec_start = i;
	for (; i < end; i++) {
		ch = PyUnicode_READ_CHAR(s, i);
		if (ch == '{') {
			d->nested = true;
			depth++;
		} else if (ch == '}' && --depth == 0) {
			d->spec_end = i;
			d->next = i + 1;
			return 0;
		}
	}
	return value_error("unmatched '{' in format spec");
}

static PyObject *field_spec(struct fields *f, PyObject *s, const struct field *d, int depth)
{
	_PyUnicodeWriter w;

	if (d->spec_start < 0)
		return _PyUnicode_Empty();
	if (!d->nested)
		return PyUnicode_Substring(s, d->spec_start, d->spec_end);
	_PyUnicodeWriter_Init(&w);
	if (format_text(f, &w, s, d->spec_start, d->spec_end, depth - 1) < 0) {
		_PyUnicodeWriter_Dealloc(&w);
		return NULL;
	}
	return _PyUnicodeWriter_Finish(&w);
}

static int format_field(struct fields *f, _PyUnicodeWriter *w, PyObject *s, Py_ssize_t start,
			const struct field *d, int depth)
{
	PyObject *o = field_value(f, s, start, d->name_end), *spec, *text = NULL;
	int err = -1;

	if (o && d->conversion)
		Py_SETREF(o, convert(o, d->conversion));
	if (!o)
		return -1;
	spec = field_spec(f, s, d, depth);
	if (spec)
		text = PyObject_Format(o, spec);
	if (text)
		err = _PyUnicodeWriter_WriteStr(w, text);
	Py_XDECREF(text);
	Py_XDECREF(spec);
	Py_DECREF(o);
	return err;
}

static int format_text(struct fields *f, _PyUnicodeWriter *w, PyObject *s, Py_ssize_t start,
		       Py_ssize_t end, int depth)
{
	Py_ssize_t i = start;

	if (depth < 0)
		return value_error("Max string recursion exceeded");
	while (i < end) {
		Py_ssize_t plain = i;
		Py_UCS4 ch = 0;
		struct field d;

		for (; i < end; i++) {
			ch = PyUnicode_READ_CHAR(s, i);
			if (ch == '{' || ch == '}')
				break;
		}
		if (i < end && i + 1 < end && PyUnicode_READ_CHAR(s, i + 1) == ch) {
			/* A doubled brace is one. */
			if (_PyUnicodeWriter_WriteSubstring(w, s, plain, i + 1) < 0)
				return -1;
			i += 2;
			continue;
		}
		if (_PyUnicodeWriter_WriteSubstring(w, s, plain, i) < 0)
			return -1;
		if (i >= end)
			break;
		if (ch == '}')
			return value_error("Single '}' encountered in format string");
		if (++i >= end)
			return value_error("Single '{' encountered in format string");
		if (parse_field(s, i, end, &d) < 0 || format_field(f, w, s, i, &d, depth) < 0)
			return -1;
		i = d.next;
	}
	return 0;
}

PyObject *_PyUnicode_FormatFields(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
				  PyObject *kwnames, PyObject *mapping)
{
	struct fields f = {.args = args, .nargs = nargs, .kwnames = kwnames, .mapping = mapping};
	_PyUnicodeWriter w;

	_PyUnicodeWriter_Init(&w);
	if (format_text(&f, &w, self, 0, PyUnicode_GET_LENGTH(self), 1) < 0) {
		_PyUnicodeWriter_Dealloc(&w);
		return NULL;
	}
	return _PyUnicodeWriter_Finish(&w);
}
