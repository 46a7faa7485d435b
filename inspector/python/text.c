/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * str, bytes and bytearray as repr() prints them: single quotes unless there are single quotes and
 * no double ones inside; escapes as in CPython Objects/unicodeobject.c, unicode_repr.
 */
#include "python/printer.h"
#include "python/str.h"
#include "python/unicode.h"
#include "base/cleanup.h"

#include <inttypes.h>
#include <stdlib.h>

enum { CHUNK = 512, SCAN_FIRST = PYI_PAGE_SIZE, SCAN_BYTES = 64 * 1024 };
#define SCAN_MAX ((uint64_t)1 << 28)

/* What stands at the front, and how characters are escaped. */
struct style {
	const char *prefix;
	bool bytes;     /* all from 0x7f on as \xNN */
	bool ascii;     /* 2.7 unicode: all from 0x7f on escaped */
	bool single;    /* single quotes are escaped between double ones too: bytearray */
	unsigned minor; /* of Python 3: which Unicode */
};

static struct pyi_error *chunk(struct pyi_printer *p, const struct pyi_str *str, uint64_t first,
			       uint32_t *chars, size_t *n)
{
	*n = str->length - first < CHUNK ? str->length - first : CHUNK;
	pyi_printer_touch(p, str->data + first * str->width, *n * str->width);
	return pyi_str_chars(p->target, str, first, chars, *n);
}

/* Looks for quotes in n units. */
static void scan(const uint8_t *units, size_t n, unsigned width, bool *one, bool *two)
{
	for (size_t i = 0; i < n; i++, units += width) {
		bool ascii = true;

		for (unsigned j = 1; j < width; j++)
			ascii = ascii && !units[j];
		*one = *one || (ascii && units[0] == '\'');
		*two = *two || (ascii && units[0] == '"');
	}
}

/* The quote that repr chooses: needs a look at the whole of a text without double quotes. What is
 * beyond the first part is read past the cache, which should not hold what is not shown. A text
 * too long to be looked at is cut before its first character. */
static struct pyi_error *choose_quote(struct pyi_printer *p, const struct pyi_str *str, char *ret)
{
	uint64_t bytes = str->length * str->width;
	const json_t *noted = pyi_notes_get(p->target->notes, "quotes", "0x%" PRIx64, str->data);
	pyi_autofree uint8_t *buf = malloc(SCAN_BYTES);
	bool one = false, two = false;
	size_t n;

	if (!buf)
		return &pyi_enomem;
	if (bytes > SCAN_MAX) {
		p->cut = true;
		return NULL;
	}
	if (json_is_string(noted)) { /* a snapshot does not hold all of the text */
		*ret = *pyi_notes_string(noted) == '"' ? '"' : '\'';
		return NULL;
	}
	for (uint64_t done = 0; done < bytes && !two; done += n) {
		uint64_t at = str->data + done;
		struct pyi_error *err;

		n = done ? SCAN_BYTES : SCAN_FIRST;
		n = bytes - done < n ? bytes - done : n;
		if (done) {
			p->late = true;
			err = pyi_mem_read_now(p->target->mem, at, buf, n);
		} else {
			pyi_printer_touch(p, at, n);
			err = pyi_mem_read(p->target->mem, at, buf, n);
		}
		if (err)
			return err;
		scan(buf, n / str->width, str->width, &one, &two);
	}
	*ret = one && !two ? '"' : '\'';
	if (bytes > SCAN_FIRST)
		pyi_notes_put(p->target->notes, "quotes", json_stringn(ret, 1), "0x%" PRIx64,
			      str->data);
	return NULL;
}

static void put_escape(struct pyi_printer *p, uint32_t c)
{
	const char *fmt = c <= 0xff ? "\\x%02x" : c <= 0xffff ? "\\u%04x" : "\\U%08x";

	pyi_printer_format(p, fmt, c);
}

