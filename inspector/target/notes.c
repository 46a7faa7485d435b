/* SPDX-License-Identifier: BSD-2-Clause */
#include "target/notes.h"

#include "base/cleanup.h"
#include "base/format.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>

struct pyi_notes {
	json_t *tables;
};

struct pyi_error *pyi_notes_create(const json_t *data, struct pyi_notes **ret)
{
	struct pyi_notes *notes = calloc(1, sizeof(*notes));
	if (!notes)
		return &pyi_enomem;
	notes->tables = data ? json_deep_copy(data) : json_object();
	if (!json_is_object(notes->tables)) {
		pyi_notes_destroy(notes);
		return data ? pyi_error_create(PYI_ERR_BAD_DATA, "notes are no tables")
			    : &pyi_enomem;
	}
	*ret = notes;
	return NULL;
}

void pyi_notes_destroy(struct pyi_notes *notes)
{
	if (!notes)
		return;
	json_decref(notes->tables);
	free(notes);
}

const json_t *pyi_notes_data(const struct pyi_notes *notes)
{
	return notes->tables;
}

/* The key as the tables can hold it: valid UTF-8. NULL when memory is out. */
static char *make_key(const char *fmt, va_list ap)
{
	pyi_autofree char *raw = pyi_vformat(fmt, ap);
	return raw ? pyi_utf8_dup(raw) : NULL;
}

const json_t *pyi_notes_get(const struct pyi_notes *notes, const char *table, const char *key_fmt,
			    ...)
{
	const json_t *rows = notes ? json_object_get(notes->tables, table) : NULL;
	if (!rows)
		return NULL;
	va_list ap;
	va_start(ap, key_fmt);
	pyi_autofree char *key = make_key(key_fmt, ap);
	va_end(ap);
	return key ? json_object_get(rows, key) : NULL;
}

void pyi_notes_put(struct pyi_notes *notes, const char *table, json_t *value, const char *key_fmt,
		   ...)
{
	json_t *rows = notes ? json_object_get(notes->tables, table) : NULL;
	if (notes && !rows) {
		json_object_set_new(notes->tables, table, json_object());
		rows = json_object_get(notes->tables, table);
	}
	if (!rows) {
		json_decref(value);
		return;
	}
	va_list ap;
	va_start(ap, key_fmt);
	pyi_autofree char *key = make_key(key_fmt, ap);
	va_end(ap);
	if (key)
		json_object_set_new(rows, key, value);
	else
		json_decref(value);
}

json_t *pyi_notes_text(const char *text)
{
	pyi_autofree char *clean = text ? pyi_utf8_dup(text) : NULL;
	return clean ? json_string(clean) : json_null();
}

const char *pyi_notes_string(const json_t *value)
{
	return json_string_value(value);
}
