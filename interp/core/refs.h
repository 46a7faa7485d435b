/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The debug build (DEBUG=1) counts all references. At exit the interpreter lets go of its own: what
 * is left of the count then was leaked.
 */
#ifndef MINIPY_CORE_REFS_H
#define MINIPY_CORE_REFS_H

#include "core/object.h"

/* Says of a static variable, or of an array or struct of n pointers, that it owns references: the
 * debug build drops them at exit. */
struct _Py_static_refs {
	PyObject **at;
	size_t n;
};
#ifdef PY_DEBUG_REFS
#define PY_OWNS_REFS(v)                                                                       \
	static const struct _Py_static_refs v##_refs                                          \
		__attribute__((used, section("py_static_refs"), aligned(sizeof(void *)))) = { \
			(PyObject **)&(v), sizeof(v) / sizeof(PyObject *)};
/* Drops them all. */
void _PyRefs_DropStatic(void);
#else
#define PY_OWNS_REFS(v) _Static_assert(sizeof(v) % sizeof(PyObject *) == 0, "no pointers");
#endif

#endif
