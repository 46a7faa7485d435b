/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/places.h"

#include "base/vec.h"
#include "python/linetable.h"

#include <stdlib.h>

struct key {
	const struct pyi_runtime *rt;
	uint64_t code, lasti_units;
};

struct known {
	struct key key;
	struct pyi_place place;
};

struct pyi_places {
	struct pyi_sources *sources;
	PYI_VEC(struct known) known;
	size_t *slots;  /* open addressing: 1 + index into known, 0 free */
	size_t n_slots; /* a power of two, or 0 */
};

struct pyi_error *pyi_places_create(struct pyi_sources *sources, struct pyi_places **ret)
{
	struct pyi_places *places = calloc(1, sizeof(*places));

	if (!places)
		return &pyi_enomem;
	places->sources = sources;
	*ret = places;
	return NULL;
}

void pyi_places_destroy(struct pyi_places *places)
{
	if (!places)
		return;
	pyi_vec_for_each (known, &places->known)
		free(known->place.source);
	pyi_vec_deinit(&places->known);
	free(places->slots);
	free(places);
}

static bool same_key(const struct key *a, const struct key *b)
{
	return a->rt == b->rt && a->code == b->code && a->lasti_units == b->lasti_units;
}

/* The key's slot, or the free one where it belongs; there is always a free one. */
static size_t *find(const struct pyi_places *places, const struct key *key)
{
	uint64_t hash = (key->code ^ key->lasti_units << 40) * UINT64_C(0x9e3779b97f4a7c15) >> 32;

	for (size_t i = hash;; i++) {
		size_t *slot = &places->slots[i & (places->n_slots - 1)];

		if (!*slot || same_key(&places->known.data[*slot - 1].key, key))
			return slot;
	}
}

static bool grow(struct pyi_places *places)
{
	size_t n = places->n_slots ? places->n_slots * 2 : 64;
	size_t *slots = calloc(n, sizeof(*slots));

	if (!slots)
		return false;
	free(places->slots);
	places->slots = slots;
	places->n_slots = n;
	for (size_t i = 0; i < places->known.len; i++)
		*find(places, &places->known.data[i].key) = i + 1;
	return true;
}

static void locate(const struct pyi_places *places, const struct pyi_runtime *rt,
		   const struct pyi_py_frame *frame, struct pyi_place *place)
{
	const struct pyi_code *code = place->code;
	struct pyi_position position = {.line = code->firstlineno};

	if (frame->lasti_units != UINT64_MAX && !code->linetable)
		position = (struct pyi_position){.line = 0}; /* it cannot be read */
	else if (frame->lasti_units != UINT64_MAX)
		position = pyi_linetable_lookup(rt->layout.how_lines, code->linetable,
						code->linetable_len, code->firstlineno,
						frame->lasti_units);
	place->line = position.line;
	place->column = position.column;
	place->source = pyi_source_line(places->sources, code->file_raw, place->line);
}

struct pyi_error *pyi_places_get(struct pyi_places *places, const struct pyi_runtime *rt,
				 struct pyi_code_cache *codes, const struct pyi_py_frame *frame,
				 const struct pyi_place **ret)
{
	struct key key = {rt, frame->code, frame->lasti_units};
	const struct pyi_code *code;
	struct pyi_error *err;
	struct known *new;
	size_t *slot;

	if (places->known.len * 2 >= places->n_slots && !grow(places))
		return &pyi_enomem;
	slot = find(places, &key);
	if (!*slot) {
		err = pyi_code_get(codes, frame->code, &code);
		if (err)
			return err;
		new = pyi_vec_push(&places->known);
		if (!new)
			return &pyi_enomem;
		*new = (struct known){.key = key, .place.code = code};
		locate(places, rt, frame, &new->place);
		*slot = places->known.len;
	}
	*ret = &places->known.data[*slot - 1].place;
	return NULL;
}
