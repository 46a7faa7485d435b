/* SPDX-License-Identifier: BSD-2-Clause */
/* Decoding str objects; every length is checked before it is used. */
#include "python/str.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "python/object.h"
#include "python/values.h"

#include <string.h>

#define STATE_KIND(state)    ((state) >> 2 & 7)
#define STATE_COMPACT(state) ((state) >> 5 & 1)
#define STATE_ASCII(state)   ((state) >> 6 & 1)

enum { CHUNK = 128 };

static struct pyi_error *open_pep393(struct pyi_target *target, const struct pyi_layout *l,
				     uint64_t obj, struct pyi_str *str)
{
	uint32_t state;
	struct pyi_error *err = pyi_field_u64(target, obj, l->str_length, &str->length);

	if (!err)
		err = pyi_field_u32(target, obj, l->str_state, &state);
	if (err)
		return err;
	str->width = STATE_KIND(state);
	if (str->width != 1 && str->width != 2 && str->width != 4)
		return pyi_error_create(PYI_ERR_BAD_DATA, "no str at 0x%llx",
					(unsigned long long)obj);
	if (!STATE_COMPACT(state))
		return pyi_field_u64(target, obj, l->str_any_data, &str->data);
	str->data = obj + (STATE_ASCII(state) ? l->str_ascii_data : l->str_compact_data);
	return NULL;
}

/* 2.7 built with UCS4, as every distribution does; str may be of bytes. */
static struct pyi_error *open_py2(struct pyi_target *target, const struct pyi_runtime *rt,
				  uint64_t obj, struct pyi_str *str)
{
	struct pyi_error *err =
		pyi_object_check(target, rt, obj, PYI_TPFLAGS_BYTES | PYI_TPFLAGS_STR, "str");
	uint64_t type, flags;

	if (!err)
		err = pyi_object_type(target, rt, obj, &type);
	if (!err)
		err = pyi_field_u64(target, type, rt->layout.type_flags, &flags);
	if (err)
		return err;
	if (flags & PYI_TPFLAGS_BYTES) {
		str->width = 1;
		str->bytes = true;
		return pyi_bytes_open(target, rt, obj, &str->data, &str->length);
	}
	str->width = 4;
	err = pyi_field_u64(target, obj, rt->layout.str_length, &str->length);
	return err ? err : pyi_field_u64(target, obj, rt->layout.str_any_data, &str->data);
}

struct pyi_error *pyi_str_open(struct pyi_target *target, const struct pyi_runtime *rt,
			       uint64_t obj, struct pyi_str *ret)
{
	struct pyi_str str = {0};
	struct pyi_error *err = rt->layout.how_str == PYI_STR_PY2
					? open_py2(target, rt, obj, &str)
					: open_pep393(target, &rt->layout, obj, &str);

	if (err)
		return err;
	if (str.length > (uint64_t)INT64_MAX / str.width ||
	    str.data > UINT64_MAX - str.length * str.width)
		return pyi_error_create(PYI_ERR_BAD_DATA, "impossible str length %lld",
					(long long)str.length);
	*ret = str;
	return NULL;
}

struct pyi_error *pyi_str_chars(struct pyi_target *target, const struct pyi_str *str,
				uint64_t first, uint32_t *chars, size_t n)
{
	/* The units are read to the end of the buffer, then widened from its start on: a unit is
	 * never overwritten before it was taken. */
	uint8_t *units = (uint8_t *)chars + n * (4 - str->width);
	struct pyi_error *err =
		pyi_mem_read(target->mem, str->data + first * str->width, units, n * str->width);

	if (err)
		return err;
	for (size_t i = 0; i < n; i++) {
		uint32_t c = 0;

		memcpy(&c, units + i * str->width, str->width);
		chars[i] = c;
	}
	return NULL;
}

bool pyi_str_equals(struct pyi_target *target, const struct pyi_runtime *rt, uint64_t obj,
		    const char *text)
{
	uint32_t chars[CHUNK];
	struct pyi_str str;
	struct pyi_error *err = pyi_str_open(target, rt, obj, &str);
	size_t len = strlen(text);

	if (!err && (str.length != len || len > CHUNK))
		return false;
	if (!err)
		err = pyi_str_chars(target, &str, 0, chars, len);
	if (err) {
		pyi_error_destroy(err);
		return false;
	}
	for (size_t i = 0; i < len; i++)
		if (chars[i] != (unsigned char)text[i])
			return false;
	return true;
}

struct pyi_error *pyi_str_read(struct pyi_target *target, const struct pyi_runtime *rt,
			       uint64_t obj, size_t max, char **ret)
{
	uint64_t kinds =
		PYI_TPFLAGS_STR | (rt->layout.how_str == PYI_STR_PY2 ? PYI_TPFLAGS_BYTES : 0);
	struct pyi_error *err = pyi_object_check(target, rt, obj, kinds, "str");
	pyi_autostrbuf text = PYI_STRBUF_INIT;
	uint32_t chars[CHUNK];
	struct pyi_str str;
	char *result;

	if (!err)
		err = pyi_str_open(target, rt, obj, &str);
	if (err)
		return err;
	if (str.length > max)
		str.length = max;
	for (uint64_t done = 0, n; done < str.length; done += n) {
		n = str.length - done < CHUNK ? str.length - done : CHUNK;
		err = pyi_str_chars(target, &str, done, chars, n);
		if (err)
			return err;
		for (size_t i = 0; i < n; i++) {
			if (str.bytes)
				pyi_strbuf_putc(&text, (char)chars[i]);
			else
				pyi_strbuf_put_utf8(&text, chars[i]);
		}
	}
	if (str.bytes && text.len) { /* most likely UTF-8 */
		pyi_autostrbuf bytes = text;

		text = (struct pyi_strbuf)PYI_STRBUF_INIT;
		pyi_utf8_append(&text, bytes.data, bytes.len);
		text.failed |= bytes.failed;
	}
	result = pyi_strbuf_steal(&text);
	if (!result)
		return &pyi_enomem;
	*ret = result;
	return NULL;
}
