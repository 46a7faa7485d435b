/* SPDX-License-Identifier: BSD-2-Clause */
/* Text to bytes and back: UTF-8, UTF-16, UTF-32, Latin-1, ASCII, and the error handlers by name. */
#include "objects/unicode_priv.h"

#include "core/errors.h"
#include "objects/bytes.h"
#include "objects/exceptions.h"

enum handler {
	H_STRICT,
	H_REPLACE,
	H_IGNORE,
	H_SURROGATEESCAPE,
	H_SURROGATEPASS,
	H_BACKSLASHREPLACE,
	H_XMLCHARREFREPLACE,
	H_NAMEREPLACE,
	H_UNKNOWN,
};

static const char *const handler_names[] = {
	"strict",           "replace",           "ignore",      "surrogateescape", "surrogatepass",
	"backslashreplace", "xmlcharrefreplace", "namereplace",
};

static enum handler find_handler(const char *errors)
{
	if (!errors)
		return H_STRICT;
	for (int i = 0; i < H_UNKNOWN; i++)
		if (strcmp(errors, handler_names[i]) == 0)
			return (enum handler)i;
	return H_UNKNOWN;
}

static int unknown_handler(const char *errors)
{
	PyErr_Format(PyExc_LookupError, "unknown error handler name '%.400s'", errors);
	return -1;
}

/* -- Decoding ---------------------------------------------------------------------------------- */
struct decoder {
	const char *encoding, *errors;
	const unsigned char *data;
	Py_ssize_t n;
	_PyUnicodeWriter w;
};

static int raise_decode_error(struct decoder *d, Py_ssize_t start, Py_ssize_t end,
			      const char *reason)
{
	PyObject *exc = PyUnicodeDecodeError_Create(d->encoding, (const char *)d->data, d->n, start,
						    end, reason);

	if (exc) {
		PyErr_SetObject(PyExc_UnicodeDecodeError, exc);
		Py_DECREF(exc);
	}
	return -1;
}

/* data[start, end) is invalid: writes what the handler puts there and returns where to go on. */
static Py_ssize_t decode_error(struct decoder *d, Py_ssize_t start, Py_ssize_t end,
			       const char *reason)
{
	char text[8];

	switch (find_handler(d->errors)) {
	case H_IGNORE: return end;
	case H_REPLACE: return _PyUnicodeWriter_WriteChar(&d->w, 0xfffd) < 0 ? -1 : end;
	case H_SURROGATEESCAPE:
		if (d->data[start] < 0x80)
			return raise_decode_error(d, start, end, reason);
		for (; start < end && d->data[start] >= 0x80; start++)
			if (_PyUnicodeWriter_WriteChar(&d->w, 0xdc00 + d->data[start]) < 0)
				return -1;
		return start;
	case H_SURROGATEPASS:
		if (strcmp(d->encoding, "utf-8") == 0 && d->n - start >= 3 &&
		    d->data[start] == 0xed && (d->data[start + 1] & 0xe0) == 0xa0 &&
		    (d->data[start + 2] & 0xc0) == 0x80) {
			Py_UCS4 ch = 0xd000u | (Py_UCS4)(d->data[start + 1] & 0x3f) << 6 |
				     (d->data[start + 2] & 0x3f);

			return _PyUnicodeWriter_WriteChar(&d->w, ch) < 0 ? -1 : start + 3;
		}
		return raise_decode_error(d, start, end, reason);
	case H_BACKSLASHREPLACE:
		for (; start < end; start++) {
			snprintf(text, sizeof(text), "\\x%02x", d->data[start]);
			if (_PyUnicodeWriter_WriteASCIIString(&d->w, text, 4) < 0)
				return -1;
		}
		return end;
	case H_STRICT: return raise_decode_error(d, start, end, reason);
	case H_XMLCHARREFREPLACE:
	case H_NAMEREPLACE:
		PyErr_SetString(PyExc_TypeError,
				"don't know how to handle UnicodeDecodeError in error callback");
		return -1;
	default: return unknown_handler(d->errors);
	}
}

