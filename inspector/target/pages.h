/* SPDX-License-Identifier: BSD-2-Clause */
/* Copies of pages on their way into a snapshot. */
#ifndef PYI_TARGET_PAGES_H
#define PYI_TARGET_PAGES_H

#include "base/strbuf.h"
#include "base/vec.h"
#include "target/mem.h"

struct pyi_pages {
	PYI_VEC(struct pyi_saved_page {
		uint64_t addr;
		size_t at; /* of its bytes in bytes.data */
		bool held; /* false: it could not be read, and has no bytes */
	})
	list;
	struct pyi_strbuf bytes;
	bool failed; /* memory is out */
};

void pyi_pages_deinit(struct pyi_pages *pages);
/* data NULL: a page that could not be read. */
void pyi_pages_add(struct pyi_pages *pages, uint64_t addr, const void *data);
void pyi_pages_sort(struct pyi_pages *pages);
/* The bytes of list.data[first] and of the pages that follow it in memory and here, *n of them;
 * NULL when it has none. */
char *pyi_pages_run(struct pyi_pages *pages, size_t first, size_t *n);

#endif
