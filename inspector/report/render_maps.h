/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing an address space out. where is the answer to --address, or NULL for all of it. */
#ifndef PYI_REPORT_RENDER_MAPS_H
#define PYI_REPORT_RENDER_MAPS_H

#include "report/whereis.h"

#include <stdio.h>

struct pyi_maps_options {
	bool all;     /* text: every range on its own */
	bool color;   /* text: ANSI colours */
	size_t width; /* text: columns to cut lines at; 0 = never cut */
};

/* Both fail only when memory is out; the stream's own errors are the caller's to look at. */
struct pyi_error *pyi_render_maps_text(const struct pyi_addrspace *space,
				       const struct pyi_whereis *where,
				       const struct pyi_maps_options *options,
				       FILE *out) PYI_WARN_UNUSED;
struct pyi_error *pyi_render_maps_json(const struct pyi_addrspace *space,
				       const struct pyi_whereis *where, FILE *out) PYI_WARN_UNUSED;

#endif