/* The character at p: its length; 0 when the data end inside it; -k when k bytes are invalid. */
static int utf8_step(const unsigned char *p, Py_ssize_t left, Py_UCS4 *ch)
{
	static const struct {
		unsigned char lead_mask, lead, low;
	} forms[] = {{0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x80}, {0xf8, 0xf0, 0x80}};
	unsigned char low = 0x80, high = 0xbf;
	int len = 0;

	if (p[0] < 0x80) {
		*ch = p[0];
		return 1;
	}
	for (int i = 0; i < 3; i++)
		if ((p[0] & forms[i].lead_mask) == forms[i].lead)
			len = i + 2;
	if (len == 0 || p[0] < 0xc2 || p[0] > 0xf4)
		return -1;
	/* The second byte's range keeps out overlong forms, surrogates and what is too large
	 * (Unicode 15, table 3-7). */
	switch (p[0]) {
	case 0xe0: low = 0xa0; break;
	case 0xed: high = 0x9f; break;
	case 0xf0: low = 0x90; break;
	case 0xf4: high = 0x8f; break;
	}
	*ch = p[0] & (0x7fu >> len);
	for (int i = 1; i < len; i++) {
		if (i >= left)
			return 0;
		if (p[i] < low || p[i] > high)
			return -i;
		*ch = *ch << 6 | (p[i] & 0x3f);
		low = 0x80;
		high = 0xbf;
	}
	return len;
}

/* How many bytes from p on are ASCII. */
static Py_ssize_t ascii_run(const unsigned char *p, Py_ssize_t n)
{
	Py_ssize_t i = 0;
	uint64_t word;

	for (; i + 8 <= n; i += 8) {
		memcpy(&word, p + i, 8);
		if (word & 0x8080808080808080u)
			break;
	}
	while (i < n && p[i] < 0x80)
		i++;
	return i;
}

static PyObject *from_ascii(const void *data, Py_ssize_t n)
{
	PyObject *o;

	if (n == 1)
		return _PyUnicode_FromChar(*(const unsigned char *)data);
	o = PyUnicode_New(n, 0x7f);
	if (o && n)
		memcpy(PyUnicode_DATA(o), data, (size_t)n);
	return o;
}

PyObject *PyUnicode_DecodeUTF8Stateful(const char *data, Py_ssize_t n, const char *errors,
				       Py_ssize_t *consumed)
{
	struct decoder d = {"utf-8", errors, (const unsigned char *)data, n, {0}};
	Py_ssize_t i = ascii_run(d.data, n);

	if (i == n) {
		if (consumed)
			*consumed = n;
		return from_ascii(data, n);
	}
	if (_PyUnicodeWriter_Prepare(&d.w, n, 0x7f) < 0 ||
	    _PyUnicodeWriter_WriteASCIIString(&d.w, data, i) < 0)
		goto fail;
	while (i < n) {
		Py_UCS4 ch;
		int step = utf8_step(d.data + i, n - i, &ch);

		if (step > 0) {
			if (_PyUnicodeWriter_WriteChar(&d.w, ch) < 0)
				goto fail;
			i += step;
		} else if (step == 0 && consumed) {
			break;
		} else if (step == 0) {
			i = decode_error(&d, i, n, "unexpected end of data");
		} else {
			i = decode_error(&d, i, i - step,
					 d.data[i] < 0xc2 || d.data[i] > 0xf4
						 ? "invalid start byte"
						 : "invalid continuation byte");
		}
		if (i < 0)
			goto fail;
	}
	if (consumed)
		*consumed = i;
	return _PyUnicodeWriter_Finish(&d.w);
fail:
	_PyUnicodeWriter_Dealloc(&d.w);
	return NULL;
}

PyObject *PyUnicode_DecodeUTF8(const char *data, Py_ssize_t n, const char *errors)
{
	return PyUnicode_DecodeUTF8Stateful(data, n, errors, NULL);
}

