/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is known about a target besides its memory: answers of /proc and of files on its machine,
 * as tables of key and value. Whoever needs such an answer looks here first, asks the system only
 * when it is not noted, and notes what it got. So a target that is being saved learns what a dump
 * asks for, and a snapshot, which has no system to ask, brings the answers along: nobody needs to
 * know which of the two it has. A target that is only looked at has no notes (NULL): nothing is
 * known, nothing is kept.
 *
 * Values are JSON and, read from a snapshot, untrusted: their types are checked where they are
 * used.
 */
#ifndef PYI_TARGET_NOTES_H
#define PYI_TARGET_NOTES_H

#include "base/error.h"

#include <jansson.h>

struct pyi_notes;

/* data: the tables, as pyi_notes_data gave them; NULL: none. */
struct pyi_error *pyi_notes_create(const json_t *data, struct pyi_notes **ret) PYI_WARN_UNUSED;
void pyi_notes_destroy(struct pyi_notes *notes);
/* Borrowed; an object of objects. */
const json_t *pyi_notes_data(const struct pyi_notes *notes);

/* The value, which lives as long as the notes; NULL when nothing is noted under that key. */
const json_t *pyi_notes_get(const struct pyi_notes *notes, const char *table, const char *key_fmt,
			    ...) __attribute__((format(printf, 3, 4)));
/* Takes value over; what is NULL or cannot be kept is dropped. */
void pyi_notes_put(struct pyi_notes *notes, const char *table, json_t *value, const char *key_fmt,
		   ...) __attribute__((format(printf, 4, 5)));
/* A JSON string; bytes that are no UTF-8 become \xNN, NULL becomes null. */
json_t *pyi_notes_text(const char *text);
/* The string, or NULL for everything else. */
const char *pyi_notes_string(const json_t *value);

#endif
