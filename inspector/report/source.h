/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of source text, read from the target's own files and kept while a report is made. */
#ifndef PYI_REPORT_SOURCE_H
#define PYI_REPORT_SOURCE_H

#include "target/target.h"

struct pyi_sources;

struct pyi_error *pyi_sources_create(struct pyi_target *target,
				     struct pyi_sources **ret) PYI_WARN_UNUSED;
void pyi_sources_destroy(struct pyi_sources *sources);
/* Line number `line` (1-based) of the file, as UTF-8, without space at either end. NULL when it is
 * not at hand: no such file or line, not a regular file, too large, "<string>" and the like.
 * The caller frees it. */
char *pyi_source_line(struct pyi_sources *sources, const char *path, int line);

/* The same for text in memory (exposed for tests). */
char *pyi_source_pick(const char *text, size_t len, int line);

#endif
