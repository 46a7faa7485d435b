/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/refs.h"

#ifdef PY_DEBUG_REFS
Py_ssize_t _Py_ref_total;

/* The linker's names for the ends of a section. */
extern const struct _Py_static_refs __start_py_static_refs[], __stop_py_static_refs[];

void _PyRefs_DropStatic(void)
{
	for (const struct _Py_static_refs *r = __start_py_static_refs; r < __stop_py_static_refs;
	     r++)
		for (size_t i = 0; i < r->n; i++)
			Py_CLEAR(r->at[i]);
}
#endif
