/* SPDX-License-Identifier: BSD-2-Clause */
#include "compiler/arena.h"

#include "compiler/object_api.h"

#include <limits.h>

#define CHUNK_SIZE ((size_t)64 << 10)

struct arena_chunk {
	struct arena_chunk *older;
	_Alignas(16) char data[];
};

void arena_init(struct arena *a)
{
	memset(a, 0, sizeof(*a));
}

void arena_deinit(struct arena *a)
{
	while (a->chunks) {
		struct arena_chunk *older = a->chunks->older;

		PyMem_Free(a->chunks);
		a->chunks = older;
	}
	for (size_t i = 0; i < a->nobjects; i++)
		Py_DECREF(a->objects[i]);
	PyMem_Free(a->objects);
	arena_init(a);
}

void *arena_alloc(struct arena *a, size_t size)
{
	void *ret;

	size = (size + 7) & ~(size_t)7;
	if (size > (size_t)(a->end - a->next)) {
		size_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;
		struct arena_chunk *chunk = PyMem_Malloc(sizeof(*chunk) + room);

		if (!chunk) {
			PyErr_NoMemory();
			return NULL;
		}
		chunk->older = a->chunks;
		a->chunks = chunk;
		a->next = chunk->data;
		a->end = chunk->data + room;
	}
	ret = a->next;
	a->next += size;
	return memset(ret, 0, size);
}

PyObject *arena_own(struct arena *a, PyObject *object)
{
	if (!object)
		return NULL;
	if ((a->nobjects & (a->nobjects + 1)) == 0) {
		size_t room = 2 * (a->nobjects + 1);
		PyObject **bigger = PyMem_Realloc(a->objects, room * sizeof(*bigger));

		if (!bigger) {
			Py_DECREF(object);
			return PyErr_NoMemory();
		}
		a->objects = bigger;
	}
	return a->objects[a->nobjects++] = object;
}

bool seq_push(struct arena *a, struct seq *s, void *item)
{
	if ((s->n & (s->n - 1)) == 0) { /* 0, 1, 2, 4 ...: full */
		size_t room = s->n ? 2 * (size_t)s->n : 1;
		void **bigger;

		if (s->n > INT_MAX / 4) {
			PyErr_NoMemory();
			return false;
		}
		bigger = arena_alloc(a, room * sizeof(*bigger));
		if (!bigger)
			return false;
		if (s->n)
			memcpy(bigger, s->v, (size_t)s->n * sizeof(*bigger));
		s->v = bigger;
	}
	s->v[s->n++] = item;
	return true;
}