PyObject *PyUnicode_DecodeLatin1(const char *data, Py_ssize_t n, const char *errors)
{
	return PyUnicode_FromKindAndData(1, data, n);
}

PyObject *PyUnicode_DecodeASCII(const char *data, Py_ssize_t n, const char *errors)
{
	struct decoder d = {"ascii", errors, (const unsigned char *)data, n, {0}};
	Py_ssize_t i = ascii_run(d.data, n);

	if (i == n)
		return from_ascii(data, n);
	for (i = 0; i < n && i >= 0;) {
		if (d.data[i] >= 0x80)
			i = decode_error(&d, i, i + 1, "ordinal not in range(128)");
		else if (_PyUnicodeWriter_WriteChar(&d.w, d.data[i]) < 0)
			i = -1;
		else
			i++;
	}
	if (i < 0) {
		_PyUnicodeWriter_Dealloc(&d.w);
		return NULL;
	}
	return _PyUnicodeWriter_Finish(&d.w);
}

/* UTF-16 (unit 2) and UTF-32 (unit 4). byteorder: -1 little, 1 big, 0 by the mark, else little. */
static PyObject *decode_wide(const char *data, Py_ssize_t n, const char *errors, int unit,
			     int byteorder)
{
	struct decoder d = {NULL, errors, (const unsigned char *)data, n, {0}};
	Py_ssize_t i = 0;
	bool big = byteorder > 0;

#define UNIT(at)                                                                       \
	(unit == 2 ? (Py_UCS4)(big ? d.data[at] << 8 | d.data[(at) + 1]                \
				   : d.data[(at) + 1] << 8 | d.data[at])               \
		   : (big ? (Py_UCS4)d.data[at] << 24 | d.data[(at) + 1] << 16 |       \
				      d.data[(at) + 2] << 8 | d.data[(at) + 3]         \
			  : (Py_UCS4)d.data[(at) + 3] << 24 | d.data[(at) + 2] << 16 | \
				      d.data[(at) + 1] << 8 | d.data[at]))
	if (byteorder == 0 && n >= unit) {
		if (UNIT(0) == 0xfeff) {
			i = unit;
		} else {
			big = true;
			if (UNIT(0) == 0xfeff)
				i = unit;
			else
				big = false;
		}
	}
	d.encoding =
		unit == 2 ? (big ? "utf-16-be" : "utf-16-le") : (big ? "utf-32-be" : "utf-32-le");
	while (i >= 0 && i < n) {
		Py_UCS4 ch;
		int len = unit;

		if (n - i < unit) {
			i = decode_error(&d, i, n, "truncated data");
			continue;
		}
		ch = UNIT(i);
		if (unit == 2 && ch >= 0xd800 && ch <= 0xdbff && n - i >= 4) {
			Py_UCS4 low = UNIT(i + 2);

			if (low >= 0xdc00 && low <= 0xdfff) {
				ch = 0x10000 + ((ch & 0x3ff) << 10) + (low & 0x3ff);
				len = 4;
			}
		}
		if (is_surrogate(ch) && find_handler(errors) != H_SURROGATEPASS)
			i = decode_error(
				&d, i, i + unit,
				unit == 4
					? "code point in surrogate code point range(0xd800, 0xe000)"
				: ch >= 0xdc00 ? "illegal encoding"
				: n - i < 4    ? "unexpected end of data"
					       : "illegal UTF-16 surrogate");
		else if (ch > UNICODE_MAX_CHAR)
			i = decode_error(&d, i, i + 4, "code point not in range(0x110000)");
		else
			i = _PyUnicodeWriter_WriteChar(&d.w, ch) < 0 ? -1 : i + len;
	}
#undef UNIT
	if (i < 0) {
		_PyUnicodeWriter_Dealloc(&d.w);
		return NULL;
	}
	return _PyUnicodeWriter_Finish(&d.w);
}

