/* SPDX-License-Identifier: BSD-2-Clause */
/* Where Python frames stand, worked out once for each instruction: a deep recursion has few of
 * them. */
#ifndef PYI_REPORT_PLACES_H
#define PYI_REPORT_PLACES_H

#include "python/code.h"
#include "python/frames.h"
#include "python/runtime.h"
#include "report/source.h"

struct pyi_place {
	const struct pyi_code *code; /* of the cache that it was read with */
	int line, column;            /* as in struct pyi_report_frame */
	char *source;                /* NULL: not at hand */
};

struct pyi_places;

/* The sources stay the caller's and must outlive it. */
struct pyi_error *pyi_places_create(struct pyi_sources *sources,
				    struct pyi_places **ret) PYI_WARN_UNUSED;
void pyi_places_destroy(struct pyi_places *places);
/* Fails when the code object cannot be read. *ret is good until the next call. */
struct pyi_error *pyi_places_get(struct pyi_places *places, const struct pyi_runtime *rt,
				 struct pyi_code_cache *codes, const struct pyi_py_frame *frame,
				 const struct pyi_place **ret) PYI_WARN_UNUSED;

#endif
