/* SPDX-License-Identifier: BSD-2-Clause */
#include "compiler/ptrmap.h"

static struct ptrmap_slot *find(const struct ptrmap *m, const void *key)
{
	size_t i = ((uintptr_t)key >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 20;

	for (;; i++) {
		struct ptrmap_slot *s = &m->slots[i & (m->capacity - 1)];

		if (!s->key || s->key == key)
			return s;
	}
}

void *ptrmap_get(const struct ptrmap *m, const void *key)
{
	return m->capacity ? find(m, key)->value : NULL;
}

static bool grow(struct arena *a, struct ptrmap *m)
{
	struct ptrmap bigger = {.used = m->used, .capacity = m->capacity ? 2 * m->capacity : 8};

	bigger.slots = arena_alloc(a, bigger.capacity * sizeof(*bigger.slots));
	if (!bigger.slots)
		return false;
	for (size_t i = 0; i < m->capacity; i++) {
		if (m->slots[i].key)
			*find(&bigger, m->slots[i].key) = m->slots[i];
	}
	*m = bigger;
	return true;
}

bool ptrmap_put(struct arena *a, struct ptrmap *m, const void *key, void *value)
{
	struct ptrmap_slot *s;

	if (m->used * 4 >= m->capacity * 3 && !grow(a, m))
		return false;
	s = find(m, key);
	m->used += s->key == NULL;
	s->key = key;
	s->value = value;
	return true;
}