/* -- Encoding ---------------------------------------------------------------------------------- */
static void raise_encode_error(const char *encoding, PyObject *o, Py_ssize_t start, Py_ssize_t end,
			       const char *reason)
{
	PyObject *exc = PyUnicodeEncodeError_Create(encoding, o, start, end, reason);

	if (exc) {
		PyErr_SetObject(PyExc_UnicodeEncodeError, exc);
		Py_DECREF(exc);
	}
}

/* Bytes that grow. */
struct out {
	char *data;
	size_t n, room;
};

static int put(struct out *out, const void *data, size_t n)
{
	if (n == 0)
		return 0;
	if (n > out->room - out->n) {
		size_t room = (out->n + n) + (out->n + n) / 2 + 32;
		char *bigger = PyMem_Realloc(out->data, room);

		if (!bigger) {
			PyErr_NoMemory();
			return -1;
		}
		out->data = bigger;
		out->room = room;
	}
	memcpy(out->data + out->n, data, n);
	out->n += n;
	return 0;
}

static size_t utf8_put(char *to, Py_UCS4 ch)
{
	if (ch < 0x80) {
		to[0] = (char)ch;
		return 1;
	}
	if (ch < 0x800) {
		to[0] = (char)(0xc0 | ch >> 6);
		to[1] = (char)(0x80 | (ch & 0x3f));
		return 2;
	}
	if (ch < 0x10000) {
		to[0] = (char)(0xe0 | ch >> 12);
		to[1] = (char)(0x80 | (ch >> 6 & 0x3f));
		to[2] = (char)(0x80 | (ch & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | ch >> 18);
	to[1] = (char)(0x80 | (ch >> 12 & 0x3f));
	to[2] = (char)(0x80 | (ch >> 6 & 0x3f));
	to[3] = (char)(0x80 | (ch & 0x3f));
	return 4;
}

/* How one encoding writes a character: bytes into to, their count, or 0 when it cannot. */
struct encoder {
	const char *name, *reason;
	size_t (*put_char)(char *to, Py_UCS4 ch);
	bool wide; /* code units of several bytes */
};

static size_t put_utf8(char *to, Py_UCS4 ch)
{
	return is_surrogate(ch) ? 0 : utf8_put(to, ch);
}

static size_t put_latin1(char *to, Py_UCS4 ch)
{
	*to = (char)ch;
	return ch < 0x100;
}

static size_t put_ascii(char *to, Py_UCS4 ch)
{
	*to = (char)ch;
	return ch < 0x80;
}

static size_t put_16(char *to, Py_UCS4 ch, bool big)
{
	Py_UCS4 units[2] = {ch};
	size_t n = 1;

	if (is_surrogate(ch))
		return 0;
	if (ch >= 0x10000) {
		units[0] = 0xd800 + ((ch - 0x10000) >> 10);
		units[1] = 0xdc00 + (ch & 0x3ff);
		n = 2;
	}
	for (size_t i = 0; i < n; i++) {
		to[2 * i + !big] = (char)(units[i] >> 8);
		to[2 * i + big] = (char)units[i];
	}
	return 2 * n;
}

static size_t put_16le(char *to, Py_UCS4 ch)
{
	return put_16(to, ch, false);
}

static size_t put_16be(char *to, Py_UCS4 ch)
{
	return put_16(to, ch, true);
}

static size_t put_32(char *to, Py_UCS4 ch, bool big)
{
	if (is_surrogate(ch))
		return 0;
	for (int i = 0; i < 4; i++)
		to[big ? 3 - i : i] = (char)(ch >> (8 * i));
	return 4;
}

static size_t put_32le(char *to, Py_UCS4 ch)
{
	return put_32(to, ch, false);
}

static size_t put_32be(char *to, Py_UCS4 ch)
{
	return put_32(to, ch, true);
}

#define SURROGATES "surrogates not allowed"
static const struct encoder utf8_encoder = {"utf-8", SURROGATES, put_utf8, false},
			    latin1_encoder = {"latin-1", "ordinal not in range(256)", put_latin1,
					      false},
			    ascii_encoder = {"ascii", "ordinal not in range(128)", put_ascii,
					     false},
			    utf16le_encoder = {"utf-16-le", SURROGATES, put_16le, true},
			    utf16_encoder = {"utf-16", SURROGATES, put_16le, true},
			    utf32_encoder = {"utf-32", SURROGATES, put_32le, true},
			    utf16be_encoder = {"utf-16-be", SURROGATES, put_16be, true},
			    utf32le_encoder = {"utf-32-le", SURROGATES, put_32le, true},
			    utf32be_encoder = {"utf-32-be", SURROGATES, put_32be, true};

/* ASCII text through the encoder. */
static int put_text(const struct encoder *e, struct out *out, const char *text)
{
	char bytes[4];

	for (; *text; text++)
		if (put(out, bytes, e->put_char(bytes, (unsigned char)*text)) < 0)
			return -1;
	return 0;
}

/* The character at i cannot be encoded, nor can those up to end. 0: written; -1. */
static int encode_error(const struct encoder *e, struct out *out, PyObject *o, Py_ssize_t start,
			Py_ssize_t end, const char *errors)
{
	enum handler handler = find_handler(errors);
	char text[16];

	for (Py_ssize_t i = start; i < end; i++) {
		Py_UCS4 ch = PyUnicode_READ_CHAR(o, i);

		switch (handler) {
		case H_IGNORE: continue;
		case H_REPLACE: strcpy(text, "?"); break;
		case H_NAMEREPLACE:
		case H_BACKSLASHREPLACE:
			snprintf(text, sizeof(text),
				 ch < 0x100     ? "\\x%02x"
				 : ch < 0x10000 ? "\\u%04x"
						: "\\U%08x",
				 ch);
			break;
		case H_XMLCHARREFREPLACE: snprintf(text, sizeof(text), "&#%u;", ch); break;
		case H_SURROGATEESCAPE:
			if (ch < 0xdc80 || ch > 0xdcff || e->wide)
				goto raise;
			text[0] = (char)(ch - 0xdc00);
			if (put(out, text, 1) < 0)
				return -1;
			continue;
		case H_SURROGATEPASS:
			if (!is_surrogate(ch) || e->put_char == put_ascii ||
			    e->put_char == put_latin1)
				goto raise;
			if (e->put_char == put_utf8) {
				if (put(out, text, utf8_put(text, ch)) < 0)
					return -1;
				continue;
			}
			/* Encoded as its own code unit: the low half is what put_char does. */
			memset(text, 0, 4);
			{
				bool big = e->put_char == put_16be || e->put_char == put_32be;
				int width =
					e->put_char == put_16le || e->put_char == put_16be ? 2 : 4;

				for (int k = 0; k < 2; k++)
					text[big ? width - 1 - k : k] = (char)(ch >> (8 * k));
				if (put(out, text, (size_t)width) < 0)
					return -1;
			}
			continue;
		case H_STRICT:
		raise:
			raise_encode_error(e->name, o, start, end, e->reason);
			return -1;
		default: return unknown_handler(errors);
		}
		if (put_text(e, out, text) < 0)
			return -1;
	}
	return 0;
}

static int encode_into(const struct encoder *e, struct out *out, PyObject *o, const char *errors)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(o), i = 0;
	int kind = PyUnicode_KIND(o);
	const void *data = PyUnicode_DATA(o);
	char bytes[4];

	while (i < n) {
		size_t len = e->put_char(bytes, PyUnicode_READ(kind, data, i));

		if (len) {
			if (put(out, bytes, len) < 0)
				return -1;
			i++;
		} else {
			Py_ssize_t end = i + 1;

			while (end < n && !e->put_char(bytes, PyUnicode_READ(kind, data, end)))
				end++;
			if (encode_error(e, out, o, i, end, errors) < 0)
				return -1;
			i = end;
		}
	}
	return 0;
}

static PyObject *encode(const struct encoder *e, PyObject *o, const char *errors, const char *mark,
			size_t mark_len)
{
	struct out out = {0};
	PyObject *ret = NULL;

	if (put(&out, mark, mark_len) == 0 && encode_into(e, &out, o, errors) == 0)
		ret = PyBytes_FromStringAndSize(out.data, (Py_ssize_t)out.n);
	PyMem_Free(out.data);
	return ret;
}

PyObject *_PyUnicode_EncodeUTF8(PyObject *o, const char *errors)
{
	if (PyUnicode_IS_ASCII(o))
		return PyBytes_FromStringAndSize(PyUnicode_DATA(o), PyUnicode_GET_LENGTH(o));
	return encode(&utf8_encoder, o, errors, "", 0);
}

PyObject *_PyUnicode_EncodeLatin1(PyObject *o, const char *errors)
{
	if (PyUnicode_KIND(o) == 1)
		return PyBytes_FromStringAndSize(PyUnicode_DATA(o), PyUnicode_GET_LENGTH(o));
	return encode(&latin1_encoder, o, errors, "", 0);
}

PyObject *_PyUnicode_EncodeASCII(PyObject *o, const char *errors)
{
	if (PyUnicode_IS_ASCII(o))
		return PyBytes_FromStringAndSize(PyUnicode_DATA(o), PyUnicode_GET_LENGTH(o));
	return encode(&ascii_encoder, o, errors, "", 0);
}

PyObject *PyUnicode_AsUTF8String(PyObject *o)
{
	return _PyUnicode_Ensure(o) < 0 ? NULL : _PyUnicode_EncodeUTF8(o, NULL);
}

const char *PyUnicode_AsUTF8AndSize(PyObject *o, Py_ssize_t *n)
{
	PyCompactUnicodeObject *u = (PyCompactUnicodeObject *)o;
	struct out out = {0};

	if (_PyUnicode_Ensure(o) < 0)
		return NULL;
	if (PyUnicode_IS_ASCII(o)) {
		if (n)
			*n = PyUnicode_GET_LENGTH(o);
		return PyUnicode_DATA(o);
	}
	if (!u->utf8) {
		if (encode_into(&utf8_encoder, &out, o, NULL) < 0 || put(&out, "", 1) < 0) {
			PyMem_Free(out.data);
			return NULL;
		}
		u->utf8 = out.data;
		u->utf8_length = (Py_ssize_t)out.n - 1;
	}
	if (n)
		*n = u->utf8_length;
	return u->utf8;
}

const char *PyUnicode_AsUTF8(PyObject *o)
{
	return PyUnicode_AsUTF8AndSize(o, NULL);
}

/* -- By name ----------------------------------------------------------------------------------- */
enum codec { UTF8, UTF8_SIG, LATIN1, ASCII, UTF16, UTF16LE, UTF16BE, UTF32, UTF32LE, UTF32BE };

static const struct {
	const char *name; /* lower case, '-' for every separator */
	enum codec codec;
} codecs[] = {
	{"utf-8", UTF8},        {"utf8", UTF8},         {"u8", UTF8},
	{"utf", UTF8},          {"cp65001", UTF8},      {"utf-8-sig", UTF8_SIG},
	{"latin-1", LATIN1},    {"latin1", LATIN1},     {"iso-8859-1", LATIN1},
	{"iso8859-1", LATIN1},  {"8859", LATIN1},       {"l1", LATIN1},
	{"cp819", LATIN1},      {"latin", LATIN1},      {"ascii", ASCII},
	{"us-ascii", ASCII},    {"646", ASCII},         {"ansi-x3.4-1968", ASCII},
	{"utf-16", UTF16},      {"utf16", UTF16},       {"u16", UTF16},
	{"utf-16-le", UTF16LE}, {"utf-16le", UTF16LE},  {"utf-16-be", UTF16BE},
	{"utf-16be", UTF16BE},  {"utf-32", UTF32},      {"utf32", UTF32},
	{"u32", UTF32},         {"utf-32-le", UTF32LE}, {"utf-32le", UTF32LE},
	{"utf-32-be", UTF32BE}, {"utf-32be", UTF32BE},
};

/* -1 with LookupError. */
static int find_codec(const char *name)
{
	char norm[32];
	size_t n = 0;

	if (!name)
		return UTF8;
	for (const char *p = name; *p && n < sizeof(norm) - 1; p++) {
		char c = *p;

		if (c == '_' || c == ' ')
			c = '-';
		norm[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	norm[n] = '\0';
	for (size_t i = 0; i < sizeof(codecs) / sizeof(codecs[0]); i++)
		if (strcmp(norm, codecs[i].name) == 0)
			return (int)codecs[i].codec;
	PyErr_Format(PyExc_LookupError, "unknown encoding: %.400s", name);
	return -1;
}

PyObject *PyUnicode_Decode(const char *data, Py_ssize_t n, const char *encoding, const char *errors)
{
	switch (find_codec(encoding)) {
	case UTF8: return PyUnicode_DecodeUTF8(data, n, errors);
	case UTF8_SIG:
		if (n >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0)
			return PyUnicode_DecodeUTF8(data + 3, n - 3, errors);
		return PyUnicode_DecodeUTF8(data, n, errors);
	case LATIN1: return PyUnicode_DecodeLatin1(data, n, errors);
	case ASCII: return PyUnicode_DecodeASCII(data, n, errors);
	case UTF16: return decode_wide(data, n, errors, 2, 0);
	case UTF16LE: return decode_wide(data, n, errors, 2, -1);
	case UTF16BE: return decode_wide(data, n, errors, 2, 1);
	case UTF32: return decode_wide(data, n, errors, 4, 0);
	case UTF32LE: return decode_wide(data, n, errors, 4, -1);
	case UTF32BE: return decode_wide(data, n, errors, 4, 1);
	default: return NULL;
	}
}

PyObject *PyUnicode_AsEncodedString(PyObject *o, const char *encoding, const char *errors)
{
	if (_PyUnicode_Ensure(o) < 0)
		return NULL;
	switch (find_codec(encoding)) {
	case UTF8: return _PyUnicode_EncodeUTF8(o, errors);
	case UTF8_SIG: return encode(&utf8_encoder, o, errors, "\xef\xbb\xbf", 3);
	case LATIN1: return _PyUnicode_EncodeLatin1(o, errors);
	case ASCII: return _PyUnicode_EncodeASCII(o, errors);
	case UTF16: return encode(&utf16_encoder, o, errors, "\xff\xfe", 2);
	case UTF16LE: return encode(&utf16le_encoder, o, errors, "", 0);
	case UTF16BE: return encode(&utf16be_encoder, o, errors, "", 0);
	case UTF32: return encode(&utf32_encoder, o, errors, "\xff\xfe\0\0", 4);
	case UTF32LE: return encode(&utf32le_encoder, o, errors, "", 0);
	case UTF32BE: return encode(&utf32be_encoder, o, errors, "", 0);
	default: return NULL;
	}
}

PyObject *PyUnicode_FromEncodedObject(PyObject *o, const char *encoding, const char *errors)
{
	const char *data;
	Py_ssize_t n;

	if (PyUnicode_Check(o)) {
		PyErr_SetString(PyExc_TypeError, "decoding str is not supported");
		return NULL;
	}
	if (!_PyBytes_View(o, &data, &n))
		return PyErr_Format(PyExc_TypeError,
				    "decoding to str: need a bytes-like object, %.80s found",
				    Py_TYPE(o)->tp_name);
	return PyUnicode_Decode(data, n, encoding, errors);
}

PyObject *PyUnicode_DecodeFSDefaultAndSize(const char *data, Py_ssize_t n)
{
	return PyUnicode_DecodeUTF8(data, n, "surrogateescape");
}

PyObject *PyUnicode_DecodeFSDefault(const char *data)
{
	return PyUnicode_DecodeFSDefaultAndSize(data, (Py_ssize_t)strlen(data));
}

PyObject *PyUnicode_EncodeFSDefault(PyObject *o)
{
	return _PyUnicode_EncodeUTF8(o, "surrogateescape");
}
