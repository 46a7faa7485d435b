/* SPDX-License-Identifier: BSD-2-Clause */
#include "target/pages.h"

#include <stdlib.h>

void pyi_pages_deinit(struct pyi_pages *pages)
{
	pyi_vec_deinit(&pages->list);
	pyi_strbuf_deinit(&pages->bytes);
}

void pyi_pages_add(struct pyi_pages *pages, uint64_t addr, const void *data)
{
	struct pyi_saved_page *page = pyi_vec_push(&pages->list);
	if (!page) {
		pages->failed = true;
		return;
	}
	*page = (struct pyi_saved_page){.addr = addr, .at = pages->bytes.len, .held = data != NULL};
	if (data)
		pyi_strbuf_append(&pages->bytes, data, PYI_PAGE_SIZE);
	pages->failed |= pages->bytes.failed;
}

static int page_compare(const void *a, const void *b)
{
	const struct pyi_saved_page *x = a, *y = b;
	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

void pyi_pages_sort(struct pyi_pages *pages)
{
	if (pages->list.len > 1)
		qsort(pages->list.data, pages->list.len, sizeof(*pages->list.data), page_compare);
}

char *pyi_pages_run(struct pyi_pages *pages, size_t first, size_t *n)
{
	const struct pyi_saved_page *page = &pages->list.data[first];
	size_t k = 1;
	*n = 1;
	if (!page->held || pages->failed)
		return NULL;
	for (; first + k < pages->list.len; k++) {
		if (!page[k].held || page[k].addr != page->addr + k * PYI_PAGE_SIZE ||
		    page[k].at != page->at + k * PYI_PAGE_SIZE)
			break;
	}
	*n = k;
	return pages->bytes.data + page->at;
}