static void put_char(struct pyi_printer *p, uint32_t c, char quote, const struct style *style)
{
	static const char named[] = {['\t'] = 't', ['\n'] = 'n', ['\r'] = 'r'};

	if (c == (unsigned char)quote || c == '\\' || (c == '\'' && style->single))
		pyi_printer_format(p, "\\%c", (char)c);
	else if (c < sizeof(named) && named[c])
		pyi_printer_format(p, "\\%c", named[c]);
	else if (c >= ' ' && c < 0x7f)
		pyi_printer_char(p, c);
	else if (style->bytes || style->ascii || !pyi_unicode_printable(c, style->minor))
		put_escape(p, c);
	else
		pyi_printer_char(p, c);
}

/* What is dead does not grow: a text that ends outside of what was mapped is none. */
static struct pyi_error *check_extent(const struct pyi_printer *p, const struct pyi_str *str)
{
	const struct pyi_maps *maps = &p->target->maps;
	uint64_t bytes = str->length * str->width;

	if (p->target->kind == PYI_TARGET_LIVE || !bytes || !pyi_maps_find(maps, str->data) ||
	    pyi_maps_find(maps, str->data + (bytes - 1)))
		return NULL;
	return pyi_error_create(PYI_ERR_BAD_DATA, "impossible length %llu",
				(unsigned long long)str->length);
}

static struct pyi_error *print_text(struct pyi_printer *p, const struct pyi_str *str,
				    const struct style *style)
{
	uint32_t chars[CHUNK];
	char quote = '\'';
	size_t n;
	struct pyi_error *err = check_extent(p, str);

	if (!err)
		err = choose_quote(p, str, &quote);
	if (err || p->cut)
		return err;
	pyi_printer_format(p, "%s%c", style->prefix, quote);
	for (uint64_t done = 0; done < str->length && !p->cut; done += n) {
		err = chunk(p, str, done, chars, &n);
		if (err)
			return err;
		for (size_t i = 0; i < n && !p->cut; i++)
			put_char(p, chars[i], quote, style);
	}
	pyi_printer_format(p, "%c", quote);
	return NULL;
}

struct pyi_error *pyi_print_str(struct pyi_printer *p, uint64_t obj, const struct pyi_type *type)
{
	bool two = p->rt->layout.how_str == PYI_STR_PY2;
	const struct style style = {
		.prefix = two ? "u" : "", .ascii = two, .minor = p->rt->layout.python_minor};
	struct pyi_str str;
	struct pyi_error *err = pyi_str_open(p->target, p->rt, obj, &str);

	return err ? err : print_text(p, &str, &style);
}

struct pyi_error *pyi_print_bytes(struct pyi_printer *p, uint64_t obj, const struct pyi_type *type)
{
	bool two = p->rt->layout.how_str == PYI_STR_PY2;
	const struct style style = {.prefix = two ? "" : "b", .bytes = true};
	struct pyi_str str = {.width = 1};
	struct pyi_error *err = pyi_bytes_open(p->target, p->rt, obj, &str.data, &str.length);

	return err ? err : print_text(p, &str, &style);
}

struct pyi_error *pyi_print_bytearray(struct pyi_printer *p, uint64_t obj,
				      const struct pyi_type *type)
{
	const struct style style = {.prefix = "b", .bytes = true, .single = true};
	struct pyi_str str = {.width = 1};
	uint64_t unused;
	struct pyi_error *err = pyi_bytes_open(p->target, p->rt, obj, &unused, &str.length);

	/* ob_start is NULL in an empty one. */
	if (!err && str.length)
		err = pyi_field_u64(p->target, obj, p->rt->layout.bytearray_start, &str.data);
	if (err)
		return err;
	if (str.data > UINT64_MAX - str.length)
		return pyi_error_create(PYI_ERR_BAD_DATA, "impossible length %lld",
					(long long)str.length);
	pyi_printer_puts(p, "bytearray(");
	err = print_text(p, &str, &style);
	pyi_printer_puts(p, ")");
	return err;
}
