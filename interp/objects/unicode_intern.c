/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of interned strings: open addressing over borrowed pointers. A string leaves the table
 * when it dies, so the table keeps nothing alive.
 */
#include "objects/unicode_priv.h"

#include "core/errors.h"

static PyObject **table;
static size_t mask, used, filled; /* filled counts used and deleted slots */

#define DELETED ((PyObject *)&mask)

/* The slot of an equal string, or the slot to put it in. */
static size_t find_slot(PyObject *o)
{
	size_t i = (size_t)_PyUnicode_Hash(o) & mask, free_slot = SIZE_MAX;

	for (;; i = (i + 1) & mask) {
		if (!table[i])
			return free_slot != SIZE_MAX ? free_slot : i;
		if (table[i] == DELETED) {
			if (free_slot == SIZE_MAX)
				free_slot = i;
		} else if (table[i] == o || (PyUnicode_HASH(table[i]) == PyUnicode_HASH(o) &&
					     _PyUnicode_EQ(table[i], o))) {
			return i;
		}
	}
}

static int make_room(void)
{
	PyObject **old = table, **bigger;
	size_t old_size = table ? mask + 1 : 0, size = 1024;

	if (table && filled * 3 < old_size * 2)
		return 0;
	while (size < used * 3)
		size *= 2;
	bigger = PyMem_Calloc(size, sizeof(*bigger));
	if (!bigger)
		return -1;
	table = bigger;
	mask = size - 1;
	filled = used;
	for (size_t i = 0; i < old_size; i++)
		if (old[i] && old[i] != DELETED)
			table[find_slot(old[i])] = old[i];
	PyMem_Free(old);
	return 0;
}

/* Without memory the string stays as it is, which is merely slower. */
void PyUnicode_InternInPlace(PyObject **o)
{
	PyObject *s = *o;
	size_t i;

	if (!s || !PyUnicode_CheckExact(s) || PyUnicode_CHECK_INTERNED(s) || make_room() < 0)
		return;
	i = find_slot(s);
	if (table[i] && table[i] != DELETED) {
		*o = Py_NewRef(table[i]);
		Py_DECREF(s);
		return;
	}
	filled += table[i] != DELETED;
	used++;
	table[i] = s;
	PyUnicode_STATE(s) |= 1;
}

void _PyUnicode_ForgetInterned(PyObject *o)
{
	size_t i = find_slot(o);

	if (table[i] == o) {
		table[i] = DELETED;
		used--;
	}
}

PyObject *PyUnicode_InternFromString(const char *utf8)
{
	PyObject *o = PyUnicode_FromString(utf8);

	PyUnicode_InternInPlace(&o);
	return o;
}
