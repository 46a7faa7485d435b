/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/render.h"

#include <string.h>

const struct pyi_renderer *const pyi_renderers[] = {&pyi_render_text, &pyi_render_json, NULL};

const struct pyi_renderer *pyi_renderer_find(const char *name)
{
	for (size_t i = 0; pyi_renderers[i]; i++)
		if (strcmp(pyi_renderers[i]->name, name) == 0)
			return pyi_renderers[i];
	return NULL;
}
